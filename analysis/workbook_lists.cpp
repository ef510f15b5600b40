#include <algorithm>
#include <cmath>

#include "analysis/assumptions.hpp"
#include "analysis/equity.hpp"
#include "analysis/measures.hpp"
#include "analysis/numbers.hpp"
#include "analysis/table_text.hpp"
#include "analysis/workbook_parts.hpp"
#include "sim/groups.hpp"

// The sheets that are lists of words as much as of numbers.
namespace tl::workbook {
namespace {

using xlsx::Look;
using xlsx::Sheet;

std::string percent(double confidence) {
  return shown(confidence * 100.0, 0) + "%";
}

NumberSource source_of(const EquityRow& row, NumberSource::OfGroup of_group) {
  NumberSource from = tl::source_of(as_row(row), "", NumberSource::What::mean);
  from.scenario = row.scenario;
  from.when = row.when;
  from.trait = row.trait;
  from.group = row.group;
  from.of_group = of_group;
  return from;
}

void write_equity_row(Making& making, Sheet& sheet, std::uint32_t r, const EquityRow& row) {
  const ResultRow plain = as_row(row);
  sheet.text({r, 0}, measure_text(plain));
  sheet.text({r, 1}, measure_text(plain) == row.words ? subject_text(plain) : "whole system");
  sheet.text({r, 2}, making.name_of(row.scenario));
  sheet.text({r, 3}, row.trait);
  sheet.text({r, 4}, row.group.empty() ? "everybody" : row.group + (row.is_reference ? " *" : ""));
  sheet.text({r, 5}, row.compared_unit);
  if (row.shown != Shown::shown) return sheet.text({r, 6}, suppression_words(row.shown), Look::note);
  estimate(making, sheet, {r, 6}, row.compared, row.compared_unit, source_of(row, NumberSource::OfGroup::compared));
  if (row.difference.count > 0)
    estimate(making, sheet, {r, 9}, row.difference, row.compared_unit,
             source_of(row, NumberSource::OfGroup::difference));
  if (row.ratio.count > 0)
    estimate(making, sheet, {r, 12}, row.ratio, "", source_of(row, NumberSource::OfGroup::ratio));
  const std::string why = !row.compared.why.empty() ? row.compared.why : row.difference.why;
  sheet.text({r, 15}, why);
}

}  // namespace

void equity_sheet(Making& making) {
  EquityQuery query;
  query.rows.table = "equity";
  query.rows.confidence = making.confidence;
  const EquityTable table = make_equity_table(making.study, query);
  const std::string low = "Low " + percent(making.confidence), high = "High " + percent(making.confidence);
  const std::vector<Column> columns{
      {"Measure", 40.0},     {"Of", 26.0},        {"Scenario", 20.0},   {"Trait", 14.0},
      {"Group", 18.0},       {"Unit", 16.0},      {"Mean", 12.0, true}, {low, 10.0, true},
      {high, 10.0, true},    {"Gap", 12.0, true}, {low, 10.0, true},    {high, 10.0, true},
      {"Ratio", 10.0, true}, {low, 10.0, true},   {high, 10.0, true},   {"No interval because", 24.0}};
  std::string remark =
      "Gap and ratio are to the group with *, with the same luck in both. Cells that rest on fewer than 11 people or "
      "events, and those that would tell them, are left out.";
  for (const std::string& note : table.notes) remark += " Note: " + note + '.';
  Sheet& sheet = begin_table(making, "Equity", "Results by group", remark, columns, 2);
  std::uint32_t r = kFirstRow;
  for (const EquityRow& row : table.rows) write_equity_row(making, sheet, r++, row);
  end_table(sheet, table.rows.size(), columns.size());
}

void scenarios_sheet(Making& making) {
  const std::vector<Column> columns{
      {"Scenario", 28.0}, {"About", 60.0}, {"What it changes", 80.0}, {"Runs", 8.0, true}, {"Digest", 70.0}};
  Sheet& sheet =
      begin_table(making, "Scenarios", "What the scenarios change",
                  "Against the model as written. The digest stands for all that the results depend on: equal "
                  "digests mean equal results.",
                  columns, 1);
  std::uint32_t r = kFirstRow;
  for (std::size_t s = 0; s < making.study.scenarios.size(); ++s) {
    const ScenarioResults& scenario = making.study.scenarios[s];
    std::vector<std::string> changes = scenario.changes;
    if (changes.empty()) changes = {"nothing: the model as written"};
    for (std::size_t i = 0; i < changes.size(); ++i, ++r) {
      sheet.text({r, 0}, making.names[s]);
      sheet.text({r, 2}, changes[i], Look::wrapped);
      if (i > 0) continue;
      sheet.text({r, 1}, scenario.about, Look::wrapped);
      sheet.number({r, 3}, static_cast<double>(scenario.numbers.size()), 0);
      sheet.text({r, 4}, scenario.digest, Look::note);
    }
  }
  end_table(sheet, r - kFirstRow, columns.size());
}

void assumptions_sheet(Making& making) {
  const std::vector<Column> columns{{"Parameter", 34.0},  {"Value", 13.0, true}, {"Low", 11.0, true},
                                    {"High", 11.0, true}, {"Unit", 14.0},        {"Grade", 12.0},
                                    {"Weak?", 8.0},       {"Source", 60.0},      {"Note", 50.0},
                                    {"Written as", 20.0}, {"Used", 7.0}};
  Sheet& sheet =
      begin_table(making, "Assumptions", "What it rests on",
                  "The numbers of the model as written. Low and high are the range its makers think possible, "
                  "where they gave one. Weak: no source, or recalled or assumed. Ask about those first.",
                  columns, 1);
  std::uint32_t r = kFirstRow;
  for (const bool weak : {true, false})
    for (const ParameterWords& parameter : making.study.scenarios.front().words.parameters) {
      if (is_weak(parameter) != weak) continue;
      const auto put = [&](std::uint16_t column, double value, NumberSource::What what) {
        if (std::isnan(value)) return;
        NumberSource from;
        from.scenario = making.base();
        from.parameter = parameter.id;
        from.what = what;
        number(making, sheet, {r, column}, value, shown_decimals(value, 0.0), parameter.unit, from);
      };
      sheet.text({r, 0}, parameter.id);
      put(1, parameter.value, NumberSource::What::mean);
      put(2, parameter.low, NumberSource::What::low);
      put(3, parameter.high, NumberSource::What::high);
      sheet.text({r, 4}, parameter.unit);
      sheet.text({r, 5}, grade_of(parameter));
      if (weak) sheet.text({r, 6}, "weak", Look::weak);
      sheet.text({r, 7}, parameter.provenance.source.empty() ? "none given" : parameter.provenance.source,
                 Look::wrapped);
      sheet.text({r, 8}, parameter.provenance.note, Look::wrapped);
      sheet.text({r, 9}, parameter.text);
      sheet.text({r, 10}, parameter.used ? "yes" : "no");
      ++r;
    }
  end_table(sheet, r - kFirstRow, columns.size());
}

void reading_sheet(Making& making) {
  const std::vector<Column> columns{{"Word", 30.0}, {"What it means", 90.0}, {"Unit", 16.0}, {"Better when", 14.0}};
  Sheet& sheet =
      begin_table(making, "Reading", "How to read this workbook",
                  "Cells hold the numbers as results.h5 gives them; they are shown with as many digits as their "
                  "interval allows. Pale yellow cells are yours to fill.",
                  columns, 1);
  const std::vector<std::pair<std::string, std::string>> words{
      {"mean", "the average over the runs of the model"},
      {"run", "one possible future: the same model with other luck"},
      {"low, high",
       "the ends of the interval: so often as its percentage says, such an interval holds the mean of "
       "endless runs. It tells what luck does to the model as written, not whether the model is right"},
      {"change", "the difference from the first scenario, run by run with the same luck"},
      {"reading",
       "lower or higher only where the whole interval of the change lies on one side of 0; better or worse "
       "only where the model says what is good"},
      {"no clear change", "the interval of the change holds 0: it may be chance"},
      {"weak", "a number of the model that has no source, or is recalled or assumed"}};
  std::uint32_t r = kFirstRow;
  for (const auto& [word, meaning] : words) {
    sheet.text({r, 0}, word, Look::strong);
    sheet.text({r++, 1}, meaning, Look::wrapped);
  }
  for (const Measure& measure : measures()) {
    sheet.text({r, 0}, measure.name);
    sheet.text({r, 1}, measure.words, Look::wrapped);
    sheet.text({r, 2}, measure.unit);
    sheet.text({r++, 3}, measure.good);
  }
  end_table(sheet, r - kFirstRow, columns.size());
}

}  // namespace tl::workbook
