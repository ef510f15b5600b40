#include <algorithm>

#include "sim/simulation.hpp"

// Requests, queues, handoffs.
namespace tl {

// --- asking
// -----------------------------------------------------------------------------------------------------------

void Simulation::ask_transfer(std::uint32_t slot, RouteId id, std::uint32_t goal) {
  const Route& route = model_.routes[id.index()];
  Client& client = clients_[slot];
  const std::uint32_t visit = next_visit(client, goal);
  SettingTally& tally = tally_.setting(goal);
  Place& place = places_[goal];
  ++tally.requests;
  if (!placing_initial_ && has_unit_to_spare(place)) {
    count_wait(goal, client, 0);
    if (!hand_off(slot, goal, visit, id, client.place, kNoSlot)) admit(slot, goal, visit, admission_effect(id, false));
    return;
  }
  const bool in_bed = route.waiting == Waiting::in_place && client.place != kNoSlot &&
                      model_.settings[client.place].capacity != kUnlimited;
  if (refused(client, goal, !in_bed)) {
    ++tally.refused;
    follow_route(slot, model_.settings[goal].on_refuse);
    return;
  }
  const std::uint32_t request = enqueue(slot, goal, visit, RequestKind::transfer, id, now_);
  clients_[slot].transfer = request;
  requests_[request].outside_beds = !in_bed;
  ++(in_bed ? place.waiting_in_place : place.waiting_outside);
  const bool waits_here = route.waiting == Waiting::in_place && client.place != kNoSlot;
  if (waits_here) {
    set_boarding(slot);
    touch(slot);
  } else if (route.waiting == Waiting::place) {
    const std::uint32_t wait_place = route.wait_place.index();
    if (client.place != wait_place)
      admit(slot, wait_place, next_visit(client, wait_place), waiting_effect(id));
    else
      touch(slot);
  } else {
    admit(slot, model_.settings[goal].line.index(), 0, waiting_effect(id));
  }
}

void Simulation::ask_standing(std::uint32_t slot, std::uint32_t goal, bool keep, std::int64_t asked) {
  Client& client = clients_[slot];
  if (client.granted != kNoSlot && requests_[client.granted].kind == RequestKind::standing &&
      (keep || requests_[client.granted].goal == goal))
    return;  // on the way there already
  const std::uint32_t there = find_request(client, RequestKind::standing, std::nullopt);
  if (there != kNoSlot) {
    if (keep || requests_[there].goal == goal) return;  // asking again for the same keeps the rank
    close(there, RequestEnd::replaced);
  }
  if (client.place == goal) return;  // already there
  const std::uint32_t visit = next_visit(client, goal);
  SettingTally& tally = tally_.setting(goal);
  Place& place = places_[goal];
  ++tally.requests;
  const bool in_bed = client.place != kNoSlot && model_.settings[client.place].capacity != kUnlimited;
  const bool can_come = !placing_initial_ && client.granted == kNoSlot;
  if (can_come && has_unit_to_spare(place)) {
    count_wait(goal, client, 0);
    if (client.transfer != kNoSlot) close(client.transfer, RequestEnd::dropped);
    if (!hand_off(slot, goal, visit, RouteId{}, client.place, kNoSlot))
      admit(slot, goal, visit, admission_effect(RouteId{}, false));
    return;
  }
  if (refused(client, goal, !in_bed)) {
    ++tally.refused;
    return;  // whoever is refused a standing request stays where they are
  }
  const std::uint32_t request = enqueue(slot, goal, visit, RequestKind::standing, RouteId{}, asked);
  requests_[request].outside_beds = !in_bed;
  ++(in_bed ? place.waiting_in_place : place.waiting_outside);
}

void Simulation::ask_program(std::uint32_t slot, std::uint32_t program, std::int64_t asked) {
  Client& client = clients_[slot];
  if (enrolled(client, program) || find_request(client, RequestKind::program, program) != kNoSlot) return;
  const std::uint32_t visit = next_visit(client, program);
  SettingTally& tally = tally_.setting(program);
  Place& place = places_[program];
  ++tally.requests;
  if (!placing_initial_ && has_unit_to_spare(place)) {
    count_wait(program, client, 0);
    enrol(slot, program, visit);
    return;
  }
  if (refused(client, program, true)) {
    ++tally.refused;
    return;
  }
  const std::uint32_t request = enqueue(slot, program, visit, RequestKind::program, RouteId{}, asked);
  requests_[request].outside_beds = true;
  ++place.waiting_outside;
  touch(slot);
}

bool Simulation::refused(const Client& client, std::uint32_t goal, bool outside_beds) const {
  const Setting& setting = model_.settings[goal];
  const TableId limit = outside_beds ? setting.limit : setting.limit_in_place;
  if (!limit.exists() || placing_initial_) return false;
  const std::uint32_t waiting = outside_beds ? places_[goal].waiting_outside : places_[goal].waiting_in_place;
  return static_cast<double>(waiting) >= number(limit, client);
}

// --- queues
// -----------------------------------------------------------------------------------------------------------

std::uint32_t Simulation::enqueue(std::uint32_t slot, std::uint32_t goal, std::uint32_t visit, RequestKind kind,
                                  RouteId route, std::int64_t asked) {
  const std::uint32_t id = requests_.take();
  Request& request = requests_[id];
  Client& client = clients_[slot];
  const Setting& setting = model_.settings[goal];
  request.number = client.number;
  request.client = slot;
  request.asked = asked;
  request.goal = goal;
  request.visit = visit;
  request.kind = kind;
  request.route = route.exists() ? route.index() : kNoSlot;
  request.origin = client.place;
  request.next_of_client = client.first_request;
  client.first_request = id;
  tally_.setting(goal).waiting.change(1, now_);
  request.rank = setting.rank.exists() ? static_cast<std::uint8_t>(cell(setting.rank, client)) : std::uint8_t{0};
  if (client.granted == kNoSlot || kind == RequestKind::program) link(id);
  if (setting.patience.exists()) {
    const double u = uniform32(draw(run_, client.key, Purpose::visit, setting.draw_id, visit).w[2]);
    const DistributionId patience{cell(setting.patience, client)};
    const double days = asked == now_ ? 0.0 : SimTime::from_micros(now_ - asked).days();
    const std::int64_t left =
        days > 0.0 ? SimTime::from_days(
                         std::max(0.0, remaining_quantile(model_.distributions[patience.index()], model_.distributions,
                                                          model_.distribution_tables, days, u)))
                         .micros()
                   : length(patience, u, 0.5);
    request.patience_due = now_ + std::min(left, kNever - now_);
    schedule(Event::make(request.patience_due, Phase::give_up, request.number, EventKind::request, id));
  }
  return id;
}

void Simulation::link(std::uint32_t id) {
  Request& request = requests_[id];
  Place& place = places_[request.goal];
  if (!request.listed) place.waiting.insert(requests_, id);
  request.listed = request.queued = true;
  ++place.queued;
  offer(request.goal);
}

void Simulation::unlink(std::uint32_t id) {
  Request& request = requests_[id];
  Place& place = places_[request.goal];
  if (request.listed) place.waiting.erase(requests_, id);
  if (request.queued) --place.queued;
  request.listed = request.queued = false;
}

/// The first who can come. Those found parked at the head leave the list: so parking costs nothing where, as mostly,
/// the client is back before their turn comes.
std::uint32_t Simulation::first_in_line(Place& place) {
  while (!requests_[place.waiting.first()].queued) {
    const std::uint32_t parked = place.waiting.first();
    place.waiting.erase(requests_, parked);
    requests_[parked].listed = false;
  }
  return place.waiting.first();
}

void Simulation::rerank(std::uint32_t slot) {
  const Client& client = clients_[slot];
  for (std::uint32_t id = client.first_request; id != kNoSlot; id = requests_[id].next_of_client) {
    Request& request = requests_[id];
    const TableId rank_table = model_.settings[request.goal].rank;
    if (!rank_table.exists() || !request.queued) continue;
    const auto rank = static_cast<std::uint8_t>(cell(rank_table, client));
    if (rank == request.rank) continue;
    unlink(id);
    request.rank = rank;
    link(id);
  }
}

void Simulation::park(std::uint32_t slot, bool parked) {
  const Client& client = clients_[slot];
  for (std::uint32_t id = client.first_request; id != kNoSlot; id = requests_[id].next_of_client) {
    Request& request = requests_[id];
    if (request.kind == RequestKind::program || id == client.granted || request.queued != parked) continue;
    if (parked) {
      request.queued = false;
      --places_[request.goal].queued;
      continue;
    }
    const TableId rank_table = model_.settings[request.goal].rank;
    const auto rank = rank_table.exists() ? static_cast<std::uint8_t>(cell(rank_table, client)) : request.rank;
    if (rank != request.rank) unlink(id);
    request.rank = rank;
    link(id);
  }
}

void Simulation::close(std::uint32_t id, RequestEnd how) {
  Request& request = requests_[id];
  Client& client = clients_[request.client];
  const std::uint32_t slot = request.client;
  SettingTally& tally = tally_.setting(request.goal);
  Place& place = places_[request.goal];
  const bool was_granted = client.granted == id;
  unlink(id);
  if (was_granted) {
    if (how != RequestEnd::admitted) ++tally.failed_grants;
    tally.reserved.change(-1, now_);
    client.granted = kNoSlot;
    free_unit(request.goal);
  } else {
    tally.waiting.change(-1, now_);
    tally.ended_wait_micros += now_ - request.asked;
    --(request.outside_beds ? place.waiting_outside : place.waiting_in_place);
  }
  switch (how) {
    case RequestEnd::admitted:
    case RequestEnd::refused:
      break;  // counted where they happen
    case RequestEnd::reneged:
      ++tally.reneged;
      break;
    case RequestEnd::replaced:
      ++tally.replaced;
      break;
    case RequestEnd::dropped:
      ++tally.dropped;
      break;
    case RequestEnd::lost:
      ++tally.lost;
      break;
    case RequestEnd::client_left:
      ++tally.client_left;
      break;
  }
  std::uint32_t* link_to = &client.first_request;
  while (*link_to != id) link_to = &requests_[*link_to].next_of_client;
  *link_to = request.next_of_client;
  if (client.transfer == id) client.transfer = kNoSlot;
  requests_.give_back(id);
  set_boarding(slot);
  if (was_granted && how != RequestEnd::client_left) park(slot, false);
}

void Simulation::close_if_any(std::uint32_t slot, RequestEnd how, bool transfers_only) {
  const Client& client = clients_[slot];
  if (client.transfer != kNoSlot) close(client.transfer, how);
  // A handoff under way ends with the move that overtakes it, whoever had asked for it.
  if (client.granted != kNoSlot) close(client.granted, how);
  if (transfers_only) return;
  while (client.first_request != kNoSlot) close(client.first_request, how);
}

std::uint32_t Simulation::find_request(const Client& client, RequestKind kind,
                                       std::optional<std::uint32_t> goal) const {
  for (std::uint32_t id = client.first_request; id != kNoSlot; id = requests_[id].next_of_client)
    if (requests_[id].kind == kind && id != client.granted && (!goal || requests_[id].goal == *goal)) return id;
  return kNoSlot;
}

void Simulation::give_up(std::uint32_t id) {
  const std::uint32_t slot = requests_[id].client;
  const std::uint32_t goal = requests_[id].goal;
  const RequestKind kind = requests_[id].kind;
  close(id, RequestEnd::reneged);
  if (kind == RequestKind::transfer)
    follow_route(slot, model_.settings[goal].on_renege);
  else
    touch(slot);
}

// --- grants and handoffs
// ----------------------------------------------------------------------------------------------

void Simulation::grant(std::uint32_t id) {
  const Request request = requests_[id];
  const std::uint32_t slot = request.client;
  count_wait(request.goal, clients_[slot], now_ - request.asked);
  if (request.kind == RequestKind::program) {
    close(id, RequestEnd::admitted);
    enrol(slot, request.goal, request.visit);
    return;
  }
  Client& client = clients_[slot];
  if (request.kind == RequestKind::standing && client.transfer != kNoSlot) close(client.transfer, RequestEnd::dropped);
  const RouteId route = request.route == kNoSlot ? RouteId{} : RouteId{request.route};
  // A transfer comes from where it was asked for, wherever the client waits; a standing request fetches the client from
  // the place of today.
  const bool from_here = request.kind == RequestKind::standing && client.place != kNoSlot &&
                         model_.settings[client.place].kind == SettingKind::place;
  const std::uint32_t origin = from_here ? client.place : request.origin;
  if (hand_off(slot, request.goal, request.visit, route, origin, id)) return;
  close(id, RequestEnd::admitted);
  admit(slot, request.goal, request.visit, admission_effect(route, false));
}

const Handoff* Simulation::handoff_between(RouteId route, std::uint32_t from, std::uint32_t to) const {
  if (route.exists() && model_.routes[route.index()].handoff_given) {
    const HandoffId given = model_.routes[route.index()].handoff;
    return given.exists() ? &model_.handoffs[given.index()] : nullptr;
  }
  if (model_.department_handoffs.empty() || from == kNoSlot) return nullptr;
  const std::uint32_t row = model_.settings[from].department, column = model_.settings[to].department;
  const HandoffId standing = model_.department_handoffs[row * model_.department_count + column];
  return standing.exists() ? &model_.handoffs[standing.index()] : nullptr;
}

bool Simulation::hand_off(std::uint32_t slot, std::uint32_t goal, std::uint32_t visit, RouteId route,
                          std::uint32_t origin, std::uint32_t id) {
  const Handoff* handoff = handoff_between(route, origin, goal);
  if (handoff == nullptr) return false;
  Client& client = clients_[slot];
  const Block block = draw(run_, client.key, Purpose::handoff, model_.settings[goal].draw_id, visit);
  const std::int64_t delay =
      handoff->delay.exists() ? length(handoff->delay, client, uniform53(block.w[0], block.w[1]), uniform32(block.w[3]))
                              : 0;
  const bool lost = handoff->lost.exists() && uniform32(block.w[2]) < number(handoff->lost, client);
  if (delay == 0 && !lost) return false;
  if (id == kNoSlot) {  // granted at once: the request begins its life here
    id = requests_.take();
    Request& made = requests_[id];
    made.number = client.number;
    made.client = slot;
    made.asked = now_;
    made.goal = goal;
    made.visit = visit;
    made.kind = route.exists() ? RequestKind::transfer : RequestKind::standing;
    made.next_of_client = client.first_request;
    client.first_request = id;
    if (made.kind == RequestKind::transfer) client.transfer = id;
  } else {
    SettingTally& tally = tally_.setting(goal);
    unlink(id);
    tally.waiting.change(-1, now_);
    tally.ended_wait_micros += now_ - requests_[id].asked;
    Place& place = places_[goal];
    --(requests_[id].outside_beds ? place.waiting_outside : place.waiting_in_place);
  }
  Request& request = requests_[id];
  request.route = route.exists() ? route.index() : kNoSlot;
  request.origin = origin;
  request.patience_due = kNever;
  request.will_be_lost = lost;
  request.handoff_due = now_ + delay;
  client.granted = id;
  --places_[goal].free;
  tally_.setting(goal).reserved.change(1, now_);
  park(slot, true);
  set_boarding(slot);
  schedule(Event::make(request.handoff_due, Phase::hold_end, request.number, EventKind::request, id));
  if (handoff->during.exists() && client.place != handoff->during.index())
    admit(slot, handoff->during.index(), next_visit(client, handoff->during.index()), waiting_effect(route));
  else
    touch(slot);
  return true;
}

void Simulation::handoff_ended(std::uint32_t id) {
  const Request request = requests_[id];
  const std::uint32_t slot = request.client;
  const RouteId route = request.route == kNoSlot ? RouteId{} : RouteId{request.route};
  if (!request.will_be_lost) {
    close(id, RequestEnd::admitted);
    admit(slot, request.goal, request.visit, admission_effect(route, false));
    return;
  }
  const RouteId lost_to = handoff_between(route, request.origin, request.goal)->lost_to;
  close(id, RequestEnd::lost);
  follow_route(slot, lost_to);
}

}  // namespace tl
