#include "models/staff_report.hpp"

#include <algorithm>
#include <cmath>

#include "models/dated_numbers.hpp"
#include "models/staff_numbers.hpp"
#include "sim/roster.hpp"

namespace tl {
namespace {

constexpr double kMicros = static_cast<double>(kMicrosPerFte);

double mean_time_to_hire(const CompiledModel& model, const StaffPool& pool) {
  if (!pool.time_to_hire.exists()) return 0.0;
  const Distribution& length = model.distributions[model.cells[model.tables[pool.time_to_hire.index()].first_cell]];
  return mean(length, model.distributions, model.distribution_tables);
}

double number_at_start(const CompiledModel& model, TableId table) {
  return table.exists() ? model.numbers[model.cells[model.tables[table.index()].first_cell]] : 0.0;
}

/// The part of its vacancy that a post has spent longer than `after` vacant, by the quantiles of the time to hire.
double share_beyond(const CompiledModel& model, const StaffPool& pool, double after) {
  constexpr int kPoints = 2000;
  const Distribution& length = model.distributions[model.cells[model.tables[pool.time_to_hire.index()].first_cell]];
  double beyond = 0.0, whole = 0.0;
  for (int i = 0; i < kPoints; ++i) {
    const double days =
        std::max(0.0, quantile(length, model.distributions, model.distribution_tables, (i + 0.5) / kPoints, 0.5));
    whole += days;
    beyond += std::max(0.0, days - after);
  }
  return whole > 0.0 ? beyond / whole : 0.0;
}

/// Temporary people expected: as many as posts that have been vacant for long enough, but no more than may come. The
/// posts are taken to be vacant apart from each other.
double expected_agency(const CompiledModel& model, const StaffPool& pool, double fte, double vacant) {
  if (!pool.agency.exists() || !pool.time_to_hire.exists() || !(vacant > 0.0)) return 0.0;
  const double share = vacant * share_beyond(model, pool, pool.agency_after.days());
  const double most = number_at_start(model, pool.agency), posts = std::ceil(fte);
  if (most >= posts) return fte * share;
  double chance = std::pow(1.0 - share, posts), sum = 0.0;
  for (double old = 0.0; old <= posts; old += 1.0) {
    sum += chance * std::min(most, old);
    chance *= (posts - old) / (old + 1.0) * share / (1.0 - share);
  }
  return std::min(sum, fte * share);
}

/// Only what a roster reads, with the expected number in every post and nobody leaving.
CompiledModel at_rest(const Compiled& compiled, const std::vector<double>& there) {
  CompiledModel still;
  still.settings = compiled.model.settings;
  still.staff = compiled.model.staff;
  still.staffing = compiled.model.staffing;
  still.tables = compiled.model.tables;
  still.cells = compiled.model.cells;
  still.numbers = compiled.model.numbers;
  for (std::size_t p = 0; p < still.staff.size(); ++p) {
    still.staff[p].fte = std::llround(there[p] * kMicros);
    still.staff[p].overtime = still.staff[p].agency = TableId{};
    still.staff[p].turnover = CurveId{};
    still.staff[p].time_to_hire = TableId{};
    still.staff[p].vacant_at_start = 0.0;
    still.staff[p].vacancy_by_chance = false;
  }
  return still;
}

}  // namespace

StaffReport expected_staff(const Model& model, const Compiled& compiled) {
  StaffReport report;
  const double part = compiled.words.population_scale;
  std::vector<double> there;
  for (std::size_t p = 0; p < compiled.model.staff.size(); ++p) {
    const StaffPool& pool = compiled.model.staff[p];
    const double fte = compiled.words.staff[p].fte;
    const double rate = model.staff[p].turnover ? std::max(0.0, value_at(*model.staff[p].turnover, 0.0)) : 0.0;
    const double vacant = long_run_vacancy(rate, mean_time_to_hire(compiled.model, pool),
                                           static_cast<std::uint32_t>(std::ceil(fte)), pool.hires_at_once);
    const double employed = fte * (1.0 - vacant);
    const double agency = expected_agency(compiled.model, pool, fte, vacant);
    const double overtime = employed * number_at_start(compiled.model, pool.overtime);
    there.push_back(employed + agency + overtime);
    report.pools.push_back({fte, vacant, employed, agency, overtime});
  }
  if (compiled.model.staffing.empty()) return report;
  const CompiledModel still = at_rest(compiled, there);
  std::vector<std::int64_t> physical;
  for (const SettingWords& words : compiled.words.settings)
    physical.push_back(std::isfinite(words.capacity) ? static_cast<std::int64_t>(words.capacity) : kUnlimited);
  Roster roster;
  roster.reset(still, still.cells, {});
  roster.begin();
  roster.settle(physical, 0);
  roster.start_results(0);
  roster.end_period(kMicrosPerDay);
  ReplicationResult one_day;
  roster.finish(one_day);
  for (std::size_t r = 0; r < still.staffing.size(); ++r) {
    const auto sum = [&](StaffingSum which) {
      return one_day.staffing[r * kStaffingSums.size() + static_cast<std::size_t>(which)];
    };
    report.rows.push_back({sum(StaffingSum::needed_physical_days), sum(StaffingSum::assigned_days),
                           std::floor(compiled.words.settings[still.staffing[r].setting.index()].capacity) / part,
                           sum(StaffingSum::carried_days) / part, !still.staffing[r].hours.exists(),
                           still.staffing[r].limits});
  }
  return report;
}

double usable_capacity(const Compiled& compiled, const StaffReport& report, std::uint32_t setting) {
  double usable = compiled.words.settings[setting].capacity / compiled.words.population_scale;
  for (std::size_t r = 0; r < report.rows.size(); ++r)
    if (compiled.model.staffing[r].setting == SettingId{setting} && report.rows[r].limits && report.rows[r].always)
      usable = std::min(usable, report.rows[r].carried);
  return usable;
}

}  // namespace tl
