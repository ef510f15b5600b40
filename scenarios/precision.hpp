#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/limits.hpp"
#include "models/problem.hpp"
#include "models/rows.hpp"

// "Until these metrics are known this surely": what a study asks for. How it is judged: analysis/precision.hpp.
namespace tl {

/// The half-width an interval is to have.
struct Within {
  double amount = 0.0;    ///< of the unit; a relative one as a share, 0.02 for "2%"
  bool relative = false;  ///< to the mean's size
  std::string unit;       ///< of an absolute one, as measures name it: days, clients, %; empty when relative
  std::string text;       ///< as written
};

struct PrecisionAim {
  std::string metric;  ///< a metric of the model or a measure; empty = every metric the report leads with
  Within within;
  Place at;
};

struct PrecisionGoal {
  std::vector<PrecisionAim> aims;  ///< at least one
  bool differences = false;        ///< paired differences from the first scenario instead of each scenario's values
  double confidence = 0.95;
  std::uint32_t least = 10, most = 500;  ///< replications of the first round and of the last
  Place at;
};

/// "2%", "5 d", "3 clients", "1.5 points" (of a measure in percent). @return nullopt with a problem
std::optional<Within> read_within(const std::string& text, const Place& at, const std::string& field,
                                  Problems& problems);

/// The field `precision` of a study: a text, or a table of within, metrics, of, confidence, least, most.
std::optional<PrecisionGoal> read_precision(const Cell& cell, const Limits& limits, Problems& problems);

/// Replications of each scenario after the round that follows `now` (0 = before the first): least, then twice as many
/// each time, at last `most`. From the goal alone, so that no thread, rank or interruption changes a study's rounds.
/// @return nullopt after the last round
std::optional<std::uint32_t> next_round(const PrecisionGoal& goal, std::uint32_t now);

/// How many rounds there may be.
std::uint32_t most_rounds(const PrecisionGoal& goal);

}  // namespace tl
