#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/calendar_dates.hpp"
#include "models/levers.hpp"
#include "models/model.hpp"
#include "models/model_messages.hpp"
#include "models/number_log.hpp"
#include "models/parameters.hpp"
#include "models/read_model.hpp"
#include "models/rows.hpp"
#include "models/text_hash.hpp"

// Shared by the files read_*.cpp only: what has been read so far, and small readers of one cell.
namespace tl::reading {

consteval Code code(std::string_view text) {
  return Code::in(kModelMessages, text);
}

/// The ids of one kind of thing, by row number.
class Names {
 public:
  explicit Names(std::string what) : what_{std::move(what)} {}
  std::optional<std::uint32_t> find(std::string_view id) const;
  /// The row of `id`, which is added where it is new.
  std::uint32_t add(const std::string& id);
  const std::vector<std::string>& all() const { return ids_; }
  const std::string& what() const { return what_; }  ///< "setting", for messages

 private:
  std::string what_;
  std::vector<std::string> ids_;
  ById<std::uint32_t> rows_;
};

/// Exceptions and dated values that stand in the tables `vary` and `dated`, by the number's address.
struct OutsideRows {
  std::vector<const Row*> vary, dated;
};

/// A piece of a cell's text, with its place: it can be read like a cell of its own.
Cell piece_of(const Cell& cell, std::size_t offset, std::string_view text);
/// `text` without blanks at its ends; `offset` moves along.
std::string_view trimmed(std::string_view text, std::size_t& offset);
/// The pieces of a list, or of a text between separators; blanks are taken off, empty pieces dropped.
std::vector<Cell> pieces_of(const Cell& cell, char separator);
/// The cell at a path of names ("queue.limit") in a row; nullptr when absent or empty.
const Cell* cell_at(const Row& row, std::string_view path);
const Cell* cell_at(const Cell& cell, std::string_view path);
/// "a, b and c", at most `most` of them.
std::string listed(const std::vector<std::string>& words, std::size_t most = 12);

/// What kind of setting an id is, known before the settings are read in full.
struct SettingFacts {
  bool is_program = false;
  bool has_no_cap = false;    ///< units for all
  bool has_capacity = false;  ///< a number of units of its own
  bool is_unlimited = false;  ///< … and who asks is admitted at once
  bool is_staffed = false;    ///< staff limit it, whatever its capacity
  bool is_stopped = false;    ///< a budget may stop its admissions
};

/// A model's rows as written, but for the tables that a scenario changes: those are copies.
class ChangedRows {
 public:
  explicit ChangedRows(const Document& written) : written_{&written} {}
  const Table* find(std::string_view name) const;
  const Row& head() const { return head_ ? *head_ : written_->head; }
  const Document& written() const { return *written_; }
  /// The table as it may be changed; nullptr when the model has none of that name.
  Table* change(std::string_view name);
  Row& change_head();

 private:
  const Document* written_;
  std::deque<Table> changed_;
  std::optional<Row> head_;
};

/// One change of one field, whoever makes it: the scenario itself or a lever it uses.
struct Step {
  Change change;
  double strength = 1.0;
  const LeverSpec* lever = nullptr;    ///< nullptr: the scenario's own
  std::vector<Cell> from;              ///< of a share: the routes that give or take
  bool dated = false;                  ///< its strength changes during the run
  const PolicySpec* policy = nullptr;  ///< whose it is: it is switched on and off during the run
  std::size_t timing = 0;              ///< when dated: row of the timing
};
/// "lever beds", "policy surge" or "the scenario".
std::string maker_of(const Step& step);
/// A value that is nothing to go a part of the way to, or not at a date.
inline bool is_in_part(const Step& step) {
  return step.dated || step.policy != nullptr || step.strength != 1.0;
}

/// Every id of a model, known before anything refers to it: the same under all strengths of its levers.
struct KnownIds {
  Names departments{"department"}, domains{"domain"}, traits{"trait"}, populations{"population"}, settings{"setting"},
      outcomes{"outcome"}, reasons{"reason"}, arrivals{"arrival"}, events{"event"}, assessments{"assessment"},
      timers{"timer"}, milestones{"milestone"}, calendars{"calendar"}, requests{"request"}, tracks{"track"},
      pools{"pool"}, staff{"staff pool"}, payers{"payer"}, policies{"policy"}, budgets{"budget"};
  std::vector<std::optional<std::uint32_t>> request_goals;  ///< by request; none where the goal is a problem
  std::vector<Names> trait_values;                          ///< by trait
  std::vector<SettingFacts> setting_facts;                  ///< by setting
  std::vector<std::vector<WeekWindow>> week_windows;        ///< by calendar; empty where it could not be read
};

/// All that is needed to read one cell.
struct Context : KnownIds {
  Context(const ChangedRows& rows, const Limits& most, const ParameterTable& known, Problems& noted)
      : document{rows}, limits{most}, parameters{known}, problems{noted} {}

  const ChangedRows& document;
  const Limits& limits;
  const ParameterTable& parameters;
  Problems& problems;
  Model model;
  std::set<std::uint32_t> requests_used;
  std::vector<std::string> addresses;  ///< of all numbers and distributions read
  std::map<std::string, OutsideRows, std::less<>> outside_rows;
  std::set<std::string, std::less<>> outside_used;
  std::map<std::string, std::vector<const Step*>, std::less<>> adjustments;  ///< what acts on numbers, by address
  std::set<std::string, std::less<>> adjusted;
  std::set<const Step*> felt;                            ///< changes that made a difference
  std::vector<std::vector<LeverChange>> policy_changes;  ///< by policy
  NumberLog* log = nullptr;                              ///< keeps or replaces the numbers read; nullptr = neither
  std::set<std::string, std::less<>> parameters_used;

  void error(const Place& at, Code what_code, const std::string& field, std::string what, std::string why = "",
             std::string hint = "") {
    problems.error(at, what_code, field, std::move(what), std::move(why), std::move(hint));
  }
  const Table* table(std::string_view name) const { return document.find(name); }
};

/// A row on its way into the model: its fields, with their addresses.
struct RowView {
  const Row& row;
  std::string address;  ///< "settings.psh"

  const Cell* find(std::string_view path) const { return cell_at(row, path); }
  std::string path(std::string_view field) const { return address + '.' + std::string{field}; }
};

// ---- small readers (read_context.cpp); all note what is wrong and return nothing then
std::optional<std::string> read_text(Context& context, const Cell& cell, const std::string& field);
/// Words for people: any characters, within the limits of names.
std::string read_words(Context& context, const RowView& row, std::string_view field, std::string otherwise = "");
std::optional<std::size_t> read_word(Context& context, const Cell& cell, const std::string& field,
                                     const std::vector<std::string>& words);
/// `yes` or `no`; true and false are as good.
std::optional<bool> read_yes(Context& context, const Cell& cell, const std::string& field);
/// The row of a name, or a problem with the nearest one.
std::optional<std::uint32_t> find_name(Context& context, const Cell& cell, const std::string& field,
                                       const Names& names);
/// An id of the planner's: its characters, its length, words of the language.
bool check_id(Context& context, std::string_view id, const Place& at, const std::string& field);
/// Where a row's id stands, for messages.
const Place& id_place(const Row& row);
Provenance read_provenance(Context& context, const RowView& row, bool kind_is_other = false);
void missing_field(Context& context, const RowView& row, std::string_view field, std::string why,
                   std::string hint = "");

// ---- numbers (read_numbers.cpp)
struct NumberRule {
  Dimension dimension;
  Range range = Range::at_least(0.0);
  bool whole = false, may_vary = true, may_ramp = false;
};
std::optional<double> read_scalar(Context& context, const Cell& cell, const std::string& field, const NumberRule& rule);
/// A number that cannot vary, but that scenarios may scale or add to.
std::optional<double> read_fixed(Context& context, const Cell& cell, const std::string& field, const NumberRule& rule);
std::optional<VaryingNumber> read_varying(Context& context, const Cell& cell, const std::string& field,
                                          const NumberRule& rule);
/// Days since the start of results: a civil date, or a time.
std::optional<double> read_instant(Context& context, const Cell& cell, const std::string& field);
/// "11-15": a day of any year.
std::optional<DayOfYear> day_of_year(std::string_view text);
/// A length, or a whole number of business days.
struct StandardSpec {
  double days = 0.0;  ///< 0 = none
  std::uint32_t business_days = 0;
};
StandardSpec read_standard(Context& context, const Cell& cell, const std::string& field);
void read_holidays(Context& context);
std::vector<double> read_instants(Context& context, const Cell& cell, const std::string& field);
/// A civil date "2020-07-01"; `is_date` tells whether the text tried to be one.
std::optional<CivilDate> read_date(Context& context, const Cell& cell, const std::string& field, bool& is_date);
/// Gathers the tables `vary` and `dated`; later tells which rows met no number.
void gather_outside_rows(Context& context);
void check_outside_rows(Context& context);

// ---- calendars (read_calendars.cpp)
void read_calendars(Context& context);
/// Windows and instants of a week, or the id of a calendar: by time, none meets another.
std::optional<std::vector<WeekWindow>> read_windows(Context& context, const Cell& cell, const std::string& field);
/// "sat-sun = 50%": what part of a capacity is open in some hours.
std::vector<HoursShare> read_capacity_hours(Context& context, const Cell& cell, const std::string& field);
/// Hours in which posts are on duty; empty = always.
std::vector<WeekWindow> read_post_hours(Context& context, const Cell& cell, const std::string& field);
/// The fields admits, serves and capacity_hours.
void read_setting_hours(Context& context, const RowView& row, SettingSpec& setting);

// ---- distributions (read_distributions.cpp)
std::optional<VaryingDistribution> read_distribution(Context& context, const Cell& cell, const std::string& field,
                                                     Dimension dimension = kDuration);

// ---- conditions (read_conditions.cpp)
std::optional<Condition> read_condition(Context& context, const Cell& cell, const std::string& field);
/// The row's field `when`, empty when there is none.
Condition read_when(Context& context, const RowView& row, std::string_view field = "when");
/// Words that no trait may be called by.
const std::vector<std::string>& condition_subjects();

// ---- requests (read_requests.cpp)
/// What an action or a route asks for: a setting, or a row of requests with that goal.
struct Asked {
  std::uint32_t setting = 0;
  std::optional<std::uint32_t> request;
};
std::optional<Asked> find_asked(Context& context, const Cell& cell, const std::string& field);
/// Yes or no; no where the field is absent.
bool read_flag(Context& context, const RowView& row, std::string_view field);
/// An id among those that settings, requests and pools have together.
void check_shared_id(Context& context, const Row& row, std::string_view table);
void collect_requests(Context& context);
void read_requests(Context& context);
void check_requests(Context& context);

// ---- actions (read_actions.cpp)
std::vector<ActionSpec> read_actions(Context& context, const Cell& cell, const std::string& field);
/// Fixed traits: "smi=yes; sud=no", or a table.
std::vector<std::pair<std::uint32_t, std::uint32_t>> read_fixed_traits(Context& context, const Cell& cell,
                                                                       const std::string& field);

// ---- routes (read_routes.cpp)
enum class Origin : std::uint8_t { place, program, arrival, event, timer };
/// `to`, `do`, `wait` of a row that is itself the only route (arrivals, events, timers); nullopt when it has none.
std::optional<RouteSpec> read_own_route(Context& context, const RowView& row, Origin origin);
/// A destination alone: queue.on_refuse, lost_to.
std::optional<RouteSpec> read_destination(Context& context, const Cell& cell, const std::string& field);
/// The fields delay, lost, lost_to, during below `prefix` ("handoff." or ""); nullopt when none is there.
std::optional<HandoffSpec> read_handoff(Context& context, const RowView& row, const std::string& prefix);
std::optional<std::uint32_t> read_place(Context& context, const Cell& cell, const std::string& field,
                                        bool must_be_unlimited);
/// The ids by which scenarios call the rows of `routes`: the field `id`, or from>to, from>to#2.
std::vector<std::string> route_ids(const Table& routes);
/// Reads the table `routes` into settings, arrivals, events and timers.
void read_routes(Context& context);
void check_route_shares(Context& context, const std::vector<RouteSpec>& routes, const std::string& from,
                        const Place& at);

// ---- parts of settings (read_queues.cpp, read_units.cpp, read_claims.cpp, read_setting_more.cpp,
// read_assessments.cpp)
void read_queue(Context& context, const RowView& row, SettingSpec& setting, std::uint32_t index);
void read_units(Context& context, const RowView& row, SettingSpec& setting, std::uint32_t index);
void read_claim(Context& context, const RowView& row, SettingSpec& setting, std::uint32_t index);
void read_cut(Context& context, const RowView& row, SettingSpec& setting);
void read_to_running(Context& context, const RowView& row, SettingSpec& setting);
void read_while_in(Context& context, const RowView& row, SettingSpec& setting);
void read_requirements(Context& context, const RowView& row, SettingSpec& setting);
/// `no_claim` and `temporary` of a way. @param may_end  whether its admissions end claims: not those of events
void read_route_claim(Context& context, const RowView& row, RouteSpec& route, bool may_end);

// ---- all tables (read_tables.cpp)
/// @param replaced  addresses whose exceptions in `vary` and `dated` no longer count
void read_all(Context& context, const std::vector<std::string>& replaced);
/// Some of the rows once more: ids are known, and no more than the numbers counts afterwards. Settings may be there.
/// @param whole  the model read from all rows
void read_part(Context& context, const Model& whole, const std::vector<std::string>& replaced);
void check_all(Context& context);
void take_names(Context& context);

// ---- the tables
void collect_names(Context& context);  ///< read_names.cpp: all ids, before anything refers to them
void read_settings(Context& context);
void check_settings(Context& context);
void read_mix(Context& context);
void read_arrivals(Context& context);
void read_initial(Context& context);
void read_census(Context& context);
void read_events(Context& context);
void read_timers(Context& context);
void read_milestones(Context& context);
/// One row of each id, in file order, by `read(context, row)`.
template <class Rows, class Read>
void read_rows(Context& context, const char* table_name, const Names& names, Rows& rows, Read read) {
  rows.resize(names.all().size());
  const Table* table = context.table(table_name);
  if (table == nullptr) return;
  std::vector<bool> is_read(rows.size(), false);
  for (const Row& row : table->rows) {
    const std::uint32_t index = *names.find(row.id);
    if (is_read[index]) continue;
    is_read[index] = true;
    rows[index] = read(context, RowView{row, std::string{table_name} + '.' + row.id});
  }
}
/// Before all else (read_staff.cpp): what stands in `staffing` of settings and pools becomes rows of the table
/// `staffing`, each with the id SETTING.STAFF where it has none of its own.
void write_out_staffing(Document& document, Problems& problems);
void read_staff(Context& context);
void check_staff(Context& context);
void read_pools(Context& context);
void check_pools(Context& context);
void read_assessments(Context& context);
void check_assessments(Context& context);
void check_claims(Context& context);
void check_sources(Context& context);
void read_head(Context& context);
void read_handoffs(Context& context);
void read_policies(Context& context);
void read_metrics(Context& context);

// ---- results by group (read_by.cpp)
/// The traits named, each once; they are kept by from then on.
std::vector<std::string> read_by(Context& context, const Cell& cell, const std::string& field);
/// `by` of the model itself. After the names of traits are known.
void read_model_by(Context& context);

void take_parameters(Context& context);

// ---- money (read_money.cpp)
/// The fields payer and split; no payer where neither is there.
SplitSpec read_split(Context& context, const RowView& row);
void read_money(Context& context);
void read_budgets(Context& context);  ///< read_budgets.cpp; after money and policies
/// The row of a setting, or of a pool behind them.
std::optional<std::uint32_t> find_setting_or_pool(Context& context, const Cell& cell, const std::string& field);
void take_payers(Context& context);

// ---- unknown and later fields (read_fields.cpp)
void check_fields(const Document& document, Problems& problems);
/// "alternates are not in this version", if the name is a later construct's; false otherwise.
bool refuse_later(Problems& problems, const Place& at, const std::string& field, std::string_view table,
                  std::string_view name);

// ---- scenarios' changes
/// Puts what is replaced as a whole into the rows; what acts on numbers is kept for the readers of numbers.
struct ChangePlan {
  ChangedRows rows;
  std::map<std::string, std::vector<const Step*>, std::less<>> adjustments;
  std::vector<std::string> replaced;  ///< addresses whose exceptions in `vary` and `dated` no longer count
  std::set<const Step*> felt;
};
/// The steps on one number in the order that counts, however they stand in the file: the last `set`, every `scale`
/// (least first), every `add` (least first).
struct NumberSteps {
  const Step* set = nullptr;
  std::vector<const Step*> scales, adds;
  const Step* last = nullptr;  ///< as written: where a problem of them all is told
};
NumberSteps in_order(const std::vector<const Step*>& steps);
/// `parameters.id.value` is `parameters.id`.
std::string plain_address(std::string_view path);
bool is_about_parameter(const Step& step);
bool is_within(std::string_view address, std::string_view path);

// read_changes.cpp
ChangePlan plan_changes(const Document& document, const std::vector<Step>& steps, const ParameterTable& parameters,
                        Problems& problems);
/// Parameters under a scenario's changes. Each starts from its formula, with what the others are changed to.
/// @param made  where the changed ones are: nothing, or what an earlier call left there that changed the same ones
/// @returns `parameters` where nothing changes them, or those of `made`
const ParameterTable& change_parameters(const ParameterTable& parameters, const std::vector<Step>& steps,
                                        std::optional<ChangedParameters>& made, std::set<const Step*>& felt,
                                        Problems& problems);

// change_shares.cpp
/// Changes of shares of routes: done on the rows, but where a route takes the remainder and none is named in `from`.
void change_shares(ChangePlan& plan, const std::vector<const Step*>& steps, const ParameterTable& parameters,
                   Problems& problems);

// change_numbers.cpp
/// scale^strength. @returns nullopt, with a problem, where that means nothing
std::optional<double> factor_of(const Step& step, double scale, Problems& problems);
/// Scales and shifts a number; the changes' own faults stand at the changes.
void adjust(Context& context, VaryingNumber& number, const NumberRule& rule);
void adjust(Context& context, VaryingDistribution& distribution, Dimension dimension);
/// Makes every length `by` times as long (above 0).
void scale_times(VaryingDistribution& made, double by);
/// The part of the rate's changes that goes into the arrival's layers.
double take_layer_scale(Context& context, const std::string& rate_address);
void check_adjustments(Context& context);
/// The address one part shorter, where a number or distribution without parts of its own stands; else empty.
std::string constant_above(const Context& context, const std::string& address);

}  // namespace tl::reading
