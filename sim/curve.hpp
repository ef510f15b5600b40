#pragma once
#include "sim/model.hpp"

namespace tl {

/// ∫ of the curve from the run's start to `at` [expected number].
double curve_integral(const CompiledModel& model, CurveId curve, SimTime at);

/// The first instant at which the integral reaches `target`; never() when it does not.
SimTime curve_inverse(const CompiledModel& model, CurveId curve, double target);

/// The curve's rate just after `at` [1/day].
double curve_rate(const CompiledModel& model, CurveId curve, SimTime at);

}  // namespace tl
