#include "scenarios/runner.hpp"

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <memory>
#include <mutex>
#include <new>
#include <thread>

#include "models/units.hpp"
#include "sim/expects.hpp"
#include "sim/simulation.hpp"

namespace tl {
namespace {

/// A block on its way: its slots, made when the first of its replications begins.
struct Work {
  RunBlock block;
  std::once_flag made;
  std::shared_ptr<const Compiled> model;
  std::vector<ReplicationResult> slots;
  std::atomic<std::uint32_t> missing{0};
  std::atomic<bool> spoiled{false};  ///< one of its replications failed or was given up
};

/// The longest scenarios first, so that the last runs are short ones and no thread is left alone with a long one.
std::vector<RunBlock> in_order_of_work(const Plan& plan, std::vector<RunBlock> blocks) {
  std::vector<double> work;
  for (std::uint32_t row = 0; row < plan.rows(); ++row)
    work.push_back(row < plan.scenarios.size() ? expected_work(plan.scenarios[row].compiled) : plan.facts(row).work);
  std::stable_sort(blocks.begin(), blocks.end(),
                   [&](const RunBlock& a, const RunBlock& b) { return work[a.scenario] > work[b.scenario]; });
  return blocks;
}

/// One call of run_with: hands out replications in order, so that few blocks are open at a time, and gathers them.
class Run {
 public:
  Run(const Plan& plan, Sink& sink, const RunOptions& options, const ReplicateShared& replicate)
      : plan_{plan}, sink_{sink}, options_{options}, replicate_{replicate} {
    for (const RunBlock& block : in_order_of_work(plan, blocks_of(plan, options.part))) {
      progress_.runs_total += block.count;
      if (sink.has(block)) {
        progress_.runs_reused += block.count;
        continue;
      }
      works_.push_back(std::make_unique<Work>());
      works_.back()->block = block;
      works_.back()->missing = block.count;
      first_unit_.push_back(units_);
      units_ += block.count;
    }
  }

  std::uint64_t units() const { return units_; }

  /// What each thread does until no replication is left.
  void work() {
    try {
      for (;;) {
        if (should_stop()) return;
        const std::uint64_t unit = next_.fetch_add(1, std::memory_order_relaxed);
        if (unit >= units_) return;
        carry_out(unit);
      }
    } catch (...) {
      ended_early_ = true;  // the other threads end after the replication they are at
      throw;
    }
  }

  RunOutcome outcome() {
    RunOutcome outcome;
    outcome.runs_reused = progress_.runs_reused;
    outcome.runs_done = progress_.runs_done - failures_.size();
    outcome.events = progress_.events;
    outcome.elapsed_seconds = elapsed();
    // A stop that came when all was handed out has left nothing undone.
    outcome.stopped = stopped_ && progress_.runs_reused + progress_.runs_done < progress_.runs_total;
    outcome.failures = std::move(failures_);
    std::sort(outcome.failures.begin(), outcome.failures.end(), [](const Failure& a, const Failure& b) {
      return std::pair{a.scenario, a.replication} < std::pair{b.scenario, b.replication};
    });
    return outcome;
  }

 private:
  using Clock = std::chrono::steady_clock;

  bool should_stop() {
    if (ended_early_ || stopped_) return true;
    if (options_.stop && options_.stop()) stopped_ = true;
    return stopped_;
  }

  void carry_out(std::uint64_t unit) {
    const auto after = std::upper_bound(first_unit_.begin(), first_unit_.end(), unit);
    const auto row = static_cast<std::size_t>(after - first_unit_.begin()) - 1;
    Work& work = *works_[row];
    std::call_once(work.made, [&] {
      work.model = plan_.compiled(work.block.scenario);
      work.slots.resize(work.block.count);
    });
    const auto slot = static_cast<std::uint32_t>(unit - first_unit_[row]);
    if (!replicate(work, slot)) work.spoiled = true;
    if (work.missing.fetch_sub(1, std::memory_order_acq_rel) > 1) return;
    if (!work.spoiled) sink_.take(work.block, work.slots);
    std::vector<ReplicationResult>{}.swap(work.slots);
    work.model.reset();
  }

  /// @returns false when the slot holds no whole result
  bool replicate(Work& work, std::uint32_t slot) {
    const std::uint32_t replication = work.block.first_replication + slot;
    Failure failure{.scenario = work.block.scenario,
                    .replication = replication,
                    .seed = plan_.seed,
                    .at_days = std::numeric_limits<double>::quiet_NaN(),
                    .what = {},
                    .internal = false};
    bool whole = false;
    try {
      ReplicationResult& into = work.slots[slot];
      replicate_(work.model, plan_.seed, replication, into);
      whole = true;
    } catch (const Stopped&) {
      stopped_ = true;
      return false;
    } catch (const ModelFault& fault) {
      failure.at_days = fault.at_days;
      failure.what = fault.what();
    } catch (const std::bad_alloc&) {
      failure.what = "there is not enough memory for this replication; try fewer threads";
    } catch (const std::exception& fault) {
      failure.internal = true;
      failure.what = fault.what();
    }
    whole ? note_done(work.slots[slot].engine_events) : note_failure(std::move(failure));
    return whole;
  }

  void note_done(double events) {
    const std::lock_guard lock{mutex_};
    progress_.events += events;
    tell_progress();
  }

  void note_failure(Failure failure) {
    const std::lock_guard lock{mutex_};
    failures_.push_back(std::move(failure));
    tell_progress();
  }

  void tell_progress() {
    ++progress_.runs_done;
    progress_.elapsed_seconds = elapsed();
    if (options_.progress) options_.progress(progress_);
  }

  double elapsed() const { return std::chrono::duration<double>(Clock::now() - began_).count(); }

  const Plan& plan_;
  Sink& sink_;
  const RunOptions& options_;
  const ReplicateShared& replicate_;
  const Clock::time_point began_ = Clock::now();

  std::vector<std::unique_ptr<Work>> works_;  ///< what the sink does not have, in the order of work
  std::vector<std::uint64_t> first_unit_;     ///< of each work; units number the replications through
  std::uint64_t units_ = 0;
  std::atomic<std::uint64_t> next_{0};
  std::atomic<bool> stopped_{false}, ended_early_{false};

  std::mutex mutex_;  ///< of what follows
  Progress progress_;
  std::vector<Failure> failures_;
};

}  // namespace

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
  Run run{plan, sink, options, replicate};
  unsigned threads = options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  threads = static_cast<unsigned>(std::min<std::uint64_t>(threads, std::max<std::uint64_t>(run.units(), 1)));
  // The arena gives the slots; the control lets threads be started for them beyond the machine's cores.
  const tbb::global_control control{tbb::global_control::max_allowed_parallelism, threads};
  tbb::task_arena arena{static_cast<int>(threads)};
  arena.execute([&] {
    tbb::parallel_for(
        0U, threads, [&](unsigned) { run.work(); }, tbb::simple_partitioner{});
  });
  return run.outcome();
}

}  // namespace tl
