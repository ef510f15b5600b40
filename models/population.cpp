#include "models/population.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "models/compile_messages.hpp"
#include "models/model_messages.hpp"
#include "models/read_context.hpp"
#include "models/units.hpp"

namespace tl {
namespace {

constexpr double kGrid = 1e9;       ///< fractions are compared on a grid of 1e-9: 0.1 * 25 is 2.5
constexpr double kFewUnits = 20.0;  ///< semantics 12
constexpr std::size_t kMostNamed = 3;

struct Named {
  std::string id;
  double value = 0.0;
};

double on_grid(double value) {
  return std::round(value * kGrid) / kGrid;
}
double fraction_of(double value) {
  return on_grid(value - std::floor(value));
}

/// By largest remainder: as many are rounded up as makes the sum right, those with the largest fractions, the earlier
/// first. Where it makes no difference the cut is at a half, so that a changed number is rounded as usual.
RoundingCut cut_of(const std::vector<Named>& numbers, double scale) {
  struct Part {
    double fraction;
    std::string id;
  };
  std::vector<Part> parts;
  double sum = 0.0;
  for (const Named& number : numbers) {
    parts.push_back({fraction_of(on_grid(number.value * scale)), number.id});
    sum += parts.back().fraction;
  }
  std::stable_sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.fraction > b.fraction; });
  const auto up = static_cast<std::size_t>(std::floor(on_grid(sum) + 0.5));
  const double least_up = up == 0 ? 1.0 : parts[up - 1].fraction;
  const double most_down = up == parts.size() ? 0.0 : parts[up].fraction;
  RoundingCut cut;
  cut.from = most_down < 0.5 && least_up >= 0.5 ? 0.5 : least_up;
  for (std::size_t i = up; i < parts.size() && parts[i].fraction == cut.from; ++i) cut.down.push_back(parts[i].id);
  return cut;
}

double rounded(double value, double scale, const std::string& id, const RoundingCut& cut) {
  const double exact = on_grid(std::floor(value) * scale), fraction = fraction_of(exact);
  const bool is_held_down = fraction == cut.from && std::find(cut.down.begin(), cut.down.end(), id) != cut.down.end();
  const bool goes_up = fraction > 0.0 && fraction >= cut.from && !is_held_down;
  return std::floor(exact) + (goes_up ? 1.0 : 0.0);
}

double most_of(const VaryingNumber& number) {
  double most = number.base;
  for (const DatedValue& dated : number.dated) most = std::max(most, dated.value);
  for (const Variation& variation : number.vary)
    most = std::max(most, variation.value.value_or(0.0)) * std::max(1.0, variation.scale.value_or(1.0));
  return most;
}

/// Units that the neediest client takes of a setting.
double most_taken(const SettingSpec& setting) {
  return setting.takes ? std::max(1.0, most_of(*setting.takes)) : 1.0;
}
double most_taken(const Model& model, std::uint32_t pool) {
  double most = 1.0;
  for (const SettingSpec& setting : model.settings)
    if (setting.pool == pool) most = std::max(most, most_taken(setting));
  return most;
}

template <class Change>
void change_values(VaryingNumber& number, Change change) {
  number.base = change(number.base);
  for (DatedValue& dated : number.dated) dated.value = change(dated.value);
  for (Variation& variation : number.vary)
    if (variation.value) variation.value = change(*variation.value);
  for (SwitchedNumber& one : number.switched) change_values(one.number, change);
}

/// A capacity of the model, be it a setting's or a pool's.
template <class Model, class See>
void see_capacities(Model& model, See see) {
  for (auto& setting : model.settings)
    if (setting.capacity) see("settings." + setting.words.id, *setting.capacity, most_taken(setting));
  for (std::uint32_t row = 0; row < model.pools.size(); ++row)
    if (model.pools[row].capacity)
      see("pools." + model.pools[row].id, *model.pools[row].capacity, most_taken(model, row));
}

double part_of_capacity(double units, const Model& model, const std::string& id, double least) {
  const double part = rounded(units, model.population_scale, id, model.capacity_cut);
  return std::max(part, std::min(std::floor(units), std::ceil(least)));
}

/// Whoever waits in a queue that had room for somebody has room in the smaller one.
double part_of_limit(double limit, double scale) {
  const double part = std::floor(on_grid(limit * scale) + 0.5);
  return std::max(part, std::min(std::floor(limit), 1.0));
}

double part_of_count(const InitialSpec& group, const Model& model) {
  return rounded(group.count, model.population_scale, "initial." + group.id, model.initial_cut);
}

/// Every so-manieth of the dates, beginning half a step in.
std::vector<double> part_of_dates(std::vector<double> dates, double scale) {
  std::sort(dates.begin(), dates.end());
  std::vector<double> kept;
  for (std::size_t i = 0; i < dates.size(); ++i) {
    const double before = static_cast<double>(i) * scale + 0.5;
    if (std::floor(on_grid(before + scale)) > std::floor(on_grid(before))) kept.push_back(dates[i]);
  }
  return kept;
}

/// A fixed number that looks like chance, so that rows of a file that is in some order are not taken by that order.
std::uint64_t key_of(std::uint64_t row) {
  std::uint64_t h = row + 0x9e3779b97f4a7c15ULL;
  h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9ULL;
  h = (h ^ (h >> 27)) * 0x94d049bb133111ebULL;
  return h ^ (h >> 31);
}

/// What a census row is like; rows that are alike stand beside each other, in the order of their keys.
auto likeness(const CensusRow& row, std::uint32_t number) {
  const std::uint32_t none = 0xffffffffU;
  const std::uint32_t goal = row.waiting_for ? row.waiting_for->setting.value_or(none) : none;
  const std::uint32_t request = row.waiting_for ? row.waiting_for->request.value_or(none) : none;
  return std::tuple{goal, request, row.enrolled, row.population.value_or(none), row.traits, key_of(number)};
}

std::vector<CensusRow> part_of_census(const Model& model) {
  std::map<std::uint32_t, std::vector<std::uint32_t>> of_place;
  for (std::uint32_t row = 0; row < model.census.size(); ++row) of_place[model.census[row].place].push_back(row);
  std::vector<Named> counts;
  for (const auto& [place, rows] : of_place)
    counts.push_back({std::to_string(place), static_cast<double>(rows.size())});
  const RoundingCut cut = cut_of(counts, model.population_scale);
  std::vector<std::uint32_t> kept;
  for (auto& [place, rows] : of_place) {
    std::sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) {
      return likeness(model.census[a], a) < likeness(model.census[b], b);
    });
    const auto all = static_cast<double>(rows.size());
    const double part = rounded(all, model.population_scale, std::to_string(place), cut);
    for (double i = 0.0; i < part; i += 1.0)
      kept.push_back(rows[static_cast<std::size_t>(std::floor((i + 0.5) * all / part))]);
  }
  std::sort(kept.begin(), kept.end());
  std::vector<CensusRow> census;
  for (const std::uint32_t row : kept) {
    census.push_back(model.census[row]);
    census.back().number = row;
  }
  return census;
}

std::string units_text(double units) {
  return shown(units) + (units == 1.0 ? " unit" : " units");
}

double at_start(const VaryingNumber& number) {
  double value = number.base;
  for (const DatedValue& dated : number.dated)
    if (dated.days <= 0.0) value = dated.value;
  return value;
}

Place place_of(const std::string& address, const Model& model, std::span<const Change> changes) {
  for (auto change = changes.rbegin(); change != changes.rend(); ++change)
    if (change->path == address) return change->at;
  return model.population_at;
}

}  // namespace

void settle_rounding(Model& model, const Model& as_written) {
  std::vector<Named> capacities, counts;
  see_capacities(as_written, [&](const std::string& id, const VaryingNumber& capacity, double) {
    capacities.push_back({id, std::floor(capacity.base)});
  });
  for (const InitialSpec& group : as_written.initial)
    counts.push_back({"initial." + group.id, static_cast<double>(group.count)});
  model.capacity_cut = cut_of(capacities, model.population_scale);
  model.initial_cut = cut_of(counts, model.population_scale);
}

void tell_hidden_changes(const Model& model, const Model& as_written, std::span<const Change> changes,
                         Problems& problems) {
  const auto tell = [&](const std::string& address, double was, double is, double part) {
    problems.warning(place_of(address, model, changes), Code::in(kModelMessages, "scale-hides"), address,
                     "makes no difference at population_scale " + shown(model.population_scale),
                     "of " + shown(was) + " as of " + shown(is) + " it makes " + shown(part),
                     "Use a larger scale, or look at a larger change");
  };
  std::map<std::string, double> capacity_was;
  see_capacities(as_written, [&](const std::string& id, const VaryingNumber& capacity, double) {
    capacity_was[id] = std::floor(at_start(capacity));
  });
  see_capacities(model, [&](const std::string& id, const VaryingNumber& capacity, double least) {
    const auto was = capacity_was.find(id);
    const double is = std::floor(at_start(capacity));
    if (was == capacity_was.end() || was->second == is) return;
    const double part = part_of_capacity(is, model, id, least);
    if (part_of_capacity(was->second, model, id, least) == part) tell(id + ".capacity", was->second, is, part);
  });
  std::map<std::string, std::uint32_t> count_was;
  for (const InitialSpec& group : as_written.initial) count_was[group.id] = group.count;
  for (const InitialSpec& group : model.initial) {
    const auto was = count_was.find(group.id);
    if (was == count_was.end() || was->second == group.count) continue;
    InitialSpec before = group;
    before.count = was->second;
    if (part_of_count(before, model) == part_of_count(group, model))
      tell("initial." + group.id + ".count", before.count, group.count, part_of_count(group, model));
  }
}

Model part_of_population(const Model& model) {
  Model part = model;
  const double scale = model.population_scale;
  if (scale == 1.0) return part;
  for (ArrivalSpec& arrival : part.arrivals) {
    arrival.scale *= scale;
    if (arrival.gap) reading::scale_times(*arrival.gap, 1.0 / scale);
    arrival.dates = part_of_dates(std::move(arrival.dates), scale);
  }
  see_capacities(part, [&](const std::string& id, VaryingNumber& capacity, double least) {
    change_values(capacity, [&](double units) { return part_of_capacity(units, model, id, least); });
  });
  for (SettingSpec& setting : part.settings)
    for (auto* limit : {&setting.queue.limit, &setting.queue.limit_in_place})
      if (*limit) change_values(**limit, [&](double most) { return part_of_limit(most, scale); });
  // All the staff are there, each with so much fewer clients: a tenth of four nurses would be no team.
  for (StaffingSpec& row : part.staffing) {
    change_values(row.clients, [&](double clients) { return clients * scale; });
    row.standard_clients *= scale;
  }
  for (BudgetSpec& budget : part.money.budgets)
    change_values(budget.amount, [&](double dollars) { return dollars * scale; });
  // costs are of the part as counts are: what does not grow with clients is as much smaller
  for (CostSpec& cost : part.money.costs)
    if (cost.per == CostPer::year || cost.per == CostPer::once || cost.per == CostPer::metric ||
        cost.per == CostPer::staff_hour)
      change_values(cost.amount, [&](double dollars) { return dollars * scale; });
  for (StaffSpec& staff : part.staff) {
    if (staff.salary) change_values(*staff.salary, [&](double dollars) { return dollars * scale; });
    if (staff.agency && staff.agency->pay)
      change_values(*staff.agency->pay, [&](double dollars) { return dollars * scale; });
  }
  for (InitialSpec& group : part.initial) group.count = static_cast<std::uint32_t>(part_of_count(group, model));
  part.census = part_of_census(model);
  for (PolicySpec& policy : part.policies)
    for (auto* trigger : {&policy.opens, &policy.closes})
      if (*trigger && policy.measure != PolicyMeasure::occupancy) (*trigger)->threshold *= scale;
  return part;
}

void tell_small_capacities(const Model& model, const Model& part, Problems& problems) {
  if (model.population_scale == 1.0) return;
  struct Small {
    std::string id;
    double units, of;
  };
  std::vector<Small> small;
  see_capacities(part, [&](const std::string& id, const VaryingNumber& capacity, double) {
    if (at_start(capacity) < kFewUnits) small.push_back({id.substr(id.find('.') + 1), at_start(capacity), 0.0});
  });
  see_capacities(model, [&](const std::string& id, const VaryingNumber& capacity, double) {
    for (Small& one : small)
      if (one.id == id.substr(id.find('.') + 1)) one.of = std::floor(at_start(capacity));
  });
  std::erase_if(small, [](const Small& one) { return one.of == 0.0; });  // closed as written
  if (small.empty()) return;
  std::stable_sort(small.begin(), small.end(), [](const Small& a, const Small& b) { return a.units < b.units; });
  std::string list;
  for (std::size_t i = 0; i < std::min(small.size(), kMostNamed); ++i)
    list += (i == 0 ? "" : ", ") + small[i].id + " (" + units_text(small[i].units) + " of " + shown(small[i].of) + ')';
  problems.warning(model.population_at, Code::in(kCompileMessages, "scale-small"), "model.population_scale",
                   "is " + shown(model.population_scale) + ", and leaves " + std::to_string(small.size()) +
                       (small.size() == 1 ? " setting" : " settings") + " with fewer than " + shown(kFewUnits) +
                       " units, the smallest: " + list,
                   "queues are not scale-free: a few units are full more often than many, and waits come out longer",
                   "Take such a run for a first look, and population_scale = 1 for what you report");
}

}  // namespace tl
