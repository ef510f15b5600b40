#pragma once
#include <string>
#include <vector>

#include "analysis/intervals.hpp"

namespace tl {

/// A value over time, as quantiles between replications: what single futures may bring, not how surely the mean is
/// known.
struct FanPoint {
  std::string when;
  std::vector<double> bands;  ///< at kBandShares; empty where no replication has a value
};
struct Fan {
  std::string title;
  std::vector<FanPoint> points;
};

/// Small multiples on one scale: light band 5-95%, dark band 25-75%, line the median; a dashed line at the target.
/// @param target  NaN = none
std::string fan_charts_svg(const std::vector<Fan>& fans, const std::string& unit, double target);

/// How a number of clients settles in pilot runs: its mean over them by time, and where the warm-up ends.
/// @param course  one value for each of the equal parts of `length_days`
/// @param settles  false: no cut is drawn, and the picture says so
std::string settling_svg(const std::string& subject, const std::vector<double>& course, double length_days,
                         double cut_days, bool settles);

/// A dot and its interval on a line from -reach to reach with 0 in the middle.
std::string whisker_svg(const Estimate& difference, double reach);

}  // namespace tl
