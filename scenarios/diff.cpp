#include "scenarios/diff.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "scenarios/row_words.hpp"

namespace tl {
namespace {

using namespace words;

std::string subject_of(std::string_view table, const std::string& key, const Row* row, const std::string& field) {
  return words_of_field(field) + " of " + words_of_row(table, key, row) + " (" + std::string{table} + '.' + key + '.' +
         field + ')';
}

void compare_leaves(const Leaves& from, const Leaves& to, const std::function<std::string(const std::string&)>& subject,
                    std::vector<std::string>& told) {
  for (const auto& [path, text] : from) {
    const std::string* other = find_leaf(to, path);
    if (other == nullptr)
      told.push_back(subject(path) + ": " + text + " -> (none)");
    else if (*other != text)
      told.push_back(subject(path) + ": " + text + " -> " + *other);
  }
  for (const auto& [path, text] : to)
    if (find_leaf(from, path) == nullptr) told.push_back(subject(path) + ": (none) -> " + text);
}

void compare_rows(const std::string& table, const std::string& key, const Row& from, const Row& to,
                  std::vector<std::string>& told) {
  compare_leaves(
      leaves_of(from), leaves_of(to), [&](const std::string& field) { return subject_of(table, key, &to, field); },
      told);
}

std::string told_row(const char* verb, const std::string& table, const std::string& key, const Row& row) {
  const std::string words = words_of_row(table, key, &row);
  const std::string head = std::string{verb} + ' ' + (table == "settings" ? "setting " : "") + words;
  return words.ends_with(' ' + key) ? head : head + " (" + table + '.' + key + ')';
}

void compare_tables(const std::string& name, const Table* from, const Table* to, std::vector<std::string>& told) {
  const auto before = named_rows(from), after = named_rows(to);
  const std::map<std::string, const Row*> by_name_before{before.begin(), before.end()};
  const std::map<std::string, const Row*> by_name_after{after.begin(), after.end()};
  std::vector<std::string> shared_before, shared_after;
  for (const auto& [key, row] : before) {
    const auto other = by_name_after.find(key);
    if (other == by_name_after.end()) {
      told.push_back(told_row("Without", name, key, *row));
      continue;
    }
    shared_before.push_back(key);
    compare_rows(name, key, *row, *other->second, told);
  }
  for (const auto& [key, row] : after) {
    if (by_name_before.contains(key))
      shared_after.push_back(key);
    else
      told.push_back(told_row("New", name, key, *row));
  }
  // Choices are made in file order, so the order is part of the model.
  if (shared_before != shared_after) told.push_back("The rows of " + name + " stand in another order");
}

void compare_heads(const Row& from, const Row& to, std::vector<std::string>& told) {
  compare_leaves(
      leaves_of(from), leaves_of(to),
      [](const std::string& path) {
        const std::size_t dot = path.find('.');
        return words_of_field(dot == std::string::npos ? path : path.substr(dot + 1)) + " (" + path + ')';
      },
      told);
}

std::vector<std::string> only_in(const std::vector<std::string>& these, const std::vector<std::string>& those,
                                 const std::string& whose) {
  std::vector<std::string> told;
  for (const std::string& line : these)
    if (std::find(those.begin(), those.end(), line) == those.end()) told.push_back("only in " + whose + ": " + line);
  return told;
}

}  // namespace

std::vector<std::string> differences(const Document& from, const Document& to) {
  std::vector<std::string> told;
  compare_heads(from.head, to.head, told);
  std::vector<std::string> names;
  for (const Document* document : {&from, &to})
    for (const Table& table : document->tables)
      if (std::find(names.begin(), names.end(), table.name) == names.end()) names.push_back(table.name);
  for (const std::string& name : names) compare_tables(name, from.find(name), to.find(name), told);
  return told;
}

std::vector<std::string> differences(const Document& model, const Scenario& from, const Scenario& to) {
  const auto before = in_words(model, from.changes), after = in_words(model, to.changes);
  std::vector<std::string> told = only_in(before, after, from.id);
  for (std::string& line : only_in(after, before, to.id)) told.push_back(std::move(line));
  return told;
}

std::vector<std::string> differences(const Study& from, const Study& to) {
  std::vector<std::string> told = differences(from.document, to.document);
  const auto find = [](const Study& study, const std::string& id) -> const Scenario* {
    for (const Scenario& scenario : study.scenarios)
      if (scenario.id == id) return &scenario;
    return nullptr;
  };
  for (const Scenario& scenario : from.scenarios) {
    const Scenario* other = find(to, scenario.id);
    if (other == nullptr) {
      told.push_back("Without scenario " + scenario.id);
      continue;
    }
    const auto before = in_words(from.document, scenario.changes), after = in_words(to.document, other->changes);
    for (const std::string& line : only_in(before, after, "the first"))
      told.push_back("Scenario " + scenario.id + ", " + line);
    for (const std::string& line : only_in(after, before, "the second"))
      told.push_back("Scenario " + scenario.id + ", " + line);
  }
  for (const Scenario& scenario : to.scenarios)
    if (find(from, scenario.id) == nullptr) told.push_back("New scenario " + scenario.id);
  return told;
}

}  // namespace tl
