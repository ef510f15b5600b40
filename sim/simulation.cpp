#include "sim/simulation_inline.hpp"

#include <algorithm>
#include <bit>

namespace tl {
namespace {

constexpr std::int64_t kPlenty = std::int64_t{1} << 61;  // the free units of an unlimited setting
constexpr std::uint64_t kAskEvery = 0xffff;              // events between two looks at `stop`
constexpr std::uint32_t kFewClients = 2048;              // their records stay in the cache
constexpr std::uint32_t kFewPlaces = 256;                // likewise
constexpr int kMostRounds = 1000;                        // of one instant; semantics 7

void note_flag(const StateDimension& dimension, std::vector<StateDimension>& flags) {
  for (const StateDimension& flag : flags)
    if (flag.kind == dimension.kind && flag.first == dimension.first && flag.subject == dimension.subject) return;
  flags.push_back(dimension);
}

}  // namespace

Simulation::Simulation(const CompiledModel& model) : model_{model} {
  const std::size_t n = model.settings.size();
  TL_EXPECTS(n > 0 && n < 0xffff);
  return_index_.assign(n, kNoSlot);
  for (std::size_t s = 0; s < n; ++s)
    if (model.settings[s].return_window > SimTime{}) return_index_[s] = return_count_++;
  for (std::size_t s = 0; s < model.more.size(); ++s)
    if (model.more[s].preempt != Preempt::never) has_preemption_ = true;
  for (const SettingMore& more : model.more) uses_while_in_ = uses_while_in_ || more.while_in.exists();
  make_table_readers();
  find_event_routes();
  find_plain_moves();
  find_starts();
  find_causes();
  const auto has_condition = [](const TimerType& timer) { return timer.holds.exists(); };
  counts_more_ = model.only_new_clients || !model.by.empty();
  touches_more_ =
      uses_while_in_ || model.need_bits > 0 || std::any_of(model.timers.begin(), model.timers.end(), has_condition);
  has_events_ = !model.events.empty();
  notes_entries_ = !noted_entries_.empty();
  clients_more_ = has_preemption_ || return_count_ > 0 || model.token_count > 0 || !model.timers.empty() ||
                  !model.milestones.empty() || !event_routes_.empty();
  for (const EventType& type : model.events) {
    const StateTable& table = model.tables[type.hazard.index()];
    for (std::uint32_t d = 0; d < table.dimension_count; ++d) {
      const StateDimension& dimension = model.dimensions[table.first_dimension + d];
      if (is_of_time(dimension.kind))
        events_look_at_steps_ = true;
      else if (dimension.kind != DimensionKind::trait && dimension.kind != DimensionKind::place_class &&
               dimension.kind != DimensionKind::mismatch)
        note_flag(dimension, event_flags_);
    }
  }
}

void Simulation::fault(const std::string& what, std::vector<std::uint32_t> settings) const {
  std::sort(settings.begin(), settings.end());
  settings.erase(std::unique(settings.begin(), settings.end()), settings.end());
  throw ModelFault{what, SimTime::from_micros(now_).days(), std::move(settings)};
}

/// Where the clients are whom these events are about.
std::vector<std::uint32_t> Simulation::places_of(const std::vector<Event>& events) const {
  std::vector<std::uint32_t> places;
  for (const Event& event : events) {
    std::uint32_t slot = event.handle();
    if (event.kind() == EventKind::enrolment)
      slot = enrolments_[slot].client;
    else if (event.kind() == EventKind::request)
      slot = requests_[slot].client;
    else if (event.kind() != EventKind::client && event.kind() != EventKind::timer)
      continue;
    if (clients_[slot].number == event.number() && clients_[slot].place != kNoSlot)
      places.push_back(clients_[slot].place);
  }
  return places;
}

void Simulation::reset(std::uint64_t seed, std::uint64_t replication) {
  run_ = run_key(seed, replication);
  now_ = 0;
  end_ = model_.end.micros();
  events_.clear();
  again_.clear();
  in_instant_ = placing_initial_ = false;
  depth_ = 0;
  events_done_ = 0;
  last_number_ = 0;
  next_patch_ = 0;
  peak_present_ = 0;
  initial_clients_ = 0;
  cells_ = model_.cells;
  clients_.clear();
  visit_blocks_.clear();
  requests_.clear();
  enrolments_.clear();
  clocks_.clear();
  hazards_.clear();
  last_left_.clear();
  timers_.clear();
  timer_looks_.clear();
  milestones_.clear();
  claims_.clear();
  absences_.clear();
  open_for_instant_.clear();
  for (Bars& bars : bars_) bars = {bars.watched, false, {}};
  over_full_.clear();
  client_units_.clear();
  tokens_until_.clear();
  requested_.clear();
  interrupted_.clear();
  suspects_.clear();
  units_coming_ = 0;
  units_pass_on_ = false;
  occupants_.reset(model_.more.size());
  members_.reset(model_.more.size());
  tally_.reset(model_);
  roster_.reset(model_, cells_, run_);
  accounts_.reset(model_.money);
#ifdef TL_CHECKING
  eager_accounts_.reset(model_.money);
#endif
  groups_.reset(model_);

  const std::size_t n = model_.settings.size();
  places_.assign(n, Place{});
  physical_.assign(n, 0);
  work_.assign(n / 64 + 1, 0);
  has_offers_ = false;
  for (std::uint32_t s = 0; s < n; ++s) {
    places_[s].has_more = model_.settings[s].has_more;
    places_[s].plain = plain_settings_[s];
    set_physical_capacity(s, model_.settings[s].capacity);
  }
  reset_policies();
  budgets_.reset(model_.budgets);
  open_calendars();
  moves_more_ = watcher_ != nullptr || has_preemption_ || !event_routes_.empty();
  moves_plainly_ = !moves_more_ && !touches_more_ && !notes_entries_ && bars_.empty() && model_.requirements.empty() &&
                   !groups_.kept();
}

void Simulation::run(std::uint64_t seed, std::uint64_t replication, const std::function<bool()>* stop,
                     ReplicationResult& into) {
  reset(seed, replication);
  const auto periods = static_cast<std::uint32_t>(model_.period_ends.size());
  schedule(Event::make(model_.start.micros(), Phase::sample, 0, EventKind::other, 0));
  for (std::uint32_t i = 0; i < periods; ++i)
    schedule(Event::make(model_.period_ends[i].micros(), Phase::sample, 0, EventKind::other, 1 + i));
  for (std::uint32_t i = 0; i < model_.observe.size(); ++i)
    schedule(Event::make(model_.observe[i].micros(), Phase::sample, 0, EventKind::other, 1 + periods + i));
  apply_patches();
  start_policies();
  start_staff();
  start_budgets();
  place_initial_clients();
  start_streams();
  while (!events_.empty() && events_.peek().at <= end_) {
    TL_EXPECTS(events_.peek().at >= now_);  // time never runs back
    now_ = events_.peek().at;
    if (now_ == end_ && events_.peek().phase() != Phase::sample) break;
    run_instant();
    if ((events_done_ & kAskEvery) == 0 && stop != nullptr && (*stop)()) throw Stopped{};
  }
  now_ = end_;
  tally_.finish(end_, into);
  roster_.finish(into);
  accounts_.finish(into);
  budgets_.finish(into);
  groups_.finish(end_, into);
  into.initial_clients = static_cast<double>(initial_clients_);
  into.engine_events = static_cast<double>(events_done_);
  into.peak_present = static_cast<double>(peak_present_);
}

/// Among many clients an event's record is seldom in the cache: ask for it an event or two ahead.
void Simulation::fetch_ahead() const {
  if (const Event* event = events_.ahead(1)) {
    if (event->kind() == EventKind::client)
      fetch_client(event->handle());
    else if (event->kind() == EventKind::enrolment)
      __builtin_prefetch(&enrolments_[event->handle()]);
    else if (event->kind() == EventKind::request)
      __builtin_prefetch(&requests_[event->handle()]);
  }
  if (const Event* event = events_.ahead(0)) {
    if (event->kind() == EventKind::client && places_.size() > kFewPlaces) fetch_place(event->handle());
    if (event->kind() == EventKind::enrolment)
      fetch_client(enrolments_[event->handle()].client);
    else if (event->kind() == EventKind::request)
      fetch_client(requests_[event->handle()].client);
  }
}

/// Where the client is, whose record was asked for an event ago.
void Simulation::fetch_place(std::uint32_t slot) const {
  const std::uint32_t place = slot < clients_.size() ? clients_[slot].place : kNoSlot;
  if (place >= places_.size()) return;
  __builtin_prefetch(&places_[place]);
  tally_.fetch(place);
  const auto* setting = reinterpret_cast<const char*>(&model_.settings[place]);
  for (std::size_t at = 0; at < sizeof(Setting); at += 64) __builtin_prefetch(setting + at);
}

void Simulation::fetch_client(std::uint32_t slot) const {
  if (slot >= clients_.size()) return;
  const auto fetch = [](const void* from, std::size_t bytes) {
    for (std::size_t at = 0; at < bytes; at += 64) __builtin_prefetch(static_cast<const char*>(from) + at);
  };
  fetch(&clients_[slot], sizeof(Client));
  if (clocks_.empty()) return;
  fetch(&clocks_[slot], sizeof(HazardClock));
  fetch(&hazards_[static_cast<std::size_t>(slot) * model_.events.size()], model_.events.size() * sizeof(Hazard));
}

/// Several enrolments of one client that end together go by setting, not by slot.
void Simulation::handle_enrolments(Event event) {
  const auto goes_along = [&] {
    return !events_.empty() && events_.peek().at == now_ && events_.peek().key >> 26 == event.key >> 26;
  };
  if (!goes_along()) {
    handle(event);
    return;
  }
  instant_.assign(1, event);
  while (goes_along()) instant_.push_back(events_.pop());
  std::sort(instant_.begin(), instant_.end(), [this](const Event& a, const Event& b) {
    return enrolments_[a.handle()].program < enrolments_[b.handle()].program;
  });
  for (const Event& each : instant_) handle(each);
}

void Simulation::run_instant() {
  in_instant_ = true;
  do {
    const Event event = events_.pop();
    if (clients_.size() > kFewClients) fetch_ahead();
    if (event.kind() == EventKind::enrolment)
      handle_enrolments(event);
    else
      handle(event);
  } while (!events_.empty() && events_.peek().at == now_ && (now_ != end_ || events_.peek().phase() == Phase::sample));
  run_admissions();
  for (int round = 0; !again_.empty(); ++round) {
    if (round == kMostRounds) fault("time does not pass: clients go on moving within one instant", places_of(again_));
    instant_.swap(again_);
    again_.clear();
    std::sort(instant_.begin(), instant_.end(), before);
    const std::vector<Event> now = instant_;
    for (const Event& event : now) handle(event);
    run_admissions();
  }
  in_instant_ = false;
  if (!open_for_instant_.empty()) close_instants();
  if (!unsettled_.empty()) settle_causes();
#ifdef TL_CHECKING
  eager_accounts_.settle({tally_, roster_}, now_);
  check_instant();
#endif
}

void Simulation::handle(Event event) {
  const std::uint32_t slot = event.handle();
  switch (event.phase()) {
    case Phase::sample:
      sample(slot);
      return;
    case Phase::dated_change:
      if (event.kind() == EventKind::setting)
        calendar_turned(slot);
      else if (event.kind() == EventKind::growth)
        units_start(slot);
      else
        apply_patches();
      return;
    case Phase::policy:
      if (event.kind() == EventKind::request) {
        if (requests_[slot].number != event.number()) return;
        wake(slot);
      } else if (event.kind() == EventKind::setting) {
        look_at_budget(slot);
      } else if (event.kind() == EventKind::other) {
        policy_rang(slot);
      } else {
        if (clients_[slot].number != event.number()) return;
        tokens_lapse(slot);
      }
      break;
    case Phase::staff:
      if (!staff_event(event)) return;
      break;
    case Phase::hold_end:
      if (event.kind() == EventKind::setting) {
        const std::int64_t units = std::int64_t{event.number()} + 1;  // as vacate has it
        count_units(slot, &SettingTally::turnaround, -units);
        free_units(slot, units);
      } else if (event.kind() == EventKind::client) {
        if (clients_[slot].number != event.number() || claims_[slot].ends != event.at) return;
        hold_ended(slot);
      } else if (event.kind() == EventKind::enrolment) {
        if (enrolments_[slot].number != event.number() || absences_[slot].ends != event.at) return;
        absence_ended(slot);
      } else {
        const Request& request = requests_[slot];
        if (request.number != event.number() || request.handoff_due != event.at) return;
        handoff_ended(slot);
      }
      break;
    case Phase::stay_end:
      if (event.kind() == EventKind::client) {
        const Client& client = clients_[slot];
        if (client.number != event.number() || client.stay_due != event.at) return;
        stay_ended(slot);
      } else {
        const Enrolment& enrolment = enrolments_[slot];
        if (enrolment.number != event.number() || enrolment.due != event.at) return;
        enrolment_ended(slot);
      }
      break;
    case Phase::event:
      if (event.kind() == EventKind::timer) {
        if (clients_[slot].number != event.number() || !timer_rang(slot)) return;
        break;
      }
      if (clients_[slot].number != event.number() || clocks_[slot].pending != event.at) return;
      if (!clock_rang(slot)) return;
      break;
    case Phase::give_up:
      if (requests_[slot].number != event.number() || requests_[slot].patience_due != event.at ||
          requests_[slot].patience_stopped)
        return;
      give_up(slot);
      break;
    case Phase::arrival:
      arrive(slot);
      break;
    default:
      TL_EXPECTS(false);
  }
  ++events_done_;
#ifdef TL_CHECKING
  check_laws();
#endif
}

void Simulation::sample(std::uint32_t index) {
  const auto periods = static_cast<std::uint32_t>(model_.period_ends.size());
  if (index == 0) {
    tally_.start_results(now_);
    groups_.start_results(now_);
    if (!roster_.empty()) roster_.start_results(now_);
    budgets_.start_results(accounts_, {tally_, roster_}, now_);
    accounts_.start_results({tally_, roster_}, now_);
#ifdef TL_CHECKING
    eager_accounts_.start_results({tally_, roster_}, now_);
#endif
  } else if (index <= periods) {
#ifdef TL_CHECKING
    check_accounts();
#endif
    tally_.end_period(now_);
    budgets_.end_period(accounts_, {tally_, roster_}, now_);
    accounts_.end_period({tally_, roster_}, now_);
    groups_.end_period(now_);
    if (!roster_.empty()) roster_.end_period(now_);
  } else {
    tally_.observe(index - periods - 1);
    groups_.observe(index - periods - 1);
  }
}

void Simulation::apply_patches() {
  const std::size_t first = next_patch_;
  while (next_patch_ < model_.patches.size() && model_.patches[next_patch_].at.micros() <= now_) {
    const Patch& patch = model_.patches[next_patch_++];
    switch (patch.kind) {
      case PatchKind::capacity:
        if (growths_.empty()) {
          set_physical_capacity(patch.index, patch.value);
        } else {
          growths_[patch.index].dated = patch.value;
          settle_capacity(patch.index);
        }
        break;
      case PatchKind::staff_budget:
        roster_.set_budget(patch.index, patch.value, now_);
        break;
      case PatchKind::stay_scale:
        rescale_stays(patch.index, std::bit_cast<double>(patch.value));
        break;
      case PatchKind::price:
        set_price(patch.index, std::bit_cast<double>(patch.value));
        break;
      case PatchKind::cell:
        cells_[patch.index] = static_cast<std::uint32_t>(patch.value);
        break;
      default:
        patch_policy(patch);
    }
  }
  if (!roster_.empty() && next_patch_ > first) {  // also numbers that staffing reads may be others
    roster_.stir_all();
    stir_staff();
  }
  if (next_patch_ < model_.patches.size())
    schedule(Event::make(model_.patches[next_patch_].at.micros(), Phase::dated_change, 0, EventKind::other, 0));
}

void Simulation::set_price(std::uint32_t item, double price) {
  accounts_.set_price(item, price, {tally_, roster_}, now_);
#ifdef TL_CHECKING
  eager_accounts_.set_price(item, price, {tally_, roster_}, now_);
#endif
}

void Simulation::set_capacity(std::uint32_t setting, std::int64_t capacity) {
  Place& place = places_[setting];
  const std::int64_t before_units = place.capacity;
  place.capacity = capacity == kUnlimited ? kPlenty : capacity;
  place.free += place.capacity - before_units;
#ifdef TL_CHECKING
  allow_over_full(setting);
#endif
  Level& level = tally_.setting(setting).capacity;
  level.change((capacity == kUnlimited ? 0 : capacity) - level.now(), now_);
  if (model_.settings[setting].kind == SettingKind::pool)
    offer_pool(setting);
  else
    offer(setting);
  if (places_[setting].has_more && model_.more[setting].cut_to.exists()) discharge_surplus(setting);
}

void Simulation::run_admissions() {
  do
    if (has_offers_) admit_those_waiting();
  while (!suspects_.empty() && undo_deadlocks());
}

void Simulation::admit_those_waiting() {
  std::uint64_t grants = 0;
  const std::size_t words = work_.size();
  for (std::size_t word = 0; word < words;) {
    if (work_[word] == 0) {
      ++word;
      continue;
    }
    const auto setting =
        static_cast<std::uint32_t>(word * 64 + static_cast<std::size_t>(std::countr_zero(work_[word])));
    const std::uint32_t next = next_in_line(setting);
    if (next == kNoSlot) {
      work_[word] &= ~(std::uint64_t{1} << (setting & 63U));
      continue;
    }
    if (++grants > 10'000'000) fault("time does not pass: admissions go on and on within one instant", {setting});
    grant(next);
    word = 0;  // a unit may have been freed further up in file order
  }
  has_offers_ = false;
}

}  // namespace tl
