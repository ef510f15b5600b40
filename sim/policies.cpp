#include "sim/policies.hpp"

#include <algorithm>

#include "sim/simulation_inline.hpp"

// Policies look at the state on each of their reviews and act on it; capacity that grows may take time to start. All
// events of policies stand in the phase `policy` without a client's number, so they come before those of requests
// there: first what was decided earlier, and seasons; then the reviews, in file order.
namespace tl {

/// At the run's start, before anybody is there.
void Simulation::start_policies() {
  for (std::uint32_t p = 0; p < policies_.size(); ++p) {
    const PolicyRule& rule = model_.policies.rules[p];
    if (rule.is_seasonal) turn_season(p);
    if (rule.first_review < SimTime::never())
      schedule(Event::make(rule.first_review.micros(), Phase::policy, 0, EventKind::other,
                           static_cast<std::uint32_t>(policies_.size()) + p));
  }
}

void Simulation::reset_policies() {
  const PolicyPart& part = model_.policies;
  policies_.assign(part.rules.size(), PolicyState{});
  policy_cells_ = part.cells;
  policy_units_ = part.units;
  policy_staff_ = part.staff;
  stream_scales_.clear();
  if (!part.streams.empty())
    for (const ArrivalStream& arrival : model_.arrivals) stream_scales_.push_back(arrival.scale);
  growths_.clear();
  if (part.units.empty() && part.start_delays.empty()) return;
  growths_.resize(model_.settings.size());
  for (std::size_t s = 0; s < growths_.size(); ++s)
    growths_[s].dated = growths_[s].funded = model_.settings[s].capacity;
  for (const StartDelay& one : part.start_delays) growths_[one.setting.index()].delay = one.delay;
}

/// @param handle  of the event: a policy's row, and for a review as many more as there are policies
void Simulation::policy_rang(std::uint32_t handle) {
  const auto count = static_cast<std::uint32_t>(policies_.size());
  if (handle >= count) {
    review_policy(handle - count);
    return;
  }
  if (policies_[handle].turn == now_) turn_season(handle);
  if (policies_[handle].due != now_) return;
  policies_[handle].due = kNever;
  switch_policy(handle, policies_[handle].stage == PolicyStage::opening);
}

/// A season begins or ends, or the run begins.
void Simulation::turn_season(std::uint32_t p) {
  const PolicyRule& rule = model_.policies.rules[p];
  PolicyState& state = policies_[p];
  state.turn = kNever;
  bool in_season = false;
  for (std::uint32_t i = 0; i < rule.season_count; ++i) {
    const PolicySeason& season = model_.policies.seasons[rule.first_season + i];
    in_season = in_season || (season.from.micros() <= now_ && now_ < season.to.micros());
    for (const SimTime turn : {season.from, season.to})
      if (turn.micros() > now_) state.turn = std::min(state.turn, turn.micros());
  }
  if (state.turn < kNever) schedule(Event::make(state.turn, Phase::policy, 0, EventKind::other, p));
  state.out_of_season = !in_season;
  state.held_since = kNever;
  if (in_season && !rule.has_trigger && state.stage == PolicyStage::closed) switch_policy(p, true);
  if (in_season || state.stage == PolicyStage::closed) return;
  state.due = kNever;
  if (state.stage == PolicyStage::opening) {
    state.stage = PolicyStage::closed;
    tally_.policy(p).lead.change(-1, now_);
  } else {
    switch_policy(p, false);
  }
}

/// Whether the measure has been beyond the threshold for long enough.
bool Simulation::is_met(const PolicyTrigger& trigger, double measured, PolicyState& state) const {
  if (!(trigger.over ? measured > trigger.threshold : measured < trigger.threshold)) {
    state.held_since = kNever;
    return false;
  }
  if (state.held_since == kNever) state.held_since = now_;
  return now_ - state.held_since >= trigger.hold.micros();
}

void Simulation::review_policy(std::uint32_t p) {
  const PolicyRule& rule = model_.policies.rules[p];
  PolicyState& state = policies_[p];
  const double measured = measure_for(rule);
  PolicyTally& tally = tally_.policy(p);
  ++tally.reviews;
  tally.measured += measured;
  schedule(Event::make(now_ + rule.review.micros(), Phase::policy, 0, EventKind::other,
                       static_cast<std::uint32_t>(policies_.size()) + p));
  if (!rule.has_trigger || state.out_of_season) return;
  if (state.stage == PolicyStage::closed && is_met(rule.opens, measured, state) && state.budgets_spent == 0) {
    state.stage = PolicyStage::opening;
    tally.lead.change(1, now_);
    decide(p, rule.lead);
  } else if (state.stage == PolicyStage::open && rule.ends && is_met(rule.closes, measured, state)) {
    state.stage = PolicyStage::closing;
    decide(p, rule.closing_lead);
  }
}

/// What is decided takes effect after the lead time.
void Simulation::decide(std::uint32_t p, SimTime lead) {
  PolicyState& state = policies_[p];
  state.held_since = kNever;
  if (lead <= SimTime{}) {
    switch_policy(p, state.stage == PolicyStage::opening);
    return;
  }
  state.due = now_ + std::min(lead.micros(), kNever);
  schedule(Event::make(state.due, Phase::policy, 0, EventKind::other, p));
}

std::int64_t Simulation::count_waiting_over(const PolicyRule& rule) const {
  const SettingId* const first = &model_.policies.settings[rule.first_setting];
  const SettingId* const last = first + rule.setting_count;
  std::int64_t count = 0;
  for (std::uint32_t id = 0; id < requests_.size(); ++id) {
    const Request& request = requests_[id];
    if (request.number == 0 || request.main != kNoSlot || now_ - request.asked <= rule.waited.micros()) continue;
    if (request.kind == RequestKind::interim || clients_[request.client].granted == id) continue;
    if (std::find(first, last, SettingId{request.goal}) != last) ++count;
  }
  return count;
}

double Simulation::measure_for(const PolicyRule& rule) const {
  if (rule.measure == PolicyMeasure::waiting_over) return static_cast<double>(count_waiting_over(rule));
  std::int64_t sum = 0, units = 0;
  for (std::uint32_t i = 0; i < rule.setting_count; ++i) {
    const std::uint32_t s = model_.policies.settings[rule.first_setting + i].index();
    const SettingTally& tally = tally_.setting(s);
    switch (rule.measure) {
      case PolicyMeasure::waiting:
        sum += tally.waiting.now();
        break;
      case PolicyMeasure::boarding:
        sum += tally.boarding.now();
        break;
      case PolicyMeasure::census:
        sum += tally.census.now();
        break;
      case PolicyMeasure::free_units:
        sum += std::max<std::int64_t>(0, units_left(s));
        break;
      default:
        sum += places_[s].capacity - places_[s].free - tally.reserved.now() - tally.turnaround.now() - tally.held.now();
        units += places_[s].capacity;
    }
  }
  if (rule.measure != PolicyMeasure::occupancy) return static_cast<double>(sum);
  return units > 0 ? static_cast<double>(sum) / static_cast<double>(units) : 1.0;
}

/// What the policy changes takes its other value.
void Simulation::switch_policy(std::uint32_t p, bool open) {
  const PolicyRule& rule = model_.policies.rules[p];
  PolicyState& state = policies_[p];
  PolicyTally& tally = tally_.policy(p);
  if (state.stage == PolicyStage::opening) tally.lead.change(-1, now_);
  state.stage = open ? PolicyStage::open : PolicyStage::closed;
  tally.open.change(open ? 1 : -1, now_);
  ++(open ? tally.openings : tally.closings);
  for (std::uint32_t i = 0; i < rule.cell_count; ++i) {
    const PolicyCell& one = policy_cells_[rule.first_cell + i];
    cells_[one.cell] = open ? one.on : one.off;
  }
  for (std::uint32_t i = 0; i < rule.stream_count; ++i) {
    const PolicyStream& one = model_.policies.streams[rule.first_stream + i];
    stream_scales_[one.arrival] = open ? one.scale : model_.arrivals[one.arrival].scale;
  }
  if (rule.changes_rates) read_rates_again();
  if (rule.cell_count > 0 && !roster_.empty()) {  // what staff can carry may be among them
    roster_.stir_all();
    stir_staff();
  }
  for (std::uint32_t i = 0; i < rule.units_count; ++i) {
    const PolicyUnits& one = policy_units_[rule.first_units + i];
    growths_[one.setting.index()].more += open ? one.more : -one.more;
    settle_capacity(one.setting.index());
  }
  for (std::uint32_t i = 0; i < rule.staff_count; ++i) {
    const PolicyStaff& one = policy_staff_[rule.first_staff + i];
    roster_.add_to_budget(one.pool, open ? one.more : -one.more, now_);
  }
  if (rule.staff_count > 0) stir_staff();
  if (watcher_ != nullptr) watcher_->switched(p, open, SimTime::from_micros(now_));
}

void Simulation::read_rates_again() {
  for (std::uint32_t slot = 0; slot < clients_.size(); ++slot)
    if (clients_[slot].number != 0) refresh_hazards(slot, true);
}

/// A dated change of what a policy switches between.
void Simulation::patch_policy(const Patch& patch) {
  const PolicyPart& part = model_.policies;
  const auto owner = [&](std::uint32_t PolicyRule::*first, std::uint32_t PolicyRule::*count) {
    std::uint32_t p = 0;
    while (patch.index < part.rules[p].*first || patch.index >= part.rules[p].*first + part.rules[p].*count) ++p;
    return p;
  };
  if (patch.kind == PatchKind::policy_units) {
    const bool open = is_in_force(owner(&PolicyRule::first_units, &PolicyRule::units_count));
    PolicyUnits& one = policy_units_[patch.index];
    Growth& growth = growths_[one.setting.index()];
    if (open) growth.more += patch.value - one.more;
    one.more = patch.value;
    if (open) settle_capacity(one.setting.index());
    return;
  }
  if (patch.kind == PatchKind::policy_staff) {
    PolicyStaff& one = policy_staff_[patch.index];
    if (is_in_force(owner(&PolicyRule::first_staff, &PolicyRule::staff_count)))
      roster_.add_to_budget(one.pool, patch.value - one.more, now_);
    one.more = patch.value;
    return;
  }
  const bool open = is_in_force(owner(&PolicyRule::first_cell, &PolicyRule::cell_count));
  PolicyCell& one = policy_cells_[patch.index];
  (patch.kind == PatchKind::policy_on ? one.on : one.off) = static_cast<std::uint32_t>(patch.value);
  cells_[one.cell] = open ? one.on : one.off;
}

/// What is funded is the dated capacity and what open policies add; what grows starts after the setting's delay, what
/// shrinks does so at once, and what has not started goes first.
void Simulation::settle_capacity(std::uint32_t setting) {
  Growth& growth = growths_[setting];
  const bool unlimited = growth.dated == kUnlimited;
  const std::int64_t target = unlimited ? kUnlimited : std::max<std::int64_t>(0, growth.dated + growth.more);
  if (unlimited || growth.funded == kUnlimited) {
    growth.coming.clear();
  } else if (target > growth.funded && growth.delay.exists() && now_ > 0) {
    const std::int64_t delay = start_delay(setting);
    if (delay > 0) {
      growth.coming.push_back({now_ + std::min(delay, kNever), target - growth.funded});
      schedule(Event::make(growth.coming.back().at, Phase::dated_change, 0, EventKind::growth, setting));
    }
  }
  for (std::int64_t fewer = growth.funded - target; fewer > 0 && !growth.coming.empty();) {
    const std::int64_t cancelled = std::min(fewer, growth.coming.back().units);
    growth.coming.back().units -= cancelled;
    fewer -= cancelled;
    if (growth.coming.back().units == 0) growth.coming.pop_back();
  }
  growth.funded = target;
  use_units(setting);
}

/// Drawn for the setting and the instant of funding: one increase more moves no other's draw.
std::int64_t Simulation::start_delay(std::uint32_t setting) const {
  const std::uint32_t id = model_.settings[setting].draw_id;
  const auto at = static_cast<std::uint64_t>(now_);
  const Block block =
      draw(run_, {id, static_cast<std::uint32_t>(at), 0}, Purpose::process, id, static_cast<std::uint32_t>(at >> 32));
  return length(growths_[setting].delay, uniform53(block.w[0], block.w[1]), uniform32(block.w[2]));
}

/// Units whose time has come start.
void Simulation::units_start(std::uint32_t setting) {
  std::erase_if(growths_[setting].coming, [this](const Coming& one) { return one.at <= now_; });
  use_units(setting);
}

void Simulation::use_units(std::uint32_t setting) {
  const Growth& growth = growths_[setting];
  std::int64_t units = growth.funded;
  for (const Coming& one : growth.coming) units -= one.units;
  if (units != physical_[setting]) set_physical_capacity(setting, units);
}

void Simulation::check_policies() const {
  const PolicyPart& part = model_.policies;
  std::vector<std::int64_t> more(growths_.size(), 0);
  for (std::uint32_t p = 0; p < policies_.size(); ++p) {
    const PolicyRule& rule = part.rules[p];
    const bool open = is_in_force(p);
    TL_EXPECTS(tally_.policy(p).open.now() == (open ? 1 : 0));
    TL_EXPECTS(tally_.policy(p).lead.now() == (policies_[p].stage == PolicyStage::opening ? 1 : 0));
    TL_EXPECTS(tally_.policy(p).openings == tally_.policy(p).closings + (open ? 1U : 0U));
    TL_EXPECTS(policies_[p].due > now_ || now_ == end_);
    for (std::uint32_t i = rule.first_cell; i < rule.first_cell + rule.cell_count; ++i)
      TL_EXPECTS(cells_[policy_cells_[i].cell] == (open ? policy_cells_[i].on : policy_cells_[i].off));
    for (std::uint32_t i = rule.first_units; i < rule.first_units + rule.units_count; ++i)
      if (open) more[policy_units_[i].setting.index()] += policy_units_[i].more;
    if (rule.measure != PolicyMeasure::waiting_over) continue;
    PolicyRule all = rule;
    all.waited = SimTime::from_micros(-1);
    std::int64_t waiting = 0;
    for (std::uint32_t i = 0; i < rule.setting_count; ++i)
      waiting += tally_.setting(part.settings[rule.first_setting + i].index()).waiting.now();
    TL_EXPECTS(count_waiting_over(all) == waiting);
  }
  for (std::uint32_t s = 0; s < growths_.size(); ++s) {
    const Growth& growth = growths_[s];
    TL_EXPECTS(growth.more == more[s]);
    if (growth.dated == kUnlimited) continue;
    std::int64_t units = physical_[s];
    for (const Coming& one : growth.coming) units += one.units;
    TL_EXPECTS(units == growth.funded && growth.funded == std::max<std::int64_t>(0, growth.dated + growth.more));
  }
}

}  // namespace tl
