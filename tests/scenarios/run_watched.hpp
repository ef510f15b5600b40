#pragma once
#include <mutex>
#include <span>
#include <stdexcept>

#include "scenarios/runner.hpp"

namespace tl::testing {

/// Hands every replication to a function and keeps nothing.
template <class Watch>
class WatchingSink : public Sink {
 public:
  explicit WatchingSink(Watch& watch) : watch_{watch} {}
  bool has(const RunBlock&) const override { return false; }
  void take(const RunBlock& block, std::span<const ReplicationResult> results) override {
    const std::lock_guard lock{mutex_};
    for (std::uint32_t i = 0; i < block.count; ++i) watch_(block.scenario, block.first_replication + i, results[i]);
  }

 private:
  Watch& watch_;
  std::mutex mutex_;
};

/// A plan's runs on two threads, each replication seen once by `watch(scenario, replication, result)` under a lock.
/// @throws std::runtime_error  when a replication fails
template <class Watch>
void run_watched(const Plan& plan, Watch watch) {
  WatchingSink<Watch> sink{watch};
  RunOptions options;
  options.threads = 2;
  const RunOutcome outcome = run(plan, sink, options);
  if (!outcome.failures.empty()) throw std::runtime_error(to_text(outcome.failures.front(), plan));
}

}  // namespace tl::testing
