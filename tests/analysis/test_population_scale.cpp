#include <cmath>

#include "analysis/measures.hpp"
#include "analysis/page.hpp"
#include "analysis/tables.hpp"
#include "models/read_model.hpp"
#include "scenarios/digest.hpp"
#include "tests/analysis/made_results.hpp"
#include "tests/catch.hpp"

// Results of a part of the population, told of the whole of it.
using namespace tl;

namespace {

/// Results in which everything that is counted is `times` as much, as if so many times the people had been followed.
ScenarioResults grown(double times) {
  ScenarioResults scenario = made::scenario("baseline", 3);
  for (ReplicationResult& run : scenario.replications) {
    for (auto* list : {&run.settings, &run.model, &run.events, &run.reasons, &run.outcomes, &run.milestones,
                       &run.observed_census, &run.observed_waiting})
      for (double& value : *list) value *= times;
    for (auto* list : {&run.wait_lengths, &run.stay_lengths, &run.milestone_lengths})
      for (std::uint32_t& value : *list) value *= static_cast<std::uint32_t>(times);
    run.staff_count = run.staffing_count = 1;
    for (std::size_t i = 0; i < 2 * kStaffSums.size(); ++i)
      run.staff.push_back(100.0 * static_cast<double>(i + 1));  // staff are all there
    for (std::size_t i = 0; i < 2 * kStaffingSums.size(); ++i) {
      const std::size_t which = i % kStaffingSums.size();
      const bool is_units = which == static_cast<std::size_t>(StaffingSum::physical_days) ||
                            which == static_cast<std::size_t>(StaffingSum::carried_days) ||
                            which == static_cast<std::size_t>(StaffingSum::lost_days);
      const bool is_time = which == static_cast<std::size_t>(StaffingSum::bound_days);
      run.staffing.push_back(is_time ? 15.5 : 100.0 * (is_units ? times : 1.0) * static_cast<double>(i + 1));
    }
    run.policy_count = 2;
    run.policies.assign(2 * 2 * kPolicySums.size(), 3.0);
    run.policies[static_cast<std::size_t>(PolicySum::measured)] = 50.0 * times;  // a number waiting; the other a share
    run.policies[2 * kPolicySums.size() + static_cast<std::size_t>(PolicySum::measured)] = 70.0 * times;
    run.cost_count = 2;
    run.costs = {100.0 * times, 30.0 * times, 90.0 * times, 20.0 * times};
    // The time at each census, whose bins are `times` as wide; a capacity that does not change.
    for (double& width : run.census_width) width *= times;
    for (std::size_t period = 0; period < 2; ++period)
      for (std::size_t setting = 1; setting < 4; ++setting) {
        made::setting_sum(run, period, setting, SettingSum::waiting_days) +=
            1000.0 * times;  // more than all its causes
        made::setting_sum(run, period, setting, SettingSum::capacity_days) =
            31.0 * scenario.words.settings[setting].capacity * times;
      }
  }
  for (SettingWords& setting : scenario.words.settings) setting.capacity *= times;
  scenario.words.staff = {{"nurse", "Nurses", "nurse", "dmh", 20.0, 40.0, 0.1, 0.0, 0.1, 3.0, 5.0}};
  scenario.words.staffing = {{"ward.nurse", "nurse", "ward", "2 clients per FTE", 0.0}};
  scenario.words.policies.push_back({"busy", "Busy", "", "opens when full", "occupancy of a", "share", 0.9, 0.5, ""});
  scenario.words.discount = 0.03;
  scenario.words.payers = {{"county", "County"}};
  scenario.words.costs = {{.id = "beds",
                           .name = "Beds",
                           .kind = "cost",
                           .per = "client day",
                           .setting = "ward",
                           .department = "dmh",
                           .domain = scenario.words.settings[1].domain,
                           .metric = "",
                           .every = ""},
                          {.id = "rent",
                           .name = "Rent",
                           .kind = "cost",
                           .per = "year",
                           .setting = "",
                           .department = "dmh",
                           .domain = "",
                           .metric = "",
                           .every = ""}};
  scenario.words.cost_shares = {{0, 0, 1.0}, {1, 0, 1.0}};
  return scenario;
}

std::vector<ResultScope> all_scopes(const Catalogue& words, const Measure& measure) {
  switch (measure.over) {
    case Over::model:
      return scopes_of(words, "model");
    case Over::reason:
      return scopes_of(words, "reason");
    case Over::event:
      return scopes_of(words, "event");
    case Over::outcome:
      return scopes_of(words, "outcome");
    case Over::milestone:
      return scopes_of(words, "milestone");
    case Over::role:
      return scopes_of(words, "role");
    case Over::staffing:
      return scopes_of(words, "staffing");
    case Over::budget:
      return scopes_of(words, "budget");
    case Over::policy:
      return scopes_of(words, "policy");
    case Over::cost: {
      std::vector<ResultScope> all;
      for (const char* kind : {"model", "department", "payer", "item"})
        for (ResultScope& scope : scopes_of(words, measure, kind)) all.push_back(std::move(scope));
      return all;
    }
    default: {
      std::vector<ResultScope> all;
      for (const char* kind : {"setting", "department", "domain", "level", "model"})
        for (ResultScope& scope : scopes_of(words, kind)) all.push_back(std::move(scope));
      return all;
    }
  }
}

}  // namespace

TEST_CASE("every measure of a part of the population is told of the whole") {
  // The whole has eight times the people of the part; its bins of census divide the capacities alike.
  ScenarioResults whole = grown(8.0), part = grown(1.0);
  part.words.population_scale = 0.125;
  int counted = 0, not_counted = 0;
  for (const Measure& measure : measures()) {
    // Dollars of overtime and agencies, and budgets, are not in these results: tests/scenarios has them.
    const bool has_none =
        measure.over == Over::budget || measure.name == "overtime_cost" || measure.name == "agency_cost";
    if (has_none) continue;
    CAPTURE(measure.name);
    const PeriodRange periods = measure.over == Over::instant ? PeriodRange{0, 1} : all_periods(whole);
    std::size_t values = 0;
    bool differs_raw = false;
    for (const ResultScope& scope : all_scopes(whole.words, measure)) {
      CAPTURE(scope.kind, scope.subject);
      const auto expected = values_of(whole, measure, scope, periods), seen = values_of(part, measure, scope, periods);
      REQUIRE(seen.size() == expected.size());
      for (std::size_t i = 0; i < seen.size(); ++i) {
        REQUIRE(seen[i].has_value() == expected[i].has_value());
        if (!seen[i]) continue;
        ++values;
        CHECK(*seen[i] == Approx(*expected[i]).epsilon(1e-12));
        const auto raw = measure.of_part({part, part.replications[i], scope, periods});
        differs_raw = differs_raw || std::abs(*raw - *expected[i]) > 1e-9 * std::abs(*expected[i]);
      }
    }
    CHECK(values > 0);  // no measure goes untested
    CHECK(differs_raw == measure.counts_people());
    (measure.counts_people() ? counted : not_counted) += 1;
  }
  CHECK(counted > 30);
  CHECK(not_counted > 10);
}

TEST_CASE("tables and the report say that a part of the population was run") {
  StudyResults study = made::study(3);
  CHECK(scale_note(study).empty());
  REQUIRE(make_table(study, {}).notes.size() == 1);
  CHECK_THAT(make_table(study, {}).notes[0], Catch::Contains("with fewer than 10"));
  CHECK(results_page(study, {"", ""}).find("population_scale") == std::string::npos);
  for (ScenarioResults& scenario : study.scenarios) scenario.words.population_scale = 0.1;
  const ResultTable table = make_table(study, {});
  REQUIRE(table.notes.size() == 2);
  CHECK_THAT(table.notes[0], Catch::Contains("(population_scale 0.1)"));
  CHECK_THAT(results_page(study, {"", ""}), Catch::Contains("A part of the population was run (population_scale 0.1)"));
  study.scenarios[1].words.population_scale = 1.0;
  CHECK_THAT(scale_note(study), Catch::Contains("(population_scale 0.1)"));
  study.scenarios[1].words.population_scale = 0.25;
  CHECK_THAT(scale_note(study), Catch::Contains("(population_scale 0.1, 0.25)"));
}

TEST_CASE("the part of the population is kept in results.h5") {
  StudyResults study = made::study(2);
  study.scenarios[1].words.population_scale = 0.125;
  const StudyResults read = read_results(write_results(study));
  CHECK(read.scenarios[0].words.population_scale == 1.0);
  CHECK(read.scenarios[1].words.population_scale == 0.125);
}

TEST_CASE("a scale of 1 changes no byte") {
  const std::string rest =
      "[settings.a]\ncapacity = 7\nstay = \"10 d\"\nnext = \"leave:done\"\nqueue = { limit = 5 }\n"
      "[initial.there]\nplace = \"a\"\ncount = 5\n[arrivals.door]\nrate = \"1 / d\"\nto = \"a\"\n";
  const auto digest = [&](const std::string& head) {
    Problems problems;
    const auto model = read_model_text(head + rest, "model.toml", ReadOptions{}, problems);
    REQUIRE(model);
    const auto compiled = compile(*model, Limits{}, problems);
    REQUIRE(compiled);
    return digest_of(compiled->model, 1, "1");
  };
  CHECK(digest("[model]\nname = \"x\"\n") == digest("[model]\nname = \"x\"\npopulation_scale = 1\n"));
  CHECK(digest("[model]\nname = \"x\"\n") != digest("[model]\nname = \"x\"\npopulation_scale = 0.9\n"));
}
