#include <cmath>
#include <map>
#include <string>

#include "analysis/table_text.hpp"
#include "analysis/tables.hpp"
#include "analysis/why.hpp"
#include "tests/analysis/made_results.hpp"
#include "tests/catch.hpp"

// The table that tells why a queue grew: its parts sum to the whole, by scenario, period and difference.
namespace {

using namespace tl;
using S = SettingSum;

/// Of those waiting for the ward a part waits for staff and a part for a turnaround; the rest for a place.
StudyResults study_with_causes() {
  StudyResults study = made::study(12);
  for (std::size_t s = 0; s < study.scenarios.size(); ++s)
    for (std::uint32_t i = 0; i < 12; ++i)
      for (std::size_t period = 0; period < 2; ++period)
        for (std::size_t setting = 0; setting < 5; ++setting) {
          ReplicationResult& run = study.scenarios[s].replications[i];
          const double waiting = made::setting_sum(run, period, setting, S::waiting_days);
          for (auto cause = S::waiting_in_handoff_days; cause <= S::waiting_held_days;
               cause = static_cast<S>(static_cast<std::size_t>(cause) + 1))
            made::setting_sum(run, period, setting, cause) = 0.0;
          made::setting_sum(run, period, setting, S::waiting_staff_days) = waiting * (s == 0 ? 0.5 : 0.25);
          made::setting_sum(run, period, setting, S::waiting_turnaround_days) = waiting * 0.125;
        }
  return study;
}

TableQuery query_of(const std::string& versus, ByPeriod by = ByPeriod::whole) {
  TableQuery query;
  query.table = "why";
  query.setting = {"ward"};
  query.versus = versus;
  query.by_period = by;
  return query;
}

/// Sums of the parts and the whole, by scenario and period.
void check_sums(const ResultTable& table, const std::string& whole, const std::string& part) {
  std::map<std::string, double> wholes, parts;
  for (const ResultRow& row : table.rows) {
    const std::string key = row.scenario + row.when;
    if (row.measure == whole)
      wholes[key] += row.value.mean;
    else if (row.measure.starts_with(part))
      parts[key] += row.value.mean;
  }
  REQUIRE(!wholes.empty());
  for (const auto& [key, value] : wholes) CHECK(parts[key] == Approx(value).margin(1e-9));
}

}  // namespace

TEST_CASE("the causes of waiting sum to all waiting, in people and in days, by period and as differences") {
  const StudyResults study = study_with_causes();
  for (const std::string versus : {"", "baseline"})
    for (const ByPeriod by : {ByPeriod::whole, ByPeriod::month}) {
      const ResultTable table = make_table(study, query_of(versus, by));
      check_sums(table, "queue_mean", "queue_");
      check_sums(table, "waiting_days", "waiting_");
    }
}

TEST_CASE("why is told in plain words") {
  const StudyResults study = study_with_causes();
  const std::string alone = why_text(make_table(study, query_of("")));
  CHECK_THAT(alone, Catch::Contains("Acute ward, with \"baseline\": 9.50 people wait on average"));
  CHECK_THAT(alone, Catch::Contains("Of these: 4.75 for a place that has no staff; 3.56 for want of a free place; 1.19 "
                                    "for a place that is being made ready."));
  // 9.5 waited; 7.75 wait now: staff 4.75 -> 1.94, turnaround 1.19 -> 0.97, the rest 3.56 -> 4.84
  const std::string against = why_text(make_table(study, query_of("baseline")));
  CHECK_THAT(against, Catch::Contains("with \"More beds\" against \"baseline\": 7.75 people wait on average, -1.75"));
  CHECK_THAT(against, Catch::Contains("Of the change: -2.81 for a place that has no staff; +1.28 for want of a free "
                                      "place; -0.22 for a place that is being made ready."));
  CHECK_THAT(against, Catch::Contains("Meanwhile: "));
  CHECK_THAT(to_text(make_table(study, query_of(""))), Catch::StartsWith("Acute ward"));
}

TEST_CASE("without a name the longest queues are told") {
  const StudyResults study = study_with_causes();
  TableQuery query;
  query.table = "why";
  std::map<std::string, int> rows;
  for (const ResultRow& row : make_table(study, query).rows) ++rows[row.subject];
  CHECK(rows.size() == 3);
  CHECK(rows.contains("ward"));
  CHECK(longest_queues(study, 1) == std::vector<std::string>{"ward"});
}

TEST_CASE("a policy that only a later scenario has is told") {
  StudyResults study = made::study(4);
  study.scenarios.front().words.policies.clear();
  for (std::uint32_t i = 0; i < 4; ++i) {
    study.scenarios.front().replications[i].policy_count = 0;
    study.scenarios.front().replications[i].policies.clear();
  }
  TableQuery query;
  query.table = "policies";
  const ResultTable table = make_table(study, query);
  REQUIRE_FALSE(table.rows.empty());
  for (const ResultRow& row : table.rows) CHECK(row.scenario == "more_beds");
}
