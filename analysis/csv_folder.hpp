#pragma once
#include <string>
#include <vector>

#include "analysis/results_file.hpp"

namespace tl {

struct TextFile {
  std::string name, text;
};

/// Outcomes of every scenario against the first; of a single scenario its values.
std::string comparison_csv(const StudyResults& study);

/// Every table the results can fill as a CSV file, and README.md, which names the files, their columns and units.
/// Numbers are exact. What a table cannot be made of has no file, and README.md says so.
/// @throws QueryError  when the results hold no scenario
std::vector<TextFile> csv_files(const StudyResults& study);

}  // namespace tl
