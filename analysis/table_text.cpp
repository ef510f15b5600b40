#include "analysis/table_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "analysis/numbers.hpp"
#include "analysis/why.hpp"

namespace tl {
namespace {

using Cells = std::vector<std::string>;

/// Width on a screen, about: code points, as UTF-8's continuation bytes take no room.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// Control characters in a name must not move the cursor of a terminal.
std::string one_line(std::string text) {
  for (char& letter : text)
    if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f) letter = ' ';
  return text;
}

}  // namespace

std::string aligned(const std::vector<std::vector<std::string>>& lines, const std::vector<bool>& right) {
  std::vector<std::size_t> widths(right.size(), 0);
  for (const auto& line : lines)
    for (std::size_t c = 0; c < line.size(); ++c) widths[c] = std::max(widths[c], width_of(line[c]));
  std::string text;
  for (const auto& line : lines) {
    std::string shown_line;
    for (std::size_t c = 0; c < line.size(); ++c) {
      const std::string gap(widths[c] - width_of(line[c]), ' ');
      shown_line += (c > 0 ? "  " : "") + (right[c] ? gap + line[c] : line[c] + gap);
    }
    shown_line.erase(shown_line.find_last_not_of(' ') + 1);
    text += shown_line + '\n';
  }
  return text;
}

namespace {

/// How people name a measure of a reason, event, outcome or group of settings; `%` stands for the subject.
struct Phrase {
  std::string_view measure, scope, words;
};
constexpr std::array kPhrases{
    Phrase{"exits", "reason", "clients who left: %"},
    Phrase{"exits_per_year", "reason", "clients who left a year: %"},
    Phrase{"exits_share", "reason", "share of those who left: %"},
    Phrase{"event_count", "event", "%, times"},
    Phrase{"events_per_year", "event", "%, times a year"},
    Phrase{"outcome_count", "outcome", "% counted"},
    Phrase{"outcomes_per_year", "outcome", "% counted a year"},
    Phrase{"milestone_started", "milestone", "%: set out"},
    Phrase{"milestone_reached", "milestone", "%: reached"},
    Phrase{"milestone_mean", "milestone", "%: average time"},
    Phrase{"milestone_p50", "milestone", "%: time for half"},
    Phrase{"milestone_p90", "milestone", "%: time for nine in ten"},
    Phrase{"milestone_within_standard", "milestone", "%: within the standard"},
    Phrase{"policy_open", "policy", "%: share of the time open"},
    Phrase{"policy_openings", "policy", "%: openings"},
    Phrase{"policy_closings", "policy", "%: closings"},
    Phrase{"policy_open_days", "policy", "%: days open"},
    Phrase{"policy_lead_days", "policy", "%: days from deciding to opening"},
    Phrase{"policy_measured", "policy", "%: what it looks at"},
    Phrase{"policy_occupancy", "policy", "%: occupancy it looks at"},
    Phrase{"cost", "department", "cost, department: %"},
    Phrase{"cost", "domain", "cost, domain: %"},
    Phrase{"cost", "setting", "cost, setting: %"},
    Phrase{"cost", "payer", "cost, paid by: %"},
    Phrase{"cost", "item", "cost, of it: %"},
    Phrase{"cost_discounted", "department", "cost discounted, department: %"},
    Phrase{"cost_discounted", "payer", "cost discounted, paid by: %"},
    Phrase{"client_days", "domain", "days in % settings"},
    Phrase{"client_days", "level", "days in settings of %"},
};

std::string_view phrase_of(const ResultRow& row) {
  if (!row.metric.empty()) return {};  // the model's own words
  for (const Phrase& phrase : kPhrases)
    if (phrase.measure == row.measure && phrase.scope == row.scope) return phrase.words;
  return {};
}

Cells text_cells(const ResultRow& row, const ResultTable& table) {
  Cells cells{one_line(measure_text(row)), one_line(phrase_of(row).empty() ? subject_text(row) : "whole system")};
  if (!row.when.empty() || table.by_period != ByPeriod::whole) cells.back() += row.when.empty() ? "" : ", " + row.when;
  cells.push_back(one_line(row.scenario));
  if (!table.versus.empty()) cells.push_back(shown_mean(row.base));
  cells.push_back(shown_mean(row.value));
  cells.push_back(shown_interval(row.value));
  cells.push_back(row.unit);
  return cells;
}

constexpr std::string_view kNothing =
    "nothing to show: nothing that was asked for has a value. Measures of the whole system, reasons, events and "
    "outcomes "
    "have none of a single setting or department; try --table waits or --table census\n";

std::string line_key(const ResultRow& row) {
  return row.measure + '\n' + row.scope + '\n' + row.subject;
}

/// The lines that are other than 0 in some scenario or period.
std::set<std::string> lines_with_something(const ResultTable& table) {
  std::set<std::string> found;
  for (const ResultRow& row : table.rows)
    if (row.value.mean != 0.0 || (!table.versus.empty() && row.base.mean != 0.0)) found.insert(line_key(row));
  return found;
}

std::string caption(const ResultTable& table) {
  if (table.versus.empty()) return table.name + ", mean over replications";
  return table.name + ", difference from " + one_line(table.versus) +
         " (the same luck in both, replication by replication)";
}

std::string percent_text(double share) {
  return exact(std::round(share * 1000.0) / 10.0) + "%";
}

nlohmann::ordered_json number_json(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
}

nlohmann::ordered_json estimate_json(const Estimate& estimate) {
  nlohmann::ordered_json json;
  json["estimate"] = number_json(estimate.mean);
  json["low"] = estimate.low ? number_json(*estimate.low) : nlohmann::ordered_json(nullptr);
  json["high"] = estimate.high ? number_json(*estimate.high) : nlohmann::ordered_json(nullptr);
  json["replications"] = estimate.count;
  if (!estimate.why.empty()) json["why_no_interval"] = estimate.why;
  return json;
}

nlohmann::ordered_json row_json(const ResultRow& row, bool compares) {
  nlohmann::ordered_json json;
  json["scenario"] = row.scenario;
  if (!row.metric.empty()) json["metric"] = row.metric;
  json["measure"] = row.measure;
  json["words"] = row.words;
  json["scope"] = row.scope;
  json["subject"] = row.subject;
  json["subject_name"] = row.subject_name;
  if (!row.role.empty()) {
    json["role"] = row.role;
    json["department"] = row.department;
    if (!row.setting.empty()) json["setting"] = row.setting;
  }
  json["when"] = row.when;
  json["unit"] = row.unit;
  json["good"] = row.good;
  if (!std::isnan(row.target)) json["target"] = number_json(row.target);
  json.update(estimate_json(row.value));
  if (compares) json["versus"] = estimate_json(row.base);
  return json;
}

}  // namespace

std::string subject_text(const ResultRow& row) {
  return row.subject_name.empty() ? row.subject : row.subject_name;
}

std::string measure_text(const ResultRow& row) {
  const std::string_view phrase = phrase_of(row);
  if (phrase.empty()) return row.words;
  std::string subject = subject_text(row);
  std::replace(subject.begin(), subject.end(), '_', ' ');
  const std::size_t at = phrase.find('%');
  return std::string{phrase.substr(0, at)} + subject + std::string{phrase.substr(at + 1)};
}

std::string to_text(const ResultTable& table) {
  Cells heading{"measure", "of", "scenario"};
  std::vector<bool> right{false, false, false};
  if (!table.versus.empty()) {
    heading.push_back(one_line(table.versus));
    right.push_back(true);
  }
  heading.insert(heading.end(), {table.versus.empty() ? "estimate" : "difference",
                                 percent_text(table.confidence) + " interval", "unit"});
  right.insert(right.end(), {true, true, false});
  std::vector<Cells> lines{heading};
  const std::set<std::string> something = lines_with_something(table);
  std::size_t left_out = 0;
  for (const ResultRow& row : table.rows)
    if (table.asked || (table.name != "outcomes" && table.name != "why") || !row.metric.empty() ||
        something.contains(line_key(row)))
      lines.push_back(text_cells(row, table));
    else
      ++left_out;
  std::string text = (table.name == "why" && !table.asked ? why_text(table) + '\n' : "") + caption(table) + "\n\n";
  text += table.rows.empty() ? std::string{kNothing} : aligned(lines, right);
  if (left_out > 0)
    text += "Not shown: " + std::to_string(left_out) + (left_out == 1 ? " row" : " rows") +
            " of zeros only (csv and json have them).\n";
  for (const std::string& note : table.notes) text += "note: " + one_line(note) + '\n';
  return text;
}

std::string csv_cell(const std::string& text) {
  std::string cell = text;
  constexpr std::string_view kFormula = "=+-@\t\r";
  if (!cell.empty() && kFormula.find(cell.front()) != std::string_view::npos) cell.insert(cell.begin(), '\'');
  if (cell.find_first_of("\",\r\n;") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char letter : cell) {
    if (letter == '"') quoted += '"';
    quoted += letter;
  }
  return quoted + '"';
}

std::string to_csv(const ResultTable& table) {
  std::string text =
      "scenario,metric,measure,words,scope,subject,subject_name,when,estimate,low,high,unit,replications,good,target";
  const bool is_staff =
      std::any_of(table.rows.begin(), table.rows.end(), [](const ResultRow& row) { return !row.role.empty(); });
  if (!table.versus.empty()) text += ",versus,versus_estimate,versus_low,versus_high";
  if (is_staff) text += ",role,department,setting";
  text += "\r\n";
  const auto maybe = [](const std::optional<double>& value) { return value ? exact(*value) : std::string{}; };
  for (const ResultRow& row : table.rows) {
    const std::array<std::string, 8> words{row.scenario, row.metric,  row.measure,      row.words,
                                           row.scope,    row.subject, row.subject_name, row.when};
    for (const std::string& word : words) text += csv_cell(word) + ',';
    text += exact(row.value.mean) + ',' + maybe(row.value.low) + ',' + maybe(row.value.high) + ',' +
            csv_cell(row.unit) + ',';
    text += std::to_string(row.value.count) + ',' + csv_cell(row.good) + ',' + exact(row.target);
    if (!table.versus.empty())
      text += ',' + csv_cell(table.versus) + ',' + exact(row.base.mean) + ',' + maybe(row.base.low) + ',' +
              maybe(row.base.high);
    if (is_staff) text += ',' + csv_cell(row.role) + ',' + csv_cell(row.department) + ',' + csv_cell(row.setting);
    text += "\r\n";
  }
  return text;
}

std::string to_json(const ResultTable& table) {
  nlohmann::ordered_json json;
  json["format"] = 1;
  json["program"] = "throughline";
  json["program_version"] = table.program_version;
  json["engine_version"] = table.engine_version;
  json["seed"] = table.seed;
  json["table"] = table.name;
  json["confidence"] = table.confidence;
  if (!table.versus.empty()) json["versus"] = table.versus;
  json["rows"] = nlohmann::ordered_json::array();
  for (const ResultRow& row : table.rows) json["rows"].push_back(row_json(row, !table.versus.empty()));
  json["notes"] = table.notes;
  return json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace tl
