#include <tbb/enumerable_thread_specific.h>

#include <functional>
#include <memory>

#include "scenarios/runner.hpp"
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

}  // namespace

RunOutcome run(const Plan& plan, Sink& sink, const RunOptions& options) {
  tbb::enumerable_thread_specific<Worker> workers;
  const std::function<bool()>* stop = options.stop ? &options.stop : nullptr;
  return run_shared(plan, sink, options,
                    [&](const std::shared_ptr<const Compiled>& compiled, std::uint64_t seed, std::uint32_t replication,
                        ReplicationResult& into) {
                      Worker& worker = workers.local();
                      try {
                        worker.for_model(compiled).run(seed, replication, stop, into);
                      } catch (...) {
                        worker = {};  // what a replication broke off leaves behind is not used again
                        throw;
                      }
                    });
}

}  // namespace tl
