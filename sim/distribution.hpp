#pragma once
// Distributions, all drawn by inversion: one uniform u gives one value, so that two scenarios that share u move
// together.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "sim/maths.hpp"

namespace tl {

/// The parameters a, b, c by kind (a value has the unit of what it gives: days for durations):
enum class DistributionKind : std::uint8_t {
  constant,            // a = the value
  exponential,         // a = mean ≥ 0
  uniform,             // from a to b, a ≤ b
  triangular,          // least a ≤ mode c ≤ greatest b
  gamma,               // a = shape > 0, b = scale ≥ 0; Erlang is a whole shape
  weibull,             // a = shape > 0, b = scale ≥ 0
  lognormal,           // a = mean of the logarithm, b = its standard deviation ≥ 0
  normal,              // a = mean, b = standard deviation ≥ 0
  generalised_pareto,  // a = location, b = scale ≥ 0, c = shape (0: exponential; mean is finite below 1, variance below
                       // 1/2)
  poisson,    // a = mean ≥ 0
  discrete,   // rows (value, cumulative): values ascending, last cumulative 1
  empirical,  // rows (value): a sorted sample; straight lines between neighbours, one point is a constant
  hazard,     // rows (end of step, cumulative chance of having ended by then): ends exactly at steps' ends
  mixture,    // rows (component, cumulative weight): last cumulative 1; components are plain indices into `all`
};

/// To whole numbers; `nearest` takes halves up; `random` goes up with the chance of the fraction, so the mean is kept.
enum class Rounding : std::uint8_t { none, down, up, nearest, random };

/// One distribution as the engine reads it.
///
/// A value is made in this order: x = Q(u_low + u·(u_high − u_low)); add `shift`; take the absolute value if
/// `absolute`; raise to `floor`; round. Another order is a mixture of one component, which has its own.
struct Distribution {
  DistributionKind kind = DistributionKind::constant;
  Rounding rounding = Rounding::none;
  bool absolute = false;
  double a = 0.0, b = 0.0, c = 0.0;
  std::uint32_t first = 0, count = 0;  // rows in DistributionTables; count ≥ 1 where the kind has rows
  double u_low = 0.0, u_high = 1.0;    // truncation, as a range of the uniform: see truncated(); not for mixtures
  double shift = 0.0;
  double floor = -std::numeric_limits<double>::infinity();
};

/// The rows of all tabled distributions of a model, end to end. A row i of a distribution is at [first + i] of the
/// columns its kind uses (value and cumulative; value; component and cumulative); the three columns have one numbering,
/// so whoever appends a row to one appends to all three: see append().
struct DistributionTables {
  std::vector<double> value, cumulative;
  std::vector<std::uint32_t> component;

  /// Appends one row and returns its index.
  std::uint32_t append(double row_value, double row_cumulative, std::uint32_t row_component = 0);
};

namespace detail {

/// Quantile of the kind itself at p in (0, 1), without truncation, shift, abs, floor and rounding.
double base_quantile(const Distribution&, std::span<const Distribution> all, const DistributionTables&, double p,
                     double v);
double rounded(double x, Rounding, double v);
inline constexpr double kGreatestUniform = 1.0 - 0x1p-53;

}  // namespace detail

/// The value at u. Rises with u, except for mixtures (u first picks the component, then its remainder is used in it)
/// and `absolute`. Never NaN for u in (0, 1) and parameters in their ranges. Negative durations are the caller's to
/// clip.
///
/// @param u    in (0, 1): uniform53
/// @param v    in (0, 1), independent of u; read only when the rounding is random
/// @param all  the table mixtures' components are in
inline double quantile(const Distribution& d, std::span<const Distribution> all, const DistributionTables& tables,
                       double u, double v) {
  if (d.kind == DistributionKind::constant && d.rounding == Rounding::none && !d.absolute)
    return std::max(d.floor, d.shift + d.a);
  const double p = std::min(d.u_low + u * (d.u_high - d.u_low), detail::kGreatestUniform);
  double x = d.kind == DistributionKind::exponential ? -d.a * natural_log(1.0 - p)
                                                     : detail::base_quantile(d, all, tables, p, v);
  x += d.shift;
  if (d.absolute) x = x < 0.0 ? -x : x;
  x = std::max(d.floor, x);
  return d.rounding == Rounding::none ? x : detail::rounded(x, d.rounding, v);
}

/// Chance of a value at or below x, of the finished distribution (truncation, shift, abs, floor and rounding included).
double cdf(const Distribution&, std::span<const Distribution> all, const DistributionTables&, double x);

/// Mean of the finished distribution: in closed form where there is one, else by numeric integration to about 1e-9
/// relative (1e-6 with rounding). +infinity where it does not exist (generalised Pareto of shape 1 or more).
double mean(const Distribution&, std::span<const Distribution> all, const DistributionTables&);

/// Variance of the finished distribution, likewise.
double variance(const Distribution&, std::span<const Distribution> all, const DistributionTables&);

/// What is left, at a moment far from the start, of a stay that goes on then: density (1 − F(x)) / mean on x > 0.
/// For values at or above 0; a negative value counts as 0. A stay that is always 0 leaves 0.
/// @param u, u2  in (0, 1), independent; for many kinds u gives the whole stay in progress and u2 the part of it that
/// is left
/// @source  Cox, Renewal Theory (1962), 5.4; the whole stay in progress has density x f(x) / mean
double residual_quantile(const Distribution&, std::span<const Distribution> all, const DistributionTables&, double u,
                         double u2);

/// What is left of a stay that has lasted `elapsed` (≥ 0): X − elapsed given X > elapsed. 0 when it cannot last longer.
double remaining_quantile(const Distribution&, std::span<const Distribution> all, const DistributionTables&,
                          double elapsed, double u);

// --- making distributions -------------------------------------------------------------------------------------------
// All of these @throw std::domain_error, naming the argument and its range, for an argument outside it or not finite.

Distribution constant_value(double value);
Distribution exponential_by_mean(double mean);
Distribution uniform_between(double low, double high);
Distribution triangular_between(double low, double mode, double high);
/// @param mean  at or above 0  @param cv  coefficient of variation (sd / mean), above 0
Distribution gamma_by_mean_cv(double mean, double cv);
/// Sum of k exponentials. @param k  1, 2, …  @param mean  of the sum
Distribution erlang(int k, double mean);
Distribution weibull_by_shape_scale(double shape, double scale);
/// @param mean  above 0  @param sd  at or above 0
Distribution lognormal_by_mean_sd(double mean, double sd);
/// @param mean  at or above the median  @param median  above 0
Distribution lognormal_by_mean_median(double mean, double median);
/// The lognormal with two given quantiles ("median 14 d, 90th 40 d").
/// @param p1, p2  0 < p1 < p2 < 1  @param x1, x2  0 < x1 < x2
Distribution lognormal_by_quantiles(double p1, double x1, double p2, double x2);
Distribution normal_by_mean_sd(double mean, double sd);
Distribution generalised_pareto_by(double location, double scale, double shape);
Distribution poisson_by_mean(double mean);

/// Appends rows for value[i] with weight[i] (≥ 0, sum above 0; made to sum to 1; sorted by value).
Distribution discrete_table(std::span<const double> value, std::span<const double> weight, DistributionTables&);
/// Appends a sample (sorted here; at least one number).
Distribution empirical_sample(std::span<const double> sample, DistributionTables&);
/// Appends a hazard table. @param step_end  ascending, above 0  @param chance_of_ending  in each step for who reached
/// it, in [0, 1]; the last step ends every stay, whatever its chance
Distribution hazard_table(std::span<const double> step_end, std::span<const double> chance_of_ending,
                          DistributionTables&);
/// Appends a mixture of components (indices into the caller's list) with weights (≥ 0, sum above 0; made to sum to 1).
Distribution mixture_of(std::span<const std::uint32_t> component, std::span<const double> weight, DistributionTables&);

/// The distribution given that its value lies in [low, high], both ends included. For a mixture the truncated
/// components are appended to `all` and the new rows to `tables`. A shift is taken into account; abs, floor and
/// rounding must come after.
/// @throws std::domain_error  when low ≥ high (or NaN), less than 1e-9 of the chance lies in between, or the
/// distribution has
///                            abs, floor or rounding already
Distribution truncated(const Distribution&, double low, double high, std::vector<Distribution>& all,
                       DistributionTables&);
/// The same for every kind but a mixture.
Distribution truncated(const Distribution&, double low, double high, const DistributionTables& tables = {});

}  // namespace tl
