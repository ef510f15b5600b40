#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/lever_dates.hpp"
#include "models/levers.hpp"
#include "models/number_log.hpp"

// Numbers that policies switch: a model is read once for every policy, as it is while that policy is open, and the
// numbers that differ are kept beside those of the model without it.
namespace tl::reading {

/// Adds to `entries` what they are while the policy is open.
/// @param open     the same numbers, read with the policy's changes
/// @param changes  those changes
/// @param bad      gets the numbers that cannot be switched, with what is in the way
/// @returns how many numbers differ
std::size_t add_switched(std::vector<NumberLog::Entry>& entries, const std::vector<NumberLog::Entry>& open,
                         std::uint32_t policy, std::span<const LeverChange> changes, std::vector<Undatable>& bad);

/// Path and policy of every number that is switched.
std::vector<std::pair<std::string, std::uint32_t>> switched_in(const std::vector<NumberLog::Entry>& entries);

}  // namespace tl::reading
