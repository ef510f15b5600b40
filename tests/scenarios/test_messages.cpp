#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "models/carrier_messages.hpp"
#include "models/compile_messages.hpp"
#include "models/model_messages.hpp"
#include "scenarios/scenario_messages.hpp"
#include "tests/catch.hpp"

// Row 23 of the reliability list, over all rooms. The carriers' codes are gathered while their cases run
// (tests/models/test_bad_text.cpp); those of the other rooms are written out by the test that triggers each.
namespace {

namespace fs = std::filesystem;

/// All that the tests say, this file left out.
std::string text_of_tests() {
  std::string all;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator{std::string{TL_SOURCE_DIR} + "/tests"}) {
    if (entry.path().extension() != ".cpp" || entry.path().filename() == "test_messages.cpp") continue;
    std::ifstream file{entry.path()};
    std::stringstream text;
    text << file.rdbuf();
    all += text.str();
  }
  return all;
}

}  // namespace

TEST_CASE("every message that a planner can meet stands in a test, and in one room only") {
  const std::string tests = text_of_tests();
  REQUIRE(tests.size() > 100'000);
  std::set<std::string_view> seen;
  std::size_t count = 0;
  const auto look_at = [&](const auto& room, bool is_written_out) {
    for (const tl::MessageKind& kind : room) {
      INFO(kind.code);
      ++count;
      CHECK(seen.insert(kind.code).second);
      CHECK_FALSE(kind.meaning.empty());
      if (is_written_out) CHECK(tests.find('"' + std::string{kind.code} + '"') != std::string::npos);
    }
  };
  look_at(tl::kCarrierMessages, false);
  look_at(tl::kModelMessages, true);
  look_at(tl::kCompileMessages, true);
  look_at(tl::kScenarioMessages, true);
  CHECK(tests.find("for (const tl::MessageKind& kind : tl::kCarrierMessages)") != std::string::npos);
  CHECK(count == seen.size());
}
