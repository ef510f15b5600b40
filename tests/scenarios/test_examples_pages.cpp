#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

#include "scenarios/plan.hpp"
#include "tests/catch.hpp"
#include "tests/scenarios/example.hpp"

// The guide's pages are held against the example files: what a page shows in a block
//   ```toml from=models/examples/NAME.toml
// stands in that file, word for word; `...` on a line of its own leaves something out.
namespace {

using namespace tl;
using namespace tl::testing;
namespace fs = std::filesystem;

const fs::path kRoot{TL_SOURCE_DIR};

std::set<std::string> example_names() {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(kRoot / "models/examples"))
    names.insert(entry.path().stem().string());
  names.erase("county_sketch");  // has a page and tests of its own
  return names;
}

/// What the blocks of a page show that their files do not say; "" when all is well. Counts the blocks.
std::string wrong_excerpts(const std::string& page, int& blocks) {
  std::istringstream lines{page};
  std::string line, wrong, file, piece;
  const auto finish = [&] {
    if (!piece.empty() && text_of_source(file).find(piece) == std::string::npos) wrong += file + " has not:\n" + piece;
    piece.clear();
  };
  while (std::getline(lines, line)) {
    const std::size_t from = line.find(" from=");
    if (file.empty() && line.rfind("```", 0) == 0 && from != std::string::npos) {
      file = line.substr(from + 6);
      ++blocks;
    } else if (!file.empty() && line == "```") {
      finish();
      file.clear();
    } else if (!file.empty() && line == "...") {
      finish();
    } else if (!file.empty() && !(line.empty() && piece.empty())) {
      piece += line + '\n';
    }
  }
  return wrong;
}

}  // namespace

TEST_CASE("an excerpt that its file does not hold is found") {
  int blocks = 0;
  const std::string file = "from=models/examples/hold.toml\n";
  CHECK(wrong_excerpts("```toml " + file + "hold = \"10 d\"\n...\n[settings.hospital]\n```\n", blocks).empty());
  CHECK_THAT(wrong_excerpts("```toml " + file + "hold = \"11 d\"\n```\n", blocks),
             Catch::Contains("has not:\nhold = \"11 d\""));
  CHECK(blocks == 2);
}

TEST_CASE("each example has its page in the guide, whose excerpts are true") {
  const std::string index = text_of_source("docs/guides.md");
  for (const std::string& name : example_names()) {
    CAPTURE(name);
    REQUIRE(fs::exists(kRoot / "docs/guide" / (name + ".md")));
    int blocks = 0;
    const std::string page = text_of_source("docs/guide/" + name + ".md");
    CHECK(wrong_excerpts(page, blocks).empty());
    INFO(wrong_excerpts(page, blocks));
    CHECK(blocks > 0);
    CHECK_THAT(page, Catch::Contains("models/examples/" + name));
    CHECK_THAT(index, Catch::Contains("(guide/" + name + ".md)"));
  }
}

TEST_CASE("each example is accepted, with no warning but of houses too small") {
  for (const std::string& name : example_names()) {
    CAPTURE(name);
    Problems problems;
    const Plan plan = read_plan(example_path(name), {}, Limits{}, problems);
    INFO(to_text(problems));
    CHECK(!problems.has_errors());
    // Houses that are too small, or wait for each other, are what some examples are about.
    for (const Problem& problem : problems.sorted()) {
      const bool is_meant = problem.what.find("is offered") == 0 || name == "deadlock";
      CHECK(is_meant);
    }
  }
}
