// What is left of a stay: at a random moment (the equilibrium distribution), or after a known time.

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/distribution.hpp"
#include "sim/distribution_parts.hpp"
#include "sim/maths_tables.hpp"

namespace tl {

using detail::Atom;
using detail::Read;
using detail::Side;
using Kind = DistributionKind;

namespace {

/// Which of several weights a point p of their sum falls on, and where in it.
struct Pick {
  std::size_t index;
  double rest;  // in (0, 1)
};

Pick pick(const std::vector<double>& weight, double u) {
  double total = 0.0;
  for (const double w : weight) total += w;
  double left = u * total;
  std::size_t last = 0;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    if (!(weight[i] > 0.0)) continue;
    last = i;
    if (left <= weight[i]) return {i, std::clamp(left / weight[i], 0x1p-60, detail::kGreatestUniform)};
    left -= weight[i];
  }
  return {last, detail::kGreatestUniform};
}

/// Nothing but the kind itself, of values at or above 0.
bool is_bare(const Read& r) {
  return r.d.rounding == Rounding::none && r.d.shift == 0.0 && detail::is_plain(r) && detail::least_value(r) >= 0.0;
}

double residual_of_atoms(const std::vector<Atom>& list, double u, double u2) {
  std::vector<double> weight;
  double total = 0.0;
  for (const Atom& atom : list) {
    weight.push_back(atom.chance * std::max(0.0, atom.value));
    total += weight.back();
  }
  return total > 0.0 ? u2 * list[pick(weight, u).index].value : 0.0;
}

/// Where the stay is sure to last (to its location) the density is level; beyond it the integral of a generalised
/// Pareto survival function is generalised Pareto again, of scale b / (1 − c) and shape c / (1 − c).
double residual_of_pareto(const Distribution& d, double u, double u2) {
  const double excess_mean = d.b / (1.0 - d.c);
  if (u < d.a / (d.a + excess_mean)) return u2 * d.a;
  Distribution left = d;  // beyond the location, which is passed for certain
  left.b = excess_mean;
  left.c = d.c / (1.0 - d.c);
  return detail::base_quantile(left, {}, {}, u2, 0.5);
}

/// One stretch of the survival function.
struct Stretch {
  double from, to, mass;
};

/// Inverts the integral of 1 − F: stretches between quantiles first, then by halving the one that is met.
double residual_by_survival(const Read& r, double u) {
  const auto survival = [&r](double x) { return 1.0 - detail::chance(r, x, Side::at_or_below); };
  const auto range = detail::range(r);
  std::vector<double> ends{0.0, std::max(0.0, range.low), std::max(0.0, range.high)};
  double share = 0.5;
  for (int k = 0; k < 34; ++k, share *= 0.5)
    for (const double p : {share, 1.0 - share})
      ends.push_back(std::clamp(quantile(r.d, r.all, r.tables, p, 0.5), 0.0, std::max(0.0, range.high)));
  std::sort(ends.begin(), ends.end());
  std::vector<Stretch> stretches;
  std::vector<double> mass;
  for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
    if (!(ends[i + 1] > ends[i])) continue;
    stretches.push_back({ends[i], ends[i + 1], detail::gauss(ends[i], ends[i + 1], survival)});
    mass.push_back(stretches.back().mass);
  }
  if (stretches.empty()) return 0.0;
  const Pick at = pick(mass, u);
  Stretch s = stretches[at.index];
  double left = at.rest * s.mass;
  for (int k = 0; k < 40; ++k) {
    const double middle = 0.5 * (s.from + s.to);
    const double first = detail::gauss(s.from, middle, survival);
    if (left <= first) {
      s.to = middle;
    } else {
      left -= first;
      s.from = middle;
    }
  }
  return 0.5 * (s.from + s.to);
}

/// X given X > elapsed, by halving the distribution function.
double conditional_by_halving(const Read& r, double elapsed, double u) {
  const double before = detail::chance(r, elapsed, Side::at_or_below);
  const double target = before + u * (1.0 - before);
  double low = elapsed;
  double high = std::max(elapsed, detail::range(r).high);
  for (int k = 0; k < 80; ++k) {
    const double middle = 0.5 * (low + high);
    (detail::chance(r, middle, Side::at_or_below) < target ? low : high) = middle;
  }
  return high;
}

double remaining_of_atoms(const std::vector<Atom>& list, double elapsed, double u) {
  std::vector<Atom> later;
  for (const Atom& atom : list)
    if (atom.value > elapsed && atom.chance > 0.0) later.push_back(atom);
  if (later.empty()) return 0.0;
  std::stable_sort(later.begin(), later.end(), [](const Atom& a, const Atom& b) { return a.value < b.value; });
  std::vector<double> weight;
  for (const Atom& atom : later) weight.push_back(atom.chance);
  return later[pick(weight, u).index].value - elapsed;
}

}  // namespace

double residual_quantile(const Distribution& d, std::span<const Distribution> all, const DistributionTables& tables,
                         double u, double u2) {
  const Read r{d, all, tables};
  if (is_bare(r)) {
    const bool spread = d.b > 0.0;
    if (d.kind == Kind::exponential) return quantile(d, all, tables, u, 0.5);
    if (d.kind == Kind::uniform && d.b > d.a) return u2 * square_root(d.a * d.a + u * (d.b * d.b - d.a * d.a));
    if (d.kind == Kind::gamma && spread) return u2 * d.b * gamma_quantile(d.a + 1.0, u);
    if (d.kind == Kind::lognormal && spread) return u2 * exponential(d.a + d.b * d.b + d.b * normal_quantile(u));
    if (d.kind == Kind::weibull && spread) {
      const double inverse = 1.0 / d.a;
      return u2 * d.b * power(gamma_quantile(1.0 + inverse, u), inverse);
    }
    if (d.kind == Kind::generalised_pareto && spread && d.c < 1.0) return residual_of_pareto(d, u, u2);
    if (d.kind == Kind::mixture) {
      std::vector<double> weight;
      for (std::uint32_t i = 0; i < d.count; ++i)
        weight.push_back(r.weight(i) > 0.0 ? r.weight(i) * mean(r.component(i), all, tables) : 0.0);
      const Pick at = pick(weight, u);
      return residual_quantile(r.component(static_cast<std::uint32_t>(at.index)), all, tables, at.rest, u2);
    }
  }
  const std::vector<Atom> list = detail::atoms(r);
  if (!list.empty()) return residual_of_atoms(list, u, u2);
  return residual_by_survival(r, u);
}

double remaining_quantile(const Distribution& d, std::span<const Distribution> all, const DistributionTables& tables,
                          double elapsed, double u) {
  const Read r{d, all, tables};
  const bool bare = is_bare(r);
  if (bare && d.kind == Kind::exponential) return quantile(d, all, tables, u, 0.5);
  if (bare && d.kind == Kind::weibull && d.b > 0.0)
    return std::max(0.0, d.b * power(power(elapsed / d.b, d.a) - natural_log(1.0 - u), 1.0 / d.a) - elapsed);
  if (bare && d.kind == Kind::generalised_pareto && d.b > 0.0 && elapsed >= d.a) {
    Distribution excess = d;
    excess.a = 0.0;
    excess.b = d.b + d.c * (elapsed - d.a);
    return detail::base_quantile(excess, all, tables, u, 0.5);
  }
  if (bare && d.kind == Kind::mixture) {
    std::vector<double> weight;
    double total = 0.0;
    for (std::uint32_t i = 0; i < d.count; ++i) {
      weight.push_back(r.weight(i) * (1.0 - cdf(r.component(i), all, tables, elapsed)));
      total += weight.back();
    }
    if (!(total > 0.0)) return 0.0;
    const Pick at = pick(weight, u);
    return remaining_quantile(r.component(static_cast<std::uint32_t>(at.index)), all, tables, elapsed, at.rest);
  }
  const std::vector<Atom> list = detail::atoms(r);
  if (!list.empty()) return remaining_of_atoms(list, elapsed, u);
  const double before = detail::chance(r, elapsed, Side::at_or_below);
  if (!(before < 1.0)) return 0.0;
  if (d.kind == Kind::mixture || d.absolute) return std::max(0.0, conditional_by_halving(r, elapsed, u) - elapsed);
  const double p = std::min(before + u * (1.0 - before), detail::kGreatestUniform);
  return std::max(0.0, quantile(d, all, tables, p, 0.5) - elapsed);
}

}  // namespace tl
