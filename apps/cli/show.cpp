#include <cmath>
#include <limits>

#include "analysis/lane_map.hpp"
#include "analysis/numbers.hpp"
#include "analysis/publish.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/grid.hpp"
#include "apps/cli/problem_text.hpp"
#include "apps/cli/terminal.hpp"
#include "models/compile.hpp"
#include "models/flow.hpp"
#include "models/read_model.hpp"
#include "scenarios/study.hpp"

namespace tl {
namespace {

/// What is expected in each setting; a model that was not run has no census.
std::vector<BoxNumbers> expected_numbers(const Catalogue& words, const FlowReport& flow) {
  std::vector<BoxNumbers> numbers(words.settings.size(), {std::numeric_limits<double>::quiet_NaN(), ""});
  for (const FlowReport::Row& row : flow.rows) {
    if (row.setting >= numbers.size() || !std::isfinite(row.offered_load)) continue;
    numbers[row.setting].census = row.offered_load;
    numbers[row.setting].label = shown_short(row.offered_load);
    if (std::isfinite(row.capacity)) numbers[row.setting].label += " of " + shown_short(row.capacity);
  }
  return numbers;
}

/// The lane map as a file of its own, which needs its name space said.
std::string svg_file(std::string element) {
  const std::size_t tag = element.find("<svg");
  if (tag != std::string::npos && element.find("xmlns=") == std::string::npos)
    element.insert(tag + 4, " xmlns=\"http://www.w3.org/2000/svg\"");
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + element + '\n';
}

}  // namespace

ExitCode run_show(const ShowRequest& request) {
  const Limits limits;
  Problems problems;
  auto study = read_study(request.path, limits, problems);
  ReadOptions options;
  options.limits = limits;
  const auto model = study ? build_model(study->document, {}, options, problems) : std::nullopt;
  auto compiled = model ? compile(*model, limits, problems) : std::nullopt;
  if (!compiled) {
    tell_problems(problems);
    tell_next("throughline check " + shell_word(request.path));
    return ExitCode::errors;
  }
  const FlowReport flow = expected_flow(*model, *compiled);
  compiled->words.links = flow.links;
  const std::string svg = svg_file(lane_map_svg(compiled->words, expected_numbers(compiled->words, flow)));
  publish(request.svg, std::as_bytes(std::span{svg.data(), svg.size()}));
  print("The care network, with the clients expected in each setting if no capacity held anyone up: " + request.svg +
        '\n');
  tell_next("open it in a browser, or throughline check " + shell_word(request.path) + " for the numbers");
  return ExitCode::good;
}

}  // namespace tl
