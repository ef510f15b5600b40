#include <algorithm>
#include <cmath>

#include "models/read_context.hpp"
#include "models/schema.hpp"
#include "models/suggest.hpp"
#include "sim/maths.hpp"

namespace tl::reading {
namespace {

/// Where in the rows a change points.
struct Target {
  std::vector<std::pair<std::string, Cell>>* fields = nullptr;
  std::string table, field;  ///< "settings", "queue.limit"
  std::size_t row = 0;
};

void refuse(Problems& problems, const Change& change, Code what, std::string text, std::string why = "",
            std::string hint = "") {
  problems.error(change.at, what, change.path, std::move(text), std::move(why), std::move(hint));
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

bool check_target_field(Problems& problems, const Change& change, const Target& target) {
  for (std::string_view part = target.field; !part.empty();) {
    if (find_field(target.table, part) != nullptr || is_field_group(target.table, part)) return true;
    const std::size_t dot = part.rfind('.');
    part = part.substr(0, dot == std::string_view::npos ? 0 : dot);
  }
  std::vector<std::string> names;
  for (const FieldEntry& entry : schema())
    if (entry.table == target.table) names.emplace_back(entry.field);
  refuse(problems, change, code("change-address"), "unknown field \"" + target.field + '"',
         "no field of " + target.table + " is called so", did_you_mean(target.field, names));
  return false;
}

std::optional<Target> find_target(Document& document, const Change& change, Problems& problems) {
  const std::size_t dot = std::min(change.path.find('.'), change.path.size());
  Target target;
  target.table = change.path.substr(0, dot);
  const std::string rest = dot < change.path.size() ? change.path.substr(dot + 1) : "";
  if (target.table == "model") {
    Cell* model = document.head.find("model");
    if (model == nullptr) {
      document.head.fields.emplace_back("model", Cell{});
      model = &document.head.fields.back().second;
      model->kind = Cell::Kind::table;
    }
    target.fields = &model->fields;
    target.field = rest;
    return check_target_field(problems, change, target) ? std::optional{target} : std::nullopt;
  }
  Table* table = document.find(target.table);
  if (table == nullptr) {
    std::vector<std::string> names;
    for (const Table& other : document.tables) names.push_back(other.name);
    refuse(problems, change, code("change-address"), "the model has no table \"" + target.table + '"',
           "an address is table.row.field, or parameters.id", did_you_mean(target.table, names));
    return std::nullopt;
  }
  const std::vector<std::string> ids = row_ids(*table);
  const auto row = row_of(ids, rest);
  if (!row) {
    const std::string id = rest.substr(0, rest.find('.'));
    refuse(problems, change, code("change-address"), "no row of " + target.table + " begins \"" + rest + '"',
           "an address is table.row.field", did_you_mean(id, ids));
    return std::nullopt;
  }
  target.row = *row;
  target.field = rest.substr(ids[*row].size() + 1);
  target.fields = &table->rows[*row].fields;
  return check_target_field(problems, change, target) ? std::optional{target} : std::nullopt;
}

/// Puts a value at a path of names, making tables on the way.
bool put(std::vector<std::pair<std::string, Cell>>& fields, std::string_view path, const Cell& value, const Place& at) {
  const std::size_t dot = std::min(path.find('.'), path.size());
  const std::string name{path.substr(0, dot)};
  auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; });
  const bool is_last = dot == path.size();
  if (found == fields.end()) {
    Cell fresh;
    fresh.kind = Cell::Kind::table;
    fresh.at = fresh.key_at = at;
    fields.emplace_back(name, is_last ? value : fresh);
    found = fields.end() - 1;
  }
  if (is_last) {
    const std::string unit = found->second.unit;
    found->second = value;
    if (value.is_number() && value.unit.empty()) found->second.unit = unit;  // a bare number means the column's unit
    return true;
  }
  return found->second.is_table() && put(found->second.fields, path.substr(dot + 1), value, at);
}

bool is_within(std::string_view address, std::string_view path) {
  return address == path ||
         (address.size() > path.size() && address.compare(0, path.size(), path) == 0 && address[path.size()] == '.');
}

/// A later `set` stands instead of all that was changed there before.
void forget(ChangePlan& plan, const std::string& path) {
  for (auto at = plan.adjustments.begin(); at != plan.adjustments.end();)
    at = is_within(at->first, path) ? plan.adjustments.erase(at) : std::next(at);
}

// ---- shares

bool is_plain_share(const Cell* cell) {
  return cell != nullptr && !cell->is_table() && cell->text != "otherwise";
}

/// The routes that share with one of them: same origin, same condition.
std::vector<Row*> others_of(Table& routes, std::size_t changed, bool& has_otherwise, bool& is_plain) {
  std::vector<Row*> others;
  const auto text = [](const Row& row, const char* name) {
    const Cell* cell = row.find(name);
    return cell == nullptr ? std::string{} : cell->text;
  };
  const Row& one = routes.rows[changed];
  for (std::size_t i = 0; i < routes.rows.size(); ++i) {
    Row& row = routes.rows[i];
    if (text(row, "from") != text(one, "from")) continue;
    const Cell* share = row.find("share");
    const bool takes_rest = share == nullptr || (share->is_text() && share->text == "otherwise");
    if (i != changed && takes_rest) has_otherwise = true;
    if (i != changed && !takes_rest) others.push_back(&row);
    if (text(row, "when") != text(one, "when") || (!takes_rest && !is_plain_share(share))) is_plain = false;
  }
  return others;
}

std::optional<double> share_of(const Cell& cell, const std::string& field, const ParameterTable& parameters,
                               Problems& problems) {
  const auto number = read_number(cell, kPlain, Range::share(), field, parameters, problems);
  return number ? std::optional{number->value} : std::nullopt;
}

Cell share_cell(double share, const Place& at) {
  Cell cell;
  cell.kind = Cell::Kind::number;
  cell.number = share;
  cell.text = shown(share);
  cell.at = cell.key_at = at;
  return cell;
}

// A share's change is done on the rows, so that the routes that give or take are ordinary shares afterwards.
void change_share(ChangePlan& plan, const Change& change, const Target& target, const ParameterTable& parameters,
                  Problems& problems) {
  Table& routes = *plan.document.find("routes");
  bool has_otherwise = false, is_plain = true;
  const std::vector<Row*> others = others_of(routes, target.row, has_otherwise, is_plain);
  const Cell* share = routes.rows[target.row].find("share");
  const bool takes_rest = share == nullptr || (share->is_text() && share->text == "otherwise");
  if (takes_rest || (!has_otherwise && !is_plain)) {
    refuse(problems, change, code("change-share"), "cannot be changed",
           takes_rest ? "the route takes the remainder, which follows from the other shares"
                      : "the routes of this setting depend on conditions or dates, and none takes the remainder",
           takes_rest ? "Change the shares of the others." : "Give one route share = \"otherwise\".");
    return;
  }
  if (has_otherwise && change.kind != Change::Kind::set) {
    plan.adjustments[change.path].push_back(&change);
    return;
  }
  if (has_otherwise) {
    forget(plan, change.path);
    put(*target.fields, target.field, change.value, change.at);
    return;
  }
  const auto old_share = share_of(*share, change.path, parameters, problems);
  const Range any = change.kind == Change::Kind::set ? Range::share() : Range::between(-1e6, 1e6);
  const auto by = read_number(change.value, kPlain, any, change.path, parameters, problems);
  if (!old_share || !by) return;
  const double wanted = change.kind == Change::Kind::set     ? by->value
                        : change.kind == Change::Kind::scale ? *old_share * by->value
                                                             : *old_share + by->value;
  double sum = 0.0;
  std::vector<double> shares;
  for (const Row* row : others) {
    const auto other = share_of(*row->find("share"), change.path, parameters, problems);
    if (!other) return;
    shares.push_back(*other);
    sum += *other;
  }
  if (!(wanted >= 0.0 && wanted <= 1.0) || (sum <= 0.0 && wanted != *old_share)) {
    refuse(problems, change, code("change-share"), "would become " + shown(wanted),
           sum <= 0.0 ? "no other route has a share to give to" : "a share is from 0 to 1");
    return;
  }
  for (std::size_t i = 0; i < others.size(); ++i)
    *others[i]->find("share") = share_cell(shares[i] * (1.0 - wanted) / sum, others[i]->find("share")->at);
  *routes.rows[target.row].find("share") = share_cell(wanted, change.at);
}

void plan_change(ChangePlan& plan, const Change& change, const ParameterTable& parameters, Problems& problems) {
  const auto target = find_target(plan.document, change, problems);
  if (!target) return;
  if (target->table == "routes" && target->field == "share") {
    change_share(plan, change, *target, parameters, problems);
    return;
  }
  if (change.kind != Change::Kind::set) {
    plan.adjustments[change.path].push_back(&change);
    return;
  }
  forget(plan, change.path);
  plan.replaced.push_back(change.path);
  if (!put(*target->fields, target->field, change.value, change.at)) {
    const std::string above = change.path.substr(0, change.path.rfind('.'));
    refuse(problems, change, code("change-address"), "there is no such number in the model",
           above + " is a constant, without parts", "Change the whole of it: the address is " + above + '.');
  }
}

}  // namespace

ChangePlan plan_changes(const Document& document, std::span<const Change> changes, const ParameterTable& parameters,
                        Problems& problems) {
  ChangePlan plan{.document = document, .adjustments = {}, .replaced = {}};
  for (const Change& change : changes)
    if (change.path.rfind("parameters.", 0) != 0) plan_change(plan, change, parameters, problems);
  return plan;
}

ParameterTable change_parameters(const ParameterTable& parameters, std::span<const Change> changes,
                                 Problems& problems) {
  ParameterTable changed = parameters;
  for (const Change& change : changes) {
    if (change.path.rfind("parameters.", 0) != 0) continue;
    std::string id = change.path.substr(11);
    if (id.size() > 6 && id.compare(id.size() - 6, 6, ".value") == 0) id.resize(id.size() - 6);
    const Parameter* parameter = changed.find(id);
    if (parameter == nullptr) {
      if (changed.is_broken(id)) continue;
      const std::string near = changed.nearest(id);
      refuse(problems, change, code("change-address"), "unknown parameter \"" + id + '"', "no parameter has that id",
             near.empty() ? "" : "Did you mean \"" + near + "\"?");
      continue;
    }
    Cell cell = change.value;
    const bool scales = change.kind == Change::Kind::scale;
    if (!scales && cell.is_number() && cell.unit.empty()) cell.unit = parameter->unit;
    const auto number =
        read_number(cell, scales ? kPlain : parameter->dimension, Range::any(), change.path, changed, problems);
    if (!number) continue;
    const double value = scales                             ? parameter->value * number->value
                         : change.kind == Change::Kind::add ? parameter->value + number->value
                                                            : number->value;
    changed = changed.with_values({{id, value}}, problems);
  }
  return changed;
}

namespace {

/// A change's number, read at the change.
std::optional<double> amount(Context& context, const Change& change, Dimension dimension) {
  const bool scales = change.kind == Change::Kind::scale;
  return read_scalar(
      context, change.value, change.path,
      {.dimension = scales ? kPlain : dimension, .range = scales ? Range::between(0.0, 1e6) : Range::any()});
}

void apply(VaryingNumber& number, Change::Kind kind, double by) {
  const auto one = [&](double& value) { value = kind == Change::Kind::scale ? value * by : value + by; };
  one(number.base);
  for (DatedValue& dated : number.dated) one(dated.value);
  for (Variation& variation : number.vary)
    if (variation.value) one(*variation.value);
}

std::optional<double> value_outside(const VaryingNumber& number, const Range& range) {
  if (!range.holds(number.base)) return number.base;
  for (const DatedValue& dated : number.dated)
    if (!range.holds(dated.value)) return dated.value;
  for (const Variation& variation : number.vary)
    if (variation.value && !range.holds(*variation.value)) return *variation.value;
  return std::nullopt;
}

const std::vector<const Change*>* changes_of(Context& context, const std::string& address) {
  const auto found = context.adjustments.find(address);
  if (found == context.adjustments.end()) return nullptr;
  context.adjusted.insert(address);
  return &found->second;
}

}  // namespace

void scale_times(VaryingDistribution& made, double by) {
  for (std::optional<VaryingNumber>* number :
       {&made.value, &made.mean, &made.sd, &made.median, &made.low, &made.mode, &made.high, &made.scale})
    if (*number) apply(**number, Change::Kind::scale, by);
  if (made.mu) apply(*made.mu, Change::Kind::add, natural_log(by));
  for (auto& step : made.steps) step.first *= by;
  for (auto& [share, part] : made.parts) scale_times(part, by);
  for (std::optional<double>* length : {&made.floor, &made.shift, &made.truncate_low, &made.truncate_high})
    if (*length) **length *= by;
}

void adjust(Context& context, VaryingNumber& number, const NumberRule& rule) {
  const auto* changes = changes_of(context, number.path);
  if (changes == nullptr) return;
  for (const Change* change : *changes) {
    const auto by = amount(context, *change, rule.dimension);
    if (!by) continue;
    const VaryingNumber before = number;
    apply(number, change->kind, *by);
    if (const auto wrong = value_outside(number, rule.range)) {
      context.error(change->at, code("change-range"), change->path, "would become " + shown(*wrong, rule.dimension),
                    "from " + shown(rule.range.low, rule.dimension) + " to " + shown(rule.range.high, rule.dimension) +
                        " is allowed");
      number = before;  // told once: what follows judges the sound number
    }
  }
}

void adjust(Context& context, VaryingDistribution& distribution, Dimension dimension) {
  const auto* changes = changes_of(context, distribution.path);
  if (changes == nullptr) return;
  for (const Change* change : *changes) {
    const auto by = amount(context, *change, dimension);
    if (!by) continue;
    if (change->kind == Change::Kind::scale && !(*by > 0.0)) {
      context.error(change->at, code("change-range"), change->path, "is scaled by " + shown(*by),
                    "lengths are scaled by a factor above 0");
    } else if (change->kind == Change::Kind::scale) {
      scale_times(distribution, *by);
    } else {
      distribution.shift = distribution.shift.value_or(0.0) + *by;
      if (*by < 0.0) distribution.floor = std::max(distribution.floor.value_or(0.0), 0.0);
    }
  }
}

double take_layer_scale(Context& context, const std::string& rate_address) {
  const auto found = context.adjustments.find(rate_address);
  if (found == context.adjustments.end()) return 1.0;
  context.adjusted.insert(rate_address);
  double scale = 1.0;
  std::vector<const Change*> rest;
  for (const Change* change : found->second) {
    if (change->kind != Change::Kind::scale) {
      rest.push_back(change);
      continue;
    }
    scale *= amount(context, *change, kPlain).value_or(1.0);
  }
  found->second = std::move(rest);
  return scale;
}

std::string constant_above(const Context& context, const std::string& address) {
  const std::string above = address.substr(0, address.rfind('.'));
  bool is_there = false;
  for (const std::string& known : context.addresses) {
    if (known == above)
      is_there = true;
    else if (is_within(known, above) && known != above + ".value")
      return "";
  }
  return is_there ? above : "";
}

void check_adjustments(Context& context) {
  for (const auto& [address, changes] : context.adjustments) {
    if (context.adjusted.contains(address)) continue;
    const std::string above = constant_above(context, address);
    for (const Change* change : changes)
      if (above.empty())
        context.error(change->at, code("change-address"), address, "no number has that address",
                      "only numbers and distributions of the model can be scaled or added to",
                      did_you_mean(address, context.addresses));
      else
        context.error(change->at, code("change-address"), address, "no number has that address",
                      above + " is a constant, without parts", "Change the whole of it: the address is " + above + '.');
  }
}

}  // namespace tl::reading
