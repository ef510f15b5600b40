#include <algorithm>
#include <string>

#include "models/compile.hpp"
#include "models/flow.hpp"
#include "models/graph.hpp"
#include "models/read_model.hpp"
#include "tests/catch.hpp"
#include "tests/models/language_text.hpp"

// Claims and the way back, from text to tables; and what the pictures of the network know of the whole language.
using namespace tl;
using namespace tl::small;

namespace {

/// A flat that is kept, a jail that events lead to, and a way back from it.
std::string flat_and_jail(const std::string& back, const std::string& more = "") {
  return R"(
[settings.flat]
capacity = 10
stay = "until_moved"
hold = "90 d"
on_return = "run_on"
[settings.jail]
capacity = "unlimited"
stay = { kind = "exponential", mean = "30 d" }
[arrivals.a]
rate = "0.01 / d"
to = "flat"
[events.arrest]
rate = "0.5 / y"
when = "place = flat"
to = "jail"
[events.out]
rate = "0.2 / y"
when = "place = flat"
to = "leave:done"
[[routes]]
from = "jail"
to = "return"
)" + back +
         more;
}

std::uint32_t row_of(const Compiled& made, const std::string& id) {
  for (std::uint32_t row = 0; row < made.words.settings.size(); ++row)
    if (made.words.settings[row].id == id) return row;
  FAIL("no setting " + id);
  return 0;
}
const Route& way_back(const CompiledModel& model) {
  for (const Route& route : model.routes)
    if (route.kind == RouteKind::go_back) return route;
  FAIL("no way back");
  return model.routes.front();
}
bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a way back: claims on kept and on unlimited places, none on others") {
  const Compiled made = compiled_from(flat_and_jail("no_claim = \"leave:lost_home\"\n", R"(
[settings.ward]
capacity = 3
stay = "7 d"
next = "jail"
[arrivals.b]
rate = "0.01 / d"
to = "ward"
)"));
  const CompiledModel& model = made.model;
  const std::uint32_t flat = row_of(made, "flat"), jail = row_of(made, "jail");
  CHECK(model.more[flat].keeps_claim);
  CHECK(model.more[flat].hold.exists());
  CHECK(model.more[flat].on_return == OnReturn::run_on);
  CHECK(model.more[jail].keeps_claim);
  CHECK_FALSE(model.more[jail].hold.exists());
  CHECK_FALSE(model.settings[row_of(made, "ward")].has_more);
  CHECK_FALSE(model.settings[row_of(made, "flat.line")].has_more);
  const Route& back = way_back(model);
  REQUIRE(back.no_claim.exists());
  CHECK(model.routes[back.no_claim.index()].kind == RouteKind::leave);
}

TEST_CASE("without a way back no claim is kept, and the fields say so") {
  const std::string text = R"(
[settings.flat]
capacity = 10
stay = "until_moved"
hold = "90 d"
[arrivals.a]
rate = "1 / y"
to = "flat"
[events.out]
rate = "1 / y"
to = "leave:done"
)";
  const Compiled made = compiled_from(text);
  CHECK_FALSE(made.model.settings[row_of(made, "flat")].has_more);
  CHECK_THAT(problems_of(text), Catch::Contains("no route or event leads to return"));
}

TEST_CASE("no_claim to a place waits as the way back does; temporary goes with moves") {
  const Compiled made = compiled_from(flat_and_jail("no_claim = \"flat\"\nwait = \"line\"\n", R"(
[settings.clinic]
capacity = 3
stay = "7 d"
[[routes]]
from = "clinic"
to = "jail"
temporary = "yes"
[arrivals.b]
rate = "0.01 / d"
to = "clinic"
)"));
  const CompiledModel& model = made.model;
  const Route& back = way_back(model);
  CHECK(back.waiting == Waiting::line);
  const Route& other = model.routes[back.no_claim.index()];
  CHECK(other.kind == RouteKind::move);
  CHECK(other.goal == SettingId{row_of(made, "flat")});
  CHECK(other.waiting == Waiting::line);
  CHECK(std::count_if(model.routes.begin(), model.routes.end(), [](const Route& route) { return route.temporary; }) ==
        1);
}

TEST_CASE("mistakes about claims are told") {
  CHECK_THAT(problems_of(flat_and_jail("no_claim = \"stay\"\n")), Catch::Contains("a place or leave:REASON is due"));
  CHECK_THAT(problems_of(flat_and_jail("temporary = \"yes\"\n")), Catch::Contains("this is neither"));
  CHECK_THAT(problems_of(flat_and_jail("", "[arrivals.b]\nrate = \"1 / y\"\nto = \"return\"\n")),
             Catch::Contains("has been nowhere before"));
  CHECK_THAT(problems_of(flat_and_jail("", R"(
[settings.fsp]
kind = "program"
capacity = 1
stay = "1 d"
hold = "3 d"
next = "return"
)")),
             Catch::Contains("an enrolment goes on") && Catch::Contains("moves nobody"));
  CHECK_THAT(problems_of(flat_and_jail("",
                                       "[settings.x]\ncapacity = 1\nstay = \"1 d\"\non_return = \"resume\"\nnext = "
                                       "\"leave:done\"\n")),
             Catch::Contains("a place that is not kept"));
  CHECK_THAT(problems_of(flat_and_jail("",
                                       "[settings.x]\ncapacity = 1\nstay = \"1 d\"\n[[routes]]\nfrom = \"x\"\nto = "
                                       "\"jail\"\nno_claim = \"jail\"\n")),
             Catch::Contains("only to = \"return\" asks for a claim"));
}

TEST_CASE("a return that may meet clients without a claim is warned of, unless it says where to") {
  const std::string direct = "[arrivals.b]\nrate = \"1 / y\"\nto = \"jail\"\n";
  CHECK_FALSE(code_in(flat_and_jail(""), "return-unclaimed"));
  CHECK(code_in(flat_and_jail("", direct), "return-unclaimed"));
  CHECK_FALSE(code_in(flat_and_jail("no_claim = \"leave:done\"\n", direct), "return-unclaimed"));
}

TEST_CASE("expected flows go back and forth") {
  Problems problems;
  const auto model = read_model_text(flat_and_jail(""), "model.toml", {}, problems);
  REQUIRE(model);
  const auto made = compile(*model, {}, problems);
  INFO(to_text(problems));
  REQUIRE(made);
  const FlowReport flow = expected_flow(*model, *made);
  // 3.65 a year come, each stays 5 years in the flat in all, with 2.5 arrests of 30 days each.
  CHECK(flow.rows[1].offered_load == Approx(3.65250 * 5.0));
  CHECK(flow.rows[2].offered_load == Approx(3.65250 * 2.5 * 30.0 / 365.25));
  CHECK(flow.rows[2].flow_per_day == Approx(0.01 * 2.5));
  const auto back = std::find_if(flow.links.begin(), flow.links.end(),
                                 [](const Link& link) { return link.from == 2 && link.to == 1; });
  REQUIRE(back != flow.links.end());
  CHECK(back->per_day == Approx(0.025));
}

TEST_CASE("alternates, interims, givers of papers and places of cuts are reached") {
  const std::string text = R"(
[settings.street]
capacity = "unlimited"
stay = "until_moved"
[settings.psh]
capacity = { base = 3, dated = [ { at = "9 d", value = 1 } ] }
stay = "until_moved"
requires = "papers"
on_cut = "discharge"
cut_to = "hotel"
[settings.rrh]
capacity = 3
stay = "until_moved"
[settings.shelter]
capacity = 3
stay = "until_moved"
[settings.hotel]
capacity = "unlimited"
stay = "until_moved"
[settings.intake]
kind = "program"
capacity = 9
stay = "2 d"
next = "end"
[assessments.papers]
given_by = "intake"
[requests.housing]
goal = "psh"
alternates = "rrh"
interims = "shelter"
[arrivals.a]
rate = "0.001 / d"
to = "street"
do = "request housing"
[events.out]
rate = "1 / y"
to = "leave:done"
)";
  CHECK_FALSE(code_in(text, "unreached"));
  Problems problems;
  const auto model = read_model_text(text, "model.toml", {}, problems);
  REQUIRE(model);
  const auto made = compile(*model, {}, problems);
  REQUIRE(made);
  const FlowReport flow = expected_flow(*model, *made);
  CHECK(flow.rows[6].flow_per_day == Approx(0.001));
  CHECK(flow.rows[6].offered_load == Approx(0.002));
}

TEST_CASE("clients in custody are not granted what they cannot take up") {
  const std::string text = R"(
[settings.jail]
domain = "custody"
capacity = "unlimited"
stay = "until_moved"
[settings.psh]
capacity = 30
stay = "until_moved"
[requests.housing]
goal = "psh"
not_from = "domain = custody"
[arrivals.a]
rate = "0.001 / d"
to = "jail"
do = "request housing"
[events.out]
rate = "1 / y"
when = "place = jail"
to = "leave:done"
[events.out_of_psh]
rate = "1 / y"
to = "leave:done"
)";
  Problems problems;
  const auto model = read_model_text(text, "model.toml", {}, problems);
  REQUIRE(model);
  const auto made = compile(*model, {}, problems);
  REQUIRE(made);
  CHECK(expected_flow(*model, *made).rows[2].flow_per_day == 0.0);
}

TEST_CASE("offered load counts the units clients take, and what a pool is asked for") {
  const std::string text = R"(
[pools.beds]
capacity = 1
[settings.ward]
pool = "beds"
takes = 2
stay = "4 d"
next = "leave:done"
[settings.detox]
pool = "beds"
capacity = 4
stay = "2 d"
next = "leave:done"
[arrivals.a]
rate = "0.5 / d"
to = "ward"
[arrivals.b]
rate = "0.5 / d"
to = "detox"
)";
  Problems problems;
  const auto model = read_model_text(text, "model.toml", {}, problems);
  REQUIRE(model);
  const auto made = compile(*model, {}, problems);
  REQUIRE(made);
  const FlowReport flow = expected_flow(*model, *made);
  CHECK(flow.rows[1].offered_load == Approx(2.0));
  CHECK(flow.rows[1].offered_units == Approx(4.0));
  REQUIRE(flow.pools.size() == 1);
  CHECK(flow.pools[0].setting == 3);
  CHECK(flow.pools[0].offered_units == Approx(5.0));
  CHECK(contains(to_text(problems), "pools.beds: is asked for 5 units at a time and has 1"));
}
