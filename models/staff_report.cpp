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

/// Only what a roster reads, with the expected number in every post and nobody leaving.
CompiledModel at_rest(const Compiled& compiled, const std::vector<double>& employed) {
  CompiledModel still;
  still.settings = compiled.model.settings;
  still.staff = compiled.model.staff;
  still.staffing = compiled.model.staffing;
  still.tables = compiled.model.tables;
  still.cells = compiled.model.cells;
  still.numbers = compiled.model.numbers;
  for (std::size_t p = 0; p < still.staff.size(); ++p) {
    still.staff[p].fte = std::llround(employed[p] * kMicros);
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
  std::vector<double> employed;
  for (std::size_t p = 0; p < compiled.model.staff.size(); ++p) {
    const StaffPool& pool = compiled.model.staff[p];
    const double fte = compiled.words.staff[p].fte;
    const double rate = model.staff[p].turnover ? std::max(0.0, value_at(*model.staff[p].turnover, 0.0)) : 0.0;
    const double vacant = long_run_vacancy(rate, mean_time_to_hire(compiled.model, pool),
                                           static_cast<std::uint32_t>(std::ceil(fte)), pool.hires_at_once);
    employed.push_back(fte * (1.0 - vacant));
    report.pools.push_back({fte, vacant, employed.back()});
  }
  if (compiled.model.staffing.empty()) return report;
  const CompiledModel still = at_rest(compiled, employed);
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
