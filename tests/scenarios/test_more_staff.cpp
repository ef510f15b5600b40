#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "models/compile.hpp"
#include "models/read_model.hpp"
#include "models/staff_report.hpp"
#include "models/table_reader.hpp"
#include "sim/simulation.hpp"
#include "tests/catch.hpp"
#include "tests/models/language_text.hpp"
#include "tests/scenarios/example.hpp"

// Temporary people in vacant posts, and overtime: small cases by hand, and the ward of models/examples/staff.toml
// beside what its posts come to when each is taken by itself.
namespace {

using namespace tl;
using namespace tl::testing;
using tl::small::compiled_from;

ReplicationResult run_once(const Compiled& made) {
  Simulation simulation{made.model};
  ReplicationResult result;
  simulation.run(1, 0, nullptr, result);
  return result;
}
double of(const ReplicationResult& result, std::size_t period, StaffSum which) {
  return result.staff[period * result.staff_count * kStaffSums.size() + static_cast<std::size_t>(which)];
}
double dollars(const Compiled& made, const ReplicationResult& result, std::size_t period, const std::string& id) {
  for (std::size_t item = 0; item < made.words.costs.size(); ++item)
    if (made.words.costs[item].id == id) return result.costs[period * result.cost_count + item];
  throw std::runtime_error{"no cost is called " + id};
}

/// Four posts from day 10 on, two of them filled on day 30, with a temporary person from day 15 on.
const std::string kTwoMore = R"(
[model]
horizon = "40 d"
every = "20 d"
[staff.nurse]
role = "nurse"
time_to_hire = "20 d"
hours_per_week = 35
leave = 0.2
salary = 73050
fte = { base = 2, dated = [ { at = "10 d", value = 4 } ] }
)";
const std::string kWard = R"(
[settings.ward]
capacity = 8
stay = "10 d"
next = "leave:home"
[[settings.ward.staffing]]
staff = "nurse"
clients_per_fte = 2
)";

// ---- the ward of the example, post by post

constexpr double kPosts = 24.0, kMeanDays = 95.0, kTurnover = 0.5 / 365.25;
constexpr double kStep = 2.0 * 168.0 / 34.0;  ///< FTE for 8 beds

/// E[max(0, L - days)] of a gamma length with cv 0.5: an Erlang of four stages.
double mean_excess(double days) {
  const double scale = kMeanDays / 4.0, x = days / scale;
  double sum = 0.0, term = std::exp(-x);
  for (int i = 0; i < 4; ++i) {
    sum += (4 - i) * term;
    term *= x / (i + 1);
  }
  return scale * sum;
}

/// Each post is held, vacant for less than 30 days, or longer, apart from the others: an alternating renewal process.
/// @param count  of nurses employed and of posts long vacant
template <class Value>
double over_posts(Value count) {
  const double vacant = kTurnover * kMeanDays / (1.0 + kTurnover * kMeanDays);
  const double old = vacant * mean_excess(30.0) / kMeanDays, held = 1.0 - vacant, young = vacant - old;
  double sum = 0.0;
  for (int k = 0; k <= 24; ++k)
    for (int o = 0; k + o <= 24; ++o) {
      const int y = 24 - k - o;
      const double ways = std::lgamma(25.0) - std::lgamma(k + 1.0) - std::lgamma(o + 1.0) - std::lgamma(y + 1.0);
      sum += std::exp(ways + k * std::log(held) + o * std::log(old) + y * std::log(young)) * count(k, o);
    }
  return sum;
}

double beds(double fte) {
  return 8.0 * std::min(2.0, std::floor(fte / kStep));
}

}  // namespace

TEST_CASE("a temporary person holds a post that has been vacant for long enough, until it is filled") {
  const Compiled made =
      compiled_from(kTwoMore + "agency = { up_to = 1, after = \"5 d\", pay = \"$95 / h\" }\n" + kWard);
  const ReplicationResult result = run_once(made);
  CHECK(of(result, 0, StaffSum::agency_days) == Approx(5.0));
  CHECK(of(result, 1, StaffSum::agency_days) == Approx(10.0));
  CHECK(of(result, 0, StaffSum::peak_agency) == 1.0);
  CHECK(of(result, 0, StaffSum::vacant_days) == Approx(20.0));  // the posts are vacant all the same
  CHECK(result.sum(0, 1, SettingSum::capacity_days) == Approx(15.0 * 4.0 + 5.0 * 6.0));
  CHECK(result.sum(1, 1, SettingSum::capacity_days) == Approx(10.0 * 6.0 + 10.0 * 8.0));
  // 35 hours a week, of which a fifth is leave: 4 hours a day are worked, and paid
  CHECK(dollars(made, result, 0, "staff.nurse.agency") == Approx(5.0 * 4.0 * 95.0));
  CHECK(dollars(made, result, 1, "staff.nurse.agency") == Approx(10.0 * 4.0 * 95.0));
  CHECK(dollars(made, result, 1, "staff.nurse") == Approx(200.0 * (10.0 * 2.0 + 10.0 * 4.0)));
}

TEST_CASE("temporary people are as many as may come, also in parts and by date") {
  const auto days = [](const std::string& agency) {
    const ReplicationResult result = run_once(compiled_from(kTwoMore + "agency = " + agency + "\n" + kWard));
    return of(result, 0, StaffSum::agency_days) + of(result, 1, StaffSum::agency_days);
  };
  CHECK(days("{ up_to = 6 }") == Approx(40.0));
  CHECK(days("{ up_to = 1.5 }") == Approx(30.0));
  CHECK(days("{ up_to = 0 }") == 0.0);
  CHECK(days("{ up_to = 2, after = \"20 d\" }") == 0.0);  // filled by then
  CHECK(days("{ up_to = { base = 0, dated = [ { at = \"25 d\", value = 2 } ] } }") == Approx(10.0));
}

TEST_CASE("overtime is worked while the clients there need more than those at work, and no longer") {
  const auto clients = [](int count) {
    return kTwoMore + "overtime = { up_to = 0.25, pay = 1.5 }\n" + kWard +
           "[arrivals.ward]\ndates = [\"1 d\"]\nbatch = " + std::to_string(count) + "\nto = \"ward\"\n";
  };
  // 2 nurses carry 4, with overtime 5: half an FTE more for ten days
  const Compiled made = compiled_from(clients(5));
  const ReplicationResult result = run_once(made);
  CHECK(result.sum(0, 1, SettingSum::capacity_days) == Approx(20.0 * 5.0));
  CHECK(result.sum(1, 1, SettingSum::capacity_days) == Approx(10.0 * 5.0 + 10.0 * 8.0));
  CHECK(of(result, 0, StaffSum::overtime_days) == Approx(10.0 * 0.5));
  CHECK(of(result, 0, StaffSum::peak_overtime) == 0.5);
  // 200 dollars are a paid day of 5 hours, of which 4 are worked
  CHECK(dollars(made, result, 0, "staff.nurse.overtime") == Approx(10.0 * 0.5 * 4.0 * 1.5 * 200.0 / 5.0));
  CHECK(of(result, 1, StaffSum::overtime_days) == 0.0);
  CHECK(of(run_once(compiled_from(clients(4))), 0, StaffSum::overtime_days) == 0.0);
}

TEST_CASE("who leaves is made up for by overtime, and what is worked is never more than there is") {
  const ReplicationResult result = run_once(compiled_from(R"(
[model]
horizon = "30 d"
every = "30 d"
[staff.nurse]
role = "nurse"
fte = { base = 4, dated = [ { at = "10 d", value = 3 }, { at = "20 d", value = 1 } ] }
overtime = { up_to = 0.5 }
[settings.ward]
capacity = 8
stay = "100 d"
next = "leave:home"
staffing = [ { staff = "nurse", clients_per_fte = 2 } ]
[initial.there]
place = "ward"
count = 8
stay = "fresh"
)"));
  // 8 clients need 4: one from day 10 on by overtime; from day 20 on one nurse works half more, and 2.5 are short
  CHECK(of(result, 0, StaffSum::overtime_days) == Approx(10.0 * 1.0 + 10.0 * 0.5));
  CHECK(of(result, 0, StaffSum::used_days) == Approx(10.0 * 4.0 + 10.0 * 4.0 + 10.0 * 1.5));
  CHECK(of(result, 0, StaffSum::needed_census_days) == Approx(120.0));
}

TEST_CASE("example: nurses from an agency, post by post") {
  Example example{"staff", {{"agency = { up_to = 0", "agency = { up_to = 4"}}};
  example.run(40);
  const double agency = over_posts([](int, int old) { return std::min(4.0, double(old)); });
  example.check("with up to 4 from an agency: agency FTE", "staff.ward_nurse.agency_days", "days", agency, 0.2);
  example.check("with up to 4 from an agency: dollars a day", "cost.staff.ward_nurse.agency", "days",
                agency * 34.0 / 7.0 * 95.0, 0.2);
  example.check("with up to 4 from an agency: beds that can be used", "ward.capacity_days", "days",
                over_posts([](int held, int old) { return beds(held + std::min(4.0, double(old))); }), 0.03);
  example.check_page();
}

TEST_CASE("example: overtime of nurses where every bed is wanted") {
  Example example{
      "staff",
      {{"overtime = { up_to = 0,", "overtime = { up_to = 0.1,"},
       {"mean = \"8 d\"", "mean = \"40 d\""},
       {"rate = \"1.1 / d\"", "rate = \"0.6 / d\""},
       {"horizon = \"10 y\"", "horizon = \"10 y\"\nwarmup = \"1 y\""},
       {"next = \"leave:done\"", "next = \"leave:done\"\non_cut = \"discharge\"\ncut_to = \"leave:sent_on\""}}};
  example.run(120);
  example.check("with a tenth of overtime: beds that can be used", "ward.capacity_days", "days",
                over_posts([](int held, int) { return beds(1.1 * held); }), 0.03);
  const double worked = over_posts([](int held, int) { return std::max(0.0, beds(1.1 * held) / 8.0 * kStep - held); });
  example.check("with a tenth of overtime, all beds wanted: FTE of it", "staff.ward_nurse.overtime_days", "days",
                worked, 0.4);
  example.check("with a tenth of overtime, all beds wanted: dollars a day", "cost.staff.ward_nurse.overtime", "days",
                worked * 0.85 * 1.5 * 118000.0 / 365.25, 0.4);
  example.check_page();
}

TEST_CASE("what is to be expected of an agency before a run is what its posts come to") {
  const Example example{"staff", {{"agency = { up_to = 0", "agency = { up_to = 4"}}};
  Problems problems;
  const auto model = read_model(example_path("staff"), {}, problems);
  REQUIRE(model);
  const StaffReport report = expected_staff(*model, example.compiled());
  CHECK(report.pools[0].agency ==
        Approx(over_posts([](int, int old) { return std::min(4.0, double(old)); })).epsilon(1e-3));
  CHECK(report.pools[0].overtime == 0.0);
}

TEST_CASE("a budget against which nothing can count is told") {
  Problems problems;
  const Document rows = read_toml_text(
      "[settings.a]\ncapacity = 2\nstay = \"3 d\"\nnext = \"leave:done\"\n"
      "[settings.b]\ncapacity = 2\nstay = \"3 d\"\nnext = \"leave:done\"\n"
      "[arrivals.door]\nrate = \"1 / d\"\nto = \"a\"\n[arrivals.gate]\nrate = \"1 / d\"\nto = \"b\"\n"
      "[costs.bed]\nsetting = \"a\"\nper = \"client day\"\namount = 100\n"
      "[budgets.year]\namount = 5000\ncounts = { settings = [\"b\"] }\nstops_admissions = [\"b\"]\n",
      "case.toml", Limits{}, problems);
  const auto model = build_model(rows, {}, {}, problems);
  REQUIRE(model);
  compile(*model, Limits{}, problems);
  const auto all = problems.sorted();
  CHECK(std::any_of(all.begin(), all.end(), [](const Problem& one) { return one.code.text() == "budget-nothing"; }));
}
