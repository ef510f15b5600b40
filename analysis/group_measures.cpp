#include "analysis/group_measures.hpp"

#include <algorithm>
#include <array>

#include "sim/expects.hpp"

namespace tl {
namespace {

constexpr double kDaysPerYear = 365.25;

/// About units, or causes that are the setting's: not kept by group. Lengths of stays are kept as sums only.
constexpr std::array<std::string_view, 14> kNotByGroup{"capacity_mean",
                                                       "occupancy",
                                                       "time_full",
                                                       "stay_p50",
                                                       "stay_p90",
                                                       "reserved_mean",
                                                       "turnaround_mean",
                                                       "held_mean",
                                                       "waiting_closed_days",
                                                       "waiting_policy_days",
                                                       "waiting_staff_days",
                                                       "waiting_turnaround_days",
                                                       "waiting_held_days",
                                                       "waiting_no_place_days"};
/// How many there are: divided by how many there are, they say nothing.
constexpr std::array<std::string_view, 4> kSizes{"present_mean", "present_at_end", "arrived", "arrivals_per_year"};
/// Numbers of clients at a time.
constexpr std::array<std::string_view, 7> kAtATime{"census_mean",     "census_at_end", "queue_mean",
                                                   "waiting_at_end",  "boarding_mean", "observed_census",
                                                   "observed_waiting"};
/// Units of what is counted of clients; other measures (money, staff) are not by group.
constexpr std::array<std::string_view, 15> kOfClients{
    "days",   "%",     "clients",     "client-days", "clients/year", "moves",      "moves/year",   "claims",
    "events", "times", "events/year", "times/year",  "requests",     "stays/year", "requests/year"};

template <class Names>
bool has(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

double sum(const ReplicationResult& run, std::size_t period, std::uint32_t row, SettingSum which) {
  return run.sum(period, row, which);
}
double of_model(const ReplicationResult& run, std::size_t period, ModelSum which) {
  return run.model[period * kModelSums.size() + static_cast<std::size_t>(which)];
}
double of_milestone(const ReplicationResult& run, std::size_t period, std::uint32_t row, MilestoneSum which) {
  return run.milestones[(period * run.milestone_count + row) * kMilestoneSums.size() + static_cast<std::size_t>(which)];
}
bool has_standard(const ScenarioResults& scenario, std::uint32_t row) {
  return scenario.terms.standard_days[row] > 0.0;
}
bool has_window(const ScenarioResults& scenario, std::uint32_t row) {
  return scenario.terms.return_days[row] > 0.0;
}

using In = const ScenarioResults&;
using Run = const ReplicationResult&;

template <SettingSum which>
double flow(In, Run run, std::size_t period, std::uint32_t row) {
  return sum(run, period, row, which);
}
template <SettingSum which>
double level(In scenario, Run run, std::size_t period, std::uint32_t row) {
  return sum(run, period, row, which) / scenario.words.period_days[period];
}
template <ModelSum which>
double model_flow(In, Run run, std::size_t period, std::uint32_t) {
  return of_model(run, period, which);
}
double present(In scenario, Run run, std::size_t period, std::uint32_t) {
  return of_model(run, period, ModelSum::present_days) / scenario.words.period_days[period];
}
double within(In scenario, Run run, std::size_t period, std::uint32_t row) {
  return has_standard(scenario, row) ? sum(run, period, row, SettingSum::waits_within_standard) : 0.0;
}
double judged(In scenario, Run run, std::size_t period, std::uint32_t row) {
  return has_standard(scenario, row) ? sum(run, period, row, SettingSum::waits) : 0.0;
}
double beyond(In scenario, Run run, std::size_t period, std::uint32_t row) {
  return judged(scenario, run, period, row) - within(scenario, run, period, row);
}
double returned(In scenario, Run run, std::size_t period, std::uint32_t row) {
  return has_window(scenario, row) ? sum(run, period, row, SettingSum::returns) : 0.0;
}
double first_timers(In scenario, Run run, std::size_t period, std::uint32_t row) {
  return has_window(scenario, row)
             ? sum(run, period, row, SettingSum::admissions) - returned(scenario, run, period, row)
             : 0.0;
}
double reason(In, Run run, std::size_t period, std::uint32_t row) {
  return run.reasons[period * run.reason_count + row];
}
double event(In, Run run, std::size_t period, std::uint32_t row) {
  return run.events[period * run.event_count + row];
}
double outcome(In, Run run, std::size_t period, std::uint32_t row) {
  return run.outcomes[period * run.outcome_count + row];
}
template <MilestoneSum which>
double milestone(In, Run run, std::size_t period, std::uint32_t row) {
  return of_milestone(run, period, row, which);
}
double milestone_late(In, Run run, std::size_t period, std::uint32_t row) {
  return of_milestone(run, period, row, MilestoneSum::reached) -
         of_milestone(run, period, row, MilestoneSum::within_standard);
}
/// The period is the instant.
double observed_there(In, Run run, std::size_t instant, std::uint32_t row) {
  return run.observed_census[instant * run.setting_count + row];
}
double observed_waiting(In, Run run, std::size_t instant, std::uint32_t row) {
  return run.observed_waiting[instant * run.setting_count + row];
}

using S = SettingSum;
using M = MilestoneSum;
constexpr std::array kCounts{
    CountKind{"admissions", Over::settings, true, false, flow<S::admissions>},
    CountKind{"departures", Over::settings, true, false, flow<S::departures>},
    CountKind{"requests", Over::settings, true, false, flow<S::requests>},
    CountKind{"refused", Over::settings, true, false, flow<S::refused>},
    CountKind{"reneged", Over::settings, true, false, flow<S::reneged>},
    CountKind{"lost", Over::settings, true, false, flow<S::lost>},
    CountKind{"waits", Over::settings, true, false, flow<S::waits>},
    CountKind{"judged", Over::settings, true, false, judged},
    CountKind{"within", Over::settings, true, false, within},
    CountKind{"beyond", Over::settings, true, false, beyond},
    CountKind{"returned", Over::settings, true, false, returned},
    CountKind{"first_timers", Over::settings, true, false, first_timers},
    CountKind{"stays", Over::settings, true, false, flow<S::stays>},
    CountKind{"stays_ended", Over::settings, true, false, flow<S::stays_ended>},
    CountKind{"preempted", Over::settings, true, false, flow<S::preempted>},
    CountKind{"claims_lapsed", Over::settings, true, false, flow<S::claims_lapsed>},
    CountKind{"swaps", Over::settings, true, false, flow<S::swaps>},
    CountKind{"there", Over::settings, true, true, level<S::census_days>},
    CountKind{"there_at_end", Over::settings, true, true, flow<S::census_at_end>},
    CountKind{"waiting", Over::settings, true, true, level<S::waiting_days>},
    CountKind{"waiting_at_end", Over::settings, true, true, flow<S::waiting_at_end>},
    CountKind{"boarding", Over::settings, true, true, level<S::boarding_days>},
    CountKind{"over_level", Over::settings, true, true, level<S::over_level_days>},
    CountKind{"delayed", Over::settings, true, true, level<S::discharge_delay_days>},
    CountKind{"above_need", Over::settings, true, true, level<S::above_need_days>},
    CountKind{"below_need", Over::settings, true, true, level<S::below_need_days>},
    CountKind{"in_handoff", Over::settings, true, true, level<S::waiting_in_handoff_days>},
    CountKind{"for_assessment", Over::settings, true, true, level<S::waiting_for_assessment_days>},
    CountKind{"away", Over::settings, true, true, level<S::waiting_away_days>},
    CountKind{"observed_there", Over::instant, true, true, observed_there},
    CountKind{"observed_waiting", Over::instant, true, true, observed_waiting},
    CountKind{"present", Over::model, false, true, present},
    CountKind{"present_at_end", Over::model, false, true, model_flow<ModelSum::present_at_end>},
    CountKind{"arrived", Over::model, false, false, model_flow<ModelSum::arrived>},
    CountKind{"left", Over::model, false, false, model_flow<ModelSum::left>},
    CountKind{"transfers", Over::model, false, false, model_flow<ModelSum::transfers>},
    CountKind{"reason", Over::reason, true, false, reason},
    CountKind{"event", Over::event, true, false, event},
    CountKind{"outcome", Over::outcome, true, false, outcome},
    CountKind{"started", Over::milestone, true, false, milestone<M::started>},
    CountKind{"reached", Over::milestone, true, false, milestone<M::reached>},
    CountKind{"reached_in_time", Over::milestone, true, false, milestone<M::within_standard>},
    CountKind{"reached_late", Over::milestone, true, false, milestone_late},
};

/// Counts that are tied by what always holds (who came and went, how requests end) go together: from the others the
/// one that is missing would follow.
struct Behind {
  std::string_view measure;
  std::array<std::string_view, 4> counts;
};
constexpr auto kBehind = std::to_array<Behind>({
    {"census_mean", {"there"}},
    {"census_at_end", {"there_at_end", "there"}},
    {"queue_mean", {"waiting"}},
    {"waiting_at_end", {"waiting_at_end", "waiting"}},
    {"wait_mean", {"waits"}},
    {"wait_p50", {"waits"}},
    {"wait_p90", {"waits"}},
    {"wait_within_standard", {"judged", "within", "beyond", "waits"}},
    {"stay_mean", {"stays"}},
    {"stay_drawn_mean", {"stays_ended"}},
    {"boarding_mean", {"boarding"}},
    {"boarding_days", {"boarding"}},
    {"over_level_days", {"over_level"}},
    {"discharge_delay_days", {"delayed"}},
    {"claims_lapsed", {"claims_lapsed"}},
    {"preempted", {"preempted"}},
    {"swaps", {"swaps"}},
    {"above_need_days", {"above_need"}},
    {"below_need_days", {"below_need"}},
    {"waiting_days", {"waiting"}},
    {"waiting_in_handoff_days", {"in_handoff"}},
    {"waiting_for_assessment_days", {"for_assessment"}},
    {"waiting_away_days", {"away"}},
    {"client_days", {"there"}},
    {"admissions", {"admissions", "departures"}},
    {"admissions_per_year", {"admissions", "departures"}},
    {"throughput", {"departures", "admissions"}},
    {"returns_share", {"returned", "first_timers", "admissions", "departures"}},
    {"requests", {"requests", "refused", "reneged", "lost"}},
    {"refusals", {"refused"}},
    {"reneges", {"reneged"}},
    {"lost_in_handoff", {"lost"}},
    {"observed_census", {"observed_there"}},
    {"observed_waiting", {"observed_waiting"}},
    {"arrived", {"arrived", "left"}},
    {"arrivals_per_year", {"arrived", "left"}},
    {"left", {"left", "arrived"}},
    {"present_mean", {"present"}},
    {"present_at_end", {"present_at_end", "present"}},
    {"transfers_per_year", {"transfers"}},
    {"exits", {"reason"}},
    {"exits_per_year", {"reason"}},
    {"exits_share", {"reason", "left", "arrived"}},
    {"event_count", {"event"}},
    {"events_per_year", {"event"}},
    {"outcome_count", {"outcome"}},
    {"outcomes_per_year", {"outcome"}},
    {"milestone_started", {"started"}},
    {"milestone_reached", {"reached"}},
    {"milestone_mean", {"reached"}},
    {"milestone_p50", {"reached"}},
    {"milestone_p90", {"reached"}},
    {"milestone_within_standard", {"reached", "reached_in_time", "reached_late"}},
});
const Behind* find_behind(std::string_view measure) {
  for (const Behind& behind : kBehind)
    if (behind.measure == measure) return &behind;
  return nullptr;
}

/// Years lived in the system by the group's people, in these periods.
double person_years(const MeasureInput& input) {
  double days = 0.0;
  for (std::size_t p = 0; p < input.periods.count; ++p)
    days += of_model(input.run, input.periods.first + p, ModelSum::present_days);
  return days / kDaysPerYear;
}
double length_in_years(const MeasureInput& input) {
  double days = 0.0;
  for (std::size_t p = 0; p < input.periods.count; ++p)
    days += input.scenario.words.period_days[input.periods.first + p];
  return days / kDaysPerYear;
}

/// The group's people when the measure looks: on average, at the end, at the instant.
double people(const Measure& measure, const MeasureInput& input) {
  if (measure.over == Over::instant) {
    double all = 0.0;
    const auto& settings = input.scenario.words.settings;
    for (std::uint32_t row = 0; row < settings.size(); ++row)
      if (settings[row].kind == "place" || settings[row].kind == "line")
        all += observed_there(input.scenario, input.run, input.periods.first, row);
    return all;
  }
  if (measure.name.ends_with("_at_end") && input.periods.count > 0)
    return of_model(input.run, input.periods.first + input.periods.count - 1, ModelSum::present_at_end);
  const double years = length_in_years(input);
  return years > 0.0 ? person_years(input) / years : 0.0;
}

}  // namespace

GroupUse group_use(const Measure& measure) {
  if (has(kNotByGroup, measure.name) || !has(kOfClients, measure.unit) || find_behind(measure.name) == nullptr)
    return GroupUse::none;
  if (has(kSizes, measure.name)) return GroupUse::counted;
  if (has(kAtATime, measure.name)) return GroupUse::share_of_people;
  return measure.counts_people() ? GroupUse::per_person_year : GroupUse::as_it_is;
}

std::string group_unit(const Measure& measure) {
  switch (group_use(measure)) {
    case GroupUse::share_of_people:
      return "% of the group's people";
    case GroupUse::per_person_year: {
      const std::string_view unit = measure.unit.substr(0, measure.unit.find('/'));
      return std::string{unit == "client-days" ? "days" : unit} + " per person and year";
    }
    default:
      return std::string{measure.unit};
  }
}

std::optional<double> compared_value(const Measure& measure, const MeasureInput& input) {
  // Of the part that was run, above and below: the part itself cancels.
  const std::optional<double> value = measure.of_part(input);
  if (!value) return std::nullopt;
  switch (group_use(measure)) {
    case GroupUse::share_of_people: {
      const double all = people(measure, input);
      return all > 0.0 ? std::optional{100.0 * *value / all} : std::nullopt;
    }
    case GroupUse::per_person_year: {
      const double years = person_years(input);
      const double sum = measure.unit.ends_with("/year") ? *value * length_in_years(input) : *value;
      return years > 0.0 ? std::optional{sum / years} : std::nullopt;
    }
    case GroupUse::counted:
      return *value / input.scenario.words.population_scale;
    default:
      return value;
  }
}

std::vector<const CountKind*> counts_behind(const Measure& measure) {
  std::vector<const CountKind*> kinds;
  const Behind* behind = find_behind(measure.name);
  if (behind == nullptr) return kinds;
  for (const std::string_view name : behind->counts)
    if (!name.empty()) kinds.push_back(find_count(name));
  const GroupUse use = group_use(measure);
  if (use == GroupUse::per_person_year || use == GroupUse::share_of_people) kinds.push_back(find_count("present"));
  TL_EXPECTS(std::none_of(kinds.begin(), kinds.end(), [](const CountKind* kind) { return kind == nullptr; }));
  return kinds;
}

const CountKind* find_count(std::string_view name) {
  for (const CountKind& kind : kCounts)
    if (kind.name == name) return &kind;
  return nullptr;
}

}  // namespace tl
