#include "apps/cli/dry_run.hpp"

#include <algorithm>

#include "analysis/probe.hpp"
#include "apps/cli/grid.hpp"
#include "apps/cli/interrupt.hpp"
#include "apps/cli/run_told.hpp"
#include "apps/cli/study_command.hpp"
#include "apps/cli/terminal.hpp"
#include "scenarios/warmup.hpp"

namespace tl {
namespace {

constexpr double kProbeSeconds = 20.0;

std::uint64_t runs_of(const std::vector<RunBlock>& blocks) {
  std::uint64_t runs = 0;
  for (const RunBlock& block : blocks) runs += block.count;
  return runs;
}

void print_scenarios(const Plan& plan) {
  for (const ScenarioPlan& scenario : plan.scenarios) {
    print("  " + scenario.id + (scenario.name == scenario.id ? "" : ": " + scenario.name) + '\n');
    for (const std::string& change : scenario.changes) print("    " + change + '\n');
  }
}

/// No run is shared between cores, so the longest one bounds the whole.
double seconds_of(const Probe& probe, const Workers& workers) {
  return std::max(probe.seconds / static_cast<double>(workers.runs), probe.longest_seconds);
}

std::string time_text(const Probe& probe, const Workers& workers) {
  if (!probe.fault.empty()) return "not known; " + probe.fault;
  return about_seconds(seconds_of(probe, workers)) + " with " + workers.text + ", from a probe of " +
         counted(probe.tried, "run", "runs") + " that took " + about_seconds(probe.tried_seconds);
}

/// They are as long as the study at first, and twice as long each time that the system has not settled.
void print_pilots(const Plan& plan, const Workers& workers) {
  constexpr int kMost = (1 << (kPilotDoublings + 1)) - 1;
  print("Pilots: " + std::to_string(kPilotRuns * plan.scenarios.size()) +
        " runs for the warm-up, which makes the runs longer by what they find; nothing of them is kept\n");
  const InterruptWatch watch;
  const Probe found = probe(plan, lay_out_blocks(plan.scenarios, kPilotRuns), kProbeSeconds, InterruptWatch::asked);
  if (found.fault.empty())
    print("Time of the pilots: " + about_seconds(seconds_of(found, workers)) + ", and up to " + std::to_string(kMost) +
          " times that when the system is slow to settle\n");
}

}  // namespace

ExitCode dry_run(const Plan& plan, const RunRequest& request, const RunNeeds& needed, const Workers& workers,
                 bool pilots) {
  print(plan_text(plan) + ", " + workers.text + "\n");
  print_scenarios(plan);
  const std::string at_most = plan.precision ? "at most " : "";
  const std::vector<RunBlock> wanted = blocks_of(plan, request.part);
  const std::vector<RunBlock> left = not_there(request.folder, plan, wanted);
  const std::uint64_t all = runs_of(wanted), new_ones = runs_of(left);
  if (pilots) print_pilots(plan, workers);
  print("Runs: " + at_most + std::to_string(all) +
        (new_ones < all ? ", of which " + std::to_string(all - new_ones) + " are there already" : "") + '\n');
  const InterruptWatch watch;
  const Probe found = probe(plan, left, kProbeSeconds, InterruptWatch::asked);
  if (new_ones == 0)
    print("Time: under 1 s, as all runs are there\n");
  else
    print("Time: " + at_most + time_text(found, workers) + '\n');
  print("Memory: at most " + shown_bytes(needed.memory_bytes) + '\n');
  if (found.tried > 0)
    print("Disk: about " + shown_bytes(found.bytes) + ", as the probe's runs take when compressed; at most " +
          shown_bytes(needed.result_bytes) + '\n');
  else
    print("Disk: at most " + shown_bytes(new_ones == 0 ? 0 : needed.result_bytes) + '\n');
  tell_next("the same command without --dry-run");
  return ExitCode::good;
}

void refine_disk(const Plan& plan, const RunRequest& request, const Resources& there, RunNeeds& needed) {
  if (!takes_too_much(needed.result_bytes, there.free_disk_bytes)) return;
  const InterruptWatch watch;
  const Probe found =
      probe(plan, not_there(request.folder, plan, blocks_of(plan, request.part)), kProbeSeconds, InterruptWatch::asked);
  if (found.tried > 0) needed.result_bytes = std::min(needed.result_bytes, found.bytes + found.bytes / 2);
}

}  // namespace tl
