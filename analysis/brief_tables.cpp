#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>

#include "analysis/assumptions.hpp"
#include "analysis/brief_parts.hpp"
#include "analysis/equity.hpp"
#include "analysis/numbers.hpp"
#include "analysis/table_text.hpp"

namespace tl::brief {
namespace {

using print::Align;
using print::Style;
using What = NumberSource::What;

/// The scenarios a table has room for: the first, the chosen one, then the others in order.
std::vector<std::size_t> shown_scenarios(const Facts& facts) {
  constexpr std::size_t kMost = 4;
  std::vector<std::size_t> chosen{0};
  if (facts.compares()) chosen.push_back(facts.chosen);
  for (std::size_t s = 1; s < facts.study.scenarios.size() && chosen.size() < kMost; ++s)
    if (s != facts.chosen) chosen.push_back(s);
  return chosen;
}

/// Of whole tables: rows by subject, in the order they come, each with one row of results a scenario.
struct Lines {
  std::vector<std::string> subjects;
  std::map<std::pair<std::string, std::string>, ResultRow> rows;  ///< subject, scenario
  const ResultRow* find(const std::string& subject, const std::string& scenario) const {
    const auto found = rows.find({subject, scenario});
    return found == rows.end() ? nullptr : &found->second;
  }
};

Lines lines_of(const Facts& facts, const std::string& table, const std::string& measure, const std::string& scope,
               const std::string& versus) {
  TableQuery query;
  query.table = table;
  query.confidence = facts.confidence;
  query.versus = versus;
  Lines lines;
  for (const ResultRow& row : facts.tables.get(query).rows) {
    if (row.measure != measure || row.scope != scope || !row.metric.empty()) continue;
    if (std::find(lines.subjects.begin(), lines.subjects.end(), row.subject) == lines.subjects.end())
      lines.subjects.push_back(row.subject);
    lines.rows.emplace(std::pair{row.subject, row.scenario}, row);
  }
  return lines;
}

Cell change_cell(const ResultRow* change, const std::string& versus, double unit = 1.0) {
  if (change == nullptr) return {"n/a"};
  const bool clear = change->value.is_clear();
  Words words = told(*change, versus, unit);
  if (!clear) words.text += ": " + reading_words(*change);
  return cell_of(std::move(words), clear ? Style::strong_cell : Style::cell);
}

/// A table of one measure by subject: the first scenario's value, then what the leading plan changes of it, on one
/// line.
Table changes_table(const Facts& facts, const Lines& values, const Lines& changes,
                    const std::vector<std::pair<std::string, std::string>>& subjects, const std::string& heading,
                    double unit = 1.0) {
  Table table;
  table.columns = {{heading, 1.35}, {facts.names.front(), 1.9, Align::right}};
  if (facts.compares()) table.columns.push_back({"change with " + facts.names[facts.chosen], 1.9, Align::right});
  const std::string base = facts.study.scenarios.front().id;
  for (const auto& [subject, name] : subjects) {
    const ResultRow* value = values.find(subject, base);
    if (value == nullptr) continue;
    std::vector<Cell> row{{name}, cell_of(told(*value, "", unit))};
    if (facts.compares())
      row.push_back(change_cell(changes.find(subject, facts.study.scenarios[facts.chosen].id), base, unit));
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// Departments and payers that neither cost anything nor will.
bool is_nothing(const Facts& facts, const Lines& values, const Lines& changes, const std::string& subject) {
  const ResultRow* value = values.find(subject, facts.study.scenarios.front().id);
  const ResultRow* change = facts.compares() ? changes.find(subject, facts.study.scenarios[facts.chosen].id) : nullptr;
  return (value == nullptr || value->value.mean == 0.0) && (change == nullptr || change->value.mean == 0.0);
}

}  // namespace

Table comparison_table(const Facts& facts) {
  const std::vector<std::size_t> scenarios = shown_scenarios(facts);
  Table table;
  table.columns = {{"Measure", 2.4}, {facts.names.front(), 1.3, Align::right}};
  for (const std::size_t s : scenarios)
    if (s > 0) table.columns.push_back({"change with " + facts.names[s], 1.5, Align::right});
  if (!facts.compares()) table.columns.push_back({"Target", 0.7, Align::right});
  constexpr std::size_t kMostRows = 8;
  for (std::size_t m = 0; m < facts.metrics.size() && table.rows.size() < kMostRows; ++m) {
    const auto is_nothing = [](const ResultRow& row) { return row.value.count == 0 || row.value.mean == 0.0; };
    if (facts.metrics[m].id.empty() && std::all_of(facts.rows[m].begin(), facts.rows[m].end(), is_nothing)) continue;
    const ResultRow& base = facts.rows[m].front();
    std::vector<Cell> row{{row_words(base) + ", in " + base.unit}, cell_of(told(base, ""))};
    for (const std::size_t s : scenarios)
      if (s > 0) row.push_back(change_cell(&facts.changes[m][s - 1], facts.study.scenarios.front().id));
    if (!facts.compares())
      row.push_back({std::isnan(base.target) ? "none" : shown(base.target, shown_decimals(base.target, 0.0))});
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table level_table(const Facts& facts) {
  const std::string versus = facts.compares() ? facts.study.scenarios.front().id : "";
  const Lines values = lines_of(facts, "outcomes", "client_days", "level", "");
  const Lines changes = facts.compares() ? lines_of(facts, "outcomes", "client_days", "level", versus) : Lines{};
  std::vector<std::pair<std::string, std::string>> subjects;
  for (const std::string& subject : values.subjects) {
    const std::string words = subject == "0" ? " (own home)" : subject == "6" ? " (locked)" : "";
    subjects.emplace_back(subject, "Level " + subject + words);
  }
  Table table = changes_table(facts, values, changes, subjects, "Days of people at each level");
  const Lines over = lines_of(facts, "outcomes", "over_level_days", "model", "");
  const Lines over_changes =
      facts.compares() ? lines_of(facts, "outcomes", "over_level_days", "model", versus) : Lines{};
  if (over.subjects.empty()) return table;
  Table more =
      changes_table(facts, over, over_changes, {{over.subjects.front(), "Days spent waiting to step down"}}, "");
  table.rows.insert(table.rows.end(), more.rows.begin(), more.rows.end());
  return table;
}

Table cost_table(const Facts& facts, const std::string& kind) {
  const std::string versus = facts.compares() ? facts.study.scenarios.front().id : "";
  const auto rows_of = [&](const std::string& scope, const std::string& against) {
    return lines_of(facts, "money", "cost", scope, against);
  };
  const Lines values = rows_of(kind, ""), changes = facts.compares() ? rows_of(kind, versus) : Lines{};
  const Lines all = rows_of("model", ""), all_changes = facts.compares() ? rows_of("model", versus) : Lines{};
  if (all.subjects.empty()) return {};
  std::vector<std::pair<std::string, std::string>> subjects;
  for (const std::string& subject : values.subjects)
    if (const ResultRow* row = values.find(subject, facts.study.scenarios.front().id);
        row != nullptr && !is_nothing(facts, values, changes, subject))
      subjects.emplace_back(subject, subject_text(*row));
  // A county's dollars have ten digits, of which nobody reads the last six.
  constexpr double kMillion = 1e6;
  const ResultRow* total = all.find(all.subjects.front(), facts.study.scenarios.front().id);
  const bool in_millions = total != nullptr && total->value.mean >= 10.0 * kMillion;
  const double unit = in_millions ? kMillion : 1.0;
  const std::string heading = (kind == "payer" ? "Paid by, in " : "Department, in ") +
                              std::string{in_millions ? "million " : ""} +
                              unit_of(*find_measure("cost"), facts.words());
  Table table = changes_table(facts, values, changes, subjects, heading, unit);
  if (kind == "payer") return table;
  Table whole = changes_table(facts, all, all_changes, {{all.subjects.front(), "All departments"}}, "", unit);
  // First, so that it is there however little room there is.
  for (auto& row : whole.rows) {
    row.front().style = Style::strong_cell;
    table.rows.insert(table.rows.begin(), std::move(row));
  }
  return table;
}

Table wait_table(const Facts& facts) {
  constexpr std::size_t kMost = 6;
  const std::string base = facts.study.scenarios.front().id;
  const Lines queues = lines_of(facts, "waits", "queue_mean", "setting", "");
  const Lines changes = facts.compares() ? lines_of(facts, "waits", "queue_mean", "setting", base) : Lines{};
  std::vector<std::pair<double, std::string>> longest;
  for (const std::string& subject : queues.subjects)
    if (const ResultRow* row = queues.find(subject, base); row != nullptr && row->value.mean > 0.0)
      longest.emplace_back(-row->value.mean, subject);
  std::stable_sort(longest.begin(), longest.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  if (longest.size() > kMost) longest.resize(kMost);
  std::vector<std::pair<std::string, std::string>> subjects;
  for (const auto& [length, subject] : longest)
    subjects.emplace_back(subject, subject_text(*queues.find(subject, base)));
  return changes_table(facts, queues, changes, subjects, "Clients waiting for, on average");
}

namespace {

struct RoleNeed {
  std::string subject, name;
  const ResultRow* needed = nullptr;   ///< in the first scenario
  const ResultRow* planned = nullptr;  ///< with the chosen plan, if there is one
  /// How much more the plan needs, or else how many are missing: who is to be told of first.
  double weight = 0.0;
};

}  // namespace

Table staff_table(const Facts& facts) {
  std::map<std::string, Lines> by_measure;
  for (const char* measure : {"fte_budgeted", "fte_employed", "fte_needed_standard", "fte_needed_physical"})
    by_measure[measure] = lines_of(facts, "staff", measure, "role", "");
  const std::string base = facts.study.scenarios.front().id;
  const auto needed_in = [&](const std::string& subject, const std::string& scenario) {
    const ResultRow* standard = by_measure["fte_needed_standard"].find(subject, scenario);
    return standard != nullptr ? standard : by_measure["fte_needed_physical"].find(subject, scenario);
  };
  std::vector<RoleNeed> roles;
  for (const std::string& subject : by_measure["fte_budgeted"].subjects) {
    const ResultRow* employed = by_measure["fte_employed"].find(subject, base);
    const ResultRow* needed = needed_in(subject, base);
    if (employed == nullptr) continue;
    const ResultRow* planned = facts.compares() ? needed_in(subject, facts.study.scenarios[facts.chosen].id) : nullptr;
    double weight = needed == nullptr ? -INFINITY : needed->value.mean - employed->value.mean;
    if (needed != nullptr && planned != nullptr) weight = std::abs(planned->value.mean - needed->value.mean);
    const std::string where = employed->department.empty() ? "" : ", " + employed->department;
    roles.push_back({subject, employed->role + where, needed, planned, weight});
  }
  std::stable_sort(roles.begin(), roles.end(),
                   [](const RoleNeed& a, const RoleNeed& b) { return a.weight > b.weight; });
  Table table;
  table.columns = {{"Role, in FTE", 1.4},
                   {"In the budget", 0.8, Align::right},
                   {"Employed", 1.3, Align::right},
                   {"Needed", 1.3, Align::right}};
  if (facts.compares()) table.columns.push_back({"Needed with " + facts.names[facts.chosen], 1.3, Align::right});
  for (const RoleNeed& role : roles) {
    const auto cell = [&](const ResultRow* row) { return row == nullptr ? Cell{"not said"} : cell_of(told(*row, "")); };
    const ResultRow* budget = by_measure["fte_budgeted"].find(role.subject, base);
    std::vector<Cell> row{
        {role.name}, cell(budget), cell(by_measure["fte_employed"].find(role.subject, base)), cell(role.needed)};
    if (facts.compares()) row.push_back(cell(role.planned));
    table.rows.push_back(std::move(row));
  }
  return table;
}

namespace {

std::string gap_reading(const EquityRow& row) {
  if (!row.difference.has_interval()) return "one run: no interval";
  if (!row.difference.is_clear()) return "may be chance";
  const bool higher = row.difference.mean > 0.0;
  if (row.good != "lower" && row.good != "higher") return higher ? "higher" : "lower";
  return (higher ? "higher" : "lower") + std::string{higher == (row.good == "higher") ? ": better off" : ": worse off"};
}

NumberSource group_source(const EquityRow& row, NumberSource::OfGroup of_group, What what) {
  NumberSource from;
  from.scenario = row.scenario;
  from.metric = row.metric;
  from.measure = row.measure;
  from.scope = row.scope;
  from.subject = row.subject;
  from.when = row.when;
  from.trait = row.trait;
  from.group = row.group;
  from.of_group = of_group;
  from.what = what;
  return from;
}

Words told_group(const EquityRow& row, const Estimate& estimate, NumberSource::OfGroup of_group) {
  const auto number = [&](double value, int decimals, What what) {
    return TracedNumber{"", shown(value, decimals), value, group_source(row, of_group, what)};
  };
  const int decimals = shown_decimals(estimate.mean, estimate.half_width());
  Words words{shown_mean(estimate), {number(estimate.mean, decimals, What::mean)}};
  if (!estimate.has_interval()) return words;
  words.text += ' ' + in_brackets(shown_interval(estimate));
  words.numbers.push_back(number(*estimate.low, decimals, What::low));
  words.numbers.push_back(number(*estimate.high, decimals, What::high));
  return words;
}

/// Of the chosen scenario's leading metrics: groups with a gap that is shown, the greatest ratio first.
std::vector<EquityRow> gaps_of(const Facts& facts) {
  EquityQuery query;
  query.rows.table = "equity";
  query.rows.confidence = facts.confidence;
  query.rows.scenario = {facts.study.scenarios[facts.chosen].id};
  std::vector<EquityRow> rows;
  for (EquityRow& row : make_equity_table(facts.study, query).rows)
    if (!row.group.empty() && !row.is_reference && row.shown == Shown::shown && row.difference.count > 0 &&
        (row.compared.mean != 0.0 || row.difference.mean != 0.0))
      rows.push_back(std::move(row));
  const auto rank = [](const EquityRow& row) {
    const double ratio = row.ratio.count > 0 && row.ratio.mean > 0.0 ? std::abs(std::log(row.ratio.mean)) : 0.0;
    return std::tuple{!row.metric.empty(), row.difference.is_clear(), ratio};
  };
  std::stable_sort(rows.begin(), rows.end(), [&](const EquityRow& a, const EquityRow& b) { return rank(a) > rank(b); });
  return rows;
}

}  // namespace

Table equity_table(const Facts& facts) {
  Table table;
  table.columns = {{"Measure", 2.0},
                   {"Group", 1.0},
                   {"Its number", 1.5, Align::right},
                   {"Gap", 1.3, Align::right},
                   {"Reading", 1.0}};
  constexpr std::size_t kMost = 6;
  for (const EquityRow& row : gaps_of(facts)) {
    if (table.rows.size() == kMost) break;
    const ResultRow plain = as_row(row);
    const std::string words = row.metric.empty() ? measure_text(plain) : row_words(plain);
    table.rows.push_back({{words + ", " + row.compared_unit},
                          {row.trait + ": " + row.group},
                          cell_of(told_group(row, row.compared, NumberSource::OfGroup::compared)),
                          cell_of(told_group(row, row.difference, NumberSource::OfGroup::difference)),
                          {gap_reading(row), row.difference.is_clear() ? Style::strong_cell : Style::cell}});
  }
  return table;
}

Table assumptions_table(const Facts& facts) {
  Table table;
  table.columns = {
      {"Number", 1.5}, {"Value", 1.0, Align::right}, {"Range", 1.0, Align::right}, {"Grade", 1.0}, {"Source", 2.2}};
  for (const bool weak : {true, false})
    for (const ParameterWords& parameter : facts.words().parameters) {
      if (is_weak(parameter) != weak) continue;
      NumberSource from;
      from.scenario = facts.study.scenarios.front().id;
      from.parameter = parameter.id;
      const std::string value = exact(parameter.value), range = range_text(parameter);
      std::string name = parameter.id;
      std::replace(name.begin(), name.end(), '_', ' ');
      table.rows.push_back({{name},
                            {parameter.unit.empty() ? value : value + ' ' + parameter.unit,
                             Style::cell,
                             {{"", value, parameter.value, from}}},
                            {range.empty() ? "not given" : range},
                            {(weak ? "weak: " : "") + grade_of(parameter), weak ? Style::weak_cell : Style::cell},
                            {parameter.provenance.source.empty() ? "none given" : parameter.provenance.source}});
    }
  return table;
}

}  // namespace tl::brief
