#include <algorithm>

#include "sim/simulation_inline.hpp"

// Staff in the engine: usable capacity is the smaller of physical capacity and what staff can carry (semantics 8). It
// is settled once at an instant, after dated changes, policies and persons who leave or join, and nowhere else.
namespace tl {
namespace {

// Numbers of staff events that are not about a person; above them comes nothing of the phase.
constexpr std::uint32_t kHoursTurn = 0x7ffffffe, kSettle = 0x7fffffff;
constexpr std::int64_t kNoLimit = std::int64_t{1} << 40;  // units that staff could carry where nothing else limits

}  // namespace

/// The one way in which beds, slots and chairs come and go; with staff, how many of them can be used is settled when
/// the instant's changes are known.
void Simulation::set_physical_capacity(std::uint32_t setting, std::int64_t capacity) {
  physical_[setting] = capacity;
  if (!roster_.carries(setting)) {
    set_capacity(setting, capacity);
    return;
  }
  roster_.stir(setting);
  stir_staff();
}

/// Posts of the run's start, and the hours they are on duty.
void Simulation::start_staff() {
  if (roster_.empty()) return;
  roster_.begin();
  for (std::uint32_t row = 0; row < model_.staffing.size(); ++row)
    if (model_.staffing[row].hours.exists()) staff_hours_turned(row);
  roster_.stir_all();
  settle_staff();
}

/// Staff are to be settled before the instant goes on to what clients do.
void Simulation::stir_staff() {
  schedule_staff();
  if (!in_instant_ || !roster_.is_settled()) return;
  roster_.note_unsettled();
  events_.push(Event::make(now_, Phase::staff, kSettle, EventKind::other, 0));
}

void Simulation::schedule_staff() {
  for (const Event& event : roster_.coming) schedule(event);
  roster_.coming.clear();
}

void Simulation::staff_hours_turned(std::uint32_t row) {
  const Calendar& calendar = model_.calendars[model_.staffing[row].hours.index()];
  roster_.set_on_duty(row, admits_at(calendar, now_, false));
  schedule(Event::make(next_turn(calendar, now_), Phase::staff, kHoursTurn, EventKind::setting, row));
}

/// @returns whether anything happened to a person
bool Simulation::staff_event(Event event) {
  if (event.number() == kSettle) {
    settle_staff();
    return false;
  }
  if (event.number() == kHoursTurn)
    staff_hours_turned(event.handle());
  else if (event.kind() == EventKind::growth ? !roster_.agency_due(event.number(), event.handle(), event.at)
                                             : !roster_.person_due(event.number(), event.handle(), event.at))
    return false;
  stir_staff();
  return event.number() != kHoursTurn;
}

void Simulation::settle_staff() {
  const std::vector<std::uint32_t> concerned = roster_.settle(physical_, now_);
  schedule_staff();
  for (const std::uint32_t setting : concerned) {
    const std::int64_t usable = std::min(physical_[setting], roster_.carried(setting));
    const std::int64_t units = usable == kUnlimited ? usable : std::max<std::int64_t>(usable, 0);
    if (units == kUnlimited || units != places_[setting].capacity) set_capacity(setting, units);
    stir_carried(setting);
  }
}

/// The causes of waiting there may be others now.
void Simulation::stir_carried(std::uint32_t setting) {
  stir(setting);
  if (model_.settings[setting].kind != SettingKind::pool) return;
  for (std::uint32_t s = 0; s < places_.size(); ++s)
    if (pool_of(s) == SettingId{setting}) stir(s);
}

/// Clients came or went: what they need of the staff.
void Simulation::staff_census(std::uint32_t setting) {
  const auto note = [&](std::uint32_t carried) {
    if (!roster_.carries(carried)) return;
    roster_.set_units_used(carried, units_of_clients(carried), now_);
    stir_carried(carried);
  };
  note(setting);
  if (const SettingId pool = pool_of(setting); pool.exists()) note(pool.index());
}

std::int64_t Simulation::units_of_clients(std::uint32_t setting) const {
  const SettingTally& tally = tally_.setting(setting);
  return places_[setting].capacity - places_[setting].free - tally.reserved.now() - tally.turnaround.now() -
         tally.held.now();
}

/// Units that stand empty because nobody could look after a client in them.
std::int64_t Simulation::units_without_staff(std::uint32_t setting) const {
  const auto without = [&](std::uint32_t carried) -> std::int64_t {
    if (!roster_.carries(carried) || roster_.carried(carried) >= physical_[carried]) return 0;
    if (physical_[carried] == kUnlimited) return kNoLimit;
    const Place& place = places_[carried];
    return std::max<std::int64_t>(0, physical_[carried] - place.capacity + std::min<std::int64_t>(place.free, 0));
  };
  const SettingId pool = pool_of(setting);
  return without(setting) + (pool.exists() ? without(pool.index()) : 0);
}

/// Usable capacity never exceeds physical capacity, and what staff are kept busy by is what clients are there.
void Simulation::check_staff() const {
  if (roster_.empty()) return;
  TL_EXPECTS(roster_.is_settled());
  roster_.check(now_);
  for (std::uint32_t s = 0; s < places_.size(); ++s) {
    if (!roster_.carries(s)) continue;
    const std::int64_t usable = std::min(physical_[s], roster_.carried(s));
    TL_EXPECTS(usable <= physical_[s]);
    if (usable != kUnlimited) TL_EXPECTS(places_[s].capacity == usable);
    TL_EXPECTS(roster_.units_used(s) == units_of_clients(s));
  }
}

}  // namespace tl
