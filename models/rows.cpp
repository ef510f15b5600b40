#include "models/rows.hpp"

#include <algorithm>

namespace tl {

namespace {

template <class Fields>
auto find_field(Fields& fields, std::string_view name) -> decltype(&fields.front().second) {
  for (auto& [key, cell] : fields)
    if (key == name) return &cell;
  return nullptr;
}

}  // namespace

Cell::Cell() = default;
Cell::Cell(const Cell& other) = default;
Cell::Cell(Cell&& other) noexcept = default;
Cell& Cell::operator=(const Cell& other) = default;
Cell& Cell::operator=(Cell&& other) noexcept = default;
Cell::~Cell() = default;

const Cell* Cell::find(std::string_view name) const {
  return find_field(fields, name);
}
Cell* Cell::find(std::string_view name) {
  return find_field(fields, name);
}
const Cell* Row::find(std::string_view name) const {
  return find_field(fields, name);
}
Cell* Row::find(std::string_view name) {
  return find_field(fields, name);
}

const Row* Table::find(std::string_view id) const {
  for (const Row& row : rows)
    if (row.id == id) return &row;
  return nullptr;
}

const Table* Document::find(std::string_view name) const {
  for (const Table& table : tables)
    if (table.name == name) return &table;
  return nullptr;
}

Table* Document::find(std::string_view name) {
  for (Table& table : tables)
    if (table.name == name) return &table;
  return nullptr;
}

Place place_in(const Cell& cell, std::size_t offset) {
  Place place = cell.at;
  place.column += cell.text_offset;
  const std::string_view before = std::string_view{cell.text}.substr(0, std::min(offset, cell.text.size()));
  for (const char c : before) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      ++place.line;
      place.column = 1;
    } else if ((byte & 0xC0u) != 0x80u) {
      ++place.column;
    }
  }
  return place;
}

}  // namespace tl
