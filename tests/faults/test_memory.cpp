#include <sys/resource.h>

#include <cmath>
#include <cstring>
#include <iostream>

#include "tests/catch.hpp"
#include "tests/faults/launch.hpp"

// Reliability row 36: the k-th allocation fails, and an address space that is too small. A message or a clean stop,
// never another number and never an end by a signal.

using namespace tl::test;
using Catch::Contains;

namespace {

struct Tally {
  int faults = 0, survived = 0, told = 0;
  int broke_off = 0;  ///< a library ended the process: told too, with the exit code of a fault
  int bad = 0;
};

class Bench {
 public:
  Bench() {
    REQUIRE(launch({.words = study_.run("plain")}).code == 0);
    REQUIRE(launch({.words = study_.run("whole")}).code == 0);
    REQUIRE(launch({.words = {"report", study_.in("whole")}}).code == 0);
    results_ = files_in(study_.in("plain"));
    reported_ = files_in(study_.in("whole"));
  }
  std::string at() const { return study_.in("at"); }
  std::vector<std::string> run() const { return study_.run("at"); }
  const SmallStudy& study() const { return study_; }

  /// @param from_results  the command starts from finished results, else from nothing
  void prepare(bool from_results) const {
    fs::remove_all(at());
    if (from_results) copy_folder(study_.in("plain"), at());
  }
  void judge(const Fate& fate, bool reports, Tally& tally) const {
    const auto now = files_in(at());
    const auto& reference = reports ? reported_ : results_;
    INFO("code " << fate.code << ", " << fate.err);
    const bool whole = !fate.hung && !has_part(now) && not_whole(now, reference).empty();
    const bool broke_off = fate.code == 3 && fate.err.find("the program broke off") != std::string::npos;
    const bool right = fate.code == 0 ? now == reference : broke_off || (fate.code == 1 && !fate.err.empty());
    CHECK(whole);
    CHECK(right);
    ++(fate.code == 0 ? tally.survived : broke_off ? tally.broke_off : tally.told);
    tally.bad += whole && right ? 0 : 1;
  }
  const std::map<std::string, std::string>& results() const { return results_; }

 private:
  SmallStudy study_;
  std::map<std::string, std::string> results_, reported_;
};

std::function<void()> within(std::uint64_t mebibytes) {
  return [mebibytes] {
    const rlimit most{mebibytes << 20, mebibytes << 20};
    ::setrlimit(RLIMIT_AS, &most);
  };
}

long allocations_of(const Bench& bench, const std::vector<std::string>& words) {
  const std::string count = bench.study().in("count");
  const Fate fate = launch({.words = words, .set = preloaded(TL_SHIM_MEMORY, {{"TL_COUNT", count}})});
  REQUIRE(fate.code == 0);
  std::ifstream file{count};  // a child that goes on from its parent's count tells first
  long most = 0;
  for (long one = 0; file >> one;) most = std::max(most, one);
  fs::remove(count);
  return most;
}

void fail_allocations(const Bench& bench, const std::string& name, const std::vector<std::string>& words,
                      long every_up_to, double then_by) {
  const bool reports = name == "report", from_results = name != "run";
  bench.prepare(from_results);
  const long all = allocations_of(bench, words);
  REQUIRE(all > 100);
  Tally tally;
  for (long k = 1; k <= all + 1;
       k = k < every_up_to ? k + 1 : std::max(k + 1, static_cast<long>(std::ceil(static_cast<double>(k) * then_by))))
    for (const bool ever_after : {false, true}) {
      bench.prepare(from_results);
      const Fate fate =
          launch({.words = words,
                  .set = preloaded(TL_SHIM_MEMORY, {{"TL_FAIL_AT", std::to_string(k) + (ever_after ? "+" : "")}})});
      CAPTURE(name, k, ever_after);
      bench.judge(fate, reports, tally);
      ++tally.faults;
      if (tally.faults % 50 != 0) continue;
      CHECK(launch({.words = words}).code == 0);
      if (!reports) CHECK(files_in(bench.at()) == bench.results());
    }
  std::cout << "allocations, " << name << ": " << all << " made, " << tally.faults << " faults, " << tally.survived
            << " survived with the right bytes, " << tally.told << " told, " << tally.broke_off
            << " broken off by a library and told, " << tally.bad << " bad" << std::endl;
  CHECK(tally.told > 0);
}

}  // namespace

TEST_CASE("an allocation that fails now and then ends in a message or the right bytes") {
  if (TL_SANITIZED) {
    WARN("a sanitizer has its own allocator");
    return;
  }
  const Bench bench;
  fail_allocations(bench, "run", bench.run(), 3, 1.4);
  fail_allocations(bench, "results", {"results", bench.at()}, 3, 1.4);
}

TEST_CASE("any allocation that fails in a run ends in a message or the right bytes", "[nightly]") {
  if (TL_SANITIZED) {
    WARN("a sanitizer has its own allocator");
    return;
  }
  const Bench bench;
  fail_allocations(bench, "run", bench.run(), 1500, 1.002);
}

TEST_CASE("any allocation that fails in results or report ends in a message or the right bytes", "[nightly]") {
  if (TL_SANITIZED) {
    WARN("a sanitizer has its own allocator");
    return;
  }
  const Bench bench;
  fail_allocations(bench, "results", {"results", bench.at()}, 2000, 1.002);
  fail_allocations(bench, "report", {"report", bench.at()}, 2000, 1.002);
}

TEST_CASE("an address space that is too small ends in a message or the right bytes") {
  if (TL_SANITIZED) {
    WARN("a sanitizer reserves more addresses than any limit");
    return;
  }
  const Bench bench;
  Tally tally;
  int before_the_program = 0;
  for (std::uint64_t mebibytes = 16; mebibytes <= 400; mebibytes += mebibytes < 64 ? 4 : 24) {
    bench.prepare(false);
    const Fate fate = launch({.words = bench.run(), .in_child = within(mebibytes)});
    CAPTURE(mebibytes, fate.code, fate.err);
    if (fate.code == 127 && fate.err.find("shared libraries") != std::string::npos) {
      ++before_the_program;
      continue;
    }
    bench.judge(fate, false, tally);
    ++tally.faults;
  }
  // What the program itself takes, and 1.2 times what it says it needs for the study.
  std::uint64_t itself = 16;
  while (launch({.words = {"--version"}, .in_child = within(itself)}).code != 0) ++itself;
  std::vector<std::string> dry = bench.run();
  dry.emplace_back("--dry-run");
  const std::string said = launch({.words = dry}).out;
  const std::size_t at = said.find("Memory: at most ");
  REQUIRE(at != std::string::npos);
  REQUIRE(said.find("MiB", at) < said.find('\n', at));
  const double estimate = std::stod(said.substr(at + std::strlen("Memory: at most ")));
  bench.prepare(false);
  const auto most = itself + static_cast<std::uint64_t>(std::ceil(1.2 * estimate));
  const Fate fate = launch({.words = bench.run(), .in_child = within(most)});
  CAPTURE(itself, estimate, fate.err);
  bench.judge(fate, false, tally);
  std::cout << "address space of " << itself << " + 1.2 x " << estimate
            << " MiB: " << (fate.code == 0 ? "done" : "told") << '\n';
  std::cout << "address spaces: " << before_the_program << " too small for the loader, " << tally.told << " told, "
            << tally.broke_off << " broken off by a library and told, " << tally.survived
            << " done with the right bytes, " << tally.bad << " bad\n";
  CHECK(tally.survived > 0);
}
