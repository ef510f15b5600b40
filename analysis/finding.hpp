#pragma once
#include <string>
#include <vector>

#include "analysis/tables.hpp"

namespace tl {

/// What the results say, in a sentence a person who is no statistician can use.
struct Finding {
  std::string scenario;  ///< id
  std::string sentence;
  bool clear =
      false;  ///< the interval lies on one side of 0 (of the target, where there is one and nothing to compare)
  ResultRow row;
};

/// The metric the results lead with: the first the model names; without one, the average number waiting in the whole
/// system.
MetricWords lead_metric(const StudyResults& study);

/// One finding for each scenario against the first; of a single scenario its value against the target. A direction
/// ("rises", "falls") or a verdict ("an improvement") is said only where the interval excludes 0.
std::vector<Finding> findings_of(const StudyResults& study, const MetricWords& metric, double confidence = 0.95);

/// The sentence for a paired difference.
std::string difference_sentence(const ResultRow& row, double confidence = 0.95);
/// The sentence for a value by itself.
std::string value_sentence(const ResultRow& row, double confidence = 0.95);

/// "average wait of those admitted, Crisis unit"; a metric the model names has words of its own.
std::string row_words(const ResultRow& row);

}  // namespace tl
