#include "analysis/intervals.hpp"

#include <algorithm>
#include <limits>

#include "sim/expects.hpp"
#include "sim/maths.hpp"

namespace tl {
namespace {

std::vector<double> differences(std::span<const double> a, std::span<const double> b) {
  TL_EXPECTS(a.size() == b.size());
  std::vector<double> result;
  for (std::size_t i = 0; i < a.size(); ++i) result.push_back(a[i] - b[i]);
  return result;
}

}  // namespace

double mean_of(std::span<const double> values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

Estimate estimate_of(std::span<const double> values, double confidence) {
  TL_EXPECTS(confidence > 0.0 && confidence < 1.0);
  const std::size_t n = values.size();
  if (n == 0) return {std::numeric_limits<double>::quiet_NaN(), {}, {}, 0, "no replication has a value"};
  const double mean = mean_of(values);
  if (n == 1) return {mean, {}, {}, 1, "one replication: an interval needs two or more"};
  double squares = 0.0;  // two passes: nothing cancels
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double count = static_cast<double>(n);
  const double error = square_root(squares / (count - 1.0) / count);
  const double half = student_t_quantile(0.5 + confidence / 2.0, count - 1.0) * error;
  return {mean, mean - half, mean + half, n, ""};
}

Estimate paired_difference(std::span<const double> a, std::span<const double> b, double confidence) {
  return estimate_of(differences(a, b), confidence);
}

Estimate paired_ratio(std::span<const double> a, std::span<const double> b, double confidence) {
  TL_EXPECTS(a.size() == b.size());
  if (a.empty()) return estimate_of(a, confidence);
  const double below = mean_of(b);
  if (below == 0.0) return {std::numeric_limits<double>::quiet_NaN(), {}, {}, 0, "the value it is compared with is 0"};
  const double ratio = mean_of(a) / below;
  std::vector<double> residuals;
  for (std::size_t i = 0; i < a.size(); ++i) residuals.push_back((a[i] - ratio * b[i]) / below);
  Estimate result = estimate_of(residuals, confidence);
  if (result.has_interval()) {
    const double half = result.half_width();
    result.low = ratio - half;
    result.high = ratio + half;
  }
  result.mean = ratio;
  return result;
}

Estimate paired_log_ratio(const std::vector<std::vector<double>>& above, const std::vector<std::vector<double>>& below,
                          double confidence) {
  TL_EXPECTS(!above.empty() && !below.empty());
  const std::size_t n = above.front().size();
  if (n == 0) return estimate_of({}, confidence);
  double ratio = 1.0;
  std::vector<double> residuals(n, 0.0);
  const auto take = [&](const std::vector<double>& values, bool is_above) {
    TL_EXPECTS(values.size() == n);
    const double mean = mean_of(values);
    if (!(mean > 0.0)) return false;
    ratio = is_above ? ratio * mean : ratio / mean;
    for (std::size_t i = 0; i < n; ++i) residuals[i] += (is_above ? values[i] : -values[i]) / mean;
    return true;
  };
  const auto none = [] {
    return Estimate{std::numeric_limits<double>::quiet_NaN(), {}, {}, 0, "a ratio needs values above 0"};
  };
  for (const std::vector<double>& values : above)
    if (!take(values, true)) return none();
  for (const std::vector<double>& values : below)
    if (!take(values, false)) return none();
  Estimate result = estimate_of(residuals, confidence);
  if (result.has_interval()) {
    const double factor = exponential(result.half_width());
    result.low = ratio / factor;
    result.high = ratio * factor;
  }
  result.mean = ratio;
  return result;
}

std::vector<double> quantiles_of(std::span<const double> values, std::span<const double> shares) {
  std::vector<double> sorted(values.begin(), values.end()), result;
  if (sorted.empty()) return result;
  std::sort(sorted.begin(), sorted.end());
  for (const double share : shares) {
    TL_EXPECTS(share >= 0.0 && share <= 1.0);
    const double at = share * static_cast<double>(sorted.size() - 1);
    const auto below = std::min(static_cast<std::size_t>(at), sorted.size() - 1);
    const auto above = std::min(below + 1, sorted.size() - 1);
    const double part = at - static_cast<double>(below);
    result.push_back(sorted[below] + part * (sorted[above] - sorted[below]));
  }
  return result;
}

}  // namespace tl
