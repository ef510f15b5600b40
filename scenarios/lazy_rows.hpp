#pragma once
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "models/compile.hpp"
#include "models/limits.hpp"
#include "models/problem.hpp"
#include "models/read_model.hpp"
#include "models/rows.hpp"
#include "scenarios/row_facts.hpp"

namespace tl {

/// What makes further rows of a plan: row i is the document under changes(i).
struct RowSource {
  std::uint32_t count = 0;
  std::function<std::vector<Change>(std::uint32_t)> changes;
  /// For people: "sweep point 17 (levers.step_down = 0.4)". Called for messages only.
  std::function<std::string(std::uint32_t)> name;
};

struct PlanningProgress {
  std::uint32_t done = 0, total = 0;
};

/// Variants of a model that are too many to be held compiled: each is compiled when asked for, and the last few are
/// kept. Beside its source it takes some hundred bytes a row.
class LazyRows {
 public:
  /// Compiles every row once, on all threads, to learn its facts and to find what is wrong with it. The same fault in
  /// several rows is told once, with how many have it and the first of them by name; at most 24 different faults.
  /// @param threads   0 = as many as the machine has
  /// @param progress  told now and then, never by two threads at once; may be empty
  LazyRows(std::shared_ptr<const Document> document, RowSource source, std::uint64_t seed, const Limits& limits,
           unsigned threads, const std::function<void(const PlanningProgress&)>& progress, Problems& problems);

  std::uint32_t size() const { return source_.count; }
  const RowFacts& facts(std::uint32_t row) const { return facts_[row]; }
  std::string name(std::uint32_t row) const { return source_.name(row); }
  std::vector<Change> changes(std::uint32_t row) const { return source_.changes(row); }

  /// The row's model, from the cache or compiled anew. May be called from several threads at once; two that want the
  /// same row wait for one compilation.
  std::shared_ptr<const Compiled> compiled(std::uint32_t row) const;

 private:
  struct Slot {
    std::once_flag made;
    std::shared_ptr<const Compiled> compiled;
  };

  std::shared_ptr<Slot> slot_of(std::uint32_t row) const;

  ReadyModel ready_;
  RowSource source_;
  Limits limits_;
  std::vector<RowFacts> facts_;
  mutable std::mutex guard_;  ///< of the two that follow
  mutable std::map<std::uint32_t, std::shared_ptr<Slot>> slots_;
  mutable std::list<std::uint32_t> recent_;  ///< rows in slots_, the last used first
};

}  // namespace tl
