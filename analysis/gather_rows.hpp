#pragma once
#include <optional>
#include <string>
#include <vector>

#include "analysis/many_rows.hpp"
#include "analysis/store.hpp"

namespace tl {

/// The metric that a study names: one of the model's by its id, a measure of the whole system ("queue_mean"), or a
/// measure and what it is of ("wait_mean of crt").
/// @throws QueryError  naming what there is
MetricWords metric_named(const Catalogue& words, const std::string& text);

/// The metrics kept of points and draws: the model's, then those the study names; without any, the average number
/// waiting in the whole system.
std::vector<MetricWords> kept_metrics(const Plan& plan);

/// Reads the shards of the sweep's points, or of the draws, one after another. Nothing when the plan has none.
std::optional<SweepResults> gather_sweep(const Store& store);
std::optional<UncertainResults> gather_uncertain(const Store& store);

}  // namespace tl
