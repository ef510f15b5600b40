#pragma once
#include <filesystem>
#include <functional>

#include "analysis/results_file.hpp"
#include "apps/cli/exit_code.hpp"

namespace tl {

/// Loads the results of a folder and lets `use` say the rest of the command, all in a child process: a results file can
/// come from anywhere, and a manifest that fits proves nothing, as who makes the one can make the other. Such a file
/// can take down no more than the child, which reads within bounds of memory and processor time that follow from the
/// sizes of the files, and then from what the surveyed file declares.
///
/// @return  in the child what `use` returned; in the parent, when the child has ended, the same
/// @throws StoreError  what load_results() throws, when the file needs more memory than there is, and when the child
///                     was ended by a signal or a bound while it read
ExitCode with_results(const std::filesystem::path& folder,
                      const std::function<ExitCode(const StudyResults& study)>& use);

}  // namespace tl
