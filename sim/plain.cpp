#include <algorithm>

#include "sim/simulation_inline.hpp"

// The moves that nearly all clients make: out of the model, or to a place that asks for no more than a free unit, and
// there into its line when none is free. Each function here does what the general one does for such a move, without
// asking after what cannot be: so both must always give the same, which the tests hold against each other by running
// models with a watcher too, who sees no plain move.
namespace tl {

void Simulation::find_plain_moves() {
  for (std::uint32_t s = 0; s < model_.settings.size(); ++s) {
    const Setting& setting = model_.settings[s];
    const bool in_and_out = setting.kind == SettingKind::place || setting.kind == SettingKind::line;
    plain_settings_.push_back(in_and_out && !setting.has_more && return_index_[s] == kNoSlot &&
                              !setting.turnaround.exists() && setting.on_entry.count == 0);
  }
  for (const Route& route : model_.routes) {
    PlainRoute plain = PlainRoute::no;
    if (route.actions.count > 0 || route.delay.exists())
      plain = PlainRoute::no;
    else if (route.kind == RouteKind::leave)
      plain = PlainRoute::leave;
    else if (route.kind == RouteKind::move && !route.terms.exists() && plain_settings_[route.goal.index()] &&
             model_.settings[route.goal.index()].kind == SettingKind::place)
      plain = PlainRoute::move;
    plain_routes_.push_back(plain);
  }
}

/// The client waits for nothing, is enrolled in nothing and is nowhere that wants to know.
inline bool Simulation::may_go_plainly(const Client& client, RouteId id) const {
  const PlainRoute plain = plain_routes_[id.index()];
  if (!moves_plainly_ || plain == PlainRoute::no || client.first_request != kNoSlot ||
      client.first_enrolment != kNoSlot || (client.place != kNoSlot && !places_[client.place].plain))
    return false;
  return plain == PlainRoute::leave ||
         handoff_between(id, client.place, model_.routes[id.index()].goal.index()) == nullptr;
}

/// Out of the present place, if there is one.
inline void Simulation::move_out_plainly(Client& client) {
  const std::uint32_t from = client.place;
  if (from == kNoSlot) return;
  tally_.census(from, -1, now_);
  ++tally_.setting(from).departures;
  count_stay(from, client, now_ - client.placed);
  Place& place = places_[from];
  ++place.free;
  if (place.queued > 0) offer(from);
}

inline void Simulation::move_in_plainly(Client& client, std::uint32_t setting, std::uint32_t visit) {
  begin_visit(client, setting, visit);
  --places_[setting].free;
  tally_.census(setting, 1, now_);
  ++tally_.setting(setting).admissions;
}

/// @param block  the bits of this visit
inline void Simulation::stay_plainly(std::uint32_t slot, const Block& block) {
  Client& client = clients_[slot];
  client.stay_began = now_;
  if (model_.settings[client.place].stay.exists()) set_stay(slot, block);
  if (has_events_) refresh_hazards(slot, false);
}

inline void Simulation::ask_plainly(std::uint32_t slot, RouteId id, const Route& route) {
  const std::uint32_t goal = route.goal.index();
  const bool at_once = has_unit_to_spare(places_[goal]);
  if (!at_once && route.waiting != Waiting::line) {
    follow_route(slot, id);
    return;
  }
  Client& client = clients_[slot];
  const std::uint32_t visit = next_visit(client, goal);
  ++tally_.setting(goal).requests;
  if (!at_once) {
    wait_plainly(slot, id, goal, visit);
    return;
  }
  const Block block = visit_block(client, goal, visit);
  count_wait(goal, client, 0);
  if (client.place != kNoSlot && model_.settings[client.place].kind == SettingKind::place) ++tally_.transfers;
  move_out_plainly(client);
  move_in_plainly(client, goal, visit);
  stay_plainly(slot, block);
}

void Simulation::wait_plainly(std::uint32_t slot, RouteId route, std::uint32_t goal, std::uint32_t visit) {
  Client& client = clients_[slot];
  const Setting& setting = model_.settings[goal];
  if (refused(client, goal, true)) {
    ++tally_.setting(goal).refused;
    const Deeper deeper{*this, slot, goal};
    follow_route(slot, setting.on_refuse);
    return;
  }
  const std::uint32_t id = make_request(
      {slot, goal, visit, route, client.place, kNoSlot, RequestKind::transfer, TermsId{}, now_, false, 1}, now_);
  Request& request = requests_[id];
  request.drawn = visit_block(client, goal, visit);
  request.plain = request.outside_beds = true;
  if (setting.rank.exists()) request.order = static_cast<double>(cell(setting.rank, client));
  link(id);
  if (setting.patience.exists()) set_patience(id, now_, request.drawn);
  tally_.setting(goal).waiting.change(1, now_);
  client.transfer = id;
  ++places_[goal].waiting_outside;
  move_out_plainly(client);
  move_in_plainly(client, setting.line.index(), 0);
  if (setting.rank.exists()) review(slot);
  if (has_events_) refresh_hazards(slot, false);
}

/// The client still waits in the line, and for nothing else.
inline bool Simulation::may_grant_plainly(std::uint32_t id) const {
  const Request& request = requests_[id];
  const Client& client = clients_[request.client];
  return request.plain && client.first_request == id && request.next_of_client == kNoSlot && client.place != kNoSlot &&
         model_.settings[client.place].kind == SettingKind::line && places_[client.place].plain;
}

/// @returns false when it is not a plain move's request; nothing has happened then
bool Simulation::grant_plainly(std::uint32_t id) {
  if (!may_grant_plainly(id)) return false;
  const Request& request = requests_[id];
  const std::uint32_t slot = request.client, goal = request.goal, visit = request.visit;
  const Block drawn = request.drawn;
  Client& client = clients_[slot];
  const std::int64_t waited = now_ - request.asked;
  count_wait(goal, client, waited);
  unlink(id);
  SettingTally& tally = tally_.setting(goal);
  tally.waiting.change(-1, now_);
  tally.ended_wait_micros += waited;
  --places_[goal].waiting_outside;
  client.first_request = client.transfer = kNoSlot;
  requests_.give_back(id);
  move_out_plainly(client);
  move_in_plainly(client, goal, visit);
  stay_plainly(slot, drawn);
  return true;
}

inline void Simulation::leave_plainly(std::uint32_t slot, ReasonId reason) {
  Client& client = clients_[slot];
  move_out_plainly(client);
  give_back_visits(client);
  ++tally_.left;
  ++tally_.reasons[reason.index()];
  tally_.present.change(-1, now_);
  if (has_events_) clocks_[slot].due = kNever;
  clients_.give_back(slot);
}

/// @returns false when the move is not a plain one; nothing has happened then
bool Simulation::go_plainly(std::uint32_t slot, RouteId id) {
  if (!may_go_plainly(clients_[slot], id)) return false;
  const Route& route = model_.routes[id.index()];
  if (route.kind == RouteKind::leave)
    leave_plainly(slot, route.reason);
  else
    ask_plainly(slot, id, route);
  return true;
}

}  // namespace tl
