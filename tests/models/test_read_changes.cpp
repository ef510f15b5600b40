#include <cmath>
#include <string>
#include <vector>

#include "models/read_model.hpp"
#include "models/table_reader.hpp"
#include "tests/catch.hpp"

// What a scenario's set, scale and add do to the typed model.
namespace {

using namespace tl;
using Kind = Change::Kind;

const std::string kModel = R"(
[parameters.los]
value = 10
unit = "d"
[parameters.los_long]
value = "los * 2"
[settings.ward]
capacity = { base = 10, dated = [ { at = "30 d", value = 20 } ] }
stay = { kind = "lognormal", mean = { base = "los", vary = [ { when = "level = 3", value = "6 d" } ] }, sd = "4 d" }
[settings.home]
capacity = "unlimited"
stay = "los_long"
[settings.yard]
capacity = 5
stay = "1 d"
queue = { limit = 3 }
[[routes]]
from = "ward"
to = "home"
share = 0.5
[[routes]]
from = "ward"
to = "leave:done"
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
[[vary]]
field = "settings.yard.queue.limit"
when = "level = 3"
value = 7
[initial.there]
place = "home"
count = 5
[arrivals.street]
rate = "2 / d"
to = "ward"
)";

Change change(Kind kind, const std::string& path, const std::string& value) {
  Problems problems;
  Change made{kind, path, {}, {"study.toml", 7, 3}};
  made.value = read_toml_value(value, {"study.toml", 7, 10}, path, Limits{}, problems).value();
  return made;
}

struct Built {
  std::optional<Model> model;
  std::vector<Problem> problems;
};

Built build(const std::vector<Change>& changes) {
  Problems problems;
  const Document document = read_toml_text(kModel, "model.toml", Limits{}, problems);
  Built built;
  built.model = build_model(document, changes, {}, problems);
  built.problems = problems.sorted();
  for (const Problem& problem : built.problems) UNSCOPED_INFO(to_text(problem));
  return built;
}

Model model_with(const std::vector<Change>& changes) {
  Built built = build(changes);
  REQUIRE(built.model);
  return std::move(*built.model);
}

}  // namespace

TEST_CASE("on one number the last set comes first, then every scale, then every add") {
  CHECK(model_with({change(Kind::set, "settings.yard.capacity", "9")}).settings[3].capacity->base == 9.0);
  const Model both = model_with(
      {change(Kind::scale, "settings.ward.capacity", "2"), change(Kind::add, "settings.ward.capacity", "1")});
  CHECK(both.settings[1].capacity->base == 21.0);
  CHECK(both.settings[1].capacity->dated[0].value == 41.0);
  const Model later = model_with(
      {change(Kind::scale, "settings.ward.capacity", "2"), change(Kind::set, "settings.ward.capacity", "3")});
  CHECK(later.settings[1].capacity->base == 6.0);
  CHECK(later.settings[1].capacity->dated.empty());
}

TEST_CASE("set makes a field that was not there, and drops exceptions from the table vary") {
  CHECK(model_with({change(Kind::set, "settings.ward.queue.limit", "4")}).settings[1].queue.limit->base == 4.0);
  CHECK(model_with({}).settings[3].queue.limit->vary.size() == 1);
  const Model model = model_with({change(Kind::set, "settings.yard.queue.limit", "4")});
  CHECK(model.settings[3].queue.limit->vary.empty());
}

TEST_CASE("a stay is scaled and shifted as a whole, or by one of its numbers") {
  const Model whole = model_with({change(Kind::scale, "settings.ward.stay", "0.5")});
  CHECK(whole.settings[1].stay->mean->base == 5.0);
  CHECK(whole.settings[1].stay->mean->vary[0].value == 3.0);
  CHECK(whole.settings[1].stay->sd->base == 2.0);
  const Model mean = model_with({change(Kind::add, "settings.ward.stay.mean", "\"24 h\"")});
  CHECK(mean.settings[1].stay->mean->base == 11.0);
  CHECK(mean.settings[1].stay->sd->base == 4.0);
  const Model shifted = model_with({change(Kind::add, "settings.ward.stay", "\"2 d\"")});
  CHECK(shifted.settings[1].stay->shift == 2.0);
}

TEST_CASE("a scaled arrival rate goes into layers, an added one into the rate") {
  const Model model = model_with(
      {change(Kind::scale, "arrivals.street.rate", "1.5"), change(Kind::add, "arrivals.street.rate", "\"1 / d\"")});
  CHECK(model.arrivals[0].scale == 1.5);
  CHECK(model.arrivals[0].rate->base == 3.0);
}

TEST_CASE("parameters change, and what is computed from them follows") {
  const Model model = model_with({change(Kind::set, "parameters.los", "20")});
  CHECK(model.settings[1].stay->mean->base == 20.0);
  CHECK(model.settings[2].stay->value->base == 40.0);
  CHECK(model_with({change(Kind::scale, "parameters.los", "0.5")}).settings[2].stay->value->base == 10.0);
  CHECK(model_with({change(Kind::add, "parameters.los", "\"1 w\"")}).settings[1].stay->mean->base == 17.0);
}

TEST_CASE("numbers that cannot vary are scaled too") {
  const Model model = model_with({change(Kind::scale, "initial.there.count", "1.5")});
  CHECK(model.initial[0].count == 7);  // 7.5: whole clients, rounded down
}

TEST_CASE("a changed share is balanced by the otherwise route, or by all others in proportion") {
  const Model otherwise = model_with({change(Kind::scale, "routes.yard>leave:done.share", "2")});
  CHECK(otherwise.settings[3].routes[0].share->base == 0.8);
  CHECK_FALSE(otherwise.settings[3].routes[1].share);
  const Model proportion = model_with({change(Kind::set, "routes.ward>home.share", "0.75")});
  CHECK(proportion.settings[1].routes[0].share->base == 0.75);
  CHECK(std::abs(proportion.settings[1].routes[1].share->base - 0.15) < 1e-12);
  CHECK(std::abs(proportion.settings[1].routes[2].share->base - 0.10) < 1e-12);
  const Model all = model_with({change(Kind::add, "routes.ward>home.share", "0.5")});
  CHECK(all.settings[1].routes[1].share->base == 0.0);
}

TEST_CASE("a change that names nothing or leads out of range is refused at the change") {
  struct Case {
    Change change;
    std::string code, hint;
  };
  const std::vector<Case> cases{
      {change(Kind::set, "settings.wrad.capacity", "3"), "change-address", "Did you mean \"ward\"?"},
      {change(Kind::set, "setings.ward.capacity", "3"), "change-address", "Did you mean \"settings\"?"},
      {change(Kind::set, "settings.ward.capcity", "3"), "change-address", "Did you mean \"capacity\"?"},
      {change(Kind::set, "parameters.loss", "3"), "change-address", "Did you mean \"los\"?"},
      {change(Kind::scale, "settings.ward.turnaround", "3"), "change-address", ""},
      {change(Kind::set, "settings.home.stay.mean", "\"3 d\""), "change-address", "the address is settings.home.stay."},
      {change(Kind::scale, "settings.home.stay.mean", "2"), "change-address", "the address is settings.home.stay."},
      {change(Kind::add, "settings.yard.capacity", "-6"), "change-range", ""},
      {change(Kind::scale, "settings.ward.stay", "0"), "change-range", ""},
      {change(Kind::scale, "routes.yard>leave:done.share", "3"), "change-range", ""},
      {change(Kind::scale, "routes.ward>home.share", "3"), "change-share", ""},
      {change(Kind::scale, "routes.yard>ward.share", "0.5"), "change-share", ""},
      {change(Kind::add, "settings.home.capacity", "3"), "change-unlimited", ""},
  };
  for (const Case& one : cases) {
    const Built built = build({one.change});
    INFO(one.change.path);
    CHECK_FALSE(built.model);
    CHECK(built.problems.size() == 1);
    if (built.problems.empty()) continue;
    CHECK(built.problems[0].code.text() == one.code);
    CHECK(built.problems[0].at == Place{"study.toml", 7, 3});
    CHECK(built.problems[0].hint.find(one.hint) != std::string::npos);
  }
}
