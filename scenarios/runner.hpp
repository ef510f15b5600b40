#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scenarios/plan.hpp"
#include "scenarios/progress.hpp"
#include "sim/result.hpp"

namespace tl {

/// Where finished blocks go. Both functions are called from worker threads, several at a time for different blocks.
struct Sink {
  virtual ~Sink() = default;
  /// The block is already there, whole, from an earlier run of the program.
  virtual bool has(const RunBlock& block) const = 0;
  /// Which replications of a block that is not there are there all the same, in blocks with other bounds: one for each
  /// replication of the block. A sink that does not know says none.
  virtual std::vector<bool> covered(const RunBlock& block) const { return std::vector<bool>(block.count, false); }
  /// Puts those replications into their places in `results`, and leaves the others alone.
  virtual void fill(const RunBlock& block, std::span<ReplicationResult> results) const;
  /// Keeps a finished block: `results[i]` is replication `first_replication + i`. An exception ends the run and is
  /// passed on by run().
  virtual void take(const RunBlock& block, std::span<const ReplicationResult> results) = 0;
};

/// A replication that could not be carried out. (seed, replication) repeat it.
struct Failure {
  std::uint32_t scenario = 0;     ///< row of the plan
  std::uint32_t replication = 0;  ///< from 0
  std::uint64_t seed = 0;
  double at_days = 0.0;  ///< simulated time since the run began, warm-up included; NaN when not known
  std::string what;
  bool internal = false;  ///< a fault of the program, not of the model: exit code 3
};
/// "scenario, replication 3 (seed 1), day 12.5: what"
std::string to_text(const Failure& failure, const Plan& plan);

struct RunOutcome {
  std::uint64_t runs_done = 0;    ///< carried out now, failed ones not counted
  std::uint64_t runs_reused = 0;  ///< found in the sink
  double events = 0.0;
  double elapsed_seconds = 0.0;
  std::vector<Failure> failures;  ///< by scenario, then replication
  bool stopped = false;           ///< `stop` said so before all was done
};

/// This process's part when several share a study: blocks index-1, index-1+count, … of the plan.
struct Part {
  std::uint32_t index = 1;  ///< 1 … count
  std::uint32_t count = 1;
};

class Team;

struct RunOptions {
  unsigned threads = 0;  ///< 0 = as many as the machine has
  /// Says whether to stop; asked by several threads at once, between replications and within long ones. May be empty.
  std::function<bool()> stop;
  /// Told after each replication, never by two threads at once; how often to show it is the caller's affair. May be
  /// empty.
  std::function<void(const Progress&)> progress;
  std::optional<Part> part;
  Team* team = nullptr;  ///< other processes that help; null = this one is alone
};

/// Carries out one replication into `into`, all of which it overwrites. Called from several threads at once.
/// @throws ModelFault  what happened in the model, and when
/// @throws Stopped  `stop` said so
using Replicate =
    std::function<void(const CompiledModel&, std::uint64_t seed, std::uint32_t replication, ReplicationResult& into)>;

/// The same for an engine that keeps the model between replications: another model may come to lie where one was.
using ReplicateShared = std::function<void(const std::shared_ptr<const Compiled>&, std::uint64_t seed,
                                           std::uint32_t replication, ReplicationResult& into)>;

/// Runs what the sink does not have yet. A replication that fails is named in the outcome and its block is not kept;
/// all others go on. After a stop nothing half done has reached the sink, and the same call again goes on.
/// @throws what Sink::take throws, after the running replications have ended
RunOutcome run(const Plan& plan, Sink& sink, const RunOptions& options);
/// The same with another engine.
RunOutcome run_with(const Plan& plan, Sink& sink, const RunOptions& options, const Replicate& replicate);
RunOutcome run_shared(const Plan& plan, Sink& sink, const RunOptions& options, const ReplicateShared& replicate);

/// The blocks of this part of the plan.
std::vector<RunBlock> blocks_of(const Plan& plan, const std::optional<Part>& part);

}  // namespace tl
