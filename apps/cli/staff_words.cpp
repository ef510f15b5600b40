#include "apps/cli/staff_words.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "analysis/numbers.hpp"
#include "models/staff_numbers.hpp"
#include "models/units.hpp"

namespace tl {
namespace {

constexpr double kDaysPerYear = 365.25;

std::string rounded(double value) {
  return shown(value, shown_decimals(value, 0.0));
}
/// Two digits behind the point, and none where they would be zeros.
std::string fte(double value) {
  return exact(std::round(value * 100.0) / 100.0);
}
std::string percent(double share) {
  return exact(std::round(share * 1000.0) / 10.0) + "%";
}

std::string time_to_hire(const StaffSpec& staff) {
  if (!staff.time_to_hire) return "at once";
  const VaryingDistribution& length = *staff.time_to_hire;
  if (length.value) return shown_duration(length.value->base);
  if (length.mean) return "mean " + shown_duration(length.mean->base);
  if (length.median) return "median " + shown_duration(length.median->base);
  return "a distribution";
}

std::string target_of(const Model& model, const StaffingSpec& row) {
  return row.is_pool ? model.pools[row.target].id : model.settings[row.target].words.id;
}

}  // namespace

Grid staff_grid(const Model& model) {
  Grid grid;
  grid.columns = {{"staff", false},        {"role", false},      {"department", false}, {"FTE", true},
                  {"hours a week", true},  {"leave", true},      {"training", true},    {"turnover a year", true},
                  {"time to hire", false}, {"overtime", true},   {"agency FTE", true},  {"agency after", false},
                  {"kind", false},         {"source", false, 40}};
  for (const StaffSpec& staff : model.staff)
    grid.rows.push_back(
        {staff.id, staff.role, model.departments[staff.department], exact(staff.fte.base), exact(staff.hours_per_week),
         exact(staff.leave), exact(staff.training),
         staff.turnover ? exact(std::round(staff.turnover->base * kDaysPerYear * 1e6) / 1e6) : "", time_to_hire(staff),
         staff.overtime ? exact(staff.overtime->up_to.base) : "", staff.agency ? exact(staff.agency->up_to.base) : "",
         staff.agency ? shown_duration(staff.agency->after_days) : "", staff.provenance.kind, staff.provenance.source});
  return grid;
}

Grid staffing_grid(const Model& model) {
  Grid grid;
  grid.columns = {{"staffing", false},      {"setting", false}, {"staff", false},
                  {"clients", true},        {"posts", true},    {"hours a week", true},
                  {"FTE for a post", true}, {"kind", false},    {"source", false, 40}};
  for (const StaffingSpec& row : model.staffing)
    grid.rows.push_back({row.id, target_of(model, row), model.staff[row.staff].id, exact(row.clients.base),
                         row.posts ? exact(row.posts->base) : "", row.posts ? exact(hours_of_week(row.hours)) : "",
                         row.posts ? fte(relief_factor(model.staff[row.staff], row.hours)) : "", row.provenance.kind,
                         row.provenance.source});
  return grid;
}

std::string staff_text(const Compiled& compiled, const StaffReport& report) {
  if (report.pools.empty()) return "";
  Grid pools;
  pools.columns = {{"staff", false},        {"role", false},        {"department", false},
                   {"FTE in budget", true}, {"vacant share", true}, {"FTE employed", true}};
  const auto is_any = [&](double StaffWords::*most) {
    return std::any_of(compiled.words.staff.begin(), compiled.words.staff.end(),
                       [&](const StaffWords& words) { return !std::isnan(words.*most); });
  };
  const bool has_agency = is_any(&StaffWords::agency), has_overtime = is_any(&StaffWords::overtime);
  if (has_agency) pools.columns.push_back({"agency FTE", true});
  if (has_overtime) pools.columns.push_back({"overtime up to FTE", true});
  for (std::size_t p = 0; p < report.pools.size(); ++p) {
    const StaffWords& words = compiled.words.staff[p];
    pools.rows.push_back({words.id, words.role, words.department, fte(report.pools[p].fte),
                          percent(report.pools[p].vacant_share), fte(report.pools[p].employed)});
    if (has_agency) pools.rows.back().push_back(std::isnan(words.agency) ? "" : fte(report.pools[p].agency));
    if (has_overtime) pools.rows.back().push_back(std::isnan(words.overtime) ? "" : fte(report.pools[p].overtime));
  }
  std::string text =
      "\nStaff to be expected at the start of results, vacancies as in the long run:\n\n" + to_text(pools);
  if (report.rows.empty()) return text;
  Grid rows;
  rows.columns = {{"setting", false},    {"staff", false},     {"they carry", false},
                  {"FTE a post", true},  {"FTE needed", true}, {"FTE there", true},
                  {"beds, slots", true}, {"carried", true},    {"limited by", false}};
  for (std::size_t r = 0; r < report.rows.size(); ++r) {
    const StaffReport::Row& row = report.rows[r];
    const StaffingWords& words = compiled.words.staffing[r];
    const bool unlimited = std::isinf(row.physical);
    rows.rows.push_back({words.setting, words.staff, words.needs, words.relief > 0.0 ? fte(words.relief) : "",
                         unlimited ? "" : fte(row.needed), fte(row.assigned),
                         unlimited ? "unlimited" : rounded(row.physical),
                         unlimited && !row.limits ? "unlimited" : rounded(row.carried),
                         row.binds() ? "staff" : (unlimited ? "nothing" : "beds, slots")});
  }
  return text + "\nWhat that carries, if all of them are always there:\n\n" + to_text(rows);
}

nlohmann::ordered_json staff_json(const Compiled& compiled, const StaffReport& report) {
  nlohmann::ordered_json json;
  const auto number = [](double value) {
    return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
  };
  json["pools"] = nlohmann::ordered_json::array();
  for (std::size_t p = 0; p < report.pools.size(); ++p) {
    const StaffWords& words = compiled.words.staff[p];
    const StaffReport::Pool& pool = report.pools[p];
    json["pools"].push_back({{"staff", words.id},
                             {"role", words.role},
                             {"department", words.department},
                             {"fte", pool.fte},
                             {"vacant_share", pool.vacant_share},
                             {"fte_employed", pool.employed},
                             {"fte_agency", pool.agency},
                             {"fte_overtime", pool.overtime}});
  }
  json["rows"] = nlohmann::ordered_json::array();
  for (std::size_t r = 0; r < report.rows.size(); ++r) {
    const StaffingWords& words = compiled.words.staffing[r];
    const StaffReport::Row& row = report.rows[r];
    json["rows"].push_back(
        {{"staffing", words.id},
         {"setting", words.setting},
         {"staff", words.staff},
         {"needs", words.needs},
         {"relief", words.relief > 0.0 ? number(words.relief) : number(NAN)},
         {"fte_needed", number(std::isinf(row.physical) ? NAN : row.needed)},
         {"fte", row.assigned},
         {"physical", number(row.physical)},
         {"carried", number(row.carried)},
         {"limited_by", row.binds() ? "staff" : (std::isinf(row.physical) ? "nothing" : "capacity")}});
  }
  return json;
}

}  // namespace tl
