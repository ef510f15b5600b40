#include <algorithm>

#include "analysis/numbers.hpp"
#include "analysis/story.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/grid.hpp"
#include "apps/cli/interrupt.hpp"
#include "apps/cli/pilot.hpp"
#include "apps/cli/problem_text.hpp"
#include "apps/cli/terminal.hpp"
#include "models/suggest.hpp"
#include "scenarios/plan.hpp"

namespace tl {
namespace {

constexpr std::size_t kMostOthers = 6, kMostThrough = 32;

PlanOptions plan_options(const TraceRequest& request) {
  PlanOptions options;
  options.replications = 1;
  options.seed = request.seed;
  if (!request.scenario.empty()) options.only = {request.scenario};
  options.set = request.set;
  return options;
}

std::vector<std::uint32_t> rows_of(const std::vector<std::string>& names, const Catalogue& words) {
  if (names.size() > kMostThrough) throw UsageError{"trace: --through is possible 32 times at most"};
  std::vector<std::uint32_t> rows;
  std::vector<std::string> known;
  for (const SettingWords& setting : words.settings)
    if (setting.kind == "place" || setting.kind == "program") known.push_back(setting.id);
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      const std::string hint = did_you_mean(name, known);
      throw UsageError{"--through: unknown setting \"" + name + "\". " +
                       (hint.empty() ? "throughline list MODEL --table settings shows them" : hint)};
    }
    for (std::uint32_t row = 0; row < words.settings.size(); ++row)
      if (words.settings[row].id == name) rows.push_back(row);
  }
  return rows;
}

/// One replication with somebody watching. @return  what stopped it; empty when it came to its end
std::string watch(const Compiled& compiled, std::uint64_t seed, std::uint32_t replication, Watcher& watcher) {
  const std::function<bool()> stop = InterruptWatch::asked;
  Simulation simulation{compiled.model};
  simulation.watch(&watcher);
  ReplicationResult result;
  try {
    simulation.run(seed, replication, &stop, result);
  } catch (const ModelFault& fault) {
    return "day " + shown(fault.at_days, 1) + " of the run: " + fault.what();
  }
  return "";
}

std::string moves_words(const StoryLength& length) {
  return counted(length.places, "place", "places") + ", " + counted(length.moves, "move", "moves");
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " and ") + name;
  return text;
}

/// The first pass, where nobody was named: who is told of.
struct Chosen {
  std::uint32_t number = 0;
  std::string how;
  std::vector<StoryLength> others;
};

Chosen choose(const TraceRequest& request, const ScenarioPlan& scenario, std::uint64_t seed) {
  if (request.client) return {*request.client, "", {}};
  StoryCounter counter{scenario.compiled.model, rows_of(request.through, scenario.compiled.words)};
  watch(scenario.compiled, seed, request.replication, counter);
  if (counter.clients() == 0) throw UsageError{"nobody comes in this replication, so there is no story"};
  const std::string all = counted(counter.clients(), "client", "clients");
  std::vector<StoryLength> longest = counter.longest(kMostOthers + 1);
  if (longest.empty())
    throw UsageError{"--through: of " + all + " none went through " + joined(request.through) +
                     " in this replication. Try another --replication, or fewer settings"};
  const StoryLength first = longest.front();
  longest.erase(longest.begin());
  const std::string among = request.through.empty() ? all
                                                    : counted(counter.matching(), "client who", "clients who") +
                                                          " went through " + joined(request.through);
  return {first.number, ", who saw the most places among " + among + " (" + moves_words(first) + ')',
          std::move(longest)};
}

void print_text(const std::vector<StoryRecord>& records, const Compiled& compiled, const Chosen& chosen,
                const std::string& where) {
  print("Client " + std::to_string(chosen.number) + chosen.how + ".\n" + where + "\n\n");
  for (const StoryLine& line : story_lines(records, compiled))
    print(civil_time(compiled, line.at) + "  " + line.words + '\n');
  print("\n");
  for (const std::string& line : story_sum(records, compiled)) print(line + '\n');
}

void print_csv(const std::vector<StoryRecord>& records, const Compiled& compiled) {
  Grid grid;
  grid.columns = {{"time"}, {"day", true}, {"kind"}, {"subject"}, {"length_days", true}, {"words"}};
  for (const StoryRecord& record : records) {
    const StoryCells cells = story_cells(record, compiled);
    grid.rows.push_back({civil_time(compiled, record.at, true), exact((record.at - compiled.model.start).days()),
                         cells.kind, cells.subject, cells.length == SimTime{} ? "" : exact(cells.length.days()),
                         cells.words});
  }
  print(to_csv(grid));
}

void tell_others(const Chosen& chosen, const TraceRequest& request) {
  if (chosen.others.empty()) return;
  std::string text;
  for (const StoryLength& other : chosen.others)
    text += (text.empty() ? "" : "; ") + std::to_string(other.number) + " (" + moves_words(other) + ')';
  tell("Others with long stories: " + text + ".");
  tell_next("--client N for one of them, or --through SETTING for somebody who was there, as throughline trace " +
            shell_word(request.path) + " --client " + std::to_string(chosen.others.front().number));
}

/// With the warm-up that a run finds, so that the story is one of its clients.
Plan plan_of(const TraceRequest& request, const Limits& limits, Problems& problems) {
  auto study = read_study(request.path, limits, problems);
  if (!study) return {};
  PlanOptions every = plan_options(request);
  const bool known = request.scenario.empty() ||
                     std::any_of(study->scenarios.begin(), study->scenarios.end(),
                                 [&](const Scenario& scenario) { return scenario.id == request.scenario; });
  if (!known || !asks_for_warmup(study->document)) return make_plan(std::move(*study), every, limits, problems);
  every.only.clear();  // all scenarios of a study have the warm-up of the slowest
  Plan plan = plan_with_warmup(std::move(*study), every, by_pilots(every, 0, limits), limits, problems);
  std::erase_if(plan.scenarios, [&](const ScenarioPlan& scenario) {
    return !request.scenario.empty() && scenario.id != request.scenario;
  });
  return plan;
}

ExitCode refuse(const Problems& problems, const TraceRequest& request) {
  tell_errors(problems, request.path);
  const bool typed = only_of_command_line(problems);
  tell_next("throughline " + std::string{typed ? "list " : "check "} + shell_word(request.path));
  return typed ? ExitCode::usage : ExitCode::errors;
}

}  // namespace

ExitCode run_trace(const TraceRequest& request) {
  const Limits limits;
  Problems problems;
  const Plan plan = plan_of(request, limits, problems);
  if (problems.has_errors()) return refuse(problems, request);
  const ScenarioPlan& scenario = plan.scenarios.front();
  const Compiled& compiled = scenario.compiled;
  const InterruptWatch interrupt;
  try {
    const Chosen chosen = choose(request, scenario, plan.seed);
    StoryKeeper keeper{compiled.model, chosen.number};
    const std::string fault = watch(compiled, plan.seed, request.replication, keeper);
    if (keeper.records().empty())
      throw UsageError{"--client: there is no client " + std::to_string(chosen.number) +
                       " in this replication; they are numbered from 1 to " + std::to_string(keeper.clients()) +
                       " in order of coming"};
    if (request.csv)
      print_csv(keeper.records(), compiled);
    else
      print_text(keeper.records(), compiled, chosen,
                 plan.study_name + ", scenario " + scenario.id + ", replication " +
                     std::to_string(request.replication) + ", seed " + std::to_string(plan.seed) + ".");
    tell_others(chosen, request);
    if (fault.empty()) return ExitCode::good;
    tell_error("the replication failed on " + fault + ". The story is told up to there");
  } catch (const Stopped&) {
    tell("Stopped.");
  }
  return ExitCode::errors;
}

}  // namespace tl
