#include "scenarios/packing.hpp"

#include <cstring>
#include <stdexcept>

namespace tl {
namespace {

/// Calls `each` with every field. Taken apart by structured bindings: a field added stops the build here.
template <class Result, class Each>
void for_each_field(Result& result, const Each& each) {
  auto& [period_count, setting_count, observe_count, event_count, reason_count, outcome_count, milestone_count,
         staff_count, staffing_count, cost_count, policy_count, budget_count, settings, model, events, milestones,
         staff, staffing, policies, budgets, reasons, outcomes, costs, observed_census, observed_waiting, wait_lengths,
         stay_lengths, milestone_lengths, census_time, census_width, group_count, group_settings, group_model,
         group_events, group_milestones, group_reasons, group_outcomes, group_observed_census, group_observed_waiting,
         group_wait_lengths, group_milestone_lengths, initial_clients, engine_events, peak_present] = result;
  each(period_count, setting_count, observe_count, event_count, reason_count, outcome_count, milestone_count,
       staff_count, staffing_count, cost_count, policy_count, budget_count, settings, model, events, milestones, staff,
       staffing, policies, budgets, reasons, outcomes, costs, observed_census, observed_waiting, wait_lengths,
       stay_lengths, milestone_lengths, census_time, census_width, group_count, group_settings, group_model,
       group_events, group_milestones, group_reasons, group_outcomes, group_observed_census, group_observed_waiting,
       group_wait_lengths, group_milestone_lengths, initial_clients, engine_events, peak_present);
}

template <class Any, class Each>
void for_each_of_failure(Any& failure, const Each& each) {
  auto& [scenario, replication, seed, at_days, what, internal] = failure;
  each(scenario, replication, seed, at_days, what, internal);
}

}  // namespace

Packer& Packer::raw(const void* from, std::size_t size) {
  const std::size_t at = bytes.size();
  bytes.resize(at + size);
  if (size > 0) std::memcpy(bytes.data() + at, from, size);
  return *this;
}

std::size_t Unpacker::size_of_next(std::size_t item_bytes) {
  std::uint64_t count = 0;
  get(count);
  if (count > left_.size() / item_bytes) throw std::runtime_error{"a message between ranks is cut short"};
  return static_cast<std::size_t>(count);
}

Unpacker& Unpacker::raw(void* to, std::size_t size) {
  if (size > left_.size()) throw std::runtime_error{"a message between ranks is cut short"};
  if (size > 0) std::memcpy(to, left_.data(), size);
  left_ = left_.subspan(size);
  return *this;
}

void pack(Packer& into, const ReplicationResult& result) {
  for_each_field(result, [&](const auto&... fields) { (into.put(fields), ...); });
}
void unpack(Unpacker& from, ReplicationResult& result) {
  for_each_field(result, [&](auto&... fields) { (from.get(fields), ...); });
}
void pack(Packer& into, const Failure& failure) {
  for_each_of_failure(failure, [&](const auto&... fields) { (into.put(fields), ...); });
}
void unpack(Unpacker& from, Failure& failure) {
  for_each_of_failure(failure, [&](auto&... fields) { (from.get(fields), ...); });
}

}  // namespace tl
