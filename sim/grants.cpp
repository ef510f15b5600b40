#include <algorithm>

#include "sim/simulation_inline.hpp"

// Grants, and the handoffs that follow them.
namespace tl {

/// @param listing  the request, or its listing at an alternate or interim
void Simulation::grant(std::uint32_t listing) {
  if (grant_plainly(listing)) return;
  const std::uint32_t id = requests_[listing].main == kNoSlot ? listing : requests_[listing].main;
  if (id != listing && is_interim(requests_[listing])) {
    grant_interim(listing);
    return;
  }
  const Request& request = requests_[id];
  const std::uint32_t slot = request.client, to = requests_[listing].goal;
  Client& client = clients_[slot];
  count_wait(request.goal, client, now_ - request.asked);
  tell(StoryKind::granted, slot, to, now_ - request.asked);
  const RouteId route = request.route == kNoSlot ? RouteId{} : RouteId{request.route};
  // A transfer comes from where it was asked for, wherever the client waits; a standing request fetches the client from
  // the place of today.
  const bool from_here = request.kind == RequestKind::standing && client.place != kNoSlot &&
                         model_.settings[client.place].kind == SettingKind::place;
  carry_out({slot, to, id == listing ? request.visit : next_visit(client, to), route,
             from_here ? client.place : request.origin, id, request.kind, terms_of(request), request.since,
             request.resumes, requests_[listing].units});
}

/// To a stop-gap: the request stays open, in the queues of what is better.
void Simulation::grant_interim(std::uint32_t listing) {
  const std::uint32_t id = requests_[listing].main, to = requests_[listing].goal;
  const std::uint32_t slot = requests_[id].client;
  Client& client = clients_[slot];
  tell(StoryKind::granted, slot, to, now_ - requests_[listing].asked);
  if (requests_[id].kind == RequestKind::standing && client.transfer != kNoSlot)
    close(client.transfer, RequestEnd::dropped);
  const bool here = client.place != kNoSlot && model_.settings[client.place].kind == SettingKind::place;
  const std::uint32_t origin = here ? client.place : requests_[id].origin;
  const RouteId route = requests_[id].route == kNoSlot ? RouteId{} : RouteId{requests_[id].route};
  requests_[id].origin = to;
  carry_out({slot, to, next_visit(client, to), route, origin, kNoSlot, RequestKind::interim, terms_of(requests_[id]),
             requests_[listing].since, false, units_of(to, client)});
}

/// A granted standing request ends the transfer and what stands on the tracks it closes.
void Simulation::close_others(const Grant& grant) {
  const Client& client = clients_[grant.slot];
  if (client.transfer != kNoSlot) close(client.transfer, RequestEnd::dropped);
  if (!grant.terms.exists()) return;
  const RequestTerms& terms = model_.terms[grant.terms.index()];
  closed_here_ |= terms.closes;
  for (std::uint8_t track = 0; track < 4; ++track) {
    if ((terms.closes >> track & 1U) == 0 || track == terms.track) continue;
    const std::uint32_t other = find_request(client, RequestKind::standing, std::nullopt, track);
    if (other != kNoSlot) close(other, RequestEnd::dropped);
  }
}

/// @returns false when this handoff takes no time and loses nobody
bool Simulation::hand_over(const Grant& grant, const Handoff* handoff) {
  const std::uint32_t slot = grant.slot, goal = grant.goal;
  Client& client = clients_[slot];
  const Block block = draw(run_, client.key, Purpose::handoff, model_.settings[goal].draw_id, grant.visit);
  const std::int64_t delay =
      handoff->delay.exists() ? length(handoff->delay, client, uniform53(block.w[0], block.w[1]), uniform32(block.w[3]))
                              : 0;
  const bool lost = handoff->lost.exists() && uniform32(block.w[2]) < number(handoff->lost, client);
  if (delay == 0 && !lost) return false;
  std::uint32_t id = grant.request;
  if (id == kNoSlot) {  // granted at once: the request begins its life here
    id = make_request(grant, now_);
    if (grant.kind == RequestKind::transfer) client.transfer = id;
  } else {
    stop_waiting(id);
  }
  Request& request = requests_[id];
  request.goal = goal;
  request.visit = grant.visit;
  request.units = grant.units;
  request.route = grant.route.exists() ? grant.route.index() : kNoSlot;
  request.origin = grant.origin;
  stop_patience(id);
  request.will_be_lost = lost;
  request.handoff_due = now_ + delay;
  client.granted = id;
  reserve(goal, request.units);
  park(slot, true);
  set_boarding(slot);
  schedule(Event::make(request.handoff_due, Phase::hold_end, request.number, EventKind::request, id));
  tell(StoryKind::handoff_begun, slot, goal, delay);
  if (handoff->during.exists() && client.place != handoff->during.index())
    admit(slot, handoff->during.index(), next_visit(client, handoff->during.index()), waiting_effect(grant.route));
  else
    touch(slot);
  return true;
}

void Simulation::handoff_ended(std::uint32_t id) {
  const Request request = requests_[id];
  const std::uint32_t slot = request.client;
  const RouteId route = request.route == kNoSlot ? RouteId{} : RouteId{request.route};
  if (request.will_be_lost) {
    const RouteId lost_to = handoff_between(route, request.origin, request.goal)->lost_to;
    tell(StoryKind::lost, slot, request.goal);
    close(id, RequestEnd::lost);
    follow_route(slot, lost_to);
    return;
  }
  const TermsId terms = terms_of(request);
  if (is_away(terms, clients_[slot])) {
    grant_failed(id);
    return;
  }
  close(id, RequestEnd::admitted);
  note_admission(slot, request.goal, request.since, request.units);
  admit(slot, request.goal, request.visit, effect_of(route, terms));
}

/// At the end of the handoff the client is where they cannot come from: the unit is offered again.
void Simulation::grant_failed(std::uint32_t id) {
  const std::uint32_t slot = requests_[id].client;
  const RequestTerms& terms = model_.terms[requests_[id].terms];
  const bool drop = terms.while_away == WhileAway::drop && requests_[id].kind == RequestKind::standing;
  if (drop || requests_[id].kind == RequestKind::interim) {
    tell(StoryKind::dropped, slot, requests_[id].goal);
    close(id, RequestEnd::dropped);
    touch(slot);
    return;
  }
  release_reserved(requests_[id].goal, requests_[id].units);
  clients_[slot].granted = kNoSlot;
  Request& request = requests_[id];
  if (request.goal != terms.goal.index()) {
    request.goal = terms.goal.index();
    request.visit = next_visit(clients_[slot], request.goal);
  }
  ++tally_.setting(request.goal).failed_grants;
  request.asked = now_;  // this wait begins now, in the old rank
  request.handoff_due = kNever;
  Place& place = places_[request.goal];
  ++(request.outside_beds ? place.waiting_outside : place.waiting_in_place);
  count_waiting(clients_[slot], request.goal, 1);
  count_bars(request, 1);
  join_queues(id);
  park(slot, false);
  set_boarding(slot);
  touch(slot);
}

std::uint32_t Simulation::next_in_line_more(std::uint32_t setting) {
  Place& place = places_[setting];
  if (place.closed) return kNoSlot;
  const SettingMore& more = model_.more[setting];
  const std::uint32_t first = first_in_line(place);
  if (fits(setting, requests_[first].units)) return first;
  if (more.preempt != Preempt::never && preempt_for(setting, first)) return first;
  if (!more.first_fit) return kNoSlot;
  for (std::uint32_t id = first; id != kNoSlot; id = place.waiting.after(requests_, id))
    if (requests_[id].queued && fits(setting, requests_[id].units)) return id;
  return kNoSlot;
}

}  // namespace tl
