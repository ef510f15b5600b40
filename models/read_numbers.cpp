#include <algorithm>
#include <array>

#include "models/read_context.hpp"
#include "models/schema.hpp"
#include "models/suggest.hpp"

namespace tl::reading {
namespace {

constexpr auto kShapes = std::to_array<std::string_view>({"step", "linear"});

/// What stands beside the base of a number while it is read.
struct Parts {
  VaryingNumber number;
  const NumberRule& rule;
  std::optional<bool> linear;
  std::optional<double> every;
};

void check_keys(Context& context, const Cell& table, const std::string& field, const std::vector<std::string>& names) {
  for (const auto& [name, cell] : table.fields) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    if (refuse_later(context.problems, cell.key_at, field + '.' + name, "number", name)) continue;
    context.error(cell.key_at, code("field-unknown"), field + '.' + name, "unknown field \"" + name + '"',
                  "fields here are " + listed(names), did_you_mean(name, names));
  }
}

/// One exception: from the list `vary` of a number, or a row of the table `vary`.
void add_variation(Context& context, Parts& parts, const Cell* when, const Cell* value, const Cell* scale,
                   const Place& at) {
  const std::string field = parts.number.path;
  Variation variation;
  bool good = when != nullptr;
  if (when == nullptr) {
    context.error(at, code("vary-value"), field, "an exception has no condition",
                  "it holds while its field `when` does", "Put when = \"...\" there, or change the base.");
  } else if (auto condition = read_condition(context, *when, field + ".when")) {
    variation.when = std::move(*condition);
  } else {
    good = false;
  }
  if ((value == nullptr) == (scale == nullptr)) {
    context.error(at, code("vary-value"), field,
                  value == nullptr ? "an exception has neither value nor scale" : "an exception has value and scale",
                  "it gives the number another value, or multiplies it");
    return;
  }
  if (value != nullptr) variation.value = read_scalar(context, *value, field, parts.rule);
  if (scale != nullptr)
    variation.scale =
        read_scalar(context, *scale, field + ".scale", {.dimension = kPlain, .range = Range::between(0.0, 1e6)});
  if (good && (variation.value || variation.scale)) parts.number.vary.push_back(std::move(variation));
}

void add_dated(Context& context, Parts& parts, const Cell* at, const Cell* value, const Place& row) {
  const std::string field = parts.number.path;
  if (at == nullptr || value == nullptr) {
    context.error(row, code("field-missing"), field + ".dated",
                  at == nullptr ? "`at` is missing" : "`value` is missing",
                  "a dated value needs the fields at and value");
    return;
  }
  const std::optional<double> days = read_instant(context, *at, field + ".at");
  const std::optional<double> number = read_scalar(context, *value, field, parts.rule);
  if (!days || !number) return;
  const bool is_twice = std::any_of(parts.number.dated.begin(), parts.number.dated.end(),
                                    [&](const DatedValue& other) { return other.days == *days; });
  if (is_twice) {
    context.error(at->at, code("dated-twice"), field, "has two values from " + at->text + " on",
                  "from one instant on a number has one value");
    return;
  }
  if (*days > context.model.horizon_days)
    context.problems.warning(at->at, code("date-outside"), field, at->text + " lies beyond the horizon",
                             "results end " + shown_duration(context.model.horizon_days) + " after the start");
  parts.number.dated.push_back({*days, *number});
}

void read_shape(Context& context, Parts& parts, const Cell* shape, const Cell* every) {
  const std::string field = parts.number.path;
  if (shape != nullptr) {
    const auto word = read_word(context, *shape, field + ".shape", {kShapes.begin(), kShapes.end()});
    if (word && *word == 1 && !parts.rule.may_ramp) {
      context.error(shape->at, code("shape-here"), field, "changes along a line",
                    "only rates and capacities may; other numbers are read at instants",
                    "Use steps: several dated values.");
    } else if (word && parts.linear && *parts.linear != (*word == 1)) {
      context.error(shape->at, code("field-conflict"), field + ".shape", "is step and linear",
                    "all dated values of a number have one shape");
    } else if (word) {
      parts.linear = *word == 1;
    }
  }
  if (every == nullptr) return;
  const auto days = read_scalar(context, *every, field + ".every",
                                {.dimension = kDuration, .range = Range::above_to(0.0, context.limits.horizon_days)});
  if (days && parts.every && *parts.every != *days)
    context.error(every->at, code("field-conflict"), field + ".every", "has two lengths",
                  "all dated values of a number are repeated together");
  else if (days)
    parts.every = *days;
}

bool may_vary_here(Context& context, const Parts& parts, const Place& at) {
  if (parts.rule.may_vary) return true;
  context.error(at, code("vary-here"), parts.number.path, "cannot vary by condition",
                "it is one number for all clients", "It may change by date: dated = [...].");
  return false;
}

void read_lists(Context& context, Parts& parts, const Cell& table) {
  const std::string field = parts.number.path;
  check_keys(context, table, field, names_within("number", ""));
  if (const Cell* vary = table.find("vary"); vary != nullptr && may_vary_here(context, parts, vary->at)) {
    if (!vary->is_list())
      context.error(vary->at, code("field-kind"), field + ".vary", "is no list", "a list of exceptions is due",
                    "vary = [ { when = \"...\", value = ... } ]");
    for (const Cell& item : vary->items) {
      if (item.is_table()) check_keys(context, item, field + ".vary", {"when", "value", "scale"});
      add_variation(context, parts, item.find("when"), item.find("value"), item.find("scale"), item.at);
    }
  }
  if (const Cell* dated = table.find("dated"); dated != nullptr) {
    if (!dated->is_list())
      context.error(dated->at, code("field-kind"), field + ".dated", "is no list", "a list of dated values is due",
                    "dated = [ { at = \"63 d\", value = ... } ]");
    for (const Cell& item : dated->items) {
      if (item.is_table()) check_keys(context, item, field + ".dated", {"at", "value"});
      add_dated(context, parts, item.find("at"), item.find("value"), item.at);
    }
  }
  read_shape(context, parts, table.find("shape"), table.find("every"));
}

/// The exceptions that stand in the tables `vary` and `dated`.
void read_outside_rows(Context& context, Parts& parts) {
  const auto found = context.outside_rows.find(parts.number.path);
  if (found == context.outside_rows.end()) return;
  context.outside_used.insert(parts.number.path);
  for (const Row* row : found->second.vary)
    if (may_vary_here(context, parts, row->at))
      add_variation(context, parts, row->find("when"), row->find("value"), row->find("scale"), row->at);
  for (const Row* row : found->second.dated) {
    add_dated(context, parts, row->find("at"), row->find("value"), row->at);
    read_shape(context, parts, row->find("shape"), row->find("every"));
  }
}

void finish_dates(Context& context, Parts& parts) {
  VaryingNumber& number = parts.number;
  std::stable_sort(number.dated.begin(), number.dated.end(),
                   [](const DatedValue& a, const DatedValue& b) { return a.days < b.days; });
  number.linear = parts.linear.value_or(false);
  number.every_days = parts.every.value_or(0.0);
  if (!parts.every || number.dated.empty()) return;
  if (number.dated.front().days < 0.0 || number.dated.back().days >= *parts.every)
    context.error(number.at, code("dated-every"), number.path,
                  "repeats every " + shown_duration(*parts.every) + " and has a value outside that round",
                  "the dates of a repeating schedule lie from 0 d to below its length");
}

}  // namespace

std::optional<double> read_scalar(Context& context, const Cell& cell, const std::string& field,
                                  const NumberRule& rule) {
  const std::optional<Number> number =
      rule.whole ? read_count(cell, rule.range, field, context.parameters, context.problems)
                 : read_number(cell, rule.dimension, rule.range, field, context.parameters, context.problems);
  if (!number) return std::nullopt;
  context.parameters_used.insert(number->parameters.begin(), number->parameters.end());
  if (context.log != nullptr) context.log->meet_fixed(field, number->value, cell.at);
  return number->value;
}

std::optional<double> read_fixed(Context& context, const Cell& cell, const std::string& field, const NumberRule& rule) {
  context.addresses.push_back(field);
  VaryingNumber number;
  number.path = field;
  number.at = cell.at;
  std::optional<double> base;
  {
    const NumberLog::Part part{context.log};
    base = read_scalar(context, cell, field, rule);
  }
  if (!base) return std::nullopt;
  number.base = *base;
  adjust(context, number, rule);
  if (context.log != nullptr) context.log->meet_fixed(field, number.base, cell.at);
  return number.base;
}

namespace {

/// The number as the rows have it.
std::optional<VaryingNumber> read_written(Context& context, const Cell& cell, const std::string& field,
                                          const NumberRule& rule) {
  const NumberLog::Part part{context.log};
  Parts parts{.number = {}, .rule = rule, .linear = {}, .every = {}};
  parts.number.path = field;
  parts.number.at = cell.at;
  std::optional<double> base;
  if (cell.is_table()) {
    if (const Cell* base_cell = cell.find("base"))
      base = read_scalar(context, *base_cell, field, rule);
    else
      context.error(cell.at, code("field-missing"), field + ".base", "is missing",
                    "a number that varies needs the value it has where nothing else holds");
    read_lists(context, parts, cell);
  } else {
    base = read_scalar(context, cell, field, rule);
  }
  read_outside_rows(context, parts);
  finish_dates(context, parts);
  if (parts.number.vary.size() > context.limits.condition_alternatives)
    context.error(cell.at, code("list-length"), field + ".vary",
                  "holds " + std::to_string(parts.number.vary.size()) + " exceptions",
                  "at most " + std::to_string(context.limits.condition_alternatives) + " are allowed for one number");
  if (!base) return std::nullopt;
  parts.number.base = *base;
  return std::move(parts.number);
}

}  // namespace

std::optional<VaryingNumber> read_varying(Context& context, const Cell& cell, const std::string& field,
                                          const NumberRule& rule) {
  context.addresses.push_back(field);
  std::optional<VaryingNumber> number = read_written(context, cell, field, rule);
  if (!number) return std::nullopt;
  adjust(context, *number, rule);
  if (context.log != nullptr) context.log->meet(*number, rule.may_ramp);
  return number;
}

std::optional<CivilDate> read_date(Context& context, const Cell& cell, const std::string& field, bool& is_date) {
  const std::string& text = cell.text;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto of_signs = [&](char sign) {  // "2021-07-01", and as spreadsheets show it: "7/1/2021", "1.7.2021"
    const auto count = std::count(text.begin(), text.end(), sign);
    return (sign == '-' ? count > 0 : count == 2) && is_digit(text.front()) &&
           std::all_of(text.begin(), text.end(), [&](char c) { return is_digit(c) || c == sign; });
  };
  is_date = cell.is_text() && !text.empty() && (of_signs('-') || of_signs('/') || of_signs('.'));
  if (!is_date) return std::nullopt;
  CivilDate date;
  if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
    const auto part = [&](std::size_t at, std::size_t count) { return std::stoi(text.substr(at, count)); };
    const bool all_digits = std::count(text.begin(), text.end(), '-') == 2;
    if (all_digits) date = {part(0, 4), part(5, 2), part(8, 2)};
    if (all_digits && date.year >= 1900 && date.year <= 2200 && is_valid(date)) return date;
  }
  context.error(cell.at, code("date-bad"), field, "there is no date \"" + text + '"',
                "dates are written year-month-day, from 1900 to 2200", "Write it like \"2021-07-01\".");
  return std::nullopt;
}

std::optional<double> read_instant(Context& context, const Cell& cell, const std::string& field) {
  bool is_date = false;
  if (const std::optional<CivilDate> date = read_date(context, cell, field, is_date)) {
    const Model& model = context.model;
    const CivilDate start{model.start_year, model.start_month, model.start_day};
    return static_cast<double>(days_from_civil(*date) - days_from_civil(start));
  }
  if (is_date) return std::nullopt;
  const double most = context.limits.horizon_days;
  return read_scalar(context, cell, field, {.dimension = kDuration, .range = Range::between(-most, most)});
}

std::vector<double> read_instants(Context& context, const Cell& cell, const std::string& field) {
  std::vector<double> instants;
  if (cell.is_table()) {
    read_text(context, cell, field);
    return instants;
  }
  for (const Cell& item : pieces_of(cell, '|'))
    if (const auto days = read_instant(context, item, field)) instants.push_back(*days);
  std::sort(instants.begin(), instants.end());
  return instants;
}

void gather_outside_rows(Context& context) {
  for (const std::string_view name : {"vary", "dated"}) {
    const Table* table = context.table(name);
    if (table == nullptr) continue;
    for (const Row& row : table->rows) {
      const RowView view{row, row.id};
      const Cell* field = view.find("field");
      if (field == nullptr) {
        missing_field(context, view, "field", "it says which number is meant",
                      "Write field = \"settings.psh.stay.mean\".");
        continue;
      }
      const auto address = read_text(context, *field, view.path("field"));
      if (!address) continue;
      OutsideRows& rows = context.outside_rows[*address];
      (name == "vary" ? rows.vary : rows.dated).push_back(&row);
    }
  }
}

void check_outside_rows(Context& context) {
  for (const auto& [address, rows] : context.outside_rows) {
    if (context.outside_used.contains(address)) continue;
    const std::string above = constant_above(context, address);
    for (const std::vector<const Row*>* list : {&rows.vary, &rows.dated})
      for (const Row* row : *list)
        context.error(
            row->find("field")->at, code("address-unknown"), row->id + ".field",
            "no number is called \"" + address + '"',
            above.empty() ? "the model has no number at that address" : above + " is a constant, without parts",
            above.empty() ? did_you_mean(address, context.addresses) : "Write field = \"" + above + "\".");
  }
}

}  // namespace tl::reading
