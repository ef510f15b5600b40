#include "models/staff_numbers.hpp"

#include <algorithm>
#include <cmath>

namespace tl {

double hours_of_week(const std::vector<WeekWindow>& windows) {
  if (windows.empty()) return kHoursOfWeek;
  double hours = 0.0;
  for (const WeekWindow& window : windows) hours += window.ends - window.begins;
  return hours;
}

double relief_factor(const StaffSpec& staff, const std::vector<WeekWindow>& windows) {
  return hours_of_week(windows) / (staff.hours_per_week * (1.0 - staff.leave - staff.training));
}

double long_run_vacancy(double turnover_per_day, double mean_days, std::uint32_t posts, std::uint32_t hires_at_once) {
  const double load = turnover_per_day * mean_days;
  if (!(load > 0.0)) return 0.0;
  if (std::isinf(load)) return 1.0;
  if (hires_at_once == 0 || hires_at_once >= posts) return load / (1.0 + load);
  // p(k + 1) / p(k) for k vacant posts; scaled on the way, so that nothing overflows
  double chance = 1.0, sum = 1.0, vacant = 0.0;
  for (std::uint32_t k = 0; k < posts; ++k) {
    chance *= (posts - k) * load / std::min(k + 1, hires_at_once);
    sum += chance;
    vacant += (k + 1) * chance;
    if (sum > 1e200) {
      chance /= sum;
      vacant /= sum;
      sum = 1.0;
    }
  }
  return vacant / sum / posts;
}

}  // namespace tl
