#include "analysis/wide_table.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "analysis/numbers.hpp"
#include "analysis/table_text.hpp"

namespace tl {
namespace {

std::string one_line(std::string text) {
  for (char& letter : text)
    if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f) letter = ' ';
  return text;
}

std::vector<std::string> shown_row(const WideTable& table, const std::vector<WideCell>& row) {
  std::vector<std::string> cells;
  for (std::size_t c = 0; c < row.size(); ++c)
    if (!table.columns[c].heading.empty()) cells.push_back(one_line(row[c].text));
  return cells;
}

}  // namespace

std::string to_text(const WideTable& table) {
  std::vector<std::vector<std::string>> lines(1);
  std::vector<bool> right;
  for (const WideColumn& column : table.columns) {
    if (column.heading.empty()) continue;
    lines.front().push_back(column.heading);
    right.push_back(column.number);
  }
  const std::size_t rows = table.rows.size();
  const bool cut = table.most_shown > 0 && rows > table.most_shown;
  const std::size_t above = cut ? table.most_shown / 2 : rows, below = cut ? rows - table.most_shown / 2 : rows;
  for (std::size_t i = 0; i < rows; ++i) {
    if (i >= above && i < below) {
      if (i == above) lines.emplace_back(right.size(), "...");
      continue;
    }
    lines.push_back(shown_row(table, table.rows[i]));
  }
  std::string text;
  for (const std::string& line : table.before) text += line + '\n';
  if (!table.before.empty()) text += '\n';
  text += aligned(lines, right);
  if (cut)
    text += "(" + std::to_string(table.most_shown) + " of " + std::to_string(rows) +
            " rows; --format csv has all of them)\n";
  if (!table.notes.empty()) text += '\n';
  for (const std::string& note : table.notes) text += note + '\n';
  return text;
}

std::string to_csv(const WideTable& table) {
  std::string text;
  const auto end_line = [&] {
    if (!text.empty() && text.back() == ',') text.pop_back();
    text += "\r\n";
  };
  for (const WideColumn& column : table.columns)
    if (!column.name.empty()) text += csv_cell(column.name) + ',';
  end_line();
  for (const std::vector<WideCell>& row : table.rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (table.columns[c].name.empty()) continue;
      line += (table.columns[c].number ? (row[c].exact ? exact(*row[c].exact) : "") : csv_cell(row[c].text)) + ',';
    }
    line.pop_back();
    text += line + "\r\n";
  }
  return text;
}

std::string to_json(const WideTable& table) {
  nlohmann::ordered_json json;
  json["format"] = 1;
  json["kind"] = "throughline." + table.name;
  json["rows"] = nlohmann::ordered_json::array();
  for (const std::vector<WideCell>& row : table.rows) {
    nlohmann::ordered_json one;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const WideColumn& column = table.columns[c];
      if (column.name.empty()) continue;
      if (!column.number)
        one[column.name] = row[c].text;
      else if (row[c].exact && std::isfinite(*row[c].exact))
        one[column.name] = *row[c].exact;
      else
        one[column.name] = nullptr;
    }
    json["rows"].push_back(std::move(one));
  }
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace tl
