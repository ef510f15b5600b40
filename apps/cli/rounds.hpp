#pragma once
#include <functional>
#include <string>

#include "analysis/store.hpp"
#include "scenarios/plan.hpp"
#include "scenarios/runner.hpp"

namespace tl {

/// Runs what the store lacks of the plan as it stands: on threads here, or on ranks.
using RunPlan = std::function<RunOutcome()>;

/// A plan to its end. One that asks for a precision grows round by round, until its results are precise enough or its
/// limit is reached; what came of it is added to its notes. A round in which a replication fails is the last.
/// @param plan  the store's own
/// @param say  told between rounds, for people
RunOutcome run_in_rounds(Plan& plan, Store& store, const RunPlan& run_plan,
                         const std::function<void(const std::string&)>& say);

/// "20 replications each", "10 to 500 replications each, until precise".
std::string replications_text(const Plan& plan);

}  // namespace tl
