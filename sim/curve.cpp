#include "sim/curve.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace tl {
namespace {

std::span<const CurveKnot> knots_of(const CompiledModel& model, const Curve& curve) {
  return std::span{model.knots}.subspan(curve.first_knot, curve.knot_count);
}

const CurveKnot& knot_at(std::span<const CurveKnot> knots, SimTime at) {
  const auto after =
      std::upper_bound(knots.begin(), knots.end(), at, [](SimTime t, const CurveKnot& k) { return t < k.at; });
  return after == knots.begin() ? *after : *(after - 1);
}

double within(const CurveKnot& knot, SimTime at) {
  const double days = (at - knot.at).days();
  return knot.cumulative + days * (knot.rate + 0.5 * knot.slope * days);
}

struct Cycle {
  double whole;    ///< integral of the cycles before
  SimTime inside;  ///< time since this cycle's start
};
Cycle cycle_at(const Curve& curve, std::span<const CurveKnot> knots, SimTime at) {
  if (curve.repeat <= SimTime{}) return {0.0, at};
  const std::int64_t cycles = at.micros() / curve.repeat.micros();
  const double each = within(knots.back(), curve.repeat);
  return {static_cast<double>(cycles) * each, SimTime::from_micros(at.micros() - cycles * curve.repeat.micros())};
}

/// Days after the knot at which its piece has given `more`; infinity when it never does.
double days_to_give(const CurveKnot& knot, double more) {
  if (more <= 0.0) return 0.0;
  if (knot.slope == 0.0) return knot.rate > 0.0 ? more / knot.rate : INFINITY;
  const double square = knot.rate * knot.rate + 2.0 * knot.slope * more;
  if (square < 0.0) return INFINITY;
  const double divisor = knot.rate + std::sqrt(square);
  return divisor > 0.0 ? 2.0 * more / divisor : INFINITY;
}

}  // namespace

double curve_integral(const CompiledModel& model, CurveId id, SimTime at) {
  const Curve& curve = model.curves[id.index()];
  const auto knots = knots_of(model, curve);
  const Cycle cycle = cycle_at(curve, knots, at);
  return cycle.whole + within(knot_at(knots, cycle.inside), cycle.inside);
}

double curve_rate(const CompiledModel& model, CurveId id, SimTime at) {
  const Curve& curve = model.curves[id.index()];
  const auto knots = knots_of(model, curve);
  const SimTime inside = cycle_at(curve, knots, at).inside;
  const CurveKnot& knot = knot_at(knots, inside);
  return knot.rate + knot.slope * (inside - knot.at).days();
}

SimTime curve_inverse(const CompiledModel& model, CurveId id, double target) {
  const Curve& curve = model.curves[id.index()];
  const auto knots = knots_of(model, curve);
  if (knots.size() == 1 && knots[0].slope == 0.0 && curve.repeat <= SimTime{})  // a rate that never changes
    return knots[0].rate > 0.0 ? knots[0].at + SimTime::from_days((target - knots[0].cumulative) / knots[0].rate)
                               : SimTime::never();
  SimTime cycle_start;
  if (curve.repeat > SimTime{}) {
    const double each = within(knots.back(), curve.repeat);
    if (!(each > 0.0)) return SimTime::never();
    const double cycles = std::floor(target / each);
    if (cycles * curve.repeat.days() > 2.0 * kLongestDays) return SimTime::never();
    cycle_start = SimTime::from_micros(static_cast<std::int64_t>(cycles) * curve.repeat.micros());
    target -= cycles * each;
  }
  // The last knot at or below the target whose piece reaches it; pieces of rate 0 have equal cumulative values.
  const auto after = std::upper_bound(knots.begin(), knots.end(), target,
                                      [](double value, const CurveKnot& k) { return value < k.cumulative; });
  const CurveKnot& knot = after == knots.begin() ? *after : *(after - 1);
  const double days = days_to_give(knot, target - knot.cumulative);
  if (!(days < 2.0 * kLongestDays)) return SimTime::never();
  SimTime at = knot.at + SimTime::from_days(days);
  if (after != knots.end() && after != knots.begin()) at = std::min(at, after->at);
  return cycle_start + at;
}

}  // namespace tl
