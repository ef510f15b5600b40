#include <string>

#include "models/compile.hpp"
#include "sim/simulation.hpp"
#include "tests/catch.hpp"
#include "tests/models/language_text.hpp"

// Budgets beside what happens on known days, and policies that budgets keep from opening or that change staff.
using namespace tl;
using tl::small::compiled_from;

namespace {

ReplicationResult run_once(const std::string& text) {
  const Compiled made = compiled_from(text);
  Simulation simulation{made.model};
  ReplicationResult result;
  simulation.run(1, 0, nullptr, result);
  return result;
}
double of(const ReplicationResult& result, std::size_t period, BudgetSum which) {
  return result.budgets[period * result.budget_count * kBudgetSums.size() + static_cast<std::size_t>(which)];
}
double of(const ReplicationResult& result, std::size_t period, PolicySum which) {
  return result.policies[period * result.policy_count * kPolicySums.size() + static_cast<std::size_t>(which)];
}

/// Ten clients from the start on, each for 100 days, and one more each day, of whom each costs $1 a day.
const std::string kFull = R"(
[settings.ward]
capacity = 30
stay = "100 d"
next = "leave:home"
[initial.there]
place = "ward"
count = 10
stay = "fresh"
[arrivals.more]
gap = "1 d"
to = "ward"
[costs.care]
setting = "ward"
per = "client day"
amount = 1
[payers.county]
[payers.state]
)";

}  // namespace

TEST_CASE("a budget once spent lets nobody more in, and those who ask wait because of a rule") {
  // 10 + 11 + 12 + 13 + 14 dollars in five days: 60 on day 5
  const ReplicationResult result =
      run_once("[model]\nhorizon = \"20 d\"\nevery = \"10 d\"\n" + kFull +
               "[budgets.all]\namount = 60\nevery = \"once\"\nstops_admissions = [\"ward\"]\n");
  using S = SettingSum;
  CHECK(of(result, 0, BudgetSum::granted) == 60.0);
  CHECK(of(result, 1, BudgetSum::granted) == 0.0);
  CHECK(of(result, 0, BudgetSum::stopped_days) == 5.0);
  CHECK(of(result, 1, BudgetSum::stopped_days) == 10.0);
  CHECK(of(result, 0, BudgetSum::times_spent) == 1.0);
  CHECK(of(result, 0, BudgetSum::spent) == Approx(60.0 + 5.0 * 14.0));
  CHECK(of(result, 0, BudgetSum::left_at_end) == Approx(-70.0));
  CHECK(of(result, 0, BudgetSum::asked) + of(result, 1, BudgetSum::asked) == 15.0);
  CHECK(result.sum(0, 1, S::admissions) + result.sum(1, 1, S::admissions) == 4.0);
  CHECK(result.sum(1, 1, S::waiting_policy_days) == Approx(result.sum(1, 1, S::waiting_days)));
  CHECK(result.sum(1, 1, S::waiting_days) > 50.0);
}

TEST_CASE("what counts is what all lists let through, with a payer's share") {
  const auto spent = [](const std::string& counts) {
    return of(run_once("[model]\nhorizon = \"10 d\"\nevery = \"10 d\"\n" + kFull +
                       "[costs.office]\nper = \"once\"\non = \"3 d\"\namount = 1000\n"
                       "split = { county = 0.25, state = 0.75 }\n[budgets.b]\namount = 1e6\n" +
                       counts),
              0, BudgetSum::spent);
  };
  const double care = 145.0;
  CHECK(spent("") == Approx(care + 1000.0));
  CHECK(spent("counts = { settings = [\"ward\"] }\n") == Approx(care));
  CHECK(spent("counts = { payers = [\"county\"] }\n") == Approx(250.0));
  CHECK(spent("counts = { costs = [\"office\"], payers = [\"state\"] }\n") == Approx(750.0));
}

TEST_CASE("a year under way has the part of its amount that falls to the days left of it") {
  const ReplicationResult result =
      run_once("[model]\nstart = \"2027-04-01\"\nhorizon = \"200 d\"\nevery = \"quarter\"\n" + kFull +
               "[budgets.b]\namount = { base = 36500, dated = [ { at = \"2027-05-01\", value = 73000 } ] }\nstarts = "
               "\"07-01\"\n");
  CHECK(of(result, 0, BudgetSum::granted) == Approx(36500.0 * 91.0 / 365.0));
  CHECK(of(result, 1, BudgetSum::granted) == Approx(73000.0));
}

TEST_CASE("a policy does not open while a budget that stops it is spent") {
  const auto openings = [](const std::string& amount) {
    return of(run_once("[model]\nhorizon = \"20 d\"\nevery = \"20 d\"\n" + kFull +
                       "[policies.more]\nwhen = { measure = \"census\", settings = [\"ward\"], over = 15 }\n"
                       "until = \"never\"\nchanges = [ { path = \"settings.ward.capacity\", add = 5 } ]\n"
                       "[budgets.b]\nevery = \"once\"\nstops_openings = [\"more\"]\namount = " +
                       amount + "\n"),
              0, PolicySum::openings);
  };
  CHECK(openings("1000000") == 1.0);
  CHECK(openings("60") == 0.0);
}

TEST_CASE("a policy changes the posts of a staff pool") {
  const ReplicationResult result = run_once(R"(
[model]
horizon = "30 d"
every = "30 d"
start = "2027-01-01"
[staff.nurse]
role = "nurse"
fte = { base = 2, dated = [ { at = "20 d", value = 3 } ] }
[settings.ward]
capacity = 100
stay = "1 d"
next = "leave:home"
staffing = [ { staff = "nurse", clients_per_fte = 2 } ]
[policies.winter]
season = { from = "01-11", to = "01-25" }
changes = [ { path = "staff.nurse.fte", add = 1.5 } ]
)");
  const auto staff = [&](StaffSum which) { return result.staff[static_cast<std::size_t>(which)]; };
  CHECK(staff(StaffSum::budgeted_days) == Approx(20.0 * 2.0 + 10.0 * 3.0 + 15.0 * 1.5));
  CHECK(staff(StaffSum::employed_days) == Approx(20.0 * 2.0 + 10.0 * 3.0 + 15.0 * 1.5));
  CHECK(staff(StaffSum::let_go) == 2.0);  // the half post and a whole one
  CHECK(result.sum(0, 1, SettingSum::capacity_days) == Approx(2.0 * (20.0 * 2.0 + 10.0 * 3.0 + 15.0 * 1.5)));
}
