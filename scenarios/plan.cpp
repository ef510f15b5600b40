#include "scenarios/plan.hpp"

#include <algorithm>
#include <utility>

#include "models/suggest.hpp"
#include "scenarios/diff.hpp"
#include "scenarios/scenario_messages.hpp"

namespace tl {
namespace {

consteval Code code(std::string_view text) {
  return Code::in(kScenarioMessages, text);
}

/// The scenarios that are asked for, in the study's order.
std::vector<Scenario> chosen(const std::vector<Scenario>& all, const std::vector<std::string>& only,
                             Problems& problems) {
  if (only.empty()) return all;
  std::vector<std::string> ids;
  for (const Scenario& scenario : all) ids.push_back(scenario.id);
  std::string list;
  for (const std::string& id : ids) list += (list.empty() ? "" : ", ") + id;
  for (const std::string& wanted : only) {
    if (std::find(ids.begin(), ids.end(), wanted) != ids.end()) continue;
    const std::string hint = did_you_mean(wanted, ids);
    problems.error({"--scenario", 0, 0}, code("scenario-unknown"), wanted, "unknown scenario",
                   "the study has none of that name", hint.empty() ? "It has: " + list : hint);
  }
  std::vector<Scenario> kept;
  for (const Scenario& scenario : all)
    if (std::find(only.begin(), only.end(), scenario.id) != only.end()) kept.push_back(scenario);
  return kept;
}

std::vector<Change> typed_changes(const std::vector<std::string>& texts, const Limits& limits, Problems& problems) {
  std::vector<Change> changes;
  for (const std::string& text : texts)
    if (auto change = change_from_text(text, "--set", limits, problems)) changes.push_back(std::move(*change));
  return changes;
}

/// What a model says of how often it is to be run; the same for every scenario.
struct Runs {
  std::uint32_t replications;
  std::uint64_t seed;
};

/// Compiles one scenario into the plan. @returns what the model says of its runs; nullopt when it cannot be built
std::optional<Runs> add_scenario(const Document& document, const Scenario& scenario, const Limits& limits,
                                 Problems& problems, Plan& plan) {
  ReadOptions read;
  read.limits = limits;
  const auto model = build_model(document, scenario.changes, read, problems);
  if (!model) return std::nullopt;
  auto compiled = compile(*model, limits, problems);
  if (!compiled) return std::nullopt;
  plan.scenarios.push_back({.id = scenario.id,
                            .name = scenario.name.empty() ? scenario.id : scenario.name,
                            .about = scenario.about,
                            .changes = in_words(document, scenario.changes),
                            .compiled = std::move(*compiled)});
  return Runs{model->replications, model->seed};
}

void check_runs(const Plan& plan, const PlanOptions& options, const Limits& limits, Problems& problems) {
  const Place at{options.replications ? "--replications" : plan.study_name, 0, 0};
  if (plan.replications == 0)
    problems.error(at, code("plan-runs"), "study.replications", "is 0", "a study has at least one replication",
                   "Write for instance replications = 20");
  const std::uint64_t runs = std::uint64_t{plan.replications} * plan.scenarios.size();
  if (runs > limits.runs)
    problems.error(at, code("plan-runs"), "study.replications",
                   std::to_string(runs) + " runs (" + std::to_string(plan.scenarios.size()) +
                       (plan.scenarios.size() == 1 ? " scenario, " : " scenarios, ") +
                       std::to_string(plan.replications) + " replications each)",
                   "at most " + std::to_string(limits.runs) + " runs a study", "Try fewer replications or scenarios");
}

}  // namespace

Plan read_plan(const std::filesystem::path& path, const PlanOptions& options, const Limits& limits,
               Problems& problems) {
  auto study = read_study(path, limits, problems);
  if (!study) return {};
  return make_plan(std::move(*study), options, limits, problems);
}

Plan make_plan(Study study, const PlanOptions& options, const Limits& limits, Problems& problems) {
  const std::size_t errors = problems.error_count();
  Plan plan;
  const std::vector<Change> typed = typed_changes(options.set, limits, problems);
  std::optional<Runs> runs;
  for (Scenario& scenario : chosen(study.scenarios, options.only, problems)) {
    scenario.changes.insert(scenario.changes.end(), typed.begin(), typed.end());
    const auto said = add_scenario(study.document, scenario, limits, problems, plan);
    if (!runs) runs = said;
  }
  plan.seed = options.seed.value_or(runs ? runs->seed : 1);
  plan.replications = options.replications.value_or(runs ? runs->replications : 1);
  plan.about = std::move(study.about);
  plan.study_name = std::move(study.name);
  plan.study_text = std::move(study.study_text);
  plan.model_text = std::move(study.model_text);
  check_runs(plan, options, limits, problems);
  if (problems.error_count() == errors) plan.blocks = lay_out_blocks(plan.scenarios, plan.replications);
  return plan;
}

std::uint32_t Plan::rows() const {
  return static_cast<std::uint32_t>(scenarios.size()) + (more ? more->size() : 0);
}

std::shared_ptr<const Compiled> Plan::compiled(std::uint32_t row) const {
  if (row < scenarios.size()) return {std::shared_ptr<const Compiled>{}, &scenarios[row].compiled};
  return more->compiled(row - static_cast<std::uint32_t>(scenarios.size()));
}

RowFacts Plan::facts(std::uint32_t row) const {
  if (row < scenarios.size()) return facts_of(scenarios[row].compiled, seed);
  return more->facts(row - static_cast<std::uint32_t>(scenarios.size()));
}

std::string Plan::row_name(std::uint32_t row) const {
  if (row < scenarios.size()) return scenarios[row].id;
  return more->name(row - static_cast<std::uint32_t>(scenarios.size()));
}

std::vector<RunBlock> lay_out_blocks(const std::vector<ScenarioPlan>& scenarios, std::uint32_t replications) {
  std::vector<RunBlock> blocks;
  for (std::uint32_t scenario = 0; scenario < scenarios.size(); ++scenario) {
    const std::uint32_t size = block_size(scenarios[scenario].compiled.model);
    for (std::uint64_t first = 0; first < replications; first += size)
      blocks.push_back({.scenario = scenario,
                        .first_replication = static_cast<std::uint32_t>(first),
                        .count = static_cast<std::uint32_t>(std::min<std::uint64_t>(size, replications - first))});
  }
  return blocks;
}

}  // namespace tl
