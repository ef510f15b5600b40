#include "analysis/csv_folder.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/assumptions.hpp"
#include "analysis/equity.hpp"
#include "analysis/numbers.hpp"
#include "analysis/table_text.hpp"
#include "analysis/tables.hpp"

namespace tl {
namespace {

/// A file with the line that README.md has of it.
struct Listed {
  TextFile file;
  std::string about;
};

std::string line_of(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) line += (i > 0 ? "," : "") + csv_cell(cells[i]);
  return line + "\r\n";
}

std::string assumptions_csv(const StudyResults& study) {
  std::string text = "parameter,value,low,high,unit,grade,weak,source,note,as_written,used\r\n";
  for (const ParameterWords& parameter : study.scenarios.front().words.parameters)
    text += line_of({parameter.id, exact(parameter.value), exact(parameter.low), exact(parameter.high), parameter.unit,
                     grade_of(parameter), is_weak(parameter) ? "yes" : "no", parameter.provenance.source,
                     parameter.provenance.note, parameter.text, parameter.used ? "yes" : "no"});
  return text;
}

std::string scenarios_csv(const StudyResults& study) {
  std::string text = "scenario,name,about,change,replications,seed,digest\r\n";
  for (const ScenarioResults& scenario : study.scenarios) {
    std::vector<std::string> changes = scenario.changes;
    if (changes.empty()) changes = {""};
    for (const std::string& change : changes)
      text += line_of({scenario.id, scenario.name, scenario.about, change, std::to_string(scenario.numbers.size()),
                       std::to_string(study.seed), scenario.digest});
  }
  return text;
}

std::string settings_csv(const StudyResults& study) {
  std::string text = "setting,name,kind,department,domain,level,capacity\r\n";
  for (const SettingWords& setting : study.scenarios.front().words.settings)
    text += line_of({setting.id, setting.name, setting.kind, setting.department, setting.domain,
                     std::to_string(setting.level), exact(setting.capacity)});
  return text;
}

/// By the finest period that was kept.
void add_course(const StudyResults& study, std::vector<Listed>& files) {
  constexpr std::array kPeriods{std::pair{ByPeriod::month, "month"}, std::pair{ByPeriod::quarter, "quarter"},
                                std::pair{ByPeriod::year, "year"}};
  for (const auto& [by, name] : kPeriods) {
    TableQuery query;
    query.table = "census";
    query.metric = {"census_mean", "queue_mean", "capacity_mean", "admissions", "occupancy"};
    query.by_period = by;
    try {
      files.push_back({{std::string{"census_by_"} + name + ".csv", to_csv(make_table(study, query))},
                       std::string{"clients there and waiting, capacity, admissions and use of capacity of every "
                                   "setting, "} +
                           name + " by " + name});
      return;
    } catch (const QueryError&) {
      continue;  // results were kept by longer periods
    }
  }
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kAbout{
    std::pair{"outcomes", "the metrics that the model names, and what is counted of the whole system"},
    std::pair{"waits", "who asks, waits, is refused or gives up, setting by setting"},
    std::pair{"census", "clients, use of capacity, stays and returns, setting by setting"},
    std::pair{"staff", "FTE in the budget, employed and needed, by role and setting"},
    std::pair{"money", "dollars by department, domain, setting, payer and item, and cost per outcome"},
    std::pair{"budgets", "what was spent of each, and how long it stopped what it stops"},
    std::pair{"policies", "how often and how long each rule was open"},
    std::pair{"why", "of the longest queues: what those who wait are waiting for"}};

std::string about_of(const std::string& table) {
  for (const auto& [name, about] : kAbout)
    if (name == table) return std::string{about};
  return "";
}

void add_tables(const StudyResults& study, std::vector<Listed>& files) {
  for (const std::string& table : result_tables_of(study)) {
    TableQuery query;
    query.table = table;
    files.push_back({{table + ".csv", to_csv(make_table(study, query))}, about_of(table)});
  }
  if (study.scenarios.front().words.groups.empty()) return;
  EquityQuery query;
  query.rows.table = "equity";
  files.push_back({{"equity.csv", to_csv(make_equity_table(study, query))},
                   "results by group, with gaps; cells that rest on fewer than 11 are left out"});
}

constexpr std::string_view kColumns = R"(
## Columns of the tables of results

| column | meaning | unit |
| --- | --- | --- |
| `scenario` | id of the scenario | |
| `metric` | id of the metric, where the model names one | |
| `measure`, `words` | what is measured; the same in words | |
| `scope`, `subject`, `subject_name` | of what: a setting, department, domain, level, payer ...; its id and name | |
| `when` | the period or instant; empty: the whole time | |
| `estimate` | mean over the runs; in a comparison the mean difference, run by run with the same luck | column `unit` |
| `low`, `high` | the ends of the 95 % interval; empty with fewer than two runs | column `unit` |
| `unit` | of the three columns before it; `%` of a value, `% points` of a difference | |
| `replications` | runs that have a value | runs |
| `good` | `lower` or `higher` is better; empty: not said | |
| `target` | the model's target; empty: none | column `unit` |
| `versus`, `versus_estimate`, `versus_low`, `versus_high` | the scenario compared with, and its value | column `unit` |
| `role`, `department`, `setting` | of staff | |
| `audience`, `trait`, `group` | of results by group: for whom the table is, and which group | |
| `compared`, `compared_low`, `compared_high` | the number by which groups are compared | `compared_unit` |
| `reference`, `gap`, `gap_low`, `gap_high` | the group compared with; the difference from it | `compared_unit` |
| `ratio`, `ratio_low`, `ratio_high` | the group's number over that of the reference | times |
| `suppressed` | why a cell is left out; empty: it is not | |

## Columns of the lists

| file | columns |
| --- | --- |
| `assumptions.csv` | `parameter`; `value`, `low`, `high` in `unit`; `grade` (sourced, recalled, assumption); `weak` (no source, or recalled or assumed); `source`, `note`, `as_written`, `used` |
| `scenarios.csv` | `scenario`, `name`, `about`; one line for each `change`; `replications` (runs), `seed`, `digest` |
| `settings.csv` | `setting`, `name`, `kind`, `department`, `domain`; `level` (0 own home to 6 locked); `capacity` (units at the start of results; empty: unlimited) |

Numbers are exact. Files are UTF-8 with commas, as RFC 4180 says. A text that a spreadsheet would take for a formula has
an apostrophe before it.
)";

std::string readme(const StudyResults& study, const std::vector<Listed>& files) {
  const Catalogue& words = study.scenarios.front().words;
  std::string text =
      "# Tables of the study " + study.study_name + "\n\nResults of a simulation model, not a forecast. ";
  text += "Seed " + std::to_string(study.seed) + ", " + std::to_string(study.scenarios.front().numbers.size()) +
          " runs of each scenario, throughline " + study.program_version + " (engine " + study.engine_version +
          "), digest of the first scenario `" + study.scenarios.front().digest +
          "`.\n\n| file | what it holds |\n| --- | "
          "--- |\n";
  for (const Listed& listed : files) text += "| `" + listed.file.name + "` | " + listed.about + " |\n";
  text += '\n';
  const std::vector<std::string> there = result_tables_of(study);
  for (const auto& [table, lacks] :
       {std::pair{"staff", "staff"}, std::pair{"money", "costs"}, std::pair{"policies", "rules that act on its state"},
        std::pair{"budgets", "budgets"}})
    if (std::find(there.begin(), there.end(), table) == there.end())
      text += std::string{"There is no `"} + table + ".csv`: the model has no " + lacks + ".\n";
  if (words.groups.empty()) text += "There is no `equity.csv`: results were not kept by group.\n";
  return text + std::string{kColumns};
}

}  // namespace

std::string comparison_csv(const StudyResults& study) {
  TableQuery query;
  if (study.scenarios.size() > 1) query.versus = study.scenarios.front().id;
  return to_csv(make_table(study, query));
}

std::vector<TextFile> csv_files(const StudyResults& study) {
  if (study.scenarios.empty()) throw QueryError{"the results hold no scenario"};
  std::vector<Listed> files;
  files.push_back({{"comparison.csv", comparison_csv(study)},
                   study.scenarios.size() > 1 ? "outcomes of every scenario against the first, run by run"
                                              : "outcomes of the one scenario"});
  add_tables(study, files);
  add_course(study, files);
  files.push_back({{"scenarios.csv", scenarios_csv(study)}, "what each scenario changes"});
  files.push_back({{"settings.csv", settings_csv(study)}, "the settings of the model"});
  files.push_back(
      {{"assumptions.csv", assumptions_csv(study)}, "the numbers of the model with range, source and grade"});
  const std::string about = readme(study, files);
  std::vector<TextFile> all{{"README.md", about}};
  for (Listed& listed : files) all.push_back(std::move(listed.file));
  return all;
}

}  // namespace tl
