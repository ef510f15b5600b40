#include <algorithm>
#include <cmath>

#include "models/calendar_dates.hpp"
#include "models/compile_builder.hpp"

// Weeks of civil days, turned so that they begin with the run.
namespace tl::compiling {
namespace {

constexpr std::int64_t kWeek = 7 * kMicrosPerDay;
constexpr double kSlack = 1e-9;

std::int64_t micros_of_hours(double hours) {
  return static_cast<std::int64_t>(std::llround(hours * static_cast<double>(kMicrosPerDay / 24)));
}

using Stretch = std::pair<std::int64_t, std::int64_t>;  ///< [microsecond] of the run's week

}  // namespace

/// How long the week has run when the run begins.
std::int64_t Builder::into_week() const {
  const CivilDate start{model_.start_year, model_.start_month, model_.start_day};
  const std::int64_t at_results = weekday_of(days_from_civil(start)) * kMicrosPerDay;
  return ((at_results - out_.start.micros()) % kWeek + kWeek) % kWeek;
}

std::vector<Window> Builder::windows_of_run(const std::vector<WeekWindow>& week) const {
  std::vector<Stretch> turned;
  for (const WeekWindow& one : week) {
    const std::int64_t length = micros_of_hours(one.ends) - micros_of_hours(one.begins);
    const std::int64_t from = ((micros_of_hours(one.begins) - into_week()) % kWeek + kWeek) % kWeek;
    turned.emplace_back(from, std::min(from + length, kWeek));
    if (from + length > kWeek) turned.emplace_back(0, from + length - kWeek);
  }
  std::sort(turned.begin(), turned.end());
  std::vector<Window> windows;
  for (const auto& [from, to] : turned) {
    const bool goes_on = !windows.empty() && from < to && windows.back().closes.micros() == from &&
                         windows.back().opens < windows.back().closes;
    if (goes_on)
      windows.back().closes = SimTime::from_micros(to);
    else
      windows.push_back({SimTime::from_micros(from), SimTime::from_micros(to)});
  }
  return windows;
}

CalendarId Builder::calendar(const std::vector<WeekWindow>& week) {
  const std::vector<Window> windows = windows_of_run(week);
  out_.calendars.push_back({static_cast<std::uint32_t>(out_.windows.size()), static_cast<std::uint32_t>(windows.size()),
                            SimTime::from_micros(kWeek)});
  out_.windows.insert(out_.windows.end(), windows.begin(), windows.end());
  return CalendarId{static_cast<std::uint32_t>(out_.calendars.size() - 1)};
}

/// The rate is 1 while it is open and 0 while it is closed.
CurveId Builder::open_time(const std::vector<WeekWindow>& week) {
  Curve made{static_cast<std::uint32_t>(out_.knots.size()), 0, SimTime::from_micros(kWeek)};
  double cumulative = 0.0;
  const auto knot = [&](SimTime at, double rate) { out_.knots.push_back({at, cumulative, rate, 0.0}); };
  SimTime closed_since;
  for (const Window& window : windows_of_run(week)) {
    if (window.opens > closed_since) knot(closed_since, 0.0);
    knot(window.opens, 1.0);
    cumulative += (window.closes - window.opens).days();
    closed_since = window.closes;
  }
  if (closed_since.micros() < kWeek) knot(closed_since, 0.0);
  made.knot_count = static_cast<std::uint32_t>(out_.knots.size()) - made.first_knot;
  out_.curves.push_back(made);
  return CurveId{static_cast<std::uint32_t>(out_.curves.size() - 1)};
}

/// Of the whole units the part that is open, rounded down; of several parts at once the first.
std::int64_t Builder::units_open(std::int64_t units, const std::vector<HoursShare>& hours, SimTime at) const {
  if (units == kUnlimited) return units;
  const std::int64_t now = (at.micros() + into_week()) % kWeek;
  for (const HoursShare& part : hours)
    for (const WeekWindow& window : part.windows)
      if (micros_of_hours(window.begins) <= now && now < micros_of_hours(window.ends))
        return static_cast<std::int64_t>(std::floor(static_cast<double>(units) * part.share + kSlack));
  return units;
}

/// A capacity's changes together with the hours of the week in which only a part of it is open.
std::vector<CapacityStep> Builder::open_steps(const VaryingNumber& number, const std::vector<HoursShare>& hours) {
  std::vector<CapacityStep> steps = capacity_steps(number);
  if (!hours.empty()) {
    std::vector<std::int64_t> bounds;
    for (const HoursShare& part : hours)
      for (const WeekWindow& window : part.windows)
        for (const double hour : {window.begins, window.ends})
          bounds.push_back(((micros_of_hours(hour) - into_week()) % kWeek + kWeek) % kWeek);
    std::sort(bounds.begin(), bounds.end());
    bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
    const std::vector<CapacityStep> whole = steps;
    std::size_t in_force = 0;
    for (std::int64_t week = 0; week < out_.end.micros(); week += kWeek)
      for (const std::int64_t bound : bounds) {
        const SimTime at = SimTime::from_micros(week + bound);
        if (at > out_.end) break;
        while (in_force + 1 < whole.size() && whole[in_force + 1].at <= at) ++in_force;
        steps.push_back({at, whole[in_force].units});
      }
    std::stable_sort(steps.begin(), steps.end(),
                     [](const CapacityStep& a, const CapacityStep& b) { return a.at < b.at; });
    for (CapacityStep& step : steps) step.units = units_open(step.units, hours, step.at);
  }
  return steps;
}

std::int64_t Builder::capacity_of(const VaryingNumber& number, const std::vector<HoursShare>& hours,
                                  std::uint32_t setting) {
  const std::vector<CapacityStep> steps = open_steps(number, hours);
  switch_capacity(number, hours, setting, steps);
  std::int64_t before = steps[0].units;
  for (std::size_t i = 1; i < steps.size(); ++i) {
    if (steps[i].units != before) add_patch(steps[i].at, PatchKind::capacity, setting, steps[i].units);
    before = steps[i].units;
  }
  return steps[0].units;
}

SettingMore& Builder::more(std::uint32_t row) {
  if (out_.more.size() < out_.settings.size()) out_.more.resize(out_.settings.size());
  out_.settings[row].has_more = true;
  return out_.more[row];
}

void Builder::setting_hours(std::uint32_t row) {
  const SettingSpec& spec = model_.settings[row];
  if (!spec.admits.empty()) more(row).admits = calendar(spec.admits);
  if (!spec.serves.empty()) more(row).serves = open_time(spec.serves);
}

}  // namespace tl::compiling
