#pragma once
#include <string_view>

#include "models/read_context.hpp"

// Inside of read_distributions.cpp: the kinds that are given by lists.
namespace tl::reading {

/// Rule of one parameter of a distribution; those that measure what it gives have its dimension.
NumberRule rule_of(std::string_view name, Shape shape, Dimension dimension, const Limits& limits);

/// The lists of discrete, empirical, hazard, quantiles and mixture. What is wrong is noted; of other kinds nothing is
/// read. @returns whether all could be read
bool read_distribution_rows(Context& context, const Cell& cell, VaryingDistribution& made, Dimension dimension);

}  // namespace tl::reading
