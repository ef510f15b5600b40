#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tl {

/// What a field holds.
enum class FieldKind : std::uint8_t {
  text,          ///< any words
  id,            ///< the row's own name
  name,          ///< the name of a row of another table (`words` says which)
  word,          ///< one of `words`
  names,         ///< a list of words
  number,        ///< may vary by condition or date, see `number`
  scalar,        ///< a number that may not vary
  numbers,       ///< a list of numbers
  distribution,  ///< of durations, or of counts
  instant,       ///< a civil date or a time since the start
  instants,      ///< a list of them
  condition,     ///< `when`
  conditions,    ///< a list of conditions
  actions,       ///< `do`
  destination,   ///< a setting, leave:REASON ...
  traits,        ///< fixed values: smi=yes; sud=no
  windows,       ///< hours and instants of a week: "mon-fri 08:00-17:00; sat"
  shares,        ///< a table of names and shares, or a text: medi_cal = 60%; county = 40%
  changes,       ///< a table of addresses and values: { "settings.psh.capacity" = 200 }
  list,          ///< a list of tables, told by the field's meaning
};

/// What a number measures.
enum class FieldUnit : std::uint8_t { none, duration, rate, share, count, ratio, money, any };

/// One field of the language. This table is the one source of the check for unknown fields, of the language reference
/// and of the JSON schema.
struct FieldEntry {
  std::string_view table;  ///< "settings"; "model" is the head; "number", "distribution" are the tables within a cell
  std::string_view field;  ///< path in the row: "queue.limit"
  FieldKind kind{};
  FieldUnit unit{};
  bool needed = false;
  std::string_view words;    ///< allowed words, or the table a name is from; separated by |
  std::string_view meaning;  ///< one line
};

/// All fields, grouped by table in the order of the language reference.
std::span<const FieldEntry> schema();
/// The fields every row may carry.
std::span<const FieldEntry> common_fields();
/// The entry of a field; nullptr when there is none.
const FieldEntry* find_field(std::string_view table, std::string_view field);
/// True when fields lie within this one: "queue" of settings.
bool is_field_group(std::string_view table, std::string_view field);
/// The names that may stand directly within `group` (empty: in the row itself).
std::vector<std::string> names_within(std::string_view table, std::string_view group);
/// Tables of one row without an id: `model`, `money`.
bool is_single_table(std::string_view table);
/// All tables a model may have, the head `model` included.
std::vector<std::string> table_names();

}  // namespace tl
