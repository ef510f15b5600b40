#include <algorithm>
#include <cmath>

#include "models/carrier_messages.hpp"
#include "models/formulas.hpp"
#include "models/parameters.hpp"

// Numbers read from cells, by themselves or as formulas over parameters.
namespace tl {

namespace {

consteval Code code(std::string_view text) {
  return Code::in(kCarrierMessages, text);
}

/// The formula of a cell whose names are known; nothing, with a problem, when it is none.
std::optional<Formula> read_known_formula(const Cell& cell, const std::string& field, const ParameterTable& parameters,
                                          Problems& problems) {
  const auto is_known = [&](std::string_view id) { return parameters.find(id) != nullptr || parameters.is_broken(id); };
  auto formula = read_formula(cell, field, cell.key_at, is_known, problems);
  if (!formula) return std::nullopt;
  const auto nearest = [&](std::string_view id) { return parameters.nearest(id); };
  if (!names_are_known(formula->expression, cell, field, is_known, nearest, problems)) return std::nullopt;
  return formula;
}

}  // namespace

std::optional<Number> read_quantity(const Cell& cell, const std::string& field, const ParameterTable& parameters,
                                    Problems& problems) {
  FormulasRead* read = cell.is_text() && !cell.refused ? parameters.formulas_read() : nullptr;
  const Formula* formula = read == nullptr ? nullptr : read->find(cell);
  std::optional<Formula> made;
  if (formula == nullptr) {
    made = read_known_formula(cell, field, parameters, problems);
    if (!made) return std::nullopt;
    formula = read == nullptr ? &*made : read->keep(cell, std::move(*made));
  }
  const auto value = value_of(*formula, cell, field, lookup_in(parameters), problems);
  if (!value) return std::nullopt;
  return Number{value->value, value->dimension, formula->expression.parameters(), cell.at};
}

namespace {

void report_dimension(const Cell& cell, const Number& number, Dimension expected, const std::string& field,
                      Problems& problems) {
  const std::string example = in_quotes(example_of(expected));
  const bool bare = number.dimension == kPlain && cell.unit.empty() && number.parameters.empty();
  const auto is_date_sign = [](char c) { return (c >= '0' && c <= '9') || c == '-'; };
  if (bare && expected == kDuration && cell.text.size() == 10 && cell.text[4] == '-' && cell.text[7] == '-' &&
      std::all_of(cell.text.begin(), cell.text.end(), is_date_sign)) {
    problems.error(cell.at, code("unit-missing"), field, "is the date " + in_quotes(cell.text),
                   name_of(expected) + " is due", "Write how long, as \"2 y\".");
    return;
  }
  if (bare)
    problems.error(cell.at, code("unit-missing"), field, "is " + in_quotes(cell.text) + " without a unit",
                   name_of(expected) + " is due",
                   "Write it as " + example + ", or put the unit in the heading of its column.");
  else
    problems.error(cell.at, code("unit-mismatch"), field, "is " + name_of(number.dimension),
                   name_of(expected) + " is due", "Write it as " + example + ".");
}

std::string range_text(const Range& range, Dimension dimension) {
  const bool has_low = range.low > -std::numeric_limits<double>::max();
  const bool has_high = range.high < std::numeric_limits<double>::max();
  std::string text = "must be ";
  if (has_low) text += (range.low_open ? "above " : "at least ") + shown(range.low, dimension);
  if (has_low && has_high) text += " and ";
  if (has_high) text += "at most " + shown(range.high, dimension);
  return has_low || has_high ? text : "must be a finite number";
}

std::string range_hint(const Cell& cell, const Number& number, const Range& range) {
  if (number.value < 0.0 && range.holds(-number.value)) {
    const bool signs_only = cell.is_text() && cell.text.starts_with('-') && cell.text.find('-', 1) == std::string::npos;
    return "Did you mean " + in_quotes(signs_only ? cell.text.substr(1) : shown(-number.value, number.dimension)) + "?";
  }
  const bool is_share = range.low == 0.0 && range.high == 1.0 && number.dimension == kPlain;
  if (is_share && number.value > 1.0 && number.value <= 100.0)
    return "Did you mean " + in_quotes(shown(number.value) + "%") + "?";
  return "";
}

}  // namespace

std::optional<Number> read_number(const Cell& cell, Dimension expected, const Range& range, const std::string& field,
                                  const ParameterTable& parameters, Problems& problems) {
  auto number = read_quantity(cell, field, parameters, problems);
  if (!number) return std::nullopt;
  // dollars may be written without their sign
  const bool is_bare_money = expected == kMoney && number->dimension == kPlain;
  if (!(number->dimension == expected) && !is_bare_money) {
    report_dimension(cell, *number, expected, field, problems);
    return std::nullopt;
  }
  if (!range.holds(number->value)) {
    problems.error(cell.at, code("number-range"), field, "is " + shown_roughly(number->value, expected),
                   range_text(range, expected), range_hint(cell, *number, range));
    return std::nullopt;
  }
  return number;
}

std::optional<Number> read_count(const Cell& cell, const Range& range, const std::string& field,
                                 const ParameterTable& parameters, Problems& problems) {
  constexpr double kLargest = 9007199254740992.0;  // 2^53: beyond it not every whole number can be told
  Range whole = range;
  whole.low = std::max(whole.low, 0.0);
  whole.high = std::min(whole.high, kLargest);
  const auto number = read_number(cell, kPlain, whole, field, parameters, problems);
  if (!number || std::floor(number->value) == number->value) return number;
  problems.error(cell.at, code("number-whole"), field, "is " + shown(number->value), "a whole number is due");
  return std::nullopt;
}

}  // namespace tl
