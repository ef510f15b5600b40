#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "analysis/document_parts.hpp"
#include "analysis/finding.hpp"
#include "analysis/numbers.hpp"
#include "analysis/table_text.hpp"

// The tables of the report: every measure with its value in each scenario and its paired difference between any two.
namespace tl::report {
namespace {

/// One line of a table in all scenarios.
struct Line {
  ResultRow words;  ///< of whichever scenario came first
  std::string change_unit;
  std::map<std::size_t, ResultRow> values;                           ///< by scenario
  std::map<std::pair<std::size_t, std::size_t>, ResultRow> changes;  ///< by scenario and the one compared with
};

std::string key_of(const ResultRow& row) {
  std::string key;
  for (const std::string* part : {&row.metric, &row.measure, &row.scope, &row.subject, &row.when}) key += *part + '\n';
  return key;
}

class Lines {
 public:
  explicit Lines(const StudyResults& study) {
    for (std::size_t i = 0; i < study.scenarios.size(); ++i) place_[study.scenarios[i].id] = i;
  }
  void add_value(const ResultRow& row) { line_of(row).values.emplace(place_.at(row.scenario), row); }
  void add_change(const ResultRow& row, std::size_t versus) {
    Line& line = line_of(row);
    line.change_unit = row.unit;
    line.changes.emplace(std::pair{place_.at(row.scenario), versus}, row);
  }
  const std::vector<Line>& all() const { return lines_; }

 private:
  Line& line_of(const ResultRow& row) {
    const auto [at, is_new] = where_.emplace(key_of(row), lines_.size());
    if (is_new) lines_.push_back({row, "", {}, {}});
    return lines_[at->second];
  }
  std::map<std::string, std::size_t> place_, where_;
  std::vector<Line> lines_;
};

/// Scenarios that others are compared with.
std::vector<std::size_t> compared_with(const StudyResults& study) {
  std::vector<std::size_t> places;
  for (const Pair& pair : pairs_of(study))
    if (std::find(places.begin(), places.end(), pair.versus) == places.end()) places.push_back(pair.versus);
  return places;
}

Lines lines_of_table(const StudyResults& study, const std::string& name, double confidence) {
  Lines lines{study};
  TableQuery query;
  query.table = name;
  query.confidence = confidence;
  for (const ResultRow& row : make_table(study, query).rows) lines.add_value(row);
  for (const std::size_t versus : compared_with(study)) {
    query.versus = study.scenarios[versus].id;
    for (const ResultRow& row : make_table(study, query).rows) lines.add_change(row, versus);
  }
  return lines;
}

Lines lines_of_metrics(const StudyResults& study, double confidence) {
  Lines lines{study};
  for (const MetricWords& metric : report_metrics(study)) {
    for (const ScenarioResults& scenario : study.scenarios)
      lines.add_value(make_row(scenario, nullptr, metric, confidence));
    for (const Pair& pair : pairs_of(study))
      lines.add_change(make_row(study.scenarios[pair.of], &study.scenarios[pair.versus], metric, confidence),
                       pair.versus);
  }
  return lines;
}

Json change(const ResultRow& row) {
  Json json = estimate(row.value);
  if (json.size() == 5) json.push_back("");
  json.push_back(reading_of(row));
  return json;
}

Json row_json(const StudyResults& study, const Line& line) {
  Json json;
  json["of"] = subject_text(line.words) + (line.words.when.empty() ? "" : ", " + line.words.when);
  json["id"] = line.words.subject;
  json["values"] = Json::array();
  for (std::size_t i = 0; i < study.scenarios.size(); ++i) {
    const auto at = line.values.find(i);
    json["values"].push_back(at == line.values.end() ? Json{} : estimate(at->second.value));
  }
  json["changes"] = Json::array();
  for (const Pair& pair : pairs_of(study)) {
    const auto at = line.changes.find({pair.of, pair.versus});
    json["changes"].push_back(at == line.changes.end() ? Json{} : change(at->second));
  }
  return json;
}

/// A metric's words name what it is of; other measures are told with their subjects beside them.
Json group_json(const Line& line, bool is_metric) {
  const ResultRow& row = line.words;
  Json json;
  json["words"] = is_metric ? row_words(row) : row.words;
  json["measure"] = row.measure;
  json["scope"] = row.scope;
  json["unit"] = row.unit;
  json["changeUnit"] = line.change_unit.empty() ? row.unit : line.change_unit;
  json["good"] = row.good;
  json["target"] = std::isnan(row.target) ? Json{} : number(row.target);
  json["rows"] = Json::array();
  return json;
}

Json table_json(const StudyResults& study, const std::string& id, const Lines& lines) {
  Json groups = Json::array();
  std::string last;
  for (const Line& line : lines.all()) {
    const ResultRow& row = line.words;
    const bool is_metric = !row.metric.empty();
    const std::string key = is_metric || id == "headline" ? key_of(row) : row.measure + '\n' + row.scope;
    if (key != last) groups.push_back(group_json(line, is_metric || id == "headline"));
    last = key;
    groups.back()["rows"].push_back(row_json(study, line));
  }
  return {{"id", id}, {"groups", std::move(groups)}};
}

}  // namespace

std::vector<Pair> pairs_of(const StudyResults& study) {
  std::vector<Pair> pairs;
  const std::size_t count = study.scenarios.size(), versus = count > kMostCompared ? 1 : count;
  for (std::size_t v = 0; v < versus; ++v)
    for (std::size_t of = 0; of < count; ++of)
      if (of != v) pairs.push_back({of, v});
  return pairs;
}

std::vector<MetricWords> report_metrics(const StudyResults& study) {
  if (!study.scenarios.front().words.metrics.empty()) return study.scenarios.front().words.metrics;
  const double none = std::numeric_limits<double>::quiet_NaN();
  return {lead_metric(study),
          {"", "present_mean", "model", "", "", "", none},
          {"", "boarding_mean", "model", "", "lower", "", none},
          {"", "over_level_days", "model", "", "lower", "", none},
          {"", "lost_in_handoff", "model", "", "lower", "", none},
          {"", "refusals", "model", "", "lower", "", none},
          {"", "reneges", "model", "", "lower", "", none}};
}

std::string reading_of(const ResultRow& row) {
  if (!row.value.has_interval()) return "";
  if (*row.value.low == 0.0 && *row.value.high == 0.0) return "same";
  if (!row.value.is_clear()) return "unclear";
  const std::string direction = row.value.mean < 0.0 ? "lower" : "higher";
  if (row.good != "lower" && row.good != "higher") return direction;
  return direction == row.good ? "better" : "worse";
}

Json tables_part(const StudyResults& study, double confidence) {
  std::vector<std::pair<std::string, Lines>> tables = made_together(replications_of(study), [&] {
    std::vector<std::pair<std::string, Lines>> made;
    made.emplace_back("headline", lines_of_metrics(study, confidence));
    for (const std::string& name : result_tables_of(study))
      if (name != "why") made.emplace_back(name, lines_of_table(study, name, confidence));
    return made;
  });
  Json json = Json::array();
  for (const auto& [name, lines] : tables) json.push_back(table_json(study, name, lines));
  return json;
}

}  // namespace tl::report
