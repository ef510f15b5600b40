#include "scenarios/diff.hpp"

#include "apps/cli/commands.hpp"
#include "apps/cli/grid.hpp"
#include "apps/cli/problem_text.hpp"
#include "apps/cli/terminal.hpp"
#include "models/suggest.hpp"
#include "scenarios/study.hpp"

namespace tl {
namespace {

const Scenario& scenario_of(const Study& study, const std::string& id) {
  std::vector<std::string> ids;
  std::string list;
  for (const Scenario& scenario : study.scenarios) {
    if (scenario.id == id) return scenario;
    ids.push_back(scenario.id);
    list += (list.empty() ? "" : ", ") + scenario.id;
  }
  const std::string hint = did_you_mean(id, ids);
  throw UsageError{"unknown scenario \"" + id + "\" in " + study.name + ". " +
                   (hint.empty() ? "It has: " + list : hint)};
}

void print_differences(const std::vector<std::string>& told, const std::string& from, const std::string& to) {
  if (told.empty()) return print("Nothing differs between " + from + " and " + to + ".\n");
  print("From " + from + " to " + to + ":\n");
  for (const std::string& line : told) print("  " + line + '\n');
}

std::optional<Study> read_or_tell(const std::string& path) {
  Problems problems;
  auto study = read_study(path, Limits{}, problems);
  tell_problems(problems);
  if (!study) tell_next("throughline check " + shell_word(path));
  return study;
}

}  // namespace

ExitCode run_diff(const DiffRequest& request) {
  const auto first = read_or_tell(request.first);
  if (!first) return ExitCode::errors;
  if (!request.third.empty()) {
    const Scenario& from = scenario_of(*first, request.second);
    const Scenario& to = scenario_of(*first, request.third);
    print_differences(differences(first->document, from, to), from.id, to.id);
    tell_next("throughline run " + shell_word(request.first) + " -o results --scenario " + from.id + " --scenario " +
              to.id);
    return ExitCode::good;
  }
  const auto second = read_or_tell(request.second);
  if (!second) return ExitCode::errors;
  print_differences(differences(*first, *second), request.first, request.second);
  tell_next("throughline check " + shell_word(request.second));
  return ExitCode::good;
}

}  // namespace tl
