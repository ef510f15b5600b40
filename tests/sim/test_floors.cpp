#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/catch.hpp"

// The floors of docs/architecture.md: a file includes its own floor or lower ones, and no files include each other in a
// circle.
namespace {

namespace fs = std::filesystem;

struct Include {
  int line = 0;
  std::string path;  ///< as it stands between the quotes
};

/// The includes in quotes: those of the project.
std::vector<Include> includes_of(std::string_view text) {
  std::vector<Include> found;
  std::istringstream lines{std::string{text}};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::istringstream words{line};
    std::string hash, name;
    words >> hash;
    if (hash == "#") words >> name;
    if (hash != "#include" && !(hash == "#" && name == "include")) continue;
    const std::size_t open = line.find('"'), close = line.rfind('"');
    if (open != std::string::npos && close > open) found.push_back({number, line.substr(open + 1, close - open - 1)});
  }
  return found;
}

std::string folder_of(std::string_view path) {
  return std::string{path.substr(0, path.find('/'))};
}

/// 0 for sim up to 4 for apps; nothing for other folders (tests, bench, generated).
std::optional<int> floor_of(std::string_view path) {
  constexpr std::array<std::string_view, 5> kFloors{"sim", "models", "scenarios", "analysis", "apps"};
  const auto floor = std::find(kFloors.begin(), kFloors.end(), folder_of(path));
  if (floor == kFloors.end()) return std::nullopt;
  return static_cast<int>(floor - kFloors.begin());
}

/// One line "file:line: ..." for each include that goes up, or that is not written from the project's root.
std::vector<std::string> wrong_includes(const std::string& file, std::string_view text) {
  std::vector<std::string> wrong;
  const std::optional<int> own = floor_of(file);
  for (const Include& include : includes_of(text)) {
    const std::string at = file + ':' + std::to_string(include.line) + ": includes \"" + include.path + "\", ";
    const std::optional<int> other = floor_of(include.path);
    if (include.path.find('/') == std::string::npos || include.path.find("..") != std::string::npos)
      wrong.push_back(at + "which is not written from the project's root");
    else if (own && !other)
      wrong.push_back(at + "which lies on no floor");
    else if (own && *other > *own)
      wrong.push_back(at + "which lies above " + folder_of(file));
  }
  return wrong;
}

using Graph = std::map<std::string, std::vector<std::string>>;

/// "a -> b -> a", or empty when no files include each other in a circle.
std::string circle_from(const Graph& graph, const std::string& file, std::vector<std::string>& path,
                        std::set<std::string>& done) {
  const auto again = std::find(path.begin(), path.end(), file);
  if (again != path.end()) {
    std::string text;
    for (auto at = again; at != path.end(); ++at) text += *at + " -> ";
    return text + file;
  }
  const auto node = graph.find(file);
  if (node == graph.end() || done.contains(file)) return "";
  path.push_back(file);
  for (const std::string& next : node->second)
    if (std::string circle = circle_from(graph, next, path, done); !circle.empty()) return circle;
  path.pop_back();
  done.insert(file);
  return "";
}
std::string circle_in(const Graph& graph) {
  std::set<std::string> done;
  for (const auto& [file, ignored] : graph) {
    std::vector<std::string> path;
    if (std::string circle = circle_from(graph, file, path, done); !circle.empty()) return circle;
  }
  return "";
}

std::string text_of(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Every source below a floor's folder, named from the project's root.
std::vector<std::string> sources() {
  const fs::path root = TL_SOURCE_DIR;
  std::vector<std::string> files;
  for (const char* folder : {"sim", "models", "scenarios", "analysis", "apps"})
    for (const auto& entry : fs::recursive_directory_iterator{root / folder})
      if (entry.path().extension() == ".cpp" || entry.path().extension() == ".hpp")
        files.push_back(fs::relative(entry.path(), root).generic_string());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

TEST_CASE("an include that goes up is told with file and line") {
  const std::string text =
      "#pragma once\n#include <vector>\n\n#include \"sim/ids.hpp\"\n  #  include \"scenarios/plan.hpp\"\n";
  CHECK(wrong_includes("scenarios/runner.hpp", text).empty());
  CHECK(wrong_includes("apps/cli/run.cpp", text).empty());
  REQUIRE(wrong_includes("models/flow.cpp", text).size() == 1);
  CHECK(wrong_includes("models/flow.cpp", text)[0] ==
        "models/flow.cpp:5: includes \"scenarios/plan.hpp\", which lies above models");
  CHECK(wrong_includes("sim/laws.cpp", "#include \"laws.hpp\"\n").size() == 1);
  CHECK(wrong_includes("sim/laws.cpp", "#include \"tests/catch.hpp\"\n").size() == 1);
  CHECK(wrong_includes("sim/laws.cpp", "// #include \"apps/x.hpp\"\nauto s = \"#include\";\n").empty());
}

TEST_CASE("files that include each other are told as a circle") {
  CHECK(circle_in({{"a", {"b", "c"}}, {"b", {"c"}}, {"c", {}}}).empty());
  CHECK(circle_in({{"a", {"b"}}, {"b", {"c"}}, {"c", {"b"}}}) == "b -> c -> b");
}

TEST_CASE("the floors are kept: every include goes to the same floor or down, and in no circle") {
  const std::vector<std::string> files = sources();
  REQUIRE(files.size() > 100);
  Graph graph;
  std::string wrong;
  for (const std::string& file : files) {
    const std::string text = text_of(fs::path{TL_SOURCE_DIR} / file);
    for (const std::string& line : wrong_includes(file, text)) wrong += line + '\n';
    for (const Include& include : includes_of(text)) graph[file].push_back(include.path);
  }
  CHECK(wrong.empty());
  if (!wrong.empty()) FAIL(wrong);
  CHECK(circle_in(graph) == "");
}
