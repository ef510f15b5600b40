#include "scenarios/runner.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "models/units.hpp"
#include "scenarios/team.hpp"
#include "scenarios/work.hpp"
#include "sim/expects.hpp"

namespace tl {
namespace {

/// One call of run_with: counts, and brings finished blocks to the sink.
class Run {
 public:
  Run(const Plan& plan, Sink& sink, const RunOptions& options)
      : sink_{sink}, options_{options}, list_{plan, sink, blocks_of(plan, options.part)} {
    progress_.runs_total = list_.runs_total();
    progress_.runs_reused = list_.runs_reused();
  }

  WorkList& list() { return list_; }

  void step(const Step& step) {
    const std::lock_guard lock{mutex_};
    progress_.events += step.events;
    if (step.failure) failures_.push_back(*step.failure);
    ++progress_.runs_done;
    progress_.runs_reused = list_.runs_reused();
    progress_.elapsed_seconds = elapsed();
    if (options_.progress) options_.progress(progress_);
  }

  /// Puts what was computed to what is there, and keeps the block.
  void keep(FinishedOrder finished) {
    if (!finished.whole) return;
    const RunBlock& block = finished.order.block;
    if (finished.results.size() == block.count) return sink_.take(block, finished.results);
    std::vector<ReplicationResult> all(block.count);
    for (std::size_t i = 0; i < finished.results.size(); ++i)
      all[finished.order.slots[i]] = std::move(finished.results[i]);
    sink_.fill(block, all);
    sink_.take(block, all);
  }

  RunOutcome outcome(bool stopped) {
    RunOutcome outcome;
    outcome.runs_reused = progress_.runs_reused = list_.runs_reused();
    outcome.runs_done = progress_.runs_done - failures_.size();
    outcome.events = progress_.events;
    outcome.elapsed_seconds = elapsed();
    // A stop that came when all was handed out has left nothing undone.
    outcome.stopped = stopped && progress_.runs_reused + progress_.runs_done < progress_.runs_total;
    outcome.failures = std::move(failures_);
    std::sort(outcome.failures.begin(), outcome.failures.end(), [](const Failure& a, const Failure& b) {
      return std::pair{a.scenario, a.replication} < std::pair{b.scenario, b.replication};
    });
    return outcome;
  }

 private:
  using Clock = std::chrono::steady_clock;
  double elapsed() const { return std::chrono::duration<double>(Clock::now() - began_).count(); }

  Sink& sink_;
  const RunOptions& options_;
  WorkList list_;
  const Clock::time_point began_ = Clock::now();
  std::mutex mutex_;  ///< of what follows
  Progress progress_;
  std::vector<Failure> failures_;
};

/// Works with this process's threads and hands out the rest, until all is done or there is a stop or a fault.
void lead(Run& run, Crew& crew, unsigned threads, Team& team, std::atomic<bool>& stop_told) {
  std::exception_ptr fault;
  std::atomic<bool> ended{false};
  std::thread own{[&] {
    try {
      crew.work(threads);
    } catch (...) {
      fault = std::current_exception();
    }
    ended = true;
  }};
  const Team::Ears ears{.step = [&](const Step& step) { run.step(step); },
                        .finished = [&](FinishedOrder&& finished) { run.keep(std::move(finished)); },
                        .stop = [&] { stop_told = true; }};
  std::exception_ptr fault_of_others;
  try {
    Pause pause;
    while (!ended || team.orders_out() > 0) {
      bool busy = team.look(ears);
      if (crew.ended_early()) break;
      busy = team.hand_out(run.list()) || busy;
      pause.after(busy);
    }
  } catch (...) {
    fault_of_others = std::current_exception();
    crew.end();
  }
  if (crew.ended_early()) team.break_off();  // before waiting for our own threads: the others stop meanwhile
  own.join();
  if (fault) std::rethrow_exception(fault);
  if (fault_of_others) std::rethrow_exception(fault_of_others);
}

}  // namespace

void Sink::fill(const RunBlock&, std::span<ReplicationResult>) const {}

std::string to_text(const Failure& failure, const Plan& plan) {
  std::string text = plan.row_name(failure.scenario) + ", replication " + std::to_string(failure.replication) +
                     " (seed " + std::to_string(failure.seed) + ')';
  if (std::isfinite(failure.at_days)) text += ", day " + shown(std::round(failure.at_days * 1e3) / 1e3) + " of the run";
  return text + ": " + failure.what;
}

std::vector<RunBlock> blocks_of(const Plan& plan, const std::optional<Part>& part) {
  if (!part) return plan.blocks;
  TL_EXPECTS(part->index >= 1 && part->index <= part->count);
  std::vector<RunBlock> mine;
  for (std::size_t i = part->index - 1; i < plan.blocks.size(); i += part->count) mine.push_back(plan.blocks[i]);
  return mine;
}

RunOutcome run_with(const Plan& plan, Sink& sink, const RunOptions& options, const Replicate& replicate) {
  return run_shared(plan, sink, options,
                    [&](const std::shared_ptr<const Compiled>& compiled, std::uint64_t seed, std::uint32_t replication,
                        ReplicationResult& into) { replicate(compiled->model, seed, replication, into); });
}

RunOutcome run_shared(const Plan& plan, Sink& sink, const RunOptions& options, const ReplicateShared& replicate) {
  Run run{plan, sink, options};
  unsigned threads = options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  threads = static_cast<unsigned>(std::min<std::uint64_t>(threads, std::max<std::uint64_t>(run.list().left(), 1)));
  std::atomic<bool> stop_told{false};  // by another rank
  Crew crew{plan,
            replicate,
            {.next = [&] { return run.list().next(); },
             .step = [&](const Step& step) { run.step(step); },
             .finished = [&](FinishedOrder&& finished) { run.keep(std::move(finished)); },
             .stop = [&] { return stop_told || (options.stop && options.stop()); }}};
  if (options.team != nullptr)
    lead(run, crew, threads, *options.team, stop_told);
  else
    crew.work(threads);
  return run.outcome(crew.stopped() || stop_told);
}

}  // namespace tl
