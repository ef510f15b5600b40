#include <cmath>

#include "sim/curve.hpp"
#include "tests/catch.hpp"
#include "tests/models/small_models.hpp"

using namespace tl;
using namespace tl::small;

namespace {

CompiledModel compiled(const Model& model) {
  Problems problems;
  auto made = compile(model, Limits{}, problems);
  INFO(text_of(problems));
  REQUIRE(made.has_value());
  return std::move(made->model);
}
using Steps = std::vector<std::pair<double, std::int64_t>>;
Steps capacities(const CompiledModel& model) {
  Steps found;
  for (const Patch& patch : model.patches)
    if (patch.kind == PatchKind::capacity) found.emplace_back(patch.at.days(), patch.value);
  return found;
}
double integral(const CompiledModel& model, double days) {
  return curve_integral(model, model.arrivals[0].rate, SimTime::from_days(days));
}

}  // namespace

TEST_CASE("dated capacities are patches, rounded down, and the first one is carried back") {
  Model model = clinic(1, 1, 43);
  model.warmup_days = 100;
  model.settings[1].capacity->dated = {{63, 46.9}, {100, 46.2}, {126, 40}};
  CompiledModel made = compiled(model);
  CHECK(made.settings[1].capacity == 43);
  CHECK(capacities(made) == Steps{{163, 46}, {226, 40}});
  model.settings[1].capacity->dated = {{0, 50}, {10, 60}};
  made = compiled(model);
  CHECK(made.settings[1].capacity == 50);
  CHECK(capacities(made) == Steps{{110, 60}});
}

TEST_CASE("a ramp changes capacity when it crosses whole numbers") {
  Model model = clinic(1, 1, 10);
  model.settings[1].capacity->linear = true;
  model.settings[1].capacity->dated = {{0, 10}, {10, 12.5}, {30, 12.5}, {40, 10}};
  const CompiledModel made = compiled(model);
  CHECK(made.settings[1].capacity == 10);
  const Steps steps = capacities(made);
  REQUIRE(steps.size() == 4);
  CHECK(steps[0] == std::pair{4.0, std::int64_t{11}});
  CHECK(steps[1] == std::pair{8.0, std::int64_t{12}});
  CHECK(steps[2].second == 11);
  CHECK(steps[2].first == Approx(32).margin(1e-9));  // just after it passes 12
  CHECK(steps[3].second == 10);
  CHECK(steps[3].first == Approx(36).margin(1e-9));
}

TEST_CASE("values that repeat go on through the warm-up") {
  Model model = clinic(1, 1, 10);
  model.warmup_days = 3;
  model.horizon_days = 14;
  model.every_days = 14;
  model.settings[1].capacity->every_days = 7;
  model.settings[1].capacity->dated = {{0, 10}, {5, 2}};  // weekends
  const CompiledModel made = compiled(model);
  CHECK(made.settings[1].capacity == 10);
  CHECK(capacities(made) == Steps{{1, 2}, {3, 10}, {8, 2}, {10, 10}, {15, 2}});
}

TEST_CASE("a dated mean patches the stay's cells") {
  Model model = clinic(1, 4, 10);
  model.settings[1].stay->mean->dated = {{10, 8}, {20, 4}};
  const CompiledModel made = compiled(model);
  const std::uint32_t cell = made.tables[made.settings[1].stay.index()].first_cell;
  REQUIRE(made.patches.size() == 2);
  CHECK(made.patches[0].index == cell);
  CHECK(made.distributions[static_cast<std::size_t>(made.patches[0].value)].a == 8);
  CHECK(made.patches[1].at == SimTime::from_days(20));
  CHECK(static_cast<std::uint32_t>(made.patches[1].value) == made.cells[cell]);
}

TEST_CASE("a dated rate has the integral of its steps and ramps") {
  Model model = clinic(2, 1, 10);
  model.arrivals[0].rate->dated = {{10, 4}, {20, 8}};
  CHECK(integral(compiled(model), 30) == Approx(20 + 40 + 80).epsilon(1e-12));
  model.arrivals[0].rate->linear = true;
  CHECK(integral(compiled(model), 30) == Approx(30 + 60 + 80).epsilon(1e-12));
  model.warmup_days = 5;
  CHECK(integral(compiled(model), 35) == Approx(10 + 30 + 60 + 80).epsilon(1e-12));
}

TEST_CASE("profiles follow the calendar and keep the mean") {
  Model model = clinic(7, 1, 10);
  model.arrivals[0].weekdays = {1, 1, 1, 1, 1, 0, 0};
  const CompiledModel weekly = compiled(model);  // 2020-01-01 was a Wednesday
  CHECK(weekly.curves[0].repeat == SimTime::from_days(7));
  CHECK(integral(weekly, 3) == Approx(3 * 9.8).epsilon(1e-12));
  CHECK(integral(weekly, 5) == Approx(3 * 9.8).epsilon(1e-12));
  CHECK(integral(weekly, 700) == Approx(4900).epsilon(1e-12));
  model.arrivals[0].weekdays.clear();
  model.arrivals[0].months = {2, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  const CompiledModel monthly = compiled(model);
  CHECK(integral(monthly, 31 + 29) == Approx(31 * 14).epsilon(1e-12));
  CHECK(integral(monthly, 366) == Approx(31 * 14 + 306 * 7).epsilon(1e-12));
  model.arrivals[0].months.clear();
  model.arrivals[0].hours = std::vector<double>(24, 0.0);
  model.arrivals[0].hours[9] = 3;
  CHECK(integral(compiled(model), 0.4) == Approx(7 * 24 * (0.4 - 0.375)).epsilon(1e-9));
}

TEST_CASE("growth compounds from the start of results") {
  Model model = clinic(10, 1, 100);
  model.arrivals[0].growth_per_year = 0.10;
  model.warmup_days = 50;
  model.horizon_days = 730.5;
  const CompiledModel made = compiled(model);
  CHECK(integral(made, 50) == Approx(500).epsilon(1e-12));
  CHECK(curve_rate(made, CurveId{0}, SimTime::from_days(50 + 365.25)) == Approx(11).epsilon(1e-6));
  const double exact = 10 * 365.25 * (1.21 - 1) / std::log(1.1);
  CHECK(integral(made, 780.5) - 500 == Approx(exact).epsilon(1e-6));
}

TEST_CASE("a scale adds layers, and a dated event is a factor on its hazard") {
  Model model = clinic(2, 1, 10);
  model.arrivals[0].scale = 1.5;
  EventSpec crisis;
  crisis.id = "crisis";
  crisis.rate = number(0.2);
  crisis.rate.dated = {{100, 0.1}};
  crisis.routes = {leave()};
  model.events = {crisis};
  const CompiledModel made = compiled(model);
  CHECK(made.arrivals[0].layers == 2);
  CHECK(curve_rate(made, made.arrivals[0].scale, SimTime::from_days(7)) == 1.5);
  CHECK(curve_rate(made, made.events[0].factor, SimTime::from_days(99)) == 1.0);
  CHECK(curve_rate(made, made.events[0].factor, SimTime::from_days(101)) == 0.5);
  model.events[0].rate.vary = {value_when({about(Subject::place, {1})}, 0.3)};
  Problems problems;
  CHECK_FALSE(compile(model, Limits{}, problems));
  CHECK(has(problems, "event-dated-value"));
}

TEST_CASE("numbers that cannot change here are refused") {
  Model model = clinic(1, 1, 10);
  model.settings[1].stay->mean->dated = {{10, 2}};
  model.settings[1].stay->mean->linear = true;
  Problems line;
  CHECK_FALSE(compile(model, Limits{}, line));
  CHECK(has(line, "linear-here"));
  model = clinic(-1, 1, 10);
  Problems negative;
  CHECK_FALSE(compile(model, Limits{}, negative));
  CHECK(has(negative, "rate-negative"));
  model = clinic(1, 1, 10);
  model.settings[1].capacity->every_days = 1e-5;
  model.settings[1].capacity->dated = {{0, 1}};
  Problems often;
  CHECK_FALSE(compile(model, Limits{}, often));
  CHECK(has(often, "dates-many"));
}
