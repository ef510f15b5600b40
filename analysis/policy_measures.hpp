#pragma once
#include <optional>

#include "analysis/measures.hpp"

// What the results say of a policy. Derived from PolicySum; the registry stands in measures.cpp.
namespace tl::rule {

/// Over the periods.
double total(const MeasureInput& in, PolicySum which);
template <PolicySum which>
std::optional<double> total_of(const MeasureInput& in) {
  return total(in, which);
}
/// Share of the time in which it is open [%].
std::optional<double> open_share(const MeasureInput& in);
/// Mean over its reviews of what it looks at; none where that is an occupancy.
std::optional<double> measured(const MeasureInput& in);
/// Mean occupancy at its reviews [%]; none where it looks at something else.
std::optional<double> occupancy(const MeasureInput& in);

}  // namespace tl::rule
