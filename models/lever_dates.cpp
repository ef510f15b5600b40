#include "models/lever_dates.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "models/dated_numbers.hpp"
#include "sim/expects.hpp"

namespace tl::reading {
namespace {

/// [day] 9 ms: how long a jump takes in a number that goes along lines elsewhere.
constexpr double kJump = 1e-7;
constexpr double kMostChanges = 10'000.0;

bool is_same_day(double a, double b) {
  return std::abs(a - b) <= kDateSlack;
}

void sort_days(std::vector<double>& days) {
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end(), is_same_day), days.end());
}

bool same_dates(const std::vector<DatedValue>& a, const std::vector<DatedValue>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const DatedValue& x, const DatedValue& y) { return x.days == y.days && x.value == y.value; });
}

}  // namespace

bool same_numbers(const VaryingNumber& a, const VaryingNumber& b) {
  return a.base == b.base && same_dates(a.dated, b.dated) && a.linear == b.linear && a.every_days == b.every_days &&
         std::equal(a.vary.begin(), a.vary.end(), b.vary.begin(), b.vary.end(),
                    [](const Variation& x, const Variation& y) { return x.value == y.value && x.scale == y.scale; });
}

VaryingNumber first_of_one(const std::vector<NumberLog::Entry>& a, const std::vector<NumberLog::Entry>& b) {
  const auto& more = a.size() > b.size() ? a : b;
  const auto& fewer = a.size() > b.size() ? b : a;
  for (std::size_t i = 0; i < fewer.size(); ++i)
    if (a[i].number.path != b[i].number.path) return more[i].number;
  return more[fewer.size()].number;
}

double LeverTiming::at(double days) const {
  if (days < starts - kDateSlack) return 0.0;
  if (!(ramp > 0.0) || days >= starts + ramp - kDateSlack) return strength;
  return strength * std::max(0.0, (days - starts) / ramp);
}

double LeverTiming::before(double days) const {
  if (!(ramp > 0.0) && is_same_day(days, starts)) return 0.0;
  return at(days);
}

Timeline timeline_of(const std::vector<LeverTiming>& levers, double first, double last) {
  Timeline made;
  made.first = first;
  made.last = last;
  std::vector<double> days{first, last};
  for (const LeverTiming& lever : levers) {
    made.has_ramp = made.has_ramp || lever.ramp > 0.0;
    const int steps = lever.ramp > 0.0 ? kRampSteps : 0;
    for (int i = 0; i <= steps; ++i) {
      const double day = lever.starts + (steps > 0 ? lever.ramp * i / steps : 0.0);
      if (day > first && day < last) days.push_back(day);
    }
  }
  sort_days(days);
  const auto row_of = [&](const std::function<double(const LeverTiming&)>& strength_of) {
    std::vector<double> strengths;
    for (const LeverTiming& lever : levers) strengths.push_back(strength_of(lever));
    const auto known = std::find(made.strengths.begin(), made.strengths.end(), strengths);
    const auto row = static_cast<std::size_t>(known - made.strengths.begin());
    if (known == made.strengths.end()) made.strengths.push_back(std::move(strengths));
    return row;
  };
  for (const double day : days) {
    const std::size_t after = row_of([&](const LeverTiming& lever) { return lever.at(day); });
    const std::size_t before =
        day == first ? after : row_of([&](const LeverTiming& lever) { return lever.before(day); });
    made.knots.push_back({day, before, day == last ? before : after});
  }
  return made;
}

namespace {

/// Follows one number, or one of its exceptions, along time.
class Joiner {
 public:
  /// What it is under a set of strengths at an instant, and just before it.
  using Value = std::function<double(std::size_t strengths, double days)>;

  Joiner(const Timeline& timeline, std::vector<double> own_days, bool own_lines)
      : timeline_{timeline}, own_days_{std::move(own_days)}, own_lines_{own_lines}, stretches_{stretches()} {}

  std::vector<DatedValue> steps(const Value& value) const {
    std::vector<double> days{timeline_.first};
    days.insert(days.end(), own_days_.begin(), own_days_.end());
    for (const Stretch& stretch : stretches_) days.push_back(stretch.from);
    sort_days(days);
    std::vector<DatedValue> made;
    for (const double day : days) {
      if (day >= timeline_.last) break;
      made.push_back({day, value(in_force(day), day)});
    }
    return made;
  }

  std::vector<DatedValue> lines(const Value& value) const {
    std::vector<double> days = own_days_;
    for (const Timeline::Knot& knot : timeline_.knots) days.push_back(knot.days);
    sort_days(days);
    std::vector<DatedValue> made;
    for (const double day : days) {
      const double after = between(value, day, day, false);
      if (day > timeline_.first) {
        const double before = between(value, day, own_lines_ ? day : day - 10.0 * kDateSlack, true);
        if (before != after && day - kJump > made.back().days) made.push_back({day - kJump, before});
        if (day >= timeline_.last) {
          if (before == after) made.push_back({day, before});
          break;
        }
      }
      made.push_back({day, after});
    }
    return made;
  }

 private:
  struct Stretch {
    double from = 0.0;
    std::size_t strengths = 0;
  };

  /// For numbers that go in steps: which strengths are in force from when on.
  std::vector<Stretch> stretches() const {
    std::vector<Stretch> made{{timeline_.first, timeline_.knots.front().after}};
    for (std::size_t i = 0; i + 1 < timeline_.knots.size(); ++i) {
      const Timeline::Knot &here = timeline_.knots[i], &next = timeline_.knots[i + 1];
      if (next.before != here.after) made.push_back({(here.days + next.days) / 2.0, next.before});
      if (next.after != next.before) made.push_back({next.days, next.after});
    }
    return made;
  }

  std::size_t in_force(double day) const {
    std::size_t row = 0;
    for (const Stretch& stretch : stretches_)
      if (stretch.from <= day + kDateSlack) row = stretch.strengths;
    return row;
  }

  /// Between two knots along a line from the one's strengths to the other's.
  double between(const Value& value, double day, double looked_at, bool before) const {
    std::size_t i = 0;
    while (i + 2 < timeline_.knots.size() &&
           (before ? timeline_.knots[i + 1].days < day - kDateSlack : timeline_.knots[i + 1].days <= day + kDateSlack))
      ++i;
    const Timeline::Knot &from = timeline_.knots[i], &to = timeline_.knots[i + 1];
    if (from.after == to.before) return value(from.after, looked_at);
    const double part = std::clamp((day - from.days) / (to.days - from.days), 0.0, 1.0);
    if (part == 0.0) return value(from.after, looked_at);
    if (part == 1.0) return value(to.before, looked_at);
    return (1.0 - part) * value(from.after, looked_at) + part * value(to.before, looked_at);
  }

  const Timeline& timeline_;
  std::vector<double> own_days_;
  bool own_lines_;
  std::vector<Stretch> stretches_;
};

/// Leaves out the instants of steps at which nothing changes.
void leave_out_repeats(VaryingNumber& number) {
  for (std::size_t i = number.dated.size(); i-- > 1;) {
    bool same = number.dated[i].value == number.dated[i - 1].value;
    for (const Variation& one : number.vary) same = same && one.dated[i].value == one.dated[i - 1].value;
    if (!same) continue;
    const auto at = static_cast<std::ptrdiff_t>(i);
    number.dated.erase(number.dated.begin() + at);
    for (Variation& one : number.vary) one.dated.erase(one.dated.begin() + at);
  }
}

/// One number under all strengths.
std::optional<VaryingNumber> joined(const std::vector<const NumberLog::Entry*>& all, const Timeline& timeline,
                                    const char*& why) {
  VaryingNumber made = all.front()->number;
  std::vector<double> own_days;
  for (const NumberLog::Entry* entry : all) {
    if (entry->number.vary.size() != made.vary.size() || entry->number.linear != made.linear) {
      why = "its exceptions or dates are not the same with the lever as without";
      return std::nullopt;
    }
    bool too_many = false;
    const std::vector<double> days = change_days(entry->number, timeline.first, timeline.last, kMostChanges, too_many);
    if (too_many) {
      why = "it repeats too often for that";
      return std::nullopt;
    }
    own_days.insert(own_days.end(), days.begin(), days.end());
  }
  const bool along_lines = made.linear || (timeline.has_ramp && all.front()->may_ramp);
  const Joiner joiner{timeline, own_days, made.linear};
  const auto follow = [&](const Joiner::Value& value) {
    return along_lines ? joiner.lines(value) : joiner.steps(value);
  };
  for (std::size_t v = 0; v < made.vary.size(); ++v) {
    const auto value = [&](std::size_t row, double) {
      const Variation& one = all[row]->number.vary[v];
      return one.value ? *one.value : one.scale.value_or(1.0);
    };
    made.vary[v].dated = follow(value);
  }
  made.dated = follow([&](std::size_t row, double day) { return value_at(all[row]->number, day); });
  if (!along_lines) leave_out_repeats(made);
  for (Variation& one : made.vary)
    if (std::all_of(one.dated.begin(), one.dated.end(),
                    [&](const DatedValue& dated) { return dated.value == one.dated.front().value; }))
      one.dated.clear();
  made.base = made.dated.front().value;
  made.linear = along_lines;
  made.every_days = 0.0;
  return made;
}

}  // namespace

std::vector<NumberLog::Entry> join_numbers(const std::vector<NumberLog>& logs, const Timeline& timeline,
                                           std::vector<Undatable>& bad) {
  std::vector<NumberLog::Entry> made;
  const std::size_t count = logs.front().entries().size();
  for (const NumberLog& log : logs) {
    if (log.entries().size() == count) continue;
    bad.push_back({first_of_one(logs.front().entries(), log.entries()), "it is there at one time and not at another"});
    return made;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const NumberLog::Entry& first = logs.front().entries()[i];
    made.push_back(first);
    std::vector<const NumberLog::Entry*> all;
    bool differs = false;
    for (const NumberLog& log : logs) {
      const NumberLog::Entry& entry = log.entries()[i];
      TL_EXPECTS(entry.number.path == first.number.path);
      differs = differs || !same_numbers(entry.number, first.number);
      all.push_back(&entry);
    }
    if (!differs) continue;
    const char* why = "it is one number for the whole run";
    const auto number = first.is_fixed ? std::nullopt : joined(all, timeline, why);
    if (number)
      made.back().number = *number;
    else
      bad.push_back({first.number, why});
  }
  return made;
}

}  // namespace tl::reading
