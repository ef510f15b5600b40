#include <algorithm>

#include "sim/simulation_inline.hpp"

// Where clients are, and how they go on.
namespace tl {

void Simulation::too_deep(std::uint32_t slot, std::uint32_t goal) const {
  std::vector<std::uint32_t> settings;
  for (const std::uint32_t setting : {clients_[slot].place, goal})
    if (setting != kNoSlot) settings.push_back(setting);
  fault("clients are sent round and round within one instant, by refusals, losses or requests on entry",
        std::move(settings));
}

std::uint32_t Simulation::create_client(ClientKey key, std::uint64_t traits) {
  if (last_number_ == 0x7fffffffU) fault("more than 2,147,483,647 clients in one replication");
  const std::uint32_t slot = clients_.take();
  Client& client = clients_[slot];
  client.number = ++last_number_;
  client.key = key;
  client.traits = traits;
  client.entered = client.placed = now_;
  if (!model_.events.empty()) {
    const std::size_t types = model_.events.size();
    if (clocks_.size() < clients_.size()) {
      clocks_.resize(clients_.size());
      hazards_.resize(clients_.size() * types);
    }
    clocks_[slot] = HazardClock{};
    clocks_[slot].since = now_;
    std::fill_n(&hazards_[slot * types], types, Hazard{});
  }
  if (clients_more_) create_beside(slot);
  ++tally_.arrived;
  tally_.present.change(1, now_);
  peak_present_ = std::max(peak_present_, tally_.present.now());
  if (watcher_ != nullptr) watcher_->entered(client.number, key, SimTime::from_micros(now_));
  return slot;
}

/// What a model keeps beside every client.
void Simulation::create_beside(std::uint32_t slot) {
  const auto make_room = [&](auto& records, std::size_t each) {
    if (records.size() < clients_.size() * each) records.resize(clients_.size() * each);
    using Record = typename std::decay_t<decltype(records)>::value_type;
    std::fill_n(records.begin() + static_cast<std::ptrdiff_t>(slot * each), each, Record{});
  };
  if (!model_.timers.empty()) {
    make_room(timers_, model_.timers.size());
    make_room(timer_looks_, 1);
    timer_looks_[slot] = kNever;
  }
  if (!model_.milestones.empty()) make_room(milestones_, model_.milestones.size());
  if (!event_routes_.empty()) make_room(claims_, 1);
  if (return_count_ > 0) {
    if (last_left_.size() < static_cast<std::size_t>(clients_.size()) * return_count_)
      last_left_.resize(static_cast<std::size_t>(clients_.size()) * return_count_);
    std::fill_n(last_left_.begin() + static_cast<std::ptrdiff_t>(slot) * return_count_, return_count_, -kNever);
  }
  if (model_.token_count > 0) {
    tokens_until_.resize(static_cast<std::size_t>(clients_.size()) * model_.token_count);
    std::fill_n(tokens_until_.begin() + static_cast<std::ptrdiff_t>(slot) * model_.token_count, model_.token_count, 0);
  }
  if (slot < interrupted_.size()) interrupted_[slot].place = kNoSlot;
  if (slot < requested_.size()) requested_[slot] = now_;
}

void Simulation::draw_traits(Client& client, const TraitDrawList& draws) const {
  for (std::uint32_t i = 0; i < draws.count; ++i) {
    const TraitDraw& trait = model_.trait_draws[draws.first + i];
    const Block block = draw(run_, client.key, Purpose::trait, trait.draw_id, 0);
    const TraitPattern& pattern = model_.trait_patterns[choose(trait.table, client, block.w[0]).route.index()];
    client.traits = (client.traits & ~pattern.mask) | pattern.bits;
  }
}

std::uint32_t Simulation::next_visit(Client& client, std::uint32_t setting) {
  const auto count_in = [&](auto& visits) -> std::optional<std::uint32_t> {
    for (VisitCount& visit : visits) {
      if (visit.setting == 0xffff) visit.setting = static_cast<std::uint16_t>(setting);
      if (visit.setting != setting) continue;
      if (visit.count == 0xffff) fault("a client asked for the same setting more than 65,535 times");
      return visit.count++;
    }
    return std::nullopt;
  };
  if (const auto found = count_in(client.visits)) return *found;
  std::uint32_t* link = &client.more_visits;
  while (*link != kNoSlot) {
    if (const auto found = count_in(visit_blocks_[*link].visits)) return *found;
    link = &visit_blocks_[*link].next;
  }
  const std::uint32_t block = visit_blocks_.take();
  // taking may have moved the blocks: find the end of the chain again
  link = &client.more_visits;
  while (*link != kNoSlot) link = &visit_blocks_[*link].next;
  *link = block;
  return *count_in(visit_blocks_[block].visits);
}

void Simulation::vacate_later(const Client& client, std::uint32_t from, std::uint32_t visit, std::int64_t units) {
  const Setting& setting = model_.settings[from];
  const Block block = draw(run_, client.key, Purpose::visit_more, setting.draw_id, visit);
  const std::int64_t empty = length(setting.turnaround, client, uniform32(block.w[2]), uniform32(block.w[3]));
  if (empty <= 0) {
    free_units(from, units);
    return;
  }
  count_units(from, &SettingTally::turnaround, units);
  schedule(Event::make(now_ + empty, Phase::hold_end, static_cast<std::uint32_t>(units) - 1, EventKind::setting, from));
}

/// What a client was in the place beside being there.
void Simulation::end_states(std::uint32_t slot) {
  Client& client = clients_[slot];
  if (client.boards) count_level(slot, &SettingTally::boarding, -1);
  if (client.boards_over_level) count_level(slot, &SettingTally::over_level, -1);
  if (client.stay_state == StayState::delayed) count_level(slot, &SettingTally::delayed, -1);
  client.boards = client.boards_over_level = false;
  if (client.mismatch != 0) set_mismatch(slot, 0);
}

void Simulation::take_out(std::uint32_t slot, bool leaves_claim) {
  Client& client = clients_[slot];
  const std::uint32_t from = client.place;
  if (from == kNoSlot) return;
  if (client.boards || client.mismatch != 0 || client.stay_state == StayState::delayed) end_states(slot);
  const bool keeps_unit = leaves_claim && make_claim(slot);
  tally_.census(from, -1, now_);
  ++tally_.setting(from).departures;
  if (groups_.kept()) in_groups(client, from, -1);
  count_stay(from, client, now_ - client.placed);
  if (return_index_[from] != kNoSlot)
    last_left_[static_cast<std::size_t>(slot) * return_count_ + return_index_[from]] = now_;
  std::int64_t units = 1;
  if (places_[from].has_more) {
    units = units_held(slot);
    moved_out(slot, from);
  }
  if (keeps_unit)
    hold_units(slot, units);
  else
    vacate(client, from, client.visit, units);
  if (!roster_.empty()) staff_census(from);
  client.place = kNoSlot;
}

void Simulation::begin_stay(std::uint32_t slot, bool again) {
  Client& client = clients_[slot];
  if (again) client.visit = next_visit(client, client.place);
  client.stay_began = now_;
  client.stay_state = StayState::running;
  draw_stay(slot);
}

/// Out of the present place, if there is one.
inline void Simulation::leave_for(std::uint32_t slot, std::uint32_t goal, bool leaves_claim) {
  const std::uint32_t from = clients_[slot].place;
  if (from == kNoSlot) return;
  take_out(slot, leaves_claim);
  if (model_.settings[from].kind == SettingKind::place && model_.settings[goal].kind == SettingKind::place)
    count(clients_[slot], [](Tally& tally) { ++tally.transfers; });
}

/// A new stay, or a place in the line.
inline void Simulation::begin(std::uint32_t slot, std::uint32_t goal, std::uint32_t visit) {
  const Setting& setting = model_.settings[goal];
  if (setting.kind == SettingKind::line) {
    touch(slot);
    return;
  }
  if (!has_preemption_ || !go_on_with_stay(slot)) begin_stay(slot, false);
  entered(slot, goal, setting.on_entry, visit);
}

void Simulation::admit(std::uint32_t slot, std::uint32_t goal, std::uint32_t visit, ClaimEffect effect) {
  if (!moves_more_) {
    leave_for(slot, goal, false);
    put(slot, goal, visit);
    begin(slot, goal, visit);
    return;
  }
  const std::uint32_t from = clients_[slot].place;
  leave_for(slot, goal, !claims_.empty() && settle_claim(slot, goal, effect));
  move_in(slot, from, goal, visit);
}

/// The second half of a move: into `goal`, `from` being left already or kNoSlot.
void Simulation::move_in(std::uint32_t slot, std::uint32_t from, std::uint32_t goal, std::uint32_t visit) {
  const bool back = !claims_.empty() && comes_back(slot, goal);
  if (back && return_index_[goal] != kNoSlot)  // the same stay goes on: no return in the sense of the window
    last_left_[static_cast<std::size_t>(slot) * return_count_ + return_index_[goal]] = -kNever;
  put(slot, goal, visit);
  if (watcher_ != nullptr)
    watcher_->moved(clients_[slot].number, from == kNoSlot ? SettingId{} : SettingId{from}, SettingId{goal},
                    SimTime::from_micros(now_));
  if (back && model_.settings[goal].kind != SettingKind::line) {
    go_on_after_return(slot);
    touch(slot);
    return;
  }
  begin(slot, goal, visit);
}

void Simulation::entered_more(std::uint32_t slot, std::uint32_t setting, ActionList actions, std::uint32_t visit) {
  const bool noted = !noted_entries_.empty() && noted_entries_[setting];
  const std::uint32_t number = clients_[slot].number;
  if (noted && !milestones_.empty()) further_milestones(slot, setting);
  if (clients_[slot].number != number) return;
  if (actions.count > 0) act(slot, actions, visit, now_);
  if (clients_[slot].number != number) return;
  touch(slot);
  if (noted && !timers_.empty() && clients_[slot].number == number) start_timers(slot, StartKind::setting, setting);
}

void Simulation::stay_ended(std::uint32_t slot) {
  Client& client = clients_[slot];
  client.stay_due = kNever;
  if (client.stay_state == StayState::delayed) {
    count_level(slot, &SettingTally::delayed, -1);
    client.stay_state = StayState::over;
    if (client.granted == kNoSlot)
      follow_route(slot, RouteId{client.route});
    else
      touch(slot);
    return;
  }
  count_stay_ended(client.place, client, client.stay_began);
  tell(StoryKind::stay_ended, slot, client.place, now_ - client.stay_began);
  client.stay_state = StayState::over;
  if (client.granted != kNoSlot) {  // already on the way elsewhere: the handoff's end decides
    touch(slot);
    return;
  }
  const RouteId route = choose(model_.settings[client.place].choices, client, client.route_word).route;
  if (!go_plainly(slot, route)) take_route(slot, route, client.visit, false);
}

void Simulation::take_route(std::uint32_t slot, RouteId id, std::uint32_t occurrence, bool by_event) {
  const Route& route = model_.routes[id.index()];
  Client& client = clients_[slot];
  if (route.delay.exists() && !by_event && client.place != kNoSlot) {
    const Block block = draw(run_, client.key, Purpose::visit_more, model_.settings[client.place].draw_id, occurrence);
    const std::int64_t delay = length(route.delay, client, uniform53(block.w[0], block.w[1]), uniform32(block.w[3]));
    if (delay > 0) {
      client.stay_state = StayState::delayed;
      client.route = id.index();
      count_level(slot, &SettingTally::delayed, 1);
      tell(StoryKind::delayed, slot, client.place, delay);
      set_stay_due(slot, due_after(client.place, delay));
      touch(slot);
      return;
    }
  }
  if (by_event && (route.kind == RouteKind::go_back ||
                   (route.kind == RouteKind::move && model_.settings[route.goal.index()].kind == SettingKind::place))) {
    const bool overtaken = !claims_.empty() && claims_[slot].returning && client.granted != kNoSlot;
    close_if_any(slot, RequestEnd::dropped, true);
    if (overtaken) hold_again(slot);
  }
  follow_route(slot, id);
}

void Simulation::follow_route(std::uint32_t slot, RouteId id) {
  const SettingId goal = model_.routes[id.index()].goal;
  const Deeper deeper{*this, slot, goal.exists() ? goal.index() : kNoSlot};
  follow_actions_and_route(slot, id);
}

void Simulation::follow_actions_and_route(std::uint32_t slot, RouteId id) {
  const Route& route = model_.routes[id.index()];
  Client& client = clients_[slot];
  const std::uint32_t place = client.place, visit = client.visit, granted = client.granted;
  if (route.actions.count > 0) {
    act(slot, route.actions, visit, now_);
    // a standing request made just now was granted: it takes the place of this move
    if (route.kind != RouteKind::leave &&
        (client.place != place || client.visit != visit || client.granted != granted)) {
      touch(slot);  // actions after the request may have changed more
      return;
    }
  }
  switch (route.kind) {
    case RouteKind::leave:
      leave_model(slot, route.reason);
      return;
    case RouteKind::stay_again:
      begin_stay(slot, true);
      set_boarding(slot);  // an event's transfer may have been waiting while the stay ran
      break;
    case RouteKind::move:
      if (model_.settings[route.goal.index()].kind == SettingKind::program) {
        if (client.place == kNoSlot) admit(slot, 0, next_visit(client, 0));
        ask_program(slot, route.goal.index(), now_, route.terms);
        break;
      }
      if (client.first_request != kNoSlot) close_if_any(slot, RequestEnd::replaced, true);
      ask_transfer(slot, id, route.goal.index());
      return;
    case RouteKind::go_back:
      go_back(slot, id);
      return;
    case RouteKind::end:
      if (client.place == kNoSlot) admit(slot, 0, next_visit(client, 0));
      break;
  }
  touch(slot);
}

void Simulation::leave_model(std::uint32_t slot, ReasonId reason) {
  Client& client = clients_[slot];
  while (client.first_request != kNoSlot) close(client.first_request, RequestEnd::client_left);
  while (client.first_enrolment != kNoSlot) remove_enrolment(client.first_enrolment);
  const std::uint32_t number = client.number;
  if (!claims_.empty()) end_claim(slot);
  take_out(slot);
  give_back_visits(client);
  count(client, [&](Tally& tally) {
    ++tally.left;
    ++tally.reasons[reason.index()];
    tally.present.change(-1, now_);
  });
  if (!clocks_.empty()) clocks_[slot].due = kNever;
  clients_.give_back(slot);
  if (watcher_ != nullptr) watcher_->left(number, reason, SimTime::from_micros(now_));
}

void Simulation::set_boarding(std::uint32_t slot) {
  Client& client = clients_[slot];
  if (client.place == kNoSlot) return;
  const bool boards = client.stay_state == StayState::over && client.transfer != kNoSlot && client.granted == kNoSlot &&
                      model_.settings[client.place].kind == SettingKind::place &&
                      requests_[client.transfer].route != kNoSlot &&
                      model_.routes[requests_[client.transfer].route].waiting == Waiting::in_place;
  const bool over_level =
      boards && model_.settings[requests_[client.transfer].goal].level < model_.settings[client.place].level;
  if (boards != client.boards) count_level(slot, &SettingTally::boarding, boards ? 1 : -1);
  if (over_level != client.boards_over_level) count_level(slot, &SettingTally::over_level, over_level ? 1 : -1);
  if (boards && !client.boards) tell(StoryKind::boards, slot, requests_[client.transfer].goal);
  client.boards = boards;
  client.boards_over_level = over_level;
}

/// Enrolments come first: ranks and rates may look at them.
void Simulation::touch_more(std::uint32_t slot) {
  if (uses_while_in_) watch_enrolments(slot);
  if (model_.need_bits > 0 && clients_[slot].place != kNoSlot) set_mismatch(slot, mismatch_of(clients_[slot]));
  if (!timers_.empty()) watch_timers(slot);
}

bool Simulation::happens(const Action& action, const Client& client, std::uint32_t occurrence) const {
  if (!action.chance.exists()) return true;
  const double chance = number(action.chance, client);
  if (chance <= 0.0 || chance >= 1.0) return chance >= 1.0;
  return uniform32(draw(run_, client.key, Purpose::action, action.draw_id, occurrence).w[0]) < chance;
}

void Simulation::act(std::uint32_t slot, ActionList actions, std::uint32_t occurrence, std::int64_t asked) {
  const std::uint8_t outer = closed_here_;  // a grant may lead to an entry with a list of its own
  closed_here_ = 0;
  for (std::uint32_t i = 0; i < actions.count; ++i) {
    const Action& action = model_.actions[actions.first + i];
    if (happens(action, clients_[slot], occurrence)) act_one(slot, action, asked);
  }
  closed_here_ = outer;
}

void Simulation::act_one(std::uint32_t slot, const Action& action, std::int64_t asked) {
  Client& client = clients_[slot];
  const std::uint32_t setting = action.setting.index();
  switch (action.kind) {
    case ActionKind::set_trait: {
      const std::uint64_t mask = ((std::uint64_t{1} << action.bits) - 1) << action.shift;
      const std::uint64_t before = client.traits;
      client.traits = (client.traits & ~mask) | (static_cast<std::uint64_t>(action.value) << action.shift);
      if (groups_.kept()) change_group(slot, before);
      break;
    }
    case ActionKind::count_outcome:
      count(client, [&](Tally& tally) { ++tally.outcomes[action.outcome.index()]; });
      tell(StoryKind::outcome, slot, action.outcome.index());
      break;
    case ActionKind::end_program:
      end_enrolment(slot, setting);
      break;
    case ActionKind::drop_request: {
      drop_requests(slot, action.setting.exists() ? std::optional{setting} : std::nullopt, action.track);
      break;
    }
    case ActionKind::enrol: {
      const Deeper deeper{*this, slot, setting};
      enrol_now(slot, setting);
      break;
    }
    case ActionKind::request: {
      const Deeper deeper{*this, slot, setting};
      if (model_.settings[setting].kind == SettingKind::program)
        ask_program(slot, setting, asked, action.terms);
      else
        ask_standing(slot, setting, action.keep, asked, action.terms);
      break;
    }
  }
}

}  // namespace tl
