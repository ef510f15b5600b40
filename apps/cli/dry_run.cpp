#include "apps/cli/dry_run.hpp"

#include <chrono>
#include <functional>
#include <optional>

#include "apps/cli/interrupt.hpp"
#include "apps/cli/run_told.hpp"
#include "apps/cli/study_command.hpp"
#include "apps/cli/terminal.hpp"
#include "sim/simulation.hpp"

namespace tl {
namespace {

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

}  // namespace

ExitCode dry_run(const Plan& plan, const RunRequest& request, const RunNeeds& needed) {
  print(plan_text(plan, thread_count(request.threads)) + "\n");
  for (const ScenarioPlan& scenario : plan.scenarios) {
    print("  " + scenario.id + (scenario.name == scenario.id ? "" : ": " + scenario.name) + '\n');
    for (const std::string& change : scenario.changes) print("    " + change + '\n');
  }
  const std::string at_most = plan.precision ? "at most " : "";
  print("Runs: " + at_most + std::to_string(needed.runs) + '\n');
  const InterruptWatch watch;
  try {
    if (const auto seconds = seconds_of_one_each(plan))
      print("Time: " + at_most +
            about_seconds(*seconds / static_cast<double>(plan.scenarios.size()) * static_cast<double>(needed.runs) /
                          thread_count(request.threads)) +
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

}  // namespace tl
