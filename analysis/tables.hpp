#pragma once
#include <stdexcept>
#include <string>
#include <vector>

#include "analysis/intervals.hpp"
#include "analysis/measures.hpp"
#include "analysis/results_file.hpp"

namespace tl {

/// A table was asked for that cannot be made; the text says why and what there is.
struct QueryError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

enum class ByPeriod : std::uint8_t { whole, month, quarter, year };

/// What is wanted of the results. Empty lists mean all.
struct TableQuery {
  std::string table = "outcomes";   ///< outcomes (with settings or departments: both others), waits, census, staff
  std::vector<std::string> metric;  ///< measures or the model's named metrics; instead of the table's own
  std::vector<std::string> setting, department, role, scenario;
  std::string versus;  ///< scenario to compare with: rows are differences, paired by replication
  ByPeriod by_period = ByPeriod::whole;
  double confidence = 0.95;
};

/// One number of a table.
struct ResultRow {
  std::string scenario, scenario_name;  ///< id, and name for people
  std::string metric;                   ///< id of the model's named metric; empty for a built-in one
  std::string measure, words;           ///< name in the registry, and in plain words
  std::string scope, subject, subject_name;
  std::string role, department, setting;  ///< of staff; else empty
  std::string when;                       ///< "2020-07", "2020-Q3", "2020", "day 63"; empty = the whole time
  std::string unit, good;
  double target = 0.0;  ///< NaN = none
  Estimate value;       ///< or difference, when the table compares
  Estimate base;        ///< when the table compares: the value of the scenario compared with
};

struct ResultTable {
  std::string name, versus, versus_name;
  ByPeriod by_period = ByPeriod::whole;
  bool asked = false;  ///< its rows were asked for by name; else they are what the table lists
  double confidence = 0.95;
  std::vector<ResultRow> rows;  ///< by measure and subject, then time, then scenario
  std::uint64_t seed = 0;
  std::string program_version, engine_version;
  std::vector<std::string> notes;
};

/// The tables there are.
std::vector<std::string> result_table_names();
/// Those that these results can fill: `staff` only where the model has some.
std::vector<std::string> result_tables_of(const StudyResults& study);

/// What to keep in mind where only a part of the population was run; empty where all of it was.
std::string scale_note(const StudyResults& study);

/// @throws QueryError  for an unknown table, metric, setting, department or scenario, or a finer period than was kept
ResultTable make_table(const StudyResults& study, const TableQuery& query);

/// One row: a measure of a scope in a scenario, or its paired difference from `versus` (may be null).
ResultRow make_row(const ScenarioResults& scenario, const ScenarioResults* versus, const Measure& measure,
                   const ResultScope& scope, PeriodRange periods, double confidence);

/// The row of a metric the model names. @throws QueryError  when it names no measure or subject that is there
ResultRow make_row(const ScenarioResults& scenario, const ScenarioResults* versus, const MetricWords& metric,
                   double confidence);

/// Its value in every replication, over the whole time (at the first instant, where it is of one).
/// @throws QueryError  likewise
std::vector<std::optional<double>> values_of(const ScenarioResults& scenario, const MetricWords& metric);

/// A line of a table before it is told by scenario and time.
struct TableLine {
  const Measure* measure = nullptr;
  ResultScope scope;
  const MetricWords* metric = nullptr;
};
/// What a query asks for. @throws QueryError  for names that are not there
std::vector<TableLine> table_lines(const StudyResults& study, const TableQuery& query);

/// Reporting periods put together. @throws QueryError  when a finer grid was asked for than was kept
struct NamedPeriods {
  std::string name;
  PeriodRange periods;
};
std::vector<NamedPeriods> grouped_periods(const Catalogue& words, ByPeriod by);
/// The times at which a line can be told; observed instants are told for the whole time only.
std::vector<NamedPeriods> times_of(const TableLine& line, const Catalogue& words, ByPeriod by);

}  // namespace tl
