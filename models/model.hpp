#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/catalogue.hpp"
#include "models/problem.hpp"
#include "models/seldom.hpp"
#include "sim/model.hpp"

// The model as a planner means it: names resolved to row numbers, units gone (days, 1/day, shares as 0…1), everything
// checked. Made by read_model, turned into dense tables by compile. Conditions are still conditions here.
namespace tl {

/// Stands where a trait's row is due: the populations, as if they were values of a trait.
inline constexpr std::uint32_t kByPopulation = 0xffffffff;

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
  since_place,
  since_request,    ///< `setting`: since asking for it
  since_enrolment,  ///< `setting`: since enrolling in the program
  holds,            ///< values: rows of assessments
  mismatch          ///< values: 0 fits, 1 above, 2 below
};
/// `subject` is one of `values` (row numbers; levels as numbers; 0/1 for the flags), or none of them when `negated`;
/// for since_… : at least `least` days and under `below` days.
struct Clause {
  Subject subject{};
  std::uint32_t trait = 0;    ///< which trait, for Subject::trait
  std::uint32_t setting = 0;  ///< which setting, for since_request and since_enrolment
  std::vector<std::uint32_t> values;
  bool negated = false;
  double least = 0.0, below = std::numeric_limits<double>::infinity();
};
/// All clauses hold; an empty condition always holds.
struct Condition {
  std::vector<Clause> clauses;
  Place at;
};

/// From `days` (since the start of results; may be negative) on the base is `value`.
struct DatedValue {
  double days = 0.0;
  double value = 0.0;
};
/// One exception to a number: while `when` holds its value is `value`, or it is multiplied by `scale`.
struct Variation {
  Condition when;
  std::optional<double> value, scale;
  std::vector<DatedValue> dated = {};  ///< of levers with dates: what `value` or `scale` is from then on; ascending
};
struct SwitchedNumber;
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
  std::vector<SwitchedNumber> switched;  ///< what it is while a policy is open; at most one of each policy
};
/// A type of its own: see MixturePart.
struct SwitchedNumber {
  std::uint32_t policy = 0;  ///< row of Model::policies
  bool only_adds = false;    ///< the policy adds to it and does nothing else
  VaryingNumber number;      ///< without policies of its own
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
  discrete,
  generalised_pareto,
  poisson,
  empirical,  ///< `steps`: the sample, its shares equal
  hazard,     ///< `steps`: end of the step, chance of ending in it (the last is 1)
  mixture,    ///< `parts`
  quantiles   ///< `steps`: value, share below it
};
enum class RoundTo : std::uint8_t { none, down, up, nearest, random };
struct MixturePart;
/// A distribution whose parameters may vary. Which of the numbers are used depends on the shape: constant value;
/// exponential mean; uniform low, high; triangular low, mode, high; gamma mean, cv; erlang mean, stages; weibull
/// shape, scale; lognormal mean, sd (or mean, median; or mu, sigma); normal mean, sd; discrete values with shares.
struct VaryingDistribution {
  Shape shape{};
  std::optional<VaryingNumber> value, mean, sd, median, cv, low, mode, high, scale, shape_parameter, mu, sigma, stages;
  std::vector<std::pair<double, double>> steps;  ///< discrete: value, share (sum 1); see also Shape
  std::vector<MixturePart> parts;                ///< mixture
  bool absolute = false;                         ///< negative values lose their sign
  RoundTo rounding = RoundTo::none;
  std::optional<double> floor, shift, truncate_low, truncate_high;
  std::string path;
  Place at;
};
/// A type of its own: a pair would have to be complete within the type it is a part of.
struct MixturePart {
  double share = 0.0;  ///< of all, sum 1
  VaryingDistribution distribution;
};

enum class Verb : std::uint8_t { set, count, end, drop, enrol, request };
struct ActionSpec {
  Verb verb{};
  std::uint32_t trait = 0, value = 0;    ///< set
  std::uint32_t outcome = 0;             ///< count
  std::optional<std::uint32_t> setting;  ///< end, drop (none = every standing request), enrol, request (the goal)
  std::optional<std::uint32_t> request;  ///< request, drop: row of requests
  bool keep = false;                     ///< request: leaves a standing request that is there alone
  double share = 1.0;
  Condition when;
  Place at;
};

enum class Destination : std::uint8_t { setting, leave, stay, end, go_back };
enum class WaitIn : std::uint8_t { place, line, in_place };
struct HandoffSpec {
  Seldom<VaryingDistribution> delay;
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
  Seldom<VaryingDistribution> delay;     ///< discharge delay
  Seldom<HandoffSpec> handoff;           ///< overrides the departments' default
  std::optional<std::uint32_t> request;  ///< to a setting by this row of requests: its alternates and interims
  bool temporary = false;                ///< leaves a claim alone
  std::optional<Destination> no_claim;   ///< go_back without a claim: setting or leave; none = the same place again
  std::uint32_t no_claim_setting = 0, no_claim_reason = 0;
  Place at;
};

/// A setting accepted instead of the goal.
struct AlternateSpec {
  std::uint32_t setting = 0;
  double after_days = 0.0;
};
/// A request that says more than its goal: `request housing` where `housing` is its id.
struct RequestSpec {
  std::string id, track;
  std::uint32_t goal = 0;
  std::vector<AlternateSpec> alternates;
  std::vector<std::uint32_t> interims;
  std::optional<Condition> not_from;  ///< where it holds the client cannot take a unit up
  bool drop_while_away = false;       ///< instead of parking it
  std::vector<std::uint32_t> closes;  ///< rows of Model::tracks
  std::uint32_t track_row = 0;        ///< row of Model::tracks
  bool keep = false, temporary = false;
  Place at;
};

struct QueueSpec {
  std::vector<Condition> priority;  ///< first rule that holds gives the class; none holds = the last class
  std::optional<VaryingNumber> limit, limit_in_place;
  Seldom<VaryingDistribution> patience;
  Seldom<RouteSpec> on_refuse, on_renege;    ///< leave or move; default leave:refused, leave:gave_up
  double standard_days = 0.0;                ///< 0 = none
  std::uint32_t standard_business_days = 0;  ///< instead; 0 = none
  struct ScoreRule {
    VaryingNumber points;     ///< counts where its exceptions say; base 0 where `when` was given
    double per_days = 0.0;    ///< > 0: points for each so many days waited
    double after_days = 0.0;  ///< > 0: from this wait on
  };
  std::vector<ScoreRule> score;  ///< empty = not ordered by score
  double least_wait_days = 0.0;
  bool first_fit = false;
  Preempt preempt = Preempt::never;
  std::optional<std::uint32_t> preempted_to;  ///< an unlimited place; none = the line
  bool patience_pauses_in_interim = false, patience_pauses_away = false;
};
/// Windows of a week: hours from Monday 00:00. begins == ends: an instant.
struct WeekWindow {
  double begins = 0.0, ends = 0.0;
};
/// Part of the capacity in some hours of the week.
struct HoursShare {
  std::vector<WeekWindow> windows;
  double share = 1.0;
};
struct WhileInSpec {
  Condition when;
  WhileIn kind = WhileIn::keep;
  double after_days = 0.0;
};
struct SettingSpec {
  SettingWords words;
  bool is_program = false;
  std::uint32_t department = 0, domain = 0;  ///< rows of Model::departments, Model::domains
  std::optional<VaryingNumber> capacity;     ///< absent = unlimited
  Seldom<VaryingDistribution> stay;          ///< absent = until moved
  std::vector<RouteSpec> routes;             ///< in file order
  std::vector<ActionSpec> on_entry;
  QueueSpec queue;
  Seldom<VaryingDistribution> turnaround;
  double return_days = 0.0;                ///< 0 = returns not counted
  std::optional<VaryingNumber> takes;      ///< units a client needs
  std::optional<std::uint32_t> pool;       ///< row of Model::pools; capacity is then the most used of it
  std::vector<HoursShare> capacity_hours;  ///< outside of these all of the capacity
  Seldom<VaryingDistribution> hold;
  OnReturn on_return = OnReturn::resume;
  bool temporary = false;                      ///< whoever is admitted here keeps a claim on the place they came from
  std::vector<WeekWindow> admits, serves;      ///< empty = always
  Seldom<RouteSpec> cut_to;                    ///< on_cut = discharge
  bool to_running = false;                     ///< dated changes of the stay rescale stays that run
  std::vector<WhileInSpec> while_in;           ///< programs; the first that holds
  std::vector<std::uint32_t> requires_tokens;  ///< rows of assessments
  std::vector<std::uint32_t> accepts;          ///< departments whose assessments serve; empty = all
  bool one_after_another = false;              ///< missing assessments are asked for in turn
  bool staffed = false;                        ///< rows of Model::staffing limit it
  bool stopped = false;                        ///< a budget may stop its admissions
  Seldom<VaryingDistribution> time_to_start;   ///< an increase of capacity works this long after its date
  Provenance provenance;
  Place at;
};
/// Whether its units may run out.
inline bool is_limited(const SettingSpec& setting) {
  return setting.capacity.has_value() || setting.pool.has_value() || setting.staffed;
}
/// Whether clients may have to wait for it, be it only for their papers or its hours.
inline bool may_be_waited_for(const SettingSpec& setting) {
  return is_limited(setting) || setting.stopped || !setting.admits.empty() || !setting.requires_tokens.empty() ||
         setting.queue.least_wait_days > 0.0;
}
struct PoolSpec {
  std::string id, name;
  std::uint32_t department = 0;
  std::optional<VaryingNumber> capacity;
  std::vector<HoursShare> capacity_hours;
  Provenance provenance;
  Place at;
};
/// Who pays what part.
struct SplitSpec {
  std::vector<std::pair<std::uint32_t, double>> shares;  ///< row of Model::payers, share; sum 1
};
/// Hours that those employed can work on top of theirs.
struct OvertimeSpec {
  VaryingNumber up_to;  ///< as a share of theirs; no vary
  double pay = 1.5;     ///< for such an hour, in salaries of an hour
};
/// People from outside who hold posts that stay vacant.
struct AgencySpec {
  VaryingNumber up_to;               ///< [FTE], no vary
  double after_days = 0.0;           ///< vacancies as old as that
  std::optional<VaryingNumber> pay;  ///< [$] for an hour worked, no vary
};
/// Posts that open together.
struct TeamSpec {
  std::uint32_t of = 0;                          ///< posts
  std::uint32_t opens_at = 0, closes_under = 0;  ///< posts filled
};
/// People of one role who are hired, leave and are replaced (semantics 8).
struct StaffSpec {
  std::string id, name, role;
  std::uint32_t department = 0;
  VaryingNumber fte;  ///< no vary
  double hours_per_week = 40.0, leave = 0.0, training = 0.0;
  std::optional<VaryingNumber> salary;    ///< [dollars a year and FTE], no vary
  double benefits = 0.0;                  ///< on top, as a share of the salary
  SplitSpec split;                        ///< who pays the salaries, overtime and agency
  std::optional<VaryingNumber> turnover;  ///< [1/day], no vary
  Seldom<VaryingDistribution> time_to_hire;
  std::uint32_t hires_at_once = 0;        ///< 0 = no limit
  std::optional<double> vacant_at_start;  ///< share; none = as in the long run
  std::optional<OvertimeSpec> overtime;
  std::optional<AgencySpec> agency;
  std::optional<TeamSpec> team;
  StaffShare share = StaffShare::proportion;
  std::vector<std::string> order;  ///< ids of settings and pools
  Provenance provenance;
  Place at;
};
/// What a setting, or a pool of units, needs of a staff pool.
struct StaffingSpec {
  std::string id;
  std::uint32_t staff = 0;  ///< row of Model::staff
  bool is_pool = false;     ///< `target` is a row of Model::pools, not of settings
  std::uint32_t target = 0;
  VaryingNumber clients;               ///< of one FTE, or of each `posts`; no vary
  std::optional<VaryingNumber> posts;  ///< on duty for each so many clients; none = clients per FTE
  std::vector<WeekWindow> hours;       ///< of the posts; empty = always
  double standard_clients = 0.0;       ///< 0 = none stated
  bool limits = true;                  ///< whether units that the staff cannot carry stay empty
  Provenance provenance;
  Place at;
};
/// A paper that programs give and settings ask for.
struct AssessmentSpec {
  std::string id, name;
  std::vector<std::uint32_t> given_by;  ///< programs
  bool on_completion = true;
  double valid_days = 0.0;  ///< 0 = for ever
  Place at;
};
/// What a cost grows with. In the order of the words of `per`.
enum class CostPer : std::uint8_t {
  client_day,
  capacity_day,
  admission,
  year,
  event,
  outcome,
  once,
  staff_hour,
  metric
};
/// A row of `costs` or `incentives`.
struct CostSpec {
  std::string id, name;
  bool is_incentive = false;
  CostPer per{};
  std::optional<std::uint32_t> setting;  ///< row of settings, pools behind them
  std::uint32_t department = 0;
  std::uint32_t subject = 0;  ///< event (timers behind them), outcome or staff pool
  VaryingNumber amount;       ///< [$], of one unit of `per`
  double on_days = 0.0;       ///< once
  std::string metric, every;  ///< metric
  double target = 0.0;        ///< metric; NaN = the metric's own
  SplitSpec split;
  Provenance provenance;
  Place at;
};
/// How long a budget's amount is for. In the order of the words of `every`.
enum class BudgetEvery : std::uint8_t { month, quarter, year, once };
/// A row of `budgets`. Empty lists of what counts: all.
struct BudgetSpec {
  std::string id, name;
  VaryingNumber amount;  ///< [$] of a period, as it is when the period begins; no vary
  BudgetEvery every = BudgetEvery::year;
  int from_month = 1, from_day = 1;           ///< of a year
  std::vector<std::uint32_t> settings;        ///< whose costs count: rows of settings, pools behind them
  std::vector<std::uint32_t> departments;     ///< likewise
  std::vector<std::uint32_t> payers;          ///< whose shares count
  std::vector<std::string> costs;             ///< ids of cost items
  std::vector<std::uint32_t> stops_settings;  ///< nobody is admitted to them once it is spent
  std::vector<std::uint32_t> stops_policies;  ///< they do not open then
  double review_days = 1.0;
  Provenance provenance;
  Place at;
};
struct MoneySpec {
  double dollars_of = 0.0, discount = 0.0;  ///< as in Catalogue
  std::vector<PayerWords> payers;
  std::vector<CostSpec> costs;  ///< incentives behind them
  std::vector<BudgetSpec> budgets;
};
/// Where a timer or milestone starts.
struct StartSpec {
  StartKind kind = StartKind::arrival;
  std::uint32_t subject = 0;  ///< row of settings, or of events
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
  std::optional<VaryingNumber> scale_over_time;  ///< multiplies it: from levers with dates
  Seldom<VaryingDistribution> gap;
  std::vector<double> dates;  ///< days since the start of results
  Seldom<VaryingDistribution> batch;
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
  Seldom<VaryingDistribution> start_value;
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

struct TimerSpec {
  std::string id;
  StartSpec from;
  VaryingDistribution after;
  bool repeat = false;
  Condition holds;  ///< `while`
  std::vector<RouteSpec> routes;
  Provenance provenance;
  Place at;
};
struct MilestoneSpec {
  std::string id, name;
  StartSpec from;
  std::vector<std::uint32_t> settings;
  std::uint32_t needed = 1;
  double standard_days = 0.0;
  std::uint32_t standard_business_days = 0;  ///< instead; 0 = none
  std::vector<ActionSpec> actions;
  Place at;
};
/// One client of a census.
struct CensusRow {
  std::uint32_t place = 0;
  std::optional<double> elapsed_days;  ///< in the place; not known = as met in the middle of a long run
  std::optional<std::uint32_t> population;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> traits;
  std::optional<ActionSpec> waiting_for;  ///< a request
  double waited_days = 0.0;
  std::vector<std::uint32_t> enrolled;
  std::optional<std::uint32_t> number;  ///< its row where only some of the census are left; none = its place here
  Place at;
};

/// Default friction between departments; the most particular row that fits wins (both named, one named, within/across).
struct HandoffRow {
  std::optional<std::uint32_t> from, to;  ///< departments; none = any
  enum class Between : std::uint8_t { any, within, across } between = Between::any;
  HandoffSpec handoff;
};

/// While the measure is over (or under) the threshold at every review for that long.
struct PolicyTriggerSpec {
  bool over = true;
  double threshold = 0.0;
  double hold_days = 0.0;
};
/// A day of any year; the 29th of February is the 28th where there is none.
struct DayOfYear {
  int month = 1, day = 1;
};
/// A rule that acts on the state of the system; what it changes is in the numbers it switches.
struct PolicySpec {
  std::string id, name, about;
  bool is_on = true;
  std::optional<PolicyMeasure> measure;  ///< none: it is open throughout its season
  std::vector<std::uint32_t> settings;   ///< rows of settings, pools behind them
  double waited_days = 0.0;              ///< of waiting_over
  std::optional<PolicyTriggerSpec> opens, closes;
  double review_days = 1.0, lead_days = 0.0, closing_days = 0.0;
  std::optional<std::pair<DayOfYear, DayOfYear>> season;  ///< first and last day
  std::vector<std::string> changes;                       ///< in words
  Provenance provenance;
  Place at;
};

/// How the parts of whole numbers are rounded: up from this fraction on, but for those named that have just it.
struct RoundingCut {
  double from = 0.5;
  std::vector<std::string> down;
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
  double population_scale = 1.0;  ///< part of the population that is run; all else here is as written
  Place population_at;
  RoundingCut capacity_cut, initial_cut;  ///< settled where population_scale is not 1
  std::vector<std::string> departments, department_names, domains, reasons, outcomes;
  std::vector<TraitSpec> traits;
  std::vector<PopulationSpec> populations;
  std::vector<SettingSpec> settings;  ///< settings[0] is `outside`
  std::vector<ArrivalSpec> arrivals;
  std::vector<InitialSpec> initial;
  std::vector<EventSpec> events;
  std::vector<HandoffRow> handoffs;
  std::vector<PoolSpec> pools;
  std::vector<StaffSpec> staff;
  std::vector<StaffingSpec> staffing;  ///< in file order
  std::vector<RequestSpec> requests;
  std::vector<std::string> tracks;  ///< the first is the default
  std::vector<AssessmentSpec> assessments;
  std::vector<TimerSpec> timers;
  std::vector<MilestoneSpec> milestones;
  std::vector<CensusRow> census;
  std::vector<PolicySpec> policies;
  std::vector<std::int64_t> holidays;                           ///< days since 1970-01-01
  std::vector<DayOfYear> yearly_holidays;                       ///< of every year
  std::vector<std::pair<std::string, std::uint32_t>> switched;  ///< numbers that policies change: path, policy
  Deadlock deadlock = Deadlock::swap;
  bool only_new_clients = false;      ///< cohort = arrived_in_window
  std::optional<std::uint32_t> need;  ///< the trait called need
  std::vector<ParameterWords> parameters;
  std::vector<MetricWords> metrics;
  std::vector<RatioWords> ratios;
  MoneySpec money;
  std::vector<std::string> by;         ///< traits that the model names: results are kept by them too
  std::vector<std::uint32_t> kept_by;  ///< rows of those and of the ones metrics name, each once
};

}  // namespace tl
