#include "apps/cli/check_metrics.hpp"

#include <charconv>
#include <string>
#include <system_error>

#include "analysis/costs.hpp"
#include "analysis/gather_rows.hpp"
#include "analysis/measures.hpp"
#include "analysis/numbers.hpp"
#include "analysis/tables.hpp"
#include "models/carrier_messages.hpp"
#include "models/model_messages.hpp"
#include "models/suggest.hpp"

namespace tl {

namespace {

/// A share is written as 0.8 or "80%": 80 would be 8,000%. A target that is a formula is not looked at.
void check_target(const Row& row, const Cell* measure, const std::string& table, Problems& problems) {
  const Cell* target = row.find("target");
  const Measure* of = measure == nullptr ? nullptr : find_measure(measure->text);
  if (of == nullptr || of->unit != "%" || target == nullptr) return;
  double value = 0.0;
  const std::string& text = target->text;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || value <= 1.0) return;
  problems.error(target->at, Code::in(kCarrierMessages, "number-range"), table + '.' + row.id + ".target",
                 "is " + text + ", which is " + shown(target_in_unit(*of, value), 0) + '%',
                 std::string{of->name} + " is a share, and shares go from 0 to 1", "Write \"" + text + "%\".");
}

/// Whether the metrics of incentives are such as can be decided period by period.
void check_incentives(const Document& document, const Table& metrics, Problems& problems) {
  const Table* incentives = document.find("incentives");
  if (incentives == nullptr) return;
  for (const Row& row : incentives->rows) {
    const Cell* name = row.find("metric");
    const Row* metric = name == nullptr ? nullptr : metrics.find(name->text);
    const Cell* measure = metric == nullptr ? nullptr : metric->find("measure");
    if (measure == nullptr || !measure->is_text() || find_measure(measure->text) == nullptr) continue;
    check_target(row, measure, "incentives", problems);
    const std::string why = why_no_incentive(measure->text);
    if (!why.empty())
      problems.error(name->at, Code::in(kModelMessages, "incentive-metric"), "incentives." + row.id + ".metric",
                     "cannot look at " + in_quotes(measure->text), why,
                     "Choose a measure that is kept period by period, as wait_mean.");
  }
}

}  // namespace

void check_metrics(const Document& document, Problems& problems) {
  const Table* table = document.find("metrics");
  if (table == nullptr) return;
  for (const Row& row : table->rows) {
    if (row.find("per") == nullptr) check_target(row, row.find("measure"), "metrics", problems);
    for (const char* field : {"measure", "per"}) {
      const Cell* measure = row.find(field);
      if (measure == nullptr || !measure->is_text() || find_measure(measure->text) != nullptr) continue;
      const std::string hint = did_you_mean(measure->text, measure_names());
      problems.error(measure->at, Code::in(kModelMessages, "name-unknown"), "metrics." + row.id + '.' + field,
                     "unknown measure " + in_quotes(measure->text), "results have no measure of that name",
                     hint.empty() ? "throughline list MODEL --table measures shows them." : hint);
    }
  }
  check_incentives(document, *table, problems);
}

void check_metrics(const Plan& plan, Problems& problems) {
  for (const Named& named : plan.metrics) {
    try {
      metric_named(plan.scenarios.front().compiled.words, named.text);
    } catch (const QueryError& error) {
      problems.error(named.at, Code::in(kModelMessages, "name-unknown"), "metrics", error.what());
    }
  }
}

}  // namespace tl
