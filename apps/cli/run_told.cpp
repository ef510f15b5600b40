#include "apps/cli/run_told.hpp"

#include <algorithm>
#include <chrono>
#include <set>

#include "apps/cli/grid.hpp"
#include "apps/cli/terminal.hpp"
#include "scenarios/progress.hpp"
#include "sim/simulation.hpp"

namespace tl {
namespace {

constexpr std::size_t kMostFailuresTold = 20;

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

}  // namespace

std::string about_seconds(double seconds) {
  return seconds < 1.0 ? "under 1 s" : "about " + shown_seconds(seconds);
}

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

}  // namespace tl
