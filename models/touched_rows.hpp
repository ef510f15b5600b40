#pragma once
#include <cstddef>
#include <vector>

#include "models/parameters.hpp"
#include "models/read_context.hpp"
#include "models/rows.hpp"

// Which rows of a model a few changes can reach: what else the model has need not be read again under other strengths.
namespace tl::reading {

/// A part of a model's rows, and the changes that concern it.
struct TouchedRows {
  Document rows;
  std::vector<Step> steps;
  std::vector<std::size_t> at;  ///< where each of them stands among all steps
};

/// The rows whose numbers differ when the steps with dates, or those of a policy, have other strengths: those they are
/// about, those that name a parameter which follows from them, and the rows these are read together with.
TouchedRows touched_rows(const Document& document, const ParameterTable& parameters, const std::vector<Step>& steps);

}  // namespace tl::reading
