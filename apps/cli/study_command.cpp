#include "apps/cli/study_command.hpp"

#include "analysis/finding.hpp"
#include "analysis/precision.hpp"
#include "analysis/results_file.hpp"
#include "analysis/sweep_tables.hpp"
#include "apps/cli/check_metrics.hpp"
#include "apps/cli/grid.hpp"
#include "apps/cli/problem_text.hpp"
#include "apps/cli/rounds.hpp"
#include "apps/cli/terminal.hpp"
#include "scenarios/study.hpp"

namespace tl {

Plan read_checked_plan(const std::string& path, const PlanOptions& options, const FindWarmup& find_warmup,
                       const Limits& limits, Problems& problems) {
  auto study = read_study(path, limits, problems);
  if (!study) return {};
  check_metrics(study->document, problems);
  Plan plan = find_warmup ? plan_with_warmup(std::move(*study), options, find_warmup, limits, problems)
                          : make_plan(std::move(*study), options, limits, problems);
  if (!problems.has_errors()) check_metrics(plan, problems);
  if (plan.precision && !plan.scenarios.empty())
    check_precision(*plan.precision, plan.scenarios.front().compiled.words, problems);
  return plan;
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

namespace {

/// ", 200 points of a sweep, 50 draws of 12 uncertain parameters"
std::string more_text(const Plan& plan) {
  std::string text;
  if (plan.sweep) text += ", " + counted(plan.sweep->points, "point", "points") + " of a sweep";
  if (plan.uncertain)
    text += ", " + counted(plan.uncertain->draws, "draw", "draws") + " of " +
            counted(plan.uncertain->parameters.size(), "uncertain parameter", "uncertain parameters");
  return text;
}

}  // namespace

std::string plan_text(const Plan& plan) {
  return plan.study_name + ": " + counted(plan.scenarios.size(), "scenario", "scenarios") + ", " +
         replications_text(plan) + more_text(plan) + ", seed " + std::to_string(plan.seed);
}

void publish_and_tell(Store& store) {
  const StudyResults results = gather_study(store);
  publish_results(store, results);
  for (const Finding& finding : findings_of(results, lead_metric(results))) print(finding.sentence + '\n');
  for (const std::string& sentence : sweep_sentences(results)) print(sentence + '\n');
  print("Results: " + (store.folder() / "results.h5").string() + '\n');
  const std::string folder = shell_word(store.folder().string());
  if (results.sweep || results.uncertain)
    return tell_next("throughline results " + folder + " --table " + (results.sweep ? "sweep" : "uncertainty") +
                     "  or  --table sensitivity");
  tell_next("throughline results " + folder + "  or  throughline report " + folder);
}

}  // namespace tl
