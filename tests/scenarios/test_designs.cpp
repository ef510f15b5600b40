#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "scenarios/designs.hpp"
#include "tests/catch.hpp"

using namespace tl;

TEST_CASE("a Latin hypercube has one number in each equal part, at its own place for each factor") {
  const auto count = GENERATE(1U, 2U, 7U, 100U);
  const std::vector<double> a = latin_column(3, "latin_hypercube", "parameters.a", count),
                            b = latin_column(3, "latin_hypercube", "parameters.b", count);
  std::set<std::uint32_t> parts;
  for (const double value : a) {
    CHECK(value > 0.0);
    CHECK(value < 1.0);
    parts.insert(static_cast<std::uint32_t>(value * count));
  }
  CHECK(parts.size() == count);
  CHECK(a == latin_column(3, "latin_hypercube", "parameters.a", count));
  CHECK(a != latin_column(4, "latin_hypercube", "parameters.a", count));
  CHECK(a != b);
}

TEST_CASE("Latin hypercube columns go through each other as chance would have it", "[statistical]") {
  // The correlation of two random orders of n has standard deviation 1/sqrt(n - 1): a link of 0.16 would be caught.
  constexpr std::uint32_t n = 1000;
  const std::vector<double> a = latin_column(1, "latin_hypercube", "a", n),
                            b = latin_column(1, "latin_hypercube", "b", n);
  double sum = 0.0;
  for (std::uint32_t i = 0; i < n; ++i) sum += (a[i] - 0.5) * (b[i] - 0.5);
  CHECK(std::abs(sum / n * 12.0) < 4.8916 / std::sqrt(n - 1.0));
}

TEST_CASE("scrambling keeps what lies together together, digit by digit") {
  const std::string name = "parameters.a";
  for (std::uint32_t digit = 0; digit < 31; ++digit) {
    const std::uint32_t one = 0x9b3a61c7U, other = one ^ (1U << (31 - digit));  // alike in `digit` digits, then not
    const std::uint32_t difference = owen_scrambled(one, 5, name) ^ owen_scrambled(other, 5, name);
    CHECK(difference >> (31 - digit) == 1U);
  }
  CHECK(owen_scrambled(0, 5, name) != owen_scrambled(0, 6, name));
  CHECK(owen_scrambled(0, 5, name) != owen_scrambled(0, 5, "parameters.b"));
}

TEST_CASE("every elementary interval of a scrambled Sobol design holds its count") {
  const auto seed = GENERATE(std::uint64_t{1}, std::uint64_t{99});
  const auto k = GENERATE(1U, 4U, 8U);
  const std::uint32_t count = 1U << k;
  const std::vector<std::string_view> names{"a", "b", "c", "d", "e"};
  const std::vector<double> points = sobol_points(seed, names, count);
  for (std::size_t factor = 0; factor < names.size(); ++factor) {
    std::vector<int> held(count, 0);
    for (std::uint32_t i = 0; i < count; ++i)
      ++held[static_cast<std::size_t>(points[i * names.size() + factor] * count)];
    CHECK(std::all_of(held.begin(), held.end(), [](int n) { return n == 1; }));
  }
  // The first two factors form a net of quality 0: of each shape of 2^k boxes every box holds one point.
  for (std::uint32_t cut = 0; cut <= k; ++cut) {
    const std::uint32_t wide = 1U << cut, high = 1U << (k - cut);
    std::vector<int> held(count, 0);
    for (std::uint32_t i = 0; i < count; ++i)
      ++held[static_cast<std::size_t>(points[i * names.size()] * wide) * high +
             static_cast<std::size_t>(points[i * names.size() + 1] * high)];
    CHECK(std::all_of(held.begin(), held.end(), [](int n) { return n == 1; }));
  }
}

TEST_CASE("more Sobol points leave the earlier ones where they are") {
  const std::vector<std::string_view> names{"a", "b", "c"};
  const std::vector<double> few = sobol_points(7, names, 100), many = sobol_points(7, names, 1000);
  CHECK(std::equal(few.begin(), few.end(), many.begin()));
  const std::vector<double> fewer_factors = sobol_points(7, {"a", "b"}, 100);
  for (std::size_t i = 0; i < 100; ++i) {
    CHECK(fewer_factors[2 * i] == few[3 * i]);
    CHECK(fewer_factors[2 * i + 1] == few[3 * i + 1]);
  }
}

TEST_CASE("a Sobol design integrates far better than chance would", "[statistical]") {
  // Sobol's g-function of five factors with a = 0, 1, 4.5, 9, 99 has integral 1 and standard deviation 0.68 by itself:
  // 4,096 random points would be off by 0.011 (one standard error). Ten times better is asked for.
  const std::vector<std::string_view> names{"a", "b", "c", "d", "e"};
  constexpr double weights[] = {0.0, 1.0, 4.5, 9.0, 99.0};
  const auto error = [&](std::uint32_t count) {
    const std::vector<double> points = sobol_points(11, names, count);
    double sum = 0.0;
    for (std::uint32_t i = 0; i < count; ++i) {
      double product = 1.0;
      for (std::size_t f = 0; f < names.size(); ++f)
        product *= (std::abs(4.0 * points[i * names.size() + f] - 2.0) + weights[f]) / (1.0 + weights[f]);
      sum += product;
    }
    return std::abs(sum / count - 1.0);
  };
  CHECK(error(4096) < 0.0011);
  CHECK(error(64) < 0.08);
}

TEST_CASE("a Sobol design takes as many factors as its table has") {
  std::vector<std::string> texts;
  for (std::uint32_t i = 0; i < kMostSobolFactors; ++i) texts.push_back("f" + std::to_string(i));
  const std::vector<std::string_view> names(texts.begin(), texts.end());
  const std::vector<double> points = sobol_points(1, names, 2);
  REQUIRE(points.size() == 2 * kMostSobolFactors);
  for (std::size_t f = 0; f < kMostSobolFactors; ++f) CHECK((points[f] < 0.5) != (points[kMostSobolFactors + f] < 0.5));
}
