#include <algorithm>

#include "sim/simulation_inline.hpp"

// What a number depends on, read off a client.
namespace tl {

void Simulation::make_table_readers() {
  for (const StateTable& table : model_.tables) {
    TableReader reader{table.first_cell, 0, 0, table.dimension_count > 1};
    if (table.dimension_count == 1) {
      const StateDimension& dimension = model_.dimensions[table.first_dimension];
      reader.general = dimension.kind != DimensionKind::trait;
      reader.shift = dimension.shift;
      reader.mask = (1U << dimension.bits) - 1U;
    }
    table_readers_.push_back(reader);
  }
}

std::uint32_t Simulation::cell_offset(const StateTable& table, const Client& client) const {
  std::uint32_t offset = 0;
  for (std::uint32_t d = 0; d < table.dimension_count; ++d) {
    const StateDimension& dimension = model_.dimensions[table.first_dimension + d];
    const std::uint32_t value =
        dimension.kind == DimensionKind::trait
            ? static_cast<std::uint32_t>(client.traits >> dimension.shift) & ((1U << dimension.bits) - 1U)
            : dimension_value(dimension, client);
    offset = offset * dimension.count + value;
  }
  return offset;
}

std::uint32_t Simulation::dimension_value(const StateDimension& dimension, const Client& client) const {
  const auto steps_passed = [&](std::int64_t since) {
    // in whole microseconds, as next_step has it: a step is passed at the instant for which it was scheduled
    std::uint32_t passed = 0;
    while (passed + 1 < dimension.count &&
           SimTime::from_days(model_.steps[dimension.first + passed]).micros() <= now_ - since)
      ++passed;
    return passed;
  };
  switch (dimension.kind) {
    case DimensionKind::trait:
      return static_cast<std::uint32_t>(client.traits >> dimension.shift) & ((1U << dimension.bits) - 1U);
    case DimensionKind::place_class:
      return model_.place_classes[dimension.first + (client.place == kNoSlot ? 0 : client.place)];
    case DimensionKind::enrolled:
      return enrolled(client, dimension.first) ? 1 : 0;
    case DimensionKind::waiting_for:
      return waiting_for(client, dimension.first) ? 1 : 0;
    case DimensionKind::stay_over:
      return client.stay_state == StayState::over ? 1 : 0;
    case DimensionKind::in_handoff:
      return client.granted != kNoSlot ? 1 : 0;
    case DimensionKind::since_entry:
      return steps_passed(client.entered);
    case DimensionKind::since_place:
      return steps_passed(client.placed);
    case DimensionKind::since_request:
    case DimensionKind::since_enrolment: {
      const std::optional<std::int64_t> since = start_of(dimension, client);
      return since ? steps_passed(*since) : 0;
    }
    case DimensionKind::holds:
      return holds(client, dimension.first) ? 1 : 0;
    case DimensionKind::mismatch:
      return mismatch_of(client);
  }
  TL_EXPECTS(false);
}

std::int64_t Simulation::length(DistributionId distribution, double u, double v) const {
  const double days =
      quantile(model_.distributions[distribution.index()], model_.distributions, model_.distribution_tables, u, v);
  return days > 0.0 ? SimTime::from_days(days).micros() : 0;
}

std::int64_t Simulation::length(TableId table, const Client& client, double u, double v) const {
  return length(DistributionId{cell(table, client)}, u, v);
}

bool Simulation::enrolled(const Client& client, std::uint32_t program) const {
  for (std::uint32_t e = client.first_enrolment; e != kNoSlot; e = enrolments_[e].next_of_client)
    if (enrolments_[e].program == program) return true;
  return false;
}

bool Simulation::waiting_for(const Client& client, std::uint32_t setting) const {
  for (std::uint32_t r = client.first_request; r != kNoSlot; r = requests_[r].next_of_client)
    if (requests_[r].goal == setting && client.granted != r) return true;
  return false;
}

/// Since when the time runs that the dimension asks about; nothing when it does not run.
std::optional<std::int64_t> Simulation::start_of(const StateDimension& dimension, const Client& client) const {
  if (dimension.kind == DimensionKind::since_entry) return client.entered;
  if (dimension.kind == DimensionKind::since_place) return client.placed;
  if (dimension.kind == DimensionKind::since_enrolment)
    for (std::uint32_t e = client.first_enrolment; e != kNoSlot; e = enrolments_[e].next_of_client)
      if (enrolments_[e].program == dimension.subject) return enrolments_[e].began;
  if (dimension.kind == DimensionKind::since_request)
    for (std::uint32_t r = client.first_request; r != kNoSlot; r = requests_[r].next_of_client)
      if (requests_[r].goal == dimension.subject && client.granted != r) return requests_[r].since;
  return std::nullopt;
}

std::int64_t Simulation::next_step(const Client& client) const {
  std::int64_t next = kNever;
  for (const EventType& type : model_.events) next = std::min(next, next_step(type.hazard, client));
  return next;
}

std::int64_t Simulation::next_step(TableId id, const Client& client) const {
  std::int64_t next = kNever;
  const StateTable& table = model_.tables[id.index()];
  for (std::uint32_t d = 0; d < table.dimension_count; ++d) {
    const StateDimension& dimension = model_.dimensions[table.first_dimension + d];
    if (!is_of_time(dimension.kind)) continue;
    const std::optional<std::int64_t> since = start_of(dimension, client);
    if (!since) continue;
    for (std::uint32_t i = 0; i + 1 < dimension.count; ++i) {
      const std::int64_t at = *since + SimTime::from_days(model_.steps[dimension.first + i]).micros();
      if (at > now_) next = std::min(next, at);
    }
  }
  return next;
}

bool Simulation::looks_at_steps(TableId id) const {
  const StateTable& table = model_.tables[id.index()];
  for (std::uint32_t d = 0; d < table.dimension_count; ++d)
    if (is_of_time(model_.dimensions[table.first_dimension + d].kind)) return true;
  return false;
}

}  // namespace tl
