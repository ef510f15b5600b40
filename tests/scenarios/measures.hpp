#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/compile.hpp"
#include "sim/result.hpp"

// Quantities of a replication as published figures name them, and their estimates over replications.
namespace tl::testing {

/// What a measure takes from one replication: the estimate is the sum of the tops over the sum of the bottoms.
struct Terms {
  double top = 0.0, bottom = 1.0;
};

/// One of the measures that the head of docs/validation_cases.csv lists, bound to a compiled model.
class Measure {
 public:
  /// @throws std::runtime_error  naming what the text or the model lacks
  Measure(const std::string& text, const Compiled& compiled);
  Terms of(const ReplicationResult& result) const;
  bool is_variance() const { return kind_ == Kind::observed_var; }

 private:
  enum class Kind {
    per_day,
    per_day_from,
    ratio,
    model_per_day,
    model_ratio,
    census_p,
    erlang_delay,
    time_share,
    visit_share,
    staff_per_day,
    observed_mean,
    observed_var,
    observed_p
  };
  Terms window_terms(const ReplicationResult& result) const;
  double setting_sum(const ReplicationResult& result, const std::vector<std::size_t>& sums) const;
  double observed(const ReplicationResult& result) const;
  Terms census_terms(const ReplicationResult& result) const;
  Terms staff_terms(const ReplicationResult& result) const;
  Terms visit_terms(const ReplicationResult& result) const;

  Kind kind_{};
  std::size_t setting_ = 0, pool_ = 0, instant_ = 0, count_ = 0;
  std::vector<std::size_t> top_, bottom_, places_;
  std::vector<double> period_ends_;  ///< days since the start of results
  double days_ = 0.0, from_ = 0.0, to_ = 0.0;
};

struct Estimate {
  double value = 0.0, standard_error = 0.0;
  std::size_t replications = 0;
};
/// Sum of tops over sum of bottoms; the standard error from the residuals top - value x bottom.
/// @param terms  of at least two replications
Estimate ratio_estimate(std::span<const Terms> terms);
/// Variance of the tops, with standard error sqrt((m4 - v^2) / R).
Estimate variance_estimate(std::span<const Terms> terms);

/// Sum of a setting over all reporting periods.
double over_periods(const ReplicationResult& result, std::size_t setting, SettingSum which);

}  // namespace tl::testing
