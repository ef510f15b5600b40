#pragma once
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "analysis/measures.hpp"
#include "sim/simulation.hpp"
#include "tests/sim/small_models.hpp"

// Many independent runs of M/M/c queues, as studies of them would make, beside what theory says of them.
namespace tl::testing {

/// What one run says, of one window of time.
struct QueueRun {
  double wait_mean = 0.0;   ///< of those admitted [days]
  double queue_mean = 0.0;  ///< average number waiting
  double wait_p90 = 0.0;    ///< [days]
};

/// M/M/c with stays of one day on average, from empty. A window is as long as 2,000 clients take to come on average.
struct QueueCase {
  int units = 1;
  double load = 0.5;
  double arrivals_per_day() const { return load * units; }
  double window_days() const { return 2000.0 / arrivals_per_day(); }
};

/// Chance that a client waits in the long run (Erlang C).
/// @source  Gross, Shortle, Thompson & Harris, Fundamentals of Queueing Theory, the M/M/c model
inline double delay_chance(const QueueCase& queue) {
  const double offered = queue.arrivals_per_day();
  double blocked = 1.0;
  for (int c = 1; c <= queue.units; ++c) blocked = offered * blocked / (c + offered * blocked);
  return blocked / (1.0 - queue.load * (1.0 - blocked));
}
/// The same measures in the long run, exactly.
inline QueueRun exact_queue(const QueueCase& queue) {
  const double chance = delay_chance(queue), spare = queue.units - queue.arrivals_per_day();
  const double mean = chance / spare;
  return {mean, mean * queue.arrivals_per_day(), chance > 0.1 ? std::log(chance / 0.1) / spare : 0.0};
}

inline CompiledModel queue_model(const QueueCase& queue, double warmup_days, double window_days) {
  CompiledModel model = multi_server(queue.arrivals_per_day(), 1.0, queue.units, warmup_days + window_days);
  model.start = SimTime::from_days(warmup_days);
  return model;
}

/// The setting is row 1 of multi_server(): row 0 is outside, row 2 the line.
inline QueueRun queue_run(const ReplicationResult& result, double window_days) {
  constexpr std::size_t kStation = 1;
  std::vector<double> lengths(result.wait_lengths.begin() + kStation * kLengthBuckets,
                              result.wait_lengths.begin() + (kStation + 1) * kLengthBuckets);
  return {result.sum(0, kStation, SettingSum::wait_days) / result.sum(0, kStation, SettingSum::waits),
          result.sum(0, kStation, SettingSum::waiting_days) / window_days, length_quantile(lengths, 0.9).value_or(0.0)};
}

/// Runs with the replications first, first + 1, … of a seed.
inline std::vector<QueueRun> queue_runs(const QueueCase& queue, double warmup_days, std::uint64_t seed,
                                        std::uint64_t first, std::size_t count) {
  const CompiledModel model = queue_model(queue, warmup_days, queue.window_days());
  Simulation simulation{model};
  ReplicationResult result;
  std::vector<QueueRun> runs;
  for (std::size_t i = 0; i < count; ++i) {
    simulation.run(seed, first + i, nullptr, result);
    runs.push_back(queue_run(result, queue.window_days()));
  }
  return runs;
}

}  // namespace tl::testing
