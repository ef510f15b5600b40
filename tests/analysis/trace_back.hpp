#pragma once
#include <algorithm>
#include <cmath>
#include <optional>

#include "analysis/equity.hpp"
#include "analysis/traced.hpp"

// Follows a number that readers see back to results.h5: from the values of the single replications, past the tables.
namespace tl::test {

inline std::vector<std::optional<double>> values_in(const ScenarioResults& scenario, const NumberSource& from) {
  const Measure& measure = *find_measure(from.measure);
  CostFilter only;
  if (!from.payer.empty()) only.payers = {from.payer};
  const std::optional<ResultScope> scope = find_scope(scenario.words, measure, from.scope, from.subject, only);
  if (!scope) throw std::runtime_error{"no " + from.scope + ' ' + from.subject};
  PeriodRange periods = all_periods(scenario);
  if (from.period) periods = {*from.period, 1};
  if (measure.over == Over::instant) {
    periods = {0, 1};
    for (std::size_t i = 0; i < scenario.words.observe_days.size(); ++i)
      if ("day " + std::to_string(std::lround(scenario.words.observe_days[i])) == from.when) periods = {i, 1};
  } else if (!from.when.empty()) {
    const ByPeriod by = from.when.size() == 4                      ? ByPeriod::year
                        : from.when.find('Q') != std::string::npos ? ByPeriod::quarter
                                                                   : ByPeriod::month;
    for (const NamedPeriods& named : grouped_periods(scenario.words, by))
      if (named.name == from.when) periods = named.periods;
  }
  return values_of(scenario, measure, *scope, periods);
}

inline double part_of(const Estimate& estimate, NumberSource::What what) {
  switch (what) {
    case NumberSource::What::low:
      return estimate.low.value_or(std::nan(""));
    case NumberSource::What::high:
      return estimate.high.value_or(std::nan(""));
    default:
      return estimate.mean;
  }
}

/// Of results by group: from the table that keeps small counts back, made of the file.
inline double group_value(const StudyResults& file, const NumberSource& from) {
  EquityQuery query;
  query.rows.table = "equity";
  query.rows.scenario = {from.scenario};
  for (const EquityRow& row : make_equity_table(file, query).rows) {
    if (row.measure != from.measure || row.metric != from.metric || row.scope != from.scope ||
        row.subject != from.subject || row.when != from.when || row.trait != from.trait || row.group != from.group)
      continue;
    if (row.shown != Shown::shown) throw std::runtime_error{"a suppressed number is shown"};
    switch (from.of_group) {
      case NumberSource::OfGroup::value:
        return part_of(row.value, from.what);
      case NumberSource::OfGroup::compared:
        return part_of(row.compared, from.what);
      case NumberSource::OfGroup::difference:
        return part_of(row.difference, from.what);
      case NumberSource::OfGroup::ratio:
        return part_of(row.ratio, from.what);
    }
  }
  throw std::runtime_error{"no such group"};
}

inline double ratio_value(const StudyResults& file, const NumberSource& from) {
  TableQuery query;
  query.table = "money";
  query.metric = {from.metric};
  query.versus = from.versus;
  query.scenario = {from.scenario};
  for (const ResultRow& row : make_table(file, query).rows)
    return part_of(from.what == NumberSource::What::base_mean ? row.base : row.value, from.what);
  throw std::runtime_error{"no such ratio"};
}

/// The number as results.h5 gives it.
inline double value_in_file(const StudyResults& file, const NumberSource& from) {
  const ScenarioResults& scenario = *find_scenario(file, from.scenario);
  if (!from.parameter.empty())
    for (const ParameterWords& parameter : scenario.words.parameters)
      if (parameter.id == from.parameter)
        return from.what == NumberSource::What::low    ? parameter.low
               : from.what == NumberSource::What::high ? parameter.high
                                                       : parameter.value;
  if (!from.trait.empty() || from.of_group != NumberSource::OfGroup::value) return group_value(file, from);
  const auto& ratios = scenario.words.ratios;
  if (!from.metric.empty() &&
      std::any_of(ratios.begin(), ratios.end(), [&](const RatioWords& ratio) { return ratio.top.id == from.metric; }))
    return ratio_value(file, from);
  const auto values = values_in(scenario, from);
  std::vector<double> kept;
  if (from.versus.empty()) {
    for (const auto& value : values)
      if (value) kept.push_back(*value);
  } else {
    const auto before = values_in(*find_scenario(file, from.versus), from);
    for (std::size_t i = 0; i < values.size(); ++i)
      if (values[i] && before[i])
        kept.push_back(from.what == NumberSource::What::base_mean ? *before[i] : *values[i] - *before[i]);
  }
  const double value = part_of(estimate_of(kept), from.what);
  // The ends of a share's interval stay within what a share can be; of a difference of shares within 100 points.
  const bool is_end = from.what == NumberSource::What::low || from.what == NumberSource::What::high;
  const Measure* measure = find_measure(from.measure);
  if (!is_end || measure == nullptr || !measure->is_share()) return value;
  return std::clamp(value, from.versus.empty() ? 0.0 : -100.0, 100.0);
}

}  // namespace tl::test
