#pragma once
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "analysis/results_file.hpp"
#include "sim/random.hpp"

// Results made by hand, for tests of what is above the engine: every number is known.
namespace tl::made {

/// A folder of its own, removed at the end.
class Folder {
 public:
  explicit Folder(const std::string& name)
      : path_{std::filesystem::temp_directory_path() / ("tl-" + name + "-" + std::to_string(::getpid()))} {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Rows: outside, ward (46 beds), flats (100), outreach (a program), the line before the ward.
inline Catalogue catalogue() {
  constexpr double none = std::numeric_limits<double>::quiet_NaN(), unlimited = std::numeric_limits<double>::infinity();
  Catalogue words;
  words.model_name = "Small county";
  words.start_date = "2020-07-01";
  words.settings = {{"outside", "outside", "place", "", "community", 0, unlimited, ""},
                    {"ward", "Acute ward", "place", "dmh", "treatment", 5, 46.0, ""},
                    {"flats", "Supported flats", "place", "dhs", "housing", 0, 100.0, ""},
                    {"outreach", "Street outreach", "program", "dmh", "outreach", 0, 30.0, ""},
                    {"ward.line", "line of ward", "line", "dmh", "treatment", 5, unlimited, "ward"}};
  words.departments = {"dmh", "dhs"};
  words.department_names = {"Mental Health", "Health Services"};
  words.domains = {"outreach", "treatment", "housing", "community"};
  words.reasons = {"recovered", "moved"};
  words.outcomes = {"placed"};
  words.events = {"crisis"};
  words.parameters = {{"los", "d", "7 d", 7.0, 5.0, 9.0, true, {"County report, table 3", "sourced", ""}},
                      {"growth", "", "0.02", 0.02, none, none, true, {"", "assumption", "a guess"}}};
  words.metrics = {
      {"ward_queue", "queue_mean", "setting", "ward", "lower", "average number waiting for the ward", 3.0}};
  words.links = {{1, 2, 2.0}, {2, 1, 0.5}, {0, 1, 2.5}};
  words.period_names = {"2020-07", "2020-08"};
  words.period_days = {31.0, 31.0};
  words.observe_days = {10.0};
  words.milestones = {"served"};
  words.policies = {
      {"surge", "Surge", "", "opens when waiting for a is over 5", "waiting for a", "requests", 5.0, 2.0, ""}};
  return words;
}

inline double& setting_sum(ReplicationResult& result, std::size_t period, std::size_t setting, SettingSum which) {
  return result
      .settings[(period * result.setting_count + setting) * kSettingSums.size() + static_cast<std::size_t>(which)];
}

/// All zero, of the sizes of catalogue().
inline ReplicationResult empty_result() {
  ReplicationResult result;
  result.period_count = 2;
  result.setting_count = 5;
  result.observe_count = 1;
  result.event_count = 1;
  result.reason_count = 2;
  result.outcome_count = 1;
  result.milestone_count = 1;
  result.policy_count = 1;
  result.settings.resize(2 * 5 * kSettingSums.size());
  result.model.resize(2 * kModelSums.size());
  result.events.resize(2);
  result.reasons.resize(4);
  result.outcomes.resize(2);
  result.milestones.resize(2 * kMilestoneSums.size());
  result.policies.resize(2 * kPolicySums.size());
  result.milestone_lengths.resize(kLengthBuckets);
  result.observed_census.resize(5);
  result.observed_waiting.resize(5);
  result.wait_lengths.resize(5 * kLengthBuckets);
  result.stay_lengths.resize(5 * kLengthBuckets);
  result.census_time.resize(5 * kCensusBins);
  result.census_width.assign(5, 1.0);
  return result;
}

/// Every number drawn from (seed, replication), so that no two are alike.
inline ReplicationResult filled_result(std::uint32_t replication) {
  ReplicationResult result = empty_result();
  std::uint32_t ordinal = 0;
  const RunKey key = run_key(7, replication);
  const auto next = [&] {
    const auto bits = draw(key, {1, ordinal++, 0}, Purpose::process, 0, 0);
    return uniform53(bits.w[0], bits.w[1]);
  };
  for (auto* list :
       {&result.settings, &result.model, &result.events, &result.reasons, &result.outcomes, &result.milestones,
        &result.policies, &result.observed_census, &result.observed_waiting, &result.census_time})
    for (double& value : *list) value = 100.0 * next();
  for (auto* list : {&result.wait_lengths, &result.stay_lengths, &result.milestone_lengths})
    for (std::uint32_t& value : *list) value = static_cast<std::uint32_t>(10.0 * next());
  result.initial_clients = 12.0;
  result.engine_events = 1e6 * next();
  result.peak_present = 400.0;
  return result;
}

inline bool same(const ReplicationResult& a, const ReplicationResult& b) {
  return sizes_of(a) == sizes_of(b) && a.settings == b.settings && a.model == b.model && a.events == b.events &&
         a.reasons == b.reasons && a.outcomes == b.outcomes && a.costs == b.costs && a.milestones == b.milestones &&
         a.policies == b.policies && a.milestone_lengths == b.milestone_lengths &&
         a.observed_census == b.observed_census && a.observed_waiting == b.observed_waiting &&
         a.wait_lengths == b.wait_lengths && a.stay_lengths == b.stay_lengths && a.census_time == b.census_time &&
         a.census_width == b.census_width && a.initial_clients == b.initial_clients &&
         a.engine_events == b.engine_events && a.peak_present == b.peak_present;
}

inline ScenarioResults scenario(const std::string& id, std::uint32_t replications) {
  ScenarioResults results;
  results.id = id;
  results.name = id;
  results.digest = std::string(64, 'a');
  results.words = catalogue();
  results.terms = {{0.0, 2.0, 0.0, 0.0, 0.0}, {0.0, 30.0, 0.0, 0.0, 0.0}};
  for (std::uint32_t i = 0; i < replications; ++i) {
    results.numbers.push_back(i);
    results.replications.push_back(filled_result(i));
  }
  return results;
}

inline StudyResults study(std::uint32_t replications) {
  StudyResults results;
  results.program_version = "0.1.0";
  results.engine_version = "1";
  results.study_name = "small";
  results.study_text = "[study]\n";
  results.seed = 7;
  results.planned_replications = replications;
  results.scenarios = {scenario("baseline", replications), scenario("more_beds", replications)};
  results.scenarios[1].name = "More beds";
  results.scenarios[1].changes = {"capacity of ward: 46 becomes 56"};
  // The second scenario has 1 to 3 fewer waiting for the ward.
  for (std::uint32_t i = 0; i < replications; ++i)
    for (std::size_t period = 0; period < 2; ++period) {
      setting_sum(results.scenarios[0].replications[i], period, 1, SettingSum::waiting_days) = 31.0 * (8.0 + i % 4);
      setting_sum(results.scenarios[1].replications[i], period, 1, SettingSum::waiting_days) =
          31.0 * (6.0 + i % 4 + 0.25 * (i % 3));
    }
  return results;
}

}  // namespace tl::made
