#include "analysis/sensitivity.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "sim/expects.hpp"
#include "sim/maths.hpp"

namespace tl {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
using Matrix = std::vector<std::vector<double>>;

/// The inverse by Gauss-Jordan with the largest pivot; nothing when a column follows from the others.
std::optional<Matrix> inverse_of(Matrix a) {
  const std::size_t n = a.size();
  Matrix inverse(n, std::vector<double>(n, 0.0));
  double largest = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    inverse[i][i] = 1.0;
    for (const double value : a[i]) largest = std::max(largest, std::abs(value));
  }
  for (std::size_t column = 0; column < n; ++column) {
    std::size_t pivot = column;
    for (std::size_t row = column + 1; row < n; ++row)
      if (std::abs(a[row][column]) > std::abs(a[pivot][column])) pivot = row;
    if (!(std::abs(a[pivot][column]) > 1e-10 * largest)) return std::nullopt;
    std::swap(a[pivot], a[column]);
    std::swap(inverse[pivot], inverse[column]);
    const double by = 1.0 / a[column][column];
    for (std::size_t k = 0; k < n; ++k) {
      a[column][k] *= by;
      inverse[column][k] *= by;
    }
    for (std::size_t row = 0; row < n; ++row) {
      const double factor = a[row][column];
      if (row == column || factor == 0.0) continue;
      for (std::size_t k = 0; k < n; ++k) {
        a[row][k] -= factor * a[column][k];
        inverse[row][k] -= factor * inverse[column][k];
      }
    }
  }
  return inverse;
}

std::vector<double> column_of(std::span<const double> inputs, std::size_t count, std::size_t column) {
  std::vector<double> values;
  for (std::size_t i = column; i < inputs.size(); i += count) values.push_back(inputs[i]);
  return values;
}

/// Fisher's z; the variance is that of rank correlations, with as many points fewer as inputs were taken out.
Estimate correlation_estimate(double r, std::size_t points, std::size_t taken_out, double confidence) {
  Estimate estimate{r, {}, {}, points, ""};
  const double left = static_cast<double>(points) - 3.0 - static_cast<double>(taken_out);
  if (!(left >= 1.0)) {
    estimate.why = "too few points for an interval";
    return estimate;
  }
  const double bounded = std::clamp(r, -0.999999, 0.999999);
  const double z = 0.5 * natural_log((1.0 + bounded) / (1.0 - bounded));
  const double half = normal_quantile(0.5 + confidence / 2.0) * square_root((1.0 + r * r / 2.0) / left);
  const auto back = [](double x) { return 1.0 - 2.0 / (exponential(2.0 * x) + 1.0); };
  estimate.low = back(z - half);
  estimate.high = back(z + half);
  return estimate;
}

/// Slopes of a straight line through several inputs at once, times their spans.
std::vector<Estimate> line_through(const Matrix& inputs, std::span<const double> spans, std::span<const double> outputs,
                                   double confidence) {
  const std::size_t k = inputs.size(), n = outputs.size();
  std::vector<Estimate> none(k, Estimate{kNone, {}, {}, 0, "too few points"});
  Matrix centred(k);
  for (std::size_t j = 0; j < k; ++j) {
    const double mean = mean_of(inputs[j]);
    for (const double value : inputs[j]) centred[j].push_back((value - mean) / (spans[j] > 0.0 ? spans[j] : 1.0));
  }
  const double mean = mean_of(outputs);
  Matrix products(k, std::vector<double>(k, 0.0));
  std::vector<double> with_output(k, 0.0);
  for (std::size_t a = 0; a < k; ++a)
    for (std::size_t i = 0; i < n; ++i) {
      with_output[a] += centred[a][i] * (outputs[i] - mean);
      for (std::size_t b = 0; b < k; ++b) products[a][b] += centred[a][i] * centred[b][i];
    }
  const auto inverse = inverse_of(products);
  if (!inverse) return none;
  std::vector<double> slopes(k, 0.0);
  for (std::size_t a = 0; a < k; ++a)
    for (std::size_t b = 0; b < k; ++b) slopes[a] += (*inverse)[a][b] * with_output[b];
  double squares = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    double rest = outputs[i] - mean;
    for (std::size_t a = 0; a < k; ++a) rest -= slopes[a] * centred[a][i];
    squares += rest * rest;
  }
  const double freedom = static_cast<double>(n) - static_cast<double>(k) - 1.0;
  std::vector<Estimate> found;
  for (std::size_t a = 0; a < k; ++a) {
    Estimate estimate{slopes[a], {}, {}, n, ""};
    if (freedom >= 1.0) {
      const double error = square_root(std::max(0.0, squares / freedom * (*inverse)[a][a]));
      const double half = student_t_quantile(0.5 + confidence / 2.0, freedom) * error;
      estimate.low = slopes[a] - half;
      estimate.high = slopes[a] + half;
    }
    found.push_back(std::move(estimate));
  }
  return found;
}

/// Correlations of each input's ranks with the output's, those of all other inputs taken out.
std::optional<std::vector<double>> partial_correlations(const Matrix& ranks, std::span<const double> output) {
  const std::size_t k = ranks.size();
  Matrix all(k + 1, std::vector<double>(k + 1, 1.0));
  for (std::size_t a = 0; a <= k; ++a)
    for (std::size_t b = 0; b < a; ++b)
      all[a][b] = all[b][a] = a == k ? correlation_of(ranks[b], output) : correlation_of(ranks[a], ranks[b]);
  const auto inverse = inverse_of(all);
  if (!inverse) return std::nullopt;
  std::vector<double> found;
  for (std::size_t a = 0; a < k; ++a)
    found.push_back(-(*inverse)[a][k] / square_root((*inverse)[a][a] * (*inverse)[k][k]));
  return found;
}

}  // namespace

std::vector<double> ranks_of(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first;
    while (last + 1 < order.size() && values[order[last + 1]] == values[order[first]]) ++last;
    for (std::size_t i = first; i <= last; ++i) ranks[order[i]] = static_cast<double>(first + last) / 2.0 + 1.0;
    first = last + 1;
  }
  return ranks;
}

double correlation_of(std::span<const double> a, std::span<const double> b) {
  TL_EXPECTS(a.size() == b.size());
  if (a.empty()) return 0.0;
  const double mean_a = mean_of(a), mean_b = mean_of(b);
  double ab = 0.0, aa = 0.0, bb = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return aa > 0.0 && bb > 0.0 ? ab / square_root(aa * bb) : 0.0;
}

std::vector<Effect> effects_of(std::span<const double> inputs, std::span<const double> spans,
                               std::span<const double> outputs, double confidence) {
  const std::size_t count = spans.size(), points = outputs.size();
  TL_EXPECTS(inputs.size() == count * points);
  std::vector<Effect> effects(count);
  if (points < 3) {
    for (Effect& effect : effects)
      effect.correlation = effect.over_range = Estimate{kNone, {}, {}, points, "fewer than three points"};
    return effects;
  }
  Matrix columns, ranks;
  for (std::size_t j = 0; j < count; ++j) {
    columns.push_back(column_of(inputs, count, j));
    ranks.push_back(ranks_of(columns.back()));
  }
  const std::vector<double> output = ranks_of(outputs);
  const bool many = points >= 2 * count + 10;
  const auto partial = many ? partial_correlations(ranks, output) : std::nullopt;
  const auto together = many ? line_through(columns, spans, outputs, confidence) : std::vector<Estimate>{};
  for (std::size_t j = 0; j < count; ++j) {
    effects[j].partial = partial.has_value();
    const double r = partial ? (*partial)[j] : correlation_of(ranks[j], output);
    effects[j].correlation = correlation_estimate(r, points, partial ? count - 1 : 0, confidence);
    effects[j].over_range =
        many ? together[j] : line_through({columns[j]}, spans.subspan(j, 1), outputs, confidence).front();
  }
  return effects;
}

}  // namespace tl
