#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/catalogue.hpp"

// Results of rows that are too many to be kept whole: the points of a sweep, the draws of uncertain parameters. Of each
// only the named metrics are kept, a value for each replication.
namespace tl {

/// A metric with its value in every replication of every row.
struct MetricValues {
  MetricWords metric;
  std::string unit;
  std::vector<double> values;  ///< [row][replication]; NaN = no value, or not there

  double value(std::size_t row, std::size_t replications, std::size_t replication) const {
    return values[row * replications + replication];
  }
};

struct SweptFactor {
  std::string address, unit;
  double low = 0.0, high = 0.0;
};

struct SweepResults {
  std::string design;  ///< grid, list, latin_hypercube, sobol, one_at_a_time
  std::string base;    ///< id of the scenario that the points change
  std::uint32_t points = 0, replications = 0;
  std::vector<SweptFactor> factors;
  std::vector<double> values;         ///< [point][factor], in the factor's unit; NaN = as in the base
  std::vector<std::string> labels;    ///< of a list with names; else empty
  std::vector<MetricValues> metrics;  ///< [point][replication]

  double value(std::size_t point, std::size_t factor) const { return values[point * factors.size() + factor]; }
};

struct DrawnResults {
  std::string id, unit, words;
  bool stated = false;  ///< the model states the distribution; else it was made of low and high
};

struct UncertainResults {
  std::uint32_t draws = 0, replications = 0;
  std::vector<std::string> scenarios;  ///< ids
  std::vector<DrawnResults> parameters;
  std::vector<double> values;         ///< [draw][parameter]
  std::vector<MetricValues> metrics;  ///< [scenario × draws + draw][replication]

  double value(std::size_t draw, std::size_t parameter) const { return values[draw * parameters.size() + parameter]; }
};

}  // namespace tl
