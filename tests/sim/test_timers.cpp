#include "tests/catch.hpp"
#include "tests/sim/small_runs.hpp"

using namespace tl;
using namespace tl::testing;
using S = SettingSum;

namespace {

/// Nothing but actions.
RouteId nothing(ModelBuilder& builder) {
  return builder.add_route(Route{});
}
double rang(const ReplicationResult& r, std::size_t row) {
  double sum = 0.0;
  for (std::size_t p = 0; p < r.period_count; ++p) sum += r.events[p * r.event_count + row];
  return sum;
}

/// A client who comes outside on day 0.5.
struct Outside {
  ModelBuilder builder;
  Outside() {
    arrive_on(builder, 7, {0.5}, builder.choices({{nothing(builder), 1.0}}));
    builder.horizon(21.0);
  }
};

}  // namespace

TEST_CASE("a timer rings once, or again and again") {
  Outside outside;
  add_timer(outside.builder, StartKind::arrival, 0, 5.0, outside.builder.choices({{nothing(outside.builder), 1.0}}));
  CHECK(rang(run_once(outside.builder.model), 0) == 1.0);
  outside.builder.model.timers[0].repeat = true;
  CHECK(rang(run_once(outside.builder.model), 0) == 4.0);
}

TEST_CASE("a timer whose condition stops holding is cancelled") {
  Outside outside;
  CompiledModel& model = outside.builder.model;
  TimerType& timer = add_timer(outside.builder, StartKind::arrival, 0, 5.0,
                               outside.builder.choices({{nothing(outside.builder), 1.0}}));
  timer.repeat = true;
  StateDimension since;  // holds for the first twelve days
  since.kind = DimensionKind::since_entry;
  since.count = 2;
  model.steps = {12.0};
  const TableId holds = number_by(outside.builder, since, {1.0, 0.0});
  model.timers[0].holds = holds;
  CHECK(rang(run_once(model), 0) == 2.0);
  // A timer that moves the client away cancels one that runs only outside, at the same instant too.
  const std::uint32_t ward = outside.builder.add_setting(SettingKind::place, kUnlimited);
  model.timers[0].holds = number_by(outside.builder, is_in(outside.builder, 0), {0.0, 1.0});
  add_timer(outside.builder, StartKind::arrival, 0, 9.0,
            outside.builder.choices({{outside.builder.move(ward, Waiting::in_place), 1.0}}));
  const ReplicationResult r = run_once(model);
  CHECK(rang(r, 0) == 1.0);
  CHECK(rang(r, 1) == 1.0);
  CHECK(total(r, ward, S::census_days) == Approx(11.5));
}

TEST_CASE("timers start on entering a setting, and after an event; a new start begins anew") {
  Outside outside;
  ModelBuilder& builder = outside.builder;
  const std::uint32_t ward = builder.add_setting(SettingKind::place, kUnlimited);
  builder.model.settings[ward].stay = builder.stay(constant_value(4.0));
  builder.model.settings[ward].choices = builder.choices({{builder.move(0, Waiting::in_place), 1.0}});
  // Into the ward on days 1.5 and 7.5 (timer 0 after timer 3), each time for 4 days.
  add_timer(builder, StartKind::arrival, 0, 1.0, builder.choices({{builder.move(ward, Waiting::in_place), 1.0}}));
  add_timer(builder, StartKind::setting, ward, 3.0, builder.choices({{nothing(builder), 1.0}}));
  add_timer(builder, StartKind::setting, ward, 8.0, builder.choices({{nothing(builder), 1.0}}));
  add_timer(builder, StartKind::event, 0, 6.0, builder.choices({{builder.move(ward, Waiting::in_place), 1.0}}));
  const ReplicationResult r = run_once(builder.model);
  CHECK(rang(r, 1) == 2.0);  // days 4.5 and 10.5
  CHECK(rang(r, 2) == 1.0);  // not on day 9.5: begun anew on day 7.5, so on day 15.5
  CHECK(rang(r, 3) == 1.0);
  CHECK(total(r, ward, S::census_days) == Approx(8.0));
}

TEST_CASE("two timers of one client at one instant ring in their order") {
  Outside outside;
  ModelBuilder& builder = outside.builder;
  add_timer(builder, StartKind::arrival, 0, 2.0, builder.choices({{builder.leave(1), 1.0}}));
  add_timer(builder, StartKind::arrival, 0, 2.0, builder.choices({{builder.leave(2), 1.0}}));
  const ReplicationResult r = run_once(builder.model);
  CHECK(r.reasons[1] == 1.0);
  CHECK(r.reasons[2] == 0.0);
}

namespace {

/// Everyone is enrolled in two programs on arrival; their stays have means 1 and 2, and lead on to two others.
CompiledModel parallel_services(std::uint32_t needed) {
  ModelBuilder builder;
  CompiledModel& model = builder.model;
  Route arrival;
  arrival.actions = {0, 2};
  for (const double mean : {1.0, 2.0}) {
    const std::uint32_t first = builder.add_setting(SettingKind::program, kUnlimited);
    const std::uint32_t next = builder.add_setting(SettingKind::program, kUnlimited);
    model.settings[first].stay = builder.stay(exponential_by_mean(mean));
    model.settings[first].choices = builder.choices({{builder.move(next, Waiting::in_place), 1.0}});
    Action enrol;
    enrol.kind = ActionKind::enrol;
    enrol.setting = SettingId{first};
    model.actions.push_back(enrol);
    model.milestone_settings.push_back(SettingId{next});
  }
  MilestoneType milestone;
  milestone.setting_count = 2;
  milestone.needed = needed;
  milestone.standard = SimTime::from_days(2.0);
  model.milestones.push_back(milestone);
  builder.arrivals(7, 10.0, builder.choices({{builder.add_route(arrival), 1.0}}));
  builder.horizon(500.0);
  return model;
}
double mean_days(const ReplicationResult& r) {
  return r.milestones[static_cast<std::size_t>(MilestoneSum::days)] /
         r.milestones[static_cast<std::size_t>(MilestoneSum::reached)];
}

}  // namespace

TEST_CASE("a milestone of two services in parallel is the slower of them, or the faster", "[statistical]") {
  // Of exponential times with means 1 and 2 the greater has mean 1 + 2 - 2/3, the lesser 2/3. False alarm 1e-6
  // (Student's t, 39 degrees of freedom: 5.8). Those not there yet at the end, about 2 in 1,000, are the slowest.
  const Estimate slower = estimate(parallel_services(2), 40, mean_days);
  CHECK(slower.error < 0.02);
  CHECK(std::abs(slower.mean - 7.0 / 3.0) < 5.8 * slower.error + 0.03);
  const Estimate faster = estimate(parallel_services(1), 40, mean_days);
  CHECK(faster.error < 0.01);
  CHECK(std::abs(faster.mean - 2.0 / 3.0) < 5.8 * faster.error + 0.005);
}

TEST_CASE("a milestone counts each start once, from where it says") {
  ModelBuilder builder;
  CompiledModel& model = builder.model;
  const std::uint32_t ward = builder.add_setting(SettingKind::place, kUnlimited);
  const std::uint32_t home = builder.add_setting(SettingKind::place, kUnlimited);
  for (const std::uint32_t place : {ward, home}) {
    model.settings[place].stay = builder.stay(constant_value(place == ward ? 3.0 : 5.0));
    model.settings[place].choices = builder.choices({{builder.move(ward + home - place, Waiting::in_place), 1.0}});
  }
  arrive_on(builder, 7, {0.0}, builder.choices({{builder.move(home, Waiting::in_place), 1.0}}));
  MilestoneType milestone;
  milestone.from = {StartKind::setting, ward};
  milestone.setting_count = 1;
  milestone.standard = SimTime::from_days(3.0);
  milestone.actions = {0, 1};
  model.milestone_settings = {SettingId{home}};
  Action count;
  count.kind = ActionKind::count_outcome;
  count.outcome = OutcomeId{0};
  model.actions.push_back(count);
  model.outcome_count = 1;
  model.milestones.push_back(milestone);
  builder.horizon(25.0);  // in the ward on days 5-8, 13-16, 21-24
  const ReplicationResult r = run_once(model);
  CHECK(r.milestones == std::vector<double>{3.0, 3.0, 9.0, 3.0});
  CHECK(r.outcomes[0] == 3.0);
  double kept = 0.0;
  for (const std::uint32_t lengths : r.milestone_lengths) kept += lengths;
  CHECK(kept == 3.0);
}
