#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/catalogue.hpp"
#include "models/problem.hpp"

// The model as a planner means it: names resolved to row numbers, units gone (days, 1/day, shares as 0…1), everything
// checked. Made by read_model, turned into dense tables by compile. Conditions are still conditions here.
namespace tl {

/// What one clause of a condition looks at.
enum class Subject : std::uint8_t {
  trait,
  population,
  place,
  domain,
  department,
  level,
  enrolled,
  waiting_for,
  stay_over,
  in_handoff,
  since_entry,
  since_place
};
/// `subject` is one of `values` (row numbers; levels as numbers; 0/1 for the flags), or none of them when `negated`;
/// for since_… : at least `least` days and under `below` days.
struct Clause {
  Subject subject{};
  std::uint32_t trait = 0;  ///< which trait, for Subject::trait
  std::vector<std::uint32_t> values;
  bool negated = false;
  double least = 0.0, below = std::numeric_limits<double>::infinity();
};
/// All clauses hold; an empty condition always holds.
struct Condition {
  std::vector<Clause> clauses;
  Place at;
};

/// One exception to a number: while `when` holds its value is `value`, or it is multiplied by `scale`.
struct Variation {
  Condition when;
  std::optional<double> value, scale;
};
/// From `days` (since the start of results; may be negative) on the base is `value`.
struct DatedValue {
  double days = 0.0;
  double value = 0.0;
};
/// A number that may vary by condition and by date. Meaning: semantics 3. Among `vary`, every scale that holds
/// multiplies; of the values the first that holds replaces base and dated value.
struct VaryingNumber {
  double base = 0.0;
  std::vector<Variation> vary;
  std::vector<DatedValue> dated;  ///< ascending
  bool linear = false;            ///< between dates along a line (rates and capacities only)
  double every_days = 0.0;        ///< > 0: the dated values repeat after that long, counted from the start of results
  std::string path;               ///< "settings.psh.stay.mean"
  Place at;
};

enum class Shape : std::uint8_t {
  constant,
  exponential,
  uniform,
  triangular,
  gamma,
  erlang,
  weibull,
  lognormal,
  normal,
  discrete
};
enum class RoundTo : std::uint8_t { none, down, up, nearest, random };
/// A distribution whose parameters may vary. Which of the numbers are used depends on the shape: constant value;
/// exponential mean; uniform low, high; triangular low, mode, high; gamma mean, cv; erlang mean, stages; weibull
/// shape, scale; lognormal mean, sd (or mean, median; or mu, sigma); normal mean, sd; discrete values with shares.
struct VaryingDistribution {
  Shape shape{};
  std::optional<VaryingNumber> value, mean, sd, median, cv, low, mode, high, scale, shape_parameter, mu, sigma, stages;
  std::vector<std::pair<double, double>> steps;  ///< discrete: value, share (sum 1)
  RoundTo rounding = RoundTo::none;
  std::optional<double> floor, shift, truncate_low, truncate_high;
  std::string path;
  Place at;
};

enum class Verb : std::uint8_t { set, count, end, drop, enrol, request };
struct ActionSpec {
  Verb verb{};
  std::uint32_t trait = 0, value = 0;    ///< set
  std::uint32_t outcome = 0;             ///< count
  std::optional<std::uint32_t> setting;  ///< end, drop (none = every standing request), enrol, request
  bool keep = false;                     ///< request: leaves a standing request that is there alone
  double share = 1.0;
  Condition when;
  Place at;
};

enum class Destination : std::uint8_t { setting, leave, stay, end };
enum class WaitIn : std::uint8_t { place, line, in_place };
struct HandoffSpec {
  std::optional<VaryingDistribution> delay;
  std::optional<VaryingNumber> lost;  ///< share
  std::uint32_t lost_reason = 0;      ///< used when lost_setting is absent
  std::optional<std::uint32_t> lost_setting;
  std::optional<std::uint32_t> during;  ///< a named place; none = stays in the origin
  Place at;
};
struct RouteSpec {
  Destination to{};
  std::uint32_t setting = 0, reason = 0;
  std::optional<VaryingNumber> share;  ///< absent = takes the remainder ("otherwise")
  Condition when;
  std::vector<ActionSpec> actions;
  WaitIn wait = WaitIn::in_place;
  std::uint32_t wait_place = 0;
  std::optional<VaryingDistribution> delay;  ///< discharge delay
  std::optional<HandoffSpec> handoff;        ///< overrides the departments' default
  Place at;
};

struct QueueSpec {
  std::vector<Condition> priority;  ///< first rule that holds gives the class; none holds = the last class
  std::optional<VaryingNumber> limit, limit_in_place;
  std::optional<VaryingDistribution> patience;
  std::optional<RouteSpec> on_refuse, on_renege;  ///< leave or move; default leave:refused, leave:gave_up
  double standard_days = 0.0;                     ///< 0 = none
};
struct SettingSpec {
  SettingWords words;
  bool is_program = false;
  std::uint32_t department = 0, domain = 0;  ///< rows of Model::departments, Model::domains
  std::optional<VaryingNumber> capacity;     ///< absent = unlimited
  std::optional<VaryingDistribution> stay;   ///< absent = until moved
  std::vector<RouteSpec> routes;             ///< in file order
  std::vector<ActionSpec> on_entry;
  QueueSpec queue;
  std::optional<VaryingDistribution> turnaround;
  double return_days = 0.0;  ///< 0 = returns not counted
  Provenance provenance;
  Place at;
};

struct TraitSpec {
  std::string id;
  std::vector<std::string> values;
  Place at;
};
/// One line of a population's mix: with this share the client gets these values (several traits: a joint row).
struct MixRow {
  std::vector<std::uint32_t> traits, values;  ///< same length
  std::optional<double> share;                ///< absent = the remainder
  Condition when;                             ///< over other traits only
  Place at;
};
struct PopulationSpec {
  std::string id;
  std::vector<MixRow> mix;  ///< grouped by trait set, in drawing order (dependencies first)
  Place at;
};

struct ArrivalSpec {
  std::string id;
  std::optional<std::uint32_t> population;
  std::optional<VaryingNumber> rate;  ///< [1/day], no vary
  double growth_per_year = 0.0;       ///< 0.02: 2 % a year, compounding, from the start of results
  std::vector<double> months, weekdays,
      hours;           ///< factors (12, 7 Monday first, 24), empty = all 1; used as given, divided by their mean
  double scale = 1.0;  ///< from scenarios: adds or removes clients, shifts none
  std::optional<VaryingDistribution> gap;
  std::vector<double> dates;  ///< days since the start of results
  std::optional<VaryingDistribution> batch;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> traits;  ///< fixed trait values
  std::vector<RouteSpec> routes;  ///< entry: to, share, when, actions; wait defaults to line
  Provenance provenance;
  Place at;
};

enum class StartOfStay : std::uint8_t { residual, fresh, elapsed, remaining, share_of_stay };
struct InitialSpec {
  std::string id;
  std::uint32_t place = 0, count = 0;
  std::optional<std::uint32_t> population;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> traits;
  StartOfStay start = StartOfStay::residual;
  std::optional<VaryingDistribution> start_value;
  double least_days = 0.0, waited_days = 0.0;
  std::vector<ActionSpec> actions;
  Provenance provenance;
  Place at;
};

struct EventSpec {
  std::string id;
  VaryingNumber rate;  ///< [1/day]
  Condition when;      ///< outside it the rate is 0
  std::vector<RouteSpec> routes;
  Provenance provenance;
  Place at;
};

/// Default friction between departments; the most particular row that fits wins (both named, one named, within/across).
struct HandoffRow {
  std::optional<std::uint32_t> from, to;  ///< departments; none = any
  enum class Between : std::uint8_t { any, within, across } between = Between::any;
  HandoffSpec handoff;
};

struct Model {
  std::string name, about;
  int start_year = 2020, start_month = 1, start_day = 1;
  double warmup_days = 0.0, horizon_days = 365.25;
  std::string every = "month";  ///< reporting period: month, quarter, year, or days ("7 d")
  double every_days = 0.0;      ///< > 0 when given in days
  std::vector<double> observe_days;
  std::uint32_t replications = 20;
  std::uint64_t seed = 1;
  std::vector<std::string> departments, department_names, domains, reasons, outcomes;
  std::vector<TraitSpec> traits;
  std::vector<PopulationSpec> populations;
  std::vector<SettingSpec> settings;  ///< settings[0] is `outside`
  std::vector<ArrivalSpec> arrivals;
  std::vector<InitialSpec> initial;
  std::vector<EventSpec> events;
  std::vector<HandoffRow> handoffs;
  std::vector<ParameterWords> parameters;
  std::vector<MetricWords> metrics;
};

}  // namespace tl
