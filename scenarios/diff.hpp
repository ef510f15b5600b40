#pragma once

#include <span>
#include <string>
#include <vector>

#include "models/read_model.hpp"
#include "models/rows.hpp"
#include "scenarios/study.hpp"

// What differs, in words a planner would use, with the address a study would use beside them.
namespace tl {

/// A value as a planner would write it: `34`, `14 d`, `{ kind = "exponential", mean = "5 d" }`.
std::string shown(const Cell& cell);

/// What makes two models different: rows added and taken away, and each field that changed:
/// "Capacity of Crisis residential (settings.crt.capacity): 34 -> 134". Rows without id are told apart by what they
/// join ("routes.jail>street"). Carriers do not matter: a CSV cell `14` under `stay [d]` equals `stay = "14 d"`.
/// Empty when nothing differs.
std::vector<std::string> differences(const Document& from, const Document& to);

/// What changes make of the model as written: first each lever with its strength and dates, then each number with all
/// that acts on it: "Capacity of Crisis residential (settings.crt.capacity): 34 -> 134 (by beds from 2021-07-01)";
/// where the outcome is no plain number, "... : "los * 2", times 0.9".
std::vector<std::string> in_words(const Document& model, std::span<const Change> changes);

/// What makes scenario `to` different from `from`, each led by whose change it is: "only in step_down: ...".
std::vector<std::string> differences(const Document& model, const Scenario& from, const Scenario& to);

/// What makes two studies different: their models, their lengths, and their scenarios by id.
std::vector<std::string> differences(const Study& from, const Study& to);

}  // namespace tl
