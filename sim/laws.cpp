#include <algorithm>

#include "sim/simulation.hpp"

// Semantics 14: what always holds. The checking build asks after every event.
namespace tl {

void Simulation::check_laws() {
  TL_EXPECTS(tally_.arrived + initial_clients_ == static_cast<std::uint64_t>(tally_.present.now()) + tally_.left);
  WideInt in_places = 0;
  std::int64_t placed = 0;
  for (std::uint32_t s = 0; s < places_.size(); ++s) {
    const SettingTally& t = tally_.setting(s);
    const Place& place = places_[s];
    TL_EXPECTS(place.free == place.capacity - t.census.now() - t.reserved.now() - t.turnaround.now());
    TL_EXPECTS(t.census.now() >= 0 && t.reserved.now() >= 0 && t.turnaround.now() >= 0 && t.boarding.now() >= 0);
    TL_EXPECTS(place.queued <= static_cast<std::uint64_t>(t.waiting.now()));
    TL_EXPECTS(place.waiting_outside + place.waiting_in_place == static_cast<std::uint64_t>(t.waiting.now()));
    // every request made is granted, ended in one way, or open
    TL_EXPECTS(t.requests >= t.waits);
    if (model_.settings[s].kind != SettingKind::program) {
      in_places += t.census.area(now_);
      placed += t.census.now();
    }
  }
  TL_EXPECTS(placed == tally_.present.now());
  TL_EXPECTS(in_places == tally_.present.area(now_));
  if (tally_.present.now() <= 300 || (events_done_ & 0xfff) == 0) check_every_client();
}

void Simulation::check_every_client() const {
  struct Count {
    std::int64_t census = 0, waiting = 0, reserved = 0, queued = 0, boarding = 0;
    WideInt waited = 0;
  };
  std::vector<Count> counts(places_.size());
  for (std::uint32_t slot = 0; slot < clients_.size(); ++slot) {
    const Client& client = clients_[slot];
    if (client.number == 0) continue;
    TL_EXPECTS(client.place < places_.size());
    ++counts[client.place].census;
    counts[client.place].boarding += client.boards ? 1 : 0;
    TL_EXPECTS(client.entered <= now_ && client.placed <= now_);
    TL_EXPECTS(client.stay_due >= now_);
    std::uint32_t transfers = 0, standing = 0;
    for (std::uint32_t r = client.first_request; r != kNoSlot; r = requests_[r].next_of_client) {
      const Request& request = requests_[r];
      TL_EXPECTS(request.client == slot && request.number == client.number && request.asked <= now_);
      Count& count = counts[request.goal];
      if (client.granted == r) ++count.reserved;
      else ++count.waiting, count.waited += now_ - request.asked;
      count.queued += request.queued ? 1 : 0;
      transfers += request.kind == RequestKind::transfer ? 1 : 0;
      standing += request.kind == RequestKind::standing ? 1 : 0;
    }
    TL_EXPECTS(transfers <= 1 && standing <= 1);
    for (std::uint32_t e = client.first_enrolment; e != kNoSlot; e = enrolments_[e].next_of_client)
      ++counts[enrolments_[e].program].census;
  }
  for (std::uint32_t s = 0; s < places_.size(); ++s) {
    const SettingTally& t = tally_.setting(s);
    const Count& count = counts[s];
    TL_EXPECTS(count.census == t.census.now() && count.waiting == t.waiting.now());
    TL_EXPECTS(count.reserved == t.reserved.now() && count.boarding == t.boarding.now());
    TL_EXPECTS(count.queued == static_cast<std::int64_t>(places_[s].queued));
    // Each request ended in exactly one way or is open; granted ones whose handoff was overtaken or lost count twice.
    const std::uint64_t ended = t.refused + t.reneged + t.replaced + t.dropped + t.lost + t.client_left;
    TL_EXPECTS(t.requests <= t.waits + ended + static_cast<std::uint64_t>(t.waiting.now()));
    // Little's law, exactly: time in the queue = the waits that ended + those still open (initial ones are older).
    if (model_.initial.empty()) TL_EXPECTS(t.ended_wait_micros + count.waited == t.waiting.area(now_));
  }
}

}  // namespace tl
