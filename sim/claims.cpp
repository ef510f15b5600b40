#include <algorithm>

#include "sim/simulation_inline.hpp"

// Claims: a client whom an event took away may come back to where they were (semantics 6). A claim on a place with a
// `hold` keeps its unit for a drawn time; one on an unlimited place keeps none and has no end.
namespace tl {

/// Which routes are taken by events and timers: only these leave claims.
void Simulation::find_event_routes() {
  const auto uses_claims = [](const SettingMore& more) { return more.keeps_claim; };
  if (std::none_of(model_.more.begin(), model_.more.end(), uses_claims)) return;
  event_routes_.assign(model_.routes.size(), false);
  const auto mark = [&](TableId choices) {
    const StateTable& table = model_.tables[choices.index()];
    for (std::uint32_t c = 0; c < table.cell_count; ++c) {
      const ChoiceList& list = model_.choice_lists[model_.cells[table.first_cell + c]];
      for (std::uint32_t i = 0; i < list.count; ++i) {
        RouteId route = model_.choices[list.first + i].route;
        for (; route.exists() && !event_routes_[route.index()]; route = model_.routes[route.index()].no_claim)
          event_routes_[route.index()] = true;
      }
    }
  };
  for (const EventType& event : model_.events) mark(event.choices);
  for (const TimerType& timer : model_.timers) mark(timer.choices);
}

bool Simulation::comes_back(std::uint32_t slot, std::uint32_t goal) const {
  return claims_[slot].returning && claims_[slot].place == goal;
}

/// Before a move to `goal`. @returns whether the move leaves a claim on the present place
bool Simulation::settle_claim(std::uint32_t slot, std::uint32_t goal, ClaimEffect effect) {
  const Client& client = clients_[slot];
  const Claim& claim = claims_[slot];
  if (comes_back(slot, goal)) return false;
  const bool on_the_way_back = claim.returning && client.granted != kNoSlot;
  if (claim.place != kNoSlot && !on_the_way_back &&
      (claim.returning || effect == ClaimEffect::end || claim.place == goal))
    end_claim(slot);
  return effect == ClaimEffect::make && claims_[slot].place == kNoSlot && client.place != kNoSlot &&
         client.place != goal && model_.more[client.place].keeps_claim;
}

/// The client is about to leave its place, which keeps its unit if it has a hold.
/// @returns whether the unit is kept
bool Simulation::make_claim(std::uint32_t slot) {
  const Client& client = clients_[slot];
  const std::uint32_t place = client.place;
  Claim& claim = claims_[slot];
  claim = {};
  claim.place = claim.last = place;
  claim.visit = client.visit;
  claim.route_word = client.route_word;
  claim.route = client.route;
  claim.state = client.stay_state;
  claim.made = now_;
  claim.due = client.stay_due;
  claim.left = client.stay_due == kNever ? kNever : open_between(place, now_, client.stay_due);
  claim.served = open_between(place, client.stay_began, now_);
  claim.began = client.stay_began;
  const TableId hold = model_.more[place].hold;
  if (!hold.exists()) {
    tell(StoryKind::claim_made, slot, place);
    return false;
  }
  const Block block = draw(run_, client.key, Purpose::hold, model_.settings[place].draw_id, client.visit);
  const std::int64_t kept = length(hold, client, uniform53(block.w[0], block.w[1]), uniform32(block.w[2]));
  if (kept == 0) {
    claim.place = kNoSlot;
    return false;
  }
  claim.ends = now_ + kept;
  tell(StoryKind::claim_made, slot, place, kept);
  schedule(Event::make(claim.ends, Phase::hold_end, client.number, EventKind::client, slot));
  return true;
}

void Simulation::hold_units(std::uint32_t slot, std::int64_t units) {
  Claim& claim = claims_[slot];
  claim.units = units;
  claim.held = true;
  count_units(claim.place, &SettingTally::held, units);
}

/// It ran out, or the client went elsewhere for good.
void Simulation::end_claim(std::uint32_t slot) {
  Claim& claim = claims_[slot];
  const std::uint32_t place = claim.place;
  if (place == kNoSlot) return;
  claim.place = kNoSlot;
  claim.returning = false;
  claim.ends = kNever;
  count(clients_[slot], [&](Tally& tally) { ++tally.rare(place).claims_lapsed; });
  tell(StoryKind::claim_ended, slot, place);
  if (!claim.held) return;
  claim.held = false;
  count_units(place, &SettingTally::held, -claim.units);
  vacate(clients_[slot], place, claim.visit, claim.units);
}

void Simulation::hold_ended(std::uint32_t slot) {
  if (!claims_[slot].returning) end_claim(slot);  // the unit of those on their way back is reserved for them
}

/// To the place of the claim, past its queue. Without a claim: where the route says, or a transfer to the same place.
void Simulation::go_back(std::uint32_t slot, RouteId id) {
  const Route& route = model_.routes[id.index()];
  Client& client = clients_[slot];
  const bool has_claim = !claims_.empty() && claims_[slot].place != kNoSlot;
  if (!has_claim && route.no_claim.exists()) {
    follow_route(slot, route.no_claim);
    return;
  }
  close_if_any(slot, RequestEnd::replaced, true);
  if (!has_claim) {
    const std::uint32_t last = claims_.empty() ? kNoSlot : claims_[slot].last;
    ask_transfer(slot, id, last == kNoSlot ? 0 : last);
    return;
  }
  Claim& claim = claims_[slot];
  const std::uint32_t place = claim.place, visit = next_visit(client, place);
  claim.returning = true;
  if (claim.held) {  // the hold becomes a reservation, or the admission itself
    claim.held = false;
    count_units(place, &SettingTally::held, -claim.units);
    free_units(place, claim.units);
  }
  const auto units = static_cast<std::uint16_t>(claim.units);
  const Grant grant{slot,      place, visit, id,   client.place, kNoSlot, RequestKind::transfer,
                    TermsId{}, now_,  false, units};
  if (hand_off(grant)) return;
  note_admission(slot, place, now_, units);
  admit(slot, place, visit, ClaimEffect::keep);
}

/// An event overtook the way back: the claim is as it was before.
void Simulation::hold_again(std::uint32_t slot) {
  Claim& claim = claims_[slot];
  claim.returning = false;
  if (!model_.more[claim.place].hold.exists()) return;
  if (claim.ends <= now_) {
    end_claim(slot);
    return;
  }
  take_units(claim.place, claim.units);
  hold_units(slot, claim.units);
}

/// The stay of a client who came back goes on (SettingMore::on_return).
void Simulation::go_on_after_return(std::uint32_t slot) {
  Client& client = clients_[slot];
  const Claim claim = claims_[slot];
  const std::uint32_t place = client.place;
  claims_[slot].place = kNoSlot;
  claims_[slot].returning = false;
  claims_[slot].ends = kNever;
  tell(StoryKind::came_back, slot, place, now_ - claim.made);
  const OnReturn how = model_.more[place].on_return;
  client.route_word = claim.route_word;
  client.stay_began = how == OnReturn::run_on ? claim.began : began_for(place, claim.served);
  switch (claim.state) {
    case StayState::running:
      if (how == OnReturn::resample) {
        begin_stay(slot, false);
        return;
      }
      break;
    case StayState::delayed:
      client.route = claim.route;
      break;
    case StayState::over:  // whatever they waited for was dropped: they take the same way again
      client.route = choose(model_.settings[place].choices, client, client.route_word).route.index();
      break;
  }
  if (claim.state != StayState::running) {
    client.stay_state = StayState::delayed;
    count_level(slot, &SettingTally::delayed, 1);
  }
  if (claim.state == StayState::over)
    set_stay_due(slot, now_);
  else if (claim.due < kNever)
    set_stay_due(slot, how == OnReturn::run_on ? std::max(now_, claim.due) : due_after(place, claim.left));
}

}  // namespace tl
