#include "models/calendar_dates.hpp"
#include "tests/catch.hpp"
#include "tests/models/small_models.hpp"

using namespace tl;
using namespace tl::small;

namespace {
Compiled compiled(const Model& model) {
  Problems problems;
  auto made = compile(model, Limits{}, problems);
  INFO(text_of(problems));
  REQUIRE(made.has_value());
  return std::move(*made);
}
}  // namespace

TEST_CASE("civil dates count days as the calendar does") {
  CHECK(days_from_civil({1970, 1, 1}) == 0);
  CHECK(days_from_civil({2000, 3, 1}) == 11017);
  CHECK(days_from_civil({1969, 12, 31}) == -1);
  CHECK(weekday_of(days_from_civil({2026, 11, 21})) == 5);  // a Saturday
  CHECK(is_valid({2000, 2, 29}));
  CHECK_FALSE(is_valid({1900, 2, 29}));
  CHECK_FALSE(is_valid({2021, 4, 31}));
  for (std::int64_t day = -800'000; day < 800'000; day += 37) {
    const CivilDate date = civil_from_days(day);
    REQUIRE(is_valid(date));
    REQUIRE(days_from_civil(date) == day);
  }
}

TEST_CASE("a clinic compiles to a place, its line, a stream and a way out") {
  const Compiled made = compiled(clinic(0.8, 1.0, 1.0));
  const CompiledModel& model = made.model;
  REQUIRE(model.settings.size() == 3);
  CHECK(model.settings[1].capacity == 1);
  CHECK(model.settings[1].line == SettingId{2});
  CHECK(model.settings[2].kind == SettingKind::line);
  CHECK(model.settings[2].line_of == SettingId{1});
  CHECK(made.words.settings[2].id == "clinic.line");
  CHECK(model.settings[0].capacity == kUnlimited);
  REQUIRE(model.arrivals.size() == 1);
  const Curve& curve = model.curves[model.arrivals[0].rate.index()];
  CHECK(curve.knot_count == 1);
  CHECK(model.knots[curve.first_knot].rate == 0.8);
  CHECK(model.arrivals[0].layers == 1);
  const StateTable& stay = model.tables[model.settings[1].stay.index()];
  CHECK(stay.dimension_count == 0);
  CHECK(model.distributions[model.cells[stay.first_cell]].a == 1.0);
  const ChoiceList& out = model.choice_lists[model.cells[model.tables[model.settings[1].choices.index()].first_cell]];
  REQUIRE(out.count == 1);
  CHECK(model.routes[model.choices[out.first].route.index()].kind == RouteKind::leave);
  CHECK(model.end == SimTime::from_days(365.25));
}

TEST_CASE("the reporting periods follow the calendar and a sliver joins the last") {
  Model model = clinic(1, 1, 2);
  model.start_year = 2021;
  model.warmup_days = 10;
  const Compiled year = compiled(model);
  REQUIRE(year.model.period_ends.size() == 12);
  CHECK(year.model.period_ends[0] == SimTime::from_days(41));
  CHECK(year.model.period_ends.back() == year.model.end);
  CHECK(year.words.period_names[1] == "2021-02");
  CHECK(year.words.period_days[1] == 28);
  CHECK(year.words.period_days[11] == 31.25);
  model.every = "quarter";
  CHECK(compiled(model).words.period_names == std::vector<std::string>{"2021-Q1", "2021-Q2", "2021-Q3", "2021-Q4"});
  model.every = "year";
  model.horizon_days = 800;
  CHECK(compiled(model).words.period_names == std::vector<std::string>{"2021", "2022", "2023"});
  model.every_days = 100;
  const Compiled hundreds = compiled(model);
  CHECK(hundreds.words.period_days == std::vector<double>(8, 100.0));
  CHECK(hundreds.words.period_names[1] == "2021-04-11");
}

TEST_CASE("draw ids come from names, so another setting moves none") {
  Model one = clinic(1, 1, 2);
  Model two = one;
  two.settings.push_back(two.settings[1]);
  two.settings[2].words.id = "another";
  const Compiled a = compiled(one), b = compiled(two);
  CHECK(a.model.settings[1].draw_id == b.model.settings[1].draw_id);
  CHECK(a.model.arrivals[0].draw_id == b.model.arrivals[0].draw_id);
  CHECK(b.model.settings[2].draw_id != b.model.settings[1].draw_id);
}

TEST_CASE("observed instants outside the horizon are left out with a warning") {
  Model model = clinic(1, 1, 2);
  model.observe_days = {63, 500, 0};
  Problems problems;
  const auto made = compile(model, Limits{}, problems);
  REQUIRE(made);
  CHECK(made->words.observe_days == std::vector<double>{0, 63});
  CHECK(has(problems, "observe-outside"));
}

TEST_CASE("initial clients and a warm-up contradict each other") {
  Model model = clinic(1, 1, 2);
  InitialSpec group;
  group.id = "there";
  group.place = 1;
  group.count = 2;
  model.initial = {group};
  CHECK(compiled(model).model.initial[0].count == 2);
  model.warmup_days = 5;
  Problems problems;
  CHECK_FALSE(compile(model, Limits{}, problems));
  CHECK(has(problems, "initial-warmup"));
}
