#pragma once
#include <string>

#include "analysis/store.hpp"
#include "apps/cli/exit_code.hpp"
#include "apps/cli/pilot.hpp"
#include "models/limits.hpp"
#include "models/problem.hpp"
#include "scenarios/plan.hpp"

// What the commands that carry out a study have in common.
namespace tl {

/// The plan, of a model whose metrics can be shown when it has run, with its warm-up.
/// @param find_warmup  where one is asked for; empty = none is found, and "auto" stands for 0 d
/// @throws Stopped  when somebody asked to stop meanwhile
Plan read_checked_plan(const std::string& path, const PlanOptions& options, const FindWarmup& find_warmup,
                       const Limits& limits, Problems& problems);
/// Tells the errors. What was typed is wrong usage; what stands in a file is an error.
ExitCode refuse_study(const Problems& problems, const std::string& path);

/// "study: 2 scenarios, 20 replications each, seed 1".
std::string plan_text(const Plan& plan);

/// Publishes DIR/results.h5 from the store's shards and says what came out.
void publish_and_tell(Store& store);

}  // namespace tl
