#include "models/parameter_uncertainty.hpp"

#include <algorithm>
#include <array>

#include "models/compile_builder.hpp"
#include "models/model_messages.hpp"
#include "models/read_context.hpp"

namespace tl {
namespace {

consteval Code code(std::string_view text) {
  return Code::in(kModelMessages, text);
}

/// Fields of a distribution that have the parameter's own unit; shapes, shares and logarithms have none.
constexpr std::array kInUnit{"value", "mean",  "sd",     "median", "low",   "mode",
                             "high",  "scale", "values", "floor",  "shift", "truncate"};

void give_unit(Cell& cell, const std::string& unit) {
  if (cell.is_number() && cell.unit.empty()) cell.unit = unit;
  for (Cell& item : cell.items) give_unit(item, unit);
}

/// The distribution as read everywhere, its bare numbers in the parameter's unit.
Cell with_units(Cell cell, const std::string& unit) {
  if (unit.empty()) return cell;
  for (auto& [name, field] : cell.fields) {
    if (std::find(kInUnit.begin(), kInUnit.end(), name) != kInUnit.end()) give_unit(field, unit);
    if (name == "parts")
      for (Cell& part : field.items) part = with_units(part, unit);
  }
  return cell;
}

std::string words_of(const Cell& cell) {
  std::string text;
  for (const auto& [name, field] : cell.fields) text += (text.empty() ? "" : ", ") + name + ' ' + field.text;
  return text;
}

std::optional<ParameterUncertainty> read_stated(const Parameter& parameter, const Limits& limits, Problems& problems) {
  const std::size_t errors = problems.error_count();
  const Document nothing;
  const reading::ChangedRows rows{nothing};
  const ParameterTable none;
  reading::Context context{rows, limits, none, problems};
  const std::string field = "parameters." + parameter.id + ".distribution";
  const auto read = reading::read_distribution(context, with_units(*parameter.distribution, parameter.unit), field,
                                               parameter.dimension);
  if (!read || problems.error_count() > errors) return std::nullopt;
  const Model model;
  compiling::Builder builder{model, limits, problems};
  const DistributionId row = builder.alone(*read);
  if (problems.error_count() > errors) return std::nullopt;
  const Compiled made = builder.take();
  return ParameterUncertainty{.words = words_of(*parameter.distribution),
                              .stated = true,
                              .all = made.model.distributions,
                              .tables = made.model.distribution_tables,
                              .own = made.model.distributions[row.index()]};
}

std::string range_words(const Parameter& parameter) {
  return "from " + shown(*parameter.low / parameter.unit_scale) + " to " +
         shown(*parameter.high / parameter.unit_scale);
}

ParameterUncertainty of_range(const Parameter& parameter, bool uniform, bool stated) {
  ParameterUncertainty made;
  made.stated = stated;
  made.own = uniform ? uniform_between(*parameter.low, *parameter.high)
                     : triangular_between(*parameter.low, parameter.value, *parameter.high);
  made.words =
      uniform ? "uniform " + range_words(parameter)
              : "triangular " + range_words(parameter) + ", likeliest " + shown(parameter.value / parameter.unit_scale);
  return made;
}

}  // namespace

bool can_be_drawn(const Parameter& parameter, const ParameterTable& table) {
  const bool has_range = parameter.low && parameter.high && *parameter.low < *parameter.high;
  return (has_range || parameter.distribution) && table.origins_of(parameter.id).empty();
}

std::optional<ParameterUncertainty> uncertainty_of(const Parameter& parameter, const Limits& limits,
                                                   Problems& problems) {
  const bool has_range = parameter.low && parameter.high && *parameter.low < *parameter.high;
  const std::string field = "parameters." + parameter.id + ".distribution";
  if (parameter.distribution && parameter.distribution->is_table()) return read_stated(parameter, limits, problems);
  const std::string word = parameter.distribution ? parameter.distribution->text : "";
  if (!word.empty() && word != "uniform" && word != "triangular") {
    problems.error(parameter.distribution->at, code("distribution-kind"), field,
                   "unknown distribution " + in_quotes(word),
                   "it is uniform or triangular over low and high, or a table with its kind",
                   "Write { kind = \"normal\", mean = ..., sd = ... }.");
    return std::nullopt;
  }
  if (!has_range) {
    problems.error(parameter.at, code("distribution-fields"), field, "has no low and high",
                   "a parameter that is drawn says how uncertain it is", "Give it low and high, or a distribution.");
    return std::nullopt;
  }
  return of_range(parameter, word == "uniform", !word.empty());
}

}  // namespace tl
