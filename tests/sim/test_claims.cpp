#include "tests/catch.hpp"
#include "tests/sim/small_runs.hpp"

using namespace tl;
using namespace tl::testing;
using S = SettingSum;

namespace {

/// A home with one unit, kept for a while, and a hospital without limit. A client comes home on day 0 to stay 10 days;
/// on day 3 an event takes them to the hospital for 2 days, from where they return.
struct Home {
  ModelBuilder builder;
  std::uint32_t home, hospital;
  RouteId back;

  explicit Home(double hold_days, OnReturn on_return = OnReturn::resume) {
    home = builder.add_station(1, 1.0);
    hospital = builder.add_setting(SettingKind::place, kUnlimited);
    builder.model.settings[home].stay = builder.stay(constant_value(10.0));
    builder.model.settings[home].choices = builder.choices({{builder.leave(0), 1.0}});
    builder.model.settings[hospital].stay = builder.stay(constant_value(2.0));
    back = go_back(builder);
    builder.model.settings[hospital].choices = builder.choices({{back, 1.0}});
    arrive_on(builder, 7, {0.0}, builder.choices({{builder.move(home, Waiting::line), 1.0}}));
    builder.add_lines();
    builder.horizon(100.0);
    SettingMore& more = more_of(builder.model, home);
    more.keeps_claim = true;
    more.hold = builder.stay(constant_value(hold_days));
    more.on_return = on_return;
    add_timer(builder, StartKind::arrival, 0, 3.0, builder.choices({{builder.move(hospital, Waiting::in_place), 1.0}}));
  }
  ReplicationResult run() { return run_once(builder.model); }
};

}  // namespace

TEST_CASE("whoever comes back within the hold goes on with the stay") {
  const ReplicationResult r = Home{5.0}.run();
  CHECK(total(r, 1, S::held_days) == Approx(2.0));
  CHECK(total(r, 1, S::census_days) == Approx(10.0));
  CHECK(total(r, 2, S::census_days) == Approx(2.0));
  CHECK(total(r, 1, S::stay_drawn_days) == Approx(10.0));
  CHECK(total(r, 1, S::stays_ended) == 1.0);
  CHECK(total(r, 1, S::admissions) == 2.0);
  CHECK(total(r, 1, S::requests) == 1.0);
  CHECK(total(r, 1, S::claims_lapsed) == 0.0);
}

TEST_CASE("the stay of who comes back may be drawn anew, or have run on") {
  const ReplicationResult anew = Home{5.0, OnReturn::resample}.run();
  CHECK(total(anew, 1, S::census_days) == Approx(13.0));
  const ReplicationResult ran = Home{5.0, OnReturn::run_on}.run();
  CHECK(total(ran, 1, S::census_days) == Approx(8.0));
}

TEST_CASE("a hold that runs out frees the unit; the return is then a transfer ranked from now") {
  Home home{1.0};
  const ReplicationResult alone = home.run();
  CHECK(total(alone, 1, S::held_days) == Approx(1.0));
  CHECK(total(alone, 1, S::claims_lapsed) == 1.0);
  CHECK(total(alone, 1, S::census_days) == Approx(13.0));
  CHECK(total(alone, 1, S::requests) == 2.0);
  // A second client, waiting since day 1, has the home from day 4 to 14, the first from day 14.
  arrive_on(home.builder, 8, {1.0}, home.builder.model.arrivals[0].choices);
  home.builder.model.timers[0].from = {StartKind::setting, home.home};
  home.builder.model.timers[0].holds =
      number_by(home.builder, StateDimension{DimensionKind::trait, 0, 1, 2, 0, 0}, {1.0, 0.0});
  home.builder.model.arrivals[1].traits = 1;
  const ReplicationResult two = home.run();
  CHECK(total(two, 1, S::wait_days) == Approx(3.0 + 9.0));
  CHECK(total(two, 1, S::waiting_held_days) == Approx(1.0));
  CHECK(total(two, 2, S::boarding_days) == Approx(9.0));
}

TEST_CASE("without a claim, a return may go somewhere else") {
  Home home{1.0};
  home.builder.model.routes[home.back.index()].no_claim = home.builder.leave(2);
  const ReplicationResult r = home.run();
  CHECK(total(r, 1, S::census_days) == Approx(3.0));
  CHECK(r.reasons[2] == 1.0);
}

TEST_CASE("whoever never had a claim returns outside") {
  ModelBuilder builder;
  arrive_on(builder, 7, {1.0}, builder.choices({{go_back(builder), 1.0}}));
  builder.horizon(11.0);
  CHECK(total(run_once(builder.model), 0, S::census_days) == Approx(10.0));
}

TEST_CASE("an admission elsewhere ends the claim, unless it is temporary") {
  const bool temporary = GENERATE(false, true);
  Home home{50.0};
  CompiledModel& model = home.builder.model;
  // from the hospital to a ward for 4 days, and from there back
  const std::uint32_t ward = home.builder.add_setting(SettingKind::place, kUnlimited);
  more_of(model, home.home);
  model.settings[ward].stay = home.builder.stay(constant_value(4.0));
  model.settings[ward].choices = home.builder.choices({{home.back, 1.0}});
  const RouteId on = home.builder.move(ward, Waiting::in_place);
  model.routes[on.index()].temporary = temporary;
  model.settings[home.hospital].choices = home.builder.choices({{on, 1.0}});
  const ReplicationResult r = home.run();
  CHECK(total(r, 1, S::held_days) == Approx(temporary ? 6.0 : 2.0));
  CHECK(total(r, 1, S::claims_lapsed) == (temporary ? 0.0 : 1.0));
  CHECK(total(r, 1, S::census_days) == Approx(temporary ? 10.0 : 13.0));
}

TEST_CASE("the way back may take time, during which the unit is reserved") {
  Home home{5.0};
  CompiledModel& model = home.builder.model;
  Handoff handoff;
  handoff.delay = home.builder.stay(constant_value(4.0));
  model.handoffs.push_back(handoff);
  model.routes[home.back.index()].handoff = HandoffId{0};
  model.routes[home.back.index()].handoff_given = true;
  const ReplicationResult r = home.run();
  CHECK(total(r, 1, S::held_days) == Approx(2.0));
  CHECK(total(r, 1, S::reserved_days) == Approx(4.0));  // past the end of the hold
  CHECK(total(r, 1, S::census_days) == Approx(10.0));
  // An event on day 6 takes them back into the hospital: the unit is held again, until the hold ends on day 8.
  add_timer(home.builder, StartKind::arrival, 0, 6.0, model.timers[0].choices);
  const ReplicationResult overtaken = home.run();
  CHECK(total(overtaken, 1, S::reserved_days) == Approx(1.0 + 4.0));
  CHECK(total(overtaken, 1, S::held_days) == Approx(2.0 + 2.0));
  CHECK(total(overtaken, 1, S::census_days) == Approx(13.0));
}

TEST_CASE("a place without limit keeps a claim without end and no unit") {
  Home home{1.0};
  home.builder.model.more[home.home].hold = TableId{};
  home.builder.model.settings[home.home].capacity = kUnlimited;
  home.builder.model.settings[home.hospital].stay = home.builder.stay(constant_value(30.0));
  const ReplicationResult r = home.run();
  CHECK(total(r, 1, S::held_days) == 0.0);
  CHECK(total(r, 1, S::census_days) == Approx(10.0));
  CHECK(total(r, 1, S::stay_drawn_days) == Approx(10.0));
}

TEST_CASE("time at home of who is taken away at a rate and comes back is as theory says", "[statistical]") {
  // An alternating process: at home for 1/0.2 = 5 days on average, away for 3. Share at home 5/8. 20 clients who come
  // at the start of 20,000 days; false alarm 1e-6 (Student's t, 99 degrees of freedom: 5.29).
  ModelBuilder builder;
  const std::uint32_t home = builder.add_setting(SettingKind::place, 20);
  const std::uint32_t away = builder.add_setting(SettingKind::place, kUnlimited);
  builder.model.settings[away].stay = builder.stay(exponential_by_mean(3.0));
  builder.model.settings[away].choices = builder.choices({{go_back(builder), 1.0}});
  InitialGroup group;
  group.draw_id = 7;
  group.count = 20;
  group.place = SettingId{home};
  builder.model.initial.push_back(group);
  SettingMore& more = more_of(builder.model, home);
  more.keeps_claim = true;
  more.hold = builder.stay(exponential_by_mean(1e9));
  EventType event;
  event.draw_id = 77;
  event.hazard = number_by(builder, is_in(builder, home), {0.0, 0.2});
  event.choices = builder.choices({{builder.move(away, Waiting::in_place), 1.0}});
  builder.model.events.push_back(event);
  builder.horizon(2000.0);
  const Estimate share =
      estimate(builder.model, 100, [&](const ReplicationResult& r) { return total(r, 1, S::census_days) / 40'000.0; });
  INFO("share " << share.mean << " error " << share.error);
  CHECK(share.error < 0.005);
  CHECK(std::abs(share.mean - 0.625) < 5.29 * share.error + 0.0006);  // all are at home at the start
}
