#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/problem.hpp"
#include "models/rows.hpp"

// What a study says of its sweep and of its uncertain parameters, as written: units and ranges are looked at when the
// model is known.
namespace tl {

enum class Design : std::uint8_t { grid, list, latin_hypercube, sobol, one_at_a_time };

/// A word of a study and where it stands.
struct Named {
  std::string text;
  Place at;
};

/// A number that a sweep turns, as written. What is not given is taken from the model.
struct FactorSpec {
  std::string address;
  std::optional<Cell> low, high;
  std::vector<Cell> values;
  std::optional<std::uint32_t> steps;
  bool log = false;
  Place at;
};

struct SweepSpec {
  Design design = Design::sobol;
  std::string base;  ///< a scenario's id; empty = the first
  Place base_at;
  std::optional<std::uint32_t> points, replications;
  std::optional<Cell> every;
  std::vector<FactorSpec> factors;
  std::vector<std::vector<std::optional<Cell>>> rows;  ///< of a list: [point][factor]; none = as in the base
  std::vector<std::string> labels;                     ///< of a list: names of its points, where given
  std::string file_text;                               ///< of a list in a file: "==> points.csv <==" and its text
  std::vector<Named> metrics;
  Place at;
};

struct UncertainSpec {
  std::uint32_t draws = 50;
  std::optional<std::uint32_t> replications;
  bool all = true;  ///< every parameter that has a range or a distribution, or those named
  std::vector<Named> parameters;
  std::optional<Cell> every;
  Place at;
};

}  // namespace tl
