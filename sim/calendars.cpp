#include <algorithm>

#include "sim/curve.hpp"
#include "sim/simulation_inline.hpp"

// Hours: when a setting admits, and along which a stay's clock runs (semantics 2).
namespace tl {
namespace {

std::int64_t inside(const Calendar& calendar, std::int64_t at) {
  return calendar.repeat > SimTime{} ? at % calendar.repeat.micros() : at;
}

}  // namespace

/// Whether one of the calendar's windows is open; `or_instant`: or one of its instants is now.
bool Simulation::admits_at(const Calendar& calendar, std::int64_t at, bool or_instant) const {
  const std::int64_t early = inside(calendar, at), late = early + calendar.repeat.micros();
  for (std::uint32_t w = 0; w < calendar.window_count; ++w) {
    const Window& window = model_.windows[calendar.first_window + w];
    const std::int64_t opens = window.opens.micros(), closes = window.closes.micros();
    for (const std::int64_t t : {early, late})  // a window over midnight may end in the next repetition
      if ((opens <= t && t < closes) || (or_instant && opens == t && closes == t)) return true;
  }
  return false;
}

/// The next opening or closing after `at`.
std::int64_t Simulation::next_turn(const Calendar& calendar, std::int64_t at) const {
  const std::int64_t repeat = calendar.repeat.micros(), t = inside(calendar, at);
  std::int64_t next = kNever;
  for (std::uint32_t w = 0; w < calendar.window_count; ++w) {
    const Window& window = model_.windows[calendar.first_window + w];
    for (const SimTime turn : {window.opens, window.closes}) {
      std::int64_t wait = turn.micros() - t;
      if (repeat > 0) wait = (wait % repeat + repeat - 1) % repeat + 1;
      if (wait > 0) next = std::min(next, at + wait);
    }
  }
  return next;
}

/// At the run's start; an instant then is opened again by its own event, which also closes it.
void Simulation::open_calendars() {
  for (std::uint32_t s = 0; s < model_.more.size(); ++s) {
    const CalendarId admits = model_.more[s].admits;
    if (!admits.exists()) continue;
    const Calendar& calendar = model_.calendars[admits.index()];
    const bool window = admits_at(calendar, 0, false), instant = admits_at(calendar, 0, true);
    set_off_hours(s, !instant);
    const std::int64_t first = instant && !window ? 0 : next_turn(calendar, 0);
    schedule(Event::make(first, Phase::dated_change, 0, EventKind::setting, s));
  }
}

void Simulation::set_off_hours(std::uint32_t setting, bool off_hours) {
  Place& place = places_[setting];
  place.off_hours = off_hours;
  place.closed = off_hours || place.budgets_spent > 0;
}

void Simulation::calendar_turned(std::uint32_t setting) {
  const Calendar& calendar = model_.calendars[model_.more[setting].admits.index()];
  set_off_hours(setting, !admits_at(calendar, now_, true));
  if (!places_[setting].off_hours) {
    offer(setting);
    if (!admits_at(calendar, now_, false)) open_for_instant_.push_back(setting);
  }
  stir(setting);
  schedule(Event::make(next_turn(calendar, now_), Phase::dated_change, 0, EventKind::setting, setting));
}

/// An instant's admissions are over.
void Simulation::close_instants() {
  for (const std::uint32_t setting : open_for_instant_) {
    set_off_hours(setting, true);
    stir(setting);
  }
  open_for_instant_.clear();
}

/// When a length that begins now ends, along the setting's open time.
std::int64_t Simulation::due_in_hours(std::uint32_t setting, std::int64_t length) const {
  if (!model_.more[setting].serves.exists()) return now_ + std::min(length, kNever);
  if (length >= kNever) return kNever;
  const CurveId serves = model_.more[setting].serves;
  const double from = curve_integral(model_, serves, SimTime::from_micros(now_));
  const double days = SimTime::from_micros(length).days();
  const std::int64_t due = curve_inverse(model_, serves, from + days).micros();
  // A stay that fills the open hours to the end is over when they close, not when they open again: then the last
  // microsecond of it lies before the gap.
  const std::int64_t before = curve_inverse(model_, serves, from + days - SimTime::from_micros(1).days()).micros();
  return std::max(now_, due - before > 2 ? before + 1 : due);
}

/// Open time of the setting between two instants.
std::int64_t Simulation::hours_between(std::uint32_t setting, std::int64_t from, std::int64_t to) const {
  if (!model_.more[setting].serves.exists() || from < 0) return to - from;
  const CurveId serves = model_.more[setting].serves;
  return SimTime::from_days(curve_integral(model_, serves, SimTime::from_micros(to)) -
                            curve_integral(model_, serves, SimTime::from_micros(from)))
      .micros();
}

/// When a stay that has lasted `served` would have begun, had nothing interrupted it.
std::int64_t Simulation::began_for(std::uint32_t setting, std::int64_t served) const {
  if (!places_[setting].has_more || !model_.more[setting].serves.exists()) return now_ - served;
  const CurveId serves = model_.more[setting].serves;
  const double open = curve_integral(model_, serves, SimTime::from_micros(now_));
  return curve_inverse(model_, serves, std::max(0.0, open - SimTime::from_micros(served).days())).micros();
}

}  // namespace tl
