#pragma once
#include <span>

#include "models/model.hpp"
#include "models/problem.hpp"
#include "models/read_model.hpp"

// A part of the population (`population_scale`, semantics 12): fewer clients, and everything they share made smaller
// with them. Waits and shares then come out much the same in a fraction of the time; counts are divided back.
namespace tl {

/// Settles which capacities and initial counts are rounded up, by largest remainder in file order over the model as
/// written. A scenario rounds by the same cut, so that a changed number moves no other setting's.
void settle_rounding(Model& model, const Model& as_written);

/// Warns of changed capacities and initial counts that come out as they were, at the changes' places.
void tell_hidden_changes(const Model& model, const Model& as_written, std::span<const Change> changes,
                         Problems& problems);

/// The model with `population_scale` applied: arrivals (by layers, so that clients are left out and none is shifted),
/// initial counts, rows of a census, capacities, pools and limits of queues.
///
/// Whole numbers stay whole. A setting that has units keeps at least as many as one client needs, and a limit of at
/// least 1 stays so. Of a census each place keeps its part, by largest remainder, spread evenly over what its clients
/// wait for, are enrolled in and are like; a stream with dates keeps every so-manieth of them.
/// @param model  its `population_scale` above 0 and at most 1; at 1 the result is the model
Model part_of_population(const Model& model);

/// Warns of capacities that are small after scaling, since queues are not scale-free.
/// @param part  what part_of_population() made of it
void tell_small_capacities(const Model& model, const Model& part, Problems& problems);

}  // namespace tl
