#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "analysis/equity.hpp"
#include "analysis/numbers.hpp"
#include "analysis/table_text.hpp"

// The table by group as text, CSV and JSON.
namespace tl {
namespace {

std::string one_line(std::string text) {
  for (char& letter : text)
    if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f) letter = ' ';
  return text;
}

/// What belongs under one heading: a measure of a subject, by one trait, at one time, in one scenario.
std::string block_of(const EquityRow& row) {
  std::string text;
  for (const std::string* part :
       {&row.metric, &row.measure, &row.scope, &row.subject, &row.trait, &row.when, &row.scenario})
    text += *part + '\n';
  return text;
}

/// The measure and of what, as other tables say it.
std::string heading_of(const EquityRow& row) {
  const ResultRow plain = as_row(row);
  std::string text = measure_text(plain);
  if (text == row.words) text += ", " + subject_text(plain);
  if (!row.when.empty()) text += ", " + row.when;
  text += " (" + row.compared_unit + (row.good.empty() ? "" : "; " + row.good + " is good") + "), by " + row.trait;
  return one_line(text + ", scenario " + row.scenario);
}

bool compares(const EquityRow& row) {
  return row.compared_unit != row.unit;
}

std::vector<std::string> cells_of(const EquityRow& row) {
  const std::string group = row.group.empty() ? "everybody" : row.group + (row.is_reference ? " *" : "");
  std::vector<std::string> cells{"  " + one_line(group)};
  if (row.shown != Shown::shown) {
    cells.push_back(suppression_words(row.shown));
    return cells;
  }
  if (compares(row)) cells.push_back(shown_mean(row.value));
  cells.push_back(shown_mean(row.compared));
  cells.push_back(shown_interval(row.compared));
  const auto gap = [&](const Estimate& estimate) {
    const bool is_there = estimate.count > 0;
    cells.push_back(is_there ? shown_mean(estimate) : std::string{});
    cells.push_back(is_there ? shown_interval(estimate) : std::string{});
  };
  gap(row.difference);
  gap(row.ratio);
  return cells;
}

/// Lines with a text that goes over several columns are put in afterwards, so that they widen none.
std::string block_text(const std::vector<const EquityRow*>& rows, const EquityTable& table) {
  const bool wide = compares(*rows.front());
  std::vector<std::string> heading{"  group"};
  std::vector<bool> right{false};
  const auto add = [&](std::string name) {
    heading.push_back(std::move(name));
    right.push_back(true);
  };
  const bool changes = !table.versus.empty();
  if (wide) add(rows.front()->unit);
  add(changes ? "change" : wide ? "compared" : "estimate");
  add("interval");
  add(changes ? "change of gap" : "gap");
  add("interval");
  add(changes ? "change of ratio" : "ratio");
  add("interval");
  std::vector<std::vector<std::string>> lines{heading};
  for (const EquityRow* row : rows) {
    std::vector<std::string> cells = cells_of(*row);
    if (row->shown != Shown::shown) cells.resize(1);
    lines.push_back(std::move(cells));
  }
  const std::string text = aligned(lines, right);
  std::string whole = heading_of(*rows.front()) + '\n';
  std::size_t at = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t end = text.find('\n', at);
    whole += text.substr(at, end - at);
    if (i > 0 && rows[i - 1]->shown != Shown::shown) whole += "  " + suppression_words(rows[i - 1]->shown);
    whole += '\n';
    at = end + 1;
  }
  return whole + '\n';
}

nlohmann::ordered_json number(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
}
nlohmann::ordered_json json_of(const Estimate& estimate) {
  nlohmann::ordered_json json;
  json["estimate"] = number(estimate.mean);
  json["low"] = estimate.low ? number(*estimate.low) : nlohmann::ordered_json(nullptr);
  json["high"] = estimate.high ? number(*estimate.high) : nlohmann::ordered_json(nullptr);
  json["replications"] = estimate.count;
  return json;
}

std::string csv_of(const Estimate& estimate) {
  const auto maybe = [](const std::optional<double>& value) { return value ? exact(*value) : std::string{}; };
  return exact(estimate.mean) + ',' + maybe(estimate.low) + ',' + maybe(estimate.high);
}

}  // namespace

ResultRow as_row(const EquityRow& row) {
  ResultRow plain;
  plain.metric = row.metric;
  plain.measure = row.measure;
  plain.words = row.words;
  plain.scope = row.scope;
  plain.subject = row.subject;
  plain.subject_name = row.subject_name;
  return plain;
}

std::string suppression_words(Shown shown) {
  switch (shown) {
    case Shown::small:
      return "suppressed: a count under 11";
    case Shown::protects:
      return "suppressed: it would tell a small count";
    case Shown::shown:
      break;
  }
  return "";
}

std::string to_text(const EquityTable& table) {
  std::string text = table.internal ? "INTERNAL: not to be given to the public.\n" : "";
  text += "Results by group";
  if (!table.versus.empty()) text += ", difference from " + one_line(table.versus);
  text += "; gaps are to the group with * (";
  for (std::size_t i = 0; i < table.references.size(); ++i)
    text += (i > 0 ? ", " : "") + table.references[i].first + " " + table.references[i].second;
  text += "); intervals " + exact(table.confidence * 100.0) + "%\n\n";
  if (table.rows.empty()) text += "nothing to show: nothing that was asked for has a value by group\n";
  std::vector<const EquityRow*> block;
  for (const EquityRow& row : table.rows) {
    if (!block.empty() && block_of(*block.front()) != block_of(row)) {
      text += block_text(block, table);
      block.clear();
    }
    block.push_back(&row);
  }
  if (!block.empty()) text += block_text(block, table);
  for (const std::string& note : table.notes) text += "note: " + one_line(note) + '\n';
  return text;
}

std::string to_csv(const EquityTable& table) {
  std::string text =
      "audience,scenario,metric,measure,words,scope,subject,subject_name,when,trait,group,estimate,low,high,unit,"
      "compared,compared_low,compared_high,compared_unit,reference,gap,gap_low,gap_high,ratio,ratio_low,ratio_high,"
      "replications,good,suppressed";
  if (!table.versus.empty()) text += ",versus";
  text += "\r\n";
  for (const EquityRow& row : table.rows) {
    const std::array<std::string, 11> words{table.internal ? "internal" : "public",
                                            row.scenario,
                                            row.metric,
                                            row.measure,
                                            row.words,
                                            row.scope,
                                            row.subject,
                                            row.subject_name,
                                            row.when,
                                            row.trait,
                                            row.group.empty() ? "everybody" : row.group};
    for (const std::string& word : words) text += csv_cell(word) + ',';
    std::string reference;
    for (const auto& [trait, group] : table.references)
      if (trait == row.trait) reference = group;
    text += csv_of(row.value) + ',' + csv_cell(row.unit) + ',' + csv_of(row.compared) + ',' +
            csv_cell(row.compared_unit) + ',' + csv_cell(reference) + ',' + csv_of(row.difference) + ',' +
            csv_of(row.ratio) + ',' + std::to_string(row.compared.count) + ',' + csv_cell(row.good) + ',' +
            csv_cell(suppression_words(row.shown));
    if (!table.versus.empty()) text += ',' + csv_cell(table.versus);
    text += "\r\n";
  }
  return text;
}

std::string to_json(const EquityTable& table) {
  nlohmann::ordered_json json;
  json["format"] = 1;
  json["program"] = "throughline";
  json["program_version"] = table.program_version;
  json["engine_version"] = table.engine_version;
  json["seed"] = table.seed;
  json["table"] = "equity";
  json["audience"] = table.internal ? "internal" : "public";
  json["confidence"] = table.confidence;
  if (!table.versus.empty()) json["versus"] = table.versus;
  json["references"] = nlohmann::ordered_json::object();
  for (const auto& [trait, group] : table.references) json["references"][trait] = group;
  json["rows"] = nlohmann::ordered_json::array();
  for (const EquityRow& row : table.rows) {
    nlohmann::ordered_json one;
    one["scenario"] = row.scenario;
    if (!row.metric.empty()) one["metric"] = row.metric;
    one["measure"] = row.measure;
    one["words"] = row.words;
    one["scope"] = row.scope;
    one["subject"] = row.subject;
    one["subject_name"] = row.subject_name;
    one["when"] = row.when;
    one["trait"] = row.trait;
    one["group"] = row.group.empty() ? "everybody" : row.group;
    one["unit"] = row.unit;
    one["good"] = row.good;
    if (row.shown != Shown::shown) {
      one["suppressed"] = suppression_words(row.shown);
    } else {
      one.update(json_of(row.value));
      one["compared_unit"] = row.compared_unit;
      one["compared"] = json_of(row.compared);
      if (row.difference.count > 0) one["gap"] = json_of(row.difference);
      if (row.ratio.count > 0) one["ratio"] = json_of(row.ratio);
    }
    json["rows"].push_back(std::move(one));
  }
  json["notes"] = table.notes;
  return json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace tl
