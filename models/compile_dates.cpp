#include <algorithm>
#include <cmath>

#include "models/calendar_dates.hpp"
#include "models/compile_builder.hpp"
#include "models/dated_numbers.hpp"

// Dates: values in force, changes as patches, reporting periods, instants to observe. Days count from the start of
// results here; instant() turns them into the run's time.
namespace tl::compiling {
namespace {

constexpr double kSlack = kDateSlack;  ///< a repeat's date computed two ways is one date
constexpr std::size_t kMostPatches = 1'000'000;

}  // namespace

double Builder::dated_at(const VaryingNumber& number, double days) const {
  return value_at(number, days);
}

void Builder::add_changes(const VaryingNumber& number, Epochs& epochs) {
  const double first = start_day(), last = model_.horizon_days;
  for (const SwitchedNumber& one : number.switched) add_changes(one.number, epochs);
  bool too_many = false;
  const std::vector<double> days = change_days(number, first, last, static_cast<double>(kMostPatches), too_many);
  epochs.insert(epochs.end(), days.begin(), days.end());
  if (too_many)
    problem({number.path, number.at}, code("dates-many"),
            "changes about " + shown(std::floor(changes_between(number, first, last))) + " times in a run",
            "at most " + std::to_string(kMostPatches) + " changes are allowed",
            "Repeat it less often, or shorten the horizon");
}

/// The run's start first, then every change once.
void Builder::finish(Epochs& epochs) const {
  std::sort(epochs.begin(), epochs.end());
  epochs.insert(epochs.begin(), start_day());
  epochs.erase(std::unique(epochs.begin(), epochs.end(), [&](double a, double b) { return instant(a) == instant(b); }),
               epochs.end());
}

double Builder::value_of(const VaryingNumber& of, const Space& space, const Combination& combination,
                         double days) const {
  const VaryingNumber& number = in_force(of);
  std::optional<double> replaced;
  double scale = 1.0;
  for (const Variation& variation : number.vary) {
    if ((variation.value && replaced) || !holds(variation.when, space, combination)) continue;
    const double by = value_at(variation, number.linear, days);
    if (variation.value)
      replaced = by;
    else
      scale *= by;
  }
  return (replaced ? *replaced : value_at(number, days)) * scale;
}

SimTime Builder::instant(double days) const {
  return out_.start + SimTime::from_days(days);
}

void Builder::add_patch(SimTime at, PatchKind kind, std::uint32_t index, std::int64_t value) {
  if (at > out_.end) return;
  if (out_.patches.size() >= kMostPatches) {
    if (out_.patches.size() == kMostPatches)
      problem({"model", {}}, code("dates-many"), "has more than " + std::to_string(kMostPatches) + " dated changes",
              "that is the limit for a run", "Repeat schedules less often, or shorten the horizon");
    return;
  }
  out_.patches.push_back({at, kind, index, value});
}

/// Whole units from the run's start on.
std::vector<CapacityStep> Builder::capacity_steps(const VaryingNumber& number) {
  const Owner owner{number.path, number.at};
  if (!number.vary.empty())
    problem(owner, code("varies-here"), "varies by condition", "a capacity is the setting's, not a client's",
            "Use dated values, or two settings");
  const auto whole = [&](double value) {
    if (value < 0.0) problem(owner, code("rate-negative"), "is " + shown(value), "a capacity is 0 or more");
    return value >= 9e15 ? kUnlimited : static_cast<std::int64_t>(std::floor(std::max(value, 0.0) + kSlack));
  };
  std::vector<CapacityStep> steps{{SimTime{}, whole(dated_at(number, start_day()))}};
  if (number.linear && !number.dated.empty()) {
    ramp_capacity(number, steps);
    return steps;
  }
  Epochs epochs;
  add_changes(number, epochs);
  finish(epochs);
  for (std::size_t i = 1; i < epochs.size(); ++i)
    steps.push_back({instant(epochs[i]), whole(dated_at(number, epochs[i]))});
  return steps;
}

/// A ramp changes a capacity at the instant it crosses a whole number: upwards on reaching it, downwards just after.
void Builder::ramp_capacity(const VaryingNumber& number, std::vector<CapacityStep>& steps) {
  Epochs epochs;
  add_changes(number, epochs);
  finish(epochs);
  epochs.push_back(model_.horizon_days);
  double reached = std::floor(dated_at(number, epochs[0]) + kSlack);
  const auto add = [&](SimTime at) { steps.push_back({at, static_cast<std::int64_t>(reached)}); };
  for (std::size_t i = 0; i + 1 < epochs.size(); ++i) {
    const double from = dated_at(number, epochs[i]);
    const double to = dated_at(number, epochs[i + 1]);
    const double length = epochs[i + 1] - epochs[i];
    if (std::floor(from + kSlack) != reached) {
      reached = std::floor(from + kSlack);
      add(instant(epochs[i]));
    }
    while (to >= reached + 1.0 - kSlack && to > from) {
      reached += 1.0;
      add(instant(epochs[i] + length * (reached - from) / (to - from)));
    }
    while (to < reached - kSlack && to < from && reached > 0.0) {
      const SimTime crossing = instant(epochs[i] + length * (reached - from) / (to - from));
      reached -= 1.0;
      add(crossing + SimTime::from_micros(1));
    }
    // The limit of patches would be passed anyway: no need to fill memory first.
    if (steps.size() > kMostPatches + 1) return;
  }
}

namespace {

CivilDate next_period(CivilDate date, int months) {
  const int index = date.year * 12 + (date.month - 1) / months * months + months;
  return {index / 12, index % 12 + 1, 1};
}

std::string period_name(CivilDate date, const std::string& every) {
  if (every == "year") return iso_date(date).substr(0, 4);
  if (every == "quarter") return iso_date(date).substr(0, 4) + "-Q" + std::to_string((date.month - 1) / 3 + 1);
  return iso_date(date).substr(0, every == "month" ? 7 : 10);
}

}  // namespace

/// A last piece shorter than a tenth of the period before it (a horizon of "1 y" is 365.25 days) joins that period.
void Builder::periods() {
  const CivilDate start{model_.start_year, model_.start_month, model_.start_day};
  const std::int64_t first_day = days_from_civil(start);
  const int months = model_.every == "year" ? 12 : model_.every == "quarter" ? 3 : 1;
  std::vector<double> ends;
  CivilDate date = start;
  for (double number = 1.0;; number += 1.0) {
    const double from = ends.empty() ? 0.0 : ends.back();
    const double from_date = std::floor(from + kSlack);
    double to = number * model_.every_days;
    if (model_.every_days <= 0.0) {
      const CivilDate next = next_period(date, months);
      to = static_cast<double>(days_from_civil(next) - first_day);
    }
    words_.period_names.push_back(
        model_.every_days > 0.0 ? period_name(civil_from_days(first_day + static_cast<std::int64_t>(from_date)), "day")
                                : period_name(date, model_.every));
    if (model_.every_days <= 0.0) date = next_period(date, months);
    ends.push_back(std::min(to, model_.horizon_days));
    if (to >= model_.horizon_days) break;
  }
  if (ends.size() > 1) {
    const double before = ends[ends.size() - 2] - (ends.size() > 2 ? ends[ends.size() - 3] : 0.0);
    if (ends.back() - ends[ends.size() - 2] < 0.1 * before) {
      ends.erase(ends.end() - 2);
      words_.period_names.pop_back();
    }
  }
  double from = 0.0;
  for (const double to : ends) {
    out_.period_ends.push_back(instant(to));
    words_.period_days.push_back(to - from);
    from = to;
  }
}

void Builder::observations() {
  std::vector<double> days = model_.observe_days;
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  for (const double day : days) {
    if (day < start_day() || day > model_.horizon_days) {
      problems_.warning({}, code("observe-outside"), "model.observe", "has an instant at " + shown(day) + " d",
                        "the results go from 0 d to " + shown(model_.horizon_days) + " d", "It is left out");
      continue;
    }
    out_.observe.push_back(instant(day));
    words_.observe_days.push_back(day);
  }
}

}  // namespace tl::compiling
