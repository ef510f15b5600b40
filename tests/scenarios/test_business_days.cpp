#include <set>
#include <string>

#include "models/calendar_dates.hpp"
#include "models/read_model.hpp"
#include "sim/random.hpp"
#include "tests/catch.hpp"
#include "tests/scenarios/example.hpp"

// Standards in business days, against a count of days one by one.
namespace {

using namespace tl;
using namespace tl::testing;

Compiled compiled(const std::string& toml) {
  Problems problems;
  const auto model = read_model_text(toml, "model.toml", {}, problems);
  INFO(to_text(problems));
  REQUIRE(model);
  auto made = compile(*model, Limits{}, problems);
  REQUIRE(made);
  return std::move(*made);
}

/// The ward opens for one client on a day; who came on day 10/24 is in then.
std::string opening(const std::string& day, const std::string& more = "") {
  return R"(
[model]
start = "2025-12-19"
horizon = "30 d"
every = "30 d"
[calendar]
holidays = ["12-25", "2026-01-01"]
[settings.ward]
capacity = { base = 0, dated = [ { at = ")" +
         day + R"(", value = 1 } ] }
stay = "100 d"
next = "leave:done"
queue.standard = "5 business d"
[arrivals.door]
dates = ["10 h"]
to = "ward"
[milestones.in]
from = "arrival"
reach = ["ward"]
standard = "5 business d"
)" + more;
}

double within(const std::string& toml) {
  const Compiled made = compiled(toml);
  Simulation simulation{made.model};
  ReplicationResult result;
  simulation.run(1, 0, nullptr, result);
  CHECK(result.milestones[static_cast<std::size_t>(MilestoneSum::within_standard)] ==
        result.sum(0, 1, SettingSum::waits_within_standard));
  CHECK(result.sum(0, 1, SettingSum::waits) == 1.0);
  return result.sum(0, 1, SettingSum::waits_within_standard);
}

}  // namespace

// Asked on Friday 19 December 2025. Business days after it: 22, 23, 24, 26 and 29 December.
TEST_CASE("a wait is within five business days until the end of the fifth one after the request") {
  CHECK(within(opening("8 d")) == 1.0);    // Saturday 27: four
  CHECK(within(opening("10 d")) == 1.0);   // Monday 29, midnight
  CHECK(within(opening("263 h")) == 1.0);  // Monday 29, 23:00
  CHECK(within(opening("11 d")) == 0.0);   // Tuesday 30, midnight
  std::string open_on_christmas = opening("11 d");
  open_on_christmas.replace(open_on_christmas.find("\"12-25\", "), 9, "");
  CHECK(within(open_on_christmas) == 0.0);
  CHECK(within(opening("11 d", "[[holidays]]\ndate = \"2025-12-23\"\nname = \"Snow\"\n")) == 1.0);
  CHECK(within(opening("12 d", "[[holidays]]\ndate = \"2025-12-23\"\n")) == 0.0);
}

TEST_CASE("business days are counted as one by one, over weekends, holidays, New Year and leap days") {
  const RunKey key = run_key(5, 0);
  std::uint32_t ordinal = 0;
  const auto below = [&](std::uint32_t count) {
    return draw(key, {1, ordinal++, 0}, Purpose::process, 0, 0).w[0] % count;
  };
  for (int round = 0; round < 40; ++round) {
    const std::int64_t start = days_from_civil({2019 + static_cast<int>(below(10)), 1, 1}) + below(366);
    const int warmup = static_cast<int>(below(400));
    std::string holidays;
    std::set<std::int64_t> off;
    for (int i = 0; i < 20; ++i) {
      const std::int64_t day = start - 400 + below(1500);
      off.insert(day);
      holidays += "\"" + iso_date(civil_from_days(day)) + "\", ";
    }
    const Compiled made =
        compiled("[model]\nstart = \"" + iso_date(civil_from_days(start)) + "\"\nhorizon = \"1000 d\"\nwarmup = \"" +
                 std::to_string(warmup) + " d\"\n[calendar]\nholidays = [" + holidays +
                 "\"02-29\", \"07-04\"]\n[settings.ward]\ncapacity = 1\nstay = \"1 d\"\nnext = "
                 "\"leave:done\"\nqueue.standard = \"10 business d\"\n[arrivals.door]\nrate = \"1 / "
                 "d\"\nto = \"ward\"\n");
    const auto is_business = [&](std::int64_t day) {
      const CivilDate date = civil_from_days(day);
      return weekday_of(day) < 5 && !off.contains(day) && !(date.month == 2 && date.day == 29) &&
             !(date.month == 7 && date.day == 4);
    };
    for (int pair = 0; pair < 50; ++pair) {
      const std::int64_t span = (1000 + warmup) * kMicrosPerDay;
      const auto at = [&] {
        return static_cast<std::int64_t>(uniform32(draw(key, {2, ordinal++, 0}, Purpose::process, 0, 0).w[0]) *
                                         static_cast<double>(span));
      };
      std::int64_t from = at(), to = at();
      if (from > to) std::swap(from, to);
      if (pair % 3 == 0) to = std::min(span - 1, from + static_cast<std::int64_t>(below(20)) * kMicrosPerDay);
      std::uint32_t counted = 0;
      const std::int64_t first = start - warmup + from / kMicrosPerDay, last = start - warmup + to / kMicrosPerDay;
      for (std::int64_t day = first + 1; day <= last; ++day) counted += is_business(day) ? 1 : 0;
      CHECK(made.model.business_days.between(from, to) == counted);
    }
  }
}

TEST_CASE("what is wrong with holidays and business days is told") {
  const auto code_of = [](const std::string& text) {
    Problems problems;
    const auto model = read_model_text(text, "model.toml", {}, problems);
    for (const Problem& problem : problems.sorted())
      if (problem.severity == Severity::error) return std::string{problem.code.text()};
    return std::string{};
  };
  const auto with = [](const std::string& from, const std::string& to) {
    std::string text = opening("8 d");
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
    return text;
  };
  CHECK(code_of(with("5 business d", "2.5 business d")) == "business-whole");
  CHECK(code_of(with("12-25", "12-32")) == "date-bad");
  CHECK(code_of(with("12-25", "Christmas")) == "date-bad");
  CHECK(code_of(with("holidays =", "holydays =")) == "field-unknown");
  CHECK(code_of(opening("8 d", "[[holidays]]\nname = \"Snow\"\n")) == "field-missing");
  CHECK(code_of(with("100 d", "10 business d")) == "unit-mismatch");
}
