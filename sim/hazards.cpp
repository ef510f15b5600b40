#include <algorithm>

#include "sim/curve.hpp"
#include "sim/simulation_inline.hpp"

// Events that happen to clients: competing risks, exact in time. Each type has for each client a unit-exponential
// threshold; it happens when the hazard accumulated since its last occurrence reaches it.
namespace tl {

double Simulation::factor_between(std::uint32_t type, std::int64_t from, std::int64_t to) const {
  const CurveId curve = model_.events[type].factor;
  if (!curve.exists()) return SimTime::from_micros(to - from).days();
  return curve_integral(model_, curve, SimTime::from_micros(to)) -
         curve_integral(model_, curve, SimTime::from_micros(from));
}

std::int64_t Simulation::time_of(std::uint32_t type, const Hazard& hazard) const {
  const double rate = rate_of(hazard);
  if (!(rate > 0.0)) return kNever;
  const double more = hazard.left / rate;
  const CurveId curve = model_.events[type].factor;
  if (!curve.exists()) return now_ + SimTime::from_days(more).micros();
  const SimTime now = SimTime::from_micros(now_);
  return std::max(now, curve_inverse(model_, curve, curve_integral(model_, curve, now) + more)).micros();
}

void Simulation::draw_threshold(const Client& client, std::uint32_t type, Hazard& hazard) const {
  const Block block = draw(run_, client.key, Purpose::event, model_.events[type].draw_id, hazard.occurrence);
  hazard.left = -natural_log(uniform53(block.w[0], block.w[1]));
}

/// Whether everything that rates depend on, but time, is as it was; notes how it is now.
bool Simulation::same_state(const Client& client, HazardClock& clock) const {
  std::uint32_t flags = 1;  // never 0: a fresh clock has seen no state yet
  for (const StateDimension& flag : event_flags_) flags = flags * 2 + dimension_value(flag, client);
  if (event_flags_.size() > 30) return false;
  if (clock.traits == client.traits && clock.place == client.place && clock.flags == flags) return true;
  clock.traits = client.traits;
  clock.place = client.place;
  clock.flags = flags;
  return false;
}

void Simulation::refresh_hazards(std::uint32_t slot, bool changed) {
  const Client& client = clients_[slot];
  HazardClock& clock = clocks_[slot];
  const auto types = static_cast<std::uint32_t>(model_.events.size());
  Hazard* const hazards = &hazards_[static_cast<std::size_t>(slot) * types];
  if (same_state(client, clock) && !changed && !events_look_at_steps_) return;
  for (std::uint32_t e = 0; e < types && !changed; ++e)
    changed = number(model_.events[e].hazard, client) != rate_of(hazards[e]);
  const std::int64_t step = events_look_at_steps_ ? next_step(client) : kNever;
  // In a new place the next step may be nearer although no rate is another.
  if (!changed && clock.due <= step) return;
  clock.due = step;
  clock.which = kNoSlot;
  for (std::uint32_t e = 0; e < types; ++e) {
    Hazard& hazard = hazards[e];
    const double before = rate_of(hazard);
    if (before > 0.0 && clock.since < now_)
      hazard.left = std::max(0.0, hazard.left - before * factor_between(e, clock.since, now_));
    hazard.rate = cell(model_.events[e].hazard, client);
    if (rate_of(hazard) > 0.0 && hazard.left < 0.0) draw_threshold(client, e, hazard);
    const std::int64_t at = time_of(e, hazard);
    if (at < clock.due) {
      clock.due = at;
      clock.which = e;
    }
  }
  clock.since = now_;
  if (clock.due == kNever && client.boards) suspects_.push_back(slot);
  set_clock(slot);
}

/// Puts an event in the list only when none is there that comes early enough: a clock that moved on is looked at again
/// when the earlier event comes up. So most changes of state put nothing in the list.
void Simulation::set_clock(std::uint32_t slot) {
  HazardClock& clock = clocks_[slot];
  if (clock.due >= clock.pending) return;
  clock.pending = clock.due;
  schedule(Event::make(clock.due, Phase::event, clients_[slot].number, EventKind::client, slot));
}

/// @returns whether something happened; otherwise the clock had moved on and is set again
bool Simulation::clock_rang(std::uint32_t slot) {
  HazardClock& clock = clocks_[slot];
  clock.pending = kNever;
  const bool due = clock.due == now_;
  if (due)
    hazard_due(slot);
  else
    set_clock(slot);
  return due;
}

void Simulation::hazard_due(std::uint32_t slot) {
  const std::uint32_t type = clocks_[slot].which;
  if (type == kNoSlot) {
    refresh_hazards(slot, true);
    return;
  }
  const Client& client = clients_[slot];
  Hazard& hazard = hazards_[static_cast<std::size_t>(slot) * model_.events.size() + type];
  const std::uint32_t occurrence = hazard.occurrence++;
  draw_threshold(client, type, hazard);
  hazard.left += rate_of(hazard) * factor_between(type, clocks_[slot].since, now_);  // refresh takes this off again
  refresh_hazards(slot, true);
  const EventType& event = model_.events[type];
  const std::uint32_t word = draw(run_, client.key, Purpose::event, event.draw_id, occurrence).w[2];
  happened(slot, type, event.choices, word, occurrence);
}

}  // namespace tl
