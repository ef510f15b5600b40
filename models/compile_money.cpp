#include <bit>
#include <limits>
#include <set>

#include "models/compile_builder.hpp"

// Money: what the engine accrues, and the words by which results are told.
namespace tl::compiling {
namespace {

constexpr double kDaysPerYear = 365.25;
constexpr double kDaysPerWeek = 7.0;

CostDriver driver_of(CostPer per) {
  switch (per) {
    case CostPer::client_day:
      return CostDriver::client_days;
    case CostPer::capacity_day:
      return CostDriver::capacity_days;
    case CostPer::admission:
      return CostDriver::admissions;
    case CostPer::year:
      return CostDriver::time;
    case CostPer::event:
      return CostDriver::event;
    case CostPer::outcome:
      return CostDriver::outcome;
    case CostPer::once:
      return CostDriver::once;
    case CostPer::staff_hour:
      return CostDriver::staff_days;
    case CostPer::metric:
      return CostDriver::nothing;
  }
  return CostDriver::nothing;
}

std::string word_of(CostPer per) {
  constexpr const char* kWords[] = {"client day", "capacity day", "admission",  "year",  "event",
                                    "outcome",    "once",         "staff hour", "metric"};
  return kWords[static_cast<std::size_t>(per)];
}

}  // namespace

/// The engine's part: an item whose price is a unit's part of the amount, from date to date.
/// @param factor  dollars for one unit of the driver where the amount is 1
void Builder::cost_item(CostDriver driver, std::uint32_t subject, const VaryingNumber& amount, double factor) {
  const auto item = static_cast<std::uint32_t>(out_.money.items.size());
  out_.money.items.push_back({driver, subject, dated_at(amount, start_day()) * factor, {}});
  Epochs epochs;
  add_changes(amount, epochs);
  finish(epochs);
  for (std::size_t i = 1; i < epochs.size(); ++i)
    add_patch(instant(epochs[i]), PatchKind::price, item,
              std::bit_cast<std::int64_t>(dated_at(amount, epochs[i]) * factor));
}

void Builder::cost(const CostSpec& spec) {
  const auto item = static_cast<std::uint32_t>(out_.money.items.size());
  const bool at_once = spec.per == CostPer::once;
  if (at_once) {  // before the run: never
    const SimTime on = spec.on_days < start_day() ? SimTime::never() : instant(spec.on_days);
    out_.money.items.push_back({CostDriver::once, 0, dated_at(spec.amount, spec.on_days), on});
  } else if (spec.per == CostPer::metric) {
    out_.money.items.push_back({CostDriver::nothing, 0, 0.0, {}});
  } else {
    const bool counts = spec.per == CostPer::event || spec.per == CostPer::outcome || spec.per == CostPer::staff_hour;
    // a year's amount is spread evenly over its days, and so are the hours of a week
    double factor = 1.0;
    if (spec.per == CostPer::year) factor = 1.0 / kDaysPerYear;
    if (spec.per == CostPer::staff_hour) factor = model_.staff[spec.subject].hours_per_week / 7.0;
    cost_item(driver_of(spec.per), counts ? spec.subject : spec.setting.value_or(0), spec.amount, factor);
  }
  CostWords words{.id = spec.id,
                  .name = spec.name,
                  .kind = spec.is_incentive ? "incentive" : "cost",
                  .per = word_of(spec.per),
                  .setting = "",
                  .department = model_.departments[spec.department],
                  .domain = "",
                  .metric = spec.metric,
                  .every = spec.every,
                  .target = spec.target,
                  .amount = dated_at(spec.amount, at_once ? spec.on_days : 0.0)};
  if (spec.setting) {
    words.setting = words_.settings[*spec.setting].id;
    words.domain = words_.settings[*spec.setting].domain;
  }
  words_.costs.push_back(std::move(words));
  for (const auto& [payer, share] : spec.split.shares) words_.cost_shares.push_back({item, payer, share});
}

/// What a pool of staff costs is of the setting that alone needs them; that of shared ones is of no setting.
/// @param factor  dollars for one unit of the driver where the amount is 1
void Builder::staff_cost(std::uint32_t row, const StaffCost& of, const VaryingNumber& amount, double factor) {
  const StaffSpec& spec = model_.staff[row];
  const auto item = static_cast<std::uint32_t>(out_.money.items.size());
  cost_item(of.driver, row, amount, factor);
  CostWords words{.id = "staff." + spec.id + of.id,
                  .name = std::string{of.name} + ": " + (spec.name.empty() ? spec.id : spec.name),
                  .kind = of.kind,
                  .per = of.per,
                  .setting = "",
                  .department = model_.departments[spec.department],
                  .domain = "",
                  .metric = "",
                  .every = "",
                  .target = std::numeric_limits<double>::quiet_NaN(),
                  .amount = dated_at(amount, 0.0) * of.each};
  std::set<std::uint32_t> users;
  for (const StaffingSpec& staffing : model_.staffing)
    if (staffing.staff == row)
      users.insert(staffing.target + (staffing.is_pool ? static_cast<std::uint32_t>(model_.settings.size()) : 0U));
  if (users.size() == 1) {
    words.setting = words_.settings[*users.begin()].id;
    words.domain = words_.settings[*users.begin()].domain;
  }
  words_.costs.push_back(std::move(words));
  for (const auto& [payer, share] : spec.split.shares) words_.cost_shares.push_back({item, payer, share});
}

/// Salaries are paid for all paid hours, leave and training among them; overtime and agency for hours worked.
void Builder::staff_costs(std::uint32_t row) {
  const StaffSpec& spec = model_.staff[row];
  const double worked = 1.0 - spec.leave - spec.training, hours_a_day = spec.hours_per_week / kDaysPerWeek;
  if (spec.salary) {
    const double with_benefits = 1.0 + spec.benefits;
    staff_cost(row, {CostDriver::staff_days, "", "Salaries", "salary", "FTE year", with_benefits}, *spec.salary,
               with_benefits / kDaysPerYear);
  }
  if (spec.salary && spec.overtime) {
    const double hourly = spec.overtime->pay / (hours_a_day * kDaysPerYear);
    staff_cost(row, {CostDriver::overtime_days, ".overtime", "Overtime", "overtime", "hour", hourly}, *spec.salary,
               hourly * hours_a_day * worked);
  }
  if (spec.agency && spec.agency->pay)
    staff_cost(row, {CostDriver::agency_days, ".agency", "Agency", "agency", "hour", 1.0}, *spec.agency->pay,
               hours_a_day * worked);
}

void Builder::money() {
  words_.payers = model_.money.payers;
  words_.dollars_of = model_.money.dollars_of;
  words_.discount = model_.money.discount;
  for (const CostSpec& spec : model_.money.costs) cost(spec);
  for (std::uint32_t row = 0; row < model_.staff.size(); ++row) staff_costs(row);
}

}  // namespace tl::compiling
