#pragma once
#include <cstdint>
#include <vector>

#include "sim/budgets.hpp"
#include "sim/distribution.hpp"
#include "sim/groups.hpp"
#include "sim/ids.hpp"
#include "sim/money.hpp"
#include "sim/policies.hpp"
#include "sim/sim_time.hpp"
#include "sim/staff.hpp"

// What one replication runs on: ids and dense tables. No string, file, unit or condition is left in it; the names
// stand beside it in models/catalogue.hpp. Rates are per day, lengths in days, unless a type says otherwise.
namespace tl {

/// One thing about a client that a number may depend on; it takes the values 0 … count-1.
/// (StateDimension and StateTable, because tl::Dimension is of units and tl::Table of rows: see models/units.hpp,
/// rows.hpp.)
enum class DimensionKind : std::uint8_t {
  trait,        ///< bits [shift, shift+bits) of the client's trait word (population is kept there too where it matters)
  place_class,  ///< place_classes[first + index of the client's place]: places told apart only as far as needed
  enrolled,     ///< 1 while enrolled in program `first`
  waiting_for,  ///< 1 while a request for setting `first` is open
  stay_over,    ///< 1 while the stay is over and the client waits in place
  in_handoff,   ///< 1 between a grant and the end of its handoff
  since_entry,  ///< steps passed since the client entered the model: cut points (days) steps[first … first+count-1)
  since_place,  ///< likewise since entering the present place
  since_request,    ///< likewise since asking for setting `subject`; 0 where no such request is open
  since_enrolment,  ///< likewise since enrolling in program `subject`; 0 where the client is not enrolled
  holds,            ///< 1 while the client has a valid token of those in the bit mask `first`
  mismatch,         ///< the place's level against the client's need: 0 fits, 1 above it, 2 below it
};
/// Whether the value changes by the passing of time alone.
constexpr bool is_of_time(DimensionKind kind) {
  return kind == DimensionKind::since_entry || kind == DimensionKind::since_place ||
         kind == DimensionKind::since_request || kind == DimensionKind::since_enrolment;
}
struct StateDimension {
  DimensionKind kind{};
  std::uint8_t shift = 0, bits = 0;
  std::uint32_t count = 1;  ///< number of values
  std::uint32_t first = 0;
  std::uint32_t subject = 0;
};

/// A dense table over some dimensions (row-major, the last fastest; none = a single cell).
/// A cell is an index into what the table's user names: distributions, choice lists, numbers.
struct StateTable {
  std::uint32_t first_dimension = 0, dimension_count = 0, first_cell = 0, cell_count = 1;
};

/// One way to go on: taken when the 32-bit draw is below `below`; the last of a list takes what remains.
struct Choice {
  std::uint32_t below = 0xffffffffU;
  RouteId route;
};
struct ChoiceList {
  std::uint32_t first = 0, count = 0;
};

enum class ActionKind : std::uint8_t { set_trait, count_outcome, end_program, drop_request, enrol, request };
/// Done in order; `chance` (table of numbers 0…1, none = always) also carries the action's condition.
struct Action {
  ActionKind kind{};
  bool keep = false;                 ///< request: leave a standing request that is already there alone
  std::uint8_t shift = 0, bits = 0;  ///< set_trait
  std::uint32_t value = 0;           ///< set_trait: the new value
  SettingId setting;                 ///< end_program, enrol, request, drop_request (none = all standing requests)
  std::uint8_t track = 0xff;         ///< drop_request: only on this track; 0xff = any
  TermsId terms;                     ///< request: more than a goal; none = the goal alone, on track 0
  OutcomeId outcome;
  TableId chance;
  std::uint32_t draw_id = 0;  ///< names the chance draw
};
struct ActionList {
  std::uint32_t first = 0, count = 0;
};

enum class RouteKind : std::uint8_t {
  move,        ///< to a place: a transfer; or from a program to a program: a request
  leave,       ///< out of the model, counted by reason
  stay_again,  ///< a new stay in the same setting
  end,         ///< a program's stay: the enrolment ends. An arrival or event: nothing but the actions
  go_back,  ///< to the place the client has a claim on; without one, `no_claim`, or a transfer to the place it was on
};
enum class Waiting : std::uint8_t { in_place, line, place };
struct Route {
  RouteKind kind = RouteKind::end;
  Waiting waiting = Waiting::in_place;
  SettingId goal;        ///< move
  SettingId wait_place;  ///< waiting == place: the unlimited place waited in
  ReasonId reason;       ///< leave
  ActionList actions;    ///< done before the move
  TableId delay;         ///< discharge delay (distributions), none = none
  HandoffId handoff;     ///< overrides the departments' default
  bool handoff_given = false;
  bool temporary = false;  ///< a move that leaves a claim alone
  RouteId no_claim;        ///< go_back: taken by those who have no claim any more; none = a transfer to the same place
  TermsId terms;           ///< move to a place: the transfer's alternates and interims; none = the goal alone
};

/// A setting accepted instead of a request's goal.
struct Option {
  SettingId setting;
  SimTime after;  ///< alternate: accepted from this wait on. Interims: 0
};
enum class WhileAway : std::uint8_t { park, drop };
/// What a request asks for beyond its goal (semantics 4).
struct RequestTerms {
  SettingId goal;
  std::uint8_t track = 0;   ///< of standing requests, 0 … 3
  std::uint8_t closes = 0;  ///< bit mask of the tracks closed when this one is granted
  WhileAway while_away = WhileAway::park;
  bool temporary = false;  ///< an admission that leaves a claim alone
  TableId away;            ///< numbers: 1 where the client cannot take a unit up (`not_from`); none = never
  std::uint32_t first_option = 0, alternate_count = 0, interim_count = 0;  ///< in `options`: alternates, then interims
};

/// The friction of a move: a delay and a chance to be lost on the way.
struct Handoff {
  TableId delay;     ///< distributions; none = no delay
  TableId lost;      ///< numbers, 0…1; none = never
  RouteId lost_to;   ///< taken at the end of the delay by those lost; a leave or a move
  SettingId during;  ///< named place in which the client waits (origin freed at once); none = in the origin
};

enum class SettingKind : std::uint8_t {
  place,
  program,
  line,  ///< where those wait for a setting who wait nowhere else
  pool,  ///< units that several settings share: its census is the units in use, nobody is in it
};
inline constexpr std::int64_t kUnlimited = INT64_MAX;
struct Setting {
  SettingKind kind = SettingKind::place;
  std::uint32_t draw_id = 0;  ///< 28 bits, from the name: stays when other settings come and go
  std::uint32_t department = 0, domain = 0;
  std::uint32_t level = 0;             ///< 0 (own home) … 6 (locked)
  std::int64_t capacity = kUnlimited;  ///< at the run's start; later changes are patches
  TableId stay;                        ///< distributions; none = until moved
  TableId choices;                     ///< choice lists taken when a stay ends; none where stay is none
  ActionList on_entry;
  // queue
  TableId rank;                  ///< cells are the priority class itself, 0 first; none = one class
  std::uint32_t rank_count = 1;  ///< at most 255
  TableId limit;                 ///< numbers: those waiting outside beds at most; none = no limit
  TableId limit_in_place;        ///< likewise for those waiting in a bed
  RouteId on_refuse, on_renege;  ///< exist for a finite place whose clients may be refused or give up
  TableId patience;              ///< distributions; a constant of never() days or none = waits for ever
  TableId turnaround;            ///< distributions; none = none
  SettingId line;                ///< the line in which those wait who wait outside any other place
  SettingId line_of;             ///< for kind line
  SimTime return_window;  ///< an admission this soon after the client last left counts as a return; 0 = not counted
  SimTime wait_standard;  ///< waits up to this are counted as within the standard; 0 = none stated
  std::uint32_t standard_business_days = 0;  ///< or waits of at most so many business days; 0 = none stated
  bool has_more = false;                     ///< something in CompiledModel::more is in use for this setting
};

enum class Preempt : std::uint8_t {
  never,
  resume,    ///< the preempted go on later with what remained of their stay
  resample,  ///< … with a stay drawn anew
  restart,   ///< … with the same stay from its beginning
};
enum class OnReturn : std::uint8_t {
  resume,    ///< the stay goes on with what remained
  resample,  ///< a new stay is drawn
  run_on,    ///< the clock ran while the client was away
};
/// From this wait on the request's score is higher by `add`.
struct ScoreStep {
  SimTime after;
  double add = 0.0;
};
/// An assessment that a setting wants before it admits.
struct Requirement {
  std::uint32_t serves = 0;  ///< bit mask of the tokens of which one is enough
  SettingId ask;             ///< the program asked for where none is valid
};
/// A program gives a token.
struct TokenGrant {
  std::uint8_t token = 0;      ///< bit, 0 … 31: an assessment by a department
  bool on_completion = false;  ///< when the stay ends; otherwise on admission
  SimTime valid;               ///< how long it lasts; 0 = for ever
};
enum class WhileIn : std::uint8_t { keep, pause, end };
/// What an enrolment does while the client is in a certain place.
struct WhileInRule {
  WhileIn kind = WhileIn::keep;
  SimTime after;  ///< end: once the client has been there this long
};
/// What few settings have. Read only where Setting::has_more.
struct SettingMore {
  TableId takes;   ///< numbers: units one client needs, at least 1; none = 1
  SettingId pool;  ///< kind pool: the units come from it; `capacity` is then the most of them this setting may use
  bool first_fit = false;  ///< who fits may pass one who does not
  SimTime least_wait;      ///< no grant before a request is this old
  TableId score;           ///< numbers: the higher, the sooner; instead of Setting::rank
  double score_per_day = 0.0;
  std::uint32_t first_score_step = 0, score_step_count = 0;
  Preempt preempt = Preempt::never;  ///< whether a better rank may take a unit from a worse one
  SettingId preempted_to;            ///< an unlimited place; none = the line
  bool patience_pauses_in_interim = false, patience_pauses_away = false;
  bool keeps_claim = false;  ///< an event that moves a client out leaves a claim
  TableId hold;              ///< distributions: how long the unit is kept; none = no unit, and no end (unlimited place)
  OnReturn on_return = OnReturn::resume;
  CalendarId admits;  ///< none = always
  CurveId serves;     ///< integral of open time [day]; the stay's clock runs along it; none = always
  RouteId cut_to;     ///< the longest-staying leave by it when capacity falls below the census; none = nobody does
  bool occupants_known = false;  ///< who is in must be listed: preemption, cut_to, or stays rescaled while they run
  std::uint32_t first_requirement = 0, requirement_count = 0;
  bool one_after_another = false;                  ///< missing tokens are asked for in turn
  std::uint32_t first_grant = 0, grant_count = 0;  ///< tokens a program gives
  TableId while_in;                                ///< program: cells index while_in_rules; none = keep everywhere
};

/// An opening of a calendar, from its beginning; opens == closes: an instant.
struct Window {
  SimTime opens, closes;
};
/// Windows in order of time, repeated; the first repetition begins with the run.
struct Calendar {
  std::uint32_t first_window = 0, window_count = 0;
  SimTime repeat;
};

/// A rate over time, as its integral: pieces of constant or linearly changing rate. Beyond the last knot the last rate
/// goes on; with `repeat` > 0 the curve starts again after that length.
struct CurveKnot {
  SimTime at;
  double cumulative = 0.0;  ///< integral from the curve's start to `at` [expected number]
  double rate = 0.0;        ///< just after `at` [1/day]
  double slope = 0.0;       ///< [1/day²]
};
struct Curve {
  std::uint32_t first_knot = 0, knot_count = 0;
  SimTime repeat;  ///< 0 = never
};

/// A trait to draw for a newcomer: the cell of `table` is a list of cumulative 32-bit thresholds.
struct TraitDraw {
  std::uint32_t draw_id = 0;
  TableId table;  ///< cells index choice lists whose RouteId holds the row of trait_patterns
};
/// What a trait draw writes: the bits under the mask.
struct TraitPattern {
  std::uint64_t mask = 0, bits = 0;
};
struct TraitDrawList {
  std::uint32_t first = 0, count = 0;
};

struct ArrivalStream {
  std::uint32_t draw_id = 0;
  CurveId rate;              ///< Poisson; none where gap or dates are used
  CurveId scale;             ///< s(t) of the layers (a curve's rate, read at an instant); none = 1
  std::uint32_t layers = 1;  ///< candidates of layers 0 … layers-1
  TableId gap;               ///< distributions of the time to the next arrival (one cell, patched when dated); none
  std::uint32_t first_date = 0, date_count = 0;  ///< dates[...]: one arrival each
  DistributionId batch;                          ///< none = one client
  std::uint64_t traits = 0;                      ///< bits set for every newcomer before the draws
  TraitDrawList draws;
  TableId choices;  ///< where to and with which actions
};

enum class StartStay : std::uint8_t {
  residual,
  fresh,
  elapsed,
  remaining,
  share_of_stay,
  since,  ///< elapsed, and known: least_days
};
struct InitialGroup {
  std::uint32_t draw_id = 0;
  std::uint32_t first_ordinal = 0;  ///< of its clients' keys; the rows of one census are one group each
  std::uint32_t count = 0;
  SettingId place;
  StartStay start_stay = StartStay::residual;
  DistributionId start_value;  ///< elapsed, remaining, share_of_stay
  double least_days = 0.0;     ///< share_of_stay: at least this long; since: this long ago
  SimTime waited;              ///< requests made by the actions count as this old
  std::uint64_t traits = 0;
  TraitDrawList draws;
  ActionList actions;
};

/// Something that happens to a client at a rate while conditions hold.
struct EventType {
  std::uint32_t draw_id = 0;
  TableId hazard;   ///< numbers [1/day]; 0 where the conditions do not hold
  CurveId factor;   ///< dated factor on the hazard; none = 1
  TableId choices;  ///< what happens: routes with actions
};

/// Where a clock starts.
enum class StartKind : std::uint8_t { arrival, setting, event };
struct StartPoint {
  StartKind kind = StartKind::arrival;  ///< also for those there at the start
  std::uint32_t subject = 0;            ///< setting: entered or enrolled in; event: row of events
};
/// Something that happens a drawn time after a start. One runs at a time: a new start begins anew.
struct TimerType {
  std::uint32_t draw_id = 0;
  StartPoint from;
  TableId after;        ///< distributions
  bool repeat = false;  ///< begins again when it has rung
  TableId holds;        ///< numbers: cancelled when 0; none = never
  TableId choices;
};
/// Reached when enough of its settings were entered since the start; again only after another start.
struct MilestoneType {
  std::uint32_t draw_id = 0;
  StartPoint from;
  std::uint32_t first_setting = 0, setting_count = 0;  ///< in milestone_settings; at most 32
  std::uint32_t needed = 1;
  SimTime standard;                          ///< reached within this counts as within the standard; 0 = none stated
  std::uint32_t standard_business_days = 0;  ///< or within so many business days; 0 = none stated
  ActionList actions;
};

enum class PatchKind : std::uint8_t {
  capacity,
  cell,
  stay_scale,    ///< what remains of the stays running in the setting is multiplied; `value`: the factor's bits
  staff_budget,  ///< what a staff pool has; `value`: millionths of an FTE
  price,         ///< `index`: row of money.items; `value`: the bits of its new price
  // of what policies switch: `index` is a row of PolicyPart
  policy_off,    ///< a cell's content while the policy is closed
  policy_on,     ///< … while it is open
  policy_units,  ///< the units a setting has more
  policy_staff,  ///< the FTE a staff pool has more; `value`: millionths
};
/// A dated change, known before the run: at `at` the cell or the capacity takes the value.
struct Patch {
  SimTime at;
  PatchKind kind{};
  std::uint32_t index = 0;  ///< setting, cell, staff pool or cost item
  std::int64_t value = 0;   ///< capacity, or the cell's new content
};

enum class Deadlock : std::uint8_t { swap, report };

/// Business days since some day before the run, whatever happens in it; empty where no standard is in business days.
struct BusinessDays {
  SimTime origin;                      ///< the first civil day's beginning; may lie before the run
  std::vector<std::uint32_t> counted;  ///< by the end of each civil day from there on

  /// Those after the day of `from`, up to and including the day of `to`.
  std::uint32_t between(std::int64_t from, std::int64_t to) const {
    const auto by = [this](std::int64_t at) {
      const std::int64_t day = (at - origin.micros()) / kMicrosPerDay;
      return counted[static_cast<std::size_t>(day < 0                                           ? 0
                                              : day < static_cast<std::int64_t>(counted.size()) ? day
                                                                                                : counted.size() - 1)];
    };
    return by(to) - by(from);
  }
};

struct CompiledModel {
  SimTime start;                     ///< results begin here; the run begins at 0 (warm-up before it)
  SimTime end;                       ///< the run ends here
  std::vector<SimTime> period_ends;  ///< ends of the reporting periods after `start`, the last is `end`
  std::vector<SimTime> observe;      ///< instants at which the state just before is kept

  std::vector<Setting> settings;  ///< in file order, then pools, lines last; settings[0] is `outside`
  std::vector<SettingMore> more;  ///< beside settings
  std::vector<Route> routes;
  std::vector<Choice> choices;
  std::vector<ChoiceList> choice_lists;
  std::vector<Action> actions;
  std::vector<Handoff> handoffs;
  std::vector<HandoffId> department_handoffs;  ///< [from department][to department]; empty = no defaults
  std::uint32_t department_count = 0, domain_count = 0, reason_count = 0, outcome_count = 0;
  std::vector<ArrivalStream> arrivals;
  std::vector<SimTime> dates;
  std::vector<InitialGroup> initial;
  std::vector<TraitDraw> trait_draws;
  std::vector<TraitPattern> trait_patterns;
  std::vector<EventType> events;
  std::vector<TimerType> timers;  ///< counted behind the events
  std::vector<MilestoneType> milestones;
  std::vector<SettingId> milestone_settings;
  std::vector<RequestTerms> terms;
  std::vector<Option> options;
  std::vector<ScoreStep> score_steps;
  std::vector<Requirement> requirements;
  std::vector<TokenGrant> grants;
  std::uint32_t token_count = 0;  ///< at most 32
  std::vector<WhileInRule> while_in_rules;
  std::vector<Window> windows;
  std::vector<Calendar> calendars;
  std::vector<StaffPool> staff;       ///< in file order
  std::vector<StaffingRow> staffing;  ///< by pool, then in the order in which they take
  Deadlock deadlock = Deadlock::swap;
  std::vector<GroupTrait> by;                  ///< traits by which results are kept too
  bool only_new_clients = false;               ///< waits and stays count only of those who came after `start`
  std::uint8_t need_shift = 0, need_bits = 0;  ///< where the need stands among the traits; 0 bits = none
  std::vector<std::uint32_t> need_levels;      ///< level of each value of the need

  std::vector<StateDimension> dimensions;
  std::vector<std::uint32_t> place_classes;
  std::vector<double> steps;  ///< cut points of since_… dimensions [day]
  std::vector<StateTable> tables;
  std::vector<std::uint32_t> cells;
  std::vector<double> numbers;
  std::vector<Distribution> distributions;
  DistributionTables distribution_tables;
  std::vector<Curve> curves;
  std::vector<CurveKnot> knots;
  std::vector<Patch> patches;  ///< by time, then file order
  Money money;
  PolicyPart policies;
  BudgetPart budgets;
  BusinessDays business_days;
};

}  // namespace tl
