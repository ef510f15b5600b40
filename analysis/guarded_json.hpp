#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace tl {

/// Parses JSON of ours. The library keeps the last of two equal keys and goes as deep as the text: both are refused
/// here instead.
/// @throws StoreError, nlohmann::ordered_json::exception
nlohmann::ordered_json parse_guarded(const std::string& text);

}  // namespace tl
