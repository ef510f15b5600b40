#include <cfenv>
#include <regex>
#include <set>

#include "apps/cli/exit_code.hpp"
#include "apps/cli/floating_point.hpp"
#include "tests/apps/program.hpp"
#include "tests/catch.hpp"

using namespace tl::test;
using Catch::Contains;

namespace {

/// What stands between two marks; to the end where the second is missing, empty where the first is.
std::string section(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) return "";
  const std::size_t begin = at + from.size();
  return text.substr(begin, text.find(to, begin) - begin);
}

/// The names in the first cells of those lines that have the mark: a list in --help or a table of a page.
std::set<std::string> names_in(const std::string& text, const std::string& line_mark, const std::string& cell_end,
                               const std::regex& name) {
  std::set<std::string> names;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(line_mark, 0) != 0) continue;
    const std::string cell = line.substr(line_mark.size(), line.find(cell_end, line_mark.size()) - line_mark.size());
    for (std::sregex_iterator at{cell.begin(), cell.end(), name}, end; at != end; ++at) names.insert(at->str());
  }
  return names;
}

}  // namespace

TEST_CASE("help and version go to standard output") {
  const Ended help = run_program({"--help"});
  CHECK(help.code == 0);
  for (const char* command :
       {"new", "check", "list", "diff", "show", "run", "trace", "results", "report", "completion"})
    CHECK_THAT(help.out, Contains(command));
  CHECK_THAT(run_program({"run", "--help"}).out, Contains("--replications"));
  const Ended version = run_program({"--version"});
  CHECK(version.code == 0);
  CHECK_THAT(version.out, Contains("throughline 0."));
}

TEST_CASE("the page of the command line has every option of every command, and no other") {
  const std::string page = text_of_file(TL_SOURCE_DIR "/docs/command-line.md");
  const std::string all = section(run_program({"--help"}).out, "Subcommands:\n", "\n\n");
  const std::set<std::string> commands = names_in(all, "  ", " ", std::regex{"[a-z]+"});
  const std::regex option{"--[a-z][a-z-]*|-[a-z]"};
  CHECK(commands.size() >= 8);
  for (const std::string& command : commands) {
    const std::string help = run_program({command, "--help"}).out;
    std::set<std::string> known = names_in(section(help, "\nOptions:\n", "\n\n"), "  ", " ", option);
    for (const char* everywhere : {"-h", "--help"}) known.erase(everywhere);
    CAPTURE(command);
    CHECK(names_in(section(page, "\n## " + command + "\n", "\n## "), "| ", " | ", option) == known);
  }
}

TEST_CASE("without a command the help is told and the exit code is that of wrong usage") {
  const Ended ended = run_program({});
  CHECK(ended.code == 2);
  CHECK(ended.out.empty());
  CHECK_THAT(ended.err, Contains("check"));
}

TEST_CASE("what is misspelt on the command line is named with the nearest there is") {
  const std::string model = test_file("tiny.toml");
  using Case = std::pair<std::vector<std::string>, std::string>;
  const auto [words, hint] = GENERATE_COPY(
      Case{{"rum"}, "\"run\""}, Case{{"chek", model}, "\"check\""},
      Case{{"run", model, "--treads", "4"}, "\"--threads\""}, Case{{"run", "--treads=4", model}, "\"--threads\""},
      Case{{"check", model, "--format", "jsn"}, "\"json\""},
      Case{{"list", model, "--table", "parametres"}, "\"parameters\""}, Case{{"completion", "bsh"}, "\"bash\""});
  const Ended ended = run_program(words);
  CAPTURE(words, ended.err);
  CHECK(ended.code == 2);
  CHECK(ended.out.empty());
  CHECK_THAT(ended.err, Contains("Did you mean " + hint));
}

TEST_CASE("wrong usage says what is missing") {
  CHECK(run_program({"check"}).code == 2);
  const Ended no_folder = run_program({"run", test_file("tiny.toml")});
  CHECK(no_folder.code == 2);
  CHECK_THAT(no_folder.err, Contains("-o DIR is missing"));
  const Ended no_number = run_program({"run", test_file("tiny.toml"), "-o", "x", "--replications", "many"});
  CHECK(no_number.code == 2);
  CHECK_THAT(no_number.err, Contains("--replications: \"many\" is no whole number"));
  CHECK(run_program({"run", test_file("tiny.toml"), "-o", "x", "--threads", "0"}).code == 2);
  CHECK(run_program({"diff", "a", "b", "c", "d"}).code == 2);
}

TEST_CASE("each shell gets a completion that knows the commands and options") {
  const std::string shell = GENERATE("bash", "zsh", "fish");
  const Ended ended = run_program({"completion", shell});
  CHECK(ended.code == 0);
  for (const char* word : {"check", "results", "dry-run", "quarter", "waits"}) CHECK_THAT(ended.out, Contains(word));
}

TEST_CASE("a reader who has gone is no fault; a full disk is an error") {
  CHECK(Program({"list", test_file("tiny.toml")}, "/dev/full").wait().code == 1);
  const Ended closed = [] {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    ::close(ends[0]);
    const std::string pipe = "/proc/self/fd/" + std::to_string(ends[1]);
    Program program{{"list", test_file("tiny.toml")}, "/dev/fd/" + std::to_string(ends[1])};
    ::close(ends[1]);
    return program.wait();
  }();
  CHECK(closed.code >= 0);  // ended of itself, not by a signal
}

TEST_CASE("exceptions become the documented exit codes") {
  const auto code_of = [](auto thrown) { return tl::verdict_of(std::make_exception_ptr(thrown)).code; };
  CHECK(code_of(tl::UsageError{"x"}) == tl::ExitCode::usage);
  CHECK(code_of(tl::QueryError{"x"}) == tl::ExitCode::usage);
  CHECK(code_of(tl::StoreError{"x"}) == tl::ExitCode::errors);
  CHECK(code_of(tl::OutputError{"x"}) == tl::ExitCode::errors);
  CHECK(code_of(std::bad_alloc{}) == tl::ExitCode::errors);
  CHECK(code_of(tl::BrokenPromise{"x"}) == tl::ExitCode::fault);
  CHECK(code_of(std::out_of_range{"x"}) == tl::ExitCode::fault);
  CHECK(code_of(42) == tl::ExitCode::fault);
  CHECK_THAT(tl::verdict_of(std::make_exception_ptr(tl::BrokenPromise{"x"})).message, Contains("Please report"));
}

TEST_CASE("arithmetic that rounds otherwise is noticed") {
  CHECK(tl::floating_point_fault().empty());
  const int before = std::fegetround();
  std::fesetround(FE_UPWARD);
  const std::string fault = tl::floating_point_fault();
  std::fesetround(before);
  CHECK_THAT(fault, Contains("rounded to nearest"));
}
