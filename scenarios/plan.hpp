#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/compile.hpp"
#include "models/limits.hpp"
#include "models/problem.hpp"
#include "scenarios/lazy_rows.hpp"
#include "scenarios/precision.hpp"
#include "scenarios/row_facts.hpp"
#include "scenarios/study.hpp"
#include "scenarios/sweep.hpp"
#include "scenarios/uncertain.hpp"

namespace tl {

/// One variant of the model, ready to run.
struct ScenarioPlan {
  std::string id, name, about;
  std::vector<std::string> changes;  ///< in words, against the model as written; empty for the model itself
  Compiled compiled;
};

/// One shard: replications [first, first + count) of a row of the plan. Its boundaries are fixed by the plan alone.
struct RunBlock {
  std::uint32_t scenario = 0;  ///< row of the plan
  std::uint32_t first_replication = 0;
  std::uint32_t count = 0;
  friend bool operator==(const RunBlock&, const RunBlock&) = default;
};

/// All that is to be run, and nothing of how: no thread, host or path is in it.
///
/// What is run is called a row: first the scenarios, then the points of a sweep and the draws of uncertain parameters,
/// which may be many and are compiled when asked for.
struct Plan {
  std::vector<ScenarioPlan> scenarios;  ///< in the study's order
  std::uint64_t seed = 1;
  std::uint32_t replications = 0;              ///< of each scenario
  std::vector<RunBlock> blocks;                ///< by row, then replication; together every run once
  std::shared_ptr<const LazyRows> more;        ///< rows scenarios.size() …; null when there are none
  std::shared_ptr<const Sweep> sweep;          ///< its points are the first of those rows; null when there is none
  std::shared_ptr<const Uncertain> uncertain;  ///< then scenario by scenario each draw; null when there are none
  std::vector<Named> metrics;                  ///< asked for beside the model's, as written: "wait_mean of crt"
  std::string about;                           ///< what the study is for, in the planner's words
  std::string study_name;                      ///< the study file's name without folder and ending; of a model its name
  std::string study_text;                      ///< the study file as read; empty when a model was given for a study
  std::string model_text;                      ///< every file of the model, each under a line "==> name <=="
  std::optional<PrecisionGoal> precision;  ///< of the scenarios; replications are then those of a round, see extend()
  std::vector<std::string> notes;  ///< what readers of the results must know: the warm-up found, precision reached

  std::uint32_t rows() const;
  /// The row of a sweep's point, and of a draw of a scenario.
  std::uint32_t point_row(std::uint32_t point) const { return static_cast<std::uint32_t>(scenarios.size()) + point; }
  std::uint32_t draw_row(std::uint32_t scenario, std::uint32_t draw) const;
  /// The sweep's base: a row of `scenarios`.
  std::uint32_t base_row() const;
  /// The row's model. Of a scenario it lives as long as the plan; of another row as long as somebody holds it. May be
  /// called from several threads at once.
  std::shared_ptr<const Compiled> compiled(std::uint32_t row) const;
  /// Of a scenario worked out anew: ask once.
  RowFacts facts(std::uint32_t row) const;
  /// A scenario's id, or "sweep point 17 (levers.step_down = 0.4)".
  std::string row_name(std::uint32_t row) const;
};

/// What the command line says over the study.
struct PlanOptions {
  std::optional<std::uint32_t> replications;  ///< a fixed number, also where the study asks for precision
  std::optional<std::string> precision;       ///< "2%" or "5 d", instead of what the study says
  std::optional<std::uint64_t> seed;
  std::vector<std::string> only;                          ///< scenarios to run, by id; empty = all
  std::vector<std::string> set;                           ///< "path=value" as typed: on top of every scenario
  unsigned threads = 0;                                   ///< for compiling many rows; 0 = as many as the machine has
  std::function<void(const PlanningProgress&)> progress;  ///< of compiling them; may be empty
};

/// Reads a study (or a model, as the single scenario `baseline`), and compiles each of its scenarios.
/// @return  the plan; when `problems` has errors it is not fit to be run (its blocks are empty)
Plan read_plan(const std::filesystem::path& path, const PlanOptions& options, const Limits& limits, Problems& problems);

/// The same from a study that was read.
Plan make_plan(Study study, const PlanOptions& options, const Limits& limits, Problems& problems);

/// The plan with so many replications of each scenario; whole blocks stay as they are, and so do points and draws.
void extend(Plan& plan, std::uint32_t replications);

/// The blocks of `replications` runs of each scenario: [0, k), [k, 2k) …; the last one may be shorter.
std::vector<RunBlock> lay_out_blocks(const std::vector<ScenarioPlan>& scenarios, std::uint32_t replications);

}  // namespace tl
