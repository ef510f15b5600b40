#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/problem.hpp"

namespace tl {

/// One value as it stands in a file, whichever carrier (TOML or CSV) it came in. Nothing is interpreted yet.
struct Cell {
  enum class Kind { text, number, boolean, list, table };

  Kind kind = Kind::text;
  std::string text;                                  ///< the text; of a number or boolean as it is written in the file
  double number = 0.0;                               ///< of a number (finite, never -0); of a boolean 1 or 0
  std::vector<Cell> items;                           ///< of a list, in file order
  std::vector<std::pair<std::string, Cell>> fields;  ///< of a table, in file order
  std::string unit;      ///< from a heading ("stay_mean [d]") or a `unit` column; empty when none
  Place at;              ///< where the value begins (at its quote, if it has one)
  Place key_at;          ///< where the field's name stands: its key, or the column's heading
  bool refused = false;  ///< its problem is noted: who reads it says no more, and does not call it missing
  int text_offset = 0;   ///< columns from `at` to the first character of `text` (1 after a quote)

  // Defined in rows.cpp: a list of pairs of Cell cannot be made or ended within the class in every compiler.
  Cell();
  Cell(const Cell& other);
  Cell(Cell&& other) noexcept;
  Cell& operator=(const Cell& other);
  Cell& operator=(Cell&& other) noexcept;
  ~Cell();

  bool is_text() const { return kind == Kind::text; }
  bool is_number() const { return kind == Kind::number; }
  bool is_boolean() const { return kind == Kind::boolean; }
  bool is_list() const { return kind == Kind::list; }
  bool is_table() const { return kind == Kind::table; }
  bool truth() const { return number != 0.0; }

  /// The field of that name of a table; nullptr when it is absent.
  const Cell* find(std::string_view name) const;
  Cell* find(std::string_view name);
};

/// Where the `offset`-th byte of a cell's text stands (exact for text on one line without escapes).
Place place_in(const Cell& cell, std::size_t offset);

/// One row of a table: a named setting, a route, a parameter.
struct Row {
  std::string id;  ///< the key of a TOML sub-table, or the field `id`, or "routes#3" (counted from 1)
  Place at;        ///< the key or header of a TOML row; the first cell of a CSV row
  std::vector<std::pair<std::string, Cell>> fields;  ///< in file order; `id` itself, where it is a field, included

  /// The field of that name; nullptr when it is absent (an empty CSV cell is absent).
  const Cell* find(std::string_view name) const;
  Cell* find(std::string_view name);
};

struct Table {
  std::string name;
  Place at;  ///< its first header in TOML, or the CSV file's first line
  std::vector<Row> rows;

  const Row* find(std::string_view id) const;
};

/// A whole model or study as neutral rows.
///
/// A top-level TOML table is a table of rows when it is not empty and all it holds are tables (`[settings.psh]`), or
/// when it is a list of tables (`[[routes]]`). All other top-level keys are fields of `head`: `[model]` is there a
/// table cell named "model".
struct Document {
  Row head;
  std::vector<Table> tables;  ///< in file order; those from CSV after those from TOML, by file name

  const Table* find(std::string_view name) const;
  Table* find(std::string_view name);
};

}  // namespace tl
