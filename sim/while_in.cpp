#include <algorithm>

#include "sim/simulation_inline.hpp"

// What changes for those who are in already: enrolments while the client is in certain places, stays rescaled while
// they run, and capacity cut below the census (semantics 2, 3).
namespace tl {

void Simulation::watch_enrolments(std::uint32_t slot) {
  const std::uint32_t number = clients_[slot].number;
  bool ended = true;
  while (ended && clients_[slot].number == number) {
    ended = false;
    for (std::uint32_t e = clients_[slot].first_enrolment; e != kNoSlot && !ended; e = enrolments_[e].next_of_client) {
      const std::uint32_t program = enrolments_[e].program;
      if (places_[program].has_more && model_.more[program].while_in.exists()) ended = review_enrolment(e);
    }
  }
}

/// @returns whether the enrolment ended
bool Simulation::review_enrolment(std::uint32_t id) {
  Enrolment& enrolment = enrolments_[id];
  Absence& absence = absences_[id];
  const std::uint32_t slot = enrolment.client, program = enrolment.program;
  const std::uint32_t row = cell(model_.more[program].while_in, clients_[slot]);
  if (row == absence.rule) return false;
  const WhileInRule& rule = model_.while_in_rules[row];
  absence.rule = row;
  absence.ends = kNever;
  if (absence.paused && rule.kind != WhileIn::pause) {
    absence.paused = false;
    enrolment.stay_began = began_for(program, absence.served);
    if (absence.left < kNever) set_enrolment_due(id, due_after(program, absence.left));
    tell(StoryKind::resumed, slot, program);
  } else if (!absence.paused && rule.kind == WhileIn::pause) {
    absence.paused = true;
    absence.served = open_between(program, enrolment.stay_began, now_);
    absence.left = enrolment.due == kNever ? kNever : open_between(program, now_, enrolment.due);
    enrolment.due = kNever;
    tell(StoryKind::paused, slot, program);
  }
  if (rule.kind != WhileIn::end) return false;
  if (rule.after <= SimTime{}) {
    end_enrolment(slot, program);
    return true;
  }
  absence.ends = now_ + std::min(rule.after.micros(), kNever);
  schedule(Event::make(absence.ends, Phase::hold_end, enrolment.number, EventKind::enrolment, id));
  return false;
}

/// The client has been too long where the program does not wait for ever.
void Simulation::absence_ended(std::uint32_t id) {
  const std::uint32_t slot = enrolments_[id].client;
  end_enrolment(slot, enrolments_[id].program);
  touch(slot);
}

/// What remains of every stay that runs in the setting is multiplied, also of those that are paused or on leave.
void Simulation::rescale_stays(std::uint32_t setting, double factor) {
  TL_EXPECTS(model_.more[setting].occupants_known);
  const auto scaled = [&](std::int64_t left) {
    return left >= kNever ? kNever : SimTime::from_days(SimTime::from_micros(left).days() * factor).micros();
  };
  if (model_.settings[setting].kind == SettingKind::program) {
    for (std::uint32_t e = members_.first(setting); e != kNoSlot; e = members_.after(e)) {
      if (enrolments_[e].due < kNever)
        set_enrolment_due(e, due_after(setting, scaled(open_between(setting, now_, enrolments_[e].due))));
      else if (uses_while_in_ && absences_[e].paused)
        absences_[e].left = scaled(absences_[e].left);
    }
    return;
  }
  for (std::uint32_t slot = occupants_.first(setting); slot != kNoSlot; slot = occupants_.after(slot)) {
    const Client& client = clients_[slot];
    if (client.stay_state == StayState::running && client.stay_due < kNever)
      set_stay_due(slot, due_after(setting, scaled(open_between(setting, now_, client.stay_due))));
  }
  for (std::uint32_t slot = 0; slot < claims_.size(); ++slot) {
    Claim& claim = claims_[slot];
    if (clients_[slot].number == 0 || claim.place != setting || claim.state != StayState::running) continue;
    claim.left = scaled(claim.left);
    if (claim.due < kNever && claim.due > now_)
      claim.due = due_after(setting, scaled(open_between(setting, now_, claim.due)));
  }
}

/// Capacity fell below the census: those who came first go, by the route for them.
void Simulation::discharge_surplus(std::uint32_t setting) {
  const RouteId route = model_.more[setting].cut_to;
  const bool program = model_.settings[setting].kind == SettingKind::program;
  const Occupants& list = program ? members_ : occupants_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> all, leaving;  // slot, number
  std::int64_t surplus = -places_[setting].capacity;
  for (std::uint32_t slot = list.first(setting); slot != kNoSlot; slot = list.after(slot)) {
    surplus += program ? std::int64_t{enrolments_[slot].units} : units_held(slot);
    if (program || clients_[slot].granted == kNoSlot)
      all.emplace_back(slot, program ? enrolments_[slot].number : clients_[slot].number);
    else
      surplus -= units_held(slot);  // on the way out already
  }
  for (const auto& [slot, number] : all) {
    if (surplus <= 0) break;
    surplus -= program ? std::int64_t{enrolments_[slot].units} : units_held(slot);
    leaving.emplace_back(slot, number);
  }
  for (const auto& [slot, number] : leaving) {
    if (program) {
      if (enrolments_[slot].number == number && enrolments_[slot].program == setting)
        follow_program_route(slot, route, false);
    } else if (clients_[slot].number == number && clients_[slot].place == setting) {
      take_route(slot, route, clients_[slot].visit, true);
    }
  }
}

}  // namespace tl
