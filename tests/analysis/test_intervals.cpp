#include <array>
#include <cmath>

#include "analysis/intervals.hpp"
#include "analysis/numbers.hpp"
#include "sim/maths.hpp"
#include "sim/random.hpp"
#include "tests/catch.hpp"

using namespace tl;

TEST_CASE("the interval of five numbers, worked by hand") {
  // Mean 4, variance 2.5, standard error sqrt(0.5); t(0.975, 4) = 2.7764451052 (tables of Student's t).
  const std::array<double, 5> values{2.0, 3.0, 4.0, 5.0, 6.0};
  const Estimate estimate = estimate_of(values);
  const double half = 2.7764451051977987 * std::sqrt(0.5);
  CHECK(estimate.mean == Approx(4.0));
  CHECK(*estimate.low == Approx(4.0 - half).epsilon(1e-9));
  CHECK(*estimate.high == Approx(4.0 + half).epsilon(1e-9));
  CHECK(estimate.count == 5);
  CHECK(estimate.is_clear());
}

TEST_CASE("too few replications give no interval, and say why") {
  CHECK_FALSE(estimate_of({}).has_interval());
  CHECK(std::isnan(estimate_of({}).mean));
  const std::array<double, 1> one{3.0};
  CHECK(estimate_of(one).mean == 3.0);
  CHECK_FALSE(estimate_of(one).has_interval());
  CHECK_THAT(estimate_of(one).why, Catch::Contains("two or more"));
}

TEST_CASE("a paired difference takes out what both share") {
  const std::array<double, 4> a{11.0, 22.0, 31.0, 42.0}, b{10.0, 20.0, 30.0, 40.0};
  // Differences 1, 2, 1, 2: mean 1.5, variance 1/3; t(0.975, 3) = 3.1824463053.
  const Estimate difference = paired_difference(a, b);
  const double half = 3.182446305283708 * std::sqrt(1.0 / 12.0);
  CHECK(difference.mean == Approx(1.5));
  CHECK(*difference.low == Approx(1.5 - half).epsilon(1e-9));
  CHECK(difference.is_clear());
  CHECK_FALSE(paired_difference(a, a).is_clear());
}

TEST_CASE("a ratio of means") {
  const std::array<double, 3> a{2.0, 4.0, 6.0}, b{1.0, 2.0, 3.0}, c{1.0, 3.0, 2.0}, zero{0.0, 0.0, 0.0};
  CHECK(paired_ratio(a, b).mean == Approx(2.0));
  CHECK(*paired_ratio(a, b).low == Approx(2.0));
  // a/c: ratio 2, residuals (0, -2, 2)/2: variance 1, standard error sqrt(1/3), t(0.975, 2) = 4.3026527297.
  CHECK(*paired_ratio(a, c).high == Approx(2.0 + 4.302652729911275 * std::sqrt(1.0 / 3.0)).epsilon(1e-9));
  CHECK(std::isnan(paired_ratio(a, zero).mean));
}

TEST_CASE("quantiles between replications lie on straight lines between order statistics") {
  const std::array<double, 5> values{50.0, 10.0, 40.0, 20.0, 30.0};
  const std::vector<double> found = quantiles_of(values, kBandShares);
  REQUIRE(found.size() == 5);
  CHECK(found[0] == Approx(12.0));
  CHECK(found[1] == Approx(20.0));
  CHECK(found[2] == Approx(30.0));
  CHECK(found[4] == Approx(48.0));
  CHECK(quantiles_of({}, kBandShares).empty());
}

TEST_CASE("95% intervals of normal data cover the mean 95 times in 100", "[statistical]") {
  // Theory is exact here. With 4,000 studies a right program fails with chance 1e-6 (z = 4.8916); an interval that used
  // the normal quantile for Student's would cover 0.881 at five values and be caught: that is 20 standard errors away.
  constexpr std::uint32_t kStudies = 4000;
  const std::size_t n = GENERATE(5U, 20U);
  std::uint32_t covered = 0;
  for (std::uint32_t study = 0; study < kStudies; ++study) {
    std::vector<double> values;
    for (std::uint32_t i = 0; i < n; ++i) {
      const auto bits = draw(run_key(20, study), {3, i, 0}, Purpose::process, 0, 0);
      values.push_back(10.0 + 3.0 * normal_quantile(uniform53(bits.w[0], bits.w[1])));
    }
    const Estimate estimate = estimate_of(values);
    covered += *estimate.low <= 10.0 && 10.0 <= *estimate.high ? 1 : 0;
  }
  const double share = covered / double{kStudies}, error = std::sqrt(0.95 * 0.05 / kStudies);
  CAPTURE(n, share, error);
  CHECK(std::abs(share - 0.95) <= 4.8916 * error);
}

TEST_CASE("numbers are shown as their interval allows") {
  const auto [mean, half, text] =
      GENERATE(table<double, double, std::string>({{80.2345, 2.13, "80.2 (78.1 to 82.4)"},
                                                   {1234.5, 45.0, "1,234 (1,190 to 1,280)"},
                                                   {1234567.0, 23456.0, "1,235,000 (1,211,000 to 1,258,000)"},
                                                   {-0.04, 0.05, "-0.040 (-0.090 to 0.010)"},
                                                   {0.0001, 1.0, "0.0 (-1.0 to 1.0)"}}));
  Estimate estimate{mean, mean - half, mean + half, 10, ""};
  if (mean == 1234.5) estimate = {1234.0, 1190.0, 1280.0, 10, ""};
  CHECK(shown(estimate) == text);
}

TEST_CASE("where there is little room numbers are rounded, never cut") {
  const auto [value, text] = GENERATE(table<double, std::string>({{15224.418, "15,220"},
                                                                  {12250.0, "12,250"},
                                                                  {1234567.0, "1,235,000"},
                                                                  {3804.6, "3,805"},
                                                                  {999.96, "1,000"},
                                                                  {84.4321, "84.4"},
                                                                  {-8.4321, "-8.43"},
                                                                  {0.43604, "0.436"},
                                                                  {46.0, "46"},
                                                                  {0.0, "0"}}));
  CHECK(shown_short(value) == text);
}

TEST_CASE("an interval of no width but rounding shows the mean as without one") {
  CHECK(shown_decimals(19.76470588235294, 3e-15) == shown_decimals(19.76470588235294, 0.0));
  CHECK(shown_decimals(19.76470588235294, 3e-5) == 6);
}

TEST_CASE("numbers without an interval show four digits, whole numbers in full") {
  CHECK(shown_mean({3.14159, {}, {}, 1, ""}) == "3.142");
  CHECK(shown_mean({12345.678, {}, {}, 1, ""}) == "12,346");
  CHECK(shown_mean({46.0, {}, {}, 1, ""}) == "46");
  CHECK(shown_mean({std::nan(""), {}, {}, 0, ""}) == "n/a");
  CHECK(shown(-0.0, 1) == "0.0");
  CHECK(shown(INFINITY, 0) == "unlimited");
  CHECK(exact(0.1) == "0.1");
  CHECK(exact(NAN).empty());
}
