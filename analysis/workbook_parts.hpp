#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "analysis/results_file.hpp"
#include "analysis/table_shelf.hpp"
#include "analysis/tables.hpp"
#include "analysis/traced.hpp"
#include "analysis/workbook_file.hpp"

// The sheets of a workbook. Each function adds one (or none, where the results have nothing for it).
namespace tl::workbook {

struct Making {
  const StudyResults& study;
  double confidence = 0.95;
  xlsx::Book& book;
  std::vector<TracedNumber> numbers;
  std::string footer;              ///< of every page
  std::vector<std::string> names;  ///< of the scenarios, for people: no two are equal
  const TableShelf& tables;

  bool compares() const { return study.scenarios.size() > 1; }
  const std::string& base() const { return study.scenarios.front().id; }
  const std::string& name_of(const std::string& scenario) const;
};

/// A column of a table.
struct Column {
  std::string title;
  double width = 12.0;  ///< characters
  bool is_number = false;
};
/// Title, remark and headings of a table of which rows begin at kFirstRow; panes frozen below them and right of the
/// first `fixed` columns, set up for print.
xlsx::Sheet& begin_table(Making& making, const std::string& name, const std::string& title, const std::string& remark,
                         const std::vector<Column>& columns, std::uint16_t fixed);
inline constexpr std::uint32_t kFirstRow = 3;
/// Lets readers filter; after the last row was written.
void end_table(xlsx::Sheet& sheet, std::size_t rows, std::size_t columns);

/// Writes a number and notes where it comes from.
void number(Making& making, xlsx::Sheet& sheet, xlsx::Cell at, double value, int decimals, const std::string& unit,
            NumberSource from);
/// Mean, low and high side by side. Without an interval the last two are empty: a column of reasons says why.
void estimate(Making& making, xlsx::Sheet& sheet, xlsx::Cell at, const Estimate& estimate, const std::string& unit,
              const NumberSource& from);
/// Decimals in which a cell shows it.
int decimals_of(const Estimate& estimate);

/// The cells that charts are drawn from: of each subject and scenario (both by their place in the results).
struct CourseCells {
  std::string sheet;
  std::map<std::pair<std::string, std::size_t>, std::pair<xlsx::Cell, xlsx::Cell>> times;  ///< first and last
  std::uint16_t census = 0, waiting = 0, capacity = 0;                                     ///< columns
  xlsx::Cell name_column;                       ///< of the scenario's name (its row is that of the first time)
  std::map<std::string, std::string> settings;  ///< id, name
  std::set<std::string> with_queue;             ///< ids of those for which somebody waits at some time
};
struct BlockCells {
  std::string sheet;
  xlsx::Cell first, last;                                    ///< names of the rows
  std::vector<std::pair<xlsx::Cell, std::uint16_t>> series;  ///< where its name stands, and the column of its values
  bool is_there() const { return !sheet.empty(); }
};

void table_sheet(Making& making, const std::string& table);
CourseCells census_by_period_sheet(Making& making);
BlockCells staff_by_role_sheet(Making& making);
/// @param kind  department or payer
BlockCells cost_sheet(Making& making, const std::string& kind);
void cost_by_department_and_payer_sheet(Making& making);
void equity_sheet(Making& making);
void scenarios_sheet(Making& making);
void assumptions_sheet(Making& making);
void reading_sheet(Making& making);

/// What the summary looks its numbers up in, and the summary itself, which stands before all others.
struct KeyNumbers {
  std::string sheet;
  std::vector<MetricWords> metrics;
  std::vector<std::vector<ResultRow>> rows;     ///< [metric][scenario]
  std::vector<std::vector<ResultRow>> changes;  ///< likewise, of those after the first scenario
};
KeyNumbers key_numbers_sheet(Making& making);
/// A sheet in the workbook, and what stands on it; or one that is not there, and why.
struct Listing {
  std::string sheet, about;
  bool is_there = true;
};
void fill_summary(Making& making, xlsx::Sheet& sheet, const KeyNumbers& keys, const std::vector<Listing>& listing);

void fill_charts(Making& making, xlsx::Sheet& sheet, const CourseCells& course, const BlockCells& costs,
                 const BlockCells& staff);

}  // namespace tl::workbook
