#include "analysis/policy_measures.hpp"

namespace tl::rule {
namespace {

bool looks_at_occupancy(const MeasureInput& in) {
  return in.scenario.words.policies[in.scope.rows.front()].unit == "share";
}

std::optional<double> mean_at_reviews(const MeasureInput& in) {
  const double reviews = total(in, PolicySum::reviews);
  return reviews > 0.0 ? std::optional{total(in, PolicySum::measured) / reviews} : std::nullopt;
}

}  // namespace

double total(const MeasureInput& in, PolicySum which) {
  double sum = 0.0;
  for (std::size_t p = 0; p < in.periods.count; ++p)
    sum += in.run.policies[((in.periods.first + p) * in.run.policy_count + in.scope.rows.front()) * kPolicySums.size() +
                           static_cast<std::size_t>(which)];
  return sum;
}

std::optional<double> open_share(const MeasureInput& in) {
  double days = 0.0;
  for (std::size_t p = 0; p < in.periods.count; ++p) days += in.scenario.words.period_days[in.periods.first + p];
  return days > 0.0 ? std::optional{100.0 * total(in, PolicySum::open_days) / days} : std::nullopt;
}

std::optional<double> measured(const MeasureInput& in) {
  return looks_at_occupancy(in) ? std::nullopt : mean_at_reviews(in);
}

std::optional<double> occupancy(const MeasureInput& in) {
  const std::optional<double> mean = mean_at_reviews(in);
  return looks_at_occupancy(in) && mean ? std::optional{100.0 * *mean} : std::nullopt;
}

}  // namespace tl::rule
