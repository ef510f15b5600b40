#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/measures.hpp"

// Measures by group: the registry's own, taken of a group's sums; how groups of different size are compared; and which
// counts stand behind a number, so that small ones can be kept back.
namespace tl {

/// How a measure is compared between groups.
enum class GroupUse : std::uint8_t {
  none,             ///< not kept by group: it is about units, or about the setting's own causes
  counted,          ///< tells how many people there are: told, and not compared
  as_it_is,         ///< is of one client already: a length of time, a share
  per_person_year,  ///< a count, or time spent by all: for each person and year in the system
  share_of_people,  ///< a number of clients at a time: % of the group's people then
};
GroupUse group_use(const Measure& measure);
/// "admissions for each person and year", for the heading of a column.
std::string group_unit(const Measure& measure);

/// The measure as groups are compared by it: divided by the group's people where that is due.
/// @param input  a run as group_view gives it
std::optional<double> compared_value(const Measure& measure, const MeasureInput& input);

/// A kind of count that a number may be worked out from, additive over rows and groups.
struct CountKind {
  std::string_view name;
  Over over = Over::settings;
  bool by_subject = true;     ///< false: of the model as a whole, whatever the number is of
  bool is_of_moment = false;  ///< a number of people at a time (their mean counts), not of what happens in a period
  double (*of)(const ScenarioResults&, const ReplicationResult&, std::size_t period, std::uint32_t row) = nullptr;
};

/// The counts behind a measure as groups are compared by it. Who knows the number may know each of them.
std::vector<const CountKind*> counts_behind(const Measure& measure);
const CountKind* find_count(std::string_view name);

}  // namespace tl
