#include "scenarios/row_words.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

#include "models/units.hpp"
#include "scenarios/diff.hpp"

namespace tl {

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

}  // namespace tl

namespace tl::words {
namespace {

void add_leaves(const std::string& path, const Cell& cell, Leaves& leaves) {
  if (!cell.is_table()) {
    leaves.emplace_back(path, shown(cell));
    return;
  }
  for (const auto& [name, field] : cell.fields) add_leaves(path + '.' + name, field, leaves);
}

}  // namespace

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

namespace {

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

}  // namespace

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
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kOddPlurals{{{"initial", "initial group"},
                                                                                      {"arrivals", "arrivals"},
                                                                                      {"mix", "mix"},
                                                                                      {"vary", "exception"},
                                                                                      {"dated", "dated value"},
                                                                                      {"staff", "staff"},
                                                                                      {"policies", "policy"}}};
  for (const auto& [name, word] : kOddPlurals)
    if (name == table) return std::string{word};
  return std::string{table.ends_with('s') ? table.substr(0, table.size() - 1) : table};
}

std::string words_of_row(std::string_view table, const std::string& key, const Row* row) {
  const Cell* name = row == nullptr ? nullptr : row->find("name");
  if (name != nullptr && name->is_text() && !name->text.empty())
    return table == "settings" ? name->text : one_of(table) + ' ' + name->text;
  return one_of(table) + ' ' + key;
}

std::string words_of_field(std::string field) {
  std::replace(field.begin(), field.end(), '.', ' ');
  std::replace(field.begin(), field.end(), '_', ' ');
  if (!field.empty() && static_cast<unsigned char>(field.front()) < 128)
    field.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(field.front())));
  return field;
}

}  // namespace tl::words
