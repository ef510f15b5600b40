#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "models/limits.hpp"
#include "models/problem.hpp"
#include "scenarios/plan.hpp"

namespace tl {

/// What a plan will take. Bytes are upper estimates, before compression.
struct RunNeeds {
  std::uint64_t runs = 0;
  std::uint64_t blocks = 0;
  std::uint64_t result_bytes = 0;  ///< of all results, on disk
  std::uint64_t memory_bytes =
      0;  ///< of the program, the models, the engines and the results waiting for their block's end
};
/// @param threads  0 = as many as the machine has
RunNeeds estimate(const Plan& plan, unsigned threads);

/// What there is to take it from.
struct Resources {
  std::uint64_t free_disk_bytes = 0;
  std::uint64_t memory_bytes = 0;  ///< of the machine
};
/// Of this machine, and of the disk on which `folder` is or will be. What the system does not say counts as unlimited.
Resources resources_for(const std::filesystem::path& folder);

/// More than 80 % of what there is.
bool takes_too_much(std::uint64_t bytes, std::uint64_t available);

/// Refuses a plan that has more runs than the limit, or would take more than 80 % of the free disk or of the memory.
void check_resources(const RunNeeds& needed, const Resources& there, const Limits& limits, Problems& problems);

/// "1.5 GiB", "820 KiB", "12 bytes".
std::string shown_bytes(std::uint64_t bytes);

}  // namespace tl
