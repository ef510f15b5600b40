#pragma once
#include "models/problem.hpp"
#include "models/rows.hpp"

namespace tl {

/// Refuses metrics that name a measure there is not, with the nearest: before a run, not when its results are shown.
void check_metrics(const Document& document, Problems& problems);

}  // namespace tl
