#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "models/catalogue.hpp"
#include "models/compile.hpp"
#include "models/compile_messages.hpp"
#include "models/limits.hpp"
#include "models/model.hpp"
#include "models/problem.hpp"
#include "sim/model.hpp"

// Inside of the stage "compile": one builder, whose parts stand in compile_*.cpp. Only those files include this.
namespace tl::compiling {

consteval Code code(std::string_view text) {
  return Code::in(kCompileMessages, text);
}

/// What is known about the client at the point where a number is read, so that no table needs a dimension for it.
struct Known {
  std::optional<std::uint32_t> place;                           ///< row of settings
  std::optional<std::uint32_t> population;                      ///< value of the hidden trait
  std::vector<std::pair<std::uint32_t, std::uint32_t>> traits;  ///< trait, value
  bool newcomer = false;                                        ///< just arrived: nothing open, no time passed
};

inline constexpr std::uint32_t kPopulationTrait = kByPopulation;
inline constexpr std::uint8_t kAnyTrack = 0xff;  ///< Action::track

/// One thing a number depends on, and its values.
struct Axis {
  DimensionKind kind{};
  std::uint32_t subject = 0;  ///< trait or setting; kPopulationTrait for the population
  std::uint32_t count = 1;
  std::vector<std::uint32_t> classes;   ///< place_class: class of every setting, lines included
  std::vector<std::uint32_t> examples;  ///< place_class: one setting of every class
  std::vector<double> cuts;             ///< since_…: ascending, count - 1 of them [day]
};
/// One value for every axis.
using Combination = std::vector<std::uint32_t>;
struct Space {
  std::vector<Axis> axes;
  Known known;
  std::uint64_t size = 1;
};

/// The times at which a dated number changes within the run, the run's start first [day since the start of results].
using Epochs = std::vector<double>;

/// Content of a cell for a combination at a time [day since the start of results].
using CellMaker = std::function<std::uint32_t(const Combination&, double)>;

struct Owner {
  std::string path;
  tl::Place at;
};

/// Says for which clients a choice can be made at all, and what that depends on.
struct Guard {
  std::vector<const Condition*> conditions;
  std::function<bool(const Space&, const Combination&)> holds;
};

/// A number of units, or of millionths of an FTE, from an instant on.
struct CapacityStep {
  SimTime at;
  std::int64_t units = 0;
};

struct TraitBits {
  std::uint8_t shift = 0, bits = 0;
};

class Builder {
 public:
  Builder(const Model& model, const Limits& limits, Problems& problems);
  /// Everything but the findings about the network as a whole. @returns whether the model holds together
  bool build();
  /// One distribution that depends on nothing, for use outside a model. @returns its row in take()'s distributions
  DistributionId alone(const VaryingDistribution& spec) { return fixed_distribution(spec); }
  Compiled take() { return {std::move(out_), std::move(words_)}; }

 private:
  // compile_tables.cpp
  Space space_of(const std::vector<const Condition*>& conditions, const Known& known, const Owner& owner);
  bool holds(const Condition& condition, const Space& space, const Combination& combination) const;
  bool clause_holds(const Clause& clause, const Space& space, const Combination& combination) const;
  bool place_holds(const Clause& clause, std::uint32_t setting) const;
  std::string describe(const Space& space, const Combination& combination) const;
  std::string describe(const Space& space) const;
  TableId table(const Space& space, const Epochs& epochs, const Owner& owner, const CellMaker& make);
  TableId store_table(std::vector<Axis> axes, const std::vector<std::vector<std::uint32_t>>& cells,
                      const Epochs& epochs, const std::vector<std::uint32_t>& policies, const Owner& owner);
  StateDimension dimension(const Axis& axis);
  std::uint32_t number(double value);
  std::uint32_t trait_count(std::uint32_t trait) const;
  TraitBits trait_bits(std::uint32_t trait) const;

  // compile_policies.cpp
  const VaryingNumber& in_force(const VaryingNumber& number) const;
  void switch_cells(std::uint32_t first_cell, const std::vector<std::uint32_t>& policies,
                    const std::vector<std::vector<std::uint32_t>>& cells, const Epochs& epochs, const Owner& owner);
  void refuse_twice(const Owner& owner, std::uint32_t a, std::uint32_t b);
  void refuse_switched(const VaryingNumber& number);
  bool may_switch_all(const VaryingNumber& number);
  void switch_capacity(const VaryingNumber& number, const std::vector<HoursShare>& hours, std::uint32_t setting,
                       const std::vector<CapacityStep>& without);
  void switch_staff(const StaffSpec& spec, std::uint32_t row, const std::vector<CapacityStep>& without);
  std::string rule_in_words(const PolicySpec& spec) const;
  std::string measure_in_words(const PolicySpec& spec) const;
  void seasons(const PolicySpec& spec, PolicyRule& rule);
  PolicyRule policy_rule(const PolicySpec& spec);
  void policies();
  void time_to_start(std::uint32_t row);

  // compile_dates.cpp
  double dated_at(const VaryingNumber& number, double days) const;
  void add_changes(const VaryingNumber& number, Epochs& epochs);
  void finish(Epochs& epochs) const;
  double value_of(const VaryingNumber& number, const Space& space, const Combination& combination, double days) const;
  SimTime instant(double days) const;
  std::vector<CapacityStep> capacity_steps(const VaryingNumber& number);
  void ramp_capacity(const VaryingNumber& number, std::vector<CapacityStep>& steps);
  void add_patch(SimTime at, PatchKind kind, std::uint32_t index, std::int64_t value);
  void periods();
  void observations();
  double start_day() const { return -model_.warmup_days; }

  // compile_calendars.cpp
  std::int64_t into_week() const;
  std::vector<Window> windows_of_run(const std::vector<WeekWindow>& week) const;
  CalendarId calendar(const std::vector<WeekWindow>& week);
  CurveId open_time(const std::vector<WeekWindow>& week);
  std::int64_t units_open(std::int64_t units, const std::vector<HoursShare>& hours, SimTime at) const;
  std::vector<CapacityStep> open_steps(const VaryingNumber& number, const std::vector<HoursShare>& hours);
  std::int64_t capacity_of(const VaryingNumber& number, const std::vector<HoursShare>& hours, std::uint32_t setting);
  void setting_hours(std::uint32_t row);
  /// The row of CompiledModel::more beside a setting, which says from then on that it has more. Not before all settings
  /// are there.
  SettingMore& more(std::uint32_t row);

  // compile_distributions.cpp
  TableId distribution_table(const VaryingDistribution& spec, const Known& known);
  DistributionId fixed_distribution(const VaryingDistribution& spec);
  DistributionId distribution(const VaryingDistribution& spec, const Space& space, const Combination& combination,
                              double days);
  TableId number_table(const VaryingNumber& spec, const Known& known, double low, double high);

  // compile_queues.cpp
  void queue(std::uint32_t row);
  void score(std::uint32_t row);
  void preemption(std::uint32_t row);

  // compile_more.cpp
  void add_pools();
  void more_of(std::uint32_t row, const Known& here);
  void units(std::uint32_t row);
  void claim(std::uint32_t row, const Known& here);
  void cut(std::uint32_t row, const Known& here);
  void rescale_running(std::uint32_t row);
  void while_in(std::uint32_t row);
  void requirements(std::uint32_t row);
  void tokens();

  // compile_staff.cpp
  void staff();
  std::vector<CapacityStep> staff_steps(const VaryingNumber& fte);
  void staff_budget(const StaffSpec& spec, std::uint32_t row);
  void staff_turnover(const StaffSpec& spec, StaffPool& made);
  void staffing(std::uint32_t pool);

  // compile_routes.cpp
  void setting(std::uint32_t row);
  void go_back(const RouteSpec& spec, Route& made);
  RouteId route(const RouteSpec& spec, const std::string& path, const Known& known, bool from_outside);
  TableId choice_table(const std::vector<RouteSpec>& specs, const Owner& owner, const Known& known, bool from_outside,
                       const Guard* guard = nullptr);
  std::uint32_t choice_list(const std::vector<RouteSpec>& specs, const std::vector<RouteId>& routes, const Owner& owner,
                            const Space& space, const Combination& combination, double days);
  std::uint32_t store_choices(const std::vector<std::pair<double, RouteId>>& shares);
  ActionList actions(const std::vector<ActionSpec>& specs, const std::string& path, const Known& known);
  TableId chance(const ActionSpec& spec, const std::string& path, const Known& known);
  HandoffId handoff(const HandoffSpec& spec);
  void department_handoffs();
  RouteId leave_route(std::uint32_t reason);
  ReasonId reason(const std::string& name);

  // compile_requests.cpp
  void requests();
  void ask_for(const ActionSpec& spec, Action& action) const;

  // compile_arrivals.cpp
  void lay_out_traits();
  void arrival(const ArrivalSpec& spec);
  void layers(const ArrivalSpec& spec, ArrivalStream& made);
  void switch_layers(const VaryingNumber& scale, const std::function<CurveId(const VaryingNumber&)>& curve);
  void initial(const InitialSpec& spec);
  void event(const EventSpec& spec);
  TraitDrawList trait_draws(std::optional<std::uint32_t> population,
                            const std::vector<std::pair<std::uint32_t, std::uint32_t>>& given);
  TraitDraw trait_draw(const PopulationSpec& population, std::size_t first, std::size_t count, const Known& known);
  std::uint64_t packed(std::optional<std::uint32_t> population,
                       const std::vector<std::pair<std::uint32_t, std::uint32_t>>& given) const;

  // compile_business_days.cpp
  void business_days();

  // compile_census.cpp
  void census();

  // compile_clocks.cpp
  void timer(const TimerSpec& spec);
  void milestone(const MilestoneSpec& spec);
  void need();
  void groups();

  // compile_curves.cpp
  CurveId arrival_curve(const ArrivalSpec& spec);
  CurveId factor_curve(const VaryingNumber& rate, double reference);
  CurveId constant_curve(double rate);

  // compile_money.cpp
  void money();
  void cost(const CostSpec& spec);
  void cost_item(CostDriver driver, std::uint32_t subject, const VaryingNumber& amount, double factor);
  /// Something that a pool of staff costs: id and name beside the pool's, and the dollars of `per` where the amount
  /// is 1.
  struct StaffCost {
    CostDriver driver{};
    const char *id, *name, *kind, *per;
    double each = 1.0;
  };
  void staff_cost(std::uint32_t row, const StaffCost& of, const VaryingNumber& amount, double factor);
  void staff_costs(std::uint32_t row);

  // compile_budgets.cpp
  void budget_periods(const BudgetSpec& spec, BudgetRule& rule);
  void budget_shares(const BudgetSpec& spec, BudgetRule& rule, BudgetWords& words);
  void budgets();

  // compile_model.cpp
  void names();
  std::uint32_t id_of(const std::string& name);
  void add_lines();
  void copy_words();
  void problem(const Owner& owner, Code code, std::string what, std::string why = "", std::string hint = "");

  const Model& model_;
  const Limits& limits_;
  Problems& problems_;
  CompiledModel out_;
  Catalogue words_;
  bool sound_ = true;
  bool population_read_ = false, has_return_ = false;
  std::vector<TraitBits> trait_bits_;
  TraitBits population_bits_;
  std::uint32_t population_values_ = 1;
  std::uint64_t knots_ = 0;
  std::map<std::string, std::uint32_t> ids_;
  std::map<std::uint32_t, std::string> taken_;
  std::map<std::uint64_t, std::uint32_t> number_rows_;
  std::map<std::vector<std::uint64_t>, TableId> table_rows_;
  std::map<std::vector<std::uint64_t>, DistributionId> distribution_rows_;
  std::map<std::vector<std::uint64_t>, std::uint32_t> choice_rows_;
  std::map<std::vector<std::uint32_t>, std::uint32_t> place_class_rows_;
  std::map<std::vector<double>, std::uint32_t> step_rows_;
  std::map<std::string, TraitDrawList> trait_draw_rows_;
  std::set<std::pair<std::string, std::string>> told_;
  // policies: all by row of Model::policies
  struct PolicyPatch {
    SimTime at;
    PatchKind kind{};
    std::uint32_t policy = 0, index = 0;  ///< among the policy's own
    std::int64_t value = 0;
  };
  std::optional<std::uint32_t> policy_;            ///< the one that is open while numbers are worked out
  mutable std::set<std::uint32_t> policies_seen_;  ///< those that change a number that was looked at
  mutable std::set<std::string> switched_seen_;    ///< paths
  std::set<std::uint32_t> switched_cells_;
  std::vector<std::vector<PolicyCell>> policy_cells_;
  std::vector<std::vector<PolicyUnits>> policy_units_;
  std::vector<std::vector<PolicyStream>> policy_streams_;
  std::vector<std::vector<PolicyStaff>> policy_staff_;
  std::vector<PolicyPatch> policy_patches_;
};

/// A day of a year, in days since 1970-01-01; the 29th of February is the 28th where there is none.
std::int64_t day_in(int year, DayOfYear of);
/// Calls `visit` for every condition in the model, those of its numbers included.
void for_each_condition(const Model& model, const std::function<void(const Condition&)>& visit);
/// Adds the conditions a number or distribution reads.
void add_conditions(const VaryingNumber& number, std::vector<const Condition*>& conditions);
void add_conditions(const VaryingDistribution& spec, std::vector<const Condition*>& conditions);
/// The numbers a distribution uses, in a fixed order (nullptr where absent).
std::vector<const VaryingNumber*> numbers_of(const VaryingDistribution& spec);
/// All numbers it uses, those of a mixture's parts included.
std::vector<const VaryingNumber*> all_numbers_of(const VaryingDistribution& spec);
/// "0.35"; few digits, for messages.
std::string shown(double value);

}  // namespace tl::compiling
