#pragma once
#include <span>

#include "analysis/intervals.hpp"
#include "analysis/tables.hpp"

// Ratios of two sums, such as what a day housed costs.
namespace tl {

/// The mean of a over the mean of b, with Fieller's interval: all ratios R for which the mean of a - R b is not clearly
/// other than 0 by Student's test. It is exact for sums that are about normal, however wide b is; where b itself is not
/// clearly other than 0 such ratios have no bounds, and there is no interval.
/// @param a, b  of the same length, replication by replication
/// @source  Fieller (1954), Some problems in interval estimation, J. R. Stat. Soc. B 16
Estimate ratio_of_means(std::span<const double> a, std::span<const double> b, double confidence = 0.95);

/// The row of a ratio the model names: in one scenario the ratio of the means; against another the difference in what
/// is divided for each one more (or, where it says so, fewer) of what it is divided by.
/// @throws QueryError  when it names no measure or subject that is there
ResultRow make_row(const ScenarioResults& scenario, const ScenarioResults* versus, const RatioWords& ratio,
                   PeriodRange periods, double confidence);

}  // namespace tl
