#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/plan.hpp"

namespace tl {

/// What a few replications, carried out and thrown away, say of a whole study.
struct Probe {
  std::uint32_t tried = 0;       ///< replications carried out
  double tried_seconds = 0.0;    ///< on one core
  double seconds = 0.0;          ///< of all runs together, on one core
  double longest_seconds = 0.0;  ///< of one run
  std::uint64_t bytes = 0;       ///< of all shards and of the results made from them
  std::string fault;      ///< why there is none: a replication failed, or takes too long; empty when there is one
  bool too_long = false;  ///< none was done within the limit
};

/// Carries out replication 0 of some rows: of the scenarios with the longest first, and of rows spread over a sweep.
/// What they took is carried over to the others by the work expected of them, and their shards' compressed size by the
/// size of the results.
/// @param blocks  what is still to be run
/// @param limit_seconds  within which the probe ends; what was not reached is carried over too
Probe probe(const Plan& plan, const std::vector<RunBlock>& blocks, double limit_seconds,
            const std::function<bool()>& stop);

/// Of these blocks, what a folder of results does not hold: whole blocks, and the replications of the others that its
/// shards lack. Looks at the manifest only, and locks nothing. @returns blocks with as many replications as are to be
/// run
std::vector<RunBlock> not_there(const std::filesystem::path& folder, const Plan& plan,
                                const std::vector<RunBlock>& blocks);

}  // namespace tl
