#pragma once
#include <string>

#include "apps/cli/exit_code.hpp"
#include "scenarios/plan.hpp"
#include "scenarios/runner.hpp"

// What is said when a run has ended.
namespace tl {

/// "40 runs done in about 3 s, 20 were there already."
std::string done_text(const RunOutcome& outcome);
/// "under 1 s", "about 4 min 20 s".
std::string about_seconds(double seconds);
/// The first of the replications that failed, one a line, and where the clients of the very first were.
void tell_failures(const RunOutcome& outcome, const Plan& plan);
ExitCode code_of(const RunOutcome& outcome);

}  // namespace tl
