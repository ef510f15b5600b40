#include <algorithm>

#include "sim/simulation_inline.hpp"

// Units: how many a client needs, and pools of units that several settings share.
namespace tl {

std::uint16_t Simulation::units_more(std::uint32_t setting, const Client& client) const {
  const TableId takes = model_.more[setting].takes;
  if (!takes.exists()) return 1;
  return static_cast<std::uint16_t>(std::clamp(number(takes, client), 1.0, 65535.0));
}

void Simulation::take_from_pool(std::uint32_t setting, std::int64_t units) {
  const SettingId pool = model_.more[setting].pool;
  if (pool.exists()) places_[pool.index()].free -= units;
}

void Simulation::free_in_pool(std::uint32_t setting, std::int64_t units) {
  const SettingId pool = model_.more[setting].pool;
  if (!pool.exists()) return;
  places_[pool.index()].free += units;
  offer_pool(pool.index());
}

/// The units that became free may be used by any of the settings that share them.
void Simulation::offer_pool(std::uint32_t pool) {
  for (std::uint32_t s = 0; s < places_.size(); ++s)
    if (places_[s].queued > 0 && pool_of(s) == SettingId{pool}) offer(s);
}

void Simulation::count_units(std::uint32_t setting, Level SettingTally::*which, std::int64_t units) {
  (tally_.setting(setting).*which).change(units, now_);
  if (tally_.setting(setting).waiting.now() != 0) stir(setting);
  const SettingId pool = pool_of(setting);
  if (!pool.exists()) return;
  (tally_.setting(pool.index()).*which).change(units, now_);
  for (std::uint32_t s = 0; s < places_.size(); ++s)
    if (pool_of(s) == pool) stir(s);
}

void Simulation::reserve(std::uint32_t setting, std::int64_t units) {
  take_units(setting, units);
  count_units(setting, &SettingTally::reserved, units);
}

void Simulation::release_reserved(std::uint32_t setting, std::int64_t units) {
  count_units(setting, &SettingTally::reserved, -units);
  free_units(setting, units);
}

std::int64_t Simulation::units_left(std::uint32_t setting) const {
  const SettingId pool = pool_of(setting);
  return pool.exists() ? std::min(places_[setting].free, places_[pool.index()].free) : places_[setting].free;
}

/// Units of a pool that the client has taken or given back: a pool's census.
void Simulation::count_pool(const Client& client, std::uint32_t pool, std::int64_t units) {
  tally_.census(pool, units, now_);
  if (groups_.kept())
    groups_.each(client.traits, [&](Tally& tally) { tally.setting(pool).census.change(units, now_); });
}

/// A client comes into the place: takes the units and is listed among its occupants.
void Simulation::moved_in(std::uint32_t slot, std::uint32_t setting) {
  const SettingMore& more = model_.more[setting];
  // as granted: what it takes may depend on where the client is
  const std::uint16_t units = units_coming_ > 0 ? units_coming_ : units_more(setting, clients_[slot]);
  units_coming_ = 0;
  if (more.takes.exists()) {
    if (client_units_.size() <= slot) client_units_.resize(clients_.size(), 1);
    client_units_[slot] = units;
  }
  take_units(setting, units);
  if (more.pool.exists()) count_pool(clients_[slot], more.pool.index(), units);
  if (more.occupants_known) occupants_.add(setting, slot);
}

void Simulation::moved_out(std::uint32_t slot, std::uint32_t setting) {
  const SettingMore& more = model_.more[setting];
  if (more.pool.exists()) count_pool(clients_[slot], more.pool.index(), -units_held(slot));
  if (more.occupants_known) occupants_.remove(setting, slot);
}

void Simulation::enrolled_in(std::uint32_t id) {
  const Enrolment& enrolment = enrolments_[id];
  const SettingMore& more = model_.more[enrolment.program];
  take_units(enrolment.program, enrolment.units);
  if (more.pool.exists()) count_pool(clients_[enrolment.client], more.pool.index(), enrolment.units);
  if (more.occupants_known) members_.add(enrolment.program, id);
}

void Simulation::enrolment_left(std::uint32_t id) {
  const Enrolment& enrolment = enrolments_[id];
  const SettingMore& more = model_.more[enrolment.program];
  if (more.pool.exists())
    count_pool(clients_[enrolment.client], more.pool.index(), -static_cast<std::int64_t>(enrolment.units));
  if (more.occupants_known) members_.remove(enrolment.program, id);
}

std::int64_t Simulation::units_held(std::uint32_t slot) const {
  const std::uint32_t place = clients_[slot].place;
  const bool counted = places_[place].has_more && model_.more[place].takes.exists();
  return counted ? client_units_[slot] : 1;
}

/// What the queue of the setting will take of `pool_left` and of the setting's own units when the instant ends.
/// @returns the units then left to the setting; 0 when someone eligible stays ahead
std::int64_t Simulation::left_behind_queue(std::uint32_t setting, std::int64_t& pool_left) const {
  const Place& place = places_[setting];
  std::int64_t own = place.free;
  std::uint32_t to_see = place.closed ? 0 : place.queued;
  for (std::uint32_t id = place.waiting.first(); to_see > 0; id = place.waiting.after(requests_, id)) {
    const Request& request = requests_[id];
    if (!request.queued) continue;
    --to_see;
    if (request.units <= std::min(own, pool_left)) {
      own -= request.units;
      pool_left -= request.units;
    } else if (!model_.more[setting].first_fit) {
      return 0;
    }
  }
  return std::min(own, pool_left);
}

bool Simulation::can_take_more(std::uint32_t setting, const Client& client) const {
  const SettingMore& more = model_.more[setting];
  const Place& place = places_[setting];
  if (place.closed || more.least_wait > SimTime{} || lacks_assessment(setting, client)) return false;
  const std::uint16_t units = units_more(setting, client);
  if (units_left(setting) < units) return false;
  if (!more.takes.exists() && !more.pool.exists()) return has_unit_to_spare(place);
  std::int64_t pool_left = kNever;
  if (more.pool.exists()) {
    pool_left = places_[more.pool.index()].free;
    for (std::uint32_t s = 0; s < places_.size(); ++s)
      if (s != setting && places_[s].queued > 0 && is_offered(s) && pool_of(s) == more.pool)
        left_behind_queue(s, pool_left);
  }
  return left_behind_queue(setting, pool_left) >= units;
}

}  // namespace tl
