#include <bit>

#include "sim/simulation_inline.hpp"

// Milestones: reached when enough of some settings were entered since a start (semantics 6).
namespace tl {

void Simulation::start_milestones(std::uint32_t slot, StartKind kind, std::uint32_t subject) {
  for (std::uint32_t m = 0; m < model_.milestones.size(); ++m) {
    const StartPoint& from = model_.milestones[m].from;
    if (from.kind != kind || (kind != StartKind::arrival && from.subject != subject)) continue;
    Milestone& milestone = milestones_[static_cast<std::size_t>(slot) * model_.milestones.size() + m];
    milestone.since = now_;
    milestone.entered = 0;
    count(clients_[slot], [&](Tally& tally) { ++tally.milestone(m).started; });
  }
}

/// The client entered a setting, or was enrolled in it. Its actions may move the client on, or out of the model.
void Simulation::further_milestones(std::uint32_t slot, std::uint32_t setting) {
  start_milestones(slot, StartKind::setting, setting);
  const std::uint32_t number = clients_[slot].number;
  for (std::uint32_t m = 0; m < model_.milestones.size() && clients_[slot].number == number; ++m) {
    const MilestoneType& type = model_.milestones[m];
    Milestone& milestone = milestones_[static_cast<std::size_t>(slot) * model_.milestones.size() + m];
    if (milestone.since == kNever) continue;
    for (std::uint32_t i = 0; i < type.setting_count; ++i)
      if (model_.milestone_settings[type.first_setting + i].index() == setting) milestone.entered |= 1U << i;
    if (static_cast<std::uint32_t>(std::popcount(milestone.entered)) < type.needed) continue;
    const std::int64_t took = now_ - milestone.since;
    const std::uint32_t occurrence = milestone.times++;
    milestone.since = kNever;
    count(clients_[slot], [&](Tally& all) {
      MilestoneTally& tally = all.milestone(m);
      ++tally.reached;
      tally.micros += took;
      if (took <= type.standard.micros()) ++tally.within_standard;
      all.reached(m, took);
    });
    tell(StoryKind::milestone, slot, m, took);
    if (type.actions.count > 0) act(slot, type.actions, occurrence, now_);
  }
}

}  // namespace tl
