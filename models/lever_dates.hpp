#pragma once
#include <cstddef>
#include <optional>
#include <vector>

#include "models/number_log.hpp"

// Levers whose strength changes during the run: a model is read once for every set of strengths, and the numbers read
// are joined along time.
namespace tl::reading {

/// Along a ramp the strength is looked at this often, besides its beginning.
inline constexpr int kRampSteps = 12;

/// When a lever acts. Days count from the start of results.
struct LeverTiming {
  double strength = 0.0;
  double starts = 0.0, ramp = 0.0;  ///< [day]; ramp 0: at once

  /// Its strength at an instant.
  double at(double days) const;
  /// … and just before it.
  double before(double days) const;
};

/// The strengths of all levers with dates, at the instants where one of them jumps or where its ramp is looked at.
struct Timeline {
  struct Knot {
    double days = 0.0;
    std::size_t before = 0, after = 0;  ///< rows of `strengths`
  };
  double first = 0.0, last = 0.0;              ///< the run, warm-up included
  std::vector<Knot> knots;                     ///< ascending; the first lies at `first`, the last at `last`
  std::vector<std::vector<double>> strengths;  ///< each set of strengths once; by lever
  bool has_ramp = false;
};
Timeline timeline_of(const std::vector<LeverTiming>& levers, double first, double last);

/// The numbers of all strengths as one. Rates and capacities go along lines where there are ramps, between the instants
/// of the timeline; other numbers go in steps, which change half-way between two instants, so that a step has the mean
/// of its stretch.
/// @param logs  the numbers under each set of strengths
/// @param bad   gets the number that cannot have dates, with what is in the way
struct Undatable {
  VaryingNumber number;
  const char* why = "";
};
bool same_numbers(const VaryingNumber& a, const VaryingNumber& b);
/// The first number that one of two models has and the other has not.
VaryingNumber first_of_one(const std::vector<NumberLog::Entry>& a, const std::vector<NumberLog::Entry>& b);
std::vector<NumberLog::Entry> join_numbers(const std::vector<NumberLog>& logs, const Timeline& timeline,
                                           std::vector<Undatable>& bad);

}  // namespace tl::reading
