#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "models/carrier_messages.hpp"
#include "models/table_reader.hpp"
#include "models/units.hpp"

namespace tl {

namespace {

consteval Code code(std::string_view text) {
  return Code::in(kCarrierMessages, text);
}

/// One cell's text as it stands between two separators.
struct RawCell {
  std::string text;
  int line = 1, column = 1;
  int text_offset = 0;  // 1 behind a quote
};

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

/// Splits CSV into lines of cells (RFC 4180, and what spreadsheets make of it). A quote within an unquoted cell is
/// text.
class Splitter {
 public:
  Splitter(std::string_view text, const std::string& file, const std::string& table, Problems& problems)
      : text_{text}, file_{file}, table_{table}, problems_{problems}, separator_{sniff(text)} {}

  /// The next line's cells; false at the end of the text.
  bool next(std::vector<RawCell>& cells) {
    cells.clear();
    if (at_ >= text_.size()) return false;
    for (;;) {
      cells.push_back(cell());
      if (at_ >= text_.size()) return true;
      if (text_[at_] == separator_) {
        step();
        continue;
      }
      end_line();
      return true;
    }
  }

 private:
  /// The heading tells: whichever of the two stands there more often outside quotes.
  static char sniff(std::string_view text) {
    int commas = 0, semicolons = 0;
    bool quoted = false, any = false;
    for (const char c : text) {
      if (c == '"') quoted = !quoted;
      if ((c == '\n' || c == '\r') && !quoted && any) break;
      if (quoted) continue;
      any = any || (c != '\n' && c != '\r' && c != ',' && c != ';' && !is_blank(c));
      commas += c == ',';
      semicolons += c == ';';
    }
    return semicolons > commas ? ';' : ',';
  }

  void step() {
    const auto byte = static_cast<unsigned char>(text_[at_]);
    const bool pair = text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
    if ((text_[at_] == '\n' || text_[at_] == '\r') && !pair) {
      ++line_;
      column_ = 1;
    } else if ((byte & 0xC0u) != 0x80u) {
      ++column_;
    }
    ++at_;
  }
  void end_line() {
    if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') step();
    step();
  }
  bool ends_cell() const {
    return at_ >= text_.size() || text_[at_] == separator_ || text_[at_] == '\n' || text_[at_] == '\r';
  }

  RawCell cell() {
    while (at_ < text_.size() && is_blank(text_[at_])) step();
    RawCell raw{{}, line_, column_, 0};
    if (at_ < text_.size() && text_[at_] == '"') {
      step();
      raw.text_offset = 1;
      read_quoted(raw);
    }
    const std::size_t begin = at_;
    while (!ends_cell()) step();
    std::string_view rest = text_.substr(begin, at_ - begin);
    while (!rest.empty() && is_blank(rest.back())) rest.remove_suffix(1);
    if (raw.text_offset == 1 && !rest.empty())
      problems_.error({file_, raw.line, raw.column}, code("csv-quote"), table_,
                      "has " + in_quotes(rest) + " after a closing quote", "a quoted cell ends with its quote",
                      "Within quotes, a quote is written twice.");
    if (raw.text_offset == 0) raw.text = rest;
    while (!raw.text.empty() && is_blank(raw.text.back())) raw.text.pop_back();
    return raw;
  }

  void read_quoted(RawCell& raw) {
    while (at_ < text_.size()) {
      if (text_[at_] == '"') {
        step();
        if (at_ >= text_.size() || text_[at_] != '"') return;
      }
      if (!(text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n')) raw.text += text_[at_];
      step();
    }
    problems_.error({file_, raw.line, raw.column}, code("csv-quote"), table_, "has a quote that is not closed",
                    "the rest of the file was taken for one cell");
  }

  std::string_view text_;
  const std::string& file_;
  const std::string& table_;
  Problems& problems_;
  char separator_;
  std::size_t at_ = 0;
  int line_ = 1, column_ = 1;
};

/// A column's heading: "queue.patience [d]" is the field `patience` within `queue`, in days.
struct Heading {
  std::vector<std::string> path;  // empty: a column without a heading, or with one that cannot be read
  std::string unit;
  Place at;
  bool blank = true;
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string joined(const std::vector<std::string>& path) {
  std::string text;
  for (const std::string& name : path) text += (text.empty() ? "" : ".") + name;
  return text;
}

class TableBuilder {
 public:
  TableBuilder(const std::string& name, const std::string& file, const Limits& limits, Problems& problems)
      : limits_{limits}, problems_{problems}, table_{name, {file, 1, 1}, {}} {}

  /// False when there are more columns than may be.
  bool read_headings(std::vector<RawCell>& cells) {
    while (!cells.empty() && cells.back().text.empty()) cells.pop_back();
    if (cells.size() > limits_.table_columns) {
      problems_.error(place(cells[static_cast<std::size_t>(limits_.table_columns)]), code("table-columns"), table_.name,
                      "has " + std::to_string(cells.size()) + " columns",
                      "a table has at most " + std::to_string(limits_.table_columns));
      return false;
    }
    std::map<std::string, Place> seen;
    for (const RawCell& cell : cells) {
      headings_.push_back(heading(cell));
      Heading& made = headings_.back();
      if (made.path.empty()) continue;
      const auto [first, is_new] = seen.emplace(joined(made.path), made.at);
      if (is_new) continue;
      problems_.error(made.at, code("csv-duplicate"), table_.name + '.' + first->first, "is the heading of two columns",
                      "the first is column " + std::to_string(first->second.column) + " of line " +
                          std::to_string(first->second.line));
      made.path.clear();
    }
    return true;
  }

  /// False when there are more rows than may be.
  bool read_row(std::vector<RawCell>& cells) {
    const auto has_text = [](const RawCell& cell) { return !cell.text.empty(); };
    if (std::none_of(cells.begin(), cells.end(), has_text)) return true;
    if (table_.rows.size() >= limits_.table_rows) {
      problems_.error(place(cells.front()), code("table-rows"), table_.name,
                      "has more than " + std::to_string(limits_.table_rows) + " rows",
                      "the size of a table is limited");
      return false;
    }
    Row row;
    row.at = place(cells.front());
    const std::string name = row_name(cells);
    for (std::size_t i = 0; i < cells.size(); ++i)
      if (has_text(cells[i])) read_cell(row, i, cells[i], name);
    table_.rows.push_back(std::move(row));
    return true;
  }

  Table finish() {
    finish_rows(table_, limits_, problems_);
    return std::move(table_);
  }

 private:
  Place place(const RawCell& cell) const { return {table_.at.file, cell.line, cell.column}; }

  Heading heading(const RawCell& cell) {
    Heading result;
    result.at = place(cell);
    result.blank = cell.text.empty();
    std::string_view text = cell.text;
    if (const std::size_t open = text.find('['); open != std::string_view::npos) {
      if (text.back() != ']') {
        problems_.error(result.at, code("csv-heading"), table_.name, "has the heading " + in_quotes(text),
                        "a unit stands in brackets at the end", "Write it as \"stay.mean [d]\".");
        return result;
      }
      result.unit = trimmed(text.substr(open + 1, text.size() - open - 2));
      text = trimmed(text.substr(0, open));
      if (!check_unit(result, open + 1)) return result;
    }
    if (result.blank) return result;
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find('.', begin), text.size());
      result.path.emplace_back(text.substr(begin, end - begin));
      if (!check_name(result.path.back(), result.at, table_.name, limits_, problems_)) {
        result.path.clear();
        return result;
      }
      begin = end + 1;
    }
    if (result.path.size() > static_cast<std::size_t>(limits_.nesting)) {
      problems_.error(result.at, code("nesting-deep"), table_.name,
                      "is nested deeper than " + std::to_string(limits_.nesting) + " levels",
                      "tables and lists within each other are limited");
      result.path.clear();
    }
    return result;
  }

  bool check_unit(const Heading& heading, std::size_t offset) {
    const auto unit = parse_unit(heading.unit);
    const auto* bad = std::get_if<UnitFault>(&unit);
    if (bad == nullptr) return true;
    Place at = heading.at;
    at.column += static_cast<int>(offset);
    problems_.error(at, bad->code, table_.name, bad->what + " in a heading", bad->why, bad->hint);
    return false;
  }

  /// How messages call the row before its table is whole.
  std::string row_name(const std::vector<RawCell>& cells) const {
    for (std::size_t i = 0; i < cells.size() && i < headings_.size(); ++i)
      if (headings_[i].path.size() == 1 && headings_[i].path[0] == "id" && !cells[i].text.empty())
        return table_.name + '.' + cells[i].text;
    return table_.name + '.' + table_.name + '#' + std::to_string(table_.rows.size() + 1);
  }

  void read_cell(Row& row, std::size_t column, const RawCell& raw, const std::string& row_name) {
    if (column >= headings_.size() || headings_[column].blank) {
      problems_.error(place(raw), code("csv-heading"), row_name,
                      "has " + in_quotes(raw.text) + " in a column without a heading",
                      "every column with values has a heading", "Is there a separator too many in this line?");
      return;
    }
    const Heading& heading = headings_[column];
    if (heading.path.empty()) return;  // its problem is noted
    const std::string field = row_name + '.' + joined(heading.path);
    put(row.fields, interpret(raw, heading, field), heading, field);
  }

  Cell interpret(const RawCell& raw, const Heading& heading, const std::string& field) {
    const bool is_prose = heading.path.back() == "note" || heading.path.back() == "source";
    Cell cell;
    cell.text = raw.text;
    cell.at = place(raw);
    cell.text_offset = raw.text_offset;
    if (!is_prose && (raw.text.front() == '{' || raw.text.front() == '[')) {
      Place at = cell.at;
      at.column += raw.text_offset;
      auto value = read_toml_value(raw.text, at, field, limits_, problems_);
      if (value)
        cell = std::move(*value);
      else
        cell.refused = true;
    } else if (const auto number = parse_number(raw.text); std::holds_alternative<double>(number)) {
      cell.kind = Cell::Kind::number;
      cell.number = std::get<double>(number);
    } else if (raw.text == "true" || raw.text == "TRUE" || raw.text == "false" || raw.text == "FALSE") {
      cell.kind = Cell::Kind::boolean;
      cell.number = raw.text == "true" || raw.text == "TRUE" ? 1.0 : 0.0;
      cell.text = cell.truth() ? "true" : "false";
    }
    cell.key_at = heading.at;
    cell.unit = heading.unit;
    for (Cell& item : cell.items) item.unit = heading.unit;
    return cell;
  }

  void put(std::vector<std::pair<std::string, Cell>>& fields, Cell cell, const Heading& heading,
           const std::string& field) {
    auto* level = &fields;
    for (std::size_t depth = 0; depth < heading.path.size(); ++depth) {
      const std::string& name = heading.path[depth];
      const bool last = depth + 1 == heading.path.size();
      const auto same = [&](const auto& entry) { return entry.first == name; };
      auto found = std::find_if(level->begin(), level->end(), same);
      if (found != level->end() && (last || !found->second.is_table())) {
        problems_.error(cell.at, code("csv-duplicate"), field, "has a value twice in this row",
                        "another column of the row says " + in_quotes(name) + " already",
                        "Leave one of the cells empty.");
        return;
      }
      if (found == level->end()) {
        Cell made;
        made.kind = Cell::Kind::table;
        made.at = cell.at;
        made.key_at = heading.at;
        level->emplace_back(name, last ? std::move(cell) : std::move(made));
        found = level->end() - 1;
      }
      level = &found->second.fields;
    }
  }

  const Limits& limits_;
  Problems& problems_;
  Table table_;
  std::vector<Heading> headings_;
};

}  // namespace

Table read_csv_text(std::string_view text, const std::string& table_name, const std::string& file_name,
                    const Limits& limits, Problems& problems) {
  problems.file_read(file_name);
  TableBuilder table{table_name, file_name, limits, problems};
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  if (!check_text(text, file_name, problems)) return table.finish();
  Splitter lines{text, file_name, table_name, problems};
  std::vector<RawCell> cells;
  bool has_headings = false;
  while (lines.next(cells)) {
    const auto has_text = [](const RawCell& cell) { return !cell.text.empty(); };
    if (!has_headings && std::none_of(cells.begin(), cells.end(), has_text)) continue;
    if (!(has_headings ? table.read_row(cells) : table.read_headings(cells))) break;
    has_headings = true;
  }
  return table.finish();
}

}  // namespace tl
