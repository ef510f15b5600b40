#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tl {

/// Finds a std::string by any text, without making one.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

/// Something by id, looked up often and never gone through.
template <class Value>
using ById = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

}  // namespace tl
