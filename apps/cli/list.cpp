#include <cmath>
#include <nlohmann/json.hpp>

#include "analysis/measures.hpp"
#include "analysis/numbers.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/grid.hpp"
#include "apps/cli/problem_text.hpp"
#include "apps/cli/rule_words.hpp"
#include "apps/cli/staff_words.hpp"
#include "apps/cli/terminal.hpp"
#include "models/compile.hpp"
#include "models/read_model.hpp"
#include "scenarios/diff.hpp"
#include "scenarios/lever_change.hpp"
#include "scenarios/study.hpp"
#include "scenarios/sweep.hpp"

namespace tl {
namespace {

std::string known(double value) {
  return std::isnan(value) ? "" : exact(value);
}

Grid settings_grid(const Model& model) {
  Grid grid;
  grid.columns = {{"id", false},     {"name", false}, {"kind", false},   {"department", false},
                  {"domain", false}, {"level", true}, {"capacity", true}};
  for (const SettingSpec& setting : model.settings) {
    const SettingWords& words = setting.words;
    if (words.id == "outside" || words.kind == "line") continue;
    const bool limited = setting.capacity.has_value() && std::isfinite(words.capacity);
    grid.rows.push_back({words.id, words.name, words.kind, words.department, words.domain, std::to_string(words.level),
                         limited ? exact(words.capacity) : "unlimited"});
  }
  return grid;
}

Grid parameters_grid(const Model& model) {
  Grid grid;
  grid.columns = {{"path", false}, {"value", true}, {"unit", false},       {"low", true},
                  {"high", true},  {"kind", false}, {"source", false, 40}, {"note", false, 40}};
  for (const ParameterWords& parameter : model.parameters)
    grid.rows.push_back({"parameters." + parameter.id, known(parameter.value), parameter.unit, known(parameter.low),
                         known(parameter.high), parameter.provenance.kind, parameter.provenance.source,
                         parameter.provenance.note});
  return grid;
}

/// What the results lead with.
Grid metrics_grid(const Model& model) {
  Grid grid;
  grid.columns = {{"metric", false}, {"measure", false}, {"of", false},
                  {"good", false},   {"target", true},   {"meaning", false}};
  const auto add = [&](const MetricWords& metric, const std::string& measure) {
    grid.rows.push_back({metric.id, measure,
                         metric.subject.empty() ? metric.scope : metric.scope + ' ' + metric.subject, metric.good,
                         known(metric.target), metric.words});
  };
  for (const MetricWords& metric : model.metrics) add(metric, metric.measure);
  for (const RatioWords& ratio : model.ratios) add(ratio.top, ratio.top.measure + " / " + ratio.measure);
  return grid;
}

std::string payers_text(const Model& model, const CostSpec& cost) {
  std::string text;
  for (const auto& [payer, share] : cost.split.shares)
    text += (text.empty() ? "" : ", ") + model.money.payers[payer].id + ' ' + exact(share * 100.0) + '%';
  return text;
}

std::string per_text(const CostSpec& cost) {
  constexpr const char* kWords[] = {"client day", "capacity day", "admission",  "year",  "event",
                                    "outcome",    "once",         "staff hour", "metric"};
  return kWords[static_cast<std::size_t>(cost.per)];
}

/// What costs money, and who pays.
Grid costs_grid(const Model& model) {
  Grid grid;
  grid.columns = {{"cost", false},  {"name", false},       {"setting", false}, {"department", false}, {"per", false},
                  {"amount", true}, {"payers", false, 40}, {"kind", false},    {"source", false, 40}};
  for (const CostSpec& cost : model.money.costs) {
    const std::size_t settings = model.settings.size();
    const std::string where = !cost.setting              ? ""
                              : *cost.setting < settings ? model.settings[*cost.setting].words.id
                                                         : model.pools[*cost.setting - settings].id;
    grid.rows.push_back({cost.id, cost.name, where, model.departments[cost.department], per_text(cost),
                         shown(cost.amount.base), payers_text(model, cost), cost.provenance.kind,
                         cost.provenance.source});
  }
  return grid;
}

/// What can be measured of any model.
Grid measures_grid() {
  Grid grid;
  grid.columns = {{"measure", false}, {"unit", false}, {"good", false}, {"meaning", false}};
  for (const Measure& measure : measures())
    grid.rows.push_back(
        {std::string{measure.name}, std::string{measure.unit}, std::string{measure.good}, std::string{measure.words}});
  return grid;
}

/// The study's sweep, laid out; what is wrong with it is told by check and run.
std::optional<Sweep> sweep_of(const Study& study, const Limits& limits) {
  if (!study.sweep) return std::nullopt;
  Problems told_elsewhere;
  const ParameterTable parameters = read_parameters(study.document.find("parameters"), limits, told_elsewhere);
  return lay_out(*study.sweep, parameters, 1, limits.runs, told_elsewhere);
}

std::string joined(const std::vector<std::string>& lines, std::size_t first) {
  std::string text;
  for (std::size_t i = first; i < lines.size(); ++i) text += (text.empty() ? "" : "; ") + lines[i];
  return text;
}

/// What each lever does alone and at full strength.
Grid levers_grid(const Study& study) {
  Grid grid;
  grid.columns = {{"lever", false}, {"name", false},  {"changes", false, 60}, {"starts", false},
                  {"ramp", false},  {"grade", false}, {"source", false, 40}};
  Problems told_elsewhere;
  for (const LeverSpec& lever : read_levers(study.document, Limits{}, told_elsewhere)) {
    const Change all = full_strength(lever);
    // The first line names the lever itself; a date stands in a column of its own.
    std::vector<std::string> lines = in_words(study.document, std::span{&all, 1});
    for (std::string& line : lines)
      if (const std::size_t by = line.rfind(" (by "); by != std::string::npos) line.resize(by);
    grid.rows.push_back({lever.id, lever.name.empty() ? lever.id : lever.name, joined(lines, 1),
                         lever.starts ? shown(*lever.starts) : "", lever.ramp ? shown(*lever.ramp) : "", lever.grade,
                         lever.source});
  }
  return grid;
}

std::string joined_changes(const Study& study, const Scenario& scenario) {
  const std::string text = joined(in_words(study.document, scenario.changes), 0);
  return text.empty() ? "the model as written" : text;
}

Grid scenarios_grid(const Study& study) {
  Grid grid;
  grid.columns = {{"scenario", false}, {"name", false}, {"changes", false}};
  for (const Scenario& scenario : study.scenarios)
    grid.rows.push_back(
        {scenario.id, scenario.name.empty() ? scenario.id : scenario.name, joined_changes(study, scenario)});
  return grid;
}

/// What the study's sweep turns.
Grid factors_grid(const Study& study, const Limits& limits) {
  Grid grid;
  grid.columns = {{"factor", false}, {"low", true}, {"high", true}, {"unit", false}, {"levels", true}};
  const auto sweep = sweep_of(study, limits);
  if (!sweep) return grid;
  for (const Factor& factor : sweep->factors)
    grid.rows.push_back({factor.address, known(factor.low), known(factor.high), factor.unit,
                         factor.levels.empty() ? "" : std::to_string(factor.levels.size())});
  return grid;
}

/// What only a compiled model says in words; what is wrong with it is told by check and run.
Catalogue words_of(const Model& model) {
  Problems told_elsewhere;
  const auto compiled = compile(model, Limits{}, told_elsewhere);
  return compiled ? compiled->words : Catalogue{};
}

Grid grid_of(const std::string& table, const Study& study, const Model& model) {
  if (table == "settings") return settings_grid(model);
  if (table == "parameters") return parameters_grid(model);
  if (table == "metrics") return metrics_grid(model);
  if (table == "costs") return costs_grid(model);
  if (table == "measures") return measures_grid();
  if (table == "factors") return factors_grid(study, Limits{});
  if (table == "levers") return levers_grid(study);
  if (table == "staff") return staff_grid(model);
  if (table == "staffing") return staffing_grid(model);
  if (table == "policies") return policies_grid(words_of(model));
  if (table == "budgets") return budgets_grid(words_of(model));
  return scenarios_grid(study);
}

/// The measures are the same for every model and many: people get them when they ask for them.
std::vector<std::string> wanted_tables(const ListRequest& request, const Study& study, const Model& model) {
  if (!request.table.empty()) return {request.table};
  std::vector<std::string> tables{"settings", "parameters", "metrics"};
  if (!model.staff.empty()) tables.insert(tables.end(), {"staff", "staffing"});
  if (study.document.find("costs") != nullptr || study.document.find("incentives") != nullptr)
    tables.push_back("costs");
  if (!model.money.budgets.empty()) tables.push_back("budgets");
  if (!model.policies.empty()) tables.push_back("policies");
  if (study.document.find("levers") != nullptr || request.format == Format::json) tables.push_back("levers");
  if (!study.study_text.empty()) tables.push_back("scenarios");  // a model has none
  if (study.sweep) tables.push_back("factors");
  if (request.format == Format::json) tables.push_back("measures");
  return tables;
}

void print_text(const std::string& table, const Grid& grid) {
  print(table + " (" + std::to_string(grid.rows.size()) + ")\n");
  if (!grid.rows.empty()) print(to_text(grid));
  print("\n");
}

nlohmann::ordered_json grid_json(const Grid& grid) {
  auto json = nlohmann::ordered_json::array();
  for (const auto& row : grid.rows) {
    nlohmann::ordered_json one;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const bool is_number = grid.columns[c].right && row[c].find_first_not_of("0123456789.eE+-") == std::string::npos;
      if (grid.columns[c].right && (row[c].empty() || !is_number))
        one[grid.columns[c].name] = nullptr;  // not given, or unlimited
      else if (is_number)
        one[grid.columns[c].name] = nlohmann::ordered_json::parse(row[c]);
      else
        one[grid.columns[c].name] = row[c];
    }
    json.push_back(std::move(one));
  }
  return json;
}

}  // namespace

std::vector<std::string> list_table_names() {
  return {"settings", "parameters", "metrics", "staff",     "staffing", "costs",
          "budgets",  "policies",   "levers",  "scenarios", "factors",  "measures"};
}

namespace {

std::string more_rows_text(const Study& study, const Limits& limits) {
  std::string text;
  if (const auto sweep = sweep_of(study, limits))
    text += "The sweep has " + counted(sweep->points, "point", "points") + " (" + std::string{word_of(sweep->design)} +
            ").\n";
  if (study.uncertain)
    text +=
        "Uncertain parameters are drawn " + counted(study.uncertain->draws, "time", "times") + " for each scenario.\n";
  return text;
}

}  // namespace

ExitCode run_list(const ListRequest& request) {
  if (request.format == Format::csv && request.table.empty())
    throw UsageError{
        "--format csv writes one table. Say which: --table settings, parameters, metrics, staff, staffing, costs, "
        "budgets, policies, levers, scenarios, factors or measures"};
  const Limits limits;
  Problems problems;
  const auto study = read_study(request.path, limits, problems);
  ReadOptions options;
  options.limits = limits;
  const auto model = study ? build_model(study->document, {}, options, problems) : std::nullopt;
  if (!model) {
    tell_problems(problems);
    tell_next("throughline check " + shell_word(request.path));
    return ExitCode::errors;
  }
  nlohmann::ordered_json json;
  json["format"] = 1;
  json["kind"] = "throughline.list";
  for (const std::string& table : wanted_tables(request, *study, *model)) {
    const Grid grid = grid_of(table, *study, *model);
    if (request.format == Format::table) print_text(table, grid);
    if (request.format == Format::csv) print(to_csv(grid));
    if (request.format == Format::json) json[table] = grid_json(grid);
  }
  if (request.format == Format::json)
    print(json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n');
  if (request.format == Format::table && request.table.empty()) print(more_rows_text(*study, limits));
  if (request.format == Format::table && request.table.empty())
    print("What else can be measured: throughline list " + shell_word(request.path) + " --table measures\n");
  const std::string address =
      model->parameters.empty() ? "settings.ID.capacity" : "parameters." + model->parameters.front().id;
  tell_next("throughline run " + shell_word(request.path) + " -o results --set " + address + "=VALUE");
  return ExitCode::good;
}

}  // namespace tl
