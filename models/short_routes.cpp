#include "models/short_routes.hpp"

#include <algorithm>
#include <array>

#include "models/read_context.hpp"

namespace tl::reading {
namespace {

struct OwnerTable {
  std::string_view table, prefix;
};
constexpr auto kOwners = std::to_array<OwnerTable>(
    {{"settings", ""}, {"arrivals", "arrivals."}, {"events", "events."}, {"timers", "timers."}});

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n';
}

/// Where a word stands alone, with something after it; npos when it does not.
std::size_t find_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if (at > 0 && is_blank(text[at - 1]) && end < text.size() && is_blank(text[end])) return at;
  }
  return std::string_view::npos;
}

Cell part_of(const Cell& cell, std::size_t begin, std::size_t end) {
  std::size_t offset = begin;
  const std::string_view text = trimmed(std::string_view{cell.text}.substr(begin, end - begin), offset);
  Cell part = piece_of(cell, offset, text);
  part.key_at = part.at;
  return part;
}

void add(Row& route, std::string name, Cell cell) {
  route.fields.emplace_back(std::move(name), std::move(cell));
}

/// What stands behind `word`, up to `end`, becomes a field; `end` moves to the word.
void take_tail(const Cell& piece, std::string_view word, std::size_t& end, Row& route) {
  const std::size_t at = find_word(std::string_view{piece.text}.substr(0, end), word);
  if (at == std::string_view::npos) return;
  add(route, std::string{word}, part_of(piece, at + word.size(), end));
  end = at;
}

/// @returns false when the piece has not the form of a short route
bool read_piece(const Cell& piece, Row& route) {
  std::size_t end = piece.text.size();
  for (const std::string_view word : {"do", "when", "wait"}) take_tail(piece, word, end, route);
  const Cell head = part_of(piece, 0, end);
  if (head.text.empty()) return false;
  const bool has_share = (head.text[0] >= '0' && head.text[0] <= '9') || head.text[0] == '.';
  const std::size_t blank = std::min(head.text.find_first_of(" \t\n"), head.text.size());
  if (has_share && blank == head.text.size()) return false;  // a share alone
  if (has_share) add(route, "share", part_of(head, 0, blank));
  Cell to = part_of(head, has_share ? blank : 0, head.text.size());
  if (const std::size_t either = find_word(to.text, "or"); either != std::string::npos) {  // return or street
    add(route, "no_claim", part_of(to, either + 2, to.text.size()));
    to = part_of(to, 0, either);
  }
  if (to.text.empty() || to.text.find_first_of(" \t\n") != std::string::npos) return false;
  add(route, "to", std::move(to));
  return true;
}

void inherit_source(const Row& owner, std::string_view table, Row& route) {
  if (const Cell* source = owner.find("source")) add(route, "source", *source);
  if (const Cell* kind = owner.find(table == "settings" ? "source_kind" : "kind")) add(route, "kind", *kind);
}

void write_out(const Row& owner, const OwnerTable& group, Table& routes, Problems& problems) {
  const Cell* next = cell_at(owner, "next");
  if (next == nullptr) return;
  const std::string field = std::string{group.table} + '.' + owner.id + ".next";
  const auto refuse = [&](const Cell& piece) {
    problems.error(piece.at, code("next-syntax"), field, "cannot read \"" + piece.text + '"',
                   "a way on is written SHARE DESTINATION (or return or PLACE), then wait PLACE, when CONDITION, do "
                   "ACTIONS; the share is left out of the one that takes the remainder",
                   "Write next = [\"25% ward\", \"leave:done\"].");
  };
  if (next->is_table()) {
    Cell whole;
    whole.text = "{ ... }";
    whole.at = next->at;
    refuse(whole);
    return;
  }
  for (const Cell& piece : pieces_of(*next, ';')) {
    Row route;
    route.id = "routes#" + std::to_string(routes.rows.size() + 1);
    route.at = piece.at;
    Cell from;
    from.text = std::string{group.prefix} + owner.id;
    from.at = from.key_at = piece.at;
    add(route, "from", std::move(from));
    if (!piece.is_text() || !read_piece(piece, route)) {
      refuse(piece);
      continue;
    }
    inherit_source(owner, group.table, route);
    routes.rows.push_back(std::move(route));
  }
}

}  // namespace

void write_out_short_routes(Document& document, Problems& problems) {
  Table made;
  const Table* written = document.find("routes");
  if (written != nullptr) made = *written;
  made.name = "routes";
  const std::size_t before = made.rows.size();
  for (const OwnerTable& group : kOwners)
    if (const Table* table = document.find(group.table))
      for (const Row& owner : table->rows) write_out(owner, group, made, problems);
  if (made.rows.size() == before) return;
  if (Table* there = document.find("routes")) {
    *there = std::move(made);
  } else {
    made.at = made.rows.front().at;
    document.tables.push_back(std::move(made));
  }
}

}  // namespace tl::reading
