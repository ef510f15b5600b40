#pragma once
#include <cstdint>

#include "sim/ids.hpp"
#include "sim/random.hpp"
#include "sim/sim_time.hpp"

// What a replication tells while it runs.
namespace tl {

/// What a story tells. `subject` is a setting unless said otherwise.
enum class StoryKind : std::uint8_t {
  stay_ended,     ///< in the place `subject`
  delayed,        ///< a discharge delay of `length` begins
  boards,         ///< stays on in place, waiting for `subject`
  asked,          ///< for `subject`
  granted,        ///< `subject`; `length`: the wait
  refused,        ///< by `subject`
  gave_up,        ///< waiting for `subject`; `length`: the wait
  replaced,       ///< the request for `subject`
  dropped,        ///< the request for `subject`
  handoff_begun,  ///< to `subject`, of `length`
  lost,           ///< on the way to `subject`
  event,          ///< `subject`: row of events, timers behind them
  enrolled,       ///< in `subject`
  unenrolled,     ///< from `subject`; `length`: the time enrolled
  paused,         ///< the enrolment in `subject`
  resumed,        ///< the enrolment in `subject`
  outcome,        ///< `subject`: row of outcomes
  parked,         ///< the request for `subject`: the client cannot come now
  unparked,       ///< the request for `subject`
  preempted,      ///< from `subject`
  claim_made,     ///< on `subject`
  claim_ended,    ///< on `subject`
  came_back,      ///< to `subject` by a claim
  token_given,    ///< `subject`: the token
  token_lapsed,   ///< `subject`: the token
  milestone,      ///< `subject`: row of milestones; `length`: the time since its start
  swapped,        ///< into `subject`, to undo a deadlock
};
struct Story {
  std::uint32_t number = 0;  ///< of the client
  StoryKind kind{};
  std::uint32_t subject = 0;
  SimTime at, length;
};

/// Told of what happens to clients, for histories and tests; not called when absent.
struct Watcher {
  virtual ~Watcher() = default;
  virtual void entered(std::uint32_t /*number*/, const ClientKey&, SimTime) {}
  virtual void moved(std::uint32_t /*number*/, SettingId /*from*/, SettingId /*to*/, SimTime) {}
  virtual void left(std::uint32_t /*number*/, ReasonId, SimTime) {}
  virtual void told(const Story&) {}
  /// A policy's changes begin to hold, or cease to.
  virtual void switched(std::uint32_t /*policy*/, bool /*open*/, SimTime) {}
};

}  // namespace tl
