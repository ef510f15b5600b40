#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "sim/event_list.hpp"
#include "sim/expects.hpp"
#include "sim/huge_pages.hpp"
#include "sim/random.hpp"

// The engine's records. They live in pools and name each other by slot; "none" is kNoSlot, inside the engine only.
namespace tl {

inline constexpr std::uint32_t kNoSlot = 0xffffffffU;
inline constexpr std::int64_t kNever = std::int64_t{1} << 61;

/// Records of one kind in one block of memory; a freed slot is used again first. References end at the next `take`.
template <class Record>
class Pool {
 public:
  std::uint32_t take() {
    if (free_.empty()) {
      TL_EXPECTS(records_.size() < Event::kMostHandles);
      records_.emplace_back();
      return static_cast<std::uint32_t>(records_.size() - 1);
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    records_[slot] = Record{};
    return slot;
  }
  void give_back(std::uint32_t slot) {
    records_[slot].number = 0;
    free_.push_back(slot);
  }
  void reserve(std::size_t count) { records_.reserve(count); }
  void clear() {
    records_.clear();
    free_.clear();
  }
  Record& operator[](std::uint32_t slot) { return records_[slot]; }
  const Record& operator[](std::uint32_t slot) const { return records_[slot]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(records_.size()); }

 private:
  HugeTable<Record> records_;
  std::vector<std::uint32_t> free_;
};

/// How often a client asked for a setting: the number of a visit names its draws.
struct VisitCount {
  std::uint16_t setting = 0xffff, count = 0;
};

enum class StayState : std::uint8_t { running, delayed, over };

struct alignas(64) Client {
  std::uint32_t number = 0;  ///< order of entry, from 1; 0 = a free slot
  ClientKey key{};
  std::uint64_t traits = 0;
  std::int64_t entered = 0;  ///< the model
  std::int64_t placed = 0;   ///< the present place
  std::int64_t stay_began = 0;
  std::int64_t stay_due = kNever;  ///< end of the stay, or of the discharge delay
  std::uint32_t place = kNoSlot;
  std::uint32_t visit = 0;        ///< number of this visit to the place
  std::uint32_t route_word = 0;   ///< the draw that chooses the route
  std::uint32_t route = kNoSlot;  ///< chosen, while its discharge delay runs
  std::uint32_t first_request = kNoSlot, first_enrolment = kNoSlot;
  std::uint32_t transfer = kNoSlot;  ///< the open transfer, among the requests
  std::uint32_t granted = kNoSlot;   ///< the request whose handoff is under way
  std::uint32_t more_visits = kNoSlot;
  StayState stay_state = StayState::running;
  bool boards = false, boards_over_level = false;
  std::uint8_t mismatch = 0;  ///< 1 the place is above the client's need, 2 below it; counted so
  std::array<VisitCount, 5> visits{};
};
static_assert(sizeof(Client) == 128, "a client is two cache lines");

/// Further visit counts of a client who has been to many settings.
struct VisitBlock {
  std::uint32_t number = 1;
  std::uint32_t next = kNoSlot;
  std::array<VisitCount, 6> visits{};
};

/// `interim`: on the way to a stop-gap while the request that asked for it stays open. Counted nowhere.
enum class RequestKind : std::uint8_t { transfer, standing, program, interim };
enum class RequestEnd : std::uint8_t { admitted, refused, reneged, replaced, dropped, lost, client_left };

/// Why a request cannot be granted now, as bits; none of them: it is eligible.
namespace bar {
inline constexpr std::uint8_t handoff = 1;     ///< the client is on the way somewhere else
inline constexpr std::uint8_t away = 2;        ///< where the client is keeps them from coming
inline constexpr std::uint8_t young = 4;       ///< too new for the setting, or for the alternate
inline constexpr std::uint8_t assessment = 8;  ///< an assessment is missing
inline constexpr std::uint8_t here = 16;       ///< of a listing: the client is there already, or in a better interim
}  // namespace bar

/// What a client waits for; and, chained to it, its listings at alternates and interims, which only take part in
/// queues.
struct Request {
  std::uint32_t number = 0;  ///< the client's
  std::uint32_t client = kNoSlot;
  std::int64_t since = 0;  ///< it ranks by this: the time of the original request
  double order = 0.0;      ///< rank in the queue: the lower, the sooner
  std::uint32_t goal = 0;
  std::uint32_t left = kNoSlot, right = kNoSlot, parent = kNoSlot;  ///< in the goal's waiting list
  std::uint32_t next_of_client = kNoSlot;
  std::uint32_t terms = kNoSlot;         ///< what it asks beyond its goal
  std::uint32_t main = kNoSlot;          ///< of a listing: the request it belongs to
  std::uint32_t next_listing = kNoSlot;  ///< of the same request
  std::uint16_t units = 1;               ///< that the client needs there
  RequestKind kind = RequestKind::transfer;
  std::uint8_t track = 0;
  std::uint8_t option = 0;  ///< of a listing: which of the terms' options
  std::uint8_t barred = 0;
  bool queued : 1 = false;  ///< could be granted now: not barred, not granted
  bool plain : 1 = false;   ///< asked for by a plain move, and so granted by one: see plain.cpp
  bool listed : 1 = false;  ///< in the goal's waiting list; the barred stay there until they come to its head
  // what follows is read less often
  std::int64_t asked = 0;              ///< waits are counted from here
  std::int64_t patience_due = kNever;  ///< while patience_stopped: what is left of it
  std::int64_t handoff_due = kNever;
  Block drawn{};  ///< bits of the visit asked for, where a plain move will read them: drawn while nobody waits for them
  std::uint32_t visit = 0;
  std::uint32_t route = kNoSlot;   ///< that made it: names its handoff
  std::uint32_t origin = kNoSlot;  ///< the place it was made in
  bool outside_beds = false;       ///< counts towards the limit of those waiting outside beds
  bool will_be_lost = false;
  bool patience_stopped = false;
  bool resumes = false;  ///< of a preempted client, whose stay goes on
};
static_assert(sizeof(Request) <= 120, "most of a long queue should stay in the cache");

struct Enrolment {
  std::uint32_t number = 0;
  std::uint32_t client = kNoSlot;
  std::int64_t began = 0;
  std::int64_t stay_began = 0;  ///< later than `began` after a stay again
  std::int64_t due = kNever;
  std::uint32_t program = 0;
  std::uint32_t visit = 0;
  std::uint32_t route_word = 0;
  std::uint32_t next_of_client = kNoSlot;
  std::uint32_t units = 1;  ///< of the program's capacity
};

}  // namespace tl
