#include <algorithm>

#include "sim/simulation_inline.hpp"

// Programs: who is enrolled in them.
namespace tl {

void Simulation::enrol_now(std::uint32_t slot, std::uint32_t program) {
  Client& client = clients_[slot];
  if (enrolled(client, program)) return;
  const std::uint32_t open = find_request(client, RequestKind::program, program, kAnyTrack);
  const std::uint32_t visit = open == kNoSlot ? next_visit(client, program) : requests_[open].visit;
  if (open != kNoSlot) close(open, RequestEnd::dropped);
  count_request(client, program);
  const std::uint16_t units = units_of(program, client);
  if (units_left(program) < units || places_[program].closed) {
    count_refused(client, program);
    tell(StoryKind::refused, slot, program);
    return;
  }
  count_wait(program, client, 0);
  enrol(slot, program, visit, units);
}

void Simulation::enrol(std::uint32_t slot, std::uint32_t program, std::uint32_t visit, std::uint16_t units) {
  const std::uint32_t id = enrolments_.take();
  Enrolment& enrolment = enrolments_[id];
  Client& client = clients_[slot];
  const Setting& setting = model_.settings[program];
  enrolment.number = client.number;
  enrolment.client = slot;
  enrolment.began = now_;
  enrolment.program = program;
  enrolment.visit = visit;
  enrolment.next_of_client = client.first_enrolment;
  client.first_enrolment = id;
  enrolment.units = units;
  if (uses_while_in_) {
    if (absences_.size() <= id) absences_.resize(id + std::size_t{1});
    absences_[id] = Absence{};
  }
  if (setting.has_more)
    enrolled_in(id);
  else
    --places_[program].free;
  tally_.census(program, 1, now_);
  if (!roster_.empty()) staff_census(program);
  ++tally_.setting(program).admissions;
  if (groups_.kept()) in_groups(client, program, 1);
  tell(StoryKind::enrolled, slot, program);
  begin_program_stay(id);
  const bool gives = setting.has_more && model_.more[program].grant_count > 0;
  if (gives) give_tokens(slot, program, false);
  entered(slot, program, setting.on_entry, visit);
  if (gives) ask_missing(slot);
}

void Simulation::begin_program_stay(std::uint32_t id) {
  Enrolment& enrolment = enrolments_[id];
  const Client& client = clients_[enrolment.client];
  const Setting& setting = model_.settings[enrolment.program];
  enrolment.stay_began = now_;
  enrolment.due = kNever;
  if (!setting.stay.exists()) return;
  const Block block = draw(run_, client.key, Purpose::visit, setting.draw_id, enrolment.visit);
  enrolment.route_word = block.w[3];
  const double v = uniform32(draw(run_, client.key, Purpose::visit_more, setting.draw_id, enrolment.visit).w[3]);
  const std::int64_t stay = length(setting.stay, client, uniform53(block.w[0], block.w[1]), v);
  set_enrolment_due(id, due_after(enrolment.program, stay));
}

void Simulation::set_enrolment_due(std::uint32_t id, std::int64_t due) {
  Enrolment& enrolment = enrolments_[id];
  enrolment.due = due;
  schedule(Event::make(due, Phase::stay_end, enrolment.number, EventKind::enrolment, id));
}

void Simulation::enrolment_ended(std::uint32_t id) {
  const Enrolment& enrolment = enrolments_[id];
  const Client& client = clients_[enrolment.client];
  count_stay_ended(enrolment.program, client, enrolment.stay_began);
  tell(StoryKind::stay_ended, enrolment.client, enrolment.program, now_ - enrolment.stay_began);
  follow_program_route(id, choose(model_.settings[enrolment.program].choices, client, enrolment.route_word).route,
                       true);
}

/// @param completed  the stay came to its end
void Simulation::follow_program_route(std::uint32_t id, RouteId route_id, bool completed) {
  const Enrolment enrolment = enrolments_[id];
  const std::uint32_t slot = enrolment.client;
  const Setting& setting = model_.settings[enrolment.program];
  const Route& route = model_.routes[route_id.index()];
  if (route.kind == RouteKind::stay_again) {  // the slot is kept: nobody is taken in between, and no turnaround runs
    enrolments_[id].visit = next_visit(clients_[slot], enrolment.program);
    begin_program_stay(id);
  } else {
    remove_enrolment(id);
  }
  if (completed && setting.has_more && model_.more[enrolment.program].grant_count > 0)
    give_tokens(slot, enrolment.program, true);
  if (route.actions.count > 0) act(slot, route.actions, enrolment.visit, now_);
  switch (route.kind) {
    case RouteKind::leave:
      leave_model(slot, route.reason);
      return;
    case RouteKind::move:
      ask_program(slot, route.goal.index(), now_, route.terms);
      break;
    case RouteKind::stay_again:
    case RouteKind::go_back:
    case RouteKind::end:
      break;
  }
  touch(slot);
  if (!model_.requirements.empty()) ask_missing(slot);
}

void Simulation::end_enrolment(std::uint32_t slot, std::uint32_t program) {
  for (std::uint32_t e = clients_[slot].first_enrolment; e != kNoSlot; e = enrolments_[e].next_of_client)
    if (enrolments_[e].program == program) {
      remove_enrolment(e);
      if (!model_.requirements.empty()) ask_missing(slot);
      return;
    }
}

void Simulation::remove_enrolment(std::uint32_t id) {
  const Enrolment enrolment = enrolments_[id];
  Client& client = clients_[enrolment.client];
  std::uint32_t* link_to = &client.first_enrolment;
  while (*link_to != id) link_to = &enrolments_[*link_to].next_of_client;
  *link_to = enrolment.next_of_client;
  tally_.census(enrolment.program, -1, now_);
  ++tally_.setting(enrolment.program).departures;
  if (groups_.kept()) in_groups(client, enrolment.program, -1);
  count_stay(enrolment.program, client, now_ - enrolment.began);
  tell(StoryKind::unenrolled, enrolment.client, enrolment.program, now_ - enrolment.began);
  if (places_[enrolment.program].has_more) enrolment_left(id);
  vacate(client, enrolment.program, enrolment.visit, enrolment.units);
  if (!roster_.empty()) staff_census(enrolment.program);
  enrolments_.give_back(id);
}

}  // namespace tl
