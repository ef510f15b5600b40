#pragma once
// Small typed models for tests of the compiler, built by hand.

#include <string>
#include <utility>
#include <vector>

#include "models/compile.hpp"
#include "models/model.hpp"

namespace tl::small {

inline VaryingNumber number(double base, std::string path = "test.number") {
  VaryingNumber made;
  made.base = base;
  made.path = std::move(path);
  return made;
}
inline VaryingDistribution exponential_stay(double mean) {
  VaryingDistribution made;
  made.shape = Shape::exponential;
  made.mean = number(mean);
  made.path = "test.stay";
  return made;
}
inline VaryingDistribution constant_stay(double days) {
  VaryingDistribution made;
  made.shape = Shape::constant;
  made.value = number(days);
  made.path = "test.stay";
  return made;
}
inline RouteSpec move_to(std::uint32_t setting, std::optional<double> share = std::nullopt,
                         WaitIn wait = WaitIn::in_place) {
  RouteSpec made;
  made.to = Destination::setting;
  made.setting = setting;
  made.wait = wait;
  if (share) made.share = number(*share, "test.share");
  return made;
}
inline RouteSpec leave(std::optional<double> share = std::nullopt, std::uint32_t reason = 0) {
  RouteSpec made;
  made.to = Destination::leave;
  made.reason = reason;
  if (share) made.share = number(*share, "test.share");
  return made;
}
inline SettingSpec place(std::string id) {
  SettingSpec made;
  made.words.id = std::move(id);
  made.at = {"test.toml", 1, 1};
  return made;
}
inline ArrivalSpec arrival(std::string id, double rate, std::vector<RouteSpec> routes) {
  ArrivalSpec made;
  made.id = std::move(id);
  made.rate = number(rate, "arrivals." + made.id + ".rate");
  made.routes = std::move(routes);
  return made;
}
/// `outside` only; one department, one domain, one reason; from 2020-01-01, a year, no warm-up.
inline Model blank() {
  Model made;
  made.name = "test";
  made.departments = {"dmh", "dhs"};
  made.department_names = {"DMH", "DHS"};
  made.domains = {"treatment", "community", "custody"};
  made.reasons = {"done"};
  made.settings.push_back(place("outside"));
  made.settings[0].domain = 1;
  return made;
}
/// One clinic: arrivals a day, mean stay, units.
inline Model clinic(double rate, double mean_stay, double units) {
  Model made = blank();
  SettingSpec one = place("clinic");
  one.capacity = number(units, "settings.clinic.capacity");
  one.stay = exponential_stay(mean_stay);
  one.routes = {leave()};
  made.settings.push_back(one);
  made.arrivals = {arrival("door", rate, {move_to(1, std::nullopt, WaitIn::line)})};
  return made;
}
inline Clause trait_is(std::uint32_t trait, std::vector<std::uint32_t> values, bool negated = false) {
  Clause made;
  made.subject = Subject::trait;
  made.trait = trait;
  made.values = std::move(values);
  made.negated = negated;
  return made;
}
inline Clause about(Subject subject, std::vector<std::uint32_t> values, bool negated = false) {
  Clause made;
  made.subject = subject;
  made.values = std::move(values);
  made.negated = negated;
  return made;
}
inline Condition when(std::vector<Clause> clauses) {
  return {std::move(clauses), {}};
}
inline Variation value_when(std::vector<Clause> clauses, double value) {
  return {when(std::move(clauses)), value, std::nullopt, {}};
}
inline Variation scale_when(std::vector<Clause> clauses, double scale) {
  return {when(std::move(clauses)), std::nullopt, scale, {}};
}

/// Whether some problem has the code.
inline bool has(const Problems& problems, std::string_view code) {
  for (const Problem& problem : problems.sorted())
    if (problem.code.text() == code) return true;
  return false;
}
inline std::string text_of(const Problems& problems) {
  return to_text(problems);
}

}  // namespace tl::small
