#include "models/switched_numbers.hpp"

namespace tl::reading {
namespace {

/// Every change of the policy that is about this number adds to it, and there is one.
bool only_adds(const std::string& path, std::span<const LeverChange> changes) {
  bool found = false;
  for (const LeverChange& change : changes) {
    if (change.change.path != path) continue;
    if (change.change.kind != Change::Kind::add) return false;
    found = true;
  }
  return found;
}

}  // namespace

std::size_t add_switched(std::vector<NumberLog::Entry>& entries, const std::vector<NumberLog::Entry>& open,
                         std::uint32_t policy, std::span<const LeverChange> changes, std::vector<Undatable>& bad) {
  if (entries.size() != open.size()) {
    bad.push_back({first_of_one(entries, open), "it is there at one time and not at another"});
    return 1;
  }
  std::size_t differing = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    NumberLog::Entry& entry = entries[i];
    if (entry.number.path != open[i].number.path) {
      bad.push_back({first_of_one(entries, open), "it is there at one time and not at another"});
      return differing + 1;
    }
    if (same_numbers(entry.number, open[i].number)) continue;
    ++differing;
    if (entry.is_fixed)
      bad.push_back({entry.number, "it is one number for the whole run"});
    else if (entry.number.vary.size() != open[i].number.vary.size() || entry.number.linear != open[i].number.linear)
      bad.push_back({entry.number, "its exceptions or dates are not the same with the policy as without"});
    else
      entry.number.switched.push_back({policy, only_adds(entry.number.path, changes), open[i].number});
  }
  return differing;
}

std::vector<std::pair<std::string, std::uint32_t>> switched_in(const std::vector<NumberLog::Entry>& entries) {
  std::vector<std::pair<std::string, std::uint32_t>> all;
  for (const NumberLog::Entry& entry : entries)
    for (const SwitchedNumber& one : entry.number.switched) all.emplace_back(entry.number.path, one.policy);
  return all;
}

}  // namespace tl::reading
