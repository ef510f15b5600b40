#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "models/expression.hpp"
#include "tests/catch.hpp"

namespace {

const std::vector<std::pair<std::string, tl::Quantity>> kValues{
    {"los", {10.0, tl::kDuration, true}},       {"share_mh", {0.4, tl::kPlain, false}},
    {"bookings", {80.0, tl::kRate, true}},      {"beds", {25.0, tl::kPlain, false}},
    {"cost", {100.0, tl::kMoneyPerTime, true}}, {"none", {0.0, tl::kPlain, false}}};

std::optional<tl::Quantity> lookup(std::string_view id) {
  for (const auto& [name, value] : kValues)
    if (name == id) return value;
  return std::nullopt;
}

std::variant<tl::Quantity, tl::UnitFault> value_of(const std::string& text) {
  auto parsed = tl::parse_expression(text, [](std::string_view id) { return lookup(id).has_value(); });
  if (auto* bad = std::get_if<tl::UnitFault>(&parsed)) return *bad;
  return tl::evaluate(std::get<tl::Expression>(parsed), lookup);
}

}  // namespace

TEST_CASE("formulas are computed with their units") {
  const auto [text, value, dimension] = GENERATE(table<std::string, double, tl::Dimension>({
      {"2 * los + 3 d", 23.0, tl::kDuration},
      {"los", 10.0, tl::kDuration},
      {"los - 6 h", 9.75, tl::kDuration},
      {"bookings * share_mh", 32.0, tl::kRate},
      {"1 / los", 0.1, tl::kRate},
      {"7000 / y", 7000 / 365.25, tl::kRate},
      {"(3 + 4) per week", 1.0, tl::kRate},
      {"min(los, 2 w, 8 d)", 8.0, tl::kDuration},
      {"max( los , 2 w )", 14.0, tl::kDuration},
      {"min(beds, 1,250)", 1.0, tl::kPlain},  // a comma ends an argument
      {"max($1,250, $3)", 1250.0, tl::kMoney},
      {"2 min", 2.0 / 1440, tl::kDuration},
      {"20% * beds", 5.0, tl::kPlain},
      {"-los", -10.0, tl::kDuration},
      {"- - 3", 3.0, tl::kPlain},
      {"2 - -3", 5.0, tl::kPlain},
      {"10 - 4 - 3", 3.0, tl::kPlain},
      {"100 / 10 / 2", 5.0, tl::kPlain},
      {"2 + 3 * 4", 14.0, tl::kPlain},
      {"(2 + 3) * 4", 20.0, tl::kPlain},
      {"100 / beds", 4.0, tl::kPlain},       // the parameter, not the word for a thing
      {"100 / persons", 100.0, tl::kPlain},  // the word
      {"5 USD/person-year * los", 50.0 / 365.25, tl::kMoney},
      {"cost * 1 y / ($36,525 / mo)", 12.0 * 365.25 / 365.25 / 12.0 * 30.4375, tl::kDuration},
  }));
  INFO(text);
  const auto result = value_of(text);
  if (const auto* bad = std::get_if<tl::UnitFault>(&result)) FAIL(text + ": " + bad->what + " " + bad->why);
  CHECK(std::get<tl::Quantity>(result).value == Approx(value));
  CHECK(std::get<tl::Quantity>(result).dimension == dimension);
}

TEST_CASE("a formula that cannot be is refused where it goes wrong") {
  const auto [text, code, offset, part] = GENERATE(table<std::string, std::string, int, std::string>({
      {"", "formula-syntax", 0, "empty"},
      {"2 *", "formula-syntax", 3, "ends too early"},
      {"* 2", "formula-syntax", 0, "\"*\""},
      {"(2 + 3", "formula-syntax", 6, "closing bracket"},
      {"2 + 3)", "formula-syntax", 5, "\")\""},
      {"min(2, 3", "formula-syntax", 8, "closing bracket"},
      {"min()", "formula-syntax", 4, "\")\""},
      {"min 3", "formula-syntax", 0, "without a number"},
      {"los los", "formula-syntax", 4, "\"los\""},
      {"los * d", "formula-syntax", 6, "without a number"},
      {"2 ^ 3", "formula-syntax", 2, "\"^\""},
      {"los; drop", "formula-syntax", 3, "\";\""},
      {"14 dayz", "unit-unknown", 3, "\"dayz\""},
      {"2 + nan", "number-nan", 4, "\"nan\""},
      {"2 + 1e999", "number-size", 4, "1e999"},
      {"2 * 0x10", "number-base", 4, "0x10"},
      {"2 * 1,250", "number-comma", 4, "1,250"},
      {"max((1,250), 3)", "number-comma", 5, "1,250"},
      {"2 * -0", "number-bad", 4, "-0"},
      {"3 d - 1", "formula-units", 4, "a length of time"},
      {"los + bookings", "formula-units", 4, "a rate per time"},
      {"min(los, 3)", "formula-units", 0, "a plain number"},
      {"10 business d + 3 d", "formula-units", 14, "business days"},
      {"1 / none", "formula-value", 2, "divides by 0"},
      {"1e300 * 1e300", "formula-value", 6, "more than"},
  }));
  INFO(text);
  const auto result = value_of(text);
  REQUIRE(std::holds_alternative<tl::UnitFault>(result));
  const auto& fault = std::get<tl::UnitFault>(result);
  CHECK(fault.code.text() == code);
  CHECK(fault.offset == static_cast<std::size_t>(offset));
  CHECK_THAT(fault.what, Catch::Contains(part));
}

TEST_CASE("a quantity and the formula of the same text agree") {
  const std::string text =
      GENERATE("14 d", "7000 / y", "3 per week", "35%", "$1,250 / d", "10 business d", "12", "40 beds",
               "5 per 1000 births", "20 beds per 100k adults", "730.5 USD/person-year", "-2 d");
  INFO(text);
  const auto quantity = std::get<tl::Quantity>(tl::parse_quantity(text));
  const auto formula = std::get<tl::Quantity>(value_of(text));
  CHECK(quantity.value == Approx(formula.value).epsilon(1e-15));
  CHECK(quantity.dimension == formula.dimension);
  CHECK(quantity.has_unit == formula.has_unit);
}

TEST_CASE("the parameters a formula uses are named once, in order") {
  const auto parsed = tl::parse_expression("los * b + los / max(c, b)");
  CHECK(std::get<tl::Expression>(parsed).parameters() == std::vector<std::string>{"los", "b", "c"});
  CHECK(std::get<tl::Expression>(parsed).has_parameters());
  CHECK_FALSE(std::get<tl::Expression>(tl::parse_expression("3 d")).has_parameters());
}

TEST_CASE("nesting in a formula is limited, on both sides of the limit") {
  const auto nested = [](int brackets) {
    return std::string(static_cast<std::size_t>(brackets), '(') + "1" +
           std::string(static_cast<std::size_t>(brackets), ')');
  };
  CHECK(std::holds_alternative<tl::Quantity>(value_of(nested(63))));
  CHECK(std::holds_alternative<tl::UnitFault>(value_of(nested(64))));
  CHECK(std::holds_alternative<tl::UnitFault>(value_of(nested(1'000'000))));
  CHECK(std::holds_alternative<tl::UnitFault>(value_of(std::string(1'000'000, '-') + "1")));
  std::string sum = "1";
  for (int i = 0; i < 100'000; ++i) sum += "+1";
  CHECK(std::get<tl::Quantity>(value_of(sum)).value == 100'001.0);
}
