#include "models/touched_rows.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "models/schema.hpp"

namespace tl::reading {
namespace {

using Ids = std::set<std::string, std::less<>>;

/// Read as a whole if one of their rows is: a row means something only beside the others.
constexpr auto kWholeTables = std::to_array<std::string_view>({"mix", "calendars", "holidays", "vary", "dated"});

/// Rows of the first look at rows of the second.
struct Beside {
  std::string_view table, other;
};
constexpr auto kBeside = std::to_array<Beside>({{"incentives", "metrics"},
                                                {"budgets", "metrics"},
                                                {"budgets", "costs"},
                                                {"budgets", "incentives"},
                                                {"budgets", "staff"},
                                                {"budgets", "policies"}});

bool is_name_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool names_one(std::string_view text, const Ids& ids) {
  for (std::size_t begin = 0; begin < text.size();) {
    if (!is_name_letter(text[begin])) {
      ++begin;
      continue;
    }
    std::size_t end = begin;
    while (end < text.size() && is_name_letter(text[end])) ++end;
    if (ids.contains(text.substr(begin, end - begin))) return true;
    begin = end;
  }
  return false;
}

bool names_one(const Cell& cell, const Ids& ids) {
  if (ids.empty()) return false;
  return names_one(std::string_view{cell.text}, ids) ||
         std::any_of(cell.items.begin(), cell.items.end(), [&](const Cell& item) { return names_one(item, ids); }) ||
         std::any_of(cell.fields.begin(), cell.fields.end(),
                     [&](const auto& field) { return names_one(field.second, ids); });
}

bool is_sentence(std::string_view field) {
  return field == "name" || field == "about" || field == "note" || field == "source" || field == "words";
}

bool names_one(const Row& row, const Ids& ids) {
  return std::any_of(row.fields.begin(), row.fields.end(),
                     [&](const auto& field) { return !is_sentence(field.first) && names_one(field.second, ids); });
}

bool can_change(const Step& step) {
  return step.dated || step.policy != nullptr;
}

/// The parameters that may differ.
Ids changing_parameters(const ParameterTable& parameters, const std::vector<Step>& steps) {
  Ids ids;
  for (bool grows = true; grows;) {
    const std::size_t before = ids.size();
    for (const Step& step : steps)
      if (is_about_parameter(step) && (can_change(step) || names_one(step.change.value, ids)))
        ids.insert(plain_address(step.change.path).substr(11));
    if (!ids.empty())
      for (const Parameter& parameter : parameters.all())
        for (const ExpressionNode& node : parameter.formula.nodes)
          if (node.kind == ExpressionNode::Kind::parameter && ids.contains(node.parameter)) ids.insert(parameter.id);
    grows = ids.size() > before;
  }
  return ids;
}

std::string from_of(const Row& row) {
  const Cell* from = row.find("from");
  return from == nullptr ? std::string{} : from->text;
}

/// Marks rows of a model; the marked ones become a document of their own.
class Marker {
 public:
  explicit Marker(const Document& document) : document_{document} {
    for (const Table& table : document.tables) marks_.emplace_back(table.rows.size(), false);
    for (const Table& table : document.tables)
      ids_.push_back(table.name == "routes" ? route_ids(table) : std::vector<std::string>{});
  }

  void mark_named(const Ids& parameters) {
    if (parameters.empty()) return;
    for (std::size_t t = 0; t < document_.tables.size(); ++t) {
      const Table& table = document_.tables[t];
      if (table.name == "parameters" || table.name == "levers" || table.name == "lever_changes") continue;
      for (std::size_t row = 0; row < table.rows.size(); ++row)
        if (names_one(table.rows[row], parameters)) mark(t, row);
    }
  }

  void mark_address(std::string_view address) {
    for (const auto& [table, row] : rows_at(address)) mark(table, row);
  }

  bool is_marked(std::string_view address) const {
    const std::vector<At> rows = rows_at(address);
    return is_single_table(address.substr(0, std::min(address.find('.'), address.size()))) ||
           std::any_of(rows.begin(), rows.end(), [&](const At& at) { return marks_[at.first][at.second]; });
  }

  /// What is read together with marked rows.
  void complete() {
    for (const Beside& pair : kBeside)
      if (has_marks(pair.table)) mark_all(pair.other);
    for (const std::string_view name : kWholeTables)
      if (has_marks(name) || name == "vary" || name == "dated") mark_all(name);
    if (has_marks("mix")) mark_all("populations");
  }

  Document marked() const {
    Document made;
    made.head = document_.head;
    for (std::size_t t = 0; t < document_.tables.size(); ++t) {
      const Table& table = document_.tables[t];
      if (std::find(marks_[t].begin(), marks_[t].end(), true) == marks_[t].end()) continue;
      Table& part = made.tables.emplace_back();
      part.name = table.name;
      part.at = table.at;
      for (std::size_t row = 0; row < table.rows.size(); ++row)
        if (marks_[t][row]) part.rows.push_back(table.rows[row]);
    }
    return made;
  }

 private:
  using At = std::pair<std::size_t, std::size_t>;  ///< table and row

  /// Every row that the address may be about: ids may hold dots, and one may begin another.
  std::vector<At> rows_at(std::string_view address) const {
    std::vector<At> rows;
    for (std::size_t t = 0; t < document_.tables.size(); ++t) {
      if (!is_within(address, document_.tables[t].name)) continue;
      const std::string_view rest = address.substr(std::min(document_.tables[t].name.size() + 1, address.size()));
      for (std::size_t row = 0; row < marks_[t].size(); ++row)
        if (is_within(rest, id_of(t, row))) rows.emplace_back(t, row);
    }
    return rows;
  }

  std::string_view id_of(std::size_t t, std::size_t row) const {
    return ids_[t].empty() ? document_.tables[t].rows[row].id : ids_[t][row];
  }

  void mark(std::size_t t, std::size_t row) {
    if (marks_[t][row]) return;
    marks_[t][row] = true;
    const Table& table = document_.tables[t];
    if (table.name == "routes") {  // the shares of one origin are one sum
      const std::string from = from_of(table.rows[row]);
      for (std::size_t other = 0; other < table.rows.size(); ++other)
        if (from_of(table.rows[other]) == from) marks_[t][other] = true;
    }
    if (table.name == "vary" || table.name == "dated")
      if (const Cell* field = table.rows[row].find("field")) mark_address(field->text);
  }

  bool has_marks(std::string_view name) const {
    for (std::size_t t = 0; t < document_.tables.size(); ++t)
      if (document_.tables[t].name == name)
        return std::find(marks_[t].begin(), marks_[t].end(), true) != marks_[t].end();
    return false;
  }

  void mark_all(std::string_view name) {
    for (std::size_t t = 0; t < document_.tables.size(); ++t)
      if (document_.tables[t].name == name) std::fill(marks_[t].begin(), marks_[t].end(), true);
  }

  const Document& document_;
  std::vector<std::vector<bool>> marks_;       ///< by table and row
  std::vector<std::vector<std::string>> ids_;  ///< of routes, whose ids are made; else empty
};

}  // namespace

TouchedRows touched_rows(const Document& document, const ParameterTable& parameters, const std::vector<Step>& steps) {
  const Ids changing = changing_parameters(parameters, steps);
  Marker marker{document};
  marker.mark_named(changing);
  for (const Step& step : steps)
    if (!is_about_parameter(step) && (can_change(step) || names_one(step.change.value, changing)))
      marker.mark_address(step.change.path);
  marker.complete();
  TouchedRows made{.rows = marker.marked(), .steps = {}, .at = {}};
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!is_about_parameter(steps[i]) && !marker.is_marked(steps[i].change.path)) continue;
    made.steps.push_back(steps[i]);
    made.at.push_back(i);
  }
  return made;
}

}  // namespace tl::reading
