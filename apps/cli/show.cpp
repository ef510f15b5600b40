#include <cmath>
#include <limits>
#include <span>

#include "analysis/lane_map.hpp"
#include "analysis/numbers.hpp"
#include "analysis/publish.hpp"
#include "analysis/version.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/grid.hpp"
#include "apps/cli/problem_text.hpp"
#include "apps/cli/terminal.hpp"
#include "models/compile.hpp"
#include "models/flow.hpp"
#include "models/read_model.hpp"
#include "scenarios/sha256.hpp"
#include "scenarios/study.hpp"

namespace tl {
namespace {

/// What is expected in each setting; a model that was not run has no census.
std::vector<BoxNumbers> expected_numbers(const Catalogue& words, const FlowReport& flow) {
  std::vector<BoxNumbers> numbers(words.settings.size(), {std::numeric_limits<double>::quiet_NaN(), "", ""});
  for (const FlowReport::Row& row : flow.rows) {
    if (row.setting >= numbers.size() || !std::isfinite(row.offered_load)) continue;
    numbers[row.setting].census = row.offered_load;
    numbers[row.setting].label = shown_short(row.offered_load);
    if (std::isfinite(row.capacity)) numbers[row.setting].label += " of " + shown_short(row.capacity);
  }
  return numbers;
}

/// A pool has no box: those who share it say so.
void note_pools(const Compiled& compiled, std::vector<BoxNumbers>& numbers) {
  for (std::size_t row = 0; row < compiled.model.more.size(); ++row) {
    const SettingId pool = compiled.model.more[row].pool;
    if (!pool.exists()) continue;
    const SettingWords& words = compiled.words.settings[pool.index()];
    numbers[row].note = "shares " + (words.name.empty() ? words.id : words.name);
  }
}

/// Nothing in it that changes from one drawing to the next.
std::vector<std::string> notes_of(const Study& study, const Catalogue& words) {
  const std::string_view text = study.model_text;
  const std::string digest = sha256_hex(std::as_bytes(std::span{text.data(), text.size()})).substr(0, 12);
  return {
      "Numbers in the boxes: clients expected there in the long run if no capacity held anyone up, of the capacity "
      "on " +
          words.start_date + ". Arrows: clients expected to move.",
      "Drawn by throughline " + std::string{kProgramVersion} + " from the model with the digest " + digest + "."};
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
  std::vector<BoxNumbers> numbers = expected_numbers(compiled->words, flow);
  note_pools(*compiled, numbers);
  const std::string svg = lane_map_file(compiled->words, numbers, notes_of(*study, compiled->words));
  publish(request.svg, std::as_bytes(std::span{svg.data(), svg.size()}));
  print("The care network, with the clients expected in each setting if no capacity held anyone up: " + request.svg +
        '\n');
  tell_next("open it in a browser, or throughline check " + shell_word(request.path) + " for the numbers");
  return ExitCode::good;
}

}  // namespace tl
