#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tl {

/// Edits (insert, delete, replace, swap of neighbours) between two names; case is ignored for ASCII letters.
/// Optimal string alignment, after Damerau (1964) and Levenshtein (1966).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The nearest of `names`, if at most about a third of the longer name's letters differ; the first of equals.
/// Empty when none is near.
std::string nearest_name(std::string_view name, const std::vector<std::string>& names);

/// `Did you mean "x"?`, or empty when no name is near.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& names);

}  // namespace tl
