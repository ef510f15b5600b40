#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <set>
#include <thread>

#include "analysis/finding.hpp"
#include "analysis/results_file.hpp"
#include "analysis/store.hpp"
#include "apps/cli/check_metrics.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/grid.hpp"
#include "apps/cli/interrupt.hpp"
#include "apps/cli/problem_text.hpp"
#include "apps/cli/run_progress.hpp"
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
  options.seed = request.seed;
  options.only = request.scenarios;
  options.set = request.set;
  return options;
}

unsigned thread_count(const RunRequest& request) {
  return request.threads > 0 ? request.threads : std::max(1U, std::thread::hardware_concurrency());
}

std::string plan_text(const Plan& plan, const RunRequest& request) {
  return plan.study_name + ": " + counted(plan.scenarios.size(), "scenario", "scenarios") + ", " +
         counted(plan.replications, "replication", "replications") + " each, seed " + std::to_string(plan.seed) + ", " +
         counted(thread_count(request), "thread", "threads");
}

/// Seconds one replication of each scenario takes; none when that cannot be found out in a few seconds.
std::optional<double> seconds_of_one_each(const Plan& plan) {
  using Clock = std::chrono::steady_clock;
  constexpr auto kMost = std::chrono::seconds{20};
  const auto began = Clock::now();
  const std::function<bool()> stop = [&] { return InterruptWatch::asked() || Clock::now() - began > kMost; };
  ReplicationResult result;
  try {
    for (const ScenarioPlan& scenario : plan.scenarios) {
      Simulation simulation{scenario.compiled.model};
      simulation.run(plan.seed, 0, &stop, result);
    }
  } catch (const Stopped&) {
    return std::nullopt;
  }
  return std::chrono::duration<double>(Clock::now() - began).count();
}

std::string about_seconds(double seconds) {
  return seconds < 1.0 ? "under 1 s" : "about " + shown_seconds(seconds);
}

ExitCode dry_run(const Plan& plan, const RunRequest& request, const RunNeeds& needed) {
  print(plan_text(plan, request) + "\n");
  for (const ScenarioPlan& scenario : plan.scenarios) {
    print("  " + scenario.id + (scenario.name == scenario.id ? "" : ": " + scenario.name) + '\n');
    for (const std::string& change : scenario.changes) print("    " + change + '\n');
  }
  print("Runs: " + std::to_string(needed.runs) + '\n');
  const InterruptWatch watch;
  try {
    if (const auto seconds = seconds_of_one_each(plan))
      print("Time: " + about_seconds(*seconds * plan.replications / thread_count(request)) +
            ", as one replication of each scenario took " + about_seconds(*seconds) + '\n');
    else
      print("Time: not known; one replication of each scenario takes longer than 20 s\n");
  } catch (const ModelFault& fault) {
    print("Time: not known; the first replication fails: " + std::string{fault.what()} + '\n');
  }
  print("Memory: at most " + shown_bytes(needed.memory_bytes) + '\n');
  print("Disk: at most " + shown_bytes(needed.result_bytes) + '\n');
  tell_next("the same command without --dry-run");
  return ExitCode::good;
}

/// What was typed is wrong usage; what stands in a file is an error.
ExitCode refuse(const Problems& problems, const RunRequest& request) {
  tell_errors(problems, request.path);
  if (only_of_command_line(problems)) {
    tell_next("throughline list " + shell_word(request.path) + "  (shows what can be named)");
    return ExitCode::usage;
  }
  tell_next("throughline check " + shell_word(request.path));
  return ExitCode::errors;
}

/// Where clients moved at the latest instant at which any did.
struct LastMoves : Watcher {
  SimTime at;
  std::set<std::uint32_t> settings;
  void moved(std::uint32_t, SettingId from, SettingId to, SimTime when) override {
    if (when != at) settings.clear();
    at = when;
    for (const SettingId setting : {from, to})
      if (setting.exists()) settings.insert(setting.index());
  }
};

/// The engine knows no names: the replication is carried out once more and watched. Empty when that takes too long.
std::string settings_of(const Failure& failure, const Plan& plan) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::seconds{20};
  const std::function<bool()> stop = [&] { return Clock::now() > end; };
  const std::shared_ptr<const Compiled> compiled = plan.compiled(failure.scenario);
  LastMoves moves;
  Simulation simulation{compiled->model};
  simulation.watch(&moves);
  ReplicationResult result;
  try {
    simulation.run(failure.seed, failure.replication, &stop, result);
  } catch (const ModelFault&) {
    std::string ids;
    for (const std::uint32_t setting : moves.settings)
      ids += (ids.empty() ? "" : ", ") + compiled->words.settings[setting].id;
    return ids;
  } catch (const std::exception&) {  // stopped, or a fault that was told already
  }
  return "";
}

constexpr std::size_t kMostFailuresTold = 20;

void tell_failures(const RunOutcome& outcome, const Plan& plan) {
  for (std::size_t i = 0; i < std::min(outcome.failures.size(), kMostFailuresTold); ++i)
    tell_error(to_text(outcome.failures[i], plan));
  if (outcome.failures.size() > kMostFailuresTold)
    tell("and " + std::to_string(outcome.failures.size() - kMostFailuresTold) + " more failed replications");
  if (outcome.failures.empty() || outcome.failures.front().internal) return;
  if (const std::string ids = settings_of(outcome.failures.front(), plan); !ids.empty())
    tell("In the first of them the clients who moved at that instant were in: " + ids + ".");
}

ExitCode code_of(const RunOutcome& outcome) {
  for (const Failure& failure : outcome.failures)
    if (failure.internal) return ExitCode::fault;
  return outcome.failures.empty() ? ExitCode::good : ExitCode::errors;
}

std::string done_text(const RunOutcome& outcome) {
  std::string text = counted(outcome.runs_done, "run", "runs") + " done";
  if (outcome.runs_done > 0) text += " in " + about_seconds(outcome.elapsed_seconds);
  if (outcome.runs_reused > 0) text += ", " + counted(outcome.runs_reused, "was", "were") + " there already";
  return text + '.';
}

ExitCode stopped(const Store& store, const Plan& plan, const RunRequest& request) {
  std::uint64_t all = 0;
  for (const RunBlock& block : plan.blocks) all += block.count;
  tell("Stopped. " + std::to_string(all - store.missing()) + " of " + counted(all, "run is", "runs are") + " kept in " +
       request.folder + ", and nothing half done.");
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

void publish_and_tell(Store& store, const RunRequest& request) {
  publish_results(store);
  const StudyResults results = load_results(store.folder());
  for (const Finding& finding : findings_of(results, lead_metric(results))) print(finding.sentence + '\n');
  print("Results: " + (store.folder() / "results.h5").string() + '\n');
  tell_next("throughline results " + shell_word(request.folder) + "  or  throughline report " +
            shell_word(request.folder));
}

ExitCode carry_out(const Plan& plan, const RunRequest& request) {
  Store store{request.folder, plan};
  for (const std::string& notice : store.notices()) tell_warning(notice);
  tell(plan_text(plan, request));
  RunOutcome outcome;
  {
    const InterruptWatch watch;
    RunProgress progress;
    RunOptions options;
    options.threads = request.threads;
    options.stop = InterruptWatch::asked;
    options.progress = [&](const Progress& now) { progress.show(now); };
    outcome = run(plan, store, options);
    progress.clear();
    store.finish();
  }
  tell(done_text(outcome));
  tell_failures(outcome, plan);
  if (outcome.stopped) return stopped(store, plan, request);
  const ExitCode code = code_of(outcome);
  if (code == ExitCode::fault)
    tell("A fault of the program, not of your files. Please report it with the study and the lines above.");
  if (!has_something_of_all(store, plan)) {
    tell_next("mend the model where the lines above say, and give the same command again");
    return code;
  }
  if (store.missing() > 0)
    tell_warning(counted(store.missing(), "run is", "runs are") +
                 " missing from the results: those that failed, and those kept in one file with them. "
                 "Averages are of the others and may be off");
  publish_and_tell(store, request);
  return code;
}

/// The plan, of a model whose metrics can be shown when it has run.
Plan read_checked(const RunRequest& request, const Limits& limits, Problems& problems) {
  auto study = read_study(request.path, limits, problems);
  if (!study) return {};
  check_metrics(study->document, problems);
  return make_plan(std::move(*study), plan_options(request), limits, problems);
}

}  // namespace

ExitCode run_run(const RunRequest& request) {
  const Limits limits;
  Problems problems;
  const Plan plan = read_checked(request, limits, problems);
  if (problems.has_errors()) return refuse(problems, request);
  const RunNeeds needed = estimate(plan, request.threads);
  check_resources(needed, resources_for(request.folder), limits, problems);
  if (problems.has_errors()) return refuse(problems, request);
  tell_errors(problems, request.path);
  return request.dry_run ? dry_run(plan, request, needed) : carry_out(plan, request);
}

}  // namespace tl
