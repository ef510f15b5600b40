#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/scenarios/measures.hpp"

// The published cases of docs/validation_cases.csv: run as any study is, and set beside their reference values.
namespace tl::testing {

/// One figure of a published model.
struct PublishedCase {
  std::string id, file, scenario, quantity, measure;
  double reference = 0.0;
  double reference_se = 0.0;  ///< 0 = exact to the digits given
  /// The error, as a share of the reference, that the long test must see with power 0.999; the quick one likewise,
  /// where it looks at this figure at all.
  double catches = 0.0;
  std::optional<double> quick_catches;
};

/// How often a model or study is run.
struct PublishedRuns {
  std::string file;
  std::uint32_t quick = 0;  ///< replications; 0 = left to the long test
  std::uint32_t nightly = 0;
};

enum class Power { quick, full };

/// A figure of ours beside the published one.
struct Compared {
  PublishedCase published;
  Estimate ours;
  double z = 0.0;
  double limit = 0.0;    ///< |z| above this happens once in a million right runs (Student's t)
  double catches = 0.0;  ///< the error, as a share of the reference, seen with power 0.999
  double wanted = 0.0;   ///< what `catches` must not exceed
  bool agrees() const { return z <= limit && z >= -limit; }
  bool is_conclusive() const { return catches <= wanted; }
};
/// "V1.1 mean wait: observed …, expected …, standard error …, z …"
std::string to_text(const Compared& compared);

/// @throws std::runtime_error  when the table cannot be read
std::vector<PublishedCase> read_published_cases();
std::vector<PublishedRuns> read_published_runs();

/// Runs what the table names, and compares; figures in the table's order. Figures that `power` leaves out are absent.
/// @param seed  takes the place of the models' own
std::vector<Compared> compare_published(Power power, std::optional<std::uint64_t> seed);

/// The page docs/validation.md.
std::string validation_page(const std::vector<Compared>& all);

}  // namespace tl::testing
