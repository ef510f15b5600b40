#include "analysis/page_parts.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/charts.hpp"
#include "analysis/finding.hpp"
#include "analysis/html.hpp"
#include "analysis/lane_map.hpp"
#include "analysis/measures.hpp"
#include "analysis/numbers.hpp"
#include "analysis/table_text.hpp"
#include "analysis/tables.hpp"

namespace tl::page {
namespace {

std::string element(const std::string& tag, const std::string& inner, const std::string& of_class = "") {
  return "<" + tag + (of_class.empty() ? "" : " class=\"" + of_class + "\"") + ">" + inner + "</" + tag + ">";
}
std::string number_cell(const std::string& number) {
  return "<td class=\"n\">" + html_number(number) + "</td>";
}
std::string text_cell(const std::string& text) {
  return "<td>" + escaped(text) + "</td>";
}
std::string row_heading(const std::string& text) {
  return "<th scope=\"row\">" + escaped(text) + "</th>";
}

std::string heading_row(const std::vector<std::string>& names) {
  std::string row = "<thead><tr>";
  for (const std::string& name : names) {
    const bool number = !name.empty() && name.front() == '#';  // a column of numbers, set to the right
    row += std::string{"<th scope=\"col\""} + (number ? " class=\"n\"" : "") + ">" +
           escaped(number ? name.substr(1) : name) + "</th>";
  }
  return row + "</tr></thead>";
}

std::string table(const std::string& caption, const std::vector<std::string>& names, const std::string& body) {
  return "<div class=\"scroll\"><table><caption>" + escaped(caption) + "</caption>" + heading_row(names) + "<tbody>" +
         body + "</tbody></table></div>\n";
}

std::string confidence_text(double confidence) {
  return shown(confidence * 100.0, 0) + "% interval";
}
std::string name_of(const ScenarioResults& scenario) {
  return scenario.name.empty() ? scenario.id : scenario.name;
}

/// What the model names; or, when it names nothing, what most planners ask first.
std::vector<MetricWords> report_metrics(const StudyResults& study) {
  if (!study.scenarios.front().words.metrics.empty()) return study.scenarios.front().words.metrics;
  const double none = std::nan("");
  return {lead_metric(study),
          {"", "present_mean", "model", "", "", "", none},
          {"", "boarding_mean", "model", "", "lower", "", none},
          {"", "over_level_days", "model", "", "lower", "", none},
          {"", "lost_in_handoff", "model", "", "lower", "", none},
          {"", "refusals", "model", "", "lower", "", none},
          {"", "reneges", "model", "", "lower", "", none}};
}

std::string reading_of(const ResultRow& row) {
  if (row.value.count == 0) return "no value";
  if (!row.value.has_interval()) return "too few replications";
  if (*row.value.low == 0.0 && *row.value.high == 0.0) return "the same";
  if (!row.value.is_clear()) return "no clear change";
  const std::string direction = row.value.mean < 0.0 ? "lower" : "higher";
  if (row.good != "lower" && row.good != "higher") return direction;
  return direction + (direction == row.good ? ": better" : ": worse");
}

double reach_of(const std::vector<ResultRow>& rows) {
  double reach = 0.0;
  for (const ResultRow& row : rows)
    if (row.value.has_interval()) reach = std::max({reach, std::abs(*row.value.low), std::abs(*row.value.high)});
  return reach;
}

std::string change_cells(const ResultRow& row, double reach) {
  const std::string reading = reading_of(row);
  return text_cell(row.scenario_name) + number_cell(shown_mean(row.base)) + number_cell(shown_mean(row.value)) +
         number_cell(shown_interval(row.value)) + text_cell(row.unit) + "<td>" + whisker_svg(row.value, reach) +
         "</td>" + "<td" + (row.value.is_clear() ? " class=\"clear\"" : "") + ">" + escaped(reading) + "</td>";
}

std::string change_rows(const StudyResults& study, const MetricWords& metric, double confidence) {
  std::vector<ResultRow> rows;
  for (std::size_t i = 1; i < study.scenarios.size(); ++i)
    rows.push_back(make_row(study.scenarios[i], &study.scenarios.front(), metric, confidence));
  const double reach = reach_of(rows);
  std::string body;
  for (const ResultRow& row : rows) body += "<tr>" + row_heading(row_words(row)) + change_cells(row, reach) + "</tr>\n";
  return body;
}

std::string value_rows(const StudyResults& study, double confidence) {
  std::string body;
  for (const MetricWords& metric : report_metrics(study)) {
    const ResultRow row = make_row(study.scenarios.front(), nullptr, metric, confidence);
    const std::string target = std::isnan(row.target) ? "" : shown(row.target, shown_decimals(row.target, 0.0));
    body += "<tr>" + row_heading(row_words(row)) + number_cell(shown_mean(row.value)) +
            number_cell(shown_interval(row.value)) + text_cell(row.unit) + number_cell(target) + "</tr>\n";
  }
  return body;
}

/// Settings whose queue or occupancy clearly changes, the greatest change first.
std::string setting_changes(const StudyResults& study, double confidence) {
  constexpr std::size_t kMost = 12;
  TableQuery query;
  query.metric = {"queue_mean"};
  query.versus = study.scenarios.front().id;
  query.confidence = confidence;
  std::vector<ResultRow> rows = make_table(study, query).rows;
  const std::size_t looked_at = rows.size();
  std::erase_if(rows, [](const ResultRow& row) { return !row.value.is_clear(); });
  std::stable_sort(rows.begin(), rows.end(), [](const ResultRow& a, const ResultRow& b) {
    return std::abs(a.value.mean) > std::abs(b.value.mean);
  });
  const std::size_t clear = rows.size();
  if (rows.size() > kMost) rows.resize(kMost);
  if (rows.empty()) return "<p>In no setting does the number waiting clearly change.</p>\n";
  const double reach = reach_of(rows);
  std::string body;
  for (const ResultRow& row : rows)
    body += "<tr>" + row_heading(subject_text(row)) + change_cells(row, reach) + "</tr>\n";
  return table("Where the average number waiting clearly changes",
               {"Setting", "Scenario", "#Before", "#Change", "#" + confidence_text(confidence), "Unit", "", "Reading"},
               body) +
         "<p class=\"note\">Of " + std::to_string(looked_at) + " comparisons " + std::to_string(clear) +
         " changed clearly; the table shows at most " + std::to_string(kMost) +
         ", the greatest first. By chance alone about " + shown((1.0 - confidence) * 100.0, 0) +
         " in 100 would seem clear.</p>\n";
}

Estimate estimate_for(const ScenarioResults& scenario, const char* measure, const ResultScope& scope,
                      double confidence) {
  return make_row(scenario, nullptr, *find_measure(measure), scope, all_periods(scenario), confidence).value;
}

/// Mean over the whole time, as the clients beside it: capacities change at dates. Infinity where there is none.
double capacity_of(const ScenarioResults& scenario, const ResultScope& scope) {
  const Estimate capacity = estimate_for(scenario, "capacity_mean", scope, 0.95);
  return capacity.count == 0 ? INFINITY : capacity.mean;
}

bool is_idle(const ScenarioResults& scenario, const ResultScope& scope) {
  return scope.subject == "outside" && estimate_for(scenario, "client_days", scope, 0.95).mean == 0.0;
}

std::string range_text(const ParameterWords& parameter) {
  if (std::isnan(parameter.low) && std::isnan(parameter.high)) return "";
  const auto end = [](double value) { return std::isnan(value) ? std::string{"?"} : exact(value); };
  return end(parameter.low) + " to " + end(parameter.high);
}

bool is_weak(const ParameterWords& parameter) {
  return parameter.provenance.kind != "sourced" || parameter.provenance.source.empty();
}

std::string assumption_row(const ParameterWords& parameter) {
  const std::string kind = parameter.provenance.kind.empty() ? "not said" : parameter.provenance.kind;
  const std::string flag = is_weak(parameter) ? "<strong class=\"weak\">weak</strong> " : "";
  const std::string note = parameter.provenance.note.empty()
                               ? ""
                               : " <span class=\"note\">" + escaped(parameter.provenance.note) + "</span>";
  return "<tr>" + row_heading(parameter.id) + number_cell(exact(parameter.value)) + number_cell(range_text(parameter)) +
         text_cell(parameter.unit) + "<td>" + flag + escaped(kind) + "</td><td>" +
         (parameter.provenance.source.empty() ? "<em>none given</em>" : escaped(parameter.provenance.source)) + note +
         "</td></tr>\n";
}

}  // namespace

std::string finding_part(const StudyResults& study, double confidence) {
  std::string html = "<section class=\"finding\" aria-label=\"Finding\">";
  for (const Finding& finding : findings_of(study, lead_metric(study), confidence))
    html += element("p", html_number(finding.sentence), finding.clear ? "" : "unclear");
  if (study.scenarios.front().numbers.size() < 10)
    html += "<p class=\"caution\">This rests on " + std::to_string(study.scenarios.front().numbers.size()) +
            " replications. With fewer than ten, intervals are rough: run more before deciding.</p>";
  for (const std::string& note : study.notes) html += element("p", escaped(note) + '.', "caution");
  return html + "</section>\n";
}

std::string differences_part(const StudyResults& study) {
  std::string html = "<section><h2>What the scenarios change</h2>\n<dl>";
  for (const ScenarioResults& scenario : study.scenarios) {
    html += element("dt", escaped(name_of(scenario))) + "<dd>";
    if (!scenario.about.empty()) html += element("p", escaped(scenario.about));
    if (scenario.changes.empty()) html += "<p>The model as written.</p>";
    if (!scenario.changes.empty()) html += "<ul>";
    for (const std::string& change : scenario.changes) html += element("li", escaped(change));
    if (!scenario.changes.empty()) html += "</ul>";
    html += "</dd>\n";
  }
  return html + "</dl></section>\n";
}

std::string changes_part(const StudyResults& study, double confidence) {
  if (study.scenarios.size() == 1)
    return "<section><h2>The results</h2>\n" +
           table("Mean over replications, with its interval",
                 {"Measure", "#Mean", "#" + confidence_text(confidence), "Unit", "#Target"},
                 value_rows(study, confidence)) +
           "</section>\n";
  std::string body;
  for (const MetricWords& metric : report_metrics(study)) body += change_rows(study, metric, confidence);
  return "<section><h2>What changes</h2>\n" +
         table("Each scenario against \"" + name_of(study.scenarios.front()) + "\", replication by replication",
               {"Measure", "Scenario", "#Before", "#Change", "#" + confidence_text(confidence), "Unit", "", "Reading"},
               body) +
         setting_changes(study, confidence) + "</section>\n";
}

std::string course_part(const StudyResults& study) {
  const MetricWords metric = lead_metric(study);
  const ResultRow first = make_row(study.scenarios.front(), nullptr, metric, 0.95);
  const Measure& measure = *find_measure(first.measure);
  if (!measure.by_period || study.scenarios.front().words.period_days.size() < 2) return "";
  std::vector<Fan> fans;
  for (const ScenarioResults& scenario : study.scenarios) {
    Fan fan{name_of(scenario), {}};
    const std::optional<ResultScope> scope = find_scope(scenario.words, measure, first.scope, first.subject);
    for (std::size_t p = 0; scope && p < scenario.words.period_days.size(); ++p) {
      std::vector<double> values;
      for (const auto& value : values_of(scenario, measure, *scope, {p, 1}))
        if (value) values.push_back(*value);
      fan.points.push_back({scenario.words.period_names[p], quantiles_of(values, kBandShares)});
    }
    fans.push_back(std::move(fan));
  }
  const std::string target = std::isnan(metric.target) ? "" : " The dashed line is the target.";
  return "<section><h2>The course over time</h2>\n<figure>" + fan_charts_svg(fans, first.unit, metric.target) +
         "<figcaption>" + escaped(row_words(first)) + ", " + escaped(first.unit) +
         ". Line: the middle replication. Dark band: half of the replications. Light band: nine in ten." + target +
         "</figcaption></figure></section>\n";
}

std::string settings_part(const StudyResults& study, double confidence) {
  const ScenarioResults& base = study.scenarios.front();
  std::string body;
  for (const ResultScope& scope : scopes_of(base.words, "setting")) {
    if (is_idle(base, scope)) continue;
    const SettingWords& setting = base.words.settings[scope.rows.front()];
    const Estimate census = estimate_for(base, "census_mean", scope, confidence);
    const double capacity = capacity_of(base, scope);
    body += "<tr>" + row_heading(scope.name) + text_cell(setting.department) +
            number_cell(std::to_string(setting.level)) + number_cell(shown(capacity, shown_decimals(capacity, 0.0))) +
            number_cell(shown_mean(census)) + number_cell(shown_interval(census));
    for (const char* measure : {"occupancy", "queue_mean", "wait_mean", "wait_p90", "admissions_per_year"}) {
      const Estimate value = estimate_for(base, measure, scope, confidence);
      body += number_cell(value.count == 0 ? "" : shown_mean(value));
    }
    body += "</tr>\n";
  }
  return "<section><h2>The settings in \"" + escaped(name_of(base)) + "\"</h2>\n" +
         table("Means over time and replications; waits are of those admitted, in days",
               {"Setting", "Department", "#Level", "#Capacity", "#Clients", "#" + confidence_text(confidence),
                "#In use %", "#Waiting", "#Mean wait", "#9 in 10 wait under", "#Admitted a year"},
               body) +
         "</section>\n";
}

std::string map_part(const StudyResults& study) {
  const ScenarioResults& base = study.scenarios.front();
  std::vector<BoxNumbers> numbers(base.words.settings.size(), {std::nan(""), ""});
  for (const ResultScope& scope : scopes_of(base.words, "setting")) {
    const double census = estimate_for(base, "census_mean", scope, 0.95).mean;
    const double capacity = capacity_of(base, scope);
    const std::string of_capacity = std::isfinite(capacity) ? " of " + shown_short(capacity) : "";
    numbers[scope.rows.front()] = {census, shown_short(census) + of_capacity};
  }
  std::string legend = "<ul class=\"legend\">";
  for (std::size_t i = 0; i < base.words.departments.size(); ++i) {
    const bool named = i < base.words.department_names.size() && !base.words.department_names[i].empty();
    legend += "<li><span class=\"swatch\" style=\"background:" + department_colour(i) + "\"></span>" +
              escaped(base.words.departments[i]) +
              (named ? ": " + escaped(base.words.department_names[i]) : std::string{}) + "</li>";
  }
  return "<section class=\"wide\"><h2>The system at a glance</h2>\n<figure>" + lane_map_svg(base.words, numbers) +
         legend + "</ul><figcaption>Average clients of capacity in \"" + escaped(name_of(base)) +
         "\". Solid boxes are places, dashed ones programs. The wider an arrow, the more clients are expected to move "
         "that "
         "way; an arrow has the colour of the department it leaves.</figcaption></figure></section>\n";
}

std::string assumptions_part(const StudyResults& study) {
  const Catalogue& words = study.scenarios.front().words;
  std::string html = "<section><h2>What this rests on</h2>\n";
  std::size_t weak = 0;
  std::string body;
  for (const bool want_weak : {true, false})  // the weak first: they are what to ask about
    for (const ParameterWords& parameter : words.parameters)
      if (is_weak(parameter) == want_weak) {
        body += assumption_row(parameter);
        weak += want_weak ? 1 : 0;
      }
  if (words.parameters.empty()) return html + "<p>The model lists no parameters.</p></section>\n";
  html += "<p>" + std::to_string(weak) + " of " + std::to_string(words.parameters.size()) +
          " numbers are weak: recalled or assumed, or without a source.</p>\n";
  html += table("Assumptions, as the model's files state them",
                {"Number", "#Value", "#Range", "Unit", "Standing", "Source"}, body);
  if (!words.findings.empty()) {
    html += "<h3>What the model's check warns of</h3><ul>";
    for (const std::string& finding : words.findings) html += element("li", escaped(finding));
    html += "</ul>\n";
  }
  return html + "</section>\n";
}

std::string reading_part(const StudyResults& study, double confidence) {
  const std::string percent = shown(confidence * 100.0, 0) + "%";
  std::string html =
      "<section><h2>How to read this</h2>\n<p>A replication is one possible future of the system, with its own "
      "chance events. Means are over replications. A " +
      percent +
      " interval says how surely the mean is "
      "known from so many replications; it covers chance alone, not whether the model or its numbers are "
      "right. Scenarios are compared replication by replication: the same clients meet the same luck, so a "
      "difference is due to what was changed. \"No clear change\" means that the interval includes none.</p>\n"
      "<p>Numbers are rounded to what their intervals support. A measure is shown blank where it has no "
      "meaning, such as a wait where nobody waited.</p>\n";
  for (const ScenarioResults& scenario : study.scenarios)
    if (scenario.numbers.size() < study.planned_replications)
      html += "<p class=\"caution\">" + escaped(name_of(scenario)) + ": " + std::to_string(scenario.numbers.size()) +
              " of " + std::to_string(study.planned_replications) + " replications are there; the others failed.</p>\n";
  return html + "</section>\n";
}

std::string footer_part(const StudyResults& study) {
  const ScenarioResults& base = study.scenarios.front();
  std::string html = "<footer><p>Study " + escaped(study.study_name) + ". Model " + escaped(base.words.model_name) +
                     ". Results from " + escaped(base.words.start_date) + ". Seed " + std::to_string(study.seed) +
                     ", " + std::to_string(study.planned_replications) + " replications a scenario. Throughline " +
                     escaped(study.program_version) + ", engine " + escaped(study.engine_version) + ".</p>\n<p>";
  for (const ScenarioResults& scenario : study.scenarios)
    html +=
        "<span class=\"digest\">" + escaped(scenario.id) + ": " + escaped(scenario.digest.substr(0, 12)) + "</span> ";
  return html + "</p></footer>\n";
}

}  // namespace tl::page
