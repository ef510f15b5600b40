#include <algorithm>
#include <array>
#include <cmath>

#include "models/read_context.hpp"
#include "models/read_distribution_rows.hpp"
#include "models/schema.hpp"
#include "models/suggest.hpp"

namespace tl::reading {
namespace {

/// The fields a shape takes; a lognormal has three ways.
struct ShapeFields {
  std::string_view name;
  Shape shape;
  std::vector<std::vector<std::string>> ways;
};

const std::vector<ShapeFields>& shape_fields() {
  static const std::vector<ShapeFields> shapes{
      {"constant", Shape::constant, {{"value"}}},
      {"exponential", Shape::exponential, {{"mean"}}},
      {"uniform", Shape::uniform, {{"low", "high"}}},
      {"triangular", Shape::triangular, {{"low", "mode", "high"}}},
      {"gamma", Shape::gamma, {{"mean", "cv"}}},
      {"erlang", Shape::erlang, {{"mean", "stages"}}},
      {"weibull", Shape::weibull, {{"scale", "shape"}}},
      {"lognormal", Shape::lognormal, {{"mean", "sd"}, {"mean", "median"}, {"mu", "sigma"}}},
      {"normal", Shape::normal, {{"mean", "sd"}}},
      {"discrete", Shape::discrete, {{"values", "shares"}}},
      {"generalised_pareto", Shape::generalised_pareto, {{"scale", "shape"}, {"low", "scale", "shape"}}},
      {"poisson", Shape::poisson, {{"mean"}}},
      {"empirical", Shape::empirical, {{"values"}}},
      {"hazard", Shape::hazard, {{"step", "chances"}}},
      {"mixture", Shape::mixture, {{"parts"}}},
      {"quantiles", Shape::quantiles, {{"values", "below"}}},
  };
  return shapes;
}

using Slot = std::optional<VaryingNumber> VaryingDistribution::*;
struct SlotName {
  std::string_view name;
  Slot slot;
};
constexpr std::array<SlotName, 13> kSlots{{{"value", &VaryingDistribution::value},
                                           {"mean", &VaryingDistribution::mean},
                                           {"sd", &VaryingDistribution::sd},
                                           {"median", &VaryingDistribution::median},
                                           {"cv", &VaryingDistribution::cv},
                                           {"low", &VaryingDistribution::low},
                                           {"mode", &VaryingDistribution::mode},
                                           {"high", &VaryingDistribution::high},
                                           {"scale", &VaryingDistribution::scale},
                                           {"shape", &VaryingDistribution::shape_parameter},
                                           {"mu", &VaryingDistribution::mu},
                                           {"sigma", &VaryingDistribution::sigma},
                                           {"stages", &VaryingDistribution::stages}}};

bool is_tail_field(std::string_view name) {
  return name == "kind" || name == "round" || name == "floor" || name == "shift" || name == "truncate" ||
         name == "absolute";
}

std::optional<Shape> read_kind(Context& context, const Cell& cell, const std::string& field,
                               const ShapeFields** fields) {
  std::vector<std::string> names;
  for (const ShapeFields& shape : shape_fields()) names.emplace_back(shape.name);
  const Cell* kind = cell.find("kind");
  if (kind == nullptr) {
    context.error(cell.at, code("distribution-kind"), field, "has no kind",
                  "a distribution says its shape: " + listed(names, 20),
                  "Write { kind = \"exponential\", mean = \"14 d\" }.");
    return std::nullopt;
  }
  const std::optional<std::string> text = read_text(context, *kind, field + ".kind");
  if (!text) return std::nullopt;
  for (const ShapeFields& shape : shape_fields())
    if (shape.name == *text) {
      *fields = &shape;
      return shape.shape;
    }
  context.error(kind->at, code("distribution-kind"), field + ".kind", "unknown kind \"" + *text + '"',
                "it is one of " + listed(names, 20),
                *text == "until_moved" ? "Write until_moved in the column `stay` itself, and leave stay.kind empty."
                                       : did_you_mean(*text, names));
  return std::nullopt;
}

/// Unknown fields, and fields of another shape. @return whether the shape has all it needs
bool check_shape_fields(Context& context, const Cell& cell, const std::string& field, const ShapeFields& shape) {
  std::vector<std::string> allowed;
  const std::vector<std::string>* best = &shape.ways.front();
  std::size_t most = 0;
  for (const std::vector<std::string>& way : shape.ways) {
    std::size_t there = 0;
    for (const std::string& name : way) {
      if (std::find(allowed.begin(), allowed.end(), name) == allowed.end()) allowed.push_back(name);
      there += cell.find(name) != nullptr ? 1 : 0;
    }
    if (there > most) {
      most = there;
      best = &way;
    }
  }
  bool good = true;
  for (const auto& [name, inner] : cell.fields) {
    if (is_tail_field(name) || std::find(best->begin(), best->end(), name) != best->end()) continue;
    good = false;
    if (refuse_later(context.problems, inner.key_at, field + '.' + name, "distribution", name)) continue;
    const bool is_known = find_field("distribution", name) != nullptr;
    context.error(inner.key_at, is_known ? code("distribution-fields") : code("field-unknown"), field + '.' + name,
                  (is_known ? "does not belong to " : "unknown field of ") + std::string{shape.name},
                  std::string{shape.name} + " has " + listed(*best), is_known ? "" : did_you_mean(name, allowed));
  }
  std::vector<std::string> missing;
  for (const std::string& name : *best)
    if (cell.find(name) == nullptr) missing.push_back(name);
  if (missing.empty()) return good;
  context.error(cell.at, code("distribution-fields"), field, "lacks " + listed(missing),
                std::string{shape.name} + " has " + listed(*best));
  return false;
}

void read_tail(Context& context, const Cell& cell, VaryingDistribution& made, Dimension dimension) {
  const double most = dimension == kDuration ? context.limits.horizon_days : 1e9;
  const NumberRule from_zero{.dimension = dimension, .range = Range::between(0.0, most)};
  const NumberRule any{.dimension = dimension, .range = Range::between(-most, most)};
  if (const Cell* round = cell.find("round"))
    if (const auto word = read_word(context, *round, made.path + ".round", {"down", "up", "nearest", "random"}))
      made.rounding = static_cast<RoundTo>(*word + 1);
  if (const Cell* floor = cell.find("floor"))
    made.floor = read_scalar(context, *floor, made.path + ".floor", from_zero);
  if (const Cell* shift = cell.find("shift")) made.shift = read_scalar(context, *shift, made.path + ".shift", any);
  if (const Cell* absolute = cell.find("absolute")) {
    made.absolute = read_yes(context, *absolute, made.path + ".absolute").value_or(false);
    const bool may_be_negative = made.shape == Shape::normal || made.shift.value_or(0.0) < 0.0;
    if (made.absolute && !may_be_negative)
      context.problems.warning(absolute->at, code("field-useless"), made.path + ".absolute", "has no effect",
                               "no value is below 0 before it");
  }
  const Cell* truncate = cell.find("truncate");
  if (truncate == nullptr) return;
  const std::string field = made.path + ".truncate";
  if (truncate->is_table()) {
    read_text(context, *truncate, field);
    return;
  }
  const std::vector<Cell> ends = pieces_of(*truncate, '|');
  if (ends.size() != 2) {
    context.error(truncate->at, code("list-length"), field, std::to_string(ends.size()) + " values",
                  "a least and a greatest value are due", "Write truncate = [\"1 d\", \"30 d\"].");
    return;
  }
  made.truncate_low = read_scalar(context, ends[0], field, any);
  made.truncate_high = read_scalar(context, ends[1], field, any);
  if (made.truncate_low && made.truncate_high && !(*made.truncate_low < *made.truncate_high))
    context.error(truncate->at, code("distribution-order"), field, "the least value is not below the greatest",
                  "values between the two are drawn");
}

/// Order of parameters where nothing varies; varying ones are checked when they are combined.
void check_order(Context& context, const VaryingDistribution& made) {
  const auto fixed = [](const std::optional<VaryingNumber>& number) {
    return number && number->vary.empty() && number->dated.empty();
  };
  const auto refuse = [&](const std::optional<VaryingNumber>& at, std::string what, std::string why) {
    context.error(at->at, code("distribution-order"), at->path, std::move(what), std::move(why));
  };
  if (fixed(made.low) && fixed(made.high) && !(made.low->base <= made.high->base))
    refuse(made.high, "is below low", "low may be at most high");
  else if (fixed(made.mode) && fixed(made.low) && fixed(made.high) &&
           !(made.low->base <= made.mode->base && made.mode->base <= made.high->base))
    refuse(made.mode, "is not between low and high", "the likeliest value lies between the least and the greatest");
  if (fixed(made.mean) && fixed(made.median) && !(made.median->base <= made.mean->base))
    refuse(made.median, "is above the mean", "a lognormal's median is at most its mean");
}

std::optional<VaryingDistribution> constant_of(Context& context, const Cell& cell, const std::string& field,
                                               Dimension dimension) {
  VaryingDistribution made;
  made.shape = Shape::constant;
  made.path = field;
  made.at = cell.at;
  made.value = read_varying(context, cell, field, rule_of("value", Shape::constant, dimension, context.limits));
  if (!made.value) return std::nullopt;
  return made;
}

std::optional<VaryingDistribution> read_shaped(Context& context, const Cell& cell, const std::string& field,
                                               Dimension dimension) {
  const NumberLog::Part part{context.log};
  const ShapeFields* fields = nullptr;
  const std::optional<Shape> shape = read_kind(context, cell, field, &fields);
  if (!shape) return std::nullopt;
  VaryingDistribution made;
  made.shape = *shape;
  made.path = field;
  made.at = cell.at;
  bool good = check_shape_fields(context, cell, field, *fields);
  for (const SlotName& slot : kSlots) {
    const Cell* number = cell.find(slot.name);
    const bool is_due = std::any_of(fields->ways.begin(), fields->ways.end(), [&](const auto& way) {
      return std::find(way.begin(), way.end(), slot.name) != way.end();
    });
    if (number == nullptr || !is_due) continue;
    made.*slot.slot = read_varying(context, *number, field + '.' + std::string{slot.name},
                                   rule_of(slot.name, *shape, dimension, context.limits));
    good = good && made.*slot.slot;
  }
  if (good) good = read_distribution_rows(context, cell, made, dimension);
  read_tail(context, cell, made, dimension);
  if (!good) return std::nullopt;
  check_order(context, made);
  return made;
}

}  // namespace

NumberRule rule_of(std::string_view name, Shape shape, Dimension dimension, const Limits& limits) {
  const double most = dimension == kDuration ? limits.horizon_days : 1e9;
  if (name == "cv") return {.dimension = kPlain, .range = Range::above_to(0.0, 100.0)};
  if (name == "shape" && shape == Shape::generalised_pareto)
    return {.dimension = kPlain, .range = Range::between(-10.0, 10.0)};
  if (name == "shape") return {.dimension = kPlain, .range = Range::above_to(0.0, 1000.0)};
  if (name == "stages") return {.dimension = kPlain, .range = Range::between(1.0, 1000.0), .whole = true};
  if (name == "mu") return {.dimension = kPlain, .range = Range::between(-50.0, 50.0)};
  if (name == "sigma") return {.dimension = kPlain, .range = Range::between(0.0, 20.0)};
  if (shape == Shape::lognormal && (name == "mean" || name == "median"))
    return {.dimension = dimension, .range = Range::above_to(0.0, most)};
  if (shape == Shape::normal && name == "mean") return {.dimension = dimension, .range = Range::between(-most, most)};
  return {.dimension = dimension, .range = Range::between(0.0, most)};
}

std::optional<VaryingDistribution> read_distribution(Context& context, const Cell& cell, const std::string& field,
                                                     Dimension dimension) {
  const bool is_plain = !cell.is_table() || (cell.find("kind") == nullptr && cell.find("base") != nullptr);
  if (is_plain) return constant_of(context, cell, field, dimension);
  context.addresses.push_back(field);
  std::optional<VaryingDistribution> made = read_shaped(context, cell, field, dimension);
  if (!made) return std::nullopt;
  adjust(context, *made, dimension);
  if (context.log != nullptr) context.log->meet(*made);
  return made;
}

}  // namespace tl::reading
