#include <bit>
#include <cmath>
#include <cstdio>
#include <stdexcept>

#include "models/compile_builder.hpp"

namespace tl::compiling {

std::string shown(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

void add_conditions(const VaryingNumber& number, std::vector<const Condition*>& conditions) {
  for (const Variation& variation : number.vary) conditions.push_back(&variation.when);
}

std::vector<const VaryingNumber*> numbers_of(const VaryingDistribution& spec) {
  std::vector<const VaryingNumber*> numbers;
  for (const std::optional<VaryingNumber>* one :
       {&spec.value, &spec.mean, &spec.sd, &spec.median, &spec.cv, &spec.low, &spec.mode, &spec.high, &spec.scale,
        &spec.shape_parameter, &spec.mu, &spec.sigma, &spec.stages})
    numbers.push_back(*one ? &**one : nullptr);
  return numbers;
}

std::vector<const VaryingNumber*> all_numbers_of(const VaryingDistribution& spec) {
  std::vector<const VaryingNumber*> numbers = numbers_of(spec);
  std::erase(numbers, nullptr);
  for (const auto& [share, part] : spec.parts) {
    const std::vector<const VaryingNumber*> inner = all_numbers_of(part);
    numbers.insert(numbers.end(), inner.begin(), inner.end());
  }
  return numbers;
}

void add_conditions(const VaryingDistribution& spec, std::vector<const Condition*>& conditions) {
  for (const VaryingNumber* number : all_numbers_of(spec)) add_conditions(*number, conditions);
}

namespace {

/// The numbers of a distribution, worked out for one combination and time.
struct Worked {
  std::optional<double> value, mean, sd, median, cv, low, mode, high, scale, shape, mu, sigma, stages;
  const VaryingDistribution* spec = nullptr;
  std::vector<std::uint32_t> parts;  ///< mixture: rows of the distributions
};

double need(const std::optional<double>& number, const char* name) {
  if (!number) throw std::domain_error{std::string{"needs "} + name};
  return *number;
}

Rounding rounding_of(RoundTo rounding) {
  switch (rounding) {
    case RoundTo::down:
      return Rounding::down;
    case RoundTo::up:
      return Rounding::up;
    case RoundTo::nearest:
      return Rounding::nearest;
    case RoundTo::random:
      return Rounding::random;
    default:
      return Rounding::none;
  }
}

Distribution lognormal_of(const Worked& w) {
  if (w.mu || w.sigma) {
    Distribution made;
    made.kind = DistributionKind::lognormal;
    made.a = need(w.mu, "mu");
    made.b = need(w.sigma, "sigma");
    if (!std::isfinite(made.a) || !(made.b >= 0.0)) throw std::domain_error{"sigma must be 0 or more"};
    return made;
  }
  if (w.median) return lognormal_by_mean_median(need(w.mean, "mean"), *w.median);
  return lognormal_by_mean_sd(need(w.mean, "mean"), need(w.sd, "sd"));
}

Distribution erlang_of(const Worked& w) {
  const double stages = need(w.stages, "stages");
  if (!(stages >= 1.0 && stages <= 1e6) || stages != std::floor(stages))
    throw std::domain_error{"stages must be a whole number from 1 to 1,000,000"};
  return erlang(static_cast<int>(stages), need(w.mean, "mean"));
}

Distribution discrete_of(const Worked& w, DistributionTables& tables) {
  std::vector<double> values, shares;
  for (const auto& [value, share] : w.spec->steps) {
    values.push_back(value);
    shares.push_back(share);
  }
  if (values.empty()) throw std::domain_error{"needs values and shares"};
  return discrete_table(values, shares, tables);
}

Distribution empirical_of(const Worked& w, DistributionTables& tables) {
  std::vector<double> sample;
  for (const auto& [value, share] : w.spec->steps) sample.push_back(value);
  return empirical_sample(sample, tables);
}

Distribution hazard_of(const Worked& w, DistributionTables& tables) {
  std::vector<double> ends, chances;
  for (const auto& [end, chance] : w.spec->steps) {
    ends.push_back(end);
    chances.push_back(chance);
  }
  return hazard_table(ends, chances, tables);
}

Distribution mixture_of_parts(const Worked& w, DistributionTables& tables) {
  std::vector<double> shares;
  for (const auto& [share, part] : w.spec->parts) shares.push_back(share);
  return mixture_of(w.parts, shares, tables);
}

/// Two quantiles: the lognormal through them. More: lines between them from 0 on, which is a mixture of uniforms in
/// ascending order.
Distribution quantiles_of(const Worked& w, CompiledModel& out) {
  const std::vector<std::pair<double, double>>& points = w.spec->steps;
  if (points.empty()) throw std::domain_error{"needs values"};
  if (points.size() == 2 && points[1].second < 1.0)
    return lognormal_by_quantiles(points[0].second, points[0].first, points[1].second, points[1].first);
  std::vector<std::uint32_t> pieces;
  std::vector<double> shares;
  std::pair<double, double> before{0.0, 0.0};
  for (const std::pair<double, double>& point : points) {
    out.distributions.push_back(uniform_between(before.first, point.first));
    pieces.push_back(static_cast<std::uint32_t>(out.distributions.size() - 1));
    shares.push_back(point.second - before.second);
    before = point;
  }
  return mixture_of(pieces, shares, out.distribution_tables);
}

Distribution plain(const Worked& w, CompiledModel& out) {
  DistributionTables& tables = out.distribution_tables;
  switch (w.spec->shape) {
    case Shape::constant:
      return constant_value(need(w.value, "value"));
    case Shape::exponential:
      return exponential_by_mean(need(w.mean, "mean"));
    case Shape::uniform:
      return uniform_between(need(w.low, "low"), need(w.high, "high"));
    case Shape::triangular:
      return triangular_between(need(w.low, "low"), need(w.mode, "mode"), need(w.high, "high"));
    case Shape::gamma:
      return gamma_by_mean_cv(need(w.mean, "mean"), need(w.cv, "cv"));
    case Shape::erlang:
      return erlang_of(w);
    case Shape::weibull:
      return weibull_by_shape_scale(need(w.shape, "shape"), need(w.scale, "scale"));
    case Shape::lognormal:
      return lognormal_of(w);
    case Shape::normal:
      return normal_by_mean_sd(need(w.mean, "mean"), need(w.sd, "sd"));
    case Shape::generalised_pareto:
      return generalised_pareto_by(w.low.value_or(0.0), need(w.scale, "scale"), need(w.shape, "shape"));
    case Shape::poisson:
      return poisson_by_mean(need(w.mean, "mean"));
    case Shape::empirical:
      return empirical_of(w, tables);
    case Shape::hazard:
      return hazard_of(w, tables);
    case Shape::mixture:
      return mixture_of_parts(w, tables);
    case Shape::quantiles:
      return quantiles_of(w, out);
    default:
      return discrete_of(w, tables);
  }
}

Distribution finished(const Worked& w, CompiledModel& out) {
  const VaryingDistribution& spec = *w.spec;
  Distribution made = plain(w, out);
  made.shift = spec.shift.value_or(0.0);
  if (spec.truncate_low || spec.truncate_high)
    made = truncated(made, spec.truncate_low.value_or(-std::numeric_limits<double>::infinity()),
                     spec.truncate_high.value_or(std::numeric_limits<double>::infinity()), out.distributions,
                     out.distribution_tables);
  // A length is never below 0; said here, so that means and loads are those of what is drawn.
  if (spec.shape == Shape::normal || made.shift < 0.0 || (spec.shape == Shape::uniform && made.a < 0.0) ||
      (spec.shape == Shape::triangular && made.a < 0.0))
    made.floor = 0.0;
  made.absolute = spec.absolute;
  if (spec.floor) made.floor = std::max(*spec.floor, made.floor);
  made.rounding = rounding_of(spec.rounding);
  return made;
}

void add_key(std::vector<std::uint64_t>& key, const std::optional<double>& number) {
  key.push_back(number ? 1 : 0);
  key.push_back(std::bit_cast<std::uint64_t>(number.value_or(0.0)));
}

}  // namespace

DistributionId Builder::distribution(const VaryingDistribution& spec, const Space& space,
                                     const Combination& combination, double days) {
  Worked w;
  w.spec = &spec;
  std::vector<std::uint64_t> key{static_cast<std::uint64_t>(spec.shape), static_cast<std::uint64_t>(spec.rounding),
                                 spec.absolute ? 1U : 0U};
  for (const auto& [share, part] : spec.parts) {
    w.parts.push_back(distribution(part, space, combination, days).index());
    add_key(key, share);
    key.push_back(w.parts.back());
  }
  std::optional<double>* const slots[] = {&w.value, &w.mean,  &w.sd,    &w.median, &w.cv,    &w.low,   &w.mode,
                                          &w.high,  &w.scale, &w.shape, &w.mu,     &w.sigma, &w.stages};
  const std::vector<const VaryingNumber*> numbers = numbers_of(spec);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] != nullptr) *slots[i] = value_of(*numbers[i], space, combination, days);
    add_key(key, *slots[i]);
  }
  for (const std::optional<double>& one : {spec.floor, spec.shift, spec.truncate_low, spec.truncate_high})
    add_key(key, one);
  for (const auto& [value, share] : spec.steps) {
    add_key(key, value);
    add_key(key, share);
  }
  if (const auto known = distribution_rows_.find(key); known != distribution_rows_.end()) return known->second;
  DistributionId made{0};
  try {
    const Distribution one = finished(w, out_);
    made = DistributionId{static_cast<std::uint32_t>(out_.distributions.size())};
    out_.distributions.push_back(one);
  } catch (const std::domain_error& error) {
    problem({spec.path, spec.at}, code("distribution-parameters"),
            "is no distribution for " + describe(space, combination), error.what());
  }
  distribution_rows_.emplace(std::move(key), made);
  return made;
}

TableId Builder::distribution_table(const VaryingDistribution& spec, const Known& known) {
  const Owner owner{spec.path, spec.at};
  std::vector<const Condition*> conditions;
  add_conditions(spec, conditions);
  const Space space = space_of(conditions, known, owner);
  Epochs epochs;
  for (const VaryingNumber* number : all_numbers_of(spec)) {
    if (number->linear && !number->dated.empty())
      problem({number->path, number->at}, code("linear-here"), "changes along a line", "only rates and capacities can",
              "Write shape = \"step\", with more dates");
    add_changes(*number, epochs);
  }
  finish(epochs);
  return table(space, epochs, owner, [&](const Combination& combination, double days) {
    return distribution(spec, space, combination, days).index();
  });
}

/// One that is read where no client stands: batches, what is elapsed at the start.
DistributionId Builder::fixed_distribution(const VaryingDistribution& spec) {
  for (const VaryingNumber* number : all_numbers_of(spec))
    if (refuse_switched(*number); !number->vary.empty() || !number->dated.empty())
      problem({number->path, number->at}, code("varies-here"), "varies",
              "this distribution is the same for every client and date", "Give it one value");
  return distribution(spec, Space{}, {}, 0.0);
}

TableId Builder::number_table(const VaryingNumber& spec, const Known& known, double low, double high) {
  const Owner owner{spec.path, spec.at};
  if (spec.linear && !spec.dated.empty())
    problem(owner, code("linear-here"), "changes along a line", "only rates and capacities can",
            "Write shape = \"step\", with more dates");
  std::vector<const Condition*> conditions;
  add_conditions(spec, conditions);
  const Space space = space_of(conditions, known, owner);
  Epochs epochs;
  add_changes(spec, epochs);
  finish(epochs);
  return table(space, epochs, owner, [&](const Combination& combination, double days) {
    const double value = value_of(spec, space, combination, days);
    if (!(value >= low && value <= high))
      problem(owner, code("share-range"), "is " + shown(value) + " for " + describe(space, combination),
              "must be from " + shown(low) + " to " + shown(high));
    return number(value);
  });
}

}  // namespace tl::compiling
