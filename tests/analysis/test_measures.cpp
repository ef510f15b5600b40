#include <algorithm>
#include <cmath>

#include "analysis/measures.hpp"
#include "analysis/table_lines.hpp"
#include "analysis/tables.hpp"
#include "tests/analysis/made_results.hpp"
#include "tests/catch.hpp"

using namespace tl;

namespace {

/// One replication of 62 days with round numbers in both periods.
ScenarioResults round_scenario() {
  ScenarioResults scenario = made::scenario("baseline", 0);
  ReplicationResult run = made::empty_result();
  using S = SettingSum;
  for (std::size_t period = 0; period < 2; ++period) {
    const auto set = [&](std::size_t setting, S which, double value) {
      made::setting_sum(run, period, setting, which) = value;
    };
    set(1, S::census_days, 31.0 * 40.0);
    set(1, S::capacity_days, 31.0 * 46.0);
    set(1, S::waiting_days, 31.0 * 5.0);
    set(1, S::waits, 20.0);
    set(1, S::wait_days, 50.0);
    set(1, S::waits_within_standard, 15.0);
    set(1, S::admissions, 20.0);
    set(1, S::returns, 2.0);
    set(1, S::boarding_days, 62.0);
    set(1, S::departures, 12.0);  // two of whom are not of the cohort
    set(1, S::stays, 10.0);
    set(1, S::waiting_closed_days, 31.0);
    set(1, S::waiting_held_days, 62.0);
    set(1, S::held_days, 15.5);
    set(1, S::stay_days, 70.0);
    set(1, S::refused, 3.0);
    set(2, S::census_days, 31.0 * 60.0);
    set(2, S::capacity_days, 31.0 * 100.0);
    set(2, S::waits, 10.0);
    set(2, S::wait_days, 100.0);
    set(3, S::census_days, 31.0 * 6.0);
    set(3, S::capacity_days, 31.0 * 30.0);
    set(4, S::census_days, 31.0 * 5.0);  // the line before the ward: those waiting, counted with the ward already
    run.model[period * kModelSums.size() + static_cast<std::size_t>(ModelSum::left)] = 20.0;
    run.reasons[period * 2 + 1] = 5.0;
    run.events[period] = 31.0;
    run.milestones[period * 4] = 8.0;
    run.milestones[period * 4 + 1] = 5.0;
    run.milestones[period * 4 + 2] = 50.0;
    run.milestones[period * 4 + 3] = 2.0;
  }
  run.census_time[1 * kCensusBins + 40] = 31.0;
  run.census_time[1 * kCensusBins + 46] = 15.5;
  run.census_time[1 * kCensusBins + 48] = 15.5;
  run.observed_census[1] = 41.0;
  run.observed_waiting[1] = 4.0;
  scenario.numbers = {0};
  scenario.replications = {run};
  return scenario;
}

std::optional<double> value(const char* measure, const char* scope, const char* subject) {
  const ScenarioResults scenario = round_scenario();
  const std::optional<ResultScope> found = find_scope(scenario.words, scope, subject);
  REQUIRE(found);
  return values_of(scenario, *find_measure(measure), *found, all_periods(scenario)).at(0);
}

}  // namespace

TEST_CASE("measures of a setting, worked by hand") {
  const auto [measure, expected] = GENERATE(table<const char*, double>({{"census_mean", 40.0},
                                                                        {"capacity_mean", 46.0},
                                                                        {"occupancy", 100.0 * 40.0 / 46.0},
                                                                        {"queue_mean", 5.0},
                                                                        {"wait_mean", 2.5},
                                                                        {"wait_within_standard", 75.0},
                                                                        {"stay_mean", 7.0},
                                                                        {"boarding_mean", 2.0},
                                                                        {"held_mean", 0.5},
                                                                        {"waiting_closed_days", 62.0},
                                                                        {"waiting_no_place_days", 124.0},
                                                                        {"boarding_days", 124.0},
                                                                        {"admissions", 40.0},
                                                                        {"admissions_per_year", 40.0 * 365.25 / 62.0},
                                                                        {"throughput", 24.0 * 365.25 / 62.0},
                                                                        {"returns_share", 10.0},
                                                                        {"refusals", 6.0},
                                                                        {"time_full", 50.0},
                                                                        {"client_days", 62.0 * 40.0}}));
  CAPTURE(measure);
  CHECK(value(measure, "setting", "ward").value() == Approx(expected));
}

TEST_CASE("groups add sums before they derive, and leave lines out") {
  CHECK(value("wait_mean", "model", "").value() == Approx(300.0 / 60.0));  // not the mean of 2.5 and 10
  CHECK(value("census_mean", "department", "dmh").value() == Approx(46.0));
  CHECK(value("occupancy", "model", "").value() == Approx(100.0 * 106.0 / 176.0));
  CHECK(value("census_mean", "level", "0").value() == Approx(60.0));  // the program is no place
  CHECK(value("client_days", "domain", "housing").value() == Approx(62.0 * 60.0));
  CHECK(value("wait_within_standard", "model", "").value() == Approx(75.0));  // only the ward states a standard
}

TEST_CASE("a measure without meaning has no value") {
  CHECK_FALSE(value("wait_mean", "setting", "outreach"));
  CHECK_FALSE(value("occupancy", "setting", "outside"));
  CHECK_FALSE(value("capacity_mean", "setting", "outside"));
  CHECK_FALSE(value("wait_within_standard", "setting", "flats"));
  CHECK_FALSE(value("returns_share", "setting", "flats"));
  CHECK_FALSE(value("time_full", "setting", "outside"));
}

TEST_CASE("time full is not told where the capacity changed") {
  ScenarioResults scenario = round_scenario();
  made::setting_sum(scenario.replications[0], 1, 1, SettingSum::capacity_days) = 31.0 * 50.0;
  const ResultScope ward = *find_scope(scenario.words, "setting", "ward");
  CHECK_FALSE(values_of(scenario, *find_measure("time_full"), ward, all_periods(scenario)).at(0));
}

TEST_CASE("reasons, events and instants") {
  CHECK(value("exits", "reason", "moved").value() == Approx(10.0));
  CHECK(value("exits_share", "reason", "moved").value() == Approx(25.0));
  CHECK(value("events_per_year", "event", "crisis").value() == Approx(365.25));
  CHECK(value("observed_census", "setting", "ward").value() == 41.0);
  CHECK(value("observed_waiting", "model", "").value() == 4.0);
}

TEST_CASE("quantiles of lengths lie within their bucket") {
  std::vector<double> counts(kLengthBuckets, 0.0);
  CHECK_FALSE(length_quantile(counts, 0.5));
  const std::size_t bucket = length_bucket(3 * std::int64_t{86'400'000'000});
  counts[bucket] = 8.0;
  counts[0] = 2.0;
  CHECK(length_quantile(counts, 0.1).value() == 0.0);
  CHECK(length_quantile(counts, 0.2).value() == 0.0);
  const double low = bucket_low_days(bucket), high = bucket_low_days(bucket + 1);
  CHECK(length_quantile(counts, 0.6).value() == Approx(low + (high - low) * 0.5));
  CHECK(length_quantile(counts, 1.0).value() == Approx(high));
  CHECK(low <= 3.0);
  CHECK(high > 3.0);
}

TEST_CASE("every measure has a name of its own, a unit, words and a known direction") {
  std::vector<std::string> names = measure_names();
  std::sort(names.begin(), names.end());
  CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
  for (const Measure& measure : measures()) {
    CAPTURE(measure.name);
    CHECK_FALSE(measure.unit.empty());
    CHECK_FALSE(measure.words.empty());
    CHECK((measure.good.empty() || measure.good == "lower" || measure.good == "higher"));
  }
}

TEST_CASE("periods are put together by month, quarter and year") {
  Catalogue words = made::catalogue();
  words.period_names = {"2020-11", "2020-12", "2021-01"};
  words.period_days = {30.0, 31.0, 31.0};
  CHECK(grouped_periods(words, ByPeriod::month).size() == 3);
  const std::vector<NamedPeriods> quarters = grouped_periods(words, ByPeriod::quarter);
  REQUIRE(quarters.size() == 2);
  CHECK(quarters[0].name == "2020-Q4");
  CHECK(quarters[0].periods.count == 2);
  CHECK(quarters[1].name == "2021-Q1");
  CHECK(grouped_periods(words, ByPeriod::year).at(1).name == "2021");
  words.period_names = {"2020", "2021", "2022"};
  CHECK_THROWS_WITH(grouped_periods(words, ByPeriod::month), Catch::Contains("nothing finer"));
}

TEST_CASE("measures of a milestone, worked by hand") {
  CHECK(value("milestone_started", "milestone", "served").value() == 16.0);
  CHECK(value("milestone_reached", "milestone", "served").value() == 10.0);
  CHECK(value("milestone_mean", "milestone", "served").value() == Approx(10.0));
  CHECK(value("milestone_within_standard", "milestone", "served").value() == Approx(40.0));
  CHECK_FALSE(value("milestone_p50", "milestone", "served"));  // no length was kept
}

TEST_CASE("a table has a line for what is there in any scenario, in the scenarios' order") {
  StudyResults study;
  const auto with_policies = [&](const std::vector<std::string>& ids) {
    ScenarioResults& scenario = study.scenarios.emplace_back();
    for (const std::string& id : ids) {
      PolicyWords policy;
      policy.id = policy.name = id;
      scenario.words.policies.push_back(policy);
    }
  };
  with_policies({"surge", "winter"});
  with_policies({"surge", "summer", "winter"});
  with_policies({"spring"});
  TableQuery query;
  query.table = "policies";
  std::vector<std::string> found;
  for (const TableLine& line : lines::lines_of(study, query))
    if (std::string_view{line.measure->name} == "policy_openings") found.push_back(line.scope.subject);
  CHECK(found == std::vector<std::string>{"spring", "surge", "summer", "winter"});
}
