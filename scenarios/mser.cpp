#include "scenarios/mser.hpp"

#include <algorithm>

namespace tl {

std::vector<double> mser_statistic(std::span<const double> series) {
  if (series.size() < kMserTail) return {};
  std::vector<double> statistic(series.size() - kMserTail + 1);
  double mean = 0.0, squares = 0.0, count = 0.0;
  // From the end, by Welford's update: each cut keeps one more, and nothing cancels.
  for (std::size_t d = series.size(); d-- > 0;) {
    count += 1.0;
    const double off = series[d] - mean;
    mean += off / count;
    squares += off * (series[d] - mean);
    if (d < statistic.size()) statistic[d] = squares / (count * count);
  }
  return statistic;
}

std::size_t mser_cut(std::span<const double> series, std::size_t most) {
  const std::vector<double> statistic = mser_statistic(series);
  if (statistic.empty()) return 0;
  const auto end = statistic.begin() + static_cast<std::ptrdiff_t>(std::min(most, statistic.size() - 1)) + 1;
  return static_cast<std::size_t>(std::min_element(statistic.begin(), end) - statistic.begin());
}

std::vector<double> batch_means(std::span<const double> series, std::size_t size) {
  std::vector<double> means;
  for (std::size_t first = 0; size > 0 && first + size <= series.size(); first += size) {
    double sum = 0.0;
    for (std::size_t i = 0; i < size; ++i) sum += series[first + i];
    means.push_back(sum / static_cast<double>(size));
  }
  return means;
}

}  // namespace tl
