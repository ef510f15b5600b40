#pragma once
#include <string>

#include "apps/cli/grid.hpp"
#include "models/catalogue.hpp"

namespace tl {

/// Policies, and budgets, of a compiled model, as `list` and `check` show them.
Grid policies_grid(const Catalogue& words);
Grid budgets_grid(const Catalogue& words);
/// Both with their headings; "" for a model that has neither.
std::string rules_text(const Catalogue& words);

}  // namespace tl
