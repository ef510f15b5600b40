#pragma once
#include "apps/cli/commands.hpp"
#include "scenarios/estimate.hpp"
#include "scenarios/plan.hpp"

namespace tl {

/// Says what would be run, and what it would take.
ExitCode dry_run(const Plan& plan, const RunRequest& request, const RunNeeds& needed);

}  // namespace tl
