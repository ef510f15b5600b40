#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include "models/read_model.hpp"
#include "tests/catch.hpp"

// What sound rows become.
namespace {

using namespace tl;

Model read_sound(const std::string& text) {
  Problems problems;
  std::optional<Model> model = read_model_text(text, "case.toml", {}, problems);
  INFO(to_text(problems));
  REQUIRE(model);
  CHECK(problems.empty());
  return std::move(*model);
}

const std::string kCounty = R"(
[model]
name = "County"
start = "2020-07-01"
horizon = "2 y"
every = "quarter"
replications = 5
seed = 9
observe = ["63 d", "2021-07-01"]
[departments.dmh]
name = "Mental Health"
[traits.acuity]
values = ["low", "high"]
[traits.sud]
values = ["no", "some", "yes"]
[populations.adults]
[[mix]]
kind = "assumption"
population = "adults"
trait = "sud"
value = "yes"
share = "20%"
when = "acuity = high"
[[mix]]
kind = "assumption"
population = "adults"
trait = "sud"
value = "some"
share = 0.1
[[mix]]
kind = "assumption"
population = "adults"
trait = "acuity"
value = "high"
share = 0.3
[outcomes.death]
[parameters.los]
value = 7
unit = "d"
source = "a report"
kind = "sourced"
[parameters.unused]
value = 1
source = "a report"
[settings.street]
capacity = "unlimited"
stay = "until_moved"
domain = "community"
source = "a report"
[settings.ward]
name = "Ward"
department = "dmh"
domain = "treatment"
level = 6
capacity = { base = 40, dated = [ { at = "2021-07-01", value = 46 }, { at = "63 d", value = 44 } ] }
stay = { kind = "exponential", mean = { base = "los", vary = [ { when = "acuity = high & since_entry >= 30 d", scale = 1.2 } ] } }
queue = { discipline = "priority", priority = ["acuity = high", "sud != no"], limit = 20, on_renege = "street" }
on_entry = ["set acuity=low share 30% when sud = no | some", "request psh keep", "enrol fsp", "drop all"]
returns = "30 d"
source = "a report"
[settings.psh]
capacity = 10
stay = "1 y"
source = "a report"
[settings.fsp]
kind = "program"
department = "dmh"
capacity = 100
stay = "180 d"
source = "a report"
[[routes]]
from = "ward"
to = "psh"
share = 0.25
wait = "street"
handoff = { delay = "2 d", lost = 0.1, lost_to = "street" }
source = "a report"
[[routes]]
from = "ward"
to = "leave:home"
share = "otherwise"
do = "count death share 1%"
source = "a report"
[[routes]]
from = "psh"
to = "leave:home"
source = "a report"
[[routes]]
from = "fsp"
to = "end"
source = "a report"
[arrivals.walk_in]
population = "adults"
rate = "730.5 / y"
traits = "sud=yes"
to = "ward"
source = "a report"
[[initial]]
place = "ward"
count = 12
stay = "fresh"
source = "a report"
[events.crisis]
rate = "36.525 / y"
when = "place = street"
to = "ward"
source = "a report"
[[handoffs]]
between = "across"
delay = "1 d"
source = "a report"
[metrics.wait]
measure = "wait_mean"
scope = "setting"
subject = "ward"
good = "lower"
target = "2 d"
)";

}  // namespace

TEST_CASE("a county's rows become the typed model") {
  const Model model = read_sound(kCounty);
  CHECK(model.name == "County");
  CHECK((model.start_year == 2020 && model.start_month == 7 && model.start_day == 1));
  CHECK(model.horizon_days == 730.5);
  CHECK(model.observe_days == std::vector<double>{63.0, 365.0});
  CHECK(model.departments == std::vector<std::string>{"dmh", "none"});
  REQUIRE(model.settings.size() == 5);
  CHECK(model.settings[0].words.id == "outside");
  CHECK_FALSE(model.settings[0].capacity);
  CHECK(model.reasons[model.settings[2].queue.on_refuse->reason] == "refused");
}

TEST_CASE("a setting's numbers, rules and actions") {
  const Model model = read_sound(kCounty);
  const SettingSpec& ward = model.settings[2];
  CHECK(ward.words.level == 6);
  CHECK(ward.words.capacity == 40.0);
  REQUIRE(ward.capacity->dated.size() == 2);
  CHECK((ward.capacity->dated[0].days == 63.0 && ward.capacity->dated[1].days == 365.0));
  CHECK(ward.capacity->path == "settings.ward.capacity");
  REQUIRE(ward.stay->mean);
  CHECK(ward.stay->mean->base == 7.0);
  CHECK(ward.stay->mean->vary[0].when.clauses[1].least == 30.0);
  CHECK(ward.queue.priority[1].clauses[0].negated);
  CHECK(ward.queue.limit->base == 20.0);
  CHECK(ward.queue.on_renege->to == Destination::setting);
  REQUIRE(ward.on_entry.size() == 4);
  CHECK((ward.on_entry[0].verb == Verb::set && ward.on_entry[0].share == 0.3));
  CHECK(ward.on_entry[0].when.clauses[0].values == std::vector<std::uint32_t>{0, 1});
  CHECK((ward.on_entry[1].keep && ward.on_entry[1].setting == 3U));
  CHECK((ward.on_entry[3].verb == Verb::drop && !ward.on_entry[3].setting));
  CHECK(ward.return_days == 30.0);
}

TEST_CASE("routes, arrivals, events and the start") {
  const Model model = read_sound(kCounty);
  const std::vector<RouteSpec>& routes = model.settings[2].routes;
  REQUIRE(routes.size() == 2);
  CHECK((routes[0].wait == WaitIn::place && routes[0].wait_place == 1));
  CHECK(routes[0].handoff->lost_setting == 1U);
  CHECK(routes[0].share->path == "routes.ward>psh.share");
  CHECK_FALSE(routes[1].share);
  CHECK(routes[1].actions[0].share == 0.01);
  CHECK(model.settings[4].routes[0].to == Destination::end);
  CHECK(model.arrivals[0].rate->base == 2.0);
  CHECK(model.arrivals[0].routes[0].wait == WaitIn::line);
  CHECK((model.initial[0].count == 12 && model.initial[0].start == StartOfStay::fresh));
  CHECK(std::abs(model.events[0].rate.base - 0.1) < 1e-15);
  CHECK(model.handoffs[0].between == HandoffRow::Between::across);
  CHECK(model.metrics[0].target == 2.0);
  CHECK((model.parameters[0].used && !model.parameters[1].used));
}

TEST_CASE("a mix is drawn after what it depends on, its rest filled in and sorted by value") {
  const Model model = read_sound(kCounty);
  const std::vector<MixRow>& mix = model.populations[0].mix;
  REQUIRE(mix.size() == 5);
  CHECK((mix[0].traits[0] == 0 && mix[0].values[0] == 0 && !mix[0].share));
  CHECK((mix[1].values[0] == 1 && *mix[1].share == 0.3));
  CHECK((mix[2].traits[0] == 1 && mix[2].values[0] == 0 && !mix[2].share));
  CHECK((mix[3].values[0] == 1 && mix[4].values[0] == 2));
}

TEST_CASE("the tables vary and dated say the same as the number itself") {
  const std::string rest =
      "[settings.b]\ncapacity = \"unlimited\"\nstay = \"until_moved\"\n[[routes]]\nfrom = \"a\"\nto = \"b\"\n"
      "[arrivals.c]\nrate = \"1 / d\"\nto = \"a\"\n";
  const Model inside = read_sound(
      "[settings.a]\ncapacity = { base = 4, dated = [ { at = \"1 d\", value = 5 } ], shape = \"linear\" }\n"
      "stay = { kind = \"exponential\", mean = { base = \"5 d\", vary = [ { when = \"level = 3\", value = \"9 d\" } ] "
      "} }\n" +
      rest);
  const Model outside =
      read_sound("[settings.a]\ncapacity = 4\nstay = { kind = \"exponential\", mean = \"5 d\" }\n" + rest +
                 "[[vary]]\nfield = \"settings.a.stay.mean\"\nwhen = \"level = 3\"\nvalue = \"9 d\"\n"
                 "[[dated]]\nfield = \"settings.a.capacity\"\nat = \"1 d\"\nvalue = 5\nshape = \"linear\"\n");
  for (const Model* model : {&inside, &outside}) {
    CHECK(model->settings[1].capacity->linear);
    CHECK(model->settings[1].capacity->dated[0].value == 5.0);
    CHECK(model->settings[1].stay->mean->vary[0].value == 9.0);
  }
}

TEST_CASE("a folder of spreadsheets says the same as one file") {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "throughline_read_model_test";
  std::filesystem::create_directories(folder);
  std::ofstream{folder / "model.toml"} << "[model]\nname = \"Sheets\"\n";
  std::ofstream{folder / "settings.csv"}
      << "id,capacity,stay.kind,stay.mean [d],queue.limit,on_entry\nward,4,exponential,5,3,count seen; request "
         "home\nhome,unlimited,,,,\n";
  std::ofstream{folder / "traits.csv"} << "id,values\nsud,no|yes\n";
  std::ofstream{folder / "outcomes.csv"} << "id\nseen\n";
  std::ofstream{folder / "routes.csv"} << "from,to,share,when\nward,leave:done,,\n";
  std::ofstream{folder / "arrivals.csv"} << "id,rate [/ y],to\nin,365.25,ward\n";
  Problems problems;
  CHECK_FALSE(read_model(folder, {}, problems));  // home has no stay
  REQUIRE(problems.sorted().size() == 1);
  CHECK(problems.sorted()[0].at.line == 3);
  CHECK(problems.sorted()[0].field == "settings.home.stay");
  std::ofstream{folder / "settings.csv"}
      << "id,capacity,stay.kind,stay.mean [d],queue.limit,on_entry\nward,4,exponential,5,3,count seen; request ward\n";
  Problems none;
  const std::optional<Model> model = read_model(folder, {}, none);
  INFO(to_text(none));
  REQUIRE(model);
  CHECK(model->settings[1].stay->mean->base == 5.0);
  CHECK(model->settings[1].queue.limit->base == 3.0);
  CHECK(model->settings[1].on_entry.size() == 2);
  CHECK(model->arrivals[0].rate->base == 1.0);
  std::filesystem::remove_all(folder);
}
