#include <set>
#include <string>
#include <vector>

#include "models/compile.hpp"
#include "models/compile_messages.hpp"
#include "models/read_model.hpp"
#include "tests/catch.hpp"

// What can be wrong with a policy, and what is read of a right one.
namespace {

using namespace tl;

const std::string kModel = R"(
[model]
start = "2025-01-01"
horizon = "1 y"
[calendars.office]
windows = "mon-fri 08:00-17:00"
[settings.ward]
capacity = 10
stay = { kind = "exponential", mean = "4 d" }
next = "leave:done"
returns = "30 d"
[settings.street]
capacity = "unlimited"
stay = "until_moved"
[pools.beds]
capacity = 5
[settings.annex]
pool = "beds"
stay = "3 d"
next = "leave:done"
[arrivals.door]
rate = "2 / d"
to = "ward"
[events.crisis]
rate = { base = "0.1 / d", dated = [ { at = "50 d", value = "0.2 / d" } ] }
when = "place = ward"
to = "leave:crisis"
)";
const std::string kWhen = "when = { measure = \"waiting\", settings = [\"ward\"], over = 5 }\n";
const std::string kUntil = "until = { under = 2 }\n";
const std::string kChanges = "changes = [ { path = \"settings.ward.capacity\", add = 4 } ]\n";

struct Told {
  std::optional<Compiled> made;
  std::vector<Problem> problems;
};
Told told(const std::string& text) {
  Problems problems;
  const auto model = read_model_text(text, "model.toml", {}, problems);
  Told result;
  if (model) result.made = compile(*model, Limits{}, problems, Flows::left_out);
  for (const Problem& problem : problems.sorted())
    if (problem.code.text() != "source-missing" && problem.code.text() != "unreached")
      result.problems.push_back(problem);
  for (const Problem& problem : result.problems) UNSCOPED_INFO(to_text(problem));
  return result;
}

struct Case {
  std::string code, text, says;
};
std::string policy(const std::string& text, const std::string& id = "surge") {
  return "[policies." + id + "]\n" + text;
}
std::string change(const std::string& text) {
  return policy(kWhen + kUntil + "changes = [ { " + text + " } ]\n");
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {"policy-trigger", policy("when = { measure = \"waiting\", settings = [\"ward\"] }\n" + kUntil + kChanges),
       "has neither `over` nor `under`"},
      {"policy-trigger",
       policy("when = { measure = \"waiting\", settings = [\"ward\"], over = 5, under = 2 }\n" + kUntil + kChanges),
       "has `over` and `under`"},
      {"policy-trigger", policy(kWhen + "until = { over = 9 }\n" + kChanges), "what opened it would close it"},
      {"policy-trigger", policy(kWhen + "until = { under = 7 }\n" + kChanges), "open and close all the time"},
      {"field-missing", policy(kWhen + kChanges), "nothing says when it closes again"},
      {"word-unknown", policy(kWhen + "until = \"nevr\"\n" + kChanges), "Did you mean \"never\"?"},
      {"policy-measure",
       policy("when = { measure = \"occupancy\", settings = [\"street\"], over = \"90%\" }\nuntil = \"never\"\n" +
              kChanges),
       "\"street\" is unlimited"},
      {"policy-measure",
       policy("when = { measure = \"census\", settings = [\"beds\"], over = 3 }\nuntil = \"never\"\n" + kChanges),
       "a pool has no queue"},
      {"policy-measure",
       policy("when = { measure = \"census\", waited_over = \"3 d\", settings = [\"ward\"], over = 3 }\n"
              "until = \"never\"\n" +
              kChanges),
       "only those who wait have waited"},
      {"name-unknown",
       policy("when = { measure = \"census\", settings = [\"wrad\"], over = 3 }\nuntil = \"never\"\n" + kChanges),
       "Did you mean \"ward\"?"},
      {"policy-season", policy("season = { from = \"11-31\", to = \"03-31\" }\n" + kChanges), "no day \"11-31\""},
      {"policy-season", policy("season = { from = \"Nov 1\", to = \"03-31\" }\n" + kChanges), "month-day"},
      {"policy-season", policy(kChanges), "has neither `when` nor `season`"},
      {"policy-changes", change("path = \"settings.ward.capacity\""), "has none of set, scale and add"},
      {"policy-changes", change("path = \"settings.ward.capacity\", add = 1, scale = 2"), "more than one"},
      {"policy-changes", change("add = 1"), "names no number"},
      {"policy-changes", policy(kWhen + kUntil + "changes = []\n"), "is empty"},
      {"policy-changes", policy(kWhen + kUntil + "changes = \"settings.ward.capacity plus 4\"\n"), "cannot read"},
      {"field-unknown", change("path = \"settings.ward.capacity\", ad = 1"), "Did you mean \"add\"?"},
      {"policy-fixed", change("path = \"model.horizon\", set = \"2 y\""), "changes \"model.horizon\""},
      {"policy-fixed", change("path = \"settings.ward.returns\", set = \"2 d\""), "one number for the whole run"},
      {"policy-fixed", change("path = \"settings.ward.stay\", add = \"2 d\""), "cannot switch settings.ward.stay"},
      {"lever-part", change("path = \"settings.ward.name\", set = \"W\""), "cannot be set by a policy"},
      {"lever-part", change("path = \"settings.ward.stay\", set = \"2 d\""), "cannot be set by a policy"},
      {"change-address", change("path = \"settings.wrad.capacity\", add = 2"), "Did you mean \"ward\"?"},
      {"change-unlimited", change("path = \"settings.street.capacity\", set = 2"), "Give it a large capacity"},
      {"change-range", change("path = \"settings.ward.capacity\", add = -20"), "would become -10"},
      {"policy-useless", change("path = \"settings.ward.capacity\", scale = 1"), "changes nothing"},
      {"policy-useless", policy("season = { from = \"11-15\", to = \"03-31\" }\nreview = \"2 d\"\n" + kChanges),
       "open throughout its season"},
      {"policy-twice",
       policy(kWhen + kUntil + kChanges) +
           policy(kWhen + kUntil + "changes = [ { path = \"settings.ward.capacity\", scale = 2 } ]\n", "other"),
       "by the policies surge and other"},
      {"policy-twice",
       policy(kWhen + kUntil + "changes = [ { path = \"settings.ward.stay.mean\", scale = 2 } ]\n") +
           policy(kWhen + kUntil + "changes = [ { path = \"settings.ward.stay.mean\", scale = 3 } ]\n", "other"),
       "by the policies surge and other"},
      {"policy-unswitched", change("path = \"arrivals.door.rate\", set = \"3 / d\""), "can only let more or fewer"},
      {"policy-dates", change("path = \"events.crisis.rate\", add = \"1 / d\""), "otherwise than by a factor"},
  };
  return all;
}

}  // namespace

TEST_CASE("what is wrong with a policy is told at its place, once, with what to try") {
  for (const Case& one : cases()) {
    INFO(one.code << " of\n" << one.text);
    const Told result = told(kModel + one.text);
    REQUIRE(result.problems.size() == 1);
    CHECK(result.problems[0].code.text() == one.code);
    CHECK(to_text(result.problems[0]).find(one.says) != std::string::npos);
    CHECK(result.problems[0].at.line > 0);
    CHECK(result.made.has_value() == (result.problems[0].severity == Severity::warning));
  }
  const std::string hours = "capacity_hours = \"sat-sun = 50%\"\ntime_to_start = \"30 d\"\n";
  std::string text = kModel;
  text.replace(text.find("returns = \"30 d\"\n"), 17, hours);
  const Told result = told(text);
  REQUIRE(result.problems.size() == 1);
  CHECK(result.problems[0].code.text() == "start-hours");
}

TEST_CASE("every message of policies has a case") {
  std::set<std::string> tested{"start-hours"};
  for (const Case& one : cases()) tested.insert(one.code);
  for (const MessageKind& kind : kCompileMessages)
    if (std::string_view{kind.code}.starts_with("policy-")) CHECK(tested.contains(std::string{kind.code}));
}

TEST_CASE("a policy is told in plain words, and may stand in a table of text") {
  const Told result = told(kModel + R"(
[policies.surge]
name = "Surge beds"
when = { measure = "waiting", settings = ["ward", "annex"], waited_over = "3 d", over = 5, for = "7 d" }
until = { under = 2, for = "14 d" }
review = "1 d"
lead_time = "5 d"
season = { from = "11-15", to = "03-31" }
changes = "settings.ward.capacity add 4; settings.ward.stay.mean scale 0.5"
)");
  REQUIRE(result.made);
  CHECK(result.problems.empty());
  const PolicyWords& words = result.made->words.policies.front();
  CHECK(words.rule ==
        "opens when waiting over 3 d for ward + annex is over 5 for 7 d, closes when it is under 2 for 14 d; looks "
        "every 1 d; takes 5 d to open; only from 11-15 to 03-31");
  CHECK(words.changes == "settings.ward.capacity plus 4; settings.ward.stay.mean times 0.5");
  CHECK(words.opens == 5.0);
  CHECK(words.closes == 2.0);
  const PolicyRule& rule = result.made->model.policies.rules.front();
  CHECK(rule.cell_count == 1);
  CHECK(rule.units_count == 1);
  CHECK(result.made->model.policies.units.front().more == 4);
}

TEST_CASE("a part of the population has a part of the thresholds and of what is added") {
  std::string text = kModel;
  text.replace(text.find("[model]\n"), 8, "[model]\npopulation_scale = 0.5\n");
  const Told result = told(text + policy(kWhen + kUntil + kChanges));
  REQUIRE(result.made);
  const PolicyPart& part = result.made->model.policies;
  CHECK(part.rules.front().opens.threshold == 2.5);
  CHECK(part.units.front().more == 2);
  CHECK(result.made->words.policies.front().opens == 5.0);
}
