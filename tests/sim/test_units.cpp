#include <cmath>

#include "tests/catch.hpp"
#include "tests/sim/engine_models.hpp"

using namespace tl;
using namespace tl::testing;

namespace {

/// Twenty units shared by three settings whose clients need 1, 2 and 4 of them; lost when they do not fit.
EngineBuilder shared_units() {
  EngineBuilder builder;
  const double offered[] = {6.0, 3.0, 1.0}, units[] = {1.0, 2.0, 4.0};
  for (std::uint32_t i = 0; i < 3; ++i) {
    const std::uint32_t place = builder.add_station(kUnlimited, 1.0);
    builder.model.settings[place].choices = builder.choices({{builder.leave(0), 1.0}});
    builder.model.settings[place].limit = builder.number(0.0);
    builder.arrivals(20 + i, offered[i], builder.choices({{builder.move(place, Waiting::line), 1.0}}));
  }
  const std::uint32_t pool = builder.add_setting(SettingKind::pool, 20);
  for (std::uint32_t place = 1; place <= 3; ++place) {
    builder.more(place).pool = SettingId{pool};
    builder.more(place).takes = builder.number(units[place - 1]);
  }
  return builder;
}

}  // namespace

TEST_CASE("units shared by clients of several sizes block as Kaufman and Roberts say", "[statistical]") {
  // Exact (Kaufman, IEEE Trans. Comm. 29, 1981; Roberts 1981): blocking .059934, .127709, .283790; mean busy 13.738983.
  EngineBuilder builder = shared_units();
  builder.horizon(3000.0);
  builder.model.more.resize(builder.model.settings.size());
  const double expected[] = {0.059934, 0.127709, 0.283790, 13.738983};
  const int runs = 30;
  double sums[4] = {}, squares[4] = {};
  Simulation simulation{builder.model};
  for (int i = 0; i < runs; ++i) {
    ReplicationResult r;
    simulation.run(1, static_cast<std::uint64_t>(i), nullptr, r);
    for (std::uint32_t k = 0; k < 4; ++k) {
      const double value = k < 3 ? r.sum(0, 1 + k, SettingSum::refused) / r.sum(0, 1 + k, SettingSum::requests)
                                 : r.sum(0, 4, SettingSum::census_days) / 3000.0;
      sums[k] += value;
      squares[k] += value * value;
    }
  }
  for (int k = 0; k < 4; ++k) {
    const double mean = sums[k] / runs, error = std::sqrt((squares[k] / runs - mean * mean) / (runs - 1));
    INFO(k << ": " << mean << " expected " << expected[k] << " error " << error);
    // Student's t with 29 degrees of freedom for a false alarm of 1e-6: 6.2. The run starts empty: 0.01 busy at most.
    CHECK(std::abs(mean - expected[k]) < 6.2 * error + (k < 3 ? 0.0005 : 0.01));
    CHECK(error < 0.02 * expected[k]);
  }
}

TEST_CASE("the census of a pool is the units in use, and nobody is admitted to it") {
  EngineBuilder builder = shared_units();
  const Run run = run_watched(builder, 200.0);
  const double used = run.sum(1, SettingSum::census_days) + 2.0 * run.sum(2, SettingSum::census_days) +
                      4.0 * run.sum(3, SettingSum::census_days);
  CHECK(run.sum(4, SettingSum::census_days) == Approx(used).epsilon(1e-12));
  CHECK(run.sum(4, SettingSum::admissions) == 0.0);
  CHECK(run.sum(4, SettingSum::capacity_days) == Approx(20.0 * 200.0));
}

TEST_CASE("the first who does not fit blocks those behind, unless the queue says who fits may pass") {
  for (const bool first_fit : {false, true}) {
    EngineBuilder builder;
    const std::uint32_t ward = builder.add_place(3);
    builder.stays(ward, 4.0, builder.leave(0));
    builder.more(ward).takes = builder.by_trait(1, {1.0, 3.0});
    builder.more(ward).first_fit = first_fit;
    const RouteId in = builder.move(ward, Waiting::line);
    builder.arrive_on(7, {0.0}, in, 0);  // client 1: one unit, until day 4
    builder.arrive_on(8, {1.0}, in, 1);  // client 2: needs all three
    builder.arrive_on(9, {2.0}, in, 0);  // client 3: one unit
    builder.add_lines();
    const Run run = run_watched(builder, 30.0);
    CHECK(run.diary.day_in(1, ward) == 0.0);
    CHECK(run.diary.day_in(2, ward) == (first_fit ? 6.0 : 4.0));
    CHECK(run.diary.day_in(3, ward) == (first_fit ? 2.0 : 8.0));
  }
}

TEST_CASE("a unit freed in one setting of a pool is offered to the others, after its turnaround") {
  EngineBuilder builder;
  const std::uint32_t a = builder.add_place(kUnlimited), b = builder.add_place(kUnlimited);
  builder.stays(a, 3.0, builder.leave(0));
  builder.stays(b, 3.0, builder.leave(0));
  builder.model.settings[a].turnaround = builder.stay(constant_value(0.5));
  builder.arrive_on(7, {0.0}, builder.move(a, Waiting::line));
  builder.arrive_on(8, {1.0}, builder.move(b, Waiting::line));
  const std::uint32_t pool = builder.add_setting(SettingKind::pool, 2);
  for (const std::uint32_t place : {a, b}) {
    builder.more(place).pool = SettingId{pool};
    builder.more(place).takes = builder.number(2.0);
    const std::uint32_t line = builder.add_setting(SettingKind::line, kUnlimited);
    builder.model.settings[line].line_of = SettingId{place};
    builder.model.settings[place].line = SettingId{line};
  }
  const Run run = run_watched(builder, 30.0);
  CHECK(run.diary.day_in(1, a) == 0.0);
  CHECK(run.diary.day_in(2, b) == 3.5);
  CHECK(run.sum(pool, SettingSum::turnaround_days) == Approx(1.0));  // two units for half a day
  CHECK(run.sum(pool, SettingSum::census_days) == Approx(12.0));
}
