#include "apps/cli/problem_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

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

std::string_view severity_word(Severity severity) {
  return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "note";
}

}  // namespace

std::string problems_text(const Problems& problems, bool colours) {
  std::string text;
  for (const Problem& problem : problems.sorted()) {
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
  std::size_t warnings = 0;
  for (const Problem& problem : problems.sorted()) {
    if (problem.severity == Severity::error) tell(line_of(problem));
    warnings += problem.severity == Severity::warning ? 1 : 0;
  }
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
