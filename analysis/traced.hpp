#pragma once
#include <optional>
#include <string>
#include <vector>

#include "analysis/equity.hpp"
#include "analysis/tables.hpp"

// Where the numbers that readers see come from: a workbook and a brief keep a list of them, which a test follows back
// to results.h5.
namespace tl {

/// A number of a result, by what a table would be asked to find it again.
struct NumberSource {
  enum class What : std::uint8_t { mean, low, high, base_mean };
  /// Of results by group: the group's own number, the one it is compared by, its gap and its ratio to the reference.
  enum class OfGroup : std::uint8_t { value, compared, difference, ratio };

  std::string scenario, versus;                       ///< ids; versus: a paired difference from it
  std::string metric, measure, scope, subject, when;  ///< as ResultRow has them
  std::string trait, group;                           ///< of results by group, with empty group for everybody
  What what = What::mean;
  OfGroup of_group = OfGroup::value;
  std::optional<std::size_t> period;  ///< a reporting period by its number, instead of `when`
  std::string payer;                  ///< of dollars: only what this one pays
  std::string parameter;  ///< instead of all that: a number of the model, `what` being its value, low or high
};

/// A number as it was written.
struct TracedNumber {
  std::string place;   ///< "Waits!D7", "page 2"
  std::string text;    ///< as readers see it
  double value = 0.0;  ///< before it was rounded
  NumberSource from;
  double unit = 1.0;  ///< shown in units of so much: 1e6 for millions
};

NumberSource source_of(const ResultRow& row, const std::string& versus, NumberSource::What what);

}  // namespace tl
