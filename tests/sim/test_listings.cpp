#include "tests/catch.hpp"
#include "tests/sim/engine_models.hpp"

// Requests that say more than their goal: every day is worked out by hand.

using namespace tl;
using namespace tl::testing;

namespace {

/// A street without limit where clients ask for something, and a home that opens some day.
struct Town {
  EngineBuilder builder;
  std::uint32_t street, home;
  Town() {
    street = builder.add_place(kUnlimited);
    home = builder.add_place(0);
  }
  void come(std::uint32_t draw_id, std::initializer_list<double> days, std::initializer_list<Action> asking,
            std::uint64_t traits = 0) {
    builder.arrive_on(draw_id, days, builder.move_with(street, Waiting::in_place, {}), traits);
    builder.model.settings[street].on_entry = builder.actions(asking);
  }
  RequestTerms for_home() const {
    RequestTerms terms;
    terms.goal = SettingId{home};
    return terms;
  }
};

}  // namespace

TEST_CASE("requests on two tracks stand side by side, and a grant closes the track it names") {
  for (const bool closes : {false, true}) {
    Town town;
    const std::uint32_t diversion = town.builder.add_place(0);
    RequestTerms other = town.for_home();
    other.goal = SettingId{diversion};
    other.track = 1;
    other.closes = closes ? 1 : 0;
    const TermsId terms = town.builder.terms(other);
    town.come(7, {1.0}, {EngineBuilder::request(town.home), EngineBuilder::request(diversion, terms)});
    town.builder.capacity_from(5.0, diversion, 1);
    town.builder.capacity_from(8.0, town.home, 1);
    const Run run = run_watched(town.builder, 20.0);
    CHECK(run.diary.day_in(1, diversion) == 5.0);
    CHECK(run.diary.day_in(1, town.home) == (closes ? -1.0 : 8.0));
    CHECK(run.sum(town.home, SettingSum::dropped) == (closes ? 1.0 : 0.0));
    CHECK(run.sum(town.home, SettingSum::waiting_days) == Approx(closes ? 4.0 : 7.0));
    CHECK(run.sum(town.home, SettingSum::replaced) == 0.0);
  }
}

TEST_CASE("a request on the same track replaces the one there, unless it says keep") {
  for (const bool keep : {false, true}) {
    Town town;
    const std::uint32_t flat = town.builder.add_place(0);
    Action second = EngineBuilder::request(flat);
    second.keep = keep;
    town.come(7, {1.0}, {EngineBuilder::request(town.home), second});
    town.builder.capacity_from(2.0, flat, 1);
    const Run run = run_watched(town.builder, 10.0);
    CHECK(run.diary.day_in(1, flat) == (keep ? -1.0 : 2.0));
    CHECK(run.sum(town.home, SettingSum::replaced) == (keep ? 0.0 : 1.0));
  }
}

TEST_CASE("drop takes back what stands on the track it names") {
  Town town;
  RequestTerms second = town.for_home();
  second.track = 2;
  const std::uint32_t flat = town.builder.add_place(0);
  second.goal = SettingId{flat};
  Action drop;
  drop.kind = ActionKind::drop_request;
  drop.track = 2;
  const TermsId terms = town.builder.terms(second);
  town.come(7, {1.0}, {EngineBuilder::request(town.home), EngineBuilder::request(flat, terms), drop});
  const Run run = run_watched(town.builder, 10.0);
  CHECK(run.sum(flat, SettingSum::dropped) == 1.0);
  CHECK(run.sum(town.home, SettingSum::dropped) == 0.0);
  CHECK(run.sum(town.home, SettingSum::waiting_at_end) == 1.0);
}

TEST_CASE("an alternate is accepted from its wait on, and the wait counts at the goal") {
  Town town;
  const std::uint32_t late = town.builder.add_place(1), later = town.builder.add_place(1);
  const TermsId terms = town.builder.terms(town.for_home(), {{later, 6.0}, {late, 3.0}});
  town.come(7, {1.0, 2.0}, {EngineBuilder::request(town.home, terms)});
  const Run run = run_watched(town.builder, 20.0);
  CHECK(run.diary.day_in(1, late) == 4.0);
  CHECK(run.diary.day_in(2, later) == 8.0);
  CHECK(run.sum(town.home, SettingSum::requests) == 2.0);
  CHECK(run.sum(town.home, SettingSum::waits) == 2.0);
  CHECK(run.sum(town.home, SettingSum::wait_days) == Approx(3.0 + 6.0));
  CHECK(run.sum(town.home, SettingSum::waiting_days) == Approx(3.0 + 6.0));
  CHECK(run.sum(late, SettingSum::requests) == 0.0);
  CHECK(run.sum(late, SettingSum::admissions) == 1.0);
}

TEST_CASE("goal, alternates from the first moment and interims are tried in order before the limit is asked") {
  Town town;
  const std::uint32_t alternate = town.builder.add_place(1), interim = town.builder.add_place(1);
  const TermsId terms = town.builder.terms(town.for_home(), {{alternate, 0.0}}, {interim});
  town.builder.model.settings[town.home].capacity = 1;
  town.builder.model.settings[town.home].limit = town.builder.number(0.0);
  town.come(7, {1.0, 2.0, 3.0, 4.0}, {EngineBuilder::request(town.home, terms)});
  const Run run = run_watched(town.builder, 20.0);
  CHECK(run.diary.day_in(1, town.home) == 1.0);
  CHECK(run.diary.day_in(2, alternate) == 2.0);
  CHECK(run.diary.day_in(3, interim) == 3.0);
  CHECK(run.diary.day_in(4, interim) == -1.0);
  CHECK(run.sum(town.home, SettingSum::refused) == 1.0);
  CHECK(run.sum(town.home, SettingSum::waiting_at_end) == 1.0);  // the one in the interim
}

TEST_CASE("in an interim the request stays open, and is granted from there") {
  Town town;
  const std::uint32_t interim = town.builder.add_place(1);
  const TermsId terms = town.builder.terms(town.for_home(), {}, {interim});
  town.come(7, {1.0}, {EngineBuilder::request(town.home, terms)});
  town.builder.capacity_from(10.0, town.home, 1);
  const Run run = run_watched(town.builder, 20.0);
  CHECK(run.diary.day_in(1, interim) == 1.0);
  CHECK(run.diary.day_in(1, town.home) == 10.0);
  CHECK(run.sum(town.home, SettingSum::wait_days) == Approx(9.0));
  CHECK(run.sum(interim, SettingSum::requests) == 0.0);
  CHECK(run.sum(interim, SettingSum::admissions) == 1.0);
}

TEST_CASE("only earlier interims are better, and leaving one queues again from that day") {
  Town town;
  const std::uint32_t good = town.builder.add_place(0), poor = town.builder.add_place(1);
  town.builder.stays(poor, 4.0, town.builder.move(town.street, Waiting::in_place));
  // Those who come back to the street ask again, which keeps the old request.
  const TermsId terms = town.builder.terms(town.for_home(), {}, {good, poor});
  town.come(7, {1.0, 2.0}, {EngineBuilder::request(town.home, terms)});
  town.builder.capacity_from(6.0, good, 1);
  const Run run = run_watched(town.builder, 9.5);
  // 1 in the poor one from 1 to 5, then behind 2 in its queue, but still first in that of the good one. 2 comes back on
  // day 9.
  CHECK(run.diary.moves == std::vector<Diary::Move>{{1, town.street, 1.0},
                                                    {1, poor, 1.0},
                                                    {2, town.street, 2.0},
                                                    {1, town.street, 5.0},
                                                    {2, poor, 5.0},
                                                    {1, good, 6.0},
                                                    {2, town.street, 9.0},
                                                    {2, poor, 9.0}});
  CHECK(run.sum(town.home, SettingSum::requests) == 2.0);
  CHECK(run.sum(town.home, SettingSum::waiting_at_end) == 2.0);
}

TEST_CASE("no grant before a request is as old as the queue wants") {
  Town town;
  town.builder.model.settings[town.home].capacity = 5;
  town.builder.more(town.home).least_wait = SimTime::from_days(2.5);
  town.come(7, {1.0, 1.5}, {EngineBuilder::request(town.home)});
  const Run run = run_watched(town.builder, 10.0);
  CHECK(run.diary.day_in(1, town.home) == 3.5);
  CHECK(run.diary.day_in(2, town.home) == 4.0);
}

TEST_CASE("who is where they cannot come from is parked and keeps the rank, or is dropped") {
  for (const bool drop : {false, true}) {
    Town town;
    const std::uint32_t jail = town.builder.add_place(kUnlimited);
    town.builder.stays(town.street, 2.0, town.builder.move(jail, Waiting::in_place));
    const std::uint32_t back = town.builder.add_place(kUnlimited);
    town.builder.stays(jail, 4.0, town.builder.move(back, Waiting::in_place));
    RequestTerms asked = town.for_home();
    asked.away = town.builder.where(jail);
    asked.while_away = drop ? WhileAway::drop : WhileAway::park;
    const TermsId terms = town.builder.terms(asked);
    town.come(7, {1.0, 6.0}, {EngineBuilder::request(town.home, terms)});
    town.builder.capacity_from(4.0, town.home, 1);
    town.builder.model.patches.push_back({SimTime::from_days(6.5), PatchKind::capacity, town.home, 0});
    const Run run = run_watched(town.builder, 30.0);
    // 1 asks on day 1, is in jail from 3 to 7; 2 comes on day 6 while the home is open, and finds it free.
    CHECK(run.diary.day_in(2, town.home) == 6.0);
    CHECK(run.diary.day_of(1, StoryKind::parked) == (drop ? -1.0 : 3.0));
    CHECK(run.diary.day_of(1, StoryKind::unparked) == (drop ? -1.0 : 7.0));
    CHECK(run.diary.day_of(1, StoryKind::dropped) == (drop ? 3.0 : -1.0));
    CHECK(run.sum(town.home, SettingSum::waiting_at_end) == (drop ? 0.0 : 1.0));
  }
}

TEST_CASE("a handoff that ends where the client cannot come from offers the unit again") {
  Town town;
  town.builder.model.settings[town.home].capacity = 1;
  RequestTerms asked = town.for_home();
  asked.away = town.builder.by_trait(1, {0.0, 1.0});
  const TermsId terms = town.builder.terms(asked);
  town.come(7, {1.0}, {EngineBuilder::request(town.home, terms)});
  Handoff handoff;
  handoff.delay = town.builder.stay(constant_value(2.0));
  town.builder.model.handoffs.push_back(handoff);
  town.builder.model.department_handoffs = {HandoffId{0}};
  // At a rate of a million a day: at once, whoever is a day, and later five days, on the street becomes away and comes
  // back.
  const auto event = [&](std::uint32_t draw_id, std::uint32_t value, double after) {
    Action set;
    set.kind = ActionKind::set_trait;
    set.bits = 1;
    set.value = value;
    Route route;
    route.actions = town.builder.actions({set});
    EventType type;
    type.draw_id = draw_id;
    const auto first = static_cast<std::uint32_t>(town.builder.model.steps.size());
    town.builder.model.steps.push_back(after);
    town.builder.model.steps.push_back(after + 0.1);
    type.hazard = town.builder.over({DimensionKind::since_place, 0, 0, 3, first, 0}, {0.0, 1e6, 0.0});
    type.choices = town.builder.choices({{town.builder.add_route(route), 1.0}});
    town.builder.model.events.push_back(type);
  };
  event(31, 1, 1.0);
  event(32, 0, 5.0);
  const Run run = run_watched(town.builder, 20.0);
  CHECK(run.diary.count(StoryKind::handoff_begun) == 2);
  CHECK(run.diary.day_in(1, town.home) == Approx(8.0).margin(0.001));
  CHECK(run.sum(town.home, SettingSum::reserved_days) == Approx(4.0).margin(0.001));
  CHECK(run.sum(town.home, SettingSum::waiting_days) == Approx(3.0).margin(0.001));
  CHECK(run.sum(town.home, SettingSum::requests) == 1.0);
}

TEST_CASE("a score queue takes the highest score, time waited and steps included") {
  Town town;
  SettingMore& more = town.builder.more(town.home);
  more.score = town.builder.by_trait(2, {0.0, 10.0, 25.0, 0.0});
  more.score_per_day = 1.0;
  town.builder.model.score_steps = {{SimTime::from_days(20.0), 30.0}};
  more.score_step_count = 1;
  const Action ask = EngineBuilder::request(town.home);
  town.come(7, {0.0}, {ask}, 0);   // client 1: 0 + days
  town.come(8, {5.0}, {ask}, 1);   // client 2: 10 + days since 5 = 5 + day
  town.come(9, {14.0}, {ask}, 2);  // client 3: 25 + days since 14 = 11 + day
  town.come(6, {16.0}, {ask}, 1);  // client 4: 10 + days since 16 = day − 6
  // Day 18: 1 has 18, 2 has 23, 3 has 29, 4 has 12: 3 goes first. Day 22: 1 has 22 + 30, so it passes 2 with 27, who
  // would have its own step on day 25. Day 26: 2; day 30: 4.
  for (const double day : {18.0, 22.0, 26.0, 30.0})
    town.builder.capacity_from(day, town.home, static_cast<std::int64_t>(day - 14.0) / 4);
  const Run run = run_watched(town.builder, 40.0);
  CHECK(run.diary.day_in(3, town.home) == 18.0);
  CHECK(run.diary.day_in(1, town.home) == 22.0);
  CHECK(run.diary.day_in(2, town.home) == 26.0);
  CHECK(run.diary.day_in(4, town.home) == 30.0);
}

TEST_CASE("patience stops in an interim where the queue says so") {
  for (const bool pauses : {false, true}) {
    Town town;
    const std::uint32_t interim = town.builder.add_place(0);
    town.builder.stays(interim, 4.0, town.builder.move(town.street, Waiting::in_place));
    town.builder.model.settings[town.home].patience = town.builder.stay(constant_value(5.0));
    town.builder.more(town.home).patience_pauses_in_interim = pauses;
    const TermsId terms = town.builder.terms(town.for_home(), {}, {interim});
    // On the street from 1 to 3, in the interim from 3 to 7, then on the street for good.
    town.builder.capacity_from(3.0, interim, 1);
    town.builder.capacity_from(6.0, interim, 0);
    town.come(7, {1.0}, {EngineBuilder::request(town.home, terms)});
    const Run run = run_watched(town.builder, 9.9);
    // five days from day 1; or two of them before the interim and three after it
    CHECK(run.diary.day_of(1, StoryKind::gave_up) == (pauses ? -1.0 : 6.0));
    if (pauses) CHECK(run_watched(town.builder, 20.0).diary.day_of(1, StoryKind::gave_up) == 10.0);
  }
}
