#include "scenarios/work.hpp"

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <new>
#include <utility>

#include "sim/simulation.hpp"

namespace tl {
namespace {

std::vector<RunBlock> in_order_of_work(const Plan& plan, std::vector<RunBlock> blocks) {
  std::vector<double> work;
  for (std::uint32_t row = 0; row < plan.rows(); ++row)
    work.push_back(row < plan.scenarios.size() ? expected_work(plan.scenarios[row].compiled) : plan.facts(row).work);
  std::stable_sort(blocks.begin(), blocks.end(),
                   [&](const RunBlock& a, const RunBlock& b) { return work[a.scenario] > work[b.scenario]; });
  return blocks;
}

}  // namespace

WorkList::WorkList(const Plan& plan, const Sink& sink, std::vector<RunBlock> blocks) : sink_{sink} {
  for (const RunBlock& block : in_order_of_work(plan, std::move(blocks))) {
    runs_total_ += block.count;
    if (sink.has(block)) {
      runs_reused_ += block.count;
      continue;
    }
    const std::vector<bool> there = sink.covered(block);
    Order order{.block = block, .slots = {}};
    for (std::uint32_t slot = 0; slot < block.count; ++slot)
      if (slot >= there.size() || !there[slot]) order.slots.push_back(slot);
    left_ += order.slots.size();
    runs_reused_ += block.count - order.slots.size();
    orders_.push_back(std::move(order));
  }
}

std::optional<Order> WorkList::next() {
  const std::lock_guard lock{mutex_};
  while (next_ < orders_.size()) {
    Order& order = orders_[next_++];
    left_ -= order.slots.size();
    if (!sink_.has(order.block)) return std::move(order);
    found_later_ += order.slots.size();
  }
  return std::nullopt;
}

std::uint64_t WorkList::left() const {
  const std::lock_guard lock{mutex_};
  return left_;
}

/// An order on its way.
struct Crew::Open {
  Open(const Plan& plan, Order of)
      : order{std::move(of)},
        compiled{plan.compiled(order.block.scenario)},
        results(order.slots.size()),
        missing{static_cast<std::uint32_t>(order.slots.size())} {}

  Order order;
  std::shared_ptr<const Compiled> compiled;
  std::vector<ReplicationResult> results;
  std::uint32_t next = 0;  ///< first slot not handed out
  std::atomic<std::uint32_t> missing;
  std::atomic<bool> spoiled{false};
};

Crew::Crew(const Plan& plan, const ReplicateShared& replicate, Duties duties)
    : plan_{plan}, replicate_{replicate}, duties_{std::move(duties)} {}

void Crew::work(unsigned threads) {
  // The arena gives the slots; the control lets threads be started for them beyond the machine's cores.
  const tbb::global_control control{tbb::global_control::max_allowed_parallelism, threads};
  tbb::task_arena arena{static_cast<int>(threads)};
  arena.execute([&] {
    tbb::parallel_for(
        0U, threads, [&](unsigned) { work_on(); }, tbb::simple_partitioner{});
  });
}

void Crew::work_on() {
  try {
    while (const auto unit = next_unit()) carry_out(*unit);
  } catch (...) {
    ended_early_ = true;
    throw;
  }
}

bool Crew::should_stop() {
  if (ended_early_ || stopped_) return true;
  if (duties_.stop && duties_.stop()) stopped_ = true;
  return stopped_;
}

std::optional<Crew::Unit> Crew::next_unit() {
  std::unique_lock lock{mutex_};
  while (!should_stop()) {
    if (auto unit = unit_of_open()) return unit;
    if (!no_more_) {
      if (!open_next(lock)) no_more_ = true;
    } else if (opening_ > 0) {
      opened_.wait(lock);  // what another thread is getting ready may be enough for both
    } else {
      break;
    }
  }
  opened_.notify_all();
  return std::nullopt;
}

std::optional<Crew::Unit> Crew::unit_of_open() {
  if (open_.empty()) return std::nullopt;
  Unit unit{open_.front(), open_.front()->next++};
  if (unit.open->next == unit.open->order.slots.size()) open_.pop_front();
  return unit;
}

/// Gets the next order ready, without the lock, as compiling a row takes its time. @returns false when there is none
bool Crew::open_next(std::unique_lock<std::mutex>& lock) {
  ++opening_;
  lock.unlock();
  std::shared_ptr<Open> opened;
  bool found = false;
  try {
    if (std::optional<Order> order = duties_.next()) {
      found = true;
      if (order->slots.empty())  // all of it is there, in shards with other bounds
        duties_.finished({.order = std::move(*order), .results = {}, .whole = true});
      else
        opened = std::make_shared<Open>(plan_, std::move(*order));
    }
  } catch (...) {
    ended_early_ = true;
    lock.lock();
    --opening_;
    opened_.notify_all();
    throw;
  }
  lock.lock();
  --opening_;
  if (opened) open_.push_back(std::move(opened));
  opened_.notify_all();
  return found;
}

void Crew::carry_out(const Unit& unit) {
  Open& open = *unit.open;
  const RunBlock& block = open.order.block;
  Failure failure{.scenario = block.scenario,
                  .replication = block.first_replication + open.order.slots[unit.number],
                  .seed = plan_.seed,
                  .at_days = std::numeric_limits<double>::quiet_NaN(),
                  .what = {},
                  .internal = false};
  ReplicationResult& into = open.results[unit.number];
  bool whole = false, given_up = false;
  const auto began = std::chrono::steady_clock::now();
  try {
    replicate_(open.compiled, plan_.seed, failure.replication, into);
    whole = true;
  } catch (const Stopped&) {
    stopped_ = given_up = true;
  } catch (const ModelFault& fault) {
    failure.at_days = fault.at_days;
    failure.what = fault.what();
  } catch (const std::bad_alloc&) {
    failure.what = "there is not enough memory for this replication; try fewer threads";
  } catch (const std::exception& fault) {
    failure.internal = true;
    failure.what = fault.what();
  }
  if (!whole) open.spoiled = true;
  if (!given_up)
    duties_.step({.events = whole ? into.engine_events : 0.0,
                  .seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count(),
                  .failure = whole ? std::nullopt : std::optional{std::move(failure)}});
  if (open.missing.fetch_sub(1, std::memory_order_acq_rel) > 1) return;
  FinishedOrder finished{.order = std::move(open.order), .results = {}, .whole = !open.spoiled};
  if (finished.whole) finished.results = std::move(open.results);
  std::vector<ReplicationResult>{}.swap(open.results);
  duties_.finished(std::move(finished));
}

}  // namespace tl
