#include <algorithm>
#include "analysis/finding.hpp"

#include "analysis/equity.hpp"
#include "analysis/results_file.hpp"
#include "analysis/sweep_tables.hpp"
#include "analysis/table_text.hpp"
#include "analysis/tables.hpp"
#include "apps/cli/apart.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/grid.hpp"
#include "apps/cli/terminal.hpp"

namespace tl {
namespace {

ByPeriod period_of(const std::string& word) {
  if (word == "month") return ByPeriod::month;
  if (word == "quarter") return ByPeriod::quarter;
  if (word == "year") return ByPeriod::year;
  return ByPeriod::whole;
}

TableQuery query_of(const ResultsRequest& request, const StudyResults& study) {
  TableQuery query;
  query.table = request.table;
  query.metric = request.metrics;
  query.setting = request.settings;
  query.department = request.departments;
  query.role = request.roles;
  query.payer = request.payers;
  query.scenario = request.scenarios;
  query.versus = request.versus;
  query.by_period = period_of(request.by_period);
  // People who look at several scenarios want to know what changes; programs get what they asked for.
  // What a policy does stands by itself: other scenarios often do not have it.
  const bool compares = request.format == Format::table && request.versus.empty() && request.scenarios.empty() &&
                        request.table != "policies";
  if (compares && study.scenarios.size() > 1) query.versus = study.scenarios.front().id;
  return query;
}

bool asks_for_all(const ResultsRequest& request) {
  return request.metrics.empty() && request.settings.empty() && request.departments.empty() && request.roles.empty() &&
         request.payers.empty() && request.scenarios.empty() && request.by_period.empty();
}

std::string findings_text(const StudyResults& study) {
  std::string text;
  for (const Finding& finding : findings_of(study, lead_metric(study))) text += finding.sentence + '\n';
  return text.empty() ? "" : text + '\n';
}

std::string missing_text(const StudyResults& study) {
  std::string text;
  for (const ScenarioResults& scenario : study.scenarios)
    if (scenario.numbers.size() < study.planned_replications)
      text += (text.empty() ? "" : ", ") + scenario.id + " has " + std::to_string(scenario.numbers.size()) + " of " +
              std::to_string(study.planned_replications);
  return text;
}

bool is_wide(const std::string& table) {
  const std::vector<std::string> names = wide_table_names();
  return std::find(names.begin(), names.end(), table) != names.end();
}

/// Filters that these tables do not know are refused, not passed over.
void check_filters(const ResultsRequest& request) {
  if (request.settings.empty() && request.departments.empty() && request.roles.empty() && request.payers.empty() &&
      request.scenarios.empty() && request.versus.empty() && request.by_period.empty())
    return;
  throw QueryError{"--table " + request.table + " takes only --metric and --format. The other filters are for " +
                   "outcomes, waits, census, staff, money, budgets, policies and why"};
}

ExitCode show_wide(const ResultsRequest& request, const StudyResults& study) {
  check_filters(request);
  const WideTable table = make_wide_table(study, request.table, request.metrics);
  if (request.format == Format::csv) print(to_csv(table));
  if (request.format == Format::json) print(to_json(table));
  if (request.format == Format::table) print(to_text(table));
  tell_next(
      "throughline results " + shell_word(request.folder) +
      (request.table == "sensitivity" ? "  (the scenarios themselves)" : " --table sensitivity  (what drives it)"));
  return ExitCode::good;
}

/// Groups are told scenario by scenario; what changes between scenarios is asked for with --versus.
ExitCode show_equity(const ResultsRequest& request, const StudyResults& study) {
  EquityQuery query{
      .rows = query_of(request, study), .by = request.by, .reference = request.reference, .internal = request.internal};
  query.rows.versus = request.versus;
  const EquityTable table = make_equity_table(study, query);
  if (const std::string missing = missing_text(study); !missing.empty())
    tell_warning("replications are missing: " + missing + ". What is shown is of those that are there.");
  if (request.format == Format::csv) print(to_csv(table));
  if (request.format == Format::json) print(to_json(table));
  if (request.format == Format::table) print(to_text(table));
  if (request.versus.empty() && study.scenarios.size() > 1)
    tell_next("throughline results " + shell_word(request.folder) + " --table equity --versus " +
              shell_word(study.scenarios.front().id) + "  (how the gaps change)");
  else
    tell_next("throughline results " + shell_word(request.folder) +
              " --table equity --format csv  (for a spreadsheet)");
  return ExitCode::good;
}

/// Options that are for tables by group only are refused elsewhere, not passed over.
bool is_by_group(const ResultsRequest& request) {
  if (request.table == "equity" || !request.by.empty()) return true;
  if (request.internal || !request.reference.empty())
    throw QueryError{std::string{request.internal ? "--internal" : "--reference"} +
                     " is for results by group. Add --by TRAIT, or --table equity"};
  return false;
}

ExitCode show_results(const ResultsRequest& request, const StudyResults& study) {
  if (is_wide(request.table) && request.by.empty()) return show_wide(request, study);
  if (is_by_group(request)) return show_equity(request, study);
  const ResultTable table = make_table(study, query_of(request, study));
  if (const std::string missing = missing_text(study); !missing.empty())
    tell_warning("replications are missing: " + missing + ". What is shown is of those that are there.");
  if (request.format == Format::csv) print(to_csv(table));
  if (request.format == Format::json) print(to_json(table));
  if (request.format == Format::table) print((asks_for_all(request) ? findings_text(study) : "") + to_text(table));
  tell_next("throughline report " + shell_word(request.folder) + "  (the same as a page to read and share)");
  return ExitCode::good;
}

}  // namespace

ExitCode run_results(const ResultsRequest& request) {
  return with_results(request.folder, [&](const StudyResults& study) { return show_results(request, study); });
}

}  // namespace tl
