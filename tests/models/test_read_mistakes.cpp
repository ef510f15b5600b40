#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "models/read_model.hpp"
#include "tests/catch.hpp"

// A model with more than forty mistakes: each is told, once, in the order of the file.
namespace {

using namespace tl;

std::string text_of(const std::string& path) {
  std::ifstream file{path};
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The lines of the file that end in "# 1" or "# 24, 25", once for each number.
std::vector<int> marked_lines(const std::string& text) {
  std::vector<int> lines;
  std::istringstream in{text};
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    const std::size_t mark = line.rfind("# ");
    if (mark == std::string::npos || mark == 0 || line[mark + 2] < '0' || line[mark + 2] > '9') continue;
    const auto commas = std::count(line.begin() + static_cast<std::ptrdiff_t>(mark), line.end(), ',');
    lines.insert(lines.end(), static_cast<std::size_t>(commas) + 1, number);
  }
  return lines;
}

}  // namespace

TEST_CASE("a model with forty mistakes has forty messages, in order, none doubled") {
  const std::string folder = std::string{TL_SOURCE_DIR} + "/tests/models/mistakes/";
  const std::string text = text_of(folder + "model.toml");
  Problems problems;
  CHECK_FALSE(read_model_text(text, "model.toml", {}, problems));
  const std::vector<Problem> found = problems.sorted();
  std::vector<int> lines;
  std::set<std::string> texts;
  for (const Problem& problem : found) {
    lines.push_back(problem.at.line);
    texts.insert(to_text(problem));
  }
  CHECK(found.size() >= 40);
  CHECK(texts.size() == found.size());
  CHECK(lines == marked_lines(text));
  if (std::getenv("TL_UPDATE") != nullptr) std::ofstream{folder + "expected.txt"} << to_text(problems);
  CHECK(to_text(problems) == text_of(folder + "expected.txt"));
}
