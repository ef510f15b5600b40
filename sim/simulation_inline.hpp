#pragma once
#include <algorithm>

#include "sim/simulation.hpp"

// Small steps of every move, kept in sight of the compiler: what a model does not use costs it a branch here, not a
// call.
namespace tl {

inline constexpr int kMostDepth = 200;  // steps at once that led to each other; no care pathway has so many

inline Simulation::Deeper::Deeper(Simulation& simulation, std::uint32_t slot, std::uint32_t goal)
    : simulation_{simulation} {
  if (simulation.depth_ >= kMostDepth) simulation.too_deep(slot, goal);
  ++simulation.depth_;
}

inline const Choice& Simulation::choose(TableId table, const Client& client, std::uint32_t word) const {
  const ChoiceList& list = model_.choice_lists[cell(table, client)];
  const Choice* choice = &model_.choices[list.first];
  const Choice* const last = choice + list.count - 1;
  while (choice < last && word >= choice->below) ++choice;
  return *choice;
}

/// Open time of the setting between two instants.
inline std::int64_t Simulation::open_between(std::uint32_t setting, std::int64_t from, std::int64_t to) const {
  return places_[setting].has_more ? hours_between(setting, from, to) : to - from;
}

/// When a length that begins now ends, along the setting's open time.
inline std::int64_t Simulation::due_after(std::uint32_t setting, std::int64_t length) const {
  return places_[setting].has_more ? due_in_hours(setting, length) : now_ + std::min(length, kNever);
}

inline void Simulation::count_wait(std::uint32_t goal, const Client& client, std::int64_t waited) {
  if (counts_more_)
    count_wait_more(goal, client, waited);
  else
    tally_.add_wait(goal, waited, model_.settings[goal].wait_standard.micros());
}

inline void Simulation::count_stay(std::uint32_t setting, const Client& client, std::int64_t length) {
  if (counts_more_) {
    count_stay_more(setting, client, length);
    return;
  }
  SettingTally& tally = tally_.setting(setting);
  ++tally.stays;
  tally.stay_micros += length;
  tally_.stayed(setting, length);
}

inline void Simulation::count_stay_ended(std::uint32_t setting, const Client& client, std::int64_t began) {
  if (!in_cohort(client)) return;
  const std::int64_t drawn = open_between(setting, began, now_);
  count(client, [&](Tally& tally) {
    ++tally.setting(setting).stays_ended;
    tally.setting(setting).stay_drawn_micros += drawn;
  });
}

/// The unit is free at once, or after the setting's turnaround.
inline void Simulation::vacate(const Client& client, std::uint32_t from, std::uint32_t visit, std::int64_t units) {
  if (model_.settings[from].turnaround.exists() && !units_pass_on_)
    vacate_later(client, from, visit, units);
  else
    free_units(from, units);
}

inline void Simulation::schedule(Event event) {
  if (event.at > end_) return;  // it would never come up
#ifdef TL_CHECKING
  TL_EXPECTS(event.at >= now_);
#endif
  if (in_instant_ && event.at == now_)
    again_.push_back(event);
  else
    events_.push(event);
}

inline void Simulation::set_stay_due(std::uint32_t slot, std::int64_t due) {
  Client& client = clients_[slot];
  client.stay_due = due;
  schedule(Event::make(due, Phase::stay_end, client.number, EventKind::client, slot));
}

/// The stay that begins now, and the draw that will choose the route.
inline void Simulation::draw_stay(std::uint32_t slot) {
  const Client& client = clients_[slot];
  if (model_.settings[client.place].stay.exists()) set_stay(slot, visit_block(client, client.place, client.visit));
}

/// @param block  the bits of this visit
inline void Simulation::set_stay(std::uint32_t slot, const Block& block) {
  Client& client = clients_[slot];
  const Setting& setting = model_.settings[client.place];
  client.route_word = block.w[3];
  const Distribution& stay = model_.distributions[cell(setting.stay, client)];
  double v = 0.5;
  if (stay.rounding == Rounding::random || stay.kind == DistributionKind::mixture)
    v = uniform32(draw(run_, client.key, Purpose::visit_more, setting.draw_id, client.visit).w[3]);
  const double days =
      quantile(stay, model_.distributions, model_.distribution_tables, uniform53(block.w[0], block.w[1]), v);
  set_stay_due(slot, due_after(client.place, days > 0.0 ? SimTime::from_days(days).micros() : 0));
}

inline void Simulation::begin_visit(Client& client, std::uint32_t setting, std::uint32_t visit) {
  client.place = setting;
  client.placed = now_;
  client.visit = visit;
  client.stay_state = StayState::running;
  client.stay_due = kNever;
  client.route = kNoSlot;
}

inline void Simulation::give_back_visits(const Client& client) {
  for (std::uint32_t block = client.more_visits; block != kNoSlot;) {
    const std::uint32_t next = visit_blocks_[block].next;
    visit_blocks_.give_back(block);
    block = next;
  }
}

inline void Simulation::put(std::uint32_t slot, std::uint32_t setting, std::uint32_t visit) {
  begin_visit(clients_[slot], setting, visit);
  if (places_[setting].has_more)
    moved_in(slot, setting);
  else
    --places_[setting].free;
  tally_.census(setting, 1, now_);
  if (!roster_.empty()) staff_census(setting);
  ++tally_.setting(setting).admissions;
  if (groups_.kept()) in_groups(clients_[slot], setting, 1);
  if (return_index_[setting] != kNoSlot) {
    const std::int64_t last = last_left_[static_cast<std::size_t>(slot) * return_count_ + return_index_[setting]];
    if (now_ - last <= model_.settings[setting].return_window.micros())
      count(clients_[slot], [&](Tally& tally) { ++tally.setting(setting).returns; });
  }
}

/// Called before every admission: what it takes, and for preemption since when it was asked for.
inline void Simulation::note_admission(std::uint32_t slot, std::uint32_t goal, std::int64_t since,
                                       std::uint16_t units) {
  if (places_[goal].has_more) units_coming_ = units;
  if (has_preemption_) note_request_time(slot, since);
}

inline Simulation::ClaimEffect Simulation::admission_effect(RouteId route, bool temporary) const {
  if (event_routes_.empty()) return ClaimEffect::keep;
  if (!route.exists()) return temporary ? ClaimEffect::keep : ClaimEffect::end;
  if (event_routes_[route.index()]) return ClaimEffect::make;
  return temporary || model_.routes[route.index()].temporary ? ClaimEffect::keep : ClaimEffect::end;
}

inline Simulation::ClaimEffect Simulation::waiting_effect(RouteId route) const {
  const bool by_event = !event_routes_.empty() && route.exists() && event_routes_[route.index()];
  return by_event ? ClaimEffect::make : ClaimEffect::keep;
}

inline Simulation::ClaimEffect Simulation::effect_of(RouteId route, TermsId terms) const {
  return admission_effect(route, terms.exists() && model_.terms[terms.index()].temporary);
}

inline void Simulation::touch(std::uint32_t slot) {
  if (touches_more_) touch_more(slot);
  if (clients_[slot].first_request != kNoSlot) review(slot);
  if (has_events_) refresh_hazards(slot, false);
}

/// What follows from having entered a setting, or being enrolled in it; the actions may lead out of it again.
inline void Simulation::entered(std::uint32_t slot, std::uint32_t setting, ActionList actions, std::uint32_t visit) {
  if (actions.count == 0 && !notes_entries_)
    touch(slot);
  else
    entered_more(slot, setting, actions, visit);
}

inline const Handoff* Simulation::handoff_between(RouteId route, std::uint32_t from, std::uint32_t to) const {
  if (route.exists() && model_.routes[route.index()].handoff_given) {
    const HandoffId given = model_.routes[route.index()].handoff;
    return given.exists() ? &model_.handoffs[given.index()] : nullptr;
  }
  if (model_.department_handoffs.empty() || from == kNoSlot) return nullptr;
  const std::uint32_t row = model_.settings[from].department, column = model_.settings[to].department;
  const HandoffId standing = model_.department_handoffs[row * model_.department_count + column];
  return standing.exists() ? &model_.handoffs[standing.index()] : nullptr;
}

inline bool Simulation::hand_off(const Grant& grant) {
  const Handoff* handoff = handoff_between(grant.route, grant.origin, grant.goal);
  return handoff != nullptr && hand_over(grant, handoff);
}

inline void Simulation::carry_out(const Grant& grant) {
  if (grant.kind == RequestKind::program) {
    if (grant.request != kNoSlot) close(grant.request, RequestEnd::admitted);
    enrol(grant.slot, grant.goal, grant.visit, grant.units);
    return;
  }
  if (grant.kind == RequestKind::standing) close_others(grant);
  if (hand_off(grant)) return;
  if (grant.request != kNoSlot) close(grant.request, RequestEnd::admitted);
  note_admission(grant.slot, grant.goal, grant.since, grant.units);
  admit(grant.slot, grant.goal, grant.visit, effect_of(grant.route, grant.terms));
}

/// The goal, or else an alternate accepted from the first moment, if a unit is free and nobody eligible is ahead.
inline bool Simulation::grant_at_once(const Grant& grant) {
  const Client& client = clients_[grant.slot];
  if (!can_take(grant.goal, client)) return grant.terms.exists() && grant_alternate_at_once(grant);
  count_wait(grant.goal, client, 0);
  tell(StoryKind::granted, grant.slot, grant.goal);
  carry_out(grant);
  return true;
}

}  // namespace tl
