#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "analysis/measures.hpp"
#include "tests/catch.hpp"

// The guide's pages name measures that there are: in a line "Measures: `held_mean`, `refusals`." and in the command
// below it.

namespace {

/// Whether an example's model names it as a metric of its own.
bool is_metric_of_an_example(const std::string& name) {
  for (const auto& entry : std::filesystem::directory_iterator{TL_SOURCE_DIR "/models/examples"}) {
    if (entry.path().extension() != ".toml") continue;
    std::ifstream in{entry.path(), std::ios::binary};
    const std::string model{std::istreambuf_iterator<char>{in}, {}};
    if (model.find("[metrics." + name + "]") != std::string::npos) return true;
  }
  return false;
}

std::string unknown_measures(const std::string& page, int& found) {
  std::istringstream lines{page};
  std::string unknown;
  const auto look_at = [&](const std::string& name) {
    ++found;
    if (tl::find_measure(name) == nullptr && !is_metric_of_an_example(name)) unknown += name + '\n';
  };
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("Measures: ", 0) == 0)
      for (std::size_t at = line.find('`'); at != std::string::npos;) {
        const std::size_t end = line.find('`', at + 1);
        look_at(line.substr(at + 1, end - at - 1));
        at = line.find('`', end + 1);
      }
    std::istringstream words{line};
    for (std::string word; words >> word;)
      if (word == "--metric" && words >> word) look_at(word);
  }
  return unknown;
}

}  // namespace

TEST_CASE("a measure that there is not is found in a page") {
  int found = 0;
  CHECK(unknown_measures("Measures: `held_mean`, `bed_days`.\nthroughline results r --metric held_mean --metric x\n",
                         found) == "bed_days\nx\n");
  CHECK(found == 4);
}

TEST_CASE("the guide's pages name measures that there are") {
  int pages = 0;
  for (const auto& entry : std::filesystem::directory_iterator{TL_SOURCE_DIR "/docs/guide"}) {
    std::ifstream in{entry.path(), std::ios::binary};
    const std::string page{std::istreambuf_iterator<char>{in}, {}};
    int found = 0;
    INFO(entry.path());
    CHECK(unknown_measures(page, found).empty());
    pages += found > 0 ? 1 : 0;
  }
  CHECK(pages >= 26);
}
