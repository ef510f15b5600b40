#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "tests/catch.hpp"
#include "tests/models/carrier_text.hpp"

using tl::Problems;
using tl::Range;
using Strings = std::vector<std::string>;

namespace {

tl::ParameterTable parameters_of(std::string_view csv, Problems& problems) {
  const tl::Table table = tl::csv_of(csv, problems, "parameters");
  return tl::read_parameters(&table, {}, problems);
}

tl::Cell cell_of(const std::string& text, const std::string& unit = "") {
  Problems problems;
  const std::string heading = unit.empty() ? "n" : "n [" + unit + "]";
  const tl::Table table = tl::csv_of("id," + heading + "\na,\"" + text + "\"\n", problems);
  REQUIRE(problems.empty());
  return *table.rows.at(0).find("n");
}

}  // namespace

TEST_CASE("parameters are read with unit, range, standing and origin") {
  Problems problems;
  const tl::ParameterTable table = parameters_of(
      "id,value,unit,low,high,kind,source,note,year\n"
      "jail_los,2,w,1,4,sourced,\"Board, 2020\",mean,2019\n"
      "share_mh,35,%,30,40,recalled,,,\n"
      "both,jail_los * share_mh,d,,,assumption,,,\n"
      "cost,1250,USD/day,,,,,,\n"
      "text_unit,3 mo,,,,,,,\n"
      "later,both + text_unit,days,,,,,,\n",
      problems);
  INFO(to_text(problems));
  REQUIRE(problems.empty());
  REQUIRE(table.all().size() == 6);
  const tl::Parameter* los = table.find("jail_los");
  REQUIRE(los != nullptr);
  CHECK(los->value == 14.0);
  CHECK(los->dimension == tl::kDuration);
  CHECK(*los->low == 7.0);
  CHECK(*los->high == 28.0);
  CHECK(los->kind == "sourced");
  CHECK(los->source == "Board, 2020");
  CHECK(los->note == "mean");
  CHECK(los->unit == "w");
  CHECK(los->unit_scale == 7.0);
  CHECK(los->at == tl::Place{"parameters.csv", 2, 1});
  CHECK(table.find("share_mh")->value == 0.35);
  CHECK(table.find("both")->value == Approx(4.9));
  CHECK(table.find("cost")->dimension == tl::kMoneyPerTime);
  CHECK(table.find("later")->value == Approx(4.9 + 91.3125));
  CHECK(table.origins_of("later") == Strings{"jail_los", "share_mh", "both", "text_unit"});
  CHECK(table.find("nobody") == nullptr);
  CHECK(table.nearest("jail_lso") == "jail_los");
}

TEST_CASE("parameters may stand in any order, and in TOML") {
  Problems problems;
  const tl::Document document =
      tl::toml_of("[parameters.b]\nvalue = \"2 * a\"\n[parameters.a]\nvalue = 5\nunit = \"d\"\nlow = 4\n", problems);
  const tl::ParameterTable table = tl::read_parameters(document.find("parameters"), {}, problems);
  CHECK(problems.empty());
  CHECK(table.find("b")->value == 10.0);
  CHECK(*table.find("a")->low == 4.0);
  CHECK(tl::read_parameters(nullptr, {}, problems).all().empty());
}

TEST_CASE("parameters that cannot be are refused where they stand") {
  const auto [rows, expected, part] = GENERATE(table<std::string, Strings, std::string>({
      {"a,1 + nosuch,,,,", {"parameters.csv:2:7 formula-unknown"}, "\"nosuch\""},
      {"los,1,d,,,\nb,2 * lso,d,,,", {"parameters.csv:3:7 formula-unknown"}, "Did you mean \"los\"?"},
      {"a,b,,,,\nb,c,,,,\nc,a,,,,", {"parameters.csv:2:3 parameter-cycle"}, "a -> b -> c -> a"},
      {"x,a,,,,\na,b,,,,\nb,a,,,,", {"parameters.csv:3:3 parameter-cycle"}, "a -> b -> a"},
      {"a,a + 1,,,,", {"parameters.csv:2:3 parameter-cycle"}, "a -> a"},
      {"a,b,,,,\nb,a,,,,\nc,e,,,,\ne,c,,,,",
       {"parameters.csv:2:3 parameter-cycle", "parameters.csv:4:3 parameter-cycle"},
       "c -> e -> c"},
      {"a,5,d,6,,", {"parameters.csv:2:7 parameter-range"}, "is 6 d, above the value 5 d"},
      {"a,5,d,,4,", {"parameters.csv:2:8 parameter-range"}, "is 4 d, below the value 5 d"},
      {"a,5,d,1 h,6 beds,", {"parameters.csv:2:11 unit-mismatch"}, "a plain number"},
      {"a,,d,,,", {"parameters.csv:2:1 parameter-value"}, "missing"},
      {"a,5,dasy,4,6,", {"parameters.csv:2:5 unit-unknown"}, "\"dasy\""},
      {"a,5 h,USD,,,", {"parameters.csv:2:3 unit-mismatch"}, "says an amount of money"},
      {"a,5,d,,,guess", {"parameters.csv:2:9 parameter-kind"}, "sourced, recalled or assumption"},
      {"a,5,d,,,source", {"parameters.csv:2:9 parameter-kind"}, "Did you mean \"sourced\"?"},
      {"day,5,d,,,", {"parameters.csv:2:1 parameter-id"}, "a unit has that name"},
      {"min,5,d,,,", {"parameters.csv:2:1 parameter-id"}, "a unit has that name"},
      {"a-b,5,d,,,", {"parameters.csv:2:1 parameter-id"}, "letters, digits and _"},
      {"7a,5,d,,,", {"parameters.csv:2:1 parameter-id"}, "letters, digits and _"},
      {",5,d,,,", {"parameters.csv:2:1 parameter-id"}, "parameters#1"},
      {"a,5,d,,,\na,6,d,,,", {"parameters.csv:3:1 row-duplicate"}, "first in parameters.csv:2"},
      {"a,5,d,,,\nb,a + 3,,,,", {"parameters.csv:3:5 formula-units"}, "a length of time and a plain number"},
      {"a,0,,,,\nb,1 / a,,,,", {"parameters.csv:3:5 formula-value"}, "divides by 0"},
      {"a,b * 2,,,,\nb,\"1,5\",,,,", {"parameters.csv:3:4 number-comma"}, "\"1.5\""},  // a's own is not told again
      {"a,TRUE,,,,", {"parameters.csv:2:3 number-kind"}, "true or false"},
      {"r,2,,,,\na,2 * r,d,,,", {"parameters.csv:3:3 unit-mismatch"}, "a plain number"},
  }));
  INFO(rows);
  Problems problems;
  parameters_of("id,value,unit,low,high,kind\n" + rows + "\n", problems);
  INFO(to_text(problems));
  CHECK(tl::places_and_codes(problems) == expected);
  CHECK_THAT(to_text(problems), Catch::Contains(part));
}

TEST_CASE("a chain and a circle of ten thousand parameters are read") {
  std::string chain = "id,value\np0,1\n", circle = "id,value\n";
  constexpr int n = 10'000;
  for (int i = 1; i < n; ++i) chain += "p" + std::to_string(i) + ",p" + std::to_string(i - 1) + " + 1\n";
  for (int i = 0; i < n; ++i) circle += "p" + std::to_string(i) + ",p" + std::to_string((i + 1) % n) + "\n";
  Problems problems;
  CHECK(parameters_of(chain, problems).find("p9999")->value == 10'000.0);
  CHECK(problems.empty());
  parameters_of(circle, problems);
  CHECK(tl::places_and_codes(problems) == Strings{"parameters.csv:2:4 parameter-cycle"});
}

TEST_CASE("other values carry through formulas, and a named parameter leaves its own") {
  Problems problems;
  const tl::ParameterTable table =
      parameters_of("id,value,unit\na,5,d\nb,2 * a,\nc,b + 1 d,\nr,1 / (a - 3 d),\n", problems);
  REQUIRE(problems.empty());
  CHECK(table.with_values({{"a", 7.0}}, problems).find("c")->value == 15.0);
  CHECK(table.with_values({{"a", 7.0}, {"b", 1.0}}, problems).find("c")->value == 2.0);
  CHECK(table.find("c")->value == 11.0);
  REQUIRE(problems.empty());
  const tl::ParameterTable broken = table.with_values({{"a", 3.0}}, problems);
  CHECK(broken.find("r") == nullptr);
  CHECK(broken.is_broken("r"));
  CHECK(tl::places_and_codes(problems) == Strings{"parameters.csv:5:1 formula-value"});
}

TEST_CASE("numbers of fields are read by unit, share and formula") {
  Problems problems;
  const tl::ParameterTable parameters =
      parameters_of("id,value,unit\nlos,10,d\nshare_mh,0.4,share\nbeds,25,beds\n", problems);
  const auto read = [&](const tl::Cell& cell, tl::Dimension due) {
    return read_number(cell, due, Range::any(), "t.a.n", parameters, problems);
  };
  CHECK(read(cell_of("14 d"), tl::kDuration)->value == 14.0);
  CHECK(read(cell_of("48", "h"), tl::kDuration)->value == 2.0);
  CHECK(read(cell_of("12 * 4", "h"), tl::kDuration)->value == 2.0);
  CHECK(read(cell_of("3 d", "h"), tl::kDuration)->value == 3.0);  // its own unit is heard
  CHECK(read(cell_of("2 * los", "h"), tl::kDuration)->value == 20.0);
  CHECK(read(cell_of("35%"), tl::kPlain)->value == 0.35);
  CHECK(read(cell_of("35", "%"), tl::kPlain)->value == 0.35);
  CHECK(read(cell_of("35%", "%"), tl::kPlain)->value == 0.35);
  CHECK(read(cell_of("40"), tl::kPlain)->value == 40.0);
  CHECK(read(cell_of("beds / 5"), tl::kPlain)->value == 5.0);
  CHECK(read(cell_of("7000 / y"), tl::kRate)->value == 7000 / 365.25);
  const auto both = read(cell_of("los * share_mh + los"), tl::kDuration);
  REQUIRE(both);
  CHECK(both->value == 14.0);
  CHECK(both->parameters == Strings{"los", "share_mh"});
  CHECK(both->at == tl::Place{"t.csv", 2, 3});
  CHECK_FALSE(std::signbit(read(cell_of("0 * -3"), tl::kPlain)->value));
  CHECK(read_quantity(cell_of("10 business d"), "t.a.n", parameters, problems)->dimension == tl::kBusinessDays);
  CHECK(read_count(cell_of("40 beds"), Range::any(), "t.a.n", parameters, problems)->value == 40.0);
  INFO(to_text(problems));
  CHECK(problems.empty());
}

TEST_CASE("a number that does not fit its field is refused with its place and a hint") {
  const auto [text, unit, due, place, part] =
      GENERATE(table<std::string, std::string, tl::Dimension, std::string, std::string>({
          {"14", "", tl::kDuration, "t.csv:2:3 unit-missing", "or put the unit in the heading"},
          {"14", "", tl::kMoneyPerTime, "t.csv:2:3 unit-missing", "\"$1,250 / d\""},
          {"2 * 7", "", tl::kDuration, "t.csv:2:3 unit-missing", "without a unit"},
          {"14 beds", "", tl::kDuration, "t.csv:2:3 unit-missing", "a length of time is due"},
          {"14 d", "", tl::kRate, "t.csv:2:3 unit-mismatch", "is a length of time (a rate per time is due)"},
          {"los", "", tl::kPlain, "t.csv:2:3 unit-mismatch", "is a length of time"},
          {"10 business d", "", tl::kDuration, "t.csv:2:3 unit-mismatch", "business days"},
          {"14", "USD", tl::kDuration, "t.csv:2:3 unit-mismatch", "an amount of money"},
          {"3 d", "USD", tl::kMoney, "t.csv:2:3 unit-mismatch", "\"USD\""},
          {"1,250 d", "", tl::kDuration, "t.csv:2:4 number-comma", "\"1250\""},
          {"2 * losd", "", tl::kDuration, "t.csv:2:8 formula-unknown", "Did you mean \"los\"?"},
          {"unlimitd", "", tl::kPlain, "t.csv:2:4 formula-unknown", "neither a number nor a parameter"},
          {"[1]", "", tl::kPlain, "t.csv:2:4 number-kind", "is a list"},
          {"los + bad", "", tl::kDuration, "", ""},  // told where the parameter stands, not again
      }));
  INFO(text << " [" << unit << ']');
  Problems problems, elsewhere;
  const tl::ParameterTable parameters = parameters_of("id,value,unit\nlos,10,d\nbad,oops,d\n", elsewhere);
  CHECK_FALSE(read_number(cell_of(text, unit), due, Range::any(), "t.a.n", parameters, problems));
  INFO(to_text(problems));
  CHECK(tl::places_and_codes(problems) == (place.empty() ? Strings{} : Strings{place}));
  CHECK_THAT(to_text(problems), Catch::Contains(part));
}

TEST_CASE("ranges hold on both sides, and refuse with what was meant") {
  struct Case {
    std::string text;
    Range range;
    bool good;
    std::string part;
  };
  const Case c = GENERATE(
      Case{"0", Range::above(0.0), false, "must be above 0"}, Case{"1e-9", Range::above(0.0), true, ""},
      Case{"0", Range::at_least(0.0), true, ""}, Case{"-3", Range::at_least(0.0), false, "Did you mean \"3\"?"},
      Case{"1", Range::share(), true, ""}, Case{"35", Range::share(), false, "Did you mean \"35%\"?"},
      Case{"101%", Range::share(), false, "at most 1"}, Case{"6", Range::between(0.0, 6.0), true, ""},
      Case{"6.5", Range::between(0.0, 6.0), false, "must be at least 0 and at most 6"},
      Case{"-1e308", Range::any(), true, ""});
  INFO(c.text);
  Problems problems;
  const auto number = read_number(cell_of(c.text), tl::kPlain, c.range, "t.a.n", {}, problems);
  CHECK(number.has_value() == c.good);
  CHECK(tl::places_and_codes(problems) == (c.good ? Strings{} : Strings{"t.csv:2:3 number-range"}));
  CHECK_THAT(to_text(problems), Catch::Contains(c.part));
  CHECK_FALSE(c.range.holds(std::numeric_limits<double>::quiet_NaN()));
  CHECK_FALSE(Range::any().holds(std::numeric_limits<double>::infinity()));
}

TEST_CASE("counts are whole") {
  Problems problems;
  CHECK(read_count(cell_of("3"), Range::any(), "t.a.n", {}, problems)->value == 3.0);
  CHECK_FALSE(read_count(cell_of("2.5"), Range::any(), "t.a.n", {}, problems));
  CHECK_FALSE(read_count(cell_of("-1"), Range::any(), "t.b.n", {}, problems));
  CHECK(problems.error_count() == 2);
  CHECK_THAT(to_text(problems), Catch::Contains("a whole number is due"));
}

// Row 24 of the reliability list: every form of a bad number, in every way a number can come in.
TEST_CASE("bad numbers are refused in every carrier and place") {
  const std::string form =
      GENERATE("nan", "inf", "-inf", "+nan", "-0", "-0.0", "1e400", "-1e400", "1e-400", "0x10", "0b11", "0o7",
               "12345678901234567890.5", "1,5", "1,250", "1.2.3", ".5", "5.", "1_0_", "--", "1e", "");
  const std::string way = GENERATE("toml", "toml text", "toml list", "toml text with unit", "csv", "csv with heading",
                                   "csv inline", "formula", "parameter", "low");
  INFO(form << " as " << way);
  Problems problems;
  const auto check_cell = [&](const tl::Cell* cell, tl::Dimension due) {
    if (cell == nullptr) return;  // refused where it was read
    const tl::Cell& one = cell->is_list() && !cell->items.empty() ? cell->items.back() : *cell;
    CHECK_FALSE(read_number(one, due, Range::any(), "f", {}, problems));
  };
  int line = 1;
  if (way == "toml") check_cell(tl::toml_of("x = " + form, problems).head.find("x"), tl::kPlain);
  if (way == "toml text") check_cell(tl::toml_of("x = \"" + form + '"', problems).head.find("x"), tl::kPlain);
  if (way == "toml list") {
    if (form.empty() || form == "1,5" || form == "1,250") return;  // in a list the comma parts two numbers
    const tl::Document document = tl::toml_of("x = [\"" + form + "\"]", problems);
    check_cell(document.head.find("x"), tl::kPlain);
  }
  if (way == "toml text with unit")
    check_cell(tl::toml_of("x = \"" + form + " d\"", problems).head.find("x"), tl::kDuration);
  if (way == "csv" || way == "csv with heading" || way == "csv inline" || way == "formula") {
    if (form.empty() && way.substr(0, 3) == "csv") return;  // an empty cell is an absent field
    line = 2;
    const std::string heading = way == "csv with heading" ? "n [d]" : "n";
    std::string text = way == "csv inline" ? "[" + form + "]" : way == "formula" ? "2 * (" + form + ")" : form;
    if (way == "csv inline" && form.substr(0, 2) == "1,") return;  // two numbers
    const tl::Table table = tl::csv_of("id," + heading + "\na,\"" + text + "\"\n", problems);
    check_cell(table.rows.at(0).find("n"), way == "csv with heading" ? tl::kDuration : tl::kPlain);
  }
  if (way == "parameter" || way == "low") {
    if (form.empty()) return;
    line = 2;
    const std::string row = way == "low" ? "a,5,\"" + form + '"' : "a,\"" + form + "\",";
    parameters_of("id,value,low\n" + row + "\n", problems);
  }
  REQUIRE(problems.has_errors());
  CHECK(problems.sorted()[0].at.line == line);
  CHECK(problems.sorted()[0].at.column >= 1);
  CHECK(problems.error_count() == 1);
}
