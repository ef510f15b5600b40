#pragma once
#include <optional>

#include "analysis/measures.hpp"

// What the results say of staff: of a role in a department (its staff pools together), or of what one setting has and
// needs of one pool. Derived from StaffSum and StaffingSum; the registry stands in measures.cpp.
namespace tl::staff {

/// Over the periods, of all pools of the role.
double total(const MeasureInput& in, StaffSum which);
/// Most of the periods; of several pools the sum of what each had most, which may not have been at one time.
double most(const MeasureInput& in, StaffSum which);
/// Over the periods, of the row of staffing.
double total(const MeasureInput& in, StaffingSum which);
double most(const MeasureInput& in, StaffingSum which);
/// Length of the periods.
double days(const MeasureInput& in);

template <auto which>
std::optional<double> mean_of(const MeasureInput& in) {
  return total(in, which) / days(in);
}
template <auto which>
std::optional<double> count_of(const MeasureInput& in) {
  return total(in, which);
}
template <auto which>
std::optional<double> most_of(const MeasureInput& in) {
  return most(in, which);
}
/// None where there is nothing of it: an unlimited setting has no physical capacity that staff are needed for.
template <auto which>
std::optional<double> mean_if_any(const MeasureInput& in) {
  const double sum = total(in, which);
  if (!(sum > 0.0)) return std::nullopt;
  return sum / days(in);
}
template <auto above, auto below>
std::optional<double> percent_of(const MeasureInput& in) {
  const double whole = total(in, below);
  if (!(whole > 0.0)) return std::nullopt;
  return 100.0 * total(in, above) / whole;
}
/// FTE, hours and dollars of temporary people, and of overtime; none of a role that has neither.
std::optional<double> agency(const MeasureInput& in);
std::optional<double> agency_peak(const MeasureInput& in);
std::optional<double> agency_hours(const MeasureInput& in);
std::optional<double> agency_cost(const MeasureInput& in);
std::optional<double> overtime(const MeasureInput& in);
std::optional<double> overtime_peak(const MeasureInput& in);
std::optional<double> overtime_hours(const MeasureInput& in);
std::optional<double> overtime_cost(const MeasureInput& in);

/// Teams; none of a role that has none.
std::optional<double> teams_open(const MeasureInput& in);
std::optional<double> forming(const MeasureInput& in);
std::optional<double> team_openings(const MeasureInput& in);
std::optional<double> team_closings(const MeasureInput& in);

/// Share of the time in which these staff were what limited the setting [%].
std::optional<double> bound_share(const MeasureInput& in);

/// Pools of one role in one department: "registered nurse, dmh"; all, or only the one with that subject.
std::vector<ResultScope> roles_of(const Catalogue& words, std::optional<std::string_view> only = std::nullopt);
/// One for each setting and pool: "ward.clinic_nurse"; all, or only the one with that subject.
std::vector<ResultScope> rows_of(const Catalogue& words, std::optional<std::string_view> only = std::nullopt);

/// What a line of these scopes is about, for filters and columns; empty where it has none.
struct About {
  std::string role, department, setting;
};
About about(const Catalogue& words, const ResultScope& scope);

}  // namespace tl::staff
