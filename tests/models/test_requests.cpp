#include <string>

#include "models/compile.hpp"
#include "models/read_model.hpp"
#include "tests/catch.hpp"
#include "tests/models/language_text.hpp"

// The table `requests`, from the text to the terms the engine gets.
using namespace tl;
using namespace tl::small;

namespace {

const std::string kPlaces = R"(
[settings.street]
capacity = "unlimited"
stay = "until_moved"
[settings.jail]
domain = "custody"
capacity = "unlimited"
stay = "until_moved"
[settings.psh]
capacity = 2
stay = "until_moved"
[settings.rrh]
capacity = 2
stay = "until_moved"
[settings.shelter]
capacity = 2
stay = "until_moved"
[settings.fsp]
kind = "program"
capacity = 1
stay = "until_moved"
[settings.op]
kind = "program"
capacity = 1
stay = "until_moved"
[events.out]
rate = "1 / y"
to = "leave:done"
)";
const std::string kAsks = R"(
[arrivals.a]
rate = "1 / d"
to = "street"
do = "request housing; request psh"
[arrivals.b]
rate = "1 / d"
to = "stop_gap"
wait = "street"
do = "drop housing; request care; drop care"
[requests.stop_gap]
goal = "shelter"
[requests.care]
goal = "fsp"
alternates = "op after 3 d"
)";

}  // namespace

TEST_CASE("a request with alternates, interims and tracks compiles to terms") {
  const Compiled made = compiled_from(kPlaces + kAsks + R"(
[requests.housing]
goal = "psh"
track = "housing"
alternates = ["rrh after 60 d"]
interims = ["shelter"]
not_from = "domain = custody"
while_away = "drop"
closes = ["main"]
keep = "yes"
)");
  const CompiledModel& model = made.model;
  REQUIRE(model.terms.size() == 3);
  const RequestTerms& terms = model.terms[2];
  CHECK(terms.goal == SettingId{3});
  CHECK(terms.track == 1);
  CHECK(terms.closes == 1);
  CHECK(terms.while_away == WhileAway::drop);
  CHECK(terms.alternate_count == 1);
  CHECK(terms.interim_count == 1);
  CHECK(model.options[terms.first_option].setting == SettingId{4});
  CHECK(model.options[terms.first_option].after == SimTime::from_days(60));
  CHECK(model.options[terms.first_option + 1].setting == SettingId{5});
  const StateTable& away = model.tables[terms.away.index()];
  REQUIRE(away.dimension_count == 1);
  const StateDimension& where = model.dimensions[away.first_dimension];
  CHECK(model.numbers[model.cells[away.first_cell + model.place_classes[where.first + 1]]] == 0.0);
  CHECK(model.numbers[model.cells[away.first_cell + model.place_classes[where.first + 2]]] == 1.0);

  const Action& request = first_action(model, ActionKind::request);
  CHECK(request.terms == TermsId{2});
  CHECK(request.setting == SettingId{3});
  CHECK(request.keep);
  const Action& drop = first_action(model, ActionKind::drop_request);
  CHECK(drop.track == 1);
  CHECK(drop.setting == SettingId{3});
  CHECK_FALSE(drop.terms.exists());
}

TEST_CASE("a request named by a route gives the transfer its terms; a plain request has none") {
  const Compiled made = compiled_from(kPlaces + kAsks + R"(
[requests.housing]
goal = "psh"
)");
  const CompiledModel& model = made.model;
  bool found = false;
  for (const Route& route : model.routes)
    if (route.kind == RouteKind::move && route.goal == SettingId{5}) {
      found = true;
      CHECK(route.terms == TermsId{0});
      CHECK(route.wait_place == SettingId{1});
    }
  CHECK(found);
  int plain = 0, program = 0;
  for (const Action& action : model.actions) {
    if (action.kind == ActionKind::request && !action.terms.exists()) ++plain;
    if (action.kind == ActionKind::drop_request && action.setting == SettingId{6}) program += action.track;
  }
  CHECK(plain == 1);
  CHECK(program == 0xff);
}

TEST_CASE("requests stand in a CSV file with the same text in the cells") {
  Problems problems;
  const Table table = read_csv_text(
      "id,goal,track,alternates,interims,closes,keep\n"
      "housing,psh,home,rrh after 60 d; street,shelter|jail,main,yes\n",
      "requests", "requests.csv", Limits{}, problems);
  Document document = read_toml_text(kPlaces + kAsks, "model.toml", Limits{}, problems);
  Table& requests = *document.find("requests");
  requests.rows.insert(requests.rows.end(), table.rows.begin(), table.rows.end());
  const auto model = build_model(document, {}, {}, problems);
  INFO(to_text(problems));
  REQUIRE(model);
  const RequestSpec& housing = model->requests[2];
  REQUIRE(housing.alternates.size() == 2);
  CHECK(housing.alternates[0].after_days == 60.0);
  CHECK(housing.alternates[1].setting == 1);
  CHECK(housing.interims == std::vector<std::uint32_t>{5, 2});
  CHECK(model->tracks == std::vector<std::string>{"main", "home"});
  CHECK(housing.closes == std::vector<std::uint32_t>{0});
  CHECK(housing.keep);
}

TEST_CASE("mistakes in requests are told where they stand") {
  const auto told = [&](const std::string& fields) {
    return problems_of(kPlaces + kAsks + "[requests.housing]\n" + fields);
  };
  CHECK_THAT(told("alternates = [\"rrh\"]\n"), Catch::Contains("requests.housing.goal: is missing"));
  CHECK_THAT(told("goal = \"phs\"\n"), Catch::Contains("Did you mean \"psh\"?"));
  CHECK_THAT(told("goal = \"psh\"\nalternates = \"rhr after 3 d\"\n"), Catch::Contains("Did you mean \"rrh\"?"));
  CHECK_THAT(told("goal = \"psh\"\nalternates = \"rrh after 3\"\n"), Catch::Contains("without a unit"));
  CHECK_THAT(told("goal = \"psh\"\nalternates = \"fsp\"\n"), Catch::Contains("one request cannot be for both"));
  CHECK_THAT(told("goal = \"psh\"\ninterims = \"psh\"\n"), Catch::Contains("stands twice"));
  CHECK_THAT(told("goal = \"psh\"\ninterims = \"fsp\"\n"), Catch::Contains("a place is due here"));
  CHECK_THAT(told("goal = \"fsp\"\ninterims = \"street\"\n"), Catch::Contains("are given for a program"));
  CHECK_THAT(told("goal = \"fsp\"\ntrack = \"x\"\n"), Catch::Contains("the goal is a program"));
  CHECK_THAT(told("goal = \"psh\"\ncloses = \"mian\"\n"), Catch::Contains("Did you mean \"main\"?"));
  CHECK_THAT(told("goal = \"psh\"\ncloses = \"main\"\n"), Catch::Contains("names its own track"));
  CHECK_THAT(told("goal = \"psh\"\nwhile_away = \"drop\"\n"), Catch::Contains("has no effect"));
  CHECK_THAT(told("goal = \"psh\"\nkeep = \"maybe\"\n"), Catch::Contains("it is one of no and yes"));
  CHECK_THAT(told("goal = \"psh\"\n[requests.spare]\ngoal = \"psh\"\n"), Catch::Contains("is never asked for"));
  CHECK_THAT(told("goal = \"psh\"\n[requests.rrh]\ngoal = \"psh\"\n"), Catch::Contains("is a setting already"));
  std::string tracks = "goal = \"psh\"\n";
  for (const char* id : {"r1", "r2", "r3", "r4"})
    tracks += std::string{"[requests."} + id + "]\ngoal = \"psh\"\ntrack = \"t" + id + "\"\n";
  CHECK_THAT(told(tracks), Catch::Contains("is the fifth track"));
  CHECK(code_in(kPlaces + kAsks + "[requests.psh]\ngoal = \"psh\"\n", "id-taken"));
  CHECK_THAT(problems_of(kPlaces + kAsks +
                         "[requests.housing]\ngoal = \"psh\"\n[arrivals.c]\nrate = \"1 / d\"\nto = "
                         "\"street\"\ndo = \"request housng\"\n"),
             Catch::Contains("unknown setting or request \"housng\"") && Catch::Contains("Did you mean \"housing\"?"));
}
