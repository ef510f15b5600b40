#include "models/read_context.hpp"

#include <algorithm>

#include "models/suggest.hpp"

namespace tl::reading {

std::optional<std::uint32_t> Names::find(std::string_view id) const {
  const auto found = rows_.find(id);
  if (found == rows_.end()) return std::nullopt;
  return found->second;
}

std::uint32_t Names::add(const std::string& id) {
  const auto [at, is_new] = rows_.emplace(id, static_cast<std::uint32_t>(ids_.size()));
  if (is_new) ids_.push_back(id);
  return at->second;
}

Cell piece_of(const Cell& cell, std::size_t offset, std::string_view text) {
  Cell piece;
  piece.text = std::string{text};
  piece.at = place_in(cell, offset);
  piece.key_at = cell.key_at;
  piece.unit = cell.unit;
  return piece;
}

std::string_view trimmed(std::string_view text, std::size_t& offset) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  offset += first;
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<Cell> pieces_of(const Cell& cell, char separator) {
  if (cell.is_list()) return cell.items;
  std::vector<Cell> pieces;
  const std::string_view text = cell.text;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    std::size_t offset = begin;
    const std::string_view piece = trimmed(text.substr(begin, end - begin), offset);
    if (!piece.empty()) pieces.push_back(piece_of(cell, offset, piece));
    begin = end + 1;
  }
  return pieces;
}

namespace {

bool is_empty(const Cell& cell) {
  return cell.is_table() && cell.fields.empty();
}

}  // namespace

const Cell* cell_at(const Cell& cell, std::string_view path) {
  const Cell* at = &cell;
  while (at != nullptr && !path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    at = at->is_table() ? at->find(path.substr(0, dot)) : nullptr;
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return at == nullptr || is_empty(*at) ? nullptr : at;
}

const Cell* cell_at(const Row& row, std::string_view path) {
  const std::size_t dot = std::min(path.find('.'), path.size());
  const Cell* cell = row.find(path.substr(0, dot));
  if (cell == nullptr) return nullptr;
  return cell_at(*cell, path.substr(std::min(dot + 1, path.size())));
}

std::string listed(const std::vector<std::string>& words, std::size_t most) {
  std::string text;
  const std::size_t shown_count = std::min(words.size(), most);
  for (std::size_t i = 0; i < shown_count; ++i) {
    if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return words.size() > most ? text + " and " + std::to_string(words.size() - most) + " more" : text;
}

std::optional<std::string> read_text(Context& context, const Cell& cell, const std::string& field) {
  if (!cell.is_list() && !cell.is_table()) return cell.text;
  context.error(cell.at, code("field-kind"), field, std::string{"is a "} + (cell.is_list() ? "list" : "table"),
                "one text is due here");
  return std::nullopt;
}

std::string read_words(Context& context, const RowView& row, std::string_view field, std::string otherwise) {
  const Cell* cell = row.find(field);
  if (cell == nullptr) return otherwise;
  const std::optional<std::string> text = read_text(context, *cell, row.path(field));
  if (!text) return otherwise;
  const bool has_control = std::any_of(text->begin(), text->end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
  });
  // `about`, `note`, `source` and `words` are sentences; names must fit into headings and file names.
  const std::size_t most = field == "name" ? context.limits.name_bytes : 100'000;
  if (!has_control && text->size() <= most) return *text;
  context.error(cell->at, code("text-bad"), row.path(field),
                has_control ? "holds a control character" : "is " + std::to_string(text->size()) + " bytes long",
                "at most " + std::to_string(most) + " bytes and no control characters");
  return otherwise;
}

std::optional<std::size_t> read_word(Context& context, const Cell& cell, const std::string& field,
                                     const std::vector<std::string>& words) {
  const std::optional<std::string> text = read_text(context, cell, field);
  if (!text) return std::nullopt;
  const auto found = std::find(words.begin(), words.end(), *text);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  context.error(cell.at, code("word-unknown"), field, "unknown word \"" + *text + '"', "it is one of " + listed(words),
                did_you_mean(*text, words));
  return std::nullopt;
}

std::optional<bool> read_yes(Context& context, const Cell& cell, const std::string& field) {
  if (cell.is_boolean()) return cell.truth();
  const auto word = read_word(context, cell, field, {"no", "yes"});
  if (!word) return std::nullopt;
  return *word == 1;
}

namespace {

/// What people write who are used to words between clauses and actions, or whose spreadsheet set quotes.
std::string hint_of_joining(const std::string& text) {
  for (const char* quote : {"\"", "\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x98", "\xE2\x80\x99"})
    if (text.find(quote) != std::string::npos) return "Leave out the quotes.";
  if (text.find(" and ") != std::string::npos || text.find(" AND ") != std::string::npos)
    return "Clauses are joined by &, actions stand in a list or are separated by ;.";
  if (text.find(" or ") != std::string::npos || text.find(" OR ") != std::string::npos)
    return "Values are joined by |.";
  if (text.find('=') != std::string::npos)
    return "| joins values of one subject. Between clauses there is no \"or\": write two rows.";
  return "";
}

}  // namespace

std::optional<std::uint32_t> find_name(Context& context, const Cell& cell, const std::string& field,
                                       const Names& names) {
  const std::optional<std::string> text = read_text(context, cell, field);
  if (!text) return std::nullopt;
  if (const std::optional<std::uint32_t> row = names.find(*text)) return row;
  std::string hint = did_you_mean(*text, names.all());
  if (hint.empty() && names.all().empty()) hint = "The model has none.";
  if (hint.empty() && names.all().size() <= 12) hint = "Known: " + listed(names.all()) + '.';
  if (std::string other = hint_of_joining(*text); !other.empty()) hint = std::move(other);
  context.error(cell.at, code("name-unknown"), field, "unknown " + names.what() + " \"" + *text + '"',
                "no " + names.what() + " has that id", std::move(hint));
  return std::nullopt;
}

namespace {

bool is_id_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

std::string as_id(std::string_view text) {
  std::string id;
  for (const char c : text) {
    const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (is_id_letter(small))
      id += small;
    else if (!id.empty() && id.back() != '_')
      id += '_';
  }
  while (!id.empty() && id.back() == '_') id.pop_back();
  return id;
}

}  // namespace

bool check_id(Context& context, std::string_view id, const Place& at, const std::string& field) {
  if (!id.empty() && id.size() <= context.limits.name_bytes && std::all_of(id.begin(), id.end(), is_id_letter))
    return true;
  if (const std::size_t mark = id.find('#');
      mark != std::string_view::npos && field.ends_with(id) && mark > 0 &&
      field.starts_with(id.substr(0, mark))) {  // as rows without an id are numbered
    context.error(at, code("id-bad"), field, "has no id", "rows of this table are named by the field id",
                  "Write one, as \"" + std::string{id.substr(0, mark)} + "_1\".");
    return false;
  }
  const std::string better = as_id(id.substr(0, 60));
  const bool is_long = id.size() > context.limits.name_bytes;
  context.error(
      at, code("id-bad"), field,
      is_long ? "is an id of " + std::to_string(id.size()) + " bytes" : "\"" + std::string{id} + "\" cannot be an id",
      "ids are made of a-z, 0-9, _ and -, and are at most " + std::to_string(context.limits.name_bytes) + " bytes long",
      better.empty() ? "" : "Try \"" + better + "\"; what people read is the field `name`.");
  return false;
}

const Place& id_place(const Row& row) {
  const Cell* id = row.find("id");
  return id == nullptr ? row.at : id->at;
}

Provenance read_provenance(Context& context, const RowView& row, bool kind_is_other) {
  Provenance provenance;
  provenance.source = read_words(context, row, "source");
  provenance.note = read_words(context, row, "note");
  const std::string field = kind_is_other ? "source_kind" : "kind";
  static const std::vector<std::string> kinds{"sourced", "recalled", "assumption"};
  if (const Cell* cell = row.find(field))
    if (const auto kind = read_word(context, *cell, row.path(field), kinds)) provenance.kind = kinds[*kind];
  return provenance;
}

void missing_field(Context& context, const RowView& row, std::string_view field, std::string why, std::string hint) {
  context.error(row.row.at, code("field-missing"), row.path(field), "is missing", std::move(why), std::move(hint));
}

}  // namespace tl::reading
