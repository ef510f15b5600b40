#include "scenarios/diff.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "models/units.hpp"

namespace tl {
namespace {

/// The leaves of a row by their address within it; lists count as one value.
using Leaves = std::vector<std::pair<std::string, std::string>>;

void add_leaves(const std::string& path, const Cell& cell, Leaves& leaves) {
  if (!cell.is_table()) {
    leaves.emplace_back(path, shown(cell));
    return;
  }
  for (const auto& [name, field] : cell.fields) add_leaves(path + '.' + name, field, leaves);
}

const std::string* find_leaf(const Leaves& leaves, const std::string& path) {
  for (const auto& [name, text] : leaves)
    if (name == path) return &text;
  return nullptr;
}

Leaves leaves_of(const Row& row) {
  Leaves leaves;
  for (const auto& [name, cell] : row.fields)
    if (name != "id") add_leaves(name, cell, leaves);
  return leaves;
}

/// The fields by which rows without id are known to people, by table; of others the whole row is its own name.
struct KeyFields {
  std::string_view table;
  std::vector<std::string_view> fields;
};
const std::vector<KeyFields>& key_fields() {
  static const std::vector<KeyFields> keys{{"routes", {"from", "to"}},
                                           {"mix", {"population", "trait", "value", "when"}},
                                           {"handoffs", {"from", "to", "between"}},
                                           {"vary", {"field", "when"}},
                                           {"dated", {"field", "at"}},
                                           {"metrics", {"measure", "scope", "subject"}}};
  return keys;
}

bool has_own_id(const Table& table, const Row& row) {
  return row.id.rfind(table.name + '#', 0) != 0;
}

std::string key_of(const Table& table, const Row& row) {
  if (has_own_id(table, row)) return row.id;
  std::string key;
  for (const KeyFields& known : key_fields()) {
    if (known.table != table.name) continue;
    for (const std::string_view field : known.fields)
      if (const Cell* cell = row.find(field)) key += (key.empty() ? "" : ">") + shown(*cell);
  }
  if (!key.empty()) return key;
  for (const auto& [path, text] : leaves_of(row)) key += (key.empty() ? "" : ", ") + path + " = " + text;
  return key;
}

/// Rows by name, in file order; the second of a name is "name#2", as changes call it.
std::vector<std::pair<std::string, const Row*>> named_rows(const Table* table) {
  std::vector<std::pair<std::string, const Row*>> rows;
  if (table == nullptr) return rows;
  std::map<std::string, int> seen;
  for (const Row& row : table->rows) {
    std::string key = key_of(*table, row);
    const int times = ++seen[key];
    if (times > 1) key += '#' + std::to_string(times);
    rows.emplace_back(std::move(key), &row);
  }
  return rows;
}

std::string one_of(std::string_view table) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kOddPlurals{{{"initial", "initial group"},
                                                                                      {"arrivals", "arrivals"},
                                                                                      {"mix", "mix"},
                                                                                      {"vary", "exception"},
                                                                                      {"dated", "dated value"},
                                                                                      {"staff", "staff"}}};
  for (const auto& [name, word] : kOddPlurals)
    if (name == table) return std::string{word};
  return std::string{table.ends_with('s') ? table.substr(0, table.size() - 1) : table};
}

/// "Crisis residential" of a setting with a name, else "route jail>street".
std::string words_of_row(std::string_view table, const std::string& key, const Row* row) {
  const Cell* name = row == nullptr ? nullptr : row->find("name");
  if (name != nullptr && name->is_text() && !name->text.empty())
    return table == "settings" ? name->text : one_of(table) + ' ' + name->text;
  return one_of(table) + ' ' + key;
}

/// "stay.mean" as "Stay mean".
std::string words_of_field(std::string field) {
  std::replace(field.begin(), field.end(), '.', ' ');
  std::replace(field.begin(), field.end(), '_', ' ');
  if (!field.empty() && static_cast<unsigned char>(field.front()) < 128)
    field.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(field.front())));
  return field;
}

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

/// What an address of a change points at in the model as written.
struct Found {
  std::string table, key, field;
  const Row* row = nullptr;
  const Cell* cell = nullptr;
};

const Cell* cell_at(const Row& row, std::string_view path) {
  if (const Cell* whole = row.find(path)) return whole;
  const std::size_t dot = path.find('.');
  const Cell* cell = row.find(path.substr(0, dot));
  while (cell != nullptr && dot != std::string_view::npos) {
    path.remove_prefix(path.find('.') + 1);
    const std::size_t next = path.find('.');
    cell = cell->is_table() ? cell->find(path.substr(0, next)) : nullptr;
    if (next == std::string_view::npos) break;
  }
  return cell;
}

/// The row whose name is the longest fitting part of the address: names may hold dots ("arrivals.street>jail").
Found find_address(const Document& model, const std::string& path) {
  const std::size_t dot = path.find('.');
  Found found{.table = path.substr(0, dot), .key = "", .field = "", .row = nullptr, .cell = nullptr};
  const std::string rest = dot == std::string::npos ? "" : path.substr(dot + 1);
  if (found.table == "model") {  // one table without rows
    found.field = rest;
    found.cell = cell_at(model.head, path);
    return found;
  }
  for (const auto& [key, row] : named_rows(model.find(found.table))) {
    const bool fits = rest == key || rest.rfind(key + '.', 0) == 0;
    if (!fits || key.size() < found.key.size()) continue;
    found.key = key;
    found.row = row;
  }
  if (found.row == nullptr) {
    const std::size_t next = rest.find('.');
    found.key = rest.substr(0, next);
    found.field = next == std::string::npos ? "" : rest.substr(next + 1);
    return found;
  }
  found.field = rest.size() > found.key.size() ? rest.substr(found.key.size() + 1) : "";
  if (found.field.empty() && found.table == "parameters") found.field = "value";
  if (!found.field.empty()) found.cell = cell_at(*found.row, found.field);
  return found;
}

/// "Capacity of Crisis residential", "Parameter beds", "Every" of the model itself.
std::string words_of_change(const Found& found) {
  const bool whole_row = found.field.empty() || (found.table == "parameters" && found.field == "value");
  if (found.table == "model") return words_of_field(whole_row ? "model" : found.field);
  const std::string row = words_of_row(found.table, found.key, found.row);
  return whole_row ? words_of_field(row.substr(0, 1)) + row.substr(1) : words_of_field(found.field) + " of " + row;
}

/// A text like "7000 / y": its number and what follows it; nothing when it begins with no number.
std::optional<std::pair<double, std::string>> leading_number(const std::string& text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
  const auto number = parse_number(std::string_view{text}.substr(0, end));
  if (!std::holds_alternative<double>(number)) return std::nullopt;
  const std::string rest = text.substr(end);
  if (rest.find_first_of("+-*(,") != std::string::npos) return std::nullopt;  // a formula
  return std::pair{std::get<double>(number), rest};
}

/// Twelve digits are enough to read, and hide what binary fractions do to 43 * 1.1.
double tidy(double value) {
  if (value == 0.0 || !std::isfinite(value)) return value;
  const double unit = std::pow(10.0, std::floor(std::log10(std::abs(value))) - 11.0);
  const double tidied = std::round(value / unit) * unit;
  return std::isfinite(tidied) ? std::round(tidied * 1e9) / 1e9 : value;
}

/// The outcome of a change as text, where it is a plain number with or without unit.
std::optional<std::string> outcome_of(const Change& change, const std::string& before) {
  const auto old = leading_number(before);
  const auto by = leading_number(shown(change.value));
  if (!old || !by) return std::nullopt;
  if (change.kind == Change::Kind::scale) return shown(tidy(old->first * by->first)) + old->second;
  // A bare number counts in the field's own unit ("beds" of a column); where one is due it was refused.
  const bool same_unit = by->second == old->second || by->second.empty();
  if (!same_unit) return std::nullopt;
  return shown(tidy(old->first + by->first)) + old->second;
}

std::string outcome_words(const Change& change, const std::optional<std::string>& before) {
  const std::string value = shown(change.value);
  if (change.kind == Change::Kind::set) return before.value_or("(none)") + " -> " + value;
  if (before)
    if (const auto after = outcome_of(change, *before)) return *before + " -> " + *after;
  const std::string lead = before ? *before + ", " : "";
  return lead + (change.kind == Change::Kind::scale ? "times " : "plus ") + value;
}

std::vector<std::string> only_in(const std::vector<std::string>& these, const std::vector<std::string>& those,
                                 const std::string& whose) {
  std::vector<std::string> told;
  for (const std::string& line : these)
    if (std::find(those.begin(), those.end(), line) == those.end()) told.push_back("only in " + whose + ": " + line);
  return told;
}

}  // namespace

std::string shown(const Cell& cell) {
  std::string text;
  switch (cell.kind) {
    case Cell::Kind::list:
      for (const Cell& item : cell.items) text += (text.empty() ? "" : ", ") + shown(item);
      return '[' + text + ']';
    case Cell::Kind::table:
      for (const auto& [name, field] : cell.fields) text += (text.empty() ? "" : ", ") + name + " = " + shown(field);
      return text.empty() ? "{}" : "{ " + text + " }";
    case Cell::Kind::boolean:
      return cell.truth() ? "true" : "false";
    case Cell::Kind::number:
      text = shown(cell.number);
      break;
    case Cell::Kind::text:
      // A CSV cell is text even where it holds a number: 40 and 40.0 are one value.
      if (const auto number = parse_number(cell.text); std::holds_alternative<double>(number))
        text = shown(std::get<double>(number));
      else
        text = cell.text;
      break;
  }
  return cell.unit.empty() ? text : text + ' ' + cell.unit;
}

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

std::vector<std::string> in_words(const Document& model, std::span<const Change> changes) {
  std::vector<std::string> told;
  std::map<std::string, std::string> now;  // what earlier changes made of an address
  for (const Change& change : changes) {
    const Found found = find_address(model, change.path);
    std::optional<std::string> before;
    const Cell* base = found.cell != nullptr && found.cell->is_table() ? found.cell->find("base") : nullptr;
    // All values of a number that varies are scaled or added to; its base speaks for them.
    const bool varies = base != nullptr && change.kind != Change::Kind::set;
    if (found.cell != nullptr) before = shown(varies ? *base : *found.cell);
    if (const auto earlier = now.find(change.path); earlier != now.end()) before = earlier->second;
    told.push_back(words_of_change(found) + " (" + change.path + "): " + outcome_words(change, before) +
                   (varies ? ", its dated and varied values likewise" : ""));
    if (change.kind == Change::Kind::set)
      now[change.path] = shown(change.value);
    else if (const auto after = before ? outcome_of(change, *before) : std::nullopt)
      now[change.path] = *after;
    else
      now[change.path] = "(changed)";
  }
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
