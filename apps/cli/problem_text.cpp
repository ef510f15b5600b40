#include "apps/cli/problem_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "apps/cli/grid.hpp"
#include "apps/cli/terminal.hpp"

namespace tl {
namespace {

/// A problem of the whole command has no file to stand before it.
std::string line_of(const Problem& problem) {
  std::string text = to_text(problem);
  if (problem.at.file.empty() && text.rfind(": ", 0) == 0) text.erase(0, 2);
  return text;
}

/// Errors have no word of their own in a line ("file:41:18: field: ..."): the place is coloured instead.
std::string coloured(const Problem& problem, const std::string& line) {
  constexpr const char *kRed = "\x1b[31m", *kYellow = "\x1b[33m", *kPlain = "\x1b[0m";
  const char* colour = problem.severity == Severity::error ? kRed : kYellow;
  const std::size_t end = line.find(": ");
  if (problem.severity == Severity::note || end == std::string::npos) return line;
  return colour + line.substr(0, end + 1) + kPlain + line.substr(end + 1);
}

bool is_too_small(const Problem& problem) {
  return problem.code.text() == "traffic-over";
}

constexpr std::size_t kMostNamed = 20;

/// One warning at the place of the first, with the ids of all.
Problem too_small_together(const std::vector<Problem>& all) {
  constexpr std::string_view kPrefix = "settings.";
  std::vector<std::string> ids;
  std::optional<Problem> first;
  for (const Problem& problem : all) {
    if (!is_too_small(problem)) continue;
    if (!first) first = problem;
    std::string id = problem.field.rfind(kPrefix, 0) == 0 ? problem.field.substr(kPrefix.size()) : problem.field;
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(std::move(id));
  }
  std::string names;
  for (std::size_t i = 0; i < std::min(ids.size(), kMostNamed); ++i) names += (i > 0 ? ", " : "") + ids[i];
  if (ids.size() > kMostNamed) names += " and " + std::to_string(ids.size() - kMostNamed) + " more";
  const bool one = ids.size() == 1;
  first->field.clear();
  first->what = one ? names + " is offered more clients than it has units"
                    : std::to_string(ids.size()) + " settings are offered more clients than they have units: " + names;
  first->why = "in the long run, at the busiest dates; the numbers are in the table of expected flows";
  first->hint = std::string{"As long as that lasts "} + (one ? "its queue grows" : "their queues grow") +
                ", unless clients give up or are refused";
  return *first;
}

std::string_view severity_word(Severity severity) {
  return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "note";
}

}  // namespace

Problems condensed(const Problems& problems) {
  const std::vector<Problem> all = problems.sorted();
  const std::size_t found = static_cast<std::size_t>(std::count_if(all.begin(), all.end(), is_too_small));
  Problems fewer;
  bool told = false;
  for (const Problem& problem : all) {
    const bool grouped = found > 1 && is_too_small(problem);
    if (!grouped || !told) fewer.add(grouped ? too_small_together(all) : problem);
    told = told || grouped;
  }
  return fewer;
}

std::size_t warning_count(const Problems& problems) {
  const auto all = problems.sorted();
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [](const Problem& one) { return one.severity == Severity::warning; }));
}

std::string problems_text(const Problems& problems, bool colours) {
  std::string text;
  for (const Problem& problem : condensed(problems).sorted()) {
    const std::string line = line_of(problem);
    text += (colours ? coloured(problem, line) : line) + '\n';
  }
  if (problems.left_out() > 0) text += "and " + std::to_string(problems.left_out()) + " more\n";
  return text;
}

void tell_problems(const Problems& problems) {
  std::string text = problems_text(problems, false);
  if (text.empty()) return;
  text.pop_back();  // tell() ends the line itself
  tell(text);
}

void tell_errors(const Problems& problems, const std::string& path) {
  for (const Problem& problem : problems.sorted())
    if (problem.severity == Severity::error) tell(line_of(problem));
  const std::size_t warnings = warning_count(condensed(problems));
  if (!problems.has_errors() && warnings > 0)
    tell_warning(counted(warnings, "finding", "findings") + " to look at: throughline check " + shell_word(path));
}

nlohmann::ordered_json problems_json(const Problems& problems) {
  auto json = nlohmann::ordered_json::array();
  for (const Problem& problem : problems.sorted())
    json.push_back({{"file", problem.at.file},
                    {"line", problem.at.line},
                    {"column", problem.at.column},
                    {"severity", severity_word(problem.severity)},
                    {"code", problem.code.text()},
                    {"field", problem.field},
                    {"what", problem.what},
                    {"why", problem.why},
                    {"hint", problem.hint}});
  return json;
}

bool only_of_command_line(const Problems& problems) {
  const auto all = problems.sorted();
  return std::all_of(all.begin(), all.end(), [](const Problem& problem) {
    return problem.severity != Severity::error || problem.at.file.rfind("--", 0) == 0;
  });
}

}  // namespace tl
