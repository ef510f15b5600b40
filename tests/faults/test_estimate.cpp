#include <cstdio>
#include <iostream>

#include "analysis/results_file.hpp"
#include "scenarios/estimate.hpp"
#include "scenarios/runner.hpp"
#include "tests/catch.hpp"
#include "tests/faults/launch.hpp"

// Reliability row 43: the memory a study is said to take against what it took, and memory after very many studies.

using namespace tl;
using namespace tl::test;

namespace {

/// Clients who stay a year on average, so that as many are there at once as come in a year.
std::string model_of(double clients, int settings, const char* every) {
  std::string text = "[model]\nname = \"Sizes\"\nhorizon = \"2 y\"\nreplications = 8\nevery = \"" + std::string{every} +
                     "\"\n[arrivals.all]\nrate = \"" + std::to_string(clients) + " / y\"\nto = \"s0\"\n";
  for (int i = 0; i < settings; ++i) {
    const std::string next = i + 1 < settings ? "s" + std::to_string(i + 1) : "leave:done";
    text += "[settings.s" + std::to_string(i) + "]\ncapacity = \"unlimited\"\nnext = \"" + next +
            "\"\nstay = { kind = \"exponential\", mean = \"" + std::to_string(365.25 / settings) + " d\" }\n";
  }
  return text;
}

struct Size {
  const char* words;
  double clients;
  int settings;
  const char* every;
};
constexpr Size kSizes[] = {{"100 clients in one setting", 100, 1, "year"},
                           {"10,000 clients in 20 settings", 10'000, 20, "year"},
                           {"300 settings, a period a week", 1'000, 300, "7 d"},
                           {"100,000 clients in 20 settings", 100'000, 20, "year"},
                           {"400,000 clients in 5 settings", 400'000, 5, "year"}};

std::uint64_t resident_bytes() {
  std::ifstream file{"/proc/self/statm"};
  std::uint64_t all = 0, resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

/// Keeps what it is given, as a store would.
class HeldResults : public Sink {
 public:
  explicit HeldResults(ScenarioResults& into) : into_{into} {}
  bool has(const RunBlock&) const override { return false; }
  void take(const RunBlock& block, std::span<const ReplicationResult> results) override {
    for (std::uint32_t i = 0; i < block.count; ++i) into_.numbers.push_back(block.first_replication + i);
    for (const ReplicationResult& result : results) into_.replications.push_back(result);
  }

 private:
  ScenarioResults& into_;
};

/// Reads a study, runs it, writes its results and reads them. @returns the bytes of results.h5
std::size_t whole_study(const std::string& path) {
  Problems problems;
  const Plan plan = read_plan(path, {}, Limits{}, problems);
  REQUIRE_FALSE(problems.has_errors());
  StudyResults results;
  results.study_name = plan.study_name;
  results.seed = plan.seed;
  results.planned_replications = plan.replications;
  ScenarioResults& one = results.scenarios.emplace_back();
  one.id = one.name = plan.scenarios.front().id;
  one.digest = std::string(64, '0');
  one.words = plan.scenarios.front().compiled.words;
  one.terms = terms_of(plan.scenarios.front().compiled.model);
  HeldResults sink{one};
  RunOptions options;
  options.threads = 1;
  run(plan, sink, options);
  const std::vector<std::byte> bytes = write_results(results);
  REQUIRE(read_results(bytes, {}).scenarios.size() == 1);
  return bytes.size();
}

}  // namespace

TEST_CASE("a study takes no more memory than it is said to take", "[nightly]") {
  if (TL_SANITIZED) {
    WARN("a sanitizer takes memory of its own");
    return;
  }
  for (const Size& size : kSizes) {
    const Folder folder;
    write_text(folder / "model.toml", model_of(size.clients, size.settings, size.every));
    Problems problems;
    const Plan plan = read_plan(folder / "model.toml", {}, Limits{}, problems);
    INFO(size.words << "\n" << to_text(problems));
    REQUIRE_FALSE(problems.has_errors());
    const auto said = static_cast<double>(estimate(plan, 2).memory_bytes);
    const Fate fate = launch({.words = {"run", folder / "model.toml", "-o", folder / "r", "--threads", "2"}});
    INFO(fate.err);
    REQUIRE(fate.code == 0);
    const auto taken = static_cast<double>(fate.peak_bytes);
    std::printf("memory, %s: said %.0f MiB, taken %.0f MiB, %.2f of it\n", size.words, said / 1048576.0,
                taken / 1048576.0, taken / said);
    std::fflush(stdout);
    CHECK(taken <= said);
  }
}

TEST_CASE("memory does not grow over ten thousand studies in one process", "[nightly]") {
  if (TL_SANITIZED) {
    WARN("a sanitizer keeps what was freed");
    return;
  }
  constexpr int kFirst = 1'000, kStudies = 10'000;
  constexpr double kMostGrowth = 1048576.0;  // 117 bytes a study: one forgotten handle takes more
  const SmallStudy study;
  std::uint64_t after_first = 0;
  for (int i = 0; i < kStudies; ++i) {
    if (i == kFirst) after_first = resident_bytes();
    whole_study(fs::path{study.path()}.replace_filename("tiny.toml"));
  }
  const std::uint64_t after_last = resident_bytes();
  const double growth = static_cast<double>(after_last) - static_cast<double>(after_first);
  std::printf("memory after %d studies: %.1f MiB; after %d: %.1f MiB\n", kFirst,
              static_cast<double>(after_first) / 1048576.0, kStudies, static_cast<double>(after_last) / 1048576.0);
  CHECK(growth < kMostGrowth);
}
