#include <algorithm>
#include <set>

#include "scenarios/estimate.hpp"
#include "scenarios/plan.hpp"
#include "scenarios/progress.hpp"
#include "tests/catch.hpp"

namespace {

tl::ScenarioPlan scenario_of(std::size_t settings, std::size_t periods) {
  tl::ScenarioPlan scenario;
  scenario.compiled.model.settings.resize(settings);
  scenario.compiled.model.period_ends.resize(periods);
  scenario.compiled.model.end = tl::SimTime::from_days(365.0);
  return scenario;
}

}  // namespace

TEST_CASE("blocks cover every replication of every scenario once") {
  const std::vector<tl::ScenarioPlan> scenarios{scenario_of(3, 12), scenario_of(400, 60), scenario_of(20'000, 200)};
  const auto replications = GENERATE(1U, 2U, 15U, 16U, 17U, 100U);
  std::set<std::pair<std::uint32_t, std::uint32_t>> runs;
  for (const tl::RunBlock& block : tl::lay_out_blocks(scenarios, replications)) {
    CHECK(block.count >= 1);
    CHECK(block.count <= 16);
    for (std::uint32_t i = 0; i < block.count; ++i)
      CHECK(runs.emplace(block.scenario, block.first_replication + i).second);
  }
  CHECK(runs.size() == 3 * replications);
  CHECK(runs.rbegin()->second == replications - 1);
}

TEST_CASE("more replications and more scenarios leave whole blocks as they were") {
  const std::vector<tl::ScenarioPlan> one{scenario_of(100, 60)};
  const std::vector<tl::ScenarioPlan> two{scenario_of(100, 60), scenario_of(3, 12)};
  const std::uint32_t size = tl::block_size(one[0].compiled.model);
  REQUIRE(size > 1);
  REQUIRE(size < 16);
  const auto few = tl::lay_out_blocks(one, 3 * size + 1), more = tl::lay_out_blocks(two, 7 * size);
  REQUIRE(few.size() == 4);
  for (std::size_t i = 0; i < 3; ++i) CHECK(std::count(more.begin(), more.end(), few[i]) == 1);
  CHECK(few[3].count == 1);
  CHECK(std::count(more.begin(), more.end(), few[3]) == 0);  // an incomplete block is another block
}

TEST_CASE("a block's results stay within 8 MiB where one replication does") {
  const auto [settings, periods, size] = GENERATE(
      table<std::size_t, std::size_t, std::uint32_t>({{1, 1, 16}, {60, 60, 5}, {500, 120, 1}, {20'000, 200, 1}}));
  const tl::CompiledModel model = scenario_of(settings, periods).compiled.model;
  CHECK(tl::block_size(model) == size);
  if (size > 1) CHECK(tl::result_bytes(model) * size <= 8u << 20);
}

TEST_CASE("an estimate counts runs and blocks and grows with threads") {
  tl::Plan plan;
  plan.scenarios = {scenario_of(3, 12), scenario_of(60, 60)};
  plan.blocks = tl::lay_out_blocks(plan.scenarios, 20);
  const tl::RunNeeds one = tl::estimate(plan, 1), eight = tl::estimate(plan, 8);
  CHECK(one.runs == 40);
  CHECK(one.blocks == plan.blocks.size());
  CHECK(one.result_bytes ==
        2 * 20 *
            (tl::result_bytes(plan.scenarios[0].compiled.model) + tl::result_bytes(plan.scenarios[1].compiled.model)));
  CHECK(eight.result_bytes == one.result_bytes);
  CHECK(eight.memory_bytes > one.memory_bytes);
}

TEST_CASE("a plan that takes too much is refused with the numbers") {
  const auto refusal = [](const tl::RunNeeds& needed, const tl::Resources& there) {
    tl::Problems problems;
    tl::Limits limits;
    limits.runs = 100;
    tl::check_resources(needed, there, limits, problems);
    return tl::to_text(problems);
  };
  const tl::Resources there{.free_disk_bytes = 10u << 20, .memory_bytes = 10u << 20};
  CHECK(refusal({.runs = 100, .blocks = 1, .result_bytes = 8u << 20, .memory_bytes = 8u << 20}, there).empty());
  CHECK_THAT(refusal({.runs = 101, .blocks = 1, .result_bytes = 0, .memory_bytes = 0}, there),
             Catch::Contains("101 runs (at most 100 runs a study)"));
  CHECK_THAT(refusal({.runs = 1, .blocks = 1, .result_bytes = 9u << 20, .memory_bytes = 0}, there),
             Catch::Contains("9.0 MiB (at most 80% of the 10 MiB free on that disk)"));
  CHECK_THAT(refusal({.runs = 1, .blocks = 1, .result_bytes = 0, .memory_bytes = 9u << 20}, there),
             Catch::Contains("9.0 MiB of memory (at most 80% of the machine's 10 MiB)"));
}

TEST_CASE("resources are asked of the nearest folder that exists") {
  const tl::Resources there = tl::resources_for("no/such/folder/yet");
  CHECK(there.free_disk_bytes > 0);
  CHECK(there.memory_bytes > 1u << 20);
}

TEST_CASE("progress in words") {
  using tl::Progress;
  const Progress half{.runs_total = 300, .runs_reused = 46, .runs_done = 100, .events = 12.3e6, .elapsed_seconds = 1.0};
  CHECK(tl::to_text(half) == "48% 146/300 runs, 2 s left, 12.3 M events/s");
  const Progress begun{.runs_total = 3, .runs_reused = 0, .runs_done = 0, .events = 0.0, .elapsed_seconds = 0.0};
  CHECK(tl::to_text(begun) == "0% 0/3 runs");
  const Progress nearly{
      .runs_total = 1000, .runs_reused = 0, .runs_done = 999, .events = 950.0, .elapsed_seconds = 999.0};
  CHECK(tl::to_text(nearly) == "99% 999/1000 runs, 1 s left, 1 events/s");
  const Progress done{.runs_total = 1, .runs_reused = 1, .runs_done = 0, .events = 0.0, .elapsed_seconds = 0.0};
  CHECK(tl::to_text(done) == "100% 1/1 run, 0 s left");
  CHECK(tl::shown_seconds(260.0) == "4 min 20 s");
  CHECK(tl::shown_seconds(7'500.0) == "2 h 5 min");
  CHECK(tl::shown_seconds(90'000.0) == "1 d 1 h");
  CHECK(tl::shown_bytes(12) == "12 bytes");
  CHECK(tl::shown_bytes(1536) == "1.5 KiB");
  CHECK(tl::shown_bytes(std::uint64_t{3} << 30) == "3.0 GiB");
}
