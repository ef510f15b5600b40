#pragma once
#include <map>
#include <stdexcept>

#include "bench/limit/network.hpp"
#include "models/model.hpp"

namespace limit {

/// The value of a number in class `type` of the first trait: what `vary` conditions on that trait make of it.
inline double in_class(const tl::VaryingNumber& number, std::uint32_t type) {
  double value = number.base, scale = 1.0;
  bool replaced = false;
  for (const tl::Variation& variation : number.vary) {
    for (const tl::Clause& clause : variation.when.clauses)
      if (clause.values.size() != 1 || clause.values[0] != type) goto next;
    if (variation.scale) scale *= *variation.scale;
    if (variation.value && !replaced) {
      value = *variation.value;
      replaced = true;
    }
  next:;
  }
  return value * scale;
}

inline bool fits(const tl::Condition& when, std::uint32_t type) {
  for (const tl::Clause& clause : when.clauses)
    if (clause.values.size() != 1 || clause.values[0] != type) return false;
  return true;
}

inline Ways ways_of(const std::vector<tl::RouteSpec>& routes, std::uint32_t type, std::uint32_t stations) {
  Ways ways;
  ways.below.fill(2.0);
  ways.to.fill(static_cast<std::uint16_t>(stations));
  double sum = 0.0;
  std::size_t way = 0;
  for (const tl::RouteSpec& route : routes) {
    if (!fits(route.when, type)) continue;
    const double share = route.share ? in_class(*route.share, type) : 1.0 - sum;
    if (share <= 0.0) continue;
    if (way >= kMostWays) throw std::runtime_error{"the yardstick knows at most five ways on"};
    sum += share;
    ways.to[way] = static_cast<std::uint16_t>(route.to == tl::Destination::setting ? route.setting - 1 : stations);
    if (way < kMostWays - 1) ways.below[way] = sum < 1.0 - 1e-9 ? sum : 2.0;
    ++way;
  }
  return ways;
}

/// A network of exponential stations, one class an arrival stream, as the yardstick's tables. settings[0] is `outside`.
inline Spec from_model(const tl::Model& model) {
  Spec spec;
  spec.stations = static_cast<std::uint32_t>(model.settings.size() - 1);
  spec.classes = static_cast<std::uint32_t>(model.arrivals.size());
  spec.horizon = model.horizon_days;
  if (spec.classes > kMostClasses) throw std::runtime_error{"the yardstick knows at most three classes"};
  for (std::uint32_t r = 0; r < spec.classes; ++r) {
    spec.arrivals_per_day.push_back(model.arrivals[r].rate->base);
    spec.entry.push_back(ways_of(model.arrivals[r].routes, r, spec.stations));
  }
  for (std::uint32_t k = 1; k < model.settings.size(); ++k) {
    const tl::SettingSpec& setting = model.settings[k];
    std::array<double, kMostClasses> mean{};
    for (std::uint32_t r = 0; r < spec.classes; ++r) mean[r] = in_class(*setting.stay->mean, r);
    spec.mean_stay.push_back(mean);
    spec.units.push_back(static_cast<std::int32_t>(setting.capacity->base));
    spec.priority.push_back(!setting.queue.priority.empty());
    spec.mean_patience.push_back(setting.queue.patience ? setting.queue.patience->mean->base : 0.0);
  }
  for (std::uint32_t r = 0; r < spec.classes; ++r)
    for (std::uint32_t k = 1; k < model.settings.size(); ++k)
      spec.routes.push_back(ways_of(model.settings[k].routes, r, spec.stations));
  return spec;
}

}  // namespace limit
