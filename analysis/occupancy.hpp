#pragma once
#include <optional>

#include "analysis/measures.hpp"

namespace tl {

/// Share of the time [%] in which a setting's census is at or above this share of its capacity. None for more than one
/// setting, without a capacity, and where the capacity changed: the time at each census is not kept by date.
/// @param share  of the capacity, at least 0; what it comes to is rounded up to whole clients
std::optional<double> time_at_or_above(const MeasureInput& input, double share);

}  // namespace tl
