#include "analysis/ratios.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/expects.hpp"
#include "sim/maths.hpp"

namespace tl {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

Estimate nothing(std::string why) {
  return {kNone, {}, {}, 0, std::move(why)};
}

/// What both scenarios, or both sums, have.
struct Pairs {
  std::vector<double> top, below;
};

Pairs values_in(const ScenarioResults& scenario, const RatioWords& ratio, PeriodRange periods,
                std::vector<std::uint32_t>& numbers) {
  const MetricWords below{.id = ratio.top.id,
                          .measure = ratio.measure,
                          .scope = ratio.scope,
                          .subject = ratio.subject,
                          .good = "",
                          .words = "",
                          .target = kNone};
  const auto a = values_of(scenario, ratio.top, periods), b = values_of(scenario, below, periods);
  Pairs pairs;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!a[i] || !b[i]) continue;
    pairs.top.push_back(*a[i]);
    pairs.below.push_back(*b[i]);
    numbers.push_back(scenario.numbers[i]);
  }
  return pairs;
}

/// Differences from the other scenario, of the replications that both have.
Pairs differences(const ScenarioResults& scenario, const ScenarioResults& versus, const RatioWords& ratio,
                  PeriodRange periods) {
  std::vector<std::uint32_t> here, there;
  const Pairs one = values_in(scenario, ratio, periods, here), other = values_in(versus, ratio, periods, there);
  Pairs made;
  for (std::size_t i = 0; i < here.size(); ++i) {
    const auto match = std::find(there.begin(), there.end(), here[i]);
    if (match == there.end()) continue;
    const auto j = static_cast<std::size_t>(match - there.begin());
    made.top.push_back(one.top[i] - other.top[j]);
    made.below.push_back(ratio.averted ? other.below[j] - one.below[i] : one.below[i] - other.below[j]);
  }
  return made;
}

/// "client-days" one by one.
std::string one_of(std::string unit) {
  const std::size_t end = unit.find('/');
  std::string first = unit.substr(0, end);
  if (first.ends_with('s')) first.pop_back();
  return first + (end == std::string::npos ? "" : unit.substr(end));
}

std::string unit_of(const ScenarioResults& scenario, const RatioWords& ratio) {
  const Measure *top = find_measure(ratio.top.measure), *below = find_measure(ratio.measure);
  if (top == nullptr || below == nullptr) return "";
  return unit_of(*top, scenario.words) + " per " + one_of(std::string{below->unit});
}

}  // namespace

Estimate ratio_of_means(std::span<const double> a, std::span<const double> b, double confidence) {
  TL_EXPECTS(a.size() == b.size() && confidence > 0.0 && confidence < 1.0);
  const std::size_t n = a.size();
  if (n == 0) return nothing("no replication has a value");
  const double below = mean_of(b);
  if (below == 0.0) return nothing("there is none of what it is divided by");
  const double ratio = mean_of(a) / below;
  if (n == 1) return {ratio, {}, {}, 1, "one replication: an interval needs two or more"};
  // Of the residuals e = a - ratio b, whose mean is 0, and of b: squares and products about the means.
  double ee = 0.0, eb = 0.0, bb = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    const double e = a[i] - ratio * b[i], d = b[i] - below;
    ee += e * e;
    eb += e * d;
    bb += d * d;
  }
  const auto count = static_cast<double>(n);
  const double t = student_t_quantile(0.5 + confidence / 2.0, count - 1.0);
  const double scale = t * t / (count * (count - 1.0));
  // (ratio + x) is in the interval where x² (below² - scale bb) + 2 x scale eb - scale ee <= 0.
  const double square = below * below - scale * bb;
  if (!(square > 0.0))
    return {ratio, {}, {}, n, "what it is divided by is not clearly other than 0: run more replications"};
  const double half = square_root(scale * eb * scale * eb + square * scale * ee) / square;
  const double middle = ratio - scale * eb / square;
  return {ratio, middle - half, middle + half, n, ""};
}

ResultRow make_row(const ScenarioResults& scenario, const ScenarioResults* versus, const RatioWords& ratio,
                   PeriodRange periods, double confidence) {
  ResultRow row;
  row.scenario = scenario.id;
  row.scenario_name = scenario.name.empty() ? scenario.id : scenario.name;
  row.metric = ratio.top.id;
  row.measure = ratio.top.measure + "/" + ratio.measure;
  row.words = ratio.top.words.empty() ? ratio.top.id : ratio.top.words;
  row.unit = unit_of(scenario, ratio);
  row.good = ratio.top.good;
  row.target = ratio.top.target;
  row.scope = ratio.top.scope;
  row.subject = ratio.top.subject;
  row.subject_name = ratio.top.scope == "model" ? "whole system" : ratio.top.subject;
  std::vector<std::uint32_t> ignored;
  if (versus == nullptr) {
    const Pairs pairs = values_in(scenario, ratio, periods, ignored);
    row.value = ratio.averted ? nothing("what is averted shows against another scenario: --versus")
                              : ratio_of_means(pairs.top, pairs.below, confidence);
    return row;
  }
  const Pairs pairs = differences(scenario, *versus, ratio, periods);
  const bool any_averted = !ratio.averted || pairs.below.empty() || mean_of(pairs.below) > 0.0;
  row.value = any_averted ? ratio_of_means(pairs.top, pairs.below, confidence)
                          : nothing("nothing is averted: there are as many or more than in " + versus->id);
  row.unit += ratio.averted ? " averted" : " more";
  const Pairs base = values_in(*versus, ratio, periods, ignored);
  row.base = ratio.averted ? nothing("") : ratio_of_means(base.top, base.below, confidence);
  return row;
}

}  // namespace tl
