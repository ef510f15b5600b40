#include "analysis/stress.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "analysis/assumptions.hpp"
#include "analysis/finding.hpp"
#include "analysis/numbers.hpp"
#include "analysis/plain_text.hpp"
#include "analysis/tables.hpp"

namespace tl {
namespace {

/// A text from input within Markdown: none of it is taken for a mark.
std::string marked(std::string_view text) {
  std::string safe;
  for (const char letter : plain_line(text)) {
    if (std::string_view{"\\`*_{}[]<>#|~"}.find(letter) != std::string_view::npos) safe += '\\';
    safe += letter;
  }
  return safe;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + marked(name);
  return text.empty() ? "none" : text;
}

const std::string kToPeople = "*To be said by those who report the study.*";

/// What a key of [model] or [study] says in the files as read: "1 y"; empty where it is not there.
std::string stated(const std::string& text, const std::string& key) {
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(key, 0) != 0) continue;
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos || line.find_first_not_of(' ', key.size()) != equals) continue;
    return line.substr(std::min(line.find_first_not_of(" \t", equals + 1), line.size()));
  }
  return "";
}

std::string stated_words(const StudyResults& study, const std::string& key) {
  std::string value = stated(study.study_text, key);
  if (value.empty()) value = stated(study.model_text, key);
  return value.empty() ? "" : "`" + plain_line(value) + "`";
}

std::string section(const std::string& title) {
  return "\n## " + title + "\n\n| item | report |\n| --- | --- |\n";
}
std::string item(const std::string& number, const std::string& name, const std::string& text) {
  return "| " + number + " " + name + " | " + text + " |\n";
}

std::string objectives(const StudyResults& study, const Catalogue& words) {
  const std::string about = study.about.empty() ? words.about : study.about;
  std::vector<std::string> outputs, aims;
  for (const MetricWords& metric : leading_metrics(study)) {
    const Measure* measure = find_measure(metric.measure);
    outputs.push_back(!metric.words.empty() ? metric.words
                      : measure != nullptr  ? std::string{measure->words}
                                            : metric.id);
  }
  const std::vector<std::string> names = distinct_names(study);
  for (std::size_t s = 0; s < names.size(); ++s)
    aims.push_back(names[s] + (study.scenarios[s].about.empty() ? "" : " (" + study.scenarios[s].about + ")"));
  return section("1. Objectives") +
         item("1.1", "Purpose", about.empty() ? kToPeople : marked(about) + " " + kToPeople) +
         item("1.2", "Outputs", "The study leads with: " + listed(outputs) + ". All tables: `throughline results`.") +
         item("1.3", "Aims of experimentation",
              (study.scenarios.size() == 1 ? "One scenario is described: " : "These scenarios are compared: ") +
                  listed(aims) + ".");
}

std::string kinds_of(const Catalogue& words, const std::string& kind) {
  std::vector<std::string> names;
  for (const SettingWords& setting : words.settings)
    if (setting.kind == kind && setting.id != "outside")
      names.push_back(
          setting.name +
          (std::isfinite(setting.capacity)
               ? " (" + shown(setting.capacity, setting.capacity == std::floor(setting.capacity) ? 0 : 1) + ")"
               : ""));
  return listed(names);
}

std::string scenario_logic(const StudyResults& study) {
  std::string text;
  const std::vector<std::string> names = distinct_names(study);
  for (std::size_t s = 0; s < names.size(); ++s)
    text += (s > 0 ? "<br>" : "") + marked(names[s]) + ": " +
            (study.scenarios[s].changes.empty() ? "the model as written" : listed(study.scenarios[s].changes)) + ".";
  return text;
}

std::string logic(const StudyResults& study, const Catalogue& words) {
  std::vector<std::string> staff, rules;
  for (const StaffWords& pool : words.staff) staff.push_back(pool.name.empty() ? pool.id : pool.name);
  for (const PolicyWords& policy : words.policies) rules.push_back(policy.name + ": " + policy.rule);
  return section("2. Logic") +
         item("2.1", "Overview diagram",
              "The lane map of `throughline report` and `throughline show MODEL --svg FILE`.") +
         item("2.2", "Base model logic",
              "Clients move between settings, wait in queues for units, and leave. The rules of the language are in "
              "`docs/language.md`; the model's own text is stored in `results.h5` (`model_text`).") +
         item("2.3", "Scenario logic", scenario_logic(study)) +
         item("2.4", "Algorithms",
              "Order of events within an instant, queue rules and the compilation of conditions: "
              "`docs/architecture.md`. "
              "Rules that act on the state: " +
                  listed(rules) + ".") +
         item("2.5.1", "Entities", "Clients. Traits by which results are kept: " + listed(words.by) + ".") +
         item("2.5.2", "Activities",
              "Stays in " + std::to_string(words.settings.size()) + " settings and lines; handoffs and assessments (" +
                  listed(words.tokens) + "); events and timers: " + listed(words.events) + ".") +
         item("2.5.3", "Resources",
              "Units of places: " + kinds_of(words, "place") + ". Slots of programs: " + kinds_of(words, "program") +
                  ". Shared pools: " + kinds_of(words, "pool") + ". Staff: " + listed(staff) +
                  ". In brackets the capacity at the start; no bracket: unlimited.") +
         item("2.5.4", "Queues",
              "One before each setting with a capacity: " + kinds_of(words, "line") +
                  ", and standing requests of clients who wait elsewhere.") +
         item("2.5.5", "Entry and exit",
              "Arrival streams are in the model's text. Reasons for leaving: " + listed(words.reasons) + ".");
}

std::string data(const StudyResults& study, const Catalogue& words) {
  const auto weak = static_cast<std::size_t>(std::count_if(words.parameters.begin(), words.parameters.end(), is_weak));
  std::string table;
  for (const ParameterWords& parameter : words.parameters) {
    const std::string range = range_text(parameter);
    table += "| " + marked(parameter.id) + " | " + exact(parameter.value) + " | " + marked(parameter.unit) + " | " +
             (range.empty() ? "not given" : range) + " | " + grade_of(parameter) +
             (is_weak(parameter) ? " (weak)" : "") + " | " +
             (parameter.provenance.source.empty() ? "none given" : marked(parameter.provenance.source)) + " |\n";
  }
  std::string findings;
  for (const std::string& finding : words.findings) findings += "<br>" + marked(finding);
  const std::string count = std::to_string(words.parameters.size());
  return section("3. Data") +
         item("3.1", "Data sources",
              "Named beside each parameter below. " + std::to_string(weak) + " of " + count +
                  " parameters have no source, or are recalled or assumed.") +
         item("3.2", "Pre-processing", kToPeople) +
         item("3.3", "Input parameters", count + " parameters, listed below.") +
         item("3.4", "Assumptions",
              "Parameters marked weak, and what the check of the model warned of:" +
                  (findings.empty() ? std::string{" nothing."} : findings)) +
         (table.empty()
              ? ""
              : "\n| parameter | value | unit | range | grade | source |\n| --- | --- | --- | --- | --- | --- "
                "|\n" +
                    table) +
         (study.uncertain ? "\nParameters were drawn within their distributions: see `results --table uncertainty`.\n"
                          : "");
}

std::string experimentation(const StudyResults& study, const Catalogue& words) {
  double days = 0.0;
  for (const double length : words.period_days) days += length;
  const std::string warmup = stated_words(study, "warmup"), horizon = stated_words(study, "horizon");
  std::string notes;
  for (const std::string& note : study.notes) notes += " " + marked(note) + ".";
  return section("4. Experimentation") +
         item("4.1", "Initialisation",
              (warmup.empty() ? "The study states no warm-up." : "Warm-up as stated: " + warmup + ".") +
                  std::string{" Nothing of it is in the results."} + notes) +
         item("4.2", "Run length",
              shown(days, 1) + " days of results from " + marked(words.start_date) +
                  (horizon.empty() ? "" : ", as stated: " + horizon) + ", in " +
                  std::to_string(words.period_days.size()) + " reporting periods.") +
         item("4.3", "Estimation",
              std::to_string(study.planned_replications) + " independent replications of each scenario were planned, " +
                  std::to_string(study.scenarios.front().numbers.size()) +
                  " of the first are there. Means over replications with Student's intervals; scenarios are compared "
                  "replication by replication with common random numbers (`docs/methods.md`)." +
                  (words.population_scale != 1.0
                       ? " A part of the population was run: " + exact(words.population_scale) + "."
                       : ""));
}

std::string implementation(const StudyResults& study) {
  std::string digests;
  for (const ScenarioResults& scenario : study.scenarios)
    digests += "<br>" + marked(scenario.id) + " `" + scenario.digest + "`";
  return section("5. Implementation") +
         item("5.1", "Software",
              "throughline " + study.program_version + ", engine " + study.engine_version +
                  ", written in C++20. This appendix was written by a build with the compiler " + marked(__VERSION__) +
                  ".") +
         item("5.2", "Random sampling",
              "Philox 4x32-10 (Random123), keyed by seed, replication, client and purpose; draws by inversion. Seed " +
                  std::to_string(study.seed) + ".") +
         item("5.3", "Execution",
              "Event list with a total order of events; replications on threads or ranks. Results do not depend on "
              "their "
              "number.") +
         item("5.4", "System", "Any with the program; results hold no host. Run time: " + kToPeople) +
         "\nEqual digests mean equal results:" + digests + "\n";
}

std::string access() {
  return section("6. Code access") + item("6.1", "Model sharing",
                                          "Model, study, seed and digests are stored in `results.h5`, from which this "
                                          "appendix was made; the program is "
                                          "under the Apache License 2.0. Where the model can be had: " +
                                              kToPeople);
}

}  // namespace

std::string stress_appendix(const StudyResults& study) {
  if (study.scenarios.empty()) throw QueryError{"the results hold no scenario"};
  const Catalogue& words = study.scenarios.front().words;
  return "# STRESS-DES: " + marked(words.model_name.empty() ? study.study_name : words.model_name) +
         "\n\nThe checklist of Monks et al. (2019), Strengthening the reporting of empirical simulation studies, "
         "Journal of "
         "Simulation 13(1), filled in from the study `" +
         plain_line(study.study_name) + "`. What the files do not say is left to those who report.\n" +
         objectives(study, words) + logic(study, words) + data(study, words) + experimentation(study, words) +
         implementation(study) + access();
}

}  // namespace tl
