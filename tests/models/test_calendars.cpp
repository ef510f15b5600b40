#include <string>
#include <utility>
#include <vector>

#include "sim/curve.hpp"
#include "tests/models/language_text.hpp"

// Windows of the week: read, turned to the run's start, and compiled into calendars, open time and capacities.
namespace {

using namespace tl;
using namespace tl::small;

std::string model_with(const std::string& fields, const std::string& head = "start = \"2025-01-01\"") {
  return "[model]\nhorizon = \"28 d\"\n" + head +
         "\n[calendars.office]\nwindows = \"mon-fri 08:00-17:00; sat 10:00-14:00\"\n"
         "[settings.clinic]\ncapacity = 10\nstay = \"1 d\"\n" +
         fields +
         "\n[[routes]]\nfrom = \"clinic\"\nto = \"leave:done\"\n[arrivals.door]\nrate = \"1 / d\"\nto = \"clinic\"\n";
}

/// Windows of the clinic's `admits` in hours of the run.
using Hours = std::vector<std::pair<double, double>>;
Hours admits_of(const CompiledModel& model) {
  const Calendar& calendar = model.calendars[model.more[1].admits.index()];
  CHECK(calendar.repeat == SimTime::from_days(7));
  Hours hours;
  for (std::uint32_t i = 0; i < calendar.window_count; ++i) {
    const Window& window = model.windows[calendar.first_window + i];
    hours.emplace_back(window.opens.days() * 24.0, window.closes.days() * 24.0);
  }
  return hours;
}
Hours admits(const std::string& text, const std::string& head = "start = \"2024-12-30\"") {
  return admits_of(compiled_from(model_with("admits = " + text, head)).model);
}

using Steps = std::vector<std::pair<double, std::int64_t>>;
Steps capacities(const CompiledModel& model, double until) {
  Steps found;
  for (const Patch& patch : model.patches)
    if (patch.kind == PatchKind::capacity && patch.at.days() < until) found.emplace_back(patch.at.days(), patch.value);
  return found;
}

}  // namespace

TEST_CASE("windows of the week are read in every form and joined") {
  // 2024-12-30 is a Monday.
  CHECK(admits("\"mon 09:00\"") == Hours{{9, 9}});
  CHECK(admits("\"tue 08:30-12:00; tue 10:00-13:00\"") == Hours{{32.5, 37}});
  CHECK(admits("[\"sat-sun\"]") == Hours{{120, 168}});
  CHECK(admits("\"mon,wed 9:00-24:00\"") == Hours{{9, 24}, {57, 72}});
  CHECK(admits("\"fri-mon\"") == Hours{{0, 24}, {96, 168}});
  CHECK(admits("\"sun 22:00-06:00\"") == Hours{{0, 6}, {166, 168}});
  CHECK(admits("\"office\"").size() == 6);
  CHECK(admits("\"office; sun 10:00\"").back() == std::pair{154.0, 154.0});
  CHECK(admits("\"mon 08:00-10:00; mon 09:00\"") == Hours{{8, 10}});
  CHECK(admits("\"daily 00:00\"").size() == 7);
}

TEST_CASE("calendars begin with the run, on whatever weekday, warm-up included") {
  // 2025-01-01 is a Wednesday.
  CHECK(admits("\"wed 09:00-17:00\"", "start = \"2025-01-01\"") == Hours{{9, 17}});
  CHECK(admits("\"tue\"", "start = \"2025-01-01\"") == Hours{{144, 168}});
  // The run begins 36 hours before: on Monday noon. The Monday is cut in two, and its morning comes last.
  CHECK(admits("\"mon\"", "start = \"2025-01-01\"\nwarmup = \"36 h\"") == Hours{{0, 12}, {156, 168}});
  CHECK(admits("\"mon 10:00-14:00\"", "start = \"2025-01-01\"\nwarmup = \"36 h\"") == Hours{{0, 2}, {166, 168}});
}

TEST_CASE("open time runs only while it is open") {
  const CompiledModel model =
      compiled_from(model_with("serves = \"mon-fri 08:00-16:00\"", "start = \"2025-01-01\"")).model;
  REQUIRE(model.settings[1].has_more);
  const CurveId open = model.more[1].serves;
  const auto hours = [&](double at) { return curve_integral(model, open, SimTime::from_days(at / 24.0)) * 24.0; };
  CHECK(hours(0) == 0.0);
  CHECK(hours(12) == Approx(4));
  CHECK(hours(24) == Approx(8));
  CHECK(hours(72) == Approx(24));          // Saturday 00:00
  CHECK(hours(5 * 24 + 8) == Approx(24));  // Monday 08:00
  CHECK(hours(7 * 24) == Approx(40));
  CHECK(hours(21 * 24 + 9) == Approx(121));
  // 69.6 hours: a week of 40, three days of 8, and 5.6 hours of the Monday.
  CHECK(curve_inverse(model, open, 2.9).days() == Approx(7 + 5 + 13.6 / 24.0));
  const CompiledModel at_once = compiled_from(model_with("serves = \"wed-thu\"", "start = \"2025-01-01\"")).model;
  CHECK(at_once.knots[at_once.curves[at_once.more[1].serves.index()].first_knot].rate == 1.0);
}

TEST_CASE("capacity by hours meets dated capacity, rounded down") {
  const CompiledModel model =
      compiled_from(model_with("capacity_hours = [\"sat-sun = 25%\", \"office = 0.5\"]\n"
                               "[[dated]]\nfield = \"settings.clinic.capacity\"\nat = \"9 d\"\nvalue = 7\n",
                               "start = \"2024-12-30\""))
          .model;
  CHECK(model.settings[1].capacity == 10);
  const Steps steps = capacities(model, 1.5);
  REQUIRE(steps.size() == 3);
  CHECK(steps[0] == std::pair{8.0 / 24.0, std::int64_t{5}});
  CHECK(steps[1] == std::pair{17.0 / 24.0, std::int64_t{10}});
  // Saturday stands in both: the first counts. 10 × 25 % is 2 units.
  bool is_weekend = false;
  for (const auto& [at, units] : capacities(model, 7.0)) is_weekend = is_weekend || (at == 5.0 && units == 2);
  CHECK(is_weekend);
  std::int64_t last = 10;
  for (const auto& [at, units] : capacities(model, 9.2)) last = units;
  CHECK(last == 7);  // the ninth day is a Wednesday, before eight
  for (const auto& [at, units] : capacities(model, 9.5)) last = units;
  CHECK(last == 3);
}

TEST_CASE("a model without calendars has none of their tables") {
  const CompiledModel model = compiled_from(model_with("")).model;
  CHECK(model.calendars.empty());
  CHECK_FALSE(model.settings[1].has_more);
}
