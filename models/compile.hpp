#pragma once
#include <cstdint>
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

/// Whether compile() also works out the flows to be expected, for people: Catalogue::links, and warnings of them. They
/// take as long as all the rest, and a point of a sweep is not looked at by itself.
enum class Flows : std::uint8_t { worked_out, left_out };

/// Turns a model into dense tables: no condition, unit, civil date or string is left for the engine to interpret.
///
/// Every condition is evaluated here, for each combination of the things it truly depends on (traits, place, enrolments
/// …); dated values become patches at instants. The same model gives the same tables on every machine. Time 0 of the
/// result is the start of the warm-up; whatever is dated lies at `start` + its days. A dated number has its base until
/// its first date; where that is not after the start of results, its first dated value is carried back to the run's
/// start. Along a line, the base is the value at the start of results. Values that repeat do so through the warm-up
/// too.
///
/// Arrival rates and events' factors become curves. Growth multiplies a rate by (1 + g)^(days / 365.25) from the start
/// of results on; it is read at knots at most 7 days apart and goes along a line between them. Month and weekday
/// factors follow the civil calendar (proleptic Gregorian, no time zone); each list is divided by its mean.
///
/// A line (where clients wait outside any other place) has its setting's department, level 0 and the domain
/// `community`: `domain = custody` does not hold in the line of a jail.
///
/// What is wrong with the network as a whole (models/graph.hpp, models/flow.hpp) is told too; warnings also stand in
/// Catalogue::findings, expected flows in Catalogue::links.
///
/// @param limits    cells of a number, cells in all
/// @param problems  gets every error and warning, at the place in the planner's files
/// @returns nullopt when the model cannot mean anything; `problems` then has at least one error
std::optional<Compiled> compile(const Model& model, const Limits& limits, Problems& problems,
                                Flows flows = Flows::worked_out);

}  // namespace tl
