#include "analysis/costs.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/tables.hpp"
#include "sim/maths.hpp"

namespace tl {
namespace {

constexpr double kDaysPerYear = 365.25;

ByPeriod period_of(const std::string& every) {
  return every == "month" ? ByPeriod::month : every == "quarter" ? ByPeriod::quarter : ByPeriod::year;
}

const MetricWords* find_metric(const Catalogue& words, const std::string& id) {
  for (const MetricWords& metric : words.metrics)
    if (metric.id == id) return &metric;
  return nullptr;
}

bool lower_is_good(const MetricWords& metric, const Measure& measure) {
  return (metric.good.empty() ? measure.good : std::string_view{metric.good}) == "lower";
}

/// What an incentive for a metric pays in a reporting period.
double paid_for_metric(const MeasureInput& input, const CostWords& cost, std::size_t period) {
  const Catalogue& words = input.scenario.words;
  const MetricWords* metric = find_metric(words, cost.metric);
  if (metric == nullptr || !why_no_incentive(metric->measure).empty()) return 0.0;
  const Measure& measure = *find_measure(metric->measure);
  for (const NamedPeriods& time : grouped_periods(words, period_of(cost.every))) {
    if (period != time.periods.first + time.periods.count - 1) continue;
    const std::optional<ResultScope> scope = scope_of(words, *metric);
    if (!scope) return 0.0;
    const std::optional<double> value = value_of(measure, {input.scenario, input.run, *scope, time.periods});
    const double target = target_in_unit(measure, std::isnan(cost.target) ? metric->target : cost.target);
    const bool reached = value && (lower_is_good(*metric, measure) ? *value <= target : *value >= target);
    return reached ? cost.amount : 0.0;
  }
  return 0.0;
}

double cost_in_period(const MeasureInput& input, std::size_t period) {
  double sum = 0.0;
  for (const CostPart& part : input.scope.costs) {
    const CostWords& cost = input.scenario.words.costs[part.item];
    sum += part.share * (cost.per == "metric" ? paid_for_metric(input, cost, period)
                                              : input.run.costs[period * input.run.cost_count + part.item]);
  }
  return sum;
}

double discount_factor(const Catalogue& words, std::size_t period) {
  double before = 0.0;
  for (std::size_t p = 0; p < period; ++p) before += words.period_days[p];
  return power(1.0 + words.discount, -(before + words.period_days[period] / 2.0) / kDaysPerYear);
}

}  // namespace

double cost_of(const MeasureInput& input) {
  double sum = 0.0;
  for (std::size_t p = 0; p < input.periods.count; ++p) sum += cost_in_period(input, input.periods.first + p);
  return sum;
}

double discounted_cost_of(const MeasureInput& input) {
  double sum = 0.0;
  for (std::size_t p = input.periods.first; p < input.periods.first + input.periods.count; ++p)
    sum += discount_factor(input.scenario.words, p) * cost_in_period(input, p);
  return sum;
}

namespace {

/// The share of an item that the payers let through bear.
double share_of(const Catalogue& words, std::uint32_t item, const std::vector<std::string>& payers) {
  if (payers.empty()) return 1.0;
  double sum = 0.0;
  for (const CostShare& share : words.cost_shares)
    if (share.item == item && std::find(payers.begin(), payers.end(), words.payers[share.payer].id) != payers.end())
      sum += share.share;
  return sum;
}

bool lets_through(const std::vector<std::string>& only, const std::string& id) {
  return only.empty() || std::find(only.begin(), only.end(), id) != only.end();
}

bool belongs(const CostWords& cost, std::string_view kind, const std::string& subject) {
  if (kind == "model") return true;
  if (kind == "item") return cost.id == subject;
  const std::string& of = kind == "setting" ? cost.setting : kind == "department" ? cost.department : cost.domain;
  return of.empty() ? subject == kNoSetting : of == subject;
}

/// Groups of settings, whether there are settings in them or not, and what only costs have.
std::vector<ResultScope> named_scopes(const Catalogue& words, std::string_view kind) {
  std::vector<ResultScope> found;
  const auto add = [&](const std::string& id, const std::string& name) {
    found.push_back({std::string{kind}, id, name.empty() ? id : name, {}, {}, {}});
  };
  if (kind == "model") add("", "whole system");
  if (kind == "payer")
    for (const PayerWords& payer : words.payers) add(payer.id, payer.name);
  if (kind == "item")
    for (const CostWords& cost : words.costs) add(cost.id, cost.name);
  if (kind == "setting")
    for (const SettingWords& setting : words.settings)
      if (setting.kind != "line") add(setting.id, setting.name);
  if (kind == "department")
    for (std::size_t i = 0; i < words.departments.size(); ++i)
      add(words.departments[i], i < words.department_names.size() ? words.department_names[i] : "");
  if (kind == "domain")
    for (const std::string& domain : words.domains) add(domain, "");
  if (kind == "setting" || kind == "domain") add(std::string{kNoSetting}, "No setting");
  return found;
}

}  // namespace

namespace {

/// The items that belong to the scope, and what share of each.
void fill(const Catalogue& words, const CostFilter& only, ResultScope& scope) {
  scope.only = only;
  const bool of_payer = scope.kind == "payer";
  for (std::uint32_t item = 0; item < words.costs.size(); ++item) {
    const CostWords& cost = words.costs[item];
    if (!lets_through(only.settings, cost.setting) || !lets_through(only.departments, cost.department)) continue;
    if (of_payer ? !lets_through(only.payers, scope.subject) : !belongs(cost, scope.kind, scope.subject)) continue;
    const double share = share_of(words, item, of_payer ? std::vector{scope.subject} : only.payers);
    if (share > 0.0) scope.costs.push_back({item, share});
  }
}

}  // namespace

std::optional<ResultScope> find_cost_scope(const Catalogue& words, std::string_view kind, std::string_view subject,
                                           const CostFilter& only) {
  for (ResultScope& scope : named_scopes(words, kind)) {
    if (scope.subject != subject) continue;
    fill(words, only, scope);
    return std::move(scope);
  }
  return std::nullopt;
}

std::vector<ResultScope> cost_scopes_of(const Catalogue& words, std::string_view kind, const CostFilter& only) {
  std::vector<ResultScope> found = named_scopes(words, kind);
  for (ResultScope& scope : found) fill(words, only, scope);
  std::erase_if(found, [](const ResultScope& scope) { return scope.costs.empty(); });
  return found;
}

std::string why_no_incentive(const std::string& measure) {
  const Measure* found = find_measure(measure);
  if (found == nullptr) return "no measure is called so";
  if (found->over == Over::cost) return "an incentive that looks at costs would look at itself";
  if (found->over == Over::instant) return "it is of one instant";
  return found->by_period ? "" : "it is kept over the whole time only";
}

std::string costs_out_of_balance(const ScenarioResults& scenario) {
  std::string wrong;
  if (scenario.words.costs.empty()) return wrong;
  const auto check = [&](const ReplicationResult& run, std::size_t period) {
    const auto sum_by = [&](const char* kind) {
      double sum = 0.0;
      for (const ResultScope& scope : cost_scopes_of(scenario.words, kind))
        sum += cost_of({scenario, run, scope, {period, 1}});
      return sum;
    };
    const double total = sum_by("item");
    for (const char* kind : {"model", "setting", "domain", "department", "payer"})
      if (const double sum = sum_by(kind); !(std::abs(sum - total) <= 1e-9 * (1.0 + std::abs(total))))
        wrong = std::string{"cost by "} + kind + " adds up to " + std::to_string(sum) + ", and all of it to " +
                std::to_string(total);
  };
  scenario.replications.each(Arrays::sums, [&](const ReplicationResult& run) {
    for (std::size_t period = 0; period < run.period_count && wrong.empty(); ++period) check(run, period);
  });
  return wrong;
}

}  // namespace tl
