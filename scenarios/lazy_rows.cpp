#include "scenarios/lazy_rows.hpp"

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <optional>
#include <thread>
#include <tuple>
#include <utility>

#include "sim/expects.hpp"

namespace tl {
namespace {

constexpr std::size_t kKeptCompiled = 16;
constexpr std::size_t kMostFaultsTold = 24;

std::optional<Compiled> compile_row(const ReadyModel& ready, std::span<const Change> changes, const Limits& limits,
                                    Problems& problems) {
  const auto model = ready.build(changes, problems);
  return model ? compile(*model, limits, problems, Flows::left_out) : std::nullopt;
}

ReadOptions with_limits(const Limits& limits) {
  ReadOptions options;
  options.limits = limits;
  return options;
}

/// Faults of rows, gathered so that what many rows share is told once, in an order that no thread decides.
class RowFaults {
 public:
  void add(std::uint32_t row, const Problems& found) {
    const std::lock_guard hold{guard_};
    for (Problem& problem : found.sorted()) {
      if (problem.severity != Severity::error) continue;
      auto& [first, rows, kept] = faults_
                                      .try_emplace({problem.at.file, problem.at.line, problem.at.column,
                                                    std::string{problem.code.text()}, problem.field},
                                                   row, 0, problem)
                                      .first->second;
      ++rows;
      if (row > first) continue;
      first = row;
      kept = std::move(problem);
    }
  }

  void tell(const RowSource& source, Problems& problems) const {
    std::vector<const Fault*> in_order;
    for (const auto& [key, fault] : faults_) in_order.push_back(&fault);
    std::stable_sort(in_order.begin(), in_order.end(),
                     [](const Fault* a, const Fault* b) { return a->first < b->first; });
    for (std::size_t i = 0; i < std::min(in_order.size(), kMostFaultsTold); ++i) {
      const auto& [first, rows, kept] = *in_order[i];
      Problem told = kept;
      told.what += ", in " + source.name(first);
      if (rows > 1) told.what += " and " + std::to_string(rows - 1) + (rows > 2 ? " others" : " other");
      problems.add(std::move(told));
    }
    if (in_order.size() <= kMostFaultsTold) return;
    Problem more = in_order.back()->kept;
    more.what = "and " + std::to_string(in_order.size() - kMostFaultsTold) + " more faults in other points";
    more.field = more.why = more.hint = "";
    problems.add(std::move(more));
  }

 private:
  struct Fault {
    std::uint32_t first;  ///< row
    std::uint32_t rows;
    Problem kept;  ///< as the first row has it
    Fault(std::uint32_t row, std::uint32_t count, Problem problem)
        : first{row}, rows{count}, kept{std::move(problem)} {}
  };

  std::mutex guard_;
  std::map<std::tuple<std::string, int, int, std::string, std::string>, Fault> faults_;
};

}  // namespace

LazyRows::LazyRows(std::shared_ptr<const Document> document, RowSource source, std::uint64_t seed, const Limits& limits,
                   unsigned threads, const std::function<void(const PlanningProgress&)>& progress, Problems& problems)
    : ready_{*document, with_limits(limits), problems},
      source_{std::move(source)},
      limits_{limits},
      facts_(source_.count) {
  RowFaults faults;
  std::mutex telling;
  PlanningProgress done{.done = 0, .total = source_.count};
  const auto plan_row = [&](std::uint32_t row) {
    Problems found;
    if (const auto compiled = compile_row(ready_, source_.changes(row), limits_, found))
      facts_[row] = facts_of(*compiled, seed);
    if (found.has_errors()) faults.add(row, found);
    const std::lock_guard hold{telling};
    ++done.done;
    if (progress) progress(done);
  };
  const unsigned workers = threads > 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
  const tbb::global_control control{tbb::global_control::max_allowed_parallelism, workers};
  tbb::task_arena arena{static_cast<int>(workers)};
  arena.execute([&] { tbb::parallel_for(0U, source_.count, plan_row); });
  faults.tell(source_, problems);
}

std::shared_ptr<LazyRows::Slot> LazyRows::slot_of(std::uint32_t row) const {
  const std::lock_guard hold{guard_};
  const auto found = slots_.find(row);
  if (found != slots_.end()) {
    recent_.splice(recent_.begin(), recent_, std::find(recent_.begin(), recent_.end(), row));
    return found->second;
  }
  while (recent_.size() >= kKeptCompiled) {
    slots_.erase(recent_.back());
    recent_.pop_back();
  }
  recent_.push_front(row);
  return slots_.emplace(row, std::make_shared<Slot>()).first->second;
}

std::shared_ptr<const Compiled> LazyRows::compiled(std::uint32_t row) const {
  TL_EXPECTS(row < source_.count);
  const std::shared_ptr<Slot> slot = slot_of(row);
  std::call_once(slot->made, [&] {
    Problems already_told;
    auto compiled = compile_row(ready_, source_.changes(row), limits_, already_told);
    TL_EXPECTS(compiled.has_value());
    slot->compiled = std::make_shared<const Compiled>(std::move(*compiled));
  });
  return slot->compiled;
}

}  // namespace tl
