#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "models/table_reader.hpp"
#include "scenarios/runner.hpp"
#include "tests/catch.hpp"

namespace {

constexpr const char* kModel = R"([model]
name = "Two wards"
horizon = "1 y"
warmup = "30 d"
replications = 20
[departments.health]
name = "Health"
[settings.ward]
name = "Ward"
kind = "place"
department = "health"
domain = "treatment"
level = 4
capacity = 5
stay = { kind = "exponential", mean = "5 d" }
[settings.house]
name = "House"
kind = "place"
department = "health"
domain = "housing"
level = 1
capacity = 12
stay = { kind = "gamma", mean = "20 d", cv = 0.5 }
[arrivals.street]
rate = "1 / d"
to = "ward"
[[routes]]
from = "ward"
to = "house"
share = "60%"
[[routes]]
from = "ward"
to = "leave:home"
[[routes]]
from = "house"
to = "leave:home"
)";

tl::Plan two_wards() {
  tl::Problems problems;
  auto study = tl::read_study_text(R"([study]
model = "m"
[scenarios.baseline]
[scenarios.beds]
add = { "settings.house.capacity" = 6 }
)",
                                   "s.toml", {}, problems);
  REQUIRE(study);
  study->document = tl::read_toml_text(kModel, "m.toml", {}, problems);
  tl::Plan plan = tl::make_plan(std::move(*study), {}, {}, problems);
  REQUIRE(tl::to_text(problems) == "");
  REQUIRE(plan.blocks.size() == 4);
  return plan;
}

/// Keeps the numbers of a block by (scenario, first replication).
struct Numbers : tl::Sink {
  bool has(const tl::RunBlock& block) const override {
    const std::lock_guard lock{mutex};
    return kept.contains({block.scenario, block.first_replication});
  }
  void take(const tl::RunBlock& block, std::span<const tl::ReplicationResult> results) override {
    const std::lock_guard lock{mutex};
    auto& into = kept[{block.scenario, block.first_replication}];
    for (const tl::ReplicationResult& result : results) {
      into.insert(into.end(), result.settings.begin(), result.settings.end());
      into.insert(into.end(), result.model.begin(), result.model.end());
      into.insert(into.end(), result.census_time.begin(), result.census_time.end());
      into.push_back(result.engine_events);
    }
  }
  mutable std::mutex mutex;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<double>> kept;
};

Numbers& run_with_threads(const tl::Plan& plan, unsigned threads, Numbers& numbers) {
  tl::RunOptions options;
  options.threads = threads;
  const tl::RunOutcome outcome = tl::run(plan, numbers, options);
  CHECK(outcome.runs_done == 40);
  CHECK(outcome.failures.empty());
  CHECK(outcome.events > 0.0);
  return numbers;
}

}  // namespace

TEST_CASE("the engine gives the same numbers on any number of threads") {
  const tl::Plan plan = two_wards();
  Numbers one, many;
  run_with_threads(plan, 1, one);
  run_with_threads(plan, GENERATE(2U, 3U, 8U), many);
  CHECK(one.kept.size() == 4);
  CHECK(one.kept == many.kept);
  CHECK(one.kept.at({0, 0}) != one.kept.at({1, 0}));  // six more places change something
}

TEST_CASE("a study of the engine that was stopped goes on to the same numbers") {
  const tl::Plan plan = two_wards();
  Numbers whole, parts;
  run_with_threads(plan, 1, whole);
  tl::RunOptions options;
  options.threads = 2;
  // Stopped when its first block is there, then gone on with to the end.
  options.stop = [&] {
    const std::lock_guard lock{parts.mutex};
    return !parts.kept.empty();
  };
  const tl::RunOutcome first = tl::run(plan, parts, options);
  CHECK(first.stopped);
  CHECK_FALSE(parts.kept.empty());
  CHECK(parts.kept.size() < 4);
  options.stop = nullptr;
  options.threads = 3;
  const tl::RunOutcome second = tl::run(plan, parts, options);
  CHECK_FALSE(second.stopped);
  CHECK(second.runs_reused >= 4);
  CHECK(whole.kept == parts.kept);
}
