#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

// Which small counts a public table must not show, and what else it must leave out so that none of them can be worked
// out from the rest (docs/methods.md, "small counts").
namespace tl {

/// Counts under this are not published.
/// @source  the cell size suppression policy of the Centers for Medicare & Medicaid Services (recalled): no cell of 1
/// to 10 is shown, nor anything from which one can be derived. Here a group's 0 is kept back as well
inline constexpr double kLeastShown = 11.0;

/// One kind of count (admissions, say) for rows that cannot be divided further and for groups that divide each row.
/// Everybody's count of a row is public.
struct CountTable {
  std::size_t rows = 0, groups = 0;
  std::vector<std::vector<std::uint32_t>> scopes;  ///< what is shown: each a set of rows (a setting, a department …)
  /// [layer][row][group]: one layer for each scenario and time that may be shown. What is left out is left out in all.
  std::vector<std::vector<double>> layers;
  /// Nobody is in a row that never has more than this of all groups together: its cells are known to be nothing.
  double nobody = 0.0;

  double count(std::size_t layer, std::size_t scope, std::size_t group) const;
  /// Of a scope and group, in the layer where it is least.
  double least(std::size_t scope, std::size_t group) const;
};

enum class Shown : std::uint8_t {
  shown,
  small,     ///< a count under kLeastShown
  protects,  ///< large enough, but with it a small one could be worked out
};

/// [scope][group]. Of every sum that the public can form from what is shown, by adding and subtracting over groups and
/// scopes, none gives a small count: each hidden sum of a row or column is of two cells or more, and at least
/// kLeastShown; and no small cell follows from all equations together. Where one would, the smallest cell that helps is
/// hidden too.
/// @param before  what a coarser table hides: stays hidden; empty = nothing
std::vector<Shown> suppressed(const CountTable& table, const std::vector<Shown>& before = {});

}  // namespace tl
