#pragma once
#include "models/problem.hpp"
#include "models/rows.hpp"
#include "scenarios/plan.hpp"

namespace tl {

/// Refuses metrics that name a measure there is not, with the nearest, incentives that cannot be decided, and targets
/// of shares above 1: before a run, not when its results are shown.
void check_metrics(const Document& document, Problems& problems);

/// The same of those that a study asks for beside the model's: measures, and what they are of.
void check_metrics(const Plan& plan, Problems& problems);

}  // namespace tl
