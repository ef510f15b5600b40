#include "scenarios/uncertain.hpp"

#include <algorithm>
#include <utility>

#include "models/parameter_uncertainty.hpp"
#include "models/units.hpp"
#include "scenarios/designs.hpp"
#include "scenarios/scenario_messages.hpp"

namespace tl {
namespace {

consteval Code code(std::string_view text) {
  return Code::in(kScenarioMessages, text);
}

/// The parameters that are to be drawn, in the table's order.
std::vector<const Parameter*> chosen(const UncertainSpec& spec, const ParameterTable& table,
                                     std::span<const std::string> used, Problems& problems) {
  std::vector<const Parameter*> wanted;
  if (spec.all) {
    for (const Parameter& parameter : table.all())
      if (can_be_drawn(parameter, table) && std::find(used.begin(), used.end(), parameter.id) != used.end())
        wanted.push_back(&parameter);
    if (wanted.empty())
      problems.error(spec.at, code("uncertain-parameter"), "uncertain.parameters", "there is none to draw",
                     "no parameter that the model uses has low and high or a distribution",
                     "Give some of them low and high in the table of parameters");
    return wanted;
  }
  for (const auto& [name, at] : spec.parameters) {
    const std::string id = name.starts_with("parameters.") ? name.substr(11) : name;
    const Parameter* parameter = table.find(id);
    if (parameter == nullptr) {
      if (table.is_broken(id)) continue;
      const std::string near = table.nearest(id);
      problems.error(at, code("uncertain-parameter"), "uncertain.parameters", "unknown parameter " + in_quotes(id),
                     "the model has none of that name", near.empty() ? "" : "Did you mean \"" + near + "\"?");
    } else if (const auto origins = table.origins_of(id); !origins.empty()) {
      problems.error(at, code("uncertain-parameter"), "uncertain.parameters", "\"" + id + "\" is computed from others",
                     "it follows those it is computed from", "Draw \"" + origins.front() + "\" instead");
    } else if (!can_be_drawn(*parameter, table)) {
      problems.error(at, code("uncertain-parameter"), "uncertain.parameters",
                     "\"" + id + "\" has neither low and high nor a distribution",
                     "a parameter that is drawn says how uncertain it is", "Give it low and high in the model");
    } else if (std::find(wanted.begin(), wanted.end(), parameter) == wanted.end()) {
      wanted.push_back(parameter);
    }
  }
  if (wanted.empty() && !problems.has_errors())
    problems.error(spec.at, code("uncertain-parameter"), "uncertain.parameters", "names none",
                   "something has to be uncertain", "Write parameters = \"all\"");
  return wanted;
}

/// What stands behind a number of a dimension: "d" of "1 d".
std::string unit_behind(Dimension dimension) {
  const std::string one = shown(1.0, dimension);
  const std::size_t end = one.find_first_not_of("$1");
  return end == std::string::npos ? "" : one.substr(one.find_first_not_of(' ', end));
}

}  // namespace

std::vector<Change> Uncertain::changes(std::uint32_t draw) const {
  std::vector<Change> made;
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    Change change{.kind = Change::Kind::set, .path = "parameters." + parameters[p].id, .value = {}, .at = at};
    change.value.at = change.value.key_at = at;
    change.value.number = value(draw, p);
    change.value.text = shown(change.value.number);
    if (parameters[p].cell_unit.empty())
      change.value.kind = Cell::Kind::number;
    else
      change.value.text += ' ' + parameters[p].cell_unit;
    made.push_back(std::move(change));
  }
  return made;
}

std::optional<Uncertain> draw_parameters(const UncertainSpec& spec, const ParameterTable& table,
                                         std::span<const std::string> used, std::uint64_t seed, const Limits& limits,
                                         Problems& problems) {
  const std::size_t errors = problems.error_count();
  Uncertain made;
  made.draws = spec.draws;
  made.every = spec.every;
  made.at = spec.at;
  std::vector<std::vector<double>> columns;
  for (const Parameter* parameter : chosen(spec, table, used, problems)) {
    const auto uncertainty = uncertainty_of(*parameter, limits, problems);
    if (!uncertainty) continue;
    const bool own_unit = !parameter->unit.empty() || parameter->dimension == kPlain;
    made.parameters.push_back({.id = parameter->id,
                               .unit = own_unit ? parameter->unit : unit_behind(parameter->dimension),
                               .words = uncertainty->words,
                               .stated = uncertainty->stated,
                               .cell_unit = own_unit ? "" : unit_behind(parameter->dimension)});
    columns.push_back(latin_column(seed, "uncertain", "parameters." + parameter->id, spec.draws));
    for (double& value : columns.back()) value = uncertainty->at(value) / parameter->unit_scale;
  }
  if (problems.error_count() > errors) return std::nullopt;
  for (std::uint32_t draw = 0; draw < spec.draws; ++draw)
    for (const std::vector<double>& column : columns) made.values.push_back(column[draw]);
  return made;
}

}  // namespace tl
