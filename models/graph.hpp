#pragma once
#include <cstdint>
#include <vector>

#include "models/compile.hpp"
#include "models/model.hpp"
#include "models/problem.hpp"

namespace tl {

/// What the network of a model looks like. All numbers are rows of Model::settings, ascending within a list; cycles
/// begin with their least row.
struct GraphReport {
  std::vector<std::uint32_t> unreached;  ///< no arrival, initial group, route, event or action leads there
  std::vector<std::uint32_t> dead_ends;  ///< places that are reached and have no way out
  std::vector<std::vector<std::uint32_t>> reentry_loops;     ///< places from each of which clients can come back to it
  std::vector<std::vector<std::uint32_t>> zero_time_cycles;  ///< round trips in which no time need pass
  std::vector<std::vector<std::uint32_t>> refusal_cycles;    ///< places that send those they refuse to each other
  std::vector<std::vector<std::uint32_t>> boarding_cycles;   ///< finite places whose full beds may wait for each other
};

/// Looks at the network and tells of it: dead ends with a limited capacity, zero-time cycles and cycles of refusals are
/// errors; settings not reached and cycles of boarding are warnings.
///
/// A way out of a place is a route to elsewhere, an event that moves or leaves, or a standing request that a client
/// there may have: one made by any action on the way there, by a program or by an event.
GraphReport inspect(const Model& model, const Compiled& compiled, Problems& problems);

}  // namespace tl
