#include <algorithm>
#include <limits>

#include "analysis/table_text.hpp"
#include "analysis/tables.hpp"
#include "tests/analysis/made_results.hpp"
#include "tests/catch.hpp"

// What results tell of staff, from numbers made by hand.
using namespace tl;

namespace {

constexpr std::size_t kPools = 3, kRows = 2;

double& sum(ReplicationResult& run, std::size_t period, std::size_t pool, StaffSum which) {
  return run.staff[(period * kPools + pool) * kStaffSums.size() + static_cast<std::size_t>(which)];
}
double& sum(ReplicationResult& run, std::size_t period, std::size_t row, StaffingSum which) {
  return run.staffing[(period * kRows + row) * kStaffingSums.size() + static_cast<std::size_t>(which)];
}

/// Nurses of the ward and of the flats (two pools of one role in one department), and psychiatrists elsewhere.
/// @param vacant  FTE of the first pool in the second month; every replication has one more employed than the last
ScenarioResults scenario(const std::string& id, double vacant) {
  ScenarioResults made = made::scenario(id, 3);
  made.words.staff = {{"ward_nurse", "Ward nurses", "registered nurse", "dmh", 20.0, 40.0, 0.1, 0.0},
                      {"flat_nurse", "Visiting nurses", "registered nurse", "dmh", 4.0, 40.0, 0.1, 0.0},
                      {"doctor", "Psychiatrists", "psychiatrist", "dhs", 2.5, 40.0, 0.0, 0.0}};
  made.words.staffing = {{"ward.ward_nurse", "ward_nurse", "ward", "2 posts for each 10 clients, 24/7", 4.9},
                         {"flats.flat_nurse", "flat_nurse", "flats", "25 clients per FTE", 0.0}};
  for (std::size_t i = 0; i < made.replications.size(); ++i) {
    ReplicationResult& run = made.replications[i];
    run.staff_count = kPools;
    run.staffing_count = kRows;
    run.staff.assign(2 * kPools * kStaffSums.size(), 0.0);
    run.staffing.assign(2 * kRows * kStaffingSums.size(), 0.0);
    for (std::size_t period = 0; period < 2; ++period) {
      const double gone = period == 1 ? vacant - static_cast<double>(i) : 0.0;
      sum(run, period, 0, StaffSum::budgeted_days) = 31.0 * 20.0;
      sum(run, period, 0, StaffSum::employed_days) = 31.0 * (20.0 - gone);
      sum(run, period, 0, StaffSum::vacant_days) = 31.0 * gone;
      sum(run, period, 0, StaffSum::peak_vacant) = 2.0 * gone;
      sum(run, period, 0, StaffSum::needed_physical_days) = 31.0 * 45.0;
      sum(run, period, 1, StaffSum::budgeted_days) = 31.0 * 4.0;
      sum(run, period, 1, StaffSum::employed_days) = 31.0 * 4.0;
      sum(run, period, 2, StaffSum::budgeted_days) = 31.0 * 2.5;
      sum(run, period, 2, StaffSum::employed_days) = 31.0 * 2.5;
      sum(run, period, 0, StaffingSum::physical_days) = 31.0 * 46.0;
      sum(run, period, 0, StaffingSum::carried_days) = 31.0 * 40.0;
      sum(run, period, 0, StaffingSum::lost_days) = 31.0 * 6.0;
      sum(run, period, 0, StaffingSum::bound_days) = 15.5;
    }
  }
  return made;
}

StudyResults study() {
  StudyResults made = made::study(3);
  made.scenarios = {scenario("baseline", 6.0), scenario("hiring", 4.0)};
  made.planned_replications = 3;
  return made;
}

const ResultRow* row_of(const ResultTable& table, const std::string& measure, const std::string& subject,
                        const std::string& when = "", const std::string& scenario_id = "baseline") {
  for (const ResultRow& row : table.rows)
    if (row.measure == measure && row.subject == subject && row.when == when && row.scenario == scenario_id)
      return &row;
  return nullptr;
}
double mean_of(const ResultTable& table, const std::string& measure, const std::string& subject,
               const std::string& when = "", const std::string& scenario_id = "baseline") {
  const ResultRow* row = row_of(table, measure, subject, when, scenario_id);
  INFO(measure << " of " << subject << ' ' << when);
  REQUIRE(row != nullptr);
  return row->value.mean;
}

}  // namespace

TEST_CASE("staff are told by role and department, and by setting") {
  TableQuery query;
  query.table = "staff";
  const ResultTable table = make_table(study(), query);
  const std::string nurses = "registered nurse, dmh";
  CHECK(mean_of(table, "fte_budgeted", nurses) == Approx(24.0));
  // replications 0, 1 and 2 have 6, 5 and 4 vacant in the second of two months
  CHECK(mean_of(table, "fte_employed", nurses) == Approx(24.0 - 2.5));
  CHECK(mean_of(table, "fte_vacant", nurses) == Approx(2.5));
  CHECK(mean_of(table, "fte_vacant_share", nurses) == Approx(100.0 * 2.5 / 24.0));
  CHECK(mean_of(table, "fte_vacant_peak", nurses) == Approx(10.0));
  CHECK(mean_of(table, "fte_needed_physical", nurses) == Approx(45.0));
  CHECK(row_of(table, "fte_needed_standard", nurses) == nullptr);  // nothing is needed by a standard
  CHECK(mean_of(table, "fte_employed", "psychiatrist, dhs") == Approx(2.5));
  CHECK(mean_of(table, "setting_units_physical", "ward.ward_nurse") == Approx(46.0));
  CHECK(mean_of(table, "setting_units_carried", "ward.ward_nurse") == Approx(40.0));
  CHECK(mean_of(table, "setting_units_lost", "ward.ward_nurse") == Approx(6.0));
  CHECK(mean_of(table, "setting_staff_binds", "ward.ward_nurse") == Approx(50.0));
  CHECK(row_of(table, "fte_employed", nurses)->subject_name == "registered nurse, Mental Health");
  CHECK(row_of(table, "setting_units_lost", "ward.ward_nurse")->subject_name == "Acute ward: registered nurse");
  CHECK(row_of(table, "fte_employed", nurses)->value.low.has_value());
}

TEST_CASE("the table of staff is among those of results with staff only") {
  const auto has_staff = [](const std::vector<std::string>& tables) {
    return std::find(tables.begin(), tables.end(), "staff") != tables.end();
  };
  CHECK(has_staff(result_tables_of(study())));
  CHECK_FALSE(has_staff(result_tables_of(made::study(3))));
}

TEST_CASE("staff of a month, and what a scenario changes") {
  TableQuery query;
  query.table = "staff";
  query.by_period = ByPeriod::month;
  const ResultTable months = make_table(study(), query);
  CHECK(mean_of(months, "fte_vacant", "registered nurse, dmh", "2020-07") == 0.0);
  CHECK(mean_of(months, "fte_vacant", "registered nurse, dmh", "2020-08") == Approx(5.0));
  query.by_period = ByPeriod::quarter;
  CHECK(mean_of(make_table(study(), query), "fte_vacant", "registered nurse, dmh", "2020-Q3") == Approx(2.5));
  query.by_period = ByPeriod::whole;
  query.versus = "baseline";
  const ResultTable change = make_table(study(), query);
  CHECK(mean_of(change, "fte_vacant", "registered nurse, dmh", "", "hiring") == Approx(-1.0));
  CHECK(row_of(change, "fte_vacant", "registered nurse, dmh", "", "hiring")->base.mean == Approx(2.5));
}

TEST_CASE("filters pick staff by role, department and setting") {
  TableQuery query;
  query.table = "staff";
  query.role = {"psychiatrist"};
  for (const ResultRow& row : make_table(study(), query).rows) CHECK(row.role == "psychiatrist");
  query.role.clear();
  query.department = {"dmh"};
  const ResultTable dmh = make_table(study(), query);
  CHECK_FALSE(dmh.rows.empty());
  for (const ResultRow& row : dmh.rows) CHECK(row.department == "dmh");
  query.setting = {"ward"};
  const ResultTable ward = make_table(study(), query);
  CHECK_FALSE(ward.rows.empty());
  for (const ResultRow& row : ward.rows) CHECK(row.setting == "ward");
  query.role = {"registred nurse"};
  CHECK_THROWS_WITH(make_table(study(), query), Catch::Contains("Did you mean \"registered nurse\"?"));
}

TEST_CASE("CSV of staff has columns for role, department and setting, and other tables have not") {
  TableQuery query;
  query.table = "staff";
  const std::string csv = to_csv(make_table(study(), query));
  CHECK_THAT(csv.substr(0, csv.find('\r')), Catch::EndsWith(",role,department,setting"));
  CHECK_THAT(csv, Catch::Contains(",registered nurse,dmh,\r\n"));
  CHECK_THAT(csv, Catch::Contains(",registered nurse,dmh,ward\r\n"));
  query.table = "waits";
  const std::string waits = to_csv(make_table(study(), query));
  CHECK(waits.find("department,setting") == std::string::npos);
}

TEST_CASE("of a part of the population the staff are all there, and units are told as the whole") {
  StudyResults made = study();
  for (ScenarioResults& one : made.scenarios) one.words.population_scale = 0.5;
  TableQuery query;
  query.table = "staff";
  const ResultTable table = make_table(made, query);
  const ResultTable whole = make_table(study(), query);
  const auto units = [](const ResultTable& of) { return mean_of(of, "setting_units_carried", "ward.ward_nurse"); };
  CHECK(mean_of(table, "fte_budgeted", "registered nurse, dmh") == Approx(24.0));
  CHECK(units(whole) > 0.0);
  CHECK(units(table) == Approx(2.0 * units(whole)));
  CHECK(mean_of(table, "fte_vacant_share", "registered nurse, dmh") == Approx(100.0 * 2.5 / 24.0));
}

TEST_CASE("what staff alone limit has an occupancy too") {
  StudyResults made = study();
  ScenarioResults& one = made.scenarios.front();
  one.words.settings[2].capacity = std::numeric_limits<double>::infinity();  // the flats, which nurses visit
  one.replications = {one.replications[0]};
  one.numbers = {0};
  for (std::size_t period = 0; period < 2; ++period) {
    made::setting_sum(one.replications[0], period, 2, SettingSum::capacity_days) = 31.0 * 80.0;
    made::setting_sum(one.replications[0], period, 2, SettingSum::census_days) = 31.0 * 60.0;
  }
  TableQuery query;
  query.metric = {"occupancy", "capacity_mean"};
  query.setting = {"flats"};
  query.scenario = {"baseline"};
  const ResultTable table = make_table(made, query);
  CHECK(mean_of(table, "occupancy", "flats") == Approx(75.0));
  CHECK(mean_of(table, "capacity_mean", "flats") == Approx(80.0));

  one.words.staffing[1].limits = 0.0;  // they are asked for, but nobody is turned away without them
  CHECK(make_table(made, query).rows.empty());
}

TEST_CASE("results.h5 keeps staff, and has nothing of them where there are none") {
  const StudyResults made = study();
  const StudyResults back = read_results(write_results(made));
  REQUIRE(back.scenarios.size() == 2);
  const ScenarioResults& one = back.scenarios.front();
  REQUIRE(one.words.staff.size() == 3);
  CHECK(one.words.staff[1].role == "registered nurse");
  CHECK(one.words.staff[2].fte == 2.5);
  REQUIRE(one.words.staffing.size() == 2);
  CHECK(one.words.staffing[0].relief == 4.9);
  CHECK(one.words.staffing[1].needs == "25 clients per FTE");
  CHECK(one.replications[2].staff == made.scenarios.front().replications[2].staff);
  CHECK(one.replications[2].staffing == made.scenarios.front().replications[2].staffing);
  const std::vector<std::byte> without = write_results(made::study(3));
  const std::string text{reinterpret_cast<const char*>(without.data()), without.size()};
  CHECK(text.find("staff_words") == std::string::npos);
  CHECK(text.find("staffing") == std::string::npos);
}
