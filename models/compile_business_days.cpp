#include <algorithm>
#include <cmath>

#include "models/calendar_dates.hpp"
#include "models/compile_builder.hpp"

// Business days: neither a Saturday or Sunday nor a holiday.
namespace tl::compiling {
namespace {

constexpr int kSaturday = 5;  ///< weekday_of: Monday is 0

bool is_holiday(const Model& model, std::int64_t day) {
  if (std::find(model.holidays.begin(), model.holidays.end(), day) != model.holidays.end()) return true;
  const CivilDate date = civil_from_days(day);
  return std::any_of(model.yearly_holidays.begin(), model.yearly_holidays.end(),
                     [&](DayOfYear one) { return one.month == date.month && one.day == date.day; });
}

bool counts_business_days(const Model& model) {
  return std::any_of(model.settings.begin(), model.settings.end(),
                     [](const SettingSpec& setting) { return setting.queue.standard_business_days > 0; }) ||
         std::any_of(model.milestones.begin(), model.milestones.end(),
                     [](const MilestoneSpec& milestone) { return milestone.standard_business_days > 0; });
}

}  // namespace

/// How many there have been by the end of each civil day, from before the oldest request on.
void Builder::business_days() {
  if (!counts_business_days(model_)) return;
  double oldest = model_.warmup_days;
  for (const InitialSpec& group : model_.initial) oldest = std::max(oldest, model_.warmup_days + group.waited_days);
  for (const CensusRow& row : model_.census) oldest = std::max(oldest, row.waited_days);
  const auto first = static_cast<std::int64_t>(std::floor(-oldest)) - 1;
  const auto last = static_cast<std::int64_t>(std::ceil(model_.horizon_days));
  const std::int64_t start = days_from_civil({model_.start_year, model_.start_month, model_.start_day});
  out_.business_days.origin = instant(static_cast<double>(first));
  std::uint32_t counted = 0;
  for (std::int64_t day = first; day <= last; ++day) {
    if (weekday_of(start + day) < kSaturday && !is_holiday(model_, start + day)) ++counted;
    out_.business_days.counted.push_back(counted);
  }
}

}  // namespace tl::compiling
