#pragma once
// From a model's text to its tables, for tests of single constructs.

#include <string>

#include "models/compile.hpp"
#include "models/read_model.hpp"
#include "models/table_reader.hpp"
#include "tests/catch.hpp"

namespace tl::small {

inline Compiled compiled_from(const std::string& text) {
  Problems problems;
  const auto model = read_model_text(text, "model.toml", {}, problems);
  INFO(to_text(problems));
  REQUIRE(model);
  auto made = compile(*model, Limits{}, problems);
  INFO(to_text(problems));
  REQUIRE(made);
  return std::move(*made);
}

inline Problems all_problems(const std::string& text) {
  Problems problems;
  const auto model = read_model_text(text, "model.toml", {}, problems);
  if (model) (void)compile(*model, Limits{}, problems);
  return problems;
}
/// All messages, one a line.
inline std::string problems_of(const std::string& text) {
  return to_text(all_problems(text));
}
inline bool code_in(const std::string& text, std::string_view code) {
  for (const Problem& problem : all_problems(text).sorted())
    if (problem.code.text() == code) return true;
  return false;
}

inline const Action& first_action(const CompiledModel& model, ActionKind kind) {
  for (const Action& action : model.actions)
    if (action.kind == kind) return action;
  FAIL("no such action");
  return model.actions.front();
}

}  // namespace tl::small
