#pragma once
#include <string>

#include "models/catalogue.hpp"

namespace tl {

/// A number without a source, or one that is recalled or assumed: what to ask about first.
bool is_weak(const ParameterWords& parameter);

/// Its standing in a word: "sourced", "recalled", "assumption", "not said".
std::string grade_of(const ParameterWords& parameter);

/// "5 to 9"; with one end missing "5 to ?"; empty where neither is given.
std::string range_text(const ParameterWords& parameter);

}  // namespace tl
