#include <algorithm>
#include <chrono>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "analysis/origin.hpp"
#include "analysis/store.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/dry_run.hpp"
#include "apps/cli/grid.hpp"
#include "apps/cli/interrupt.hpp"
#include "apps/cli/pilot.hpp"
#include "apps/cli/problem_text.hpp"
#include "apps/cli/rounds.hpp"
#include "apps/cli/run_progress.hpp"
#include "apps/cli/run_told.hpp"
#include "apps/cli/study_command.hpp"
#include "apps/cli/terminal.hpp"
#include "scenarios/estimate.hpp"
#include "scenarios/plan.hpp"
#include "scenarios/ranks.hpp"
#include "scenarios/runner.hpp"
#include "scenarios/sha256.hpp"
#include "scenarios/team.hpp"
#include "sim/simulation.hpp"

namespace tl {
namespace {

PlanOptions plan_options(const RunRequest& request) {
  PlanOptions options;
  options.replications = request.replications;
  options.precision = request.precision;
  options.seed = request.seed;
  options.only = request.scenarios;
  options.set = request.set;
  options.threads = request.threads;
  options.progress = [told = std::chrono::steady_clock::now()](const PlanningProgress& now) mutable {
    const auto at = std::chrono::steady_clock::now();
    if (at - told < std::chrono::seconds{3}) return;
    told = at;
    tell("Planning: " + std::to_string(now.done) + " of " + std::to_string(now.total) + " points and draws read");
  };
  return options;
}

std::string part_text(const Part& part) {
  return "part " + std::to_string(part.index) + " of " + std::to_string(part.count);
}

ExitCode stopped(const Store& store, const Plan& plan, const RunRequest& request) {
  const std::vector<RunBlock> blocks = blocks_of(plan, request.part);
  std::uint64_t all = 0;
  for (const RunBlock& block : blocks) all += block.count;
  tell("Stopped. " + std::to_string(all - store.missing(blocks)) + " of " + counted(all, "run is", "runs are") +
       " kept in " + request.folder + ", and nothing half done.");
  tell_next(request.again + "  (goes on where it stopped)");
  return ExitCode::errors;
}

/// Each scenario has a replication that worked, so that there is something to say of it.
bool has_something_of_all(const Store& store, const Plan& plan) {
  std::vector<bool> has(plan.scenarios.size(), false);
  for (const RunBlock& block : plan.blocks)
    if (block.scenario < has.size() && store.has(block)) has[block.scenario] = true;
  return std::find(has.begin(), has.end(), false) == has.end();
}

RunOutcome run_watched(Plan& plan, Store& store, const RunRequest& request, Team* team) {
  const InterruptWatch watch;
  RunProgress progress;
  RunOptions options;
  options.threads = request.threads;
  options.part = request.part;
  options.team = team;
  options.stop = InterruptWatch::asked;
  options.progress = [&](const Progress& now) { progress.show(now); };
  RunOutcome outcome = run_in_rounds(
      plan, store, [&] { return run(plan, store, options); },
      [&](const std::string& words) {
        progress.clear();
        tell(words);
      });
  progress.clear();
  store.finish();
  return outcome;
}

/// A part has no results of its own: they are made from all parts.
ExitCode end_of_part(const Store& store, const Plan& plan, const RunRequest& request, ExitCode code) {
  const std::uint64_t missing = store.missing(blocks_of(plan, request.part));
  if (missing > 0) {
    tell_warning(counted(missing, "run is", "runs are") + " missing from " + part_text(*request.part) +
                 ": those that failed, and those kept in one file with them");
    tell_next("mend the model where the lines above say, and give the command of every part again");
    return code;
  }
  tell("This was " + part_text(*request.part) + ". The results are made from all parts.");
  tell_next("when all parts are done: throughline merge FOLDER... -o RESULTS");
  return code;
}

ExitCode end_of_study(Store& store, const Plan& plan, ExitCode code) {
  if (!has_something_of_all(store, plan)) {
    tell_next("mend the model where the lines above say, and give the same command again");
    return code;
  }
  if (store.missing() > 0)
    tell_warning(counted(store.missing(), "run is", "runs are") +
                 " missing from the results: those that failed, and those kept in one file with them. "
                 "Averages are of the others and may be off");
  publish_and_tell(store);
  return code;
}

ExitCode carry_out(Plan& plan, const RunRequest& request, Team* team, const std::string& workers) {
  Store store{request.folder, plan};
  publish_origin(store.folder(), origin_of(request.path, plan_options(request), request.part, plan));
  for (const std::string& notice : store.notices()) tell_warning(notice);
  tell(plan_text(plan) + ", " + workers + (request.part ? ", " + part_text(*request.part) : ""));
  const RunOutcome outcome = run_watched(plan, store, request, team);
  tell(done_text(outcome));
  tell_failures(outcome, plan);
  if (outcome.stopped) return stopped(store, plan, request);
  const ExitCode code = code_of(outcome);
  if (code == ExitCode::fault)
    tell("A fault of the program, not of your files. Please report it with the study and the lines above.");
  return request.part ? end_of_part(store, plan, request, code) : end_of_study(store, plan, code);
}

std::string workers_text(const Ranks& ranks, unsigned threads) {
  const std::string text = counted(threads, "thread", "threads");
  return ranks.count() == 1 ? text : std::to_string(ranks.count()) + " ranks with " + text + " each";
}

/// What is planned here, and what must not be done when it cannot be planned.
struct Planned {
  Plan plan;
  Problems problems;
  bool stopped = false;  ///< during the pilot runs for a warm-up
  bool pilots = false;   ///< of a dry run: there would be some
  std::string fault;     ///< what reading the study threw; empty when nothing
};

Planned planned(const RunRequest& request, const Limits& limits, Ranks& ranks) {
  Planned planned;
  PlanOptions options = plan_options(request);
  if (ranks.index() != 0) options.progress = nullptr;  // only one of them speaks
  SharedWarmup warmup{ranks};
  FindWarmup find_warmup;
  if (request.dry_run)
    find_warmup = [&](const Study& study, Problems&) {
      planned.pilots = needs_pilots(study.document);
      return Warmup{};
    };
  else
    find_warmup = [&](const Study& study, Problems& problems) {
      const unsigned threads = request.threads * static_cast<unsigned>(ranks.on_this_host());  // the others wait
      return warmup.found([&] { return by_pilots(options, threads, limits)(study, problems); });
    };
  try {
    planned.plan = read_checked_plan(request.path, options, find_warmup, limits, planned.problems);
  } catch (const Stopped&) {
    planned.stopped = true;
  } catch (const std::exception& error) {
    if (ranks.count() == 1) throw;
    planned.fault = error.what();
  }
  return planned;
}

/// The same text on two ranks means that they would run the same; one that begins with "!" says why a rank cannot.
std::string account_of(const Planned& planned) {
  if (!planned.fault.empty()) return '!' + planned.fault;
  if (planned.stopped) return "!stopped";
  if (planned.problems.has_errors()) return '!' + to_text(planned.problems.sorted().front());
  std::string digests;
  for (std::uint32_t row = 0; row < planned.plan.rows(); ++row) digests += planned.plan.facts(row).hex();
  return sha256_hex(std::as_bytes(std::span{digests}));
}

/// Every rank has read the study by itself: they must have read the same. Rank 0 tells what is not.
bool all_agree(Ranks& ranks, const Planned& planned) {
  const std::vector<std::string> accounts = gathered(ranks, account_of(planned));
  bool good = true;
  for (std::size_t rank = 1; rank < accounts.size(); ++rank) {
    if (accounts[rank] == accounts[0]) continue;
    good = false;
    if (accounts[0].front() == '!') continue;
    tell_error("rank " + std::to_string(rank) +
               (accounts[rank].front() == '!' ? " cannot read the study: " + accounts[rank].substr(1)
                                              : " reads another study or model. The files must be the same on "
                                                "every machine"));
  }
  if (!accounts.empty() && accounts[0].front() == '!') good = false;
  return told_to_all(ranks, good ? "go" : "end") == "go";
}

std::unique_ptr<Ranks> ranks_or_refusal() {
  try {
    return ranks_of_this_process();
  } catch (const std::runtime_error& error) {
    throw UsageError{error.what()};
  }
}

}  // namespace

ExitCode run_run(const RunRequest& request) {
  const std::unique_ptr<Ranks> ranks = ranks_or_refusal();
  const bool is_alone = ranks->count() == 1, is_first = ranks->index() == 0;
  if (is_alone) ranks->part_in_order();
  const Limits limits;
  const unsigned of_host = static_cast<unsigned>(ranks->on_this_host());
  RunRequest wanted = request;
  if (wanted.threads == 0) wanted.threads = std::max(1U, ranks->cores_of_host() / of_host);
  Planned here = planned(wanted, limits, *ranks);
  if (!is_alone && !all_agree(*ranks, here)) {
    ranks->part_in_order();
    if (!is_first) return ExitCode::good;  // rank 0 has told it, and its exit code is mpirun's
    if (!here.fault.empty()) tell_error(here.fault);
    if (!here.problems.has_errors() && !here.stopped) return ExitCode::errors;
  }
  if (here.stopped) {
    tell("Stopped. Nothing is kept of the pilot runs for the warm-up.");
    tell_next(request.again + "  (begins again with them)");
    return ExitCode::errors;
  }
  if (here.problems.has_errors()) return refuse_study(here.problems, request.path);
  if (!is_first) {
    const InterruptWatch watch;
    serve(here.plan, *ranks, wanted.threads, InterruptWatch::asked);
    return ExitCode::good;
  }
  Team team{*ranks};
  if (here.plan.precision && request.part)
    throw UsageError{
        "run: --shard cannot be given for a study that asks for a precision, as a part does not know what the other "
        "parts found. Give each part the same fixed number, as --replications 100"};
  if (here.plan.precision) extend(here.plan, here.plan.precision->most);  // what it may come to
  RunNeeds needed = estimate(here.plan, wanted.threads * of_host);
  const Resources there = resources_for(request.folder);
  refine_disk(here.plan, request, there, needed);
  check_resources(needed, there, limits, here.problems);
  if (here.problems.has_errors()) return refuse_study(here.problems, request.path);
  tell_errors(here.problems, request.path);
  const Workers workers{.text = workers_text(*ranks, wanted.threads),
                        .runs = std::uint64_t{wanted.threads} * static_cast<unsigned>(ranks->count())};
  if (request.dry_run) return dry_run(here.plan, wanted, needed, workers, here.pilots);
  if (here.plan.precision) extend(here.plan, here.plan.precision->least);
  return carry_out(here.plan, wanted, is_alone ? nullptr : &team, workers.text);
}

}  // namespace tl
