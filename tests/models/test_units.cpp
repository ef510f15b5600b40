#include <limits>
#include <string>
#include <tuple>
#include <variant>

#include "models/units.hpp"
#include "tests/catch.hpp"

using tl::Dimension;

namespace {

tl::Quantity good(const std::string& text) {
  INFO(text);
  const auto result = tl::parse_quantity(text);
  if (const auto* bad = std::get_if<tl::UnitFault>(&result)) FAIL(text + ": " + bad->what + " " + bad->why);
  return std::get<tl::Quantity>(result);
}

}  // namespace

TEST_CASE("quantities are read into days, dollars and plain numbers") {
  const auto [text, value, dimension] = GENERATE(table<std::string, double, Dimension>({
      {"14 d", 14.0, tl::kDuration},
      {"14d", 14.0, tl::kDuration},
      {" 14  days ", 14.0, tl::kDuration},
      {"6 h", 0.25, tl::kDuration},
      {"48 h", 2.0, tl::kDuration},
      {"90 min", 0.0625, tl::kDuration},
      {"43200 s", 0.5, tl::kDuration},
      {"2 w", 14.0, tl::kDuration},
      {"3 mo", 91.3125, tl::kDuration},
      {"1.5 y", 547.875, tl::kDuration},
      {"-2 d", -2.0, tl::kDuration},
      {"+2 d", 2.0, tl::kDuration},
      {"7000 / y", 7000 / 365.25, tl::kRate},
      {"12/d", 12.0, tl::kRate},
      {"3 per week", 3.0 / 7.0, tl::kRate},
      {"5 persons / d", 5.0, tl::kRate},
      {"35%", 0.35, tl::kPlain},
      {"35 percent", 0.35, tl::kPlain},
      {"0.35", 0.35, tl::kPlain},
      {"1e-3", 0.001, tl::kPlain},
      {"40 beds", 40.0, tl::kPlain},
      {"5 per 1000 births", 0.005, tl::kPlain},
      {"20 beds per 100k adults", 0.0002, tl::kPlain},
      {"10 business d", 10.0, tl::kBusinessDays},
      {"10 business days", 10.0, tl::kBusinessDays},
      {"$1,250", 1250.0, tl::kMoney},
      {"$1,250,000.5", 1250000.5, tl::kMoney},
      {"1250 USD", 1250.0, tl::kMoney},
      {"$1,250 / d", 1250.0, tl::kMoneyPerTime},
      {"$ 365.25 per year", 1.0, tl::kMoneyPerTime},
      {"730.5 USD/person-year", 2.0, tl::kMoneyPerTime},
      {"3 d / month", 3.0 / 30.4375, tl::kPlain},
  }));
  INFO(text);
  CHECK(good(text).value == Approx(value).epsilon(1e-15));
  CHECK(good(text).dimension == dimension);
}

TEST_CASE("what a unit adds is exact where it can be") {
  CHECK(good("48 h").value == 2.0);
  CHECK(good("90 min").value == 0.0625);
  CHECK(good("35%").value == 0.35);
  CHECK(good("7%").value == 0.07);
  CHECK_FALSE(good("12").has_unit);
  CHECK(good("12 beds").has_unit);
}

TEST_CASE("a text that is no quantity is refused where it goes wrong, with a hint") {
  const auto [text, code, offset, hint] = GENERATE(table<std::string, std::string, int, std::string>({
      {"", "number-bad", 0, ""},
      {"abc", "number-bad", 0, ""},
      {"d", "number-bad", 0, ""},
      {"NaN", "number-nan", 0, ""},
      {"-inf", "number-nan", 0, ""},
      {"Infinity d", "number-nan", 0, ""},
      {"-0", "number-bad", 0, "\"0\""},
      {"-0.0 d", "number-bad", 0, "\"0\""},
      {"1e400", "number-size", 0, ""},
      {"1e-400", "number-size", 0, ""},
      {"1e-310", "number-size", 0, ""},
      {"1e308 y", "number-size", 0, ""},
      {"0x10", "number-base", 0, ""},
      {"0b1 d", "number-base", 0, ""},
      {"12345678901234567890", "number-digits", 0, "\"1.2345678901234567e+19\""},
      {"9007199254740993", "number-digits", 0, "\"9.007199254740992e+15\""},
      {"1,5 d", "number-comma", 0, "\"1.5\""},
      {"1,250", "number-comma", 0, "\"1250\""},
      {"1,250,000 d", "number-comma", 0, "\"1250000\""},
      {"1.250,5", "number-comma", 0, "one decimal point"},
      {"$12,50", "number-comma", 1, "\"12.50\""},
      {"1 250", "number-bad", 1, ""},
      {"1'250", "number-bad", 1, ""},
      {"1_000", "number-bad", 1, ""},
      {".5", "number-bad", 0, "\"0.5\""},
      {"5.", "number-bad", 0, ""},
      {"1.2.3", "number-bad", 0, ""},
      {"14 dasy", "unit-unknown", 3, "\"day"},
      {"5 m", "unit-unknown", 2, "\"min\""},
      {"14 d and more", "unit-unknown", 5, ""},
      {"7000 /", "unit-unknown", 6, ""},
      {"7000 / / y", "unit-unknown", 7, ""},
      {"14 \xC2\xB5s", "unit-unknown", 3, ""},
  }));
  INFO(text);
  const auto result = tl::parse_quantity(text);
  REQUIRE(std::holds_alternative<tl::UnitFault>(result));
  const auto& fault = std::get<tl::UnitFault>(result);
  CHECK(fault.code.text() == code);
  CHECK(fault.offset == static_cast<std::size_t>(offset));
  CHECK_FALSE(fault.what.empty());
  CHECK_FALSE(fault.why.empty());
  CHECK_THAT(fault.hint, Catch::Contains(hint));
}

TEST_CASE("the words planners use for units are understood") {
  const std::string unit =
      GENERATE("FTE", "FTE/bed", "FTE/chair", "USD", "USD/USD", "USD/bed", "USD/client-year", "USD/day", "USD/family",
               "USD/family-year", "USD/household", "USD/month", "USD/night", "USD/person-year", "USD/response",
               "USD/unit", "USD/unit-year", "USD/visit", "USD/year", "admissions/year", "beds", "beds/100k",
               "beds/100k adults", "births/year", "bookings", "bookings/quarter", "bookings/year", "business days",
               "calls/year", "cases/year", "centres", "chairs", "clients/FTE", "days", "days/month", "deaths/year",
               "facilities", "families", "families/FTE", "families/year", "fraction", "hazard ratio", "holds/year",
               "hours", "households", "languages", "minutes", "nights", "odds ratio", "patients/nurse", "patients/year",
               "per 1000 births", "per 1000 enrollees", "per person-year", "per year", "persons", "persons/bed-year",
               "persons/day", "persons/month", "persons/year", "placements", "places", "posts", "rate ratio", "ratio",
               "relative risk", "responses/shift", "risk ratio", "share", "share/hour", "sites", "slots", "teams",
               "units", "units/year", "visits", "visits/year", "years", "$", "$/d", "$ / person-year", "%");
  INFO(unit);
  CHECK(std::holds_alternative<tl::Unit>(tl::parse_unit(unit)));
}

TEST_CASE("units have the size and dimension their words say") {
  const auto [text, value, dimension] = GENERATE(table<std::string, double, Dimension>({
      {"persons/bed-year", 1 / 365.25, tl::kRate},
      {"bookings/quarter", 1 / 91.3125, tl::kRate},
      {"share/hour", 24.0, tl::kRate},
      {"USD/unit-year", 1 / 365.25, tl::kMoneyPerTime},
      {"$ / w", 1 / 7.0, tl::kMoneyPerTime},
      {"beds/100k", 1e-5, tl::kPlain},
      {"per 1000 births", 1e-3, tl::kPlain},
      {"business days", 1.0, tl::kBusinessDays},
      {"days/month", 12 / 365.25, tl::kPlain},
  }));
  INFO(text);
  const auto unit = std::get<tl::Unit>(tl::parse_unit(text));
  CHECK(unit.scale / unit.divisor == Approx(value).epsilon(1e-15));
  CHECK(unit.dimension == dimension);
}

TEST_CASE("a text that is no unit is refused") {
  const std::string text =
      GENERATE("", "/", "per", "dasy", "d/", "per per d", "0 births", "d/0", "???", "1e300 1e300", "d d$");
  INFO(text);
  CHECK(std::holds_alternative<tl::UnitFault>(tl::parse_unit(text)));
}

TEST_CASE("numbers and quantities are shown shortly and exactly") {
  CHECK(tl::shown(0.1) == "0.1");
  CHECK(tl::shown(1250000.0) == "1250000");
  CHECK(tl::shown(1e300) == "1e+300");
  CHECK(tl::shown(-2.5) == "-2.5");
  CHECK(tl::shown(std::numeric_limits<double>::quiet_NaN()) == "NaN");
  CHECK(tl::shown(14.0, tl::kDuration) == "14 d");
  CHECK(tl::shown(2.0, tl::kRate) == "2 / d");
  CHECK(tl::shown(2.0, tl::kMoneyPerTime) == "2 USD / d");
  CHECK(tl::shown(2.0, tl::kPlain) == "2");
  CHECK(tl::shown(2.0, {.time = -2, .money = 1}) == "2 USD / d^2");
  CHECK(tl::shown_duration(547.875) == "1.5 y");
  CHECK(tl::shown_duration(14.0) == "14 d");
  CHECK(tl::shown_duration(0.25) == "6 h");
  CHECK(tl::shown_duration(0.0) == "0 d");
  CHECK(tl::shown_duration(30.0 / 1440.0) == "30 min");
  CHECK(tl::shown_duration(-0.25) == "-6 h");
  CHECK(tl::name_of({.time = 1, .money = 1}) == "a quantity in USD d");
}

TEST_CASE("every example in a hint is a quantity of that dimension") {
  const Dimension dimension =
      GENERATE(tl::kPlain, tl::kDuration, tl::kRate, tl::kMoney, tl::kMoneyPerTime, tl::kBusinessDays);
  CHECK(good(tl::example_of(dimension)).dimension == dimension);
  CHECK(good(tl::shown(12.5, dimension)).dimension == dimension);  // what a message shows can be written back
}
