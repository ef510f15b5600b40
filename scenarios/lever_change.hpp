#pragma once
#include "models/levers.hpp"

namespace tl {

/// The change that switches a lever on, all of it.
Change full_strength(const LeverSpec& lever);

}  // namespace tl
