#pragma once
#include <filesystem>
#include <optional>

#include "models/limits.hpp"
#include "models/problem.hpp"
#include "models/rows.hpp"
#include "scenarios/sweep_spec.hpp"

namespace tl {

/// Reads [sweep]; none when the study has none, or when it cannot be understood (which is noted).
/// @param folder  of the study, for a list's file; empty when there is no folder to read from
std::optional<SweepSpec> read_sweep(const Document& study, const std::filesystem::path& folder, const Limits& limits,
                                    Problems& problems);

/// Reads [uncertain], likewise.
std::optional<UncertainSpec> read_uncertain(const Document& study, Problems& problems);

/// A list of names: metrics, parameters.
std::vector<Named> read_names(const Cell& cell, const std::string& field, Problems& problems);

}  // namespace tl
