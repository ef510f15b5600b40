#include "scenarios/sweep.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "models/schema.hpp"
#include "models/units.hpp"
#include "scenarios/designs.hpp"
#include "scenarios/scenario_messages.hpp"
#include "sim/maths.hpp"

namespace tl {
namespace {

consteval Code code(std::string_view text) {
  return Code::in(kScenarioMessages, text);
}

constexpr double kAsInBase = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<std::string_view, 5> kWords{"grid", "list", "latin_hypercube", "sobol", "one_at_a_time"};

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
  return first == std::string_view::npos ? "" : std::string{text.substr(first, last - first + 1)};
}

/// A number and what stands behind it, not brought to other units.
struct WrittenNumber {
  double value = 0.0;
  std::string unit;
  bool money = false, heading = false;
  bool same_unit(const WrittenNumber& other) const { return unit == other.unit && money == other.money; }
};

std::optional<WrittenNumber> written_number(const Cell& cell, const std::string& field, Problems& problems) {
  if (cell.is_number()) return WrittenNumber{cell.number, cell.unit, false, !cell.unit.empty()};
  if (!cell.is_text()) {
    problems.error(cell.at, code("sweep-factor"), field, "is no number", "a factor takes numbers",
                   "Write for instance 20 or \"14 d\"");
    return std::nullopt;
  }
  const auto quantity = parse_quantity(cell.text);
  if (const auto* fault = std::get_if<UnitFault>(&quantity)) {
    problems.error(place_in(cell, fault->offset), fault->code, field, fault->what, fault->why, fault->hint);
    return std::nullopt;
  }
  const std::size_t begin = cell.text.find_first_not_of(" \t");
  const auto scanned = scan_number(cell.text, begin, false);
  const auto& number = std::get<NumberScan>(scanned);
  return WrittenNumber{number.value, trimmed(std::string_view{cell.text}.substr(number.end)), number.is_money, false};
}

/// Whether the field that an address names counts something, so that only whole numbers mean anything.
bool counts_something(const std::string& address) {
  const std::size_t first = address.find('.');
  const std::string table = address.substr(0, first);
  for (std::size_t dot = first; dot != std::string::npos; dot = address.find('.', dot + 1))
    if (const FieldEntry* entry = find_field(table, std::string_view{address}.substr(dot + 1)))
      return entry->unit == FieldUnit::count;
  return false;
}

bool is_whole(double value) {
  return std::isnan(value) || value == std::floor(value);
}

/// One factor of a spec, made with what the model knows of it.
class FactorMaker {
 public:
  FactorMaker(const FactorSpec& spec, Design design, const ParameterTable& parameters, Problems& problems)
      : spec_{spec},
        design_{design},
        field_{"sweep.over." + spec.address},
        parameter_{spec.address.starts_with("parameters.") ? parameters.find(spec.address.substr(11)) : nullptr},
        problems_{problems} {}

  /// @param listed  the values of a list's column
  std::optional<Factor> make(const std::vector<std::optional<Cell>>& listed) {
    const std::size_t errors = problems_.error_count();
    factor_.address = spec_.address;
    factor_.at = spec_.at;
    factor_.log = spec_.log;
    for (const std::optional<Cell>& cell : listed) factor_.levels.push_back(cell ? number(*cell) : kAsInBase);
    for (const Cell& cell : spec_.values) factor_.levels.push_back(number(cell));
    factor_.levels.empty() ? take_range() : span_levels();
    if (problems_.error_count() > errors) return std::nullopt;
    finish();
    if (problems_.error_count() > errors) return std::nullopt;
    return std::move(factor_);
  }

 private:
  double number(const Cell& cell) {
    const auto written = written_number(cell, field_, problems_);
    if (!written) return 0.0;
    if (!unit_) {
      unit_ = written;
    } else if (!unit_->same_unit(*written)) {
      problems_.error(cell.at, code("sweep-factor"), field_, "has two units", "a factor's numbers are all in one unit",
                      "Write " + (unit_->unit.empty() ? "all without a unit" : "all in " + unit_->unit));
    }
    return written->value;
  }

  void take_range() {
    if (design_ == Design::list) return;
    if (!spec_.low || !spec_.high) default_range();
    if (spec_.low) factor_.low = number(*spec_.low);
    if (spec_.high) factor_.high = number(*spec_.high);
  }

  /// A parameter's own range; a lever's is from nothing to all of it.
  void default_range() {
    if (spec_.address.starts_with("levers.")) {
      factor_.high = 1.0;
      return;
    }
    if (parameter_ == nullptr || !parameter_->low || !parameter_->high)
      return problems_.error(spec_.at, code("sweep-range"), field_,
                             spec_.low || spec_.high ? "has one end only" : "has no range",
                             "a parameter's own low and high are taken where it has them, and it has none here",
                             "Write { low = ..., high = ... }");
    factor_.low = *parameter_->low / parameter_->unit_scale;
    factor_.high = *parameter_->high / parameter_->unit_scale;
    // A parameter without a unit column says its unit in the value, and so must the points.
    if (parameter_->unit.empty() && !(parameter_->dimension == kPlain)) {
      Cell one;
      one.text = shown(1.0, parameter_->dimension);
      unit_ = written_number(one, field_, problems_);
    } else {
      unit_ = WrittenNumber{};
    }
  }

  void span_levels() {
    const auto less = [](double a, double b) { return a < b; };
    std::vector<double> there;
    for (const double level : factor_.levels)
      if (!std::isnan(level)) there.push_back(level);
    if (there.empty()) return;
    factor_.low = *std::min_element(there.begin(), there.end(), less);
    factor_.high = *std::max_element(there.begin(), there.end(), less);
  }

  void finish() {
    if (unit_) {
      factor_.written_unit = unit_->unit;
      factor_.money = unit_->money;
      factor_.heading = unit_->heading;
    }
    const bool bare = factor_.written_unit.empty() && !factor_.money;
    factor_.unit =
        bare && parameter_ != nullptr ? parameter_->unit : (factor_.money ? "$ " : "") + factor_.written_unit;
    factor_.whole = counts_something(spec_.address) && is_whole(factor_.low) && is_whole(factor_.high) &&
                    std::all_of(factor_.levels.begin(), factor_.levels.end(), is_whole);
    const bool needs_range = factor_.levels.empty() && design_ != Design::list;
    if (needs_range && !(factor_.low < factor_.high))
      problems_.error(spec_.at, code("sweep-range"), field_,
                      "goes from " + shown(factor_.low) + " to " + shown(factor_.high),
                      "the low end is below the high end");
    else if (factor_.log && !(factor_.low > 0.0))
      problems_.error(spec_.at, code("sweep-range"), field_, "begins at " + shown(factor_.low),
                      "along a logarithm all numbers are above 0", "Write scale = \"linear\"");
    else if (needs_range && spec_.steps)
      step_levels(*spec_.steps);
    else if (needs_range && (design_ == Design::grid || design_ == Design::one_at_a_time))
      step_levels(2);
  }

  void step_levels(std::uint32_t steps) {
    for (std::uint32_t i = 0; i < steps; ++i) {
      double level = i + 1 == steps ? factor_.high : i == 0 ? factor_.low : between(i / (steps - 1.0));
      if (factor_.whole) level = std::round(level);
      if (factor_.levels.empty() || factor_.levels.back() != level) factor_.levels.push_back(level);
    }
  }

  double between(double share) const {
    if (!factor_.log) return factor_.low + share * (factor_.high - factor_.low);
    return factor_.low * exponential(share * natural_log(factor_.high / factor_.low));
  }

  const FactorSpec& spec_;
  Design design_;
  std::string field_;
  const Parameter* parameter_;
  Problems& problems_;
  std::optional<WrittenNumber> unit_;
  Factor factor_;
};

std::vector<std::optional<Cell>> column_of(const SweepSpec& spec, std::size_t factor) {
  std::vector<std::optional<Cell>> column;
  for (const auto& row : spec.rows) column.push_back(row[factor]);
  return column;
}

/// How many points the design has; more than can be counted is told as infinity.
double points_of(const SweepSpec& spec, const std::vector<Factor>& factors) {
  double points = spec.design == Design::one_at_a_time ? 0.0 : 1.0;
  for (const Factor& factor : factors) {
    const auto levels = static_cast<double>(factor.levels.size());
    if (spec.design == Design::grid) points *= levels;
    if (spec.design == Design::one_at_a_time) points += levels;
  }
  if (spec.design == Design::list) points = static_cast<double>(spec.rows.size());
  if (spec.design == Design::sobol || spec.design == Design::latin_hypercube) points = *spec.points;
  return points;
}

/// All combinations; the last factor changes fastest.
void lay_grid(Sweep& sweep) {
  for (std::uint32_t point = 0; point < sweep.points; ++point) {
    std::vector<double> row(sweep.factors.size());
    std::uint32_t rest = point;
    for (std::size_t f = sweep.factors.size(); f-- > 0;) {
      const auto levels = static_cast<std::uint32_t>(sweep.factors[f].levels.size());
      row[f] = sweep.factors[f].levels[rest % levels];
      rest /= levels;
    }
    sweep.values.insert(sweep.values.end(), row.begin(), row.end());
  }
}

void lay_one_at_a_time(Sweep& sweep) {
  for (std::size_t f = 0; f < sweep.factors.size(); ++f)
    for (const double level : sweep.factors[f].levels) {
      std::vector<double> row(sweep.factors.size(), kAsInBase);
      row[f] = level;
      sweep.values.insert(sweep.values.end(), row.begin(), row.end());
    }
}

void lay_list(Sweep& sweep) {
  for (std::uint32_t point = 0; point < sweep.points; ++point)
    for (const Factor& factor : sweep.factors) sweep.values.push_back(factor.levels[point]);
}

void lay_samples(Sweep& sweep, std::uint64_t seed) {
  const std::size_t factors = sweep.factors.size();
  std::vector<std::string_view> names;
  for (const Factor& factor : sweep.factors) names.push_back(factor.address);
  if (sweep.design == Design::sobol) {
    sweep.values = sobol_points(seed, names, sweep.points);
  } else {
    sweep.values.resize(sweep.points * factors);
    for (std::size_t f = 0; f < factors; ++f) {
      const std::vector<double> column = latin_column(seed, "latin_hypercube", names[f], sweep.points);
      for (std::uint32_t point = 0; point < sweep.points; ++point) sweep.values[point * factors + f] = column[point];
    }
  }
  for (std::size_t i = 0; i < sweep.values.size(); ++i)
    sweep.values[i] = sweep.factors[i % factors].at_share(sweep.values[i]);
}

bool check_size(const SweepSpec& spec, const std::vector<Factor>& factors, std::uint64_t most, Problems& problems) {
  const double points = points_of(spec, factors);
  if (points > static_cast<double>(most)) {
    problems.error(spec.at, code("sweep-count"), "sweep", "has " + shown(points) + " points",
                   "at most " + std::to_string(most) + " are run",
                   spec.design == Design::grid ? "Try fewer steps, or design = \"sobol\" with some hundred points"
                                               : "Try fewer points");
    return false;
  }
  if (spec.design == Design::sobol && factors.size() > kMostSobolFactors) {
    problems.error(spec.at, code("sweep-count"), "sweep.over", "has " + std::to_string(factors.size()) + " factors",
                   "a Sobol design has at most " + std::to_string(kMostSobolFactors),
                   "Try design = \"latin_hypercube\"");
    return false;
  }
  if (points >= 1.0) return true;
  problems.error(spec.at, code("sweep-list"), "sweep.points", "has no point", "a list has at least one");
  return false;
}

}  // namespace

std::string_view word_of(Design design) {
  return kWords[static_cast<std::size_t>(design)];
}

Design design_of(std::string_view word) {
  return static_cast<Design>(std::find(kWords.begin(), kWords.end(), word) - kWords.begin());
}

Cell Factor::cell(double value) const {
  Cell cell;
  cell.at = cell.key_at = at;
  cell.text = shown(value);
  if (written_unit.empty() && !money) {
    cell.kind = Cell::Kind::number;
    cell.number = value;
  } else if (heading) {
    cell.kind = Cell::Kind::number;
    cell.number = value;
    cell.unit = written_unit;
  } else {
    cell.text =
        (money ? "$" : "") + cell.text + (written_unit == "%" || written_unit.empty() ? "" : " ") + written_unit;
  }
  return cell;
}

double Factor::at_share(double u) const {
  if (!levels.empty()) {
    const auto at_level = static_cast<std::size_t>(u * static_cast<double>(levels.size()));
    return levels[std::min(at_level, levels.size() - 1)];
  }
  double value = log ? low * exponential(u * natural_log(high / low)) : low + u * (high - low);
  if (!whole) return std::clamp(value, low, high);
  // Each whole number, the ends included, has an equal part of the range (along the logarithm: of the numbers' own).
  if (log)
    value = std::round(value);
  else
    value = std::floor(low + u * (high - low + 1.0));
  return std::clamp(value, low, high);
}

std::vector<Change> Sweep::changes(std::uint32_t point) const {
  std::vector<Change> made;
  for (std::size_t f = 0; f < factors.size(); ++f) {
    const double number = value(point, f);
    if (std::isnan(number)) continue;
    made.push_back(
        {.kind = Change::Kind::set, .path = factors[f].address, .value = factors[f].cell(number), .at = factors[f].at});
  }
  return made;
}

std::string Sweep::name(std::uint32_t point) const {
  constexpr std::size_t kMostNamed = 6;
  std::string text = "sweep point " + std::to_string(point + 1);
  if (!labels.empty() && !labels[point].empty()) text += " \"" + labels[point] + '"';
  std::size_t named = 0, left = 0;
  std::string numbers;
  for (std::size_t f = 0; f < factors.size(); ++f) {
    const double number = value(point, f);
    if (std::isnan(number)) continue;
    if (++named > kMostNamed) {
      ++left;
      continue;
    }
    numbers += (numbers.empty() ? "" : ", ") + factors[f].address + " = " + factors[f].cell(number).text;
  }
  if (left > 0) numbers += " and " + std::to_string(left) + " more";
  return numbers.empty() ? text : text + " (" + numbers + ')';
}

std::optional<Sweep> lay_out(const SweepSpec& spec, const ParameterTable& parameters, std::uint64_t seed,
                             std::uint64_t most, Problems& problems) {
  const std::size_t errors = problems.error_count();
  Sweep sweep;
  sweep.design = spec.design;
  sweep.base = spec.base;
  sweep.every = spec.every;
  for (std::size_t f = 0; f < spec.factors.size(); ++f)
    if (auto factor = FactorMaker{spec.factors[f], spec.design, parameters, problems}.make(column_of(spec, f)))
      sweep.factors.push_back(std::move(*factor));
  if (problems.error_count() > errors || !check_size(spec, sweep.factors, most, problems)) return std::nullopt;
  sweep.points = static_cast<std::uint32_t>(points_of(spec, sweep.factors));
  if (spec.design == Design::grid) lay_grid(sweep);
  if (spec.design == Design::one_at_a_time) lay_one_at_a_time(sweep);
  if (spec.design == Design::list) {
    lay_list(sweep);
    const auto named = [](const std::string& label) { return !label.empty(); };
    if (std::any_of(spec.labels.begin(), spec.labels.end(), named)) sweep.labels = spec.labels;
  }
  if (spec.design == Design::sobol || spec.design == Design::latin_hypercube) lay_samples(sweep, seed);
  return sweep;
}

}  // namespace tl
