#include <algorithm>
#include <cmath>

#include "models/calendar_dates.hpp"
#include "models/compile_builder.hpp"
#include "models/units.hpp"

// Budgets: which parts of which cost items count against one, and how much may be spent from when on.
namespace tl::compiling {
namespace {

bool lets_through(const std::vector<std::string>& only, const std::string& id) {
  return only.empty() || std::find(only.begin(), only.end(), id) != only.end();
}

std::string joined(const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : ", ") + id;
  return text;
}

/// The days of any year on which a period of the budget begins.
std::vector<DayOfYear> beginnings(const BudgetSpec& spec) {
  std::vector<DayOfYear> days;
  if (spec.every == BudgetEvery::year) days.push_back({spec.from_month, spec.from_day});
  const int months = spec.every == BudgetEvery::month ? 1 : 3;
  if (spec.every == BudgetEvery::month || spec.every == BudgetEvery::quarter)
    for (int month = 1; month <= 12; month += months) days.push_back({month, 1});
  return days;
}

}  // namespace

/// A period that is under way when the run begins has the part of its amount that falls to the days left of it.
void Builder::budget_periods(const BudgetSpec& spec, BudgetRule& rule) {
  rule.first_period = static_cast<std::uint32_t>(out_.budgets.periods.size());
  const std::int64_t start = days_from_civil({model_.start_year, model_.start_month, model_.start_day});
  const int first_year = civil_from_days(start + static_cast<std::int64_t>(std::floor(start_day()))).year - 1;
  const int last_year = civil_from_days(start + static_cast<std::int64_t>(std::ceil(model_.horizon_days))).year + 1;
  std::vector<double> days;  // since the start of results
  for (int year = first_year; year <= last_year; ++year)
    for (const DayOfYear& day : beginnings(spec)) days.push_back(static_cast<double>(day_in(year, day) - start));
  const auto next = std::find_if(days.begin(), days.end(), [&](double day) { return day > start_day(); });
  double amount = dated_at(spec.amount, start_day());
  if (next != days.begin() && next != days.end())
    amount = dated_at(spec.amount, *(next - 1)) * (*next - start_day()) / (*next - *(next - 1));
  out_.budgets.periods.push_back({SimTime{}, amount});
  for (auto day = next; day != days.end() && *day < model_.horizon_days; ++day)
    out_.budgets.periods.push_back({instant(*day), dated_at(spec.amount, *day)});
  rule.period_count = static_cast<std::uint32_t>(out_.budgets.periods.size()) - rule.first_period;
}

/// What counts against it, of the cost items that grow during the run.
void Builder::budget_shares(const BudgetSpec& spec, BudgetRule& rule, BudgetWords& words) {
  const auto ids = [](const std::vector<std::uint32_t>& rows, const auto& id_of_row) {
    std::vector<std::string> found;
    for (const std::uint32_t row : rows) found.push_back(id_of_row(row));
    return found;
  };
  const auto settings = ids(spec.settings, [&](std::uint32_t row) { return words_.settings[row].id; });
  const auto departments = ids(spec.departments, [&](std::uint32_t row) { return model_.departments[row]; });
  const auto payers = ids(spec.payers, [&](std::uint32_t row) { return model_.money.payers[row].id; });
  rule.first_share = static_cast<std::uint32_t>(out_.budgets.shares.size());
  for (std::uint32_t item = 0; item < words_.costs.size(); ++item) {
    const CostWords& cost = words_.costs[item];
    if (out_.money.items[item].driver == CostDriver::nothing || !lets_through(settings, cost.setting) ||
        !lets_through(departments, cost.department) || !lets_through(spec.costs, cost.id))
      continue;
    double share = 0.0;
    for (const CostShare& part : words_.cost_shares)
      if (part.item == item &&
          (spec.payers.empty() || std::find(spec.payers.begin(), spec.payers.end(), part.payer) != spec.payers.end()))
        share += part.share;
    if (share > 0.0) out_.budgets.shares.push_back({item, share});
  }
  rule.share_count = static_cast<std::uint32_t>(out_.budgets.shares.size()) - rule.first_share;
  for (const auto* names : {&settings, &departments, &payers, &spec.costs})
    if (!names->empty()) words.counts += (words.counts.empty() ? "" : "; ") + joined(*names);
  if (words.counts.empty()) words.counts = "all costs";
  if (rule.share_count == 0)
    problem({"budgets." + spec.id + ".counts", spec.at}, code("budget-nothing"), "lets no cost through",
            "a cost counts if it belongs to all that is named: settings, departments, payers and costs",
            "Leave one of the lists out");
}

void Builder::budgets() {
  if (model_.money.budgets.empty()) return;
  std::vector<std::uint32_t> rule_of_policy;  // those that are off have none
  std::uint32_t rules = 0;
  for (const PolicySpec& policy : model_.policies) rule_of_policy.push_back(policy.is_on ? rules++ : 0);
  for (const BudgetSpec& spec : model_.money.budgets) {
    BudgetRule rule;
    BudgetWords words{.id = spec.id, .name = spec.name, .every = "", .counts = "", .stops = ""};
    budget_shares(spec, rule, words);
    budget_periods(spec, rule);
    rule.first_setting = static_cast<std::uint32_t>(out_.budgets.settings.size());
    rule.setting_count = static_cast<std::uint32_t>(spec.stops_settings.size());
    for (const std::uint32_t row : spec.stops_settings) {
      out_.budgets.settings.push_back(SettingId{row});
      more(row);
      words.stops += (words.stops.empty() ? "admissions to " : ", ") + words_.settings[row].id;
    }
    rule.first_policy = static_cast<std::uint32_t>(out_.budgets.policies.size());
    for (const std::uint32_t row : spec.stops_policies) {
      if (!model_.policies[row].is_on) continue;
      words.stops += (rule.policy_count > 0 ? ", "
                      : words.stops.empty() ? "openings of "
                                            : "; openings of ") +
                     model_.policies[row].id;
      out_.budgets.policies.push_back(rule_of_policy[row]);
      ++rule.policy_count;
    }
    rule.review = SimTime::from_days(spec.review_days);
    rule.first_review = SimTime::from_micros(out_.start.micros() % rule.review.micros());
    out_.budgets.rules.push_back(rule);
    constexpr const char* kEvery[] = {"month", "quarter", "year", "once"};
    words.every = kEvery[static_cast<std::size_t>(spec.every)];
    if (spec.every == BudgetEvery::year)
      words.every += " from " + iso_date({2000, spec.from_month, spec.from_day}).substr(5);
    words.amount = dated_at(spec.amount, 0.0);
    words_.budgets.push_back(std::move(words));
  }
}

}  // namespace tl::compiling
