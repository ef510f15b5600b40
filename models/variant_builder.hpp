#pragma once
#include <optional>
#include <span>
#include <vector>

#include "models/levers.hpp"
#include "models/limits.hpp"
#include "models/model.hpp"
#include "models/parameters.hpp"
#include "models/problem.hpp"
#include "models/read_model.hpp"
#include "models/rows.hpp"

namespace tl::reading {

/// A model's rows under a scenario's changes, those of its levers included. Levers with dates and policies make numbers
/// that change during the run.
/// @returns nullopt when something is wrong
std::optional<Model> build_variant(const Document& document, const ParameterTable& parameters,
                                   const std::vector<LeverSpec>& levers, const Limits& limits,
                                   std::span<const Change> changes, Problems& problems);

}  // namespace tl::reading
