#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tl {

using Bytes = std::vector<std::byte>;

/// A message that came, and from whom.
struct Letter {
  int from = 0;
  Bytes text;
};

/// Processes that work on one study together, started by mpirun; or this one alone. Used by one thread only.
class Ranks {
 public:
  virtual ~Ranks() = default;
  virtual int index() const = 0;  ///< this process: 0 … count() - 1
  virtual int count() const = 0;
  virtual int on_this_host() const = 0;        ///< how many of them share this machine
  virtual unsigned cores_of_host() const = 0;  ///< that those on this machine may use
  /// Hands a message over and returns at once. Messages from one process to another arrive in order.
  virtual void send(int to, Bytes text) = 0;
  /// The next message, if one has come. Does not wait.
  virtual std::optional<Letter> receive() = 0;
  /// Says that all have taken leave of each other, so that the end is one in order. Without it the processes part
  /// without waiting for one another, as when one of them is lost.
  virtual void part_in_order() = 0;
};

/// This process with those that mpirun started beside it. Call once, first.
/// @throws std::runtime_error  when there are others, and the program was built without MPI
std::unique_ptr<Ranks> ranks_of_this_process();

/// Cores that this process may use, at least 1.
unsigned usable_cores();

/// What each rank has to say, by rank: on rank 0 all of it, elsewhere empty. All call it, and wait for each other.
std::vector<std::string> gathered(Ranks& ranks, const std::string& text);
/// What rank 0 says, told to all.
std::string told_to_all(Ranks& ranks, const std::string& text);

/// Rests between two looks for messages, longer the longer nothing comes: waiting must not eat a core.
class Pause {
 public:
  void after(bool something_came);

 private:
  long micros_ = kShortest;
  static constexpr long kShortest = 50, kLongest = 2000;
};

}  // namespace tl
