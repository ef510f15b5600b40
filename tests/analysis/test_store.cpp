#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "analysis/publish.hpp"
#include "analysis/store.hpp"
#include "analysis/store_error.hpp"
#include "scenarios/sha256.hpp"
#include "tests/analysis/made_results.hpp"
#include "tests/catch.hpp"

using namespace tl;

namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span{text});
}

/// A plan whose compiled models have the sizes of the made results; nothing of it is run.
Plan made_plan(std::uint64_t seed = 7) {
  Plan plan;
  plan.seed = seed;
  plan.replications = 4;
  plan.study_name = "small";
  for (const char* id : {"baseline", "more_beds"}) {
    ScenarioPlan scenario;
    scenario.id = scenario.name = id;
    scenario.compiled.words = made::catalogue();
    CompiledModel& model = scenario.compiled.model;
    model.settings.resize(5);
    model.settings[1].capacity = plan.scenarios.empty() ? 46 : 56;
    model.period_ends.resize(2);
    model.observe.resize(1);
    model.events.resize(1);
    model.milestones.resize(1);
    model.policies.rules.resize(1);
    model.reason_count = 2;
    model.outcome_count = 1;
    plan.scenarios.push_back(std::move(scenario));
  }
  plan.blocks = {{0, 0, 2}, {0, 2, 2}, {1, 0, 2}, {1, 2, 2}};
  return plan;
}

std::vector<ReplicationResult> results_of(const RunBlock& block) {
  std::vector<ReplicationResult> results;
  for (std::uint32_t i = 0; i < block.count; ++i)
    results.push_back(made::filled_result(100 * block.scenario + block.first_replication + i));
  return results;
}
void take_all(Store& store) {
  for (const RunBlock& block : store.plan().blocks)
    if (!store.has(block)) store.take(block, results_of(block));
  store.finish();
}

void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  std::ofstream file{path, std::ios::binary | std::ios::trunc};
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

std::string refusal(const std::function<void()>& what) {
  try {
    what();
  } catch (const StoreError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("SHA-256 gives the known answers") {
  CHECK(sha256_hex({}) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex(bytes_of("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("a shard gives back what was put in, and the same bytes each time") {
  const ShardKey key{std::string(64, 'b'), 3, 2};
  const std::vector<ReplicationResult> results{made::filled_result(3), made::filled_result(4)};
  const std::vector<std::byte> once = write_shard(key, results);
  std::this_thread::sleep_for(std::chrono::milliseconds{1100});  // a stored time would have moved by a second
  CHECK(once == write_shard(key, results));
  const std::vector<ReplicationResult> back = read_shard(once, key, sizes_of(results[0]));
  REQUIRE(back.size() == 2);
  CHECK(made::same(back[0], results[0]));
  CHECK(made::same(back[1], results[1]));
}

TEST_CASE("a shard of other replications or sizes is refused") {
  const ShardKey key{std::string(64, 'b'), 3, 1};
  const std::vector<ReplicationResult> results{made::filled_result(3)};
  const std::vector<std::byte> bytes = write_shard(key, results);
  const ResultSizes sizes = sizes_of(results[0]);
  CHECK_THROWS_AS(read_shard(bytes, {std::string(64, 'c'), 3, 1}, sizes), StoreError);
  CHECK_THROWS_AS(read_shard(bytes, {key.digest, 4, 1}, sizes), StoreError);
  CHECK_THROWS_AS(read_shard(bytes, {key.digest, 3, 2}, sizes), StoreError);
  ResultSizes other = sizes;
  ++other.settings;
  CHECK_THROWS_AS(read_shard(bytes, key, other), StoreError);
}

TEST_CASE("results without periods, events or instants are kept too") {
  ReplicationResult result;
  result.setting_count = 1;
  result.wait_lengths.resize(kLengthBuckets);
  result.stay_lengths.resize(kLengthBuckets);
  result.census_time.resize(kCensusBins);
  result.census_width.resize(1);
  const ShardKey key{std::string(64, 'd'), 0, 1};
  const std::vector<std::byte> bytes = write_shard(key, {&result, 1});
  CHECK(made::same(read_shard(bytes, key, sizes_of(result)).at(0), result));
}

TEST_CASE("a study goes on where it stopped, and ends with the same bytes") {
  const made::Folder whole{"whole"}, parts{"parts"};
  const Plan plan = made_plan();
  {
    Store store{whole.path(), plan};
    take_all(store);
    publish_results(store, gather_study(store));
  }
  {
    Store store{parts.path(), plan};
    store.take(plan.blocks[3], results_of(plan.blocks[3]));
    CHECK(store.missing() == 6);
  }
  {
    Store store{parts.path(), plan};
    CHECK(store.notices().empty());
    CHECK(store.has(plan.blocks[3]));
    CHECK_FALSE(store.has(plan.blocks[0]));
    take_all(store);
    CHECK(store.missing() == 0);
    publish_results(store, gather_study(store));
  }
  for (const char* name : {"results.h5", "manifest.json"})
    CHECK(read_whole_file(whole.path() / name, 1 << 30) == read_whole_file(parts.path() / name, 1 << 30));
  const StudyResults back = load_results(parts.path());
  REQUIRE(back.scenarios.size() == 2);
  CHECK(back.scenarios[1].numbers == std::vector<std::uint32_t>{0, 1, 2, 3});
  CHECK(made::same(back.scenarios[1].replications[3], made::filled_result(103)));
}

TEST_CASE("another seed is refused, and the difference named") {
  const made::Folder folder{"seed"};
  const Plan seven = made_plan(7), eight = made_plan(8);
  { Store store{folder.path(), seven}; }
  const std::string text = refusal([&] { Store store{folder.path(), eight}; });
  CHECK_THAT(text, Catch::Contains("seed 7") && Catch::Contains("seed 8"));
}

TEST_CASE("another format, a doubled name and deep nesting in a manifest are refused") {
  const made::Folder folder{"format"};
  const Plan plan = made_plan();
  const auto [manifest, says] = GENERATE(table<std::string, std::string>(
      {{R"({"format":1,"seed":7,"engine_version":"1","scenarios":[],"shards":[]})", "format 1"},
       {R"({"format":6,"seed":7,"seed":8,"engine_version":"1","scenarios":[],"shards":[]})", "stands twice"},
       {R"({"format":6,"seed":-7,"engine_version":"1","scenarios":[],"shards":[]})", "not a whole number"},
       {R"({"format":6,"seed":7,"engine_version":"1","scenarios":[],"shards":[{"file":"../x"}]})", "manifest"},
       {std::string(100000, '['), "nested too deeply"},
       {"", "not a manifest"},
       {"{", "not a manifest"}}));
  write_file(folder.path() / "manifest.json", bytes_of(manifest));
  CHECK_THAT(refusal([&] { Store store{folder.path(), plan}; }), Catch::Contains(says));
}

TEST_CASE("a manifest cannot point outside its folder") {
  const std::string digest(64, 'a');
  const std::string text = R"({"format":6,"seed":7,"engine_version":"1","scenarios":[],"shards":[{"file":"../../x.h5",)"
                           R"("scenario_digest":")" +
                           digest +
                           R"(","first_replication":0,"replications":2,"bytes":1,)"
                           R"("sha256":")" +
                           digest + R"("}]})";
  CHECK_THAT(refusal([&] { manifest_from_json(text, "m.json"); }), Catch::Contains("has not the name"));
}

TEST_CASE("a second process is refused while one works on the folder") {
  const made::Folder folder{"lock"};
  const Plan plan = made_plan();
  const Store store{folder.path(), plan};
  CHECK_THAT(refusal([&] { Store second{folder.path(), plan}; }), Catch::Contains("another process"));
}

TEST_CASE("what a killed process left half written is removed") {
  const made::Folder folder{"left"};
  const Plan plan = made_plan();
  { Store store{folder.path(), plan}; }
  const std::filesystem::path left = folder.path() / "shards" / "aaaaaaaaaaaa-0-2.h5.part";
  write_file(left, bytes_of("half"));
  { Store store{folder.path(), plan}; }
  CHECK_FALSE(std::filesystem::exists(left));
}

TEST_CASE("a changed scenario is computed anew, and the others' shards are kept") {
  const made::Folder folder{"changed"};
  Plan plan = made_plan();
  {
    Store store{folder.path(), plan};
    take_all(store);
  }
  plan.scenarios[1].compiled.model.settings[1].capacity = 60;
  const Store store{folder.path(), plan};
  CHECK(store.has(plan.blocks[0]));
  CHECK_FALSE(store.has(plan.blocks[2]));
}

TEST_CASE("shards made apart are joined") {
  const made::Folder one{"one"}, two{"two"};
  const Plan plan = made_plan();
  {
    Store store{one.path(), plan};
    store.take(plan.blocks[0], results_of(plan.blocks[0]));
  }
  Store store{two.path(), plan};
  store.take(plan.blocks[1], results_of(plan.blocks[1]));
  CHECK(store.adopt(one.path()) == 1);
  CHECK(store.has(plan.blocks[0]));
  CHECK(made::same(store.read(plan.blocks[0]).at(1), made::filled_result(1)));
}

TEST_CASE("a damaged shard is never accepted: it is reported and computed again") {
  const made::Folder folder{"damaged"};
  const Plan plan = made_plan();
  {
    Store store{folder.path(), plan};
    take_all(store);
  }
  std::filesystem::path path;
  for (const auto& entry : std::filesystem::directory_iterator{folder.path() / "shards"})
    path = std::max(path, entry.path());
  const std::vector<std::byte> good = read_whole_file(path, 1 << 30);
  for (std::uint32_t trial = 0; trial < 60; ++trial) {
    std::vector<std::byte> bad = good;
    const auto bits = draw(run_key(11, 0), {2, trial, 0}, Purpose::process, 0, 0);
    const std::size_t at = bits.w[0] % bad.size();
    if (trial % 3 == 0)
      bad.resize(at);
    else if (trial % 3 == 1)
      bad[at] ^= static_cast<std::byte>(1 + bits.w[1] % 255);
    else
      bad.push_back(std::byte{0});
    write_file(path, bad);
    const Store store{folder.path(), plan};
    std::size_t there = 0;
    for (const RunBlock& block : plan.blocks) there += store.has(block) ? 1 : 0;
    REQUIRE(there == 3);
    REQUIRE(store.notices().size() == 1);
    REQUIRE_THAT(store.notices()[0], Catch::Contains("damaged") && Catch::Contains("computed again"));
    publish_manifest(folder.path(), [&] {  // the next trial starts from the whole manifest
      Manifest manifest = *read_manifest(folder.path());
      for (const RunBlock& block : plan.blocks)
        if (!store.has(block))
          manifest.shards.push_back(
              {{store.digest(block.scenario), block.first_replication, block.count}, {good.size(), sha256_hex(good)}});
      return manifest;
    }());
  }
}

TEST_CASE("a damaged results.h5 is refused before HDF5 sees it") {
  const made::Folder folder{"results"};
  const Plan plan = made_plan();
  {
    Store store{folder.path(), plan};
    take_all(store);
    publish_results(store, gather_study(store));
  }
  std::vector<std::byte> bytes = read_whole_file(folder.path() / "results.h5", 1 << 30);
  bytes[bytes.size() / 2] ^= std::byte{1};
  write_file(folder.path() / "results.h5", bytes);
  CHECK_THAT(refusal([&] { load_results(folder.path()); }), Catch::Contains("damaged"));
}

TEST_CASE("a folder without finished results says what to do") {
  const made::Folder folder{"none"};
  CHECK_THAT(refusal([&] { load_results(folder.path()); }),
             Catch::Contains("no manifest.json") && Catch::Contains("run"));
  const Plan plan = made_plan();
  { Store store{folder.path(), plan}; }
  CHECK_THAT(refusal([&] { load_results(folder.path()); }), Catch::Contains("not finished"));
}

TEST_CASE("a full disk is an error with path and reason, and leaves nothing half written") {
  // In a child, because the limit cannot be raised again. Sizes from nothing to nearly enough.
  const made::Folder folder{"full"};
  const std::vector<std::byte> bytes(10'000, std::byte{7});
  const rlim_t limit = GENERATE(0U, 1U, 4096U, 9999U);
  const std::filesystem::path path = folder.path() / "file.h5";
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const rlimit most{limit, limit};
    ::setrlimit(RLIMIT_FSIZE, &most);
    const std::string text = refusal([&] { publish(path, bytes); });
    const bool named =
        text.find(path.string()) != std::string::npos && text.find("File too large") != std::string::npos;
    ::_exit(named ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a file that cannot be written leaves the old one standing") {
  const made::Folder folder{"old"};
  const std::filesystem::path path = folder.path() / "a";
  publish(path, bytes_of("old"));
  std::filesystem::create_directory(folder.path() / "a.part");  // so that the part file cannot be created
  CHECK_THAT(refusal([&] { publish(path, bytes_of("new")); }),
             Catch::Contains("a.part") && Catch::Contains("directory"));
  CHECK(read_whole_file(path, 100).size() == 3);
  CHECK_THAT(refusal([&] { publish(folder.path() / "no" / "a", bytes_of("x")); }), Catch::Contains("No such file"));
}

TEST_CASE("results.h5 keeps the catalogue, the changes and the terms") {
  const StudyResults study = made::study(3);
  const std::vector<std::byte> bytes = write_results(study);
  CHECK(bytes == write_results(study));
  const StudyResults back = read_results(bytes);
  REQUIRE(back.scenarios.size() == 2);
  CHECK(back.seed == 7);
  CHECK(back.study_text == study.study_text);
  CHECK(back.model_text.empty());
  CHECK(back.scenarios[1].changes == study.scenarios[1].changes);
  CHECK(back.scenarios[0].terms.standard_days == study.scenarios[0].terms.standard_days);
  const Catalogue &words = back.scenarios[0].words, expected = made::catalogue();
  REQUIRE(words.settings.size() == 5);
  CHECK(words.settings[1].name == "Acute ward");
  CHECK(words.settings[1].level == 5);
  CHECK(std::isinf(words.settings[0].capacity));
  CHECK(words.settings[4].line_of == "ward");
  CHECK(words.links.size() == 3);
  CHECK(words.links[2].to == 1);
  CHECK(std::isnan(words.parameters[1].low));
  CHECK(words.parameters[0].provenance.source == expected.parameters[0].provenance.source);
  CHECK(words.metrics[0].target == 3.0);
  CHECK(words.period_names == expected.period_names);
  CHECK(made::same(back.scenarios[0].replications[2], study.scenarios[0].replications[2]));
}
