#pragma once
#include "models/problem.hpp"
#include "models/rows.hpp"

namespace tl::reading {

/// Turns the short routes in the field `next` of settings, arrivals, events and timers into rows of the table `routes`,
/// behind those that stand there: `next = ["25% ward", "10% crisis_home when smi = yes", "return"]`. From here on there
/// is one way to write a route.
///
/// A piece is `[SHARE] DESTINATION [wait PLACE] [when CONDITION] [do ACTIONS]`; `return or PLACE` gives the field
/// `no_claim` too. A row made so has the source of the row it comes from. What is wrong with a piece's form is told;
/// its parts are checked where routes are read.
void write_out_short_routes(Document& document, Problems& problems);

}  // namespace tl::reading
