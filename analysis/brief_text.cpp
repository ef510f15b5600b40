#include "analysis/brief_text.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "analysis/assumptions.hpp"
#include "analysis/numbers.hpp"

namespace tl::brief {
namespace {

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
  return shown(static_cast<double>(count), 0) + ' ' + (count == 1 ? one : many);
}

std::string with_capital(std::string text) {
  if (!text.empty()) text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text;
}

std::size_t runs_of(const Facts& facts) {
  return facts.study.scenarios.front().numbers.size();
}

}  // namespace

namespace {

struct Rows {
  std::vector<std::vector<ResultRow>> values, changes;
};

Rows rows_of(const StudyResults& study, const std::vector<MetricWords>& metrics, double confidence) {
  Rows all;
  for (const MetricWords& metric : metrics) {
    std::vector<ResultRow> values, changes;
    for (const ScenarioResults& scenario : study.scenarios) {
      values.push_back(make_row(scenario, nullptr, metric, confidence));
      if (values.size() > 1) changes.push_back(make_row(scenario, &study.scenarios.front(), metric, confidence));
    }
    all.values.push_back(std::move(values));
    all.changes.push_back(std::move(changes));
  }
  return all;
}

}  // namespace

Facts facts_of(const StudyResults& study, double confidence) {
  const std::vector<MetricWords> metrics = leading_metrics(study);
  Rows rows = made_together(replications_of(study), [&] { return rows_of(study, metrics, confidence); });
  Facts facts{study,
              confidence,
              distinct_names(study),
              0,
              metrics,
              std::move(rows.values),
              std::move(rows.changes),
              findings_of(study, lead_metric(study), confidence),
              TableShelf{study, confidence, true, false}};
  if (facts.compares()) facts.chosen = leading_finding(facts.findings) + 1;
  return facts;
}

std::string headline(const Facts& facts) {
  if (!facts.compares()) return value_headline(facts.rows.front().front());
  return headline_of(facts.findings[facts.chosen - 1].row);
}

std::vector<std::string> lead_sentences(const Facts& facts) {
  std::vector<std::string> sentences{facts.findings[facts.compares() ? facts.chosen - 1 : 0].sentence};
  const std::size_t others = facts.study.scenarios.size() - std::min<std::size_t>(facts.study.scenarios.size(), 2);
  if (others > 0)
    sentences.push_back("The study tries " + counted(others, "more plan", "more plans") +
                        ". Page 2 shows them side by side.");
  constexpr std::size_t kFew = 10;
  if (runs_of(facts) < kFew)
    sentences.push_back("This rests on " + counted(runs_of(facts), "run", "runs") +
                        " of the model. That is few. Run more before you decide.");
  return sentences;
}

std::string horizon_words(const Catalogue& words) {
  double days = 0.0;
  for (const double length : words.period_days) days += length;
  constexpr double kYear = 365.25;
  if (days < 2.0 * kYear - 2.0) return shown(days, 0) + " days";
  const double years = days / kYear;
  return shown(years, std::abs(years - std::round(years)) < 0.01 ? 0 : 1) + " years";
}

std::string chart_caption(bool has_limit, bool is_usable, bool has_two, std::size_t runs) {
  std::string text = "The line is the middle run. ";
  if (runs > 1)
    text += "In half of the runs the number lies in the dark band. In nine of ten it lies in the light band. ";
  else
    text = "The line is the only run, so there is no band. ";
  if (has_limit && is_usable)
    text += "The dashed line is the limit: what is funded, staffed and open, on average over the runs. ";
  else if (has_limit)
    text += "The dashed line is the funded limit. It is set by the plan, so it has no interval. ";
  if (has_limit) text += "What is above it has to wait. ";
  if (has_two) text += "Both charts have one scale.";
  return text;
}

std::string comparison_note(const Facts& facts) {
  if (!facts.compares())
    return "The study has one scenario, so there is nothing to compare. The table shows the model as it stands.";
  return "Each plan is held against \"" + facts.names.front() +
         "\". Both have the same people and the same luck, run by run. So the gap is due to the plan. Numbers in "
         "brackets are the " +
         shown(facts.confidence * 100.0, 0) +
         "% interval. Where it holds 0, we say \"no clear change\". \"Fixed\" is the same in every run.";
}

std::string level_note() {
  return "Levels run from 0, a home of one's own, to 6, a locked unit. People should live in the least restrictive "
         "setting that meets their need. Days at a level are the days of all people, added up.";
}

std::string money_note(const Facts& facts) {
  const Catalogue& words = facts.words();
  if (words.costs.empty()) return "The model has no costs. So this brief cannot say what a plan costs, or who pays.";
  const std::string year = words.dollars_of == 0.0 ? "The model does not say of which year the dollars are. "
                                                   : "Dollars are those of " + exact(words.dollars_of) + ". ";
  return year + "The table adds up " + horizon_words(words) + ". A later dollar counts as much as one now." +
         (words.payers.empty() ? "" : " The workbook shows who pays.");
}

std::string staff_note(const Facts& facts) {
  if (facts.words().staff.empty())
    return "The model has no staff. So this brief cannot say whom to hire, or if there are enough people for the beds.";
  return "One FTE is one person who works full time. \"Needed\" is what the people in care call for by the stated "
         "standard. Where the model states none, it is what all beds and slots call for.";
}

std::string equity_note(const Facts& facts) {
  if (facts.words().groups.empty())
    return "Results were not kept by group. So this brief cannot say who waits longer, or who gains less.";
  return "A gap is a group's number less that of the largest group. A gap that may be chance is called so. "
         "Numbers that rest on fewer than 11 people are left out.";
}

std::vector<std::string> limits(const Facts& facts) {
  const std::vector<ParameterWords>& all = facts.words().parameters;
  const auto weak = static_cast<std::size_t>(std::count_if(all.begin(), all.end(), is_weak));
  std::vector<std::string> texts{
      "It shows what the model does. It does not show what will happen. A model leaves out much of real life.",
      "The intervals show what luck does. They do not show if the model is right.",
      "The model has not been fitted to past data by this program. Hold its first year against your own counts.",
      "It does not foresee prices, laws, or what people choose."};
  if (!all.empty() && weak > 0)
    texts.insert(texts.begin() + 2, counted(weak, "number", "numbers") + " of the " + std::to_string(all.size()) +
                                        " in the model " + (weak == 1 ? "is" : "are") +
                                        " weak: without a source, recalled, or assumed. If they are wrong, the results "
                                        "may be wrong too.");
  if (const std::string scale = scale_note(facts.study); !scale.empty()) texts.push_back(with_capital(scale) + '.');
  for (const std::string& note : facts.study.notes) texts.push_back(with_capital(note) + '.');
  return texts;
}

std::string assumptions_note(const Facts& facts, std::size_t not_shown) {
  if (facts.words().parameters.empty())
    return "The model names no parameters. Its numbers stand in its files, each with its source if it has one.";
  std::string text = "Weak ones come first: ask about those. The range is what its makers think possible.";
  if (not_shown > 0) text += " The workbook lists " + shown(static_cast<double>(not_shown), 0) + " more.";
  return text;
}

}  // namespace tl::brief
