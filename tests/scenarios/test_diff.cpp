#include <string>
#include <vector>

#include "models/table_reader.hpp"
#include "scenarios/diff.hpp"
#include "tests/catch.hpp"

namespace {

constexpr const char* kModel = R"([model]
name = "Small county"
horizon = "5 y"
[parameters.los]
value = "14 d"
[parameters.beds]
value = 34
unit = "beds"
[settings.crt]
name = "Crisis residential"
capacity = 34
stay = { kind = "exponential", mean = "los * 1.2" }
[settings.sub]
capacity = { base = 43, dated = [ { at = "63 d", value = 46 } ] }
stay = "14 d"
[arrivals.street]
rate = "7000 / y"
to = "crt"
[[routes]]
from = "crt"
to = "sub"
share = 0.3
[[routes]]
from = "crt"
to = "leave:home"
)";

tl::Document document_of(const std::string& text) {
  tl::Problems problems;
  tl::Document document = tl::read_toml_text(text, "m.toml", {}, problems);
  REQUIRE(tl::to_text(problems).empty());
  return document;
}

tl::Study study_of(const std::string& scenarios) {
  tl::Problems problems;
  auto study = tl::read_study_text("[study]\nmodel = \"m.toml\"\n" + scenarios, "s.toml", {}, problems);
  REQUIRE(tl::to_text(problems).empty());
  study->document = document_of(kModel);
  return *study;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("changes of a scenario in words") {
  const auto [change, words] = GENERATE(table<std::string, std::string>({
      {R"(set = { "settings.crt.capacity" = 134 })",
       "Capacity of Crisis residential (settings.crt.capacity): 34 -> 134"},
      {R"(add = { "settings.crt.capacity" = 100 })",
       "Capacity of Crisis residential (settings.crt.capacity): 34 -> 134"},
      {R"(scale = { "settings.crt.capacity" = 1.1 })",
       "Capacity of Crisis residential (settings.crt.capacity): 34 -> 37.4"},
      {R"(scale = { "arrivals.street.rate" = 0.9 })",
       "Rate of arrivals street (arrivals.street.rate): 7000 / y -> 6300 / y"},
      {R"(add = { "arrivals.street.rate" = "2 / d" })",
       "Rate of arrivals street (arrivals.street.rate): 7000 / y, plus 2 / d"},
      {R"(add = { "parameters.beds" = 6 })", "Parameter beds (parameters.beds): 34 beds -> 40 beds"},
      {R"(set = { "parameters.los" = "10 d" })", "Parameter los (parameters.los): 14 d -> 10 d"},
      {R"(scale = { "settings.crt.stay.mean" = 1.1 })",
       "Stay mean of Crisis residential (settings.crt.stay.mean): los * 1.2, times 1.1"},
      {R"(set = { "settings.sub.stay" = { kind = "exponential", mean = "5 d" } })",
       "Stay of setting sub (settings.sub.stay): 14 d -> { kind = exponential, mean = 5 d }"},
      {R"(set = { "settings.crt.turnaround" = "1 d" })",
       "Turnaround of Crisis residential (settings.crt.turnaround): (none) -> 1 d"},
      {R"(set = { "model.every" = "quarter" })", "Every (model.every): (none) -> quarter"},
      {R"(set = { "model.horizon" = "3 y" })", "Horizon (model.horizon): 5 y -> 3 y"},
      {R"(add = { "settings.sub.capacity" = 100 })",
       "Capacity of setting sub (settings.sub.capacity): 43 -> 143, its dated and varied values likewise"},
      {R"(scale = { "routes.crt>sub.share" = 1.1 })", "Share of route crt>sub (routes.crt>sub.share): 0.3 -> 0.33"},
  }));
  const tl::Study study = study_of("[scenarios.a]\n" + change);
  CHECK(tl::in_words(study.document, study.scenarios[0].changes) == Lines{words});
}

TEST_CASE("a change on top of another begins where that one ended") {
  const tl::Study study = study_of(R"([scenarios.a]
set = { "settings.crt.capacity" = 100 }
[scenarios.b]
base = "a"
add = { "settings.crt.capacity" = 20 }
)");
  CHECK(tl::in_words(study.document, study.scenarios[1].changes) ==
        Lines{"Capacity of Crisis residential (settings.crt.capacity): 34 -> 120"});
  CHECK(tl::differences(study.document, study.scenarios[0], study.scenarios[1]) ==
        Lines{"only in a: Capacity of Crisis residential (settings.crt.capacity): 34 -> 100",
              "only in b: Capacity of Crisis residential (settings.crt.capacity): 34 -> 120"});
}

TEST_CASE("a model does not differ from itself, nor from the same numbers written otherwise") {
  const tl::Document model = document_of(kModel);
  CHECK(tl::differences(model, model).empty());
  CHECK(tl::differences(model, document_of(replaced(kModel, "capacity = 34", "capacity = 34.0"))).empty());

  tl::Document csv = document_of(kModel);
  tl::Problems problems;
  *csv.find("settings") =
      tl::read_csv_text("id,name,capacity,stay.kind,stay.mean\ncrt,Crisis residential,34,exponential,los * 1.2\n",
                        "settings", "settings.csv", {}, problems);
  csv.find("settings")->rows.push_back(*model.find("settings")->find("sub"));
  CHECK(tl::differences(model, csv).empty());

  tl::Document unit = document_of(kModel);
  *unit.find("settings") = tl::read_csv_text("id,stay [d]\nsub,14\n", "settings", "settings.csv", {}, problems);
  const Lines told = tl::differences(model, unit);
  for (const std::string& line : told) CHECK_THAT(line, !Catch::Contains("settings.sub.stay"));
}

TEST_CASE("differences of two models in words") {
  const auto [what, with, words] = GENERATE(table<std::string, std::string, std::string>({
      {"capacity = 34", "capacity = 134", "Capacity of Crisis residential (settings.crt.capacity): 34 -> 134"},
      {"mean = \"los * 1.2\"", "mean = \"9 d\"",
       "Stay mean of Crisis residential (settings.crt.stay.mean): los * 1.2 -> 9 d"},
      {"stay = \"14 d\"\n", "", "Stay of setting sub (settings.sub.stay): 14 d -> (none)"},
      {"horizon = \"5 y\"", "horizon = \"2 y\"", "Horizon (model.horizon): 5 y -> 2 y"},
      {"share = 0.3", "share = 0.4", "Share of route crt>sub (routes.crt>sub.share): 0.3 -> 0.4"},
      {"to = \"leave:home\"", "to = \"leave:street\"", "Without route crt>leave:home"},
      {"[arrivals.street]", "[settings.new]\nname = \"New house\"\n[arrivals.street]",
       "New setting New house (settings.new)"},
  }));
  const Lines told = tl::differences(document_of(kModel), document_of(replaced(kModel, what, with)));
  REQUIRE_FALSE(told.empty());
  CHECK(told.front() == words);
}

TEST_CASE("an added row leaves rows without id what they were, and another order is told") {
  const std::string more = std::string{kModel} + "[[routes]]\nfrom = \"sub\"\nto = \"crt\"\n";
  CHECK(tl::differences(document_of(kModel), document_of(more)) == Lines{"New route sub>crt"});
  const std::string turned = R"([settings.sub]
stay = "1 d"
[settings.crt]
stay = "2 d"
)";
  const std::string straight = R"([settings.crt]
stay = "2 d"
[settings.sub]
stay = "1 d"
)";
  CHECK(tl::differences(document_of(straight), document_of(turned)) ==
        Lines{"The rows of settings stand in another order"});
}

TEST_CASE("differences of two studies name the scenario") {
  const tl::Study one = study_of("[scenarios.a]\nset = { \"settings.crt.capacity\" = 40 }\n[scenarios.b]\n");
  const tl::Study two = study_of("[scenarios.a]\nset = { \"settings.crt.capacity\" = 50 }\n[scenarios.c]\n");
  CHECK(tl::differences(one, one).empty());
  CHECK(tl::differences(one, two) ==
        Lines{"Scenario a, only in the first: Capacity of Crisis residential (settings.crt.capacity): 34 -> 40",
              "Scenario a, only in the second: Capacity of Crisis residential (settings.crt.capacity): 34 -> 50",
              "Without scenario b", "New scenario c"});
}
