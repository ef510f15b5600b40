#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/ids.hpp"
#include "sim/sim_time.hpp"

// Rules that act on the state of the system (semantics 9), and capacity that takes time to start.
namespace tl {

/// What a policy looks at, summed over its settings.
enum class PolicyMeasure : std::uint8_t {
  waiting,       ///< requests that wait
  waiting_over,  ///< … for longer than PolicyRule::waited
  boarding,      ///< clients whose stay is over and who wait in place for another setting
  census,        ///< clients in the settings
  occupancy,     ///< units in use over usable units; 1 where there are none
  free_units,    ///< units that could be taken now
};

/// Met at a review while the measure is above (or below) the threshold, once it was so at every review for `hold`.
struct PolicyTrigger {
  bool over = true;
  double threshold = 0.0;
  SimTime hold;
};

struct PolicyRule {
  PolicyMeasure measure{};
  std::uint32_t first_setting = 0, setting_count = 0;  ///< in PolicyPart::settings
  SimTime waited;
  bool has_trigger = false;  ///< otherwise open throughout its seasons
  bool ends = false;         ///< closes by `closes`; otherwise it stays open
  PolicyTrigger opens, closes;
  SimTime first_review, review;  ///< reviews at first_review + k · review
  SimTime lead, closing_lead;    ///< from the decision to what it changes
  bool is_seasonal = false;
  std::uint32_t first_season = 0, season_count = 0;  ///< in PolicyPart::seasons
  std::uint32_t first_cell = 0, cell_count = 0;      ///< in PolicyPart::cells
  std::uint32_t first_units = 0, units_count = 0;    ///< in PolicyPart::units
  std::uint32_t first_stream = 0, stream_count = 0;  ///< in PolicyPart::streams
  std::uint32_t first_staff = 0, staff_count = 0;    ///< in PolicyPart::staff
  bool changes_rates = false;                        ///< some of its cells are rates of events
};
/// From `from` on, until just before `to`.
struct PolicySeason {
  SimTime from, to;
};
/// What a cell holds while the policy is closed and while it is open, at the run's start; later changes are patches.
struct PolicyCell {
  std::uint32_t cell = 0, off = 0, on = 0;
};
/// Units that a setting has more (or fewer) while the policy is open.
struct PolicyUnits {
  SettingId setting;
  std::int64_t more = 0;
};
/// FTE that a staff pool has more (or fewer) in its budget while the policy is open [millionths of an FTE].
struct PolicyStaff {
  std::uint32_t pool = 0;
  std::int64_t more = 0;
};
/// The scale of an arrival's layers while the policy is open.
struct PolicyStream {
  std::uint32_t arrival = 0;
  CurveId scale;
};
/// From the funding of more units to their first client.
struct StartDelay {
  SettingId setting;
  DistributionId delay;
};

/// One member of CompiledModel.
struct PolicyPart {
  std::vector<PolicyRule> rules;
  std::vector<SettingId> settings;
  std::vector<PolicySeason> seasons;
  std::vector<PolicyCell> cells;
  std::vector<PolicyUnits> units;
  std::vector<PolicyStream> streams;
  std::vector<PolicyStaff> staff;
  std::vector<StartDelay> start_delays;
};

/// Sums kept for every policy in every reporting period.
enum class PolicySum : std::uint8_t { openings, closings, open_days, lead_days, open_at_end, reviews, measured, count };

}  // namespace tl
