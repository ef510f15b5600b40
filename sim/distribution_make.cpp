// Making distributions from what people know about them.

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>

#include "sim/distribution.hpp"
#include "sim/distribution_parts.hpp"

namespace tl {

using detail::Read;
using detail::Side;
using Kind = DistributionKind;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Written so that NaN is refused too.
void demand(bool good, const char* what) {
  if (!good) throw std::domain_error{what};
}

bool finite(double x) {
  return x > -kInfinity && x < kInfinity;
}

Distribution made(Kind kind, double a, double b = 0.0, double c = 0.0) {
  Distribution d;
  d.kind = kind;
  d.a = a;
  d.b = b;
  d.c = c;
  return d;
}

/// A distribution of the rows that will be appended next.
Distribution tabled(Kind kind, std::size_t count, const DistributionTables& tables) {
  Distribution d;
  d.kind = kind;
  d.first = static_cast<std::uint32_t>(tables.value.size());
  d.count = static_cast<std::uint32_t>(count);
  return d;
}

double checked_total(std::span<const double> weight, const char* what) {
  double total = 0.0;
  for (const double w : weight) {
    demand(w >= 0.0 && finite(w), what);
    total += w;
  }
  demand(total > 0.0 && finite(total), what);
  return total;
}

/// Running share of the total; the last one is 1 whatever the rounding.
std::vector<double> cumulated(std::span<const double> weight, double total) {
  std::vector<double> running;
  double sum = 0.0;
  for (const double w : weight) {
    sum += w;
    running.push_back(std::min(1.0, sum / total));
  }
  running.back() = 1.0;
  return running;
}

constexpr double kLeastShare = 1e-9;

Distribution truncated_base(const Distribution& d, double low, double high, const Read& r) {
  const double below = detail::base_chance(r, low - d.shift, Side::below);
  const double up_to = detail::base_chance(r, high - d.shift, Side::at_or_below);
  Distribution cut = d;
  cut.u_low = std::max(d.u_low, below);
  cut.u_high = std::min(d.u_high, up_to);
  demand(cut.u_high - cut.u_low >= kLeastShare,
         "truncated: less than 1e-9 of the distribution lies between the limits; move them, or choose another "
         "distribution");
  return cut;
}

void check_truncation(const Distribution& d, double low, double high) {
  demand(low < high, "truncated: the lower limit must be below the upper one");
  demand(!d.absolute && d.floor == -kInfinity && d.rounding == Rounding::none,
         "truncated: the distribution has abs, floor or rounding already; truncate first");
}

}  // namespace

Distribution constant_value(double value) {
  demand(finite(value), "constant: the value must be finite");
  return made(Kind::constant, value);
}

Distribution exponential_by_mean(double mean) {
  demand(mean >= 0.0 && finite(mean), "exponential: the mean must be 0 or more, and finite");
  return made(Kind::exponential, mean);
}

Distribution uniform_between(double low, double high) {
  demand(low <= high && finite(low) && finite(high) && finite(high - low), "uniform: needs low <= high, both finite");
  return made(Kind::uniform, low, high);
}

Distribution triangular_between(double low, double mode, double high) {
  demand(low <= mode && mode <= high && finite(low) && finite(high) && finite(high - low),
         "triangular: needs low <= mode <= high, all finite");
  return made(Kind::triangular, low, high, mode);
}

Distribution gamma_by_mean_cv(double mean, double cv) {
  demand(mean >= 0.0 && finite(mean), "gamma: the mean must be 0 or more, and finite");
  demand(cv >= 1e-4 && cv <= 100.0, "gamma: the coefficient of variation must lie in [0.0001, 100]");
  return made(Kind::gamma, 1.0 / (cv * cv), mean * cv * cv);
}

Distribution erlang(int k, double mean) {
  demand(k >= 1, "erlang: the number of phases must be 1 or more");
  demand(mean >= 0.0 && finite(mean), "erlang: the mean must be 0 or more, and finite");
  return k == 1 ? exponential_by_mean(mean) : made(Kind::gamma, k, mean / k);
}

Distribution weibull_by_shape_scale(double shape, double scale) {
  demand(shape > 0.0 && finite(shape), "weibull: the shape must be above 0, and finite");
  demand(scale >= 0.0 && finite(scale), "weibull: the scale must be 0 or more, and finite");
  return made(Kind::weibull, shape, scale);
}

Distribution lognormal_by_mean_sd(double mean, double sd) {
  demand(mean > 0.0 && finite(mean), "lognormal: the mean must be above 0, and finite");
  demand(sd >= 0.0 && finite(sd), "lognormal: the standard deviation must be 0 or more, and finite");
  const double cv = sd / mean;
  const double variance_of_log = log_one_plus(cv * cv);
  demand(finite(variance_of_log), "lognormal: the standard deviation is too large for the mean");
  return made(Kind::lognormal, natural_log(mean) - 0.5 * variance_of_log, square_root(variance_of_log));
}

Distribution lognormal_by_mean_median(double mean, double median) {
  demand(median > 0.0 && finite(median), "lognormal: the median must be above 0, and finite");
  demand(mean >= median && finite(mean), "lognormal: the mean must be at or above the median, and finite");
  return made(Kind::lognormal, natural_log(median), square_root(2.0 * (natural_log(mean) - natural_log(median))));
}

Distribution lognormal_by_quantiles(double p1, double x1, double p2, double x2) {
  demand(p1 > 0.0 && p1 < p2 && p2 < 1.0, "lognormal: needs 0 < first share < second share < 1");
  demand(x1 > 0.0 && x1 < x2 && finite(x2), "lognormal: needs 0 < first value < second value, both finite");
  const double z1 = normal_quantile(p1);
  const double sigma = (natural_log(x2) - natural_log(x1)) / (normal_quantile(p2) - z1);
  return made(Kind::lognormal, natural_log(x1) - sigma * z1, sigma);
}

Distribution normal_by_mean_sd(double mean, double sd) {
  demand(finite(mean), "normal: the mean must be finite");
  demand(sd >= 0.0 && finite(sd), "normal: the standard deviation must be 0 or more, and finite");
  return made(Kind::normal, mean, sd);
}

Distribution generalised_pareto_by(double location, double scale, double shape) {
  demand(finite(location) && finite(shape), "generalised pareto: location and shape must be finite");
  demand(scale >= 0.0 && finite(scale), "generalised pareto: the scale must be 0 or more, and finite");
  return made(Kind::generalised_pareto, location, scale, shape);
}

Distribution poisson_by_mean(double mean) {
  demand(mean >= 0.0 && mean <= 1e9, "poisson: the mean must lie in [0, 1e9]");
  return made(Kind::poisson, mean);
}

Distribution discrete_table(std::span<const double> value, std::span<const double> weight, DistributionTables& tables) {
  demand(!value.empty() && value.size() == weight.size(),
         "discrete: needs one weight for each value, and at least one");
  for (const double v : value) demand(finite(v), "discrete: each value must be finite");
  const double total = checked_total(weight, "discrete: weights must be 0 or more, finite, and not all 0");
  std::vector<std::size_t> order(value.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&value](std::size_t i, std::size_t j) { return value[i] < value[j]; });
  std::vector<double> sorted;
  for (const std::size_t i : order) sorted.push_back(weight[i]);
  const std::vector<double> running = cumulated(sorted, total);
  const Distribution d = tabled(Kind::discrete, value.size(), tables);
  for (std::size_t i = 0; i < order.size(); ++i) tables.append(value[order[i]], running[i]);
  return d;
}

Distribution empirical_sample(std::span<const double> sample, DistributionTables& tables) {
  demand(!sample.empty(), "empirical: needs at least one number");
  for (const double v : sample) demand(finite(v), "empirical: each number must be finite");
  std::vector<double> sorted(sample.begin(), sample.end());
  std::sort(sorted.begin(), sorted.end());
  const Distribution d = tabled(Kind::empirical, sorted.size(), tables);
  const double gaps = static_cast<double>(std::max<std::size_t>(1, sorted.size() - 1));
  for (std::size_t i = 0; i < sorted.size(); ++i) tables.append(sorted[i], static_cast<double>(i) / gaps);
  return d;
}

Distribution hazard_table(std::span<const double> step_end, std::span<const double> chance_of_ending,
                          DistributionTables& tables) {
  demand(!step_end.empty() && step_end.size() == chance_of_ending.size(),
         "hazard: needs one chance for each step, and at least one step");
  double before = 0.0;
  for (const double end : step_end) {
    demand(end > before && finite(end), "hazard: the ends of steps must rise from above 0, and be finite");
    before = end;
  }
  for (const double chance : chance_of_ending)
    demand(chance >= 0.0 && chance <= 1.0, "hazard: each chance of ending must lie in [0, 1]");
  const Distribution d = tabled(Kind::hazard, step_end.size(), tables);
  double still_there = 1.0;
  for (std::size_t i = 0; i < step_end.size(); ++i) {
    still_there *= 1.0 - chance_of_ending[i];
    tables.append(step_end[i], i + 1 == step_end.size() ? 1.0 : 1.0 - still_there);
  }
  return d;
}

Distribution mixture_of(std::span<const std::uint32_t> component, std::span<const double> weight,
                        DistributionTables& tables) {
  demand(!component.empty() && component.size() == weight.size(),
         "mixture: needs one weight for each component, and at least one");
  const double total = checked_total(weight, "mixture: weights must be 0 or more, finite, and not all 0");
  const std::vector<double> running = cumulated(weight, total);
  const Distribution d = tabled(Kind::mixture, component.size(), tables);
  for (std::size_t i = 0; i < component.size(); ++i) tables.append(0.0, running[i], component[i]);
  return d;
}

Distribution truncated(const Distribution& d, double low, double high, const DistributionTables& tables) {
  check_truncation(d, low, high);
  demand(d.kind != Kind::mixture, "truncated: a mixture needs the list its components are in");
  return truncated_base(d, low, high, {d, {}, tables});
}

Distribution truncated(const Distribution& d, double low, double high, std::vector<Distribution>& all,
                       DistributionTables& tables) {
  check_truncation(d, low, high);
  if (d.kind != Kind::mixture) return truncated_base(d, low, high, {d, all, tables});
  const Distribution whole = d;  // may itself stand in `all`, which grows
  std::vector<std::uint32_t> component;
  std::vector<double> weight;
  for (std::uint32_t i = 0; i < whole.count; ++i) {
    const Distribution part = Read{whole, all, tables}.component(i);
    const Read r{part, all, tables};
    const double share =
        detail::chance(r, high - whole.shift, Side::at_or_below) - detail::chance(r, low - whole.shift, Side::below);
    const double part_weight = Read{whole, all, tables}.weight(i) * share;
    if (!(share >= kLeastShare && part_weight > 0.0)) continue;
    all.push_back(truncated(part, low - whole.shift, high - whole.shift, all, tables));
    component.push_back(static_cast<std::uint32_t>(all.size() - 1));
    weight.push_back(part_weight);
  }
  double left = 0.0;
  for (const double w : weight) left += w;
  demand(left >= kLeastShare,
         "truncated: less than 1e-9 of the distribution lies between the limits; move them, or choose another "
         "distribution");
  Distribution cut = mixture_of(component, weight, tables);
  cut.shift = whole.shift;
  return cut;
}

}  // namespace tl
