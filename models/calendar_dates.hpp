#pragma once
#include <cstdint>
#include <string>

namespace tl {

/// A civil date of the proleptic Gregorian calendar; no time zone, no daylight saving.
struct CivilDate {
  int year = 1970, month = 1 /* 1 … 12 */, day = 1 /* 1 … 31 */;
  friend bool operator==(const CivilDate&, const CivilDate&) = default;
};

/// Days from 1970-01-01 to the date (negative before it). @param date  valid: is_valid
/// @source  the 400-year era of 146,097 days, counted from 1 March so that the leap day is a year's last
std::int64_t days_from_civil(CivilDate date);

/// The date that lies `days` after 1970-01-01.
CivilDate civil_from_days(std::int64_t days);

/// Whether there is such a day.
bool is_valid(CivilDate date);

/// 0 Monday … 6 Sunday, of the date that lies `days` after 1970-01-01.
int weekday_of(std::int64_t days);

/// "2020-07-01"
std::string iso_date(CivilDate date);

}  // namespace tl
