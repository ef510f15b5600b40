#include <algorithm>
#include <map>
#include <regex>

#include "tests/apps/program.hpp"
#include "tests/catch.hpp"

// The pages that a planner follows at the keyboard are followed here. In a page
//   ```toml file=NAME   (or csv) is a file to write; append=NAME adds to it;
//   ```sh               is given to a shell, and must end well;
//   ```diff file=NAME   is an edit: the line that begins as the one with - becomes one that begins as the one with +.
//                       Of a CSV table all is then written as LibreOffice Calc writes it (row below; nightly: by Calc);
//   ```text             after it shows what is printed: of its lines those that begin "> " must be in the output.
// All other blocks are for reading only.
namespace {

using namespace tl::test;

struct Block {
  int line = 0;  ///< of its opening fence
  std::string kind, action, file, text;
};

std::vector<Block> blocks_of(const std::string& page) {
  std::vector<Block> blocks;
  std::istringstream lines{page};
  std::string line;
  bool inside = false;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.rfind("```", 0) != 0) {
      if (inside) blocks.back().text += line + '\n';
      continue;
    }
    inside = !inside;
    if (!inside) continue;
    std::istringstream words{line.substr(3)};
    Block block;
    block.line = number;
    std::string option;
    words >> block.kind >> option;
    const std::size_t equals = option.find('=');
    if (equals != std::string::npos) {
      block.action = option.substr(0, equals);
      block.file = option.substr(equals + 1);
    }
    blocks.push_back(block);
  }
  return blocks;
}

/// Runs of blanks become one, so that a table's widths do not matter.
std::string squeezed(const std::string& text) {
  std::string out;
  for (const char c : text)
    if (c != ' ' || (!out.empty() && out.back() != ' ')) out += c;
  return out;
}

/// Runs a script in a folder with the program on the path. @returns its exit code and all it printed
Ended run_script(const std::string& folder, const std::string& script) {
  const fs::path out = fs::path{folder} / ".out", program = TL_PROGRAM;
  {
    std::ofstream file{fs::path{folder} / ".script"};
    file << script;
  }
  const std::string command = "cd '" + folder + "' && PATH='" + program.parent_path().string() +
                              "':\"$PATH\" NO_COLOR=1 sh -e ./.script > .out 2>&1";
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text_of_file(out), ""};
}

/// Calc writes numbers in its own way: 1 for 1.0. (It keeps commas, line ends and needed quotes; seen with 7.4.)
std::string as_calc_writes(const std::string& table) {
  static const std::regex number{"(^|,)(-?[0-9]+)\\.0+(?=,|$)"};
  std::istringstream lines{table};
  std::string out;
  for (std::string line; std::getline(lines, line);) out += std::regex_replace(line, number, "$1$2") + '\n';
  return out;
}

/// @returns what is wrong; empty when the edit was made
std::string edit(const fs::path& path, const std::string& change) {
  const std::size_t second = change.find("\n+");
  if (change.empty() || change[0] != '-' || second == std::string::npos) return "no edit: " + change;
  const std::string from = '\n' + change.substr(1, second - 1);
  const std::string to = '\n' + change.substr(second + 2, change.size() - second - 3);
  std::string text = text_of_file(path);
  const std::size_t at = text.find(from);
  if (at == std::string::npos || text.find(from, at + 1) != std::string::npos)
    return "not there once: " + change.substr(1, second - 1) + "\nin:\n" + text;
  text.replace(at, from.size(), to);
  std::ofstream{path} << (path.extension() == ".csv" ? as_calc_writes(text) : text);
  return "";
}

struct Followed {
  std::string wrong;  ///< what did not come out as the page says, with its line
  int commands = 0, lines = 0;
};

/// The page's commands find the project's models and scenarios where they find them in the project's folder.
Followed follow(const std::string& page) {
  const Folder folder;
  for (const char* name : {"models", "scenarios"})
    fs::create_directory_symlink(fs::path{TL_SOURCE_DIR} / name, folder / name);
  Followed result;
  std::string printed;
  for (const Block& block : blocks_of(page)) {
    const std::string at = "line " + std::to_string(block.line) + ": ";
    if (block.action == "from") continue;  // an excerpt: test_examples_pages.cpp holds it against its file
    if (block.kind == "diff" && !block.file.empty()) {
      const std::string wrong = edit(folder / block.file, block.text);
      if (!wrong.empty()) result.wrong += at + wrong + '\n';
    } else if (!block.file.empty()) {
      const fs::path path = folder / block.file;
      fs::create_directories(path.parent_path());
      std::ofstream{path, block.action == "append" ? std::ios::app : std::ios::trunc} << block.text;
    } else if (block.kind == "sh") {
      ++result.commands;
      const Ended ended = run_script(folder / "", block.text);
      printed = squeezed(ended.out);
      if (ended.code != 0) result.wrong += at + "exit code " + std::to_string(ended.code) + "\n" + ended.out;
    } else if (block.kind == "text") {
      std::istringstream lines{block.text};
      for (std::string line; std::getline(lines, line);) {
        if (line.rfind("> ", 0) != 0) continue;
        ++result.lines;
        if (printed.find(squeezed(line.substr(2))) == std::string::npos)
          result.wrong += at + "not printed: " + line.substr(2) + "\nbut:\n" + printed;
      }
    }
  }
  return result;
}

}  // namespace

TEST_CASE("following a page tells what does not come out") {
  const std::string page =
      "```csv file=a/b.csv\nid,name\n```\n```csv append=a/b.csv\n1,one\n```\nText\n```sh\ncat a/b.csv\n```\n"
      "```text\n> 1,one\n> 2,two\nnot looked for\n```\n```sh\nfalse\ntrue\n```\n```bash\nfalse\n```\n";
  const Followed result = follow(page);
  CHECK(result.commands == 2);
  CHECK(result.lines == 2);
  CHECK_THAT(result.wrong, Catch::Contains("line 11: not printed: 2,two"));
  CHECK_THAT(result.wrong, Catch::Contains("line 16: exit code 1"));
  CHECK_THAT(result.wrong, !Catch::Contains("not printed: 1,one"));
  CHECK_THAT(result.wrong, !Catch::Contains("not looked for"));
}

TEST_CASE("what Calc wrote is read as the same model but for the number that was changed", "[nightly]") {
  if (std::system("command -v soffice > /dev/null && /usr/bin/python3 -c 'import uno' 2> /dev/null") != 0) {
    WARN("not run: there is no LibreOffice with python3-uno here");
    return;
  }
  const Folder folder;
  const std::string county = folder / "county", script = TL_SOURCE_DIR "/tests/apps/change_cell.py";
  fs::copy(TL_SOURCE_DIR "/models/la-county", county, fs::copy_options::recursive);
  const auto change = [&](const std::string& table, const std::string& row, const std::string& column,
                          const std::string& value) {
    const std::string command = "/usr/bin/python3 '" + script + "' '" + county + '/' + table + "' " + row + ' ' +
                                column + ' ' + value + " > /dev/null 2>&1";
    REQUIRE(std::system(command.c_str()) == 0);
  };
  change("parameters.csv", "cap_crt_2020", "value", "50");
  const Ended one = run_program({"diff", TL_SOURCE_DIR "/models/la-county", county});
  CHECK_THAT(
      one.out,
      Catch::EndsWith(":\n  Value of parameter cap_crt_2020 (parameters.cap_crt_2020.value): 34 beds -> 50 beds\n"));
  std::string by_hand = text_of_file(TL_SOURCE_DIR "/models/la-county/parameters.csv");
  by_hand.replace(by_hand.find("\ncap_crt_2020,34,"), 17, "\ncap_crt_2020,50,");
  CHECK(text_of_file(county + "/parameters.csv") == as_calc_writes(by_hand));  // what the quick test takes for granted
  change("settings.csv", "ucc", "capacity", "140");
  const Ended two = run_program({"diff", TL_SOURCE_DIR "/models/la-county", county});
  CHECK_THAT(two.out, Catch::Contains("settings.ucc.capacity"));
  CHECK(std::count(two.out.begin(), two.out.end(), '\n') == 3);
}

TEST_CASE("the pages with commands can be followed as they are written") {
  const std::string name =
      GENERATE("first-model.md", "language.md", "guides.md", "guide/brief.md", "guide/budgets.md", "guide/county.md",
               "guide/csv.md", "guide/county-staff-and-money.md", "guide/equity.md", "guide/money.md",
               "guide/precision.md", "guide/recipes.md", "guide/staff.md", "guide/sweeps.md", "guide/teams.md",
               "guide/uncertainty.md", "guide/workbook.md", "../README.md");
  CAPTURE(name);
  const Followed result = follow(text_of_file(std::string{TL_SOURCE_DIR "/docs/"} + name));
  CHECK(result.commands > 0);
  CHECK(result.lines > 0);
  INFO(result.wrong);
  CHECK(result.wrong.empty());
}
