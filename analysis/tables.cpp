#include "analysis/tables.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>

#include "analysis/costs.hpp"
#include "analysis/numbers.hpp"
#include "analysis/ratios.hpp"
#include "analysis/staff_measures.hpp"
#include "analysis/table_lines.hpp"
#include "analysis/why.hpp"

namespace tl {
namespace {

using lines::check_names;
using lines::has;
using lines::line_of;
using lines::lines_of;
using lines::listed_tables;
using lines::listed_text;
using lines::scope_kind;
using lines::unknown;
using Line = TableLine;

/// With fewer, Student's interval leans on a normal shape that nobody has seen.
constexpr std::size_t kFewReplications = 10;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::vector<std::string> scenario_ids(const StudyResults& study) {
  std::vector<std::string> ids;
  for (const ScenarioResults& scenario : study.scenarios) ids.push_back(scenario.id);
  return ids;
}
const ScenarioResults& required_scenario(const StudyResults& study, const std::string& id) {
  if (const ScenarioResults* found = find_scenario(study, id)) return *found;
  unknown("scenario", id, scenario_ids(study));
}

/// The values both have, in the order of replications.
struct Pairs {
  std::vector<double> a, b;
};
Pairs paired(const ScenarioResults& one, const std::vector<std::optional<double>>& a, const ScenarioResults& other,
             const std::vector<std::optional<double>>& b) {
  std::map<std::uint32_t, double> there;
  for (std::size_t i = 0; i < b.size(); ++i)
    if (b[i]) there[other.numbers[i]] = *b[i];
  Pairs pairs;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto match = there.find(one.numbers[i]);
    if (!a[i] || match == there.end()) continue;
    pairs.a.push_back(*a[i]);
    pairs.b.push_back(match->second);
  }
  return pairs;
}

std::vector<double> present(const std::vector<std::optional<double>>& values) {
  std::vector<double> there;
  for (const std::optional<double>& value : values)
    if (value) there.push_back(*value);
  return there;
}

/// The same scope in another scenario, whose model may have other settings.
std::optional<ResultScope> same_scope(const ScenarioResults& scenario, const Measure& measure,
                                      const ResultScope& scope) {
  return find_scope(scenario.words, measure, scope.kind, scope.subject, scope.only);
}

/// A share is never under 0 % or over 100 %, whatever the spread of the replications.
void clip(Estimate& estimate, double least, double most) {
  if (!estimate.has_interval()) return;
  estimate.low = std::clamp(*estimate.low, least, most);
  estimate.high = std::clamp(*estimate.high, least, most);
}

/// Rows of the scenarios that name the ratio too.
void add_ratio_rows(const StudyResults& study, const RatioWords& asked,
                    const std::vector<const ScenarioResults*>& scenarios, const ScenarioResults* versus,
                    const TableQuery& query, std::vector<ResultRow>& rows) {
  for (const NamedPeriods& time : grouped_periods(study.scenarios.front().words, query.by_period))
    for (const ScenarioResults* scenario : scenarios) {
      if (scenario == versus) continue;
      ResultRow row = make_row(*scenario, versus, asked, time.periods, query.confidence);
      row.when = time.name;
      rows.push_back(std::move(row));
    }
}

void add_rows(const StudyResults& study, const Line& line, const std::vector<const ScenarioResults*>& scenarios,
              const ScenarioResults* versus, const TableQuery& query, std::vector<ResultRow>& rows) {
  if (line.ratio) {
    add_ratio_rows(study, *line.ratio, scenarios, versus, query, rows);
    return;
  }
  for (const NamedPeriods& time : times_of(line, study.scenarios.front().words, query.by_period))
    for (const ScenarioResults* scenario : scenarios) {
      const std::optional<ResultScope> scope = same_scope(*scenario, *line.measure, line.scope);
      if (!scope || (versus && (scenario == versus || !same_scope(*versus, *line.measure, line.scope)))) continue;
      ResultRow row = make_row(*scenario, versus, *line.measure, *scope, time.periods, query.confidence);
      row.when = time.name;
      if (line.metric) {
        row.metric = line.metric->id;
        if (!line.metric->words.empty()) row.words = line.metric->words;
        if (!line.metric->good.empty()) row.good = line.metric->good;
        row.target = target_in_unit(*line.measure, line.metric->target);
      }
      rows.push_back(std::move(row));
    }
}

/// Values that are held at one time while a table is made: 64 MiB of them.
constexpr std::uint64_t kMostValues = (std::uint64_t{64} << 20) / sizeof(Values::value_type);

/// The rows of all lines: of as many lines together as their values may be held.
std::vector<ResultRow> rows_of(const StudyResults& study, const std::vector<Line>& lines,
                               const std::vector<const ScenarioResults*>& scenarios, const ScenarioResults* versus,
                               const TableQuery& query) {
  std::uint64_t replications = 0;
  for (const ScenarioResults& scenario : study.scenarios) replications += scenario.replications.size();
  const auto values_of_line = [&](const Line& line) {
    return replications * times_of(line, study.scenarios.front().words, query.by_period).size();
  };
  std::vector<ResultRow> rows;
  for (std::size_t first = 0, end = 0; first < lines.size(); first = end) {
    std::uint64_t values = values_of_line(lines[end++]);
    while (end < lines.size() && values + values_of_line(lines[end]) <= kMostValues)
      values += values_of_line(lines[end++]);
    std::vector<ResultRow> some = made_together(replications_of(study), [&] {
      std::vector<ResultRow> made;
      for (std::size_t i = first; i < end; ++i) add_rows(study, lines[i], scenarios, versus, query, made);
      return made;
    });
    std::move(some.begin(), some.end(), std::back_inserter(rows));
  }
  return rows;
}

/// The whole time, or the first instant of a measure that is of instants.
PeriodRange periods_of(const Line& line, const MetricWords& metric, const ScenarioResults& scenario) {
  if (line.measure->over != Over::instant) return all_periods(scenario);
  if (scenario.words.observe_days.empty())
    throw QueryError{"the metric \"" + metric.id + "\" needs an observed instant. Add `observe` to [model]"};
  return {0, 1};
}

/// The peaks of a role with several pools.
void add_peak_note(const Catalogue& words, ResultTable& table) {
  const bool adds_up = std::any_of(table.rows.begin(), table.rows.end(), [&](const ResultRow& row) {
    if (row.scope != "role" || row.measure.find("_peak") == std::string::npos) return false;
    const auto scope = find_scope(words, "role", row.subject);
    return scope && scope->rows.size() > 1;
  });
  if (adds_up)
    table.notes.push_back(
        "a peak of a role with several staff pools adds up what each pool had most in a period, which may not have "
        "been at one time");
}

/// What dollars these are, and what they leave out.
void add_money_notes(const Catalogue& words, const TableQuery& query, ResultTable& table) {
  const bool has_dollars = std::any_of(table.rows.begin(), table.rows.end(),
                                       [](const ResultRow& row) { return row.unit.find('$') != std::string::npos; });
  if (!has_dollars) return;
  std::string only;
  for (const auto* names : {&query.payer, &query.department, &query.setting})
    if (!names->empty()) only += (only.empty() ? "" : "; ") + listed_text(*names);
  if (!only.empty()) table.notes.push_back("only what belongs to: " + only);
  const std::string year =
      words.dollars_of == 0.0 ? "the year of the amounts, which the model does not say" : exact(words.dollars_of);
  table.notes.push_back("dollars of " + year +
                        (words.discount == 0.0
                             ? "; later years are not discounted"
                             : "; discounted at " + exact(words.discount * 100.0) + "% a year where it says so"));
}

}  // namespace

std::vector<std::string> result_table_names() {
  return {"outcomes", "waits", "census", "staff", "money", "budgets", "policies", "why"};
}

std::vector<std::string> result_tables_of(const StudyResults& study) {
  std::vector<std::string> names = result_table_names();
  // A policy may be there in one scenario only.
  const auto drop_without = [&](auto part, const char* name) {
    const auto lacks = [&](const ScenarioResults& scenario) { return (scenario.words.*part).empty(); };
    if (std::all_of(study.scenarios.begin(), study.scenarios.end(), lacks)) std::erase(names, name);
  };
  drop_without(&Catalogue::staff, "staff");
  drop_without(&Catalogue::costs, "money");
  drop_without(&Catalogue::policies, "policies");
  drop_without(&Catalogue::budgets, "budgets");
  return names;
}

std::vector<NamedPeriods> times_of(const TableLine& line, const Catalogue& words, ByPeriod by) {
  if (line.ratio != nullptr) return grouped_periods(words, by);
  if (line.measure->over == Over::instant) {
    std::vector<NamedPeriods> instants;
    if (by != ByPeriod::whole) return instants;
    for (std::size_t i = 0; i < words.observe_days.size(); ++i)
      instants.push_back({"day " + exact(words.observe_days[i]), {i, 1}});
    return instants;
  }
  if (by != ByPeriod::whole && !line.measure->by_period) return {};
  return grouped_periods(words, by);
}

std::vector<TableLine> table_lines(const StudyResults& study, const TableQuery& query) {
  check_names(study, query);
  return lines_of(study, query);
}

std::vector<NamedPeriods> grouped_periods(const Catalogue& words, ByPeriod by) {
  const std::size_t count = words.period_days.size();
  if (by == ByPeriod::whole) return {{"", {0, count}}};
  std::vector<NamedPeriods> groups;
  for (std::size_t p = 0; p < count; ++p) {
    const std::string& name = words.period_names[p];  // 2020, 2020-Q3, 2020-07 or 2020-07-15
    const bool has_quarter = name.size() >= 7 && name[5] == 'Q';
    const bool has_month = name.size() >= 7 && !has_quarter;
    if (name.size() < 4 || (by == ByPeriod::month && !has_month) ||
        (by == ByPeriod::quarter && !has_month && !has_quarter))
      throw QueryError{"results were kept by \"" + name +
                       "\" and nothing finer. Ask for longer periods, or run the study " +
                       "again with a finer `every` in [model]"};
    std::string group = name.substr(0, 4);
    if (by == ByPeriod::month) group = name.substr(0, 7);
    if (by == ByPeriod::quarter)
      group +=
          has_quarter ? name.substr(4, 3) : "-Q" + std::to_string(((name[5] - '0') * 10 + (name[6] - '0') - 1) / 3 + 1);
    if (groups.empty() || groups.back().name != group) groups.push_back({group, {p, 0}});
    ++groups.back().periods.count;
  }
  return groups;
}

ResultRow make_row(const ScenarioResults& scenario, const ScenarioResults* versus, const Measure& measure,
                   const ResultScope& scope, PeriodRange periods, double confidence) {
  ResultRow row;
  row.scenario = scenario.id;
  row.scenario_name = scenario.name.empty() ? scenario.id : scenario.name;
  row.measure = measure.name;
  row.words = measure.words;
  row.unit = unit_of(measure, scenario.words);
  row.good = measure.good;
  row.scope = scope.kind;
  row.subject = scope.subject;
  row.subject_name = scope.name;
  row.target = kNone;
  const staff::About about = staff::about(scenario.words, scope);
  row.role = about.role;
  row.department = about.department;
  row.setting = about.setting;
  const auto values = values_of(scenario, measure, scope, periods);
  if (!versus) {
    row.value = estimate_of(present(values), confidence);
    if (measure.is_share()) clip(row.value, 0.0, 100.0);
    return row;
  }
  const std::optional<ResultScope> there = same_scope(*versus, measure, scope);
  const Pairs pairs = there ? paired(scenario, values, *versus, values_of(*versus, measure, *there, periods)) : Pairs{};
  row.value = paired_difference(pairs.a, pairs.b, confidence);
  row.base = estimate_of(pairs.b, confidence);
  if (measure.is_share()) {
    clip(row.value, -100.0, 100.0);
    clip(row.base, 0.0, 100.0);
  }
  if (row.unit == "%") row.unit = "% points";
  return row;
}

std::vector<std::optional<double>> values_of(const ScenarioResults& scenario, const MetricWords& metric) {
  const Line line = line_of(scenario.words, metric);
  return values_of(scenario, *line.measure, line.scope, periods_of(line, metric, scenario));
}

std::optional<ResultScope> scope_of(const Catalogue& words, const MetricWords& metric) {
  const Measure* measure = find_measure(metric.measure);
  if (measure == nullptr) return std::nullopt;
  const std::string kind = scope_kind(*measure, metric.scope);
  return find_scope(words, *measure, kind, kind == "model" ? std::string{} : metric.subject);
}

std::vector<std::optional<double>> values_of(const ScenarioResults& scenario, const MetricWords& metric,
                                             PeriodRange periods) {
  const Line line = line_of(scenario.words, metric);
  return values_of(scenario, *line.measure, line.scope, periods);
}

ResultRow make_row(const ScenarioResults& scenario, const ScenarioResults* versus, const MetricWords& metric,
                   double confidence) {
  const Line line = line_of(scenario.words, metric);
  const PeriodRange periods = periods_of(line, metric, scenario);
  ResultRow row = make_row(scenario, versus, *line.measure, line.scope, periods, confidence);
  row.metric = metric.id;
  if (!metric.words.empty()) row.words = metric.words;
  if (!metric.good.empty()) row.good = metric.good;
  row.target = target_in_unit(*line.measure, metric.target);
  return row;
}

std::string scale_note(const StudyResults& study) {
  std::string scales;
  for (const ScenarioResults& scenario : study.scenarios) {
    const std::string text = exact(scenario.words.population_scale);
    if (scenario.words.population_scale != 1.0 && (", " + scales + ",").find(", " + text + ",") == std::string::npos)
      scales += (scales.empty() ? "" : ", ") + text;
  }
  if (scales.empty()) return "";
  return "a part of the population was run (population_scale " + scales +
         "), and counts are divided back to the whole. Queues are not scale-free: fewer units are full more often, so "
         "waits and queues come out longer than with all clients, and intervals wider";
}

namespace {

/// `why` is told of settings: of those that are named, of those of a department, or of those with the longest queues.
TableQuery with_settings(const StudyResults& study, TableQuery query) {
  if (query.table != "why" || !query.metric.empty()) return query;
  constexpr std::size_t kMostTold = 3;
  std::vector<std::string> of_departments;
  for (const SettingWords& setting : study.scenarios.front().words.settings)
    if (setting.kind != "line" && has(query.department, setting.department)) of_departments.push_back(setting.id);
  query.setting.insert(query.setting.end(), of_departments.begin(), of_departments.end());
  if (query.setting.empty() && query.department.empty())
    query.setting = made_together(replications_of(study), [&] { return longest_queues(study, kMostTold); });
  return query;
}

}  // namespace

ResultTable make_table(const StudyResults& study, const TableQuery& asked) {
  if (study.scenarios.empty()) throw QueryError{"the results hold no scenario"};
  check_names(study, asked);
  const TableQuery query = with_settings(study, asked);
  ResultTable table;
  for (const std::string& name : listed_tables(query)) table.name += (table.name.empty() ? "" : " and ") + name;
  table.asked = !query.metric.empty();
  table.by_period = query.by_period;
  table.confidence = query.confidence;
  table.seed = study.seed;
  table.program_version = study.program_version;
  table.engine_version = study.engine_version;
  std::vector<const ScenarioResults*> scenarios;
  for (const std::string& id : query.scenario.empty() ? scenario_ids(study) : query.scenario)
    scenarios.push_back(&required_scenario(study, id));
  const ScenarioResults* versus = query.versus.empty() ? nullptr : &required_scenario(study, query.versus);
  if (versus) {
    table.versus = versus->id;
    table.versus_name = versus->name.empty() ? versus->id : versus->name;
  }
  table.rows = rows_of(study, lines_of(study, query), scenarios, versus, query);
  std::erase_if(table.rows, [](const ResultRow& row) {
    // Nothing was ever there: no waits, no capacity; or the built-in place of models that have programs only.
    const bool unused_outside = row.scope == "setting" && row.subject == "outside" && row.value.mean == 0.0;
    return row.metric.empty() && (row.value.count == 0 || unused_outside);
  });
  table.notes = study.notes;
  for (const ResultRow& row : table.rows)  // a number that is not there says why
    if (row.measure.find('/') != std::string::npos && row.value.count == 0 && !row.value.why.empty()) {
      const std::string note = row.metric + ": " + row.value.why;
      if (!has(table.notes, note)) table.notes.push_back(note);
    }
  add_peak_note(study.scenarios.front().words, table);
  add_money_notes(study.scenarios.front().words, query, table);
  if (const std::string note = scale_note(study); !note.empty()) table.notes.push_back(note);
  for (const ScenarioResults* scenario : scenarios)
    if (scenario->numbers.size() < study.planned_replications)
      table.notes.push_back("scenario " + scenario->id + ": " + std::to_string(scenario->numbers.size()) + " of " +
                            std::to_string(study.planned_replications) + " replications are there");
  std::size_t fewest = study.planned_replications;
  for (const ScenarioResults* scenario : scenarios) fewest = std::min(fewest, scenario->numbers.size());
  if (fewest < kFewReplications)
    table.notes.push_back(fewest == 1 ? "one replication says nothing of chance: run more"
                                      : std::to_string(fewest) + " replications: with fewer than " +
                                            std::to_string(kFewReplications) + ", intervals are rough");
  return table;
}

}  // namespace tl
