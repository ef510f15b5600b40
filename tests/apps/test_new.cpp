#include <algorithm>

#include "tests/apps/program.hpp"
#include "tests/catch.hpp"

// `throughline new`: what it writes can be used at once, and every part of it that sleeps can be woken.
using namespace tl::test;
using Catch::Contains;

namespace {

const std::string kCounty = TL_SOURCE_DIR "/models/la-county";

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream all{text};
  for (std::string line; std::getline(all, line);) lines.push_back(line);
  return lines;
}

bool sleeps(const std::string& line) {
  return line.size() > 1 && line[0] == '#' && line[1] != ' ';
}

/// The study with one of its sleeping parts awake, for each of them.
std::vector<std::string> with_each_part_awake(const std::string& study) {
  const std::vector<std::string> lines = lines_of(study);
  std::vector<std::string> awake;
  for (std::size_t first = 0; first < lines.size(); ++first) {
    if (!sleeps(lines[first]) || (first > 0 && sleeps(lines[first - 1]))) continue;
    std::string text;
    std::size_t last = first;
    while (last < lines.size() && sleeps(lines[last])) ++last;
    for (std::size_t i = 0; i < lines.size(); ++i)
      text += (i >= first && i < last ? lines[i].substr(1) : lines[i]) + '\n';
    awake.push_back(text);
  }
  return awake;
}

void write(const std::string& path, const std::string& text) {
  std::ofstream{path} << text;
}

std::size_t files_in(const std::string& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator{folder}, fs::directory_iterator{}));
}

}  // namespace

TEST_CASE("a new model passes check without a warning, and runs") {
  const Folder folder;
  const Ended made = run_program({"new", folder / "county"});
  CHECK(made.code == 0);
  for (const auto& entry : fs::directory_iterator{folder / "county"})
    CHECK_THAT(made.out, Contains("  " + entry.path().filename().string()));
  CHECK_THAT(made.err, Contains("Next: throughline check " + folder / "county"));
  const Ended checked = run_program({"check", "--strict", folder / "county"});
  INFO(checked.out << checked.err);
  CHECK(checked.code == 0);
  const Ended run = run_program({"run", folder / "county", "-o", folder / "results", "--replications", "2"});
  INFO(run.err);
  CHECK(run.code == 0);
  CHECK_THAT(run.out + run.err, Contains("people kept in psychiatric emergency"));
}

TEST_CASE("a new study of any model passes check, and so does each of its parts when woken") {
  const Folder folder;
  run_program({"new", folder / "small"});
  const std::string model =
      GENERATE(std::string{"small"}, kCounty, TL_SOURCE_DIR "/models/examples/census",
               TL_SOURCE_DIR "/models/examples/pool.toml", TL_SOURCE_DIR "/models/examples/county_sketch.toml");
  CAPTURE(model);
  const Ended made = run_program({"new", folder / "study", "--study", model == "small" ? folder / "small" : model});
  INFO(made.err);
  REQUIRE(made.code == 0);
  CHECK(files_in(folder / "study") == 1);  // nothing is left of trying parts out
  const std::string file = folder / "study/study.toml", study = text_of_file(file);
  REQUIRE(run_program({"check", file}).code == 0);
  const std::vector<std::string> parts = with_each_part_awake(study);
  CHECK(parts.size() >= 3);
  for (const std::string& part : parts) {
    write(file, part);
    const Ended checked = run_program({"check", file});
    INFO(part << checked.err);
    CHECK(checked.code == 0);
  }
}

TEST_CASE("the example scenario of a study gives a tenth more of what fills first") {
  const Folder folder;
  run_program({"new", folder / "small"});
  run_program({"new", folder / "study", "--study", folder / "small"});
  const std::string study = text_of_file(folder / "study/study.toml");
  CHECK_THAT(study, Contains("model = \"../small\""));
  CHECK_THAT(study, Contains("\n[scenarios.more_step_down]\nname = \"Step-down home: 3 more, 36 instead of 33\"\n"
                             "add = { \"settings.step_down.capacity\" = 3 }\n"));
  CHECK_THAT(study, Contains("\n#population_scale = 0.1\n"));
  CHECK_THAT(study, Contains("\n#replications = 20\n"));
}

TEST_CASE("a study of a model without limits has fewer arrivals for an example") {
  const Folder folder;
  write(folder / "m.toml",
        "[settings.a]\ncapacity = \"unlimited\"\nstay = \"3 d\"\nnext = \"leave:done\"\n"
        "[arrivals.door]\nrate = \"1 / d\"\nto = \"a\"\n");
  REQUIRE(run_program({"new", folder / "study", "--study", folder / "m.toml"}).code == 0);
  CHECK_THAT(text_of_file(folder / "study/study.toml"), Contains("\n[scenarios.fewer_door]\n"));
  CHECK(run_program({"check", folder / "study/study.toml"}).code == 0);
}

TEST_CASE("new writes nothing over, and says what is wrong with its input") {
  const Folder folder;
  REQUIRE(run_program({"new", folder / "county"}).code == 0);
  REQUIRE(run_program({"new", folder / "study", "--study", folder / "county"}).code == 0);
  const std::string model = text_of_file(folder / "county/model.toml");
  fs::create_directory(folder / "full");
  write(folder / "full/letter.txt", "Dear Board");
  write(folder / "broken.toml", "[settings.a]\ncapacty = 1\n");
  const auto told = [](const std::vector<std::string>& words) {
    const Ended ended = run_program(words);
    CHECK(ended.code != 0);
    return ended.err;
  };
  CHECK_THAT(told({"new", folder / "county"}), Contains("model.toml is there already, and nothing is written over"));
  CHECK_THAT(told({"new", folder / "full"}), Contains("is not empty"));
  CHECK_THAT(told({"new", folder / "full/letter.txt"}), Contains("is a file. Name a folder"));
  CHECK_THAT(told({"new", folder / "what.toml"}), Contains("looks like a file. Name a folder, for instance"));
  CHECK_THAT(told({"new", folder / "study", "--study", folder / "county"}), Contains("study.toml is there already"));
  CHECK_THAT(told({"new", folder / "b", "--study", folder / "conty"}), Contains("there is no"));
  CHECK_THAT(told({"new", folder / "b", "--study", folder / "county/settings.csv"}), Contains("is one table"));
  CHECK_THAT(told({"new", folder / "b", "--study", folder / "study/study.toml"}), Contains("is a study"));
  CHECK_THAT(told({"new", folder / "b", "--study", folder / "broken.toml"}), Contains("Did you mean \"capacity\"?"));
  CHECK_THAT(told({"new", ""}), Contains("the folder's name is empty"));
  CHECK_THAT(told({"new"}), Contains("DIR"));
  CHECK(text_of_file(folder / "county/model.toml") == model);
  CHECK(text_of_file(folder / "full/letter.txt") == "Dear Board");
  CHECK_FALSE(fs::exists(folder / "b"));
}
