#pragma once
#include <optional>
#include <string>
#include <vector>

#include "models/limits.hpp"
#include "models/parameters.hpp"
#include "models/problem.hpp"
#include "sim/distribution.hpp"

namespace tl {

/// How uncertain a parameter is: the distribution it says, or one that its range stands for.
struct ParameterUncertainty {
  std::string words;    ///< "triangular from 2 to 9, likeliest 4", for people; as written where it was written
  bool stated = false;  ///< the parameter itself says it; else it is this program's assumption
  std::vector<Distribution> all;
  DistributionTables tables;
  Distribution own;

  /// The value at u in (0, 1), in canonical units.
  double at(double u) const { return quantile(own, all, tables, u, 0.5); }
};

/// The parameter's `distribution`: a table as everywhere ({ kind = "normal", mean = 4, sd = 1 }; bare numbers count in
/// the parameter's unit), or one of the words uniform and triangular, over its low and high. A parameter that says none
/// but has low and high is taken as triangular with its value as the likeliest: the ends are then as unlikely as a
/// stated bound should be, and the value stays the most likely one.
///
/// Refused: a parameter with neither, and a distribution that cannot be (noted at its place).
std::optional<ParameterUncertainty> uncertainty_of(const Parameter& parameter, const Limits& limits,
                                                   Problems& problems);

/// It has what uncertainty_of() needs, and is not computed from others.
bool can_be_drawn(const Parameter& parameter, const ParameterTable& table);

}  // namespace tl
