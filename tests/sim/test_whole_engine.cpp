#include <algorithm>
#include <random>

#include "tests/catch.hpp"
#include "tests/sim/engine_models.hpp"

using namespace tl;
using namespace tl::testing;

// Small random models in which everything that the engine knows may meet: the checking build asserts the laws after
// every event and instant of them; every build that the sums agree with each other and runs are the same again.
namespace {

class RandomModel {
 public:
  EngineBuilder builder;

  explicit RandomModel(std::uint32_t seed) : random_{seed} {
    const std::uint32_t place_count = 3 + pick(3), program_count = pick(3);
    for (std::uint32_t p = 0; p < place_count; ++p)
      places_.push_back(builder.add_place(p == 0 || pick(4) == 0 ? kUnlimited : 1 + pick(4)));
    for (std::uint32_t p = 0; p < program_count; ++p)
      programs_.push_back(builder.add_setting(SettingKind::program, 2 + pick(5)));
    builder.add_lines();
    model_.more.resize(model_.settings.size());
    model_.outcome_count = 1;
    model_.need_bits = 1;
    model_.need_shift = 1;
    model_.need_levels = {0, 3};
    add_handoffs();
    for (const std::uint32_t place : places_) furnish(place);
    for (const std::uint32_t program : programs_) furnish_program(program);
    add_events();
    add_milestone();
    builder.arrivals(7, 1.5, builder.choices({{way(true), 0.6}, {way(true), 0.4}}));
    arrival_traits();
    std::stable_sort(model_.patches.begin(), model_.patches.end(),
                     [](const Patch& a, const Patch& b) { return a.at < b.at; });
  }

 private:
  std::uint32_t pick(std::uint32_t below) { return static_cast<std::uint32_t>(random_() % below); }
  bool maybe(std::uint32_t in) { return pick(in) == 0; }
  std::uint32_t any_place() { return places_[pick(static_cast<std::uint32_t>(places_.size()))]; }
  TableId some_days(double mean) {
    return builder.stay(maybe(3) ? constant_value(0.25 * (1 + pick(8))) : exponential_by_mean(mean));
  }
  void add_handoffs() {
    Handoff handoff;
    handoff.delay = some_days(0.7);
    if (maybe(2)) handoff.lost = builder.number(0.2);
    handoff.lost_to = maybe(2) ? builder.leave(0) : builder.move(places_[0], Waiting::in_place);
    handoff.during = SettingId{places_[0]};
    model_.handoffs.push_back(handoff);
    handoff.during = SettingId{};
    model_.handoffs.push_back(handoff);
  }
  /// To a place, out, again, or back.
  RouteId way(bool from_outside, bool by_event = false) {
    const std::uint32_t kind = pick(from_outside ? 4 : 8);
    if (kind == 4) return builder.leave(0);
    Route route;
    route.kind = RouteKind::move;
    route.goal = SettingId{any_place()};
    route.waiting = from_outside || maybe(3) ? Waiting::line : maybe(2) ? Waiting::place : Waiting::in_place;
    route.wait_place = SettingId{places_[0]};
    if (model_.settings[route.goal.index()].capacity == kUnlimited && route.waiting == Waiting::line)
      route.waiting = Waiting::place;
    if (kind >= 6 || (kind == 3 && !from_outside)) {
      route.kind = RouteKind::go_back;
      route.goal = SettingId{};
      route.waiting = Waiting::place;
      if (maybe(3)) route.no_claim = builder.leave(0);
    }
    if (kind == 5 && !by_event) route.kind = RouteKind::stay_again;
    route.temporary = maybe(3);
    if (!from_outside && maybe(4)) route.delay = some_days(0.5);
    if (maybe(3)) {
      route.handoff = HandoffId{from_outside ? 0 : pick(2)};
      route.handoff_given = true;
    }
    if (maybe(2)) route.actions = some_actions();
    return builder.add_route(route);
  }
  ActionList some_actions() {
    Action action;
    switch (pick(5)) {
      case 0:
        action.kind = ActionKind::set_trait;
        action.bits = 2;
        action.value = pick(4);
        break;
      case 1:
        if (programs_.empty()) return {};
        action.kind = maybe(3) ? ActionKind::end_program : maybe(2) ? ActionKind::enrol : ActionKind::request;
        action.setting = SettingId{programs_[pick(static_cast<std::uint32_t>(programs_.size()))]};
        break;
      default: {
        RequestTerms terms;
        terms.goal = SettingId{any_place()};
        terms.track = static_cast<std::uint8_t>(pick(2));
        terms.closes = static_cast<std::uint8_t>(maybe(2) ? 3 : 0);
        terms.while_away = maybe(2) ? WhileAway::drop : WhileAway::park;
        terms.temporary = maybe(3);
        if (maybe(2)) terms.away = builder.where(any_place());
        const std::uint32_t other = any_place(), interim = any_place();
        action.kind = ActionKind::request;
        action.setting = terms.goal;
        const bool options =
            maybe(2) && other != terms.goal.index() && interim != other && interim != terms.goal.index();
        action.terms = options ? builder.terms(terms, {{other, 0.5 * pick(3)}}, {interim}) : builder.terms(terms);
      }
    }
    return builder.actions({action});
  }
  void furnish(std::uint32_t place) {
    Setting& setting = model_.settings[place];
    setting.level = pick(5);
    const RouteId first = way(false), second = way(false);
    const TableId choices = builder.choices({{first, 0.5}, {second, 0.5}}), stay = some_days(2.0);
    setting.choices = choices;
    setting.stay = stay;
    if (setting.capacity == kUnlimited) {
      SettingMore& more = model_.more[place];
      setting.has_more = more.keeps_claim = maybe(2);
      more.on_return = static_cast<OnReturn>(pick(3));
      return;
    }
    setting.on_refuse = setting.on_renege = builder.leave(1);
    if (maybe(3)) setting.limit = builder.number(1.0 + pick(3));
    if (maybe(2)) setting.patience = some_days(3.0);
    if (maybe(3)) setting.turnaround = some_days(0.4);
    if (maybe(2)) {
      setting.rank = builder.ranks(2, {0, 1, 0, 1});
      setting.rank_count = 2;
    }
    if (maybe(2)) furnish_more(place);
    if (maybe(2)) builder.capacity_from(10.0 + pick(40), place, pick(5));
  }
  void furnish_more(std::uint32_t place) {
    Setting& setting = model_.settings[place];
    SettingMore& more = model_.more[place];
    setting.has_more = true;
    more.occupants_known = true;
    more.on_return = static_cast<OnReturn>(pick(3));
    if (maybe(2)) {
      more.keeps_claim = true;
      more.hold = some_days(2.0);
    }
    if (maybe(3)) more.takes = builder.by_trait(1, {1.0, 2.0});
    if (maybe(3)) more.least_wait = SimTime::from_days(0.3);
    if (maybe(3)) more.first_fit = true;
    if (maybe(3)) more.admits = hours();
    if (maybe(3)) more.serves = open_time();
    if (maybe(3) && setting.rank.exists()) more.preempt = static_cast<Preempt>(1 + pick(3));
    if (maybe(2)) more.cut_to = builder.leave(2);
    if (maybe(3))
      model_.patches.push_back({SimTime::from_days(20.0), PatchKind::stay_scale, place, 0x3fe0000000000000});
  }
  void furnish_program(std::uint32_t program) {
    Setting& setting = model_.settings[program];
    SettingMore& more = model_.more[program];
    setting.stay = some_days(4.0);
    Route end;
    if (maybe(3)) end.kind = RouteKind::stay_again;
    setting.choices = builder.choices({{builder.add_route(end), 1.0}});
    setting.has_more = true;
    more.occupants_known = true;
    if (maybe(2)) more.serves = open_time();
    if (maybe(2)) more.admits = hours();
    if (model_.while_in_rules.empty())
      model_.while_in_rules = {
          {WhileIn::keep, SimTime{}}, {WhileIn::pause, SimTime{}}, {WhileIn::end, SimTime::from_days(1.0)}};
    more.while_in = builder.where(any_place());
    const std::uint32_t cells = model_.tables[more.while_in.index()].first_cell;
    for (std::uint32_t i = 0; i < 2; ++i) model_.cells[cells + i] = pick(3);
    if (maybe(2))
      model_.patches.push_back({SimTime::from_days(25.0), PatchKind::stay_scale, program, 0x4000000000000000});
  }
  CalendarId hours() {
    model_.calendars.push_back({static_cast<std::uint32_t>(model_.windows.size()), 1, SimTime::from_days(1.0)});
    const double opens = 0.1 * pick(9);
    model_.windows.push_back({SimTime::from_days(opens), SimTime::from_days(maybe(3) ? opens : opens + 0.4)});
    return CalendarId{static_cast<std::uint32_t>(model_.calendars.size() - 1)};
  }
  CurveId open_time() {
    model_.curves.push_back({static_cast<std::uint32_t>(model_.knots.size()), 3, SimTime::from_days(1.0)});
    model_.knots.push_back({SimTime{}, 0.0, 0.0, 0.0});
    model_.knots.push_back({SimTime::from_days(0.3), 0.0, 1.0, 0.0});
    model_.knots.push_back({SimTime::from_days(0.8), 0.5, 0.0, 0.0});
    return CurveId{static_cast<std::uint32_t>(model_.curves.size() - 1)};
  }
  void add_events() {
    for (std::uint32_t e = 0; e < 2; ++e) {
      EventType event;
      event.draw_id = 70 + e;
      event.hazard = maybe(2) ? builder.where(any_place()) : builder.number(0.1);
      event.choices = builder.choices({{way(false, true), 0.5}, {way(false, true), 0.5}});
      model_.events.push_back(event);
    }
    for (std::uint32_t t = 0; t < 3; ++t) {
      TimerType timer;
      timer.draw_id = 80 + t;
      timer.from = {static_cast<StartKind>(t), t == 1 ? any_place() : 0};
      timer.after = some_days(3.0);
      timer.repeat = maybe(2) && !maybe(4);
      if (maybe(2)) timer.holds = builder.where(any_place());
      timer.choices = builder.choices({{way(false, true), 1.0}});
      model_.timers.push_back(timer);
    }
  }
  void add_milestone() {
    MilestoneType milestone;
    milestone.setting_count = 2;
    milestone.needed = 1 + pick(2);
    milestone.actions = some_actions();
    model_.milestone_settings = {SettingId{any_place()}, SettingId{any_place()}};
    model_.milestones.push_back(milestone);
  }
  void arrival_traits() {
    ArrivalStream other = model_.arrivals[0];
    other.draw_id = 8;
    other.traits = 3;
    model_.arrivals.push_back(other);
  }

  std::mt19937 random_;
  CompiledModel& model_ = builder.model;
  std::vector<std::uint32_t> places_, programs_;
};

bool agrees(const Run& run) {
  const auto n = run.result.setting_count;
  double present = 0.0, in_places = 0.0;
  for (std::uint32_t s = 0; s < n; ++s) in_places += run.sum(s, SettingSum::census_days);
  for (std::uint32_t p = 0; p < run.result.period_count; ++p)
    present += run.result.model[p * kModelSums.size() + static_cast<std::size_t>(ModelSum::present_days)];
  return in_places >= present * (1.0 - 1e-9);  // programs count besides
}

}  // namespace

TEST_CASE("the laws hold in random models of all that the engine knows") {
  int runs = 0, faults = 0;
  for (std::uint32_t seed = 1; seed <= 120; ++seed) {
    CAPTURE(seed);
    RandomModel model{seed};
    try {
      const Run run = run_watched(model.builder, 60.0, seed);
      CHECK(agrees(run));
      const Run again = run_watched(model.builder, 60.0, seed);
      CHECK(run.result.settings == again.result.settings);
      CHECK(run.diary.moves == again.diary.moves);
      ++runs;
    } catch (const ModelFault&) {
      ++faults;  // clients sent round and round within an instant: a model may say so
    } catch (const BrokenPromise& broken) {
      FAIL_CHECK(broken.what());
    }
  }
  CHECK(runs > faults);
}
