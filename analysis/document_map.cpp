#include <algorithm>
#include <cmath>

#include "analysis/document_parts.hpp"
#include "analysis/lane_map.hpp"
#include "analysis/measures.hpp"
#include "analysis/numbers.hpp"
#include "analysis/occupancy.hpp"

// The care network, laid out; and how full each setting is how much of the time.
namespace tl::report {
namespace {

bool is_idle(const ScenarioResults& scenario, const ResultScope& scope) {
  return scope.subject == "outside" &&
         make_row(scenario, nullptr, *find_measure("client_days"), scope, all_periods(scenario), 0.95).value.mean ==
             0.0;
}

/// A setting in one scenario.
struct BoxResults {
  Estimate census, occupancy, queue, returns;
  double capacity = 0.0;  ///< mean over the whole time, as capacities change at dates; infinity = unlimited
};

BoxResults results_of(const ScenarioResults& scenario, const std::string& setting, double confidence) {
  BoxResults results;
  const auto scope = find_scope(scenario.words, "setting", setting);
  const auto of = [&](const char* measure) {
    return scope ? make_row(scenario, nullptr, *find_measure(measure), *scope, all_periods(scenario), confidence).value
                 : estimate_of({}, confidence);
  };
  results.census = of("census_mean");
  results.occupancy = of("occupancy");
  results.queue = of("queue_mean");
  results.returns = of("returns_share");
  const Estimate capacity = of("capacity_mean");
  results.capacity = capacity.count == 0 ? INFINITY : capacity.mean;
  return results;
}

std::string label_of(const BoxResults& results) {
  if (results.census.count == 0) return "";
  return shown_short(results.census.mean) +
         (std::isfinite(results.capacity) ? " of " + shown_short(results.capacity) : "");
}

std::size_t department_row(const Catalogue& words, const SettingWords& setting) {
  const auto at = std::find(words.departments.begin(), words.departments.end(), setting.department);
  return static_cast<std::size_t>(at - words.departments.begin());
}

Json box_json(const Catalogue& words, const LaneBox& box, const std::vector<BoxResults>& by_scenario) {
  const SettingWords& setting = words.settings[box.setting];
  Json json{{"id", setting.id},
            {"name", setting.name.empty() ? setting.id : setting.name},
            {"lines", name_lines(setting.name.empty() ? setting.id : setting.name)},
            {"department", setting.department},
            {"colour", department_colour(department_row(words, setting))},
            {"program", setting.kind == "program"},
            {"level", setting.level},
            {"x", box.x},
            {"y", box.y},
            {"w", box.width},
            {"h", box.height},
            {"scenarios", Json::array()}};
  for (const BoxResults& results : by_scenario)
    json["scenarios"].push_back({{"label", label_of(results)},
                                 {"census", estimate(results.census)},
                                 {"capacity", number(results.capacity)},
                                 {"occupancy", estimate(results.occupancy)},
                                 {"queue", estimate(results.queue)},
                                 {"returns", estimate(results.returns)}});
  return json;
}

/// Moves a year between two settings in each scenario, as its own model expects them.
Json yearly(const StudyResults& study, const std::string& from, const std::string& to) {
  Json all = Json::array();
  for (const ScenarioResults& scenario : study.scenarios) {
    double per_day = 0.0;
    for (const Link& link : scenario.words.links)
      if (scenario.words.settings[link.from].id == from && scenario.words.settings[link.to].id == to)
        per_day += link.per_day;
    const double per_year = per_day * 365.25;
    all.push_back(number(per_year));
  }
  return all;
}

Json arrow_json(const StudyResults& study, const LaneArrow& arrow) {
  const Catalogue& words = study.scenarios.front().words;
  const SettingWords &from = words.settings[arrow.link.from], &to = words.settings[arrow.link.to];
  Json way = Json::array();
  for (const Stretch& stretch : arrow.way) way.push_back({stretch.x_from, stretch.x_to, stretch.y});
  return {{"from", from.id},
          {"to", to.id},
          {"width", arrow.width},
          {"bulge", arrow.bulge},
          {"back", to.level > from.level},  // to a more restrictive setting than the one left
          {"colour", department_colour(department_row(words, from))},
          {"way", std::move(way)},
          {"perYear", yearly(study, from.id, to.id)}};
}

}  // namespace

Json map_part(const StudyResults& study, double confidence) {
  const ScenarioResults& base = study.scenarios.front();
  if (base.words.settings.empty()) return {};
  std::vector<BoxNumbers> numbers(base.words.settings.size(), {std::nan(""), ""});
  std::vector<std::vector<BoxResults>> results(base.words.settings.size());
  for (const ResultScope& scope : scopes_of(base.words, "setting")) {
    auto& own = results[scope.rows.front()];
    for (const ScenarioResults& scenario : study.scenarios)
      own.push_back(results_of(scenario, scope.subject, confidence));
    numbers[scope.rows.front()] = {own.front().census.mean, label_of(own.front())};
  }
  const LaneLayout layout = lay_out(base.words, numbers);
  Json json{{"width", layout.width},          {"height", layout.height},      {"placesY", layout.places_y},
            {"programsY", layout.programs_y}, {"lanes", Json::array()},       {"boxes", Json::array()},
            {"arrows", Json::array()},        {"departments", Json::array()}, {"leftOut", layout.left_out}};
  json["leftOutShare"] = number(100.0 * layout.left_out_share, 1);
  for (const Lane& lane : layout.lanes)
    json["lanes"].push_back({{"level", lane.level}, {"x", lane.x}, {"width", lane.width}});
  for (const LaneBox& box : layout.boxes) json["boxes"].push_back(box_json(base.words, box, results[box.setting]));
  for (const LaneArrow& arrow : layout.arrows) json["arrows"].push_back(arrow_json(study, arrow));
  for (std::size_t i = 0; i < base.words.departments.size(); ++i)
    json["departments"].push_back(
        {{"id", base.words.departments[i]},
         {"name", i < base.words.department_names.size() ? base.words.department_names[i] : std::string{}},
         {"colour", department_colour(i)}});
  return json;
}

namespace {

/// Shares of the capacity at which the time is told [%]: closer where it matters.
std::vector<int> occupancy_steps() {
  std::vector<int> steps;
  for (int percent = 0; percent < 80; percent += 5) steps.push_back(percent);
  for (int percent = 80; percent <= 105; ++percent) steps.push_back(percent);
  for (int percent = 110; percent <= 130; percent += 5) steps.push_back(percent);
  return steps;
}

/// The share of the time at or above each step [%], up to the first with none; empty where it is not known.
Json occupancy_points(const ScenarioResults& scenario, const ResultScope& scope, double confidence) {
  std::vector<Estimate> estimates;  // all are asked for before any is looked at, so that one pass answers them
  for (const int percent : occupancy_steps()) {
    std::vector<double> found;
    for (const auto& value : scenario.replications.values(
             {"time at or above " + std::to_string(percent) + ' ' + scope.subject, Arrays::all,
              [scope, percent, &scenario](const ReplicationResult& run) {
                return time_at_or_above({scenario, run, scope, all_periods(scenario)}, percent / 100.0);
              }}))
      if (value) found.push_back(*value);
    estimates.push_back(estimate_of(found, confidence));
  }
  Json points = Json::array();
  for (const Estimate& one : estimates) {
    if (one.count == 0 || (!points.empty() && points.back()[0] == 0.0)) break;
    points.push_back(estimate(one));
  }
  return points;
}

}  // namespace

Json occupancy_part(const StudyResults& study, double confidence) {
  Json settings = Json::array();
  for (const ResultScope& scope : scopes_of(study.scenarios.front().words, "setting")) {
    if (is_idle(study.scenarios.front(), scope)) continue;
    Json one{{"id", scope.subject}, {"name", scope.name}, {"scenarios", Json::array()}};
    bool any = false;
    for (const ScenarioResults& scenario : study.scenarios) {
      const auto own = find_scope(scenario.words, "setting", scope.subject);
      const double capacity = own ? scenario.words.settings[own->rows.front()].capacity : std::nan("");
      Json points = own ? occupancy_points(scenario, *own, confidence) : Json::array();
      any = any || !points.empty();
      one["scenarios"].push_back(
          {{"capacity", number(capacity / scenario.words.population_scale)}, {"points", std::move(points)}});
    }
    if (any) settings.push_back(std::move(one));
  }
  if (settings.empty()) return {};
  return {{"steps", occupancy_steps()}, {"settings", std::move(settings)}};
}

}  // namespace tl::report
