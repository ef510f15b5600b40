#include <algorithm>
#include <cmath>

#include "models/read_context.hpp"
#include "models/suggest.hpp"
#include "sim/maths.hpp"

// What changes make of numbers once those are read: one `set`, then every `scale`, then every `add`.
namespace tl::reading {

std::optional<double> factor_of(const Step& step, double scale, Problems& problems) {
  if (step.strength == 1.0) return scale;
  if (step.strength == 0.0) return 1.0;
  if (scale > 0.0) return power(scale, step.strength);
  problems.error(step.change.at, code("lever-part"), step.change.path,
                 "is scaled by 0 at strength " + shown(step.strength),
                 "any part of a scale of 0 is 0: there is no way between",
                 "Write set = 0, which goes down with the strength, or use a small scale.");
  return std::nullopt;
}

namespace {

/// A change's number, read at the change.
std::optional<double> amount(Context& context, const Step& step, const NumberRule& rule) {
  const Change& change = step.change;
  const bool scales = change.kind == Change::Kind::scale;
  const Range range = scales ? Range::between(0.0, 1e6) : change.kind == Change::Kind::set ? rule.range : Range::any();
  const NumberLog::Part not_a_number_of_the_model{context.log};
  const auto number =
      read_scalar(context, change.value, change.path, {.dimension = scales ? kPlain : rule.dimension, .range = range});
  if (!number || !scales) return number;
  return factor_of(step, *number, context.problems);
}

/// Every value of the number by `one`.
template <class One>
void each_value(VaryingNumber& number, One one) {
  one(number.base);
  for (DatedValue& dated : number.dated) one(dated.value);
  for (Variation& variation : number.vary)
    if (variation.value) one(*variation.value);
}

std::optional<double> value_outside(const VaryingNumber& number, const Range& range) {
  std::optional<double> wrong;
  VaryingNumber looked_at = number;
  each_value(looked_at, [&](double& value) {
    if (!wrong && !range.holds(value)) wrong = value;
  });
  return wrong;
}

const std::vector<const Step*>* steps_on(Context& context, const std::string& address) {
  const auto found = context.adjustments.find(address);
  if (found == context.adjustments.end()) return nullptr;
  context.adjusted.insert(address);
  return &found->second;
}

/// A part of the way to a value: every value of the number goes as far.
void go_towards(Context& context, const Step& step, VaryingNumber& number, double to) {
  const double s = step.strength;
  const bool scales =
      std::any_of(number.vary.begin(), number.vary.end(), [](const Variation& one) { return one.scale.has_value(); });
  if (s > 0.0 && s < 1.0 && scales) {
    context.error(step.change.at, code("lever-part"), step.change.path, "cannot be set a part of the way",
                  "the number has exceptions that scale it, and a value set stands for all of them",
                  "Write it as scale, or use the lever at strength 1.");
    return;
  }
  each_value(number, [&](double& value) { value = s == 1.0 ? to : value + s * (to - value); });
  for (Variation& one : number.vary)
    if (one.scale && s == 1.0) one.scale = 1.0;
}

bool same_values(const VaryingNumber& a, const VaryingNumber& b) {
  if (a.base != b.base) return false;
  for (std::size_t i = 0; i < a.dated.size(); ++i)
    if (a.dated[i].value != b.dated[i].value) return false;
  for (std::size_t i = 0; i < a.vary.size(); ++i)
    if (a.vary[i].value != b.vary[i].value || a.vary[i].scale != b.vary[i].scale) return false;
  return true;
}

/// The scales, or the strengths times what is added, least first: sums and products do not depend on the file's order.
std::vector<std::pair<double, const Step*>> sorted_amounts(Context& context, const std::vector<const Step*>& steps,
                                                           const NumberRule& rule) {
  std::vector<std::pair<double, const Step*>> amounts;
  for (const Step* step : steps)
    if (const auto by = amount(context, *step, rule))
      amounts.emplace_back(step->change.kind == Change::Kind::add ? step->strength * *by : *by, step);
  std::sort(amounts.begin(), amounts.end());
  return amounts;
}

}  // namespace

void scale_times(VaryingDistribution& made, double by) {
  for (std::optional<VaryingNumber>* number :
       {&made.value, &made.mean, &made.sd, &made.median, &made.low, &made.mode, &made.high, &made.scale})
    if (*number) each_value(**number, [&](double& value) { value *= by; });
  if (made.mu) each_value(*made.mu, [&](double& value) { value += natural_log(by); });
  for (auto& step : made.steps) step.first *= by;
  for (auto& [share, part] : made.parts) scale_times(part, by);
  for (std::optional<double>* length : {&made.floor, &made.shift, &made.truncate_low, &made.truncate_high})
    if (*length) **length *= by;
}

void adjust(Context& context, VaryingNumber& number, const NumberRule& rule) {
  const auto* all = steps_on(context, number.path);
  if (all == nullptr) return;
  const NumberSteps steps = in_order(*all);
  const VaryingNumber before = number;
  const auto change = [&](const Step& step, const auto& act) {
    const VaryingNumber earlier = number;
    act();
    if (!same_values(earlier, number)) context.felt.insert(&step);
  };
  if (steps.set != nullptr)
    if (const auto to = amount(context, *steps.set, rule))
      change(*steps.set, [&] { go_towards(context, *steps.set, number, *to); });
  for (const auto& one : sorted_amounts(context, steps.scales, rule))
    change(*one.second, [&] { each_value(number, [&](double& value) { value *= one.first; }); });
  for (const auto& one : sorted_amounts(context, steps.adds, rule))
    change(*one.second, [&] { each_value(number, [&](double& value) { value += one.first; }); });
  if (const auto wrong = value_outside(number, rule.range)) {
    context.error(steps.last->change.at, code("change-range"), steps.last->change.path,
                  "would become " + shown(*wrong, rule.dimension),
                  "from " + shown(rule.range.low, rule.dimension) + " to " + shown(rule.range.high, rule.dimension) +
                      " is allowed");
    number = before;  // told once: what follows judges the sound number
  }
}

void adjust(Context& context, VaryingDistribution& distribution, Dimension dimension) {
  const auto* all = steps_on(context, distribution.path);
  if (all == nullptr) return;
  const NumberSteps steps = in_order(*all);
  const NumberRule rule{.dimension = dimension, .range = Range::any()};
  if (steps.set != nullptr)
    context.error(steps.set->change.at, code("lever-part"), steps.set->change.path,
                  steps.set->policy != nullptr ? "cannot be set by a policy"
                  : steps.set->dated           ? "cannot be set at a date"
                                               : "cannot be set a part of the way",
                  "it is a distribution, not a number",
                  "Set or scale one of its numbers, as " + steps.set->change.path + ".mean.");
  for (const auto& [by, step] : sorted_amounts(context, steps.scales, rule)) {
    if (!(by > 0.0)) {
      context.error(step->change.at, code("change-range"), step->change.path, "is scaled by " + shown(by),
                    "lengths are scaled by a factor above 0");
      continue;
    }
    scale_times(distribution, by);
    if (by != 1.0) context.felt.insert(step);
  }
  for (const auto& [by, step] : sorted_amounts(context, steps.adds, rule)) {
    if (by == 0.0) continue;
    distribution.shift = distribution.shift.value_or(0.0) + by;
    if (by < 0.0) distribution.floor = std::max(distribution.floor.value_or(0.0), 0.0);
    context.felt.insert(step);
  }
}

double take_layer_scale(Context& context, const std::string& rate_address) {
  const auto found = context.adjustments.find(rate_address);
  if (found == context.adjustments.end()) return 1.0;
  context.adjusted.insert(rate_address);
  std::vector<const Step*> scales, rest;
  for (const Step* step : found->second) (step->change.kind == Change::Kind::scale ? scales : rest).push_back(step);
  found->second = std::move(rest);
  double scale = 1.0;
  for (const auto& [by, step] : sorted_amounts(context, scales, {.dimension = kPlain})) {
    scale *= by;
    if (by != 1.0) context.felt.insert(step);
  }
  return scale;
}

std::string constant_above(const Context& context, const std::string& address) {
  const std::string above = address.substr(0, address.rfind('.'));
  bool is_there = false;
  for (const std::string& known : context.addresses) {
    if (known == above)
      is_there = true;
    else if (is_within(known, above) && known != above + ".value")
      return "";
  }
  return is_there ? above : "";
}

namespace {

void refuse_unmet(Context& context, const Step& step, const std::string& above) {
  const std::string& address = step.change.path;
  if (step.change.kind == Change::Kind::set && above.empty())
    context.error(step.change.at, code("lever-part"), address,
                  step.policy != nullptr ? "cannot be set by a policy"
                  : step.dated           ? "cannot be set at a date"
                                         : "cannot be set a part of the way (strength " + shown(step.strength) + ')',
                  "only numbers of the model can: nothing lies between two words, or between nothing and a value",
                  step.policy != nullptr ? "Let the policy change a number."
                  : step.dated           ? "Let the lever act over the whole run: leave `starts` out."
                                         : "Use strength 1.");
  else if (above.empty())
    context.error(step.change.at, code("change-address"), address, "no number has that address",
                  "only numbers and distributions of the model can be scaled or added to",
                  did_you_mean(address, context.addresses));
  else
    context.error(step.change.at, code("change-address"), address, "no number has that address",
                  above + " is a constant, without parts", "Change the whole of it: the address is " + above + '.');
}

}  // namespace

void check_adjustments(Context& context) {
  for (const auto& [address, steps] : context.adjustments) {
    if (context.adjusted.contains(address)) continue;
    const std::string above = constant_above(context, address);
    for (const Step* step : steps) refuse_unmet(context, *step, above);
  }
}

}  // namespace tl::reading
