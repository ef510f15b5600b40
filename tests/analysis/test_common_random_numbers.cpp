#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "analysis/intervals.hpp"
#include "analysis/measures.hpp"
#include "analysis/results_file.hpp"
#include "analysis/tables.hpp"
#include "models/table_reader.hpp"
#include "scenarios/plan.hpp"
#include "sim/maths.hpp"
#include "sim/simulation.hpp"
#include "tests/catch.hpp"

// What it is worth that scenarios have the same luck (row 18 of the reliability list): the variance of the difference
// of runs that share nothing, over that of paired runs. The table of docs/methods.md: analysis_tests "[pairing-table]".
namespace {

using namespace tl;

/// The variance-reduction factor, with a 95% interval by the jackknife of its logarithm.
struct Saving {
  double factor = 0.0, low = 0.0, high = 0.0;
};

double variance(const std::vector<double>& x, std::size_t without) {
  double sum = 0.0, squares = 0.0, count = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (i != without) {
      sum += x[i];
      count += 1.0;
    }
  for (std::size_t i = 0; i < x.size(); ++i)
    if (i != without) squares += (x[i] - sum / count) * (x[i] - sum / count);
  return squares / (count - 1.0);
}

Saving factor_of(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> differences;
  for (std::size_t i = 0; i < a.size(); ++i) differences.push_back(a[i] - b[i]);
  const auto log_without = [&](std::size_t i) {
    return std::log((variance(a, i) + variance(b, i)) / variance(differences, i));
  };
  const double n = static_cast<double>(a.size()), whole = log_without(a.size());
  std::vector<double> pseudo;
  for (std::size_t i = 0; i < a.size(); ++i) pseudo.push_back(n * whole - (n - 1.0) * log_without(i));
  const Estimate estimate = estimate_of(pseudo);
  return {std::exp(whole), std::exp(whole - estimate.half_width()), std::exp(whole + estimate.half_width())};
}

/// Values of a measure of the whole model in runs 0 … n - 1.
std::vector<double> values(const ScenarioPlan& plan, const std::string& measure, std::uint32_t n) {
  ScenarioResults scenario;
  scenario.words = plan.compiled.words;
  scenario.terms.standard_days.assign(scenario.words.settings.size(), 0.0);
  scenario.terms.return_days.assign(scenario.words.settings.size(), 0.0);
  Simulation simulation{plan.compiled.model};
  std::vector<double> found;
  for (std::uint32_t i = 0; i < n; ++i) {
    ReplicationResult result;
    simulation.run(1, i, nullptr, result);
    scenario.numbers = {i};
    scenario.replications = {std::move(result)};
    const auto value =
        values_of(scenario, *find_measure(measure), *find_scope(scenario.words, "model", ""), all_periods(scenario));
    found.push_back(value.front().value_or(0.0));
  }
  return found;
}

/// Twenty beds and a step-down home behind them that takes a share of those who leave.
constexpr const char* kModel = R"([model]
horizon = "2 y"
warmup = "100 d"
[settings.ward]
capacity = 20
stay = { kind = "exponential", mean = "8 d" }
[settings.home]
capacity = 30
stay = { kind = "lognormal", mean = "40 d", sd = "40 d" }
[[routes]]
id = "down"
from = "ward"
to = "home"
share = 0.3
wait = "in_place"
[[routes]]
from = "ward"
to = "leave:home"
[[routes]]
from = "home"
to = "leave:done"
[arrivals.all]
rate = "2 / d"
to = "ward"
)";

struct Change2 {
  const char *words, *change;
};
constexpr Change2 kChanges[] = {
    {"one more bed in the ward", "settings.ward.capacity=21"},
    {"three more places in the step-down home", "settings.home.capacity=33"},
    {"a tenth fewer arrivals", "arrivals.all.rate=1.8 / d"},
    {"a share of 0.25 instead of 0.3 goes to the home", "routes.down.share=0.25"},
    {"stays in the ward a tenth shorter", "settings.ward.stay.mean=7.2 d"},
};

ScenarioPlan plan_with(const std::string& change) {
  Problems problems;
  Study study;
  study.document = read_toml_text(kModel, "m.toml", Limits{}, problems);
  Scenario scenario{.id = "one", .name = "", .about = "", .changes = {}, .at = {}};
  if (!change.empty()) scenario.changes.push_back(*change_from_text(change, "--set", Limits{}, problems));
  study.scenarios.push_back(scenario);
  Plan plan = make_plan(std::move(study), {}, Limits{}, problems);
  INFO(to_text(problems));
  REQUIRE_FALSE(problems.has_errors());
  return std::move(plan.scenarios.front());
}

void print_factor(const char* words, const std::vector<double>& a, const std::vector<double>& b) {
  const Saving saving = factor_of(a, b);
  std::printf("| %s | %.1f | %.1f to %.1f |\n", words, saving.factor, saving.low, saving.high);
  std::fflush(stdout);
}

}  // namespace

TEST_CASE("the factor of series whose variances are known") {
  const std::vector<double> a{1, 2, 3, 4}, b{1, 2, 3, 5};
  // 5/3 and 35/12 together, over the variance of 0, 0, 0, -1: 1/4.
  CHECK(factor_of(a, b).factor == Approx((5.0 / 3.0 + 35.0 / 12.0) / 0.25));
}

TEST_CASE("paired differences have less variance than independent ones", "[nightly]") {
  // The seed is fixed. Losing the common luck would give factors of 1, half of them below; the least measured is 1.4.
  const std::uint32_t n = 200;
  const auto base = values(plan_with(""), "queue_mean", n);
  for (const Change2& change : kChanges) {
    CAPTURE(change.words);
    const Saving saving = factor_of(values(plan_with(change.change), "queue_mean", n), base);
    CAPTURE(saving.factor, saving.low, saving.high);
    CHECK(saving.factor > 1.0);
  }
}

TEST_CASE("what pairing saves, the whole table", "[.][pairing-table]") {
  const std::uint32_t n = 200;
  const auto base = values(plan_with(""), "queue_mean", n);
  for (const Change2& change : kChanges)
    print_factor(change.words, values(plan_with(change.change), "queue_mean", n), base);
  SUCCEED();
}

namespace {

/// Runs 0 … n - 1 of a scenario, held in memory.
ScenarioResults runs_of(const ScenarioPlan& plan, std::uint32_t n) {
  ScenarioResults scenario;
  scenario.id = plan.id;
  scenario.name = plan.name;
  scenario.words = plan.compiled.words;
  scenario.terms = terms_of(plan.compiled.model);
  Simulation simulation{plan.compiled.model};
  for (std::uint32_t i = 0; i < n; ++i) {
    ReplicationResult result;
    simulation.run(1, i, nullptr, result);
    scenario.numbers.push_back(i);
    scenario.replications.push_back(std::move(result));
  }
  return scenario;
}

/// A metric in both of two scenarios, run by run; runs in which it means nothing are left out.
std::pair<std::vector<double>, std::vector<double>> in_both(const ScenarioResults& a, const ScenarioResults& b,
                                                            const MetricWords& metric) {
  const auto of_a = values_of(a, metric), of_b = values_of(b, metric);
  std::pair<std::vector<double>, std::vector<double>> both;
  for (std::size_t i = 0; i < of_a.size(); ++i)
    if (of_a[i] && of_b[i]) {
      both.first.push_back(*of_a[i]);
      both.second.push_back(*of_b[i]);
    }
  return both;
}

/// The study of the Los Angeles County model, with changes on top of every scenario.
Plan county(const std::vector<std::string>& set) {
  Problems problems;
  PlanOptions options;
  options.set = set;
  Plan plan = read_plan(TL_SOURCE_DIR "/scenarios/la-county/study.toml", options, Limits{}, problems);
  INFO(to_text(problems));
  REQUIRE_FALSE(problems.has_errors());
  REQUIRE(plan.scenarios.size() >= 2);
  return plan;
}

}  // namespace

TEST_CASE("in the county model, too, pairing saves runs", "[nightly]") {
  // A twentieth of the people for a year. Losing the common luck would give factors of 1, half of them below; what is
  // asked is that the metrics together (the geometric mean of their factors) gain.
  const Plan plan = county({"model.population_scale=0.05", "model.horizon=1 y"});
  constexpr std::uint32_t kRuns = 20;
  const ScenarioResults base = runs_of(plan.scenarios.front(), kRuns), other = runs_of(plan.scenarios[1], kRuns);
  double logarithms = 0.0, metrics = 0.0;
  for (const MetricWords& metric : base.words.metrics) {
    const auto [a, b] = in_both(base, other, metric);
    if (a.size() < kRuns || variance(a, a.size()) <= 0.0 || variance(b, b.size()) <= 0.0) continue;
    const Saving saving = factor_of(b, a);
    CAPTURE(metric.id, saving.factor);
    CHECK(saving.factor > 0.5);
    logarithms += std::log(saving.factor);
    metrics += 1.0;
  }
  REQUIRE(metrics > 0.0);
  CHECK(std::exp(logarithms / metrics) > 1.0);
}

TEST_CASE("what pairing saves in the county model", "[.][pairing-county]") {
  // The whole population over the study's time: minutes of processor time a run. TL_RUNS says how many.
  const char* text = std::getenv("TL_RUNS");
  const auto n = static_cast<std::uint32_t>(text == nullptr ? 20 : std::max(5L, std::strtol(text, nullptr, 10)));
  const Plan plan = county({});
  const ScenarioResults base = runs_of(plan.scenarios.front(), n);
  for (std::size_t i = 1; i < plan.scenarios.size(); ++i) {
    const ScenarioResults other = runs_of(plan.scenarios[i], n);
    std::printf("%s, %u runs each\n", other.name.c_str(), n);
    for (const MetricWords& metric : base.words.metrics) {
      const auto [a, b] = in_both(base, other, metric);
      if (a.size() == n && variance(a, n) > 0.0) print_factor(metric.words.c_str(), b, a);
    }
  }
  SUCCEED();
}
