#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "models/problem.hpp"
#include "models/rows.hpp"

// What the readers of a study's tables share. All note what is wrong.
namespace tl {

/// A name that a study does not have there: the nearest one, or that it comes in a later version.
void refuse_unknown(std::string_view name, const Place& at, const std::string& path,
                    const std::vector<std::string>& known, Problems& problems);

/// The text of a field, or empty with a problem when it is something else.
std::string text_of(const Cell& cell, const std::string& path, Problems& problems);

/// Letters, digits, _ and -: what can name a file.
bool is_plain_name(std::string_view name);

/// `table.row.field` or `parameters.id`, in form.
bool is_address(std::string_view path);

}  // namespace tl
