#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace tl {

inline constexpr double kNotThere = std::numeric_limits<double>::quiet_NaN();

/// A row's standing: what outputs show beside a number.
struct Provenance {
  std::string source, kind /* sourced, recalled, assumption; empty = not said */, note;
};

struct SettingWords {
  std::string id, name, kind /* place, program, line, pool */, department, domain;
  int level = 0;
  double capacity = 0.0;  ///< of the part that is run, at the start of results; infinity = unlimited
  std::string line_of;    ///< for a line: the setting before which it stands
};

/// A number the model was built from, as the planner wrote it.
struct ParameterWords {
  std::string id, unit, text;                 ///< text: as written
  double value = 0.0, low = 0.0, high = 0.0;  ///< in `unit`; low and high NaN where not given
  bool used = false;
  Provenance provenance;
};

/// An arrow of the care network: clients expected to move a day with unlimited capacity.
struct Link {
  std::uint32_t from = 0, to = 0;  ///< rows of Catalogue::settings
  double per_day = 0.0;
};

/// People of one role.
struct StaffWords {
  std::string id, name, role, department;
  double fte = 0.0;  ///< budgeted at the start of results, of the part that is run
  double hours_per_week = 0.0, leave = 0.0, training = 0.0;
  double overtime = kNotThere;  ///< hours that can be worked on top, as a share; NaN = none can
  double agency = kNotThere;    ///< temporary FTE at most, of the part that is run; NaN = none ever come
  double team_of = kNotThere;   ///< posts that open together; NaN = no teams

  /// Hours that one FTE works a day: without leave and training.
  double worked_hours_a_day() const { return hours_per_week / 7.0 * (1.0 - leave - training); }
};
/// What a setting, or a pool of units, needs of them.
struct StaffingWords {
  std::string id, staff /* id */, setting /* id */, needs /* "6 clients per FTE" */;
  double relief = 0.0;  ///< FTE that keep one post filled; 0 where there are no posts
  double limits = 1.0;  ///< whether units that the staff cannot carry stay empty: 1 or 0
};

/// A metric the report leads with.
struct MetricWords {
  std::string id, measure /* a measure of analysis/measures.hpp */;
  std::string scope /* setting, department, domain, level, model */, subject /* which; empty for model */;
  std::string good /* lower, higher, or empty */, words;
  double target = 0.0;  ///< NaN = none
  std::string by = {};  ///< traits by which it is told, joined by "|"; empty = those of the model
};

/// The clients with one value of one trait: row of the groups in ReplicationResult.
struct GroupWords {
  std::string trait, value;
};
/// A metric that is a ratio, such as cost per day housed: one sum over another.
struct RatioWords {
  MetricWords top;                      ///< its own id, words, target, and what is divided
  std::string measure, scope, subject;  ///< what it is divided by
  bool averted = false;                 ///< by how much less of that there is than in the scenario compared with
};

/// Who pays.
struct PayerWords {
  std::string id, name;
};
/// Something that costs money: a row of `costs` or `incentives`, or what a pool of staff costs.
struct CostWords {
  std::string id, name;
  std::string kind /* cost, incentive, salary, overtime, agency */, per /* client day, admission … metric */;
  std::string setting /* empty: no setting causes it */, department, domain /* empty: that of no setting */;
  std::string metric, every /* of incentives for a metric: paid for each month, quarter, year it reaches its target */;
  double target = 0.0;  ///< NaN: the metric's own
  double amount = 0.0;  ///< at the start of results [$]; incentives for a metric: paid each time
};
/// What a payer bears of a cost item. The shares of an item sum to 1.
struct CostShare {
  std::uint32_t item = 0, payer = 0;  ///< rows of Catalogue::costs and payers
  double share = 0.0;
};

/// A rule that acts on the state of the system.
struct PolicyWords {
  std::string id, name, about;
  std::string rule;                  ///< when it opens and closes, in plain words
  std::string measure;               ///< what it looks at, in plain words; empty where it only has a season
  std::string unit;                  ///< of the measure
  double opens = 0.0, closes = 0.0;  ///< thresholds, of the whole population; NaN = none
  std::string changes;               ///< in plain words
};

/// Money that may be spent in a period.
struct BudgetWords {
  std::string id, name;
  std::string every /* "year from 07-01" */, counts, stops;  ///< in plain words
  double amount = 0.0;  ///< of a period, at the start of results [$], of the part that is run
};

/// The model's own words for the indices of CompiledModel and ReplicationResult.
struct Catalogue {
  std::string model_name, about, start_date /* ISO, civil date of time 0 of results */;
  std::vector<SettingWords> settings;  ///< same order as CompiledModel::settings
  std::vector<std::string> departments, domains, reasons, outcomes, events /* timers behind them */;
  std::vector<std::string> milestones, tokens;  ///< tokens: an assessment by a department
  std::vector<std::string> department_names;
  std::vector<ParameterWords> parameters;
  std::vector<MetricWords> metrics;
  std::vector<StaffWords> staff;        ///< same order as CompiledModel::staff
  std::vector<StaffingWords> staffing;  ///< same order as CompiledModel::staffing
  std::vector<RatioWords> ratios;
  std::vector<PolicyWords> policies;      ///< same order as PolicyPart::rules
  std::vector<std::string> by;            ///< traits that the model itself names
  std::vector<GroupWords> groups;         ///< by trait (further ones are those that metrics name), then value
  std::vector<Link> links;                ///< places and programs as drawn: lines are part of their setting
  std::vector<std::string> period_names;  ///< "2020-07"
  std::vector<double> period_days;        ///< length of each
  std::vector<double> observe_days;       ///< instants, days since `start`
  std::vector<std::string> findings;      ///< warnings of the check, in words
  std::vector<PayerWords> payers;
  std::vector<CostWords> costs;  ///< same order as CompiledModel::money.items
  std::vector<CostShare> cost_shares;
  std::vector<BudgetWords> budgets;  ///< same order as BudgetPart::rules
  double dollars_of = 0.0;           ///< the year whose dollars these are; 0 = not said
  double discount = 0.0;             ///< a year; 0 = none
  double population_scale = 1.0;     ///< part of the population that was run: sums in results are of that part
};

}  // namespace tl
