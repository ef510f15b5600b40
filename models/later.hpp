#pragma once

#include <array>
#include <string_view>

namespace tl {

/// A construct of the language that this version does not have: refused by name, never ignored.
struct LaterConstruct {
  std::string_view table;    ///< where it would stand; "*" = in any table; empty = it is itself a table
  std::string_view name;     ///< the field's last name, the table's name or the word
  std::string_view meaning;  ///< what it would do
};

/// Fields and tables.
inline constexpr auto kLaterConstructs = std::to_array<LaterConstruct>({
    {"*", "cost", "money"},
    {"*", "costs", "money"},
    {"*", "split", "money"},
    {"*", "by", "shares by other traits"},
    {"*", "initial_at", "clients there at the warm-up's start"},
    {"", "costs", "money"},
    {"", "policies", "rules that act on the state of the system"},
    {"", "incentives", "money paid for results"},
});

}  // namespace tl
