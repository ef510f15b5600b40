#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include "scenarios/ranks.hpp"
#include "scenarios/runner.hpp"
#include "scenarios/work.hpp"

// Ranks that share a study: rank 0 has the results and hands out orders as the others ask; they carry them out.
namespace tl {

/// Rank 0's side. It serves one call of run() after another; the others wait in between.
class Team {
 public:
  /// What the others say, passed on.
  struct Ears {
    std::function<void(const Step&)> step;
    std::function<void(FinishedOrder&&)> finished;
    std::function<void()> stop;  ///< somebody asked one of them to stop
  };

  explicit Team(Ranks& ranks);
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;
  /// Dismisses the others.
  ~Team();

  /// Takes the messages that have come. @returns false when there was none
  /// @throws std::runtime_error  naming a rank on which something went wrong
  bool look(const Ears& ears);
  /// Gives orders to those who asked. @returns false when there was nobody, or nothing left
  bool hand_out(WorkList& list);
  /// Orders that the others have and have not finished.
  std::uint64_t orders_out() const { return orders_out_; }
  /// Tells the others to give up what they are at and end. Does not wait.
  void break_off();
  /// The same, and waits until they have taken leave, or some seconds.
  void dismiss();

 private:
  Ranks& ranks_;
  std::vector<std::uint64_t> wanted_;  ///< replications that each rank asked for
  std::uint64_t orders_out_ = 0;
  int taken_leave_ = 0;
  bool told_over_ = false, dismissed_ = false;
};

struct ServeOptions {
  unsigned threads = 1;
  std::function<bool()> stop;            ///< somebody asked this process to stop: told to rank 0
  std::atomic<bool>* give_up = nullptr;  ///< set when rank 0 says that it is over; `replicate` looks at it
};
/// What a rank other than 0 does until rank 0 says that it is over.
void serve_shared(const Plan& plan, Ranks& ranks, const ServeOptions& options, const ReplicateShared& replicate);
/// The same with our engine.
void serve(const Plan& plan, Ranks& ranks, unsigned threads, const std::function<bool()>& stop);

}  // namespace tl
