#include "scenarios/plan.hpp"

#include <algorithm>
#include <utility>

#include "models/suggest.hpp"
#include "models/units.hpp"
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
std::optional<Runs> add_scenario(const Document& document, const ReadyModel& ready, const Scenario& scenario,
                                 const Limits& limits, Problems& problems, Plan& plan) {
  const auto model = ready.build(scenario.changes, problems);
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

std::string counted(std::uint64_t count, const char* one, const char* many) {
  return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

void check_runs(const Plan& plan, const PlanOptions& options, const Limits& limits, Problems& problems) {
  const Place at{options.replications ? "--replications" : plan.study_name, 0, 0};
  if (plan.replications == 0)
    problems.error(at, code("plan-runs"), "study.replications", "is 0", "a study has at least one replication",
                   "Write for instance replications = 20");
  const std::uint32_t most = plan.precision ? plan.precision->most : plan.replications;
  std::uint64_t runs = std::uint64_t{most} * plan.scenarios.size();
  std::string words = counted(plan.scenarios.size(), "scenario, ", "scenarios, ") + (plan.precision ? "up to " : "") +
                      std::to_string(most) + " replications each";
  if (plan.sweep) {
    runs += std::uint64_t{plan.sweep->points} * plan.sweep->replications;
    words += "; " + counted(plan.sweep->points, "point", "points") + " of a sweep";
  }
  if (plan.uncertain) {
    runs += plan.scenarios.size() * std::uint64_t{plan.uncertain->draws} * plan.uncertain->replications;
    words += "; " + counted(plan.uncertain->draws, "draw", "draws") + " of each scenario";
  }
  if (runs > limits.runs)
    problems.error(at, code("plan-runs"), "study.replications", std::to_string(runs) + " runs (" + words + ")",
                   "at most " + std::to_string(limits.runs) + " runs a study", "Try fewer replications or scenarios");
}

void add_blocks(std::uint32_t row, std::uint32_t size, std::uint32_t replications, std::vector<RunBlock>& blocks) {
  for (std::uint64_t first = 0; first < replications; first += size)
    blocks.push_back({.scenario = row,
                      .first_replication = static_cast<std::uint32_t>(first),
                      .count = static_cast<std::uint32_t>(std::min<std::uint64_t>(size, replications - first))});
}

/// A row's results are kept over the whole time at once, unless the study says otherwise.
Change reporting(const std::optional<Cell>& every, const CompiledModel& model, const Place& at) {
  Change change{.kind = Change::Kind::set, .path = "model.every", .value = {}, .at = at};
  if (every) {
    change.value = *every;
  } else {
    constexpr double kShortestPeriod = 1.0 / 24.0;
    change.value.text = shown(std::max((model.end - model.start).days(), kShortestPeriod)) + " d";
    change.value.at = change.value.key_at = at;
  }
  return change;
}

/// Reads what the study says of further rows into the plan: the points of its sweep, the draws of its parameters.
class MoreRows {
 public:
  MoreRows(Study& study, std::vector<Scenario> scenarios, const PlanOptions& options, const Limits& limits,
           Problems& problems, Plan& plan)
      : study_{study},
        scenarios_{std::move(scenarios)},
        options_{options},
        limits_{limits},
        problems_{problems},
        plan_{plan} {}

  void add() {
    if (!study_.sweep && !study_.uncertain) return;
    Problems already_told;
    const ParameterTable parameters = read_parameters(study_.document.find("parameters"), limits_, already_told);
    if (study_.sweep) add_sweep(parameters);
    if (study_.uncertain) add_uncertain(parameters);
    check_runs(plan_, options_, limits_, problems_);
    if (problems_.has_errors() || (!plan_.sweep && !plan_.uncertain)) return;
    plan_.more =
        std::make_shared<const LazyRows>(std::make_shared<const Document>(std::move(study_.document)), source(),
                                         plan_.seed, limits_, options_.threads, options_.progress, problems_);
  }

 private:
  void add_sweep(const ParameterTable& parameters) {
    const SweepSpec& spec = *study_.sweep;
    const std::string base = spec.base.empty() ? study_.scenarios.front().id : spec.base;
    std::vector<std::string> ids;
    for (const Scenario& scenario : study_.scenarios) ids.push_back(scenario.id);
    if (std::find(ids.begin(), ids.end(), base) == ids.end()) {
      const std::string hint = did_you_mean(base, ids);
      return problems_.error(spec.base_at, code("sweep-base"), "sweep.base", "unknown scenario " + in_quotes(base),
                             "points change a scenario of the study", hint);
    }
    const auto runs = [&](const Scenario& scenario) { return scenario.id == base; };
    if (std::none_of(scenarios_.begin(), scenarios_.end(), runs)) return;  // --scenario left it out
    auto sweep = lay_out(spec, parameters, plan_.seed, limits_.runs, problems_);
    if (!sweep) return;
    sweep->base = base;
    sweep->replications = options_.replications.value_or(spec.replications.value_or(plan_.replications));
    plan_.sweep = std::make_shared<const Sweep>(std::move(*sweep));
    plan_.metrics.insert(plan_.metrics.end(), spec.metrics.begin(), spec.metrics.end());
  }

  void add_uncertain(const ParameterTable& parameters) {
    std::vector<std::string> used;
    for (const ParameterWords& parameter : plan_.scenarios.front().compiled.words.parameters)
      if (parameter.used) used.push_back(parameter.id);
    auto drawn = draw_parameters(*study_.uncertain, parameters, used, plan_.seed, limits_, problems_);
    if (!drawn) return;
    drawn->replications = options_.replications.value_or(study_.uncertain->replications.value_or(plan_.replications));
    plan_.uncertain = std::make_shared<const Uncertain>(std::move(*drawn));
  }

  RowSource source() const {
    const std::shared_ptr<const Sweep> sweep = plan_.sweep;
    const std::shared_ptr<const Uncertain> uncertain = plan_.uncertain;
    const std::uint32_t points = sweep ? sweep->points : 0, draws = uncertain ? uncertain->draws : 0,
                        base = sweep ? plan_.base_row() : 0;
    std::vector<Change> point_period, draw_period;
    if (sweep) point_period.push_back(reporting(sweep->every, plan_.scenarios[base].compiled.model, study_.sweep->at));
    for (const ScenarioPlan& scenario : plan_.scenarios)
      if (uncertain) draw_period.push_back(reporting(uncertain->every, scenario.compiled.model, uncertain->at));
    RowSource source;
    source.count = points + draws * static_cast<std::uint32_t>(scenarios_.size());
    const auto scenarios = std::make_shared<const std::vector<Scenario>>(scenarios_);
    source.changes = [=](std::uint32_t row) {
      if (row < points) {
        std::vector<Change> changes = (*scenarios)[base].changes;
        changes.push_back(point_period.front());
        const std::vector<Change> own = sweep->changes(row);
        changes.insert(changes.end(), own.begin(), own.end());
        return changes;
      }
      const std::uint32_t scenario = (row - points) / draws;
      std::vector<Change> changes = uncertain->changes((row - points) % draws);
      changes.push_back(draw_period[scenario]);
      const std::vector<Change>& own = (*scenarios)[scenario].changes;
      changes.insert(changes.end(), own.begin(), own.end());
      return changes;
    };
    source.name = [=](std::uint32_t row) {
      if (row < points) return sweep->name(row);
      return "draw " + std::to_string((row - points) % draws + 1) + " of " + (*scenarios)[(row - points) / draws].id;
    };
    return source;
  }

  Study& study_;
  std::vector<Scenario> scenarios_;
  const PlanOptions& options_;
  const Limits& limits_;
  Problems& problems_;
  Plan& plan_;
};

/// The blocks of the rows that are not scenarios.
void add_more_blocks(Plan& plan) {
  if (!plan.more) return;
  const std::uint32_t points = plan.sweep ? plan.sweep->points : 0;
  for (std::uint32_t i = 0; i < plan.more->size(); ++i)
    add_blocks(static_cast<std::uint32_t>(plan.scenarios.size()) + i, plan.more->facts(i).block_size,
               i < points ? plan.sweep->replications : plan.uncertain->replications, plan.blocks);
}

/// A fixed number on the command line outdoes every aim; an aim there outdoes the study's.
std::optional<PrecisionGoal> goal_of(const std::optional<PrecisionGoal>& study, const PlanOptions& options,
                                     const Limits& limits, Problems& problems) {
  if (options.replications) return std::nullopt;
  if (!options.precision) return study;
  PrecisionGoal goal = study.value_or(PrecisionGoal{});
  Cell cell;
  cell.text = *options.precision;
  cell.at = {"--precision", 0, 0};
  const auto typed = read_precision(cell, limits, problems);
  if (!typed) return std::nullopt;
  goal.at = cell.at;
  // The study's metrics stay those that are meant.
  if (std::none_of(goal.aims.begin(), goal.aims.end(), [](const PrecisionAim& aim) { return !aim.metric.empty(); }))
    goal.aims = typed->aims;
  for (PrecisionAim& aim : goal.aims) {
    aim.within = typed->aims.front().within;
    aim.at = cell.at;
  }
  return goal;
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
  ReadOptions read;
  read.limits = limits;
  const ReadyModel ready{study.document, read, problems};
  std::vector<Scenario> scenarios = chosen(study.scenarios, options.only, problems);
  for (Scenario& scenario : scenarios) {
    scenario.changes.insert(scenario.changes.end(), typed.begin(), typed.end());
    const auto said = add_scenario(study.document, ready, scenario, limits, problems, plan);
    if (!runs) runs = said;
  }
  plan.seed = options.seed.value_or(runs ? runs->seed : 1);
  plan.replications = options.replications.value_or(runs ? runs->replications : 1);
  plan.about = std::move(study.about);
  plan.study_name = std::move(study.name);
  plan.study_text = std::move(study.study_text);
  plan.model_text = std::move(study.model_text);
  plan.metrics = std::move(study.metrics);
  plan.precision = goal_of(study.precision, options, limits, problems);
  if (plan.precision) plan.replications = plan.precision->least;
  check_runs(plan, options, limits, problems);
  if (problems.error_count() == errors) MoreRows{study, std::move(scenarios), options, limits, problems, plan}.add();
  if (problems.error_count() > errors) return plan;
  plan.blocks = lay_out_blocks(plan.scenarios, plan.replications);
  add_more_blocks(plan);
  return plan;
}

void extend(Plan& plan, std::uint32_t replications) {
  plan.replications = replications;
  plan.blocks = lay_out_blocks(plan.scenarios, replications);
  add_more_blocks(plan);
}

std::uint32_t Plan::rows() const {
  return static_cast<std::uint32_t>(scenarios.size()) + (more ? more->size() : 0);
}

std::uint32_t Plan::draw_row(std::uint32_t scenario, std::uint32_t draw) const {
  return point_row(sweep ? sweep->points : 0) + scenario * uncertain->draws + draw;
}

std::uint32_t Plan::base_row() const {
  for (std::uint32_t row = 0; row < scenarios.size(); ++row)
    if (scenarios[row].id == sweep->base) return row;
  return 0;
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
    add_blocks(scenario, block_size(scenarios[scenario].compiled.model), replications, blocks);
  }
  return blocks;
}

}  // namespace tl
