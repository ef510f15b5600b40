#include <algorithm>
#include <string>
#include <vector>

#include "models/read_context.hpp"
#include "models/suggest.hpp"

// Budgets: what counts against them, and what stops once they are spent.
namespace tl::reading {
namespace {

constexpr double kMostDollars = 1e12;
constexpr double kShortestReview = 1.0 / 1440.0;  ///< [day] a minute
const std::vector<std::string> kEveryWords{"month", "quarter", "year", "once"};

/// The names of a list, each once, by `find(cell)`.
template <class Found, class Find>
std::vector<Found> read_list(Context& context, const RowView& row, const char* name, Find find) {
  std::vector<Found> found;
  const Cell* cell = row.find(name);
  if (cell == nullptr) return found;
  if (cell->is_table()) {
    read_text(context, *cell, row.path(name));
    return found;
  }
  for (const Cell& item : pieces_of(*cell, '|')) {
    const std::optional<Found> one = find(item, row.path(name));
    if (!one) continue;
    if (std::find(found.begin(), found.end(), *one) == found.end())
      found.push_back(*one);
    else
      context.error(item.at, code("field-conflict"), row.path(name), '"' + item.text + "\" stands twice",
                    "each is named once");
  }
  return found;
}

/// What a cost item may be called: costs, incentives for outcomes, and what pools of staff cost.
std::vector<std::string> cost_ids(const Model& model) {
  std::vector<std::string> ids;
  for (const CostSpec& cost : model.money.costs)
    if (cost.per != CostPer::metric) ids.push_back(cost.id);
  for (const StaffSpec& staff : model.staff) {
    if (staff.salary) ids.push_back("staff." + staff.id);
    if (staff.salary && staff.overtime) ids.push_back("staff." + staff.id + ".overtime");
    if (staff.agency && staff.agency->pay) ids.push_back("staff." + staff.id + ".agency");
  }
  return ids;
}

void read_counts(Context& context, const RowView& row, BudgetSpec& budget) {
  budget.settings = read_list<std::uint32_t>(
      context, row, "counts.settings",
      [&](const Cell& cell, const std::string& field) { return find_setting_or_pool(context, cell, field); });
  budget.departments = read_list<std::uint32_t>(
      context, row, "counts.departments",
      [&](const Cell& cell, const std::string& field) { return find_name(context, cell, field, context.departments); });
  budget.payers = read_list<std::uint32_t>(
      context, row, "counts.payers",
      [&](const Cell& cell, const std::string& field) { return find_name(context, cell, field, context.payers); });
  const std::vector<std::string> known = cost_ids(context.model);
  const auto find_cost = [&](const Cell& cell, const std::string& field) -> std::optional<std::string> {
    if (std::find(known.begin(), known.end(), cell.text) != known.end()) return cell.text;
    const auto& costs = context.model.money.costs;
    const bool is_metric =
        std::any_of(costs.begin(), costs.end(), [&](const CostSpec& cost) { return cost.id == cell.text; });
    context.error(cell.at, is_metric ? code("budget-counts") : code("name-unknown"), field,
                  is_metric ? in_quotes(cell.text) + " is paid for a metric" : "unknown cost " + in_quotes(cell.text),
                  is_metric ? "whether a metric reaches its target is known when the run is over"
                            : "a row of costs or incentives, or staff.ID, staff.ID.overtime, staff.ID.agency",
                  is_metric ? "" : did_you_mean(cell.text, known));
    return std::nullopt;
  };
  budget.costs = read_list<std::string>(context, row, "counts.costs", find_cost);
}

void read_stops(Context& context, const RowView& row, BudgetSpec& budget) {
  budget.stops_settings =
      read_list<std::uint32_t>(context, row, "stops_admissions", [&](const Cell& cell, const std::string& field) {
        const auto pool = context.pools.find(cell.text);
        auto setting = pool ? std::nullopt : find_name(context, cell, field, context.settings);
        if (pool || setting == 0U) {
          context.error(cell.at, code("budget-stops"), field,
                        pool ? in_quotes(cell.text) + " is a pool of units" : "names \"outside\"",
                        pool ? "clients are admitted to the settings that use it" : "nobody is admitted there",
                        pool ? "Name those settings." : "Name a setting.");
          setting.reset();
        }
        return setting;
      });
  budget.stops_policies =
      read_list<std::uint32_t>(context, row, "stops_openings", [&](const Cell& cell, const std::string& field) {
        auto policy = find_name(context, cell, field, context.policies);
        if (policy && *policy < context.model.policies.size() && !context.model.policies[*policy].opens) {
          context.error(cell.at, code("budget-stops"), field, in_quotes(cell.text) + " has no condition",
                        "it opens by the calendar, not by a decision", "Name policies that have `when`.");
          policy.reset();
        }
        return policy;
      });
}

void read_period(Context& context, const RowView& row, BudgetSpec& budget) {
  if (const Cell* every = row.find("every"))
    if (const auto word = read_word(context, *every, row.path("every"), kEveryWords))
      budget.every = static_cast<BudgetEvery>(*word);
  const Cell* starts = row.find("starts");
  if (starts == nullptr) return;
  const auto text = read_text(context, *starts, row.path("starts"));
  const auto day = text ? day_of_year(*text) : std::nullopt;
  if (text && !day)
    context.error(starts->at, code("budget-year"), row.path("starts"),
                  "there is no day " + in_quotes(*text) + " in a year", "a day of any year is written month-day",
                  "Write it like \"07-01\".");
  if (day) {
    budget.from_month = day->month;
    budget.from_day = day->day;
  }
  if (budget.every != BudgetEvery::year)
    context.problems.warning(starts->at, code("field-useless"), row.path("starts"), "has no effect",
                             "only a year can begin on another day", "Write every = \"year\".");
}

BudgetSpec read_budget(Context& context, const RowView& row) {
  BudgetSpec budget;
  budget.id = row.row.id;
  budget.at = row.row.at;
  budget.name = read_words(context, row, "name", row.row.id);
  if (const Cell* cell = row.find("amount")) {
    const NumberRule rule{.dimension = kMoney, .range = Range::between(0.0, kMostDollars), .may_vary = false};
    if (auto amount = read_varying(context, *cell, row.path("amount"), rule)) budget.amount = std::move(*amount);
  } else {
    missing_field(context, row, "amount", "it says how many dollars may be spent", "Write amount = \"$2,000,000\".");
  }
  read_period(context, row, budget);
  read_counts(context, row, budget);
  read_stops(context, row, budget);
  if (const Cell* cell = row.find("review"))
    budget.review_days =
        read_fixed(context, *cell, row.path("review"),
                   {.dimension = kDuration, .range = Range::between(kShortestReview, context.limits.horizon_days)})
            .value_or(budget.review_days);
  budget.provenance = read_provenance(context, row);
  return budget;
}

}  // namespace

void read_budgets(Context& context) {
  read_rows(context, "budgets", context.budgets, context.model.money.budgets, read_budget);
}

}  // namespace tl::reading
