#include <cmath>

#include "tests/catch.hpp"
#include "tests/scenarios/example.hpp"

// Money: models/examples/money.toml beside what it costs exactly.
namespace {

using namespace tl;
using namespace tl::testing;

/// Share sent on of a loss system (Erlang 1917).
double erlang_b(double load, int units) {
  double blocked = 1.0;
  for (int c = 1; c <= units; ++c) blocked = load * blocked / (c + load * blocked);
  return blocked;
}

}  // namespace

TEST_CASE("example: what it costs") {
  Example example{"money"};
  example.run(60);
  const double inside = 15.0 * (1.0 - erlang_b(15.0, 16));  // clients in the crisis unit
  example.check("care in the crisis unit, dollars a day", "cost.crisis_care", "days", 1450.0 * inside, 0.04);
  // The rent rises on day 434 (11 March 2027) of 1,095.75: 75 homes are let at any time.
  const double rent = 75.0 * (85.0 * 434.0 + 92.0 * (1095.75 - 434.0)) / 1095.75;
  example.check("rent, dollars a day", "cost.rent", "days", rent, 0.1);
  example.check("moving in, dollars a day", "cost.move_in", "days", 0.5 * 2400.0, 0.06);
  example.check("bonuses for half a year housed, dollars a day", "cost.stayed", "days",
                0.5 * std::exp(-180.0 / 150.0) * 1500.0, 0.1);
  example.check_same("beds of the crisis unit, dollars", "cost.crisis_beds", 16.0 * 300.0 * 1095.75);
  example.check_same("intake system, dollars", "cost.opening", 250000.0);
  for (const ReplicationResult& result : example.results())
    CHECK(example.value_of("cost.office", result) == Approx(1800000.0).epsilon(1e-12));
  example.check_page();
}

// The same clients, so that the sums compare run by run.
TEST_CASE("example: prices, splits and unused beds move no client, and twice the price is twice the cost") {
  Example plain{"money"}, dear{"money", {{"amount = 1450\n", "amount = 2900\n"}}},
      shared{"money", {{"{ medi_cal = 0.7, county = 0.3 }", "{ medi_cal = 0.1, county = 0.9 }"}}};
  for (Example* example : {&plain, &dear, &shared}) example->run(2);
  for (std::size_t r = 0; r < 2; ++r) {
    const ReplicationResult &a = plain.results()[r], &b = dear.results()[r];
    CHECK(a.settings == b.settings);
    CHECK(plain.value_of("cost.rent", a) == dear.value_of("cost.rent", b));
    CHECK(dear.value_of("cost.crisis_care", b) == Approx(2.0 * plain.value_of("cost.crisis_care", a)).epsilon(1e-12));
  }
  CHECK(are_same(plain.results(), shared.results()));  // who pays is no matter of the engine
}

TEST_CASE("example: without demand only what is fixed costs") {
  Example idle{"money", {{"rate = \"3 / d\"", "rate = \"0 / d\""}, {"rate = \"0.5 / d\"", "rate = \"0 / d\""}}};
  idle.run(2);
  for (const char* variable : {"cost.crisis_care", "cost.rent", "cost.move_in", "cost.stayed"})
    CHECK(idle.total(variable) == 0.0);
  idle.check_same("beds", "cost.crisis_beds", 16.0 * 300.0 * 1095.75);
}
