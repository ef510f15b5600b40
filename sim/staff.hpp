#pragma once
#include <cstdint>

#include "sim/ids.hpp"
#include "sim/sim_time.hpp"

// Staff as the engine knows it: pools of people who leave and are replaced, and what settings need of them.
namespace tl {

/// FTE are kept in whole millionths, so that their sums and their integrals over time are exact.
inline constexpr std::int64_t kMicrosPerFte = 1'000'000;

/// Between settings that use one pool.
enum class StaffShare : std::uint8_t {
  order,       ///< each takes what it needs for its physical capacity, in the order of the rows
  proportion,  ///< each gets the same part of what it needs
};

/// People of one role: so many posts, each of one FTE but for a last one that holds the rest (12.5 FTE are 13 posts).
/// Whoever holds a post leaves it at the turnover rate; the vacant post is filled again after the time to hire. Until
/// then a temporary person may hold it. Overtime is worked when the clients who are there need more than all of them.
/// Where posts are teams, only those in an open team look after clients: a team opens once `team_opens_at` of its posts
/// are filled, and closes when fewer than `team_closes_under` are.
struct StaffPool {
  std::uint32_t draw_id = 0;
  std::uint32_t department = 0;
  std::int64_t fte = 0;             ///< budgeted at the run's start [millionths of an FTE]; later changes are patches
  CurveId turnover;                 ///< rate at which each employed person leaves [1/day]; none = nobody leaves
  TableId time_to_hire;             ///< distributions (one cell, patched when dated); none = at once
  std::uint32_t hires_at_once = 0;  ///< vacancies that can be in the course of being filled; 0 = no limit
  double vacant_at_start = 0.0;     ///< share of the posts
  bool vacancy_by_chance = false;   ///< each post is vacant with that chance, or else so many of them are
  StaffShare share = StaffShare::proportion;
  TableId overtime;      ///< numbers (one cell): hours that can be worked on top, as a share of theirs; none = none
  TableId agency;        ///< numbers (one cell): temporary people at most [FTE]; none = none ever come
  SimTime agency_after;  ///< a post that has been vacant for so long may be filled by one of them
  std::uint32_t team_of = 0;  ///< posts that are a team, in the order of the posts; 0 = no teams
  std::uint32_t team_opens_at = 0, team_closes_under = 0;  ///< posts filled
  std::uint32_t first_row = 0, row_count = 0;  ///< in CompiledModel::staffing, in the order in which they take
};

/// What a setting needs of a pool: an FTE for each so many clients, or posts on duty for each so many.
struct StaffingRow {
  std::uint32_t staff = 0;  ///< row of CompiledModel::staff
  SettingId setting;        ///< or pool of units
  TableId clients;          ///< numbers (one cell): clients of one FTE, or of each `posts`
  TableId posts;            ///< numbers (one cell): posts on duty for each so many clients; none = clients per FTE
  double relief = 1.0;      ///< FTE that keep one post filled in its hours
  CalendarId hours;         ///< of the posts; none = always
  double standard_clients = 0.0;  ///< as the stated standard has it; 0 = as `clients`
  bool limits = true;             ///< whether units that the staff cannot carry stay empty
};

}  // namespace tl
