#pragma once
#include <cmath>
#include <compare>
#include <cstdint>

#include "sim/expects.hpp"

namespace tl {

inline constexpr std::int64_t kMicrosPerDay = 86'400'000'000;
inline constexpr double kLongestDays = 200.0 * 365.25;  ///< the longest horizon a model may ask for

/// An instant or a length: whole microseconds since the run's start. Exact, so that "the same instant" means something.
class SimTime {
 public:
  constexpr SimTime() = default;
  static constexpr SimTime from_micros(std::int64_t micros) { return SimTime{micros}; }
  /// @param days  rounded to the nearest microsecond; lengths beyond the longest run become `never()`
  static SimTime from_days(double days) {
    TL_EXPECTS(!std::isnan(days));
    if (days >= 2.0 * kLongestDays) return never();
    if (days <= -2.0 * kLongestDays) return SimTime{-never().micros_};
    return SimTime{static_cast<std::int64_t>(days * static_cast<double>(kMicrosPerDay) + (days < 0 ? -0.5 : 0.5))};
  }
  /// Later than anything that happens in a run; sums of two of them do not overflow.
  static constexpr SimTime never() { return SimTime{std::int64_t{1} << 61}; }
  constexpr std::int64_t micros() const { return micros_; }
  constexpr double days() const { return static_cast<double>(micros_) / static_cast<double>(kMicrosPerDay); }
  constexpr bool is_never() const { return micros_ >= never().micros_; }
  friend constexpr SimTime operator+(SimTime a, SimTime b) { return SimTime{a.micros_ + b.micros_}; }
  friend constexpr SimTime operator-(SimTime a, SimTime b) { return SimTime{a.micros_ - b.micros_}; }
  friend constexpr auto operator<=>(SimTime, SimTime) = default;

 private:
  constexpr explicit SimTime(std::int64_t micros) : micros_{micros} {}
  std::int64_t micros_ = 0;
};

}  // namespace tl
