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

/// The finding as a headline: "\"More beds\" lowers the average number waiting", without numbers.
std::string headline_of(const ResultRow& difference);
/// Of a single scenario: "The average wait is 12 days".
std::string value_headline(const ResultRow& row);

/// Which of the findings to lead with: the clear improvement that changes most; without one the clear change that
/// does; else the first. @param findings  at least one
std::size_t leading_finding(const std::vector<Finding>& findings);

/// What a paired difference says, in two or three words: "lower: better", "no clear change", "too few replications".
std::string reading_words(const ResultRow& row);

/// The metrics a short report is about: those that the model names; where these are fewer than three, then also what
/// most planners ask first.
std::vector<MetricWords> leading_metrics(const StudyResults& study);

/// Names of the scenarios for people, in their order: no two are equal.
std::vector<std::string> distinct_names(const StudyResults& study);

/// "average wait of those admitted, Crisis unit"; a metric the model names has words of its own.
std::string row_words(const ResultRow& row);

}  // namespace tl
