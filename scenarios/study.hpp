#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/limits.hpp"
#include "models/problem.hpp"
#include "models/read_model.hpp"
#include "models/rows.hpp"
#include "scenarios/precision.hpp"
#include "scenarios/sweep_spec.hpp"

namespace tl {

/// A variant of the model: the changes it makes, those of its bases first.
struct Scenario {
  std::string id, name, about;
  std::vector<Change> changes;
  Place at;
};

/// A study as read: a model's rows, and the scenarios to run on them.
struct Study {
  std::string name;  ///< the file's name without folder and ending
  std::string about;
  std::filesystem::path model;      ///< where the model lies
  Document document;                ///< the model's rows; what [study] says of horizon, seed … replaces [model]'s
  std::vector<Scenario> scenarios;  ///< in file order, at least one
  std::optional<SweepSpec> sweep;
  std::optional<UncertainSpec> uncertain;
  std::vector<Named> metrics;              ///< measures asked for beside the model's metrics: "wait_mean of crt"
  std::string study_text;                  ///< the study's file; empty when a model was given
  std::string model_text;                  ///< the model's files, each under a line "==> name <=="
  std::optional<PrecisionGoal> precision;  ///< instead of a number of replications
};

/// Reads a study. A model (a folder, or a file with [model] and no [study]) becomes a study of the one scenario
/// `baseline` without changes. A study's `model` is a path from the study's folder.
///
/// Refused: unknown fields (with the nearest known one), scenarios named twice or with characters that make no file
/// name, unknown bases, bases in a circle (named), a study without model. A study without scenarios has `baseline`.
/// @return nullopt when nothing can be built from it; `problems` then has at least one error
std::optional<Study> read_study(const std::filesystem::path& path, const Limits& limits, Problems& problems);

/// The part of read_study that needs no file but the study's own text; the document stays empty.
std::optional<Study> read_study_text(std::string_view toml, const std::string& file_name, const Limits& limits,
                                     Problems& problems);

/// `PATH=VALUE` of the command line as a change. The value is read as TOML where it is a number, truth value, list or
/// table, else as text ("14 d"). Places say `origin` ("--set").
std::optional<Change> change_from_text(std::string_view text, const std::string& origin, const Limits& limits,
                                       Problems& problems);

/// The rows of a study or model for `check`, `list` and `diff`: true when the file has a [study].
bool is_study(const Document& document);

}  // namespace tl
