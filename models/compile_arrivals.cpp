#include <algorithm>
#include <bit>
#include <cmath>

#include "models/compile_builder.hpp"

// Clients: how traits are packed and drawn, arrivals, those there at the start, events.
namespace tl::compiling {
namespace {

constexpr double kSlack = 1e-9;

std::uint64_t field(TraitBits at, std::uint64_t value) {
  return value << at.shift;
}
std::uint64_t mask(TraitBits at) {
  return ((std::uint64_t{1} << at.bits) - 1) << at.shift;
}

/// Several traits drawn together: their values with their shares, in declared order.
using Shares = std::map<std::vector<std::uint32_t>, double>;

/// The value no row names takes the remainder, when there is exactly one.
std::optional<std::uint32_t> left_out(const Shares& shares, std::uint32_t count) {
  std::optional<std::uint32_t> missing;
  for (std::uint32_t value = 0; value < count; ++value) {
    if (shares.contains({value})) continue;
    if (missing) return std::nullopt;
    missing = value;
  }
  return missing;
}

}  // namespace

namespace {

/// An exception whose own dates multiply its value just as those of the number multiply its base.
bool goes_along(const Variation& variation, const VaryingNumber& number) {
  if (variation.dated.size() != number.dated.size() || !(number.base > 0.0)) return false;
  for (std::size_t i = 0; i < number.dated.size(); ++i) {
    const double wanted = *variation.value * number.dated[i].value / number.base;
    if (std::abs(variation.dated[i].value - wanted) > 1e-9 * std::abs(wanted)) return false;
  }
  return true;
}

}  // namespace

void Builder::lay_out_traits() {
  for_each_condition(model_, [&](const Condition& condition) {
    for (const Clause& clause : condition.clauses)
      population_read_ = population_read_ || clause.subject == Subject::population;
  });
  for (const std::uint32_t trait : model_.kept_by) population_read_ = population_read_ || trait == kByPopulation;
  std::uint32_t shift = 0;
  const auto lay = [&](std::uint32_t count) {
    const auto bits = static_cast<std::uint32_t>(std::bit_width(count > 1 ? count - 1 : 1U));
    const TraitBits made{static_cast<std::uint8_t>(std::min(shift, 63U)), static_cast<std::uint8_t>(bits)};
    shift += bits;
    return made;
  };
  for (const TraitSpec& trait : model_.traits) {
    if (trait.values.empty()) problem({"traits." + trait.id, trait.at}, code("trait-values"), "has no values");
    trait_bits_.push_back(lay(static_cast<std::uint32_t>(trait.values.size())));
  }
  // One value more stands for clients of no population.
  population_values_ = static_cast<std::uint32_t>(model_.populations.size());
  const auto of_none = [](const auto& spec) { return !spec.population.has_value(); };
  if (population_values_ == 0 || std::any_of(model_.arrivals.begin(), model_.arrivals.end(), of_none) ||
      std::any_of(model_.initial.begin(), model_.initial.end(), of_none) ||
      std::any_of(model_.census.begin(), model_.census.end(), of_none))
    ++population_values_;
  if (population_read_) population_bits_ = lay(population_values_);
  if (shift > 64)
    problem({"traits", {}}, code("trait-bits"), "need " + std::to_string(shift) + " bits", "a client carries 64",
            "Use fewer traits, or fewer values each");
}

std::uint64_t Builder::packed(std::optional<std::uint32_t> population,
                              const std::vector<std::pair<std::uint32_t, std::uint32_t>>& given) const {
  std::uint64_t word = 0;
  for (const auto& [trait, value] : given) word |= field(trait_bits_[trait], value);
  if (population_read_) word |= field(population_bits_, population.value_or(population_values_ - 1));
  return word;
}

TraitDraw Builder::trait_draw(const PopulationSpec& population, std::size_t first, std::size_t count,
                              const Known& known) {
  const std::vector<std::uint32_t>& traits = population.mix[first].traits;
  std::string name;
  for (const std::uint32_t trait : traits) name += (name.empty() ? "" : "+") + model_.traits[trait].id;
  const Owner owner{"mix." + population.id + "." + name, population.mix[first].at};
  std::vector<const Condition*> conditions;
  for (std::size_t i = first; i < first + count; ++i) conditions.push_back(&population.mix[i].when);
  const Space space = space_of(conditions, known, owner);
  std::uint64_t bits = 0;
  for (const std::uint32_t trait : traits) bits |= mask(trait_bits_[trait]);
  const auto make = [&](const Combination& combination, double) {
    Shares shares;
    std::optional<std::vector<std::uint32_t>> remainder;
    double sum = 0.0;
    for (std::size_t i = first; i < first + count; ++i) {
      const MixRow& row = population.mix[i];
      if (!holds(row.when, space, combination)) continue;
      sum += row.share.value_or(0.0);
      shares[row.values] += row.share.value_or(0.0);
      if (!row.share) remainder = row.values;
    }
    if (!remainder && traits.size() == 1)
      if (const auto value = left_out(shares, trait_count(traits[0]))) remainder = std::vector<std::uint32_t>{*value};
    if (sum > 1.0 + kSlack)
      problem(owner, code("shares-over"),
              "has shares that sum to " + shown(sum) + " for " + describe(space, combination), "all clients are 1");
    else if (sum < 1.0 - kSlack && !remainder)
      problem(
          owner, code("shares-under"), "has shares that sum to " + shown(sum) + " for " + describe(space, combination),
          "nothing says which values the other " + shown(1.0 - sum) + " have", "Leave the share of one value empty");
    if (remainder) shares[*remainder] += std::max(0.0, 1.0 - sum);
    // Values the stream itself gives are not drawn: what goes with them is drawn given them.
    const auto contradicts = [&](const auto& one) {
      for (std::size_t t = 0; t < traits.size(); ++t)
        for (const auto& [trait, value] : known.traits)
          if (trait == traits[t] && value != one.first[t]) return true;
      return false;
    };
    std::erase_if(shares, contradicts);
    double total = 0.0;
    for (const auto& [values, share] : shares) total += share;
    std::vector<std::pair<double, RouteId>> drawn;
    for (const auto& [values, share] : shares) {
      if (!(share > 0.0)) continue;
      TraitPattern pattern{bits, 0};
      for (std::size_t t = 0; t < traits.size(); ++t) pattern.bits |= field(trait_bits_[traits[t]], values[t]);
      const auto same = [&](const TraitPattern& one) { return one.mask == pattern.mask && one.bits == pattern.bits; };
      auto at = std::find_if(out_.trait_patterns.begin(), out_.trait_patterns.end(), same);
      if (at == out_.trait_patterns.end()) at = out_.trait_patterns.insert(at, pattern);
      drawn.emplace_back(share / total, RouteId{static_cast<std::uint32_t>(at - out_.trait_patterns.begin())});
    }
    if (drawn.empty()) {  // the given values never go together with this mix: nothing to write
      out_.trait_patterns.push_back({0, 0});
      drawn.emplace_back(1.0, RouteId{static_cast<std::uint32_t>(out_.trait_patterns.size() - 1)});
    }
    return store_choices(drawn);
  };
  return {id_of("traits." + name), table(space, {start_day()}, owner, make)};
}

TraitDrawList Builder::trait_draws(std::optional<std::uint32_t> population,
                                   const std::vector<std::pair<std::uint32_t, std::uint32_t>>& given) {
  if (!population) return {};
  const PopulationSpec& spec = model_.populations[*population];
  std::string key = spec.id;
  for (const auto& [trait, value] : given) key += ";" + std::to_string(trait) + "=" + std::to_string(value);
  if (const auto known = trait_draw_rows_.find(key); known != trait_draw_rows_.end()) return known->second;
  Known known;
  known.population = *population;
  known.traits = given;
  std::vector<TraitDraw> draws;
  for (std::size_t first = 0; first < spec.mix.size();) {
    std::size_t end = first + 1;
    while (end < spec.mix.size() && spec.mix[end].traits == spec.mix[first].traits) ++end;
    const auto is_given = [&](std::uint32_t trait) {
      return std::any_of(given.begin(), given.end(), [&](const auto& one) { return one.first == trait; });
    };
    if (!std::all_of(spec.mix[first].traits.begin(), spec.mix[first].traits.end(), is_given))
      draws.push_back(trait_draw(spec, first, end - first, known));
    first = end;
  }
  const TraitDrawList made{static_cast<std::uint32_t>(out_.trait_draws.size()),
                           static_cast<std::uint32_t>(draws.size())};
  out_.trait_draws.insert(out_.trait_draws.end(), draws.begin(), draws.end());
  trait_draw_rows_.emplace(key, made);
  return made;
}

/// Scales add or take away whole layers of clients, and shift none.
void Builder::layers(const ArrivalSpec& spec, ArrivalStream& made) {
  double most = spec.scale;
  if (spec.scale_over_time) {
    ArrivalSpec plain;
    plain.rate = spec.scale_over_time;
    plain.at = spec.at;
    plain.rate->base *= spec.scale;
    most = plain.rate->base;
    for (DatedValue& one : plain.rate->dated) most = std::max(most, one.value *= spec.scale);
    made.scale = arrival_curve(plain);
  } else if (spec.scale != 1.0) {
    made.scale = constant_curve(std::max(spec.scale, 0.0));
  }
  if (made.scale.exists()) made.layers = static_cast<std::uint32_t>(std::max(1.0, std::ceil(std::min(most, 255.0))));
  if (!(spec.scale >= 0.0 && most <= 255.0))
    problem({"arrivals." + spec.id + ".scale", spec.at}, code("rate-negative"), "is " + shown(most),
            "must be from 0 to 255");
}

void Builder::arrival(const ArrivalSpec& spec) {
  const std::string path = "arrivals." + spec.id;
  ArrivalStream made;
  made.draw_id = id_of(path);
  if (spec.gap) {
    made.gap = distribution_table(*spec.gap, Known{0, std::nullopt, {}, true});
  } else if (spec.rate) {
    made.rate = arrival_curve(spec);
  }
  layers(spec, made);
  std::vector<double> dates = spec.dates;
  std::sort(dates.begin(), dates.end());
  made.first_date = static_cast<std::uint32_t>(out_.dates.size());
  for (const double day : dates)
    if (day >= start_day() && day <= model_.horizon_days) out_.dates.push_back(instant(day));
  made.date_count = static_cast<std::uint32_t>(out_.dates.size()) - made.first_date;
  if (spec.batch) made.batch = fixed_distribution(*spec.batch);
  made.traits = packed(spec.population, spec.traits);
  made.draws = trait_draws(spec.population, spec.traits);
  Known known;
  known.place = 0;
  known.population = spec.population.value_or(population_values_ - 1);
  known.traits = spec.traits;
  known.newcomer = true;
  made.choices = choice_table(spec.routes, {path, spec.at}, known, true);
  out_.arrivals.push_back(made);
}

void Builder::initial(const InitialSpec& spec) {
  InitialGroup made;
  made.draw_id = id_of("initial." + spec.id);
  made.count = spec.count;
  made.place = SettingId{spec.place};
  made.start_stay = static_cast<StartStay>(spec.start);
  if (spec.start_value) made.start_value = fixed_distribution(*spec.start_value);
  made.least_days = spec.least_days;
  made.waited = SimTime::from_days(spec.waited_days);
  made.traits = packed(spec.population, spec.traits);
  made.draws = trait_draws(spec.population, spec.traits);
  Known known;
  known.place = spec.place;
  known.population = spec.population.value_or(population_values_ - 1);
  known.traits = spec.traits;
  made.actions = actions(spec.actions, "initial." + spec.id + ".do", known);
  out_.initial.push_back(made);
  if (model_.warmup_days > 0.0 && spec.count > 0)
    problem({"initial." + spec.id, spec.at}, code("initial-warmup"),
            "puts clients into the model at the start, and model.warmup is " + shown(model_.warmup_days) + " d",
            "a census at the start of results and a warm-up before it contradict each other",
            "Take out the warm-up or the initial clients");
}

/// A dated rate is a factor over time on the hazard, which is integrated here, so that no date reschedules a client.
void Builder::event(const EventSpec& spec) {
  const std::string path = "events." + spec.id;
  const Owner owner{spec.rate.path.empty() ? path + ".rate" : spec.rate.path, spec.at};
  EventType made;
  made.draw_id = id_of(path);
  double reference = spec.rate.base;
  if (!spec.rate.dated.empty() && !(reference > 0.0))
    for (const DatedValue& one : spec.rate.dated) reference = std::max(reference, one.value);
  VaryingNumber still = spec.rate;
  still.base = reference;
  still.dated.clear();
  if (!spec.rate.dated.empty() && reference > 0.0) {
    made.factor = factor_curve(spec.rate, reference);
    for (const Variation& variation : spec.rate.vary)
      if (variation.value && *variation.value != 0.0)
        if (!goes_along(variation, spec.rate))
          problem(owner, code("event-dated-value"), "is dated, and has an exception with a value of its own",
                  "the dates would act on that value too", "Write the exception as a scale");
    for (const Variation& variation : spec.rate.vary)
      if (variation.scale && !variation.dated.empty())
        problem(owner, code("event-dated-value"), "has an exception that scales by another factor from a date on",
                "the dates of an event's rate act on all clients alike", "Let the lever act over the whole run");
  }
  std::vector<const Condition*> conditions{&spec.when};
  add_conditions(still, conditions);
  const Space space = space_of(conditions, {}, owner);
  const auto rate_in = [&](const Space& where, const Combination& combination) {
    return holds(spec.when, where, combination) ? value_of(still, where, combination, 0.0) : 0.0;
  };
  made.hazard = table(space, {start_day()}, owner, [&](const Combination& combination, double) {
    const double rate = rate_in(space, combination);
    if (!(rate >= 0.0)) problem(owner, code("rate-negative"), "is " + shown(rate), "a rate is 0 or more");
    return number(rate);
  });
  const Guard may_happen{conditions,
                         [&](const Space& where, const Combination& one) { return rate_in(where, one) > 0.0; }};
  made.choices = choice_table(spec.routes, {path, spec.at}, {}, false, &may_happen);
  out_.events.push_back(made);
}

}  // namespace tl::compiling
