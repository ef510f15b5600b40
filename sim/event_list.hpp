#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "sim/huge_pages.hpp"

namespace tl {

/// Order within one instant, as the semantics (7) fix it.
enum class Phase : std::uint8_t { sample, dated_change, policy, staff, hold_end, stay_end, event, give_up, arrival };

/// What an event's handle points to.
enum class EventKind : std::uint8_t { client, enrolment, request, setting, other, timer, growth };

/// A pending event in 16 bytes, handed over in two registers. Its order is total: instant, phase, client number, kind,
/// handle. An event is not taken out when its reason goes: its record then has another due time, and the event is
/// passed over when it comes up.
struct Event {
  std::int64_t at = 0;    ///< microseconds since the run's start, never negative
  std::uint64_t key = 0;  ///< phase 4 bits, client number 31 bits (0 = no client), kind 3 bits, handle 26 bits

  static constexpr std::uint32_t kMostHandles = 1U << 26;
  static Event make(std::int64_t at, Phase phase, std::uint32_t number, EventKind kind, std::uint32_t handle) {
    return {at, static_cast<std::uint64_t>(phase) << 60 | static_cast<std::uint64_t>(number) << 29 |
                    static_cast<std::uint64_t>(kind) << 26 | handle};
  }
  Phase phase() const { return static_cast<Phase>(key >> 60); }
  std::uint32_t number() const { return static_cast<std::uint32_t>(key >> 29) & 0x7fffffffU; }
  EventKind kind() const { return static_cast<EventKind>(key >> 26 & 7U); }
  std::uint32_t handle() const { return static_cast<std::uint32_t>(key) & (kMostHandles - 1); }
};

inline bool before(const Event& a, const Event& b) {
  return a.at < b.at || (a.at == b.at && a.key < b.key);
}

/// The pending events: a ladder queue (Tang, Goh & Thng, ACM TOMACS 15, 2005) with a total order.
///
/// Events far off lie unsorted in `top_`; those nearer in rungs of buckets, each rung a finer division of one bucket of
/// the rung above; the nearest are sorted in `bottom_`. Bucket widths are powers of two in microseconds, so that an
/// event's bucket is found by a shift and no rounding can put two events in the wrong order. Few events live in the
/// bottom alone. Memory is kept between runs; in a steady state nothing is allocated.
class EventList {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  void clear() {
    top_.clear();
    bottom_.clear();
    chunks_.clear();
    free_ = kNone;
    rung_count_ = 0;
    size_ = 0;
    top_start_ = kFar;
    reset_top();
  }

  void push(Event event) {
    ++size_;
    if (event.at >= top_start_) {
      add_to_top(event);
      return;
    }
    for (std::size_t i = 0; i < rung_count_; ++i) {
      Rung& rung = rungs_[i];
      const auto bucket = static_cast<std::size_t>((event.at - rung.start) >> rung.shift);
      if (event.at >= rung.start && bucket >= rung.current) {
        add_to_bucket(rung, bucket, event);
        return;
      }
    }
    insert_in_bottom(event);
  }

  /// The next event. The list must not be empty.
  const Event& peek() {
    if (bottom_.empty()) refill();
    return bottom_.back();
  }
  Event pop() {
    const Event event = peek();
    bottom_.pop_back();
    --size_;
    return event;
  }
  /// The event that comes `steps` after the next one, if it is known already: for fetching its record ahead of time.
  const Event* ahead(std::size_t steps) const {
    return bottom_.size() > steps ? &bottom_[bottom_.size() - 1 - steps] : nullptr;
  }

 private:
  static constexpr std::uint32_t kNone = 0xffffffffU;
  static constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::max();
  static constexpr std::size_t kSortedAtOnce = 48;  // a bucket up to this size is sorted rather than divided
  static constexpr std::size_t kFew = 64;           // up to this many events need no rungs at all
  static constexpr std::size_t kMostRungs = 8;

  static constexpr std::int64_t kAimedAt = 4;  // events a bucket, at least: one fetch from memory brings them all
  /// Some events of a bucket, side by side in two cache lines.
  struct alignas(64) Chunk {
    std::array<Event, 7> events;
    std::uint32_t count, next;
  };
  struct Rung {
    std::vector<std::uint32_t> heads;
    std::int64_t start = 0;
    int shift = 0;
    std::size_t current = 0, count = 0;
  };

  void reset_top() {
    top_least_ = kFar;
    top_most_ = -1;
  }
  void add_to_top(Event event) {
    top_.push_back(event);
    top_least_ = std::min(top_least_, event.at);
    top_most_ = std::max(top_most_, event.at);
  }
  void add_to_bucket(Rung& rung, std::size_t bucket, Event event) {
    std::uint32_t& head = rung.heads[bucket];
    if (head == kNone || chunks_[head].count == chunks_[head].events.size()) head = take_chunk(head);
    Chunk& chunk = chunks_[head];
    chunk.events[chunk.count++] = event;
    ++rung.count;
  }
  std::uint32_t take_chunk(std::uint32_t next) {
    std::uint32_t taken = free_;
    if (taken == kNone) {
      taken = static_cast<std::uint32_t>(chunks_.size());
      chunks_.emplace_back();
    } else {
      free_ = chunks_[taken].next;
    }
    chunks_[taken].count = 0;
    chunks_[taken].next = next;
    return taken;
  }
  void insert_in_bottom(Event event) {
    bottom_.push_back(event);
    std::size_t i = bottom_.size() - 1;
    for (; i > 0 && bottom_[i - 1].at < event.at; --i) bottom_[i] = bottom_[i - 1];
    for (; i > 0 && before(bottom_[i - 1], event); --i) bottom_[i] = bottom_[i - 1];  // of the same instant
    bottom_[i] = event;
    if (bottom_.size() > kFew) relieve_bottom();
  }
  void relieve_bottom() {
    if (rung_count_ == 0 && top_start_ == kFar)
      move_later_half_to_top();
    else if (bottom_.size() > 4 * kSortedAtOnce && rung_count_ < kMostRungs)
      divide_bottom();
  }
  [[gnu::noinline]] void move_later_half_to_top() {
    const std::int64_t border = bottom_[bottom_.size() / 2].at;
    std::size_t later = 0;
    while (later < bottom_.size() && bottom_[later].at >= border) ++later;
    if (later == bottom_.size()) return;
    for (std::size_t i = 0; i < later; ++i) add_to_top(bottom_[i]);
    bottom_.erase(bottom_.begin(), bottom_.begin() + static_cast<std::ptrdiff_t>(later));
    top_start_ = border;
  }
  /// A finer rung for [start, start + span], a few events a bucket; none when they cannot be divided.
  Rung* add_rung(std::int64_t start, std::int64_t span, std::size_t events) {
    if (span <= 0 || rung_count_ == kMostRungs) return nullptr;
    Rung& rung = rungs_[rung_count_++];
    rung.start = start;
    rung.shift = 0;
    while ((span >> rung.shift) * kAimedAt > static_cast<std::int64_t>(events)) ++rung.shift;
    rung.heads.assign(static_cast<std::size_t>(span >> rung.shift) + 1, kNone);
    rung.current = rung.count = 0;
    return &rung;
  }
  [[gnu::noinline]] void divide_bottom() {
    const std::int64_t first = bottom_.back().at;
    Rung* rung = add_rung(first, bottom_.front().at - first, bottom_.size());
    if (rung == nullptr) return;
    for (const Event& event : bottom_)
      add_to_bucket(*rung, static_cast<std::size_t>((event.at - first) >> rung->shift), event);
    bottom_.clear();
    // Events between the rung's last bucket and the border above would find no bucket: give it buckets up to there.
    const std::int64_t border = rung_count_ > 1 ? border_of(rungs_[rung_count_ - 2]) : top_start_;
    if (border != kFar)
      rung->heads.resize(
          std::max(rung->heads.size(), static_cast<std::size_t>((border - 1 - first) >> rung->shift) + 1), kNone);
    refill();
  }
  /// Where the buckets of a rung that are still to come begin.
  static std::int64_t border_of(const Rung& rung) {
    return rung.start + (static_cast<std::int64_t>(rung.current) << rung.shift);
  }
  void take_top_whole() {
    bottom_.swap(top_);
    top_.clear();
    sort_bottom();
    top_start_ = bottom_.size() <= kFew / 2 ? kFar : top_most_ + 1;
    reset_top();
  }
  [[gnu::noinline]] void refill() {
    for (;;) {
      while (rung_count_ > 0 && rungs_[rung_count_ - 1].count == 0) --rung_count_;
      if (rung_count_ == 0 && !divide_top()) return;
      Rung& rung = rungs_[rung_count_ - 1];
      while (rung.heads[rung.current] == kNone) ++rung.current;
      fetch_ahead(rung);
      take_bucket(rung);
      if (bottom_.size() <= kSortedAtOnce || !divide_bucket(rung)) {
        sort_bottom();
        return;
      }
    }
  }
  bool divide_top() {
    Rung* rung = top_.size() <= kSortedAtOnce ? nullptr : add_rung(top_least_, top_most_ - top_least_, top_.size());
    if (rung == nullptr) {
      take_top_whole();
      return false;
    }
    for (const Event& event : top_)
      add_to_bucket(*rung, static_cast<std::size_t>((event.at - rung->start) >> rung->shift), event);
    top_.clear();
    top_start_ = rung->start + (static_cast<std::int64_t>(rung->heads.size()) << rung->shift);
    reset_top();
    return true;
  }
  /// Buckets to come lie all over the memory: ask for their first chunks before they are needed.
  void fetch_ahead(const Rung& rung) const {
    for (std::size_t bucket = rung.current + 1; bucket < rung.current + 3 && bucket < rung.heads.size(); ++bucket) {
      if (rung.heads[bucket] == kNone) continue;
      const Chunk& chunk = chunks_[rung.heads[bucket]];
      __builtin_prefetch(&chunk);
      __builtin_prefetch(&chunk.events[4]);
    }
  }
  void take_bucket(Rung& rung) {
    std::uint32_t id = rung.heads[rung.current];
    rung.heads[rung.current++] = kNone;
    while (id != kNone) {
      Chunk& chunk = chunks_[id];
      bottom_.insert(bottom_.end(), chunk.events.begin(), chunk.events.begin() + chunk.count);
      const std::uint32_t next = chunk.next;
      chunk.next = free_;
      free_ = id;
      id = next;
    }
    rung.count -= bottom_.size();
  }
  /// The bucket just taken is too full to sort at once: spread it over a finer rung.
  bool divide_bucket(const Rung& from) {
    if (from.shift == 0) return false;
    const std::int64_t start = border_of(from) - (std::int64_t{1} << from.shift);
    Rung* rung = add_rung(start, (std::int64_t{1} << from.shift) - 1, bottom_.size());
    if (rung == nullptr) return false;
    for (const Event& event : bottom_)
      add_to_bucket(*rung, static_cast<std::size_t>((event.at - start) >> rung->shift), event);
    bottom_.clear();
    return true;
  }
  void sort_bottom() {
    const auto later = [](const Event& a, const Event& b) { return before(b, a); };
    if (bottom_.size() > 24) {
      std::sort(bottom_.begin(), bottom_.end(), later);
      return;
    }
    for (std::size_t i = 1; i < bottom_.size(); ++i) {
      const Event event = bottom_[i];
      std::size_t j = i;
      for (; j > 0 && later(event, bottom_[j - 1]); --j) bottom_[j] = bottom_[j - 1];
      bottom_[j] = event;
    }
  }

  std::vector<Event> top_, bottom_;  // bottom: the next event last
  HugeTable<Chunk> chunks_;
  std::vector<Rung> rungs_{kMostRungs};
  std::uint32_t free_ = kNone;
  std::size_t rung_count_ = 0, size_ = 0;
  std::int64_t top_start_ = kFar, top_least_ = kFar, top_most_ = -1;
};

}  // namespace tl
