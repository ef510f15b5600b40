#include "analysis/gather_rows.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <limits>
#include <sstream>

#include "analysis/finding.hpp"
#include "analysis/measures.hpp"
#include "analysis/tables.hpp"
#include "models/suggest.hpp"

namespace tl {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::string listed_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

/// Which blocks are of which row.
std::vector<std::vector<RunBlock>> blocks_by_row(const Plan& plan) {
  std::vector<std::vector<RunBlock>> rows(plan.rows());
  for (const RunBlock& block : plan.blocks)
    if (block.scenario >= plan.scenarios.size()) rows[block.scenario].push_back(block);
  return rows;
}

/// Takes the metrics of one row from its shards into their slots.
void gather_row(const Store& store, std::uint32_t row, const std::vector<RunBlock>& blocks, std::size_t slot,
                std::uint32_t replications, std::vector<MetricValues>& metrics) {
  ScenarioResults one;
  const std::shared_ptr<const Compiled> compiled = store.plan().compiled(row);
  one.words = compiled->words;
  one.terms = terms_of(compiled->model);
  Store::Row there = store.row(row, blocks);
  one.numbers = std::move(there.numbers);
  one.replications = std::move(there.replications);
  const auto values = made_together({&one.replications}, [&] {
    std::vector<Values> all;
    for (const MetricValues& metric : metrics) all.push_back(values_of(one, metric.metric));
    return all;
  });
  for (std::size_t m = 0; m < metrics.size(); ++m)
    for (std::size_t i = 0; i < values[m].size(); ++i)
      metrics[m].values[slot * replications + one.numbers[i]] = values[m][i].value_or(kNone);
}

/// Slots are filled in whatever order, each by its own row.
std::vector<MetricValues> gather(const Store& store, std::uint32_t first_row, std::uint32_t rows,
                                 std::uint32_t replications) {
  const Plan& plan = store.plan();
  std::vector<MetricValues> metrics;
  for (const MetricWords& metric : kept_metrics(plan))
    metrics.push_back({metric, std::string{find_measure(metric.measure)->unit},
                       std::vector<double>(std::size_t{rows} * replications, kNone)});
  const std::vector<std::vector<RunBlock>> blocks = blocks_by_row(plan);
  tbb::parallel_for(0U, rows, [&](std::uint32_t i) {
    gather_row(store, first_row + i, blocks[first_row + i], i, replications, metrics);
  });
  return metrics;
}

}  // namespace

MetricWords metric_named(const Catalogue& words, const std::string& text) {
  for (const MetricWords& metric : words.metrics)
    if (metric.id == text) return metric;
  std::istringstream parts{text};
  std::string name, subject;
  parts >> name >> subject;
  if (subject == "of") parts >> subject;
  const Measure* measure = find_measure(name);
  if (measure == nullptr) {
    std::vector<std::string> known = measure_names();
    for (const MetricWords& metric : words.metrics) known.push_back(metric.id);
    const std::string hint = did_you_mean(name, known);
    throw QueryError{"unknown metric \"" + name + "\". " +
                     (hint.empty() ? "throughline list MODEL --table measures shows them" : hint)};
  }
  MetricWords made{.id = text,
                   .measure = name,
                   .scope = "model",
                   .subject = "",
                   .good = std::string{measure->good},
                   .words = std::string{measure->words},
                   .target = kNone};
  if (subject.empty() &&
      (measure->over == Over::settings || measure->over == Over::model || measure->over == Over::cost)) {
    if (measure->over != Over::model) made.words += ", whole system";
    return made;
  }
  std::vector<std::string> known;
  for (const std::string_view kind : scope_kinds(*measure))
    for (const ResultScope& scope : scopes_of(words, *measure, kind)) {
      known.push_back(scope.subject);
      if (scope.subject != subject) continue;
      made.scope = std::string{kind};
      made.subject = subject;
      made.words += ", " + scope.name;
      return made;
    }
  const std::string hint = did_you_mean(subject, known);
  throw QueryError{"\"" + text + "\": the model has no \"" + subject + "\" of which that is measured. " +
                   (hint.empty() ? "There are: " + listed_names(known) : hint)};
}

std::vector<MetricWords> kept_metrics(const Plan& plan) {
  const Catalogue& words = plan.scenarios.front().compiled.words;
  std::vector<MetricWords> kept = words.metrics;
  for (const Named& named : plan.metrics) {
    MetricWords metric = metric_named(words, named.text);
    const auto same = [&](const MetricWords& other) { return other.id == metric.id; };
    if (std::none_of(kept.begin(), kept.end(), same)) kept.push_back(std::move(metric));
  }
  if (kept.empty()) kept.push_back(metric_named(words, "queue_mean"));
  return kept;
}

std::optional<SweepResults> gather_sweep(const Store& store) {
  const Plan& plan = store.plan();
  if (!plan.sweep) return std::nullopt;
  const Sweep& sweep = *plan.sweep;
  SweepResults results;
  results.design = word_of(sweep.design);
  results.base = sweep.base;
  results.points = sweep.points;
  results.replications = sweep.replications;
  for (const Factor& factor : sweep.factors)
    results.factors.push_back({factor.address, factor.unit, factor.low, factor.high});
  results.values = sweep.values;
  results.labels = sweep.labels;
  results.metrics = gather(store, plan.point_row(0), sweep.points, sweep.replications);
  return results;
}

std::optional<UncertainResults> gather_uncertain(const Store& store) {
  const Plan& plan = store.plan();
  if (!plan.uncertain) return std::nullopt;
  const Uncertain& uncertain = *plan.uncertain;
  UncertainResults results;
  results.draws = uncertain.draws;
  results.replications = uncertain.replications;
  for (const ScenarioPlan& scenario : plan.scenarios) results.scenarios.push_back(scenario.id);
  for (const DrawnParameter& parameter : uncertain.parameters)
    results.parameters.push_back({parameter.id, parameter.unit, parameter.words, parameter.stated});
  results.values = uncertain.values;
  results.metrics = gather(store, plan.draw_row(0, 0),
                           uncertain.draws * static_cast<std::uint32_t>(plan.scenarios.size()), uncertain.replications);
  return results;
}

}  // namespace tl
