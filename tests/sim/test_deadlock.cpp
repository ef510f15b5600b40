#include <cmath>

#include "tests/catch.hpp"
#include "tests/sim/engine_models.hpp"

using namespace tl;
using namespace tl::testing;

namespace {

/// Full places in a ring: from each, after so many days, one wants to go on to the next, waiting in place.
EngineBuilder ring(std::initializer_list<double> stays) {
  EngineBuilder builder;
  const auto count = static_cast<std::uint32_t>(stays.size());
  for (std::uint32_t i = 0; i < count; ++i) builder.add_place(1);
  std::uint32_t place = 1;
  for (const double days : stays) {
    builder.stays(place, days, builder.move(place % count + 1, Waiting::in_place));
    builder.arrive_on(10 + place, {0.0}, builder.move(place, Waiting::line));
    ++place;
  }
  builder.add_lines();
  return builder;
}

}  // namespace

TEST_CASE("two full places whose clients wait for each other exchange them") {
  EngineBuilder builder = ring({1.0, 2.0});
  const Run run = run_watched(builder, 9.0);
  // Both wait from day 2, 4, 6 and 8.
  CHECK(run.diary.day_in(1, 2) == 6.0);
  CHECK(run.diary.day_in(1, 1) == 8.0);
  CHECK(run.diary.count(StoryKind::swapped) == 8);
  CHECK(run.sum(1, SettingSum::swaps) == 4.0);
  CHECK(run.sum(2, SettingSum::swaps) == 4.0);
  CHECK(run.result.model[static_cast<std::size_t>(ModelSum::swaps)] == 8.0);
  CHECK(run.result.model[static_cast<std::size_t>(ModelSum::transfers)] == 8.0);
  CHECK(run.sum(1, SettingSum::boarding_days) == Approx(4.0));  // every second day
}

TEST_CASE("a ring of three is undone too, and no turnaround comes between") {
  EngineBuilder builder = ring({1.0, 2.0, 3.0});
  builder.model.settings[2].turnaround = builder.stay(constant_value(1.0));
  const Run run = run_watched(builder, 4.0);
  CHECK(run.diary.day_in(1, 2) == 3.0);
  CHECK(run.diary.day_in(2, 3) == 3.0);
  CHECK(run.diary.day_in(3, 1) == 3.0);
  CHECK(run.sum(2, SettingSum::turnaround_days) == 0.0);
}

TEST_CASE("a deadlock that is to be reported ends the run with its places") {
  EngineBuilder builder = ring({1.0, 2.0});
  builder.model.deadlock = Deadlock::report;
  try {
    run_watched(builder, 9.0);
    FAIL("the run came to its end");
  } catch (const ModelFault& fault) {
    CHECK(fault.at_days == 2.0);
    CHECK(fault.settings == std::vector<std::uint32_t>{1, 2});
    CHECK_THAT(std::string{fault.what()}, Catch::Contains("waits in place"));
  }
}

TEST_CASE("patience, a unit about to be free or somebody still staying is no deadlock") {
  SECTION("patience") {
    EngineBuilder builder = ring({1.0, 2.0});
    builder.model.settings[2].patience = builder.stay(constant_value(3.0));
    builder.model.settings[2].on_renege = builder.leave(2);
    const Run run = run_watched(builder, 4.5);
    CHECK(run.sum(1, SettingSum::swaps) == 0.0);
    CHECK(run.diary.day_in(2, 1) == 4.0);  // 1 gave up on day 4
  }
  SECTION("another bed whose client goes on") {
    EngineBuilder builder = ring({1.0, 2.0});
    const std::uint32_t second = 2;
    builder.model.settings[second].capacity = 2;
    builder.stays(second, 5.0, builder.leave(0));
    const Run run = run_watched(builder, 9.0);
    CHECK(run.sum(1, SettingSum::swaps) == 0.0);
  }
}

TEST_CASE("two stations in tandem without a buffer block as theory says", "[statistical]") {
  // λ .6, μ 1 and 1, blocking after service (exact, from its Markov chain): Wq1 10.153846, mean blocked .276923,
  // occupancy .876923 and .6.
  EngineBuilder builder;
  const std::uint32_t first = builder.add_station(1, 1.0), second = builder.add_station(1, 1.0);
  builder.model.settings[first].choices = builder.choices({{builder.move(second, Waiting::in_place), 1.0}});
  builder.model.settings[second].choices = builder.choices({{builder.leave(0), 1.0}});
  builder.arrivals(20, 0.6, builder.choices({{builder.move(first, Waiting::line), 1.0}}));
  builder.add_lines();
  builder.model.more.resize(builder.model.settings.size());
  const double days = 20'000.0;
  builder.horizon(days);
  const double expected[] = {10.153846, 0.276923, 0.876923, 0.6};
  const int runs = 40;
  double sums[4] = {}, squares[4] = {};
  Simulation simulation{builder.model};
  for (int i = 0; i < runs; ++i) {
    ReplicationResult r;
    simulation.run(1, static_cast<std::uint64_t>(i), nullptr, r);
    const double values[] = {r.sum(0, first, SettingSum::wait_days) / r.sum(0, first, SettingSum::waits),
                             r.sum(0, first, SettingSum::boarding_days) / days,
                             r.sum(0, first, SettingSum::census_days) / days,
                             r.sum(0, second, SettingSum::census_days) / days};
    for (int k = 0; k < 4; ++k) {
      sums[k] += values[k];
      squares[k] += values[k] * values[k];
    }
    CHECK(r.model[static_cast<std::size_t>(ModelSum::swaps)] == 0.0);
  }
  for (int k = 0; k < 4; ++k) {
    const double mean = sums[k] / runs, error = std::sqrt((squares[k] / runs - mean * mean) / (runs - 1));
    INFO(k << ": " << mean << " expected " << expected[k] << " error " << error);
    CHECK(std::abs(mean - expected[k]) < 5.9 * error + 0.002 * expected[k]);  // t, 39 degrees of freedom; starts empty
    CHECK(error < 0.04 * expected[k]);
  }
}
