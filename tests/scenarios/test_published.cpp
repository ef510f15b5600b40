#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

#include "tests/catch.hpp"
#include "tests/scenarios/published.hpp"

// Models that others published, beside their results. A false alarm comes once in a million a figure; what each
// figure's test would see with power 0.999 is stated in docs/validation_cases.csv, and a test that sees less than that
// fails.

namespace {

using tl::testing::Compared;
using tl::testing::Power;

std::optional<std::uint64_t> seed_wanted() {
  const char* text = std::getenv("TL_SEED");
  if (text == nullptr) return std::nullopt;
  return std::stoull(text);
}

void check_all(const std::vector<Compared>& all) {
  for (const Compared& each : all) {
    INFO(to_text(each));
    CHECK(each.agrees());
    // Inconclusive: the test itself needs more replications.
    CHECK(each.is_conclusive());
  }
}

void compare_page(const std::string& page) {
  const std::string path = std::string{TL_SOURCE_DIR} + "/docs/validation.md";
  if (std::getenv("TL_UPDATE_DOCS") != nullptr) std::ofstream{path, std::ios::binary} << page;
  std::ifstream file{path, std::ios::binary};
  const std::string there{std::istreambuf_iterator<char>{file}, {}};
  INFO("docs/validation.md shows other figures than this run. Write it anew: TL_UPDATE_DOCS=1, then this test");
  CHECK((there == page));
}

}  // namespace

TEST_CASE("published models in shorter runs") {
  check_all(compare_published(Power::quick, seed_wanted()));
}

TEST_CASE("published models at full power", "[nightly]") {
  const std::vector<Compared> all = compare_published(Power::full, seed_wanted());
  CHECK(all.size() == tl::testing::read_published_cases().size());
  check_all(all);
  if (!seed_wanted()) compare_page(validation_page(all));
}

TEST_CASE("every published case has its runs") {
  std::set<std::string> files;
  for (const auto& runs : tl::testing::read_published_runs()) {
    CHECK(files.insert(runs.file).second);
    CHECK(runs.nightly > runs.quick);
  }
  std::set<std::string> used;
  for (const auto& each : tl::testing::read_published_cases()) {
    INFO(each.id << " " << each.quantity);
    CHECK(files.contains(each.file));
    CHECK(each.catches > 0.0);
    used.insert(each.file);
  }
  CHECK(used == files);
}

TEST_CASE("estimates over replications by hand") {
  // Residuals of the ratio 6/4 = 1.5: 1 - 1.5, 2 - 1.5, 3 - 3; mean bottom 4/3.
  const std::vector<tl::testing::Terms> ratio{{1, 1}, {2, 1}, {3, 2}};
  const auto mean = tl::testing::ratio_estimate(ratio);
  CHECK(mean.value == Approx(1.5));
  CHECK(mean.standard_error == Approx(std::sqrt(0.5 / 6.0) * 0.75));
  CHECK(mean.replications == 3);
  // 1 2 4 5 twice: mean 3, squares 4 1 1 4, variance 20/7, fourth moment 34/4.
  const auto variance = tl::testing::variance_estimate(
      std::vector<tl::testing::Terms>{{1, 1}, {2, 1}, {4, 1}, {5, 1}, {1, 1}, {2, 1}, {4, 1}, {5, 1}});
  CHECK(variance.value == Approx(20.0 / 7.0));
  CHECK(variance.standard_error == Approx(std::sqrt((8.5 - 400.0 / 49.0) / 8.0)));
}
