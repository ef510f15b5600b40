#include <algorithm>
#include <cmath>

#include "models/calendar_dates.hpp"
#include "models/compile_builder.hpp"
#include "sim/maths.hpp"

// Rates over time as their integral in closed form: pieces along which the rate is constant or goes along a line.
namespace tl::compiling {
namespace {

constexpr double kGrowthStep = 7.0;  ///< [day] a growing rate is a line between knots this far apart
constexpr double kDaysPerYear = 365.25;
constexpr std::uint64_t kMostKnots = 5'000'000;

double mean_of(const std::vector<double>& factors) {
  double sum = 0.0;
  for (const double factor : factors) sum += factor;
  return sum / static_cast<double>(factors.size());
}

/// The rate of a stream at an instant, and where it bends.
struct Profile {
  const std::vector<double>*months, *weekdays, *hours;
  std::int64_t first_day = 0;  ///< civil day number of the start of results

  /// @param days  in the middle of a piece, so that no boundary is near
  double at(double days) const {
    const double whole = std::floor(days);
    const std::int64_t day = first_day + static_cast<std::int64_t>(whole);
    double factor = 1.0;
    if (!months->empty())
      factor *= (*months)[static_cast<std::size_t>(civil_from_days(day).month - 1)] / mean_of(*months);
    if (!weekdays->empty()) factor *= (*weekdays)[static_cast<std::size_t>(weekday_of(day))] / mean_of(*weekdays);
    if (!hours->empty())
      factor *= (*hours)[std::min<std::size_t>(23, static_cast<std::size_t>((days - whole) * 24.0))] / mean_of(*hours);
    return factor;
  }
};

void add_calendar(const Profile& profile, double from, double to, Epochs& bends) {
  if (!profile.hours->empty()) {
    for (double hour = std::ceil(from * 24.0); hour / 24.0 < to; hour += 1.0) bends.push_back(hour / 24.0);
  } else if (!profile.weekdays->empty()) {
    for (double day = std::ceil(from); day < to; day += 1.0) bends.push_back(day);
  } else if (!profile.months->empty()) {
    for (double day = std::ceil(from); day < to; day += 1.0)
      if (civil_from_days(profile.first_day + static_cast<std::int64_t>(day)).day == 1) bends.push_back(day);
  }
}

/// A piece of a curve: the rate at its start and end.
struct Piece {
  SimTime from, to;
  double rate, end_rate;
};

void add_knots(const std::vector<Piece>& pieces, std::vector<CurveKnot>& knots) {
  double cumulative = 0.0;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Piece& piece = pieces[i];
    const double length = (piece.to - piece.from).days();
    const double slope = piece.rate == piece.end_rate ? 0.0 : (piece.end_rate - piece.rate) / length;
    const bool goes_on = i > 0 && slope == 0.0 && knots.back().slope == 0.0 && knots.back().rate == piece.rate;
    if (!goes_on) knots.push_back({piece.from, cumulative, piece.rate, slope});
    cumulative += length * (piece.rate + piece.end_rate) / 2.0;
  }
  if (knots.back().slope != 0.0)
    knots.push_back({pieces.back().to, cumulative, std::max(pieces.back().end_rate, 0.0), 0.0});
}

}  // namespace

CurveId Builder::constant_curve(double rate) {
  out_.curves.push_back({static_cast<std::uint32_t>(out_.knots.size()), 1, SimTime{}});
  out_.knots.push_back({SimTime{}, 0.0, rate, 0.0});
  return CurveId{static_cast<std::uint32_t>(out_.curves.size() - 1)};
}

CurveId Builder::arrival_curve(const ArrivalSpec& spec) {
  const VaryingNumber& rate = *spec.rate;
  const Owner owner{rate.path.empty() ? "arrivals." + spec.id + ".rate" : rate.path, spec.at};
  if (!rate.vary.empty())
    problem(owner, code("varies-here"), "varies by condition", "nothing is known of a client who has not arrived",
            "Use several arrival streams");
  const Profile profile{&spec.months, &spec.weekdays, &spec.hours,
                        days_from_civil({model_.start_year, model_.start_month, model_.start_day})};
  const bool grows = spec.growth_per_year != 0.0;
  const bool by_calendar = !spec.months.empty() || !spec.weekdays.empty() || !spec.hours.empty();
  const bool repeats = !grows && rate.dated.empty() && spec.months.empty() && by_calendar && model_.horizon_days > 14.0;
  const double from = start_day(), to = repeats ? from + 7.0 : model_.horizon_days;
  Epochs bends;
  add_changes(rate, bends);
  std::erase_if(bends, [&](double day) { return day >= to; });
  add_calendar(profile, from, to, bends);
  if (grows)
    for (double step = 0.0; step * kGrowthStep < to; step += 1.0) bends.push_back(step * kGrowthStep);
  finish(bends);
  const auto level = [&](double days) {
    const double growth = grows && days > 0.0 ? power(1.0 + spec.growth_per_year, days / kDaysPerYear) : 1.0;
    return dated_at(rate, days) * growth;
  };
  std::vector<Piece> pieces;
  bends.push_back(to);
  for (std::size_t i = 0; i + 1 < bends.size(); ++i) {
    const double begin = bends[i], end = bends[i + 1];
    const double factor = by_calendar ? profile.at((begin + end) / 2.0) : 1.0;
    const double first = level(begin) * factor;
    double last = first;
    if (rate.linear && !rate.dated.empty()) {
      last = level(end) * factor;
    } else if (grows && end > 0.0) {
      last = dated_at(rate, begin) * power(1.0 + spec.growth_per_year, end / kDaysPerYear) * factor;
    }
    if (!(first >= 0.0) || !(last >= 0.0))
      problem(owner, code("rate-negative"), "is " + shown(std::min(first, last)) + " a day", "a rate is 0 or more");
    pieces.push_back({instant(begin), instant(end), first, last});
  }
  Curve made{static_cast<std::uint32_t>(out_.knots.size()), 0, repeats ? SimTime::from_days(7.0) : SimTime{}};
  add_knots(pieces, out_.knots);
  made.knot_count = static_cast<std::uint32_t>(out_.knots.size()) - made.first_knot;
  knots_ += made.knot_count;
  if (knots_ > kMostKnots)
    problem(owner, code("dates-many"), "changes too often over the horizon",
            "all rates together may change " + std::to_string(kMostKnots) + " times", "Use fewer profiles by hour");
  out_.curves.push_back(made);
  return CurveId{static_cast<std::uint32_t>(out_.curves.size() - 1)};
}

CurveId Builder::factor_curve(const VaryingNumber& rate, double reference) {
  ArrivalSpec plain;
  plain.rate = rate;
  plain.rate->vary.clear();
  plain.rate->switched.clear();
  plain.rate->base /= reference;
  for (DatedValue& one : plain.rate->dated) one.value /= reference;
  plain.at = rate.at;
  return arrival_curve(plain);
}

}  // namespace tl::compiling
