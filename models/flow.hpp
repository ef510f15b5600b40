#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "models/catalogue.hpp"
#include "models/compile.hpp"
#include "models/model.hpp"
#include "models/problem.hpp"

namespace tl {

/// What to expect of a model in the long run if no capacity ever held anyone up: the traffic equations of its network.
///
/// Arrivals come at their highest dated rate within the horizon (growth and scale included; month, weekday and hour
/// profiles even out). Clients are told apart by the traits that routes, stays, actions and events depend on. A client
/// in a place `until_moved` goes where a standing request leads. Otherwise requests wait for the stay's end. Conditions
/// on enrolments, boarding and time count as at the beginning of a stay; other dated numbers have their values of the
/// run's start. Where initial clients circulate and nobody arrives or leaves, the flows are those of that number of
/// clients.
/// @source  traffic equations: Jackson (1957); semi-Markov visits and stays: Çinlar, Introduction to Stochastic
/// Processes
struct FlowReport {
  struct Row {
    std::uint32_t setting = 0;    ///< row of Model::settings
    double flow_per_day = 0.0;    ///< admissions [1/day]
    double mean_stay_days = 0.0;  ///< of those admitted; infinity where clients never leave
    double offered_load = 0.0;    ///< expected census without limits
    double capacity = 0.0;        ///< at the start of results; infinity where unlimited
    double offered_units = 0.0;   ///< units they take: the offered load where each takes one
    double utilisation = 0.0;     ///< offered units over capacity; 0 where unlimited
    double saturates_at = 0.0;    ///< demand times this fills the setting; infinity where it never does
  };
  std::vector<Row> rows;                     ///< one a setting, in file order
  std::vector<Row> pools;                    ///< one a pool: what all its settings take; `setting` is the pool's row
  std::vector<std::uint32_t> first_to_fill;  ///< settings with a limit, by saturates_at ascending
  std::vector<Link> links;                   ///< by from, then to
  std::vector<std::string> remarks;          ///< what the numbers rest on, in words
  std::vector<std::uint32_t> never_left;     ///< settings in which arriving clients gather for ever
  bool exact = true;                         ///< false where a stay races with events, or classes were too many
};
FlowReport expected_flow(const Model& model, const Compiled& compiled);

/// Warns of traffic above capacity, and of clients who gather.
void tell(const FlowReport& report, const Model& model, Problems& problems);

}  // namespace tl
