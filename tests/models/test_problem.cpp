#include <string>

#include "models/carrier_messages.hpp"
#include "models/problem.hpp"
#include "models/suggest.hpp"
#include "tests/catch.hpp"

namespace {

consteval tl::Code code(std::string_view text) {
  return tl::Code::in(tl::kCarrierMessages, text);
}

}  // namespace

TEST_CASE("a problem reads as file:line:column: field: what (why). hint") {
  tl::Problem problem{{"a.toml", 4, 18}, tl::Severity::error, code("number-range"),   "settings.psh.stay",
                      "is -3 d",         "must be above 0 d", "Did you mean \"3 d\"?"};
  CHECK(to_text(problem) == "a.toml:4:18: settings.psh.stay: is -3 d (must be above 0 d). Did you mean \"3 d\"?");
  problem.severity = tl::Severity::warning;
  problem.hint.clear();
  problem.why.clear();
  CHECK(to_text(problem) == "a.toml:4:18: warning: settings.psh.stay: is -3 d");
  problem.at = {"a.toml"};
  problem.severity = tl::Severity::note;
  problem.field.clear();
  CHECK(to_text(problem) == "a.toml: note: is -3 d");
}

TEST_CASE("a message is one line of visible text, whatever the names hold") {
  const tl::Problem problem{{"a\nb.toml", 1, 1},
                            tl::Severity::error,
                            code("name-bad"),
                            "x\x1b[31m",
                            "is \xE2\x80\xAE"
                            "evil\r",
                            "",
                            ""};
  CHECK(to_text(problem) == "a\\nb.toml:1:1: x\\x1b[31m: is \\xe2\\x80\\xaeevil\\r");
  CHECK(tl::in_quotes("caf\xC3\xA9") == "\"caf\xC3\xA9\"");
  const std::string cut = tl::in_quotes(std::string(79, 'x') + "\xC3\xA9 and more");
  CHECK(cut == '"' + std::string(79, 'x') + "...\"");  // never within a character
}

TEST_CASE("problems come by file as read, then line, then column; none twice") {
  tl::Problems problems;
  problems.file_read("model.toml");
  problems.file_read("a.csv");
  problems.error({"a.csv", 1, 9}, code("unit-unknown"), "", "one");
  problems.error({"model.toml", 30, 1}, code("unit-unknown"), "", "two");
  problems.error({"model.toml", 4, 7}, code("unit-unknown"), "", "three");
  problems.warning({"model.toml", 4, 2}, code("unit-unknown"), "", "four");
  problems.error({"model.toml", 4, 7}, code("unit-unknown"), "", "three");
  REQUIRE(problems.sorted().size() == 4);
  CHECK(problems.sorted()[0].what == "four");
  CHECK(problems.sorted()[1].what == "three");
  CHECK(problems.sorted()[2].what == "two");
  CHECK(problems.sorted()[3].what == "one");
  CHECK(problems.error_count() == 3);
}

TEST_CASE("beyond the limit problems are counted, and warnings do not hide errors") {
  tl::Problems problems{3};
  for (int i = 1; i <= 5; ++i) problems.warning({"a", i, 1}, code("unit-unknown"), "", "odd");
  CHECK_FALSE(problems.has_errors());
  CHECK(problems.left_out() == 2);
  for (int i = 1; i <= 4; ++i) problems.error({"a", i, 1}, code("unit-unknown"), "", "bad");
  CHECK(problems.error_count() == 4);
  CHECK(problems.sorted().size() == 6);
  CHECK_THAT(to_text(problems), Catch::Contains("and 3 more\n"));
}

TEST_CASE("a code stands once in the table of messages") {
  for (std::size_t i = 0; i < tl::kCarrierMessages.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) CHECK(tl::kCarrierMessages[i].code != tl::kCarrierMessages[j].code);
}

TEST_CASE("the nearest name is suggested when it is near enough") {
  CHECK(tl::edit_distance("shelter_noth", "shelter_north") == 1);
  CHECK(tl::edit_distance("pshs", "pssh") == 1);  // neighbours swapped
  CHECK(tl::edit_distance("Jail", "jail") == 0);
  CHECK(tl::edit_distance("", "abc") == 3);
  CHECK(tl::nearest_name("shelter_noth", {"jail", "shelter_south", "shelter_north"}) == "shelter_north");
  CHECK(tl::nearest_name("xyz", {"jail", "psh"}).empty());
  CHECK(tl::nearest_name("a", {"b"}).empty());
  CHECK(tl::did_you_mean("jial", {"jail"}) == "Did you mean \"jail\"?");
  CHECK(tl::did_you_mean(std::string(100000, 'x'), {std::string(100000, 'x')}).size() > 10);
}
