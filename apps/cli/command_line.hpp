#pragma once
#include "apps/cli/exit_code.hpp"

namespace tl {

/// Reads the command line and carries the command out.
/// @throws UsageError  when it cannot be understood; and whatever the command throws
ExitCode run_command_line(int count, const char* const* words);

}  // namespace tl
