#include <algorithm>

#include "sim/simulation_inline.hpp"

// Requests and the queues they stand in.
namespace tl {

std::uint32_t Simulation::make_request(const Grant& grant, std::int64_t asked) {
  const std::uint32_t id = requests_.take();
  Request& request = requests_[id];
  Client& client = clients_[grant.slot];
  request.number = client.number;
  request.client = grant.slot;
  request.asked = asked;
  request.since = grant.since;
  request.goal = grant.goal;
  request.visit = grant.visit;
  request.kind = grant.kind;
  request.route = grant.route.exists() ? grant.route.index() : kNoSlot;
  request.origin = grant.origin;
  request.resumes = grant.resumes;
  if (grant.terms.exists()) {
    request.terms = grant.terms.index();
    request.track = model_.terms[request.terms].track;
  }
  request.next_of_client = client.first_request;
  client.first_request = id;
  return id;
}

std::uint32_t Simulation::enqueue(const Grant& grant, std::int64_t asked) {
  const std::uint32_t id = make_request(grant, asked);
  const Client& client = clients_[grant.slot];
  const Setting& setting = model_.settings[grant.goal];
  count_waiting(client, grant.goal, 1);
  if (client.granted != kNoSlot && grant.kind != RequestKind::program) requests_[id].barred = bar::handoff;
  count_bars(requests_[id], 1);
  if (is_more(requests_[id])) {
    join_queues(id);
  } else if (requests_[id].barred == 0) {
    requests_[id].order = setting.rank.exists() ? static_cast<double>(cell(setting.rank, client)) : 0.0;
    link(id);
  }
  if (setting.patience.exists()) {
    set_patience(id, asked, visit_block(client, grant.goal, grant.visit));
    if (is_more(requests_[id])) review_patience(id);
  }
  return id;
}

/// @param block  the bits of the visit asked for
void Simulation::set_patience(std::uint32_t id, std::int64_t asked, const Block& block) {
  Request& request = requests_[id];
  const double u = uniform32(block.w[2]);
  const DistributionId patience{cell(model_.settings[request.goal].patience, clients_[request.client])};
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

/// The queues of its goal and of its options, for requests that are more than a goal without conditions.
void Simulation::join_queues(std::uint32_t id) {
  if (requests_[id].terms != kNoSlot) make_listings(id);
  review_one(id);
  schedule_wake(id);
  for (std::uint32_t at = id; at != kNoSlot; at = requests_[at].next_listing) {
    Request& request = requests_[at];
    if (request.queued || request.barred != 0) continue;
    request.order = order_of(request);
    link(at);
  }
}

void Simulation::link(std::uint32_t id) {
  Request& request = requests_[id];
  Place& place = places_[request.goal];
  if (!request.listed) place.waiting.insert(requests_, id);
  request.listed = request.queued = true;
  ++place.queued;
  if (place.free > 0 || place.has_more) offer(request.goal);
}

void Simulation::unlink(std::uint32_t id) {
  Request& request = requests_[id];
  Place& place = places_[request.goal];
  if (request.listed) place.waiting.erase(requests_, id);
  if (request.queued) --place.queued;
  request.listed = request.queued = false;
  // one who needed more units than were left may have stood before others
  if (places_[request.goal].has_more) offer(request.goal);
}

/// The first who can come. Those found barred at the head leave the list: so parking costs nothing where, as mostly,
/// the client is back before their turn comes.
std::uint32_t Simulation::first_in_line(Place& place) {
  while (!requests_[place.waiting.first()].queued) {
    const std::uint32_t parked = place.waiting.first();
    place.waiting.erase(requests_, parked);
    requests_[parked].listed = false;
  }
  return place.waiting.first();
}

double Simulation::order_of(const Request& request) const {
  const Setting& setting = model_.settings[request.goal];
  if (setting.has_more && model_.more[request.goal].score.exists()) return score_order(request);
  return setting.rank.exists() ? static_cast<double>(cell(setting.rank, clients_[request.client])) : 0.0;
}

void Simulation::reorder(std::uint32_t id) {
  const double order = order_of(requests_[id]);
  if (order == requests_[id].order) return;
  unlink(id);
  requests_[id].order = order;
  link(id);
}

/// The client's state may be another: ranks, and what keeps requests from being granted.
void Simulation::review(std::uint32_t slot) {
  const Client& client = clients_[slot];
  bool more = false;
  for (std::uint32_t id = client.first_request; id != kNoSlot; id = requests_[id].next_of_client) {
    if (is_more(requests_[id]))
      more = true;
    else if (requests_[id].queued && model_.settings[requests_[id].goal].rank.exists())
      reorder(id);
  }
  if (more) review_more(slot);
  if (client.boards) suspects_.push_back(slot);
}

/// In the queue while nothing bars it.
void Simulation::set_bars(std::uint32_t id, std::uint8_t bars) {
  Request& request = requests_[id];
  if (request.barred == bars) return;
  const bool was_free = request.barred == 0;
  const bool waits = request.main == kNoSlot && clients_[request.client].granted != id;
  if (waits) count_bars(request, -1);
  request.barred = bars;
  if (waits) count_bars(request, 1);
  if (was_free) {
    if (request.queued) --places_[request.goal].queued;
    request.queued = false;
    if (places_[request.goal].has_more) offer(request.goal);
    if (request.main == kNoSlot) tell(StoryKind::parked, request.client, request.goal);
  } else if (bars == 0) {
    const double order = order_of(request);
    if (order != request.order) unlink(id);
    request.order = order;
    link(id);
    if (request.main == kNoSlot) tell(StoryKind::unparked, request.client, request.goal);
  }
}

void Simulation::park(std::uint32_t slot, bool parked) {
  const Client& client = clients_[slot];
  for (std::uint32_t id = client.first_request; id != kNoSlot; id = requests_[id].next_of_client) {
    if (requests_[id].kind == RequestKind::program || id == client.granted) continue;
    for (std::uint32_t at = id; at != kNoSlot; at = requests_[at].next_listing) {
      const std::uint8_t others = requests_[at].barred & static_cast<std::uint8_t>(~bar::handoff);
      set_bars(at, parked ? static_cast<std::uint8_t>(others | bar::handoff) : others);
    }
  }
}

/// Out of all queues, at a grant or at its end.
void Simulation::stop_waiting(std::uint32_t id) {
  if (requests_[id].next_listing != kNoSlot) drop_listings(id);
  unlink(id);
  const Request& request = requests_[id];
  SettingTally& tally = tally_.setting(request.goal);
  Place& place = places_[request.goal];
  count_bars(request, -1);
  count_waiting(clients_[request.client], request.goal, -1);
  tally.ended_wait_micros += now_ - request.asked;
  --(request.outside_beds ? place.waiting_outside : place.waiting_in_place);
}

void Simulation::count_end(std::uint32_t setting, const Client& client, RequestEnd how) {
  std::uint64_t SettingTally::*counter = nullptr;
  switch (how) {
    case RequestEnd::admitted:
    case RequestEnd::refused:
      return;  // counted where they happen
    case RequestEnd::reneged:
      counter = &SettingTally::reneged;
      break;
    case RequestEnd::replaced:
      counter = &SettingTally::replaced;
      break;
    case RequestEnd::dropped:
      counter = &SettingTally::dropped;
      break;
    case RequestEnd::lost:
      counter = &SettingTally::lost;
      break;
    case RequestEnd::client_left:
      counter = &SettingTally::client_left;
      break;
  }
  count(client, [&](Tally& tally) { ++(tally.setting(setting).*counter); });
}

void Simulation::close(std::uint32_t id, RequestEnd how) {
  const Request& request = requests_[id];
  Client& client = clients_[request.client];
  const std::uint32_t slot = request.client;
  const bool was_granted = client.granted == id;
  if (how != RequestEnd::admitted && request.kind != RequestKind::interim) {
    if (was_granted) ++tally_.setting(counted_at(request)).failed_grants;
    count_end(counted_at(request), client, how);
    if (how == RequestEnd::dropped || how == RequestEnd::replaced)
      tell(how == RequestEnd::dropped ? StoryKind::dropped : StoryKind::replaced, slot, counted_at(request));
  }
  if (was_granted) {
    client.granted = kNoSlot;
    release_reserved(request.goal, request.units);
  } else {
    stop_waiting(id);
  }
  if (request.resumes && how != RequestEnd::admitted) forget_interrupted(slot);
  std::uint32_t* link_to = &client.first_request;
  while (*link_to != id) link_to = &requests_[*link_to].next_of_client;
  *link_to = request.next_of_client;
  if (client.transfer == id) client.transfer = kNoSlot;
  requests_.give_back(id);
  if (client.boards || client.transfer != kNoSlot) set_boarding(slot);
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

std::uint32_t Simulation::find_request(const Client& client, RequestKind kind, std::optional<std::uint32_t> goal,
                                       std::uint8_t track) const {
  for (std::uint32_t id = client.first_request; id != kNoSlot; id = requests_[id].next_of_client) {
    const Request& request = requests_[id];
    if (request.kind == kind && id != client.granted && (!goal || request.goal == *goal) &&
        (track == kAnyTrack || request.track == track))
      return id;
  }
  return kNoSlot;
}

void Simulation::drop_requests(std::uint32_t slot, std::optional<std::uint32_t> goal, std::uint8_t track) {
  for (;;) {
    const std::uint32_t request = find_request(clients_[slot], RequestKind::standing, goal, track);
    if (request == kNoSlot) break;
    close(request, RequestEnd::dropped);
  }
  if (!goal) return;
  const std::uint32_t request = find_request(clients_[slot], RequestKind::program, goal, kAnyTrack);
  if (request != kNoSlot) close(request, RequestEnd::dropped);
}

void Simulation::give_up(std::uint32_t id) {
  const Request request = requests_[id];
  const std::uint32_t slot = request.client;
  tell(StoryKind::gave_up, slot, request.goal, now_ - request.asked);
  close(id, RequestEnd::reneged);
  if (request.kind == RequestKind::transfer)
    follow_route(slot, model_.settings[request.goal].on_renege);
  else
    touch(slot);
}

}  // namespace tl
