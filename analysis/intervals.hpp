#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tl {

/// Their arithmetic mean; NaN of none.
double mean_of(std::span<const double> values);

/// A half-width below this share of its mean is the last bits of the arithmetic.
inline constexpr double kNoWidth = 1e-9;

/// A mean over replications, and how surely it is known.
struct Estimate {
  double mean = 0.0;                ///< NaN when no replication has a value
  std::optional<double> low, high;  ///< of the interval; none with fewer than two values
  std::size_t count = 0;            ///< replications that have a value
  std::string why;                  ///< why there is no interval, or no value; else empty

  bool has_interval() const { return low.has_value(); }
  /// Half the interval's width; 0 without one.
  double half_width() const { return low ? (*high - *low) / 2.0 : 0.0; }
  /// The same in every run, but for the last bits of its arithmetic.
  bool is_fixed() const { return low && half_width() <= kNoWidth * (mean < 0.0 ? -mean : mean); }
  /// The interval lies on one side of 0.
  bool is_clear() const { return low && (*low > 0.0 || *high < 0.0); }
};

/// Student's interval of the mean: replications are independent and alike, so it holds for means of any shape that
/// are not too far from normal.
///
/// @param confidence  share of such intervals that hold the true mean, in (0, 1)
/// @source  Law, Simulation Modeling and Analysis, the replication approach
Estimate estimate_of(std::span<const double> values, double confidence = 0.95);

/// The mean of a[i] - b[i], where replication i of both had the same luck: most of the chance cancels.
/// @param a, b  of the same length
Estimate paired_difference(std::span<const double> a, std::span<const double> b, double confidence = 0.95);

/// The mean of a over the mean of b, paired likewise, with the interval of the linearised ratio.
/// @source  Cochran, Sampling Techniques, the ratio estimate (delta method)
Estimate paired_ratio(std::span<const double> a, std::span<const double> b, double confidence = 0.95);

/// The product of the means of `above` over that of the means of `below`, all paired by replication: one over one is a
/// ratio, two over two the change of a ratio. The interval is Student's of the logarithm, so that neither end is below
/// 0, and a over b has the reciprocal interval of b over a. None where a mean is not above 0.
/// @param above, below  lists of values, all of the same length
/// @source  the delta method on the logarithm: Agresti, Categorical Data Analysis, of the relative risk; coverage is
/// measured in docs/methods.md
Estimate paired_log_ratio(const std::vector<std::vector<double>>& above, const std::vector<std::vector<double>>& below,
                          double confidence = 0.95);

/// Quantiles between replications: how much a single run may differ. Straight lines between order statistics, from the
/// least at 0 to the greatest at 1 (Hyndman & Fan's type 7).
/// @param shares  in [0, 1]
/// @return  one for each share; empty when there are no values
std::vector<double> quantiles_of(std::span<const double> values, std::span<const double> shares);

/// The shares reports use.
inline constexpr double kBandShares[] = {0.05, 0.25, 0.50, 0.75, 0.95};

}  // namespace tl
