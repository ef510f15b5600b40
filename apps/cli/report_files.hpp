#pragma once
#include <filesystem>
#include <string>

#include "analysis/results_file.hpp"
#include "apps/cli/commands.hpp"

// What `report` writes besides its page: one option, one file.
namespace tl {

/// Publishes a file and says so on standard output: "WHAT: path".
/// @throws StoreError  when it cannot be written
void publish_file(const std::filesystem::path& path, const std::string& bytes, const std::string& what);

bool asks_for_files(const ReportRequest& request);

/// Writes those that were asked for.
/// @return  what to do with them next, in words; empty when none was asked for
/// @throws StoreError, QueryError
std::string write_files(const ReportRequest& request, const StudyResults& study);

}  // namespace tl
