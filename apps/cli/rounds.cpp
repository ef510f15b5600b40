#include "apps/cli/rounds.hpp"

#include <algorithm>

#include "analysis/precision.hpp"
#include "apps/cli/grid.hpp"

namespace tl {
namespace {

void add(const RunOutcome& round, RunOutcome& all) {
  const std::uint64_t before = all.runs_done;
  all.runs_done += round.runs_done;
  all.runs_reused = round.runs_reused > before ? round.runs_reused - before : 0;  // not what this command made itself
  all.events += round.events;
  all.elapsed_seconds += round.elapsed_seconds;
  all.failures.insert(all.failures.end(), round.failures.begin(), round.failures.end());
  all.stopped = round.stopped;
}

std::string not_yet(const std::vector<PrecisionLine>& lines) {
  const auto wide = static_cast<std::size_t>(
      std::count_if(lines.begin(), lines.end(), [](const PrecisionLine& line) { return !line.reached; }));
  return std::to_string(wide) + " of " + counted(lines.size(), "half-width is", "half-widths are") +
         " still wider than asked.";
}

}  // namespace

RunOutcome run_in_rounds(Plan& plan, Store& store, const RunPlan& run_plan,
                         const std::function<void(const std::string&)>& say) {
  if (!plan.precision) return run_plan();
  const PrecisionGoal& goal = *plan.precision;
  RunOutcome all;
  const Rounds rounds = run_rounds(
      goal,
      [&](std::uint32_t round, std::uint32_t replications) {
        extend(plan, replications);
        store.plan_has_grown();
        say("Round " + std::to_string(round) + " of at most " + std::to_string(most_rounds(goal)) + ": to " +
            std::to_string(replications) + " replications of each scenario.");
        add(run_plan(), all);
        return !all.stopped && all.failures.empty();
      },
      [&] {
        auto lines = judge_precision(
            goal, [&](std::size_t i) { return gather_scenario(store, static_cast<std::uint32_t>(i)); },
            plan.scenarios.size());
        if (!all_reached(lines)) say(not_yet(lines));
        return lines;
      });
  if (all.stopped) return all;
  std::vector<std::string> words;
  if (rounds.broken_off)
    words.push_back("Precision was not judged: a replication failed in round " + std::to_string(rounds.rounds));
  else
    words = precision_words(goal, rounds.lines, rounds.replications);
  for (const std::string& line : words) {
    say(line + '.');
    plan.notes.push_back(line);
  }
  return all;
}

std::string replications_text(const Plan& plan) {
  if (!plan.precision) return counted(plan.replications, "replication", "replications") + " each";
  return std::to_string(plan.precision->least) + " to " + std::to_string(plan.precision->most) +
         " replications each, until precise";
}

}  // namespace tl
