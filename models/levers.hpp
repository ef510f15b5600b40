#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/limits.hpp"
#include "models/problem.hpp"
#include "models/read_model.hpp"
#include "models/rows.hpp"

// Levers: named bundles of changes with a strength from 0 to 1, from a date on, along a ramp (semantics 12).
namespace tl {

/// One of the changes a lever makes at full strength.
struct LeverChange {
  Change change;
  std::vector<Cell> from;  ///< of a share: the routes that give or take; empty = the remainder, or all others
};

/// A lever as the model or the study writes it.
struct LeverSpec {
  std::string id, name, about;
  std::string grade;  ///< of the evidence: A, B, C or D; empty when not said
  std::string source, kind, note;
  std::string low, high;  ///< of the strength, as written
  std::vector<LeverChange> changes;
  std::optional<Cell> starts;  ///< a date or a time since the start of results; none = the whole run
  std::optional<Cell> ramp;    ///< how long until it has its strength
  Place at;
};

/// A lever that a scenario uses.
struct LeverInUse {
  std::size_t lever = 0;             ///< row among the levers
  double strength = 0.0;             ///< 0 to 1
  bool was_on = false;               ///< switched off by a change after one that switched it on
  std::optional<Cell> starts, ramp;  ///< the lever's own, or what the scenario says instead
  Place at;                          ///< where its strength is said
};

/// `levers.ID` and what else begins so: a change that is about a lever, and no number of the model.
bool is_about_lever(std::string_view path);

/// The tables `levers` and `lever_changes`. What is wrong with a row is noted; the row is kept as far as it can be
/// read.
std::vector<LeverSpec> read_levers(const Document& document, const Limits& limits, Problems& problems);

/// The levers that changes use, in the order of `levers`, those of strength 0 included: `levers.ID` is the strength,
/// `levers.ID.starts` and `levers.ID.ramp` stand instead of the lever's own. Of several the last counts. Unknown levers
/// and strengths outside 0 to 1 are noted at the change.
std::vector<LeverInUse> levers_in_use(std::span<const LeverSpec> levers, std::span<const Change> changes,
                                      Problems& problems);

}  // namespace tl
