#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/finding.hpp"
#include "analysis/numbers.hpp"
#include "analysis/workbook_parts.hpp"

namespace tl::workbook {
namespace {

using xlsx::Cell;
using xlsx::Look;
using xlsx::Range;
using xlsx::Sheet;
using What = NumberSource::What;

std::string percent(double confidence) {
  return shown(confidence * 100.0, 0) + "%";
}

// Columns of the sheet of key numbers.
constexpr std::uint16_t kMean = 3, kChange = 6;

/// The row of a metric in a scenario.
std::uint32_t key_row(const KeyNumbers& keys, std::size_t metric, std::size_t scenario) {
  const std::size_t scenarios = keys.rows.empty() ? 0 : keys.rows.front().size();
  return kFirstRow + static_cast<std::uint32_t>(metric * scenarios + scenario);
}

std::string why_of(const Estimate& estimate) {
  return estimate.has_interval() ? "" : estimate.why.empty() ? "one run" : estimate.why;
}

/// Mean, low, high; words in place of an interval that is not there, so that formulas find something to say.
void key_cells(Making& making, Sheet& sheet, Cell at, const ResultRow& row, const std::string& versus) {
  estimate(making, sheet, at, row.value, row.unit, source_of(row, versus, What::mean));
  if (row.value.has_interval()) return;
  for (std::uint16_t offset = 1; offset <= 2; ++offset)
    sheet.text({at.row, static_cast<std::uint16_t>(at.column + offset)}, "none");
}

}  // namespace

KeyNumbers key_numbers_sheet(Making& making) {
  KeyNumbers keys;
  const std::string low = "Low " + percent(making.confidence), high = "High " + percent(making.confidence);
  Sheet& sheet = begin_table(making, "Key numbers", "Key numbers", "What the summary looks its numbers up in.",
                             {{"Measure", 60.0},
                              {"Unit", 16.0},
                              {"Scenario", 28.0},
                              {"Mean", 13.0, true},
                              {low, 12.0, true},
                              {high, 12.0, true},
                              {"Change", 13.0, true},
                              {low, 12.0, true},
                              {high, 12.0, true},
                              {"Better when", 12.0},
                              {"No interval because", 24.0}},
                             1);
  keys.sheet = sheet.name();
  const std::vector<ScenarioResults>& scenarios = making.study.scenarios;
  KeyNumbers made = made_together(replications_of(making.study), [&] {
    KeyNumbers numbers;
    for (const MetricWords& metric : leading_metrics(making.study)) {
      std::vector<ResultRow> rows, changes;
      for (const ScenarioResults& scenario : scenarios) {
        rows.push_back(make_row(scenario, nullptr, metric, making.confidence));
        if (rows.size() > 1) changes.push_back(make_row(scenario, &scenarios.front(), metric, making.confidence));
      }
      numbers.metrics.push_back(metric);
      numbers.rows.push_back(std::move(rows));
      numbers.changes.push_back(std::move(changes));
    }
    return numbers;
  });
  made.sheet = keys.sheet;
  keys = std::move(made);
  for (std::size_t m = 0; m < keys.metrics.size(); ++m)
    for (std::size_t s = 0; s < scenarios.size(); ++s) {
      const ResultRow& row = keys.rows[m][s];
      const std::uint32_t r = key_row(keys, m, s);
      sheet.text({r, 0}, row_words(row));
      sheet.text({r, 1}, row.unit);
      sheet.text({r, 2}, making.names[s]);
      key_cells(making, sheet, {r, kMean}, row, "");
      if (s > 0) key_cells(making, sheet, {r, kChange}, keys.changes[m][s - 1], making.base());
      if (s == 0 && scenarios.size() > 1)  // against itself
        for (std::uint16_t c = 0; c < 3; ++c) sheet.number({r, static_cast<std::uint16_t>(kChange + c)}, 0.0, 0);
      sheet.text({r, 9}, row.good);
      sheet.text({r, 10}, why_of(row.value));
    }
  end_table(sheet, keys.metrics.size() * scenarios.size(), 11);
  return keys;
}

namespace {

constexpr std::uint32_t kChoiceRow = 4;
/// The cell that holds the place of the chosen scenario among all.
constexpr Cell kPlace{kChoiceRow, 4};

std::string key_cell(const KeyNumbers& keys, std::uint32_t row, std::uint16_t column) {
  return "'" + keys.sheet + "'!" + name_of(Cell{row, column}, true);
}

/// Looks a column of the chosen scenario up.
std::string chosen(const KeyNumbers& keys, std::size_t metric, std::uint16_t column) {
  const std::size_t scenarios = keys.rows[metric].size();
  const Range block{keys.sheet, {key_row(keys, metric, 0), column}, {key_row(keys, metric, scenarios - 1), column}};
  return "=INDEX(" + name_of(block) + ',' + name_of(kPlace, true) + ')';
}

/// A formula whose result is a number, or words where there is none.
void looked_up(Making& making, Sheet& sheet, Cell at, const std::string& formula, const std::optional<double>& value,
               int decimals, const std::string& unit, const NumberSource& from) {
  if (!value || !std::isfinite(*value)) return sheet.formula(at, formula, std::string_view{"none"});
  sheet.formula(at, formula, *value, decimals, unit);
  making.numbers.push_back({sheet.name() + '!' + name_of(at), exact(*value), *value, from});
}

/// Three formulas for mean, low and high.
template <class Formula>
void looked_up_estimate(Making& making, Sheet& sheet, Cell at, const Formula& formula, const ResultRow& row,
                        const std::string& versus, const std::string& unit) {
  const int decimals = decimals_of(row.value);
  const std::array<std::optional<double>, 3> values{row.value.count > 0 ? std::optional{row.value.mean} : std::nullopt,
                                                    row.value.low, row.value.high};
  constexpr std::array kWhat{What::mean, What::low, What::high};
  for (std::uint16_t i = 0; i < 3; ++i)
    looked_up(making, sheet, {at.row, static_cast<std::uint16_t>(at.column + i)}, formula(i), values[i], decimals, unit,
              source_of(row, versus, kWhat[i]));
}

std::string target_formula(const std::string& target, const std::string& low, const std::string& high, bool lower) {
  const std::string met = lower ? high + "<=" + target : low + ">=" + target;
  const std::string missed = lower ? low + '>' + target : high + '<' + target;
  return "=IF(" + target + "=\"\",\"\",IF(NOT(ISNUMBER(" + low + ")),\"no interval\",IF(" + met + ",\"met\",IF(" +
         missed + ",\"not met\",\"cannot tell\"))))";
}

std::string target_result(const ResultRow& row, bool lower) {
  if (std::isnan(row.target)) return "";
  if (!row.value.has_interval()) return "no interval";
  if (lower ? *row.value.high <= row.target : *row.value.low >= row.target) return "met";
  return (lower ? *row.value.low > row.target : *row.value.high < row.target) ? "not met" : "cannot tell";
}

/// "lower: better", by the signs of the cells; the same words as reading_words().
std::string reading_formula(const std::string& change, const std::string& low, const std::string& high,
                            const std::string& good) {
  const auto side = [&](const std::string& direction) {
    if (good != "lower" && good != "higher") return '"' + direction + '"';
    return '"' + direction + (direction == good ? ": better\"" : ": worse\"");
  };
  return "=IF(NOT(ISNUMBER(" + low + ")),\"too few replications\",IF(AND(" + low + "=0," + high +
         "=0),\"the same\",IF(AND(" + low + "<=0," + high + ">=0),\"no clear change\",IF(" + change + "<0," +
         side("lower") + ',' + side("higher") + "))))";
}

void target_cells(Sheet& sheet, std::uint32_t r, std::uint16_t column, const ResultRow& row, Cell low, Cell high) {
  if (std::isnan(row.target))
    sheet.text({r, column}, "", Look::input);
  else
    sheet.number({r, column}, row.target, shown_decimals(row.target, 0.0), row.unit, Look::input);
  const Cell verdict{r, static_cast<std::uint16_t>(column + 1)};
  if (row.good != "lower" && row.good != "higher") return sheet.text(verdict, "not said what is good", Look::note);
  const bool lower = row.good == "lower";
  sheet.formula(verdict, target_formula(name_of(Cell{r, column}), name_of(low), name_of(high), lower),
                target_result(row, lower));
}

void headings(Sheet& sheet, std::uint32_t r, const std::vector<Column>& columns) {
  std::uint16_t c = 0;
  for (const Column& column : columns) {
    sheet.text({r, c}, column.title, column.is_number ? Look::number_heading : Look::heading);
    ++c;
  }
}

/// The table of a single scenario: means that point to the sheet of key numbers. @returns the row after it
std::uint32_t single_table(Making& making, Sheet& sheet, const KeyNumbers& keys, std::uint32_t r) {
  const std::string low = "Low " + percent(making.confidence), high = "High " + percent(making.confidence);
  headings(sheet, r++,
           {{"Measure"},
            {"Unit"},
            {"Mean", 0, true},
            {low, 0, true},
            {high, 0, true},
            {"Your target", 0, true},
            {"Target met?"}});
  for (std::size_t m = 0; m < keys.metrics.size(); ++m, ++r) {
    const ResultRow& row = keys.rows[m].front();
    sheet.text({r, 0}, row_words(row), Look::wrapped);
    sheet.text({r, 1}, row.unit);
    const auto formula = [&](std::uint16_t i) {
      return '=' + key_cell(keys, key_row(keys, m, 0), static_cast<std::uint16_t>(kMean + i));
    };
    looked_up_estimate(making, sheet, {r, 2}, formula, row, "", row.unit);
    target_cells(sheet, r, 5, row, {r, 3}, {r, 4});
  }
  return r;
}

void choice_cells(Making& making, Sheet& sheet, const KeyNumbers& keys) {
  const std::size_t scenarios = making.names.size();
  const Range names{keys.sheet, {key_row(keys, 0, 0), 2}, {key_row(keys, 0, scenarios - 1), 2}};
  sheet.text({kChoiceRow, 0}, "Scenario to look at (choose here)", Look::strong);
  sheet.text({kChoiceRow, 1}, making.names[1], Look::input);
  sheet.choice({kChoiceRow, 1}, names, "Scenario", "Choose the scenario that is compared with the first one.");
  sheet.text({kChoiceRow, 3}, "which is number", Look::note);
  sheet.formula(kPlace, "=MATCH(" + name_of(Cell{kChoiceRow, 1}, true) + ',' + name_of(names) + ",0)", 2.0, 0);
}

std::uint32_t comparing_table(Making& making, Sheet& sheet, const KeyNumbers& keys, std::uint32_t r) {
  choice_cells(making, sheet, keys);
  const std::string low = "Low " + percent(making.confidence), high = "High " + percent(making.confidence);
  sheet.text({r, 2}, making.names.front(), Look::strong);
  sheet.formula({r, 5}, '=' + name_of(Cell{kChoiceRow, 1}, true), making.names[1]);
  sheet.text({r, 8}, "Change, with the same luck in both", Look::strong);
  headings(sheet, ++r,
           {{"Measure"},
            {"Unit"},
            {"Mean", 0, true},
            {low, 0, true},
            {high, 0, true},
            {"Mean", 0, true},
            {low, 0, true},
            {high, 0, true},
            {"Change", 0, true},
            {low, 0, true},
            {high, 0, true},
            {"Change in %", 0, true},
            {"Reading"},
            {"Your target", 0, true},
            {"Target met?"}});
  ++r;
  for (std::size_t m = 0; m < keys.metrics.size(); ++m, ++r) {
    const ResultRow &base = keys.rows[m][0], &now = keys.rows[m][1], &change = keys.changes[m][0];
    sheet.text({r, 0}, row_words(base), Look::wrapped);
    sheet.text({r, 1}, base.unit);
    const auto pointing = [&](std::uint16_t i) {
      return '=' + key_cell(keys, key_row(keys, m, 0), static_cast<std::uint16_t>(kMean + i));
    };
    const auto choosing = [&](std::uint16_t first) {
      return [&keys, m, first](std::uint16_t i) { return chosen(keys, m, static_cast<std::uint16_t>(first + i)); };
    };
    looked_up_estimate(making, sheet, {r, 2}, pointing, base, "", base.unit);
    looked_up_estimate(making, sheet, {r, 5}, choosing(kMean), now, "", base.unit);
    looked_up_estimate(making, sheet, {r, 8}, choosing(kChange), change, making.base(), base.unit);
    const std::string before = name_of(Cell{r, 2}), by = name_of(Cell{r, 8});
    const std::string share =
        "=IF(ISNUMBER(" + before + "),IF(" + before + "=0,\"n/a\",100*" + by + '/' + before + "),\"n/a\")";
    if (base.value.count > 0 && base.value.mean != 0.0 && change.value.count > 0)
      sheet.formula({r, 11}, share, 100.0 * change.value.mean / base.value.mean, 1);
    else
      sheet.formula({r, 11}, share, std::string_view{"n/a"});
    sheet.formula({r, 12}, reading_formula(by, name_of(Cell{r, 9}), name_of(Cell{r, 10}), base.good),
                  reading_words(change));
    target_cells(sheet, r, 13, now, {r, 6}, {r, 7});
  }
  return r;
}

std::uint32_t listing_rows(Sheet& sheet, const std::vector<Listing>& listing, std::uint32_t r) {
  sheet.text({r++, 0}, "In this workbook", Look::strong);
  for (const Listing& one : listing) {
    if (!one.is_there) continue;
    sheet.link({r, 0}, one.sheet);
    sheet.paragraph({r++, 1}, 8, one.about, Look::plain);
  }
  const bool all = std::all_of(listing.begin(), listing.end(), [](const Listing& one) { return one.is_there; });
  if (all) return r;
  sheet.text({++r, 0}, "Not in this workbook", Look::strong);
  ++r;
  for (const Listing& one : listing) {
    if (one.is_there) continue;
    sheet.text({r, 0}, one.sheet);
    sheet.paragraph({r++, 1}, 8, one.about, Look::plain);
  }
  return r;
}

void origin_rows(const Making& making, Sheet& sheet, std::uint32_t r) {
  const StudyResults& study = making.study;
  sheet.text({r++, 0}, "How it was made", Look::strong);
  const std::vector<std::pair<std::string, std::string>> rows{
      {"Study", study.study_name},
      {"Model", study.scenarios.front().words.model_name},
      {"Seed", std::to_string(study.seed)},
      {"Runs of each scenario", std::to_string(study.scenarios.front().numbers.size()) + " of " +
                                    std::to_string(study.planned_replications) + " planned"},
      {"Program", "throughline " + study.program_version + ", engine " + study.engine_version},
      {"Digest of \"" + making.names.front() + "\"", study.scenarios.front().digest}};
  for (const auto& [what, value] : rows) {
    sheet.text({r, 0}, what);
    sheet.text({r++, 1}, value);
  }
}

}  // namespace

namespace {

/// Room for the longest number [characters].
double number_width(const KeyNumbers& keys) {
  std::size_t longest = 0;
  for (const auto* all : {&keys.rows, &keys.changes})
    for (const std::vector<ResultRow>& rows : *all)
      for (const ResultRow& row : rows)
        for (const double value : {row.value.mean, row.value.low.value_or(0.0), row.value.high.value_or(0.0)})
          longest = std::max(longest, shown(value, decimals_of(row.value)).size());
  return std::max(11.0, static_cast<double>(longest) + 2.0);  // with its $
}

}  // namespace

void fill_summary(Making& making, Sheet& sheet, const KeyNumbers& keys, const std::vector<Listing>& listing) {
  const StudyResults& study = making.study;
  const Catalogue& words = study.scenarios.front().words;
  sheet.width(0, 0, 44.0);
  sheet.width(1, 1, 20.0);
  sheet.width(2, 11, number_width(keys));
  sheet.width(12, 12, 17.0);
  sheet.width(13, 14, 12.0);
  sheet.text({0, 0}, words.model_name.empty() ? study.study_name : words.model_name, Look::title);
  sheet.paragraph({1, 0}, 11,
                  "Results of a simulation model, not a forecast. Means over runs with " + percent(making.confidence) +
                      " intervals. Numbers that change with the chosen scenario are formulas.",
                  Look::note);
  std::uint32_t r = making.compares() ? kChoiceRow + 2 : kChoiceRow;
  sheet.freeze({making.compares() ? kChoiceRow + 1 : 2, 1});
  r = making.compares() ? comparing_table(making, sheet, keys, r) : single_table(making, sheet, keys, r);
  sheet.text({++r, 0}, "What it says", Look::strong);
  ++r;
  for (const Finding& finding : findings_of(study, lead_metric(study), making.confidence))
    sheet.paragraph({r++, 0}, 11, finding.sentence, Look::finding);
  for (const std::string& note : study.notes) sheet.paragraph({r++, 0}, 11, note + '.', Look::note);
  r = listing_rows(sheet, listing, r + 1);
  origin_rows(making, sheet, r + 1);
  sheet.print(0, making.footer);
}

}  // namespace tl::workbook
