#include "apps/cli/grid.hpp"

#include <algorithm>

#include "analysis/table_text.hpp"

namespace tl {
namespace {

/// Columns on a screen, about: continuation bytes of UTF-8 take no room.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// A name must not move the cursor of a terminal.
std::string on_one_line(std::string text) {
  for (char& letter : text)
    if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f) letter = ' ';
  return text;
}

/// At most so many characters, the last three of them dots where something was cut.
std::string cut(const std::string& text, std::size_t most) {
  if (most == 0 || width_of(text) <= most) return text;
  std::size_t end = 0;
  for (std::size_t shown = 0; end < text.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U;
    if (begins && ++shown > most - 3) break;
  }
  return text.substr(0, end) + "...";
}

std::vector<std::string> heading_of(const Grid& grid) {
  std::vector<std::string> heading;
  for (const Grid::Column& column : grid.columns) heading.push_back(column.name);
  return heading;
}

}  // namespace

std::string to_text(const Grid& grid) {
  std::vector<std::vector<std::string>> lines{heading_of(grid)};
  for (const auto& row : grid.rows) {
    lines.emplace_back();
    for (std::size_t c = 0; c < row.size(); ++c) lines.back().push_back(cut(on_one_line(row[c]), grid.columns[c].most));
  }
  std::vector<std::size_t> widths(grid.columns.size(), 0);
  for (const auto& line : lines)
    for (std::size_t c = 0; c < line.size(); ++c) widths[c] = std::max(widths[c], width_of(line[c]));
  std::string text;
  for (const auto& line : lines) {
    std::string shown_line;
    for (std::size_t c = 0; c < line.size(); ++c) {
      const std::string gap(widths[c] - width_of(line[c]), ' ');
      shown_line += (c > 0 ? "  " : "") + (grid.columns[c].right ? gap + line[c] : line[c] + gap);
    }
    shown_line.erase(shown_line.find_last_not_of(' ') + 1);
    text += shown_line + '\n';
  }
  return text;
}

std::string to_csv(const Grid& grid) {
  std::string text;
  const auto add = [&](const std::vector<std::string>& line, bool heading) {
    for (std::size_t c = 0; c < line.size(); ++c) {
      const bool is_number = grid.columns[c].right && !heading;  // "-5" is no formula there
      text += (c > 0 ? "," : "") + (is_number ? line[c] : csv_cell(line[c]));
    }
    text += "\r\n";
  };
  add(heading_of(grid), true);
  for (const auto& row : grid.rows) add(row, false);
  return text;
}

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

std::string shell_word(const std::string& text) {
  const auto is_plain = [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c > 127 ||
           std::string_view{"_-./=,:+@%"}.find(static_cast<char>(c)) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) return text;
  std::string quoted = "'";
  for (const char letter : text) letter == '\'' ? quoted += "'\\''" : quoted += letter;
  return quoted + '\'';
}

}  // namespace tl
