#include "models/parameters.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

#include "models/carrier_messages.hpp"
#include "models/formulas.hpp"
#include "models/suggest.hpp"
#include "sim/expects.hpp"

namespace tl {

namespace {

consteval Code code(std::string_view text) {
  return Code::in(kCarrierMessages, text);
}

bool is_plain_name(std::string_view id) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !id.empty() && letter(id[0]) &&
         std::all_of(id.begin(), id.end(), [&](char c) { return letter(c) || digit(c); });
}

}  // namespace

/// Reads the rows, orders them so that each comes after those it is computed from, and evaluates them in that order.
class ParameterReader {
 public:
  ParameterReader(ParameterTable& table, Problems& problems) : table_{table}, problems_{problems} {}

  void read(const Table& rows, const Limits& limits) {
    for (const Row& row : rows.rows) note_id(row, limits);
    for (const Row* row : rows_) read_row(*row);
    find_order();
    report_cycles();
    table_.order_ = order_;
    for (const std::size_t i : order_) evaluate_row(i);
    for (std::size_t i = 0; i < rows_.size(); ++i) check_range(i);
  }

  /// For ParameterTable::with_values.
  static void follow(ParameterTable& table, const std::map<std::string, double, std::less<>>& values,
                     Problems& problems) {
    for (const std::size_t i : table.order_) {
      Parameter& parameter = table.parameters_[i];
      if (const auto given = values.find(parameter.id); given != values.end()) {
        parameter.value = given->second;
        continue;
      }
      follow_formula(table, parameter, problems);
    }
  }

  /// @returns false, with a problem, when the formula has no value any more
  static bool follow_formula(ParameterTable& table, Parameter& parameter, Problems& problems) {
    if (!parameter.formula.has_parameters()) return true;
    const auto result = evaluate(parameter.formula, lookup_in(table));
    if (const auto* bad = std::get_if<UnitFault>(&result)) {
      if (!bad->what.empty())
        problems.error(parameter.at, bad->code, "parameters." + parameter.id + ".value", bad->what, bad->why,
                       bad->hint);
      table.broken_.insert(parameter.id);
      return false;
    }
    parameter.value = std::get<Quantity>(result).value + 0.0;
    return true;
  }

  /// For ChangedParameters: the rows in an order in which those of `needs` come first, too.
  static std::vector<std::size_t> order_with(const ParameterTable& table,
                                             const std::map<std::string, std::vector<std::string>, std::less<>>& needs,
                                             Problems& problems) {
    if (needs.empty()) return table.order_;
    enum class Seen : std::uint8_t { no, open, done };
    std::vector<Seen> seen(table.parameters_.size(), Seen::no);
    std::vector<std::size_t> order;
    const auto of = [&](std::size_t i) {
      std::vector<std::string> ids = table.parameters_[i].formula.parameters();
      if (const auto more = needs.find(table.parameters_[i].id); more != needs.end())
        ids.insert(ids.end(), more->second.begin(), more->second.end());
      return ids;
    };
    struct Level {
      std::size_t row;
      std::vector<std::string> needs;
      std::size_t next = 0;
    };
    for (const std::size_t first : table.order_) {
      if (seen[first] != Seen::no) continue;
      std::vector<Level> stack{{first, of(first)}};
      seen[first] = Seen::open;
      while (!stack.empty()) {
        Level& top = stack.back();
        if (top.next == top.needs.size()) {
          seen[top.row] = Seen::done;
          order.push_back(top.row);
          stack.pop_back();
          continue;
        }
        const auto found = table.by_id_.find(top.needs[top.next++]);
        if (found == table.by_id_.end() || seen[found->second] == Seen::done) continue;
        if (seen[found->second] == Seen::open) {
          const Parameter& parameter = table.parameters_[found->second];
          problems.error(parameter.at, code("parameter-cycle"), "parameters." + parameter.id + ".value",
                         "is computed from itself once it is changed",
                         "parameters cannot be computed from each other in a circle");
          return table.order_;
        }
        seen[found->second] = Seen::open;
        stack.push_back({found->second, of(found->second)});
      }
    }
    return order;
  }

  static bool is_computed_from(const ParameterTable& table, const Parameter& parameter, const std::vector<bool>& some) {
    return std::any_of(parameter.formula.nodes.begin(), parameter.formula.nodes.end(), [&](const ExpressionNode& node) {
      if (node.kind != ExpressionNode::Kind::parameter) return false;
      const auto at = table.by_id_.find(node.parameter);
      return at != table.by_id_.end() && some[at->second];
    });
  }

 private:
  std::string field(std::size_t i, std::string_view name) const {
    return "parameters." + table_.parameters_[i].id + '.' + std::string{name};
  }
  void mark_broken(std::size_t i) { table_.broken_.insert(table_.parameters_[i].id); }

  void note_id(const Row& row, const Limits& limits) {
    const Cell* cell = row.find("id");
    const Place& at = cell != nullptr ? cell->at : row.at;
    if (!check_id(row.id, at, limits)) return;
    if (!table_.by_id_.emplace(row.id, rows_.size()).second) return;  // two of one id: noted where rows are read
    rows_.push_back(&row);
    Parameter parameter;
    parameter.id = row.id;
    parameter.at = at;
    table_.parameters_.push_back(std::move(parameter));
  }

  bool check_id(const std::string& id, const Place& at, const Limits& limits) {
    if (is_plain_name(id) && id.size() <= limits.name_bytes && !is_unit_word(id)) return true;
    problems_.error(
        at, code("parameter-id"), "parameters", "has the id " + in_quotes(id),
        is_unit_word(id) ? "a unit has that name" : "an id is made of letters, digits and _, and begins with no digit",
        "Formulas name parameters by their ids.");
    if (!id.empty()) table_.broken_.insert(id);
    return false;
  }

  void read_row(const Row& row) {
    const std::size_t i = formulas_.size();
    formulas_.emplace_back();
    lows_.emplace_back();
    highs_.emplace_back();
    Parameter& parameter = table_.parameters_[i];
    for (const auto& [name, target] : {std::pair{"unit", &parameter.unit},
                                       {"kind", &parameter.kind},
                                       {"source", &parameter.source},
                                       {"note", &parameter.note}})
      if (const Cell* cell = row.find(name)) *target = cell->text;
    if (const Cell* cell = row.find("distribution")) parameter.distribution = *cell;
    check_kind(row, i);
    const Cell* value = row.find("value");
    if (value == nullptr) {
      problems_.error(parameter.at, code("parameter-value"), field(i, "value"), "is missing",
                      "every parameter has a value");
      return mark_broken(i);
    }
    formulas_[i] = read_part(*value, row, i, "value");
    if (!formulas_[i]) return mark_broken(i);
    parameter.formula = formulas_[i]->expression;
    parameter.unit_scale = formulas_[i]->unit.scale / formulas_[i]->unit.divisor;
    if (const Cell* low = row.find("low")) lows_[i] = read_part(*low, row, i, "low");
    if (const Cell* high = row.find("high")) highs_[i] = read_part(*high, row, i, "high");
  }

  std::optional<Formula> read_part(const Cell& cell, const Row& row, std::size_t i, std::string_view name) {
    const Cell* unit = row.find("unit");
    const Place unit_at = unit != nullptr && unit->text == cell.unit ? place_in(*unit, 0) : cell.key_at;
    const auto is_parameter = [this](std::string_view id) { return is_known(id); };
    const std::string path = field(i, name);
    auto formula = read_formula(cell, path, unit_at, is_parameter, problems_);
    if (!formula) return std::nullopt;
    const auto nearest = [this](std::string_view id) { return table_.nearest(id); };
    if (!names_are_known(formula->expression, cell, path, is_parameter, nearest, problems_)) return std::nullopt;
    return formula;
  }

  bool is_known(std::string_view id) const { return table_.by_id_.count(id) > 0 || table_.broken_.count(id) > 0; }

  void check_kind(const Row& row, std::size_t i) {
    const Cell* cell = row.find("kind");
    if (cell == nullptr) return;
    const std::vector<std::string> kinds{"sourced", "recalled", "assumption"};
    if (std::find(kinds.begin(), kinds.end(), cell->text) != kinds.end()) return;
    problems_.error(place_in(*cell, 0), code("parameter-kind"), field(i, "kind"), "is " + in_quotes(cell->text),
                    "a kind is sourced, recalled or assumption", did_you_mean(cell->text, kinds));
  }

  /// Those that `i` is computed from and that stand in the table, as indices.
  std::vector<std::size_t> needs(std::size_t i) const {
    std::vector<std::size_t> result;
    if (!formulas_[i]) return result;
    for (const std::string& id : formulas_[i]->expression.parameters())
      if (const auto found = table_.by_id_.find(id); found != table_.by_id_.end()) result.push_back(found->second);
    return result;
  }

  /// Kahn (1962): takes those whose needs are all taken, until none is left but circles and what hangs on them.
  void find_order() {
    std::vector<std::size_t> open(rows_.size());
    std::vector<std::vector<std::size_t>> users(rows_.size());
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const std::vector<std::size_t> needed = needs(i);
      open[i] = needed.size();
      for (const std::size_t j : needed) users[j].push_back(i);
      if (needed.empty()) order_.push_back(i);
    }
    for (std::size_t k = 0; k < order_.size(); ++k)
      for (const std::size_t user : users[order_[k]])
        if (--open[user] == 0) order_.push_back(user);
    unordered_.assign(rows_.size(), true);
    for (const std::size_t i : order_) unordered_[i] = false;
  }

  void report_cycles() {
    std::vector<int> seen(rows_.size(), -1);
    for (std::size_t begin = 0; begin < rows_.size(); ++begin) {
      if (!unordered_[begin]) continue;
      mark_broken(begin);
      std::vector<std::size_t> walk;
      std::size_t at = begin;
      while (seen[at] < 0) {  // every one that is left needs another that is left
        seen[at] = static_cast<int>(begin);
        walk.push_back(at);
        for (const std::size_t next : needs(at))
          if (unordered_[next]) {
            at = next;
            break;
          }
      }
      if (seen[at] == static_cast<int>(begin)) report_cycle(walk, at);
    }
  }

  void report_cycle(const std::vector<std::size_t>& walk, std::size_t first) {
    auto begin = std::find(walk.begin(), walk.end(), first);
    std::vector<std::size_t> circle(begin, walk.end());
    std::rotate(circle.begin(), std::min_element(circle.begin(), circle.end()), circle.end());
    std::string path;
    constexpr std::size_t kMostShown = 10;
    for (std::size_t k = 0; k < circle.size() && k < kMostShown; ++k) path += table_.parameters_[circle[k]].id + " -> ";
    if (circle.size() > kMostShown) path += "... -> ";
    path += table_.parameters_[circle[0]].id;
    problems_.error(rows_[circle[0]]->find("value")->at, code("parameter-cycle"), field(circle[0], "value"),
                    "is computed from itself: " + path, "parameters cannot be computed from each other in a circle");
  }

  void evaluate_row(std::size_t i) {
    if (!formulas_[i]) return;
    Parameter& parameter = table_.parameters_[i];
    const auto value =
        value_of(*formulas_[i], *rows_[i]->find("value"), field(i, "value"), lookup_in(table_), problems_);
    if (!value) return mark_broken(i);
    parameter.value = value->value;
    parameter.dimension = value->dimension;
    if (!formulas_[i]->expression.has_parameters())  // what the unit column adds is in the value from here on
      parameter.formula.nodes = {{ExpressionNode::Kind::literal, 0, *value, {}}};
  }

  std::optional<double> bound(const std::optional<Formula>& formula, std::size_t i, std::string_view name) {
    if (!formula) return std::nullopt;
    const Cell& cell = *rows_[i]->find(name);
    const auto value = value_of(*formula, cell, field(i, name), lookup_in(table_), problems_);
    if (!value) return std::nullopt;
    const Dimension due = table_.parameters_[i].dimension;
    if (value->dimension == due) return value->value;
    problems_.error(cell.at, code("unit-mismatch"), field(i, name), "is " + name_of(value->dimension),
                    "the value is " + name_of(due), "Write it as " + in_quotes(example_of(due)) + ".");
    return std::nullopt;
  }

  void check_range(std::size_t i) {
    Parameter& parameter = table_.parameters_[i];
    if (table_.is_broken(parameter.id)) return;
    parameter.low = bound(lows_[i], i, "low");
    parameter.high = bound(highs_[i], i, "high");
    const auto text = [&](const char* name, double value) {  // as written, where it is a number and not a formula
      const Cell* cell = rows_[i]->find(name);
      const bool plain = cell != nullptr && !cell->text.empty() &&
                         cell->text.find_first_not_of("0123456789.eE+- ") == std::string::npos;
      if (!plain) return shown_roughly(value, parameter.dimension);
      return cell->text + (parameter.unit.empty() ? "" : ' ' + parameter.unit);
    };
    if (parameter.low && !(*parameter.low <= parameter.value))
      problems_.error(rows_[i]->find("low")->at, code("parameter-range"), field(i, "low"),
                      "is " + text("low", *parameter.low) + ", above the value " + text("value", parameter.value),
                      "low <= value <= high");
    if (parameter.high && !(parameter.value <= *parameter.high))
      problems_.error(rows_[i]->find("high")->at, code("parameter-range"), field(i, "high"),
                      "is " + text("high", *parameter.high) + ", below the value " + text("value", parameter.value),
                      "low <= value <= high");
  }

  ParameterTable& table_;
  Problems& problems_;
  std::vector<const Row*> rows_;  // of each parameter
  std::vector<std::optional<Formula>> formulas_, lows_, highs_;
  std::vector<std::size_t> order_;
  std::vector<bool> unordered_;
};

const Parameter* ParameterTable::find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() || is_broken(id) ? nullptr : &parameters_[found->second];
}

bool ParameterTable::is_broken(std::string_view id) const {
  return !broken_.empty() && broken_.count(id) > 0;
}

std::vector<std::string> ParameterTable::origins_of(std::string_view id) const {
  const std::vector<bool> is_one = with_origins({std::string{id}});
  std::vector<std::string> ids;
  for (std::size_t row = 0; row < parameters_.size(); ++row)
    if (is_one[row] && parameters_[row].id != id) ids.push_back(parameters_[row].id);
  return ids;
}

std::vector<bool> ParameterTable::with_origins(const std::set<std::string, std::less<>>& ids) const {
  std::vector<bool> is_one(parameters_.size(), false);
  std::vector<std::size_t> open;
  const auto take = [&](std::string_view id) {
    const auto at = by_id_.find(id);
    if (at == by_id_.end() || is_one[at->second]) return;
    is_one[at->second] = true;
    open.push_back(at->second);
  };
  for (const std::string& id : ids) take(id);
  while (!open.empty()) {
    const Expression& formula = parameters_[open.back()].formula;
    open.pop_back();
    for (const ExpressionNode& node : formula.nodes)
      if (node.kind == ExpressionNode::Kind::parameter) take(node.parameter);
  }
  return is_one;
}

std::string ParameterTable::nearest(std::string_view id) const {
  std::vector<std::string> ids;
  for (const Parameter& parameter : parameters_) ids.push_back(parameter.id);
  return nearest_name(id, ids);
}

ParameterTable ParameterTable::with_values(const std::map<std::string, double, std::less<>>& values,
                                           Problems& problems) const {
  for (const auto& [id, value] : values) TL_EXPECTS(find(id) != nullptr && std::isfinite(value));
  ParameterTable changed = *this;
  ParameterReader::follow(changed, values, problems);
  return changed;
}

ChangedParameters::ChangedParameters(const ParameterTable& written, const std::set<std::string, std::less<>>& ids,
                                     const Needs& needs, Problems& problems)
    : written_{&written}, now_{written} {
  now_.formulas_read_ = std::make_shared<FormulasRead>();
  std::vector<bool> follows(written.parameters_.size(), false);
  for (const std::size_t row : ParameterReader::order_with(written, needs, problems)) {
    const bool is_changed = ids.contains(written.parameters_[row].id);
    follows[row] = is_changed || ParameterReader::is_computed_from(written, written.parameters_[row], follows);
    if (follows[row]) following_.push_back({row, is_changed});
  }
}

void ChangedParameters::change(const Changer& change, Problems& problems) {
  now_.broken_ = written_->broken_;
  for (const Following& one : following_) {
    Parameter& parameter = now_.parameters_[one.row];
    parameter.value = written_->parameters_[one.row].value;
    if (now_.is_broken(parameter.id) || !ParameterReader::follow_formula(now_, parameter, problems)) continue;
    if (!one.is_changed) continue;
    if (const auto value = change(parameter, now_)) parameter.value = *value;
  }
}

ParameterTable read_parameters(const Table* table, const Limits& limits, Problems& problems) {
  ParameterTable result;
  if (table != nullptr) ParameterReader{result, problems}.read(*table, limits);
  return result;
}

}  // namespace tl
