#include "models/read_distribution_rows.hpp"

#include <algorithm>
#include <cmath>

namespace tl::reading {
namespace {

constexpr std::size_t kMostRows = 100'000;

/// A list of numbers; nullopt when one of them cannot be read.
std::optional<std::vector<double>> read_list(Context& context, const Cell& cell, const std::string& field,
                                             const NumberRule& rule) {
  if (cell.is_table()) {
    read_text(context, cell, field);
    return std::nullopt;
  }
  const std::vector<Cell> items = pieces_of(cell, '|');
  if (items.empty() || items.size() > kMostRows) {
    context.error(cell.at, code("list-length"), field, std::to_string(items.size()) + " numbers",
                  "from 1 to " + std::to_string(kMostRows) + " are possible");
    return std::nullopt;
  }
  std::vector<double> numbers;
  for (const Cell& item : items)
    if (const auto number = read_scalar(context, item, field, rule)) numbers.push_back(*number);
  if (numbers.size() != items.size()) return std::nullopt;
  return numbers;
}

NumberRule value_rule(const Context& context, Dimension dimension) {
  return rule_of("value", Shape::discrete, dimension, context.limits);
}

const NumberRule kShare{.dimension = kPlain, .range = Range::share()};

bool same_length(Context& context, const Cell& cell, const std::string& field, std::size_t count, std::size_t due,
                 const char* word) {
  if (count == due) return true;
  context.error(cell.at, code("list-length"), field,
                std::to_string(count) + ' ' + word + " for " + std::to_string(due) + " values",
                "every value has one share");
  return false;
}

bool read_discrete(Context& context, const Cell& cell, VaryingDistribution& made, Dimension dimension) {
  const Cell& share_cell = *cell.find("shares");
  const auto values = read_list(context, *cell.find("values"), made.path + ".values", value_rule(context, dimension));
  const auto shares = read_list(context, share_cell, made.path + ".shares", kShare);
  if (!values || !shares ||
      !same_length(context, share_cell, made.path + ".shares", shares->size(), values->size(), "shares"))
    return false;
  double sum = 0.0;
  for (std::size_t i = 0; i < values->size(); ++i) {
    made.steps.emplace_back((*values)[i], (*shares)[i]);
    sum += (*shares)[i];
  }
  if (std::abs(sum - 1.0) > 1e-9)
    context.error(share_cell.at, code("distribution-shares"), made.path + ".shares",
                  "sum to " + shown(std::round(sum * 1e9) / 1e9), "the shares of a discrete distribution sum to 1");
  std::stable_sort(made.steps.begin(), made.steps.end(), [](auto a, auto b) { return a.first < b.first; });
  return true;
}

bool read_empirical(Context& context, const Cell& cell, VaryingDistribution& made, Dimension dimension) {
  const auto values = read_list(context, *cell.find("values"), made.path + ".values", value_rule(context, dimension));
  if (!values) return false;
  for (const double value : *values) made.steps.emplace_back(value, 1.0 / static_cast<double>(values->size()));
  std::stable_sort(made.steps.begin(), made.steps.end(), [](auto a, auto b) { return a.first < b.first; });
  return true;
}

/// After the list its last chance goes on. Stays are followed until one in 10^9 is left, or for the longest horizon.
bool read_hazard(Context& context, const Cell& cell, VaryingDistribution& made, Dimension dimension) {
  const Cell &step_cell = *cell.find("step"), &chance_cell = *cell.find("chances");
  const double most = dimension == kDuration ? context.limits.horizon_days : 1e9;
  const auto step = read_scalar(context, step_cell, made.path + ".step",
                                {.dimension = dimension, .range = Range::above_to(0.0, most)});
  const auto chances = read_list(context, chance_cell, made.path + ".chances", kShare);
  if (!step || !chances) return false;
  if (!(chances->back() > 0.0)) {
    context.error(chance_cell.at, code("distribution-shares"), made.path + ".chances", "end with a chance of 0",
                  "the last chance goes on for ever, so those left would never end", "Let the list end with 1.");
    return false;
  }
  double left = 1.0;
  for (std::size_t row = 0; left > 1e-9 && *step * static_cast<double>(row) < most; ++row) {
    if (row == kMostRows) {
      context.error(step_cell.at, code("list-length"), made.path + ".step",
                    "is so short that the table would have more than " + std::to_string(kMostRows) + " steps",
                    "the last chance goes on until nobody is left", "Take longer steps, or let the list end with 1.");
      return false;
    }
    const double chance = (*chances)[std::min(row, chances->size() - 1)];
    made.steps.emplace_back(*step * static_cast<double>(row + 1), chance);
    left *= 1.0 - chance;
  }
  made.steps.back().second = 1.0;
  return true;
}

bool rises(const std::vector<double>& numbers) {
  return std::adjacent_find(numbers.begin(), numbers.end(), std::greater_equal<>{}) == numbers.end();
}

bool read_quantiles(Context& context, const Cell& cell, VaryingDistribution& made, Dimension dimension) {
  const Cell &value_cell = *cell.find("values"), &below_cell = *cell.find("below");
  const auto values = read_list(context, value_cell, made.path + ".values", value_rule(context, dimension));
  const auto below = read_list(context, below_cell, made.path + ".below", kShare);
  if (!values || !below ||
      !same_length(context, below_cell, made.path + ".below", below->size(), values->size(), "shares"))
    return false;
  const auto refuse = [&](const Cell& at, const char* field, std::string what, std::string why, std::string hint) {
    context.error(at.at, code("distribution-order"), made.path + field, std::move(what), std::move(why),
                  std::move(hint));
    return false;
  };
  if (values->size() < 2)
    return refuse(value_cell, ".values", "is a single value", "two values or more say how a stay varies",
                  "Write values = [\"14 d\", \"40 d\"], below = [0.5, 0.9].");
  if (!rises(*values) || !(values->front() > 0.0))
    return refuse(value_cell, ".values", "do not rise from above 0", "each value is above the one before", "");
  if (!rises(*below) || !(below->front() > 0.0))
    return refuse(below_cell, ".below", "do not rise from above 0", "more stay below a greater value", "");
  if (values->size() > 2 && below->back() < 1.0)
    return refuse(below_cell, ".below", "end with " + shown(below->back()),
                  "between more than two values the chance goes along lines, and nothing says how long the rest stay",
                  "Add the greatest value, with the share 1; or give two values: then it is a lognormal.");
  for (std::size_t i = 0; i < values->size(); ++i) made.steps.emplace_back((*values)[i], (*below)[i]);
  return true;
}

/// A part without its share: a distribution like any other.
Cell without_share(const Cell& part) {
  Cell rest = part;
  std::erase_if(rest.fields, [](const auto& field) { return field.first == "share"; });
  return rest;
}

bool read_mixture(Context& context, const Cell& cell, VaryingDistribution& made, Dimension dimension) {
  const Cell& parts = *cell.find("parts");
  const std::string field = made.path + ".parts";
  if (!parts.is_list() || parts.items.empty()) {
    context.error(parts.at, code("field-kind"), field, "is no list", "a list of distributions with shares is due",
                  "parts = [ { share = 0.8, kind = \"exponential\", mean = \"5 d\" }, ... ]");
    return false;
  }
  double sum = 0.0;
  bool good = true;
  for (std::size_t i = 0; i < parts.items.size(); ++i) {
    const Cell& part = parts.items[i];
    const std::string path = field + '#' + std::to_string(i + 1);
    const Cell* share_cell = part.find("share");
    if (share_cell == nullptr) {
      context.error(part.at, code("distribution-fields"), path, "lacks share", "a part of a mixture has a share");
      good = false;
      continue;
    }
    const auto share = read_scalar(context, *share_cell, path + ".share", kShare);
    auto one = read_distribution(context, without_share(part), path, dimension);
    good = good && share && one;
    if (!share || !one) continue;
    sum += *share;
    made.parts.push_back({*share, std::move(*one)});
  }
  if (good && std::abs(sum - 1.0) > 1e-9)
    context.error(parts.at, code("distribution-shares"), field,
                  "have shares that sum to " + shown(std::round(sum * 1e9) / 1e9), "the shares of a mixture sum to 1");
  return good;
}

}  // namespace

bool read_distribution_rows(Context& context, const Cell& cell, VaryingDistribution& made, Dimension dimension) {
  switch (made.shape) {
    case Shape::discrete:
      return read_discrete(context, cell, made, dimension);
    case Shape::empirical:
      return read_empirical(context, cell, made, dimension);
    case Shape::hazard:
      return read_hazard(context, cell, made, dimension);
    case Shape::quantiles:
      return read_quantiles(context, cell, made, dimension);
    case Shape::mixture:
      return read_mixture(context, cell, made, dimension);
    default:
      return true;
  }
}

}  // namespace tl::reading
