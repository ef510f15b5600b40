#include "scenarios/plan.hpp"

#include <algorithm>
#include <utility>

#include "models/suggest.hpp"
#include "scenarios/diff.hpp"
#include "scenarios/scenario_messages.hpp"
#include "sim/result.hpp"

namespace tl {
namespace {

consteval Code code(std::string_view text) {
  return Code::in(kScenarioMessages, text);
}

constexpr std::uint64_t kBlockBytes = 8u << 20;
constexpr std::uint64_t kMostInBlock = 16;
constexpr double kClientYearsInBlock = 200'000.0;  // some seconds of work: what a stop may lose

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

std::uint64_t result_bytes(const CompiledModel& model) {
  const std::uint64_t periods = model.period_ends.size(), settings = model.settings.size(),
                      instants = model.observe.size();
  const std::uint64_t sums = settings * kSettingSums.size() + kModelSums.size() + model.events.size() +
                             model.timers.size() + model.reason_count + model.outcome_count +
                             model.milestones.size() * kMilestoneSums.size();
  const std::uint64_t lengths = (settings * 2 + model.milestones.size()) * kLengthBuckets * sizeof(std::uint32_t);
  const std::uint64_t census = settings * (kCensusBins + 1);
  return lengths + sizeof(double) * (periods * sums + 2 * instants * settings + census);
}

double clients_at_once(const CompiledModel& model) {
  double clients = 0.0;
  for (const InitialGroup& group : model.initial) clients += group.count;
  const double days = std::min(model.end.days(), 365.25);
  for (const ArrivalStream& stream : model.arrivals) {
    clients += stream.date_count;
    if (!stream.rate.exists()) continue;
    const Curve& curve = model.curves[stream.rate.index()];
    if (curve.knot_count == 0) continue;
    double highest = 0.0;
    for (std::uint32_t i = 0; i < curve.knot_count; ++i)
      highest = std::max(highest, model.knots[curve.first_knot + i].rate);
    clients += highest * days;
  }
  return clients;
}

std::uint32_t block_size(const CompiledModel& model) {
  const std::uint64_t fit = kBlockBytes / std::max<std::uint64_t>(result_bytes(model), 1);
  const double client_years = clients_at_once(model) * std::max(model.end.days() / 365.25, 1e-3);
  const double worth =
      std::clamp(kClientYearsInBlock / std::max(client_years, 1.0), 1.0, static_cast<double>(kMostInBlock));
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(fit, 1, static_cast<std::uint64_t>(worth)));
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
