#include "apps/cli/check_metrics.hpp"

#include "analysis/gather_rows.hpp"
#include "analysis/measures.hpp"
#include "analysis/tables.hpp"
#include "models/model_messages.hpp"
#include "models/suggest.hpp"

namespace tl {

void check_metrics(const Document& document, Problems& problems) {
  const Table* table = document.find("metrics");
  if (table == nullptr) return;
  for (const Row& row : table->rows) {
    const Cell* measure = row.find("measure");
    if (measure == nullptr || !measure->is_text() || find_measure(measure->text) != nullptr) continue;
    const std::string hint = did_you_mean(measure->text, measure_names());
    problems.error(measure->at, Code::in(kModelMessages, "name-unknown"), "metrics." + row.id + ".measure",
                   "unknown measure " + in_quotes(measure->text), "results have no measure of that name",
                   hint.empty() ? "throughline list MODEL --table measures shows them." : hint);
  }
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
