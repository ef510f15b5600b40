#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/budgets.hpp"
#include "sim/policies.hpp"
#include "sim/staff_sums.hpp"

// What one replication leaves behind: sums that add up over periods, settings and replications, and nothing derived.
// A new metric is one line here, one place in sim/tally.hpp where it grows, and shows up in every table.
namespace tl {

/// Sums kept for every setting in every reporting period. "days" are client-days (unit-days for capacity).
enum class SettingSum : std::uint8_t {
  census_days,
  census_at_end,
  capacity_days,
  waiting_days,
  boarding_days,
  over_level_days,
  discharge_delay_days,
  reserved_days,
  turnaround_days,
  admissions,
  departures,
  returns,
  stay_days,
  stay_drawn_days,
  stays_ended,
  requests,
  waits,
  wait_days,
  waits_within_standard,
  refused,
  reneged,
  replaced,
  dropped,
  lost,
  client_left,
  waiting_at_end,
  held_days,
  above_need_days,
  below_need_days,
  preempted,
  claims_lapsed,
  swaps,
  waiting_in_handoff_days,
  waiting_for_assessment_days,
  waiting_away_days,
  waiting_closed_days,
  waiting_policy_days,
  waiting_staff_days,
  waiting_turnaround_days,
  waiting_held_days,
  stays,
  count
};
/// Sums kept for the whole model in every reporting period.
enum class ModelSum : std::uint8_t { arrived, left, present_days, present_at_end, transfers, swaps, count };

inline constexpr std::array<SumInfo, static_cast<std::size_t>(SettingSum::count)> kSettingSums{{
    {"census_days", "client-days", "time spent in the setting, boarding included"},
    {"census_at_end", "clients", "clients in the setting at the period's end, just before whatever happens then"},
    {"capacity_days", "unit-days", "usable capacity over time; 0 where capacity is unlimited"},
    {"waiting_days", "client-days", "time in the setting's queue, wherever the client waits"},
    {"boarding_days", "client-days", "time in the setting after the stay ended, waiting in place for another"},
    {"over_level_days", "client-days", "boarding days for a less restrictive setting"},
    {"discharge_delay_days", "client-days", "time in the setting serving a discharge delay"},
    {"reserved_days", "unit-days", "units kept for clients in a handoff"},
    {"turnaround_days", "unit-days", "units empty between two clients"},
    {"admissions", "clients", "admissions to the setting"},
    {"departures", "clients", "clients who went out of the setting"},
    {"returns", "clients", "admissions within the setting's return window after leaving it"},
    {"stay_days", "days", "length of stay of those who left, boarding and delays included"},
    {"stay_drawn_days", "days", "length of stay as drawn, of the stays that ended"},
    {"stays_ended", "stays", "stays that ended of themselves"},
    {"requests", "requests", "requests made for the setting"},
    {"waits", "requests", "requests that ended in admission"},
    {"wait_days", "days", "time from request to grant, of those admitted"},
    {"waits_within_standard", "requests", "of those, within the setting's standard"},
    {"refused", "requests", "requests refused by the queue's limit"},
    {"reneged", "requests", "requests given up"},
    {"replaced", "requests", "requests replaced by a later one"},
    {"dropped", "requests", "requests dropped by an action, an event or another grant"},
    {"lost", "requests", "clients lost in a handoff to the setting"},
    {"client_left", "requests", "requests that ended because the client left the model"},
    {"waiting_at_end", "requests", "requests open at the period's end, just before whatever happens then"},
    {"held_days", "unit-days", "units kept for clients who are away and have a claim"},
    {"above_need_days", "client-days", "time in the setting of clients whose need is a lower level"},
    {"below_need_days", "client-days", "time in the setting of clients whose need is a higher level"},
    {"preempted", "clients", "clients who had to give their unit to one of a better rank"},
    {"claims_lapsed", "claims", "claims on the setting that ran out or were given up"},
    {"swaps", "moves", "admissions by an exchange of places that undid a deadlock"},
    {"waiting_in_handoff_days", "client-days", "waiting while a handoff to somewhere else is under way"},
    {"waiting_for_assessment_days", "client-days", "waiting for an assessment that the setting requires"},
    {"waiting_away_days", "client-days", "waiting while where the client is keeps them from coming"},
    {"waiting_closed_days", "client-days", "waiting outside the hours of admission"},
    {"waiting_policy_days", "client-days", "waiting because of a rule: too new a request, a budget, a policy"},
    {"waiting_staff_days", "client-days", "waiting for a unit that has no staff"},
    {"waiting_turnaround_days", "client-days", "waiting for a unit that is empty between two clients"},
    {"waiting_held_days", "client-days", "waiting for a unit that is held or reserved for another"},
    {"stays", "stays", "stays whose length is counted: those of clients who left, or of the cohort among them"},
}};
inline constexpr std::array<SumInfo, static_cast<std::size_t>(ModelSum::count)> kModelSums{{
    {"arrived", "clients", "clients who entered the model"},
    {"left", "clients", "clients who left the model"},
    {"present_days", "client-days", "time spent in the model"},
    {"present_at_end", "clients", "clients in the model at the period's end"},
    {"transfers", "moves", "moves from place to place"},
    {"swaps", "moves", "exchanges of places that undid a deadlock"},
}};

/// Sums kept for every milestone in every reporting period.
enum class MilestoneSum : std::uint8_t { started, reached, days, within_standard, count };
inline constexpr std::array<SumInfo, static_cast<std::size_t>(MilestoneSum::count)> kMilestoneSums{{
    {"started", "clients", "starts"},
    {"reached", "clients", "clients who reached it"},
    {"days", "days", "time from start to reaching it, of those who reached it"},
    {"within_standard", "clients", "of those, within the milestone's standard"},
}};

inline constexpr std::array<SumInfo, static_cast<std::size_t>(PolicySum::count)> kPolicySums{{
    {"openings", "times", "how often the policy's changes began to hold"},
    {"closings", "times", "how often they ceased to hold"},
    {"open_days", "days", "time in which they held"},
    {"lead_days", "days", "time from deciding to open until they held"},
    {"open_at_end", "policies", "1 where they held at the period's end, just before whatever happens then"},
    {"reviews", "reviews", "how often the policy looked at the state"},
    {"measured", "see policies", "what it looks at, summed over the reviews"},
}};

inline constexpr std::array<SumInfo, static_cast<std::size_t>(BudgetSum::count)> kBudgetSums{{
    {"granted", "$", "what could be spent, of the budget's periods that began; at the start of results what was left"},
    {"spent", "$", "what was spent of it"},
    {"left_at_end", "$", "left of the budget's period under way at the period's end; below 0 where more was spent"},
    {"times_spent", "times", "how often it was found spent"},
    {"stopped_days", "days", "time in which it was spent, and stopped what it stops"},
    {"asked", "requests", "requests made meanwhile for the settings whose admissions it stops"},
}};

/// Lengths (waits, stays) by size: 16 buckets an octave of about one second (2^20 µs) units. The bucket's bounds are
/// within 1/16 of each other above 17 s; bucket 0 holds lengths under a second.
inline constexpr std::size_t kLengthBuckets = 512;
inline std::size_t length_bucket(std::int64_t micros) {
  const auto units = static_cast<std::uint64_t>(micros < 0 ? 0 : micros) >> 20;
  if (units < 16) return static_cast<std::size_t>(units);
  const auto octave = static_cast<std::size_t>(std::bit_width(units)) - 5;  // units >> octave is 16 … 31
  const std::size_t bucket = 16 * octave + static_cast<std::size_t>(units >> octave);
  return bucket < kLengthBuckets ? bucket : kLengthBuckets - 1;
}
double bucket_low_days(std::size_t bucket);

/// Time at each census: 512 bins, each `width` clients wide; the width doubles when the census outgrows them.
inline constexpr std::size_t kCensusBins = 512;

/// What one replication gives. Index order is fixed: [period][setting][sum] and so on, periods as in CompiledModel.
struct ReplicationResult {
  std::uint32_t period_count = 0, setting_count = 0, observe_count = 0, event_count = 0, reason_count = 0,
                outcome_count = 0, milestone_count = 0, staff_count = 0, staffing_count = 0, cost_count = 0,
                policy_count = 0, budget_count = 0;
  std::vector<double> settings;                  ///< [period][setting][SettingSum]
  std::vector<double> model;                     ///< [period][ModelSum]
  std::vector<double> events;                    ///< [period][event type, then timer]: how often it happened
  std::vector<double> milestones;                ///< [period][milestone][MilestoneSum]
  std::vector<double> staff;                     ///< [period][staff pool][StaffSum]
  std::vector<double> staffing;                  ///< [period][row of staffing][StaffingSum]
  std::vector<double> policies;                  ///< [period][policy][PolicySum]
  std::vector<double> budgets;                   ///< [period][budget][BudgetSum]
  std::vector<double> reasons;                   ///< [period][reason]: clients who left for it
  std::vector<double> outcomes;                  ///< [period][outcome]
  std::vector<double> costs;                     ///< [period][cost item]: dollars
  std::vector<double> observed_census;           ///< [instant][setting], just before the instant
  std::vector<double> observed_waiting;          ///< [instant][setting]
  std::vector<std::uint32_t> wait_lengths;       ///< [setting][bucket], over all periods
  std::vector<std::uint32_t> stay_lengths;       ///< [setting][bucket]
  std::vector<std::uint32_t> milestone_lengths;  ///< [milestone][bucket]
  std::vector<double> census_time;               ///< [setting][bin], days at that census
  std::vector<double> census_width;              ///< [setting]
  // By group, see groups.hpp: each as above, of the first group, then of the second …
  std::uint32_t group_count = 0;
  std::vector<double> group_settings;                  ///< [group][period][setting][row of kGroupSums]
  std::vector<double> group_model;                     ///< [group][period][ModelSum]
  std::vector<double> group_events, group_milestones;  ///< [group][period]…
  std::vector<double> group_reasons, group_outcomes;
  std::vector<double> group_observed_census, group_observed_waiting;  ///< [group][instant][setting]
  std::vector<std::uint32_t> group_wait_lengths;                      ///< [group][setting][bucket]
  std::vector<std::uint32_t> group_milestone_lengths;                 ///< [group][milestone][bucket]
  double initial_clients = 0.0;                                       ///< present when the run began
  double engine_events = 0.0;                                         ///< events carried out, warm-up included
  double peak_present = 0.0;

  double sum(std::size_t period, std::size_t setting, SettingSum which) const {
    return settings[(period * setting_count + setting) * kSettingSums.size() + static_cast<std::size_t>(which)];
  }
};

}  // namespace tl
