#include "analysis/precision.hpp"

#include <cmath>

#include "scenarios/scenario_messages.hpp"
#include "tests/analysis/made_results.hpp"
#include "tests/catch.hpp"

using namespace tl;
using Catch::Contains;

namespace {

/// A scenario whose ward has these average queues, one in each replication.
ScenarioResults scenario_of(const std::string& id, const std::vector<double>& queues) {
  ScenarioResults scenario;
  scenario.id = id;
  scenario.name = "Case " + id;
  scenario.words = made::catalogue();
  scenario.terms.standard_days.assign(5, 0.0);
  scenario.terms.return_days.assign(5, 0.0);
  for (std::uint32_t i = 0; i < queues.size(); ++i) {
    ReplicationResult result = made::empty_result();
    for (std::size_t period = 0; period < 2; ++period)
      made::setting_sum(result, period, 1, SettingSum::waiting_days) = queues[i] * 31.0;
    scenario.numbers.push_back(i);
    scenario.replications.push_back(std::move(result));
  }
  return scenario;
}

PrecisionGoal goal_within(const std::string& text, const std::string& metric = "") {
  Problems problems;
  const auto within = read_within(text, {}, "precision", problems);
  REQUIRE(within);
  PrecisionGoal goal;
  goal.aims.push_back({metric, *within, {}});
  return goal;
}

std::vector<PrecisionLine> judged(const PrecisionGoal& goal, const std::vector<ScenarioResults>& scenarios) {
  return judge_precision(
      goal, [&](std::size_t i) { return scenarios[i]; }, scenarios.size());
}

/// Half-width of the 95% interval of 1, 2, 3, 4, 5: t(0.975; 4) = 2.776445 times sqrt(2.5 / 5).
constexpr double kHalf = 1.963243;
const std::vector<double> kFive{1, 2, 3, 4, 5};

}  // namespace

TEST_CASE("half-widths are judged against a share of the mean or against a number") {
  const auto lines = judged(goal_within("70%"), {scenario_of("base", kFive)});
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].metric == "ward_queue");
  CHECK(lines[0].value.half_width() == Approx(kHalf).epsilon(1e-6));
  CHECK(lines[0].wanted == Approx(2.1));
  CHECK(lines[0].reached);

  const auto narrow = judged(goal_within("10%"), {scenario_of("base", kFive)});
  CHECK_FALSE(narrow[0].reached);
  // n (h / wanted)^2 = 5 (1.963243 / 0.3)^2 = 214.13
  CHECK(narrow[0].needed == 215U);
  CHECK(judged(goal_within("2 clients"), {scenario_of("base", kFive)})[0].reached);
  CHECK_FALSE(judged(goal_within("1.96 clients"), {scenario_of("base", kFive)})[0].reached);
  CHECK(judged(goal_within("2 clients", "queue_mean"), {scenario_of("base", kFive)})[0].metric == "queue_mean");
}

TEST_CASE("around a mean of 0 a share says nothing, and that is said") {
  const auto none = judged(goal_within("2%"), {scenario_of("base", {0, 0, 0})});
  CHECK(none[0].reached);  // always 0: as sure as can be
  const auto around = judged(goal_within("2%"), {scenario_of("base", {-1, 1, 0})});
  CHECK_FALSE(around[0].reached);
  CHECK_FALSE(around[0].needed);
  CHECK_THAT(precision_words(goal_within("2%"), around, 3).at(1), Contains("too near 0 for a share of it"));
  const auto one = judged(goal_within("2%"), {scenario_of("base", {4})});
  CHECK_FALSE(one[0].reached);
  CHECK_THAT(precision_words(goal_within("2%"), one, 1).at(1), Contains("no interval"));
}

TEST_CASE("differences are paired, and shares are of what is compared with") {
  PrecisionGoal goal = goal_within("10%");
  goal.differences = true;
  // The differences are 1.0, 1.1, 0.9, 1.0, 1.0: half-width 2.776445 x sqrt(0.005 / 5); a tenth of the base's 3 is 0.3.
  const std::vector<ScenarioResults> two{scenario_of("base", kFive), scenario_of("more", {2, 3.1, 3.9, 5, 6})};
  const auto lines = judged(goal, two);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].scenario == "more");
  CHECK(lines[0].value.half_width() == Approx(2.776445 * std::sqrt(0.001)).epsilon(1e-6));
  CHECK(lines[0].wanted == Approx(0.3));
  CHECK(lines[0].reached);
  CHECK(judged(goal_within("10%"), two).size() == 2);  // values: both scenarios, and neither is known so surely
  CHECK(judged(goal, {scenario_of("base", kFive)}).size() == 1);  // nothing to compare: its own value
}

TEST_CASE("a metric with its own half-width is not judged by the one for all") {
  PrecisionGoal goal = goal_within("70%");
  goal.aims.push_back({"ward_queue", goal_within("1 client").aims[0].within, {}});
  const auto lines = judged(goal, {scenario_of("base", kFive)});
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].asked == "1 client");
}

TEST_CASE("metrics that are not there, and units they do not have, are told") {
  Problems problems;
  check_precision(goal_within("2%", "ward_quue"), made::catalogue(), problems);
  check_precision(goal_within("5 d", "ward_queue"), made::catalogue(), problems);
  check_precision(goal_within("5 d"), made::catalogue(), problems);
  check_precision(goal_within("2%", "wait_mean"), made::catalogue(), problems);  // a measure of the model: fine
  const auto found = problems.sorted();
  REQUIRE(found.size() == 3);
  CHECK(found[0].code == Code::in(kScenarioMessages, "precision-metric"));
  CHECK_THAT(found[0].hint, Contains("ward_queue"));
  CHECK(found[1].code == Code::in(kScenarioMessages, "precision-unit"));
  CHECK_THAT(found[1].why, Contains("measured in clients"));
  CHECK_THAT(found[2].what, Contains("the unit of no metric"));
}

TEST_CASE("rounds end when all is reached, at the limit, or with what cannot go on") {
  PrecisionGoal goal = goal_within("2%");
  goal.most = 100;
  std::vector<std::uint32_t> asked;
  std::uint32_t enough = 40, broken = 0;
  const auto go = [&] {
    asked.clear();
    return run_rounds(
        goal,
        [&](std::uint32_t round, std::uint32_t n) {
          CHECK(round == asked.size() + 1);
          asked.push_back(n);
          return n != broken;
        },
        [&] {
          PrecisionLine line;
          line.reached = asked.back() >= enough;
          return std::vector{line};
        });
  };
  Rounds done = go();
  CHECK(asked == std::vector<std::uint32_t>{10, 20, 40});
  CHECK(done.reached);
  CHECK(done.replications == 40);
  enough = 1000;
  done = go();
  CHECK(asked == std::vector<std::uint32_t>{10, 20, 40, 80, 100});
  CHECK_FALSE(done.reached);
  CHECK(done.replications == 100);
  CHECK(done.rounds == 5);
  broken = 20;
  done = go();
  CHECK(asked == std::vector<std::uint32_t>{10, 20});
  CHECK(done.broken_off);
  CHECK(done.lines.empty());
}

TEST_CASE("what was reached is said with the widest, what was not with how many replications it would take") {
  const auto good = judged(goal_within("70%"), {scenario_of("base", kFive)});
  const auto reached = precision_words(goal_within("70%"), good, 5);
  REQUIRE(reached.size() == 1);
  CHECK_THAT(reached[0], Contains("Precision reached after 5 replications") &&
                             Contains("average number waiting for the ward with \"Case base\"") &&
                             Contains("asked ±70%"));
  const auto wide = judged(goal_within("10%"), {scenario_of("base", kFive), scenario_of("more", {3, 3, 3, 3, 3})});
  const auto words = precision_words(goal_within("10%"), wide, 5);
  REQUIRE(words.size() == 2);
  CHECK_THAT(words[0], Contains("Precision not reached after 5 replications: 1 of 2 half-widths"));
  CHECK_THAT(words[1], Contains("about 215 replications would do"));
}
