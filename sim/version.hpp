#pragma once
#include <string_view>

namespace tl {

/// Raised whenever the engine gives other results for the same compiled model: stored results are then computed anew.
inline constexpr std::string_view kEngineVersion = "1";

}  // namespace tl
