#include "analysis/table_lines.hpp"

#include <algorithm>

#include "analysis/costs.hpp"
#include "analysis/staff_measures.hpp"
#include "analysis/why.hpp"
#include "models/suggest.hpp"

namespace tl::lines {
namespace {

/// What a table shows without being asked for more.
struct Listed {
  std::string_view measure, scope;
};
std::vector<Listed> listed_in(const std::string& table) {
  if (table == "outcomes")
    return {{"arrived", "model"},         {"left", "model"},
            {"present_mean", "model"},    {"present_at_end", "model"},
            {"queue_mean", "model"},      {"boarding_days", "model"},
            {"over_level_days", "model"}, {"lost_in_handoff", "model"},
            {"exits", "reason"},          {"events_per_year", "event"},
            {"outcome_count", "outcome"}, {"client_days", "domain"},
            {"client_days", "level"}};
  if (table == "money")
    return {{"cost", "model"},           {"cost_per_year", "model"}, {"cost_discounted", "model"},
            {"cost", "department"},      {"cost", "domain"},         {"cost", "setting"},
            {"cost", "payer"},           {"cost", "item"},           {"cost_discounted", "department"},
            {"cost_discounted", "payer"}};
  if (table == "equity")
    return {{"present_mean", "model"},    {"wait_mean", "setting"},       {"wait_within_standard", "setting"},
            {"client_days", "domain"},    {"events_per_year", "event"},   {"exits_per_year", "reason"},
            {"outcome_count", "outcome"}, {"milestone_mean", "milestone"}};
  if (table == "waits")
    return {{"requests", "setting"}, {"queue_mean", "setting"}, {"wait_mean", "setting"},
            {"wait_p50", "setting"}, {"wait_p90", "setting"},   {"wait_within_standard", "setting"},
            {"refusals", "setting"}, {"reneges", "setting"},    {"lost_in_handoff", "setting"}};
  if (table == "staff")
    return {{"fte_budgeted", "role"},
            {"fte_employed", "role"},
            {"fte_vacant", "role"},
            {"fte_vacant_share", "role"},
            {"fte_vacant_peak", "role"},
            {"fte_agency", "role"},
            {"agency_hours", "role"},
            {"agency_cost", "role"},
            {"fte_overtime", "role"},
            {"overtime_hours", "role"},
            {"overtime_cost", "role"},
            {"fte_needed_physical", "role"},
            {"fte_needed_physical_peak", "role"},
            {"fte_needed_standard", "role"},
            {"fte_needed_standard_peak", "role"},
            {"teams_open", "role"},
            {"fte_forming", "role"},
            {"team_openings", "role"},
            {"team_closings", "role"},
            {"staff_hires", "role"},
            {"staff_leavers", "role"},
            {"setting_fte", "staffing"},
            {"setting_fte_needed_physical", "staffing"},
            {"setting_fte_needed_standard", "staffing"},
            {"setting_units_physical", "staffing"},
            {"setting_units_carried", "staffing"},
            {"setting_units_lost", "staffing"},
            {"setting_staff_binds", "staffing"}};
  if (table == "budgets")
    return {{"budget_granted", "budget"},       {"budget_spent", "budget"},       {"budget_spent_share", "budget"},
            {"budget_left_at_end", "budget"},   {"budget_times_spent", "budget"}, {"budget_stopped_days", "budget"},
            {"budget_stopped_share", "budget"}, {"budget_asked", "budget"}};
  if (table == "policies")
    return {{"policy_open", "policy"},      {"policy_openings", "policy"},  {"policy_closings", "policy"},
            {"policy_open_days", "policy"}, {"policy_lead_days", "policy"}, {"policy_measured", "policy"},
            {"policy_occupancy", "policy"}};
  return {{"census_mean", "setting"},      {"capacity_mean", "setting"},        {"occupancy", "setting"},
          {"time_full", "setting"},        {"admissions_per_year", "setting"},  {"throughput", "setting"},
          {"stay_mean", "setting"},        {"returns_share", "setting"},        {"boarding_days", "setting"},
          {"over_level_days", "setting"},  {"discharge_delay_days", "setting"}, {"observed_census", "setting"},
          {"observed_waiting", "setting"}, {"occupancy", "department"}};
}

}  // namespace

std::string listed_text(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}
void unknown(const std::string& what, const std::string& name, const std::vector<std::string>& known) {
  const std::string hint = did_you_mean(name, known);
  throw QueryError{"unknown " + what + " \"" + name + "\". " +
                   (hint.empty() ? "There are: " + listed_text(known) : hint)};
}

bool has(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::string scope_kind(const Measure& measure, const std::string& wished) {
  const std::vector<std::string_view> kinds = scope_kinds(measure);
  return kinds.size() == 1 ? std::string{kinds.front()} : wished;
}

TableLine line_of(const Catalogue& words, const MetricWords& metric) {
  const Measure* measure = find_measure(metric.measure);
  if (!measure) unknown("measure in the metric \"" + metric.id + "\":", metric.measure, measure_names());
  const std::string kind = scope_kind(*measure, metric.scope);
  const bool of_people = measure->over == Over::settings || measure->over == Over::instant;
  if (of_people && !has({"setting", "department", "domain", "level", "model"}, kind))
    throw QueryError{"the metric \"" + metric.id + "\": " + metric.measure + " is not measured of " + kind + "s"};
  std::optional<ResultScope> scope =
      find_scope(words, *measure, kind, kind == "model" ? std::string{} : metric.subject);
  if (scope) return {measure, std::move(*scope), &metric};
  std::vector<std::string> known;
  for (const ResultScope& there : scopes_of(words, *measure, kind)) known.push_back(there.subject);
  unknown(kind + " in the metric \"" + metric.id + "\":", metric.subject, known);
}

namespace {

/// A line about staff: each filter that is given must hold.
bool is_wanted_staff(const Catalogue& words, const ResultScope& scope, const TableQuery& query) {
  const staff::About about = staff::about(words, scope);
  const auto holds = [](const std::vector<std::string>& wanted, const std::string& name) {
    return wanted.empty() || has(wanted, name);
  };
  return holds(query.role, about.role) && holds(query.department, about.department) &&
         holds(query.setting, about.setting);
}

bool is_wanted(const Catalogue& words, const ResultScope& scope, const TableQuery& query) {
  if (scope.kind == "role" || scope.kind == "staffing") return is_wanted_staff(words, scope, query);
  if (!query.role.empty()) return false;
  if (query.setting.empty() && query.department.empty()) return true;
  if (scope.kind == "setting" && has(query.setting, scope.subject)) return true;
  if (scope.kind == "department") return has(query.department, scope.subject);
  return scope.kind == "setting" && has(query.department, words.settings[scope.rows.front()].department);
}

void add_lines(const Catalogue& words, const Measure& measure, const std::string& kind, const TableQuery& query,
               std::vector<TableLine>& lines) {
  if (measure.over == Over::cost) {
    for (ResultScope& scope : cost_scopes_of(words, kind, {query.setting, query.department, query.payer}))
      lines.push_back({&measure, std::move(scope), nullptr});
    return;
  }
  for (ResultScope& scope : scopes_of(words, scope_kind(measure, kind)))
    if (is_wanted(words, scope, query)) lines.push_back({&measure, std::move(scope), nullptr});
}

void add_ratio(const RatioWords& ratio, std::vector<TableLine>& lines) {
  lines.push_back({nullptr, {}, nullptr, &ratio});
}

std::vector<TableLine> asked_lines(const Catalogue& words, const TableQuery& query) {
  std::vector<TableLine> lines;
  for (const std::string& name : query.metric) {
    const auto named = std::find_if(words.metrics.begin(), words.metrics.end(),
                                    [&](const MetricWords& metric) { return metric.id == name; });
    const auto ratio = std::find_if(words.ratios.begin(), words.ratios.end(),
                                    [&](const RatioWords& one) { return one.top.id == name; });
    if (named != words.metrics.end()) {
      lines.push_back(line_of(words, *named));
    } else if (ratio != words.ratios.end()) {
      add_ratio(*ratio, lines);
    } else if (const Measure* measure = find_measure(name)) {
      add_lines(words, *measure, "setting", query, lines);
    } else {
      std::vector<std::string> known = measure_names();
      for (const MetricWords& metric : words.metrics) known.push_back(metric.id);
      for (const RatioWords& one : words.ratios) known.push_back(one.top.id);
      unknown("metric", name, known);
    }
  }
  return lines;
}

}  // namespace

std::vector<std::string> listed_tables(const TableQuery& query) {
  const bool of_some = !query.setting.empty() || !query.department.empty();
  if (query.table == "outcomes" && of_some && query.metric.empty()) return {"waits", "census"};
  return {query.table};
}

namespace {

std::vector<TableLine> lines_of(const Catalogue& words, const TableQuery& query) {
  if (!query.metric.empty()) return asked_lines(words, query);
  std::vector<TableLine> lines;
  if (query.table == "why") {
    for (const std::string& setting : query.setting)
      if (const auto scope = find_scope(words, "setting", setting))
        for (const std::string& name : why_measures()) lines.push_back({find_measure(name), *scope, nullptr});
    return lines;
  }
  if ((query.table == "outcomes" || query.table == "equity") && query.setting.empty() && query.department.empty())
    for (const MetricWords& metric : words.metrics) lines.push_back(line_of(words, metric));
  for (const std::string& table : listed_tables(query))
    for (const Listed& listed : listed_in(table))
      add_lines(words, *find_measure(listed.measure), std::string{listed.scope}, query, lines);
  if (query.table == "money" && query.setting.empty() && query.department.empty() && query.payer.empty())
    for (const RatioWords& ratio : words.ratios) add_ratio(ratio, lines);
  return lines;
}

bool is_same(const TableLine& a, const TableLine& b) {
  if (a.ratio != nullptr || b.ratio != nullptr)
    return a.ratio != nullptr && b.ratio != nullptr && a.ratio->top.id == b.ratio->top.id;
  const auto metric_of = [](const TableLine& line) { return line.metric == nullptr ? std::string{} : line.metric->id; };
  return a.measure == b.measure && a.scope.kind == b.scope.kind && a.scope.subject == b.scope.subject &&
         metric_of(a) == metric_of(b);
}

/// Adds those of `more` that are new, each behind the line it stands behind there.
void join(std::vector<TableLine>& lines, std::vector<TableLine> more) {
  if (std::equal(lines.begin(), lines.end(), more.begin(), more.end(), is_same)) return;
  std::ptrdiff_t at = 0;
  for (TableLine& line : more) {
    const auto found =
        std::find_if(lines.begin(), lines.end(), [&](const TableLine& known) { return is_same(known, line); });
    if (found == lines.end())
      lines.insert(lines.begin() + at++, std::move(line));
    else
      at = found - lines.begin() + 1;
  }
}

}  // namespace

std::vector<TableLine> lines_of(const StudyResults& study, const TableQuery& query) {
  std::vector<TableLine> lines;
  for (const ScenarioResults& scenario : study.scenarios) join(lines, lines_of(scenario.words, query));
  return lines;
}

void check_names(const StudyResults& study, const TableQuery& query) {
  if (query.table != "equity" && !has(result_table_names(), query.table))
    unknown("table", query.table, result_table_names());
  const Catalogue& words = study.scenarios.front().words;
  if (query.table == "budgets" && words.budgets.empty())
    throw QueryError{
        "the model has no budgets. A table [budgets.ID] says what may be spent: see docs/guide/budgets.md"};
  if (query.table == "staff" && words.staff.empty())
    throw QueryError{"the model has no staff. Staff pools are rows of [staff.ID]: see docs/guide/staff.md"};
  std::vector<std::string> roles;
  for (const StaffWords& pool : words.staff)
    if (!has(roles, pool.role)) roles.push_back(pool.role);
  for (const std::string& name : query.role)
    if (!has(roles, name)) unknown("role", name, roles);
  std::vector<std::string> settings;
  for (const SettingWords& setting : words.settings)
    if (setting.kind != "line") settings.push_back(setting.id);
  for (const std::string& name : query.setting)
    if (!has(settings, name)) unknown("setting", name, settings);
  for (const std::string& name : query.department)
    if (!has(words.departments, name)) unknown("department", name, words.departments);
  std::vector<std::string> payers;
  for (const PayerWords& payer : words.payers) payers.push_back(payer.id);
  for (const std::string& name : query.payer)
    if (!has(payers, name)) unknown("payer", name, payers);
  if (!query.payer.empty() && query.table != "money" && query.metric.empty())
    throw QueryError{"payers pay dollars: --payer is for --table money, or a --metric of dollars"};
  if (query.table == "money" && words.costs.empty() && query.metric.empty())
    throw QueryError{"the model has no costs. A table [costs.ID] says what things cost: see docs/guide/money.md"};
}

}  // namespace tl::lines
