#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "models/units.hpp"

namespace tl {

/// A formula over parameters: `+ - * / min max ( )`, literals with units ("2 * jail_los + 3 d"). Nodes stand in the
/// order of their evaluation (postfix), so that nothing recurses and a copy is cheap.
struct ExpressionNode {
  enum class Kind : std::uint8_t { literal, parameter, add, subtract, multiply, divide, negate, minimum, maximum };
  Kind kind = Kind::literal;
  std::size_t offset = 0;  ///< in the text, of the operand or the operator
  Quantity value;          ///< of a literal
  std::string parameter;   ///< its id
};

struct Expression {
  std::vector<ExpressionNode> nodes;
  bool has_parameters() const;
  /// The ids used, each once, in the order of the text.
  std::vector<std::string> parameters() const;
};

/// Reads a formula; a single quantity is one too ("7000 / y" divides by one year).
/// @param is_parameter  tells a parameter from a word for counted things after a division ("x / beds"); may be empty
/// @return the formula, or the first fault with its offset
std::variant<Expression, UnitFault> parse_expression(std::string_view text,
                                                     const std::function<bool(std::string_view)>& is_parameter = {});

/// Value and dimension of a parameter; nullopt when it could not be read (its problem is already noted).
using ParameterLookup = std::function<std::optional<Quantity>(std::string_view id)>;

/// The formula's value in canonical units, or why it has none: dimensions that do not fit, division by zero, a result
/// that is not finite. The fault says nothing (`what` is empty) when a parameter's own fault is the
/// cause.
std::variant<Quantity, UnitFault> evaluate(const Expression& expression, const ParameterLookup& lookup);

}  // namespace tl
