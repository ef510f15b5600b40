#pragma once
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analysis/tables.hpp"
#include "analysis/wide_table.hpp"

// The parts of the report's document, see document.hpp. A part that the study has no data for is null.
namespace tl::report {

using Json = nlohmann::ordered_json;

/// The number as shown() rounds it; null where there is none. Infinity is the text "unlimited".
Json number(double value, int decimals);
/// With as many decimals as the value itself suggests.
Json number(double value);
Json estimate(const Estimate& estimate);

/// Name for people.
std::string name_of(const ScenarioResults& scenario);

/// Scenarios that are compared, by place in the study: `of` less `versus`. Every two, both ways; of a study with more
/// than kMostCompared scenarios only each against the first.
struct Pair {
  std::size_t of = 0, versus = 0;
};
inline constexpr std::size_t kMostCompared = 5;
std::vector<Pair> pairs_of(const StudyResults& study);

/// What the model names; or, when it names nothing, what most planners ask first.
std::vector<MetricWords> report_metrics(const StudyResults& study);

/// "better", "worse", "lower", "higher", "unclear", "same", or empty where nothing can be said of a difference.
std::string reading_of(const ResultRow& difference);

Json tables_part(const StudyResults& study, double confidence);
Json courses_part(const StudyResults& study);
Json occupancy_part(const StudyResults& study, double confidence);
Json map_part(const StudyResults& study, double confidence);
Json why_part(const StudyResults& study, double confidence);
/// @param every  month, quarter or year, as courses_part() chose
Json policies_part(const StudyResults& study, const std::string& every);
Json equity_part(const StudyResults& study, double confidence);
Json sensitivity_part(const StudyResults& study, double confidence);
Json assumptions_part(const StudyResults& study);

}  // namespace tl::report
