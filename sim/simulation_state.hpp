#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "sim/event_list.hpp"
#include "sim/ids.hpp"
#include "sim/model.hpp"
#include "sim/records.hpp"
#include "sim/waiting_list.hpp"

// What one replication keeps of settings, streams, clients and policies, beyond the tallies. For simulation.hpp.
namespace tl::engine {

/// What the engine reads of a setting on every move, in one place.
struct alignas(64) Place {
  std::int64_t free = 0;  ///< units neither taken nor reserved nor in turnaround; negative after a cut
  std::int64_t capacity = 0;
  std::uint32_t queued = 0;  ///< requests that could be granted now
  std::uint32_t waiting_outside = 0, waiting_in_place = 0;
  bool closed = false;             ///< outside the hours of admission, or a budget is spent
  bool has_more = false;           ///< Setting::has_more
  bool plain = false;              ///< clients come, stay and go; nothing else follows from it: see plain.cpp
  bool off_hours = false;          ///< outside the hours of admission
  std::uint8_t budgets_spent = 0;  ///< of those that stop admissions here
  WaitingList waiting;             ///< those queued, and some who are parked
};
struct Candidate {
  std::int64_t at = 0;
  std::uint32_t acceptance = 0, entry_word = 0;  ///< its own random bits
};
struct Stream {
  std::uint32_t arrival = 0;
  std::uint32_t next = 0;     ///< ordinal of the next candidate
  std::uint32_t clients = 0;  ///< ordinals given to clients so far
  std::uint8_t layer = 0;
  double reached = 0.0;  ///< integral of the rate at the last candidate drawn
  Candidate pending;
  std::array<Candidate, 4> ahead;  ///< drawn together: four chains of arithmetic take little longer than one
};
/// A table that depends on nothing, or on one trait alone, is read without looking at its dimensions.
struct TableReader {
  std::uint32_t first_cell = 0, mask = 0;
  std::uint8_t shift = 0;
  bool general = false;
};
/// What a route does that asks for nothing beyond its goal.
enum class PlainRoute : std::uint8_t { no, leave, move };
struct HazardClock {
  std::int64_t since = 0, due = kNever;
  std::int64_t pending = kNever;  ///< the earliest event that is in the list for this clock; `due` may be later
  std::uint64_t traits = 0;       ///< with place and flags: the state the rates were last read in
  std::uint32_t place = kNoSlot, flags = 0;
  std::uint32_t which = kNoSlot;  ///< the event type due; none: a rate changes by itself then
};
struct Hazard {
  double left = -1.0;            ///< of the unit-exponential threshold; negative: not drawn yet
  std::uint32_t rate = kNoSlot;  ///< row of model_.numbers [1/day] since the clock was last read; none: 0
  std::uint32_t occurrence = 0;
};
struct Timer {
  std::int64_t due = kNever;
  std::uint32_t starts = 0;  ///< so far: names the draws
  std::uint32_t word = 0;    ///< the draw that chooses what happens
};
struct Milestone {
  std::int64_t since = kNever;  ///< not started
  std::uint32_t entered = 0;    ///< bits of its settings
  std::uint32_t times = 0;      ///< reached
};
/// What a client may come back to.
struct Claim {
  std::uint32_t place = kNoSlot;  ///< none
  std::uint32_t last = kNoSlot;   ///< the place claimed last, whether the claim stands or not
  std::uint32_t visit = 0, route_word = 0, route = kNoSlot;
  StayState state = StayState::running;  ///< of the stay, when the client left
  bool held = false;                     ///< units are kept
  bool returning = false;                ///< in the handoff back
  std::int64_t units = 1;
  std::int64_t ends = kNever;                    ///< of the hold
  std::int64_t made = 0, began = 0, served = 0;  ///< of the stay: open time so far
  std::int64_t due = kNever, left = kNever;      ///< had it run on; open time that remained
};
/// What an enrolment does while the client is elsewhere.
struct Absence {
  std::uint32_t rule = kNoSlot;
  bool paused = false;
  std::int64_t left = kNever, served = 0;  ///< open time that remained and was served when paused
  std::int64_t ends = kNever;              ///< the enrolment, if the client does not come away before
};
/// Requests that wait, by what keeps their clients; only where that can be.
struct Bars {
  bool watched = false;
  bool counted = false;  ///< some of those waiting have a cause other than the lack of a place
  std::array<std::int64_t, kWaitCauses> requests{};
};

enum class PolicyStage : std::uint8_t { closed, opening, open, closing };
struct PolicyState {
  PolicyStage stage = PolicyStage::closed;
  bool out_of_season = false;
  std::int64_t due = kNever;         ///< what was decided takes effect
  std::int64_t held_since = kNever;  ///< the first review of those in a row at which the trigger's condition held
  std::int64_t turn = kNever;        ///< a season begins or ends
  int budgets_spent = 0;             ///< of those that keep it from opening
};
/// Units that are funded and have not started.
struct Coming {
  std::int64_t at = 0, units = 0;
};
struct Growth {
  std::int64_t dated = 0;   ///< the capacity's dated value
  std::int64_t more = 0;    ///< what open policies add
  std::int64_t funded = 0;  ///< both together
  DistributionId delay;     ///< none: at once
  std::vector<Coming> coming;
};

/// A grant to be carried out, or asked for.
struct Grant {
  std::uint32_t slot, goal, visit;
  RouteId route;          ///< names its handoff
  std::uint32_t origin;   ///< where the handoff begins
  std::uint32_t request;  ///< kNoSlot: granted when asked
  RequestKind kind;
  TermsId terms;
  std::int64_t since;  ///< the original request
  bool resumes;        ///< a preempted client
  std::uint16_t units;
};
/// A preempted stay.
struct Interrupted {
  std::uint32_t place = kNoSlot;
  StayState state = StayState::running;
  std::int64_t left = kNever, total = kNever, served = 0;
  std::uint32_t route_word = 0, route = kNoSlot;
};

}  // namespace tl::engine
