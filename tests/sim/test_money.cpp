#include <bit>
#include <cmath>

#include "tests/catch.hpp"
#include "tests/sim/small_runs.hpp"

// Costs of one replication, held against sums made by hand.
namespace {

using namespace tl;
using namespace tl::testing;

/// Two clients in a place of two units: days 1 to 11 and days 4 to 14; 40 days in periods of ten, after a warm-up.
struct Ward {
  ModelBuilder builder;
  std::uint32_t place = 0;

  explicit Ward(double warmup = 0.0, bool with_clients = true) {
    place = builder.add_setting(SettingKind::place, 2);
    builder.model.settings[place].stay = builder.stay(constant_value(10.0));
    builder.model.settings[place].choices = builder.choices({{builder.leave(0), 1.0}});
    if (with_clients) arrive_on(builder, 7, {1.0, 4.0}, builder.choices({{builder.move(place, Waiting::line), 1.0}}));
    builder.add_lines();
    builder.horizon(40.0);
    builder.model.start = SimTime::from_days(warmup);
    builder.model.period_ends.clear();
    for (double end = warmup + 10.0; end <= 40.0; end += 10.0)
      builder.model.period_ends.push_back(SimTime::from_days(end));
  }
  void costs(CostDriver driver, double price, SimTime on = {}) {
    builder.model.money.items.push_back({driver, driver == CostDriver::time ? 0 : place, price, on});
  }
  void price_from(double days, std::uint32_t item, double price) {
    builder.model.patches.push_back(
        {SimTime::from_days(days), PatchKind::price, item, std::bit_cast<std::int64_t>(price)});
  }
  std::vector<double> run() const { return run_once(builder.model).costs; }
};

bool close(double a, double b) {
  return std::abs(a - b) <= 1e-12 * (1.0 + std::abs(b));
}

}  // namespace

TEST_CASE("what costs by the day, the admission and the date, by hand") {
  Ward ward;
  ward.costs(CostDriver::client_days, 100.0);
  ward.costs(CostDriver::admissions, 7.0);
  ward.costs(CostDriver::capacity_days, 3.0);
  ward.costs(CostDriver::time, 5.0);
  ward.costs(CostDriver::once, 1000.0, SimTime::from_days(20.0));
  ward.costs(CostDriver::nothing, 1e6);
  // Clients in the first ten days: 9 and 6; in the next ten: 1 and 4. A date on the border is in the period it begins.
  CHECK(ward.run() == std::vector<double>{1500, 14, 60, 50, 0,    0,  //
                                          500,  0,  60, 50, 0,    0,  //
                                          0,    0,  60, 50, 1000, 0,  //
                                          0,    0,  60, 50, 0,    0});
}

TEST_CASE("a price that changes within a period counts from that instant, however often") {
  Ward ward;
  ward.costs(CostDriver::client_days, 100.0);
  ward.costs(CostDriver::time, 1.0);
  ward.price_from(2.25, 0, 80.0);
  ward.price_from(6.5, 0, 130.0);
  ward.price_from(6.5, 1, 0.1);
  ward.price_from(10.0, 0, 10.0);  // on the border: the period before is paid at the old price
  const std::vector<double> costs = ward.run();
  // One client from 1, a second from 4.
  CHECK(close(costs[0], 1.25 * 100.0 + (1.75 + 2 * 2.5) * 80.0 + 2 * 3.5 * 130.0));
  CHECK(close(costs[1], 6.5 + 0.35));
  CHECK(close(costs[2], 5.0 * 10.0));
  CHECK(close(costs[3], 1.0));
}

TEST_CASE("a price that changes to what it was changes nothing") {
  Ward plain;
  plain.costs(CostDriver::client_days, 123.0);
  Ward patched = plain;
  for (const double day : {0.5, 1.0, 3.0, 4.0, 9.75, 10.0, 11.0, 13.125, 14.0, 25.0}) patched.price_from(day, 0, 123.0);
  const std::vector<double> a = plain.run(), b = patched.run();
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(close(a[i], b[i]));
}

TEST_CASE("what comes before the results is not paid for, and prices of that time hold on") {
  Ward ward{10.0};
  ward.costs(CostDriver::client_days, 100.0);
  ward.costs(CostDriver::admissions, 7.0);
  ward.costs(CostDriver::once, 1000.0, SimTime::from_days(5.0));
  ward.price_from(5.0, 0, 200.0);
  CHECK(ward.run() == std::vector<double>{1000, 0, 0, 0, 0, 0, 0, 0, 0});
}

TEST_CASE("without demand there is no variable cost, and the fixed cost is the same") {
  Ward busy, idle{0.0, false};
  for (Ward* ward : {&busy, &idle}) {
    ward->costs(CostDriver::client_days, 100.0);
    ward->costs(CostDriver::admissions, 7.0);
    ward->costs(CostDriver::capacity_days, 3.0);
    ward->costs(CostDriver::time, 5.0);
  }
  const std::vector<double> with = busy.run(), without = idle.run();
  for (std::size_t period = 0; period < 4; ++period) {
    CHECK(without[period * 4] == 0.0);
    CHECK(without[period * 4 + 1] == 0.0);
    CHECK(without[period * 4 + 2] == with[period * 4 + 2]);
    CHECK(without[period * 4 + 3] == with[period * 4 + 3]);
  }
}

// In the checking build this run also compares, period by period, with accounts brought up to date at every instant.
TEST_CASE("twice the price is twice the cost, on a busy queue") {
  CompiledModel model = multi_server(2.0, 4.0, 9, 400.0);
  model.period_ends = {SimTime::from_days(100.0), SimTime::from_days(250.5), SimTime::from_days(400.0)};
  for (const double price : {10.0, 20.0}) model.money.items.push_back({CostDriver::client_days, 1, price, {}});
  for (const double price : {3.0, 6.0}) model.money.items.push_back({CostDriver::admissions, 1, price, {}});
  const ReplicationResult run = run_once(model);
  REQUIRE(run.cost_count == 4);
  for (std::size_t period = 0; period < 3; ++period) {
    CHECK(run.costs[period * 4] > 0.0);
    CHECK(close(run.costs[period * 4 + 1], 2.0 * run.costs[period * 4]));
    CHECK(close(run.costs[period * 4], 10.0 * run.sum(period, 1, SettingSum::census_days)));
    CHECK(close(run.costs[period * 4 + 2], 3.0 * run.sum(period, 1, SettingSum::admissions)));
    CHECK(close(run.costs[period * 4 + 3], 6.0 * run.sum(period, 1, SettingSum::admissions)));
  }
}
