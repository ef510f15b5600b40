#include <string>
#include <vector>

#include "tests/catch.hpp"
#include "tests/models/carrier_text.hpp"

using tl::Cell;
using tl::Problems;
using Strings = std::vector<std::string>;

namespace {

constexpr const char* kModel = R"(# a small model
title = "county"
[model]
name = "LA"          # words
start = 2020-07-01
horizon = "5 y"

[settings.psh]
capacity = 1_000
stay = { kind = "exponential", mean = "7 y" }
[settings.psh.queue]
patience = "90 d"
[settings.jail]
capacity = 40.5
open = true

[[routes]]
from = "jail"
to = 'psh'
[[routes]]
id = "last"
shares = [0.5, "35%",
          { a = 1 }]
)";

}  // namespace

TEST_CASE("TOML becomes rows in file order, with places") {
  Problems problems;
  const tl::Document document = tl::toml_of(kModel, problems);
  INFO(to_text(problems));
  REQUIRE(problems.empty());
  REQUIRE(document.head.fields.size() == 2);
  CHECK(document.head.find("title")->text == "county");
  const Cell* model = document.head.find("model");
  REQUIRE(model != nullptr);
  CHECK(model->find("start")->text == "2020-07-01");
  CHECK(model->find("start")->is_text());
  CHECK(model->find("name")->at == tl::Place{"m.toml", 4, 8});
  CHECK(model->find("name")->key_at == tl::Place{"m.toml", 4, 1});
  CHECK(model->key_at == tl::Place{"m.toml", 3, 2});

  REQUIRE(document.tables.size() == 2);
  const tl::Table* settings = document.find("settings");
  REQUIRE(settings != nullptr);
  REQUIRE(settings->rows.size() == 2);
  CHECK(settings->rows[0].id == "psh");  // not by name
  CHECK(settings->rows[0].at == tl::Place{"m.toml", 8, 11});
  CHECK(settings->find("jail")->at == tl::Place{"m.toml", 13, 11});
  CHECK(settings->find("nobody") == nullptr);
  const tl::Row& psh = settings->rows[0];
  CHECK(psh.find("capacity")->number == 1000.0);
  CHECK(psh.find("capacity")->text == "1000");
  CHECK(psh.find("capacity")->at == tl::Place{"m.toml", 9, 12});
  CHECK(psh.find("stay")->find("mean")->text == "7 y");
  CHECK(psh.find("stay")->find("mean")->at == tl::Place{"m.toml", 10, 39});
  CHECK(psh.find("stay")->find("mean")->key_at == tl::Place{"m.toml", 10, 32});
  CHECK(place_in(*psh.find("stay")->find("mean"), 2) == tl::Place{"m.toml", 10, 42});
  CHECK(psh.find("queue")->find("patience")->text == "90 d");
  CHECK(settings->rows[1].find("open")->is_boolean());
  CHECK(settings->rows[1].find("open")->truth());

  const tl::Table* routes = document.find("routes");
  REQUIRE(routes->rows.size() == 2);
  CHECK(routes->rows[0].id == "routes#1");
  CHECK(routes->rows[0].at == tl::Place{"m.toml", 17, 1});
  CHECK(routes->rows[1].id == "last");
  const Cell* shares = routes->rows[1].find("shares");
  REQUIRE(shares->items.size() == 3);
  CHECK(shares->items[1].at == tl::Place{"m.toml", 22, 16});
  CHECK(shares->items[2].at == tl::Place{"m.toml", 23, 11});
  CHECK(tl::content(*shares) == "[0.5, \"35%\", {a = 1}]");
}

TEST_CASE("columns are counted in characters") {
  Problems problems;
  const tl::Document document = tl::toml_of("x = { \"n\xC3\xA4me\" = \"\xC3\xA9\", y = 0x1F }", problems);
  CHECK(tl::places_and_codes(problems) == Strings{"m.toml:1:25 number-base"});
}

TEST_CASE("a fault of TOML is told where it stands") {
  const auto [text, place] = GENERATE(table<std::string, std::string>({
      {"a = 1\na = 2\n", "m.toml:2:1 toml-duplicate"},
      {"[s]\nlong_name = 1\n  long_name = 2\n", "m.toml:3:3 toml-duplicate"},
      {"[s.a]\n[s.b]\n[s.a]\n", "m.toml:3:2 toml-duplicate"},
      {"x = { b = 1, b = 2 }", "m.toml:1:14 toml-duplicate"},
      {"x = [1,\n  2", "m.toml:2:4 toml-syntax"},
      {"x = \"abc\ny = 1", "m.toml:1:9 toml-syntax"},
      {"x y = 1", "m.toml:1:3 toml-syntax"},
      {"x = 12345678901234567890", "m.toml:1:5 number-size"},
      {"x = 1e400", "m.toml:1:5 number-size"},
      {"x = 1e-400", "m.toml:1:5 number-size"},
      {"a = { b = nan }", "m.toml:1:11 number-nan"},
      {"a = [1, +inf]", "m.toml:1:9 number-nan"},
      {"a = -inf", "m.toml:1:5 number-nan"},
      {"a = 0x10", "m.toml:1:5 number-base"},
      {"a = 0o17", "m.toml:1:5 number-base"},
      {"a = -0", "m.toml:1:5 number-bad"},
      {"a = -0.0", "m.toml:1:5 number-bad"},
      {"a = 9007199254740993", "m.toml:1:5 number-digits"},
      {"a = 1,5", "m.toml:1:6 toml-syntax"},
      {"\"\" = 1", "m.toml:1:1 name-bad"},
      {"\"a\\nb\" = 1", "m.toml:1:1 name-bad"},
      {"\"a\\u202Eb\" = 1", "m.toml:1:1 text-direction"},
      {"[[r]]\nid = \"a\"\n[[r]]\nid = \"a\"", "m.toml:4:6 row-duplicate"},
      {"[[r]]\nid = \"a\\tb\"", "m.toml:2:6 name-bad"},
  }));
  INFO(text);
  Problems problems;
  tl::toml_of(text, problems);
  INFO(to_text(problems));
  CHECK(tl::places_and_codes(problems) == Strings{place});
}

TEST_CASE("all refused values of a file are told at once, and the rest is read") {
  Problems problems;
  const tl::Document document = tl::toml_of("a = nan\nb = 2\nc = 0x1\n[t.x]\nd = inf\ne = 5\n", problems);
  CHECK(tl::places_and_codes(problems) ==
        Strings{"m.toml:1:5 number-nan", "m.toml:3:5 number-base", "m.toml:5:5 number-nan"});
  CHECK(problems.sorted()[2].field == "t.x.d");
  CHECK(document.head.find("b")->number == 2.0);
  CHECK(document.find("t")->rows[0].find("e")->number == 5.0);
  CHECK(document.head.find("a")->refused);  // there, but told already
}

TEST_CASE("only tables of tables and lists of tables are rows") {
  Problems problems;
  const tl::Document document = tl::toml_of(
      "list = [1, 2]\nnone = []\nempty = {}\ninline = [{ id = \"a\" }, { id = \"b\" }]\n[mixed]\nx = 1\n[mixed.row]\ny "
      "= 2\n",
      problems);
  REQUIRE(document.tables.size() == 1);
  CHECK(tl::content(document.tables[0]) == "a:\nb:\n");
  REQUIRE(problems.empty());
  const tl::Table mixed = tl::table_from_cell("mixed", *document.head.find("mixed"), problems);
  CHECK(tl::places_and_codes(problems) == Strings{"m.toml:6:1 row-stray"});
  CHECK(tl::content(mixed) == "row: y=2\n");
  CHECK(tl::content(tl::cell_from_table(mixed)) == "{row = {y = 2}}");
}

TEST_CASE("a unit field speaks for value, low and high") {
  Problems problems;
  const tl::Document document =
      tl::toml_of("[parameters.los]\nvalue = 5\nlow = 4\nunit = \"d\"\nother = 3\n", problems);
  CHECK(tl::content(*document.find("parameters")) == "los: value=5 <d> low=4 <d> unit=\"d\" other=3\n");
}

TEST_CASE("a value of its own is read with the places of its cell") {
  Problems problems;
  const auto cell =
      tl::read_toml_value("{ kind = \"gamma\", mean = \"5 d\" }", {"t.csv", 7, 20}, "t.a.stay", {}, problems);
  REQUIRE(cell);
  CHECK(cell->at == tl::Place{"t.csv", 7, 20});
  CHECK(cell->find("mean")->at == tl::Place{"t.csv", 7, 45});
  CHECK_FALSE(tl::read_toml_value("[1, 2", {"t.csv", 7, 20}, "t.a.stay", {}, problems));
  CHECK_FALSE(tl::read_toml_value("1\nw = 2", {"t.csv", 8, 1}, "t.a.stay", {}, problems));
  const auto found = tl::places_and_codes(problems);
  REQUIRE(found.size() == 2);
  CHECK(found[0] == "t.csv:7:25 toml-syntax");
  CHECK(found[1] == "t.csv:8:1 csv-cell");
}

TEST_CASE("multi-line strings know where their text stands") {
  Problems problems;
  const tl::Document document = tl::toml_of("a = \"\"\"one\ntwo\"\"\"\nb = \"x\"", problems);
  CHECK(place_in(*document.head.find("a"), 1) == tl::Place{"m.toml", 1, 9});
  CHECK(place_in(*document.head.find("a"), 5) == tl::Place{"m.toml", 2, 2});
  CHECK(document.head.find("b")->text_offset == 1);
}
