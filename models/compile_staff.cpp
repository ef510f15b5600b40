#include <algorithm>
#include <cmath>
#include <limits>

#include "models/compile_builder.hpp"
#include "models/staff_numbers.hpp"

// Staff: budgets as dated numbers of posts, the rate of leaving along its integral, rows in the order in which they
// take.
namespace tl::compiling {
namespace {

constexpr double kLeastClients = 1e-9;
constexpr double kMostClients = 1e9;
constexpr double kMostFte = 1e6;

std::int64_t micro_fte(double fte) {
  return static_cast<std::int64_t>(std::llround(std::max(fte, 0.0) * static_cast<double>(kMicrosPerFte)));
}

std::string hours_text(const StaffingSpec& row) {
  return row.hours.empty() ? "24/7" : shown(hours_of_week(row.hours)) + " h a week";
}

}  // namespace

/// Millionths of an FTE from the run's start on. Steps; or along a line from whole number to whole number.
std::vector<CapacityStep> Builder::staff_steps(const VaryingNumber& fte) {
  Epochs epochs;
  add_changes(fte, epochs);
  finish(epochs);
  std::vector<CapacityStep> steps{{SimTime{}, micro_fte(dated_at(fte, start_day()))}};
  const auto change = [&](double days, double value) {
    if (const std::int64_t now = micro_fte(value); now != steps.back().units) steps.push_back({instant(days), now});
  };
  epochs.push_back(model_.horizon_days);
  for (std::size_t i = 0; i + 1 < epochs.size() && sound_; ++i) {
    const double from = dated_at(fte, epochs[i]);
    if (i > 0) change(epochs[i], from);
    if (!fte.linear || fte.dated.empty()) continue;
    const double to = dated_at(fte, epochs[i + 1]), length = epochs[i + 1] - epochs[i];
    const auto at = [&](double whole) { return epochs[i] + length * (whole - from) / (to - from); };
    for (double whole = std::floor(from) + 1.0; whole < to; whole += 1.0) change(at(whole), whole);
    for (double whole = std::ceil(from) - 1.0; whole > to; whole -= 1.0) change(at(whole), whole);
  }
  return steps;
}

void Builder::staff_budget(const StaffSpec& spec, std::uint32_t row) {
  const std::vector<CapacityStep> steps = staff_steps(spec.fte);
  for (std::size_t i = 1; i < steps.size(); ++i) add_patch(steps[i].at, PatchKind::staff_budget, row, steps[i].units);
  switch_staff(spec, row, steps);
}

void Builder::staff_turnover(const StaffSpec& spec, StaffPool& made) {
  double mean_days = 0.0;
  if (spec.time_to_hire) {
    const Owner owner{spec.time_to_hire->path, spec.at};
    std::vector<const Condition*> conditions;
    add_conditions(*spec.time_to_hire, conditions);
    if (!conditions.empty()) {
      problem(owner, code("varies-here"), "varies by condition", "it is about posts, not about clients",
              "Use two staff pools");
      return;
    }
    made.time_to_hire = distribution_table(*spec.time_to_hire, {});
    const StateTable& table = out_.tables[made.time_to_hire.index()];
    mean_days = mean(out_.distributions[out_.cells[table.first_cell]], out_.distributions, out_.distribution_tables);
  }
  if (!spec.turnover) {
    made.vacant_at_start = spec.vacant_at_start.value_or(0.0);
    return;
  }
  made.turnover = factor_curve(*spec.turnover, 1.0);
  made.vacancy_by_chance = !spec.vacant_at_start.has_value();
  const auto posts = static_cast<std::uint32_t>(std::ceil(static_cast<double>(made.fte) / kMicrosPerFte));
  const double rate = std::max(dated_at(*spec.turnover, start_day()), 0.0);
  made.vacant_at_start = spec.vacant_at_start.value_or(long_run_vacancy(rate, mean_days, posts, made.hires_at_once));
}

/// Its rows: those named in the order first, then as in the file.
void Builder::staffing(std::uint32_t pool) {
  const StaffSpec& spec = model_.staff[pool];
  std::vector<const StaffingSpec*> rows;
  for (const StaffingSpec& row : model_.staffing)
    if (row.staff == pool) rows.push_back(&row);
  const auto id_of_target = [&](const StaffingSpec& row) {
    return row.is_pool ? model_.pools[row.target].id : model_.settings[row.target].words.id;
  };
  const auto rank = [&](const StaffingSpec* row) {
    return std::find(spec.order.begin(), spec.order.end(), id_of_target(*row)) - spec.order.begin();
  };
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const StaffingSpec* a, const StaffingSpec* b) { return rank(a) < rank(b); });
  out_.staff[pool].first_row = static_cast<std::uint32_t>(out_.staffing.size());
  out_.staff[pool].row_count = static_cast<std::uint32_t>(rows.size());
  for (const StaffingSpec* row : rows) {
    StaffingRow made;
    made.staff = pool;
    const auto first_pool = static_cast<std::uint32_t>(model_.settings.size());
    made.setting = SettingId{row->is_pool ? first_pool + row->target : row->target};
    made.clients = number_table(row->clients, {}, kLeastClients, kMostClients);
    StaffingWords words{row->id,
                        spec.id,
                        id_of_target(*row),
                        shown(row->clients.base) + " clients per FTE",
                        0.0,
                        row->limits ? 1.0 : 0.0};
    if (row->posts) {
      made.posts = number_table(*row->posts, {}, kLeastClients, kMostClients);
      made.relief = words.relief = relief_factor(spec, row->hours);
      if (!row->hours.empty()) made.hours = calendar(row->hours);
      words.needs = shown(row->posts->base) + (row->posts->base == 1.0 ? " post" : " posts") + " for each " +
                    shown(row->clients.base) + " clients, " + hours_text(*row);
    }
    made.standard_clients = row->standard_clients;
    made.limits = row->limits;
    out_.staffing.push_back(made);
    words_.staffing.push_back(std::move(words));
  }
}

void Builder::staff() {
  for (std::uint32_t row = 0; row < model_.staff.size(); ++row) {
    const StaffSpec& spec = model_.staff[row];
    StaffPool made;
    made.draw_id = id_of("staff." + spec.id);
    made.department = spec.department;
    made.fte = micro_fte(dated_at(spec.fte, start_day()));
    made.hires_at_once = spec.hires_at_once;
    made.share = spec.share;
    staff_turnover(spec, made);
    if (spec.overtime) made.overtime = number_table(spec.overtime->up_to, {}, 0.0, 1.0);
    if (spec.agency) made.agency = number_table(spec.agency->up_to, {}, 0.0, kMostFte);
    if (spec.team) {
      made.team_of = spec.team->of;
      made.team_opens_at = spec.team->opens_at;
      made.team_closes_under = spec.team->closes_under;
    }
    if (spec.agency) made.agency_after = SimTime::from_days(spec.agency->after_days);
    out_.staff.push_back(made);
    staff_budget(spec, row);
    words_.staff.push_back({spec.id, spec.name.empty() ? spec.id : spec.name, spec.role,
                            spec.department < model_.departments.size() ? model_.departments[spec.department] : "",
                            dated_at(spec.fte, 0.0), spec.hours_per_week, spec.leave, spec.training,
                            spec.overtime ? dated_at(spec.overtime->up_to, 0.0) : kNotThere,
                            spec.agency ? dated_at(spec.agency->up_to, 0.0) : kNotThere,
                            spec.team ? static_cast<double>(spec.team->of) : kNotThere});
  }
  for (std::uint32_t row = 0; row < model_.staff.size(); ++row) staffing(row);
}

}  // namespace tl::compiling
