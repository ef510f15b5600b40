#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "analysis/assumptions.hpp"
#include "analysis/document_parts.hpp"
#include "analysis/equity.hpp"
#include "analysis/measures.hpp"
#include "analysis/numbers.hpp"
#include "analysis/sweep_tables.hpp"
#include "analysis/table_text.hpp"
#include "analysis/why.hpp"

// Why queues grew, policies, groups, what moves the results, and what they rest on.
namespace tl::report {
namespace {

// ---- why

Json texts_of(const ResultTable& table, const std::string& setting) {
  ResultTable own = table;
  std::erase_if(own.rows, [&](const ResultRow& row) { return row.subject != setting; });
  Json lines = Json::array();
  if (own.rows.empty()) return lines;
  const std::string text = why_text(own);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

/// The measure of a setting in each scenario.
Json values_in(const StudyResults& study, const ResultTable& table, std::string_view measure,
               const std::string& setting) {
  Json values = Json::array();
  for (const ScenarioResults& scenario : study.scenarios) {
    Json value;
    for (const ResultRow& row : table.rows)
      if (row.measure == measure && row.subject == setting && row.scenario == scenario.id) value = estimate(row.value);
    values.push_back(std::move(value));
  }
  return values;
}

bool any_above_0(const Json& values) {
  return std::any_of(values.begin(), values.end(),
                     [](const Json& value) { return value.is_array() && value[0].is_number() && value[0] != 0.0; });
}

// ---- policies

Json policy_json(const StudyResults& study, const PolicyWords& policy, ByPeriod by) {
  const bool occupancy = policy.unit == "share";
  const double factor = occupancy ? 100.0 : 1.0;
  Json json{{"id", policy.id},
            {"name", policy.name.empty() ? policy.id : policy.name},
            {"about", policy.about},
            {"rule", policy.rule},
            {"changes", policy.changes},
            {"looksAt", policy.measure},
            {"unit", occupancy ? std::string{"%"} : policy.unit},
            {"measure", policy.measure.empty() ? ""
                        : occupancy            ? "policy_occupancy"
                                               : "policy_measured"},
            {"opens", std::isnan(policy.opens) ? Json{} : number(policy.opens * factor)},
            {"closes", std::isnan(policy.closes) ? Json{} : number(policy.closes * factor)},
            {"open", Json::array()}};
  for (const ScenarioResults& scenario : study.scenarios) {
    Json open = Json::array();
    const auto scope = find_scope(scenario.words, "policy", policy.id);
    for (const NamedPeriods& time : grouped_periods(scenario.words, by)) {
      const Estimate share =
          scope ? make_row(scenario, nullptr, *find_measure("policy_open"), *scope, time.periods, 0.95).value
                : estimate_of({}, 0.95);
      open.push_back(share.count == 0 ? Json{} : number(share.mean, 1));
    }
    json["open"].push_back(std::move(open));
  }
  return json;
}

// ---- groups

std::string equity_heading(const EquityRow& row) {
  const ResultRow plain = as_row(row);
  std::string text = measure_text(plain);
  if (text == row.words) text += ", " + subject_text(plain);
  return text + (row.when.empty() ? "" : ", " + row.when);
}

Json group_result(const EquityRow& row) {
  if (row.shown != Shown::shown) return Json::object({{"kept", suppression_words(row.shown)}});
  Json json{{"value", estimate(row.value)}, {"compared", estimate(row.compared)}};
  if (row.difference.count > 0) json["gap"] = estimate(row.difference);
  if (row.ratio.count > 0) json["ratio"] = estimate(row.ratio);
  return json;
}

/// Of the equity table's rows: one block for a measure, subject and trait, in it a row a group, in it the scenarios.
Json equity_blocks(const StudyResults& study, const EquityTable& table) {
  std::map<std::string, std::size_t> scenario_of;
  for (std::size_t i = 0; i < study.scenarios.size(); ++i) scenario_of[study.scenarios[i].id] = i;
  Json blocks = Json::array();
  std::map<std::string, std::size_t> block_of;
  for (const EquityRow& row : table.rows) {
    std::string key;
    for (const std::string* part : {&row.metric, &row.measure, &row.scope, &row.subject, &row.when, &row.trait})
      key += *part + '\n';
    const auto [at, is_new] = block_of.emplace(key, blocks.size());
    if (is_new)
      blocks.push_back({{"words", equity_heading(row)},
                        {"trait", row.trait},
                        {"unit", row.unit},
                        {"comparedUnit", row.compared_unit},
                        {"good", row.good},
                        {"groups", Json::array()}});
    Json& groups = blocks[at->second]["groups"];
    const std::string name = row.group.empty() ? "everybody" : row.group;
    auto group = std::find_if(groups.begin(), groups.end(), [&](const Json& one) { return one["name"] == name; });
    if (group == groups.end()) {
      groups.push_back({{"name", name}, {"reference", row.is_reference}, {"all", row.group.empty()}});
      groups.back()["scenarios"] = std::vector<Json>(study.scenarios.size());
      group = groups.end() - 1;
    }
    (*group)["scenarios"][scenario_of.at(row.scenario)] = group_result(row);
  }
  return blocks;
}

// ---- sweeps and uncertain parameters

Json wide_json(const WideTable& table) {
  Json json{{"id", table.name},         {"before", table.before}, {"notes", table.notes},
            {"columns", Json::array()}, {"rows", Json::array()},  {"csv", to_csv(table)}};
  for (const WideColumn& column : table.columns)
    if (!column.heading.empty()) json["columns"].push_back({{"words", column.heading}, {"number", column.number}});
  std::size_t row_number = 0;
  const std::size_t count = table.rows.size(), most = table.most_shown;
  for (const auto& cells : table.rows) {
    const std::size_t here = row_number++;
    if (most > 0 && count > most && here >= most / 2 && here < count - most / 2) continue;
    Json row = Json::array();
    for (std::size_t c = 0; c < cells.size(); ++c)
      if (!table.columns[c].heading.empty()) row.push_back(cells[c].text);
    json["rows"].push_back(std::move(row));
  }
  if (most > 0 && count > most)
    json["notes"].push_back("The page shows the first and the last " + std::to_string(most / 2) + " of " +
                            std::to_string(count) + " rows; the file to download has all");
  return json;
}

/// Cells of a row by the machine's name of their column.
class Named {
 public:
  Named(const WideTable& table, const std::vector<WideCell>& cells) : table_{table}, cells_{cells} {}
  std::string text(const std::string& name) const { return cells_[at(name)].text; }
  Json text_shown(const std::string& heading) const {
    for (std::size_t c = 0; c < cells_.size(); ++c)
      if (table_.columns[c].heading == heading) return cells_[c].text;
    return "";
  }
  Json estimate_named(const std::string& name) const {
    const auto mean = cells_[at(name)].exact;
    if (!mean) return {};
    Estimate found{*mean, cells_[at(name + "_low")].exact, cells_[at(name + "_high")].exact, 1, "too few runs"};
    if (found.low) found.why.clear();
    Json json = estimate(found);
    json[4] = nullptr;  // how many runs stand behind it the table does not say
    return json;
  }

 private:
  std::size_t at(const std::string& name) const {
    for (std::size_t c = 0; c < table_.columns.size(); ++c)
      if (table_.columns[c].name == name) return c;
    throw QueryError{"no column " + name};
  }
  const WideTable& table_;
  const std::vector<WideCell>& cells_;
};

std::string words_of_kept(const StudyResults& study, const std::string& id) {
  std::string words = id;
  const auto look = [&](const std::vector<MetricValues>& metrics) {
    for (const MetricValues& metric : metrics)
      if (metric.metric.id == id && !metric.metric.words.empty()) words = metric.metric.words;
  };
  if (study.sweep) look(study.sweep->metrics);
  if (study.uncertain) look(study.uncertain->metrics);
  return words;
}

/// One chart for each kind of rows and metric, its bars the strongest first.
Json tornados(const StudyResults& study, const WideTable& table) {
  Json charts = Json::array();
  std::string last;
  for (const auto& cells : table.rows) {
    const Named row{table, cells};
    const std::string of = row.text("of"), metric = row.text("metric");
    if (of + '\n' + metric != last) {
      const ScenarioResults* scenario = find_scenario(study, of);
      charts.push_back({{"of", of == "sweep" ? "the sweep"
                               : scenario    ? name_of(*scenario)
                                             : of},
                        {"words", words_of_kept(study, metric)},
                        {"unit", row.text("metric_unit")},
                        {"method", row.text("method")},
                        {"bars", Json::array()}});
    }
    last = of + '\n' + metric;
    charts.back()["bars"].push_back({{"factor", row.text("factor")},
                                     {"range", row.text_shown("range")},
                                     {"correlation", row.estimate_named("correlation")},
                                     {"atLow", row.estimate_named("at_low")},
                                     {"atHigh", row.estimate_named("at_high")},
                                     {"swing", row.estimate_named("swing")}});
  }
  return charts;
}

}  // namespace

Json why_part(const StudyResults& study, double confidence) {
  constexpr std::size_t kMostTold = 8;
  TableQuery query;
  query.table = "why";
  query.confidence = confidence;
  struct Told {
    ResultTable values, changes;
  };
  const Told told = made_together(replications_of(study), [&] {
    query.setting = longest_queues(study, kMostTold);
    if (query.setting.empty()) return Told{};
    Told made{make_table(study, query), {}};
    TableQuery compares = query;
    if (study.scenarios.size() > 1) compares.versus = study.scenarios.front().id;
    made.changes = study.scenarios.size() > 1 ? make_table(study, compares) : ResultTable{};
    return made;
  });
  Json settings = Json::array();
  for (const std::string& id : query.setting) {
    const auto scope = find_scope(study.scenarios.front().words, "setting", id);
    Json one{{"id", id}, {"name", scope ? scope->name : id}, {"parts", Json::array()}};
    one["queue"] = values_in(study, told.values, "queue_mean", id);
    for (const WaitingPart& part : waiting_parts()) {
      Json values = values_in(study, told.values, part.measure, id);
      if (any_above_0(values))
        one["parts"].push_back({{"measure", part.measure}, {"words", part.words}, {"values", std::move(values)}});
    }
    one["texts"] = texts_of(told.values, id);
    one["changeTexts"] = texts_of(told.changes, id);
    settings.push_back(std::move(one));
  }
  if (settings.empty()) return {};
  return settings;
}

Json policies_part(const StudyResults& study, const std::string& every) {
  std::vector<const PolicyWords*> policies;  // of any scenario, by id
  for (const ScenarioResults& scenario : study.scenarios)
    for (const PolicyWords& policy : scenario.words.policies)
      if (std::none_of(policies.begin(), policies.end(), [&](const PolicyWords* one) { return one->id == policy.id; }))
        policies.push_back(&policy);
  if (policies.empty()) return {};
  const ByPeriod by = every == "month" ? ByPeriod::month : every == "quarter" ? ByPeriod::quarter : ByPeriod::year;
  return made_together(replications_of(study), [&] {
    Json all = Json::array();
    for (const PolicyWords* policy : policies) all.push_back(policy_json(study, *policy, by));
    return all;
  });
}

Json equity_part(const StudyResults& study, double confidence) {
  if (study.scenarios.front().words.groups.empty()) return {};
  EquityQuery query;
  query.rows.table = "equity";
  query.rows.confidence = confidence;
  const EquityTable table = make_equity_table(study, query);
  if (table.rows.empty()) return {};
  Json json{{"blocks", equity_blocks(study, table)}, {"notes", table.notes}, {"references", Json::array()}};
  for (const auto& [trait, group] : table.references)
    json["references"].push_back({{"trait", trait}, {"group", group}});
  return json;
}

Json sensitivity_part(const StudyResults& study, double confidence) {
  if (!study.sweep && !study.uncertain) return {};
  Json json{{"sentences", sweep_sentences(study, confidence)}, {"tables", Json::array()}};
  const WideTable sensitivity = make_wide_table(study, "sensitivity", {}, confidence);
  json["tornados"] = tornados(study, sensitivity);
  json["tables"].push_back(wide_json(sensitivity));
  if (study.uncertain) json["tables"].push_back(wide_json(make_wide_table(study, "uncertainty", {}, confidence)));
  if (study.sweep) json["tables"].push_back(wide_json(make_wide_table(study, "sweep", {}, confidence)));
  return json;
}

Json assumptions_part(const StudyResults& study) {
  const Catalogue& words = study.scenarios.front().words;
  Json rows = Json::array();
  std::size_t weak = 0;
  for (const ParameterWords& parameter : words.parameters) {
    weak += is_weak(parameter) ? 1 : 0;
    rows.push_back({{"id", parameter.id},
                    {"value", exact(parameter.value)},
                    {"range", range_text(parameter)},
                    {"unit", parameter.unit},
                    {"kind", parameter.provenance.kind.empty() ? "not said" : parameter.provenance.kind},
                    {"weak", is_weak(parameter)},
                    {"source", parameter.provenance.source},
                    {"note", parameter.provenance.note}});
  }
  return {{"weak", weak}, {"rows", std::move(rows)}, {"findings", words.findings}};
}

}  // namespace tl::report
