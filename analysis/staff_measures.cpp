#include "analysis/staff_measures.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace tl::staff {
namespace {

double value_at(const MeasureInput& in, std::size_t period, std::uint32_t row, StaffSum which) {
  return in.run.staff[(period * in.run.staff_count + row) * kStaffSums.size() + static_cast<std::size_t>(which)];
}
double value_at(const MeasureInput& in, std::size_t period, std::uint32_t row, StaffingSum which) {
  return in.run
      .staffing[(period * in.run.staffing_count + row) * kStaffingSums.size() + static_cast<std::size_t>(which)];
}

template <class Sum>
double sum_over(const MeasureInput& in, Sum which) {
  double sum = 0.0;
  for (std::size_t p = 0; p < in.periods.count; ++p)
    for (const std::uint32_t row : in.scope.rows) sum += value_at(in, in.periods.first + p, row, which);
  return sum;
}

template <class Sum>
double most_over(const MeasureInput& in, Sum which) {
  double most = 0.0;
  for (std::size_t p = 0; p < in.periods.count; ++p) {
    double sum = 0.0;
    for (const std::uint32_t row : in.scope.rows) sum += value_at(in, in.periods.first + p, row, which);
    most = std::max(most, sum);
  }
  return most;
}

std::string name_of_department(const Catalogue& words, const std::string& id) {
  const auto found = std::find(words.departments.begin(), words.departments.end(), id);
  const auto row = static_cast<std::size_t>(found - words.departments.begin());
  return row < words.department_names.size() ? words.department_names[row] : id;
}

bool has_any(const MeasureInput& in, double StaffWords::*most) {
  return std::any_of(in.scope.rows.begin(), in.scope.rows.end(),
                     [&](std::uint32_t row) { return !std::isnan(in.scenario.words.staff[row].*most); });
}

/// Hours worked in FTE-days of the kind.
double hours_of(const MeasureInput& in, StaffSum which) {
  double sum = 0.0;
  for (std::size_t p = 0; p < in.periods.count; ++p)
    for (const std::uint32_t row : in.scope.rows)
      sum += value_at(in, in.periods.first + p, row, which) * in.scenario.words.staff[row].worked_hours_a_day();
  return sum;
}

/// What the cost items of that kind of the role's pools came to; none where none of them says what they cost.
std::optional<double> dollars_of(const MeasureInput& in, std::string_view kind) {
  const Catalogue& words = in.scenario.words;
  std::optional<double> sum;
  for (const std::uint32_t row : in.scope.rows)
    for (std::size_t item = 0; item < words.costs.size(); ++item) {
      if (words.costs[item].kind != kind ||
          words.costs[item].id != "staff." + words.staff[row].id + '.' + words.costs[item].kind)
        continue;
      sum = sum.value_or(0.0);
      for (std::size_t p = 0; p < in.periods.count; ++p)
        *sum += in.run.costs[(in.periods.first + p) * in.run.cost_count + item];
    }
  return sum;
}

const StaffWords* pool_named(const Catalogue& words, const std::string& id) {
  for (const StaffWords& pool : words.staff)
    if (pool.id == id) return &pool;
  return nullptr;
}

}  // namespace

double total(const MeasureInput& in, StaffSum which) {
  return sum_over(in, which);
}
double most(const MeasureInput& in, StaffSum which) {
  return most_over(in, which);
}
double total(const MeasureInput& in, StaffingSum which) {
  return sum_over(in, which);
}
double most(const MeasureInput& in, StaffingSum which) {
  return most_over(in, which);
}
double days(const MeasureInput& in) {
  double sum = 0.0;
  for (std::size_t p = 0; p < in.periods.count; ++p) sum += in.scenario.words.period_days[in.periods.first + p];
  return sum;
}
std::optional<double> agency(const MeasureInput& in) {
  if (!has_any(in, &StaffWords::agency)) return std::nullopt;
  return total(in, StaffSum::agency_days) / days(in);
}
std::optional<double> agency_peak(const MeasureInput& in) {
  if (!has_any(in, &StaffWords::agency)) return std::nullopt;
  return most(in, StaffSum::peak_agency);
}
std::optional<double> agency_hours(const MeasureInput& in) {
  if (!has_any(in, &StaffWords::agency)) return std::nullopt;
  return hours_of(in, StaffSum::agency_days);
}
std::optional<double> agency_cost(const MeasureInput& in) {
  return dollars_of(in, "agency");
}
std::optional<double> overtime(const MeasureInput& in) {
  if (!has_any(in, &StaffWords::overtime)) return std::nullopt;
  return total(in, StaffSum::overtime_days) / days(in);
}
std::optional<double> overtime_peak(const MeasureInput& in) {
  if (!has_any(in, &StaffWords::overtime)) return std::nullopt;
  return most(in, StaffSum::peak_overtime);
}
std::optional<double> overtime_hours(const MeasureInput& in) {
  if (!has_any(in, &StaffWords::overtime)) return std::nullopt;
  return hours_of(in, StaffSum::overtime_days);
}
std::optional<double> overtime_cost(const MeasureInput& in) {
  return dollars_of(in, "overtime");
}
std::optional<double> teams_open(const MeasureInput& in) {
  if (!has_any(in, &StaffWords::team_of)) return std::nullopt;
  return total(in, StaffSum::teams_open_days) / days(in);
}
std::optional<double> forming(const MeasureInput& in) {
  if (!has_any(in, &StaffWords::team_of)) return std::nullopt;
  return total(in, StaffSum::forming_days) / days(in);
}
std::optional<double> team_openings(const MeasureInput& in) {
  if (!has_any(in, &StaffWords::team_of)) return std::nullopt;
  return total(in, StaffSum::team_openings);
}
std::optional<double> team_closings(const MeasureInput& in) {
  if (!has_any(in, &StaffWords::team_of)) return std::nullopt;
  return total(in, StaffSum::team_closings);
}
std::optional<double> bound_share(const MeasureInput& in) {
  return 100.0 * total(in, StaffingSum::bound_days) / days(in);
}

std::vector<ResultScope> roles_of(const Catalogue& words, std::optional<std::string_view> only) {
  std::vector<ResultScope> found;
  for (std::uint32_t row = 0; row < words.staff.size(); ++row) {
    const StaffWords& pool = words.staff[row];
    const bool has_department = !pool.department.empty() && pool.department != "none";
    const std::string subject = pool.role + (has_department ? ", " + pool.department : "");
    if (only && subject != *only) continue;
    const auto there =
        std::find_if(found.begin(), found.end(), [&](const ResultScope& scope) { return scope.subject == subject; });
    if (there != found.end()) {
      there->rows.push_back(row);
      continue;
    }
    const std::string name = pool.role + (has_department ? ", " + name_of_department(words, pool.department) : "");
    found.push_back({"role", subject, name, {row}, {}, {}});
  }
  return found;
}

std::vector<ResultScope> rows_of(const Catalogue& words, std::optional<std::string_view> only) {
  std::vector<ResultScope> found;
  for (std::uint32_t row = 0; row < words.staffing.size(); ++row) {
    const StaffingWords& staffing = words.staffing[row];
    if (only && staffing.id != *only) continue;
    const StaffWords* pool = pool_named(words, staffing.staff);
    std::string name = staffing.setting;
    for (const SettingWords& setting : words.settings)
      if (setting.id == staffing.setting && !setting.name.empty()) name = setting.name;
    found.push_back(
        {"staffing", staffing.id, name + ": " + (pool != nullptr ? pool->role : staffing.staff), {row}, {}, {}});
  }
  return found;
}

About about(const Catalogue& words, const ResultScope& scope) {
  if (scope.rows.empty()) return {};
  if (scope.kind == "role") {
    const StaffWords& pool = words.staff[scope.rows.front()];
    return {pool.role, pool.department, ""};
  }
  if (scope.kind != "staffing") return {};
  const StaffingWords& row = words.staffing[scope.rows.front()];
  const StaffWords* pool = pool_named(words, row.staff);
  if (pool == nullptr) return {"", "", row.setting};
  return {pool->role, pool->department, row.setting};
}

}  // namespace tl::staff
