#include "tests/catch.hpp"
#include "tests/sim/engine_models.hpp"

using namespace tl;
using namespace tl::testing;

namespace {

/// A home that wants assessments, of which each comes from a program of some days.
struct Office {
  EngineBuilder builder;
  std::uint32_t street, home;
  Office() {
    street = builder.add_place(kUnlimited);
    home = builder.add_place(5);
  }
  std::uint32_t add_program(double days, double valid_days, std::int64_t slots = 5) {
    const std::uint32_t program = builder.add_setting(SettingKind::program, slots);
    Route end;
    end.kind = RouteKind::end;
    builder.stays(program, days, builder.add_route(end));
    SettingMore& more = builder.more(program);
    more.first_grant = static_cast<std::uint32_t>(builder.model.grants.size());
    more.grant_count = 1;
    const auto token = static_cast<std::uint8_t>(builder.model.token_count++);
    builder.model.grants.push_back({token, true, SimTime::from_days(valid_days)});
    SettingMore& wants = builder.more(home);
    if (wants.requirement_count++ == 0)
      wants.first_requirement = static_cast<std::uint32_t>(builder.model.requirements.size());
    builder.model.requirements.push_back({std::uint32_t{1} << token, SettingId{program}});
    return program;
  }
  void come(std::initializer_list<double> days) {
    builder.arrive_on(7, days, builder.move(street, Waiting::in_place));
    builder.model.settings[street].on_entry = builder.actions({EngineBuilder::request(home)});
  }
};

}  // namespace

TEST_CASE("missing assessments are asked for together, or one after another") {
  for (const bool serial : {false, true}) {
    Office office;
    office.add_program(2.0, 0.0);
    office.add_program(3.0, 0.0);
    office.builder.more(office.home).one_after_another = serial;
    office.come({1.0});
    const Run run = run_watched(office.builder, 20.0);
    CHECK(run.diary.day_in(1, office.home) == (serial ? 6.0 : 4.0));
    CHECK(run.diary.count(StoryKind::token_given) == 2);
    CHECK(run.sum(office.home, SettingSum::wait_days) == Approx(serial ? 5.0 : 3.0));
  }
}

TEST_CASE("a lapsed assessment is asked for again, and the request keeps its time") {
  Office office;
  const std::uint32_t intake = office.add_program(2.0, 5.0);
  office.builder.model.settings[office.home].capacity = 0;
  office.builder.capacity_from(9.0, office.home, 1);
  office.come({1.0, 8.5});
  const Run run = run_watched(office.builder, 12.0);
  // 1: intake from 1 to 3, valid until 8, again from 8 to 10. 2: from 8.5 to 10.5.
  CHECK(run.diary.day_of(1, StoryKind::token_lapsed) == 8.0);
  CHECK(run.diary.day_in(1, office.home) == 10.0);
  CHECK(run.diary.day_in(2, office.home) == -1.0);
  CHECK(run.sum(intake, SettingSum::admissions) >= 3.0);
}

TEST_CASE("an assessment given on admission serves at once, and one that is still valid is not asked for again") {
  Office office;
  const std::uint32_t intake = office.add_program(2.0, 0.0);
  office.builder.model.grants[0].on_completion = false;
  office.builder.stays(office.home, 3.0, office.builder.move(office.street, Waiting::in_place));
  office.come({1.0});
  const Run run = run_watched(office.builder, 20.0);
  CHECK(run.sum(intake, SettingSum::admissions) == 1.0);
  // At once on day 1; on the street again on day 4, where the next request is granted at once.
  CHECK(run.sum(office.home, SettingSum::admissions) == 7.0);
  CHECK(run.sum(office.home, SettingSum::wait_days) == 0.0);
}

TEST_CASE("a department's own assessment serves where another's does not") {
  Office office;
  const std::uint32_t theirs = office.add_program(1.0, 0.0);
  const std::uint32_t own = office.add_program(2.0, 0.0);
  SettingMore& wants = office.builder.more(office.home);
  wants.requirement_count = 1;
  for (const bool shares : {false, true}) {
    office.builder.model.requirements[0] = {shares ? 3U : 2U, SettingId{own}};
    EngineBuilder builder = office.builder;
    builder.arrive_on(7, {1.0}, builder.move(office.street, Waiting::in_place));
    Action enrol;
    enrol.kind = ActionKind::enrol;
    enrol.setting = SettingId{theirs};
    builder.model.settings[office.street].on_entry = builder.actions({enrol, EngineBuilder::request(office.home)});
    const Run run = run_watched(builder, 20.0);
    CHECK(run.diary.day_in(1, office.home) == (shares ? 2.0 : 3.0));
  }
}

TEST_CASE("rates may depend on an assessment held, and on time since a request or an enrolment") {
  Office office;
  const std::uint32_t intake = office.add_program(2.0, 4.0);
  office.builder.model.settings[office.home].capacity = 0;
  office.builder.more(office.home).requirement_count = 0;
  const auto event = [&](const StateDimension& dimension, std::initializer_list<double> rates) {
    EventType type;
    type.draw_id = 40 + static_cast<std::uint32_t>(office.builder.model.events.size());
    type.hazard = office.builder.over(dimension, rates);
    Route none;
    type.choices = office.builder.choices({{office.builder.add_route(none), 1.0}});
    office.builder.model.events.push_back(type);
  };
  office.builder.model.steps = {3.0, 3.5, 1.0};
  // 100 a day, each for a known time: held from 3 to 7, asked for 3 to 3.5 days, enrolled for a day or more of two.
  event({DimensionKind::holds, 0, 0, 2, 1, 0}, {0.0, 100.0});
  event({DimensionKind::since_request, 0, 0, 3, 0, office.home}, {0.0, 100.0, 0.0});
  event({DimensionKind::since_enrolment, 0, 0, 2, 2, intake}, {0.0, 100.0});
  office.builder.arrive_on(7, {1.0}, office.builder.move(office.street, Waiting::in_place));
  office.builder.model.settings[office.street].on_entry =
      office.builder.actions({EngineBuilder::request(office.home), EngineBuilder::request(intake)});
  const Run run = run_watched(office.builder, 20.0);
  const double expected[] = {400.0, 50.0, 100.0};
  for (std::size_t e = 0; e < 3; ++e) {
    INFO(e << ": " << run.result.events[e]);
    CHECK(std::abs(run.result.events[e] - expected[e]) < 4.9 * std::sqrt(expected[e]) + 1.0);
  }
}
