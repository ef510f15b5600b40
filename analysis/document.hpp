#pragma once
#include <nlohmann/json_fwd.hpp>

#include "analysis/results_file.hpp"

namespace tl {

/// All that the report page shows, as one JSON document of whole sentences, names and rounded numbers: the page's
/// script lays it out, and works out nothing. The same results give the same document.
///
/// Numbers are rounded as shown() in analysis/numbers.hpp rounds them. An estimate is
/// [mean, low, high, decimals, replications, why there is no interval, what it means]: the last two where there is
/// something to say. apps/web/src/document.ts names every field.
/// @throws QueryError  when a metric of the model names something that is not there
nlohmann::ordered_json report_document(const StudyResults& study, double confidence = 0.95);

}  // namespace tl
