#pragma once
#include <string>
#include <vector>

#include "analysis/results_file.hpp"
#include "analysis/wide_table.hpp"

// What a sweep and what uncertain parameters say, as tables and in plain words.
namespace tl {

/// The tables there are of a study that has them: sweep, sensitivity, uncertainty.
std::vector<std::string> wide_table_names();

/// @param name     one of wide_table_names()
/// @param metrics  ids or measures to be shown; empty = all that are kept
/// @throws QueryError  when the study has no such rows, or keeps no such metric (naming what to do)
WideTable make_wide_table(const StudyResults& study, const std::string& name, const std::vector<std::string>& metrics,
                          double confidence = 0.95);

/// The best and the worst point and the factor that moves the first metric most; what is chance and what is ignorance.
/// Empty for a study without a sweep and without uncertain parameters.
std::vector<std::string> sweep_sentences(const StudyResults& study, double confidence = 0.95);

}  // namespace tl
