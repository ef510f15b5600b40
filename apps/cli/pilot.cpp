#include "apps/cli/pilot.hpp"

#include <utility>

#include "apps/cli/grid.hpp"
#include "apps/cli/interrupt.hpp"
#include "apps/cli/run_progress.hpp"
#include "apps/cli/terminal.hpp"
#include "models/units.hpp"
#include "scenarios/runner.hpp"
#include "sim/simulation.hpp"

namespace tl {
namespace {

/// Keeps of each run what the pilot looks at.
class PilotSink : public Sink {
 public:
  explicit PilotSink(PilotGather& into) : into_{into} {}
  bool has(const RunBlock&) const override { return false; }
  void take(const RunBlock& block, std::span<const ReplicationResult> results) override { into_.take(block, results); }

 private:
  PilotGather& into_;
};

}  // namespace

Warmup make_pilots(const Study& study, const PlanOptions& options, unsigned threads, const Limits& limits,
                   Problems& problems) {
  const InterruptWatch watch;
  const auto run_pilot = [&](const Plan& pilot, PilotGather& into) {
    tell("Pilot for the warm-up: " + counted(kPilotRuns, "run", "runs") + " of " +
         counted(pilot.scenarios.size(), "scenario", "scenarios") + ", " +
         shown_duration(pilot.scenarios.front().compiled.model.end.days()) + " each.");
    PilotSink sink{into};
    RunProgress progress;
    RunOptions run_options;
    run_options.threads = threads;
    run_options.stop = InterruptWatch::asked;
    run_options.progress = [&](const Progress& now) { progress.show(now); };
    const RunOutcome outcome = run(pilot, sink, run_options);
    progress.clear();
    if (outcome.stopped) throw Stopped{};
  };
  return find_warmup(study, options, limits, run_pilot, problems);
}

FindWarmup by_pilots(const PlanOptions& options, unsigned threads, const Limits& limits) {
  return [=](const Study& study, Problems& problems) {
    const Warmup warmup = make_pilots(study, options, threads, limits, problems);
    if (!problems.has_errors()) tell(warmup.words + '.');
    return warmup;
  };
}

Plan plan_with_warmup(Study study, const PlanOptions& options, const FindWarmup& find_warmup, const Limits& limits,
                      Problems& problems) {
  if (problems.has_errors() || !asks_for_warmup(study.document))
    return make_plan(std::move(study), options, limits, problems);
  const Warmup warmup = find_warmup(study, problems);
  if (problems.has_errors()) return {};
  set_warmup(study, warmup);
  Problems told_already;  // the plan with "auto" told all there was
  Plan plan = make_plan(std::move(study), options, limits, told_already);
  for (const Problem& problem : told_already.sorted())
    if (problem.severity == Severity::error) problems.add(problem);
  if (!warmup.words.empty()) plan.notes.insert(plan.notes.begin(), warmup.words);
  return plan;
}

namespace {

/// What rank 0 says instead of a number of days.
constexpr const char* kNoWarmup = "none";

}  // namespace

SharedWarmup::~SharedWarmup() {
  try {
    if (!done_) exchanged(kNoWarmup);
  } catch (const std::exception&) {  // mpirun ends the others when this process ends
  }
}

std::string SharedWarmup::exchanged(const std::string& text) {
  done_ = true;
  const InterruptWatch watch;  // rank 0 hears of a stop too, and says so
  return told_to_all(ranks_, text);
}

Warmup SharedWarmup::found(const std::function<Warmup()>& find) {
  if (ranks_.index() == 0) {
    const Warmup warmup = find();
    exchanged(shown(warmup.days));
    return warmup;
  }
  const std::string days = exchanged("");
  if (days == kNoWarmup) throw Stopped{};
  Warmup warmup;
  warmup.days = std::stod(days);
  return warmup;
}

}  // namespace tl
