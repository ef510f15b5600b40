#include <toml++/toml.h>

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "models/carrier_messages.hpp"
#include "models/table_reader.hpp"
#include "models/units.hpp"

#if TOML_HEADER_ONLY
#error "toml++ is used as its shared library"
#endif

namespace tl {

namespace {

consteval Code code(std::string_view text) {
  return Code::in(kCarrierMessages, text);
}

/// Where a small text that was read on its own stands in its file: a cell's value begins at `at`, and was read behind
/// `shift` characters of ours.
struct Origin {
  std::string file;
  Place at{{}, 1, 1};
  int shift = 0;

  Place place(int line, int column) const {
    if (line != 1) return {file, at.line + line - 1, column};
    return {file, at.line, std::max(at.column, at.column + column - 1 - shift)};
  }
  Place place(const toml::source_position& p) const {
    return place(static_cast<int>(p.line), static_cast<int>(p.column));
  }
};

/// Looks ahead for nesting that a recursive reader should not meet: brackets, dotted keys and headers all count.
/// Follows strings and comments as TOML does; where a text is no TOML the library's message comes first.
class NestingScan {
 public:
  explicit NestingScan(std::string_view text) : text_{text} {}

  /// Position of the first bracket or dot that makes the nesting deeper than `most`.
  std::optional<toml::source_position> deeper_than(int most) {
    for (; at_ < text_.size(); step()) {
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        skip_string(c);
        if (at_ >= text_.size()) break;
      } else if (c == '#') {
        while (at_ + 1 < text_.size() && text_[at_ + 1] != '\n') step();
      } else {
        read(c);
      }
      if (header_ + total_ > most) return position();
    }
    return std::nullopt;
  }

 private:
  void read(char c) {
    const bool at_start = fresh_line_ && open_.empty();
    if (c == '\n') {
      if (open_.empty()) leave_line();
    } else if (c == '[' || c == '{') {
      if (at_start && c == '[') {
        in_header_ = true;
        header_ = 1;
      } else if (in_header_) {
        ++header_;  // the second bracket of a list of tables
      } else {
        open_.push_back({1, c == '['});
        ++total_;
      }
    } else if (c == ']' || c == '}') {
      if (!in_header_ && !open_.empty()) {
        total_ -= open_.back().depth;
        open_.pop_back();
      }
    } else if (c == '.') {
      if (in_header_)
        ++header_;
      else
        count_dot();
    } else if (c == '=') {
      (open_.empty() ? line_value_ : open_.back().in_value) = true;
    } else if (c == ',' && !open_.empty() && !open_.back().is_list) {
      total_ -= open_.back().depth - 1;
      open_.back() = {1, false};
    }
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') fresh_line_ = false;
  }
  /// A dot of a key; those of numbers are no nesting.
  void count_dot() {
    if (open_.empty() ? line_value_ : open_.back().in_value || open_.back().is_list) return;
    ++total_;
    ++(open_.empty() ? line_dots_ : open_.back().depth);
  }
  void leave_line() {
    in_header_ = false;
    fresh_line_ = true;
    total_ -= line_dots_;
    line_dots_ = 0;
    line_value_ = false;
  }
  void skip_string(char quote) {
    fresh_line_ = false;
    const std::string three(3, quote);
    const bool long_string = text_.substr(at_, 3) == three;
    for (int k = 0; k < (long_string ? 3 : 1); ++k) step();
    while (at_ < text_.size()) {
      if (quote == '"' && text_[at_] == '\\') {
        step();
      } else if (long_string ? text_.substr(at_, 3) == three : text_[at_] == quote) {
        for (int k = 0; k < (long_string ? 2 : 0); ++k) step();
        return;
      } else if (!long_string && text_[at_] == '\n') {
        return;
      }
      if (at_ < text_.size()) step();
    }
  }
  void step() {
    if (at_ < text_.size() && text_[at_] == '\n') ++line_, line_begin_ = at_ + 1;
    ++at_;
  }
  toml::source_position position() const {
    toml::source_index column = 1;
    for (std::size_t i = line_begin_; i < at_; ++i)
      if ((static_cast<unsigned char>(text_[i]) & 0xC0u) != 0x80u) ++column;
    return {line_, column};
  }

  std::string_view text_;
  std::size_t at_ = 0, line_begin_ = 0;
  toml::source_index line_ = 1;
  bool fresh_line_ = true, in_header_ = false;
  int header_ = 0, line_dots_ = 0, total_ = 0;
  bool line_value_ = false;
  struct Open {
    int depth = 1;  // 1, and the dots of the key being read
    bool is_list = false;
    bool in_value = false;
  };
  std::vector<Open> open_;
};

/// The text between two positions of a file, for numbers: the library has only their values.
class SourceText {
 public:
  explicit SourceText(std::string_view text) : text_{text} {
    lines_.push_back(0);
    for (std::size_t i = 0; i < text.size(); ++i)
      if (text[i] == '\n') lines_.push_back(i + 1);
  }
  /// Text on one line; empty when the positions are elsewhere.
  std::string_view between(const toml::source_position& begin, const toml::source_position& end) const {
    if (begin.line != end.line || begin.line < 1 || begin.line > lines_.size()) return {};
    const std::size_t first = offset(begin), last = offset(end);
    return text_.substr(first, last > first ? last - first : 0);
  }
  std::string_view line(toml::source_index number) const {
    if (number < 1 || number > lines_.size()) return {};
    const std::size_t begin = lines_[number - 1];
    return text_.substr(begin, std::min(text_.find('\n', begin), text_.size()) - begin);
  }

 private:
  std::size_t offset(const toml::source_position& p) const {
    if (p.line != last_.line || p.column < last_.column) last_ = {p.line, 1}, last_offset_ = lines_[p.line - 1];
    std::size_t at = last_offset_;
    for (toml::source_index column = last_.column; column < p.column && at < text_.size() && text_[at] != '\n';
         ++column) {
      ++at;
      while (at < text_.size() && (static_cast<unsigned char>(text_[at]) & 0xC0u) == 0x80u) ++at;
    }
    last_ = p;
    last_offset_ = at;
    return at;
  }
  std::string_view text_;
  std::vector<std::size_t> lines_;
  mutable toml::source_position last_{0, 0};  // numbers are asked for in file order: a long line is walked once
  mutable std::size_t last_offset_ = 0;
};

/// Turns the library's tree into cells, in file order. Its depth was checked before.
class Converter {
 public:
  Converter(const SourceText& source, const Origin& origin, const Limits& limits, Problems& problems)
      : source_{source}, origin_{origin}, limits_{limits}, problems_{problems} {}

  std::vector<std::pair<std::string, Cell>> fields(const toml::table& table, const std::string& path) {
    struct Entry {
      const toml::key* key;
      const toml::node* value;
    };
    std::vector<Entry> entries;
    for (const auto& [key, value] : table) entries.push_back({&key, &value});
    const auto before = [](const Entry& a, const Entry& b) {
      const auto p = a.key->source().begin, q = b.key->source().begin;
      return p.line != q.line ? p.line < q.line : p.column < q.column;
    };
    std::sort(entries.begin(), entries.end(), before);  // the library keeps its keys by name
    std::vector<std::pair<std::string, Cell>> result;
    for (const Entry& entry : entries) {
      const std::string name{entry.key->str()};
      const Place key_at = origin_.place(entry.key->source().begin);
      const std::string field = path.empty() ? name : path + '.' + name;
      if (!check_name(name, key_at, path, limits_, problems_)) continue;
      Cell value = cell(*entry.value, field);
      value.key_at = key_at;
      if (value.is_table() && !entry.value->as_table()->is_inline()) value.at = key_at;
      result.emplace_back(name, std::move(value));
    }
    return result;
  }

  Cell cell(const toml::node& node, const std::string& field) {
    Cell result;
    result.at = result.key_at = origin_.place(node.source().begin);
    if (const auto* table = node.as_table()) {
      result.kind = Cell::Kind::table;
      result.fields = fields(*table, field);
    } else if (const auto* array = node.as_array()) {
      result.kind = Cell::Kind::list;
      int number = 0;
      for (const toml::node& item : *array)
        result.items.push_back(cell(item, field + '[' + std::to_string(++number) + ']'));
    } else if (node.is_number()) {
      return number(node, std::move(result), field);
    } else if (const auto* text = node.as_string()) {
      result.text = text->get();
      result.text_offset = quote_length(node.source().begin);
    } else if (const auto* flag = node.as_boolean()) {
      result.kind = Cell::Kind::boolean;
      result.number = flag->get() ? 1.0 : 0.0;
      result.text = flag->get() ? "true" : "false";
    } else {
      result.text = source_.between(node.source().begin, node.source().end);  // a date or time, as written
    }
    return result;
  }

 private:
  int quote_length(const toml::source_position& begin) const {
    const auto three = source_.between(begin, {begin.line, begin.column + 3});
    return three == "\"\"\"" || three == "'''" ? 3 : 1;
  }

  Cell number(const toml::node& node, Cell result, const std::string& field) {
    std::string written{source_.between(node.source().begin, node.source().end)};
    written.erase(std::remove(written.begin(), written.end(), '_'), written.end());  // TOML allows them: 1_000
    const auto value = parse_number(written);
    result.kind = Cell::Kind::number;
    result.text = written;
    if (const auto* bad = std::get_if<UnitFault>(&value)) {
      problems_.error(result.at, bad->code, field, bad->what, bad->why, bad->hint);
      result.refused = true;
    } else {
      result.number = std::get<double>(value);
    }
    return result;
  }

  const SourceText& source_;
  const Origin& origin_;
  const Limits& limits_;
  Problems& problems_;
};

/// The last thing in quotes of a message ("cannot redefine existing integer 'a'").
std::string_view named_in(std::string_view message) {
  const std::size_t end = message.rfind('\'');
  if (end == std::string_view::npos || end == 0) return {};
  const std::size_t begin = message.rfind('\'', end - 1);
  return begin == std::string_view::npos ? std::string_view{} : message.substr(begin + 1, end - begin - 1);
}

/// The library points behind a duplicate key or an impossible number; this is where it begins on that line.
toml::source_position begin_of(std::string_view name, const toml::source_position& behind, const SourceText& source) {
  const std::string_view line = source.line(behind.line);
  const std::string_view before = source.between({behind.line, 1}, behind);
  const std::size_t last_dot = name.rfind('.');
  std::size_t found = name.empty() ? std::string_view::npos : before.rfind(name);
  if (found == std::string_view::npos && last_dot != std::string_view::npos)
    found = before.rfind(name.substr(last_dot + 1));
  if (found == std::string_view::npos) found = line.find(name);
  if (name.empty() || found == std::string_view::npos) return behind;
  toml::source_index column = 1;
  for (std::size_t i = 0; i < found; ++i)
    if ((static_cast<unsigned char>(line[i]) & 0xC0u) != 0x80u) ++column;
  return {behind.line, column};
}

void report(const toml::parse_error& error, const SourceText& source, const Origin& origin, const std::string& field,
            Problems& problems) {
  const std::string_view message = error.description();
  const auto holds = [&](std::string_view part) { return message.find(part) != std::string_view::npos; };
  const std::string_view name = named_in(message);
  const auto begin = error.source().begin;
  if (holds("cannot redefine")) {
    problems.error(origin.place(begin_of(name, begin, source)), code("toml-duplicate"), field,
                   in_quotes(name) + " stands twice", "a name may stand once in a table");
  } else if (holds("not representable") || holds("could not be interpreted as a value")) {
    problems.error(origin.place(begin_of(name, begin, source)), code("number-size"), field, "is " + in_quotes(name),
                   "this is more than a number can hold");
  } else {
    const std::string hint = holds("could not determine value type") ? "Text stands in quotes: name = \"County\"."
                             : holds("unescaped control characters") ? "A closing quote is missing in this line."
                             : holds("expected '='")                 ? "A field is written NAME = VALUE."
                                                                     : "";
    problems.error(origin.place(begin), code("toml-syntax"), field, "cannot be read: " + std::string{message},
                   "the rest of this text was not read", hint);
  }
}

std::optional<toml::table> parse(std::string_view text, const SourceText& source, const Origin& origin,
                                 const std::string& field, const Limits& limits, Problems& problems) {
  if (const auto deep = NestingScan{text}.deeper_than(limits.nesting)) {
    problems.error(origin.place(*deep), code("nesting-deep"), field,
                   "is nested deeper than " + std::to_string(limits.nesting) + " levels",
                   "tables and lists within each other are limited");
    return std::nullopt;
  }
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    report(error, source, origin, field, problems);
    return std::nullopt;
  }
}

bool holds_only_tables(const Cell& cell) {
  const auto is_table = [](const auto& field) { return field.second.is_table(); };
  return cell.is_table() && !cell.fields.empty() && std::all_of(cell.fields.begin(), cell.fields.end(), is_table);
}

bool lists_only_tables(const Cell& cell) {
  const auto is_table = [](const Cell& item) { return item.is_table(); };
  return cell.is_list() && !cell.items.empty() && std::all_of(cell.items.begin(), cell.items.end(), is_table);
}

}  // namespace

Document read_toml_text(std::string_view text, const std::string& file_name, const Limits& limits, Problems& problems) {
  problems.file_read(file_name);
  Document document;
  document.head.at = {file_name, 1, 1};
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  if (!check_text(text, file_name, problems)) return document;
  const Origin origin{file_name};
  const SourceText source{text};
  const auto root = parse(text, source, origin, "", limits, problems);
  if (!root) return document;
  for (auto& [name, cell] : Converter{source, origin, limits, problems}.fields(*root, "")) {
    if (holds_only_tables(cell) || lists_only_tables(cell)) {
      Table table = table_from_cell(name, cell, problems);
      finish_rows(table, limits, problems);
      document.tables.push_back(std::move(table));
    } else {
      document.head.fields.emplace_back(name, std::move(cell));
    }
  }
  return document;
}

std::optional<Cell> read_toml_value(std::string_view text, const Place& at, const std::string& field,
                                    const Limits& limits, Problems& problems) {
  const std::string before = "v = ";
  const std::string line = before + std::string{text};
  const Origin origin{at.file, at, static_cast<int>(before.size())};
  const SourceText source{line};
  const auto root = parse(line, source, origin, field, limits, problems);
  if (!root) return std::nullopt;
  if (root->size() != 1) {  // a newline in the cell, and a second key
    problems.error(at, code("csv-cell"), field, "holds more than one value", "a cell holds one list or table");
    return std::nullopt;
  }
  return Converter{source, origin, limits, problems}.cell(*root->get("v"), field);
}

}  // namespace tl
