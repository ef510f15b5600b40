#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "tests/catch.hpp"
#include "tests/scenarios/example.hpp"

// Examples of policies: models/examples beside exact results.
namespace {

using namespace tl;
using namespace tl::testing;

constexpr double kArrivals = 1.6, kLeave = 0.25;  // [1/day]
constexpr std::size_t kBeds = 6, kSurge = 9, kMostWaiting = 40;
constexpr std::size_t kStates = (kSurge + 1) * (kMostWaiting + 1);

using Shares = std::vector<double>;  // by beds in use and people waiting

std::size_t at(std::size_t beds, std::size_t waiting) {
  return beds * (kMostWaiting + 1) + waiting;
}

/// Those who wait take what is free.
Shares admitted(const Shares& before, std::size_t capacity) {
  Shares after(kStates, 0.0);
  for (std::size_t beds = 0; beds <= kSurge; ++beds)
    for (std::size_t waiting = 0; waiting <= kMostWaiting; ++waiting) {
      const std::size_t in = beds < capacity ? std::min(waiting, capacity - beds) : 0;
      after[at(beds + in, waiting - in)] += before[at(beds, waiting)];
    }
  return after;
}

/// One jump of the chain at the rate of all that can happen, or a jump to where it is.
Shares jumped(const Shares& before, std::size_t capacity, double fastest) {
  Shares after(kStates, 0.0);
  for (std::size_t beds = 0; beds <= kSurge; ++beds)
    for (std::size_t waiting = 0; waiting <= kMostWaiting; ++waiting) {
      const double share = before[at(beds, waiting)] / fastest;
      if (share == 0.0) continue;
      const double out = kLeave * static_cast<double>(beds);
      const bool admits = beds < capacity;
      after[admits ? at(beds + 1, waiting) : at(beds, std::min(waiting + 1, kMostWaiting))] += kArrivals * share;
      if (beds > 0) {
        const bool next = beds - 1 < capacity && waiting > 0;
        after[next ? at(beds, waiting - 1) : at(beds - 1, waiting)] += out * share;
      }
      after[at(beds, waiting)] += (fastest - kArrivals - out) * share;
    }
  return after;
}

/// A day without a review (uniformisation: Jensen 1953).
Shares after_a_day(const Shares& before, std::size_t capacity) {
  const double fastest = kArrivals + kLeave * static_cast<double>(kSurge);
  Shares now = admitted(before, capacity), sum(kStates, 0.0);
  double chance = std::exp(-fastest);
  for (int jumps = 0; jumps < 30; ++jumps) {
    for (std::size_t i = 0; i < kStates; ++i) sum[i] += chance * now[i];
    now = jumped(now, capacity, fastest);
    chance *= fastest / (jumps + 1);
  }
  return sum;
}

/// Just before a review: closed after 0 … 3 reviews in a row with more than 4 waiting, opening in 1 or 2 days, open
/// after 0 … 5 reviews in a row with nobody waiting.
constexpr std::size_t kClosed = 0, kOpening = 4, kOpen = 6, kModes = 12;
struct LongRun {
  double open = 0.0, openings = 0.0, waiting = 0.0;  ///< share of days; per day; mean at reviews
};
LongRun long_run() {
  std::array<Shares, kModes> shares;
  for (Shares& each : shares) each.assign(kStates, 0.0);
  shares[kClosed][0] = 1.0;
  LongRun found;
  for (int day = 0; day < 1200; ++day) {
    found = {};
    std::array<Shares, kModes> next;
    for (Shares& each : next) each.assign(kStates, 0.0);
    for (std::size_t mode = 0; mode < kModes; ++mode)
      for (std::size_t beds = 0; beds <= kSurge; ++beds)
        for (std::size_t waiting = 0; waiting <= kMostWaiting; ++waiting) {
          const double share = shares[mode][at(beds, waiting)];
          if (share == 0.0) continue;
          found.waiting += share * static_cast<double>(waiting);
          std::size_t then = mode;
          if (then == kOpening) {  // what was decided two days ago comes first
            found.openings += share;
            then = kOpen;
          } else if (then == kOpening + 1) {
            then = kOpening;
          }
          if (mode < kOpening) then = waiting > 4 ? (mode == 3 ? kOpening + 1 : mode + 1) : kClosed;
          if (then >= kOpen) then = waiting < 1 ? (then == kOpen + 5 ? kClosed : then + 1) : kOpen;
          if (then >= kOpen) found.open += share;
          next[then][at(beds, waiting)] += share;
        }
    for (std::size_t mode = 0; mode < kModes; ++mode)
      shares[mode] = after_a_day(next[mode], mode >= kOpen ? kSurge : kBeds);
  }
  return found;
}

}  // namespace

TEST_CASE("example: surge beds open and close as the chain of their reviews says") {
  Example example{"policies"};
  example.run(20);
  const LongRun exact = long_run();
  example.check("share of the time with surge beds", "policy.surge.open_days", "days", exact.open, 0.09);
  example.check("days from opening to opening", "days", "policy.surge.openings", 1.0 / exact.openings, 0.1);
  example.check("days from deciding to opening", "policy.surge.lead_days", "policy.surge.openings", 2.0, 0.06);
  example.check("people waiting at the reviews", "policy.surge.measured", "policy.surge.reviews", exact.waiting, 0.1);
  CHECK(example.total("ward.capacity_days") ==
        Approx(6.0 * example.total("days") + 3.0 * example.total("policy.surge.open_days")));
  example.check_page();
}

TEST_CASE("example: a shelter with more beds in winter, and a contract that takes time") {
  Example example{"winter_shelter"};
  example.run(2);
  example.check_same("days the winter beds are there", "policy.winter.open_days", 2.0 * 137.0);
  example.check_same("bed-days of the winter shelter", "winter_shelter.capacity_days", 6.0 * 2.0 * 137.0);
  // 731 days from 1 July 2025: 10 beds, and 4 more from 29 August 2026, day 424
  example.check_same("bed-days of the shelter", "shelter.capacity_days", 10.0 * 731.0 + 4.0 * (731.0 - 424.0));
  example.check_page();
}
