#include "analysis/at_hand.hpp"

#include <cstdint>

namespace tl {
namespace {

std::size_t bytes_of(const ReplicationResult& run) {
  std::size_t numbers = 0, counts = 0;
  for (const auto* list : {&run.settings,
                           &run.model,
                           &run.events,
                           &run.milestones,
                           &run.staff,
                           &run.staffing,
                           &run.policies,
                           &run.reasons,
                           &run.outcomes,
                           &run.costs,
                           &run.observed_census,
                           &run.observed_waiting,
                           &run.census_time,
                           &run.group_settings,
                           &run.group_model,
                           &run.group_events,
                           &run.group_milestones,
                           &run.group_reasons,
                           &run.group_outcomes,
                           &run.group_observed_census,
                           &run.group_observed_waiting})
    numbers += list->size();
  for (const auto* list : {&run.wait_lengths, &run.stay_lengths, &run.milestone_lengths, &run.group_wait_lengths,
                           &run.group_milestone_lengths})
    counts += list->size();
  return numbers * sizeof(double) + counts * sizeof(std::uint32_t);
}

}  // namespace

StudyResults at_hand(const StudyResults& study) {
  constexpr std::size_t kMostHeld = std::size_t{512} << 20;
  StudyResults held = study;
  std::size_t bytes = 0;
  for (const ScenarioResults& scenario : study.scenarios) {
    const Replications& there = scenario.replications;
    if (!there.empty() && !there.are_held()) bytes += there.size() * bytes_of(there[0]);
  }
  if (bytes > kMostHeld) return held;
  for (std::size_t s = 0; s < study.scenarios.size(); ++s) {
    const Replications& there = study.scenarios[s].replications;
    if (there.are_held()) continue;
    Replications copies;
    for (std::size_t i = 0; i < there.size(); ++i) copies.push_back(there[i]);
    held.scenarios[s].replications = std::move(copies);
  }
  return held;
}

}  // namespace tl
