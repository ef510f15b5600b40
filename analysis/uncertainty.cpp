#include "analysis/uncertainty.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "sim/expects.hpp"
#include "sim/maths.hpp"

namespace tl {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double variance_about(std::span<const double> values, double mean) {
  double squares = 0.0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return values.size() > 1 ? squares / static_cast<double>(values.size() - 1) : 0.0;
}

}  // namespace

ChanceAndIgnorance chance_and_ignorance(std::span<const double> values, std::size_t draws, std::size_t replications,
                                        double confidence) {
  TL_EXPECTS(values.size() == draws * replications && draws > 0 && replications > 0);
  const auto d = static_cast<double>(draws), r = static_cast<double>(replications);
  ChanceAndIgnorance found;
  found.draws = draws;
  found.replications = replications;
  found.draw_means.assign(draws, 0.0);
  std::vector<double> luck(replications, 0.0);  // mean over draws of each replication
  for (std::size_t i = 0; i < draws; ++i)
    for (std::size_t j = 0; j < replications; ++j) {
      found.draw_means[i] += values[i * replications + j] / r;
      luck[j] += values[i * replications + j] / d;
    }
  found.mean = estimate_of(luck, confidence);
  const double mean = found.mean.mean;
  double rest = 0.0;
  for (std::size_t i = 0; i < draws; ++i) {
    for (std::size_t j = 0; j < replications; ++j) {
      const double e = values[i * replications + j] - found.draw_means[i] - luck[j] + mean;
      rest += e * e;
    }
    found.chance_variance += variance_about(values.subspan(i * replications, replications), found.draw_means[i]) / d;
  }
  const double seen = variance_about(found.draw_means, mean);
  const double noise = draws > 1 && replications > 1 ? rest / ((d - 1.0) * (r - 1.0)) / r : 0.0;
  found.ignorance_variance = std::max(0.0, seen - noise);
  const double all = found.ignorance_variance + found.chance_variance;
  found.ignorance_share = all > 0.0 ? found.ignorance_variance / all : kNone;
  const double together = seen > 0.0 ? square_root(found.ignorance_variance / seen) : 0.0;
  std::vector<double> drawn_together;
  for (const double one : found.draw_means) drawn_together.push_back(mean + together * (one - mean));
  constexpr std::array kEnds{0.05, 0.95};
  const std::vector<double> ends = quantiles_of(drawn_together, kEnds);
  found.low = draws > 1 ? ends[0] : kNone;
  found.high = draws > 1 ? ends[1] : kNone;
  return found;
}

}  // namespace tl
