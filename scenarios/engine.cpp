#include <tbb/enumerable_thread_specific.h>

#include <atomic>
#include <functional>
#include <memory>

#include "scenarios/runner.hpp"
#include "scenarios/team.hpp"
#include "sim/simulation.hpp"

namespace tl {
namespace {

/// A worker's simulation: its memory serves one replication after another until the scenario changes.
struct Worker {
  std::shared_ptr<const Compiled> held;
  std::unique_ptr<Simulation> simulation;

  Simulation& for_model(const std::shared_ptr<const Compiled>& wanted) {
    if (held != wanted) {
      simulation.reset();  // first, so that two scenarios' memory is never held at once
      held = wanted;
      simulation = std::make_unique<Simulation>(held->model);
    }
    return *simulation;
  }
};

/// Our engine as run_shared() and serve_shared() want it.
ReplicateShared engine_for(tbb::enumerable_thread_specific<Worker>& workers, const std::function<bool()>* stop) {
  return [&workers, stop](const std::shared_ptr<const Compiled>& compiled, std::uint64_t seed,
                          std::uint32_t replication, ReplicationResult& into) {
    Worker& worker = workers.local();
    try {
      worker.for_model(compiled).run(seed, replication, stop, into);
    } catch (...) {
      worker = {};  // what a replication broke off leaves behind is not used again
      throw;
    }
  };
}

}  // namespace

RunOutcome run(const Plan& plan, Sink& sink, const RunOptions& options) {
  tbb::enumerable_thread_specific<Worker> workers;
  return run_shared(plan, sink, options, engine_for(workers, options.stop ? &options.stop : nullptr));
}

void serve(const Plan& plan, Ranks& ranks, unsigned threads, const std::function<bool()>& stop) {
  tbb::enumerable_thread_specific<Worker> workers;
  std::atomic<bool> over{false};
  const std::function<bool()> give_up = [&] { return over.load(); };
  serve_shared(plan, ranks, {.threads = threads, .stop = stop, .give_up = &over}, engine_for(workers, &give_up));
}

}  // namespace tl
