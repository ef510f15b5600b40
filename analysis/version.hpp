#pragma once
#include <string_view>

namespace tl {

inline constexpr std::string_view kProgramVersion = "0.1.0";
/// Raised whenever the engine gives other results for the same compiled model: stored results are then computed anew.
inline constexpr std::string_view kEngineVersion = "1";

}  // namespace tl
