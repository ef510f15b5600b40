#include "scenarios/team.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

#include "scenarios/packing.hpp"

namespace tl {
namespace {

enum class Word : std::uint8_t { order, over, want, step, done, stop, fault, leave };

Packer saying(Word word) {
  Packer packer;
  packer.put(word);
  return packer;
}

}  // namespace

Team::Team(Ranks& ranks) : ranks_{ranks}, wanted_(static_cast<std::size_t>(ranks.count()), 0) {}

Team::~Team() {
  try {
    dismiss();
  } catch (const std::exception&) {  // the others are ended by mpirun when this process ends
  }
}

bool Team::look(const Ears& ears) {
  bool came = false;
  while (auto letter = ranks_.receive()) {
    came = true;
    Unpacker unpacker{letter->text};
    Word word{};
    unpacker.get(word);
    if (word == Word::want) {
      unpacker.get(wanted_[static_cast<std::size_t>(letter->from)]);
    } else if (word == Word::step) {
      Step step;
      bool failed = false;
      unpacker.get(step.events).get(failed);
      if (failed) unpack(unpacker, step.failure.emplace());
      ears.step(step);
    } else if (word == Word::done) {
      FinishedOrder finished;
      unpacker.get(finished.order.block).get(finished.order.slots).get(finished.whole);
      if (finished.whole) finished.results.resize(finished.order.slots.size());
      for (ReplicationResult& result : finished.results) unpack(unpacker, result);
      if (orders_out_ > 0) --orders_out_;
      ears.finished(std::move(finished));
    } else if (word == Word::stop) {
      ears.stop();
    } else if (word == Word::fault) {
      std::string text;
      unpacker.get(text);
      throw std::runtime_error{"rank " + std::to_string(letter->from) + ": " + text};
    } else if (word == Word::leave) {
      ++taken_leave_;
    }
  }
  return came;
}

bool Team::hand_out(WorkList& list) {
  bool gave = false;
  if (told_over_) return false;
  for (int rank = 1; rank < ranks_.count(); ++rank) {
    std::uint64_t& wanted = wanted_[static_cast<std::size_t>(rank)];
    for (std::uint64_t given = 0; wanted > given;) {
      const std::optional<Order> order = list.next();
      if (!order) {
        if (given > 0) wanted = 0;
        return gave;
      }
      ranks_.send(rank, saying(Word::order).put(order->block).put(order->slots).bytes);
      ++orders_out_;
      gave = true;
      given += std::max<std::size_t>(order->slots.size(), 1);
      if (given >= wanted) wanted = 0;
    }
  }
  return gave;
}

void Team::break_off() {
  if (told_over_) return;
  told_over_ = true;
  orders_out_ = 0;
  for (int rank = 1; rank < ranks_.count(); ++rank) ranks_.send(rank, saying(Word::over).bytes);
}

void Team::dismiss() {
  constexpr auto kPatience = std::chrono::seconds{10};
  if (std::exchange(dismissed_, true)) return;
  break_off();
  const auto end = std::chrono::steady_clock::now() + kPatience;
  const Ears deaf{.step = [](const Step&) {}, .finished = [](FinishedOrder&&) {}, .stop = [] {}};
  Pause pause;
  while (taken_leave_ < ranks_.count() - 1 && std::chrono::steady_clock::now() < end) pause.after(look(deaf));
  if (taken_leave_ == ranks_.count() - 1) ranks_.part_in_order();
}

namespace {

/// Between the threads of a serving rank and the one that talks with rank 0.
class Desk {
 public:
  /// For the threads: waits for an order.
  std::optional<Order> next() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return over_ || !orders_.empty(); });
    if (over_) return std::nullopt;
    Order order = std::move(orders_.front());
    orders_.pop_front();
    return order;
  }
  void note(const Step& step) {
    const std::lock_guard lock{mutex_};
    seconds_ += step.seconds;
    ++runs_;
    if (in_hand_ > 0) --in_hand_;
    steps_.push_back(step);
  }
  void note(FinishedOrder&& finished) {
    const std::lock_guard lock{mutex_};
    finished_.push_back(std::move(finished));
  }

  void add(Order order) {
    const std::lock_guard lock{mutex_};
    in_hand_ += order.slots.size();
    asked_ = false;
    orders_.push_back(std::move(order));
    changed_.notify_all();
  }
  void end() {
    const std::lock_guard lock{mutex_};
    over_ = true;
    changed_.notify_all();
  }

  std::pair<std::vector<Step>, std::vector<FinishedOrder>> taken() {
    const std::lock_guard lock{mutex_};
    return {std::exchange(steps_, {}), std::exchange(finished_, {})};
  }
  /// Replications to ask for now. Short ones are asked for ahead, so that no thread waits for the answer; of long ones
  /// nothing is kept back from other ranks.
  std::uint64_t to_ask(unsigned threads) {
    constexpr double kShortSeconds = 0.05;
    const std::lock_guard lock{mutex_};
    const bool is_short = runs_ > 0 && seconds_ < kShortSeconds * static_cast<double>(runs_);
    const std::uint64_t aim = is_short ? 3 * std::uint64_t{threads} : threads;
    if (asked_ || over_ || in_hand_ >= aim) return 0;
    asked_ = true;
    return aim - in_hand_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Order> orders_;
  std::vector<Step> steps_;
  std::vector<FinishedOrder> finished_;
  std::uint64_t in_hand_ = 0, runs_ = 0;
  double seconds_ = 0.0;
  bool asked_ = false, over_ = false;
};

void send_done(Ranks& ranks, Desk& desk) {
  auto [steps, finished] = desk.taken();
  for (const Step& step : steps) {
    Packer packer = saying(Word::step);
    packer.put(step.events).put(step.failure.has_value());
    if (step.failure) pack(packer, *step.failure);
    ranks.send(0, std::move(packer.bytes));
  }
  for (const FinishedOrder& one : finished) {
    Packer packer = saying(Word::done);
    packer.put(one.order.block).put(one.order.slots).put(one.whole);
    for (const ReplicationResult& result : one.results) pack(packer, result);
    ranks.send(0, std::move(packer.bytes));
  }
}

/// @returns true when rank 0 says that it is over
bool take_letters(Ranks& ranks, Desk& desk, bool& came) {
  while (auto letter = ranks.receive()) {
    came = true;
    Unpacker unpacker{letter->text};
    Word word{};
    unpacker.get(word);
    if (word == Word::over) return true;
    Order order;
    unpacker.get(order.block).get(order.slots);
    desk.add(std::move(order));
  }
  return false;
}

void talk(Ranks& ranks, Desk& desk, const ServeOptions& options, const std::atomic<bool>& faulty) {
  Pause pause;
  bool told_stop = false;
  for (;;) {
    bool came = false;
    if (take_letters(ranks, desk, came)) return;
    send_done(ranks, desk);
    if (!told_stop && options.stop && options.stop()) {
      told_stop = true;
      ranks.send(0, saying(Word::stop).bytes);
    }
    if (const std::uint64_t units = faulty ? 0 : desk.to_ask(options.threads); units > 0)
      ranks.send(0, saying(Word::want).put(units).bytes);
    pause.after(came);
  }
}

}  // namespace

void serve_shared(const Plan& plan, Ranks& ranks, const ServeOptions& options, const ReplicateShared& replicate) {
  Desk desk;
  std::atomic<bool> faulty{false};
  std::string fault;
  Crew crew{plan,
            replicate,
            {.next = [&] { return desk.next(); },
             .step = [&](const Step& step) { desk.note(step); },
             .finished = [&](FinishedOrder&& finished) { desk.note(std::move(finished)); },
             .stop = [&] { return options.give_up != nullptr && options.give_up->load(); }}};
  std::thread threads{[&] {
    try {
      crew.work(options.threads);
    } catch (const std::exception& error) {
      fault = error.what();
      faulty = true;
    }
  }};
  // A fault of the threads is told by the thread that talks: MPI is called by one only.
  bool told = false;
  ServeOptions watched = options;
  watched.stop = [&] {
    if (faulty && !told) {
      told = true;
      ranks.send(0, saying(Word::fault).put(fault).bytes);
    }
    return options.stop && options.stop();
  };
  talk(ranks, desk, watched, faulty);
  if (options.give_up != nullptr) *options.give_up = true;
  desk.end();
  threads.join();
  ranks.send(0, saying(Word::leave).bytes);
  ranks.part_in_order();
}

}  // namespace tl
