#include <tbb/enumerable_thread_specific.h>

#include <functional>
#include <memory>

#include "scenarios/runner.hpp"
#include "sim/simulation.hpp"

namespace tl {
namespace {

/// A worker's simulation: its memory serves one replication after another until the scenario changes.
struct Worker {
  const CompiledModel* model = nullptr;
  std::unique_ptr<Simulation> simulation;

  Simulation& for_model(const CompiledModel& wanted) {
    if (model != &wanted) {
      simulation.reset();  // first, so that two scenarios' memory is never held at once
      simulation = std::make_unique<Simulation>(wanted);
      model = &wanted;
    }
    return *simulation;
  }
};

}  // namespace

RunOutcome run(const Plan& plan, Sink& sink, const RunOptions& options) {
  tbb::enumerable_thread_specific<Worker> workers;
  const std::function<bool()>* stop = options.stop ? &options.stop : nullptr;
  return run_with(
      plan, sink, options,
      [&](const CompiledModel& model, std::uint64_t seed, std::uint32_t replication, ReplicationResult& into) {
        Worker& worker = workers.local();
        try {
          worker.for_model(model).run(seed, replication, stop, into);
        } catch (...) {
          worker = {};  // what a replication broke off leaves behind is not used again
          throw;
        }
      });
}

}  // namespace tl
