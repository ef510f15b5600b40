#include "analysis/budget_measures.hpp"

namespace tl::budgets {
namespace {

double at(const MeasureInput& in, std::size_t period, BudgetSum which) {
  return in.run.budgets[(period * in.run.budget_count + in.scope.rows.front()) * kBudgetSums.size() +
                        static_cast<std::size_t>(which)];
}

}  // namespace

double total(const MeasureInput& in, BudgetSum which) {
  double sum = 0.0;
  for (std::size_t p = 0; p < in.periods.count; ++p) sum += at(in, in.periods.first + p, which);
  return sum;
}

std::optional<double> left_at_end(const MeasureInput& in) {
  if (in.periods.count == 0) return std::nullopt;
  return at(in, in.periods.first + in.periods.count - 1, BudgetSum::left_at_end);
}

std::optional<double> spent_share(const MeasureInput& in) {
  const double granted = total(in, BudgetSum::granted);
  if (!(granted > 0.0)) return std::nullopt;
  return 100.0 * total(in, BudgetSum::spent) / granted;
}

std::optional<double> stopped_share(const MeasureInput& in) {
  double days = 0.0;
  for (std::size_t p = 0; p < in.periods.count; ++p) days += in.scenario.words.period_days[in.periods.first + p];
  if (!(days > 0.0)) return std::nullopt;
  return 100.0 * total(in, BudgetSum::stopped_days) / days;
}

}  // namespace tl::budgets
