#include <atomic>
#include <chrono>
#include <cmath>
#include <cstring>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "scenarios/runner.hpp"
#include "sim/simulation.hpp"
#include "tests/catch.hpp"

namespace {

using tl::Failure;
using tl::Plan;
using tl::ReplicationResult;
using tl::RunBlock;
using tl::RunOptions;
using tl::RunOutcome;

/// A model that is only a size: its results fill `settings` rows of `periods` periods.
tl::ScenarioPlan scenario_of(const std::string& id, std::size_t settings, std::size_t periods,
                             double moves_a_day = 1.0) {
  tl::ScenarioPlan scenario{.id = id, .name = id, .about = "", .changes = {}, .compiled = {}};
  scenario.compiled.model.settings.resize(settings);
  scenario.compiled.model.period_ends.resize(periods);
  scenario.compiled.model.end = tl::SimTime::from_days(365.0);
  scenario.compiled.words.links.push_back({.from = 0, .to = 1, .per_day = moves_a_day});
  return scenario;
}

Plan plan_of(std::vector<tl::ScenarioPlan> scenarios, std::uint32_t replications) {
  Plan plan;
  plan.scenarios = std::move(scenarios);
  plan.seed = 7;
  plan.replications = replications;
  plan.blocks = tl::lay_out_blocks(plan.scenarios, replications);
  return plan;
}

/// Two small scenarios (blocks of 16) and a large one (blocks of 2): 14 blocks, 60 runs.
Plan three_scenarios() {
  return plan_of({scenario_of("base", 3, 2), scenario_of("large", 100, 130, 2.0), scenario_of("beds", 3, 2)}, 20);
}

/// Numbers that only (scenario's size, seed, replication) decide, some of them with every bit in use.
void fake(const tl::CompiledModel& model, std::uint64_t seed, std::uint32_t replication, ReplicationResult& into) {
  into = {};
  into.setting_count = static_cast<std::uint32_t>(model.settings.size());
  into.engine_events = 100.0 + replication;
  for (std::uint32_t i = 0; i < into.setting_count; ++i)
    into.settings.push_back(std::sqrt(static_cast<double>(seed * 1000 + replication * 31 + i)));
}

/// Keeps the bytes of what it takes, as a result store would.
class MemorySink : public tl::Sink {
 public:
  bool has(const RunBlock& block) const override {
    const std::lock_guard lock{mutex_};
    return kept_.contains(key(block));
  }
  void take(const RunBlock& block, std::span<const ReplicationResult> results) override {
    const std::lock_guard lock{mutex_};
    if (results.size() != block.count || kept_.contains(key(block))) ++wrong;
    std::string bytes;
    for (const ReplicationResult& result : results) {
      bytes.append(reinterpret_cast<const char*>(result.settings.data()), result.settings.size() * sizeof(double));
      bytes.append(reinterpret_cast<const char*>(&result.engine_events), sizeof(double));
    }
    kept_.emplace(key(block), bytes);
    order.push_back(block);
    if (kept_.size() == stop_after) stop = true;
  }
  const std::map<std::string, std::string>& kept() const { return kept_; }

  std::size_t stop_after = 0;
  std::atomic<bool> stop{false};
  std::atomic<int> wrong{0};
  std::vector<RunBlock> order;

 private:
  static std::string key(const RunBlock& block) {
    return std::to_string(block.scenario) + '/' + std::to_string(block.first_replication) + '/' +
           std::to_string(block.count);
  }
  mutable std::mutex mutex_;
  std::map<std::string, std::string> kept_;
};

RunOptions with_threads(unsigned threads) {
  RunOptions options;
  options.threads = threads;
  return options;
}

std::map<std::string, std::string> whole_study() {
  MemorySink sink;
  tl::run_with(three_scenarios(), sink, with_threads(1), fake);
  return sink.kept();
}

}  // namespace

TEST_CASE("any number of threads gives the same blocks with the same bytes") {
  const auto threads = GENERATE(1U, 2U, 3U, 8U, 0U);
  MemorySink sink;
  const RunOutcome outcome = tl::run_with(three_scenarios(), sink, with_threads(threads), fake);
  CHECK(outcome.runs_done == 60);
  CHECK(outcome.runs_reused == 0);
  CHECK(outcome.failures.empty());
  CHECK_FALSE(outcome.stopped);
  CHECK(sink.wrong == 0);
  CHECK(sink.kept().size() == three_scenarios().blocks.size());
  CHECK(sink.kept() == whole_study());
}

TEST_CASE("as many threads work as were asked for, also beyond the machine's cores") {
  constexpr unsigned kThreads = 8;
  std::mutex mutex;
  std::set<std::thread::id> seen;
  std::atomic<unsigned> here{0};
  const auto meet = [&](const tl::CompiledModel& model, std::uint64_t seed, std::uint32_t replication,
                        ReplicationResult& into) {
    {
      const std::lock_guard lock{mutex};
      seen.insert(std::this_thread::get_id());
    }
    ++here;
    // Each of the first eight waits for the other seven: with fewer threads this would go on until the give-up.
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (here < kThreads && std::chrono::steady_clock::now() < give_up) std::this_thread::yield();
    fake(model, seed, replication, into);
  };
  MemorySink sink;
  tl::run_with(plan_of({scenario_of("base", 3, 2)}, kThreads), sink, with_threads(kThreads), meet);
  CHECK(seen.size() == kThreads);
}

TEST_CASE("one block keeps several threads busy") {
  std::atomic<unsigned> here{0};
  std::atomic<bool> met{false};
  const auto meet = [&](const tl::CompiledModel& model, std::uint64_t seed, std::uint32_t replication,
                        ReplicationResult& into) {
    ++here;
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (here < 2 && std::chrono::steady_clock::now() < give_up) std::this_thread::yield();
    if (here >= 2) met = true;
    fake(model, seed, replication, into);
  };
  const Plan plan = plan_of({scenario_of("base", 3, 2)}, 4);
  REQUIRE(plan.blocks.size() == 1);
  MemorySink sink;
  tl::run_with(plan, sink, with_threads(2), meet);
  CHECK(met);
}

TEST_CASE("a study stopped after any block and resumed with other threads is the uninterrupted study") {
  const auto whole = whole_study();
  const Plan plan = three_scenarios();
  const auto blocks = GENERATE(range(1, 15));
  const auto [before, after] = GENERATE(table<unsigned, unsigned>({{1, 3}, {3, 2}, {2, 8}, {8, 1}}));
  MemorySink sink;
  sink.stop_after = static_cast<std::size_t>(blocks);
  RunOptions options = with_threads(before);
  options.stop = [&] { return sink.stop.load(); };
  const RunOutcome first = tl::run_with(plan, sink, options, fake);
  // The threads' last replications may complete a further block each, none is left half done.
  CHECK(sink.kept().size() >= static_cast<std::size_t>(blocks));
  CHECK(first.stopped == (sink.kept().size() < whole.size()));
  if (before == 1) CHECK(sink.kept().size() == static_cast<std::size_t>(blocks));
  const std::size_t kept = sink.kept().size();

  const RunOutcome second = tl::run_with(plan, sink, with_threads(after), fake);
  CHECK_FALSE(second.stopped);
  CHECK(second.runs_reused + second.runs_done == 60);
  CHECK((second.runs_reused > 0) == (kept > 0));
  CHECK(sink.wrong == 0);
  CHECK(sink.kept() == whole);
}

TEST_CASE("a replication that gives up on a stop keeps its block from the sink") {
  MemorySink sink;
  std::atomic<bool> stop{false};
  const auto give_up = [&](const tl::CompiledModel& model, std::uint64_t seed, std::uint32_t replication,
                           ReplicationResult& into) {
    if (replication == 3) {
      stop = true;
      throw tl::Stopped{};
    }
    fake(model, seed, replication, into);
  };
  RunOptions options = with_threads(1);
  options.stop = [&] { return stop.load(); };
  const RunOutcome outcome = tl::run_with(plan_of({scenario_of("base", 3, 2)}, 4), sink, options, give_up);
  CHECK(outcome.stopped);
  CHECK(outcome.failures.empty());
  CHECK(outcome.runs_done == 3);
  CHECK(sink.kept().empty());
}

TEST_CASE("more replications compute only the blocks that are new") {
  MemorySink sink;
  tl::run_with(plan_of({scenario_of("base", 3, 2)}, 32), sink, with_threads(2), fake);
  const RunOutcome more = tl::run_with(plan_of({scenario_of("base", 3, 2)}, 50), sink, with_threads(2), fake);
  CHECK(more.runs_reused == 32);
  CHECK(more.runs_done == 18);
}

TEST_CASE("a failed replication is named and all others go on") {
  const auto threads = GENERATE(1U, 3U);
  const Plan plan = three_scenarios();
  const auto faulty = [&](const tl::CompiledModel& model, std::uint64_t seed, std::uint32_t replication,
                          ReplicationResult& into) {
    const bool is_large = model.settings.size() == 100;
    if (is_large && replication == 5) throw tl::ModelFault{"time no longer passes", 12.5};
    if (!is_large && replication == 17) throw std::logic_error{"internal fault: x"};
    fake(model, seed, replication, into);
  };
  MemorySink sink;
  const RunOutcome outcome = tl::run_with(plan, sink, with_threads(threads), faulty);
  REQUIRE(outcome.failures.size() == 3);
  CHECK(outcome.runs_done == 57);
  CHECK(sink.kept().size() == plan.blocks.size() - 3);
  CHECK_FALSE(outcome.stopped);

  const Failure& first = outcome.failures[0];  // by scenario, then replication
  CHECK(first.scenario == 0);
  CHECK(first.internal);
  CHECK(tl::to_text(first, plan) == "base, replication 17 (seed 7): internal fault: x");
  CHECK_FALSE(outcome.failures[1].internal);
  CHECK(tl::to_text(outcome.failures[1], plan) ==
        "large, replication 5 (seed 7), day 12.5 of the run: time no longer passes");
  CHECK(outcome.failures[2].scenario == 2);
}

TEST_CASE("too little memory for a replication is a failure with advice") {
  const Plan plan = plan_of({scenario_of("base", 3, 2)}, 1);
  MemorySink sink;
  const RunOutcome outcome = tl::run_with(
      plan, sink, with_threads(1),
      [](const tl::CompiledModel&, std::uint64_t, std::uint32_t, ReplicationResult&) { throw std::bad_alloc{}; });
  REQUIRE(outcome.failures.size() == 1);
  CHECK_FALSE(outcome.failures[0].internal);
  CHECK_THAT(outcome.failures[0].what, Catch::Contains("try fewer threads"));
}

TEST_CASE("a sink that cannot keep a block ends the run with its reason") {
  struct FullDisk : tl::Sink {
    bool has(const RunBlock&) const override { return false; }
    void take(const RunBlock&, std::span<const ReplicationResult>) override {
      throw std::runtime_error{"No space left on device"};
    }
  } sink;
  const auto threads = GENERATE(1U, 3U);
  std::atomic<int> runs{0};
  const auto count = [&](const tl::CompiledModel& model, std::uint64_t seed, std::uint32_t replication,
                         ReplicationResult& into) {
    ++runs;
    fake(model, seed, replication, into);
  };
  CHECK_THROWS_WITH(tl::run_with(plan_of({scenario_of("base", 3, 2)}, 4'000), sink, with_threads(threads), count),
                    "No space left on device");
  CHECK(runs < 4'000);
}

TEST_CASE("progress counts to the end, one thread at a time") {
  const Plan plan = three_scenarios();
  std::vector<tl::Progress> told;
  std::atomic<int> inside{0}, overlaps{0};
  RunOptions options = with_threads(3);
  options.progress = [&](const tl::Progress& progress) {
    if (++inside > 1) ++overlaps;
    told.push_back(progress);
    --inside;
  };
  MemorySink sink;
  const RunOutcome outcome = tl::run_with(plan, sink, options, fake);
  CHECK(overlaps == 0);
  REQUIRE(told.size() == 60);
  for (std::size_t i = 0; i < told.size(); ++i) CHECK(told[i].runs_done == i + 1);
  CHECK(told.back().runs_total == 60);
  CHECK(told.back().events == outcome.events);
  CHECK(outcome.events == 3 * (20 * 100.0 + 190.0));
}

TEST_CASE("parts of a study together are the study, and the longest scenario comes first") {
  const Plan plan = three_scenarios();
  MemorySink sink;
  std::uint64_t runs = 0;
  for (std::uint32_t i = 1; i <= 3; ++i) {
    RunOptions options = with_threads(2);
    options.part = tl::Part{.index = i, .count = 3};
    const RunOutcome outcome = tl::run_with(plan, sink, options, fake);
    CHECK(outcome.runs_reused == 0);
    runs += outcome.runs_done;
  }
  CHECK(runs == 60);
  CHECK(sink.kept() == whole_study());

  MemorySink alone;
  tl::run_with(plan, alone, with_threads(1), fake);
  CHECK(alone.order.front().scenario == 1);
  CHECK(alone.order.back().scenario == 2);
}
