#include "sim/tally.hpp"

namespace tl {
namespace {

constexpr std::size_t kPerSetting = kSettingSums.size();
constexpr std::size_t kPerModel = kModelSums.size();

double days(std::int64_t micros) {
  return static_cast<double>(micros) / static_cast<double>(kMicrosPerDay);
}

/// Most sums are small enough for the processor's own conversion, which rounds as the wide one does.
double days(WideInt micros) {
  const auto narrow = static_cast<std::int64_t>(micros);
  return narrow == micros ? days(narrow) : static_cast<double>(micros) / static_cast<double>(kMicrosPerDay);
}

constexpr std::size_t kPerMilestone = kMilestoneSums.size();

void write_rare_sums(const RareTally& t, std::int64_t at, std::span<double> row) {
  const auto put = [&](SettingSum which, const Level& level) {
    row[static_cast<std::size_t>(which)] = days(level.area(at));
  };
  const auto count = [&](SettingSum which, std::uint64_t value) {
    row[static_cast<std::size_t>(which)] = static_cast<double>(value);
  };
  count(SettingSum::preempted, t.preempted);
  count(SettingSum::claims_lapsed, t.claims_lapsed);
  count(SettingSum::swaps, t.swaps);
  put(SettingSum::above_need_days, t.above_need);
  put(SettingSum::below_need_days, t.below_need);
  // the sums stand in the order of the causes
  for (std::size_t cause = 0; cause < kWaitCauses; ++cause)
    put(static_cast<SettingSum>(static_cast<std::size_t>(SettingSum::waiting_in_handoff_days) + cause),
        t.causes[cause]);
}

void write_sums(const SettingTally& t, std::int64_t at, std::span<double> row) {
  const auto put = [&](SettingSum which, double value) { row[static_cast<std::size_t>(which)] = value; };
  const auto count = [&](SettingSum which, std::uint64_t value) { put(which, static_cast<double>(value)); };
  put(SettingSum::census_days, days(t.census.area(at)));
  put(SettingSum::capacity_days, days(t.capacity.area(at)));
  put(SettingSum::waiting_days, days(t.waiting.area(at)));
  put(SettingSum::boarding_days, days(t.boarding.area(at)));
  put(SettingSum::over_level_days, days(t.over_level.area(at)));
  put(SettingSum::discharge_delay_days, days(t.delayed.area(at)));
  put(SettingSum::reserved_days, days(t.reserved.area(at)));
  put(SettingSum::turnaround_days, days(t.turnaround.area(at)));
  count(SettingSum::admissions, t.admissions);
  count(SettingSum::departures, t.departures);
  count(SettingSum::returns, t.returns);
  put(SettingSum::stay_days, days(t.stay_micros));
  put(SettingSum::stay_drawn_days, days(t.stay_drawn_micros));
  count(SettingSum::stays_ended, t.stays_ended);
  count(SettingSum::requests, t.requests);
  count(SettingSum::waits, t.waits - t.waits_passed_over);
  put(SettingSum::wait_days, days(t.wait_micros));
  count(SettingSum::waits_within_standard, t.within_standard);
  count(SettingSum::refused, t.refused);
  count(SettingSum::reneged, t.reneged);
  count(SettingSum::replaced, t.replaced);
  count(SettingSum::dropped, t.dropped);
  count(SettingSum::lost, t.lost);
  count(SettingSum::client_left, t.client_left);
  count(SettingSum::stays, t.stays);
  put(SettingSum::held_days, days(t.held.area(at)));
  // states at an instant are not sums: end_period puts them in afterwards
  put(SettingSum::census_at_end, 0.0);
  put(SettingSum::waiting_at_end, 0.0);
}

constexpr std::size_t kSeenAtOnce = 16;
static_assert(kCensusBins % kSeenAtOnce == 0);
bool any_above_0(const std::int64_t* bins) {
  std::int64_t all = 0;
  for (std::size_t i = 0; i < kSeenAtOnce; ++i) all |= bins[i];
  return all != 0;
}

void append_difference(std::vector<double>& to, const std::vector<double>& now, const std::vector<double>& last) {
  for (std::size_t i = 0; i < now.size(); ++i) to.push_back(now[i] - last[i]);
}

}  // namespace

double bucket_low_days(std::size_t bucket) {
  const std::size_t octave = bucket < 32 ? 0 : bucket / 16 - 1;
  const double units = bucket < 32
                           ? static_cast<double>(bucket)
                           : static_cast<double>(16 + bucket % 16) * static_cast<double>(std::uint64_t{1} << octave);
  return units * static_cast<double>(1 << 20) / static_cast<double>(kMicrosPerDay);
}

void Tally::reset(const CompiledModel& model, Kept kept) {
  kept_ = kept;
  const std::size_t n = model.settings.size();
  settings_.renew(n);
  rare_.assign(n, RareTally{});
  milestones_.assign(model.milestones.size(), MilestoneTally{});
  milestone_lengths_.renew(milestones_.size() * kLengthBuckets);
  wait_lengths_.renew(n * kLengthBuckets);
  census_time_.renew(kept == Kept::whole ? n * kCensusBins : 0);
  stay_lengths_.renew(kept == Kept::whole ? n * kLengthBuckets : 0);
  present = Level{};
  arrived = left = transfers = swaps = 0;
  events.assign(model.events.size() + model.timers.size(), 0);
  reasons.assign(model.reason_count, 0);
  outcomes.assign(model.outcome_count, 0);
  last_settings_.assign(n * kPerSetting, 0.0);
  last_model_.assign(kPerModel, 0.0);
  last_rest_.assign(events.size() + reasons.size() + outcomes.size() + milestones_.size() * kPerMilestone, 0.0);
  now_settings_ = last_settings_;
  now_model_ = last_model_;
  now_rest_ = last_rest_;
  result_.period_count = 0;
  for (auto* values : {&result_.settings, &result_.model, &result_.events, &result_.milestones, &result_.reasons,
                       &result_.outcomes, &result_.census_time, &result_.census_width})
    values->clear();
  result_.setting_count = static_cast<std::uint32_t>(n);
  result_.observe_count = static_cast<std::uint32_t>(model.observe.size());
  result_.event_count = static_cast<std::uint32_t>(events.size());
  result_.reason_count = model.reason_count;
  result_.outcome_count = model.outcome_count;
  result_.milestone_count = static_cast<std::uint32_t>(milestones_.size());
  result_.settings.reserve(model.period_ends.size() * n * kPerSetting);
  result_.observed_census.assign(model.observe.size() * n, 0.0);
  result_.observed_waiting.assign(model.observe.size() * n, 0.0);
}

void Tally::widen(std::uint32_t setting) {
  std::int64_t* bins = &census_time_[setting * kCensusBins];
  for (std::size_t i = 0; i < kCensusBins; ++i) bins[i] = i < kCensusBins / 2 ? bins[2 * i] + bins[2 * i + 1] : 0;
  ++settings_[setting].census_shift;
}

void Tally::close_census_time(std::int64_t at) {
  if (kept_ == Kept::by_group) return;
  for (std::uint32_t s = 0; s < settings_.size(); ++s) census(s, 0, at);
}

void Tally::snapshot(std::int64_t at, std::vector<double>& settings, std::vector<double>& model,
                     std::vector<double>& rest) const {
  for (std::size_t s = 0; s < settings_.size(); ++s) {
    const std::span<double> row = std::span{settings}.subspan(s * kPerSetting, kPerSetting);
    write_sums(settings_[s], at, row);
    write_rare_sums(rare_[s], at, row);
  }
  model = {static_cast<double>(arrived),   static_cast<double>(left), days(present.area(at)), 0.0,
           static_cast<double>(transfers), static_cast<double>(swaps)};
  std::size_t i = 0;
  for (const auto* counts : {&events, &reasons, &outcomes})
    for (const std::uint64_t value : *counts) rest[i++] = static_cast<double>(value);
  for (const MilestoneTally& m : milestones_) {  // in the order of MilestoneSum
    rest[i++] = static_cast<double>(m.started);
    rest[i++] = static_cast<double>(m.reached);
    rest[i++] = days(m.micros);
    rest[i++] = static_cast<double>(m.within_standard);
  }
}

void Tally::start_results(std::int64_t at) {
  close_census_time(at);
  if (at == 0 && arrived == 0 && present.now() == 0) {  // nobody has come: there is nothing to forget
    snapshot(at, last_settings_, last_model_, last_rest_);
    return;
  }
  census_time_.renew(census_time_.size());
  wait_lengths_.renew(wait_lengths_.size());
  stay_lengths_.renew(stay_lengths_.size());
  milestone_lengths_.renew(milestone_lengths_.size());
  snapshot(at, last_settings_, last_model_, last_rest_);
}

void Tally::end_period(std::int64_t at) {
  snapshot(at, now_settings_, now_model_, now_rest_);
  const std::size_t first = result_.settings.size();
  append_difference(result_.settings, now_settings_, last_settings_);
  for (std::size_t s = 0; s < settings_.size(); ++s) {
    double* row = &result_.settings[first + s * kPerSetting];
    row[static_cast<std::size_t>(SettingSum::census_at_end)] = static_cast<double>(settings_[s].census.now());
    row[static_cast<std::size_t>(SettingSum::waiting_at_end)] = static_cast<double>(settings_[s].waiting.now());
  }
  append_difference(result_.model, now_model_, last_model_);
  result_.model[result_.model.size() - kPerModel + static_cast<std::size_t>(ModelSum::present_at_end)] =
      static_cast<double>(present.now());
  std::size_t next = 0;
  const auto append_rest = [&](std::vector<double>& to, std::size_t count) {
    for (const std::size_t end = next + count; next < end; ++next) to.push_back(now_rest_[next] - last_rest_[next]);
  };
  append_rest(result_.events, events.size());
  append_rest(result_.reasons, reasons.size());
  append_rest(result_.outcomes, outcomes.size());
  append_rest(result_.milestones, milestones_.size() * kPerMilestone);
  last_settings_.swap(now_settings_);
  last_model_.swap(now_model_);
  last_rest_.swap(now_rest_);
  ++result_.period_count;
}

void Tally::observe(std::uint32_t instant) {
  for (std::size_t s = 0; s < settings_.size(); ++s) {
    result_.observed_census[instant * settings_.size() + s] = static_cast<double>(settings_[s].census.now());
    result_.observed_waiting[instant * settings_.size() + s] = static_cast<double>(settings_[s].waiting.now());
  }
}

void Tally::finish(std::int64_t at, ReplicationResult& into) {
  close_census_time(at);
  result_.census_time.assign(census_time_.size(), 0.0);
  for (std::size_t i = 0; i < census_time_.size(); i += kSeenAtOnce)  // most of them are 0
    if (any_above_0(&census_time_[i]))
      for (std::size_t bin = i; bin < i + kSeenAtOnce; ++bin) result_.census_time[bin] = days(census_time_[bin]);
  for (const SettingTally& t : settings_)
    result_.census_width.push_back(static_cast<double>(std::int64_t{1} << t.census_shift));
  std::swap(into, result_);  // the memory of the result before this one serves the next
  into.wait_lengths.assign(wait_lengths_.begin(), wait_lengths_.end());
  into.stay_lengths.assign(stay_lengths_.begin(), stay_lengths_.end());
  into.milestone_lengths.assign(milestone_lengths_.begin(), milestone_lengths_.end());
}

}  // namespace tl
