#pragma once
#include <string>

#include "scenarios/plan.hpp"
#include "scenarios/study.hpp"
#include "scenarios/warmup.hpp"

namespace tl {

/// Makes the pilot runs for `warmup = "auto"` on this machine's threads, with progress, and keeps nothing of them.
/// @throws Stopped  when somebody asked to stop
Warmup make_pilots(const Study& study, const PlanOptions& options, unsigned threads, const Limits& limits,
                   Problems& problems);

/// The study's plan; where it says `warmup = "auto"`, with the warm-up that pilot runs find, which is told and noted.
/// @throws Stopped
Plan plan_with_warmup(Study study, const PlanOptions& options, unsigned threads, const Limits& limits,
                      Problems& problems);

}  // namespace tl
