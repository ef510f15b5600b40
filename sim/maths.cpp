#include "sim/maths.hpp"

#include <bit>
#include <cmath>
#include <initializer_list>
#include <limits>

#include "sim/maths_tables.hpp"

namespace tl {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// An unevaluated sum with about 100 bits.
struct Pair {
  double high, low;
};

/// @source  Knuth, The Art of Computer Programming, volume 2, 4.2.2
Pair two_sum(double a, double b) {
  const double sum = a + b;
  const double part = sum - a;
  return {sum, (a - (sum - part)) + (b - part)};
}

/// @source  Dekker, Numerische Mathematik 18 (1971) 224-242. Arguments below 2^996.
Pair two_product(double a, double b) {
  constexpr double splitter = 0x1p27 + 1.0;
  const double ta = splitter * a;
  const double a_high = ta - (ta - a);
  const double a_low = a - a_high;
  const double tb = splitter * b;
  const double b_high = tb - (tb - b);
  const double b_low = b - b_high;
  const double product = a * b;
  return {product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

/// 2^e for e in the normal range.
double power_of_two(std::int64_t e) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(e + 1023) << 52);
}

/// y·2^e with one rounding, also into the subnormal numbers. @param y  in [1/2, 4)
double scaled(double y, std::int64_t e) {
  if (e > 1021) return y * 0x1p1021 * power_of_two(e - 1021);
  if (e < -1020) return y * power_of_two(e + 100) * 0x1p-100;
  return y * power_of_two(e);
}

/// e^(x + x_low), |x_low| far below |x|.
/// @source  Tang, ACM TOMS 15 (1989) 144-157: 2^(k/128) from a table, the rest by a polynomial
double exponential_of(double x, double x_low) {
  if (!(x <= 709.8)) return x > 0.0 ? kInfinity : kNaN;
  if (x < -745.2) return 0.0;
  constexpr double per_step = 0x1.71547652b82fep+7;  // 128 / ln 2
  constexpr double step_high = 0x1.62e42fefap-8;     // ln 2 / 128 to 36 bits: its multiples by k are exact
  constexpr double step_low = 0x1.cf79abc9e3b3ap-47;
  constexpr double to_whole = 0x1.8p52;
  const double k = (x * per_step + to_whole) - to_whole;
  const double r = (x - k * step_high) - k * step_low + x_low;
  const auto steps = static_cast<std::int64_t>(k);
  const detail::ExpRow& row = detail::kExpTable[steps & ((1 << detail::kExpBits) - 1)];
  const double r2 = r * r;
  const double p = r + r2 * ((1.0 / 2 + r * (1.0 / 6)) + r2 * (1.0 / 24 + r * (1.0 / 120)));
  return scaled(row.high + (row.low + row.high * p), steps >> detail::kExpBits);
}

/// The logarithm of a normal positive number to about 2^-65 of itself.
Pair precise_log(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const std::uint64_t above = bits - detail::kLogOffset;
  const detail::LogRow& row = detail::kLogTable[(above >> (52 - detail::kLogBits)) & ((1U << detail::kLogBits) - 1)];
  const auto k = static_cast<double>(static_cast<std::int64_t>(above) >> 52);
  const double z = std::bit_cast<double>(bits - (above & 0xfff0000000000000));
  const double distance = z - row.c;
  const double r = distance * row.inverse;
  const Pair back = two_product(r, row.c);
  const double r_low = ((distance - back.high) - back.low) * row.inverse;
  const Pair square = two_product(r, r);
  const Pair first = two_sum(k * detail::kLn2High + row.log_high, r);
  const Pair second = two_sum(first.high, -0.5 * square.high);
  double tail = 1.0 / 9;
  for (const double next : {-1.0 / 8, 1.0 / 7, -1.0 / 6, 1.0 / 5, -1.0 / 4, 1.0 / 3}) tail = next + r * tail;
  const double low = first.low + second.low + (r_low - 0.5 * square.low - r * r_low) +
                     (k * detail::kLn2Low + row.log_low) + square.high * r * tail;
  return two_sum(second.high, low);
}

}  // namespace

double detail::natural_log_edge(double x) {
  if (x == 0.0) return -kInfinity;
  if (!(x > 0.0)) return kNaN;
  if (x == kInfinity) return x;
  constexpr double lift = 54.0;  // a subnormal number times 2^54 is normal and exact
  const double y = natural_log(x * 0x1p54);
  return (y - lift * kLn2High) - lift * kLn2Low;
}

double exponential(double x) {
  return exponential_of(x, 0.0);
}

double power(double x, double y) {
  if (y == 0.0) return 1.0;
  if (!(x >= 0.0) || y != y) return kNaN;
  if (x == 1.0) return 1.0;
  if (x == 0.0) return y > 0.0 ? 0.0 : kInfinity;
  if (x == kInfinity) return y > 0.0 ? kInfinity : 0.0;
  constexpr double enough = 0x1p70;  // any x but 1 overflows or vanishes here, and the products below stay finite
  const double exponent = y > enough ? enough : (y < -enough ? -enough : y);
  const bool subnormal = x < std::numeric_limits<double>::min();
  Pair log = precise_log(subnormal ? x * 0x1p54 : x);
  if (subnormal) {
    const Pair lowered = two_sum(log.high, -54.0 * detail::kLn2High);
    log = two_sum(lowered.high, lowered.low + (log.low - 54.0 * detail::kLn2Low));
  }
  const Pair product = two_product(exponent, log.high);
  return exponential_of(product.high, product.low + exponent * log.low);
}

double square_root(double x) {
  return std::sqrt(x);
}

double log_one_plus(double x) {
  const double sum = 1.0 + x;
  if (!(sum > 0.0) || sum == kInfinity) return natural_log(sum);
  const double lost = x > 1.0 ? 1.0 - (sum - x) : x - (sum - 1.0);
  return natural_log(sum) + lost / sum;
}

double exponential_minus_one(double x) {
  if (x != x || x > 40.0) return exponential(x);
  if (x < -40.0) return -1.0;
  const double y = exponential(x);
  if (y == 1.0) return x;
  // Kahan's trick: the error of y - 1 and that of log y cancel.
  return x > -1.0 && x < 1.0 ? (y - 1.0) * (x / natural_log(y)) : y - 1.0;
}

}  // namespace tl
