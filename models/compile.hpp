#pragma once
#include <optional>

#include "models/catalogue.hpp"
#include "models/limits.hpp"
#include "models/model.hpp"
#include "models/problem.hpp"
#include "sim/model.hpp"

namespace tl {

/// What the engine runs, and the names of what it counts.
struct Compiled {
  CompiledModel model;
  Catalogue words;
};

/// Turns a model into dense tables: no condition, unit, civil date or string is left for the engine to interpret.
///
/// Every condition is evaluated here, for each combination of the things it truly depends on (traits, place, enrolments …);
/// dated values become patches at instants. The same model gives the same tables on every machine. Time 0 of the result is
/// the start of the warm-up, so that everything dated lies at `start` + its days; before its first date a dated number
/// has its first dated value where the model has a warm-up, else its base.
///
/// Arrival rates and events' factors become curves. Growth multiplies a rate by (1 + g)^(days / 365.25) from the start of
/// results on; it is read at knots at most 7 days apart and goes along a line between them. Month and weekday factors
/// follow the civil calendar (proleptic Gregorian, no time zone); each list is divided by its mean.
///
/// @param limits    cells of a number, cells in all
/// @param problems  gets every error and warning, at the place in the planner's files
/// @returns nullopt when the model cannot mean anything; `problems` then has at least one error
std::optional<Compiled> compile(const Model& model, const Limits& limits, Problems& problems);

}  // namespace tl
