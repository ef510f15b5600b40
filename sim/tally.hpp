#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/huge_pages.hpp"
#include "sim/model.hpp"
#include "sim/result.hpp"

namespace tl {

__extension__ using WideInt = __int128;

/// A whole number over time and its exact integral: each change d at t adds d·(T − t), so only Σ d·t is kept.
class Level {
 public:
  void change(std::int64_t by, std::int64_t at) {
    now_ += by;
    moment_ += static_cast<WideInt>(by) * at;
  }
  std::int64_t now() const { return now_; }
  /// ∫ from the run's start to `at` [µs].
  WideInt area(std::int64_t at) const { return static_cast<WideInt>(now_) * at - moment_; }

 private:
  std::int64_t now_ = 0;
  WideInt moment_ = 0;
};

/// What a setting has seen since the run's start: exact, so that order of adding does not matter.
struct alignas(64) SettingTally {
  // what a move in or out changes, in two cache lines
  Level census;
  std::int64_t census_since = 0;  ///< of the census histogram
  int census_shift = 0;           ///< its bins are 2^shift clients wide
  std::uint64_t admissions = 0, departures = 0;
  WideInt stay_micros = 0, stay_drawn_micros = 0;
  std::uint64_t stays = 0, stays_ended = 0, requests = 0, waits = 0;
  // a wait
  WideInt wait_micros = 0, ended_wait_micros = 0;
  std::uint64_t within_standard = 0, refused = 0, reneged = 0;
  std::uint64_t waits_passed_over = 0;  ///< of clients outside the cohort: counted among `waits` here, not in results
  Level waiting;
  // the rest
  Level capacity, boarding, over_level, delayed, reserved, turnaround, held;
  std::uint64_t returns = 0, replaced = 0, dropped = 0, lost = 0, client_left = 0;
  std::uint64_t failed_grants = 0;  ///< granted, counted among the waits, and then not admitted
};
static_assert(sizeof(SettingTally) == 512, "a power of two finds a setting's tally soonest");

/// Why requests wait, in the order in which causes are asked for; those without one of these wait for a free place.
enum class WaitCause : std::uint8_t {
  in_handoff,
  for_assessment,
  away,
  closed,
  policy,
  staff,
  turnaround,
  held,
  count
};
inline constexpr std::size_t kWaitCauses = static_cast<std::size_t>(WaitCause::count);

/// What only some models move.
struct RareTally {
  Level above_need, below_need;
  std::uint64_t preempted = 0, claims_lapsed = 0, swaps = 0;
  std::array<Level, kWaitCauses> causes;
};

/// What a milestone has seen since the run's start.
struct MilestoneTally {
  std::uint64_t started = 0, reached = 0, within_standard = 0;
  WideInt micros = 0;
};

/// All sums of one replication, cut into reporting periods.
class Tally {
 public:
  /// What a tally keeps: of a group neither the time at each census nor the lengths of stays.
  enum class Kept : std::uint8_t { whole, by_group };
  void reset(const CompiledModel& model, Kept kept = Kept::whole);

  SettingTally& setting(std::uint32_t index) { return settings_[index]; }
  const SettingTally& setting(std::uint32_t index) const { return settings_[index]; }

  RareTally& rare(std::uint32_t setting) { return rare_[setting]; }
  const RareTally& rare(std::uint32_t setting) const { return rare_[setting]; }
  MilestoneTally& milestone(std::uint32_t index) { return milestones_[index]; }
  const MilestoneTally& milestone(std::uint32_t index) const { return milestones_[index]; }

  /// Asks for what a move out of the setting will change.
  void fetch(std::uint32_t setting) const {
    __builtin_prefetch(&settings_[setting]);
    __builtin_prefetch(&settings_[setting].stay_micros);
  }
  void census(std::uint32_t setting, std::int64_t by, std::int64_t at) {
    SettingTally& tally = settings_[setting];
    const auto bin = static_cast<std::size_t>(tally.census.now() >> tally.census_shift);
    census_time_[setting * kCensusBins + bin] += at - tally.census_since;
    tally.census_since = at;
    tally.census.change(by, at);
    if (tally.census.now() >> tally.census_shift >= static_cast<std::int64_t>(kCensusBins)) widen(setting);
  }
  /// A wait that counts has ended in admission. @param standard  the setting's
  void add_wait(std::uint32_t setting, std::int64_t micros, std::int64_t standard) {
    SettingTally& tally = settings_[setting];
    ++tally.waits;
    tally.wait_micros += micros;
    waited(setting, micros);
    if (micros == 0 || micros <= standard) ++tally.within_standard;
  }
  void waited(std::uint32_t setting, std::int64_t micros) {
    ++wait_lengths_[setting * kLengthBuckets + length_bucket(micros)];
  }
  void stayed(std::uint32_t setting, std::int64_t micros) {
    ++stay_lengths_[setting * kLengthBuckets + length_bucket(micros)];
  }

  void reached(std::uint32_t milestone, std::int64_t micros) {
    ++milestone_lengths_[milestone * kLengthBuckets + length_bucket(micros)];
  }

  /// Warm-up ends: what came before counts no more.
  void start_results(std::int64_t at);
  void end_period(std::int64_t at);
  void observe(std::uint32_t instant);
  void finish(std::int64_t at, ReplicationResult& into);

  Level present;
  std::uint64_t arrived = 0, left = 0, transfers = 0, swaps = 0;
  std::vector<std::uint64_t> events /* timers behind them */, reasons, outcomes;

 private:
  void widen(std::uint32_t setting);
  void close_census_time(std::int64_t at);
  void snapshot(std::int64_t at, std::vector<double>& settings, std::vector<double>& model,
                std::vector<double>& rest) const;

  HugeTable<SettingTally> settings_;
  Kept kept_ = Kept::whole;
  std::vector<RareTally> rare_;
  std::vector<MilestoneTally> milestones_;
  HugeTable<std::int64_t> census_time_;
  HugeTable<std::uint32_t> wait_lengths_, stay_lengths_, milestone_lengths_;
  // cumulative sums at the last period's end, and what is to be told of each period
  std::vector<double> last_settings_, last_model_, last_rest_, now_settings_, now_model_, now_rest_;
  ReplicationResult result_;
};

}  // namespace tl
