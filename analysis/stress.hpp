#pragma once
#include <string>

#include "analysis/results_file.hpp"

namespace tl {

/// The reporting checklist for discrete-event simulation studies, filled in from the model, the study and this build;
/// in Markdown. What only people can say (the purpose beyond the model's own words, how data were prepared) is marked
/// as left to them.
/// @source  Monks et al. (2019), Strengthening the reporting of empirical simulation studies: STRESS-DES, Journal of
/// Simulation 13(1)
/// @throws QueryError  when the results hold no scenario
std::string stress_appendix(const StudyResults& study);

}  // namespace tl
