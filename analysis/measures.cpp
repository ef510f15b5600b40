#include "analysis/measures.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/budget_measures.hpp"
#include "analysis/costs.hpp"
#include "analysis/numbers.hpp"
#include "analysis/occupancy.hpp"
#include "analysis/policy_measures.hpp"
#include "analysis/staff_measures.hpp"
#include "sim/expects.hpp"

namespace tl {
namespace {

using In = const MeasureInput&;
using Value = std::optional<double>;
constexpr double kDaysPerYear = 365.25;

double days(In in) {
  double sum = 0.0;
  for (std::size_t p = 0; p < in.periods.count; ++p) sum += in.scenario.words.period_days[in.periods.first + p];
  return sum;
}
template <class Keep>
double total_where(In in, SettingSum which, Keep keep) {
  double sum = 0.0;
  for (std::size_t p = 0; p < in.periods.count; ++p)
    for (const std::uint32_t row : in.scope.rows)
      if (keep(row)) sum += in.run.sum(in.periods.first + p, row, which);
  return sum;
}
double total(In in, SettingSum which) {
  return total_where(in, which, [](std::uint32_t) { return true; });
}
double at_end(In in, SettingSum which) {
  double sum = 0.0;
  if (in.periods.count == 0) return sum;
  for (const std::uint32_t row : in.scope.rows) sum += in.run.sum(in.periods.first + in.periods.count - 1, row, which);
  return sum;
}
double model_total(In in, ModelSum which) {
  double sum = 0.0;
  for (std::size_t p = 0; p < in.periods.count; ++p)
    sum += in.run.model[(in.periods.first + p) * kModelSums.size() + static_cast<std::size_t>(which)];
  return sum;
}
double counted(In in, const std::vector<double>& kept, std::size_t width) {
  double sum = 0.0;
  for (std::size_t p = 0; p < in.periods.count; ++p)
    sum += kept[(in.periods.first + p) * width + in.scope.rows.front()];
  return sum;
}

Value ratio(double above, double below) {
  if (!(below > 0.0)) return std::nullopt;
  return above / below;
}
Value percent(double above, double below) {
  if (!(below > 0.0)) return std::nullopt;
  return 100.0 * above / below;
}
Value a_year(In in, double count) {
  return ratio(count * kDaysPerYear, days(in));
}

template <SettingSum which>
Value sum_of(In in) {
  return total(in, which);
}
template <SettingSum which>
Value mean_level(In in) {
  return ratio(total(in, which), days(in));
}
template <SettingSum which>
Value yearly(In in) {
  return a_year(in, total(in, which));
}
template <SettingSum which>
Value last(In in) {
  return at_end(in, which);
}
template <SettingSum above, SettingSum below>
Value mean_each(In in) {
  return ratio(total(in, above), total(in, below));
}

bool is_finite_place(In in, std::uint32_t row) {
  return std::isfinite(in.scenario.words.settings[row].capacity);
}
bool any_finite(In in) {
  return std::any_of(in.scope.rows.begin(), in.scope.rows.end(),
                     [&](std::uint32_t row) { return is_finite_place(in, row); });
}
/// Also where nothing but staff limits it.
bool has_units(In in, std::uint32_t row) {
  const Catalogue& words = in.scenario.words;
  return is_finite_place(in, row) ||
         std::any_of(words.staffing.begin(), words.staffing.end(), [&](const StaffingWords& one) {
           return one.limits > 0.0 && one.setting == words.settings[row].id;
         });
}
Value capacity_mean(In in) {
  const bool any =
      std::any_of(in.scope.rows.begin(), in.scope.rows.end(), [&](std::uint32_t row) { return has_units(in, row); });
  return any ? mean_level<SettingSum::capacity_days>(in) : std::nullopt;
}
Value occupancy(In in) {
  const auto finite = [&](std::uint32_t row) { return has_units(in, row); };
  return percent(total_where(in, SettingSum::census_days, finite), total_where(in, SettingSum::capacity_days, finite));
}
Value within_standard(In in) {
  const auto stated = [&](std::uint32_t row) { return in.scenario.terms.standard_days[row] > 0.0; };
  return percent(total_where(in, SettingSum::waits_within_standard, stated),
                 total_where(in, SettingSum::waits, stated));
}
Value returns_share(In in) {
  const auto counted_there = [&](std::uint32_t row) { return in.scenario.terms.return_days[row] > 0.0; };
  return percent(total_where(in, SettingSum::returns, counted_there),
                 total_where(in, SettingSum::admissions, counted_there));
}

Value quantile(In in, const std::vector<std::uint32_t>& kept, double share) {
  std::vector<double> counts(kLengthBuckets, 0.0);
  for (const std::uint32_t row : in.scope.rows)
    for (std::size_t b = 0; b < kLengthBuckets; ++b) counts[b] += kept[row * kLengthBuckets + b];
  return length_quantile(counts, share);
}
Value wait_p50(In in) {
  return quantile(in, in.run.wait_lengths, 0.5);
}
Value wait_p90(In in) {
  return quantile(in, in.run.wait_lengths, 0.9);
}
Value stay_p50(In in) {
  return quantile(in, in.run.stay_lengths, 0.5);
}
Value stay_p90(In in) {
  return quantile(in, in.run.stay_lengths, 0.9);
}

Value time_full(In in) {
  return time_at_or_above(in, 1.0);
}

Value observed_census(In in) {
  double sum = 0.0;
  for (const std::uint32_t row : in.scope.rows)
    sum += in.run.observed_census[in.periods.first * in.run.setting_count + row];
  return sum;
}
Value observed_waiting(In in) {
  double sum = 0.0;
  for (const std::uint32_t row : in.scope.rows)
    sum += in.run.observed_waiting[in.periods.first * in.run.setting_count + row];
  return sum;
}

Value arrived(In in) {
  return model_total(in, ModelSum::arrived);
}
Value arrivals_per_year(In in) {
  return a_year(in, model_total(in, ModelSum::arrived));
}
Value left(In in) {
  return model_total(in, ModelSum::left);
}
Value present_mean(In in) {
  return ratio(model_total(in, ModelSum::present_days), days(in));
}
Value transfers_per_year(In in) {
  return a_year(in, model_total(in, ModelSum::transfers));
}
Value present_at_end(In in) {
  if (in.periods.count == 0) return std::nullopt;
  return in.run.model[(in.periods.first + in.periods.count - 1) * kModelSums.size() +
                      static_cast<std::size_t>(ModelSum::present_at_end)];
}

Value exits(In in) {
  return counted(in, in.run.reasons, in.run.reason_count);
}
Value exits_per_year(In in) {
  return a_year(in, counted(in, in.run.reasons, in.run.reason_count));
}
Value exits_share(In in) {
  return percent(*exits(in), model_total(in, ModelSum::left));
}
Value event_count(In in) {
  return counted(in, in.run.events, in.run.event_count);
}
Value events_per_year(In in) {
  return a_year(in, *event_count(in));
}
Value outcome_count(In in) {
  return counted(in, in.run.outcomes, in.run.outcome_count);
}
Value outcomes_per_year(In in) {
  return a_year(in, *outcome_count(in));
}

Value no_place(In in) {
  double rest = total(in, SettingSum::waiting_days);
  for (auto cause = SettingSum::waiting_in_handoff_days; cause <= SettingSum::waiting_held_days;
       cause = static_cast<SettingSum>(static_cast<std::size_t>(cause) + 1))
    rest -= total(in, cause);
  return std::max(0.0, rest);  // sums of doubles: what is left of nothing may be a hair below it
}
Value no_place_mean(In in) {
  return ratio(*no_place(in), days(in));
}

double milestone_total(In in, MilestoneSum which) {
  double sum = 0.0;
  for (std::size_t p = 0; p < in.periods.count; ++p)
    sum += in.run.milestones[((in.periods.first + p) * in.run.milestone_count + in.scope.rows.front()) *
                                 kMilestoneSums.size() +
                             static_cast<std::size_t>(which)];
  return sum;
}
Value milestone_started(In in) {
  return milestone_total(in, MilestoneSum::started);
}
Value milestone_reached(In in) {
  return milestone_total(in, MilestoneSum::reached);
}
Value milestone_mean(In in) {
  return ratio(milestone_total(in, MilestoneSum::days), milestone_total(in, MilestoneSum::reached));
}
Value milestone_p50(In in) {
  return quantile(in, in.run.milestone_lengths, 0.5);
}
Value milestone_p90(In in) {
  return quantile(in, in.run.milestone_lengths, 0.9);
}
Value milestone_within_standard(In in) {
  return percent(milestone_total(in, MilestoneSum::within_standard), milestone_total(in, MilestoneSum::reached));
}

Value cost_total(In in) {
  return cost_of(in);
}
Value cost_per_year(In in) {
  return a_year(in, *cost_total(in));
}
Value cost_discounted(In in) {
  if (in.scenario.words.discount == 0.0) return std::nullopt;
  return discounted_cost_of(in);
}

using enum Over;
using S = SettingSum;
using P = StaffSum;
using R = StaffingSum;
using L = PolicySum;
using B = BudgetSum;
constexpr std::array kMeasures{
    Measure{"census_mean", "clients", "average number of clients there", "", settings, true,
            mean_level<S::census_days>},
    Measure{"census_at_end", "clients", "number of clients there at the end", "", settings, true,
            last<S::census_at_end>},
    Measure{"capacity_mean", "units", "average capacity", "", settings, true, capacity_mean},
    Measure{"occupancy", "%", "share of capacity in use", "", settings, true, occupancy},
    Measure{"time_full", "%", "share of the time at or above capacity", "lower", settings, false, time_full},
    Measure{"queue_mean", "clients", "average number waiting", "lower", settings, true, mean_level<S::waiting_days>},
    Measure{"waiting_at_end", "clients", "number waiting at the end", "lower", settings, true, last<S::waiting_at_end>},
    Measure{"wait_mean", "days", "average wait of those admitted", "lower", settings, true,
            mean_each<S::wait_days, S::waits>},
    Measure{"wait_p50", "days", "wait that half of those admitted stay under", "lower", settings, false, wait_p50},
    Measure{"wait_p90", "days", "wait that nine in ten of those admitted stay under", "lower", settings, false,
            wait_p90},
    Measure{"wait_within_standard", "%", "share admitted within the standard", "higher", settings, true,
            within_standard},
    Measure{"stay_mean", "days", "average length of stay", "", settings, true, mean_each<S::stay_days, S::stays>},
    Measure{"stay_p50", "days", "length that half of the stays are under", "", settings, false, stay_p50},
    Measure{"stay_p90", "days", "length that nine in ten stays are under", "", settings, false, stay_p90},
    Measure{"stay_drawn_mean", "days", "average stay as intended, without boarding and delays", "", settings, true,
            mean_each<S::stay_drawn_days, S::stays_ended>},
    Measure{"boarding_mean", "clients", "average number boarding (ready to go, waiting in place)", "lower", settings,
            true, mean_level<S::boarding_days>},
    Measure{"boarding_days", "client-days", "total time boarding (ready to go, waiting in place)", "lower", settings,
            true, sum_of<S::boarding_days>},
    Measure{"over_level_days", "client-days", "total time boarding for a less restrictive setting", "lower", settings,
            true, sum_of<S::over_level_days>},
    Measure{"discharge_delay_days", "client-days", "total time of discharge delay", "lower", settings, true,
            sum_of<S::discharge_delay_days>},
    Measure{"reserved_mean", "units", "average number of units kept for clients on their way", "lower", settings, true,
            mean_level<S::reserved_days>},
    Measure{"turnaround_mean", "units", "average number of units empty between two clients", "lower", settings, true,
            mean_level<S::turnaround_days>},
    Measure{"held_mean", "units", "average number of units kept for clients who are away", "lower", settings, true,
            mean_level<S::held_days>},
    Measure{"claims_lapsed", "claims", "number of claims that ran out or were given up", "lower", settings, true,
            sum_of<S::claims_lapsed>},
    Measure{"preempted", "clients", "number of clients who had to give up their unit", "lower", settings, true,
            sum_of<S::preempted>},
    Measure{"swaps", "moves", "number of exchanges of places that undid a deadlock", "lower", settings, true,
            sum_of<S::swaps>},
    Measure{"above_need_days", "client-days", "total time in a higher level of care than needed", "lower", settings,
            true, sum_of<S::above_need_days>},
    Measure{"below_need_days", "client-days", "total time in a lower level of care than needed", "lower", settings,
            true, sum_of<S::below_need_days>},
    Measure{"waiting_days", "client-days", "total time waiting", "lower", settings, true, sum_of<S::waiting_days>},
    Measure{"waiting_in_handoff_days", "client-days", "time waiting while on the way to somewhere else", "lower",
            settings, true, sum_of<S::waiting_in_handoff_days>},
    Measure{"waiting_for_assessment_days", "client-days", "time waiting for an assessment", "lower", settings, true,
            sum_of<S::waiting_for_assessment_days>},
    Measure{"waiting_away_days", "client-days", "time waiting while unable to come", "lower", settings, true,
            sum_of<S::waiting_away_days>},
    Measure{"waiting_closed_days", "client-days", "time waiting outside the hours of admission", "lower", settings,
            true, sum_of<S::waiting_closed_days>},
    Measure{"waiting_policy_days", "client-days", "time waiting because of a rule", "lower", settings, true,
            sum_of<S::waiting_policy_days>},
    Measure{"waiting_staff_days", "client-days", "time waiting for a unit that has no staff", "lower", settings, true,
            sum_of<S::waiting_staff_days>},
    Measure{"waiting_turnaround_days", "client-days", "time waiting for a unit that is empty between two clients",
            "lower", settings, true, sum_of<S::waiting_turnaround_days>},
    Measure{"waiting_held_days", "client-days", "time waiting for a unit that is kept for another", "lower", settings,
            true, sum_of<S::waiting_held_days>},
    Measure{"queue_no_place", "clients", "average number waiting because no place is free", "lower", settings, true,
            no_place_mean},
    Measure{"queue_staff", "clients", "average number waiting for a unit that has no staff", "lower", settings, true,
            mean_level<S::waiting_staff_days>},
    Measure{"queue_turnaround", "clients", "average number waiting for a unit that is empty between two clients",
            "lower", settings, true, mean_level<S::waiting_turnaround_days>},
    Measure{"queue_held", "clients", "average number waiting for a unit that is kept for another", "lower", settings,
            true, mean_level<S::waiting_held_days>},
    Measure{"queue_closed", "clients", "average number waiting outside the hours of admission", "lower", settings, true,
            mean_level<S::waiting_closed_days>},
    Measure{"queue_policy", "clients", "average number waiting because of a rule", "lower", settings, true,
            mean_level<S::waiting_policy_days>},
    Measure{"queue_away", "clients", "average number waiting while unable to come", "lower", settings, true,
            mean_level<S::waiting_away_days>},
    Measure{"queue_for_assessment", "clients", "average number waiting for an assessment", "lower", settings, true,
            mean_level<S::waiting_for_assessment_days>},
    Measure{"queue_in_handoff", "clients", "average number waiting while on the way to somewhere else", "lower",
            settings, true, mean_level<S::waiting_in_handoff_days>},
    Measure{"departures", "clients", "number of clients who went out", "", settings, true, sum_of<S::departures>},
    Measure{"waiting_no_place_days", "client-days", "time waiting because no place is free", "lower", settings, true,
            no_place},
    Measure{"client_days", "client-days", "total time spent there", "", settings, true, sum_of<S::census_days>},
    Measure{"admissions", "clients", "number of admissions", "", settings, true, sum_of<S::admissions>},
    Measure{"admissions_per_year", "clients/year", "number of admissions a year", "", settings, true,
            yearly<S::admissions>},
    Measure{"throughput", "clients/year", "number of clients who went out a year", "", settings, true,
            yearly<S::departures>},
    Measure{"returns_share", "%", "share of admissions that are returns", "lower", settings, true, returns_share},
    Measure{"requests", "requests", "number of requests made", "", settings, true, sum_of<S::requests>},
    Measure{"refusals", "requests", "number of requests refused because the queue was full", "lower", settings, true,
            sum_of<S::refused>},
    Measure{"reneges", "requests", "number of requests given up", "lower", settings, true, sum_of<S::reneged>},
    Measure{"lost_in_handoff", "clients", "number of clients lost on the way", "lower", settings, true,
            sum_of<S::lost>},
    Measure{"observed_census", "clients", "number of clients there at the instant", "", instant, false,
            observed_census},
    Measure{"observed_waiting", "clients", "number waiting at the instant", "lower", instant, false, observed_waiting},
    Measure{"arrived", "clients", "number of clients who entered the system", "", model, true, arrived},
    Measure{"arrivals_per_year", "clients/year", "number of clients who entered a year", "", model, true,
            arrivals_per_year},
    Measure{"left", "clients", "number of clients who left the system", "", model, true, left},
    Measure{"present_mean", "clients", "average number of clients in the system", "", model, true, present_mean},
    Measure{"present_at_end", "clients", "number of clients in the system at the end", "", model, true, present_at_end},
    Measure{"transfers_per_year", "moves/year", "number of moves from place to place a year", "", model, true,
            transfers_per_year},
    Measure{"exits", "clients", "number of clients who left for this reason", "", reason, true, exits},
    Measure{"exits_per_year", "clients/year", "number of clients who left for this reason a year", "", reason, true,
            exits_per_year},
    Measure{"exits_share", "%", "share of those leaving who left for this reason", "", reason, true, exits_share},
    Measure{"event_count", "events", "how often this happened", "", event, true, event_count},
    Measure{"events_per_year", "events/year", "how often this happened a year", "", event, true, events_per_year},
    Measure{"outcome_count", "times", "how often this was counted", "", outcome, true, outcome_count},
    Measure{"outcomes_per_year", "times/year", "how often this was counted a year", "", outcome, true,
            outcomes_per_year},
    Measure{"milestone_started", "clients", "number who set out for it", "", milestone, true, milestone_started},
    Measure{"milestone_reached", "clients", "number who reached it", "higher", milestone, true, milestone_reached},
    Measure{"milestone_mean", "days", "average time to it, of those who reached it", "lower", milestone, true,
            milestone_mean},
    Measure{"milestone_p50", "days", "time to it that half of those who reached it stay under", "lower", milestone,
            false, milestone_p50},
    Measure{"milestone_p90", "days", "time to it that nine in ten of those who reached it stay under", "lower",
            milestone, false, milestone_p90},
    Measure{"milestone_within_standard", "%", "share reached within the standard", "higher", milestone, true,
            milestone_within_standard},
    Measure{"fte_budgeted", "FTE", "FTE in the budget, on average", "", role, true, staff::mean_of<P::budgeted_days>},
    Measure{"fte_employed", "FTE", "FTE employed, on average", "", role, true, staff::mean_of<P::employed_days>},
    Measure{"fte_vacant", "FTE", "FTE vacant, on average", "lower", role, true, staff::mean_of<P::vacant_days>},
    Measure{"fte_vacant_share", "%", "share of the FTE in the budget that is vacant", "lower", role, true,
            staff::percent_of<P::vacant_days, P::budgeted_days>},
    Measure{"fte_vacant_peak", "FTE", "most FTE vacant at one time", "lower", role, true,
            staff::most_of<P::peak_vacant>},
    Measure{"fte_employed_peak", "FTE", "most FTE employed at one time", "", role, true,
            staff::most_of<P::peak_employed>},
    Measure{"fte_assigned", "FTE", "FTE at work in settings, on average", "", role, true,
            staff::mean_of<P::assigned_days>},
    Measure{"fte_used_share", "%", "share of the FTE at work that the clients there need", "", role, true,
            staff::percent_of<P::used_days, P::assigned_days>},
    Measure{"fte_needed_physical", "FTE", "FTE needed to use all beds and slots, on average", "", role, true,
            staff::mean_if_any<P::needed_physical_days>},
    Measure{"fte_needed_physical_peak", "FTE", "most FTE needed at one time to use all beds and slots", "", role, true,
            staff::most_of<P::peak_needed_physical>},
    Measure{"fte_needed_census", "FTE", "FTE needed for the clients there, on average", "", role, true,
            staff::mean_if_any<P::needed_census_days>},
    Measure{"fte_needed_census_peak", "FTE", "most FTE needed at one time for the clients there", "", role, true,
            staff::most_of<P::peak_needed_census>},
    Measure{"fte_needed_standard", "FTE", "FTE needed for the clients there by the stated standard, on average", "",
            role, true, staff::mean_if_any<P::needed_standard_days>},
    Measure{"fte_needed_standard_peak", "FTE", "most FTE needed at one time by the stated standard", "", role, true,
            staff::most_of<P::peak_needed_standard>},
    Measure{"fte_agency", "FTE", "temporary FTE in vacant posts, on average", "lower", role, true, staff::agency},
    Measure{"fte_agency_peak", "FTE", "most temporary FTE at one time", "lower", role, true, staff::agency_peak},
    Measure{"agency_hours", "hours", "hours worked by temporary people", "lower", role, true, staff::agency_hours},
    Measure{"agency_cost", "$", "cost of temporary people", "lower", role, true, staff::agency_cost},
    Measure{"fte_overtime", "FTE", "overtime worked, in FTE, on average", "lower", role, true, staff::overtime},
    Measure{"fte_overtime_peak", "FTE", "most overtime worked at one time, in FTE", "lower", role, true,
            staff::overtime_peak},
    Measure{"overtime_hours", "hours", "hours of overtime", "lower", role, true, staff::overtime_hours},
    Measure{"overtime_cost", "$", "cost of overtime", "lower", role, true, staff::overtime_cost},
    Measure{"teams_open", "teams", "teams that are open, on average", "higher", role, true, staff::teams_open},
    Measure{"fte_forming", "FTE", "FTE in teams that are not open, on average", "lower", role, true, staff::forming},
    Measure{"team_openings", "times", "how often a team opens", "", role, true, staff::team_openings},
    Measure{"team_closings", "times", "how often a team closes", "lower", role, true, staff::team_closings},
    Measure{"staff_hires", "people", "number of people hired", "", role, true, staff::count_of<P::hires>},
    Measure{"staff_leavers", "people", "number of people who left", "lower", role, true, staff::count_of<P::leavers>},
    Measure{"staff_let_go", "people", "number of people who had to go because the budget fell", "lower", role, true,
            staff::count_of<P::let_go>},
    Measure{"setting_fte", "FTE", "FTE at work there, on average", "", staffing, true,
            staff::mean_of<R::assigned_days>},
    Measure{"setting_fte_used_share", "%", "share of the FTE at work there that the clients there need", "", staffing,
            true, staff::percent_of<R::used_days, R::assigned_days>},
    Measure{"setting_fte_needed_physical", "FTE", "FTE needed to use all its beds and slots, on average", "", staffing,
            true, staff::mean_if_any<R::needed_physical_days>},
    Measure{"setting_fte_needed_census", "FTE", "FTE needed for the clients there, on average", "", staffing, true,
            staff::mean_if_any<R::needed_census_days>},
    Measure{"setting_fte_needed_standard", "FTE", "FTE needed there by the stated standard, on average", "", staffing,
            true, staff::mean_if_any<R::needed_standard_days>},
    Measure{"setting_fte_needed_standard_peak", "FTE", "most FTE needed there at one time by the stated standard", "",
            staffing, true, staff::most_of<R::peak_needed_standard>},
    Measure{"setting_units_physical", "units", "beds and slots there, on average", "", staffing, true,
            staff::mean_if_any<R::physical_days>},
    Measure{"setting_units_carried", "units", "beds and slots that these staff can carry, on average", "", staffing,
            true, staff::mean_of<R::carried_days>},
    Measure{"setting_units_lost", "units", "beds and slots that stand empty for want of these staff, on average",
            "lower", staffing, true, staff::mean_of<R::lost_days>},
    Measure{"setting_staff_binds", "%", "share of the time in which these staff are what limits the setting", "lower",
            staffing, true, staff::bound_share},
    Measure{"cost", "$", "cost", "lower", cost, true, cost_total},
    Measure{"cost_per_year", "$/year", "cost a year", "lower", cost, true, cost_per_year},
    Measure{"cost_discounted", "$", "cost, later years discounted", "lower", cost, true, cost_discounted},
    Measure{"budget_granted", "$", "what could be spent", "", budget, true, budgets::total_of<B::granted>},
    Measure{"budget_spent", "$", "what was spent of it", "", budget, true, budgets::total_of<B::spent>},
    Measure{"budget_spent_share", "%", "what was spent, of what could be", "", budget, true, budgets::spent_share},
    Measure{"budget_left_at_end", "$", "left of the budget's period at the end", "", budget, true,
            budgets::left_at_end},
    Measure{"budget_times_spent", "times", "how often it was spent before its period was over", "lower", budget, true,
            budgets::total_of<B::times_spent>},
    Measure{"budget_stopped_days", "days", "time in which it was spent and stopped what it stops", "lower", budget,
            true, budgets::total_of<B::stopped_days>},
    Measure{"budget_stopped_share", "%", "share of the time in which it was spent", "lower", budget, true,
            budgets::stopped_share},
    Measure{"budget_asked", "requests", "number who asked while it stopped admissions", "lower", budget, true,
            budgets::total_of<B::asked>},
    Measure{"policy_open", "%", "share of the time it is open", "", policy, true, rule::open_share},
    Measure{"policy_openings", "times", "how often it opens", "", policy, true, rule::total_of<L::openings>},
    Measure{"policy_closings", "times", "how often it closes", "", policy, true, rule::total_of<L::closings>},
    Measure{"policy_open_days", "days", "time it is open", "", policy, true, rule::total_of<L::open_days>},
    Measure{"policy_lead_days", "days", "time between the decision to open and the opening", "", policy, true,
            rule::total_of<L::lead_days>},
    Measure{"policy_measured", "number", "average of what it looks at, over its reviews", "", policy, true,
            rule::measured},
    Measure{"policy_occupancy", "%", "average occupancy it looks at, over its reviews", "", policy, true,
            rule::occupancy},
};

}  // namespace

std::string unit_of(const Measure& measure, const Catalogue& words) {
  const std::string unit{measure.unit};
  if (unit.find('$') == std::string::npos || words.dollars_of == 0.0) return unit;
  return std::to_string(static_cast<int>(words.dollars_of)) + ' ' + unit;
}

double target_in_unit(const Measure& measure, double written) {
  return measure.unit == "%" ? 100.0 * written : written;
}

std::span<const Measure> measures() {
  return kMeasures;
}
const Measure* find_measure(std::string_view name) {
  for (const Measure& measure : kMeasures)
    if (measure.name == name) return &measure;
  return nullptr;
}
std::vector<std::string> measure_names() {
  std::vector<std::string> names;
  for (const Measure& measure : kMeasures) names.emplace_back(measure.name);
  return names;
}

std::optional<double> time_at_or_above(const MeasureInput& in, double share) {
  if (in.scope.rows.size() != 1 || !any_finite(in)) return std::nullopt;
  const std::uint32_t row = in.scope.rows.front();
  const double capacity = in.scenario.words.settings[row].capacity;
  if (std::abs(total(in, SettingSum::capacity_days) - capacity * days(in)) > 1e-6 * (1.0 + capacity) * days(in))
    return std::nullopt;
  constexpr double kNoise = 1e-9;  // 95 % of 20 is 19, whatever the last bit says
  const double width = in.run.census_width[row], least = std::ceil(capacity * share - kNoise);
  double full = 0.0, all = 0.0;
  for (std::size_t bin = 0; bin < kCensusBins; ++bin) {
    const double time = in.run.census_time[row * kCensusBins + bin], low = static_cast<double>(bin) * width;
    all += time;
    // Of a bin that the least census divides the upper part counts, as if its censuses were equally likely.
    full += time * std::clamp((low + width - least) / width, 0.0, 1.0);
  }
  return percent(full, all);
}

std::optional<double> value_of(const Measure& measure, const MeasureInput& input) {
  std::optional<double> value = measure.of_part(input);
  if (value && measure.counts_people()) *value /= input.scenario.words.population_scale;
  return value;
}

std::vector<std::optional<double>> values_of(const ScenarioResults& scenario, const Measure& measure,
                                             const ResultScope& scope, PeriodRange periods) {
  std::string name{measure.name};
  for (const std::size_t number : {periods.first, periods.count}) name += ' ' + std::to_string(number);
  for (const std::uint32_t row : scope.rows) name += ',' + std::to_string(row);
  for (const CostPart& part : scope.costs) name += ';' + std::to_string(part.item) + '*' + exact(part.share);
  // What is kept by period or instant is sums; lengths and censuses are kept over the whole time only.
  const bool is_sums = measure.by_period || measure.over == Over::instant;
  return scenario.replications.values({std::move(name), is_sums ? Arrays::sums : Arrays::all,
                                       [&measure, &scenario, scope, periods](const ReplicationResult& run) {
                                         return value_of(measure, {scenario, run, scope, periods});
                                       }});
}

PeriodRange all_periods(const ScenarioResults& scenario) {
  return {0, scenario.words.period_days.size()};
}

std::optional<double> length_quantile(std::span<const double> counts, double share) {
  TL_EXPECTS(counts.size() == kLengthBuckets);
  double all = 0.0;
  for (const double count : counts) all += count;
  if (!(all > 0.0)) return std::nullopt;
  const double wanted = share * all;
  double below = 0.0;
  for (std::size_t b = 0; b < counts.size(); ++b) {
    if (counts[b] == 0.0 || below + counts[b] < wanted) {
      below += counts[b];
      continue;
    }
    if (b == 0) return 0.0;
    const double low = bucket_low_days(b), high = b + 1 < counts.size() ? bucket_low_days(b + 1) : low;
    return low + (high - low) * (wanted - below) / counts[b];
  }
  return bucket_low_days(counts.size() - 1);
}

}  // namespace tl
