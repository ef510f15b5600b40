#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "models/expression.hpp"
#include "models/parameters.hpp"
#include "models/problem.hpp"
#include "models/rows.hpp"
#include "models/text_hash.hpp"
#include "models/units.hpp"

// What cells of numbers say, before and after it is evaluated. For parameters.cpp and number_cells.cpp.
namespace tl {

/// What a cell says before it is evaluated.
struct Formula {
  Expression expression;
  Unit unit;
  bool has_unit = false;  ///< a heading or unit column stands
};

/// Reads the text of a number; names of parameters are not looked up yet.
std::optional<Formula> read_formula(const Cell& cell, const std::string& field, const Place& unit_at,
                                    const std::function<bool(std::string_view)>& is_parameter, Problems& problems);

/// The value of a formula, with its heading's unit where the formula itself has none. Nothing, with a problem, when its
/// units do not fit; nothing without a problem when a parameter's own fault is the cause.
std::optional<Quantity> value_of(const Formula& formula, const Cell& cell, const std::string& field,
                                 const ParameterLookup& lookup, Problems& problems);

/// What was written in hours or months is not a round number of days.
std::string shown_roughly(double value, Dimension dimension);

/// Notes the first name that is no parameter; true when all are.
bool names_are_known(const Expression& expression, const Cell& cell, const std::string& field,
                     const std::function<bool(std::string_view)>& is_known,
                     const std::function<std::string(std::string_view)>& nearest, Problems& problems);

/// Parameters by id, those that could be read.
ParameterLookup lookup_in(const ParameterTable& parameters);

/// What cells say, by their text and unit. All names in them are known.
class FormulasRead {
 public:
  const Formula* find(const Cell& cell) const {
    const auto found = formulas_.find(key_of(cell));
    return found == formulas_.end() ? nullptr : &found->second;
  }
  const Formula* keep(const Cell& cell, Formula formula) {
    return &formulas_.insert_or_assign(key_of(cell), std::move(formula)).first->second;
  }

 private:
  static std::string key_of(const Cell& cell) { return cell.text + '\n' + cell.unit; }

  ById<Formula> formulas_;
};

}  // namespace tl
