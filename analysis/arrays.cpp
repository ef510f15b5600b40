#include "analysis/arrays.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <variant>

#include "analysis/store_error.hpp"
#include "sim/expects.hpp"

namespace tl {
namespace {

enum class Axis : std::uint8_t {
  period,
  setting,
  instant,
  event,
  reason,
  outcome,
  milestone,
  staff_pool,
  staffing_row,
  cost_item,
  setting_sum,
  model_sum,
  milestone_sum,
  staff_sum,
  staffing_sum,
  bucket,
  bin,
  policy,
  policy_sum,
  budget,
  budget_sum,
  group,
  group_sum
};

std::uint64_t extent_of(Axis axis, const ResultSizes& sizes) {
  switch (axis) {
    case Axis::period:
      return sizes.periods;
    case Axis::setting:
      return sizes.settings;
    case Axis::instant:
      return sizes.instants;
    case Axis::event:
      return sizes.events;
    case Axis::reason:
      return sizes.reasons;
    case Axis::outcome:
      return sizes.outcomes;
    case Axis::milestone:
      return sizes.milestones;
    case Axis::staff_pool:
      return sizes.staff;
    case Axis::staffing_row:
      return sizes.staffing;
    case Axis::cost_item:
      return sizes.costs;
    case Axis::setting_sum:
      return kSettingSums.size();
    case Axis::model_sum:
      return kModelSums.size();
    case Axis::milestone_sum:
      return kMilestoneSums.size();
    case Axis::staff_sum:
      return kStaffSums.size();
    case Axis::staffing_sum:
      return kStaffingSums.size();
    case Axis::bucket:
      return kLengthBuckets;
    case Axis::bin:
      return kCensusBins;
    case Axis::policy:
      return sizes.policies;
    case Axis::budget:
      return sizes.budgets;
    case Axis::budget_sum:
      return kBudgetSums.size();
    case Axis::policy_sum:
      return kPolicySums.size();
    case Axis::group:
      return sizes.groups;
    case Axis::group_sum:
      return kGroupSums.size();
  }
  return 0;
}
std::string_view name_of(Axis axis) {
  constexpr std::array<std::string_view, 23> names{
      "period",        "setting",    "instant",      "event",     "reason",      "outcome",
      "milestone",     "staff_pool", "staffing_row", "cost_item", "setting_sum", "model_sum",
      "milestone_sum", "staff_sum",  "staffing_sum", "bucket",    "bin",         "policy",
      "policy_sum",    "budget",     "budget_sum",   "group",     "group_sum"};
  return names[static_cast<std::size_t>(axis)];
}

using Doubles = std::vector<double> ReplicationResult::*;
using Counts = std::vector<std::uint32_t> ReplicationResult::*;
using Single = double ReplicationResult::*;
struct Field {
  std::string_view name;
  std::vector<Axis> axes;  ///< after the replication
  std::string_view unit, meaning;
  std::variant<Doubles, Counts, Single> member;
  bool if_any = false;  ///< left out where the model has none of it
};

bool is_stored(const Field& field, const ResultSizes& sizes) {
  if (!field.if_any) return true;
  for (const Axis axis : field.axes)
    if (extent_of(axis, sizes) == 0) return false;
  return true;
}

/// The one list of what is stored. A new array is one line here and one in docs/file-formats.md.
std::vector<Field> fields() {
  using enum Axis;
  return {
      {"settings",
       {period, setting, setting_sum},
       "see setting_sums",
       "sums of every setting in every period",
       &ReplicationResult::settings},
      {"model",
       {period, model_sum},
       "see model_sums",
       "sums of the whole model in every period",
       &ReplicationResult::model},
      {"events", {period, event}, "events", "how often each event or timer happened", &ReplicationResult::events},
      {"reasons", {period, reason}, "clients", "clients who left the model, by reason", &ReplicationResult::reasons},
      {"outcomes", {period, outcome}, "times", "what actions counted", &ReplicationResult::outcomes},
      {"milestones",
       {period, milestone, milestone_sum},
       "see milestone_sums",
       "sums of every milestone in every period",
       &ReplicationResult::milestones},
      {"staff",
       {period, staff_pool, staff_sum},
       "see staff_sums",
       "sums of every staff pool in every period",
       &ReplicationResult::staff,
       true},
      {"staffing",
       {period, staffing_row, staffing_sum},
       "see staffing_sums",
       "sums of what each setting has and needs of its staff in every period",
       &ReplicationResult::staffing,
       true},
      {"costs",
       {period, cost_item},
       "$",
       "what every cost item came to in every period",
       &ReplicationResult::costs,
       true},
      {"policies",
       {period, policy, policy_sum},
       "see policy_sums",
       "sums of every policy in every period",
       &ReplicationResult::policies,
       true},
      {"budgets",
       {period, budget, budget_sum},
       "see budget_sums",
       "sums of every budget in every period",
       &ReplicationResult::budgets,
       true},
      {"observed_census",
       {instant, setting},
       "clients",
       "clients in the setting just before the instant",
       &ReplicationResult::observed_census},
      {"observed_waiting",
       {instant, setting},
       "requests",
       "requests open just before the instant",
       &ReplicationResult::observed_waiting},
      {"wait_lengths",
       {setting, bucket},
       "requests",
       "waits of those admitted, by length, over all periods",
       &ReplicationResult::wait_lengths},
      {"stay_lengths",
       {setting, bucket},
       "stays",
       "stays of those who left, by length, over all periods",
       &ReplicationResult::stay_lengths},
      {"milestone_lengths",
       {milestone, bucket},
       "clients",
       "times from start to milestone of those who reached it, by length, over all periods",
       &ReplicationResult::milestone_lengths},
      {"census_time", {setting, bin}, "days", "time at each census, over all periods", &ReplicationResult::census_time},
      {"census_width",
       {setting},
       "clients",
       "how many clients wide a bin of census_time is",
       &ReplicationResult::census_width},
      {"group_settings",
       {group, period, setting, group_sum},
       "see group_sums",
       "sums of every setting in every period, of every group",
       &ReplicationResult::group_settings,
       true},
      {"group_model",
       {group, period, model_sum},
       "see model_sums",
       "sums of the whole model, of every group",
       &ReplicationResult::group_model,
       true},
      {"group_events",
       {group, period, event},
       "events",
       "how often each event or timer happened, by group",
       &ReplicationResult::group_events,
       true},
      {"group_milestones",
       {group, period, milestone, milestone_sum},
       "see milestone_sums",
       "sums of every milestone, of every group",
       &ReplicationResult::group_milestones,
       true},
      {"group_reasons",
       {group, period, reason},
       "clients",
       "clients who left the model, by group and reason",
       &ReplicationResult::group_reasons,
       true},
      {"group_outcomes",
       {group, period, outcome},
       "times",
       "what actions counted, by group",
       &ReplicationResult::group_outcomes,
       true},
      {"group_observed_census",
       {group, instant, setting},
       "clients",
       "clients in the setting just before the instant, by group",
       &ReplicationResult::group_observed_census,
       true},
      {"group_observed_waiting",
       {group, instant, setting},
       "requests",
       "requests open just before the instant, by group",
       &ReplicationResult::group_observed_waiting,
       true},
      {"group_wait_lengths",
       {group, setting, bucket},
       "requests",
       "waits of those admitted, by group and length, over all periods",
       &ReplicationResult::group_wait_lengths,
       true},
      {"group_milestone_lengths",
       {group, milestone, bucket},
       "clients",
       "times from start to milestone, by group and length, over all periods",
       &ReplicationResult::group_milestone_lengths,
       true},
      {"initial_clients",
       {},
       "clients",
       "clients in the model when the run began",
       &ReplicationResult::initial_clients},
      {"engine_events", {}, "events", "events carried out, warm-up included", &ReplicationResult::engine_events},
      {"peak_present", {}, "clients", "most clients in the model at one time", &ReplicationResult::peak_present},
  };
}

std::uint64_t row_length(const Field& field, const ResultSizes& sizes) {
  std::uint64_t length = 1;
  for (const Axis axis : field.axes) length *= extent_of(axis, sizes);
  return length;
}

/// Those of a model with so many of each thing.
std::vector<Field> fields_of(const ResultSizes& sizes) {
  std::vector<Field> stored = fields();
  std::erase_if(stored, [&](const Field& field) { return !is_stored(field, sizes); });
  return stored;
}

h5::Element element_of(const Field& field) {
  return std::holds_alternative<Counts>(field.member) ? h5::Element::u32 : h5::Element::f64;
}

/// Histograms, and what is kept by group.
bool is_large(const Field& field) {
  return !field.axes.empty() &&
         (field.axes.front() == Axis::group || field.axes.back() == Axis::bucket || field.axes.back() == Axis::bin);
}

std::vector<std::uint64_t> shape_of(const Field& field, const ResultSizes& sizes, std::uint64_t replications) {
  std::vector<std::uint64_t> shape{replications};
  for (const Axis axis : field.axes) shape.push_back(extent_of(axis, sizes));
  return shape;
}

const void* row_of(const Field& field, const ReplicationResult& result, std::uint64_t length) {
  if (const auto* doubles = std::get_if<Doubles>(&field.member)) {
    TL_EXPECTS((result.**doubles).size() == length);
    return (result.**doubles).data();
  }
  if (const auto* counts = std::get_if<Counts>(&field.member)) {
    TL_EXPECTS((result.**counts).size() == length);
    return (result.**counts).data();
  }
  return &(result.*std::get<Single>(field.member));
}
void* room_of(const Field& field, ReplicationResult& result, std::uint64_t length) {
  if (const auto* doubles = std::get_if<Doubles>(&field.member)) {
    (result.**doubles).resize(length);
    return (result.**doubles).data();
  }
  if (const auto* counts = std::get_if<Counts>(&field.member)) {
    (result.**counts).resize(length);
    return (result.**counts).data();
  }
  return &(result.*std::get<Single>(field.member));
}

}  // namespace

ResultSizes sizes_of(const CompiledModel& model) {
  return {static_cast<std::uint32_t>(model.period_ends.size()),
          static_cast<std::uint32_t>(model.settings.size()),
          static_cast<std::uint32_t>(model.observe.size()),
          static_cast<std::uint32_t>(model.events.size() + model.timers.size()),
          model.reason_count,
          model.outcome_count,
          static_cast<std::uint32_t>(model.milestones.size()),
          static_cast<std::uint32_t>(model.staff.size()),
          static_cast<std::uint32_t>(model.staffing.size()),
          static_cast<std::uint32_t>(model.money.items.size()),
          static_cast<std::uint32_t>(model.policies.rules.size()),
          static_cast<std::uint32_t>(model.budgets.rules.size()),
          group_count(model.by)};
}
ResultSizes sizes_of(const ReplicationResult& result) {
  return {result.period_count,   result.setting_count, result.observe_count,   result.event_count,
          result.reason_count,   result.outcome_count, result.milestone_count, result.staff_count,
          result.staffing_count, result.cost_count,    result.policy_count,    result.budget_count,
          result.group_count};
}

ReplicationArrays::ReplicationArrays(hid_t group, const ResultSizes& sizes, std::uint64_t replications)
    : sizes_{sizes}, replications_{replications} {
  for (const Field& field : fields_of(sizes)) {
    std::vector<std::string_view> dimensions{"replication"};
    for (const Axis axis : field.axes) dimensions.push_back(name_of(axis));
    arrays_.push_back(h5::create_array(group, std::string{field.name}, element_of(field),
                                       shape_of(field, sizes, replications), {field.unit, field.meaning, dimensions}));
  }
}

void ReplicationArrays::add(std::span<const ReplicationResult> results) {
  const std::vector<Field> all = fields_of(sizes_);
  for (const ReplicationResult& result : results) {
    TL_EXPECTS(sizes_of(result) == sizes_ && next_ < replications_);
    for (std::size_t f = 0; f < all.size(); ++f)
      h5::write_rows(arrays_[f], element_of(all[f]), next_, 1, row_of(all[f], result, row_length(all[f], sizes_)));
    ++next_;
  }
}

void ReplicationArrays::add_packed(hid_t group, std::uint64_t replications) {
  TL_EXPECTS(next_ + replications <= replications_);
  const std::vector<Field> all = fields_of(sizes_);
  std::vector<h5::Handle> there;
  std::vector<std::optional<h5::RowCopier>> copiers(all.size());
  there.reserve(all.size());
  for (std::size_t f = 0; f < all.size(); ++f) {
    there.push_back(
        h5::open_array(group, std::string{all[f].name}, element_of(all[f]), shape_of(all[f], sizes_, replications)));
    if (!all[f].axes.empty())  // single numbers lie together, packed as one piece
      copiers[f].emplace(there[f], arrays_[f], shape_of(all[f], sizes_, replications_), element_of(all[f]));
  }
  for (std::uint64_t i = 0; i < replications; ++i, ++next_)
    for (std::size_t f = 0; f < all.size(); ++f) {
      if (copiers[f]) {
        copiers[f]->copy(i, next_);
        continue;
      }
      double single = 0.0;
      h5::read_row(there[f], element_of(all[f]), i, &single);
      h5::write_rows(arrays_[f], element_of(all[f]), next_, 1, &single);
    }
}

void ReplicationArrays::close() {
  TL_EXPECTS(next_ == replications_);
  for (h5::Handle& array : arrays_) array.close("finish an array");
  arrays_.clear();
}

StoredReplications::StoredReplications(hid_t group, const ResultSizes& sizes, std::uint64_t replications)
    : sizes_{sizes} {
  for (const Field& field : fields_of(sizes))
    arrays_.push_back(
        h5::open_array(group, std::string{field.name}, element_of(field), shape_of(field, sizes, replications)));
}

void StoredReplications::read(std::uint64_t replication, Arrays wanted, ReplicationResult& into) const {
  into.period_count = sizes_.periods;
  into.setting_count = sizes_.settings;
  into.observe_count = sizes_.instants;
  into.event_count = sizes_.events;
  into.reason_count = sizes_.reasons;
  into.outcome_count = sizes_.outcomes;
  into.milestone_count = sizes_.milestones;
  into.staff_count = sizes_.staff;
  into.staffing_count = sizes_.staffing;
  into.policy_count = sizes_.policies;
  into.budget_count = sizes_.budgets;
  if (sizes_.staff == 0) into.staff.clear();
  if (sizes_.staffing == 0) into.staffing.clear();
  into.cost_count = sizes_.costs;
  if (sizes_.costs == 0) into.costs.clear();
  if (sizes_.policies == 0) into.policies.clear();
  if (sizes_.budgets == 0) into.budgets.clear();
  into.group_count = sizes_.groups;
  const std::vector<Field> all = fields_of(sizes_);
  for (std::size_t f = 0; f < all.size(); ++f) {
    void* room = room_of(all[f], into, row_length(all[f], sizes_));
    if (wanted == Arrays::all || !is_large(all[f])) h5::read_row(arrays_[f], element_of(all[f]), replication, room);
  }
}

std::vector<ReplicationResult> read_replications(hid_t group, const ResultSizes& sizes, std::uint64_t replications) {
  const StoredReplications stored{group, sizes, replications};
  std::vector<ReplicationResult> results(replications);
  for (std::uint64_t i = 0; i < replications; ++i) stored.read(i, Arrays::all, results[i]);
  return results;
}

}  // namespace tl
