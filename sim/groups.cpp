#include "sim/groups.hpp"

#include <algorithm>

#include "sim/expects.hpp"
#include "sim/simulation_inline.hpp"

// Sums by group: a second account beside that of the whole, kept where a model asks for it.
namespace tl {
namespace {

constexpr std::size_t kPerSetting = kSettingSums.size();
constexpr std::size_t kPerGroup = kGroupSums.size();

template <class Value>
void append(std::vector<Value>& to, const std::vector<Value>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

/// Of `kept`, the part of one of `count` groups.
template <class Value>
std::vector<Value> part_of(const std::vector<Value>& kept, std::uint32_t group, std::uint32_t count) {
  TL_EXPECTS(kept.size() % count == 0);
  const std::size_t length = kept.size() / count;
  const auto first = kept.begin() + static_cast<std::ptrdiff_t>(group * length);
  return {first, first + static_cast<std::ptrdiff_t>(length)};
}

}  // namespace

ReplicationResult group_view(const ReplicationResult& run, std::uint32_t group) {
  TL_EXPECTS(group < run.group_count);
  ReplicationResult view;
  view.period_count = run.period_count;
  view.setting_count = run.setting_count;
  view.observe_count = run.observe_count;
  view.event_count = run.event_count;
  view.reason_count = run.reason_count;
  view.outcome_count = run.outcome_count;
  view.milestone_count = run.milestone_count;
  const auto part = [&](const auto& kept) { return part_of(kept, group, run.group_count); };
  const std::vector<double> sums = part(run.group_settings);
  const std::size_t rows = sums.size() / kPerGroup;
  view.settings.assign(rows * kPerSetting, 0.0);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t i = 0; i < kPerGroup; ++i)
      view.settings[row * kPerSetting + static_cast<std::size_t>(kGroupSums[i])] = sums[row * kPerGroup + i];
  view.model = part(run.group_model);
  view.events = part(run.group_events);
  view.milestones = part(run.group_milestones);
  view.reasons = part(run.group_reasons);
  view.outcomes = part(run.group_outcomes);
  view.observed_census = part(run.group_observed_census);
  view.observed_waiting = part(run.group_observed_waiting);
  view.wait_lengths = part(run.group_wait_lengths);
  view.milestone_lengths = part(run.group_milestone_lengths);
  return view;
}

void GroupTallies::reset(const CompiledModel& model) {
  if (by_.empty() && model.by.empty()) return;
  by_ = model.by;
  setting_count_ = static_cast<std::uint32_t>(model.settings.size());
  milestone_count_ = static_cast<std::uint32_t>(model.milestones.size());
  if (tallies_ == nullptr) tallies_ = std::make_unique<Tally[]>(group_count(by_));
  for (std::uint32_t g = 0; g < group_count(by_); ++g) tallies_[g].reset(model, Tally::Kept::by_group);
}

/// Who is there at the start did not arrive.
void GroupTallies::forget_arrivals() {
  for (std::uint32_t g = 0; g < group_count(by_); ++g) tallies_[g].arrived = 0;
}
void GroupTallies::start_results(std::int64_t at) {
  for (std::uint32_t g = 0; g < group_count(by_); ++g) tallies_[g].start_results(at);
}
void GroupTallies::end_period(std::int64_t at) {
  for (std::uint32_t g = 0; g < group_count(by_); ++g) tallies_[g].end_period(at);
}
void GroupTallies::observe(std::uint32_t instant) {
  for (std::uint32_t g = 0; g < group_count(by_); ++g) tallies_[g].observe(instant);
}

void GroupTallies::finish(std::int64_t at, ReplicationResult& into) {
  into.group_count = group_count(by_);
  for (auto* values :
       {&into.group_settings, &into.group_model, &into.group_events, &into.group_milestones, &into.group_reasons,
        &into.group_outcomes, &into.group_observed_census, &into.group_observed_waiting})
    values->clear();
  into.group_wait_lengths.clear();
  into.group_milestone_lengths.clear();
  ReplicationResult one;
  for (std::uint32_t g = 0; g < group_count(by_); ++g) {
    tallies_[g].finish(at, one);
    for (std::size_t row = 0; row < one.settings.size() / kPerSetting; ++row)
      for (const SettingSum which : kGroupSums)
        into.group_settings.push_back(one.settings[row * kPerSetting + static_cast<std::size_t>(which)]);
    append(into.group_model, one.model);
    append(into.group_events, one.events);
    append(into.group_milestones, one.milestones);
    append(into.group_reasons, one.reasons);
    append(into.group_outcomes, one.outcomes);
    append(into.group_observed_census, one.observed_census);
    append(into.group_observed_waiting, one.observed_waiting);
    append(into.group_wait_lengths, one.wait_lengths);
    append(into.group_milestone_lengths, one.milestone_lengths);
  }
}

namespace {

/// All of a setting that is about clients, as whole numbers.
std::array<WideInt, 28> account_of(const Tally& tally, std::uint32_t setting, std::int64_t at) {
  const SettingTally& t = tally.setting(setting);
  const RareTally& rare = tally.rare(setting);
  const auto cause = [&](WaitCause which) { return rare.causes[static_cast<std::size_t>(which)].area(at); };
  return {t.census.area(at),
          t.waiting.area(at),
          t.boarding.area(at),
          t.over_level.area(at),
          t.delayed.area(at),
          WideInt{t.admissions},
          WideInt{t.departures},
          WideInt{t.returns},
          t.stay_micros,
          t.stay_drawn_micros,
          WideInt{t.stays},
          WideInt{t.stays_ended},
          WideInt{t.requests},
          WideInt{t.waits - t.waits_passed_over},
          t.wait_micros,
          WideInt{t.within_standard},
          WideInt{t.refused},
          WideInt{t.reneged},
          WideInt{t.replaced},
          WideInt{t.dropped},
          WideInt{t.lost} + WideInt{t.client_left},
          rare.above_need.area(at),
          rare.below_need.area(at),
          WideInt{rare.preempted} + WideInt{rare.claims_lapsed},
          WideInt{rare.swaps},
          cause(WaitCause::in_handoff),
          cause(WaitCause::for_assessment),
          cause(WaitCause::away)};
}

std::vector<WideInt> account_of(const Tally& tally, std::int64_t at, std::uint32_t milestones) {
  std::vector<WideInt> all{tally.present.area(at), WideInt{tally.present.now()}, WideInt{tally.arrived},
                           WideInt{tally.left},    WideInt{tally.transfers},     WideInt{tally.swaps}};
  for (const auto* counts : {&tally.events, &tally.reasons, &tally.outcomes})
    for (const std::uint64_t count : *counts) all.push_back(WideInt{count});
  for (std::uint32_t m = 0; m < milestones; ++m) {
    const MilestoneTally& t = tally.milestone(m);
    for (const WideInt value : {WideInt{t.started}, WideInt{t.reached}, WideInt{t.within_standard}, t.micros})
      all.push_back(value);
  }
  return all;
}

template <class Account>
void add(Account& to, const Account& more) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += more[i];
}

}  // namespace

void GroupTallies::check(const Tally& whole, std::int64_t at) const {
  for (const GroupTrait& trait : by_) {
    const auto end = trait.first_group + trait.value_count;
    auto sum = account_of(tallies_[trait.first_group], at, milestone_count_);
    for (std::uint32_t g = trait.first_group + 1; g < end; ++g) add(sum, account_of(tallies_[g], at, milestone_count_));
    TL_EXPECTS(sum == account_of(whole, at, milestone_count_));
    for (std::uint32_t s = 0; s < setting_count_; ++s) {
      auto there = account_of(tallies_[trait.first_group], s, at);
      for (std::uint32_t g = trait.first_group + 1; g < end; ++g) {
        add(there, account_of(tallies_[g], s, at));
        TL_EXPECTS(tallies_[g].setting(s).census.now() >= 0 && tallies_[g].setting(s).waiting.now() >= 0);
      }
      TL_EXPECTS(there == account_of(whole, s, at));
    }
  }
}

/// A trait by which results are kept has another value: what the client is, and waits for, is another group's from now
/// on. What was counted before stays where it was counted.
void Simulation::change_group(std::uint32_t slot, std::uint64_t before) {
  const Client& client = clients_[slot];
  const auto pass_on = [&](std::uint32_t setting, Level SettingTally::*which, std::int64_t count) {
    groups_.each_change(before, client.traits, [&](Tally& from, Tally& to) {
      (from.setting(setting).*which).change(-count, now_);
      (to.setting(setting).*which).change(count, now_);
    });
  };
  const auto pass_on_rare = [&](std::uint32_t setting, auto level) {
    groups_.each_change(before, client.traits, [&](Tally& from, Tally& to) {
      level(from.rare(setting)).change(-1, now_);
      level(to.rare(setting)).change(1, now_);
    });
  };
  groups_.each_change(before, client.traits, [&](Tally& from, Tally& to) {
    from.present.change(-1, now_);
    to.present.change(1, now_);
  });
  if (client.place != kNoSlot) {
    pass_on(client.place, &SettingTally::census, 1);
    if (const SettingId pool = pool_of(client.place); pool.exists())
      pass_on(pool.index(), &SettingTally::census, units_held(slot));
    if (client.boards) pass_on(client.place, &SettingTally::boarding, 1);
    if (client.boards_over_level) pass_on(client.place, &SettingTally::over_level, 1);
    if (client.stay_state == StayState::delayed) pass_on(client.place, &SettingTally::delayed, 1);
    if (client.mismatch != 0)
      pass_on_rare(client.place,
                   [&](RareTally& rare) -> Level& { return client.mismatch == 1 ? rare.above_need : rare.below_need; });
  }
  for (std::uint32_t id = client.first_request; id != kNoSlot; id = requests_[id].next_of_client) {
    if (id == client.granted) continue;
    const Request& request = requests_[id];
    pass_on(request.goal, &SettingTally::waiting, 1);
    if (const auto cause = own_cause_of(request))
      pass_on_rare(request.goal,
                   [&](RareTally& rare) -> Level& { return rare.causes[static_cast<std::size_t>(*cause)]; });
  }
  for (std::uint32_t e = client.first_enrolment; e != kNoSlot; e = enrolments_[e].next_of_client) {
    const Enrolment& enrolment = enrolments_[e];
    pass_on(enrolment.program, &SettingTally::census, 1);
    if (const SettingId pool = pool_of(enrolment.program); pool.exists())
      pass_on(pool.index(), &SettingTally::census, enrolment.units);
  }
}

/// The client came into the setting (+1) or went out of it (-1).
void Simulation::in_groups(const Client& client, std::uint32_t setting, std::int64_t change) {
  groups_.each(client.traits, [&](Tally& tally) {
    SettingTally& there = tally.setting(setting);
    there.census.change(change, now_);
    ++(change > 0 ? there.admissions : there.departures);
  });
}

void Simulation::count_wait_more(std::uint32_t goal, const Client& client, std::int64_t waited) {
  const bool counts = in_cohort(client);
  count(client, [&](Tally& tally) {
    if (counts) {
      tally.add_wait(goal, waited, model_.settings[goal].wait_standard.micros());
    } else {
      ++tally.setting(goal).waits;
      ++tally.setting(goal).waits_passed_over;
    }
  });
}

void Simulation::count_stay_more(std::uint32_t setting, const Client& client, std::int64_t length) {
  if (!in_cohort(client)) return;
  tally_.stayed(setting, length);
  count(client, [&](Tally& tally) {
    ++tally.setting(setting).stays;
    tally.setting(setting).stay_micros += length;
  });
}

/// A newcomer's traits are known.
void Simulation::join_group(const Client& client) {
  groups_.each(client.traits, [&](Tally& tally) {
    ++tally.arrived;
    tally.present.change(1, now_);
  });
}

}  // namespace tl
