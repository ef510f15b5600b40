#include <algorithm>
#include <array>
#include <map>

#include "analysis/finding.hpp"
#include "analysis/numbers.hpp"
#include "analysis/table_text.hpp"
#include "analysis/why.hpp"
#include "analysis/workbook_parts.hpp"

namespace tl::workbook {
namespace {

using xlsx::Cell;
using xlsx::Look;
using xlsx::Sheet;

std::string percent(double confidence) {
  return shown(confidence * 100.0, 0) + "%";
}

std::string interval_remark(const Making& making) {
  const std::size_t runs = making.study.scenarios.front().numbers.size();
  std::string text = "Means over " + std::to_string(runs) + (runs == 1 ? " run" : " runs") + " of the model, with " +
                     percent(making.confidence) + " intervals: what luck does to the model as written.";
  if (making.compares())
    text += " Changes are against \"" + making.names.front() + "\", with the same luck in both, run by run.";
  return text;
}

struct Titles {
  std::string_view table, sheet, title;
};
constexpr std::array kTitles{Titles{"outcomes", "Outcomes", "Outcomes of the whole system"},
                             Titles{"waits", "Waits", "Waits, setting by setting"},
                             Titles{"census", "Census", "Who is where, setting by setting"},
                             Titles{"staff", "Staff", "Staff: what there is and what it takes"},
                             Titles{"money", "Money", "What it costs"},
                             Titles{"policies", "Policies", "What the rules did"},
                             Titles{"why", "Why", "Why people wait: the longest queues"}};

Titles titles_of(const std::string& table) {
  for (const Titles& titles : kTitles)
    if (titles.table == table) return titles;
  return {table, table, table};
}

std::string row_key(const ResultRow& row) {
  return row.scenario + '\n' + row.metric + '\n' + row.measure + '\n' + row.scope + '\n' + row.subject + '\n' +
         row.when;
}

std::string of_text(const ResultRow& row) {
  const bool subject_is_in_words = measure_text(row) != row.words;
  std::string text = row.scope == "model" || subject_is_in_words ? "whole system" : subject_text(row);
  return row.when.empty() ? text : text + ", " + row.when;
}

/// A table with the paired changes beside it.
struct WithChanges {
  ResultTable values;
  std::map<std::string, ResultRow> changes;
};
WithChanges with_changes(const Making& making, TableQuery query) {
  query.confidence = making.confidence;
  WithChanges both{making.tables.get(query), {}};
  if (!making.compares()) return both;
  query.versus = making.base();
  for (const ResultRow& row : making.tables.get(query).rows) both.changes.emplace(row_key(row), row);
  return both;
}

std::vector<Column> columns_of(const Making& making, bool is_staff, bool has_reasons) {
  const std::string low = "Low " + percent(making.confidence), high = "High " + percent(making.confidence);
  std::vector<Column> columns{{"Measure", 40.0}, {"Of", 28.0}, {"Scenario", 20.0}};
  if (is_staff) {
    columns.push_back({"Role", 20.0});
    columns.push_back({"Department", 14.0});
  }
  columns.insert(columns.end(), {{"Mean", 13.0, true}, {low, 12.0, true}, {high, 12.0, true}, {"Unit", 13.0}});
  if (making.compares())
    columns.insert(columns.end(), {{"Change", 12.0, true}, {low, 12.0, true}, {high, 12.0, true}, {"Reading", 20.0}});
  columns.push_back({"Runs", 7.0, true});
  if (has_reasons) columns.push_back({"No interval because", 24.0});
  return columns;
}

void write_row(Making& making, Sheet& sheet, std::uint32_t r, const ResultRow& row, const WithChanges& table,
               bool is_staff) {
  std::uint16_t c = 0;
  const auto text = [&](const std::string& words, Look look = Look::plain) { sheet.text({r, c++}, words, look); };
  text(measure_text(row));
  text(of_text(row));
  text(making.name_of(row.scenario));
  if (is_staff) {
    text(row.role);
    text(row.department);
  }
  estimate(making, sheet, {r, c}, row.value, row.unit, source_of(row, "", NumberSource::What::mean));
  c += 3;
  text(row.unit);
  if (making.compares()) {
    const auto change = table.changes.find(row_key(row));
    if (change != table.changes.end()) {
      const ResultRow& by = change->second;
      estimate(making, sheet, {r, c}, by.value, row.unit, source_of(by, making.base(), NumberSource::What::mean));
      sheet.text({r, static_cast<std::uint16_t>(c + 3)}, reading_words(by),
                 by.value.is_clear() ? Look::strong : Look::plain);
    }
    c += 4;
  }
  sheet.number({r, c++}, static_cast<double>(row.value.count), 0);
  if (!row.value.why.empty()) text(row.value.why);
}

std::string remark_of(const Making& making, const ResultTable& table) {
  std::string text = interval_remark(making);
  for (const std::string& note : table.notes) text += " Note: " + note + '.';
  return text;
}

}  // namespace

void table_sheet(Making& making, const std::string& name) {
  TableQuery query;
  query.table = name;
  const WithChanges table = with_changes(making, query);
  const Titles titles = titles_of(name);
  const bool is_staff = std::any_of(table.values.rows.begin(), table.values.rows.end(),
                                    [](const ResultRow& row) { return !row.role.empty(); });
  const bool has_reasons = std::any_of(table.values.rows.begin(), table.values.rows.end(),
                                       [](const ResultRow& row) { return !row.value.why.empty(); });
  const std::vector<Column> columns = columns_of(making, is_staff, has_reasons);
  Sheet& sheet = begin_table(making, std::string{titles.sheet}, std::string{titles.title},
                             remark_of(making, table.values), columns, 2);
  std::uint32_t r = kFirstRow;
  for (const ResultRow& row : table.values.rows) write_row(making, sheet, r++, row, table, is_staff);
  end_table(sheet, table.values.rows.size(), columns.size());
}

namespace {

constexpr std::size_t kMostCourseRows = 200'000;

/// The finest periods that were kept and that a sheet can hold.
std::optional<ByPeriod> finest_period(const StudyResults& study) {
  const Catalogue& words = study.scenarios.front().words;
  for (const ByPeriod by : {ByPeriod::month, ByPeriod::quarter, ByPeriod::year}) {
    try {
      const std::size_t periods = grouped_periods(words, by).size();
      if (periods * words.settings.size() * study.scenarios.size() <= kMostCourseRows) return by;
    } catch (const QueryError&) {
      continue;  // results were kept by longer periods
    }
  }
  return std::nullopt;
}

std::string_view word_of(ByPeriod by) {
  return by == ByPeriod::month ? "month" : by == ByPeriod::quarter ? "quarter" : "year";
}

/// Rows by subject, scenario, time and measure.
using Course = std::map<std::array<std::string, 4>, ResultRow>;

Course course_of(const Making& making, const std::vector<std::string>& measures, ByPeriod by) {
  TableQuery query;
  query.table = "census";
  query.metric = measures;
  query.by_period = by;
  query.confidence = making.confidence;
  Course course;
  for (ResultRow& row : make_table(making.study, query).rows)
    course.emplace(std::array{row.subject, row.scenario, row.when, row.measure}, row);
  return course;
}

}  // namespace

CourseCells census_by_period_sheet(Making& making) {
  const std::optional<ByPeriod> by = finest_period(making.study);
  if (!by) return {};
  const std::string period{word_of(*by)};
  const Course course = course_of(making, {"census_mean", "queue_mean", "capacity_mean"}, *by);
  const std::string low = "Low " + percent(making.confidence), high = "High " + percent(making.confidence);
  const std::vector<Column> columns{{"Setting", 34.0},
                                    {"Scenario", 24.0},
                                    {period == "month"     ? "Month"
                                     : period == "quarter" ? "Quarter"
                                                           : "Year",
                                     10.0},
                                    {"Clients there", 13.0, true},
                                    {low, 11.0, true},
                                    {high, 11.0, true},
                                    {"Clients waiting", 13.0, true},
                                    {low, 11.0, true},
                                    {high, 11.0, true},
                                    {"Capacity, units", 13.0, true},
                                    {"No interval because", 24.0}};
  CourseCells cells;
  Sheet& sheet =
      begin_table(making, "Census by " + period, "Who is there and who waits, " + period + " by " + period,
                  "Average numbers of the " + period + ". " + interval_remark(making) +
                      " The capacity is that of the model and has no interval where it follows no staff or rule.",
                  columns, 3);
  cells.sheet = sheet.name();
  cells.census = 3, cells.waiting = 6, cells.capacity = 9;
  cells.name_column = {0, 1};
  std::uint32_t r = kFirstRow;
  const std::vector<NamedPeriods> times = grouped_periods(making.study.scenarios.front().words, *by);
  for (const ResultScope& scope : scopes_of(making.study.scenarios.front().words, "setting"))
    for (std::size_t s = 0; s < making.study.scenarios.size(); ++s) {
      const std::uint32_t first = r;
      for (const NamedPeriods& time : times) {
        const auto find = [&](const char* measure) {
          return course.find({scope.subject, making.study.scenarios[s].id, time.name, measure});
        };
        const auto census = find("census_mean"), waiting = find("queue_mean"), capacity = find("capacity_mean");
        if (census == course.end()) continue;
        sheet.text({r, 0}, scope.name);
        sheet.text({r, 1}, making.names[s]);
        sheet.text({r, 2}, time.name);
        estimate(making, sheet, {r, 3}, census->second.value, census->second.unit,
                 source_of(census->second, "", NumberSource::What::mean));
        if (waiting != course.end() && waiting->second.value.mean > 0.0) cells.with_queue.insert(scope.subject);
        if (waiting != course.end())
          estimate(making, sheet, {r, 6}, waiting->second.value, waiting->second.unit,
                   source_of(waiting->second, "", NumberSource::What::mean));
        if (capacity != course.end())
          number(making, sheet, {r, 9}, capacity->second.value.mean, decimals_of(capacity->second.value), "units",
                 source_of(capacity->second, "", NumberSource::What::mean));
        else
          sheet.text({r, 9}, "unlimited");
        sheet.text({r, 10}, census->second.value.why);
        ++r;
      }
      if (r > first) cells.times[{scope.subject, s}] = {{first, 2}, {r - 1, 2}};
      cells.settings[scope.subject] = scope.name;
    }
  end_table(sheet, r - kFirstRow, columns.size());
  return cells;
}

BlockCells staff_by_role_sheet(Making& making) {
  constexpr std::array kMeasures{"fte_budgeted", "fte_employed", "fte_needed_standard", "fte_needed_physical"};
  TableQuery query;
  query.table = "staff";
  query.confidence = making.confidence;
  std::map<std::array<std::string, 3>, ResultRow> rows;
  std::vector<ResultRow> roles;
  for (const ResultRow& row : making.tables.get(query).rows) {
    if (row.scope != "role") continue;
    if (row.measure == kMeasures.front() && row.scenario == making.base()) roles.push_back(row);
    rows.emplace(std::array{row.subject, row.scenario, row.measure}, row);
  }
  const std::string low = "Low " + percent(making.confidence), high = "High " + percent(making.confidence);
  std::vector<Column> columns{{"Scenario", 24.0}, {"Role", 30.0}, {"Department", 14.0}};
  for (const char* what : {"In the budget", "Employed", "Needed by the standard", "Needed for all beds and slots"})
    columns.insert(columns.end(), {{what, 13.0, true}, {low, 10.0, true}, {high, 10.0, true}});
  columns.push_back({"Needed by the standard less employed", 16.0, true});
  Sheet& sheet = begin_table(making, "Staff by role", "Staff by role: FTE in the budget, employed, and needed",
                             "FTE, averages over the whole time. " + interval_remark(making) +
                                 " The last column is worked out here from the means.",
                             columns, 3);
  BlockCells block;
  std::uint32_t r = kFirstRow;
  for (std::size_t s = 0; s < making.study.scenarios.size(); ++s) {
    for (const ResultRow& role : roles) {
      sheet.text({r, 0}, making.names[s]);
      sheet.text({r, 1}, role.role);
      sheet.text({r, 2}, role.department);
      std::array<const ResultRow*, kMeasures.size()> there{};
      for (std::size_t m = 0; m < kMeasures.size(); ++m) {
        const auto found = rows.find({role.subject, making.study.scenarios[s].id, kMeasures[m]});
        const auto column = static_cast<std::uint16_t>(3 + 3 * m);
        if (found == rows.end()) {
          sheet.text({r, column}, "n/a");
          continue;
        }
        there[m] = &found->second;
        estimate(making, sheet, {r, column}, found->second.value, "FTE",
                 source_of(found->second, "", NumberSource::What::mean));
      }
      if (there[1] != nullptr && there[2] != nullptr)
        sheet.formula({r, 15}, '=' + name_of(Cell{r, 9}) + '-' + name_of(Cell{r, 6}),
                      there[2]->value.mean - there[1]->value.mean, decimals_of(there[2]->value));
      ++r;
    }
    if (s == 0 && r > kFirstRow)
      block = {sheet.name(),
               {kFirstRow, 1},
               {r - 1, 1},
               {{{kFirstRow - 1, 3}, 3}, {{kFirstRow - 1, 6}, 6}, {{kFirstRow - 1, 9}, 9}}};
  }
  end_table(sheet, r - kFirstRow, columns.size());
  return block;
}

namespace {

/// Rows of the table of money with one measure and kind of scope, by subject and scenario.
std::map<std::array<std::string, 2>, ResultRow> cost_rows(const Making& making, const std::string& kind,
                                                          const std::vector<std::string>& payer) {
  TableQuery query;
  query.table = "money";
  query.payer = payer;
  query.confidence = making.confidence;
  std::map<std::array<std::string, 2>, ResultRow> rows;
  for (const ResultRow& row : making.tables.get(query).rows)
    if (row.measure == "cost" && row.scope == kind) rows.emplace(std::array{row.subject, row.scenario}, row);
  return rows;
}

/// Subjects in the order of the results, with their names.
std::vector<std::pair<std::string, std::string>> subjects_of(
    const Making& making, const std::string& kind, const std::map<std::array<std::string, 2>, ResultRow>& rows) {
  std::vector<std::pair<std::string, std::string>> subjects;
  for (const ScenarioResults& scenario : making.study.scenarios)
    for (const ResultScope& scope : scopes_of(scenario.words, *find_measure("cost"), kind)) {
      const auto row = rows.find({scope.subject, scenario.id});
      const bool is_new =
          std::none_of(subjects.begin(), subjects.end(), [&](const auto& one) { return one.first == scope.subject; });
      if (row != rows.end() && is_new) subjects.emplace_back(scope.subject, subject_text(row->second));
    }
  return subjects;
}

}  // namespace

BlockCells cost_sheet(Making& making, const std::string& kind) {
  const auto rows = cost_rows(making, kind, {}), whole = cost_rows(making, "model", {});
  const auto subjects = subjects_of(making, kind, rows);
  const std::string low = "Low " + percent(making.confidence), high = "High " + percent(making.confidence);
  std::vector<Column> columns{{kind == "payer" ? "Payer" : "Department", 34.0}};
  for (const std::string& name : making.names)
    columns.insert(columns.end(), {{name, 18.0, true}, {low, 16.0, true}, {high, 16.0, true}});
  const std::string unit = unit_of(*find_measure("cost"), making.study.scenarios.front().words);
  Sheet& sheet = begin_table(making, "Cost by " + kind, "Cost by " + kind + ", the whole time",
                             "In " + unit + ". " + interval_remark(making) +
                                 " The total adds up the column; its interval is that of all cost together, as ends of "
                                 "intervals do not add up.",
                             columns, 1);
  BlockCells block{sheet.name(), {kFirstRow, 0}, {kFirstRow, 0}, {}};
  std::uint32_t r = kFirstRow;
  for (const auto& [subject, name] : subjects) {
    sheet.text({r, 0}, name);
    for (std::size_t s = 0; s < making.study.scenarios.size(); ++s) {
      const auto row = rows.find({subject, making.study.scenarios[s].id});
      const Cell at{r, static_cast<std::uint16_t>(1 + 3 * s)};
      if (row != rows.end())
        estimate(making, sheet, at, row->second.value, unit, source_of(row->second, "", NumberSource::What::mean));
    }
    block.last = {r++, 0};
  }
  sheet.text({r, 0}, "Total", Look::strong);
  for (std::size_t s = 0; s < making.study.scenarios.size(); ++s) {
    const auto column = static_cast<std::uint16_t>(1 + 3 * s);
    block.series.emplace_back(Cell{kFirstRow - 1, column}, column);
    const auto row = whole.find({"", making.study.scenarios[s].id});
    if (row == whole.end() || r == kFirstRow) continue;
    const Estimate& total = row->second.value;
    sheet.formula({r, column}, "=SUM(" + name_of(Cell{kFirstRow, column}) + ':' + name_of(Cell{r - 1, column}) + ')',
                  total.mean, decimals_of(total), unit);
    if (!total.has_interval()) continue;
    number(making, sheet, {r, static_cast<std::uint16_t>(column + 1)}, *total.low, decimals_of(total), unit,
           source_of(row->second, "", NumberSource::What::low));
    number(making, sheet, {r, static_cast<std::uint16_t>(column + 2)}, *total.high, decimals_of(total), unit,
           source_of(row->second, "", NumberSource::What::high));
  }
  return block;
}

void cost_by_department_and_payer_sheet(Making& making) {
  const std::string low = "Low " + percent(making.confidence), high = "High " + percent(making.confidence);
  const std::string unit = unit_of(*find_measure("cost"), making.study.scenarios.front().words);
  const std::vector<Column> columns{
      {"Department", 34.0}, {"Payer", 24.0},    {"Scenario", 24.0}, {"Cost", 18.0, true},
      {low, 16.0, true},    {high, 16.0, true}, {"Unit", 10.0},     {"No interval because", 24.0}};
  Sheet& sheet = begin_table(making, "Cost by dept and payer", "Cost by department and payer, the whole time",
                             interval_remark(making), columns, 3);
  std::uint32_t r = kFirstRow;
  for (const PayerWords& payer : making.study.scenarios.front().words.payers) {
    const auto rows = cost_rows(making, "department", {payer.id});
    for (const auto& [subject, name] : subjects_of(making, "department", rows))
      for (std::size_t s = 0; s < making.study.scenarios.size(); ++s) {
        const auto row = rows.find({subject, making.study.scenarios[s].id});
        if (row == rows.end()) continue;
        sheet.text({r, 0}, name);
        sheet.text({r, 1}, payer.name.empty() ? payer.id : payer.name);
        sheet.text({r, 2}, making.names[s]);
        NumberSource from = source_of(row->second, "", NumberSource::What::mean);
        from.payer = payer.id;
        estimate(making, sheet, {r, 3}, row->second.value, unit, from);
        sheet.text({r, 6}, unit);
        sheet.text({r, 7}, row->second.value.why);
        ++r;
      }
  }
  end_table(sheet, r - kFirstRow, columns.size());
}

}  // namespace tl::workbook
