#include <cerrno>
#include <cstring>
#include <iostream>

#include "tests/catch.hpp"
#include "tests/faults/launch.hpp"

// Reliability row 34: the k-th call of the system that writes, opens, makes or renames fails, for k = 1, 2, … until the
// command no longer comes to it, once and ever after. Whatever fails: a message with the reason, exit code 1, nothing
// half written, and the same command afterwards ends as if nothing had happened.

using namespace tl::test;
using Catch::Contains;

namespace {

using Files = std::map<std::string, std::string>;

/// A command, the folder it starts from (none = an empty one), and what is there when all went well.
struct Case {
  std::string name;
  std::vector<std::string> words;  ///< of the folder "at"
  std::string start;
  Files reference;
  std::string out;  ///< what it prints when nothing fails
};

struct Fault {
  std::string call;
  int reason = 0;
  bool ever_after = false;
};

std::string text_of(const Case& command, const Fault& fault, int k) {
  return command.name + ", " + fault.call + " " + std::to_string(k) + (fault.ever_after ? "+" : "") + ": " +
         (fault.reason == 0 ? "short" : std::strerror(fault.reason));
}

class Bench {
 public:
  Bench() {
    for (const char* name : {"whole", "half", "plain"})
      if (launch({.words = study_.run(name)}).code != 0) throw std::runtime_error{"the study does not run"};
    // Stopped half way: one scenario is there.
    fs::remove_all(study_.in("half"));
    std::vector<std::string> first = study_.run("half");
    first.insert(first.end(), {"--scenario", "more"});
    launch({.words = first});
    fs::remove(study_.in("half") + "/results.h5");
    launch({.words = {"report", study_.in("whole")}});
  }

  std::vector<Case> cases() const {
    const std::string at = study_.in("at");
    const Files results = files_in(study_.in("plain")), reported = files_in(study_.in("whole"));
    std::vector<Case> all{{"run", study_.run("at"), "", results, ""},
                          {"run, resumed", study_.run("at"), study_.in("half"), results, ""},
                          {"report", {"report", at}, study_.in("plain"), reported, ""},
                          {"results", {"results", at, "--format", "csv"}, study_.in("plain"), results, ""}};
    for (Case& one : all) {
      prepare(one);
      const Fate fate = launch({.words = one.words});
      REQUIRE(fate.code == 0);
      REQUIRE(files_in(at) == one.reference);
      one.out = fate.out;
    }
    return all;
  }

  void prepare(const Case& command) const {
    fs::remove_all(study_.in("at"));
    if (!command.start.empty()) copy_folder(command.start, study_.in("at"));
  }

  /// What must hold after a fault. @param heard  the fault did not hit the messages themselves
  void judge(const Case& command, const Fault& fault, const Fate& fate, bool heard) const {
    const std::string at = study_.in("at");
    INFO("code " << fate.code << "\n" << fate.err);
    const Files now = files_in(at);
    CHECK_FALSE(fate.hung);
    CHECK_FALSE(has_part(now));
    const Files before = command.start.empty() ? Files{} : files_in(command.start);
    CHECK(not_whole(now, command.reference, before) == "");
    if (fate.code == 0) {
      CHECK(now == command.reference);
      CHECK(fate.out == command.out);
    } else if (!before_the_program(fate)) {
      CHECK(fate.code == 1);
      if (heard) {
        CHECK_THAT(fate.err, Contains(std::strerror(fault.reason)));
        CHECK_THAT(fate.err, Contains("/") || Contains("standard output"));
      }
    }
    if (fate.code == 0 && now == command.reference) return;
    const Fate again = launch({.words = command.words});
    INFO("again: " << again.err);
    CHECK(again.code == 0);
    CHECK(again.out == command.out);
    CHECK(files_in(at) == command.reference);
  }

  /// The loader could not get at the program's libraries: its message, its exit code.
  static bool before_the_program(const Fate& fate) {
    return fate.code == 127 && fate.err.find("while loading shared libraries") != std::string::npos;
  }

  std::string log() const { return study_.in("log"); }

  /// The most that any process of the command told; the file is gone then.
  int calls_seen() const {
    std::ifstream file{log()};
    int most = 0;
    for (int count = 0; file >> count;) most = std::max(most, count);
    fs::remove(log());
    return most;
  }

 private:
  SmallStudy study_;
};

/// Faults by preloading: what the program itself calls.
int by_preload(const Bench& bench, const Case& command, const Fault& fault) {
  int faults = 0;
  for (int k = 1;; ++k) {
    bench.prepare(command);
    const Fate fate =
        launch({.words = command.words,
                .set = preloaded(TL_SHIM_FILES, {{"TL_FAIL_CALL", fault.call},
                                                 {"TL_FAIL_AT", std::to_string(k) + (fault.ever_after ? "+" : "")},
                                                 {"TL_FAIL_ERRNO", std::to_string(fault.reason)},
                                                 {"TL_COUNT", bench.log()}})});
    const int seen = bench.calls_seen();
    CAPTURE(text_of(command, fault, k), seen);
    bench.judge(command, fault, fate, true);
    if (seen < k) return faults;
    ++faults;
  }
}

/// The calls worth failing, by number: from the first that has to do with the study, as what comes before is the
/// loader's search for libraries; and not those that find nothing there anyway.
std::vector<int> calls_of(const Bench& bench, const Case& command, const std::string& call) {
  bench.prepare(command);
  const Fate fate = launch(
      {.words = command.words, .wrapper = {"strace", "-f", "-y", "-qqq", "-o", bench.log(), "-e", "trace=" + call}});
  if (fate.code == 125) FAIL("strace is not installed: apt-get install strace");
  std::istringstream lines{text_of_file(bench.log())};
  std::vector<int> found;
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const bool begun = !found.empty() || line.find("/throughline-test-") != std::string::npos;
    if (begun && line.find(" ENOENT ") == std::string::npos) found.push_back(number);
  }
  found.push_back(number + 1);  // the command does not come to this one
  return found;
}

/// Faults by strace: every call that comes to the system, of the program and of its libraries. @returns how many
int by_strace(const Bench& bench, const Case& command, const Fault& fault, const std::vector<int>& calls) {
  int faults = 0;
  for (const int k : calls) {
    bench.prepare(command);
    const std::string inject = "inject=" + fault.call + ":error=" + std::to_string(fault.reason) +
                               ":when=" + std::to_string(k) + (fault.ever_after ? "+" : "");
    const Fate fate =
        launch({.words = command.words,
                .wrapper = {"strace", "-f", "-qqq", "-o", bench.log(), "-e", "trace=" + fault.call, "-e", inject}});
    CAPTURE(text_of(command, fault, k));
    bool heard = true, injected = false;
    std::istringstream lines{text_of_file(bench.log())};
    for (std::string line; std::getline(lines, line);) {
      if (line.find("(INJECTED)") == std::string::npos) continue;
      injected = true;
      if (line.find("write(2,") != std::string::npos) heard = false;
    }
    bench.judge(command, fault, fate, heard);
    if (injected) ++faults;
  }
  return faults;
}

}  // namespace

TEST_CASE("writes of half the bytes, or cut short by a signal, change nothing") {
  const Bench bench;
  const Case command = bench.cases().front();
  for (const Fault& fault : {Fault{"write", 0, true}, Fault{"write", EINTR, false}, Fault{"fsync", EINTR, false},
                             Fault{"open", EINTR, false}}) {
    bench.prepare(command);
    const Fate fate = launch({.words = command.words,
                              .set = preloaded(TL_SHIM_FILES, {{"TL_FAIL_CALL", fault.call},
                                                               {"TL_FAIL_AT", fault.ever_after ? "1+" : "3"},
                                                               {"TL_FAIL_ERRNO", std::to_string(fault.reason)},
                                                               {"TL_COUNT", bench.log()}})});
    CAPTURE(text_of(command, fault, 0), fate.err);
    CHECK(fate.code == 0);
    CHECK(bench.calls_seen() > 3);
    bench.judge(command, fault, fate, true);
  }
}

TEST_CASE("a disk that is full at the k-th write, sync or rename ends a run with a message, and nothing half written") {
  const Bench bench;
  const Case command = bench.cases().front();
  int faults = 0;
  for (const char* call : {"write", "rename"}) faults += by_preload(bench, command, {call, ENOSPC, false});
  faults += by_preload(bench, command, {"fsync", EIO, true});
  CHECK(faults > 20);
}

TEST_CASE("any call that fails, once or ever after, ends in a message and nothing half written", "[nightly]") {
  const std::size_t which = GENERATE(0U, 1U, 2U, 3U);
  const Bench bench;
  const Case command = bench.cases().at(which);
  const std::map<std::string, std::vector<int>> faults{
      {"write", {ENOSPC, EIO, EINTR, EDQUOT}},  {"pwrite64", {ENOSPC, EIO}},
      {"fsync", {EIO, ENOSPC, EINTR, EDQUOT}},  {"rename", {EIO, ENOSPC, EDQUOT}},
      {"openat", {EIO, ENOSPC, EINTR, EDQUOT}}, {"mkdir", {EIO, ENOSPC, EDQUOT}},
      {"close", {EIO, ENOSPC, EINTR, EDQUOT}}};
  std::map<std::string, int> counts;
  for (const auto& [call, reasons] : faults) {
    const std::vector<int> calls = calls_of(bench, command, call);
    for (const int reason : reasons)
      for (const bool ever_after : {false, true})
        if (!ever_after || reason != EINTR)  // signals without end: then there is nothing but to try again
          counts[call] += by_strace(bench, command, {call, reason, ever_after}, calls);
  }
  for (const bool ever_after : {false, true})
    counts["short write"] += by_preload(bench, command, {"write", 0, ever_after});
  int all = 0;
  std::cout << "failed calls, " << command.name << ":";
  for (const auto& [call, count] : counts) {
    std::cout << ' ' << call << ' ' << count << ',';
    all += count;
  }
  std::cout << " together " << all << std::endl;
  CHECK(all > 20);  // `results` only reads
}
