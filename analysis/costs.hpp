#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/measures.hpp"

// Dollars of a replication: of whom and what they are, and what incentives for a metric come to.
namespace tl {

/// What the scope's items cost in these periods, of the part of the population that was run [$]. The engine has accrued
/// most of it; an incentive for a metric is decided here, and falls into the last reporting period of each month,
/// quarter or year in which the metric reached its target.
double cost_of(const MeasureInput& input);
/// The same, every reporting period discounted from its middle.
double discounted_cost_of(const MeasureInput& input);

/// Of model, department, domain, setting, payer or item, those with a cost among what the filter lets through. What no
/// setting causes stands under `kNoSetting`.
std::vector<ResultScope> cost_scopes_of(const Catalogue& words, std::string_view kind, const CostFilter& only = {});
/// One of them, also if it costs nothing; none if there is nothing of that id.
std::optional<ResultScope> find_cost_scope(const Catalogue& words, std::string_view kind, std::string_view subject,
                                           const CostFilter& only = {});
inline constexpr std::string_view kNoSetting = "no setting";  ///< no id: ids hold no blank

/// Why an incentive cannot look at a metric of this measure; empty = it can.
std::string why_no_incentive(const std::string& measure);

/// In every replication and period, cost by setting, by domain, by department and by payer add up to the same total
/// (asserted by the checking build where results are published).
/// @return what does not add up, in words; empty = all does
std::string costs_out_of_balance(const ScenarioResults& scenario);

}  // namespace tl
