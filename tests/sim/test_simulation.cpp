#include <cmath>

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
  CHECK(error < 0.1);  // an error of 0.5 in the wait would be seen
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
