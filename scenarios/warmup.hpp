#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "scenarios/plan.hpp"
#include "sim/result.hpp"

// `warmup = "auto"`: how long a model takes to settle, found by MSER-5 on pilot runs. docs/methods.md says the rule.
namespace tl {

inline constexpr std::uint32_t kPilotRuns = 10;
/// Pilot runs have numbers of their own: what the warm-up was chosen by is no part of the study's results.
inline constexpr std::uint32_t kFirstPilotRun = 1'000'000'000;
/// Batch means in a pilot, whatever its length: each is a time average, as that of five observations.
inline constexpr std::size_t kPilotBatches = 200;
/// The first pilot is as long as the study's horizon; it is doubled this often at most.
inline constexpr int kPilotDoublings = 3;
/// Chance of taking noise for a system that does not settle, anywhere in a pilot.
inline constexpr double kPilotFalseAlarm = 0.05;
/// Chance of taking noise for a beginning unlike the rest, in one series: the cost is a longer warm-up, never a bias.
inline constexpr double kBeginningFalseAlarm = 0.05;

/// One number of clients over the time of the pilot runs.
struct PilotSeries {
  std::string subject;                    ///< "Jail (waiting)"
  std::vector<std::vector<double>> runs;  ///< [run][batch]
};

/// What a pilot says of one series.
struct SeriesCut {
  std::vector<double> mean;     ///< over the runs, of each batch
  std::size_t cut = 0;          ///< batches to leave out, at most half; 0 where the beginning is like the later half
  bool settles = true;          ///< false: MSER cuts in the second half, or the last quarter is unlike the one before
  double from = 0.0, to = 0.0;  ///< means of the third and the last quarter
};

/// MSER on the series averaged over the runs. What differs by chance alone, run by run (Student, two-sided), counts as
/// the same.
/// @param false_alarm  of each comparison that says whether it settles
SeriesCut cut_of(const PilotSeries& series, double false_alarm);

/// How a model settles.
struct Warmup {
  bool found = true;           ///< false: it does not settle, and there is no warm-up
  double days = 0.0;           ///< whole days
  double pilot_days = 0.0;     ///< length of the pilot runs that told; 0 when none were made
  std::string words;           ///< for people; also kept with the results
  std::string subject;         ///< the slowest series, or the one that still moves most; empty when there is none
  std::vector<double> course;  ///< its mean over the runs, of each batch
};

/// Takes pilot runs as they finish, and keeps of each only its series.
class PilotGather {
 public:
  explicit PilotGather(const Plan& pilot);
  /// May be called by several threads at once.
  void take(const RunBlock& block, std::span<const ReplicationResult> results);
  /// Runs that have not come.
  std::size_t missing() const;
  /// [scenario][series] of a pilot that came whole; settings that nobody ever entered are left out.
  std::vector<std::vector<PilotSeries>> series() const;

 private:
  const Plan& pilot_;
  mutable std::mutex guard_;
  std::vector<std::vector<PilotSeries>> series_;
  std::size_t came_ = 0;
};

/// Carries out every run of the plan and hands over what worked.
using RunPilot = std::function<void(const Plan& pilot, PilotGather& into)>;

/// The model or the study says `warmup = "auto"`.
bool asks_for_warmup(const Document& document);
/// … and the model does not say who is there at the start, so that pilots have to find it.
bool needs_pilots(const Document& document);

/// The plan of a pilot: every scenario as it is before the results begin (first dated values, calendars), for `days`.
Plan pilot_plan(const Study& study, const PlanOptions& options, double days, const Limits& limits, Problems& problems);

/// The same of a plan whose warm-up is at least `days`, or that begins with nobody there.
Plan as_pilot(Plan plan, double days);

/// Pilots of `first_days`, doubled kPilotDoublings times at most and up to `most_days`, until every series settles.
Warmup settle(const std::function<Plan(double days)>& pilot_of, double first_days, double most_days,
              const RunPilot& run_pilot);

/// Makes pilots until every number of clients, in each setting and waiting for it, in each scenario, has settled in the
/// first half of one; the slowest decides for all. A model that says who is there at the start needs none.
/// @return  `words` is empty when the study cannot be planned (see problems)
Warmup find_warmup(const Study& study, const PlanOptions& options, const Limits& limits, const RunPilot& run_pilot,
                   Problems& problems);

/// The study with `warmup = "auto"`, whatever it said.
void ask_for_warmup(Study& study);
/// The study with that warm-up for its "auto".
void set_warmup(Study& study, const Warmup& warmup);

}  // namespace tl
