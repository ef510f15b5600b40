#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/groups.hpp"
#include "sim/model.hpp"
#include "sim/tally.hpp"

namespace tl {

/// The tallies of all groups; none where the model asks for none.
class GroupTallies {
 public:
  void reset(const CompiledModel& model);
  bool kept() const { return !by_.empty(); }

  /// Calls `what` with the tally of every group that a client with these traits is of: one for each trait.
  template <class Do>
  void each(std::uint64_t traits, Do what) {
    for (const GroupTrait& trait : by_) what(tallies_[group_of(trait, traits)]);
  }
  /// Calls `what` with the tallies of the old and of the new group, for every trait whose value is another now.
  template <class Do>
  void each_change(std::uint64_t before, std::uint64_t after, Do what) {
    for (const GroupTrait& trait : by_) {
      const std::uint32_t from = group_of(trait, before), to = group_of(trait, after);
      if (from != to) what(tallies_[from], tallies_[to]);
    }
  }

  void forget_arrivals();
  void start_results(std::int64_t at);
  void end_period(std::int64_t at);
  void observe(std::uint32_t instant);
  void finish(std::int64_t at, ReplicationResult& into);

  /// Semantics 14: for every trait the groups' sums are the whole's, to the last microsecond.
  void check(const Tally& whole, std::int64_t at) const;

 private:
  static std::uint32_t group_of(const GroupTrait& trait, std::uint64_t traits) {
    return trait.first_group +
           static_cast<std::uint32_t>(traits >> trait.shift & ((std::uint64_t{1} << trait.bits) - 1));
  }

  std::vector<GroupTrait> by_;
  std::unique_ptr<Tally[]> tallies_;  ///< by group
  std::uint32_t setting_count_ = 0, milestone_count_ = 0;
};

}  // namespace tl
