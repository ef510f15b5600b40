#include <filesystem>
#include <fstream>
#include <string>

#include "tests/models/language_text.hpp"

// A census with one row a client, and the two rules of the head.
namespace {

using namespace tl;
using namespace tl::small;

const std::string kModel = R"(
[model]
start = "2025-01-01"
[traits.smi]
values = ["no", "yes"]
[traits.age]
values = ["young", "old"]
[populations.people]
[[mix]]
population = "people"
trait = "smi"
value = "yes"
share = 0.3
[[mix]]
population = "people"
trait = "age"
value = "old"
share = 0.5
[settings.street]
capacity = "unlimited"
stay = "until_moved"
[settings.ward]
capacity = 10
stay = "60 d"
[settings.clinic]
kind = "program"
capacity = 5
stay = "90 d"
[settings.club]
kind = "program"
capacity = 5
stay = "until_moved"
[requests.fast]
goal = "ward"
alternates = ["street"]
[[routes]]
from = "ward"
to = "leave:done"
[[routes]]
from = "clinic"
to = "end"
)";

const std::string kRows = R"(
[[census]]
place = "ward"
since = "2024-12-22"
population = "people"
traits = "smi=yes"
enrolled = ["clinic", "club"]
[[census]]
place = "street"
since = "200 d"
waiting_for = "ward"
waiting_since = "2024-12-02"
trait = { smi = "no", age = "old" }
population = "people"
[[census]]
place = "street"
waiting_for = "fast"
population = "people"
[[census]]
place = "street"
since = "3 d"
waiting_for = "ward"
population = "people"
)";

const Action& action(const CompiledModel& model, const InitialGroup& group, std::uint32_t at) {
  REQUIRE(at < group.actions.count);
  return model.actions[group.actions.first + at];
}

}  // namespace

TEST_CASE("each row of a census is a group of one with its own key") {
  const CompiledModel model = compiled_from(kModel + kRows).model;
  REQUIRE(model.initial.size() == 4);
  for (std::uint32_t row = 0; row < 4; ++row) {
    CHECK(model.initial[row].draw_id == model.initial[0].draw_id);
    CHECK(model.initial[row].first_ordinal == row);
    CHECK(model.initial[row].count == 1);
  }
  const InitialGroup& first = model.initial[0];
  CHECK(first.place == SettingId{2});
  CHECK(first.start_stay == StartStay::since);
  CHECK(first.least_days == 10.0);
  CHECK(first.draws.count == 1);  // the age only: smi is given
  CHECK((first.traits & 1U) == 1U);
  CHECK(action(model, first, 0).kind == ActionKind::enrol);
  CHECK(action(model, first, 1).setting == SettingId{4});
  CHECK(model.initial[2].start_stay == StartStay::residual);
}

TEST_CASE("a census says what is waited for, since when, and by which request") {
  const CompiledModel model = compiled_from(kModel + kRows).model;
  const InitialGroup& second = model.initial[1];
  CHECK(second.waited == SimTime::from_days(30));
  CHECK(second.least_days == 200.0);
  CHECK(second.draws.count == 0);
  CHECK(action(model, second, 0).kind == ActionKind::request);
  CHECK(action(model, second, 0).setting == SettingId{2});
  CHECK_FALSE(action(model, second, 0).terms.exists());
  CHECK(action(model, model.initial[2], 0).terms.exists());
  // Rows alike share their lists.
  CHECK(model.initial[3].actions.first == second.actions.first);
  CHECK(model.initial[3].waited == SimTime{});
  CHECK(model.initial[3].draws.first == model.initial[2].draws.first);
}

TEST_CASE("a census in CSV reads as in TOML, with a column for each trait") {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / "throughline_census_test";
  fs::remove_all(folder);
  fs::create_directories(folder);
  std::ofstream{folder / "model.toml"} << kModel;
  std::ofstream{folder / "census.csv"}
      << "place,since,waiting_for,waiting_since,trait.smi,trait.age,enrolled,population\n"
         "ward,2024-12-22,,,yes,,clinic|club,people\n"
         "street,200 d,ward,2024-12-02,no,old,,people\n"
         "street,,fast,,,,,people\n"
         "street,3 d,ward,,,,,people\n";
  Problems problems;
  const auto model = read_model(folder, {}, problems);
  INFO(to_text(problems));
  REQUIRE(model);
  const auto made = compile(*model, Limits{}, problems);
  REQUIRE(made);
  const CompiledModel other = compiled_from(kModel + kRows).model;
  REQUIRE(made->model.initial.size() == other.initial.size());
  for (std::size_t row = 0; row < other.initial.size(); ++row) {
    const InitialGroup &a = made->model.initial[row], &b = other.initial[row];
    INFO(row);
    CHECK(a.place == b.place);
    CHECK(a.start_stay == b.start_stay);
    CHECK(a.least_days == b.least_days);
    CHECK(a.waited == b.waited);
    CHECK(a.traits == b.traits);
    CHECK(a.actions.first == b.actions.first);
    CHECK(a.draws.first == b.draws.first);
  }
  fs::remove_all(folder);
}

TEST_CASE("clients of a census are clients: settings they are in or ask for are reached") {
  const std::string told = problems_of(kModel + kRows);
  CHECK(told.find("reached by nobody") == std::string::npos);
  CHECK(told.find("nobody ever comes") == std::string::npos);
  CHECK(problems_of(kModel).find("nobody ever comes") != std::string::npos);
}

TEST_CASE("the head says whose results count and what becomes of a knot") {
  CHECK_FALSE(compiled_from(kModel + kRows).model.only_new_clients);
  CHECK(compiled_from(kModel + kRows).model.deadlock == Deadlock::swap);
  std::string text = kModel + kRows;
  text.replace(text.find("[model]"), 7, "[model]\ncohort = \"arrived_in_window\"\ndeadlock = \"report\"");
  const CompiledModel model = compiled_from(text).model;
  CHECK(model.only_new_clients);
  CHECK(model.deadlock == Deadlock::report);
}
