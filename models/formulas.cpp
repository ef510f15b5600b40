#include "models/formulas.hpp"

#include <cmath>
#include <variant>

#include "models/carrier_messages.hpp"

namespace tl {

namespace {

consteval Code code(std::string_view text) {
  return Code::in(kCarrierMessages, text);
}

std::string describe(Cell::Kind kind) {
  switch (kind) {
    case Cell::Kind::list:
      return "is a list";
    case Cell::Kind::table:
      return "is a table";
    case Cell::Kind::boolean:
      return "is true or false";
    default:
      return "is no number";
  }
}

void report(const UnitFault& fault, const Cell& cell, const std::string& field, Problems& problems) {
  problems.error(place_in(cell, fault.offset), fault.code, field, fault.what, fault.why, fault.hint);
}

/// The unit of a cell's heading or unit column; one without dimension and of size 1 when there is none.
std::optional<Unit> unit_of(const Cell& cell, const Place& at, const std::string& field, Problems& problems) {
  if (cell.unit.empty()) return Unit{};
  const auto unit = parse_unit(cell.unit);
  if (const auto* good = std::get_if<Unit>(&unit)) return *good;
  const UnitFault& bad = std::get<UnitFault>(unit);
  problems.error(at, bad.code, field, bad.what, bad.why, bad.hint);
  return std::nullopt;
}

}  // namespace

std::optional<Formula> read_formula(const Cell& cell, const std::string& field, const Place& unit_at,
                                    const std::function<bool(std::string_view)>& is_parameter, Problems& problems) {
  if (cell.refused) return std::nullopt;
  if (!cell.is_text() && !cell.is_number()) {
    problems.error(cell.at, code("number-kind"), field, describe(cell.kind), "a number is due");
    return std::nullopt;
  }
  const auto unit = unit_of(cell, unit_at, field, problems);
  Formula formula{{}, unit.value_or(Unit{}), !cell.unit.empty()};
  if (cell.is_number()) {
    formula.expression.nodes.push_back({ExpressionNode::Kind::literal, 0, {cell.number, kPlain, false}, {}});
  } else {
    auto parsed = parse_expression(cell.text, is_parameter);
    if (const auto* bad = std::get_if<UnitFault>(&parsed)) {
      report(*bad, cell, field, problems);
      return std::nullopt;
    }
    formula.expression = std::get<Expression>(std::move(parsed));
  }
  if (!unit) return std::nullopt;
  return formula;
}

std::optional<Quantity> value_of(const Formula& formula, const Cell& cell, const std::string& field,
                                 const ParameterLookup& lookup, Problems& problems) {
  const auto result = evaluate(formula.expression, lookup);
  if (const auto* bad = std::get_if<UnitFault>(&result)) {
    if (!bad->what.empty()) report(*bad, cell, field, problems);
    return std::nullopt;
  }
  Quantity quantity = std::get<Quantity>(result);
  if (formula.has_unit) {
    const bool takes_unit = !quantity.has_unit && quantity.dimension == kPlain && !formula.expression.has_parameters();
    if (takes_unit) {
      quantity.value = quantity.value * formula.unit.scale / formula.unit.divisor;
      quantity.dimension = formula.unit.dimension;
    } else if (!(quantity.dimension == formula.unit.dimension)) {
      problems.error(cell.at, code("unit-mismatch"), field, "is " + name_of(quantity.dimension),
                     "the unit beside it, " + in_quotes(cell.unit) + ", says " + name_of(formula.unit.dimension));
      return std::nullopt;
    }
    quantity.has_unit = true;
  }
  quantity.value += 0.0;  // -0 becomes 0
  if (!std::isfinite(quantity.value)) {
    problems.error(cell.at, code("number-size"), field, "is " + in_quotes(cell.text),
                   "this is more than a number can hold");
    return std::nullopt;
  }
  return quantity;
}

std::string shown_roughly(double value, Dimension dimension) {
  constexpr double kMost = 1e9;
  const bool can_round = std::abs(value) >= 1e-3 && std::abs(value) < kMost;
  return shown(can_round ? std::round(value * 1e6) / 1e6 : value, dimension);
}

bool names_are_known(const Expression& expression, const Cell& cell, const std::string& field,
                     const std::function<bool(std::string_view)>& is_known,
                     const std::function<std::string(std::string_view)>& nearest, Problems& problems) {
  for (const ExpressionNode& node : expression.nodes) {
    if (node.kind != ExpressionNode::Kind::parameter || is_known(node.parameter)) continue;
    const std::string near = nearest(node.parameter);
    const bool alone = expression.nodes.size() == 1;
    problems.error(place_in(cell, node.offset), code("formula-unknown"), field,
                   (alone ? "is " : "names ") + in_quotes(node.parameter),
                   alone ? "this is neither a number nor a parameter" : "no parameter has that name",
                   near.empty() ? "" : "Did you mean \"" + near + "\"?");
    return false;
  }
  return true;
}

ParameterLookup lookup_in(const ParameterTable& parameters) {
  return [&parameters](std::string_view id) -> std::optional<Quantity> {
    const Parameter* parameter = parameters.find(id);
    if (parameter == nullptr) return std::nullopt;
    return Quantity{parameter->value, parameter->dimension, !(parameter->dimension == kPlain)};
  };
}

}  // namespace tl
