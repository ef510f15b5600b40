#include <algorithm>
#include <cmath>
#include <map>

#include "sim/maths.hpp"
#include "tests/catch.hpp"
#include "tests/scenarios/example.hpp"

// Examples of starts, lengths and of what is kept: models/examples beside exact results.
namespace {

using namespace tl;
using namespace tl::testing;

}  // namespace

// By hand. Ann came on 13 October, 80 days before; Bob 60 days before: their 100 days end on days 20 and 40. Dan is a
// veteran and first, though he has asked last; then Eve, who has asked before Cat and gets Bob's home; Cat gets Dan's
// on day 120.
TEST_CASE("example: a census, by hand") {
  const Example example{"census"};
  CHECK(example.moves() == std::vector<std::string>{"20 1 >leave:moved_on", "20 4 street>homes", "40 2 >leave:moved_on",
                                                    "40 5 street>homes", "120 4 homes>leave:moved_on",
                                                    "120 3 street>homes", "140 5 homes>leave:moved_on"});
  Example results{"census"};
  results.run(1);
  // Dan waited 10 + 20 days, Eve 153 + 40 (from 1 August), Cat 61 + 120 (from 1 November).
  results.check_same("days waited by the three who got a home", "homes.wait_days", 30.0 + 193.0 + 181.0);
  results.check_same("clients of the outreach team whose time was up", "outreach.departures", 2.0);
  results.check_page();
}

TEST_CASE("example: every kind of length of stay has its mean") {
  Example example{"distributions"};
  example.run(24);
  // Lognormal through two quantiles: mu = log 14, sigma = log(40/14) / the normal's 90 % quantile.
  const double sigma = std::log(40.0 / 14.0) / normal_quantile(0.9);
  const double ten = std::exp(-1.0 / 10.0);
  const double cut = std::exp(-7.0 / 30.0) - std::exp(-60.0 / 30.0);
  const std::map<std::string, double> means{
      {"constant", 30.0},
      {"exponential", 30.0},
      {"uniform", 30.0},
      {"triangular", 30.0},
      {"gamma", 30.0},
      {"erlang", 30.0},
      {"weibull", 30.0 * std::tgamma(1.0 + 1.0 / 1.5)},
      {"lognormal", 30.0},
      {"normal", 30.0},
      {"discrete", 0.5 * 7.0 + 0.3 * 30.0 + 0.2 * 90.0},
      {"pareto", 5.0 + 20.0 / (1.0 - 0.2)},
      {"poisson", 12.0},
      {"empirical",
       ((3.0 + 8.0) / 2.0 + 8.0 + (8.0 + 21.0) / 2.0 + (21.0 + 60.0) / 2.0) / 4.0},  // lines between neighbours
      {"hazard", 7.0 * (1.0 + 0.9 + 0.9 * 0.7 + 0.9 * 0.7 * 0.5)},
      {"mixture", 0.7 * 10.0 + 0.3 * 90.0},
      {"quantiles", 14.0 * std::exp(sigma * sigma / 2.0)},
      {"more_quantiles", 0.25 * 5.0 + 0.5 * 20.0 + 0.25 * 65.0},
      {"absolute", 30.0 * std::sqrt(2.0 / 3.141592653589793)},
      // Integral of an exponential's tail between 7 and 60, given that it falls there.
      {"truncated", ((7.0 + 30.0) * std::exp(-7.0 / 30.0) - (60.0 + 30.0) * std::exp(-60.0 / 30.0)) / cut},
      {"rounded", 1.0 + 1.0 / (1.0 - ten)},
  };
  CHECK(means.size() + 1 == example.compiled().words.settings.size());  // and the place outside
  for (const auto& [id, mean] : means) {
    if (id == "constant")
      CHECK(example.total("constant.stay_drawn_days") == Approx(30.0 * example.total("constant.stays_ended")));
    else
      example.check(id, id + ".stay_drawn_days", id + ".stays_ended", mean,
                    id == "mixture" || id == "pareto" ? 0.18 : 0.1);
  }
  example.check_page();
}

TEST_CASE("example: quantiles are met") {
  Example example{"distributions"};
  example.run(20);
  const auto& words = example.compiled().words.settings;
  const auto share_below = [&](const std::string& id, double days) {
    const auto at = static_cast<std::size_t>(
        std::find_if(words.begin(), words.end(), [&](const SettingWords& each) { return each.id == id; }) -
        words.begin());
    double below = 0.0, all = 0.0;
    for (const ReplicationResult& result : example.results())
      for (std::size_t b = 0; b < kLengthBuckets; ++b) {
        const double count = result.stay_lengths[at * kLengthBuckets + b];
        all += count;
        if (bucket_low_days(b) < days) below += count;
      }
    return below / all;
  };
  // About 14,600 stays each: 4.9 standard errors of a share are 0.02; the buckets blur by a sixteenth of the value.
  CHECK(share_below("quantiles", 14.0) == Approx(0.5).margin(0.045));
  CHECK(share_below("quantiles", 40.0) == Approx(0.9).margin(0.03));
  CHECK(share_below("more_quantiles", 10.0) == Approx(0.25).margin(0.035));
  CHECK(share_below("more_quantiles", 30.0) == Approx(0.75).margin(0.035));
}

// Those there at the start thin out with exp(-t/120), newcomers fill up: 40 exp(-t/120) + 60 (1 - exp(-t/120)).
TEST_CASE("example: the state on given days") {
  Example example{"observe"};
  example.run(400);
  const auto& days = example.compiled().words.observe_days;
  REQUIRE(days.size() == 4);
  CHECK(days[1] == 90.0);  // 1 April 2025
  const std::vector<std::string> words{"residents on day 30", "residents on 1 April", "residents on day 180",
                                       "residents on day 360"};
  for (std::size_t i = 0; i < 4; ++i) {
    const double left = std::exp(-days[i] / 120.0);
    example.check(words[i], "observed.recovery." + std::to_string(i), "runs", 40.0 * left + 60.0 * (1.0 - left), 0.07);
  }
  example.check_page();
}

// Of those who come in the year after t days, the stays below 365 - t are counted: rate x integral of 1 - exp(-u/150).
TEST_CASE("example: a cohort of the year") {
  Example cohort{"cohort"};
  Example ended{"cohort", {{"\"arrived_in_window\"", "\"ended\""}}};
  cohort.run(40);
  ended.run(40);
  constexpr double year = 365.25, mean = 150.0;
  const double gone = std::exp(-year / mean);
  const double stays = year - mean * (1.0 - gone);
  // Integral over u below a year of the integral of s exp(-s/150)/150 up to u.
  const double days = mean * year - 2.0 * mean * mean * (1.0 - gone) + mean * year * gone;
  cohort.check("mean stay of the cohort, days", "residential.stay_days", "residential.stays", days / stays, 0.075);
  cohort.check("stays counted in the cohort", "residential.stays", "runs", 2.0 * stays, 0.11);
  ended.check("mean stay of all that ended, days", "residential.stay_days", "residential.stays", mean, 0.1);
  cohort.check_page();
  ended.check_page();
}
