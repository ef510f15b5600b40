#pragma once
#include <optional>
#include <string>

#include "analysis/intervals.hpp"

// How numbers are shown to people. The rule: as many digits as the interval supports, and no more.
namespace tl {

/// Digits after the point (negative: tens, hundreds …) that show `half_width` with two significant digits; without a
/// half-width, that show the value with four, whole numbers in full.
int shown_decimals(double value, double half_width);

/// The number with so many decimals, thousands set off by commas: "12,345.6", "-0.25". NaN is "n/a", infinity
/// "unlimited".
std::string shown(double value, int decimals);

/// For little room: three significant digits, four from 1,000 on, whole numbers below that in full: "84.4", "15,220".
std::string shown_short(double value);

/// "80.2 (78.1 to 82.3)"; without an interval the mean alone; "n/a" without a value.
std::string shown(const Estimate& estimate);
/// The mean as shown() rounds it.
std::string shown_mean(const Estimate& estimate);
/// "78.1 to 82.3", or empty.
std::string shown_interval(const Estimate& estimate);

/// The shortest text that reads back as the same double: for machines. NaN and infinities are empty.
std::string exact(double value);

}  // namespace tl
