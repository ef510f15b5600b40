#include "scenarios/study.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <utility>

#include "models/document_files.hpp"
#include "models/schema.hpp"
#include "models/suggest.hpp"
#include "models/units.hpp"
#include "scenarios/read_sweep.hpp"
#include "scenarios/scenario_messages.hpp"
#include "scenarios/study_fields.hpp"

namespace tl {
namespace {

consteval Code code(std::string_view text) {
  return Code::in(kScenarioMessages, text);
}

/// Fields of [study] that replace those of [model].
constexpr std::array kModelFields{"horizon", "warmup", "replications", "seed", "every", "observe", "population_scale"};
constexpr std::array kStudyFields{"model",     "about", "horizon", "warmup",           "every",  "replications",
                                  "precision", "seed",  "observe", "population_scale", "metrics"};
constexpr std::array kScenarioFields{"name", "about", "base", "levers", "set", "scale", "add"};
constexpr std::array kStudyTables{"study", "scenarios", "sweep", "uncertain", "levers", "lever_changes"};

/// Parts of the language that a later version brings: named, so that nobody searches for a spelling mistake.
struct Later {
  std::string_view name, words;
};
constexpr std::array kLater{Later{"targets", "calibration targets are"},
                            Later{"histories", "histories of clients are"}};

template <std::size_t N>
std::vector<std::string> names_of(const std::array<const char*, N>& fields) {
  return {fields.begin(), fields.end()};
}

std::string joined(const std::vector<std::string>& names, std::string_view between) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : std::string{between}) + name;
  return text;
}

}  // namespace

void refuse_unknown(std::string_view name, const Place& at, const std::string& path,
                    const std::vector<std::string>& known, Problems& problems) {
  for (const Later& later : kLater)
    if (name == later.name)
      return problems.error(at, code("study-later"), path, std::string{later.words} + " not in this version",
                            "this version runs the scenarios of [scenarios.NAME]", "Take it out");
  std::string hint = did_you_mean(name, known);
  if (hint.empty()) hint = "Known here: " + joined(known, ", ");
  problems.error(at, code("study-field"), path, "unknown name", "a study has nothing of that name here", hint);
}

std::string text_of(const Cell& cell, const std::string& path, Problems& problems) {
  if (cell.is_text()) return cell.text;
  problems.error(cell.at, code("study-kind"), path, "is no text", "text stands in quotes",
                 cell.is_number() ? "Write \"" + cell.text + "\"" : "");
  return "";
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return c < 128 && (std::isalnum(c) || c == '_' || c == '-');
  });
}

namespace {

/// The address a nested table spells, down to its first value: settings = { crt = { capacity = 1 } }.
std::string spelt_address(const std::string& name, const Cell& cell) {
  if (!cell.is_table() || cell.fields.empty()) return name;
  return spelt_address(name + '.' + cell.fields.front().first, cell.fields.front().second);
}

}  // namespace

bool is_address(std::string_view path) {
  const bool has_empty_part =
      path.empty() || path.front() == '.' || path.back() == '.' || path.find("..") != std::string_view::npos;
  return !has_empty_part && path.find('.') != std::string_view::npos;
}

namespace {

class StudyReader {
 public:
  StudyReader(const Document& document, const std::string& file_name, const Limits& limits, Problems& problems)
      : document_{document}, file_name_{file_name}, limits_{limits}, problems_{problems} {}

  Study read() {
    check_top();
    read_head();
    read_scenarios();
    join_bases();
    study_.uncertain = read_uncertain(document_, problems_);
    if (study_.scenarios.empty())
      study_.scenarios.push_back({.id = "baseline", .name = "", .about = "", .changes = {}, .at = {file_name_, 0, 0}});
    return std::move(study_);
  }

  /// The cell of `model`; nullptr when the study names none.
  const Cell* model_cell() const {
    const Cell* head = document_.head.find("study");
    return head != nullptr && head->is_table() ? head->find("model") : nullptr;
  }

 private:
  void check_top() {
    for (const auto& [name, cell] : document_.head.fields)
      if (!is_study_table(name)) refuse_table(name, cell.key_at);
    for (const Table& table : document_.tables)
      if (!is_study_table(table.name)) refuse_table(table.name, table.at);
  }

  static bool is_study_table(std::string_view name) {
    return std::find(kStudyTables.begin(), kStudyTables.end(), name) != kStudyTables.end();
  }

  void refuse_table(const std::string& name, const Place& at) {
    const std::vector<std::string> model_tables = table_names();
    if (std::find(model_tables.begin(), model_tables.end(), name) != model_tables.end())
      return problems_.error(at, code("study-field"), name, "is a table of a model",
                             "a study changes its model by scenarios only",
                             "Move it to the model, or write the change as set = { \"table.row.field\" = value }");
    refuse_unknown(name, at, name, names_of(kStudyTables), problems_);
  }

  void read_head() {
    const Cell* head = document_.head.find("study");
    if (head == nullptr || !head->is_table()) {
      const Table* rows = document_.find("study");
      problems_.error(head != nullptr   ? head->at
                      : rows != nullptr ? rows->at
                                        : Place{file_name_, 1, 1},
                      code("study-kind"), "study", "there is no [study] with fields",
                      "it says which model is studied and how long", "Write [study] and below it model = \"FOLDER\"");
      return;
    }
    for (const auto& [name, cell] : head->fields) {
      const std::string path = "study." + name;
      if (std::find(kStudyFields.begin(), kStudyFields.end(), name) == kStudyFields.end())
        refuse_unknown(name, cell.key_at, path, names_of(kStudyFields), problems_);
      else if (name == "about")
        study_.about = text_of(cell, path, problems_);
      else if (name == "model")
        study_.model = text_of(cell, path, problems_);
      else if (name == "metrics")
        study_.metrics = read_names(cell, path, problems_);
      else if (name == "precision")
        read_goal(*head, cell);
    }
    if (head->find("model") == nullptr)
      problems_.error(head->key_at, code("study-model"), "study.model", "is missing", "a study is about one model",
                      "Write model = \"FOLDER\", a path from this file's folder");
    else if (study_.model.empty() && head->find("model")->is_text())
      problems_.error(head->find("model")->at, code("study-model"), "study.model", "is empty",
                      "a study is about one model", "Write a path from this file's folder");
  }

  void read_goal(const Cell& head, const Cell& cell) {
    study_.precision = read_precision(cell, limits_, problems_);
    if (const Cell* fixed = head.find("replications"))
      problems_.error(fixed->at, code("precision-form"), "study.replications", "stands beside precision",
                      "precision decides how many replications there are",
                      "Take one of them out, or write precision = { within = ..., most = " + fixed->text + " }");
  }

  void read_scenarios() {
    const Cell* stray = document_.head.find("scenarios");
    const Table* rows = document_.find("scenarios");
    Table held;
    if (stray != nullptr) {
      if (!stray->is_table() || !stray->fields.empty()) held = table_from_cell("scenarios", *stray, problems_);
      rows = &held;
    }
    if (rows == nullptr) return;
    for (const Row& row : rows->rows) read_scenario(row);
  }

  void read_scenario(const Row& row) {
    const std::string path = "scenarios." + row.id;
    if (!is_plain_name(row.id))
      problems_.error(row.at, code("scenario-id"), path, "\"" + row.id + "\" is no plain name",
                      "a scenario's id is made of letters, digits, _ and -; it also names files",
                      "Write [scenarios.some_name], and the words as name = \"...\"");
    Scenario scenario{.id = row.id, .name = "", .about = "", .changes = {}, .at = row.at};
    std::string base;
    Place base_at;
    for (const auto& [name, cell] : row.fields) {
      const std::string field = path + '.' + name;
      if (name == "name")
        scenario.name = text_of(cell, field, problems_);
      else if (name == "about")
        scenario.about = text_of(cell, field, problems_);
      else if (name == "base") {
        base = text_of(cell, field, problems_);
        base_at = cell.at;
      } else if (name != "id" &&
                 std::find(kScenarioFields.begin(), kScenarioFields.end(), name) == kScenarioFields.end())
        refuse_unknown(name, cell.key_at, field, names_of(kScenarioFields), problems_);
    }
    add_levers(row, scenario);
    add_changes(row, "set", Change::Kind::set, scenario);
    add_changes(row, "scale", Change::Kind::scale, scenario);
    add_changes(row, "add", Change::Kind::add, scenario);
    study_.scenarios.push_back(std::move(scenario));
    bases_.emplace_back(std::move(base), std::move(base_at));
  }

  /// levers = { beds = 1, triage = 0.5 }, or ["beds", "triage"] for all of each.
  void add_levers(const Row& row, Scenario& scenario) {
    const Cell* levers = row.find("levers");
    if (levers == nullptr) return;
    const std::string path = "scenarios." + row.id + ".levers";
    const auto add = [&](const std::string& id, const Cell& strength, const Place& at) {
      scenario.changes.push_back({.kind = Change::Kind::set, .path = "levers." + id, .value = strength, .at = at});
    };
    if (levers->is_table()) {
      for (const auto& [id, strength] : levers->fields) add(id, strength, strength.key_at);
      return;
    }
    if (!levers->is_list())
      return problems_.error(levers->at, code("study-kind"), path, "is no table of levers and no list",
                             "a scenario says which levers it uses, and how much of each",
                             "Write levers = { ID = 0.5 }, or levers = [\"ID\"]");
    for (const Cell& item : levers->items) {
      if (!item.is_text()) {
        problems_.error(item.at, code("study-kind"), path, "holds something that is no lever's id",
                        "a list names levers, all of each", "Write levers = { ID = 0.5 } to say how much of it");
        continue;
      }
      Cell all;
      all.kind = Cell::Kind::number;
      all.number = 1.0;
      all.text = "1";
      all.at = all.key_at = item.at;
      add(item.text, all, item.at);
    }
  }

  void add_changes(const Row& row, const char* kind_name, Change::Kind kind, Scenario& scenario) {
    const Cell* changes = row.find(kind_name);
    if (changes == nullptr) return;
    const std::string path = "scenarios." + row.id + '.' + kind_name;
    if (!changes->is_table())
      return problems_.error(changes->at, code("study-kind"), path, "is no table of changes",
                             "a change is an address and a value",
                             "Write " + std::string{kind_name} + " = { \"settings.ID.capacity\" = 20 }");
    for (const auto& [address, value] : changes->fields) {
      if (!is_address(address)) {
        const std::string spelt = spelt_address(address, value);
        problems_.error(value.key_at, code("change-form"), path, "\"" + address + "\" is no address",
                        "a change names table.row.field or parameters.id",
                        is_address(spelt) ? "Put the address in quotes: \"" + spelt + "\" = ..."
                                          : "Write for instance \"settings.ID.capacity\" = 20");
        continue;
      }
      scenario.changes.push_back({.kind = kind, .path = address, .value = value, .at = value.key_at});
    }
  }

  /// Puts the changes of the bases before each scenario's own; circles and unknown bases are refused.
  void join_bases() {
    std::map<std::string, std::size_t, std::less<>> by_id;
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < study_.scenarios.size(); ++i) {
      by_id.emplace(study_.scenarios[i].id, i);
      ids.push_back(study_.scenarios[i].id);
    }
    std::vector<std::vector<Change>> own;
    for (const Scenario& scenario : study_.scenarios) own.push_back(scenario.changes);
    for (std::size_t i = 0; i < study_.scenarios.size(); ++i) {
      std::vector<std::size_t> chain{i};
      if (!follow_bases(by_id, ids, chain)) continue;
      std::vector<Change> all;
      for (auto link = chain.rbegin(); link != chain.rend(); ++link)
        all.insert(all.end(), own[*link].begin(), own[*link].end());
      study_.scenarios[i].changes = std::move(all);
    }
  }

  /// Completes `chain` from a scenario down to the one without base. @returns false when there is none
  bool follow_bases(const std::map<std::string, std::size_t, std::less<>>& by_id, const std::vector<std::string>& ids,
                    std::vector<std::size_t>& chain) {
    for (;;) {
      const std::size_t at = chain.back();
      const auto& [base, base_at] = bases_[at];
      if (base.empty()) return true;
      const std::string path = "scenarios." + ids[at] + ".base";
      const auto found = by_id.find(base);
      if (found == by_id.end()) {
        const std::string hint = did_you_mean(base, ids);
        problems_.error(base_at, code("scenario-base"), path, "unknown scenario \"" + base + "\"",
                        "a base is another scenario of this study",
                        hint.empty() ? "The scenarios are: " + joined(ids, ", ") : hint);
        return false;
      }
      const auto again = std::find(chain.begin(), chain.end(), found->second);
      if (again != chain.end()) {
        if (again == chain.begin()) refuse_circle(chain, ids);  // told once, by its first scenario
        return false;
      }
      chain.push_back(found->second);
    }
  }

  void refuse_circle(const std::vector<std::size_t>& chain, const std::vector<std::string>& ids) {
    if (chain.front() != *std::min_element(chain.begin(), chain.end())) return;
    std::string circle;
    for (const std::size_t link : chain) circle += ids[link] + " -> ";
    problems_.error(bases_[chain.front()].second, code("scenario-cycle"), "scenarios." + ids[chain.front()] + ".base",
                    "goes in a circle: " + circle + ids[chain.front()],
                    "a base's changes come first, so one must be first", "Take the base out of one of them");
  }

  const Document& document_;
  const std::string& file_name_;
  const Limits& limits_;
  Problems& problems_;
  Study study_;
  std::vector<std::pair<std::string, Place>> bases_;  ///< of each scenario: id (empty = none) and where it stands
};

/// Lets what the study says of length, seed … stand in the model's [model], with the study's places.
void replace_model_fields(const Document& study, Document& model) {
  const Cell* from = study.head.find("study");
  Cell* into = model.head.find("model");
  if (from == nullptr || into == nullptr || !into->is_table()) return;
  for (const char* name : kModelFields) {
    const Cell* value = from->find(name);
    if (value == nullptr) continue;
    if (Cell* there = into->find(name))
      *there = *value;
    else
      into->fields.emplace_back(name, *value);
  }
}

/// The files of a model as one text, for keeping beside its results.
std::string text_of(const std::vector<TextFile>& files) {
  std::string text;
  for (const TextFile& file : files) {
    text += "==> " + file.name + " <==\n" + file.text;
    if (!text.ends_with('\n')) text += '\n';
  }
  return text;
}

std::string name_of(const std::filesystem::path& path) {
  const std::filesystem::path whole = path.has_filename() ? path : path.parent_path();
  // a folder's study.toml goes by the folder's name
  if (whole.filename() == "study.toml" && whole.has_parent_path()) return whole.parent_path().filename().string();
  return whole.extension() == ".toml" ? whole.stem().string() : whole.filename().string();
}

Study study_of_model(const std::filesystem::path& path, Document document) {
  Study study;
  study.name = name_of(path);
  if (study.name == "model" && path.has_parent_path()) study.name = name_of(path.parent_path());
  study.model = path;
  study.scenarios.push_back(
      {.id = "baseline", .name = "", .about = "", .changes = {}, .at = {path.generic_string(), 0, 0}});
  study.document = std::move(document);
  return study;
}

/// The study's own levers stand behind those of the model.
void add_study_levers(const Document& rows, Document& model, Problems& problems) {
  for (const char* name : {"levers", "lever_changes"}) {
    const Table* own = rows.find(name);
    Table held;
    if (const Cell* stray = rows.head.find(name)) {  // what is no row is told
      held = table_from_cell(name, *stray, problems);
      own = &held;
    }
    if (own == nullptr) continue;
    if (const Cell* stray = model.head.find(name); stray != nullptr && stray->is_table() && stray->fields.empty())
      std::erase_if(model.head.fields, [&](const auto& field) { return field.first == name; });
    Table* all = model.find(name);
    if (all == nullptr) {
      model.tables.push_back({.name = name, .at = own->at, .rows = {}});
      all = &model.tables.back();
    }
    for (Row row : own->rows) {
      const bool has_id = row.id.rfind(std::string{name} + '#', 0) != 0;
      if (has_id && all->find(row.id) != nullptr) {
        const Place& there = all->find(row.id)->at;
        problems.error(row.at, code("lever-twice"), std::string{name} + '.' + row.id, "is there already",
                       "the model has a lever of that id: " + there.file + ':' + std::to_string(there.line),
                       "Give the study's own another id");
        continue;
      }
      all->rows.push_back(std::move(row));
    }
  }
}

/// Reads the model the study names, `at` being where it names it.
void read_studied_model(const Place& at, Study& study, const Document& rows, const Limits& limits, Problems& problems) {
  std::error_code ignored;
  if (!std::filesystem::exists(study.model, ignored))
    return problems.error(at, code("study-model"), "study.model", "there is no " + study.model.string(),
                          "a study's model is a folder or .toml file, named from the study's folder",
                          "Check the path; models often lie in ../models/NAME");
  std::vector<TextFile> files;
  study.document = read_document(study.model, limits, problems, files);
  if (is_study(study.document))
    return problems.error(at, code("study-model"), "study.model", study.model.string() + " is itself a study",
                          "a study is about a model", "Name the model of that study instead");
  replace_model_fields(rows, study.document);
  add_study_levers(rows, study.document, problems);
  study.model_text = text_of(files);
}

}  // namespace

bool is_study(const Document& document) {
  return document.head.find("study") != nullptr || document.find("study") != nullptr ||
         document.head.find("scenarios") != nullptr || document.find("scenarios") != nullptr;
}

std::optional<Study> read_study_text(std::string_view toml, const std::string& file_name, const Limits& limits,
                                     Problems& problems) {
  const std::size_t errors = problems.error_count();
  const Document rows = read_toml_text(toml, file_name, limits, problems);
  if (problems.error_count() > errors) return std::nullopt;
  Study study = StudyReader{rows, file_name, limits, problems}.read();
  study.sweep = read_sweep(rows, "", limits, problems);
  study.name = name_of(file_name);
  study.study_text = toml;
  if (problems.error_count() > errors) return std::nullopt;
  return study;
}

std::optional<Study> read_study(const std::filesystem::path& path, const Limits& limits, Problems& problems) {
  const std::size_t errors = problems.error_count();
  std::vector<TextFile> files;  // also kept with the results: read once, so that they are what was run
  Document rows = read_document(path, limits, problems, files);
  if (problems.error_count() > errors) return std::nullopt;
  if (!is_study(rows)) {
    Study study = study_of_model(path, std::move(rows));
    study.model_text = text_of(files);
    return study;
  }
  const std::string file_name = path.generic_string();
  StudyReader reader{rows, file_name, limits, problems};
  Study study = reader.read();
  study.sweep = read_sweep(rows, path.has_parent_path() ? path.parent_path() : ".", limits, problems);
  study.name = name_of(path);
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    read_text_file(path, {}, limits.model_file_bytes, problems);  // says that a study is no folder
  study.study_text = std::move(files.front().text);
  if (study.sweep) study.study_text += study.sweep->file_text;
  if (!study.model.empty()) {
    study.model = (path.parent_path() / study.model).lexically_normal();
    read_studied_model(reader.model_cell()->at, study, rows, limits, problems);
  }
  if (problems.error_count() > errors) return std::nullopt;
  return study;
}

std::optional<Change> change_from_text(std::string_view text, const std::string& origin, const Limits& limits,
                                       Problems& problems) {
  const Place at{origin, 0, 0};
  const std::size_t equals = text.find('=');
  const std::string path{text.substr(0, equals)};
  if (equals == std::string_view::npos || !is_address(path) || equals + 1 == text.size()) {
    problems.error(at, code("change-form"), std::string{text}, "is no change",
                   "a change is PATH=VALUE, where PATH is table.row.field or parameters.id",
                   "Write for instance settings.ID.capacity=20 or \"settings.ID.stay=14 d\"");
    return std::nullopt;
  }
  const std::string value{text.substr(equals + 1)};
  Change change{.kind = Change::Kind::set, .path = path, .value = {}, .at = at};
  if (value.front() == '{' || value.front() == '[' || value.front() == '"') {
    auto cell = read_toml_value(value, at, path, limits, problems);
    if (!cell) return std::nullopt;
    change.value = std::move(*cell);
  } else if (const auto number = parse_number(value); std::holds_alternative<double>(number)) {
    change.value.kind = Cell::Kind::number;
    change.value.number = std::get<double>(number);
    change.value.text = value;
  } else if (value == "true" || value == "false") {
    change.value.kind = Cell::Kind::boolean;
    change.value.number = value == "true" ? 1.0 : 0.0;
    change.value.text = value;
  } else {
    change.value.text = value;
  }
  change.value.at = change.value.key_at = at;
  return change;
}

}  // namespace tl
