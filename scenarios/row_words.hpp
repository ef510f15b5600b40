#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/rows.hpp"

// Inside of diff.cpp and change_words.cpp: what rows and fields are called in a planner's words.
namespace tl::words {

/// The leaves of a row by their address within it; lists count as one value.
using Leaves = std::vector<std::pair<std::string, std::string>>;
Leaves leaves_of(const Row& row);
const std::string* find_leaf(const Leaves& leaves, const std::string& path);
/// Rows by name, in file order; the second of a name is "name#2", as changes call it.
std::vector<std::pair<std::string, const Row*>> named_rows(const Table* table);
/// "Crisis residential" of a setting with a name, else "route jail>street".
std::string words_of_row(std::string_view table, const std::string& key, const Row* row);
/// "stay.mean" as "Stay mean".
std::string words_of_field(std::string field);
/// "setting" of "settings".
std::string one_of(std::string_view table);

}  // namespace tl::words
