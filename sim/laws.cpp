#include <algorithm>

#include "sim/simulation_inline.hpp"

// Semantics 14: what always holds. The checking build asks after every event, and after every instant what only then
// holds.
namespace tl {

void Simulation::check_laws() {
  TL_EXPECTS(tally_.arrived + initial_clients_ == static_cast<std::uint64_t>(tally_.present.now()) + tally_.left);
  WideInt in_places = 0;
  std::int64_t placed = 0;
  for (std::uint32_t s = 0; s < places_.size(); ++s) {
    const SettingTally& t = tally_.setting(s);
    const Place& place = places_[s];
    // where clients take more than a unit, check_every_client counts the units
    const bool one_each = !model_.settings[s].has_more || !model_.more[s].takes.exists();
    if (one_each)
      TL_EXPECTS(place.free == place.capacity - t.census.now() - t.reserved.now() - t.turnaround.now() - t.held.now());
    // Never over capacity but after a cut or an over-full start, and then ever less so.
    TL_EXPECTS(place.free >= std::min<std::int64_t>(0, over_full_[s]));
    allow_over_full(s);
    TL_EXPECTS(t.census.now() >= 0 && t.reserved.now() >= 0 && t.turnaround.now() >= 0 && t.boarding.now() >= 0);
    TL_EXPECTS(t.over_level.now() >= 0 && t.over_level.now() <= t.boarding.now() && t.delayed.now() >= 0);
    if (model_.options.empty()) TL_EXPECTS(place.queued <= static_cast<std::uint64_t>(t.waiting.now()));
    if (model_.settings[s].kind == SettingKind::pool) continue;
    TL_EXPECTS(place.waiting_outside + place.waiting_in_place == static_cast<std::uint64_t>(t.waiting.now()));
    TL_EXPECTS(t.admissions - t.departures == static_cast<std::uint64_t>(t.census.now()));
    // Every request ended in exactly one way or is open; a grant that led to no admission ended in the way it failed.
    const std::uint64_t ended = t.refused + t.reneged + t.replaced + t.dropped + t.lost + t.client_left;
    TL_EXPECTS(t.requests + t.failed_grants == t.waits + ended + static_cast<std::uint64_t>(t.waiting.now()));
    if (model_.settings[s].kind != SettingKind::program) {
      in_places += t.census.area(now_);
      placed += t.census.now();
    }
  }
  TL_EXPECTS(placed == tally_.present.now());
  TL_EXPECTS(in_places == tally_.present.area(now_));
  if (groups_.kept()) groups_.check(tally_, now_);
  if (tally_.present.now() <= 300 || (events_done_ & 0xfff) == 0) check_every_client();
}

void Simulation::allow_over_full(std::uint32_t setting) {
  over_full_.resize(places_.size(), 0);
  over_full_[setting] = std::min<std::int64_t>(0, places_[setting].free);
}

namespace {

/// Whether a stay may be drawn that is longer than time can hold: it then has no end, which is not to have forgotten
/// it.
bool may_outlast_time(const CompiledModel& model, const Distribution& stay) {
  constexpr double kGreatest = 1.0 - 0x1p-53;
  const double met_at_the_start =
      residual_quantile(stay, model.distributions, model.distribution_tables, kGreatest, 1.0);
  const double drawn = quantile(stay, model.distributions, model.distribution_tables, kGreatest, kGreatest);
  return SimTime::from_days(std::max(met_at_the_start, drawn)) >= SimTime::never();
}

}  // namespace

/// A client stays, serves a delay, or waits for something that will move it: nobody is forgotten.
void Simulation::check_client(std::uint32_t slot) const {
  const Client& client = clients_[slot];
  TL_EXPECTS(client.place < places_.size());
  TL_EXPECTS(client.entered <= client.placed && client.placed <= now_ && client.stay_due >= now_);
  const Setting& setting = model_.settings[client.place];
  const bool awaits = client.transfer != kNoSlot || client.granted != kNoSlot;
  if (setting.kind == SettingKind::line)
    TL_EXPECTS(awaits);
  else if (client.stay_state == StayState::over)
    TL_EXPECTS(awaits || client.stay_due == now_);
  else if (setting.stay.exists())
    TL_EXPECTS(client.stay_due < kNever || may_outlast_time(model_, model_.distributions[cell(setting.stay, client)]));
  TL_EXPECTS(!client.boards ||
             (client.stay_state == StayState::over && client.transfer != kNoSlot && client.granted == kNoSlot));
  TL_EXPECTS(client.boards || !client.boards_over_level);
}

void Simulation::check_every_client() const {
  struct Count {
    std::int64_t census = 0, waiting = 0, reserved = 0, queued = 0, boarding = 0, delayed = 0, units = 0;
    WideInt waited = 0;
  };
  std::vector<Count> counts(places_.size());
  for (std::uint32_t slot = 0; slot < clients_.size(); ++slot) {
    const Client& client = clients_[slot];
    if (client.number == 0) continue;
    check_client(slot);
    ++counts[client.place].census;
    counts[client.place].units += units_held(slot);
    counts[client.place].boarding += client.boards ? 1 : 0;
    counts[client.place].delayed += client.stay_state == StayState::delayed ? 1 : 0;
    std::uint32_t transfers = 0;
    std::array<std::uint32_t, 4> standing{};
    bool found_transfer = false, found_granted = false;
    for (std::uint32_t r = client.first_request; r != kNoSlot; r = requests_[r].next_of_client) {
      const Request& request = requests_[r];
      TL_EXPECTS(request.client == slot && request.number == client.number && request.asked <= now_);
      TL_EXPECTS((request.patience_stopped || request.patience_due >= now_) && request.handoff_due >= now_);
      Count& count = counts[request.goal];
      if (client.granted == r)
        count.reserved += request.units;
      else
        ++count.waiting, count.waited += now_ - request.asked;
      for (std::uint32_t at = r; at != kNoSlot; at = requests_[at].next_listing) {
        const Request& listing = requests_[at];
        TL_EXPECTS(at == r || (listing.main == r && listing.client == slot && listing.number == client.number));
        counts[listing.goal].queued += listing.queued ? 1 : 0;
        // in the queue unless granted or barred; a program's request waits while the client is on the way somewhere
        TL_EXPECTS(listing.queued == (listing.barred == 0 && client.granted != r));
        const bool on_the_way =
            client.granted != kNoSlot && client.granted != r && listing.kind != RequestKind::program;
        TL_EXPECTS(((listing.barred & bar::handoff) != 0) == on_the_way);
      }
      transfers += request.kind == RequestKind::transfer ? 1 : 0;
      if (request.kind == RequestKind::standing && client.granted != r) ++standing[request.track];
      found_transfer |= client.transfer == r;
      found_granted |= client.granted == r;
    }
    for (const std::uint32_t on_track : standing) TL_EXPECTS(on_track <= 1);
    TL_EXPECTS(transfers <= 1);
    TL_EXPECTS(found_transfer == (client.transfer != kNoSlot) && found_granted == (client.granted != kNoSlot));
    for (std::uint32_t e = client.first_enrolment; e != kNoSlot; e = enrolments_[e].next_of_client) {
      TL_EXPECTS(enrolments_[e].due >= now_);
      ++counts[enrolments_[e].program].census;
      counts[enrolments_[e].program].units += enrolments_[e].units;
    }
  }
  for (std::uint32_t s = 0; s < places_.size(); ++s) {
    const SettingId pool = pool_of(s);
    if (!pool.exists()) continue;
    counts[pool.index()].census += counts[s].units;
    counts[pool.index()].units += counts[s].units;
    counts[pool.index()].reserved += counts[s].reserved;
  }
  for (std::uint32_t s = 0; s < places_.size(); ++s) {
    const SettingTally& t = tally_.setting(s);
    const Count& count = counts[s];
    TL_EXPECTS(places_[s].free ==
               places_[s].capacity - count.units - t.reserved.now() - t.turnaround.now() - t.held.now());
    TL_EXPECTS(count.census == t.census.now() && count.waiting == t.waiting.now());
    TL_EXPECTS(count.reserved == t.reserved.now() && count.boarding == t.boarding.now());
    TL_EXPECTS(count.delayed == t.delayed.now());
    TL_EXPECTS(count.queued == static_cast<std::int64_t>(places_[s].queued));
    check_queue(s);
    // Little's law, exactly: time in the queue = the waits that ended + those still open (initial ones are older).
    if (model_.initial.empty()) TL_EXPECTS(t.ended_wait_micros + count.waited == t.waiting.area(now_));
  }
}

/// By class, in a class by time of asking, then client: no one is passed.
void Simulation::check_queue(std::uint32_t setting) const {
  const Place& place = places_[setting];
  std::uint32_t found = 0, previous = kNoSlot;
  for (std::uint32_t r = place.waiting.first(); r != kNoSlot; r = place.waiting.after(requests_, r)) {
    const Request& request = requests_[r];
    TL_EXPECTS(request.goal == setting && request.listed);
    if (previous != kNoSlot) TL_EXPECTS(!WaitingList::goes_before(request, requests_[previous]));
    previous = r;
    found += request.queued ? 1 : 0;
  }
  TL_EXPECTS(found == place.queued);
}

/// What holds when an instant is over: no unit stands free while an eligible client waits, ranks and hazards are those
/// of the state that is, and nobody's stay, patience, handoff or event has been passed over.
void Simulation::check_instant() const {
  for (std::uint32_t s = 0; s < places_.size(); ++s) {
    const Place& place = places_[s];
    if (place.queued == 0 || place.closed) continue;
    const bool first_only = !model_.settings[s].has_more || !model_.more[s].first_fit;
    for (std::uint32_t id = place.waiting.first(); id != kNoSlot; id = place.waiting.after(requests_, id)) {
      if (!requests_[id].queued) continue;
      TL_EXPECTS(!fits(s, requests_[id].units));
      if (first_only) break;
    }
  }
  if (tally_.present.now() > 300 && (events_done_ & 0xfff) != 0) return;
  check_causes();
  check_sides();
  check_staff();
  if (!budgets_.empty()) check_budgets();
  if (!policies_.empty() || !growths_.empty()) check_policies();
  for (std::uint32_t slot = 0; slot < clients_.size(); ++slot) {
    const Client& client = clients_[slot];
    if (client.number == 0) continue;
    TL_EXPECTS(client.stay_due > now_ || now_ == end_);
    TL_EXPECTS(client.stay_state != StayState::over || client.transfer != kNoSlot || client.granted != kNoSlot ||
               now_ == end_);
    for (std::uint32_t r = client.first_request; r != kNoSlot; r = requests_[r].next_of_client) {
      const Request& request = requests_[r];
      TL_EXPECTS(((request.patience_stopped || request.patience_due > now_) && request.handoff_due > now_) ||
                 now_ == end_);
      for (std::uint32_t at = r; at != kNoSlot; at = requests_[at].next_listing) {
        if (requests_[at].queued) TL_EXPECTS(requests_[at].order == order_of(requests_[at]));
        const std::uint8_t bars = is_more(request) ? bars_of(requests_[at]) : std::uint8_t{0};
        if (client.granted != r) TL_EXPECTS((requests_[at].barred & ~bar::handoff) == bars);
      }
    }
    if (clocks_.empty()) continue;
    TL_EXPECTS(clocks_[slot].due > now_ || now_ == end_);
    for (std::size_t e = 0; e < model_.events.size() && now_ != end_; ++e)
      TL_EXPECTS(rate_of(hazards_[slot * model_.events.size() + e]) == number(model_.events[e].hazard, client));
    if (events_look_at_steps_) TL_EXPECTS(clocks_[slot].due <= next_step(client));
  }
}

}  // namespace tl
