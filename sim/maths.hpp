#pragma once
// Elementary and special functions in plain arithmetic: additions, multiplications, divisions and square roots in a
// fixed order, no call into the C library's log, exp or pow and no fused multiply-add. So they give the same bits on
// every machine with IEEE doubles, whatever the compiler, level or processor: the system's own differ between
// processors. Translation units that include this are compiled with -ffp-contract=off (the build does).

#include <bit>
#include <cfloat>
#include <cstdint>

#ifdef __FAST_MATH__
#error "Results must not depend on the machine: build without -ffast-math."
#endif

namespace tl {

static_assert(FLT_EVAL_METHOD == 0 && DBL_MANT_DIG == 53, "needs plain IEEE doubles (on 32-bit x86: -mfpmath=sse)");

namespace detail {

/// One short interval of the logarithm: c in its middle, with few bits, so that z - c is exact.
struct LogRow {
  double c, inverse, log_high, log_low;  // log_high is a multiple of 2^-42, so that k·ln 2 + log_high is exact too
};
inline constexpr int kLogBits = 7;
extern const LogRow kLogTable[1 << kLogBits];
inline constexpr double kLn2High = 0x1.62e42fefa38p-1;  // a multiple of 2^-42
inline constexpr double kLn2Low = 0x1.ef35793c7673p-45;
/// Bits of the least z, about 0.6895; half a step below a round number, so that 1 is inside its interval.
inline constexpr std::uint64_t kLogOffset = 0x3fe6100000000000;

/// natural_log outside the normal positive numbers.
double natural_log_edge(double x);

}  // namespace detail

/// Natural logarithm, error below 1.1 units in the last place (measured: docs/methods-distributions.md).
///
/// @param x  any double; subnormal numbers are taken at their value
/// @return  -infinity at ±0, +infinity at +infinity, NaN below 0 and at NaN
/// @source  the table method of Tang, ACM TOMS 16 (1990) 378-400, with divisor table and exact reduction
inline double natural_log(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  if (bits - 0x0010000000000000 >= 0x7ff0000000000000 - 0x0010000000000000) [[unlikely]]
    return detail::natural_log_edge(x);
  const std::uint64_t above = bits - detail::kLogOffset;
  const detail::LogRow& row = detail::kLogTable[(above >> (52 - detail::kLogBits)) & ((1U << detail::kLogBits) - 1)];
  const auto k = static_cast<double>(static_cast<std::int64_t>(above) >> 52);
  const double z = std::bit_cast<double>(bits - (above & 0xfff0000000000000));
  const double r = (z - row.c) * row.inverse;  // within 2^-8
  const double base = k * detail::kLn2High + row.log_high;
  const double high = base + r;
  const double low = (base - high) + r + (k * detail::kLn2Low + row.log_low);
  const double r2 = r * r;
  const double tail = (-1.0 / 2 + r * (1.0 / 3)) + r2 * ((-1.0 / 4 + r * (1.0 / 5)) + r2 * (-1.0 / 6 + r * (1.0 / 7)));
  return high + (low + r2 * tail);
}

/// e to the power x, error below 1 unit in the last place; gradual underflow included.
/// @return  0 below about -745.13, +infinity above about 709.78, NaN at NaN
double exponential(double x);

/// x to the power y, for x at or above 0; error below 1 unit in the last place of a normal result.
/// @return  1 when y is 0; for x = 0: 0 (y > 0) or +infinity (y < 0); NaN for x < 0 or a NaN argument
double power(double x, double y);

/// The square root, correctly rounded (IEEE 754 asks for it, so the processor's own is the same everywhere).
double square_root(double x);

/// log(1 + x) without loss near 0. @param x  above -1 (−infinity at -1, NaN below)
double log_one_plus(double x);

/// e^x - 1 without loss near 0.
double exponential_minus_one(double x);

/// Chance that a standard normal number is at most x; both tails keep their relative accuracy.
/// @source  Cody, Mathematics of Computation 23 (1969) 631-637 (rational approximations of erf and erfc)
double normal_cdf(double x);

/// The x with normal_cdf(x) = p. @return  ∓infinity at 0 and 1, NaN outside [0, 1]
/// @source  Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37 (1988) 477-484
double normal_quantile(double p);

/// Logarithm of the gamma function. @param x  above 0 (else NaN; +infinity at 0)
/// @source  Stirling's series after raising x to 10 or more by the recurrence
double log_gamma(double x);

/// Regularised lower incomplete gamma function P(a, x): the chance that a gamma number of shape a and scale 1 is at
/// most x.
/// @param a  above 0  @param x  at or above 0  (else NaN)
/// @source  series and continued fraction (Gautschi, ACM TOMS 5 (1979) 466-481); above a = 4000 Gauss-Legendre
/// quadrature
double regularised_gamma_p(double a, double x);

/// The upper part, 1 - P(a, x), without cancellation.
double regularised_gamma_q(double a, double x);

/// The x with P(a, x) = p, relative error about 1e-12.
/// @param a  shape, above 0  @param p  in [0, 1]  (else NaN)
/// @return  0 at p = 0, +infinity at p = 1
/// @source  start by Wilson & Hilferty (1931) or the leading term; Halley's steps inside a bracket
double gamma_quantile(double a, double p);

/// Regularised incomplete beta function I_x(a, b). @param a, b  above 0  @param x  in [0, 1]  (else NaN)
/// @source  continued fraction by Lentz's method (DLMF 8.17.22)
double regularised_beta(double a, double b, double x);

/// Chance that Student's t with `dof` degrees of freedom is at most t. @param dof  above 0
double student_t_cdf(double t, double dof);

/// The t with student_t_cdf(t, dof) = p: for intervals. Relative error about 1e-10.
/// @param p  in [0, 1], at least 1e-12 from the ends for that accuracy  @param dof  above 0, also fractional (else NaN)
/// @source  start by Hill, Algorithm 396, CACM 13 (1970) 619-620; then Newton's steps inside a bracket
double student_t_quantile(double p, double dof);

}  // namespace tl
