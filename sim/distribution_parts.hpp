#pragma once
// What the files behind sim/distribution.hpp share; not for use elsewhere.

#include <span>
#include <vector>

#include "sim/distribution.hpp"

namespace tl::detail {

/// A distribution with the tables it reads.
struct Read {
  const Distribution& d;
  std::span<const Distribution> all;
  const DistributionTables& tables;

  Read of(const Distribution& other) const { return {other, all, tables}; }
  std::span<const double> values() const { return std::span{tables.value}.subspan(d.first, d.count); }
  std::span<const double> cumulatives() const { return std::span{tables.cumulative}.subspan(d.first, d.count); }
  /// Weight of a row, from the cumulative column.
  double weight(std::uint32_t row) const {
    return tables.cumulative[d.first + row] - (row == 0 ? 0.0 : tables.cumulative[d.first + row - 1]);
  }
  const Distribution& component(std::uint32_t row) const { return all[tables.component[d.first + row]]; }
};

enum class Side : std::uint8_t { at_or_below, below };

/// A value and its chance.
struct Atom {
  double value, chance;
};

/// All values of a distribution that has few of them, ascending for each source and not merged; empty for one with a
/// continuous part (also after rounding, when there would be more than 200,000).
std::vector<Atom> atoms(const Read&);

/// Chance of the kind's own value, before truncation, shift, abs, floor and rounding.
double base_chance(const Read&, double x, Side);
/// Chance of the finished value.
double chance(const Read&, double x, Side);

/// Least and greatest value, before rounding; an unbounded end is cut where 1e-15 of the chance lies beyond.
struct Range {
  double low, high;
};
Range range(const Read&);
/// Exact least value, before rounding: -infinity where there is none.
double least_value(const Read&);

bool is_truncated(const Distribution&);
/// Whether abs and floor change nothing, there is no truncation and no rounding that moves the mean.
bool is_plain(const Read&);

}  // namespace tl::detail
