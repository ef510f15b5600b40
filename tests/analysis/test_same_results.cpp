#include <atomic>
#include <map>

#include "analysis/results_file.hpp"
#include "analysis/store.hpp"
#include "models/compile.hpp"
#include "models/read_model.hpp"
#include "scenarios/plan.hpp"
#include "scenarios/runner.hpp"
#include "scenarios/sha256.hpp"
#include "tests/apps/program.hpp"
#include "tests/catch.hpp"
#include "tests/scenarios/random_model.hpp"

// Reliability rows 1 and 7: any number of threads, and any stop on the way, give the same bytes.

using namespace tl;

namespace {

Plan study_of_four(std::uint32_t replications) {
  Plan plan;
  plan.seed = 11;
  plan.replications = replications;
  plan.study_name = "four";
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    Problems problems;
    const random_model::Recipe recipe{seed, static_cast<std::uint32_t>(5 * seed)};
    const auto model = read_model_text(random_model::text(recipe), "random.toml", ReadOptions{}, problems);
    auto compiled = model ? compile(*model, Limits{}, problems) : std::nullopt;
    INFO(to_text(problems));
    REQUIRE(compiled.has_value());
    ScenarioPlan scenario;
    scenario.id = scenario.name = "model_" + std::to_string(seed);
    scenario.compiled = std::move(*compiled);
    plan.scenarios.push_back(std::move(scenario));
  }
  plan.blocks = lay_out_blocks(plan.scenarios, replications);
  return plan;
}

/// Passes on to the store, and asks for a stop after so many blocks.
class StoppingSink : public Sink {
 public:
  StoppingSink(Store& store, std::size_t blocks) : store_{store}, blocks_{blocks}, stop{blocks == 0} {}
  bool has(const RunBlock& block) const override { return store_.has(block); }
  void take(const RunBlock& block, std::span<const ReplicationResult> results) override {
    store_.take(block, results);
    if (++taken == blocks_) stop = true;
  }

 private:
  Store& store_;
  std::size_t blocks_;

 public:
  std::atomic<std::size_t> taken{0};
  std::atomic<bool> stop;
};

/// File by file, but for the lock: name and digest.
std::map<std::string, std::string> digests(const std::string& folder) {
  std::map<std::string, std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
    if (!entry.is_regular_file()) continue;
    const std::string text = test::text_of_file(entry.path());
    if (!text.empty())
      found[entry.path().lexically_relative(folder).string()] = sha256_hex(std::as_bytes(std::span{text}));
  }
  return found;
}

std::map<std::string, std::string> run_in(const std::string& folder, const Plan& plan, unsigned threads) {
  Store store{folder, plan};
  RunOptions options;
  options.threads = threads;
  const RunOutcome outcome = run(plan, store, options);
  REQUIRE(outcome.failures.empty());
  store.finish();
  publish_results(store, gather_study(store));
  return digests(folder);
}

}  // namespace

TEST_CASE("one, two, three or eight threads write the same bytes") {
  const Plan plan = study_of_four(18);
  const test::Folder folder;
  const auto alone = run_in(folder / "1", plan, 1);
  REQUIRE(alone.contains("results.h5"));
  CHECK(alone.size() >= plan.blocks.size() + 2);
  for (const unsigned threads : {2U, 3U, 8U}) CHECK(run_in(folder / std::to_string(threads), plan, threads) == alone);
}

TEST_CASE("another seed writes other bytes, so that the comparison can fail") {
  Plan plan = study_of_four(2);
  const test::Folder folder;
  const auto first = run_in(folder / "a", plan, 2);
  plan.seed = 12;
  CHECK(run_in(folder / "b", plan, 2).at("results.h5") != first.at("results.h5"));
}

namespace {

/// Two scenarios, four points of a sweep and three draws of a parameter of each.
Plan study_with_sweep(const test::Folder& folder) {
  std::filesystem::copy_file(test::test_file("tiny.toml"), folder / "tiny.toml");
  std::ofstream{folder / "study.toml"} << "[study]\nmodel = \"tiny.toml\"\nreplications = 2\n"
                                          "[scenarios.baseline]\n[scenarios.more]\n"
                                          "add = { \"settings.crisis.capacity\" = 4 }\n"
                                          "[sweep]\ndesign = \"sobol\"\npoints = 4\n[sweep.over]\n"
                                          "\"settings.crisis.capacity\" = { low = 6, high = 12 }\n"
                                          "[uncertain]\ndraws = 3\nreplications = 1\nparameters = \"all\"\n";
  Problems problems;
  Plan plan = read_plan(folder / "study.toml", {}, Limits{}, problems);
  INFO(to_text(problems));
  REQUIRE_FALSE(problems.has_errors());
  REQUIRE(plan.rows() == 2 + 4 + 6);
  return plan;
}

/// Stops a study after each number of its shards, goes on with other threads, and looks at every file.
void stop_after_any_shard(const Plan& plan, const test::Folder& folder) {
  const auto whole = run_in(folder / "whole", plan, 2);
  for (std::size_t k = 0; k <= plan.blocks.size(); ++k) {
    const std::string part = folder / std::to_string(k);
    {
      Store store{part, plan};
      StoppingSink sink{store, k};
      RunOptions options;
      options.threads = 1;
      options.stop = [&] { return sink.stop.load(); };
      const RunOutcome outcome = run(plan, sink, options);
      CHECK(sink.taken == k);
      CHECK(outcome.stopped == (k < plan.blocks.size()));
      store.finish();
    }
    const unsigned threads = k % 3 == 0 ? 8 : k % 3 == 1 ? 2 : 3;
    CHECK(run_in(part, plan, threads) == whole);
  }
}

}  // namespace

TEST_CASE("stopped after any shard and resumed with other threads, a study ends the same") {
  Plan plan = study_of_four(3);
  plan.blocks.clear();  // shards of one replication, so that there are many moments to stop at
  for (std::uint32_t scenario = 0; scenario < 4; ++scenario)
    for (std::uint32_t replication = 0; replication < 3; ++replication)
      plan.blocks.push_back({scenario, replication, 1});
  stop_after_any_shard(plan, test::Folder{});
}

TEST_CASE("stopped after any shard and resumed with other threads, a sweep ends the same") {
  const test::Folder folder;
  stop_after_any_shard(study_with_sweep(folder), folder);
}
