#include <algorithm>
#include <cmath>

#include "models/read_context.hpp"
#include "models/schema.hpp"
#include "models/suggest.hpp"

namespace tl::reading {

const Table* ChangedRows::find(std::string_view name) const {
  for (const Table& table : changed_)
    if (table.name == name) return &table;
  return written_->find(name);
}

Table* ChangedRows::change(std::string_view name) {
  for (Table& table : changed_)
    if (table.name == name) return &table;
  const Table* written = written_->find(name);
  return written == nullptr ? nullptr : &changed_.emplace_back(*written);
}

Row& ChangedRows::change_head() {
  if (!head_) head_ = written_->head;
  return *head_;
}

std::string maker_of(const Step& step) {
  if (step.policy != nullptr) return "policy " + step.policy->id;
  return step.lever == nullptr ? "the scenario" : "lever " + step.lever->id;
}

bool is_within(std::string_view address, std::string_view path) {
  return address == path ||
         (address.size() > path.size() && address.compare(0, path.size(), path) == 0 && address[path.size()] == '.');
}

std::string plain_address(std::string_view path) {
  constexpr std::string_view tail = ".value";
  if (path.rfind("parameters.", 0) == 0 && path.ends_with(tail) && path.size() > 11 + tail.size())
    path.remove_suffix(tail.size());
  return std::string{path};
}

bool is_about_parameter(const Step& step) {
  return step.change.path.rfind("parameters.", 0) == 0;
}

NumberSteps in_order(const std::vector<const Step*>& steps) {
  NumberSteps made;
  for (const Step* step : steps) {
    if (step->change.kind == Change::Kind::set)
      made.set = step;
    else
      (step->change.kind == Change::Kind::scale ? made.scales : made.adds).push_back(step);
    made.last = step;
  }
  return made;
}

namespace {

/// The value that a `set` in part starts from, where the scenario says another one than the model; else nullptr.
const Step* start_of(const std::vector<const Step*>& steps) {
  const NumberSteps ordered = in_order(steps);
  if (ordered.set == nullptr || !is_in_part(*ordered.set)) return nullptr;
  const Step* start = nullptr;
  for (const Step* step : steps)
    if (step != ordered.set && step->change.kind == Change::Kind::set && step->lever == nullptr) start = step;
  return start;
}

/// Where in the rows a change points.
struct Target {
  std::string table, field;  ///< "settings", "queue.limit"
  std::size_t row = 0;
};

void refuse(Problems& problems, const Step& step, Code what, std::string text, std::string why = "",
            std::string hint = "") {
  problems.error(step.change.at, what, step.change.path, std::move(text), std::move(why), std::move(hint));
}

std::vector<std::string> row_ids(const Table& table) {
  if (table.name == "routes") return route_ids(table);
  std::vector<std::string> ids;
  for (const Row& row : table.rows) ids.push_back(row.id);
  return ids;
}

/// The row whose id begins the text, followed by a dot; ids may hold dots themselves, so the longest counts.
std::optional<std::size_t> row_of(const std::vector<std::string>& ids, std::string_view text) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::string& id = ids[i];
    if (text.size() <= id.size() + 1 || text.compare(0, id.size(), id) != 0 || text[id.size()] != '.') continue;
    if (!best || ids[*best].size() < id.size()) best = i;
  }
  return best;
}

bool check_target_field(Problems& problems, const Step& step, const Target& target) {
  for (std::string_view part = target.field; !part.empty();) {
    if (find_field(target.table, part) != nullptr || is_field_group(target.table, part)) return true;
    const std::size_t dot = part.rfind('.');
    part = part.substr(0, dot == std::string_view::npos ? 0 : dot);
  }
  std::vector<std::string> names;
  for (const FieldEntry& entry : schema())
    if (entry.table == target.table) names.emplace_back(entry.field);
  refuse(problems, step, code("change-address"), "unknown field \"" + target.field + '"',
         "no field of " + target.table + " is called so", did_you_mean(target.field, names));
  return false;
}

std::optional<Target> find_target(const ChangedRows& rows, const Step& step, Problems& problems) {
  const std::string& path = step.change.path;
  const std::size_t dot = std::min(path.find('.'), path.size());
  Target target;
  target.table = path.substr(0, dot);
  const std::string rest = dot < path.size() ? path.substr(dot + 1) : "";
  if (is_single_table(target.table)) {
    target.field = rest;
    return check_target_field(problems, step, target) ? std::optional{target} : std::nullopt;
  }
  if ((target.table == "settings" || target.table == "pools") && rest.find(".staffing.") != std::string::npos) {
    std::string address = "staffing." + rest;
    refuse(problems, step, code("change-address"), "is no address",
           "what a setting needs of staff is a row of the table staffing",
           "Write " + address.erase(address.find(".staffing."), 9) + '.');
    return std::nullopt;
  }
  const Table* table = rows.find(target.table);
  if (table == nullptr) {
    std::vector<std::string> names;
    for (const Table& other : rows.written().tables) names.push_back(other.name);
    refuse(problems, step, code("change-address"), "the model has no table \"" + target.table + '"',
           "an address is table.row.field, or parameters.id", did_you_mean(target.table, names));
    return std::nullopt;
  }
  const std::vector<std::string> ids = row_ids(*table);
  const auto row = row_of(ids, rest);
  if (!row) {
    const std::string id = rest.substr(0, rest.find('.'));
    refuse(problems, step, code("change-address"), "no row of " + target.table + " begins \"" + rest + '"',
           "an address is table.row.field", did_you_mean(id, ids));
    return std::nullopt;
  }
  target.row = *row;
  target.field = rest.substr(ids[*row].size() + 1);
  return check_target_field(problems, step, target) ? std::optional{target} : std::nullopt;
}

/// The fields of the row, or of the table `model`, that a change points at; they may be changed.
std::vector<std::pair<std::string, Cell>>& fields_of(ChangedRows& rows, const Target& target) {
  if (!is_single_table(target.table)) return rows.change(target.table)->rows[target.row].fields;
  Row& head = rows.change_head();
  if (Cell* single = head.find(target.table)) return single->fields;
  Cell made;
  made.kind = Cell::Kind::table;
  return head.fields.emplace_back(target.table, std::move(made)).second.fields;
}

bool is_same(const Cell& a, const Cell& b) {
  if (a.kind == Cell::Kind::list || a.kind == Cell::Kind::table) {
    if (a.kind != b.kind || a.items.size() != b.items.size() || a.fields.size() != b.fields.size()) return false;
    for (std::size_t i = 0; i < a.items.size(); ++i)
      if (!is_same(a.items[i], b.items[i])) return false;
    for (std::size_t i = 0; i < a.fields.size(); ++i)
      if (a.fields[i].first != b.fields[i].first || !is_same(a.fields[i].second, b.fields[i].second)) return false;
    return true;
  }
  if (b.is_list() || b.is_table()) return false;
  if (a.text == b.text && a.unit == b.unit) return true;
  Problems ignored;  // "40" of a CSV file, 40.0 and "40" are one value; "2 w" and "14 d" as well
  const auto x = read_quantity(a, "", {}, ignored), y = read_quantity(b, "", {}, ignored);
  return x && y && x->value == y->value && x->dimension == y->dimension;
}

/// Puts a value at a path of names, making tables on the way. `differs` tells whether it was another one.
bool put(std::vector<std::pair<std::string, Cell>>& fields, std::string_view path, const Cell& value, const Place& at,
         bool& differs) {
  const std::size_t dot = std::min(path.find('.'), path.size());
  const std::string name{path.substr(0, dot)};
  auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; });
  const bool is_last = dot == path.size();
  if (found == fields.end()) {
    differs = true;
    Cell fresh;
    fresh.kind = Cell::Kind::table;
    fresh.at = fresh.key_at = at;
    fields.emplace_back(name, is_last ? value : fresh);
    found = fields.end() - 1;
  }
  if (is_last) {
    Cell fresh = value;
    // a bare number means the column's unit
    if (value.is_number() && value.unit.empty()) fresh.unit = found->second.unit;
    differs = differs || !is_same(found->second, fresh);
    found->second = std::move(fresh);
    return true;
  }
  return found->second.is_table() && put(found->second.fields, path.substr(dot + 1), value, at, differs);
}

void replace(ChangePlan& plan, const Step& step, const Target& target, Problems& problems) {
  const Change& change = step.change;
  plan.replaced.push_back(change.path);
  bool differs = false;
  if (put(fields_of(plan.rows, target), target.field, change.value, change.at, differs)) {
    if (differs) plan.felt.insert(&step);
    return;
  }
  const std::string above = change.path.substr(0, change.path.rfind('.'));
  refuse(problems, step, code("change-address"), "there is no such number in the model",
         above + " is a constant, without parts", "Change the whole of it: the address is " + above + '.');
}

/// Of several that set one address the last counts; the others are left out, but for what a lever goes on from.
std::set<const Step*> overruled(const std::vector<Step>& steps) {
  std::map<std::string, std::vector<const Step*>, std::less<>> sets;
  for (const Step& step : steps)
    if (step.change.kind == Change::Kind::set) sets[plain_address(step.change.path)].push_back(&step);
  std::set<const Step*> result;
  for (const auto& [address, all] : sets)
    for (const Step* step : all)
      if (step != all.back() && step != start_of(all)) result.insert(step);
  return result;
}

}  // namespace

ChangePlan plan_changes(const Document& document, const std::vector<Step>& steps, const ParameterTable& parameters,
                        Problems& problems) {
  ChangePlan plan{.rows = ChangedRows{document}, .adjustments = {}, .replaced = {}, .felt = {}};
  const std::set<const Step*> without = overruled(steps);
  std::vector<const Step*> shares;
  for (const Step& step : steps) {
    if (is_about_parameter(step) || without.contains(&step)) continue;
    const auto target = find_target(plan.rows, step, problems);
    if (!target) continue;
    if (target->table == "routes" && target->field == "share")
      shares.push_back(&step);
    else if (step.change.kind != Change::Kind::set || is_in_part(step))
      plan.adjustments[step.change.path].push_back(&step);
    else
      replace(plan, step, *target, problems);
  }
  change_shares(plan, shares, parameters, problems);
  return plan;
}

namespace {

/// Parameters in the order in which they depend on each other, changes included.
class ParameterChanger {
 public:
  using Steps = std::map<std::string, std::vector<const Step*>, std::less<>>;
  ParameterChanger(const ParameterTable& written, Steps steps, std::set<const Step*>& felt, Problems& problems)
      : written_{written}, steps_{std::move(steps)}, felt_{felt}, problems_{problems} {}

  void change(std::optional<ChangedParameters>& made) {
    if (!made) {
      std::set<std::string, std::less<>> ids;
      for (const auto& [id, all] : steps_) ids.insert(id);
      made.emplace(written_, ids, needs(), problems_);
    }
    made->change([&](const Parameter& parameter, const ParameterTable& now) { return value_of(parameter, now); },
                 problems_);
  }

 private:
  /// The parameters that a change's value is computed from.
  std::map<std::string, std::vector<std::string>, std::less<>> needs() {
    std::map<std::string, std::vector<std::string>, std::less<>> result;
    for (const auto& [id, all] : steps_)
      for (const Step* step : all) {
        Problems told_later;
        const auto number = read_quantity(step->change.value, step->change.path, written_, told_later);
        if (!number) continue;
        for (const std::string& used : number->parameters)
          if (used != id) result[id].push_back(used);
      }
    return result;
  }

  std::optional<double> amount(const Step& step, const Parameter& parameter, const ParameterTable& now) {
    const bool scales = step.change.kind == Change::Kind::scale;
    Cell cell = step.change.value;
    if (!scales && cell.is_number() && cell.unit.empty()) cell.unit = parameter.unit;
    const auto number = read_number(cell, scales ? kPlain : parameter.dimension,
                                    scales ? Range::between(0.0, 1e6) : Range::any(), step.change.path, now, problems_);
    if (!number) return std::nullopt;
    return scales ? factor_of(step, number->value, problems_) : std::optional{number->value};
  }

  /// What the changes make of a parameter that would be `parameter.value`; nullopt: nothing changes it.
  std::optional<double> value_of(const Parameter& parameter, const ParameterTable& now) {
    const auto found = steps_.find(parameter.id);
    if (found == steps_.end()) return std::nullopt;
    const NumberSteps steps = in_order(found->second);
    double value = parameter.value;
    if (const Step* start = start_of(found->second))
      if (const auto to = amount(*start, parameter, now)) value = *to;
    const auto keep = [&](double changed, const Step& step) {
      if (changed != value) felt_.insert(&step);
      value = changed;
    };
    if (steps.set != nullptr)
      if (const auto to = amount(*steps.set, parameter, now))
        keep(steps.set->strength == 1.0 ? *to : value + steps.set->strength * (*to - value), *steps.set);
    std::vector<std::pair<double, const Step*>> factors, parts;
    for (const Step* step : steps.scales)
      if (const auto by = amount(*step, parameter, now)) factors.emplace_back(*by, step);
    for (const Step* step : steps.adds)
      if (const auto by = amount(*step, parameter, now)) parts.emplace_back(step->strength * *by, step);
    std::sort(factors.begin(), factors.end());
    std::sort(parts.begin(), parts.end());
    for (const auto& [by, step] : factors) keep(value * by, *step);
    for (const auto& [by, step] : parts) keep(value + by, *step);
    return value;
  }

  const ParameterTable& written_;
  Steps steps_;
  std::set<const Step*>& felt_;
  Problems& problems_;
};

}  // namespace

const ParameterTable& change_parameters(const ParameterTable& parameters, const std::vector<Step>& steps,
                                        std::optional<ChangedParameters>& made, std::set<const Step*>& felt,
                                        Problems& problems) {
  std::map<std::string, std::vector<const Step*>, std::less<>> by_id;
  for (const Step& step : steps) {
    if (!is_about_parameter(step)) continue;
    std::string id = plain_address(step.change.path).substr(11);
    if (parameters.find(id) != nullptr) {
      by_id[std::move(id)].push_back(&step);
    } else if (!parameters.is_broken(id)) {
      const std::string near = parameters.nearest(id);
      refuse(problems, step, code("change-address"), "unknown parameter \"" + id + '"', "no parameter has that id",
             near.empty() ? "" : "Did you mean \"" + near + "\"?");
    }
  }
  if (by_id.empty()) return parameters;
  ParameterChanger{parameters, std::move(by_id), felt, problems}.change(made);
  return made->now();
}

}  // namespace tl::reading
