#include <algorithm>
#include <cmath>
#include <limits>

#include "models/calendar_dates.hpp"
#include "models/compile_builder.hpp"
#include "models/units.hpp"

// Policies: what a number is while one is open stands beside what it is otherwise, cell by cell.
namespace tl::compiling {
namespace {

constexpr double kNoThreshold = std::numeric_limits<double>::quiet_NaN();

/// How much more there is with than without, from the first instant on and whenever that changes.
std::vector<CapacityStep> differences(const std::vector<CapacityStep>& without, const std::vector<CapacityStep>& with) {
  std::vector<SimTime> times;
  for (const auto* steps : {&without, &with})
    for (const CapacityStep& step : *steps) times.push_back(step.at);
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  std::vector<CapacityStep> more;
  std::size_t a = 0, b = 0;
  for (const SimTime at : times) {
    while (a + 1 < without.size() && without[a + 1].at <= at) ++a;
    while (b + 1 < with.size() && with[b + 1].at <= at) ++b;
    const std::int64_t units = with[b].units - without[a].units;
    if (more.empty() || units != more.back().units) more.push_back({at, units});
  }
  return more;
}

const char* unit_of(PolicyMeasure measure) {
  switch (measure) {
    case PolicyMeasure::waiting:
    case PolicyMeasure::waiting_over:
      return "requests";
    case PolicyMeasure::occupancy:
      return "share";
    case PolicyMeasure::free_units:
      return "units";
    default:
      return "clients";
  }
}

}  // namespace

std::int64_t day_in(int year, DayOfYear of) {
  CivilDate date{year, of.month, of.day};
  while (!is_valid(date)) --date.day;  // the 29th of February
  return days_from_civil(date);
}

/// What the number is while the policy is open that is looked at.
const VaryingNumber& Builder::in_force(const VaryingNumber& number) const {
  if (number.switched.empty()) return number;
  switched_seen_.insert(number.path);
  const VaryingNumber* found = &number;
  for (const SwitchedNumber& one : number.switched) {
    policies_seen_.insert(one.policy);
    if (policy_ == one.policy) found = &one.number;
  }
  return *found;
}

/// The cells of one table as policies have them: those that differ are switched.
void Builder::switch_cells(std::uint32_t first_cell, const std::vector<std::uint32_t>& policies,
                           const std::vector<std::vector<std::uint32_t>>& cells, const Epochs& epochs,
                           const Owner& owner) {
  const std::size_t count = epochs.size();
  for (std::uint32_t cell = 0; cell < cells[0].size(); ++cell) {
    std::optional<std::uint32_t> by;
    for (std::size_t i = 0; i < policies.size(); ++i) {
      const std::size_t first = count * (i + 1);
      bool differs = false;
      for (std::size_t e = 0; e < count; ++e) differs = differs || cells[first + e][cell] != cells[e][cell];
      if (!differs) continue;
      if (by) {
        refuse_twice(owner, *by, policies[i]);
        return;
      }
      by = policies[i];
      std::vector<PolicyCell>& list = policy_cells_[policies[i]];
      const auto index = static_cast<std::uint32_t>(list.size());
      list.push_back({first_cell + cell, cells[0][cell], cells[first][cell]});
      switched_cells_.insert(first_cell + cell);
      for (std::size_t e = 1; e < count; ++e) {
        if (cells[e][cell] != cells[e - 1][cell])
          policy_patches_.push_back({instant(epochs[e]), PatchKind::policy_off, policies[i], index, cells[e][cell]});
        if (cells[first + e][cell] != cells[first + e - 1][cell])
          policy_patches_.push_back(
              {instant(epochs[e]), PatchKind::policy_on, policies[i], index, cells[first + e][cell]});
      }
    }
  }
}

void Builder::refuse_twice(const Owner& owner, std::uint32_t a, std::uint32_t b) {
  problem(owner, code("policy-twice"),
          "is changed by the policies " + model_.policies[a].id + " and " + model_.policies[b].id,
          "one number has one value; only capacities may be changed by several policies, which all add to them",
          "Let both add to a capacity, or make one policy of them");
}

/// Whether a policy may act on something that is worked out once: told where it does.
void Builder::refuse_switched(const VaryingNumber& number) {
  if (number.switched.empty()) return;
  switched_seen_.insert(number.path);
  problem({number.path, number.at}, code("policy-unswitched"),
          "is changed by the policy " + model_.policies[number.switched.front().policy].id,
          "it is one number for the whole run", "Let the policy change something else");
}

/// Whether policies act on a number to which each of several must add. @returns false where none does, or they fight
bool Builder::may_switch_all(const VaryingNumber& number) {
  if (number.switched.empty()) return false;
  switched_seen_.insert(number.path);
  const bool all_add = std::all_of(number.switched.begin(), number.switched.end(),
                                   [](const SwitchedNumber& one) { return one.only_adds; });
  if (number.switched.size() == 1 || all_add) return true;
  refuse_twice({number.path, number.at}, number.switched[0].policy, number.switched[1].policy);
  return false;
}

/// Units more (or fewer) while a policy is open, over time.
void Builder::switch_capacity(const VaryingNumber& number, const std::vector<HoursShare>& hours, std::uint32_t setting,
                              const std::vector<CapacityStep>& without) {
  if (!may_switch_all(number)) return;
  for (const SwitchedNumber& one : number.switched) {
    const std::vector<CapacityStep> with = open_steps(one.number, hours);
    const auto is_unlimited = [](const CapacityStep& step) { return step.units == kUnlimited; };
    if (std::any_of(without.begin(), without.end(), is_unlimited) ||
        std::any_of(with.begin(), with.end(), is_unlimited)) {
      problem({number.path, number.at}, code("policy-unswitched"), "is unlimited at one time and not at another",
              "a policy adds units or takes them away", "Give it a number");
      return;
    }
    const auto index = static_cast<std::uint32_t>(policy_units_[one.policy].size());
    const std::vector<CapacityStep> more = differences(without, with);
    policy_units_[one.policy].push_back({SettingId{setting}, more.front().units});
    for (std::size_t i = 1; i < more.size(); ++i)
      policy_patches_.push_back({more[i].at, PatchKind::policy_units, one.policy, index, more[i].units});
  }
}

/// FTE more (or fewer) while a policy is open, over time.
void Builder::switch_staff(const StaffSpec& spec, std::uint32_t row, const std::vector<CapacityStep>& without) {
  if (!may_switch_all(spec.fte)) return;
  for (const SwitchedNumber& one : spec.fte.switched) {
    const auto index = static_cast<std::uint32_t>(policy_staff_[one.policy].size());
    const std::vector<CapacityStep> more = differences(without, staff_steps(one.number));
    policy_staff_[one.policy].push_back({row, more.front().units});
    for (std::size_t i = 1; i < more.size(); ++i)
      policy_patches_.push_back({more[i].at, PatchKind::policy_staff, one.policy, index, more[i].units});
  }
}

std::string Builder::rule_in_words(const PolicySpec& spec) const {
  const auto value = [&](double threshold) {
    return spec.measure == PolicyMeasure::occupancy ? shown(threshold * 100.0) + "%" : shown(threshold);
  };
  const auto trigger = [&](const PolicyTriggerSpec& one) {
    return std::string{one.over ? "over " : "under "} + value(one.threshold) +
           (one.hold_days > 0.0 ? " for " + shown_duration(one.hold_days) : "");
  };
  std::string text;
  if (spec.opens) text = "opens when " + measure_in_words(spec) + " is " + trigger(*spec.opens);
  if (spec.opens) text += spec.closes ? ", closes when it is " + trigger(*spec.closes) : ", and stays open";
  if (spec.opens) text += "; looks every " + shown_duration(spec.review_days);
  if (spec.opens && spec.lead_days > 0.0) text += "; takes " + shown_duration(spec.lead_days) + " to open";
  if (spec.opens && spec.closing_days > 0.0) text += "; takes " + shown_duration(spec.closing_days) + " to close";
  if (!spec.season) return text;
  const auto day = [](DayOfYear of) { return iso_date({2000, of.month, of.day}).substr(5); };
  return (text.empty() ? "open" : text + "; only") + " from " + day(spec.season->first) + " to " +
         day(spec.season->second);
}

std::string Builder::measure_in_words(const PolicySpec& spec) const {
  std::string of;
  for (const std::uint32_t row : spec.settings) {
    const std::string& id =
        row < model_.settings.size() ? model_.settings[row].words.id : model_.pools[row - model_.settings.size()].id;
    of += (of.empty() ? "" : " + ") + id;
  }
  switch (*spec.measure) {
    case PolicyMeasure::waiting:
      return "waiting for " + of;
    case PolicyMeasure::waiting_over:
      return "waiting over " + shown_duration(spec.waited_days) + " for " + of;
    case PolicyMeasure::boarding:
      return "boarding in " + of;
    case PolicyMeasure::census:
      return "clients in " + of;
    case PolicyMeasure::occupancy:
      return "occupancy of " + of;
    default:
      return "free units of " + of;
  }
}

/// Its seasons within the run, warm-up included.
void Builder::seasons(const PolicySpec& spec, PolicyRule& rule) {
  rule.is_seasonal = true;
  rule.first_season = static_cast<std::uint32_t>(out_.policies.seasons.size());
  const auto [from, to] = *spec.season;
  const std::int64_t start = days_from_civil({model_.start_year, model_.start_month, model_.start_day});
  const bool over_new_year = to.month < from.month || (to.month == from.month && to.day < from.day);
  const int first_year = civil_from_days(start + static_cast<std::int64_t>(std::floor(start_day()))).year - 1;
  const int last_year = civil_from_days(start + static_cast<std::int64_t>(std::ceil(model_.horizon_days))).year;
  for (int year = first_year; year <= last_year; ++year) {
    const std::int64_t first = day_in(year, from) - start, last = day_in(over_new_year ? year + 1 : year, to) - start;
    const SimTime begins = instant(static_cast<double>(first)), ends = instant(static_cast<double>(last + 1));
    if (ends <= SimTime{} || begins > out_.end) continue;
    out_.policies.seasons.push_back({std::max(begins, SimTime{}), ends});
    ++rule.season_count;
  }
}

PolicyRule Builder::policy_rule(const PolicySpec& spec) {
  PolicyRule rule;
  rule.measure = spec.measure.value_or(PolicyMeasure::waiting);
  rule.first_setting = static_cast<std::uint32_t>(out_.policies.settings.size());
  rule.setting_count = static_cast<std::uint32_t>(spec.settings.size());
  for (const std::uint32_t row : spec.settings) out_.policies.settings.push_back(SettingId{row});
  rule.waited = SimTime::from_days(spec.waited_days);
  const auto trigger = [](const PolicyTriggerSpec& one) {
    return PolicyTrigger{one.over, one.threshold, SimTime::from_days(one.hold_days)};
  };
  rule.has_trigger = spec.opens.has_value();
  rule.ends = spec.closes.has_value();
  if (spec.opens) rule.opens = trigger(*spec.opens);
  if (spec.closes) rule.closes = trigger(*spec.closes);
  rule.review = SimTime::from_days(spec.review_days);
  // reviews fall on the start of results, and into the warm-up before it
  rule.first_review = spec.opens ? SimTime::from_micros(out_.start.micros() % rule.review.micros()) : SimTime::never();
  rule.lead = SimTime::from_days(spec.lead_days);
  rule.closing_lead = SimTime::from_days(spec.closing_days);
  if (spec.season) seasons(spec, rule);
  return rule;
}

/// Policies that are off stand in no result.
void Builder::policies() {
  PolicyPart& part = out_.policies;
  std::vector<std::uint32_t> row_of(model_.policies.size(), 0);
  std::vector<std::uint32_t> cells_from(model_.policies.size(), 0), units_from(model_.policies.size(), 0),
      staff_from(model_.policies.size(), 0);
  for (std::uint32_t p = 0; p < model_.policies.size(); ++p) {
    const PolicySpec& spec = model_.policies[p];
    if (!spec.is_on) continue;
    PolicyRule rule = policy_rule(spec);
    rule.first_cell = cells_from[p] = static_cast<std::uint32_t>(part.cells.size());
    rule.cell_count = static_cast<std::uint32_t>(policy_cells_[p].size());
    part.cells.insert(part.cells.end(), policy_cells_[p].begin(), policy_cells_[p].end());
    for (const PolicyCell& cell : policy_cells_[p])
      for (const EventType& event : out_.events) {
        const StateTable& table = out_.tables[event.hazard.index()];
        rule.changes_rates =
            rule.changes_rates || (cell.cell >= table.first_cell && cell.cell < table.first_cell + table.cell_count);
      }
    rule.first_units = units_from[p] = static_cast<std::uint32_t>(part.units.size());
    rule.units_count = static_cast<std::uint32_t>(policy_units_[p].size());
    part.units.insert(part.units.end(), policy_units_[p].begin(), policy_units_[p].end());
    rule.first_stream = static_cast<std::uint32_t>(part.streams.size());
    rule.stream_count = static_cast<std::uint32_t>(policy_streams_[p].size());
    part.streams.insert(part.streams.end(), policy_streams_[p].begin(), policy_streams_[p].end());
    rule.first_staff = staff_from[p] = static_cast<std::uint32_t>(part.staff.size());
    rule.staff_count = static_cast<std::uint32_t>(policy_staff_[p].size());
    part.staff.insert(part.staff.end(), policy_staff_[p].begin(), policy_staff_[p].end());
    part.rules.push_back(rule);
    PolicyWords words;
    words.id = spec.id;
    words.name = spec.name;
    words.about = spec.about;
    words.rule = rule_in_words(spec);
    if (spec.measure) words.measure = measure_in_words(spec);
    if (spec.measure) words.unit = unit_of(*spec.measure);
    const double scale = spec.measure == PolicyMeasure::occupancy ? 1.0 : model_.population_scale;
    words.opens = spec.opens ? spec.opens->threshold / scale : kNoThreshold;
    words.closes = spec.closes ? spec.closes->threshold / scale : kNoThreshold;
    for (const std::string& change : spec.changes) words.changes += (words.changes.empty() ? "" : "; ") + change;
    words_.policies.push_back(std::move(words));
  }
  for (const PolicyPatch& patch : policy_patches_) {
    const std::vector<std::uint32_t>& from = patch.kind == PatchKind::policy_units   ? units_from
                                             : patch.kind == PatchKind::policy_staff ? staff_from
                                                                                     : cells_from;
    add_patch(patch.at, patch.kind, from[patch.policy] + patch.index, patch.value);
  }
  for (const auto& [path, policy] : model_.switched)
    if (!switched_seen_.contains(path)) {
      const PolicySpec& spec = model_.policies[policy];
      problem({path, spec.at}, code("policy-unswitched"), "is changed by the policy " + spec.id,
              "it is one number for the whole run", "Let the policy change something else");
    }
}

void Builder::time_to_start(std::uint32_t row) {
  const SettingSpec& spec = model_.settings[row];
  if (!spec.time_to_start || !spec.capacity) return;
  if (!spec.capacity_hours.empty()) {
    problem({"settings." + spec.words.id + ".time_to_start", spec.at}, code("start-hours"),
            "stands beside capacity_hours", "every morning's opening would be an increase that takes time to start",
            "Leave one of them out, or make two settings of it");
    return;
  }
  out_.policies.start_delays.push_back({SettingId{row}, fixed_distribution(*spec.time_to_start)});
}

}  // namespace tl::compiling
