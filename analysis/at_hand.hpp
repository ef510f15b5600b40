#pragma once
#include "analysis/results_file.hpp"

namespace tl {

/// The same with its replications in memory, where they take no more than 512 MiB: page, workbook and brief go through
/// them again and again, and reading is most of the time.
StudyResults at_hand(const StudyResults& study);

}  // namespace tl
