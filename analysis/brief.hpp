#pragma once
#include <string>
#include <vector>

#include "analysis/results_file.hpp"
#include "analysis/traced.hpp"

namespace tl {

/// The results as a printed brief of four pages for people who decide: the finding, three key figures, need against the
/// funded limit, cost and staff, the least restrictive setting, fairness, and what all this cannot tell. See
/// docs/guide/brief.md.
struct Brief {
  std::string bytes;                   ///< of the .pdf; equal results and equal fonts give equal bytes
  std::vector<TracedNumber> numbers;   ///< every number of a result, as it is printed
  std::vector<std::string> pages;      ///< all that is printed on each
  std::vector<std::string> sentences;  ///< the running text: what is neither table, figure, heading nor footer
  std::string warning;                 ///< about the font; empty = none
};

/// @throws QueryError  when the results hold no scenario  @throws StoreError  when the file cannot be put together
Brief make_brief(const StudyResults& study, double confidence = 0.95);

}  // namespace tl
