#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace tl {

/// Observations left in at least: the statistic of the last few is small by chance and means nothing.
inline constexpr std::size_t kMserTail = 5;

/// The statistic of each cut d: the squares about the mean of what is kept, over the square of how many are kept. It is
/// the squared standard error of the mean of x_d … x_{m-1} as if they were independent.
/// @return  one value for each d from 0 to m - kMserTail; empty for shorter series
/// @source  White (1997), An effective truncation heuristic for bias reduction in simulation output, Simulation 69
std::vector<double> mser_statistic(std::span<const double> series);

/// Observations to leave out at the beginning: the (first) d with the least statistic. 0 for a series that is too
/// short. A cut in the second half says that the series is too short to tell (Franklin & White 2008; Hoad, Robinson &
/// Davies 2010).
/// @param most  cuts beyond this are not looked at
std::size_t mser_cut(std::span<const double> series, std::size_t most = static_cast<std::size_t>(-1));

/// Means of `size` observations each, in order; what is left over at the end is dropped. MSER-5 cuts means of 5.
std::vector<double> batch_means(std::span<const double> series, std::size_t size);

}  // namespace tl
