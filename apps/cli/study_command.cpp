#include "apps/cli/study_command.hpp"

#include <algorithm>
#include <thread>

#include "analysis/finding.hpp"
#include "analysis/results_file.hpp"
#include "apps/cli/check_metrics.hpp"
#include "apps/cli/grid.hpp"
#include "apps/cli/problem_text.hpp"
#include "apps/cli/terminal.hpp"
#include "scenarios/study.hpp"

namespace tl {

Plan read_checked_plan(const std::string& path, const PlanOptions& options, const Limits& limits, Problems& problems) {
  auto study = read_study(path, limits, problems);
  if (!study) return {};
  check_metrics(study->document, problems);
  return make_plan(std::move(*study), options, limits, problems);
}

ExitCode refuse_study(const Problems& problems, const std::string& path) {
  tell_errors(problems, path);
  if (only_of_command_line(problems)) {
    tell_next("throughline list " + shell_word(path) + "  (shows what can be named)");
    return ExitCode::usage;
  }
  tell_next("throughline check " + shell_word(path));
  return ExitCode::errors;
}

unsigned thread_count(unsigned asked) {
  return asked > 0 ? asked : std::max(1U, std::thread::hardware_concurrency());
}

std::string plan_text(const Plan& plan, unsigned threads) {
  return plan.study_name + ": " + counted(plan.scenarios.size(), "scenario", "scenarios") + ", " +
         counted(plan.replications, "replication", "replications") + " each, seed " + std::to_string(plan.seed) + ", " +
         counted(threads, "thread", "threads");
}

void publish_and_tell(Store& store) {
  publish_results(store);
  const StudyResults results = load_results(store.folder());
  for (const Finding& finding : findings_of(results, lead_metric(results))) print(finding.sentence + '\n');
  print("Results: " + (store.folder() / "results.h5").string() + '\n');
  const std::string folder = shell_word(store.folder().string());
  tell_next("throughline results " + folder + "  or  throughline report " + folder);
}

}  // namespace tl
