#pragma once
#include <string>
#include <vector>

#include "analysis/tables.hpp"

// The lines of a table of results: which measures of what, as the query asks. For tables.cpp.
namespace tl::lines {

/// @throws QueryError  "unknown setting "wrad". Did you mean ...", or what there is
[[noreturn]] void unknown(const std::string& what, const std::string& name, const std::vector<std::string>& known);
std::string listed_text(const std::vector<std::string>& names);
bool has(const std::vector<std::string>& list, const std::string& name);

/// What a measure is taken of, where there is no choice; else what is wished.
std::string scope_kind(const Measure& measure, const std::string& wished);
/// @throws QueryError  where the metric names what is not there
TableLine line_of(const Catalogue& words, const MetricWords& metric);
/// Outcomes are of the whole system, so of one setting or department the other tables are what can be shown.
std::vector<std::string> listed_tables(const TableQuery& query);
/// Those of any scenario: a policy may be there in one of them only.
/// @throws QueryError  where something is asked for that is not there
std::vector<TableLine> lines_of(const StudyResults& study, const TableQuery& query);
/// @throws QueryError  for the first name of the query that nothing has
void check_names(const StudyResults& study, const TableQuery& query);

}  // namespace tl::lines
