#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "scenarios/runner.hpp"

// How replications are handed out and gathered: the same in a process that works alone and in one of several.
namespace tl {

/// A block that is to be made whole: the places in it whose replications are to be carried out, in order.
struct Order {
  RunBlock block;
  std::vector<std::uint32_t> slots;
};

/// What came of an order.
struct FinishedOrder {
  Order order;
  std::vector<ReplicationResult> results;  ///< in the order of its slots; empty when not whole
  bool whole = false;                      ///< none of its replications failed or was given up
};

/// The orders that are left, the longest first, so that the last runs are short ones and no thread is left alone with
/// a long one. For several threads at once.
class WorkList {
 public:
  /// What the sink does not have of these blocks.
  WorkList(const Plan& plan, const Sink& sink, std::vector<RunBlock> blocks);

  /// The next that the sink still does not have: rows that are the same model share their blocks.
  std::optional<Order> next();
  /// Replications left to hand out.
  std::uint64_t left() const;

  std::uint64_t runs_total() const { return runs_total_; }
  std::uint64_t runs_reused() const { return runs_reused_ + found_later_; }

 private:
  const Sink& sink_;
  mutable std::mutex mutex_;
  std::vector<Order> orders_;
  std::size_t next_ = 0;
  std::uint64_t left_ = 0, runs_total_ = 0, runs_reused_ = 0;
  std::atomic<std::uint64_t> found_later_{0};
};

/// One replication that was carried out.
struct Step {
  double events = 0.0;
  double seconds = 0.0;  ///< on the clock
  std::optional<Failure> failure;
};

/// What a crew asks of whoever leads it. All are called by several threads at once.
struct Duties {
  std::function<std::optional<Order>()> next;  ///< may wait; none = there will be no more
  std::function<void(const Step&)> step;
  std::function<void(FinishedOrder&&)> finished;
  std::function<bool()> stop;
};

/// Threads that carry out orders, replication by replication, so that one long block keeps all of them busy.
class Crew {
 public:
  Crew(const Plan& plan, const ReplicateShared& replicate, Duties duties);

  /// Starts so many threads and returns when all is done, or the duties say stop.
  /// @throws what `finished` throws, after the other threads have ended
  void work(unsigned threads);
  /// A replication was given up, or `stop` said so.
  bool stopped() const { return stopped_; }
  /// Lets the threads end after the replications they are at.
  void end() { ended_early_ = true; }
  /// They end, or have ended, before all was done.
  bool ended_early() { return should_stop(); }

 private:
  struct Open;
  struct Unit {
    std::shared_ptr<Open> open;
    std::uint32_t number = 0;  ///< among the order's slots
  };

  void work_on();
  std::optional<Unit> next_unit();
  std::optional<Unit> unit_of_open();
  bool open_next(std::unique_lock<std::mutex>& lock);
  void carry_out(const Unit& unit);
  bool should_stop();

  const Plan& plan_;
  const ReplicateShared& replicate_;
  Duties duties_;
  std::mutex mutex_;  ///< of what follows
  std::condition_variable opened_;
  std::deque<std::shared_ptr<Open>> open_;  ///< those with replications left to hand out
  unsigned opening_ = 0;                    ///< threads that are getting an order ready
  bool no_more_ = false;
  std::atomic<bool> stopped_{false}, ended_early_{false};
};

}  // namespace tl
