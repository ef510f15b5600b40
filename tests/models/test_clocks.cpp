#include <string>

#include "models/flow.hpp"
#include "models/graph.hpp"
#include "tests/models/language_text.hpp"

// Timers, milestones, the need, and conditions on times and papers, as the engine gets them.
namespace {

using namespace tl;
using namespace tl::small;

const std::string kModel = R"(
[traits.need]
values = ["0", "3", "5"]
[populations.people]
[[mix]]
population = "people"
trait = "need"
value = "3"
share = 0.4
[[mix]]
population = "people"
trait = "need"
value = "0"
[settings.home]
capacity = "unlimited"
stay = "until_moved"
[settings.ward]
level = 5
capacity = 10
stay = "60 d"
[settings.clinic]
kind = "program"
capacity = 5
stay = "until_moved"
[arrivals.door]
rate = "0.1 / d"
population = "people"
to = "home"
do = "request ward; request clinic"
[outcomes.reviews]
)";
const std::string kWayOut = "[[routes]]\nfrom = \"ward\"\nto = \"leave:done\"\n";

/// The same with a ward that no stay leads out of.
std::string stuck() {
  std::string text = kModel;
  return text.replace(text.find("60 d"), 4, "until_moved");
}

const CompiledModel& compiled_once(const std::string& more, CompiledModel& made) {
  made = compiled_from(kModel + more + kWayOut).model;
  return made;
}

double number_at(const CompiledModel& model, TableId id, std::uint32_t cell) {
  return model.numbers[model.cells[model.tables[id.index()].first_cell + cell]];
}
const StateDimension& only_dimension(const CompiledModel& model, TableId id) {
  const StateTable& table = model.tables[id.index()];
  REQUIRE(table.dimension_count == 1);
  return model.dimensions[table.first_dimension];
}

}  // namespace

TEST_CASE("a timer has its start, its time, its condition and its ways") {
  CompiledModel made;
  const CompiledModel& model = compiled_once(
      "[timers.review]\nfrom = \"ward\"\nafter = { kind = \"exponential\", mean = \"30 d\" }\nrepeat = \"yes\"\nwhile "
      "= "
      "\"need = 3\"\ndo = \"count reviews\"\n[timers.birth]\nfrom = \"arrival\"\nafter = \"90 "
      "d\"\n[timers.court]\nfrom = "
      "\"events.arrest\"\nafter = \"9 d\"\nto = \"leave:done\"\n[events.arrest]\nrate = \"1 / y\"\nto = \"ward\"\n"
      "[[routes]]\nfrom = \"timers.birth\"\nto = \"ward\"\nshare = 0.3\n[[routes]]\nfrom = \"timers.birth\"\nto = "
      "\"leave:done\"\n",
      made);
  REQUIRE(model.timers.size() == 3);
  const TimerType& review = model.timers[0];
  CHECK(review.from.kind == StartKind::setting);
  CHECK(review.from.subject == 2);
  CHECK(review.repeat);
  const StateDimension& need = only_dimension(model, review.holds);
  CHECK(need.kind == DimensionKind::trait);
  CHECK(number_at(model, review.holds, 0) == 0.0);
  CHECK(number_at(model, review.holds, 1) == 1.0);
  CHECK(model.timers[1].from.kind == StartKind::arrival);
  CHECK_FALSE(model.timers[1].holds.exists());
  const ChoiceList& ways = model.choice_lists[model.cells[model.tables[model.timers[1].choices.index()].first_cell]];
  CHECK(ways.count == 2);
  CHECK(model.timers[2].from.kind == StartKind::event);
  CHECK(model.timers[2].from.subject == 0);
  CHECK(model.timers[0].draw_id != model.timers[1].draw_id);
  const Catalogue words =
      compiled_from(kModel + kWayOut + "[timers.t]\nfrom = \"home\"\nafter = \"1 d\"\nto = \"leave:x\"\n").words;
  CHECK(words.events == std::vector<std::string>{"t"});
}

TEST_CASE("a milestone counts all, any, or some of its settings") {
  for (const auto& [how, needed] : {std::pair{"", 2U}, {"how = \"all\"", 2U}, {"how = \"any\"", 1U}, {"how = 2", 2U}}) {
    CompiledModel made;
    const CompiledModel& model = compiled_once(
        "[milestones.m]\nreach = [\"ward\", \"clinic\"]\nstandard = \"30 d\"\ndo = "
        "\"drop all\"\n" +
            std::string{how} + "\n",
        made);
    INFO(how);
    REQUIRE(model.milestones.size() == 1);
    CHECK(model.milestones[0].needed == needed);
    CHECK(model.milestones[0].setting_count == 2);
    CHECK(model.milestone_settings == std::vector<SettingId>{SettingId{2}, SettingId{3}});
    CHECK(model.milestones[0].from.kind == StartKind::arrival);
    CHECK(model.milestones[0].standard == SimTime::from_days(30));
    CHECK(model.milestones[0].actions.count == 1);
  }
}

TEST_CASE("the need is a trait with levels, and the mismatch a dimension") {
  CompiledModel made;
  const CompiledModel& model = compiled_once(
      "[events.e]\nrate = { base = \"1 / y\", vary = [ { when = \"mismatch = above\", scale = 3 } ] }\ndo = "
      "\"set need=5\"\n",
      made);
  CHECK(model.need_levels == std::vector<std::uint32_t>{0, 3, 5});
  CHECK(model.need_bits == 2);
  const StateDimension& dimension = only_dimension(model, model.events[0].hazard);
  CHECK(dimension.kind == DimensionKind::mismatch);
  CHECK(dimension.count == 3);
  CHECK(number_at(model, model.events[0].hazard, 1) == Approx(3 * number_at(model, model.events[0].hazard, 0)));
  CHECK(number_at(model, model.events[0].hazard, 2) == number_at(model, model.events[0].hazard, 0));
}

TEST_CASE("times since a request and an enrolment are cut where conditions look") {
  CompiledModel made;
  const CompiledModel& model = compiled_once(
      "[events.e]\nrate = { base = \"1 / y\", vary = [ { when = \"since_request.ward >= 30 d & since_request.ward < 60 "
      "d\", "
      "scale = 2 } ] }\ndo = \"count reviews\"\n[events.f]\nrate = \"1 / y\"\nwhen = \"since_enrolment.clinic >= 7 "
      "d\"\ndo "
      "= \"count reviews\"\n",
      made);
  const StateDimension& since = only_dimension(model, model.events[0].hazard);
  CHECK(since.kind == DimensionKind::since_request);
  CHECK(since.subject == 2);
  REQUIRE(since.count == 3);
  CHECK(model.steps[since.first] == 30.0);
  CHECK(model.steps[since.first + 1] == 60.0);
  CHECK(number_at(model, model.events[0].hazard, 1) == Approx(2 * number_at(model, model.events[0].hazard, 2)));
  const StateDimension& enrolled = only_dimension(model, model.events[1].hazard);
  CHECK(enrolled.kind == DimensionKind::since_enrolment);
  CHECK(enrolled.subject == 3);
  CHECK(number_at(model, model.events[1].hazard, 0) == 0.0);
}

TEST_CASE("times since two requests are two dimensions") {
  CompiledModel made;
  const CompiledModel& model = compiled_once(
      "[events.e]\nrate = \"1 / y\"\nwhen = \"since_request.ward >= 30 d & since_request.clinic >= 9 d\"\ndo = \"count "
      "reviews\"\n",
      made);
  CHECK(model.tables[model.events[0].hazard.index()].dimension_count == 2);
}

TEST_CASE("the check knows that a timer can lead out of a place") {
  const std::string timer = "[timers.release]\nfrom = \"ward\"\nafter = \"20 d\"\nto = \"leave:done\"\n";
  CHECK(code_in(stuck(), "no-way-out"));
  CHECK_FALSE(code_in(stuck() + timer, "no-way-out"));
  CHECK_FALSE(code_in(stuck() + timer, "clients-stay"));
  CHECK(code_in(stuck() + "[timers.release]\nfrom = \"ward\"\nafter = \"20 d\"\nwhile = \"place = home\"\nto = "
                          "\"leave:done\"\n",
                "no-way-out"));
}

TEST_CASE("what a milestone asks for is reached") {
  const std::string shelter =
      "[settings.shelter]\ncapacity = 3\nstay = \"9 d\"\n[[routes]]\nfrom = \"shelter\"\nto = "
      "\"home\"\n[timers.t]\nfrom = "
      "\"ward\"\nafter = \"20 d\"\nto = \"leave:done\"\n";
  CHECK(code_in(stuck() + shelter, "unreached"));
  CHECK_FALSE(code_in(stuck() + shelter + "[milestones.m]\nreach = \"ward\"\ndo = \"request shelter\"\n", "unreached"));
}
