#include "sim/distribution.hpp"

#include <algorithm>
#include <cmath>

#include "sim/distribution_parts.hpp"
#include "sim/maths_tables.hpp"

namespace tl {

using detail::Atom;
using detail::Range;
using detail::Read;
using detail::Side;
using Kind = DistributionKind;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// First row whose cumulative is at least p; the last one where rounding left the end below 1.
std::uint32_t row_at(std::span<const double> cumulative, double p) {
  const auto at =
      static_cast<std::uint32_t>(std::lower_bound(cumulative.begin(), cumulative.end(), p) - cumulative.begin());
  return std::min(at, static_cast<std::uint32_t>(cumulative.size() - 1));
}

double triangular_quantile(const Distribution& d, double p) {
  const double width = d.b - d.a;
  if (!(width > 0.0)) return d.a;
  const double split = (d.c - d.a) / width;
  return p < split ? d.a + square_root(p * width * (d.c - d.a)) : d.b - square_root((1.0 - p) * width * (d.b - d.c));
}

double pareto_quantile(const Distribution& d, double p) {
  if (!(d.b > 0.0)) return d.a;
  const double t = -natural_log(1.0 - p);
  return d.a + d.b * (d.c == 0.0 ? t : exponential_minus_one(d.c * t) / d.c);
}

/// Counts up from 0: for small means.
double poisson_search(double mean, double p) {
  double term = exponential(-mean);
  double sum = term;
  double k = 0.0;
  while (sum < p && term > 1e-20) {
    k += 1.0;
    term *= mean / k;
    sum += term;
  }
  return k;
}

/// Starts from the Cornish-Fisher expansion and steps to the exact place.
double poisson_quantile(double mean, double p) {
  if (!(mean > 0.0)) return 0.0;
  if (mean < 30.0) return poisson_search(mean, p);
  const double z = normal_quantile(p);
  double k = std::floor(mean + square_root(mean) * z + (z * z - 1.0) / 6.0 + 0.5);
  k = std::max(k, 0.0);
  const auto reached = [mean, p](double at) {  // chance of at most `at` is p or more, judged in the nearer tail
    return p < 0.5 ? regularised_gamma_q(at + 1.0, mean) >= p : regularised_gamma_p(at + 1.0, mean) <= 1.0 - p;
  };
  if (reached(k)) {
    while (k > 0.0 && reached(k - 1.0)) k -= 1.0;
    return k;
  }
  do k += 1.0;
  while (!reached(k));
  return k;
}

double empirical_quantile(std::span<const double> sample, double p) {
  const double place = p * static_cast<double>(sample.size() - 1);
  const auto i = std::min(static_cast<std::size_t>(place), sample.size() - 1);
  if (i + 1 == sample.size()) return sample[i];
  const double part = place - static_cast<double>(i);
  return part == 0.0 ? sample[i] : std::min(sample[i] + part * (sample[i + 1] - sample[i]), sample[i + 1]);
}

double mixture_quantile(const Read& r, double p, double v) {
  const std::uint32_t row = row_at(r.cumulatives(), p);
  const double below = row == 0 ? 0.0 : r.cumulatives()[row - 1];
  const double width = r.cumulatives()[row] - below;
  const double inner = width > 0.0 ? std::min((p - below) / width, detail::kGreatestUniform) : 0.5;
  return quantile(r.component(row), r.all, r.tables, inner, v);
}

double triangular_chance(const Distribution& d, double x) {
  if (x <= d.a) return 0.0;
  if (x >= d.b) return 1.0;
  const double width = d.b - d.a;
  if (x < d.c) return (x - d.a) * (x - d.a) / (width * (d.c - d.a));
  return 1.0 - (d.b - x) * (d.b - x) / (width * (d.b - d.c));
}

double pareto_chance(const Distribution& d, double x) {
  const double y = (x - d.a) / d.b;
  if (!(y > 0.0)) return 0.0;
  if (d.c == 0.0) return -exponential_minus_one(-y);
  const double base = 1.0 + d.c * y;
  return base <= 0.0 ? 1.0 : 1.0 - power(base, -1.0 / d.c);
}

double empirical_chance(std::span<const double> sample, double x, Side side) {
  const auto begin = sample.begin(), end = sample.end();
  const auto after = side == Side::below ? std::lower_bound(begin, end, x) : std::upper_bound(begin, end, x);
  if (after == begin) return 0.0;
  if (after == end) return 1.0;
  const double low = *(after - 1);
  const double part = *after > low ? (x - low) / (*after - low) : 0.0;
  return (static_cast<double>(after - begin - 1) + part) / static_cast<double>(sample.size() - 1);
}

double table_chance(const Read& r, double x, Side side) {
  const auto begin = r.values().begin(), end = r.values().end();
  const auto after = side == Side::below ? std::lower_bound(begin, end, x) : std::upper_bound(begin, end, x);
  return after == begin ? 0.0 : r.cumulatives()[static_cast<std::size_t>(after - begin - 1)];
}

/// The single value of a distribution without spread.
bool is_single(const Distribution& d) {
  switch (d.kind) {
    case Kind::constant:
      return true;
    case Kind::exponential:
    case Kind::poisson:
      return !(d.a > 0.0);
    case Kind::uniform:
    case Kind::triangular:
      return !(d.b > d.a);
    case Kind::gamma:
    case Kind::weibull:
    case Kind::lognormal:
    case Kind::normal:
    case Kind::generalised_pareto:
      return !(d.b > 0.0);
    case Kind::discrete:
    case Kind::empirical:
    case Kind::hazard:
      return d.count == 1;
    case Kind::mixture:
      return false;
  }
  return false;
}

/// Values of the kind itself.
std::vector<Atom> base_atoms(const Read& r) {
  std::vector<Atom> found;
  const Distribution& d = r.d;
  if (is_single(d)) {
    found.push_back({detail::base_quantile(d, r.all, r.tables, 0.5, 0.5), 1.0});
  } else if (d.kind == Kind::discrete || d.kind == Kind::hazard) {
    for (std::uint32_t i = 0; i < d.count; ++i) found.push_back({r.values()[i], r.weight(i)});
  } else if (d.kind == Kind::poisson && d.a <= 1e6) {
    const double reach = 12.0 * square_root(d.a) + 40.0;
    const double last = std::floor(d.a + reach);
    for (double k = std::max(0.0, std::floor(d.a - reach)); k <= last; k += 1.0)
      found.push_back({k, k == 0.0 ? exponential(-d.a) : detail::gamma_term(k, d.a)});
  }
  return found;
}

/// Keeps the part of the chance between u_low and u_high.
void truncate_atoms(std::vector<Atom>& list, double u_low, double u_high) {
  double below = 0.0;
  for (Atom& atom : list) {
    const double up_to = below + atom.chance;
    atom.chance = std::max(0.0, std::min(up_to, u_high) - std::max(below, u_low)) / (u_high - u_low);
    below = up_to;
  }
}

double before_rounding(const Distribution& d, double x) {
  const double moved = x + d.shift;
  return std::max(d.floor, d.absolute && moved < 0.0 ? -moved : moved);
}

void round_atoms(std::vector<Atom>& list, Rounding rounding) {
  std::vector<Atom> ups;
  for (Atom& atom : list) {
    const double down = std::floor(atom.value);
    const double part = atom.value - down;
    if (rounding == Rounding::random && part > 0.0) {
      ups.push_back({down + 1.0, atom.chance * part});
      atom = {down, atom.chance * (1.0 - part)};
    } else {
      atom.value = detail::rounded(atom.value, rounding, 0.5);
    }
  }
  list.insert(list.end(), ups.begin(), ups.end());
}

/// Values of a mixture all of whose components have atoms only.
std::vector<Atom> mixture_atoms(const Read& r) {
  std::vector<Atom> found;
  for (std::uint32_t i = 0; i < r.d.count; ++i) {
    const std::vector<Atom> part = detail::atoms(r.of(r.component(i)));
    if (part.empty()) return {};
    for (const Atom& atom : part) found.push_back({atom.value, atom.chance * r.weight(i)});
  }
  return found;
}

/// Finished values of distributions that have atoms before rounding.
std::vector<Atom> own_atoms(const Read& r) {
  std::vector<Atom> found = r.d.kind == Kind::mixture ? mixture_atoms(r) : base_atoms(r);
  if (detail::is_truncated(r.d)) truncate_atoms(found, r.d.u_low, r.d.u_high);
  for (Atom& atom : found) atom.value = before_rounding(r.d, atom.value);
  if (r.d.rounding != Rounding::none) round_atoms(found, r.d.rounding);
  return found;
}

/// Chance after truncation, shift, abs and floor.
double chance_before_rounding(const Read& r, double x, Side side) {
  const Distribution& d = r.d;
  if (x < d.floor || (x == d.floor && side == Side::below)) return 0.0;
  const auto truncated_chance = [&](double at, Side which) {
    const double p = detail::base_chance(r, at - d.shift, which);
    return std::clamp((p - d.u_low) / (d.u_high - d.u_low), 0.0, 1.0);
  };
  if (!d.absolute) return truncated_chance(x, side);
  if (x < 0.0) return 0.0;
  return std::max(
      0.0, truncated_chance(x, side) - truncated_chance(-x, side == Side::below ? Side::at_or_below : Side::below));
}

/// Chance that the rounded value is at most the whole number n.
double rounded_chance(const Read& r, double n) {
  switch (r.d.rounding) {
    case Rounding::down:
      return chance_before_rounding(r, n + 1.0, Side::below);
    case Rounding::up:
      return chance_before_rounding(r, n, Side::at_or_below);
    case Rounding::nearest:
      return chance_before_rounding(r, n + 0.5, Side::below);
    case Rounding::random:  // P(Y ≤ n) + E[n + 1 − Y; n < Y < n + 1], by parts
      return detail::gauss(n, n + 0.5, [&](double x) { return chance_before_rounding(r, x, Side::at_or_below); }) +
             detail::gauss(n + 0.5, n + 1.0, [&](double x) { return chance_before_rounding(r, x, Side::at_or_below); });
    case Rounding::none:
      break;
  }
  return chance_before_rounding(r, n, Side::at_or_below);
}

}  // namespace

std::uint32_t DistributionTables::append(double row_value, double row_cumulative, std::uint32_t row_component) {
  value.push_back(row_value);
  cumulative.push_back(row_cumulative);
  component.push_back(row_component);
  return static_cast<std::uint32_t>(value.size() - 1);
}

double detail::base_quantile(const Distribution& d, std::span<const Distribution> all, const DistributionTables& tables,
                             double p, double v) {
  const Read r{d, all, tables};
  switch (d.kind) {
    case Kind::constant:
      return d.a;
    case Kind::exponential:
      return -d.a * natural_log(1.0 - p);
    case Kind::uniform:
      return std::min(d.a + p * (d.b - d.a), d.b);
    case Kind::triangular:
      return triangular_quantile(d, p);
    case Kind::gamma:
      return d.b > 0.0 ? d.b * gamma_quantile(d.a, p) : 0.0;
    case Kind::weibull:
      return d.b > 0.0 ? d.b * power(-natural_log(1.0 - p), 1.0 / d.a) : 0.0;
    case Kind::lognormal:
      return exponential(d.a + d.b * normal_quantile(p));
    case Kind::normal:
      return d.a + d.b * normal_quantile(p);
    case Kind::generalised_pareto:
      return pareto_quantile(d, p);
    case Kind::poisson:
      return poisson_quantile(d.a, p);
    case Kind::discrete:
    case Kind::hazard:
      return r.values()[row_at(r.cumulatives(), p)];
    case Kind::empirical:
      return empirical_quantile(r.values(), p);
    case Kind::mixture:
      return mixture_quantile(r, p, v);
  }
  return d.a;
}

double detail::rounded(double x, Rounding rounding, double v) {
  switch (rounding) {
    case Rounding::none:
      break;
    case Rounding::down:
      return std::floor(x);
    case Rounding::up:
      return std::ceil(x);
    case Rounding::nearest:
      return std::floor(x + 0.5);
    case Rounding::random: {
      const double down = std::floor(x);
      return v < x - down ? down + 1.0 : down;
    }
  }
  return x;
}

double detail::base_chance(const Read& r, double x, Side side) {
  const Distribution& d = r.d;
  if (is_single(d)) {
    const double only = base_quantile(d, r.all, r.tables, 0.5, 0.5);
    return x > only || (x == only && side == Side::at_or_below) ? 1.0 : 0.0;
  }
  switch (d.kind) {
    case Kind::constant:
      break;
    case Kind::exponential:
      return x > 0.0 ? -exponential_minus_one(-x / d.a) : 0.0;
    case Kind::uniform:
      return std::clamp((x - d.a) / (d.b - d.a), 0.0, 1.0);
    case Kind::triangular:
      return triangular_chance(d, x);
    case Kind::gamma:
      return x > 0.0 ? regularised_gamma_p(d.a, x / d.b) : 0.0;
    case Kind::weibull:
      return x > 0.0 ? -exponential_minus_one(-power(x / d.b, d.a)) : 0.0;
    case Kind::lognormal:
      return x > 0.0 ? normal_cdf((natural_log(x) - d.a) / d.b) : 0.0;
    case Kind::normal:
      return normal_cdf((x - d.a) / d.b);
    case Kind::generalised_pareto:
      return pareto_chance(d, x);
    case Kind::poisson: {
      const double k = side == Side::below ? std::ceil(x) - 1.0 : std::floor(x);
      return k < 0.0 ? 0.0 : regularised_gamma_q(k + 1.0, d.a);
    }
    case Kind::discrete:
    case Kind::hazard:
      return table_chance(r, x, side);
    case Kind::empirical:
      return empirical_chance(r.values(), x, side);
    case Kind::mixture: {
      double sum = 0.0;
      for (std::uint32_t i = 0; i < d.count; ++i) sum += r.weight(i) * chance(r.of(r.component(i)), x, side);
      return sum;
    }
  }
  return 0.0;
}

double detail::chance(const Read& r, double x, Side side) {
  // Kinds with few values are summed value by value: x - shift need not hit them to the last bit.
  if (r.d.kind == Kind::discrete || r.d.kind == Kind::hazard || is_single(r.d)) {
    double sum = 0.0;
    for (const Atom& atom : own_atoms(r))
      if (atom.value < x || (atom.value == x && side == Side::at_or_below)) sum += atom.chance;
    return std::min(sum, 1.0);
  }
  if (r.d.rounding == Rounding::none) return chance_before_rounding(r, x, side);
  if (!(x > -kInfinity && x < kInfinity)) return x > 0.0 ? 1.0 : 0.0;
  return std::clamp(rounded_chance(r, side == Side::below ? std::ceil(x) - 1.0 : std::floor(x)), 0.0, 1.0);
}

std::vector<Atom> detail::atoms(const Read& r) {
  std::vector<Atom> found = own_atoms(r);
  if (!found.empty() || r.d.rounding == Rounding::none) return found;
  const Range bounds = range(r);
  const double first = std::floor(bounds.low) - 1.0;
  const double last = std::ceil(bounds.high) + 1.0;
  if (!(last - first <= 200'000.0)) return {};
  double below = 0.0;
  for (double n = first; n <= last; n += 1.0) {
    const double up_to = n == last ? 1.0 : chance(r, n, Side::at_or_below);
    if (up_to > below) found.push_back({n, up_to - below});
    below = std::max(below, up_to);
  }
  return found;
}

double detail::least_value(const Read& r) {
  const Distribution& d = r.d;
  double low = 0.0;
  if (d.kind == Kind::mixture) {
    low = kInfinity;
    for (std::uint32_t i = 0; i < d.count; ++i) low = std::min(low, least_value(r.of(r.component(i))));
  } else if (d.u_low > 0.0) {
    low = base_quantile(d, r.all, r.tables, d.u_low, 0.5);
  } else {
    switch (d.kind) {
      case Kind::constant:
      case Kind::uniform:
      case Kind::triangular:
      case Kind::generalised_pareto:
        low = d.a;
        break;
      case Kind::normal:
        low = d.b > 0.0 ? -kInfinity : d.a;
        break;
      case Kind::lognormal:
        low = d.b > 0.0 ? 0.0 : exponential(d.a);
        break;
      case Kind::discrete:
      case Kind::empirical:
      case Kind::hazard:
        low = r.values().front();
        break;
      default:
        break;
    }
  }
  if (d.absolute) return std::max(d.floor, std::max(0.0, low + d.shift));
  return std::max(d.floor, low + d.shift);
}

Range detail::range(const Read& r) {
  const Distribution& d = r.d;
  constexpr double beyond = 1e-15;
  Range found{kInfinity, -kInfinity};
  if (d.kind == Kind::mixture) {
    for (std::uint32_t i = 0; i < d.count; ++i) {
      const Range part = range(r.of(r.component(i)));
      found = {std::min(found.low, part.low), std::max(found.high, part.high)};
    }
  } else {
    found = {base_quantile(d, r.all, r.tables, std::max(d.u_low, beyond), 0.5),
             base_quantile(d, r.all, r.tables, std::min(d.u_high, 1.0 - beyond), 0.5)};
  }
  found = {found.low + d.shift, found.high + d.shift};
  if (d.absolute && found.low < 0.0) found = {found.high < 0.0 ? -found.high : 0.0, std::max(-found.low, found.high)};
  return {std::max(d.floor, found.low), std::max(d.floor, found.high)};
}

bool detail::is_truncated(const Distribution& d) {
  return d.u_low > 0.0 || d.u_high < 1.0;
}

bool detail::is_plain(const Read& r) {
  const Distribution& d = r.d;
  if (is_truncated(d) || (d.rounding != Rounding::none && d.rounding != Rounding::random)) return false;
  if (!d.absolute && d.floor == -kInfinity) return true;
  Distribution bare = d;
  bare.absolute = false;
  bare.floor = -kInfinity;
  const double least = least_value(r.of(bare));
  return (!d.absolute || least >= 0.0) && d.floor <= least;
}

double cdf(const Distribution& d, std::span<const Distribution> all, const DistributionTables& tables, double x) {
  return detail::chance({d, all, tables}, x, Side::at_or_below);
}

}  // namespace tl
