#include <algorithm>
#include <map>

#include "models/compile.hpp"
#include "models/flow.hpp"
#include "models/population.hpp"
#include "models/read_model.hpp"
#include "models/table_reader.hpp"
#include "tests/catch.hpp"
#include "tests/models/small_models.hpp"

// `population_scale`: what is made smaller, how whole numbers stay whole, and what is told of it.
namespace {

using namespace tl;
using Kind = Change::Kind;

Change change(Kind kind, const std::string& path, double value) {
  Change made{.kind = kind, .path = path, .value = {}, .at = {"study.toml", 7, 3}};
  made.value.kind = Cell::Kind::number;
  made.value.number = value;
  made.value.text = std::to_string(value);
  made.value.at = made.value.key_at = made.at;
  return made;
}

Model read(const std::string& text, const std::vector<Change>& changes, Problems& problems) {
  const Document document = read_toml_text(text, "model.toml", Limits{}, problems);
  const auto model = build_model(document, changes, ReadOptions{}, problems);
  INFO(to_text(problems));
  REQUIRE(model);
  return *model;
}
Model read(const std::string& text, const std::vector<Change>& changes = {}) {
  Problems problems;
  return read(text, changes, problems);
}

std::string wards(const std::vector<std::pair<std::string, std::string>>& capacities) {
  std::string text;
  for (const auto& [id, capacity] : capacities)
    text += "[settings." + id + "]\ncapacity = " + capacity + "\nstay = \"10 d\"\nnext = \"leave:done\"\n";
  return text + "[arrivals.door]\nrate = \"10 / d\"\nto = \"" + capacities.front().first + "\"\n";
}

/// Base capacities of the settings behind `outside`.
std::vector<double> units(const Model& model) {
  std::vector<double> all;
  const Model part = part_of_population(model);
  for (const SettingSpec& setting : part.settings)
    if (setting.capacity) all.push_back(setting.capacity->base);
  return all;
}

std::string scaled(const std::string& scale, const std::string& rest) {
  return "[model]\npopulation_scale = " + scale + "\n" + rest;
}

const std::string kStart = R"(
[settings.street]
capacity = "unlimited"
stay = "until_moved"
[settings.psh]
capacity = 100
stay = "300 d"
next = "leave:done"
[settings.team]
kind = "program"
capacity = 500
stay = "90 d"
next = "end"
[events.death]
rate = "0.1 / y"
to = "leave:died"
)";

}  // namespace

TEST_CASE("whole numbers are shared out by largest remainder, the earlier first") {
  SECTION("the sum is right, and the largest fractions go up") {
    // 1.2 + 2.5 + 0.7 + 3.3 = 7.7, so 8 units
    CHECK(units(read(scaled("0.1", wards({{"a", "12"}, {"b", "25"}, {"c", "7"}, {"d", "33"}})))) ==
          std::vector<double>{1, 3, 1, 3});
  }
  SECTION("of equal fractions those that stand earlier go up") {
    // 2.5 + 3.5 + 4.5 + 5.5 = 16
    CHECK(units(read(scaled("0.1", wards({{"a", "25"}, {"b", "35"}, {"c", "45"}, {"d", "55"}})))) ==
          std::vector<double>{3, 4, 4, 5});
  }
  SECTION("fractions under a half go up where the sum wants them") {
    // 1.4 + 2.4 + 3.3 = 7.1
    CHECK(units(read(scaled("0.1", wards({{"a", "14"}, {"b", "24"}, {"c", "33"}})))) == std::vector<double>{2, 2, 3});
  }
  SECTION("0.1 of 70 is 7, whatever binary fractions say") {
    CHECK(units(read(scaled("0.1", wards({{"a", "70"}, {"b", "30"}})))) == std::vector<double>{7, 3});
  }
}

TEST_CASE("a setting keeps the units that one client needs, and a closed one stays closed") {
  const std::string takes = wards({{"a", "200"}, {"b", "4"}, {"c", "0"}}) +
                            "[settings.team]\nkind = \"program\"\ncapacity = 30\nstay = \"10 d\"\nnext = \"end\"\n"
                            "takes = { base = 1, vary = [ { when = \"level = 3\", value = 5 } ] }\n";
  CHECK(units(read(scaled("0.02", takes))) == std::vector<double>{4, 1, 0, 5});
}

TEST_CASE("dated capacities, pools and limits are made smaller too") {
  const std::string text = scaled("0.5", R"(
[pools.beds]
capacity = 21
[settings.a]
pool = "beds"
capacity = { base = 10, dated = [ { at = "30 d", value = 30 } ] }
stay = "10 d"
next = "leave:done"
queue = { limit = 7, limit_in_place = { base = 0, vary = [ { when = "level = 3", value = 1 } ] } }
[arrivals.door]
rate = "10 / d"
to = "a"
)");
  const Model part = part_of_population(read(text));
  CHECK(part.settings[1].capacity->base == 5.0);
  CHECK(part.settings[1].capacity->dated.at(0).value == 15.0);
  CHECK(part.pools[0].capacity->base == 11.0);
  CHECK(part.settings[1].queue.limit->base == 4.0);
  CHECK(part.settings[1].queue.limit_in_place->base == 0.0);
  CHECK(part.settings[1].queue.limit_in_place->vary.at(0).value == 1.0);
}

TEST_CASE("clients come less often by layers, by longer gaps, and on fewer of the dates") {
  const std::string text = scaled("0.25", wards({{"a", "100"}}) + R"(
[arrivals.van]
gap = { kind = "exponential", mean = "2 d" }
to = "a"
[arrivals.days]
dates = ["1 d", "2 d", "3 d", "4 d", "5 d", "6 d", "7 d", "8 d"]
to = "a"
)");
  const Model part = part_of_population(read(text));
  CHECK(part.arrivals[0].rate->base == 10.0);
  CHECK(part.arrivals[0].scale == 0.25);
  CHECK(part.arrivals[1].gap->mean->base == 8.0);
  CHECK(part.arrivals[2].dates == std::vector<double>{2.0, 6.0});
  // A scenario's own scale goes into the same layers.
  CHECK(part_of_population(read(text, {change(Kind::scale, "arrivals.door.rate", 2.0)})).arrivals[0].scale == 0.5);
}

TEST_CASE("initial counts are shared out among themselves") {
  const std::string text = scaled("0.1", kStart + R"(
[initial.one]
place = "street"
count = 14
[initial.two]
place = "psh"
count = 25
[initial.three]
place = "street"
count = 5004
)");
  const Model part = part_of_population(read(text));  // 1.4 + 2.5 + 500.4 = 504.3
  CHECK(part.initial[0].count == 1);
  CHECK(part.initial[1].count == 3);
  CHECK(part.initial[2].count == 500);
}

TEST_CASE("a scenario's change moves no other setting's rounding") {
  const std::string text = scaled("0.1", wards({{"a", "25"}, {"b", "35"}, {"c", "45"}, {"d", "155"}}));
  CHECK(units(read(text)) == std::vector<double>{3, 4, 4, 15});
  for (double capacity = 1.0; capacity < 80.0; capacity += 1.0) {
    const std::vector<double> made = units(read(text, {change(Kind::set, "settings.a.capacity", capacity)}));
    CHECK(made[1] == 4.0);
    CHECK(made[2] == 4.0);
    CHECK(made[3] == 15.0);
    CHECK(std::abs(made[0] - capacity / 10.0) < 1.0);
  }
}

TEST_CASE("of a census each place and each way of waiting keeps its part, and the clients their keys") {
  std::string text = kStart + "[traits]\nsmi = { values = [\"no\", \"yes\"] }\n";
  for (int i = 0; i < 200; ++i)
    text += "[[census]]\nplace = \"" + std::string{i < 150 ? "street" : "psh"} + "\"\n" +
            (i % 3 == 0 && i < 150 ? "waiting_for = \"psh\"\n" : "") + (i % 5 == 0 ? "enrolled = \"team\"\n" : "") +
            "traits = \"smi=" + (i % 2 == 0 ? "no" : "yes") + "\"\n";
  const Model whole = read(text), part = part_of_population(read(scaled("0.2", text)));
  REQUIRE(part.census.size() == 40);
  int street = 0, waiting = 0, enrolled = 0, smi = 0;
  for (const CensusRow& row : part.census) {
    street += row.place == 1 ? 1 : 0;
    waiting += row.waiting_for ? 1 : 0;
    enrolled += row.enrolled.empty() ? 0 : 1;
    smi += row.traits.at(0).second == 1 ? 1 : 0;
    REQUIRE(row.number);
    CHECK(whole.census[*row.number].place == row.place);
  }
  CHECK(street == 30);
  CHECK(waiting == 10);  // 50 of 200
  CHECK(std::abs(enrolled - 8) <= 2);
  CHECK(std::abs(smi - 20) <= 3);
  CHECK(std::is_sorted(part.census.begin(), part.census.end(),
                       [](const CensusRow& a, const CensusRow& b) { return a.number < b.number; }));
  Problems problems;
  const auto compiled = compile(read(scaled("0.2", text)), Limits{}, problems);
  REQUIRE(compiled);
  REQUIRE(compiled->model.initial.size() == 40);
  for (std::size_t i = 0; i < 40; ++i) CHECK(compiled->model.initial[i].first_ordinal == *part.census[i].number);
}

TEST_CASE("what check expects is told of the whole population") {
  const std::string text = wards({{"a", "130"}, {"b", "60"}}) + R"(
[arrivals.van]
gap = { kind = "exponential", mean = "0.5 d" }
to = "b"
[arrivals.day]
dates = ["1 d", "2 d", "3 d", "4 d"]
to = "b"
[settings.free]
capacity = "unlimited"
stay = "until_moved"
[initial.there]
place = "free"
count = 40
)";
  Problems problems;
  const Model whole = read(text), part = read(scaled("0.5", text));
  const auto all = compile(whole, Limits{}, problems), half = compile(part, Limits{}, problems);
  REQUIRE((all && half));
  const FlowReport expected = expected_flow(whole, *all), seen = expected_flow(part, *half);
  REQUIRE(seen.rows.size() == expected.rows.size());
  for (std::size_t i = 0; i < seen.rows.size(); ++i) {
    CHECK(seen.rows[i].flow_per_day == Approx(expected.rows[i].flow_per_day));
    CHECK(seen.rows[i].offered_load == Approx(expected.rows[i].offered_load));
    CHECK(seen.rows[i].capacity == expected.rows[i].capacity);
    CHECK(seen.rows[i].utilisation == Approx(expected.rows[i].utilisation));
  }
  CHECK(half->words.population_scale == 0.5);
  CHECK(half->words.settings[1].capacity == 65.0);
}

TEST_CASE("a scale is above 0 and at most 1") {
  for (const std::string scale : {"0", "-0.5", "1.01", "10", "nan", "\"10 d\""}) {
    Problems problems;
    const Document document = read_toml_text(scaled(scale, wards({{"a", "1"}})), "model.toml", Limits{}, problems);
    build_model(document, {}, ReadOptions{}, problems);
    INFO(scale);
    CHECK(problems.has_errors());
  }
  CHECK(read(scaled("\"10%\"", wards({{"a", "1"}}))).population_scale == 0.1);
  CHECK(read(scaled("1", wards({{"a", "7"}}))).population_scale == 1.0);
}

TEST_CASE("few units are warned of, the smallest by name") {
  Problems problems;
  const Model model = read(scaled("0.1", wards({{"a", "500"}, {"b", "40"}, {"c", "199"}, {"d", "0"}})));
  REQUIRE(compile(model, Limits{}, problems));
  std::string told;
  for (const Problem& problem : problems.sorted())
    if (problem.code.text() == "scale-small") told += to_text(problem);
  CHECK_THAT(told, Catch::Contains("model.toml:2:20: warning: model.population_scale"));
  CHECK_THAT(told, Catch::Contains("1 setting with fewer than 20 units, the smallest: b (4 units of 40)"));
  CHECK_THAT(told, !Catch::Contains("d ("));
  Problems none;
  REQUIRE(compile(read(wards({{"a", "5"}})), Limits{}, none));
  CHECK_FALSE(small::has(none, "scale-small"));
}

TEST_CASE("a change that is lost in the rounding is told") {
  const std::string text =
      scaled("0.1", wards({{"a", "300"}, {"b", "40"}}) + kStart + "[initial.there]\nplace = \"street\"\ncount = 500\n");
  const auto told = [&](const Change& one) {
    Problems problems;
    read(text, {one}, problems);
    std::string all;
    for (const Problem& problem : problems.sorted())
      if (problem.code.text() == "scale-hides") all += to_text(problem);
    return all;
  };
  CHECK_THAT(told(change(Kind::set, "settings.b.capacity", 43.0)),
             Catch::Contains("study.toml:7:3: warning: settings.b.capacity: makes no difference at population_scale "
                             "0.1 (of 40 as of 43 it makes 4)"));
  CHECK_THAT(told(change(Kind::set, "initial.there.count", 501.0)), Catch::Contains("of 500 as of 501 it makes 50"));
  CHECK(told(change(Kind::set, "settings.b.capacity", 50.0)).empty());
  CHECK(told(change(Kind::add, "settings.a.capacity", 10.0)).empty());
}
