#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <tuple>

#include "tests/apps/program.hpp"
#include "tests/catch.hpp"

// What `report` writes besides its page.
using namespace tl::test;
using Catch::Contains;

namespace {

/// A run of the small study, shared by the tests of this file.
const std::string& results() {
  static const Folder folder;
  static const std::string path = [] {
    const std::string at = folder / "results";
    REQUIRE(run_program({"run", test_file("study.toml"), "-o", at}).code == 0);
    return at;
  }();
  return path;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

/// What is wrong with an XML text: tags that do not close in order, or marks that are not escaped. Empty = nothing.
std::string xml_fault(const std::string& xml) {
  std::vector<std::string> open;
  for (std::size_t at = xml.find('<'); at != std::string::npos; at = xml.find('<', at + 1)) {
    const std::size_t end = xml.find('>', at);
    if (end == std::string::npos) return "a tag does not end";
    const std::string tag = xml.substr(at + 1, end - at - 1);
    if (tag.find('<') != std::string::npos) return "a < within " + tag;
    if (tag.front() == '?' || tag.back() == '/') continue;
    const std::string name = tag.substr(tag.front() == '/' ? 1 : 0, tag.find(' ') - (tag.front() == '/' ? 1 : 0));
    if (tag.front() != '/') {
      open.push_back(name);
    } else {
      if (open.empty() || open.back() != name) return "a stray </" + name + '>';
      open.pop_back();
    }
  }
  static const std::regex bare_and{"&(?!(amp|lt|gt|quot|#39);)"};
  if (std::regex_search(xml, bare_and)) return "a bare &";
  return open.empty() ? "" : open.back() + " is not closed";
}

}  // namespace

TEST_CASE("report writes workbook, brief and checklist, and says so") {
  const Folder folder;
  const Ended ended = run_program(
      {"report", results(), "--workbook", folder / "r.xlsx", "--brief", folder / "b.pdf", "--stress", folder / "s.md"});
  CHECK(ended.code == 0);
  CHECK_THAT(ended.out, Contains("Workbook: ") && Contains("Brief: ") && Contains("STRESS-DES appendix: "));
  CHECK(text_of_file(folder / "r.xlsx").rfind("PK", 0) == 0);
  CHECK(text_of_file(folder / "b.pdf").rfind("%PDF-", 0) == 0);
  CHECK_FALSE(fs::exists(results() + "/report.html"));  // only what was asked for
  CHECK(run_program({"report", results(), "--workbook", folder / "no/such/folder.xlsx"}).code == 1);
  const Ended clients = run_program({"report", results(), "--clients", "5"});
  CHECK(clients.code == 2);
  CHECK_THAT(clients.err, Contains("Give --events FILE too"));
  for (const auto& [option, name, says] :
       {std::tuple{"--brief", "b.doc", "b.pdf\""}, std::tuple{"--workbook", "w", "w.xlsx\""},
        std::tuple{"--events", "e.txt", ".csv or .xes"}}) {
    const Ended other = run_program({"report", results(), option, folder / name});
    CAPTURE(option, other.err);
    CHECK(other.code == 2);
    CHECK_THAT(other.err, Contains(says));
    CHECK_FALSE(fs::exists(folder / name));
  }
}

TEST_CASE("the checklist has every item of STRESS-DES") {
  const Folder folder;
  REQUIRE(run_program({"report", results(), "--stress", folder / "s.md"}).code == 0);
  const std::string text = text_of_file(folder / "s.md");
  for (const char* item :
       {"1.1 Purpose",         "1.2 Outputs",        "1.3 Aims",         "2.1 Overview",       "2.2 Base model logic",
        "2.3 Scenario",        "2.4 Algorithms",     "2.5.1 Entities",   "2.5.2 Activities",   "2.5.3 Resources",
        "2.5.4 Queues",        "2.5.5 Entry",        "3.1 Data sources", "3.2 Pre-processing", "3.3 Input",
        "3.4 Assumptions",     "4.1 Initialisation", "4.2 Run length",   "4.3 Estimation",     "5.1 Software",
        "5.2 Random sampling", "5.3 Execution",      "5.4 System",       "6.1 Model sharing"})
    CHECK_THAT(text, Contains(item));
  CHECK_THAT(text, Contains("Seed 7.") && Contains("four more beds"));
}

TEST_CASE("a folder of tables has a page that names every file and every column") {
  const Folder folder;
  REQUIRE(run_program({"report", results(), "--csv", folder / "tables"}).code == 0);
  const std::string readme = text_of_file(folder / "tables/README.md");
  std::size_t tables = 0;
  for (const auto& entry : fs::directory_iterator{folder / "tables"}) {
    const std::string name = entry.path().filename().string();
    if (name == "README.md") continue;
    ++tables;
    CAPTURE(name);
    CHECK_THAT(readme, Contains("`" + name + "`"));
    std::istringstream heading{lines_of(text_of_file(entry.path())).front()};
    for (std::string column; std::getline(heading, column, ',');) {
      CAPTURE(column);
      CHECK_THAT(readme, Contains("`" + column + "`"));
    }
  }
  CHECK(tables >= 8);
  CHECK_THAT(readme, Contains("There is no `staff.csv`") && Contains("There is no `money.csv`"));
  const Ended shown = run_program({"results", results(), "--table", "waits", "--format", "csv"});
  CHECK(text_of_file(folder / "tables/waits.csv") == shown.out);
}

TEST_CASE("an event log tells of the clients that trace tells of") {
  const Folder folder;
  REQUIRE(run_program({"report", results(), "--events", folder / "e.csv", "--clients", "8"}).code == 0);
  const std::vector<std::string> lines = lines_of(text_of_file(folder / "e.csv"));
  REQUIRE(lines.size() > 20);
  CHECK(lines.front() == "case,scenario,replication,client,activity,transition,time,kind,place");
  std::set<std::string> cases, scenarios;
  std::map<std::string, int> starts;
  std::string client;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    std::vector<std::string> cells;
    std::istringstream stream{lines[i]};
    for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
    REQUIRE(cells.size() >= 8);
    cases.insert(cells[0]);
    scenarios.insert(cells[1]);
    if (cells[1] == "baseline" && cells[5] == "start" && cells[7] == "moved") ++starts[cells[3]];
    CHECK(std::regex_match(cells[6], std::regex{"\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d"}));
  }
  CHECK(scenarios.size() == 2);
  CHECK(cases.size() == 16);
  for (const auto& [number, count] : starts) {
    const Ended story = run_program(
        {"trace", test_file("study.toml"), "--scenario", "baseline", "--client", number, "--format", "csv"});
    const auto moves = count_of(story.out, ",moved,") - count_of(story.out, ",moved,outside,");
    CAPTURE(number);
    CHECK(static_cast<std::size_t>(count) == moves);
  }
}

TEST_CASE("an event log in XES is well-formed, in the order of time, and the same every time") {
  const Folder folder;
  REQUIRE(run_program({"report", results(), "--events", folder / "e.xes", "--clients", "10"}).code == 0);
  const std::string xml = text_of_file(folder / "e.xes");
  CHECK(xml_fault(xml) == "");
  CHECK(count_of(xml, "<trace>") == 20);
  const std::size_t events = count_of(xml, "<event>");
  CHECK(events > 20);
  for (const char* key : {"key=\"time:timestamp\"", "key=\"lifecycle:transition\""})
    CHECK(count_of(xml, key) == events + 1);  // and what they are where an event says nothing
  static const std::set<std::string> standard{"schedule",  "assign",   "withdraw", "reassign",
                                              "start",     "suspend",  "resume",   "pi_abort",
                                              "ate_abort", "complete", "autoskip", "manualskip"};
  static const std::regex transition{"key=\"lifecycle:transition\" value=\"([a-z_]*)\""};
  for (std::sregex_iterator it{xml.begin(), xml.end(), transition}, end; it != end; ++it)
    CHECK(standard.contains((*it)[1]));
  for (std::size_t at = xml.find("<trace>"); at != std::string::npos; at = xml.find("<trace>", at + 1)) {
    const std::string trace = xml.substr(at, xml.find("</trace>", at) - at);
    static const std::regex time{"time:timestamp\" value=\"([^\"]*)\""};
    std::string before;
    for (std::sregex_iterator it{trace.begin(), trace.end(), time}, end; it != end; ++it) {
      CHECK(before <= std::string{(*it)[1]});
      before = (*it)[1];
    }
  }
  REQUIRE(run_program({"report", results(), "--events", folder / "again.xes", "--clients", "10"}).code == 0);
  CHECK(text_of_file(folder / "again.xes") == xml);
}

TEST_CASE("events are told from the results alone, also when the study's files are gone; a changed seed is noticed") {
  const Folder folder;
  const std::string model = folder / "m", at = folder / "r";
  REQUIRE(run_program({"new", model}).code == 0);
  REQUIRE(run_program({"run", model, "--replications", "2", "-o", at}).code == 0);
  fs::remove_all(model);
  const Ended ended = run_program({"report", at, "--events", folder / "e.csv", "--clients", "3"});
  CAPTURE(ended.err);
  CHECK(ended.code == 0);
  CHECK(lines_of(text_of_file(folder / "e.csv")).size() > 5);
  // What the command line of run said is part of the model: without it the scenario cannot be made as it was.
  const std::string set = folder / "set";
  REQUIRE(run_program(
              {"run", test_file("tiny.toml"), "--replications", "2", "--set", "settings.crisis.capacity=9", "-o", set})
              .code == 0);
  CHECK(run_program({"report", set, "--events", folder / "s.csv"}).code == 0);
  fs::remove(set + "/study.json");
  const Ended refused = run_program({"report", set, "--events", folder / "s.csv"});
  CHECK(refused.code != 0);
  CHECK_THAT(refused.err, Contains("cannot be made again as it was"));
}

TEST_CASE("the recipes for Python and R give what the tables give", "[nightly]") {
  const bool has_python = std::system("/usr/bin/python3 -c 'import h5py, pandas' 2> /dev/null") == 0;
  const bool has_r = std::system("Rscript -e 'library(hdf5r)' > /dev/null 2>&1") == 0;
  if (!has_python) WARN("Python not run: there is no /usr/bin/python3 with h5py and pandas here");
  if (!has_r) WARN("R not run: there is no Rscript with hdf5r here");
  if (!has_python && !has_r) return;
  const std::string page = text_of_file(TL_SOURCE_DIR "/docs/guide/recipes.md");
  const Folder folder;
  fs::create_directory_symlink(TL_SOURCE_DIR "/models", folder / "models");
  const auto block = [&](const std::string& fence, std::size_t from) {
    const std::size_t at = page.find("```" + fence + '\n', from);
    REQUIRE(at != std::string::npos);
    const std::size_t begin = at + fence.size() + 4;
    return std::pair{page.substr(begin, page.find("```", begin) - begin), begin};
  };
  std::ofstream{folder / "beds.toml"} << block("toml file=beds.toml", 0).first;
  REQUIRE(run_program({"run", folder / "beds.toml", "-o", folder / "results"}).code == 0);
  const auto estimate = [&](const std::vector<std::string>& words, const std::string& start) {
    std::vector<std::string> all{"results", folder / "results", "--format", "csv"};
    all.insert(all.end(), words.begin(), words.end());
    for (const std::string& line : lines_of(run_program(all).out)) {
      if (line.rfind(start, 0) != 0) continue;
      std::istringstream cells{line};
      std::string cell;
      for (int i = 0; i < 9; ++i) std::getline(cells, cell, ',');
      return std::stod(cell);
    }
    FAIL("no row " << start);
    return 0.0;
  };
  const auto printed = [&](const std::string& program, const std::string& script, const std::string& name) {
    std::ofstream{folder / "script"} << script;
    const std::string command = "cd '" + (folder / "") + "' && " + program + " script > out 2> err";
    INFO(text_of_file(folder / "err"));
    REQUIRE(std::system(command.c_str()) == 0);
    const std::string out = text_of_file(folder / "out");
    const std::size_t at = out.rfind(name + ' ');
    INFO(out);
    REQUIRE(at != std::string::npos);
    return std::stod(out.substr(at + name.size()));
  };
  const double crisis = estimate({"--metric", "census_mean", "--setting", "crisis"}, "baseline,");
  if (has_python) {
    const auto [first, after] = block("python", 0);
    CHECK(printed("/usr/bin/python3", first, "crisis") == Approx(crisis).margin(1e-6));
    const double difference =
        estimate({"--metric", "refusals", "--setting", "crisis", "--versus", "baseline"}, "more_beds,");
    CHECK(printed("/usr/bin/python3", block("python", after).first, "difference") == Approx(difference).margin(1e-6));
  }
  if (has_r) CHECK(printed("Rscript", block("r", 0).first, "crisis") == Approx(crisis).margin(1e-6));
}
