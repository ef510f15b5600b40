#pragma once
// What the carriers' tests share: reading from text, and telling what was found.

#include <string>
#include <string_view>
#include <vector>

#include "models/parameters.hpp"
#include "models/table_reader.hpp"

namespace tl {

inline Document toml_of(std::string_view text, Problems& problems, const Limits& limits = {}) {
  return read_toml_text(text, "m.toml", limits, problems);
}
inline Table csv_of(std::string_view text, Problems& problems, const std::string& name = "t",
                    const Limits& limits = {}) {
  return read_csv_text(text, name, name + ".csv", limits, problems);
}

/// "file:line:column code" of each problem, in their order.
inline std::vector<std::string> places_and_codes(const Problems& problems) {
  std::vector<std::string> found;
  for (const Problem& p : problems.sorted())
    found.push_back(p.at.file + ':' + std::to_string(p.at.line) + ':' + std::to_string(p.at.column) + ' ' +
                    std::string{p.code.text()});
  return found;
}

/// A cell with all it holds, without its places: the same for the same content in either carrier.
inline std::string content(const Cell& cell) {
  std::string text;
  switch (cell.kind) {
    case Cell::Kind::text:
      text = '"' + cell.text + '"';
      break;
    case Cell::Kind::number:
      text = shown(cell.number);
      break;
    case Cell::Kind::boolean:
      text = cell.text;
      break;
    case Cell::Kind::list:
      for (const Cell& item : cell.items) text += (text.empty() ? "" : ", ") + content(item);
      text = '[' + text + ']';
      break;
    case Cell::Kind::table:
      for (const auto& [name, inner] : cell.fields) text += (text.empty() ? "" : ", ") + name + " = " + content(inner);
      text = '{' + text + '}';
      break;
  }
  return cell.unit.empty() ? text : text + " <" + cell.unit + '>';
}
inline std::string content(const Table& table) {
  std::string text;
  for (const Row& row : table.rows) {
    text += row.id + ':';
    for (const auto& [name, cell] : row.fields)
      if (name != "id") text += ' ' + name + '=' + content(cell);
    text += '\n';
  }
  return text;
}

}  // namespace tl
