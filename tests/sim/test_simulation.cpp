#include <cmath>
#include <optional>
#include <string>

#include "sim/simulation.hpp"
#include "tests/catch.hpp"
#include "tests/sim/small_models.hpp"

namespace {

using namespace tl;
using namespace tl::testing;

double total(const ReplicationResult& r, std::uint32_t setting, SettingSum which) {
  double sum = 0.0;
  for (std::uint32_t p = 0; p < r.period_count; ++p) sum += r.sum(p, setting, which);
  return sum;
}

ReplicationResult run_once(const CompiledModel& model, std::uint64_t seed, std::uint64_t replication) {
  Simulation simulation{model};
  ReplicationResult result;
  simulation.run(seed, replication, nullptr, result);
  return result;
}

}  // namespace

TEST_CASE("a single server at load 0.8 waits as long as theory says", "[statistical]") {
  // M/M/1, λ 0.8, μ 1: mean wait 4. A run of 20,000 days has about 16,000 clients; over 100 runs the mean's standard
  // error is taken between runs; false alarm 1e-6 (z 4.89; Student's t with 99 degrees of freedom is 5.29).
  const CompiledModel model = multi_server(0.8, 1.0, 1, 20'000.0);
  const int runs = 100;
  double sum = 0.0, squares = 0.0;
  Simulation simulation{model};
  for (int i = 0; i < runs; ++i) {
    ReplicationResult r;
    simulation.run(1, static_cast<std::uint64_t>(i), nullptr, r);
    const double wait = total(r, 1, SettingSum::wait_days) / total(r, 1, SettingSum::waits);
    sum += wait;
    squares += wait * wait;
  }
  const double mean = sum / runs;
  const double error = std::sqrt((squares / runs - mean * mean) / (runs - 1));
  INFO("mean wait " << mean << " standard error " << error);
  CHECK(error < 0.1);                                 // an error of 0.5 in the wait would be seen
  CHECK(std::abs(mean - 4.0) < 5.29 * error + 0.01);  // 0.01: starts empty
}

TEST_CASE("the same seed and replication give the same result, whatever ran before") {
  const CompiledModel model = multi_server(4.5, 1.0, 5, 500.0);
  const ReplicationResult alone = run_once(model, 3, 5);
  Simulation simulation{model};
  ReplicationResult after;
  for (std::uint64_t i = 0; i < 5; ++i) simulation.run(9, i, nullptr, after);
  simulation.run(3, 5, nullptr, after);
  CHECK(alone.settings == after.settings);
  CHECK(alone.wait_lengths == after.wait_lengths);
  CHECK(alone.census_time == after.census_time);
  const ReplicationResult other = run_once(model, 3, 6);
  CHECK(alone.settings != other.settings);
}

TEST_CASE("Little's law holds exactly, from the run's own integrals") {
  const ReplicationResult r = run_once(multi_server(4.5, 1.0, 5, 2000.0), 1, 0);
  // Time in the queue is the waits of those admitted plus what those still waiting have waited so far.
  const double waited = total(r, 1, SettingSum::wait_days), in_queue = total(r, 1, SettingSum::waiting_days);
  CHECK(in_queue >= waited);
  CHECK(in_queue - waited <= total(r, 1, SettingSum::waiting_at_end) * 2000.0);
  if (total(r, 1, SettingSum::waiting_at_end) == 0.0) CHECK(in_queue == Approx(waited).epsilon(1e-12));
}

namespace {

/// The fault a run ends with; fails when it ends well. Run twice: what a fault leaves behind must not matter.
ModelFault fault_of(const CompiledModel& model) {
  Simulation simulation{model};
  ReplicationResult into;
  std::optional<ModelFault> first;
  for (int time = 0; time < 2; ++time) {
    try {
      simulation.run(1, 0, nullptr, into);
      FAIL("the run came to its end");
    } catch (const ModelFault& fault) {
      if (first) {
        CHECK(std::string{first->what()} == fault.what());
        CHECK(first->at_days == fault.at_days);
        CHECK(first->settings == fault.settings);
      }
      first = fault;
    }
  }
  return *first;
}

/// Two full places that admit nobody, let nobody wait, and send whom they refuse to the other.
ModelBuilder refusing_places() {
  ModelBuilder builder;
  const std::uint32_t a = builder.add_station(0, 1.0), b = builder.add_station(0, 1.0);
  for (const std::uint32_t place : {a, b}) {
    builder.model.settings[place].choices = builder.choices({{builder.leave(0), 1.0}});
    builder.model.settings[place].limit = builder.number(0.0);
    builder.model.settings[place].on_refuse = builder.move(a + b - place, Waiting::line);
  }
  builder.arrivals(7, 3.0, builder.choices({{builder.move(a, Waiting::line), 1.0}}));
  builder.add_lines();
  builder.horizon(10.0);
  return builder;
}

/// A chain of places without limit; on entering one, a client asks for the next, and in the last for the first or not.
CompiledModel asking_places(std::uint32_t count, bool in_circle) {
  ModelBuilder builder;
  for (std::uint32_t i = 0; i < count; ++i) builder.add_setting(SettingKind::place, kUnlimited);
  for (std::uint32_t i = 1; i <= count; ++i) {
    if (i == count && !in_circle) continue;
    Action ask;
    ask.kind = ActionKind::request;
    ask.setting = SettingId{i == count ? 1 : i + 1};
    builder.model.settings[i].on_entry = {static_cast<std::uint32_t>(builder.model.actions.size()), 1};
    builder.model.actions.push_back(ask);
  }
  builder.arrivals(7, 3.0, builder.choices({{builder.move(1, Waiting::in_place), 1.0}}));
  builder.horizon(10.0);
  return builder.model;
}

}  // namespace

TEST_CASE("refusals in a circle end with a fault that names the places, not with a full stack") {
  const ModelBuilder builder = refusing_places();
  const ModelFault fault = fault_of(builder.model);
  CHECK(std::string{fault.what()}.find("round and round within one instant") != std::string::npos);
  CHECK(fault.at_days > 0.0);
  REQUIRE(fault.settings.size() == 1);
  CHECK((fault.settings[0] == 1 || fault.settings[0] == 2));
}

TEST_CASE("whoever is let wait by the second of two refusing places goes no further") {
  ModelBuilder builder = refusing_places();
  builder.model.settings[2].limit = TableId{};
  const ReplicationResult result = run_once(builder.model, 1, 0);
  CHECK(total(result, 1, SettingSum::refused) > 0.0);
  CHECK(total(result, 2, SettingSum::refused) == 0.0);
}

TEST_CASE("requests on entry that lead in a circle end with a fault, and long chains of them do not") {
  const ModelFault fault = fault_of(asking_places(3, true));
  CHECK(std::string{fault.what()}.find("round and round within one instant") != std::string::npos);
  CHECK(fault.settings.size() == 2);
  CHECK(fault_of(asking_places(200, true)).settings.size() == 2);
  const ReplicationResult chain = run_once(asking_places(180, false), 1, 0);
  CHECK(total(chain, 180, SettingSum::admissions) > 0.0);
}

TEST_CASE("stays of no time in a circle end with a fault that names the places") {
  ModelBuilder builder;
  for (std::uint32_t place = 1; place <= 2; ++place) {
    builder.add_setting(SettingKind::place, kUnlimited);
    builder.model.settings[place].stay = builder.stay(Distribution{});
  }
  for (std::uint32_t place = 1; place <= 2; ++place)
    builder.model.settings[place].choices = builder.choices({{builder.move(3 - place, Waiting::in_place), 1.0}});
  builder.arrivals(7, 3.0, builder.choices({{builder.move(1, Waiting::in_place), 1.0}}));
  builder.horizon(10.0);
  const ModelFault fault = fault_of(builder.model);
  CHECK(std::string{fault.what()}.find("time does not pass") != std::string::npos);
  REQUIRE(fault.settings.size() == 1);
  CHECK((fault.settings[0] == 1 || fault.settings[0] == 2));
}
