// Means and variances of distributions: closed forms where there are any, else numeric integration of the quantile.

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <vector>

#include "sim/distribution.hpp"
#include "sim/distribution_parts.hpp"
#include "sim/maths_tables.hpp"

namespace tl {

using detail::Atom;
using detail::Read;
using Kind = DistributionKind;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double gamma_function(double x) {
  return exponential(log_gamma(x));
}

double empirical_mean(std::span<const double> v) {
  double sum = 0.0;
  for (std::size_t i = 0; i + 1 < v.size(); ++i) sum += 0.5 * (v[i] + v[i + 1]);
  return sum / static_cast<double>(v.size() - 1);
}

double empirical_variance(std::span<const double> v) {
  const double centre = empirical_mean(v);
  double sum = 0.0;
  for (std::size_t i = 0; i + 1 < v.size(); ++i) {
    const double a = v[i] - centre, b = v[i + 1] - centre;
    sum += (a * a + a * b + b * b) / 3.0;
  }
  return sum / static_cast<double>(v.size() - 1);
}

/// Of a kind with a continuous part or many values, untransformed.
double base_mean(const Read& r) {
  const Distribution& d = r.d;
  switch (d.kind) {
    case Kind::uniform:
      return 0.5 * (d.a + d.b);
    case Kind::triangular:
      return (d.a + d.b + d.c) / 3.0;
    case Kind::gamma:
      return d.a * d.b;
    case Kind::weibull:
      return d.b * gamma_function(1.0 + 1.0 / d.a);
    case Kind::lognormal:
      return exponential(d.a + 0.5 * d.b * d.b);
    case Kind::generalised_pareto:
      return d.c < 1.0 ? d.a + d.b / (1.0 - d.c) : kInfinity;
    case Kind::empirical:
      return empirical_mean(r.values());
    case Kind::mixture: {
      double sum = 0.0;
      for (std::uint32_t i = 0; i < d.count; ++i)
        if (r.weight(i) > 0.0) sum += r.weight(i) * mean(r.component(i), r.all, r.tables);
      return sum;
    }
    default:
      return d.a;  // exponential, normal, poisson; what has atoms did not come here
  }
}

double mixture_variance(const Read& r) {
  const double centre = base_mean(r);
  double sum = 0.0;
  for (std::uint32_t i = 0; i < r.d.count; ++i) {
    if (!(r.weight(i) > 0.0)) continue;
    const double off = mean(r.component(i), r.all, r.tables) - centre;
    sum += r.weight(i) * (variance(r.component(i), r.all, r.tables) + off * off);
  }
  return sum;
}

double base_variance(const Read& r) {
  const Distribution& d = r.d;
  switch (d.kind) {
    case Kind::exponential:
      return d.a * d.a;
    case Kind::uniform:
      return (d.b - d.a) * (d.b - d.a) / 12.0;
    case Kind::triangular: {
      const double x = d.b - d.a, y = d.c - d.a;
      return (x * x + y * y - x * y) / 18.0;
    }
    case Kind::gamma:
      return d.a * d.b * d.b;
    case Kind::weibull: {
      const double first = gamma_function(1.0 + 1.0 / d.a);
      return d.b * d.b * (gamma_function(1.0 + 2.0 / d.a) - first * first);
    }
    case Kind::lognormal: {
      const double s2 = d.b * d.b;
      return exponential_minus_one(s2) * exponential(2.0 * d.a + s2);
    }
    case Kind::normal:
      return d.b * d.b;
    case Kind::generalised_pareto:
      return d.c < 0.5 ? d.b * d.b / ((1.0 - d.c) * (1.0 - d.c) * (1.0 - 2.0 * d.c)) : kInfinity;
    case Kind::poisson:
      return d.a;
    case Kind::empirical:
      return empirical_variance(r.values());
    case Kind::mixture:
      return mixture_variance(r);
    default:
      return 0.0;
  }
}

/// Gauss-Legendre, halving where the halves disagree with the whole.
template <class Function>
double adaptive(double low, double high, double whole, double allowed, int depth, const Function& f) {
  const double middle = 0.5 * (low + high);
  const double left = detail::gauss(low, middle, f);
  const double right = detail::gauss(middle, high, f);
  if (depth == 0 || !(std::abs(left + right - whole) > allowed)) return left + right;
  return adaptive(low, middle, left, 0.5 * allowed, depth - 1, f) +
         adaptive(middle, high, right, 0.5 * allowed, depth - 1, f);
}

/// Stretches of the uniform that shrink towards both ends, where quantiles grow without bound.
std::vector<double> graded_ends(double low, double high) {
  constexpr int halvings = 50;
  std::vector<double> parts;  // of the width
  double part = 0.5;
  for (int k = 0; k < halvings; ++k, part *= 0.5) parts.push_back(part);
  std::vector<double> ends{low};
  for (int k = halvings - 1; k >= 0; --k) ends.push_back(low + (high - low) * parts[static_cast<std::size_t>(k)]);
  for (int k = 1; k < halvings; ++k) ends.push_back(high - (high - low) * parts[static_cast<std::size_t>(k)]);
  ends.push_back(high);
  return ends;
}

/// A power of the distance from `centre`, the finished value being before rounding.
struct Moment {
  double centre;
  bool squared;
  double operator()(double x) const { return squared ? (x - centre) * (x - centre) : x - centre; }
};

/// What the quantile beyond u = 1 − tail adds, for the kind whose tail reaches beyond any double's distance from 1.
/// Excesses over a threshold of a generalised Pareto number are generalised Pareto again, of scale b + c (t − a).
double pareto_tail(const Distribution& d, const Moment& moment, double tail) {
  const double threshold = d.a + d.b * (power(tail, -d.c) - 1.0) / d.c;
  const double scale = d.b + d.c * (threshold - d.a);
  const double start = moment(threshold + d.shift);
  const double first = scale / (1.0 - d.c);
  if (!moment.squared) return tail * (start + first);
  const double distance = threshold + d.shift - moment.centre;
  return tail * (start + 2.0 * distance * first + 2.0 * scale * first / (1.0 - 2.0 * d.c));
}

/// E[moment(outer(X))] of a distribution before its rounding; `outer` is what an enclosing mixture does to its value.
template <class Outer>
double expected(const Read& r, const Moment& moment, const Outer& outer) {
  const Distribution& d = r.d;
  Distribution smooth = d;
  smooth.rounding = Rounding::none;
  if (d.kind == Kind::mixture) {
    double sum = 0.0;
    const auto inner = [&](double x) {
      const double y = x + d.shift;
      return outer(std::max(d.floor, d.absolute && y < 0.0 ? -y : y));
    };
    for (std::uint32_t i = 0; i < d.count; ++i)
      if (r.weight(i) > 0.0)
        sum += r.weight(i) * expected<std::function<double(double)>>(r.of(r.component(i)), moment, inner);
    return sum;
  }
  const bool far_tail = d.kind == Kind::generalised_pareto && d.c > 0.0 && d.b > 0.0 && d.u_high == 1.0;
  if (far_tail && d.c >= (moment.squared ? 0.5 : 1.0)) return kInfinity;
  const double tail = far_tail ? 0x1p-30 : 0.0;  // of the base's chance
  const double last = 1.0 - tail / (1.0 - d.u_low);
  const auto f = [&](double u) { return moment(outer(quantile(smooth, r.all, r.tables, u, 0.5))); };
  const std::vector<double> ends = graded_ends(0.0, last);
  std::vector<double> parts;
  double size = 0.0;
  for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
    parts.push_back(detail::gauss(ends[i], ends[i + 1], f));
    size += std::abs(parts.back());
  }
  double sum = 0.0;
  for (std::size_t i = 0; i < parts.size(); ++i) sum += adaptive(ends[i], ends[i + 1], parts[i], 1e-12 * size, 36, f);
  return far_tail ? sum + pareto_tail(d, moment, tail) / (1.0 - d.u_low) : sum;
}

double expected(const Read& r, const Moment& moment) {
  return expected(r, moment, [](double x) { return x; });
}

double atoms_mean(const std::vector<Atom>& list) {
  double sum = 0.0, weight = 0.0;
  for (const Atom& atom : list) {
    sum += atom.value * atom.chance;
    weight += atom.chance;
  }
  return sum / weight;
}

}  // namespace

double mean(const Distribution& d, std::span<const Distribution> all, const DistributionTables& tables) {
  const Read r{d, all, tables};
  const bool plain = detail::is_plain(r);
  const bool has_closed_form = d.kind == Kind::poisson || d.kind == Kind::exponential || d.kind == Kind::mixture;
  if (plain && has_closed_form) return base_mean(r) + d.shift;
  Distribution bare = d;
  bare.rounding = Rounding::none;
  if (d.rounding == Rounding::random) return mean(bare, all, tables);  // it keeps the mean
  const std::vector<Atom> list = detail::atoms(r);
  if (!list.empty()) return atoms_mean(list);
  if (plain) return base_mean(r) + d.shift;
  const double moved = d.rounding == Rounding::down ? -0.5 : (d.rounding == Rounding::up ? 0.5 : 0.0);
  if (moved != 0.0 || d.rounding == Rounding::nearest) return mean(bare, all, tables) + moved;
  return expected(r, {0.0, false});
}

double variance(const Distribution& d, std::span<const Distribution> all, const DistributionTables& tables) {
  const Read r{d, all, tables};
  if (detail::is_plain(r) && d.rounding == Rounding::none && (d.kind == Kind::poisson || d.kind == Kind::mixture))
    return base_variance(r);
  const std::vector<Atom> list = detail::atoms(r);
  if (!list.empty()) {
    const double centre = atoms_mean(list);
    double sum = 0.0, weight = 0.0;
    for (const Atom& atom : list) {
      sum += (atom.value - centre) * (atom.value - centre) * atom.chance;
      weight += atom.chance;
    }
    return sum / weight;
  }
  const double spread = d.rounding == Rounding::none ? 0.0 : (d.rounding == Rounding::random ? 1.0 / 6.0 : 1.0 / 12.0);
  if (detail::is_plain(r)) return base_variance(r) + spread;
  Distribution smooth = d;
  smooth.rounding = Rounding::none;
  const double centre = mean(smooth, all, tables);
  if (!(centre < kInfinity)) return kInfinity;
  return expected(r, {centre, true}) + spread;
}

}  // namespace tl
