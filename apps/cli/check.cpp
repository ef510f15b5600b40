#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "analysis/charts.hpp"
#include "analysis/numbers.hpp"
#include "analysis/precision.hpp"
#include "analysis/publish.hpp"
#include "apps/cli/check_metrics.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/grid.hpp"
#include "apps/cli/pilot.hpp"
#include "apps/cli/problem_text.hpp"
#include "apps/cli/rule_words.hpp"
#include "apps/cli/staff_words.hpp"
#include "apps/cli/terminal.hpp"
#include "models/compile.hpp"
#include "models/flow.hpp"
#include "models/graph.hpp"
#include "models/read_model.hpp"
#include "scenarios/lever_change.hpp"
#include "scenarios/plan.hpp"
#include "scenarios/study.hpp"
#include "scenarios/warmup.hpp"
#include "sim/simulation.hpp"

namespace tl {
namespace {

/// A scenario that could be built, and what is to be expected of it.
struct Checked {
  std::string id;
  Model model;
  GraphReport graph;
  FlowReport flow;
  std::string staff;  ///< what is to be expected of them, in words; policies and budgets
  nlohmann::ordered_json staff_json = nullptr;
};

/// Everything `check` found.
struct Report {
  Problems problems;
  std::vector<Checked> scenarios;
  std::size_t asked = 0;  ///< scenarios of the study
  bool is_study = false;
  std::optional<Study> study;
};

void check_scenario(const Study& study, const Scenario& scenario, const Limits& limits, Report& report) {
  ReadOptions options;
  options.limits = limits;
  auto model = build_model(study.document, scenario.changes, options, report.problems);
  if (!model) return;
  const auto compiled = compile(*model, limits, report.problems);
  if (!compiled) return;
  Problems already_told;  // compile() tells what the network shows
  GraphReport graph = inspect(*model, *compiled, already_told);
  FlowReport flow = expected_flow(*model, *compiled);
  Checked checked{scenario.id, std::move(*model), std::move(graph), std::move(flow), "", nullptr};
  if (!compiled->words.staff.empty()) {
    const StaffReport staff = expected_staff(checked.model, *compiled);
    checked.staff = staff_text(*compiled, staff);
    checked.staff_json = staff_json(*compiled, staff);
  }
  checked.staff += rules_text(compiled->words);
  report.scenarios.push_back(std::move(checked));
}

/// The points of a sweep and the draws, each of which has to be a model too.
void check_more(const Study& study, const Limits& limits, Problems& problems) {
  if (problems.has_errors() || (!study.sweep && !study.uncertain && study.metrics.empty())) return;
  Problems of_plan;  // the scenarios' warnings are told already
  const Plan plan = make_plan(study, {}, limits, of_plan);
  if (!of_plan.has_errors()) check_metrics(plan, of_plan);
  for (Problem& problem : of_plan.sorted())
    if (problem.severity == Severity::error) problems.add(std::move(problem));
}

/// The metrics that must be precise are there, in the units asked for.
void check_aims(const PrecisionGoal& goal, const Limits& limits, Report& report) {
  Problems already_told;
  if (const auto compiled = compile(report.scenarios.front().model, limits, already_told))
    check_precision(goal, compiled->words, report.problems);
}

/// Every lever alone and in full: what is wrong with it is told before a scenario uses it.
void check_levers(const Study& study, const Limits& limits, Report& report) {
  Problems told_elsewhere;
  const std::vector<LeverSpec> levers = read_levers(study.document, limits, told_elsewhere);
  if (levers.empty()) return;
  ReadOptions options;
  options.limits = limits;
  const ReadyModel ready{study.document, options, report.problems};
  for (const LeverSpec& lever : levers) {
    const Change all = full_strength(lever);
    Problems found;
    const auto model = ready.build(std::span{&all, 1}, found);
    if (model) compile(*model, limits, found);
    // What is warned of besides is the model's own, or what the scenarios make of it.
    for (Problem& problem : found.sorted())
      if (problem.severity == Severity::error || problem.code.text().starts_with("lever-"))
        report.problems.add(std::move(problem));
  }
}

Report check(const std::string& path) {
  const Limits limits;
  Report report;
  const auto study = read_study(path, limits, report.problems);
  if (!study) return report;
  report.is_study = !study->study_text.empty();
  report.asked = study->scenarios.size();
  check_metrics(study->document, report.problems);
  report.study = *study;
  for (const Scenario& scenario : study->scenarios) check_scenario(*study, scenario, limits, report);
  check_levers(*study, limits, report);
  check_more(*study, limits, report.problems);
  if (study->precision && !report.scenarios.empty()) check_aims(*study->precision, limits, report);
  return report;
}

std::string rounded(double value) {
  return shown(value, shown_decimals(value, 0.0));
}

/// A multiple of the demand: "0.80", "1.17", "12".
std::string factor(double times) {
  return shown(times, times < 9.95 ? 2 : 0);
}

std::string percent(double share) {
  return shown(share * 100.0, share < 0.0995 ? 1 : 0) + "%";
}

const std::string& id_of(const Checked& scenario, std::uint32_t setting) {
  return scenario.model.settings[setting].words.id;
}

bool has_limit(const FlowReport::Row& row) {
  return std::isfinite(row.capacity);
}

/// People never see the setting `outside`, or settings that nobody comes to, among the flows.
bool is_shown(const Checked& scenario, const FlowReport::Row& row) {
  return row.setting != 0 && (row.flow_per_day > 0.0 || row.offered_load > 0.0 || has_limit(row)) &&
         row.setting < scenario.model.settings.size();
}

std::vector<std::string> flow_cells(const Checked& scenario, const FlowReport::Row& row) {
  return {id_of(scenario, row.setting),
          rounded(row.flow_per_day * 365.25),
          std::isfinite(row.mean_stay_days) ? rounded(row.mean_stay_days) : "never leave",
          std::isfinite(row.offered_load) ? rounded(row.offered_load) : "grows",
          has_limit(row) ? rounded(row.capacity) : "unlimited",
          has_limit(row) ? percent(row.utilisation) : "",
          has_limit(row) && std::isfinite(row.saturates_at) ? factor(row.saturates_at) : ""};
}

Grid flow_grid() {
  Grid grid;
  grid.columns = {{"setting", false}, {"admissions a year", true}, {"mean stay [d]", true},   {"expected census", true},
                  {"capacity", true}, {"utilisation", true},       {"full at demand x", true}};
  return grid;
}

std::string flow_table(const Checked& scenario) {
  Grid grid = flow_grid();
  for (const FlowReport::Row& row : scenario.flow.rows)
    if (is_shown(scenario, row)) grid.rows.push_back(flow_cells(scenario, row));
  return to_text(grid);
}

bool about_equal(double a, double b) {
  return a == b || std::abs(a - b) < 0.01 * std::max(std::abs(a), std::abs(b));
}

/// A whole table of changes in the fourth digit would hide what a scenario is about.
bool is_about_the_same(const FlowReport::Row& a, const FlowReport::Row& b) {
  return a.capacity == b.capacity && about_equal(a.flow_per_day, b.flow_per_day) &&
         about_equal(a.mean_stay_days, b.mean_stay_days) && about_equal(a.offered_load, b.offered_load);
}

/// Of a further scenario only what is different from the first one; empty when nothing is.
std::string changed_flow_table(const Checked& first, const Checked& scenario) {
  Grid grid = flow_grid();
  for (const FlowReport::Row& row : scenario.flow.rows) {
    if (!is_shown(scenario, row)) continue;
    const std::string& id = id_of(scenario, row.setting);
    const auto same = std::find_if(first.flow.rows.begin(), first.flow.rows.end(),
                                   [&](const FlowReport::Row& other) { return id_of(first, other.setting) == id; });
    if (same == first.flow.rows.end() || !is_about_the_same(*same, row)) grid.rows.push_back(flow_cells(scenario, row));
  }
  return grid.rows.empty() ? "" : to_text(grid);
}

constexpr std::size_t kMostToFill = 3;

/// "First to fill: crt at 1.08 times the demand, ..." with those that are too small already told apart.
std::string first_to_fill(const Checked& scenario) {
  std::string over, next;
  std::size_t over_count = 0, next_count = 0;
  for (const std::uint32_t row : scenario.flow.first_to_fill) {
    const auto at = std::find_if(scenario.flow.rows.begin(), scenario.flow.rows.end(),
                                 [row](const FlowReport::Row& one) { return one.setting == row; });
    if (at == scenario.flow.rows.end() || !std::isfinite(at->saturates_at)) continue;
    const bool too_small = at->saturates_at <= 1.0;
    std::size_t& count = too_small ? over_count : next_count;
    if (++count > kMostToFill) continue;
    std::string& list = too_small ? over : next;
    list += (list.empty() ? "" : ", ") + id_of(scenario, row) + (too_small ? " (full at " : " (at ") +
            factor(at->saturates_at) + " times it)";
  }
  std::string text;
  if (!over.empty())
    text += "Too small for the expected demand: " + over +
            (over_count > kMostToFill ? " and " + std::to_string(over_count - kMostToFill) + " more" : "") + ".\n";
  if (!next.empty()) text += "First to fill as demand grows: " + next + ".\n";
  return text;
}

constexpr std::size_t kMostLoops = 6;

std::string loops_text(const Checked& scenario) {
  const auto& loops = scenario.graph.reentry_loops;
  if (loops.empty()) return "";
  std::string text = "Clients can come back to where they were: ";
  for (std::size_t i = 0; i < std::min(loops.size(), kMostLoops); ++i) {
    text += i > 0 ? "; " : "";
    for (std::size_t k = 0; k < loops[i].size() && k < 8; ++k)
      text += (k > 0 ? ", " : "") + id_of(scenario, loops[i][k]);
    if (loops[i].size() > 8) text += " and " + std::to_string(loops[i].size() - 8) + " more";
  }
  if (loops.size() > kMostLoops) text += "; and " + std::to_string(loops.size() - kMostLoops) + " more groups";
  return text + ".\n";
}

std::string scenario_text(const Report& report, const Checked& scenario) {
  const Checked& first = report.scenarios.front();
  const bool is_first = &scenario == &first;
  const std::string table = is_first ? flow_table(scenario) : changed_flow_table(first, scenario);
  std::string text = "\nExpected in the long run if no capacity held anyone up";
  if (report.asked > 1) text += ", scenario " + scenario.id;
  const std::string staff = is_first || scenario.staff != first.staff ? scenario.staff : "";
  if (table.empty()) return text + (is_first ? ": nothing moves.\n" : ": as in " + first.id + ", within 1%.\n") + staff;
  if (!is_first) text += " (only what differs by 1% or more from " + first.id + ")";
  text += ":\n\n" + table + "\n" + first_to_fill(scenario);
  if (!is_first) return text + staff;
  text += loops_text(scenario);
  for (const std::string& remark : scenario.flow.remarks) text += remark + '\n';
  return text + staff;
}

std::string verdict_text(const Report& report, const std::string& path) {
  if (report.problems.has_errors())
    return path + ": " + counted(report.problems.error_count(), "error", "errors") + ".\n";
  const std::size_t settings = report.scenarios.front().model.settings.size() - 1;
  std::string text = path + ": good, " + counted(settings, "setting", "settings");
  if (report.is_study) text += ", " + counted(report.asked, "scenario", "scenarios");
  const std::size_t warnings = warning_count(condensed(report.problems));
  return text + (warnings > 0 ? ", " + counted(warnings, "warning", "warnings") : "") + ".\n";
}

void print_text(const Report& report, const CheckRequest& request) {
  const std::string problems = problems_text(report.problems, colours_wanted());
  print(problems);
  std::string rest;
  for (const Checked& scenario : report.scenarios) rest += scenario_text(report, scenario);
  rest += '\n' + verdict_text(report, request.path);
  print(problems.empty() ? rest.substr(1) : rest);  // no empty line at the top
}

void print_csv(const Report& report) {
  tell_problems(report.problems);
  Grid grid;
  grid.columns = {{"scenario", false},    {"setting", false},       {"name", false},
                  {"flow_per_day", true}, {"mean_stay_days", true}, {"offered_load", true},
                  {"capacity", true},     {"utilisation", true},    {"saturates_at", true}};
  for (const Checked& scenario : report.scenarios)
    for (const FlowReport::Row& row : scenario.flow.rows)
      if (row.setting != 0)
        grid.rows.push_back({scenario.id, id_of(scenario, row.setting), scenario.model.settings[row.setting].words.name,
                             exact(row.flow_per_day), exact(row.mean_stay_days), exact(row.offered_load),
                             exact(row.capacity), has_limit(row) ? exact(row.utilisation) : "",
                             has_limit(row) ? exact(row.saturates_at) : ""});
  print(to_csv(grid));
}

nlohmann::ordered_json number_json(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
}

nlohmann::ordered_json groups_json(const Checked& scenario, const std::vector<std::vector<std::uint32_t>>& groups) {
  auto json = nlohmann::ordered_json::array();
  for (const auto& group : groups) {
    json.push_back(nlohmann::ordered_json::array());
    for (const std::uint32_t setting : group) json.back().push_back(id_of(scenario, setting));
  }
  return json;
}

nlohmann::ordered_json scenario_json(const Checked& scenario) {
  nlohmann::ordered_json json;
  json["id"] = scenario.id;
  json["settings"] = nlohmann::ordered_json::array();
  for (const FlowReport::Row& row : scenario.flow.rows) {
    if (row.setting == 0) continue;
    nlohmann::ordered_json one;
    one["setting"] = id_of(scenario, row.setting);
    one["name"] = scenario.model.settings[row.setting].words.name;
    one["flow_per_day"] = number_json(row.flow_per_day);
    one["mean_stay_days"] = number_json(row.mean_stay_days);
    one["offered_load"] = number_json(row.offered_load);
    one["capacity"] = number_json(row.capacity);
    one["utilisation"] = has_limit(row) ? number_json(row.utilisation) : nullptr;
    one["saturates_at"] = has_limit(row) ? number_json(row.saturates_at) : nullptr;
    json["settings"].push_back(std::move(one));
  }
  json["first_to_fill"] = nlohmann::ordered_json::array();
  for (const std::uint32_t row : scenario.flow.first_to_fill) json["first_to_fill"].push_back(id_of(scenario, row));
  json["reentry_loops"] = groups_json(scenario, scenario.graph.reentry_loops);
  json["exact"] = scenario.flow.exact;
  json["remarks"] = scenario.flow.remarks;
  if (!scenario.staff_json.is_null()) json["staff"] = scenario.staff_json;
  return json;
}

void print_json(const Report& report, bool good) {
  nlohmann::ordered_json json;
  json["format"] = 1;
  json["kind"] = "throughline.check";
  json["good"] = good;
  json["problems"] = problems_json(report.problems);
  json["scenarios"] = nlohmann::ordered_json::array();
  for (const Checked& scenario : report.scenarios) json["scenarios"].push_back(scenario_json(scenario));
  print(json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n');
}

}  // namespace

/// @return false when it was stopped
bool tell_warmup(const Study& study, const CheckRequest& request) {
  Problems already_told;
  Study asking = study;
  ask_for_warmup(asking);
  try {
    const Warmup warmup = make_pilots(asking, {}, 0, Limits{}, already_told);
    (request.format == Format::table ? print(warmup.words + ".\n") : tell(warmup.words + '.'));
    if (request.svg.empty()) return true;
    if (warmup.course.empty()) {
      tell("There is nothing to draw, so " + request.svg + " is not written.");
      return true;
    }
    const std::string picture =
        settling_svg(warmup.subject, warmup.course, warmup.pilot_days, warmup.days, warmup.found);
    publish(request.svg, std::as_bytes(std::span{picture.data(), picture.size()}));
    tell("Picture: " + request.svg);
    return true;
  } catch (const Stopped&) {
    tell("Stopped.");
    return false;
  }
}

ExitCode run_check(const CheckRequest& request) {
  const Report report = check(request.path);
  const bool broken = report.problems.has_errors();
  const bool good = !broken && !(request.strict && warning_count(report.problems) > 0);
  if (request.format == Format::table) print_text(report, request);
  if (request.format == Format::csv) print_csv(report);
  if (request.format == Format::json) print_json(report, good);
  const std::string path = shell_word(request.path);
  if (!broken && request.warmup && !tell_warmup(*report.study, request)) return ExitCode::errors;
  if (broken)
    tell_next("mend what is named above, then throughline check " + path);
  else if (!good)
    tell_next("mend what is warned of, or leave out --strict, which takes warnings for errors");
  else
    tell_next("throughline run " + path + " -o results");
  return good ? ExitCode::good : ExitCode::errors;
}

}  // namespace tl
