// Special functions on top of the elementary ones of sim/maths.cpp.

#include <cmath>
#include <limits>

#include "sim/maths.hpp"
#include "sim/maths_tables.hpp"

namespace tl {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kHalfLogTwoPi = 0x1.d67f1c864beb5p-1;
constexpr double kRootTwoPi = 0x1.40d931ff62706p+1;
constexpr double kInverseRootPi = 0x1.20dd750429b6dp-1;
constexpr double kInverseRootTwo = 0x1.6a09e667f3bcdp-1;
constexpr double kLargeShape = 4000.0;  // from here on a quadrature is faster than series and fraction
constexpr double kEpsilon = std::numeric_limits<double>::epsilon();

/// Horner's rule, highest power first.
template <std::size_t N>
double polynomial(const double (&coefficient)[N], double x) {
  double sum = coefficient[0];
  for (std::size_t i = 1; i < N; ++i) sum = sum * x + coefficient[i];
  return sum;
}

double magnitude(double x) {
  return x < 0.0 ? -x : x;
}

/// erf(y) for |y| at most 0.46875 (Cody 1969).
double small_erf(double y) {
  static constexpr double p[] = {1.85777706184603153e-1, 3.16112374387056560e00, 1.13864154151050156e02,
                                 3.77485237685302021e02, 3.20937758913846947e03};
  static constexpr double q[] = {1.0, 2.36012909523441209e01, 2.44024637934444173e02, 1.28261652607737228e03,
                                 2.84423683343917062e03};
  return y * polynomial(p, y * y) / polynomial(q, y * y);
}

/// erfc(y)·e^(y²) for y above 0.46875 (Cody 1969).
double scaled_erfc(double y) {
  static constexpr double p[] = {2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e0,
                                 6.61191906371416295e01, 2.98635138197400131e02, 8.81952221241769090e02,
                                 1.71204761263407058e03, 2.05107837782607147e03, 1.23033935479799725e03};
  static constexpr double q[] = {1.0,
                                 1.57449261107098347e01,
                                 1.17693950891312499e02,
                                 5.37181101862009858e02,
                                 1.62138957456669019e03,
                                 3.29079923573345963e03,
                                 4.36261909014324716e03,
                                 3.43936767414372164e03,
                                 1.23033935480374942e03};
  static constexpr double far_p[] = {1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1,
                                     1.25781726111229246e-1, 1.60837851487422766e-2, 6.58749161529837803e-4};
  static constexpr double far_q[] = {1.0,
                                     2.56852019228982242e00,
                                     1.87295284992346725e00,
                                     5.27905102951428412e-1,
                                     6.05183413124413191e-2,
                                     2.33520497626869185e-3};
  if (y <= 4.0) return polynomial(p, y) / polynomial(q, y);
  const double z = 1.0 / (y * y);
  return (kInverseRootPi - z * polynomial(far_p, z) / polynomial(far_q, z)) / y;
}

/// e^(-x²/2): x² is split, because its rounding error would be multiplied by its size.
double bell(double x) {
  const double head = static_cast<double>(static_cast<std::int64_t>(x * 16.0)) / 16.0;
  return exponential(-0.5 * head * head) * exponential(-0.5 * (x - head) * (x + head));
}

/// What Stirling's formula for log Γ(x) leaves out: for x at or above 10.
double stirling_rest(double x) {
  static constexpr double c[] = {-3617.0 / 122400, 1.0 / 156,  -691.0 / 360360, 1.0 / 1188,
                                 -1.0 / 1680,      1.0 / 1260, -1.0 / 360,      1.0 / 12};
  const double inverse = 1.0 / x;
  return inverse * polynomial(c, inverse * inverse);
}

double stirling(double x) {
  return (x - 0.5) * natural_log(x) - x + kHalfLogTwoPi;
}

/// log Γ(x) − Stirling's formula, for any x above 0.
double log_gamma_rest(double x) {
  return x >= 10.0 ? stirling_rest(x) : log_gamma(x) - stirling(x);
}

/// m − log(1 + m) without cancellation. @param m  within [-0.4, 0.4]
double log_distance(double m) {
  const double s = m / (2.0 + m);  // log(1 + m) = 2 artanh s
  const double s2 = s * s;
  static constexpr double odd[] = {1.0 / 25, 1.0 / 23, 1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15,
                                   1.0 / 13, 1.0 / 11, 1.0 / 9,  1.0 / 7,  1.0 / 5,  1.0 / 3};
  return m * s - 2.0 * s * s2 * polynomial(odd, s2);
}

/// A gamma distribution's shape, with the part of its density's logarithm that does not depend on x.
struct Shape {
  double a, constant;
};

Shape shape_of(double a) {
  return {a, a < 10.0 ? log_gamma(a + 1.0) : stirling_rest(a)};
}

/// x^a e^-x / Γ(a + 1).
double term_at(const Shape& shape, double x) {
  const double a = shape.a;
  if (a < 10.0) return exponential(a * natural_log(x) - x - shape.constant);
  const double m = (x - a) / a;
  const double distance =
      magnitude(m) > 0.4 ? m - natural_log(x / a) : log_distance(m);  // near -1, 1 + m has few digits
  return exponential(-a * distance - shape.constant) / (kRootTwoPi * std::sqrt(a));
}

struct Tails {
  double lower, upper;
  double term;  // term_at the same place
};

/// P(a, x), to be multiplied by the term at x.
double gamma_series(double a, double x) {
  double term = 1.0;
  double sum = 1.0;
  for (double n = a + 1.0; term > sum * (kEpsilon / 4); n += 1.0) {
    term *= x / n;
    sum += term;
  }
  return sum;
}

/// Q(a, x), to be multiplied by the term at x; Lentz's method, modified by Thompson & Barnett.
double gamma_fraction(double a, double x) {
  constexpr double tiny = 1e-300;
  double b = x + 1.0 - a;
  double c = 1.0 / tiny;
  double d = 1.0 / b;
  double h = d;
  for (int i = 1; i < 10'000; ++i) {
    const double an = -i * (i - a);
    b += 2.0;
    d = an * d + b;
    if (magnitude(d) < tiny) d = tiny;
    c = b + an / c;
    if (magnitude(c) < tiny) c = tiny;
    d = 1.0 / d;
    const double factor = d * c;
    h *= factor;
    if (magnitude(factor - 1.0) < kEpsilon) break;
  }
  return h * a;
}

/// The nearer tail, for large a: the density over the stretch in which it falls by e^-42.
double gamma_quadrature(const Shape& shape, double x) {
  const double a = shape.a;
  const double slope = magnitude((a - 1.0) / x - 1.0);
  const double spread = x > a ? 1.25 * x : x;
  double length = spread * (std::sqrt(slope * slope + 84.0 / spread) - slope);
  if (slope > 0.0) length = length < 60.0 / slope ? length : 60.0 / slope;
  const double end = x > a ? x + length : (x - length > 0.0 ? x - length : 0.0);
  const double middle = 0.5 * (x + end);
  const auto density = [&shape, a](double t) { return term_at(shape, t) * (a / t); };
  return magnitude(detail::gauss(x, middle, density) + detail::gauss(middle, end, density));
}

/// Both tails of the gamma distribution; arguments in range.
Tails gamma_tails(const Shape& shape, double x) {
  if (x == 0.0) return {0.0, 1.0, 0.0};
  if (x == kInfinity) return {1.0, 0.0, 0.0};
  const double a = shape.a;
  const double term = term_at(shape, x);
  const bool lower = a > kLargeShape ? x <= a : x < a + 1.0;
  const double small =
      a > kLargeShape ? gamma_quadrature(shape, x) : term * (lower ? gamma_series(a, x) : gamma_fraction(a, x));
  const double held = small < 1.0 ? small : 1.0;
  return lower ? Tails{held, 1.0 - held, term} : Tails{1.0 - held, held, term};
}

bool gamma_arguments(double a, double x) {
  return a > 0.0 && a < kInfinity && x >= 0.0;
}

/// Wilson & Hilferty's cube for shapes above 1; the two branches of a crude split of the density below.
double gamma_start(double a, double p) {
  if (a > 1.0) {
    const double z = normal_quantile(p);
    const double cube = 1.0 - 1.0 / (9.0 * a) + z / (3.0 * std::sqrt(a));
    if (cube > 0.2) return a * cube * cube * cube;
    return exponential((natural_log(p) + log_gamma(a + 1.0)) / a);
  }
  const double split = 1.0 - a * (0.253 + a * 0.12);
  if (p < split) return exponential((natural_log(p) + log_gamma(a + 1.0)) / a);
  return 1.0 - natural_log((1.0 - p) / (1.0 - split));
}

/// Continued fraction of the incomplete beta function, by Lentz's method.
double beta_fraction(double a, double b, double x) {
  constexpr double tiny = 1e-300;
  const auto guarded = [](double v) { return magnitude(v) < tiny ? tiny : v; };
  double c = 1.0;
  double d = 1.0 / guarded(1.0 - (a + b) * x / (a + 1.0));
  double h = d;
  for (int m = 1; m < 100'000; ++m) {
    const double even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
    d = 1.0 / guarded(1.0 + even * d);
    c = guarded(1.0 + even / c);
    h *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
    d = 1.0 / guarded(1.0 + odd * d);
    c = guarded(1.0 + odd / c);
    const double factor = d * c;
    h *= factor;
    if (magnitude(factor - 1.0) < kEpsilon) break;
  }
  return h;
}

/// log x, from whichever of x and y = 1 - x is exact.
double log_of_share(double x, double y) {
  return x > 0.5 ? log_one_plus(-y) : natural_log(x);
}

/// x^a y^b / B(a, b), y = 1 - x; through Stirling's rests, so that large a costs no digits.
double beta_term(double a, double b, double x, double y) {
  const double log_term = a * (log_of_share(x, y) + log_one_plus(b / a)) +
                          b * (log_of_share(y, x) + log_one_plus(a / b)) + log_gamma_rest(a + b) - log_gamma_rest(a) -
                          log_gamma_rest(b);
  return exponential(log_term) * std::sqrt(a / (a + b) * b) / kRootTwoPi;
}

/// I_x(a, b), y = 1 - x given too because the caller may know it better.
double beta_lower(double a, double b, double x, double y) {
  if (x <= 0.0) return 0.0;
  if (y <= 0.0) return 1.0;
  const double term = beta_term(a, b, x, y);
  if (x < (a + 1.0) / (a + b + 2.0)) return term * beta_fraction(a, b, x) / a;
  return 1.0 - term * beta_fraction(b, a, y) / b;
}

/// Chance that Student's t is above t. @param t  at or above 0
double student_t_tail(double t, double dof) {
  const double square = t * t;
  if (square == kInfinity) return 0.0;
  return 0.5 * beta_lower(0.5 * dof, 0.5, dof / (dof + square), square / (dof + square));
}

double student_t_density(double t, double dof) {
  const double log_ratio = 0.5 * natural_log(0.5 * dof) + dof / 2 * log_one_plus(1.0 / dof) - 0.5 +
                           log_gamma_rest(0.5 * (dof + 1.0)) - log_gamma_rest(0.5 * dof);
  const double fall = 0.5 * (dof + 1.0) * log_one_plus(t * t / dof);
  return exponential(log_ratio - fall) * kInverseRootPi / std::sqrt(dof);
}

/// Hill's approximation of the t whose two tails hold `both`. @param dof  at or above 1
double hill_start(double both, double dof) {
  constexpr double half_pi = 0x1.921fb54442d18p+0;
  const double a = 1.0 / (dof - 0.5);
  const double b = 48.0 / (a * a);
  double c = ((20700.0 * a / b - 98.0) * a - 16.0) * a + 96.36;
  const double d = ((94.5 / (b + c) - 3.0) / b + 1.0) * std::sqrt(a * half_pi) * dof;
  double y = power(d * both, 2.0 / dof);
  if (y > 0.05 + a) {
    const double x = normal_quantile(0.5 * both);
    y = x * x;
    if (dof < 5.0) c += 0.3 * (dof - 4.5) * (x + 0.6);
    c += (((0.05 * d * x - 5.0) * x - 7.0) * x - 2.0) * x + b;
    y = (((((0.4 * y + 6.3) * y + 36.0) * y + 94.5) / c - y - 3.0) / b + 1.0) * x;
    y = exponential_minus_one(a * y * y);
  } else {
    y = ((1.0 / (((dof + 6.0) / (dof * y) - 0.089 * d - 0.822) * (dof + 2.0) * 3.0) + 0.5 / (dof + 4.0)) * y - 1.0) *
            (dof + 1.0) / (dof + 2.0) +
        1.0 / y;
  }
  return std::sqrt(dof * y);
}

/// The t whose upper tail holds q. @param q  in (0, 1/2)
double student_t_upper(double q, double dof) {
  double low = 0.0;
  double high = kInfinity;
  double t = dof >= 1.0 ? hill_start(2.0 * q, dof) : 1.0;
  if (!(t > 0.0 && t < kInfinity)) t = 1.0;
  for (int i = 0; i < 2'000; ++i) {
    const double excess = student_t_tail(t, dof) - q;
    (excess > 0.0 ? low : high) = t;
    double next = t + excess / student_t_density(t, dof);
    if (magnitude(next - t) <= 1e-9 * t) return next;  // Newton squares the error
    if (!(next > low && next < high)) next = high < kInfinity ? 0.5 * (low + high) : 2.0 * t;
    t = next;
    if (t == kInfinity) break;
  }
  return t;
}

}  // namespace

double detail::gamma_term(double a, double x) {
  return term_at(shape_of(a), x);
}

double normal_cdf(double x) {
  const double y = magnitude(x) * kInverseRootTwo;
  if (y <= 0.46875) return 0.5 + 0.5 * small_erf(x * kInverseRootTwo);
  if (x != x) return kNaN;
  const double tail = y > 28.0 ? 0.0 : 0.5 * bell(x) * scaled_erfc(y);
  return x < 0.0 ? tail : 1.0 - tail;
}

double normal_quantile(double p) {
  static constexpr double a[] = {2.5090809287301226727e+3, 3.3430575583588128105e+4, 6.7265770927008700853e+4,
                                 4.5921953931549871457e+4, 1.3731693765509461125e+4, 1.9715909503065514427e+3,
                                 1.3314166789178437745e+2, 3.3871328727963666080e0};
  static constexpr double b[] = {
      5.2264952788528545610e+3, 2.8729085735721942674e+4, 3.9307895800092710610e+4, 2.1213794301586595867e+4,
      5.3941960214247511077e+3, 6.8718700749205790830e+2, 4.2313330701600911252e+1, 1.0};
  static constexpr double c[] = {7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
                                 1.27045825245236838258e0,  3.64784832476320460504e0,  5.76949722146069140550e0,
                                 4.63033784615654529590e0,  1.42343711074968357734e0};
  static constexpr double d[] = {
      1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
      6.89767334985100004550e-1, 1.67638483018380384940e0,  2.05319162663775882187e0,  1.0};
  static constexpr double e[] = {2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
                                 2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
                                 5.46378491116411436990e0,  6.65790464350110377720e0};
  static constexpr double f[] = {
      2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
      1.48753612908506148525e-2,  1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0};
  const double q = p - 0.5;
  if (magnitude(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(a, r) / polynomial(b, r);
  }
  if (!(p >= 0.0 && p <= 1.0)) return kNaN;
  if (p == 0.0 || p == 1.0) return p == 0.0 ? -kInfinity : kInfinity;
  const double r = std::sqrt(-natural_log(q < 0.0 ? p : 1.0 - p));
  const double x =
      r <= 5.0 ? polynomial(c, r - 1.6) / polynomial(d, r - 1.6) : polynomial(e, r - 5.0) / polynomial(f, r - 5.0);
  return q < 0.0 ? -x : x;
}

double log_gamma(double x) {
  if (!(x >= 0.0)) return kNaN;
  if (x == 0.0 || x == kInfinity) return kInfinity;
  double product = 1.0;
  double y = x;
  while (y < 10.0) {
    product *= y;
    y += 1.0;
  }
  return stirling(y) + stirling_rest(y) - natural_log(product);
}

double regularised_gamma_p(double a, double x) {
  return gamma_arguments(a, x) ? gamma_tails(shape_of(a), x).lower : kNaN;
}
double regularised_gamma_q(double a, double x) {
  return gamma_arguments(a, x) ? gamma_tails(shape_of(a), x).upper : kNaN;
}

double gamma_quantile(double a, double p) {
  if (!(a > 0.0 && a < kInfinity && p >= 0.0 && p <= 1.0)) return kNaN;
  if (p == 0.0 || p == 1.0) return p == 0.0 ? 0.0 : kInfinity;
  if (a == 1.0) return -log_one_plus(-p);
  const Shape shape = shape_of(a);
  double low = 0.0;
  double high = kInfinity;
  double x = gamma_start(a, p);
  if (x < 1e-17 * (a + 1.0)) return x;  // there P(a, x) is its leading term, which the start inverted
  for (int i = 0; i < 200; ++i) {
    const Tails tails = gamma_tails(shape, x);
    const double excess = p < 0.5 ? tails.lower - p : (1.0 - p) - tails.upper;
    (excess > 0.0 ? high : low) = x;
    const double newton = excess / (tails.term * (a / x));
    const double bend = newton * ((a - 1.0) / x - 1.0);
    double next = x - newton / (1.0 - 0.5 * (bend < 1.0 ? bend : 1.0));
    if (magnitude(next - x) <= 1e-7 * x) return next;  // the third power of this is below a unit in the last place
    if (!(next > low && next < high)) next = high < kInfinity ? 0.5 * (low + high) : 2.0 * x;
    x = next;
  }
  return x;
}

double regularised_beta(double a, double b, double x) {
  if (!(a > 0.0 && b > 0.0 && x >= 0.0 && x <= 1.0)) return kNaN;
  return beta_lower(a, b, x, 1.0 - x);
}

double student_t_cdf(double t, double dof) {
  if (!(dof > 0.0) || t != t) return kNaN;
  if (dof > 1e15) return normal_cdf(t);
  return t < 0.0 ? student_t_tail(-t, dof) : 1.0 - student_t_tail(t, dof);
}

double student_t_quantile(double p, double dof) {
  if (!(dof > 0.0 && p >= 0.0 && p <= 1.0)) return kNaN;
  if (p == 0.0 || p == 1.0 || dof > 1e15) return normal_quantile(p);
  if (p == 0.5) return 0.0;
  return p < 0.5 ? -student_t_upper(p, dof) : student_t_upper(1.0 - p, dof);
}

}  // namespace tl
