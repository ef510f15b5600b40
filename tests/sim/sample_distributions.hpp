#pragma once
// One or more of every kind of distribution, with every transformation: what the distribution tests go through.

#include <string>
#include <vector>

#include "sim/distribution.hpp"

struct Sample {
  std::string name;
  tl::Distribution distribution;
};

struct SampleDistributions {
  std::vector<Sample> list;
  std::vector<tl::Distribution> all;  // components of mixtures
  tl::DistributionTables tables;

  std::uint32_t component(const tl::Distribution& d) {
    all.push_back(d);
    return static_cast<std::uint32_t>(all.size() - 1);
  }
};

inline tl::Distribution with_rounding(tl::Distribution d, tl::Rounding rounding) {
  d.rounding = rounding;
  return d;
}

inline SampleDistributions sample_distributions() {
  using namespace tl;
  SampleDistributions s;
  const auto add = [&s](const std::string& name, const Distribution& d) { s.list.push_back({name, d}); };
  add("constant", constant_value(3.5));
  add("exponential", exponential_by_mean(12.0));
  add("uniform", uniform_between(2.0, 7.0));
  add("triangular", triangular_between(1.0, 2.0, 6.0));
  add("triangular_mode_at_end", triangular_between(1.0, 6.0, 6.0));
  add("gamma_flat", gamma_by_mean_cv(20.0, 1.5));
  add("gamma_peaked", gamma_by_mean_cv(20.0, 0.3));
  add("erlang_3", erlang(3, 14.0));
  add("weibull_flat", weibull_by_shape_scale(0.7, 10.0));
  add("weibull_peaked", weibull_by_shape_scale(2.5, 10.0));
  add("lognormal", lognormal_by_mean_sd(14.0, 10.0));
  add("lognormal_by_quantiles", lognormal_by_quantiles(0.5, 14.0, 0.9, 40.0));
  add("normal", normal_by_mean_sd(5.0, 2.0));
  add("pareto_light", generalised_pareto_by(1.0, 4.0, -0.3));
  add("pareto_zero", generalised_pareto_by(1.0, 4.0, 0.0));
  add("pareto_heavy", generalised_pareto_by(1.0, 4.0, 0.2));
  add("poisson_small", poisson_by_mean(2.3));
  add("poisson_large", poisson_by_mean(60.0));
  const double values[] = {4.0, 1.0, 2.0, 10.0}, weights[] = {1.0, 3.0, 2.0, 0.5};
  add("discrete", discrete_table(values, weights, s.tables));
  const double sample[] = {3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0};
  add("empirical", empirical_sample(sample, s.tables));
  const double ends[] = {1.0, 2.0, 4.0, 8.0, 16.0}, chances[] = {0.1, 0.3, 0.2, 0.5, 1.0};
  add("hazard", hazard_table(ends, chances, s.tables));
  const std::uint32_t parts[] = {s.component(exponential_by_mean(2.0)), s.component(lognormal_by_mean_sd(30.0, 20.0)),
                                 s.component(uniform_between(5.0, 6.0))};
  const double shares[] = {0.6, 0.3, 0.1};
  const Distribution mixture = mixture_of(parts, shares, s.tables);
  add("mixture", mixture);
  add("mixture_truncated", truncated(mixture, 1.0, 25.0, s.all, s.tables));
  add("exponential_truncated", truncated(exponential_by_mean(12.0), 2.0, 30.0));
  add("gamma_truncated", truncated(gamma_by_mean_cv(20.0, 0.8), 5.0, 60.0));
  add("poisson_truncated", truncated(poisson_by_mean(2.3), 1.0, 5.0));
  add("normal_truncated", truncated(normal_by_mean_sd(5.0, 4.0), 0.0, 12.0));
  Distribution d = exponential_by_mean(5.0);
  d.shift = 1.5;
  add("exponential_shifted", d);
  d = normal_by_mean_sd(1.0, 2.0);
  d.absolute = true;
  add("normal_absolute", d);
  d = normal_by_mean_sd(3.0, 2.0);
  d.floor = 1.0;
  add("normal_floored", d);
  add("exponential_rounded_down", with_rounding(exponential_by_mean(3.0), Rounding::down));
  add("lognormal_rounded_up", with_rounding(lognormal_by_mean_sd(5.0, 3.0), Rounding::up));
  add("gamma_rounded_nearest", with_rounding(gamma_by_mean_cv(6.0, 0.5), Rounding::nearest));
  add("uniform_rounded_random", with_rounding(uniform_between(0.3, 4.9), Rounding::random));
  add("constant_rounded_random", with_rounding(constant_value(2.3), Rounding::random));
  return s;
}
