#pragma once
#include <cstdint>
#include <vector>

#include "sim/records.hpp"

namespace tl {

/// Who is in each of some settings, in order of coming: clients by their slots, or enrolments by theirs. Everyone is in
/// one setting at most, so the links lie beside the slots; joining and leaving take a step.
class Occupants {
 public:
  void reset(std::size_t settings) {
    ends_.assign(settings, Ends{});
    links_.clear();
  }
  void add(std::uint32_t setting, std::uint32_t slot) {
    if (links_.size() <= slot) links_.resize(slot + 1);
    Ends& ends = ends_[setting];
    links_[slot] = {ends.last, kNoSlot};
    (ends.last == kNoSlot ? ends.first : links_[ends.last].later) = slot;
    ends.last = slot;
  }
  void remove(std::uint32_t setting, std::uint32_t slot) {
    Ends& ends = ends_[setting];
    const Link link = links_[slot];
    (link.earlier == kNoSlot ? ends.first : links_[link.earlier].later) = link.later;
    (link.later == kNoSlot ? ends.last : links_[link.later].earlier) = link.earlier;
  }
  /// Who came first, or kNoSlot.
  std::uint32_t first(std::uint32_t setting) const { return ends_[setting].first; }
  std::uint32_t last(std::uint32_t setting) const { return ends_[setting].last; }
  /// Who came next after `slot` into the same setting, or kNoSlot.
  std::uint32_t after(std::uint32_t slot) const { return links_[slot].later; }
  std::uint32_t before(std::uint32_t slot) const { return links_[slot].earlier; }

 private:
  struct Ends {
    std::uint32_t first = kNoSlot, last = kNoSlot;
  };
  struct Link {
    std::uint32_t earlier = kNoSlot, later = kNoSlot;
  };
  std::vector<Ends> ends_;
  std::vector<Link> links_;
};

}  // namespace tl
