#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "models/limits.hpp"
#include "models/problem.hpp"
#include "models/rows.hpp"

namespace tl {

/// Reads a model: a folder with `model.toml` and `*.csv` (a table's name is the file's stem), or one `.toml` file.
/// Whatever is wrong becomes a problem, never an exception; what could be read is returned. A table may stand in the
/// TOML or in a CSV file, not in both. Files must lie below the model's folder once links are followed.
Document read_document(const std::filesystem::path& path, const Limits& limits, Problems& problems);

/// Reads TOML from memory; `file_name` is what the places say. Stops at the first fault of syntax.
/// Refused besides: NaN, infinities, hexadecimal and its like, duplicate keys, nesting beyond the limit.
Document read_toml_text(std::string_view text, const std::string& file_name, const Limits& limits, Problems& problems);

/// Reads CSV as Excel saves it: byte order mark, CRLF, `,` or `;` (told from the heading), quoted fields with newlines;
/// blank rows and trailing columns are dropped. A heading `stay.mean` makes a field within a table, `stay [d]` gives
/// the column's unit, a column `id` names the rows. A cell that begins with `{` or `[` is read as a TOML value.
Table read_csv_text(std::string_view text, const std::string& table_name, const std::string& file_name,
                    const Limits& limits, Problems& problems);

/// One inline TOML value (`{ a = 1 }`, `[1, 2]`, `"x"`); places count from `at`, where its first character stands.
std::optional<Cell> read_toml_value(std::string_view text, const Place& at, const std::string& field,
                                    const Limits& limits, Problems& problems);

/// What a whole file holds, byte by byte, or a problem: missing, a folder, a device or pipe, no permission, too large,
/// or outside `folder` (when that is not empty).
std::optional<std::string> read_text_file(const std::filesystem::path& path, const std::filesystem::path& folder,
                                          std::uint64_t most_bytes, Problems& problems);

/// False, with a problem, when a text is not UTF-8 or holds a NUL.
bool check_text(std::string_view text, const std::string& file_name, Problems& problems);
/// False, with a problem, when a name of a table, field or row is empty, too long, or holds a control character or a
/// mark that turns the direction of writing.
bool check_name(std::string_view name, const Place& at, const std::string& field, const Limits& limits,
                Problems& problems);
/// What both carriers do with a table's rows once they are read: gives every row its id, refuses two of one id, and
/// lets a `unit` column speak for `value`, `low` and `high`.
void finish_rows(Table& table, const Limits& limits, Problems& problems);

/// A head field that should hold rows (`[settings]` with a stray scalar in it) as a table; what is no row is a problem.
Table table_from_cell(const std::string& name, const Cell& cell, Problems& problems);

/// A table of rows as one table cell, for tables that are not rows but hold only tables (`[handoffs.within]`).
Cell cell_from_table(const Table& table);

}  // namespace tl
