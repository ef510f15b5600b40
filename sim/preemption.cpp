#include <algorithm>

#include "sim/simulation_inline.hpp"

// Preemption: a better class takes the unit of the worst (semantics 4).
namespace tl {

void Simulation::note_request_time(std::uint32_t slot, std::int64_t since) {
  if (requested_.size() <= slot) requested_.resize(clients_.size(), 0);
  requested_[slot] = since;
}

/// Whoever is in the place in a class worse than `rank`: the worst first, of a class those who came last first.
std::vector<std::uint32_t> Simulation::preemptible(std::uint32_t setting, double rank) const {
  const TableId table = model_.settings[setting].rank;
  std::vector<std::uint32_t> found;
  if (!table.exists() || model_.settings[setting].kind != SettingKind::place) return found;
  for (std::uint32_t slot = occupants_.last(setting); slot != kNoSlot; slot = occupants_.before(slot))
    if (static_cast<double>(cell(table, clients_[slot])) > rank) found.push_back(slot);
  std::stable_sort(found.begin(), found.end(), [&](std::uint32_t a, std::uint32_t b) {
    return cell(table, clients_[a]) > cell(table, clients_[b]);
  });
  return found;
}

/// Whether one more would come first and could make room for themselves: then a full queue does not refuse them.
bool Simulation::could_preempt(std::uint32_t setting, const Client& client) const {
  const Setting& to = model_.settings[setting];
  if (!to.has_more || model_.more[setting].preempt == Preempt::never || !to.rank.exists()) return false;
  const auto rank = static_cast<double>(cell(to.rank, client));
  const Place& place = places_[setting];
  if (place.closed || lacks_assessment(setting, client)) return false;
  std::uint32_t ahead = place.waiting.first();
  while (ahead != kNoSlot && !requests_[ahead].queued) ahead = place.waiting.after(requests_, ahead);
  if (ahead != kNoSlot && requests_[ahead].order <= rank) return false;
  std::int64_t units = units_left(setting);
  for (const std::uint32_t slot : preemptible(setting, rank)) units += units_held(slot);
  return units >= units_of(setting, client);
}

/// Makes room for the request by moving out those of worse classes, if that is enough.
bool Simulation::preempt_for(std::uint32_t setting, std::uint32_t id) {
  const std::int64_t needed = requests_[id].units - units_left(setting);
  std::vector<std::uint32_t> victims = preemptible(setting, requests_[id].order);
  std::int64_t gained = 0;
  std::size_t count = 0;
  while (count < victims.size() && gained < needed) gained += units_held(victims[count++]);
  if (gained < needed) return false;
  victims.resize(count);
  const std::uint32_t number = requests_[id].number;
  for (const std::uint32_t slot : victims)
    if (clients_[slot].number != 0 && clients_[slot].place == setting) evict(slot);
  return requests_[id].number == number && requests_[id].queued && fits(setting, requests_[id].units);
}

/// Out of the place, to where the preempted wait. Who was only boarding there, or is on the way elsewhere, goes on
/// waiting for that; the others stand in the queue again in their old rank, and go on with their stay later.
void Simulation::evict(std::uint32_t slot) {
  Client& client = clients_[slot];
  const std::uint32_t place = client.place;
  const SettingId to_place = model_.more[place].preempted_to;
  const std::uint32_t to = to_place.exists() ? to_place.index() : model_.settings[place].line.index();
  tell(StoryKind::preempted, slot, place);
  count(client, [&](Tally& tally) { ++tally.rare(place).preempted; });
  if (client.transfer == kNoSlot && client.granted == kNoSlot) {
    if (interrupted_.size() <= slot) interrupted_.resize(clients_.size());
    const std::int64_t served = open_between(place, client.stay_began, now_);
    const std::int64_t left = client.stay_due == kNever ? kNever : open_between(place, now_, client.stay_due);
    interrupted_[slot] = {place,  client.stay_state, left,        left == kNever ? kNever : served + left,
                          served, client.route_word, client.route};
    count_request(client, place);
    const std::int64_t since = slot < requested_.size() ? requested_[slot] : 0;
    const std::uint32_t id = enqueue({slot, place, next_visit(client, place), RouteId{}, kNoSlot, kNoSlot,
                                      RequestKind::transfer, TermsId{}, since, true, 1},
                                     now_);
    client.transfer = id;
    requests_[id].outside_beds = true;
    ++places_[place].waiting_outside;
  }
  units_pass_on_ = true;  // to whoever preempts, without a turnaround
  take_out(slot);
  units_pass_on_ = false;
  count(client, [](Tally& tally) { ++tally.transfers; });
  move_in(slot, place, to, model_.settings[to].kind == SettingKind::line ? 0 : next_visit(client, to));
}

/// @returns false when the client was not preempted from this place, or is to draw a stay anew
bool Simulation::go_on_with_stay(std::uint32_t slot) {
  if (slot >= interrupted_.size()) return false;
  Client& client = clients_[slot];
  Interrupted& was = interrupted_[slot];
  if (was.place != client.place) return false;
  was.place = kNoSlot;
  const Preempt how = model_.more[client.place].preempt;
  if (was.state == StayState::delayed) {
    client.stay_state = StayState::delayed;
    client.route = was.route;
    client.stay_began = now_;
    count_level(slot, &SettingTally::delayed, 1);
    set_stay_due(slot, due_after(client.place, was.left));
    return true;
  }
  if (how == Preempt::resample) return false;
  client.stay_state = StayState::running;
  client.route_word = was.route_word;
  client.stay_began = how == Preempt::resume ? began_for(client.place, was.served) : now_;
  const std::int64_t left = how == Preempt::resume ? was.left : was.total;
  if (left < kNever) set_stay_due(slot, due_after(client.place, left));
  return true;
}

void Simulation::forget_interrupted(std::uint32_t slot) {
  if (slot < interrupted_.size()) interrupted_[slot].place = kNoSlot;
}

}  // namespace tl
