#include "analysis/brief.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/brief_parts.hpp"
#include "analysis/numbers.hpp"

namespace tl {
namespace {

using brief::Facts;
using brief::Flow;
using print::kMargin;
using print::kTextWidth;
using print::Paper;
using print::Style;

constexpr std::size_t kPages = 4;

/// What the digest stands for, and how to repeat it: on every page.
void footer(Flow& flow, const StudyResults& study) {
  constexpr std::size_t kDigits = 16;
  const double y = print::kPageHeight - 44.0;
  flow.paper.line({{kMargin, y - 6.0}, {kMargin + kTextWidth, y - 6.0}}, print::kLine, 0.6);
  const ScenarioResults& base = study.scenarios.front();
  flow.paper.text({.x = kMargin, .y = y, .width = kTextWidth - 70.0, .most_lines = 2},
                  study.study_name + ": digest " + base.digest.substr(0, kDigits) + ", seed " +
                      std::to_string(study.seed) + ", " + std::to_string(base.numbers.size()) +
                      (base.numbers.size() == 1 ? " run" : " runs of each scenario") + ", throughline " +
                      study.program_version + " (engine " + study.engine_version + ")",
                  Style::footer);
  flow.paper.text({.x = kMargin + kTextWidth - 66.0, .y = y, .width = 66.0, .align = print::Align::right},
                  "Page " + std::to_string(flow.paper.pages()) + " of " + std::to_string(kPages), Style::footer);
}

void begin_page(Flow& flow, const StudyResults& study, const std::string& bookmark) {
  flow.paper.begin_page(bookmark);
  footer(flow, study);
  flow.y = kMargin;
}

/// The numbers of a finding's sentence, which shows a clear change without its sign.
void trace_finding(Flow& flow, const Facts& facts) {
  using What = NumberSource::What;
  const ResultRow& row = facts.findings[facts.compares() ? facts.chosen - 1 : 0].row;
  if (row.value.count == 0) return;
  const std::string versus = facts.compares() ? facts.study.scenarios.front().id : "";
  const int decimals = shown_decimals(row.value.mean, row.value.half_width());
  const bool without_sign = facts.compares() && row.value.is_clear();
  const auto trace = [&](double value, What what) {
    const std::string text = shown(without_sign ? std::abs(value) : value, decimals);
    brief::note(flow, {{"", text, value, source_of(row, versus, what)}});
  };
  if (facts.compares())
    brief::note(flow, {{"", shown_mean(row.base), row.base.mean, source_of(row, versus, What::base_mean)}});
  const bool says_same =
      facts.compares() && row.value.has_interval() && *row.value.low == 0.0 && *row.value.high == 0.0;
  if (says_same) return;
  trace(row.value.mean, What::mean);
  if (!row.value.has_interval()) return;
  trace(*row.value.low, What::low);
  trace(*row.value.high, What::high);
}

void first_page(Flow& flow, const Facts& facts) {
  const StudyResults& study = facts.study;
  const std::string model = facts.words().model_name.empty() ? study.study_name : facts.words().model_name;
  begin_page(flow, study, "The finding");
  flow.paper.rectangle({0.0, 0.0}, print::kPageWidth, 6.0, print::kSky);
  flow.y +=
      flow.paper.text({.x = kMargin, .y = flow.y, .most_lines = 1}, "BRIEF FOR THE BOARD: " + model, Style::eyebrow) +
      6.0;
  flow.y +=
      flow.paper.text({.x = kMargin, .y = flow.y, .most_lines = 4}, brief::headline(facts), Style::headline, "H1") +
      8.0;
  for (const std::string& sentence : brief::lead_sentences(facts)) brief::paragraph(flow, sentence, Style::lede);
  trace_finding(flow, facts);
  flow.y += 6.0;
  brief::key_figures(flow, facts);
  constexpr double kLeast = 130.0, kMost = 300.0, kCaption = 62.0;
  const double height = std::min(flow.room() - kCaption, kMost);
  brief::NeedChart chart;
  if (height >= kLeast) chart = brief::need_chart(flow, facts, height);
  if (chart.title.empty())
    brief::paragraph(flow, "There is no chart over time: results were kept for one period only.", Style::caption);
  else
    brief::paragraph(
        flow,
        brief::chart_caption(chart.has_limit, chart.is_usable, chart.has_two, study.scenarios.front().numbers.size()),
        Style::caption);
}

/// What each scenario changes, as far as there is room above `bottom`.
void change_list(Flow& flow, const Facts& facts, double bottom) {
  brief::heading(flow, "What each plan changes");
  std::size_t left_out = 0;
  flow.paper.begin("L");
  for (std::size_t s = 1; s < facts.study.scenarios.size(); ++s) {
    const ScenarioResults& scenario = facts.study.scenarios[s];
    std::string text = facts.names[s] + ": ";
    text += scenario.about;
    for (std::size_t i = 0; scenario.about.empty() && i < scenario.changes.size(); ++i)
      text += (i > 0 ? "; " : "") + scenario.changes[i];
    if (scenario.about.empty() && scenario.changes.empty()) text += "nothing";
    const print::Box box{.x = kMargin, .y = flow.y, .most_lines = 5};
    const double height = flow.paper.height_of(box, text, Style::cell);
    if (flow.y + height > bottom) {
      ++left_out;
      continue;
    }
    flow.paper.text(box, text, Style::cell, "LI");
    flow.y += height + 4.0;
  }
  flow.paper.end("L");
  if (left_out > 0) brief::paragraph(flow, "The workbook lists " + std::to_string(left_out) + " more.", Style::caption);
}

/// A table as far as there is room, and how many rows are left for the workbook.
void table_with_rest(Flow& flow, const brief::Table& table, double bottom) {
  const std::size_t drawn = brief::draw(flow, table, bottom);
  if (drawn < table.rows.size())
    brief::paragraph(flow, "The workbook has " + std::to_string(table.rows.size() - drawn) + " more.", Style::caption);
}

void second_page(Flow& flow, const Facts& facts) {
  begin_page(flow, facts.study, facts.compares() ? "What the plans do" : "The results");
  brief::heading(flow, facts.compares() ? "What the plans do" : "The results");
  brief::paragraph(flow, brief::comparison_note(facts));
  flow.y += 2.0;
  const brief::Table levels = brief::level_table(facts);
  constexpr double kHeadings = 110.0, kList = 130.0;
  const double for_levels = brief::height_of(flow.paper, levels) + kHeadings;
  const double bottom = flow.y + flow.room();
  table_with_rest(flow, brief::comparison_table(facts), bottom - for_levels - (facts.compares() ? kList : 0.0));
  if (facts.compares()) change_list(flow, facts, bottom - for_levels);
  brief::heading(flow, "The least restrictive setting");
  brief::paragraph(flow, brief::level_note());
  table_with_rest(flow, levels, bottom - 14.0);
  const brief::Table waits = brief::wait_table(facts);
  constexpr double kHeading = 52.0;
  if (waits.rows.empty() || flow.y + kHeading + brief::height_of(flow.paper, waits) > bottom) return;
  brief::heading(flow, "Where most people wait");
  brief::draw(flow, waits, bottom);
}

void third_page(Flow& flow, const Facts& facts) {
  begin_page(flow, facts.study, "Cost, staff and fairness");
  const double bottom = flow.y + flow.room();
  const bool has_money = !facts.words().costs.empty(), has_staff = !facts.words().staff.empty();
  constexpr double kForEquity = 205.0, kForStaff = 190.0;
  brief::heading(flow, "What it costs");
  brief::paragraph(flow, brief::money_note(facts));
  if (has_money) {
    const double end = bottom - kForEquity - (has_staff ? kForStaff : 70.0);
    table_with_rest(flow, brief::cost_table(facts, "department"), end);
    const brief::Table payers = brief::cost_table(facts, "payer");
    if (!payers.rows.empty() && flow.y + brief::height_of(flow.paper, payers) <= end) brief::draw(flow, payers, end);
  }
  brief::heading(flow, "Which staff it takes");
  brief::paragraph(flow, brief::staff_note(facts));
  if (has_staff) table_with_rest(flow, brief::staff_table(facts), bottom - kForEquity);
  brief::heading(flow, "Who is served less well");
  brief::paragraph(flow, brief::equity_note(facts));
  if (facts.words().groups.empty()) return;
  const brief::Table gaps = brief::equity_table(facts);
  if (gaps.rows.empty())
    brief::paragraph(flow, "No gap can be shown: the counts are too small.");
  else
    table_with_rest(flow, gaps, bottom - 14.0);
}

void last_page(Flow& flow, const Facts& facts) {
  begin_page(flow, facts.study, "What it cannot tell, and what it rests on");
  brief::heading(flow, "What this brief cannot tell you");
  flow.paper.begin("L");
  for (const std::string& text : brief::limits(facts)) {
    flow.paper.rectangle({kMargin + 1.0, flow.y + 4.6}, 3.6, 3.6, print::kSky);
    flow.y += flow.paper.text({.x = kMargin + 13.0, .y = flow.y, .width = kTextWidth - 13.0, .most_lines = 4}, text,
                              Style::body, "LI") +
              4.0;
  }
  flow.paper.end("L");
  brief::heading(flow, "What it rests on");
  brief::Table table = brief::assumptions_table(facts);
  // The sentence says how many rows are left out, so they are counted before it is set.
  const double bottom = flow.y + flow.room();
  constexpr double kNote = 34.0;
  const std::size_t fit = brief::rows_within(flow.paper, table, bottom - flow.y - kNote);
  brief::paragraph(flow, brief::assumptions_note(facts, table.rows.size() - fit));
  table.rows.resize(fit);
  if (fit > 0) brief::draw(flow, table, bottom);
}

bool is_running(Style style) {
  return style == Style::lede || style == Style::body || style == Style::caption;
}

Brief brief_of(const StudyResults& study, double confidence) {
  const Facts facts = brief::facts_of(study, confidence);
  const std::string title = facts.words().model_name.empty() ? study.study_name : facts.words().model_name;
  Paper paper{{"Brief for the Board: " + title, "throughline " + study.program_version, brief::headline(facts),
               "capacity, care continuum, simulation"}};
  Brief made;
  Flow flow{paper, made.numbers, 0.0};
  first_page(flow, facts);
  second_page(flow, facts);
  third_page(flow, facts);
  last_page(flow, facts);
  made.warning = paper.warning();
  made.pages.resize(kPages);
  for (const Paper::Told& told : paper.told()) {
    made.pages[told.page - 1] += told.text + '\n';
    if (is_running(told.style)) made.sentences.push_back(told.text);
  }
  made.bytes = paper.bytes();
  return made;
}

}  // namespace

Brief make_brief(const StudyResults& study, double confidence) {
  if (study.scenarios.empty()) throw QueryError{"the results hold no scenario"};
  return brief_of(study, confidence);
}

}  // namespace tl
