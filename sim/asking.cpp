#include <algorithm>

#include "sim/simulation_inline.hpp"

// Asking for a setting: granted at once, refused, or waited for.
namespace tl {

void Simulation::ask_transfer(std::uint32_t slot, RouteId id, std::uint32_t goal) {
  const Route& route = model_.routes[id.index()];
  const TermsId terms = route.kind == RouteKind::move ? route.terms : TermsId{};
  Client& client = clients_[slot];
  Place& place = places_[goal];
  const std::uint32_t visit = next_visit(client, goal);
  count_request(client, goal);
  const Grant grant{
      slot, goal, visit, id, client.place, kNoSlot, RequestKind::transfer, terms, now_, false, units_of(goal, client)};
  tell(StoryKind::asked, slot, goal);
  const bool can_come = !placing_initial_ && !is_away(terms, client);
  if (can_come && grant_at_once(grant)) return;
  const std::optional<std::uint32_t> interim = can_come && terms.exists() ? interim_now(terms, client) : std::nullopt;
  const bool in_bed = route.waiting == Waiting::in_place && client.place != kNoSlot &&
                      model_.settings[client.place].capacity != kUnlimited;
  if (!interim && refused(client, goal, !in_bed)) {
    count_refused(client, goal);
    tell(StoryKind::refused, slot, goal);
    follow_route(slot, model_.settings[goal].on_refuse);
    return;
  }
  const std::uint32_t number = client.number;
  const std::uint32_t request = enqueue(grant, now_);
  clients_[slot].transfer = request;
  requests_[request].outside_beds = !in_bed;
  ++(in_bed ? place.waiting_in_place : place.waiting_outside);
  const bool waits_here = route.waiting == Waiting::in_place && client.place != kNoSlot;
  if (interim) {
    grant_interim(listing_of(request, *interim));
  } else if (waits_here) {
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
  if (!model_.requirements.empty() && clients_[slot].number == number) ask_missing(slot);
}

void Simulation::ask_standing(std::uint32_t slot, std::uint32_t goal, bool keep, std::int64_t asked, TermsId terms) {
  Client& client = clients_[slot];
  const std::uint8_t track = terms.exists() ? model_.terms[terms.index()].track : std::uint8_t{0};
  if (client.granted != kNoSlot) {
    const Request& granted = requests_[client.granted];
    if (granted.kind == RequestKind::standing && granted.track == track && (keep || counted_at(granted) == goal))
      return;  // on the way there already
  }
  const std::uint32_t there = find_request(client, RequestKind::standing, std::nullopt, track);
  if (there != kNoSlot) {
    const bool same =
        requests_[there].goal == goal && requests_[there].terms == (terms.exists() ? terms.index() : kNoSlot);
    if (keep || same) return;  // asking again for the same keeps the rank
    close(there, RequestEnd::replaced);
  }
  if (client.place == goal) return;  // already there
  if ((closed_here_ >> track & 1U) !=
      0) {  // asked for together with one that was granted at once and closes this track
    count_request(client, goal);
    count_end(goal, client, RequestEnd::dropped);
    tell(StoryKind::asked, slot, goal);
    tell(StoryKind::dropped, slot, goal);
    return;
  }
  const Grant grant{slot,         goal,    next_visit(client, goal), RouteId{},
                    client.place, kNoSlot, RequestKind::standing,    terms,
                    asked,        false,   units_of(goal, client)};
  Place& place = places_[goal];
  count_request(client, goal);
  tell(StoryKind::asked, slot, goal);
  const bool in_bed = client.place != kNoSlot && model_.settings[client.place].capacity != kUnlimited;
  const bool can_come = !placing_initial_ && client.granted == kNoSlot && !is_away(terms, client);
  if (can_come && grant_at_once(grant)) return;
  const std::optional<std::uint32_t> interim = can_come && terms.exists() ? interim_now(terms, client) : std::nullopt;
  if (!interim && refused(client, goal, !in_bed)) {
    count_refused(client, goal);
    tell(StoryKind::refused, slot, goal);
    return;  // whoever is refused a standing request stays where they are
  }
  const std::uint32_t number = client.number;
  const std::uint32_t request = enqueue(grant, asked);
  requests_[request].outside_beds = !in_bed;
  ++(in_bed ? place.waiting_in_place : place.waiting_outside);
  if (interim) grant_interim(listing_of(request, *interim));
  if (!model_.requirements.empty() && clients_[slot].number == number) ask_missing(slot);
}

void Simulation::ask_program(std::uint32_t slot, std::uint32_t program, std::int64_t asked, TermsId terms) {
  Client& client = clients_[slot];
  if (enrolled(client, program) || find_request(client, RequestKind::program, program, kAnyTrack) != kNoSlot) return;
  const Grant grant{slot,         program, next_visit(client, program), RouteId{},
                    client.place, kNoSlot, RequestKind::program,        terms,
                    asked,        false,   units_of(program, client)};
  Place& place = places_[program];
  count_request(client, program);
  tell(StoryKind::asked, slot, program);
  if (!placing_initial_ && !is_away(terms, client) && grant_at_once(grant)) return;
  if (refused(client, program, true)) {
    count_refused(client, program);
    tell(StoryKind::refused, slot, program);
    return;
  }
  const std::uint32_t number = client.number;
  const std::uint32_t request = enqueue(grant, asked);
  requests_[request].outside_beds = true;
  ++place.waiting_outside;
  touch(slot);
  if (!model_.requirements.empty() && clients_[slot].number == number) ask_missing(slot);
}

bool Simulation::refused(const Client& client, std::uint32_t goal, bool outside_beds) const {
  const Setting& setting = model_.settings[goal];
  const TableId limit = outside_beds ? setting.limit : setting.limit_in_place;
  if (!limit.exists() || placing_initial_) return false;
  const std::uint32_t waiting = outside_beds ? places_[goal].waiting_outside : places_[goal].waiting_in_place;
  return static_cast<double>(waiting) >= number(limit, client) && !could_preempt(goal, client);
}

bool Simulation::grant_alternate_at_once(Grant grant) {
  Client& client = clients_[grant.slot];
  const std::optional<std::uint32_t> alternate = alternate_now(grant.terms, client);
  if (!alternate) return false;
  count_wait(grant.goal, client, 0);
  grant.goal = *alternate;
  grant.visit = next_visit(client, *alternate);
  grant.units = units_of(*alternate, client);
  tell(StoryKind::granted, grant.slot, grant.goal);
  carry_out(grant);
  return true;
}

std::optional<std::uint32_t> Simulation::alternate_now(TermsId id, const Client& client) const {
  if (!id.exists()) return std::nullopt;
  const RequestTerms& terms = model_.terms[id.index()];
  for (std::uint32_t i = 0; i < terms.alternate_count; ++i) {
    const Option& option = model_.options[terms.first_option + i];
    const std::uint32_t setting = option.setting.index();
    if (option.after <= SimTime{} && !is_in(client, setting) && can_take(setting, client)) return setting;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> Simulation::interim_now(TermsId id, const Client& client) const {
  if (!id.exists()) return std::nullopt;
  const RequestTerms& terms = model_.terms[id.index()];
  const std::uint32_t end = terms.alternate_count + terms.interim_count;
  for (std::uint32_t i = terms.alternate_count; i < end; ++i) {
    const std::uint32_t setting = model_.options[terms.first_option + i].setting.index();
    if (client.place == setting) return std::nullopt;  // in this one already: only the earlier are better
    if (can_take(setting, client)) return i;
  }
  return std::nullopt;
}

}  // namespace tl
