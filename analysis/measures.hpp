#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/results_file.hpp"

// Measures are derived from the sums of one replication, never stored. One is a line in the registry and a small
// function.
namespace tl {

/// What a measure is taken of.
enum class Over : std::uint8_t {
  settings,  ///< one setting, or a department, domain, level or the model: sums are added first, then derived from
  instant,   ///< the same, at an observed instant
  model,     ///< the model as a whole
  reason,    ///< a reason for leaving
  event,     ///< or a timer
  outcome,
  milestone,
  role,      ///< staff pools of one role in one department
  staffing,  ///< what one setting has and needs of one staff pool
  cost,      ///< dollars, of settings, departments, domains, payers, items or all together
  policy,
  budget,
};

/// A cost item, as far as it belongs to something.
struct CostPart {
  std::uint32_t item = 0;  ///< row of Catalogue::costs
  double share = 1.0;
};
/// Ids; empty lists mean all.
struct CostFilter {
  std::vector<std::string> settings, departments, payers;
};

/// A setting or a group of them (lines count as part of their setting's queue, never as places of their own), or one
/// reason, event, outcome, milestone, policy or budget.
struct ResultScope {
  std::string kind;     ///< setting, department, domain, level, model, reason, event, outcome, milestone, role,
                        ///< staffing, payer, item, policy, budget
  std::string subject;  ///< its id; empty for the model
  std::string name;     ///< for people
  std::vector<std::uint32_t> rows;   ///< of Catalogue::settings, or the one row of reasons, events, …
  std::vector<CostPart> costs = {};  ///< what it costs: items, and what share of each
  CostFilter only = {};              ///< what those were chosen by
};

/// All scopes of a kind, in the catalogue's order. A level holds places only, so that a client in a program and in a
/// place is counted once; departments and domains hold both.
std::vector<ResultScope> scopes_of(const Catalogue& words, std::string_view kind);
std::optional<ResultScope> find_scope(const Catalogue& words, std::string_view kind, std::string_view subject);

/// Reporting periods first … first + count - 1; for Over::instant, `first` is the instant.
struct PeriodRange {
  std::size_t first = 0, count = 0;
};

struct Measure;
/// Kinds of scope of which a measure can be taken: one, or several from the whole to its parts.
std::vector<std::string_view> scope_kinds(const Measure& measure);
/// The scopes of which a measure can be taken.
std::vector<ResultScope> scopes_of(const Catalogue& words, const Measure& measure, std::string_view kind,
                                   const CostFilter& only = {});
std::optional<ResultScope> find_scope(const Catalogue& words, const Measure& measure, std::string_view kind,
                                      std::string_view subject, const CostFilter& only = {});

struct MeasureInput {
  const ScenarioResults& scenario;
  const ReplicationResult& run;
  const ResultScope& scope;
  PeriodRange periods;
};

struct Measure {
  std::string_view name, unit, words;
  std::string_view good;  ///< lower, higher, or empty
  Over over = Over::settings;
  bool by_period = true;  ///< false: kept over the whole time only
  std::optional<double> (*of_part)(const MeasureInput&) =
      nullptr;  ///< in the part of the population that was run; none where it has no meaning (no waits, no capacity)

  /// A part of a whole. (Occupancy is none: after a cut more units are in use than there are. Nor is what was spent of
  /// a budget.)
  constexpr bool is_share() const {
    return unit == "%" && name != "occupancy" && name != "policy_occupancy" && name != "budget_spent_share";
  }
  /// Whether it grows with the number of clients, as counts do, and time spent by all together. Lengths of time for
  /// one, and shares, do not; nor do staff, who are all there in a part of the population, each for fewer dollars.
  constexpr bool counts_people() const {
    const bool of_the_rule_itself = (over == Over::policy || over == Over::budget) && unit == "times";
    const bool of_staff = (over == Over::role && unit != "$") || unit == "FTE";
    return unit != "days" && unit != "%" && !of_the_rule_itself && !of_staff;
  }
};

/// Of the whole population: what counts people is divided by the part that was run (`population_scale`).
std::optional<double> value_of(const Measure& measure, const MeasureInput& input);

/// Its unit; of dollars with the year whose dollars they are, where the model says so: "2025 $".
std::string unit_of(const Measure& measure, const Catalogue& words);
/// A target in the unit of its measure: models write shares as 0.8 or "80%", results tell them in %. NaN is none.
double target_in_unit(const Measure& measure, double written);

/// The registry.
std::span<const Measure> measures();
const Measure* find_measure(std::string_view name);
std::vector<std::string> measure_names();

/// One value for each replication, in order; none where the measure has no meaning there.
std::vector<std::optional<double>> values_of(const ScenarioResults& scenario, const Measure& measure,
                                             const ResultScope& scope, PeriodRange periods);
/// Over all periods.
PeriodRange all_periods(const ScenarioResults& scenario);

/// Quantile of lengths counted by bucket, along a straight line within the bucket [days]; lengths under a second are 0.
/// @param share  in [0, 1]  @return none when nothing was counted
std::optional<double> length_quantile(std::span<const double> counts, double share);

}  // namespace tl
