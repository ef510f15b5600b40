#include "models/table_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <system_error>
#include <utility>
#include <vector>

#include "models/carrier_messages.hpp"
#include "models/document_files.hpp"
#include "models/suggest.hpp"

namespace tl {

namespace fs = std::filesystem;

namespace {

consteval Code code(std::string_view text) {
  return Code::in(kCarrierMessages, text);
}

/// Bytes of the UTF-8 character at the front; 0 when there is none (RFC 3629: shortest form, no surrogates).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool shortest = first != 0xE0 || byte(1) >= 0xA0, no_surrogate = first != 0xED || byte(1) < 0xA0;
    return follows(1) && follows(2) && shortest && no_surrogate ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool shortest = first != 0xF0 || byte(1) >= 0x90, in_range = first != 0xF4 || byte(1) < 0x90;
    return follows(1) && follows(2) && follows(3) && shortest && in_range ? 4 : 0;
  }
  return 0;
}

bool is_direction_mark(std::string_view character) {
  if (character == "\xD8\x9C") return true;  // U+061C
  if (character.size() != 3 || character[0] != '\xE2') return false;
  const auto second = static_cast<unsigned char>(character[1]), third = static_cast<unsigned char>(character[2]);
  return (second == 0x80 && (third == 0x8E || third == 0x8F || (third >= 0xAA && third <= 0xAE))) ||
         (second == 0x81 && third >= 0xA6 && third <= 0xA9);
}

bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  return first < 0x20 || first == 0x7F ||
         (character.size() == 2 && first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0);
}

std::string size_text(std::uint64_t bytes) {
  if (bytes >= 1u << 20) return std::to_string(bytes >> 20) + " MiB";
  return std::to_string(bytes) + " bytes";
}

/// Names of what lies beside a missing file, for "did you mean".
std::string hint_for_missing(const fs::path& path) {
  std::vector<std::string> names;
  std::error_code error;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path{"."};
  constexpr std::size_t kMostNames = 1000;
  for (fs::directory_iterator entry{folder, error}, end; !error && entry != end && names.size() < kMostNames;
       entry.increment(error))
    names.push_back(entry->path().filename().string());
  std::sort(names.begin(), names.end());
  return did_you_mean(path.filename().string(), names);
}

/// A file descriptor that closes itself.
class OpenFile {
 public:
  explicit OpenFile(const fs::path& path) {
    do  // not blocking: a pipe without a writer would hold us for ever
      descriptor_ = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    while (descriptor_ < 0 && errno == EINTR);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_ = -1;
};

void report_unopened(const fs::path& path, const std::error_code& error, Problems& problems) {
  const Place at{path.generic_string()};
  if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory)
    problems.error(at, code("file-missing"), "", "is not there", "no file or folder has this name",
                   hint_for_missing(path));
  else
    problems.error(at, code("file-unreadable"), "", "cannot be read: " + error.message(), "the system refused it",
                   error == std::errc::permission_denied ? "Ask for permission to read it." : "");
}

std::error_code last_error() {
  return {errno, std::generic_category()};
}

/// Reads at most one byte more than allowed, so that a file which grows meanwhile is found out.
std::optional<std::string> read_bytes(int descriptor, std::uint64_t expected, std::uint64_t most,
                                      std::error_code& error) {
  std::string text;
  text.resize(static_cast<std::size_t>(std::min(expected, most)) + 1);
  std::size_t length = 0;
  for (;;) {
    if (length == text.size()) {
      if (length > most) return text;
      text.resize(static_cast<std::size_t>(std::min<std::uint64_t>(most + 1, 2 * static_cast<std::uint64_t>(length))));
    }
    const ssize_t got = ::read(descriptor, text.data() + length, text.size() - length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      error = last_error();
      return std::nullopt;
    }
    if (got == 0) break;
    length += static_cast<std::size_t>(got);
  }
  text.resize(length);
  return text;
}

bool lies_within(const fs::path& file, const fs::path& folder) {
  const auto [end_of_folder, rest] = std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
  return end_of_folder == folder.end();
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

bool is_sheet(const fs::path& file) {
  const std::string ending = lower(file.extension().string());
  return ending == ".ods" || ending == ".xlsx" || ending == ".xls" || ending == ".numbers";
}

/// Saved in the spreadsheet's own format by mistake: what was changed there would not count, and nobody would notice.
void warn_of_sheet(const fs::path& file, Problems& problems) {
  problems.warning({file.generic_string()}, code("file-sheet"), "", "is not read",
                   "the tables of a model are CSV files",
                   "Save it from the spreadsheet as " + file.stem().string() +
                       ".csv (text CSV, UTF-8, commas), and take this file out of the folder.");
}

/// The folder's tables by name. Files that spreadsheets and desktops leave behind (".~lock", "~$") are not the model's.
std::vector<fs::path> table_files(const fs::path& folder, Problems& problems) {
  std::vector<fs::path> files, sheets;
  std::error_code error;
  fs::directory_iterator entry{folder, error};
  for (const fs::directory_iterator end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const bool left_behind = name.front() == '.' || name.front() == '~';
    if (!left_behind && is_sheet(entry->path())) sheets.push_back(entry->path());
    if (!left_behind && lower(entry->path().extension().string()) == ".csv") files.push_back(entry->path());
  }
  if (error) report_unopened(folder, error, problems);
  std::sort(files.begin(), files.end());
  std::sort(sheets.begin(), sheets.end());
  for (const fs::path& sheet : sheets) warn_of_sheet(sheet, problems);
  return files;
}

bool is_named(const Document& document, const std::string& name) {
  return document.find(name) != nullptr || document.head.find(name) != nullptr;
}

void add_table_file(const fs::path& file, const fs::path& folder, const Limits& limits, Document& document,
                    Problems& problems, std::vector<TextFile>& files) {
  const std::string name = file.stem().string(), shown_name = file.generic_string();
  problems.file_read(shown_name);
  if (!check_name(name, {shown_name}, "", limits, problems)) return;
  if (is_named(document, name)) {
    const Table* first = document.find(name);
    const Place& at = first != nullptr ? first->at : document.head.find(name)->key_at;
    problems.error({shown_name, 1, 1}, code("table-twice"), name,
                   "stands also in " + at.file + ':' + std::to_string(at.line), "a table stands in one place",
                   "Keep one of them.");
    return;
  }
  auto text = read_text_file(file, folder, limits.table_file_bytes, problems);
  if (!text) return;
  document.tables.push_back(read_csv_text(*text, name, shown_name, limits, problems));
  files.push_back({file.filename().string(), std::move(*text)});
}

Document read_folder(const fs::path& path, const Limits& limits, Problems& problems, std::vector<TextFile>& files) {
  std::error_code error;
  const fs::path folder = fs::canonical(path, error);
  if (error) {
    report_unopened(path, error, problems);
    return {};
  }
  const fs::path main_file = path / "model.toml";
  if (!fs::exists(fs::symlink_status(main_file, error))) {
    const fs::path study = path / "study.toml";
    problems.error({path.generic_string()}, code("file-kind"), "", "has no model.toml",
                   "a model is a folder with model.toml in it, or one .toml file",
                   fs::exists(study, error) ? "There is a study in it: name " + study.generic_string() + '.' : "");
    return {};
  }
  Document document;
  document.head.at = {main_file.generic_string(), 1, 1};
  problems.file_read(main_file.generic_string());
  if (auto text = read_text_file(main_file, folder, limits.model_file_bytes, problems)) {
    document = read_toml_text(*text, main_file.generic_string(), limits, problems);
    files.push_back({main_file.filename().string(), std::move(*text)});
  }
  const std::vector<fs::path> tables = table_files(path, problems);
  if (tables.size() + 1 > limits.files) {
    problems.error({path.generic_string()}, code("file-count"), "",
                   "has " + std::to_string(tables.size() + 1) + " files",
                   "a model has at most " + std::to_string(limits.files));
    return document;
  }
  for (const fs::path& table : tables) add_table_file(table, folder, limits, document, problems, files);
  return document;
}

void apply_unit_column(Row& row) {
  const Cell* unit = row.find("unit");
  if (unit == nullptr || !unit->is_text()) return;
  const std::string text = unit->text;
  for (const char* name : {"value", "low", "high"})
    if (Cell* cell = row.find(name); cell != nullptr && cell->unit.empty()) cell->unit = text;
}

}  // namespace

bool check_text(std::string_view text, const std::string& file_name, Problems& problems) {
  Place at{file_name, 1, 1};
  if (text.starts_with("PK\x03\x04")) {
    problems.error(at, code("text-encoding"), "", "is a workbook (xlsx, ods) or archive, and no text",
                   "tables are text: CSV in UTF-8",
                   "Open it in the spreadsheet, and save it there as CSV (text CSV, UTF-8, commas).");
    return false;
  }
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text.substr(i));
    if (length == 0) {
      problems.error(at, code("text-encoding"), "", "is not UTF-8 from here on", "all files are UTF-8",
                     "In a spreadsheet, save as \"CSV UTF-8\".");
      return false;
    }
    if (text[i] == '\0') {
      problems.error(at, code("text-nul"), "", "holds a NUL byte", "a file is text");
      return false;
    }
    ++at.column;
    if (text[i] == '\n') at = {file_name, at.line + 1, 1};
    i += length;
  }
  return true;
}

bool check_name(std::string_view name, const Place& at, const std::string& field, const Limits& limits,
                Problems& problems) {
  const auto bad = [&](std::string what) {
    problems.error(at, code("name-bad"), field, std::move(what),
                   "a name has 1 to " + std::to_string(limits.name_bytes) + " bytes and no control characters");
    return false;
  };
  if (name.empty()) return bad("has an empty name in it");
  if (name.size() > limits.name_bytes)
    return bad("has the name " + in_quotes(name) + " of " + std::to_string(name.size()) + " bytes in it");
  for (std::size_t i = 0; i < name.size();) {
    const std::size_t length = utf8_length(name.substr(i));
    if (length == 0) return bad("has a name in it that is not UTF-8");
    const std::string_view character = name.substr(i, length);
    if (is_control(character)) return bad("has the name " + in_quotes(name) + " in it");
    if (is_direction_mark(character)) {
      problems.error(at, code("text-direction"), field, "has the name " + in_quotes(name) + " in it",
                     "a mark that turns the direction of writing can make two names look alike", "Take the mark out.");
      return false;
    }
    i += length;
  }
  return true;
}

std::optional<std::string> read_text_file(const fs::path& path, const fs::path& folder, std::uint64_t most_bytes,
                                          Problems& problems) {
  const Place at{path.generic_string()};
  problems.file_read(at.file);
  std::error_code error;
  if (!folder.empty()) {
    const fs::path real = fs::canonical(path, error), real_folder = error ? fs::path{} : fs::canonical(folder, error);
    if (error) {
      report_unopened(path, error, problems);
      return std::nullopt;
    }
    if (!lies_within(real, real_folder)) {
      problems.error(at, code("file-outside"), "", "leads out of the model's folder",
                     "a model's files lie in its folder, links followed");
      return std::nullopt;
    }
  }
  const OpenFile file{path};
  struct stat status {};
  if (file.descriptor() < 0 || ::fstat(file.descriptor(), &status) != 0) {
    report_unopened(path, last_error(), problems);
    return std::nullopt;
  }
  if (!S_ISREG(status.st_mode)) {
    problems.error(at, code("file-kind"), "", S_ISDIR(status.st_mode) ? "is a folder" : "is a device or pipe",
                   "a file is due");
    return std::nullopt;
  }
  auto text = read_bytes(file.descriptor(), static_cast<std::uint64_t>(status.st_size), most_bytes, error);
  if (!text) {
    report_unopened(path, error, problems);
    return std::nullopt;
  }
  if (text->size() > most_bytes) {
    problems.error(at, code("file-large"), "", "is larger than " + size_text(most_bytes),
                   "the size of a file is limited");
    return std::nullopt;
  }
  return text;
}

Document read_document(const fs::path& path, const Limits& limits, Problems& problems) {
  std::vector<TextFile> not_kept;
  return read_document(path, limits, problems, not_kept);
}

Document read_document(const fs::path& path, const Limits& limits, Problems& problems, std::vector<TextFile>& files) {
  std::error_code error;
  if (fs::is_directory(path, error)) return read_folder(path, limits, problems, files);
  const std::string name = path.generic_string();
  if ((is_sheet(path) || lower(path.extension().string()) == ".csv") && fs::exists(path, error)) {
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path{"."};
    problems.error({name}, code("file-kind"), "", "is one table", "a model is a folder of tables, or a .toml file",
                   fs::exists(folder / "model.toml", error) ? "Name the folder: " + folder.generic_string() + '.' : "");
    return {};
  }
  Document document;
  document.head.at = {name};
  if (auto text = read_text_file(path, {}, limits.model_file_bytes, problems)) {
    document = read_toml_text(*text, name, limits, problems);
    files.push_back({path.filename().string(), std::move(*text)});
  }
  return document;
}

void finish_rows(Table& table, const Limits& limits, Problems& problems) {
  if (table.rows.size() > limits.table_rows) {
    problems.error(table.at, code("table-rows"), table.name,
                   "has more than " + std::to_string(limits.table_rows) + " rows", "the size of a table is limited");
    table.rows.resize(static_cast<std::size_t>(limits.table_rows));
  }
  std::map<std::string_view, const Row*> seen;
  std::size_t number = 0;
  for (Row& row : table.rows) {
    ++number;
    apply_unit_column(row);
    const Cell* id = row.find("id");
    const bool named = row.id.empty() && id != nullptr && !id->is_list() && !id->is_table();
    const bool numbered = row.id.empty() && !named;
    if (named) row.id = id->text;
    if (numbered) row.id = table.name + '#' + std::to_string(number);
    const Place& at = named ? id->at : row.at;
    if (!numbered && !check_name(row.id, at, table.name, limits, problems)) continue;
    const auto [first, is_new] = seen.emplace(row.id, &row);
    if (!is_new)
      problems.error(at, code("row-duplicate"), table.name + '.' + row.id, "stands twice",
                     "first in " + first->second->at.file + ':' + std::to_string(first->second->at.line));
  }
}

Table table_from_cell(const std::string& name, const Cell& cell, Problems& problems) {
  Table table{name, cell.key_at, {}};
  const auto stray = [&](const Place& at, const std::string& field) {
    problems.error(at, code("row-stray"), field, "is not a row", "only rows stand in this table",
                   "A row is a table of its own, as [" + name + ".some_id].");
  };
  for (const auto& [key, value] : cell.fields) {
    if (!value.is_table())
      stray(value.key_at, name + '.' + key);
    else
      table.rows.push_back({key, value.key_at, value.fields});
  }
  int number = 0;
  for (const Cell& item : cell.items) {
    ++number;
    if (!item.is_table())
      stray(item.at, name + '[' + std::to_string(number) + ']');
    else
      table.rows.push_back({"", item.at, item.fields});
  }
  if (!cell.is_table() && !cell.is_list()) stray(cell.at, name);
  return table;
}

Cell cell_from_table(const Table& table) {
  Cell cell;
  cell.kind = Cell::Kind::table;
  cell.at = cell.key_at = table.at;
  for (const Row& row : table.rows) {
    Cell inner;
    inner.kind = Cell::Kind::table;
    inner.at = inner.key_at = row.at;
    inner.fields = row.fields;
    cell.fields.emplace_back(row.id, std::move(inner));
  }
  return cell;
}

}  // namespace tl
