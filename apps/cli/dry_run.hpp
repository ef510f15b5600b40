#pragma once
#include "apps/cli/commands.hpp"
#include "scenarios/estimate.hpp"
#include "scenarios/plan.hpp"

namespace tl {

/// Who is to carry a study out.
struct Workers {
  std::string text;        ///< "2 threads", "3 ranks with 1 thread each"
  std::uint64_t runs = 1;  ///< at a time
};

/// Says what would be run, and what it would take.
/// @param pilots  runs that find the warm-up would come first; the plan has none
ExitCode dry_run(const Plan& plan, const RunRequest& request, const RunNeeds& needed, const Workers& workers,
                 bool pilots);

/// Lowers what a plan may take of the disk to what a probe finds, with half as much again, where the upper bound would
/// have it refused.
void refine_disk(const Plan& plan, const RunRequest& request, const Resources& there, RunNeeds& needed);

}  // namespace tl
