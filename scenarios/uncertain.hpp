#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/limits.hpp"
#include "models/parameters.hpp"
#include "models/read_model.hpp"
#include "scenarios/sweep_spec.hpp"

namespace tl {

/// A parameter that is drawn.
struct DrawnParameter {
  std::string id, unit;
  std::string words;      ///< its distribution, for people
  bool stated = false;    ///< the model says the distribution; else it is an assumption made of low and high
  std::string cell_unit;  ///< stands behind the number where the parameter has no unit of its own
};

/// Draws of the uncertain parameters: the same for every scenario.
struct Uncertain {
  std::uint32_t draws = 0, replications = 0;
  std::vector<DrawnParameter> parameters;
  std::vector<double> values;  ///< [draw][parameter], in the parameter's unit
  std::optional<Cell> every;
  Place at;

  double value(std::uint32_t draw, std::size_t parameter) const { return values[draw * parameters.size() + parameter]; }
  /// What puts the draw's values in place of the model's; a scenario's own changes come after them.
  std::vector<Change> changes(std::uint32_t draw) const;
};

/// Draws every parameter by a Latin hypercube across the draws: each has one value in every equally likely part of its
/// distribution. Keyed by (seed, parameter, draw): one more parameter moves no other; another number of draws moves
/// all.
/// @param used  ids the model depends on; "all" draws these only
std::optional<Uncertain> draw_parameters(const UncertainSpec& spec, const ParameterTable& parameters,
                                         std::span<const std::string> used, std::uint64_t seed, const Limits& limits,
                                         Problems& problems);

}  // namespace tl
