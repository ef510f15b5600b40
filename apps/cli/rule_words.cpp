#include "apps/cli/rule_words.hpp"

#include <cmath>

#include "analysis/numbers.hpp"

namespace tl {

Grid policies_grid(const Catalogue& words) {
  Grid grid;
  grid.columns = {{"policy", false}, {"name", false}, {"rule", false, 60}, {"changes", false, 60}};
  for (const PolicyWords& policy : words.policies)
    grid.rows.push_back({policy.id, policy.name, policy.rule, policy.changes});
  return grid;
}

Grid budgets_grid(const Catalogue& words) {
  Grid grid;
  grid.columns = {{"budget", false}, {"name", false},       {"amount $", true},
                  {"every", false},  {"counts", false, 40}, {"stops", false, 40}};
  for (const BudgetWords& budget : words.budgets)
    grid.rows.push_back({budget.id, budget.name,
                         exact(std::round(budget.amount / words.population_scale * 100.0) / 100.0), budget.every,
                         budget.counts, budget.stops});
  return grid;
}

std::string rules_text(const Catalogue& words) {
  std::string text;
  if (!words.policies.empty()) text += "\nPolicies:\n\n" + to_text(policies_grid(words));
  if (!words.budgets.empty()) text += "\nBudgets:\n\n" + to_text(budgets_grid(words));
  return text;
}

}  // namespace tl
