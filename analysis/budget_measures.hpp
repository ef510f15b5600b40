#pragma once
#include <optional>

#include "analysis/measures.hpp"

// What the results say of a budget. Derived from BudgetSum; the registry stands in measures.cpp.
namespace tl::budgets {

/// Over the periods.
double total(const MeasureInput& in, BudgetSum which);
template <auto which>
std::optional<double> total_of(const MeasureInput& in) {
  return total(in, which);
}
/// Left of the budget's own period when the last of the reporting periods ends.
std::optional<double> left_at_end(const MeasureInput& in);
/// What was spent, of what could be spent; none where no period of the budget began.
std::optional<double> spent_share(const MeasureInput& in);
/// Share of the time in which it was spent [%].
std::optional<double> stopped_share(const MeasureInput& in);

}  // namespace tl::budgets
