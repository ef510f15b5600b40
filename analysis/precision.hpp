#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/intervals.hpp"
#include "analysis/results_file.hpp"
#include "scenarios/precision.hpp"

// Whether the replications so far are enough, and what to say of it.
namespace tl {

/// One interval that was to be narrow enough.
struct PrecisionLine {
  std::string scenario, scenario_name;
  std::string metric, words, unit;  ///< the metric's id (or its measure), in words, and its unit
  Estimate value;                   ///< the value, or the paired difference
  double wanted = 0.0;              ///< half-width asked for; 0 where nothing is known of the mean
  std::string asked;                ///< as written: "2%"
  bool reached = false;
  /// Replications it would take, n (h / wanted)^2, should the spread stay as it is; none where that says nothing.
  std::optional<std::uint64_t> needed;
};

/// The aims' metrics exist and have the units asked for; else problems stand at the aims.
void check_precision(const PrecisionGoal& goal, const Catalogue& words, Problems& problems);

/// Judges every scenario and aim, in their order.
///
/// A relative half-width is a share of the mean's size: of the scenario's own, for differences of the first scenario's
/// value. With a mean of 0 nothing but a half-width of 0 will do.
/// @param scenario  asked for each once, in order
std::vector<PrecisionLine> judge_precision(const PrecisionGoal& goal,
                                           const std::function<ScenarioResults(std::size_t)>& scenario,
                                           std::size_t count);

bool all_reached(const std::vector<PrecisionLine>& lines);

/// What was asked and reached, in sentences, for people and for the results' notes.
std::vector<std::string> precision_words(const PrecisionGoal& goal, const std::vector<PrecisionLine>& lines,
                                         std::uint32_t replications);

/// The rounds of a study, until its aims are reached or `most` is.
struct Rounds {
  std::uint32_t replications = 0;  ///< of each scenario, after the last round
  std::uint32_t rounds = 0;
  bool reached = false;
  bool broken_off = false;  ///< a round said that no other can follow
  std::vector<PrecisionLine> lines;
};
/// Runs what is missing up to so many replications of each scenario. @return false when no round can follow: it was
/// stopped, or a replication failed
using RunRound = std::function<bool(std::uint32_t round, std::uint32_t replications)>;
/// Judges what is there. Asked once after each round, so it must look at the plan's replications and nothing else.
using JudgeRound = std::function<std::vector<PrecisionLine>()>;
Rounds run_rounds(const PrecisionGoal& goal, const RunRound& run_round, const JudgeRound& judge);

}  // namespace tl
