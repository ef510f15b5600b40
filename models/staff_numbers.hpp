#pragma once
#include "models/model.hpp"

namespace tl {

/// Hours of a week.
inline constexpr double kHoursOfWeek = 168.0;

/// Hours a week in which posts are on duty; 168 when always.
double hours_of_week(const std::vector<WeekWindow>& windows);

/// FTE that keep one post filled: the post's hours a week over the hours that one FTE is there,
/// hours_per_week × (1 − leave − training). 168 / (40 × 0.85) = 4.94 for a post round the clock.
/// @source  relief factor of posts: National Institute of Corrections, Staffing Analysis Workbook for Jails (2nd ed.,
///          2003), "net annual work hours" and "shift relief factor"
double relief_factor(const StaffSpec& staff, const std::vector<WeekWindow>& windows);

/// Share of the posts that is vacant in the long run: people leave a post at `turnover` and it is filled again after
/// `mean_days` from when someone is free to see to it.
///
/// Without a limit of those who hire: turnover × time / (1 + turnover × time), whatever the distribution. With one:
/// exact for an exponential time to hire (the machine repair model, M/M/c//N), near to it for others.
/// @param turnover_per_day  at which each employed person leaves, 0 or more
/// @param mean_days         0 or more; infinity: a vacant post stays so
/// @param posts             at least 1 where there is a limit
/// @param hires_at_once     0 = no limit
/// @source  Gross, Shortle, Thompson & Harris, Fundamentals of Queueing Theory, finite-source queues
double long_run_vacancy(double turnover_per_day, double mean_days, std::uint32_t posts, std::uint32_t hires_at_once);

}  // namespace tl
