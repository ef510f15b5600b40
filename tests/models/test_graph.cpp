#include "models/graph.hpp"
#include "tests/catch.hpp"
#include "tests/models/small_models.hpp"

using namespace tl;
using namespace tl::small;

namespace {
GraphReport looked_at(const Model& model, Problems& problems) {
  return inspect(model, Compiled{}, problems);
}
}  // namespace

TEST_CASE("a finite place with no way out is refused, and a request is a way out") {
  Model model = clinic(1, 1, 2);
  SettingSpec shelter = place("shelter");
  shelter.capacity = number(5);
  model.settings.push_back(shelter);
  model.settings[1].routes = {move_to(2)};
  Problems problems;
  CHECK(looked_at(model, problems).dead_ends == std::vector<std::uint32_t>{2});
  CHECK(has(problems, "no-way-out"));
  Problems compiling;
  CHECK_FALSE(compile(model, Limits{}, compiling));

  ActionSpec ask;
  ask.verb = Verb::request;
  ask.setting = 3;
  SettingSpec flat = place("flat");
  flat.stay = exponential_stay(100);
  flat.routes = {leave()};
  model.settings.push_back(flat);
  model.arrivals[0].routes[0].actions = {ask};  // made at the door, still standing in the shelter
  Problems asked;
  CHECK(looked_at(model, asked).dead_ends.empty());
  CHECK_FALSE(asked.has_errors());
}

TEST_CASE("an event that moves is a way out where it may happen") {
  Model model = clinic(1, 1, 2);
  model.settings[1].stay.reset();
  model.settings[1].routes.clear();
  EventSpec death;
  death.id = "death";
  death.rate = number(0.01);
  death.when = when({about(Subject::place, {0})});
  death.routes = {leave()};
  model.events = {death};
  Problems elsewhere;
  CHECK(looked_at(model, elsewhere).dead_ends == std::vector<std::uint32_t>{1});
  model.events[0].when = {};
  Problems everywhere;
  CHECK(looked_at(model, everywhere).dead_ends.empty());
}

TEST_CASE("settings nobody reaches are named") {
  Model model = clinic(1, 1, 2);
  model.settings.push_back(place("forgotten"));
  Problems problems;
  CHECK(looked_at(model, problems).unreached == std::vector<std::uint32_t>{2});
  CHECK_FALSE(problems.has_errors());
  CHECK(has(problems, "unreached"));
}

TEST_CASE("round trips in no time are refused when they never end") {
  Model model = clinic(1, 1, 2);
  SettingSpec desk = place("desk");
  desk.stay = constant_stay(0);
  desk.routes = {move_to(3)};
  SettingSpec window = desk;
  window.words.id = "window";
  window.routes = {move_to(2)};
  model.settings.push_back(desk);
  model.settings.push_back(window);
  model.settings[1].routes = {move_to(2)};
  Problems problems;
  CHECK(looked_at(model, problems).zero_time_cycles == std::vector<std::vector<std::uint32_t>>{{2, 3}});
  CHECK(problems.has_errors());
  model.settings[3].routes = {move_to(2, 0.5), leave()};
  Problems ends;
  CHECK(looked_at(model, ends).zero_time_cycles.size() == 1);
  CHECK_FALSE(ends.has_errors());
  CHECK(has(ends, "no-time-cycle"));
}

TEST_CASE("finite settings that may wait for each other are told, with re-entry loops") {
  Model model = clinic(1, 1, 2);
  SettingSpec ward = model.settings[1];
  ward.words.id = "ward";
  ward.routes = {move_to(1, 0.5), leave()};
  model.settings.push_back(ward);
  model.settings[1].routes = {move_to(2, 0.5), leave()};
  Problems problems;
  const GraphReport report = looked_at(model, problems);
  CHECK(report.boarding_cycles == std::vector<std::vector<std::uint32_t>>{{1, 2}});
  CHECK(report.reentry_loops == std::vector<std::vector<std::uint32_t>>{{1, 2}});
  CHECK(has(problems, "boarding-cycle"));
  model.settings[2].routes[0].wait = WaitIn::line;
  Problems in_line;
  CHECK(looked_at(model, in_line).boarding_cycles.empty());
}

TEST_CASE("settings that send those they refuse to each other are refused, where the second can refuse too") {
  Model model = clinic(1, 1, 2);
  SettingSpec ward = model.settings[1];
  ward.words.id = "ward";
  model.settings.push_back(ward);
  model.arrivals[0].routes = {move_to(1, 0.5, WaitIn::line), move_to(2, std::nullopt, WaitIn::line)};
  const auto refuse_to = [&](std::uint32_t from, std::uint32_t to) {
    model.settings[from].queue.limit = number(3);
    model.settings[from].queue.on_refuse = move_to(to, std::nullopt, WaitIn::line);
  };
  refuse_to(1, 2);
  refuse_to(2, 1);
  model.settings[1].queue.on_refuse->at = {"test.toml", 7, 3};
  Problems problems;
  CHECK(looked_at(model, problems).refusal_cycles == std::vector<std::vector<std::uint32_t>>{{1, 2}});
  REQUIRE(problems.has_errors());
  CHECK(has(problems, "refusal-cycle"));
  CHECK(text_of(problems).find(
            "test.toml:7:3: settings.clinic.queue.on_refuse: those refused go round clinic and ward in "
            "a circle") != std::string::npos);

  SECTION("one without a limit keeps whoever comes") {
    model.settings[2].queue.limit.reset();
  }
  SECTION("one without a capacity takes whoever comes") {
    model.settings[2].capacity.reset();
  }
  SECTION("one sends them out") {
    model.settings[2].queue.on_refuse = leave();
  }
  SECTION("the limits are of different clients") {
    model.settings[2].queue.limit.swap(model.settings[2].queue.limit_in_place);
  }
  SECTION("whoever is in a bed waits in line from the second on") {
    for (const std::uint32_t row : {1U, 2U})
      model.settings[row].queue.limit.swap(model.settings[row].queue.limit_in_place);
  }
  Problems sound;
  CHECK(looked_at(model, sound).refusal_cycles.empty());
  CHECK_FALSE(sound.has_errors());
}

TEST_CASE("a setting that sends those it refuses from a bed round to itself is refused") {
  Model model = clinic(1, 1, 2);
  model.settings[1].queue.limit_in_place = number(0);
  model.settings[1].queue.on_refuse = move_to(1);
  Problems problems;
  CHECK(looked_at(model, problems).refusal_cycles == std::vector<std::vector<std::uint32_t>>{{1}});
  CHECK(has(problems, "refusal-cycle"));
}
