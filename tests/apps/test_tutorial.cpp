#include <map>

#include "tests/apps/program.hpp"
#include "tests/catch.hpp"

// The pages of docs/ that a planner follows at the keyboard are followed here. In a page
//   ```toml file=NAME   (or csv) is a file to write; append=NAME adds to it;
//   ```sh               is given to a shell, and must end well;
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

struct Followed {
  std::string wrong;  ///< what did not come out as the page says, with its line
  int commands = 0, lines = 0;
};

Followed follow(const std::string& page) {
  const Folder folder;
  Followed result;
  std::string printed;
  for (const Block& block : blocks_of(page)) {
    const std::string at = "line " + std::to_string(block.line) + ": ";
    if (!block.file.empty()) {
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

TEST_CASE("the pages with commands can be followed as they are written") {
  const std::string name = GENERATE("first-model.md", "language.md", "guides.md");
  CAPTURE(name);
  const Followed result = follow(text_of_file(std::string{TL_SOURCE_DIR "/docs/"} + name));
  CHECK(result.commands > 0);
  CHECK(result.lines > 0);
  INFO(result.wrong);
  CHECK(result.wrong.empty());
}
