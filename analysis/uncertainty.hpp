#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "analysis/intervals.hpp"

namespace tl {

/// What is random and what is not known, apart. Of values y[draw][replication], where every draw of the parameters was
/// run with the same replications (the same luck).
struct ChanceAndIgnorance {
  std::size_t draws = 0, replications = 0;
  Estimate mean;  ///< over all draws; its interval is by chance alone: how far other replications would move it
  double low = 0.0, high = 0.0;     ///< the 5 % and 95 % quantiles of the draws' true means: ignorance; NaN = none
  double ignorance_variance = 0.0;  ///< of the draws' true means, chance taken out; at least 0
  double chance_variance = 0.0;     ///< of one replication, the mean over draws
  double ignorance_share = 0.0;     ///< of the variance of one run of one draw; NaN when nothing varies
  std::vector<double> draw_means;   ///< as seen, chance included
};

/// With y = mean + a[draw] + b[replication] + e: the mean square between draws less that of e, over the replications,
/// estimates the variance of a. The luck b is common to all draws and cancels between them. The draws' means are drawn
/// together about their mean, until their variance is the one estimated, before quantiles are taken.
///
/// @param values  [draw][replication], none NaN; with one replication chance cannot be told, and is taken as none
/// @source  the two-way layout of Scheffé, The Analysis of Variance (1959), random effects; O'Hagan, Stevenson & Madan,
///          Health Economics 16 (2007) 1009-1023 and Sun, Apley & Staum, Operations Research 59 (2011) 998-1007 (what
///          is estimated, and why the draws' own variance is too large); Louis, JASA 79 (1984) 393-398 (drawing
///          together to the right variance)
ChanceAndIgnorance chance_and_ignorance(std::span<const double> values, std::size_t draws, std::size_t replications,
                                        double confidence = 0.95);

}  // namespace tl
