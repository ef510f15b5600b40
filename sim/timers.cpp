#include <algorithm>

#include "sim/simulation_inline.hpp"

// Timers: something that happens a drawn time after a start (semantics 6).
namespace tl {

/// Which settings and events start a timer, or start or further a milestone.
void Simulation::find_starts() {
  if (model_.timers.empty() && model_.milestones.empty()) return;
  noted_entries_.assign(model_.settings.size(), false);
  const auto note = [&](const StartPoint& from) {
    if (from.kind == StartKind::setting) noted_entries_[from.subject] = true;
  };
  for (const TimerType& timer : model_.timers) {
    note(timer.from);
    if (timer.holds.exists() && looks_at_steps(timer.holds)) timers_look_at_steps_ = true;
  }
  for (const MilestoneType& milestone : model_.milestones) {
    note(milestone.from);
    for (std::uint32_t i = 0; i < milestone.setting_count; ++i)
      noted_entries_[model_.milestone_settings[milestone.first_setting + i].index()] = true;
  }
}

void Simulation::start_timers(std::uint32_t slot, StartKind kind, std::uint32_t subject) {
  for (std::uint32_t t = 0; t < model_.timers.size(); ++t) {
    const StartPoint& from = model_.timers[t].from;
    if (from.kind == kind && (kind == StartKind::arrival || from.subject == subject)) start_timer(slot, t);
  }
}

void Simulation::start_timer(std::uint32_t slot, std::uint32_t type) {
  const TimerType& timer = model_.timers[type];
  const Client& client = clients_[slot];
  Timer& clock = timers_[static_cast<std::size_t>(slot) * model_.timers.size() + type];
  const Block block = draw(run_, client.key, Purpose::event, timer.draw_id, clock.starts++);
  clock.word = block.w[2];
  const std::int64_t after = length(timer.after, client, uniform53(block.w[0], block.w[1]), uniform32(block.w[3]));
  clock.due = after >= kNever ? kNever : now_ + after;
  if (timer.holds.exists()) {
    watch_timers(slot);
    if (clock.due == kNever) return;
  }
  schedule(Event::make(clock.due, Phase::event, client.number, EventKind::timer, slot));
}

/// Those whose condition does not hold any more are cancelled. Where conditions look at the time since something, the
/// client is looked at again at the next step.
void Simulation::watch_timers(std::uint32_t slot) {
  const Client& client = clients_[slot];
  Timer* const clocks = &timers_[static_cast<std::size_t>(slot) * model_.timers.size()];
  std::int64_t step = kNever;
  for (std::uint32_t t = 0; t < model_.timers.size(); ++t) {
    const TableId holds = model_.timers[t].holds;
    if (clocks[t].due == kNever || !holds.exists()) continue;
    if (number(holds, client) == 0.0)
      clocks[t].due = kNever;
    else if (timers_look_at_steps_)
      step = std::min(step, next_step(holds, client));
  }
  if (step >= timer_looks_[slot]) return;
  timer_looks_[slot] = step;
  schedule(Event::make(step, Phase::event, client.number, EventKind::timer, slot));
}

/// @returns whether one rang; otherwise it was cancelled meanwhile, or the event was for looking only
bool Simulation::timer_rang(std::uint32_t slot) {
  if (timer_looks_[slot] == now_) timer_looks_[slot] = kNever;
  watch_timers(slot);
  const auto types = static_cast<std::uint32_t>(model_.timers.size());
  Timer* const clocks = &timers_[static_cast<std::size_t>(slot) * types];
  std::uint32_t type = 0;
  while (type < types && clocks[type].due != now_) ++type;
  if (type == types) return false;
  const std::uint32_t word = clocks[type].word, occurrence = clocks[type].starts - 1;
  clocks[type].due = kNever;
  if (model_.timers[type].repeat) start_timer(slot, type);
  const auto row = static_cast<std::uint32_t>(model_.events.size()) + type;
  happened(slot, row, model_.timers[type].choices, word, occurrence);
  return true;
}

/// An event or a timer: counted, told, and what follows from it.
void Simulation::happened(std::uint32_t slot, std::uint32_t row, TableId choices, std::uint32_t word,
                          std::uint32_t occurrence) {
  count(clients_[slot], [&](Tally& tally) { ++tally.events[row]; });
  tell(StoryKind::event, slot, row);
  const std::uint32_t number = clients_[slot].number;
  if (!milestones_.empty()) start_milestones(slot, StartKind::event, row);
  take_route(slot, choose(choices, clients_[slot], word).route, occurrence, true);
  if (!timers_.empty() && clients_[slot].number == number) start_timers(slot, StartKind::event, row);
}

}  // namespace tl
