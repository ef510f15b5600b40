#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "models/problem.hpp"

namespace tl {

/// The same findings for people to read: of all settings that are offered more clients than they have units for, in any
/// scenario, one warning. Programs get each by itself.
Problems condensed(const Problems& problems);
std::size_t warning_count(const Problems& problems);

/// One line a problem (condensed), in the order of the files; with colours the words error and warning stand out.
std::string problems_text(const Problems& problems, bool colours);
/// The same to standard error.
void tell_problems(const Problems& problems);
/// Only the errors, or, where there are none, how many warnings `check` would show.
void tell_errors(const Problems& problems, const std::string& path);
/// As a list of objects: file, line, column, severity, code, field, what, why, hint.
nlohmann::ordered_json problems_json(const Problems& problems);
/// True when all errors lie in what was typed ("--set", "--scenario") and not in a file.
bool only_of_command_line(const Problems& problems);

}  // namespace tl
