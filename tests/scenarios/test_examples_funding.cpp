#include <array>
#include <cmath>

#include "tests/catch.hpp"
#include "tests/scenarios/example.hpp"

// Examples of budgets and of teams: models/examples beside exact results.
namespace {

using namespace tl;
using namespace tl::testing;

/// Clients in the respite home on each of 730 days, and who asked while the budget was spent: worked out day by day.
/// Each stays ten days; who finds admissions stopped waits for up to five.
struct Respite {
  double client_days = 0.0, stopped_days = 0.0, asked = 0.0, waiting_days = 0.0;
  std::array<double, 2> spent_on{};  ///< day of the year
};
Respite respite() {
  Respite found;
  std::array<int, 760> came{};  // admitted on a day
  double spent = 0.0;
  bool stopped = false;
  for (int day = 0; day < 730; ++day) {
    if (day == 365) {
      spent = 0.0;
      stopped = false;
      // of those who came in the last five days the first has just given up
      for (int waited = 4; waited >= 1; --waited) ++came[365], found.waiting_days -= 5 - waited;
    }
    if (!stopped && spent >= 1'200'000.0) {
      stopped = true;
      found.spent_on[static_cast<std::size_t>(day / 365)] = day % 365;
    }
    if (day > 0) {
      if (stopped)
        ++found.asked, found.waiting_days += std::min(5, 730 - day);
      else
        ++came[static_cast<std::size_t>(day)];
    }
    found.stopped_days += stopped ? 1.0 : 0.0;
    int there = 0;
    for (int since = std::max(0, day - 9); since <= day; ++since) there += came[static_cast<std::size_t>(since)];
    found.client_days += there;
    spent += 400.0 * there;
  }
  return found;
}

/// Posts filled of ten and whether the team is open, from the first day on: dt by dt (the chance of two changes within
/// one is under one in a million).
struct Team {
  double open_days = 0.0, openings = 0.0, filled_days = 0.0, slot_days = 0.0, forming_days = 0.0;
};
Team team(double horizon) {
  constexpr double kStep = 1.0 / 64.0, kLeave = 0.3 / 365.25, kHire = 1.0 / 60.0;
  std::array<std::array<double, 2>, 11> now{};
  now[0][0] = 1.0;
  Team found;
  const auto slope = [&](const auto& at, double& opening) {
    std::array<std::array<double, 2>, 11> change{};
    opening = 0.0;
    for (int k = 0; k <= 10; ++k)
      for (int open = 0; open < 2; ++open) {
        const double share = at[k][open], up = kHire * (10 - k) * share, down = kLeave * k * share;
        change[k][open] -= up + down;
        if (k < 10) change[k + 1][open == 1 || k + 1 >= 8] += up;
        if (k < 10 && open == 0 && k + 1 >= 8) opening += up;
        if (k > 0) change[k - 1][open == 1 && k - 1 >= 6] += down;
      }
    return change;
  };
  const auto plus = [](auto at, const auto& change, double by) {
    for (std::size_t k = 0; k <= 10; ++k)
      for (std::size_t open = 0; open < 2; ++open) at[k][open] += by * change[k][open];
    return at;
  };
  for (double t = 0.0; t < horizon - kStep / 2.0; t += kStep) {  // Runge & Kutta
    std::array<double, 4> opening{};
    const auto a = slope(now, opening[0]), b = slope(plus(now, a, kStep / 2.0), opening[1]),
               c = slope(plus(now, b, kStep / 2.0), opening[2]), d = slope(plus(now, c, kStep), opening[3]);
    const auto add = [&](const auto& at, double weight) {
      for (int k = 0; k <= 10; ++k) {
        found.open_days += weight * at[k][1];
        found.filled_days += weight * k * (at[k][0] + at[k][1]);
        found.slot_days += weight * 10.0 * k * at[k][1];
        found.forming_days += weight * k * at[k][0];
      }
    };
    add(now, kStep / 2.0);
    found.openings += kStep / 6.0 * (opening[0] + 2.0 * opening[1] + 2.0 * opening[2] + opening[3]);
    for (std::size_t k = 0; k <= 10; ++k)
      for (std::size_t open = 0; open < 2; ++open)
        now[k][open] += kStep / 6.0 * (a[k][open] + 2.0 * b[k][open] + 2.0 * c[k][open] + d[k][open]);
    add(now, kStep / 2.0);
  }
  return found;
}

}  // namespace

TEST_CASE("example: a contract that is spent in spring") {
  Example example{"budgets"};
  example.run(1);
  const Respite exact = respite();
  CHECK(exact.spent_on[0] == 306.0);
  CHECK(exact.spent_on[1] == 301.0);
  example.check_same("dollars that could be spent in two years", "budget.respite.granted", 2'400'000.0);
  example.check_same("dollars spent", "budget.respite.spent", 400.0 * exact.client_days);
  example.check_same("dollars of care", "cost.care", 400.0 * exact.client_days);
  example.check_same("days on which it was spent", "budget.respite.stopped_days", exact.stopped_days);
  example.check_same("people who asked meanwhile", "budget.respite.asked", exact.asked);
  example.check_same("days they waited for it", "respite.waiting_policy_days", exact.waiting_days);
  example.check_same("days anybody waited", "respite.waiting_days", exact.waiting_days);
  example.check_same("times it was spent", "budget.respite.times_spent", 2.0);
  example.check_page();
}

TEST_CASE("example: a team opens when the eighth of its ten posts is filled") {
  Example bare{"teams", {{"turnover = \"0.3 / y\"\n", ""}}};
  bare.run(200);
  double days = 0.0;
  for (int i = 1; i <= 8; ++i) days += 60.0 / (10 - i + 1);
  bare.check("days until it opens, if nobody leaves", "days - staff.fsp_team.teams_open_days", "runs", days, 0.25);
  bare.check_page();
}

TEST_CASE("example: a team over three years, with people who leave") {
  Example example{"teams"};
  example.run(200);
  const double horizon = 3.0 * 365.25;
  const Team exact = team(horizon);
  example.check("share of the time it is open", "staff.fsp_team.teams_open_days", "days", exact.open_days / horizon,
                0.03);
  example.check("times it opens", "staff.fsp_team.team_openings", "runs", exact.openings, 0.1);
  example.check("people employed", "staff.fsp_team.employed_days", "days", exact.filled_days / horizon, 0.02);
  example.check("people in a team that is not open", "staff.fsp_team.forming_days", "days",
                exact.forming_days / horizon, 0.35);
  example.check("clients it could have", "fsp.capacity_days", "days", exact.slot_days / horizon, 0.03);
  example.check_page();
}
