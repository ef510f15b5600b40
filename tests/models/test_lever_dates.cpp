#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "models/calendar_dates.hpp"
#include "models/dated_numbers.hpp"
#include "models/part_reader.hpp"
#include "models/read_model.hpp"
#include "models/table_reader.hpp"
#include "tests/catch.hpp"

// Only what levers with dates reach is read again for each of their strengths: at each instant the numbers must be
// those of levers without dates that have the strengths of that instant.
namespace {

using namespace tl;

struct Dated {
  const char* lever;
  CivilDate starts;
  double ramp = 0.0;  ///< [day]
};
constexpr double kStrength = 0.5;

Change set(const std::string& path, const std::string& text) {
  Change change{.kind = Change::Kind::set, .path = path, .value = {}, .at = {"study.toml", 1, 1}};
  change.value.text = text;
  return change;
}

std::string exact(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.17g", number);
  return text;
}

std::string date_text(const CivilDate& date) {
  const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return std::to_string(date.year) + '-' + two(date.month) + '-' + two(date.day);
}

Document rows_of(const char* folder, bool with_dates) {
  Problems problems;
  Document rows = read_document(std::filesystem::path{TL_SOURCE_DIR} / folder, Limits{}, problems);
  REQUIRE(problems.error_count() == 0);
  if (!with_dates)
    for (Row& row : rows.find("levers")->rows)
      std::erase_if(row.fields, [](const auto& field) { return field.first == "starts" || field.first == "ramp"; });
  return rows;
}

std::optional<Model> built(const ReadyModel& ready, const std::vector<Change>& changes) {
  Problems problems;
  auto model = ready.build(changes, problems);
  for (const Problem& problem : problems.sorted())
    if (problem.severity == Severity::error) UNSCOPED_INFO(to_text(problem));
  return model;
}

using Values = std::map<std::string, double>;

/// Numbers that levers reach, as they are at an instant.
Values values_at(const Model& model, double days) {
  Values values;
  const auto add = [&](const VaryingNumber& number) {
    values[number.path] = value_at(number, days);
    for (std::size_t i = 0; i < number.vary.size(); ++i)
      values[number.path + " vary " + std::to_string(i)] = value_at(number.vary[i], number.linear, days);
  };
  const auto add_length = [&](const auto& length) {
    if (!length) return;
    for (const auto* number : {&length->value, &length->mean, &length->sd, &length->median})
      if (*number) add(**number);
  };
  const auto add_handoff = [&](const HandoffSpec& handoff) {
    add_length(handoff.delay);
    if (handoff.lost) add(*handoff.lost);
  };
  for (const SettingSpec& setting : model.settings) {
    if (setting.capacity) add(*setting.capacity);
    add_length(setting.stay);
    for (const RouteSpec& route : setting.routes) {
      if (route.share) add(*route.share);
      if (route.handoff) add_handoff(*route.handoff);
    }
  }
  for (const auto& row : model.handoffs) add_handoff(row.handoff);
  for (const EventSpec& event : model.events) add(event.rate);
  for (const StaffSpec& staff : model.staff) add(staff.fte);
  for (const ArrivalSpec& arrival : model.arrivals) {
    if (arrival.rate) add(*arrival.rate);
    values["arrivals." + arrival.id + " scale"] =
        arrival.scale * (arrival.scale_over_time ? value_at(*arrival.scale_over_time, days) : 1.0);
  }
  return values;
}

void compare(const std::vector<Dated>& levers) {
  const Document with = rows_of("models/la-county", true), without = rows_of("models/la-county", false);
  Problems problems;
  const ReadyModel dated{with, {}, problems}, undated{without, {}, problems};
  std::vector<Change> changes;
  for (const Dated& lever : levers) {
    const std::string path = std::string{"levers."} + lever.lever;
    changes.push_back(set(path, "0.5"));
    changes.push_back(set(path + ".starts", date_text(lever.starts)));
    changes.push_back(set(path + ".ramp", std::to_string(lever.ramp) + " d"));
  }
  const auto along = built(dated, changes);
  REQUIRE(along);
  const CivilDate start{along->start_year, along->start_month, along->start_day};
  const auto begins = [&](const Dated& lever) {
    return static_cast<double>(days_from_civil(lever.starts) - days_from_civil(start));
  };
  // At the instants where some ramp is looked at, and where none has begun.
  std::vector<double> days{0.0};
  for (const Dated& lever : levers)
    for (const int step : {1, 5, 7, 12}) days.push_back(begins(lever) + lever.ramp * step / 12.0);
  std::size_t differing = 0;
  const Values at_first = values_at(*along, 0.0);
  for (const double day : days) {
    if (day >= along->horizon_days) continue;
    INFO("day " << day);
    std::vector<Change> strengths;
    for (const Dated& lever : levers) {
      const double part = std::clamp((day - begins(lever)) / lever.ramp, 0.0, 1.0);
      if (part > 0.0) strengths.push_back(set(std::string{"levers."} + lever.lever, exact(kStrength * part)));
    }
    const auto then = built(undated, strengths);
    REQUIRE(then);
    const Values due = values_at(*then, day), are = values_at(*along, day);
    REQUIRE(due.size() == are.size());
    for (const auto& [path, value] : due) {
      INFO(path);
      REQUIRE(are.contains(path));
      CHECK(std::abs(are.at(path) - value) <= 1e-9 * std::max(1.0, std::abs(value)));
      differing += are.at(path) != at_first.at(path) ? 1 : 0;
    }
  }
  CHECK(differing > 20);
}

}  // namespace

TEST_CASE("levers with dates have at each instant the numbers of levers without that are as strong") {
  compare({{"mobile_teams", {2021, 7, 1}, 730.0},
           {"jail_diversion", {2021, 1, 1}, 730.0},
           {"prevention", {2021, 1, 1}, 365.0},
           {"fsp_slots", {2021, 7, 1}, 365.0}});
}

TEST_CASE("levers that change handoffs and capacities together have dates too") {
  compare({{"warm_handoff", {2021, 3, 15}, 200.0},
           {"subacute_beds", {2021, 2, 1}, 90.0},
           {"crt_villages", {2021, 5, 1}, 120.0},
           {"supportive_housing", {2021, 1, 20}, 500.0},
           {"mobile_teams", {2021, 7, 1}, 365.0}});
}

TEST_CASE("while a policy is open, numbers that a lever changes from a date on are those of both") {
  // The policy changes one parameter, the lever another, and a third follows from both.
  const std::string text = R"(
[model]
start = "2025-01-01"
horizon = "1 y"
[parameters.wards]
value = 3
[parameters.beds]
value = 10
[parameters.all_beds]
value = "wards * beds"
[settings.ward]
capacity = "all_beds"
stay = { kind = "exponential", mean = "4 d" }
next = "leave:done"
[settings.annex]
capacity = 7
stay = "3 d"
next = "leave:done"
[arrivals.door]
rate = "2 / d"
to = "ward"
[levers.more_wards]
starts = "2025-03-02"
add = { "parameters.wards" = 2 }
[policies.surge]
when = { measure = "waiting", settings = ["ward"], over = 5 }
until = { under = 2 }
changes = [ { path = "parameters.beds", add = 4 } ]
)";
  Problems problems;
  const Document rows = read_toml_text(text, "model.toml", Limits{}, problems);
  const ReadyModel ready{rows, {}, problems};
  REQUIRE(problems.error_count() == 0);
  const auto model = built(ready, {set("levers.more_wards", "1")});
  REQUIRE(model);
  const VaryingNumber& capacity = *model->settings[1].capacity;
  REQUIRE(capacity.switched.size() == 1);
  const double day = static_cast<double>(days_from_civil({2025, 3, 2}) - days_from_civil({2025, 1, 1}));
  CHECK(value_at(capacity, day - 1.0) == 3 * 10);
  CHECK(value_at(capacity, day) == 5 * 10);
  CHECK(value_at(capacity.switched[0].number, day - 1.0) == 3 * 14);
  CHECK(value_at(capacity.switched[0].number, day) == 5 * 14);
  CHECK(model->settings[2].capacity->switched.empty());
}

TEST_CASE("only the rows that a lever with dates reaches are read again") {
  const std::string text = R"(
[model]
start = "2025-01-01"
horizon = "1 y"
[parameters.beds]
value = 10
[parameters.all_beds]
value = "3 * beds"
[settings.ward]
capacity = "all_beds"
stay = { kind = "exponential", mean = "4 d" }
[settings.annex]
capacity = 7
stay = "3 d"
[[routes]]
from = "ward"
to = "annex"
[[routes]]
from = "annex"
to = "leave:done"
[arrivals.door]
rate = "2 / d"
to = "ward"
)";
  using namespace tl::reading;
  Problems problems;
  const Document rows = read_toml_text(text, "model.toml", Limits{}, problems);
  const ParameterTable parameters = read_parameters(rows.find("parameters"), Limits{}, problems);
  Step step{.change = set("parameters.beds", "4"), .from = {}};
  step.change.kind = Change::Kind::add;
  step.dated = true;
  step.strength = 0.0;
  NumberLog log;
  const Limits limits;
  auto whole = read_whole({rows, parameters, limits}, {step}, &log, problems);
  REQUIRE(whole);
  PartReader part{{rows, parameters, limits}, {step}, *whole, log.entries()};
  CHECK(part.reads_a_part());
  std::set<std::size_t> felt;
  const auto logs = part.read({{0.0}, {0.5}}, felt, problems);
  REQUIRE(logs);
  CHECK(felt == std::set<std::size_t>{0});
  const auto of = [](const NumberLog& one, const std::string& path) {
    std::vector<double> values;
    for (const NumberLog::Entry& entry : one.entries())
      if (entry.number.path == path) values.push_back(entry.number.base);
    return values;
  };
  CHECK(of(logs->at(0), "settings.ward.capacity") == std::vector<double>{30.0});
  CHECK(of(logs->at(1), "settings.ward.capacity") == std::vector<double>{36.0});
  CHECK(of(logs->at(1), "settings.annex.capacity").empty());
  CHECK(of(logs->at(1), "arrivals.door.rate").empty());
  CHECK(of(log, "settings.annex.capacity") == std::vector<double>{7.0});
}
