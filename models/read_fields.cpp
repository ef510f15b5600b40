#include <algorithm>
#include <map>

#include "models/later.hpp"
#include "models/read_context.hpp"
#include "models/schema.hpp"
#include "models/suggest.hpp"

namespace tl::reading {
namespace {

/// The planner's own columns, kept out of everything.
bool is_own(std::string_view name) {
  return name.rfind("x_", 0) == 0 || name.empty();
}

/// What is known of a field's name, so that each column is looked up once.
enum class Known : std::uint8_t { field, group, neither };

class FieldCheck {
 public:
  FieldCheck(std::string_view table, Problems& problems) : table_{table}, problems_{problems} {}

  void check(const std::vector<std::pair<std::string, Cell>>& fields, const std::string& group,
             const std::string& address) {
    for (const auto& [name, cell] : fields) {
      if (is_own(name) || (name == "id" && group.empty())) continue;
      const std::string path = group.empty() ? name : group + '.' + name;
      const Known known = known_as(path);
      if (known == Known::group && cell.is_table() && !is_whole(path, cell))
        check(cell.fields, path, address);
      else if (known == Known::group && !cell.is_table() && find_field(table_, path) == nullptr)
        refuse_no_table(path, cell, address);
      else if (known == Known::neither)
        refuse_unknown(group, name, path, cell, address);
    }
  }

 private:
  Known known_as(const std::string& path) {
    const auto found = known_.find(path);
    if (found != known_.end()) return found->second;
    const Known known = is_field_group(table_, path)          ? Known::group
                        : find_field(table_, path) != nullptr ? Known::field
                                                              : Known::neither;
    return known_.emplace(path, known).first->second;
  }
  /// A table that its own reader checks.
  bool is_whole(const std::string& path, const Cell& cell) const {
    const FieldEntry* entry = find_field(table_, path);
    return entry != nullptr && entry->kind == FieldKind::distribution && cell.find("kind") != nullptr;
  }
  void refuse_no_table(const std::string& path, const Cell& cell, const std::string& address) {
    problems_.error(cell.at, code("field-kind"), address + '.' + path, "is no table",
                    "its fields are " + listed(names_within(table_, path)));
  }
  void refuse_unknown(const std::string& group, const std::string& name, const std::string& path, const Cell& cell,
                      const std::string& address) {
    if (refuse_later(problems_, cell.key_at, address + '.' + path, table_, name)) return;
    const std::vector<std::string> names = names_within(table_, group);
    std::string hint = did_you_mean(name, names);
    if (group.empty() && hint.empty()) hint = within_another(name);
    // The whole list helps only where no name is near; a column of the planner's own may be meant.
    std::string why = hint.empty() ? "fields here are " + listed(names, 60) : "no field has that name here";
    if (hint.empty()) hint = "A column of your own begins with x_.";
    problems_.error(cell.key_at, code("field-unknown"), address + '.' + path, "unknown field \"" + name + '"',
                    std::move(why), std::move(hint));
  }

  /// "patience" stands in the group "queue".
  std::string within_another(const std::string& name) const {
    for (const FieldEntry& entry : schema()) {
      const std::string_view field = entry.field;
      if (entry.table == table_ && field.size() > name.size() && field.ends_with('.' + name))
        return "It is written " + std::string{field} + '.';
    }
    return "";
  }

  std::string_view table_;
  Problems& problems_;
  std::map<std::string, Known, std::less<>> known_;
};

bool is_later_table(Problems& problems, const Place& at, const std::string& name) {
  for (const LaterConstruct& later : kLaterConstructs)
    if (later.table.empty() && later.name == name) {
      problems.error(at, code("not-yet"), name, '"' + name + "\" is not in this version: " + std::string{later.meaning},
                     "", "Remove the table.");
      return true;
    }
  return false;
}

void refuse_table(Problems& problems, const Place& at, const std::string& name) {
  if (is_later_table(problems, at, name)) return;
  const std::vector<std::string> names = table_names();
  std::string hint = did_you_mean(name, names);
  if (hint.empty() && name == "domains") hint = "The seven domains are fixed.";
  problems.error(at, code("table-unknown"), name, "unknown table \"" + name + '"', "tables are " + listed(names, 30),
                 std::move(hint));
}

bool is_known_table(const std::string& name) {
  const std::vector<std::string> names = table_names();
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool refuse_later(Problems& problems, const Place& at, const std::string& field, std::string_view table,
                  std::string_view name) {
  for (const LaterConstruct& later : kLaterConstructs)
    if (later.name == name && (later.table == "*" || later.table == table)) {
      problems.error(at, code("not-yet"), field,
                     '"' + std::string{name} + "\" is not in this version: " + std::string{later.meaning}, "",
                     "Remove it, or say the same with what there is.");
      return true;
    }
  return false;
}

void check_fields(const Document& document, Problems& problems) {
  for (const auto& [name, cell] : document.head.fields) {
    const bool is_head = name == "model" || name == "calendar";
    if (is_head && cell.is_table())
      FieldCheck{name, problems}.check(cell.fields, "", name);
    else if (is_head)
      problems.error(cell.at, code("field-kind"), name, "is no table",
                     "its fields are " + listed(names_within(name, "")));
    else if (!is_known_table(name) && !is_own(name))
      refuse_table(problems, cell.key_at, name);
  }
  for (const Table& table : document.tables) {
    if (is_own(table.name)) continue;
    if (!is_known_table(table.name)) {
      refuse_table(problems, table.at, table.name);
      continue;
    }
    if (table.name == "parameters") continue;  // its own reader; further columns are kept
    FieldCheck check{table.name, problems};
    for (const Row& row : table.rows) check.check(row.fields, "", table.name + '.' + row.id);
  }
}

}  // namespace tl::reading
