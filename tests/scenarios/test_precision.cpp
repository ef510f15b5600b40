#include "scenarios/precision.hpp"

#include "scenarios/scenario_messages.hpp"
#include "scenarios/study.hpp"
#include "tests/catch.hpp"

using namespace tl;
using Catch::Contains;

namespace {

/// Reads "precision = …" of a study. @param told  receives what was wrong with it
std::optional<PrecisionGoal> goal_of(const std::string& value, std::string* told = nullptr) {
  Problems problems;
  const auto study =
      read_study_text("[study]\nmodel = \"m\"\nprecision = " + value + "\n", "s.toml", Limits{}, problems);
  if (told != nullptr) *told = to_text(problems);
  if (!study) return std::nullopt;
  REQUIRE(study->precision);
  return study->precision;
}

}  // namespace

TEST_CASE("a precision is a text, or a table of what must be known how surely") {
  const auto simple = goal_of("\"2%\"");
  REQUIRE(simple);
  REQUIRE(simple->aims.size() == 1);
  CHECK(simple->aims[0].metric.empty());
  CHECK(simple->aims[0].within.relative);
  CHECK(simple->aims[0].within.amount == 0.02);
  CHECK(simple->least == 10);
  CHECK(simple->most == 500);
  CHECK(simple->confidence == 0.95);
  CHECK_FALSE(simple->differences);

  const auto full = goal_of(
      "{ within = \"2 %\", metrics = [\"a\", \"b\"], of = \"differences\", confidence = 90, least = 8, most = 64 }");
  REQUIRE(full);
  REQUIRE(full->aims.size() == 2);
  CHECK(full->aims[1].metric == "b");
  CHECK(full->aims[1].within.amount == 0.02);
  CHECK(full->differences);
  CHECK(full->confidence == 0.9);
  CHECK(full->least == 8);
  CHECK(full->most == 64);

  const auto each = goal_of("{ metrics = { wait = \"48 h\", census = \"3 clients\", share = \"1.5 points\" } }");
  REQUIRE(each);
  REQUIRE(each->aims.size() == 3);
  CHECK(each->aims[0].within.amount == 2.0);
  CHECK(each->aims[0].within.unit == "days");
  CHECK(each->aims[1].within.unit == "clients");
  CHECK(each->aims[2].within.unit == "%");
  CHECK_FALSE(each->aims[2].within.relative);
  CHECK(goal_of("{ within = \"1 client\" }")->aims[0].within.unit == "clients");
  CHECK(goal_of("{ within = \"2%\", least = 600 }")->most == 600);
}

TEST_CASE("rounds are fixed numbers, whatever happens in them") {
  PrecisionGoal goal;
  std::vector<std::uint32_t> rounds;
  for (auto n = next_round(goal, 0); n; n = next_round(goal, *n)) rounds.push_back(*n);
  CHECK(rounds == std::vector<std::uint32_t>{10, 20, 40, 80, 160, 320, 500});
  CHECK(most_rounds(goal) == 7);
  goal.least = goal.most = 12;
  CHECK(next_round(goal, 0) == 12U);
  CHECK_FALSE(next_round(goal, 12));
  goal.least = 3'000'000'000U;
  goal.most = 4'000'000'000U;
  CHECK(next_round(goal, goal.least) == goal.most);  // twice would not fit
}

TEST_CASE("what is asked of precision and cannot be meant is refused where it stands") {
  const auto [value, words] = GENERATE(
      table<std::string, std::string>({{"2", "s.toml:3:13: study.precision: is neither text nor table"},
                                       {"\"2\"", "is no half-width"},
                                       {"\"0%\"", "is no half-width"},
                                       {"\"-2%\"", "is no half-width"},
                                       {"\"many\"", "is no half-width"},
                                       {"\"\"", "is no half-width"},
                                       {"{ within = 2 }", "is no text"},
                                       {"{ }", "says nothing of how precise"},
                                       {"{ metrics = [\"a\"] }", "has metrics but no half-width"},
                                       {"{ within = \"2%\", metrics = [] }", "is no list of metrics"},
                                       {"{ within = \"2%\", metrics = [3] }", "a metric is named in quotes"},
                                       {"{ metrics = { a = 3 } }", "study.precision.metrics.a: is no text"},
                                       {"{ within = \"2%\", of = \"difference\" }", "Did you mean \"differences\"?"},
                                       {"{ within = \"2%\", confidence = 100 }", "from 50 to 99.9"},
                                       {"{ within = \"2%\", least = 1 }", "from 2 to"},
                                       {"{ within = \"2%\", most = 20.5 }", "no whole number"},
                                       {"{ within = \"2%\", least = 30, most = 20 }", "is below least"},
                                       {"{ within = \"2%\", mst = 20 }", "Did you mean \"most\"?"}}));
  std::string told;
  CAPTURE(value);
  CHECK_FALSE(goal_of(value, &told));
  CHECK_THAT(told, Contains(words));
}

TEST_CASE("precision and a number of replications exclude each other in a study") {
  Problems problems;
  read_study_text("[study]\nmodel = \"m\"\nprecision = \"2%\"\nreplications = 7\n", "s.toml", Limits{}, problems);
  CHECK_THAT(to_text(problems), Contains("s.toml:4:16: study.replications: stands beside precision"));
  CHECK(problems.sorted().front().code == Code::in(kScenarioMessages, "precision-form"));
}
