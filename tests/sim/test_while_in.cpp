#include <bit>

#include "tests/catch.hpp"
#include "tests/sim/small_runs.hpp"

using namespace tl;
using namespace tl::testing;
using S = SettingSum;

namespace {

/// A client enrolled on day 0 in a program for 10 days, whom a timer takes to jail on day 3 for 4 days.
struct Enrolled {
  ModelBuilder builder;
  std::uint32_t program, jail;
  Enrolled(WhileIn kind, double after_days) {
    CompiledModel& model = builder.model;
    program = builder.add_setting(SettingKind::program, 5);
    jail = builder.add_setting(SettingKind::place, kUnlimited);
    model.settings[program].stay = builder.stay(constant_value(10.0));
    model.settings[program].choices = builder.choices({{builder.add_route(Route{}), 1.0}});
    model.settings[jail].stay = builder.stay(constant_value(4.0));
    model.settings[jail].choices = builder.choices({{builder.move(0, Waiting::in_place), 1.0}});
    arrive_on(builder, 7, {0.0}, builder.choices({{builder.move(program, Waiting::in_place), 1.0}}));
    add_timer(builder, StartKind::arrival, 0, 3.0, builder.choices({{builder.move(jail, Waiting::in_place), 1.0}}));
    builder.horizon(50.0);
    model.while_in_rules = {{WhileIn::keep, SimTime{}}, {kind, SimTime::from_days(after_days)}};
    const TableId rules = number_by(builder, is_in(builder, jail), {0.0, 0.0});
    for (std::uint32_t row = 0; row < 2; ++row) model.cells[model.tables[rules.index()].first_cell + row] = row;
    more_of(model, program).while_in = rules;
  }
};

}  // namespace

TEST_CASE("an enrolment runs on, stands still or ends while the client is in jail") {
  Enrolled kept{WhileIn::keep, 0.0};
  CHECK(total(run_once(kept.builder.model), 1, S::census_days) == Approx(10.0));
  Enrolled paused{WhileIn::pause, 0.0};
  const ReplicationResult r = run_once(paused.builder.model);
  CHECK(total(r, 1, S::census_days) == Approx(14.0));
  CHECK(total(r, 1, S::stay_drawn_days) == Approx(10.0));
  Enrolled ended{WhileIn::end, 0.0};
  CHECK(total(run_once(ended.builder.model), 1, S::census_days) == Approx(3.0));
  Enrolled ended_later{WhileIn::end, 2.5};
  CHECK(total(run_once(ended_later.builder.model), 1, S::census_days) == Approx(5.5));
  Enrolled out_in_time{WhileIn::end, 4.5};
  CHECK(total(run_once(out_in_time.builder.model), 1, S::census_days) == Approx(10.0));
}

TEST_CASE("what remains of stays that run is rescaled on a date") {
  Enrolled enrolled{WhileIn::pause, 0.0};
  CompiledModel& model = enrolled.builder.model;
  for (const std::uint32_t setting : {enrolled.program, enrolled.jail}) {
    more_of(model, setting).occupants_known = true;
    model.patches.push_back(
        {SimTime::from_days(5.0), PatchKind::stay_scale, setting, std::bit_cast<std::int64_t>(2.0)});
  }
  const ReplicationResult r = run_once(model);
  CHECK(total(r, 2, S::census_days) == Approx(2.0 + 4.0));         // two of four days remained
  CHECK(total(r, 1, S::census_days) == Approx(3.0 + 6.0 + 14.0));  // seven days remained, paused
}

TEST_CASE("a capacity cut below the census sends those who came first on their way") {
  ModelBuilder builder;
  const std::uint32_t shelter = builder.add_setting(SettingKind::place, 3);
  builder.model.settings[shelter].stay = builder.stay(constant_value(30.0));
  builder.model.settings[shelter].choices = builder.choices({{builder.leave(0), 1.0}});
  arrive_on(builder, 7, {0.0, 1.0, 2.0}, builder.choices({{builder.move(shelter, Waiting::line), 1.0}}));
  builder.add_lines();
  builder.horizon(40.0);
  SettingMore& more = more_of(builder.model, shelter);
  more.cut_to = builder.leave(2);
  more.occupants_known = true;
  builder.model.patches.push_back({SimTime::from_days(10.0), PatchKind::capacity, shelter, 1});
  const ReplicationResult r = run_once(builder.model);
  CHECK(r.reasons[2] == 2.0);
  CHECK(total(r, shelter, S::census_days) == Approx(10.0 + 9.0 + 30.0));
}

TEST_CASE("days above and below the need") {
  ModelBuilder builder;
  CompiledModel& model = builder.model;
  const std::uint32_t locked = builder.add_setting(SettingKind::place, kUnlimited);
  model.settings[locked].level = 6;
  model.settings[locked].stay = builder.stay(constant_value(4.0));
  model.need_bits = 1;
  model.need_levels = {2, 6};
  // On leaving the locked place for outside (level 0), the need rises to 6.
  Action worse;
  worse.kind = ActionKind::set_trait;
  worse.bits = 1;
  worse.value = 1;
  model.actions.push_back(worse);
  const RouteId out = builder.move(0, Waiting::in_place);
  model.routes[out.index()].actions = {0, 1};
  model.settings[locked].choices = builder.choices({{out, 1.0}});
  arrive_on(builder, 7, {1.0}, builder.choices({{builder.move(locked, Waiting::in_place), 1.0}}));
  builder.horizon(12.0);
  const ReplicationResult r = run_once(model);
  CHECK(total(r, locked, S::above_need_days) == Approx(4.0));
  CHECK(total(r, locked, S::below_need_days) == 0.0);
  CHECK(total(r, 0, S::below_need_days) == Approx(7.0));
}

TEST_CASE("a cohort counts the waits and stays of those who came after the start only") {
  ModelBuilder builder;
  const std::uint32_t ward = builder.add_station(1, 1.0);
  builder.model.settings[ward].stay = builder.stay(constant_value(6.0));
  builder.model.settings[ward].choices = builder.choices({{builder.leave(0), 1.0}});
  arrive_on(builder, 7, {1.0, 3.0, 8.0}, builder.choices({{builder.move(ward, Waiting::line), 1.0}}));
  builder.add_lines();
  builder.horizon(40.0);
  builder.model.start = SimTime::from_days(5.0);
  const ReplicationResult all = run_once(builder.model);
  CHECK(total(all, ward, S::waits) == 2.0);
  CHECK(total(all, ward, S::wait_days) == Approx(4.0 + 5.0));
  CHECK(total(all, ward, S::stays) == 3.0);
  builder.model.only_new_clients = true;
  const ReplicationResult cohort = run_once(builder.model);
  CHECK(total(cohort, ward, S::waits) == 1.0);
  CHECK(total(cohort, ward, S::wait_days) == Approx(5.0));
  CHECK(total(cohort, ward, S::stays) == 1.0);
  CHECK(total(cohort, ward, S::departures) == 3.0);
}

TEST_CASE("waiting has its causes: units in turnaround and units held or reserved come before the lack of places") {
  ModelBuilder builder;
  const std::uint32_t ward = builder.add_station(1, 1.0);
  builder.model.settings[ward].stay = builder.stay(constant_value(4.0));
  builder.model.settings[ward].turnaround = builder.stay(constant_value(1.0));
  builder.model.settings[ward].choices = builder.choices({{builder.leave(0), 1.0}});
  Handoff handoff;
  handoff.delay = builder.stay(constant_value(2.0));
  handoff.during = SettingId{0};
  builder.model.handoffs.push_back(handoff);
  const RouteId in = builder.move(ward, Waiting::line);
  builder.model.routes[in.index()].handoff = HandoffId{0};
  builder.model.routes[in.index()].handoff_given = true;
  arrive_on(builder, 7, {0.0, 1.0}, builder.choices({{in, 1.0}}));
  builder.add_lines();
  builder.horizon(40.0);
  const ReplicationResult r = run_once(builder.model);
  // The second waits from day 1: reserved until 2, no place until 6, turnaround until 7.
  CHECK(total(r, ward, S::waiting_days) == Approx(6.0));
  CHECK(total(r, ward, S::waiting_held_days) == Approx(1.0));
  CHECK(total(r, ward, S::waiting_turnaround_days) == Approx(1.0));
}
