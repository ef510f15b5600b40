#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/parameters.hpp"
#include "models/read_model.hpp"
#include "scenarios/sweep_spec.hpp"

namespace tl {

/// A number that a sweep turns, with its range. Values are in `unit`.
struct Factor {
  std::string address;
  std::string unit;  ///< for people: "d", "/ y", "%", "beds"; empty for a plain number
  double low = 0.0, high = 0.0;
  std::vector<double> levels;  ///< of a grid or one at a time
  bool log = false;            ///< points lie evenly along the logarithm
  bool whole = false;          ///< only whole numbers, as the field counts something
  Place at;

  /// The value as a study would write it.
  Cell cell(double value) const;
  /// The value at a place between 0 and 1 of the range.
  double at_share(double u) const;

  std::string written_unit;  ///< what stands behind the number; empty: a bare number, in the field's own unit
  bool money = false, heading = false;
};

/// The points of a sweep.
struct Sweep {
  Design design = Design::sobol;
  std::string base;  ///< id of the scenario every point changes
  std::uint32_t replications = 0;
  std::uint32_t points = 0;
  std::vector<Factor> factors;
  std::vector<double> values;       ///< [point][factor]; NaN = as in the base
  std::vector<std::string> labels;  ///< of a list; else empty
  std::optional<Cell> every;

  double value(std::uint32_t point, std::size_t factor) const { return values[point * factors.size() + factor]; }
  /// What makes the point of the base.
  std::vector<Change> changes(std::uint32_t point) const;
  /// "sweep point 17 (levers.step_down = 0.4, settings.crt.capacity = 120)"
  std::string name(std::uint32_t point) const;
};

/// The word of a design: "one_at_a_time".
std::string_view word_of(Design design);
/// The design of a word. @param word  one that word_of() gives
Design design_of(std::string_view word);

/// Fills in what the model knows (ranges, units) and lays out the points.
/// @param parameters  of the model as written
/// @param most        points at most
/// @return  none when something is wrong with it, which is noted
std::optional<Sweep> lay_out(const SweepSpec& spec, const ParameterTable& parameters, std::uint64_t seed,
                             std::uint64_t most, Problems& problems);

}  // namespace tl
