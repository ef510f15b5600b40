#include <algorithm>
#include <chrono>
#include <string>

#include "analysis/origin.hpp"
#include "analysis/store.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/dry_run.hpp"
#include "apps/cli/grid.hpp"
#include "apps/cli/interrupt.hpp"
#include "apps/cli/problem_text.hpp"
#include "apps/cli/rounds.hpp"
#include "apps/cli/run_progress.hpp"
#include "apps/cli/run_told.hpp"
#include "apps/cli/study_command.hpp"
#include "apps/cli/terminal.hpp"
#include "scenarios/estimate.hpp"
#include "scenarios/plan.hpp"
#include "scenarios/runner.hpp"
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

RunOutcome run_watched(Plan& plan, Store& store, const RunRequest& request) {
  const InterruptWatch watch;
  RunProgress progress;
  RunOptions options;
  options.threads = request.threads;
  options.part = request.part;
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

ExitCode carry_out(Plan& plan, const RunRequest& request) {
  Store store{request.folder, plan};
  publish_origin(store.folder(), origin_of(request.path, plan_options(request), request.part));
  for (const std::string& notice : store.notices()) tell_warning(notice);
  tell(plan_text(plan, thread_count(request.threads)) + (request.part ? ", " + part_text(*request.part) : ""));
  const RunOutcome outcome = run_watched(plan, store, request);
  tell(done_text(outcome));
  tell_failures(outcome, plan);
  if (outcome.stopped) return stopped(store, plan, request);
  const ExitCode code = code_of(outcome);
  if (code == ExitCode::fault)
    tell("A fault of the program, not of your files. Please report it with the study and the lines above.");
  return request.part ? end_of_part(store, plan, request, code) : end_of_study(store, plan, code);
}

}  // namespace

ExitCode run_run(const RunRequest& request) {
  const Limits limits;
  Problems problems;
  Plan plan;
  try {
    const std::optional<unsigned> pilot_threads = request.dry_run ? std::nullopt : std::optional{request.threads};
    plan = read_checked_plan(request.path, plan_options(request), pilot_threads, limits, problems);
  } catch (const Stopped&) {
    tell("Stopped. Nothing is kept of the pilot runs for the warm-up.");
    tell_next(request.again + "  (begins again with them)");
    return ExitCode::errors;
  }
  if (problems.has_errors()) return refuse_study(problems, request.path);
  if (plan.precision && request.part)
    throw UsageError{
        "run: --shard cannot be given for a study that asks for a precision, as a part does not know what the other "
        "parts found. Give each part the same fixed number, as --replications 100"};
  if (plan.precision) extend(plan, plan.precision->most);  // what it may come to
  const RunNeeds needed = estimate(plan, request.threads);
  if (plan.precision) extend(plan, plan.precision->least);
  check_resources(needed, resources_for(request.folder), limits, problems);
  if (problems.has_errors()) return refuse_study(problems, request.path);
  tell_errors(problems, request.path);
  return request.dry_run ? dry_run(plan, request, needed) : carry_out(plan, request);
}

}  // namespace tl
