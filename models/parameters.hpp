#pragma once

#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "models/expression.hpp"
#include "models/limits.hpp"
#include "models/problem.hpp"
#include "models/rows.hpp"
#include "models/text_hash.hpp"
#include "models/units.hpp"

namespace tl {

/// One row of the table `parameters`. Values are in canonical units (day, 1/day, $, ...).
struct Parameter {
  std::string id;
  double value = 0.0;
  Dimension dimension;
  std::optional<double> low, high;  ///< low <= value <= high
  std::string unit;                 ///< as the planner wrote it; may be empty
  double unit_scale = 1.0;          ///< canonical units in one of `unit`
  std::string kind;                 ///< sourced, recalled, assumption; empty when not said
  std::string source, note;
  std::optional<Cell> distribution;  ///< as written
  Expression formula;                ///< what `value` says
  Place at;
};

class FormulasRead;

/// All parameters of a model, evaluated. Ids are looked up by name.
class ParameterTable {
 public:
  const Parameter* find(std::string_view id) const;
  /// In table order.
  const std::vector<Parameter>& all() const { return parameters_; }
  /// True for a parameter that stands in the table but could not be read: its problem is noted already.
  bool is_broken(std::string_view id) const;
  /// All parameters that `id` is computed from, also through others, in table order; itself not.
  std::vector<std::string> origins_of(std::string_view id) const;
  /// By table row: whether it is one of `ids`, or one of these is computed from it.
  std::vector<bool> with_origins(const std::set<std::string, std::less<>>& ids) const;
  /// The nearest id, for "did you mean"; empty when none is near.
  std::string nearest(std::string_view id) const;

  /// A copy in which parameters have other values (canonical units), and those computed from them follow. A parameter
  /// named here no longer follows its own formula. Ids must exist; a value that leaves low..high is accepted; one that
  /// makes a formula fail (division by zero) is a problem.
  ParameterTable with_values(const std::map<std::string, double, std::less<>>& values, Problems& problems) const;

  /// Where formulas of cells are kept once read; nullptr = nowhere. Who reads with it is alone.
  FormulasRead* formulas_read() const { return formulas_read_.get(); }

 private:
  friend class ParameterReader;
  friend class ChangedParameters;
  std::vector<Parameter> parameters_;
  std::vector<std::size_t> order_;  ///< of evaluation: each after those it is computed from
  ById<std::size_t> by_id_;
  std::set<std::string, std::less<>> broken_;
  std::shared_ptr<FormulasRead> formulas_read_;  ///< of ChangedParameters
};

/// Parameters that changes give other values, again and again: only those that follow are evaluated each time.
class ChangedParameters {
 public:
  /// Parameters that must be evaluated before one, by its id.
  using Needs = std::map<std::string, std::vector<std::string>, std::less<>>;
  /// Gives a parameter another value, or leaves it alone (nullopt). It comes with what its formula makes of the values
  /// in `now`, the table so far.
  using Changer = std::function<std::optional<double>(const Parameter& parameter, const ParameterTable& now)>;

  /// @param written  outlives this
  /// @param ids      the parameters that are changed
  /// @param needs    further parameters that come before one; a circle is a problem
  ChangedParameters(const ParameterTable& written, const std::set<std::string, std::less<>>& ids, const Needs& needs,
                    Problems& problems);

  /// The parameters as written, with `change` done to those that are changed, each after those it is computed from.
  void change(const Changer& change, Problems& problems);
  const ParameterTable& now() const { return now_; }

 private:
  struct Following {
    std::size_t row = 0;
    bool is_changed = false;  ///< itself, not only what it is computed from
  };

  const ParameterTable* written_;
  ParameterTable now_;
  std::vector<Following> following_;  ///< in the order of evaluation
};

/// Reads the table `parameters` (nullptr: none). Refused: unknown kinds, ids that are no plain names (letters, digits,
/// `_`) or are words of units, duplicates, cycles (named), formulas whose units do not fit, low > value or value >
/// high.
ParameterTable read_parameters(const Table* table, const Limits& limits, Problems& problems);

/// What values a field may have, in canonical units. Written so that NaN is in no range.
struct Range {
  double low = -std::numeric_limits<double>::max();
  double high = std::numeric_limits<double>::max();
  bool low_open = false;

  static Range any() { return {}; }
  static Range at_least(double low) { return {.low = low}; }
  static Range above(double low) { return {.low = low, .low_open = true}; }
  static Range between(double low, double high) { return {.low = low, .high = high}; }
  static Range above_to(double low, double high) { return {.low = low, .high = high, .low_open = true}; }
  static Range share() { return {.low = 0.0, .high = 1.0}; }
  bool holds(double value) const { return (low_open ? value > low : value >= low) && value <= high; }
};

/// A number read from a field, in canonical units.
struct Number {
  double value = 0.0;
  Dimension dimension;
  std::vector<std::string> parameters;  ///< ids it came from, directly; see ParameterTable::origins_of for the rest
  Place at;
};

/// Reads a field that holds one number: a TOML number or a plain CSV cell (only where no unit is due or the heading
/// gave one), a quantity ("14 d"), a share ("35%"), or a formula over parameters.
/// @return nullopt when it is refused; the problem is noted with the field's path
std::optional<Number> read_number(const Cell& cell, Dimension expected, const Range& range, const std::string& field,
                                  const ParameterTable& parameters, Problems& problems);

/// The same for a field that takes any of several dimensions ("10 business d" or "48 h"); no range is checked.
std::optional<Number> read_quantity(const Cell& cell, const std::string& field, const ParameterTable& parameters,
                                    Problems& problems);

/// A whole number from 0 to 2^53, or within `range`; "2.5" is refused.
std::optional<Number> read_count(const Cell& cell, const Range& range, const std::string& field,
                                 const ParameterTable& parameters, Problems& problems);

}  // namespace tl
