#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tl {

struct SumInfo {
  std::string_view name, unit, meaning;
};

/// Sums kept for every staff pool in every reporting period.
enum class StaffSum : std::uint8_t {
  budgeted_days,
  employed_days,
  vacant_days,
  assigned_days,
  used_days,
  needed_physical_days,
  needed_census_days,
  needed_standard_days,
  agency_days,
  overtime_days,
  forming_days,
  teams_open_days,
  hires,
  leavers,
  let_go,
  team_openings,
  team_closings,
  peak_employed,
  peak_vacant,
  peak_needed_physical,
  peak_needed_census,
  peak_needed_standard,
  peak_agency,
  peak_overtime,
  employed_at_end,
  count
};
inline constexpr std::array<SumInfo, static_cast<std::size_t>(StaffSum::count)> kStaffSums{{
    {"budgeted_days", "FTE-days", "posts in the budget over time"},
    {"employed_days", "FTE-days", "people employed over time"},
    {"vacant_days", "FTE-days", "posts in the budget that nobody holds, over time"},
    {"assigned_days", "FTE-days", "people at work for a setting that needs them, with the overtime they could work"},
    {"used_days", "FTE-days", "of those, what the clients who are there need"},
    {"needed_physical_days", "FTE-days", "what the physical capacity of all settings needs; 0 for unlimited ones"},
    {"needed_census_days", "FTE-days", "what the clients who are there need"},
    {"needed_standard_days", "FTE-days", "what the clients who are there need by the stated standard"},
    {"agency_days", "FTE-days", "temporary people in posts that are vacant, over time"},
    {"overtime_days", "FTE-days", "hours worked on top because the clients there need them"},
    {"forming_days", "FTE-days", "people in posts of teams that are not open, temporary ones included"},
    {"teams_open_days", "team-days", "teams that are open, over time"},
    {"hires", "people", "first days of people hired"},
    {"leavers", "people", "people who left of themselves"},
    {"let_go", "people", "people who had to go because the budget fell"},
    {"team_openings", "times", "how often a team opened"},
    {"team_closings", "times", "how often a team closed"},
    {"peak_employed", "FTE", "most employed at one time in the period"},
    {"peak_vacant", "FTE", "most vacant at one time in the period"},
    {"peak_needed_physical", "FTE", "most needed for the physical capacity at one time in the period"},
    {"peak_needed_census", "FTE", "most needed for the clients there at one time in the period"},
    {"peak_needed_standard", "FTE", "likewise by the stated standard"},
    {"peak_agency", "FTE", "most temporary people at one time in the period"},
    {"peak_overtime", "FTE", "most overtime at one time in the period"},
    {"employed_at_end", "FTE", "employed at the period's end, just before whatever happens then"},
}};

/// Sums kept for every row of staffing (a setting and a pool) in every reporting period.
enum class StaffingSum : std::uint8_t {
  assigned_days,
  used_days,
  needed_physical_days,
  needed_census_days,
  needed_standard_days,
  peak_needed_physical,
  peak_needed_census,
  peak_needed_standard,
  physical_days,
  carried_days,
  bound_days,
  lost_days,
  count
};
inline constexpr std::array<SumInfo, static_cast<std::size_t>(StaffingSum::count)> kStaffingSums{{
    {"assigned_days", "FTE-days", "people of the pool at work for the setting over time"},
    {"used_days", "FTE-days", "of those, what the clients who are there need"},
    {"needed_physical_days", "FTE-days", "what the setting's physical capacity needs; 0 where it is unlimited"},
    {"needed_census_days", "FTE-days", "what the clients who are there need"},
    {"needed_standard_days", "FTE-days", "what the clients who are there need by the stated standard"},
    {"peak_needed_physical", "FTE", "most needed for the physical capacity at one time in the period"},
    {"peak_needed_census", "FTE", "most needed for the clients there at one time in the period"},
    {"peak_needed_standard", "FTE", "likewise by the stated standard"},
    {"physical_days", "unit-days", "the setting's physical capacity over time; 0 where it is unlimited"},
    {"carried_days", "unit-days", "of it, what these staff can carry; in hours without posts all of it"},
    {"bound_days", "days", "time in which these staff are what limits the setting"},
    {"lost_days", "unit-days", "units that cannot be used for want of these staff"},
}};

}  // namespace tl
