#include <cmath>

#include "models/compile.hpp"
#include "models/read_model.hpp"
#include "scenarios/digest.hpp"
#include "tests/catch.hpp"

namespace tl {
namespace {

CompiledModel clinic(const std::string& beds) {
  Problems problems;
  const auto model = read_model_text("[settings.clinic]\ncapacity = " + beds +
                                         "\nstay = { kind = \"exponential\", mean = \"2 d\" }\n"
                                         "[[routes]]\nfrom = \"clinic\"\nto = \"leave:done\"\n"
                                         "[arrivals.come]\nrate = \"1 / d\"\nto = \"clinic\"\n",
                                     "clinic.toml", ReadOptions{}, problems);
  REQUIRE(model);
  auto compiled = compile(*model, Limits{}, problems);
  REQUIRE(compiled);
  return std::move(compiled->model);
}

TEST_CASE("the digest tells models apart and nothing else") {
  const CompiledModel one = clinic("10");
  const std::string digest = digest_of(one, 1, "1");
  CHECK(digest == digest_of(clinic("10"), 1, "1"));
  CHECK(digest != digest_of(clinic("11"), 1, "1"));
  CHECK(digest != digest_of(one, 2, "1"));
  CHECK(digest != digest_of(one, 1, "2"));
  CompiledModel other = one;
  other.distributions[0].a = std::nextafter(other.distributions[0].a, 1e9);
  CHECK(digest != digest_of(other, 1, "1"));
  other = one;
  other.settings[1].wait_standard = SimTime::from_micros(1);
  CHECK(digest != digest_of(other, 1, "1"));
  other = one;
  other.deadlock = Deadlock::report;
  CHECK(digest != digest_of(other, 1, "1"));
}

}  // namespace
}  // namespace tl
