#pragma once
#include <string>
#include <vector>

#include "analysis/results_file.hpp"
#include "analysis/traced.hpp"

namespace tl {

/// The results as a workbook, for people who calculate with them: a summary whose formulas follow the scenario that is
/// chosen in it, a sheet for each table the results can fill, charts, and what it all rests on. See
/// docs/guide/workbook.md.
struct Workbook {
  std::string bytes;                  ///< of the .xlsx; equal results give equal bytes
  std::vector<TracedNumber> numbers;  ///< every cell with a number of a result
};

/// @throws QueryError  when the results hold no scenario  @throws StoreError  when the file cannot be put together
Workbook make_workbook(const StudyResults& study, double confidence = 0.95);

}  // namespace tl
