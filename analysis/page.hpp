#pragma once
#include <string>

#include "analysis/results_file.hpp"

namespace tl {

struct PageOptions {
  double confidence = 0.95;
};

/// The report as one HTML page, from the stored results alone. It holds no script and asks for nothing from elsewhere;
/// the same results give the same bytes. Numbers are rounded by shown() in analysis/numbers.hpp.
/// @throws QueryError  when a metric of the model names something that is not there
std::string results_page(const StudyResults& study, const PageOptions& options = {});

}  // namespace tl
