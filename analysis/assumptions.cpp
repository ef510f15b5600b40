#include "analysis/assumptions.hpp"

#include <cmath>

#include "analysis/numbers.hpp"

namespace tl {

bool is_weak(const ParameterWords& parameter) {
  return parameter.provenance.kind != "sourced" || parameter.provenance.source.empty();
}

std::string grade_of(const ParameterWords& parameter) {
  return parameter.provenance.kind.empty() ? "not said" : parameter.provenance.kind;
}

std::string range_text(const ParameterWords& parameter) {
  if (std::isnan(parameter.low) && std::isnan(parameter.high)) return "";
  const auto end = [](double value) { return std::isnan(value) ? std::string{"?"} : exact(value); };
  return end(parameter.low) + " to " + end(parameter.high);
}

}  // namespace tl
