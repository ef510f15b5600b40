#include <algorithm>

#include "sim/simulation_inline.hpp"

// Deadlocks: full places whose clients all wait in place for one another (semantics 4).
namespace tl {

/// Nothing but an admission to `goal` can move the client any more.
bool Simulation::is_stuck(const Client& client) const {
  if (!client.boards || client.granted != kNoSlot || client.stay_due < kNever) return false;
  if (!clocks_.empty() && clocks_[slot_of(client)].due < kNever) return false;
  for (std::size_t t = 0; t < model_.timers.size(); ++t)
    if (timers_[slot_of(client) * model_.timers.size() + t].due < kNever) return false;
  for (std::uint32_t e = client.first_enrolment; e != kNoSlot; e = enrolments_[e].next_of_client)
    if (enrolments_[e].due < kNever || (uses_while_in_ && absences_[e].ends < kNever)) return false;
  const Request& transfer = requests_[client.transfer];
  return transfer.queued && transfer.patience_due == kNever && transfer.next_listing == kNoSlot &&
         requests_[client.first_request].next_of_client == kNoSlot;
}

/// Full, of clients who all board, and no unit of it is about to become free.
bool Simulation::may_be_dead(std::uint32_t setting) const {
  const SettingTally& tally = tally_.setting(setting);
  const bool plain_units =
      !places_[setting].has_more || (!model_.more[setting].takes.exists() && !model_.more[setting].pool.exists());
  return model_.settings[setting].kind == SettingKind::place && places_[setting].free <= 0 && plain_units &&
         tally.capacity.now() > 0 && tally.census.now() > 0 && tally.boarding.now() == tally.census.now() &&
         tally.reserved.now() == 0 && tally.turnaround.now() == 0 && tally.held.now() == 0;
}

/// The largest set of places that wait for one another only, from the queues of those that may be dead.
std::vector<std::uint32_t> Simulation::dead_places() const {
  std::vector<std::uint32_t> dead;
  for (std::uint32_t s = 0; s < places_.size(); ++s)
    if (may_be_dead(s)) dead.push_back(s);
  for (;;) {
    std::vector<std::int64_t> stuck(places_.size(), 0);  // clients of each place who wait for a dead one
    for (const std::uint32_t s : dead)
      for (std::uint32_t id = places_[s].waiting.first(); id != kNoSlot; id = places_[s].waiting.after(requests_, id)) {
        const Client& client = clients_[requests_[id].client];
        if (client.transfer == id && is_stuck(client)) ++stuck[client.place];
      }
    const auto alive = [&](std::uint32_t s) { return stuck[s] != tally_.setting(s).census.now(); };
    const auto end = std::remove_if(dead.begin(), dead.end(), alive);
    if (end == dead.end()) return dead;
    dead.erase(end, dead.end());
  }
}

/// For each dead place its client with the earliest request; following goals from any of them leads into a cycle. Of
/// the cycles, the one with the earliest request.
std::vector<std::uint32_t> Simulation::earliest_cycle(const std::vector<std::uint32_t>& dead) const {
  std::vector<std::uint32_t> first(places_.size(), kNoSlot);  // request by place waited in
  const auto earlier = [&](std::uint32_t a, std::uint32_t b) {
    if (b == kNoSlot || requests_[a].since != requests_[b].since)
      return b == kNoSlot || requests_[a].since < requests_[b].since;
    return requests_[a].number < requests_[b].number;
  };
  for (const std::uint32_t s : dead)
    for (std::uint32_t id = places_[s].waiting.first(); id != kNoSlot; id = places_[s].waiting.after(requests_, id)) {
      const Client& client = clients_[requests_[id].client];
      if (client.transfer == id && is_stuck(client) && earlier(id, first[client.place])) first[client.place] = id;
    }
  std::vector<std::uint32_t> best;
  std::uint32_t best_request = kNoSlot;
  std::vector<std::uint32_t> seen(places_.size(), 0);
  std::uint32_t mark = 0;
  for (const std::uint32_t start : dead) {
    ++mark;
    std::uint32_t at = start;
    while (seen[at] == 0) {
      seen[at] = mark;
      at = requests_[first[at]].goal;
    }
    if (seen[at] != mark) continue;  // led to a cycle that is known
    std::vector<std::uint32_t> cycle;
    std::uint32_t least = kNoSlot;
    std::uint32_t place = at;
    do {
      cycle.push_back(requests_[first[place]].client);
      if (earlier(first[place], least)) least = first[place];
      place = requests_[first[place]].goal;
    } while (place != at);
    if (!earlier(least, best_request)) continue;
    best_request = least;
    best = std::move(cycle);
  }
  return best;
}

/// All out, then all in: nobody else comes between.
void Simulation::exchange(const std::vector<std::uint32_t>& cycle) {
  struct Move {
    std::uint32_t slot, number, from, goal, visit;
    RouteId route;
    std::int64_t since;
  };
  std::vector<Move> moves;
  units_pass_on_ = true;
  for (const std::uint32_t slot : cycle) {
    Client& client = clients_[slot];
    const Request request = requests_[client.transfer];
    moves.push_back({slot, client.number, client.place, request.goal, request.visit,
                     request.route == kNoSlot ? RouteId{} : RouteId{request.route}, request.since});
    count_wait(request.goal, client, now_ - request.asked);
    tell(StoryKind::granted, slot, request.goal, now_ - request.asked);
    close(client.transfer, RequestEnd::admitted);
    // the unit left goes to the next in the cycle: none is held
    if (!claims_.empty()) settle_claim(slot, request.goal, effect_of(moves.back().route, terms_of(request)));
    take_out(slot);
  }
  units_pass_on_ = false;
  // Units are taken before anyone's entry can ask for one of them.
  for (const Move& move : moves) take_units(move.goal, 1);
  for (const Move& move : moves) {
    places_[move.goal].free += 1;
    tell(StoryKind::swapped, move.slot, move.goal);
    count(clients_[move.slot], [&](Tally& tally) {
      ++tally.rare(move.goal).swaps;
      ++tally.swaps;
      ++tally.transfers;
    });
    note_admission(move.slot, move.goal, move.since, 1);
    move_in(move.slot, move.from, move.goal, move.visit);
  }
}

/// At the end of an instant's admissions. A deadlock closes with somebody's beginning to wait in place, or with the end
/// of something that could still have moved a waiting client: only those are looked at.
/// @returns whether clients moved
bool Simulation::undo_deadlocks() {
  std::vector<std::uint32_t> suspects;
  suspects.swap(suspects_);
  for (const std::uint32_t slot : suspects) {
    const Client& client = clients_[slot];
    if (client.number == 0 || !is_stuck(client)) continue;
    if (!may_be_dead(client.place) || !may_be_dead(requests_[client.transfer].goal)) continue;
    const std::vector<std::uint32_t> dead = dead_places();
    if (dead.empty()) continue;
    if (model_.deadlock == Deadlock::report)
      fault("every client in these full places waits in place for another of them, and nothing can move any of them",
            dead);
    exchange(earliest_cycle(dead));
    suspects_.insert(suspects_.end(), suspects.begin(), suspects.end());  // there may be another one
    return true;
  }
  return false;
}

}  // namespace tl
