#pragma once
#include <vector>

#include "models/model.hpp"

// What a number with dates is at an instant. Days count from the start of results.
namespace tl {

/// [day] 0.1 ms: instants closer than this are one.
inline constexpr double kDateSlack = 1e-9;

/// The first dated value is carried back when its date is not after the start of results; later first dates leave the
/// base in force until then. Along a line, the base is the value at the start of results. Exceptions are left out.
double value_at(const VaryingNumber& number, double days);

/// The value or the scale of an exception: its own dates where it has some (the first is carried back).
double value_at(const Variation& variation, bool linear, double days);

/// When the number changes, or its line bends, after `first` and before `last`, not in order. Nothing when there would
/// be more than `most`.
std::vector<double> change_days(const VaryingNumber& number, double first, double last, double most, bool& too_many);

/// How often a number that repeats changes between two days, roughly.
double changes_between(const VaryingNumber& number, double first, double last);

}  // namespace tl
