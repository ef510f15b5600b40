#include <cmath>
#include <string>
#include <vector>

#include "models/compile.hpp"
#include "models/read_model.hpp"
#include "models/table_reader.hpp"
#include "tests/catch.hpp"

// What levers make of the typed model: strength, order, shares, dates and ramps, against numbers computed by hand.
namespace {

using namespace tl;
using Kind = Change::Kind;

const std::string kModel = R"(
[model]
start = "2020-01-01"
horizon = "2 y"
[parameters.los]
value = 10
unit = "d"
[parameters.los_long]
value = "los * 2"
[parameters.idle]
value = 3
[departments.dmh]
[departments.dhs]
[settings.ward]
department = "dmh"
capacity = 10
stay = { kind = "exponential", mean = { base = "los", vary = [ { when = "level = 3", value = "6 d" }, { when = "level = 4", scale = 2 } ] } }
[settings.home]
department = "dhs"
capacity = "unlimited"
stay = "los_long"
[settings.yard]
department = "dhs"
capacity = { base = 4, dated = [ { at = "100 d", value = 8 } ] }
stay = { kind = "lognormal", mean = "4 d", sd = "2 d" }
returns = "30 d"
[[routes]]
from = "ward"
to = "home"
share = 0.5
[[routes]]
from = "ward"
to = "yard"
share = 0.3
[[routes]]
from = "ward"
to = "leave:moved"
share = 0.2
[[routes]]
from = "home"
to = "leave:done"
[[routes]]
from = "yard"
to = "leave:done"
share = 0.4
[[routes]]
from = "yard"
to = "ward"
share = "otherwise"
[[handoffs]]
between = "across"
delay = "2 d"
lost = 0.12
[arrivals.street]
rate = "2 / d"
to = "ward"
[events.crisis]
rate = "0.1 / d"
to = "ward"
when = "place = home"
)";

struct Built {
  std::optional<Model> model;
  std::vector<Problem> problems;
};

Built build(const std::string& levers, const std::string& changes) {
  Problems problems;
  const Document document = read_toml_text(kModel + levers, "model.toml", Limits{}, problems);
  const auto cell = read_toml_value("{" + changes + "}", {"study.toml", 7, 10}, "levers", Limits{}, problems);
  REQUIRE(cell);
  std::vector<Change> made;
  for (const auto& [path, value] : cell->fields) {
    const std::size_t mark = path.find(' ');  // "add settings.yard.capacity"
    const Kind kind = mark == std::string::npos ? Kind::set
                      : path[0] == 'a'          ? Kind::add
                      : path[1] == 'c'          ? Kind::scale
                                                : Kind::set;
    made.push_back({kind, mark == std::string::npos ? path : path.substr(mark + 1), value, {"study.toml", 7, 3}});
  }
  Built built;
  built.model = build_model(document, made, {}, problems);
  built.problems = problems.sorted();
  for (const Problem& problem : built.problems) UNSCOPED_INFO(to_text(problem));
  return built;
}

Model model_with(const std::string& levers, const std::string& changes) {
  Built built = build(levers, changes);
  REQUIRE(built.model);
  return std::move(*built.model);
}

const SettingSpec& ward(const Model& model) {
  return model.settings[1];
}
const SettingSpec& yard(const Model& model) {
  return model.settings[3];
}
std::vector<std::pair<double, double>> dates_of(const VaryingNumber& number) {
  std::vector<std::pair<double, double>> dates;
  for (const DatedValue& one : number.dated) dates.emplace_back(one.days, one.value);
  return dates;
}
using Dates = std::vector<std::pair<double, double>>;

}  // namespace

TEST_CASE("a set goes a part of the way, a scale counts to the power of the strength, an add in part") {
  const std::string levers = R"(
[levers.a]
set = { "settings.ward.capacity" = 30 }
[levers.b]
scale = { "settings.ward.capacity" = 4 }
[levers.c]
add = { "settings.ward.capacity" = 7 }
)";
  CHECK(ward(model_with(levers, R"("levers.a" = 1)")).capacity->base == 30.0);
  CHECK(ward(model_with(levers, R"("levers.a" = 0.5)")).capacity->base == 20.0);
  CHECK(ward(model_with(levers, R"("levers.a" = "25%")")).capacity->base == 15.0);
  CHECK(ward(model_with(levers, R"("levers.b" = 0.5)")).capacity->base == 20.0);
  CHECK(ward(model_with(levers, R"("levers.c" = 0.5)")).capacity->base == 13.5);
  CHECK(ward(model_with(levers, R"("levers.a" = 0.5, "levers.b" = 0.5, "levers.c" = 1)")).capacity->base == 47.0);
  CHECK(ward(model_with(levers, R"("levers.c" = 1, "levers.b" = 0.5, "levers.a" = 0.5)")).capacity->base == 47.0);
}

TEST_CASE("the scenario's own changes join those of levers in the same order of kinds") {
  const std::string levers = R"(
[levers.b]
scale = { "settings.ward.capacity" = 3 }
[levers.c]
add = { "settings.ward.capacity" = 1 }
)";
  const std::string changes =
      R"("levers.c" = 1, "add settings.ward.capacity" = 2, "set settings.ward.capacity" = 5, "levers.b" = 1)";
  CHECK(ward(model_with(levers, changes)).capacity->base == 18.0);
}

TEST_CASE("the last word on a lever's strength counts, and 0 switches it off") {
  const std::string levers = "[levers.a]\nset = { \"settings.ward.capacity\" = 30 }\n";
  CHECK(ward(model_with(levers, R"("levers.a" = 1, "set levers.a" = 0)")).capacity->base == 10.0);
  CHECK(build(levers, R"("levers.a" = 1, "set levers.a" = 0)").problems.empty());
}

TEST_CASE("what stands before the first lever is what levers start from; what stands after wins over them") {
  const std::string levers = R"(
[levers.a]
set = { "settings.ward.capacity" = 30, "parameters.los" = "20 d", "routes.ward>home.share" = 0.9 }
)";
  const auto got = [&](const std::string& changes) {
    const Model model = model_with(levers, changes);
    return std::vector<double>{ward(model).capacity->base, ward(model).stay->mean->base,
                               std::round(ward(model).routes[0].share->base * 1e9) / 1e9};
  };
  const std::string own =
      R"("set settings.ward.capacity" = 50, "set parameters.los" = 40, "set routes.ward>home.share" = 0.7)";
  using Numbers = std::vector<double>;
  CHECK(got(own + R"(, "levers.a" = 0.5)") == Numbers{40.0, 30.0, 0.8});
  CHECK(got(own + R"(, "levers.a" = 1)") == Numbers{30.0, 20.0, 0.9});
  CHECK(got(R"("levers.a" = 0.5, )" + own) == Numbers{50.0, 40.0, 0.7});
  const Model dated =
      model_with(levers, R"("set settings.ward.capacity" = 50, "levers.a" = 1, "levers.a.starts" = "9 d")");
  CHECK(dates_of(*ward(dated).capacity) == Dates{{0.0, 50.0}, {9.0, 30.0}});
}

TEST_CASE(
    "parameters: sets, scales and adds in that order, and what is computed from them follows whoever changes it") {
  const std::string levers = R"(
[levers.a]
set = { "parameters.los" = 20 }
add = { "parameters.los_long" = "1 d" }
[levers.b]
scale = { "parameters.los" = 4, "parameters.los_long" = 0.5 }
)";
  const auto days = [&](const std::string& changes) {
    const Model model = model_with(levers, changes);
    return std::pair{ward(model).stay->mean->base, model.settings[2].stay->value->base};
  };
  CHECK(days(R"("levers.a" = 1)") == std::pair{20.0, 41.0});
  CHECK(days(R"("levers.a" = 0.5)") == std::pair{15.0, 30.5});
  CHECK(days(R"("levers.a" = 1, "levers.b" = 1)") == std::pair{80.0, 81.0});
  CHECK(days(R"("levers.b" = 1, "levers.a" = 1)") == std::pair{80.0, 81.0});
  CHECK(days(R"("levers.b" = 0.5, "add parameters.los" = 1)").first == 21.0);
  CHECK(days(R"("set parameters.los_long" = "los + 3 d", "set parameters.los" = 5)") == std::pair{5.0, 8.0});
}

TEST_CASE("a share takes from the routes named, or from all that nobody changes, in proportion") {
  const std::string levers = R"(
[levers.named]
add = { "routes.ward>home.share" = 0.2 }
from = ["ward>leave:moved"]
[levers.all]
add = { "routes.ward>home.share" = 0.1 }
[levers.less]
scale = { "routes.ward>yard.share" = 0.5 }
from = ["ward>home", "ward>leave:moved"]
[levers.rest]
set = { "routes.yard>leave:done.share" = 0.8 }
)";
  const auto shares = [&](const std::string& changes) {
    const Model model = model_with(levers, changes);
    std::vector<double> all;
    for (const RouteSpec& route : ward(model).routes) all.push_back(std::round(route.share->base * 1e12) / 1e12);
    return all;
  };
  using Shares = std::vector<double>;
  CHECK(shares(R"("levers.named" = 0.5)") == Shares{0.6, 0.3, 0.1});
  CHECK(shares(R"("levers.all" = 1)") == Shares{0.6, 0.24, 0.16});
  CHECK(shares(R"("levers.less" = 1)") == Shares{0.607142857143, 0.15, 0.242857142857});
  // 0.3 to home: 0.2 of it from those who moved, 0.1 in proportion from the routes nobody changes (yard alone)
  CHECK(shares(R"("levers.named" = 1, "levers.all" = 1)") == Shares{0.8, 0.2, 0.0});
  CHECK(shares(R"("levers.all" = 1, "levers.named" = 1)") == Shares{0.8, 0.2, 0.0});
  const Model rest = model_with(levers, R"("levers.rest" = 0.5)");
  CHECK(std::abs(yard(rest).routes[0].share->base - 0.6) < 1e-12);
  CHECK_FALSE(yard(rest).routes[1].share);
}

TEST_CASE("a lever with a date acts from then on: numbers that had dates keep theirs") {
  const std::string levers = R"(
[levers.a]
add = { "settings.ward.capacity" = 6, "settings.yard.capacity" = 1 }
scale = { "parameters.los" = 0.5, "handoffs.handoffs#1.lost" = 0.5, "routes.yard>leave:done.share" = 0.5, "arrivals.street.rate" = 1.5, "events.crisis.rate" = 2 }
starts = "2020-03-01"
)";
  const Model model = model_with(levers, R"("levers.a" = 1)");
  CHECK(dates_of(*ward(model).capacity) == Dates{{0.0, 10.0}, {60.0, 16.0}});
  CHECK(dates_of(*yard(model).capacity) == Dates{{0.0, 4.0}, {60.0, 5.0}, {100.0, 9.0}});
  CHECK(dates_of(*ward(model).stay->mean) == Dates{{0.0, 10.0}, {60.0, 5.0}});
  CHECK(ward(model).stay->mean->vary[0].dated.empty());
  CHECK(dates_of(*model.settings[2].stay->value) == Dates{{0.0, 20.0}, {60.0, 10.0}});
  CHECK(dates_of(*model.handoffs[0].handoff.lost) == Dates{{0.0, 0.12}, {60.0, 0.06}});
  CHECK(dates_of(*yard(model).routes[0].share) == Dates{{0.0, 0.4}, {60.0, 0.2}});
  CHECK(dates_of(*model.arrivals[0].scale_over_time) == Dates{{0.0, 1.0}, {60.0, 1.5}});
  CHECK(model.arrivals[0].rate->dated.empty());
  CHECK(dates_of(model.events[0].rate) == Dates{{0.0, 0.1}, {60.0, 0.2}});
  Problems problems;
  CHECK(compile(model, Limits{}, problems));
}

TEST_CASE("shares that no remainder balances have dates too, and sum to 1 at every time") {
  const std::string levers = R"(
[levers.a]
add = { "routes.ward>home.share" = 0.1 }
starts = "10 d"
ramp = "12 d"
)";
  const Model model = model_with(levers, R"("levers.a" = 1)");
  const auto home = dates_of(*ward(model).routes[0].share), yard_share = dates_of(*ward(model).routes[1].share),
             moved = dates_of(*ward(model).routes[2].share);
  REQUIRE(home.size() == 13);
  REQUIRE(moved.size() == 13);
  CHECK(home.front() == std::pair{0.0, 0.5});
  CHECK(home[1].first == 10.5);
  CHECK(home.back().first == 21.5);
  CHECK(std::abs(home.back().second - 0.6) < 1e-12);
  for (std::size_t i = 0; i < home.size(); ++i)
    CHECK(std::abs(home[i].second + yard_share[i].second + moved[i].second - 1.0) < 1e-12);
}

TEST_CASE("along a ramp capacities and rates go along lines, other numbers in twelve steps") {
  const std::string levers = R"(
[levers.a]
add = { "settings.ward.capacity" = 24, "settings.yard.capacity" = 24 }
scale = { "parameters.los" = 4 }
starts = "100 d"
ramp = "120 d"
)";
  const Model model = model_with(levers, R"("levers.a" = 0.5)");
  const VaryingNumber& beds = *ward(model).capacity;
  CHECK(beds.linear);
  REQUIRE(beds.dated.size() == 15);  // the start, thirteen instants of the ramp, the end
  CHECK(beds.dated[1].days == 100.0);
  CHECK(beds.dated[1].value == 10.0);
  CHECK(beds.dated[7].days == 160.0);
  CHECK(beds.dated[7].value == 16.0);
  CHECK(beds.dated[13].value == 22.0);
  CHECK(beds.dated[14].value == 22.0);
  // 4 until 100 d, then 8, and the lever's line on top of it
  const VaryingNumber& stepped = *yard(model).capacity;
  CHECK(stepped.dated[1].value == 4.0);
  CHECK(stepped.dated[1].days < 100.0);
  CHECK(stepped.dated[1].days > 99.9999);
  CHECK(stepped.dated[2].value == 8.0);
  CHECK(stepped.dated[8].value == 14.0);
  const Dates stay = dates_of(*ward(model).stay->mean);
  REQUIRE(stay.size() == 13);
  CHECK(stay[1].first == 105.0);
  CHECK(std::abs(stay[1].second - 10.0 * std::pow(4.0, 0.5 / 12.0)) < 1e-9);
  CHECK(stay[12].first == 215.0);
  CHECK(stay[12].second == 20.0);
}

TEST_CASE("a lever that acts from the start of results leaves the warm-up alone") {
  const std::string levers = R"(
[levers.a]
add = { "settings.ward.capacity" = 6 }
starts = "2020-01-01"
[levers.b]
add = { "settings.ward.capacity" = 6 }
)";
  CHECK(dates_of(*ward(model_with(levers, R"("levers.a" = 1, "model.warmup" = "50 d")")).capacity) ==
        Dates{{-50.0, 10.0}, {0.0, 16.0}});
  CHECK(ward(model_with(levers, R"("levers.b" = 1, "model.warmup" = "50 d")")).capacity->base == 16.0);
}

TEST_CASE("levers with dates of their own stand on one another") {
  const std::string levers = R"(
[levers.a]
add = { "settings.ward.capacity" = 6 }
starts = "30 d"
[levers.b]
scale = { "settings.ward.capacity" = 2 }
starts = "60 d"
)";
  CHECK(dates_of(*ward(model_with(levers, R"("levers.a" = 1, "levers.b" = 1)")).capacity) ==
        Dates{{0.0, 10.0}, {30.0, 16.0}, {60.0, 26.0}});
  CHECK(dates_of(*ward(model_with(levers, R"("levers.a" = 1, "levers.a.starts" = "2020-02-10")")).capacity) ==
        Dates{{0.0, 10.0}, {40.0, 16.0}});
}

TEST_CASE("what is wrong with levers is told where it stands") {
  struct Case {
    std::string code, levers, changes, says, place = "model.toml";
  };
  const std::string beds = "[levers.beds]\nadd = { \"settings.ward.capacity\" = 4 }\n";
  const auto lever = [](const std::string& fields) { return "[levers.a]\n" + fields + '\n'; };
  const std::vector<Case> cases{
      {"lever-unknown", beds, R"("levers.bed" = 1)", "Did you mean \"beds\"?", "study.toml"},
      {"lever-unknown", "", R"("levers.bed" = 1)", "There are none", "study.toml"},
      {"lever-unknown",
       "[[lever_changes]]\nlever = \"x\"\nchange = \"add\"\naddress = \"parameters.los\"\nvalue = \"1 d\"\n", "",
       "unknown lever \"x\""},
      {"lever-strength", beds, R"("levers.beds" = 1.5)", "strength 1.5", "study.toml"},
      {"lever-strength", beds, R"("levers.beds" = -0.1)", "strength -0.1", "study.toml"},
      {"lever-strength", beds, R"("levers.beds" = 50)", "Did you mean \"50%\"?", "study.toml"},
      {"lever-strength", beds, R"("scale levers.beds" = 0.5)", "is scaled or added to", "study.toml"},
      {"lever-empty", "[levers.a]\nname = \"A\"\n", "", "changes nothing"},
      {"lever-address", lever(R"(set = { capacity = 3 })"), "", "is no address"},
      {"lever-address", lever(R"(set = { "levers.b" = 1 })"), "", "changes a lever"},
      {"lever-address", beds, R"("levers.beds.about" = "x")", "cannot be changed", "study.toml"},
      {"field-kind", lever("add = 3"), "", "is no table of changes"},
      {"word-unknown", beds + "grade = \"E\"\n", "", "unknown word \"E\""},
      {"lever-ramp", beds + "ramp = \"1 y\"\n", "", "has no beginning"},
      {"number-range", beds + "starts = \"1 d\"\nramp = \"-1 y\"\n", R"("levers.beds" = 1)", "levers.beds.ramp"},
      {"date-bad", beds + "starts = \"2020-13-01\"\n", R"("levers.beds" = 1)", "levers.beds.starts"},
      {"lever-from", lever("add = { \"routes.ward>home.share\" = 0.1 }\nfrom = [\"ward>yrd\"]"), R"("levers.a" = 1)",
       "Did you mean \"ward>yard\"?"},
      {"lever-from", lever("add = { \"routes.ward>home.share\" = 0.1 }\nfrom = [\"ward>home\"]"), R"("levers.a" = 1)",
       "is the route that is changed"},
      {"lever-from", lever("add = { \"routes.yard>leave:done.share\" = 0.1 }\nfrom = [\"yard>ward\"]"),
       R"("levers.a" = 1)", "it takes the remainder"},
      {"change-share", lever("add = { \"routes.ward>home.share\" = 0.4 }\nfrom = [\"ward>leave:moved\"]"),
       R"("levers.a" = 1)", "routes.ward>leave:moved.share would become -0.2"},
      {"change-share", lever("add = { \"routes.ward>home.share\" = 0.6 }"), R"("levers.a" = 1)", "would become 1.1"},
      {"change-range", lever("add = { \"routes.yard>leave:done.share\" = 0.7 }"), R"("levers.a" = 1)",
       "would become 1.1"},
      {"lever-part", lever(R"(set = { "settings.ward.stay" = "3 d" })"), R"("levers.a" = 0.5)", "it is a distribution"},
      {"lever-part", lever(R"(set = { "settings.ward.stay.mean" = "3 d" })"), R"("levers.a" = 0.5)",
       "exceptions that scale it"},
      {"lever-part", lever(R"(set = { "settings.ward.name" = "Ward" })"), R"("levers.a" = 0.5)", "part of the way"},
      {"lever-part", lever("set = { \"settings.ward.name\" = \"Ward\" }\nstarts = \"9 d\""), R"("levers.a" = 1)",
       "at a date"},
      {"lever-part", lever(R"(scale = { "parameters.los" = 0 })"), R"("levers.a" = 0.5)", "scaled by 0"},
      {"change-unlimited", lever(R"(set = { "settings.home.capacity" = 9 })"), R"("levers.a" = 0.5)", "is unlimited"},
      {"change-address", lever(R"(scale = { "settings.ward.name" = 2 })"), R"("levers.a" = 1)",
       "no number has that address"},
      {"change-address", lever(R"(scale = { "settings.wrad.capacity" = 2 })"), R"("levers.a" = 1)",
       "Did you mean \"ward\"?"},
      {"lever-undated", lever("scale = { \"settings.yard.returns\" = 2 }\nstarts = \"9 d\""), R"("levers.a" = 1)",
       "settings.yard.returns would change"},
      {"lever-undated", lever("add = { \"settings.yard.stay\" = \"2 d\" }\nstarts = \"9 d\""), R"("levers.a" = 1)",
       "settings.yard.stay.shift would change"},
      {"lever-date", beds + "starts = \"3 y\"\n", R"("levers.beds" = 1)", "after the end of the run"},
      {"lever-date", beds + "starts = \"2019-12-01\"\n", R"("levers.beds" = 1)", "before the beginning of the run"},
      {"lever-date", beds + "starts = \"1 y\"\nramp = \"2 y\"\n", R"("levers.beds" = 1)",
       "never has its full strength"},
      {"lever-useless", beds, R"("levers.beds" = 0)", "strength 0", "study.toml"},
      {"lever-useless", lever(R"(set = { "settings.ward.capacity" = "10.0" })"), R"("levers.a" = 1)",
       "has that value already"},
      {"lever-useless", lever(R"(scale = { "settings.ward.capacity" = 1 })"), R"("levers.a" = 0.5)",
       "has that value already"},
      {"lever-useless", lever("scale = { \"settings.ward.capacity\" = 1 }\nstarts = \"9 d\""), R"("levers.a" = 0.5)",
       "has that value already"},
      {"lever-useless", lever(R"(add = { "parameters.idle" = 1 })"), R"("levers.a" = 1)", "used by no number"},
      {"lever-fight",
       lever(R"(set = { "settings.ward.capacity" = 8 })") + "[levers.b]\nset = { \"settings.ward.capacity\" = 9 }\n",
       R"("levers.b" = 1, "levers.a" = 1)", "by lever a and by lever b (one number has one value: lever b wins"},
      {"lever-fight", lever(R"(set = { "parameters.los" = "8 d" })"),
       R"("levers.a" = 1, "set parameters.los.value" = 9)",
       "by lever a and by the scenario (one number has one value: the scenario wins"},
  };
  for (const Case& one : cases) {
    const Built built = build(one.levers, one.changes);
    INFO(one.code << " of " << one.levers << one.changes);
    REQUIRE(built.problems.size() == 1);
    const Problem& problem = built.problems[0];
    CHECK(problem.code.text() == one.code);
    CHECK(problem.at.file == one.place);
    CHECK(to_text(problem).find(one.says) != std::string::npos);
    CHECK(built.model.has_value() == (problem.severity == Severity::warning));
  }
}
