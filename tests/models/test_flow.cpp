#include <cmath>

#include "models/flow.hpp"
#include "tests/catch.hpp"
#include "tests/models/small_models.hpp"

using namespace tl;
using namespace tl::small;

namespace {
constexpr double kThresholds = 1e-8;  ///< shares are kept as 32-bit thresholds

FlowReport flow_of(const Model& model) {
  Problems problems;
  const auto made = compile(model, Limits{}, problems);
  INFO(text_of(problems));
  REQUIRE(made.has_value());
  return expected_flow(model, *made);
}
Catch::Detail::Approx about_value(double value) {
  return Approx(value).epsilon(kThresholds);
}

SettingSpec node(const char* id, double servers, double mean, std::vector<RouteSpec> routes) {
  SettingSpec made = place(id);
  made.capacity = number(servers);
  made.stay = exponential_stay(mean);
  made.routes = std::move(routes);
  return made;
}
SettingSpec unlimited(const char* id, VaryingDistribution stay, std::vector<RouteSpec> routes) {
  SettingSpec made = place(id);
  made.stay = std::move(stay);
  made.routes = std::move(routes);
  return made;
}
}  // namespace

// Jackson network with relapse: external 4, 1, 0; node rates solve the traffic equations.
TEST_CASE("a Jackson network's flows and loads are those of its traffic equations") {
  Model model = blank();
  const WaitIn line = WaitIn::line;
  model.settings.push_back(node("one", 4, 1 / 2.0, {move_to(2, 0.6, line), move_to(3, 0.1, line), leave()}));
  model.settings.push_back(node("two", 5, 1.0, {move_to(1, 0.2, line), move_to(3, 0.3, line), leave()}));
  model.settings.push_back(node("three", 6, 2.0, {move_to(1, 0.05, line), move_to(2, 0.25, line), leave()}));
  model.arrivals = {arrival("a", 4, {move_to(1, std::nullopt, line)}),
                    arrival("b", 1, {move_to(2, std::nullopt, line)})};
  const FlowReport flow = flow_of(model);
  CHECK(flow.exact);
  const double rates[] = {4.980916, 4.446565, 1.832061}, used[] = {0.6226, 0.8893, 0.6107};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(flow.rows[i + 1].flow_per_day == Approx(rates[i]).margin(5e-7));
    CHECK(flow.rows[i + 1].utilisation == Approx(used[i]).margin(5e-5));
  }
  REQUIRE(flow.first_to_fill.size() == 3);
  CHECK(flow.first_to_fill[0] == 2);
  CHECK(flow.rows[2].saturates_at == Approx(5 / 4.446565).epsilon(1e-6));
  REQUIRE(flow.links.size() == 6);
  CHECK(flow.links[0].from == 1);
  CHECK(flow.links[0].to == 2);
  CHECK(flow.links[0].per_day == Approx(0.6 * 4.980916).epsilon(1e-6));
}

// A closed care cycle: shares of time and of visits are those of the semi-Markov process, whatever the stays' shapes.
TEST_CASE("a care cycle nobody leaves has its semi-Markov shares") {
  Model model = blank();
  model.settings.push_back(unlimited("community", exponential_stay(180), {move_to(2, 0.7), move_to(4)}));
  model.settings.push_back(unlimited("crisis", constant_stay(5), {move_to(3, 0.5), move_to(1)}));
  model.settings.push_back(unlimited("residential", exponential_stay(60), {move_to(5, 0.4), move_to(1)}));
  model.settings.push_back(unlimited("jail", exponential_stay(45), {move_to(1, 0.8), move_to(3)}));
  model.settings.push_back(unlimited("psh", exponential_stay(700), {move_to(1)}));
  InitialSpec start;
  start.id = "all";
  start.place = 1;
  start.count = 1000;
  model.initial = {start};
  const FlowReport flow = flow_of(model);
  const double time[] = {.535077, .010404, .073127, .040131, .341260};
  const double visits[] = {.388500, .271950, .159285, .116550, .063714};
  double all = 0.0;
  for (std::size_t i = 1; i <= 5; ++i) all += flow.rows[i].flow_per_day;
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(flow.rows[i + 1].offered_load / 1000 == Approx(time[i]).margin(5.1e-7));
    CHECK(flow.rows[i + 1].flow_per_day / all == Approx(visits[i]).margin(5.1e-7));
  }
}

TEST_CASE("classes with their own routes flow apart and merge again") {
  Model model = clinic(10, 1, 100);
  model.traits = {{"smi", {"no", "yes"}, {}}};
  PopulationSpec people;
  people.id = "people";
  people.mix.push_back({{0}, {1}, 0.3, {}, {}});
  model.populations = {people};
  model.arrivals[0].population = 0;
  SettingSpec ward = node("ward", 10, 4, {leave()});
  model.settings.push_back(ward);
  model.settings[1].routes = {move_to(2, 0.5), leave()};
  model.settings[1].routes[0].when = when({trait_is(0, {1})});
  model.settings[1].stay->mean->vary = {scale_when({trait_is(0, {1})}, 3.0)};
  const FlowReport flow = flow_of(model);
  CHECK(flow.rows[2].flow_per_day == about_value(10 * 0.3 * 0.5));
  CHECK(flow.rows[1].offered_load == about_value(10 * (0.7 + 0.3 * 3)));
}

TEST_CASE("a place until moved is left for the standing request, and its programs' requests count") {
  Model model = blank();
  model.settings.push_back(place("street"));
  SettingSpec flat = unlimited("flat", exponential_stay(100), {leave()});
  flat.capacity = number(10);
  model.settings.push_back(flat);
  SettingSpec team = unlimited("team", exponential_stay(30), {});
  team.is_program = true;
  RouteSpec done;
  done.to = Destination::end;
  ActionSpec ask;
  ask.verb = Verb::request;
  ask.setting = 2;
  done.actions = {ask};
  team.routes = {done};
  model.settings.push_back(team);
  ActionSpec enrol;
  enrol.verb = Verb::enrol;
  enrol.setting = 3;
  model.arrivals = {arrival("a", 0.5, {move_to(1)})};
  model.arrivals[0].routes[0].actions = {enrol};
  const FlowReport flow = flow_of(model);
  CHECK(flow.rows[1].flow_per_day == about_value(0.5));
  CHECK(flow.rows[3].offered_load == about_value(15));
  CHECK(flow.rows[2].flow_per_day == about_value(0.5));
  CHECK(flow.rows[2].utilisation == about_value(5));
}

TEST_CASE("an event and a stay race as they do in the engine") {
  Model model = clinic(1, 20, 100);
  EventSpec crisis;
  crisis.id = "crisis";
  crisis.rate = number(0.05);
  crisis.when = when({about(Subject::place, {1})});
  crisis.routes = {leave()};
  model.events = {crisis};
  CHECK(flow_of(model).rows[1].offered_load == about_value(10));  // 1 / (1/20 + 1/20)
  model.settings[1].stay = constant_stay(20);
  CHECK(flow_of(model).rows[1].offered_load == Approx((1 - std::exp(-1.0)) / 0.05).epsilon(1e-9));
}

TEST_CASE("traffic above capacity and clients who gather are told") {
  Problems problems;
  REQUIRE(compile(clinic(3, 1, 2), Limits{}, problems));
  CHECK(has(problems, "traffic-over"));
  CHECK_THAT(text_of(problems), Catch::Contains("is offered 3 clients at a time and has 2 units at the start"));
  Model model = clinic(1, 1, 2);
  model.settings.push_back(place("street"));
  model.settings[1].routes = {move_to(2)};
  Problems gathered;
  const auto made = compile(model, Limits{}, gathered);
  REQUIRE(made);
  CHECK(has(gathered, "clients-stay"));
  CHECK_FALSE(made->words.findings.empty());
}
