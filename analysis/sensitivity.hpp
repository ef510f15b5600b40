#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/intervals.hpp"

// How much each of several inputs moves an output, from a sample of points.
namespace tl {

/// The effect of one input.
struct Effect {
  Estimate correlation;  ///< -1 … 1; rank correlation, with that of the other inputs taken out where it can be
  Estimate over_range;   ///< change of the output from the input's low to its high end, along a straight line
  bool partial = false;  ///< the others' effects were taken out
};

/// Ranks from 1; equal values share the mean of their ranks.
std::vector<double> ranks_of(std::span<const double> values);

/// The correlation of two lists of one length; 0 when one of them does not vary.
double correlation_of(std::span<const double> a, std::span<const double> b);

/// One effect for each input.
///
/// With at least 10 points more than twice the inputs: partial rank correlations, and a straight line through all
/// inputs at once. With fewer: plain (Spearman) rank correlations, and a line for each input alone. Intervals of
/// correlations by Fisher's z with the variance for ranks.
/// @param inputs   [point][input]
/// @param spans    high - low of each input
/// @param outputs  one a point
/// @source  Iman & Conover, Technometrics 21 (1979) 499-509 and Marino et al., J. Theor. Biol. 254 (2008) 178-196
///          (partial rank correlation); Bonett & Wright, Psychometrika 65 (2000) 23-28 (interval)
std::vector<Effect> effects_of(std::span<const double> inputs, std::span<const double> spans,
                               std::span<const double> outputs, double confidence = 0.95);

}  // namespace tl
