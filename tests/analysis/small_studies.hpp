#pragma once
#include <fstream>
#include <span>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "analysis/results_file.hpp"
#include "models/compile.hpp"
#include "models/read_model.hpp"
#include "sim/simulation.hpp"
#include "tests/catch.hpp"

// Studies of the bundled examples, small enough for a quick test, as results.h5 holds them.
namespace tl::test {

using Edits = std::vector<std::pair<std::string, std::string>>;

inline ScenarioResults run_model(const std::string& text, const std::string& id, std::uint32_t replications) {
  Problems problems;
  const auto model = read_model_text(text, "case.toml", {}, problems);
  INFO(to_text(problems));
  REQUIRE(model);
  const auto compiled = compile(*model, Limits{}, problems);
  INFO(to_text(problems));
  REQUIRE(compiled);
  ScenarioResults scenario;
  scenario.id = id;
  scenario.digest = std::string(64, id.front());
  scenario.words = compiled->words;
  scenario.terms = terms_of(compiled->model);
  Simulation simulation{compiled->model};
  for (std::uint32_t r = 0; r < replications; ++r) {
    ReplicationResult result;
    simulation.run(1, r, nullptr, result);
    scenario.numbers.push_back(r);
    scenario.replications.push_back(std::move(result));
  }
  return scenario;
}

inline std::string edited(std::string text, const Edits& edits) {
  for (const auto& [from, to] : edits) {
    const std::size_t at = text.find(from);
    INFO(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
  }
  return text;
}

/// Through the bytes of results.h5.
inline StudyResults stored(const StudyResults& study) {
  return read_results(write_results(study));
}

/// An example of models/examples as it is (after `always`), and with further edits; without them a study of one
/// scenario.
inline StudyResults study_of_example(const std::string& name, const Edits& always, const Edits& plan,
                                     std::uint32_t replications) {
  std::ifstream file{std::string{TL_SOURCE_DIR "/models/examples/"} + name + ".toml"};
  std::ostringstream text;
  text << file.rdbuf();
  const std::string base = edited(text.str(), always);
  StudyResults study;
  study.program_version = "0.1.0";
  study.engine_version = "1";
  study.study_name = name;
  study.study_text = "[study]\n";
  study.model_text = base;
  study.seed = 1;
  study.planned_replications = replications;
  study.scenarios.push_back(run_model(base, "baseline", replications));
  study.scenarios.back().name = "As it is";
  if (!plan.empty()) {
    study.scenarios.push_back(run_model(edited(base, plan), "plan", replications));
    study.scenarios.back().name = "The plan";
    study.scenarios.back().changes = {"one number of the model is another"};
  }
  return stored(study);
}

/// Costs, payers and incentives; more crisis beds.
inline StudyResults money_study() {
  return study_of_example("money",
                          {{"horizon = \"3 y\"", "horizon = \"1 y\""}, {"warmup = \"3 y\"", "warmup = \"1 y\""}},
                          {{"capacity = 16", "capacity = 20"}}, 6);
}
/// Staff; faster hiring.
inline StudyResults staff_study() {
  return study_of_example("staff", {{"horizon = \"10 y\"", "horizon = \"2 y\""}},
                          {{"mean = \"95 d\"", "mean = \"40 d\""}}, 6);
}
/// Groups; more bilingual slots.
inline StudyResults equity_study() {
  return study_of_example("equity", {{"horizon = \"2 y\"", "horizon = \"1 y\""}},
                          {{"capacity = 160", "capacity = 165"}}, 5);
}
/// One scenario, by year, with a policy.
inline StudyResults policies_study() {
  return study_of_example("policies", {{"horizon = \"40 y\"", "horizon = \"4 y\""}}, {}, 4);
}

}  // namespace tl::test
