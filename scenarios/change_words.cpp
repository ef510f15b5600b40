#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "models/levers.hpp"
#include "models/schema.hpp"
#include "models/units.hpp"
#include "scenarios/diff.hpp"
#include "scenarios/row_words.hpp"
#include "sim/maths.hpp"

// What a scenario changes, as a planner would say it.
namespace tl {
namespace {

using namespace words;

/// What an address of a change points at in the model as written.
struct Found {
  std::string table, key, field;
  const Row* row = nullptr;
  const Cell* cell = nullptr;
};

const Cell* cell_at(const Row& row, std::string_view path) {
  if (const Cell* whole = row.find(path)) return whole;
  const std::size_t dot = path.find('.');
  const Cell* cell = row.find(path.substr(0, dot));
  while (cell != nullptr && dot != std::string_view::npos) {
    path.remove_prefix(path.find('.') + 1);
    const std::size_t next = path.find('.');
    cell = cell->is_table() ? cell->find(path.substr(0, next)) : nullptr;
    if (next == std::string_view::npos) break;
  }
  return cell;
}

/// The row whose name is the longest fitting part of the address: names may hold dots ("arrivals.street>jail").
Found find_address(const Document& model, const std::string& path) {
  const std::size_t dot = path.find('.');
  Found found{.table = path.substr(0, dot), .key = "", .field = "", .row = nullptr, .cell = nullptr};
  const std::string rest = dot == std::string::npos ? "" : path.substr(dot + 1);
  if (is_single_table(found.table)) {  // one table without rows
    found.field = rest;
    found.cell = cell_at(model.head, path);
    return found;
  }
  for (const auto& [key, row] : named_rows(model.find(found.table))) {
    const bool fits = rest == key || rest.rfind(key + '.', 0) == 0;
    if (!fits || key.size() < found.key.size()) continue;
    found.key = key;
    found.row = row;
  }
  if (found.row == nullptr) {
    const std::size_t next = rest.find('.');
    found.key = rest.substr(0, next);
    found.field = next == std::string::npos ? "" : rest.substr(next + 1);
    return found;
  }
  found.field = rest.size() > found.key.size() ? rest.substr(found.key.size() + 1) : "";
  if (found.field.empty() && found.table == "parameters") found.field = "value";
  if (!found.field.empty()) found.cell = cell_at(*found.row, found.field);
  return found;
}

/// "Capacity of Crisis residential", "Parameter beds", "Every" of the model itself.
std::string words_of_change(const Found& found) {
  const bool whole_row = found.field.empty() || (found.table == "parameters" && found.field == "value");
  if (is_single_table(found.table)) return words_of_field(whole_row ? found.table : found.field);
  const std::string row = words_of_row(found.table, found.key, found.row);
  return whole_row ? words_of_field(row.substr(0, 1)) + row.substr(1) : words_of_field(found.field) + " of " + row;
}

/// A text like "7000 / y": its number and what follows it; nothing when it begins with no number.
std::optional<std::pair<double, std::string>> leading_number(const std::string& text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
  const auto number = parse_number(std::string_view{text}.substr(0, end));
  if (!std::holds_alternative<double>(number)) return std::nullopt;
  const std::string rest = text.substr(end);
  if (rest.find_first_of("+-*(,") != std::string::npos) return std::nullopt;  // a formula
  return std::pair{std::get<double>(number), rest};
}

/// Twelve digits are enough to read, and hide what binary fractions do to 43 * 1.1.
double tidy(double value) {
  if (value == 0.0 || !std::isfinite(value)) return value;
  const double unit = std::pow(10.0, std::floor(std::log10(std::abs(value))) - 11.0);
  const double tidied = std::round(value / unit) * unit;
  return std::isfinite(tidied) ? std::round(tidied * 1e9) / 1e9 : value;
}

/// One change of an address, by the scenario itself or by a lever.
struct Part {
  const Change* change = nullptr;
  double strength = 1.0;
  std::string lever;  ///< its id; empty: the scenario's own
};

/// All that changes one address, in the order in which it counts: the last set, scales, adds.
struct Changed {
  std::string path;
  std::optional<Part> set;
  std::vector<Part> scales, adds;
  std::vector<std::string> makers;  ///< levers, once each

  void add(Part part) {
    if (!part.lever.empty() && std::find(makers.begin(), makers.end(), part.lever) == makers.end())
      makers.push_back(part.lever);
    if (part.change->kind == Change::Kind::set)
      set = std::move(part);
    else
      (part.change->kind == Change::Kind::scale ? scales : adds).push_back(std::move(part));
  }
  bool is_set_alone() const { return set && set->strength == 1.0 && scales.empty() && adds.empty(); }
};

double factor_of(double scale, double strength) {
  return strength == 1.0 ? scale : scale > 0.0 ? power(scale, strength) : 0.0;
}

/// The outcome as text, where it is a plain number with or without unit.
std::optional<std::string> outcome_of(const Changed& changed, const std::optional<std::string>& before) {
  std::optional<std::pair<double, std::string>> now = before ? leading_number(*before) : std::nullopt;
  // A bare number counts in the field's own unit ("beds" of a column); where one is due it was refused.
  const auto read = [&](const Part& part) -> std::optional<double> {
    const auto value = leading_number(shown(part.change->value));
    const bool same_unit = value && now && (value->second == now->second || value->second.empty());
    return same_unit ? std::optional{value->first} : std::nullopt;
  };
  if (changed.set) {
    const auto to = leading_number(shown(changed.set->change->value));
    if (changed.set->strength == 1.0) {
      if (!to) return std::nullopt;
      now = std::pair{to->first, to->second.empty() && now ? now->second : to->second};
    } else {
      const auto value = read(*changed.set);
      if (!value) return std::nullopt;
      now->first += changed.set->strength * (*value - now->first);
    }
  }
  if (!now) return std::nullopt;
  for (const Part& part : changed.scales) {
    const auto by = leading_number(shown(part.change->value));
    if (!by || !by->second.empty()) return std::nullopt;
    now->first *= factor_of(by->first, part.strength);
  }
  for (const Part& part : changed.adds) {
    const auto shown_value = shown(part.change->value);
    const bool is_less = shown_value.starts_with('-');
    const auto value = leading_number(is_less ? shown_value.substr(1) : shown_value);
    if (!value || !(value->second == now->second || value->second.empty())) return std::nullopt;
    now->first += part.strength * (is_less ? -value->first : value->first);
  }
  return shown(tidy(now->first)) + now->second;
}

/// "times 0.9, plus 3 d" where the outcome is no plain number.
std::string in_steps(const Changed& changed) {
  std::string text;
  const auto add = [&](const Part& part, const char* verb) {
    text += (text.empty() ? "" : ", ") + std::string{verb};
    if (part.change->kind == Change::Kind::scale && part.strength != 1.0) {
      const auto by = leading_number(shown(part.change->value));
      text += by ? shown(tidy(factor_of(by->first, part.strength))) : shown(part.change->value);
      if (by) return;
    } else {
      text += shown(part.change->value);
    }
    if (part.strength != 1.0) text += " at strength " + shown(part.strength);
  };
  if (changed.set) add(*changed.set, "set to ");
  for (const Part& part : changed.scales) add(part, "times ");
  for (const Part& part : changed.adds) add(part, "plus ");
  return text;
}

std::string outcome_words(const Changed& changed, const std::optional<std::string>& before) {
  if (changed.is_set_alone()) return before.value_or("(none)") + " -> " + shown(changed.set->change->value);
  if (before || changed.set)
    if (const auto after = outcome_of(changed, before)) return before.value_or("(none)") + " -> " + *after;
  return (before ? *before + ", " : "") + in_steps(changed);
}

/// "from 2021-07-01, growing over 6 mo"; empty for the whole run.
std::string dates_of(const LeverInUse& lever) {
  if (!lever.starts) return "";
  return "from " + shown(*lever.starts) + (lever.ramp ? ", growing over " + shown(*lever.ramp) : "");
}

std::string words_of_lever(const LeverSpec& spec, const LeverInUse& use) {
  const std::string dates = dates_of(use);
  return "Lever " + (spec.name.empty() ? spec.id : spec.name) + " (levers." + spec.id +
         "): " + (use.strength == 1.0 ? std::string{"all of it"} : "strength " + shown(use.strength)) +
         (dates.empty() ? "" : ", " + dates);
}

std::string words_of_number(const Document& model, const Changed& changed,
                            const std::map<std::string, std::string>& dates) {
  const Found found = find_address(model, changed.path);
  const Cell* base = found.cell != nullptr && found.cell->is_table() ? found.cell->find("base") : nullptr;
  // All values of a number that varies are scaled or added to; its base speaks for them.
  const bool varies = base != nullptr && !changed.is_set_alone();
  std::optional<std::string> before;
  if (found.cell != nullptr) before = shown(varies ? *base : *found.cell);
  std::string text = words_of_change(found) + " (" + changed.path + "): " + outcome_words(changed, before);
  if (varies) text += ", its dated and varied values likewise";
  std::string makers;
  for (const std::string& id : changed.makers) {
    const std::string& since = dates.at(id);
    makers += (makers.empty() ? "by " : "; by ") + id + (since.empty() ? "" : ' ' + since);
  }
  return makers.empty() ? text : text + " (" + makers + ')';
}

}  // namespace

std::vector<std::string> in_words(const Document& model, std::span<const Change> changes) {
  Problems told_elsewhere;
  const std::vector<LeverSpec> levers = read_levers(model, Limits{}, told_elsewhere);
  std::vector<std::string> told;
  std::vector<Changed> numbers;
  std::map<std::string, std::string> dates;  // by lever
  const auto add = [&](Part part) {
    std::string path = part.change->path;
    if (path.rfind("parameters.", 0) == 0 && path.ends_with(".value")) path.resize(path.size() - 6);
    auto at = std::find_if(numbers.begin(), numbers.end(), [&](const Changed& one) { return one.path == path; });
    if (at == numbers.end()) at = numbers.insert(at, {.path = path, .set = {}, .scales = {}, .adds = {}, .makers = {}});
    at->add(std::move(part));
  };
  for (const LeverInUse& use : levers_in_use(levers, changes, told_elsewhere)) {
    if (use.strength == 0.0) continue;
    const LeverSpec& spec = levers[use.lever];
    told.push_back(words_of_lever(spec, use));
    dates[spec.id] = dates_of(use);
    for (const LeverChange& change : spec.changes) add({&change.change, use.strength, spec.id});
  }
  for (const Change& change : changes)
    if (!is_about_lever(change.path)) add({&change, 1.0, ""});
  for (const Changed& changed : numbers) told.push_back(words_of_number(model, changed, dates));
  return told;
}

}  // namespace tl
