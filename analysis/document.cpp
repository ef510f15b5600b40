#include "analysis/document.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "analysis/document_parts.hpp"
#include "analysis/finding.hpp"
#include "analysis/html.hpp"
#include "analysis/numbers.hpp"

namespace tl {
namespace report {

Json number(double value, int decimals) {
  if (std::isnan(value)) return {};
  std::string text = shown(value, decimals);
  if (std::isinf(value)) return text;
  std::erase(text, ',');
  double rounded = 0.0;
  std::from_chars(text.data(), text.data() + text.size(), rounded);
  return rounded;
}
Json number(double value) {
  return number(value, shown_decimals(value, 0.0));
}

Json estimate(const Estimate& estimate) {
  if (estimate.count == 0) return {nullptr, nullptr, nullptr, 0, 0, estimate.why};
  const int decimals = shown_decimals(estimate.mean, estimate.half_width());
  Json json = Json::array();
  json.push_back(number(estimate.mean, decimals));
  json.push_back(estimate.low ? number(*estimate.low, decimals) : Json{});
  json.push_back(estimate.high ? number(*estimate.high, decimals) : Json{});
  json.push_back(std::max(decimals, 0));
  json.push_back(estimate.count);
  if (!estimate.has_interval()) json.push_back(estimate.why);
  return json;
}

std::string name_of(const ScenarioResults& scenario) {
  return scenario.name.empty() ? scenario.id : scenario.name;
}

}  // namespace report

namespace {

using report::Json;

Json scenarios_json(const StudyResults& study) {
  Json all = Json::array();
  for (const ScenarioResults& scenario : study.scenarios)
    all.push_back({{"id", scenario.id},
                   {"name", report::name_of(scenario)},
                   {"about", scenario.about},
                   {"changes", scenario.changes},
                   {"digest", scenario.digest},
                   {"replications", scenario.numbers.size()}});
  return all;
}

Json pairs_json(const StudyResults& study) {
  Json pairs = Json::array();
  for (const report::Pair& pair : report::pairs_of(study)) pairs.push_back({pair.of, pair.versus});
  return pairs;
}

Json cautions_json(const StudyResults& study) {
  Json cautions = Json::array();
  const std::size_t count = study.scenarios.front().numbers.size();
  if (count < 10)
    cautions.push_back("This rests on " + std::to_string(count) + (count == 1 ? " replication" : " replications") +
                       ". With fewer than ten, intervals are rough: run more before deciding.");
  for (const std::string& note : study.notes) cautions.push_back(note + '.');
  if (std::string note = scale_note(study); !note.empty()) {
    note.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(note.front())));
    cautions.push_back(note + '.');
  }
  for (const ScenarioResults& scenario : study.scenarios)
    if (scenario.numbers.size() < study.planned_replications)
      cautions.push_back(report::name_of(scenario) + ": " + std::to_string(scenario.numbers.size()) + " of " +
                         std::to_string(study.planned_replications) + " replications are there; the others failed.");
  return cautions;
}

Json findings_json(const StudyResults& study, double confidence) {
  Json findings = Json::array();
  for (const Finding& finding : findings_of(study, lead_metric(study), confidence))
    findings.push_back({{"scenario", finding.scenario}, {"text", finding.sentence}, {"clear", finding.clear}});
  return findings;
}

/// Names come from files: what could turn the reading direction or is no text is replaced.
void clean_all(Json& json) {
  if (json.is_string())
    json = cleaned(json.get_ref<const std::string&>());
  else if (json.is_structured())
    for (Json& part : json) clean_all(part);
}

}  // namespace

Json report_document(const StudyResults& study, double confidence) {
  if (study.scenarios.empty()) throw QueryError{"the results hold no scenario"};
  const Catalogue& words = study.scenarios.front().words;
  Json json{{"format", 1},
            {"title", words.model_name.empty() ? study.study_name : words.model_name},
            {"about", study.about.empty() ? words.about : study.about},
            {"study", study.study_name},
            {"model", words.model_name},
            {"start", words.start_date},
            {"seed", std::to_string(study.seed)},  // larger than a browser's whole numbers go
            {"planned", study.planned_replications},
            {"program", study.program_version},
            {"engine", study.engine_version},
            {"studyText", study.study_text},
            {"confidence", report::number(100.0 * confidence, 0)}};
  double days = 0.0;
  for (const double length : words.period_days) days += length;
  json["days"] = report::number(days, 0);
  json["scenarios"] = scenarios_json(study);
  json["pairs"] = pairs_json(study);
  json["findings"] = findings_json(study, confidence);
  json["cautions"] = cautions_json(study);
  json["tables"] = report::tables_part(study, confidence);
  json["why"] = report::why_part(study, confidence);
  const auto at_a_glance = made_together(replications_of(study), [&] {
    return std::pair{report::map_part(study, confidence), report::occupancy_part(study, confidence)};
  });
  json["map"] = at_a_glance.first;
  json["occupancy"] = at_a_glance.second;
  json["equity"] = report::equity_part(study, confidence);
  json["sensitivity"] = report::sensitivity_part(study, confidence);
  json["assumptions"] = report::assumptions_part(study);
  json["courses"] = report::courses_part(study);
  json["policies"] =
      json["courses"].is_null() ? Json{} : report::policies_part(study, json["courses"]["every"].get<std::string>());
  clean_all(json);
  return json;
}

}  // namespace tl
