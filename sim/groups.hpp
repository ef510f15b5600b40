#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/result.hpp"

// Sums by group: a group is the clients with one value of one trait, at the moment at which something is counted.
namespace tl {

/// A trait by whose values results are kept: bits of the client's trait word.
struct GroupTrait {
  std::uint8_t shift = 0, bits = 0;
  std::uint32_t first_group = 0;  ///< of its values, which follow each other
  std::uint32_t value_count = 0;
};
inline std::uint32_t group_count(const std::vector<GroupTrait>& by) {
  return by.empty() ? 0 : by.back().first_group + by.back().value_count;
}

/// What is kept of a setting for every group: all that is about clients. Units (capacity, turnaround, what is held or
/// reserved) belong to nobody, and of the causes of waiting only the client's own do.
inline constexpr auto kGroupSums = std::to_array<SettingSum>({
    SettingSum::census_days,
    SettingSum::census_at_end,
    SettingSum::waiting_days,
    SettingSum::boarding_days,
    SettingSum::over_level_days,
    SettingSum::discharge_delay_days,
    SettingSum::admissions,
    SettingSum::departures,
    SettingSum::returns,
    SettingSum::stay_days,
    SettingSum::stay_drawn_days,
    SettingSum::stays_ended,
    SettingSum::requests,
    SettingSum::waits,
    SettingSum::wait_days,
    SettingSum::waits_within_standard,
    SettingSum::refused,
    SettingSum::reneged,
    SettingSum::replaced,
    SettingSum::dropped,
    SettingSum::lost,
    SettingSum::client_left,
    SettingSum::waiting_at_end,
    SettingSum::above_need_days,
    SettingSum::below_need_days,
    SettingSum::preempted,
    SettingSum::claims_lapsed,
    SettingSum::swaps,
    SettingSum::waiting_in_handoff_days,
    SettingSum::waiting_for_assessment_days,
    SettingSum::waiting_away_days,
    SettingSum::stays,
});

/// The results of one group alone, as if it were a run of its own: measures are taken of it as of a run. What is not
/// kept by group is 0; histograms of stays and of census are empty.
ReplicationResult group_view(const ReplicationResult& run, std::uint32_t group);

}  // namespace tl
