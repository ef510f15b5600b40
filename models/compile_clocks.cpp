#include <algorithm>
#include <limits>

#include "models/compile_builder.hpp"

// Timers and milestones.
namespace tl::compiling {

void Builder::timer(const TimerSpec& spec) {
  const std::string path = "timers." + spec.id;
  const Owner owner{path, spec.at};
  TimerType made;
  made.draw_id = id_of(path);
  made.from = {spec.from.kind, spec.from.subject};
  made.after = distribution_table(spec.after, {});
  made.repeat = spec.repeat;
  const std::vector<const Condition*> conditions{&spec.holds};
  if (!spec.holds.clauses.empty()) {
    const Space space = space_of(conditions, {}, {path + ".while", spec.at});
    made.holds = table(space, {start_day()}, owner, [&](const Combination& combination, double) {
      return number(holds(spec.holds, space, combination) ? 1.0 : 0.0);
    });
  }
  const Guard may_ring{conditions,
                       [&](const Space& where, const Combination& one) { return holds(spec.holds, where, one); }};
  made.choices = choice_table(spec.routes, owner, {}, false, &may_ring);
  out_.timers.push_back(made);
}

void Builder::milestone(const MilestoneSpec& spec) {
  const std::string path = "milestones." + spec.id;
  MilestoneType made;
  made.draw_id = id_of(path);
  made.from = {spec.from.kind, spec.from.subject};
  made.first_setting = static_cast<std::uint32_t>(out_.milestone_settings.size());
  made.setting_count = static_cast<std::uint32_t>(spec.settings.size());
  for (const std::uint32_t setting : spec.settings) out_.milestone_settings.push_back(SettingId{setting});
  made.needed = spec.needed;
  made.standard = SimTime::from_days(spec.standard_days);
  made.actions = actions(spec.actions, path + ".do", {});
  out_.milestones.push_back(made);
}

/// Where the need stands among the traits, and what level each of its values is.
void Builder::need() {
  if (!model_.need) return;
  const TraitBits bits = trait_bits(*model_.need);
  out_.need_shift = bits.shift;
  out_.need_bits = bits.bits;
  for (const std::string& value : model_.traits[*model_.need].values)
    out_.need_levels.push_back(value.empty() ? 0U : static_cast<std::uint32_t>(value[0] - '0'));
}

/// Where the traits stand by which results are kept, and what their values are called.
void Builder::groups() {
  words_.by = model_.by;
  for (const std::uint32_t trait : model_.kept_by) {
    const bool is_population = trait == kByPopulation;
    const TraitBits bits = trait_bits(trait);
    std::vector<std::string> values;
    if (is_population) {
      for (const PopulationSpec& population : model_.populations) values.push_back(population.id);
      if (values.size() < population_values_) values.emplace_back("none");
    } else {
      values = model_.traits[trait].values;
    }
    const auto first = static_cast<std::uint32_t>(words_.groups.size());
    out_.by.push_back({bits.shift, bits.bits, first, static_cast<std::uint32_t>(values.size())});
    for (const std::string& value : values)
      words_.groups.push_back({is_population ? "population" : model_.traits[trait].id, value});
  }
}

}  // namespace tl::compiling
