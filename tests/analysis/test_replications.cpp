#include <sys/resource.h>
#include <sys/wait.h>

#include "analysis/medium.hpp"
#include "analysis/store.hpp"
#include "analysis/store_error.hpp"
#include "analysis/table_text.hpp"
#include "analysis/tables.hpp"
#include "scenarios/sha256.hpp"
#include "tests/analysis/made_results.hpp"
#include "tests/catch.hpp"

// Replications that are not all in memory: files that are written as they come, values that are taken out in one pass.

using namespace tl;

namespace {

/// Counts how often it is gone through.
class CountingSource : public ReplicationSource {
 public:
  explicit CountingSource(std::size_t count) : count_{count} {}
  std::size_t count() const override { return count_; }
  void each(Arrays wanted, const With& with) override {
    ++passes;
    histograms += wanted == Arrays::all ? 1 : 0;
    for (std::uint32_t i = 0; i < count_; ++i) with(made::filled_result(i));
  }
  ReplicationResult read(std::size_t index) override { return made::filled_result(static_cast<std::uint32_t>(index)); }
  int passes = 0, histograms = 0;

 private:
  std::size_t count_;
};

/// A study whose two scenarios lie in sources, beside the same in memory.
struct Pair {
  explicit Pair(std::uint32_t replications) : held{made::study(replications)}, stored{held} {
    for (std::size_t i = 0; i < 2; ++i) {
      held.scenarios[i].replications = {};
      for (std::uint32_t r = 0; r < replications; ++r) held.scenarios[i].replications.push_back(made::filled_result(r));
      sources[i] = std::make_shared<CountingSource>(replications);
      stored.scenarios[i].replications = Replications{sources[i]};
    }
  }
  StudyResults held, stored;
  std::array<std::shared_ptr<CountingSource>, 2> sources;
};

/// Bytes that do not repeat, from a place in them on.
std::vector<std::byte> bytes_from(std::uint64_t at, std::size_t count) {
  std::vector<std::byte> bytes(count);
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::byte>(((at + i) * 0x9e3779b97f4a7c15ULL) >> 56);
  return bytes;
}

/// A plan of two scenarios with the sizes of the made results; nothing of it is run.
Plan long_plan(std::uint32_t replications, std::uint32_t block) {
  Plan plan;
  plan.seed = 7;
  plan.replications = replications;
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
    const auto row = static_cast<std::uint32_t>(plan.scenarios.size());
    for (std::uint32_t first = 0; first < replications; first += block)
      plan.blocks.push_back({row, first, std::min(block, replications - first)});
    plan.scenarios.push_back(std::move(scenario));
  }
  return plan;
}

void take_all(Store& store) {
  for (const RunBlock& block : store.plan().blocks) {
    std::vector<ReplicationResult> results;
    for (std::uint32_t i = 0; i < block.count; ++i)
      results.push_back(made::filled_result(1000 * block.scenario + block.first_replication + i));
    store.take(block, results);
  }
  store.finish();
}

}  // namespace

TEST_CASE("a table goes through replications that are not in memory once, and says the same") {
  const Pair pair{6};
  TableQuery query;
  query.table = "census";
  query.versus = "baseline";
  query.by_period = ByPeriod::month;
  const auto expected = make_table(pair.held, query).rows, rows = make_table(pair.stored, query).rows;
  REQUIRE(rows.size() == expected.size());
  REQUIRE(rows.size() > 10);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(rows[i].measure == expected[i].measure);
    CHECK(rows[i].value.mean == expected[i].value.mean);
    CHECK(rows[i].value.low == expected[i].value.low);
  }
  for (const auto& source : pair.sources) {
    CHECK(source->passes == 1);
    CHECK(source->histograms == 0);  // what is kept by month is sums
  }
  query.by_period = ByPeriod::whole;
  (void)make_table(pair.stored, query);
  CHECK(pair.sources[0]->passes == 2);
  CHECK(pair.sources[0]->histograms == 1);  // time_full asks for the time at each census
}

TEST_CASE("questions are answered together, those that follow from answers too, and forgotten") {
  auto source = std::make_shared<CountingSource>(4);
  const Replications replications{source};
  const auto ask = [&](const std::string& name, double add) {
    return replications.values({name, Arrays::sums, [=](const ReplicationResult& run) {
                                  return std::optional<double>{run.engine_events + add};
                                }});
  };
  const auto sums = made_together({&replications}, [&] {
    const Values a = ask("a", 0.0), b = ask("b", 1.0);
    const Values again = made_together({&replications}, [&] { return ask("a", 0.0); });  // one within another
    return std::pair{
        (a[2] ? ask("c", 2.0)[2] : std::optional<double>{}).value_or(0.0) - a[2].value_or(0.0) + b[2].value_or(0.0),
        again};
  });
  CHECK(source->passes == 2);
  const double events = made::filled_result(2).engine_events;
  CHECK(sums.first == 2.0 + events + 1.0);
  CHECK(sums.second[3] == made::filled_result(3).engine_events);
  CHECK(ask("a", 5.0)[2] == events + 5.0);  // another question by an old name: the old answer is gone
  CHECK(source->passes == 3);
}

TEST_CASE("replications in a source can be looked at one by one, and taken into memory to be changed") {
  Replications replications{std::make_shared<CountingSource>(3)};
  std::uint32_t next = 0;
  for (const ReplicationResult& one : std::as_const(replications)) CHECK(made::same(one, made::filled_result(next++)));
  CHECK(next == 3);
  CHECK(made::same(std::as_const(replications)[1], made::filled_result(1)));
  CHECK_FALSE(replications.are_held());
  replications[1].engine_events = 17.0;
  CHECK(replications.are_held());
  CHECK(replications.size() == 3);
  CHECK(std::as_const(replications)[1].engine_events == 17.0);
}

TEST_CASE("a file that is written as it comes has the bytes of one in memory") {
  const made::Folder folder{"making"};
  const std::filesystem::path path = folder.path() / "file.h5";
  InTheMaking making{path};
  InMemory memory;
  constexpr std::uint64_t kMebibyte = 1 << 20;
  // Over and over, with holes, across the length from which on it lies on disk.
  for (const std::uint64_t at : {std::uint64_t{0}, 3 * kMebibyte, 100 * std::uint64_t{7}, 4 * kMebibyte - 10,
                                 5 * kMebibyte, std::uint64_t{17}, 9 * kMebibyte, kMebibyte}) {
    const std::vector<std::byte> bytes = bytes_from(at, 70'001);
    making.write(at, bytes);
    memory.write(at, bytes);
    CHECK(making.size() == memory.size());
    std::vector<std::byte> one(100'000), other(100'000);
    making.read(at > 500 ? at - 500 : 0, one);
    memory.read(at > 500 ? at - 500 : 0, other);
    CHECK((one == other));
  }
  making.resize(9 * kMebibyte + 5);
  memory.resize(9 * kMebibyte + 5);
  CHECK_FALSE(std::filesystem::exists(path));
  const KnownFile known = making.keep();
  CHECK((read_whole_file(path, 1 << 30) == memory.bytes()));
  CHECK(known == KnownFile{memory.size(), sha256_hex(memory.bytes())});
  const auto back = open_known_file(path, known);
  std::vector<std::byte> piece(1000), expected(1000);
  back->read(9 * kMebibyte - 900, piece);  // past the end there are zeros
  memory.read(9 * kMebibyte - 900, expected);
  CHECK((piece == expected));
  CHECK_THROWS_AS(open_known_file(path, {known.bytes, std::string(64, 'a')}), DamagedFile);
  CHECK_THROWS_AS(open_known_file(path, {known.bytes + 1, known.sha256}), DamagedFile);
}

TEST_CASE("long results are published shard by shard, and read one by one: the same bytes and numbers") {
  // Numbers that do not pack, so that 2 x 120 replications take more than is held in memory.
  const made::Folder folder{"long"}, other{"other"};
  const Plan plan = long_plan(120, 50);
  Store store{folder.path(), plan};
  take_all(store);
  const StudyResults study = gather_study(store);
  publish_results(store, study);
  const std::vector<std::byte> bytes = read_whole_file(folder.path() / "results.h5", 1 << 30);
  CHECK(bytes.size() > 5'000'000);
  StudyResults held = study;
  for (ScenarioResults& scenario : held.scenarios) scenario.replications.held();
  CHECK((write_results(held) == bytes));  // packed anew by the library, in memory
  const Plan blocks_of_7 = long_plan(120, 7);
  Store second{other.path(), blocks_of_7};
  take_all(second);
  publish_results(second, gather_study(second));
  CHECK((read_whole_file(other.path() / "results.h5", 1 << 30) == bytes));
  const StudyResults back = load_results(folder.path());
  CHECK_FALSE(back.scenarios[1].replications.are_held());
  CHECK(made::same(back.scenarios[1].replications[119], made::filled_result(1119)));
  CHECK(to_csv(make_table(back, {})) == to_csv(make_table(held, {})));
}

TEST_CASE("results that outgrow the disk end with path and reason, and leave nothing half written") {
  const made::Folder folder{"outgrown"};
  const Plan plan = long_plan(120, 120);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    int code = 1;
    try {
      Store store{folder.path(), plan};
      take_all(store);
      const rlimit most{5'000'000, 5'000'000};
      ::setrlimit(RLIMIT_FSIZE, &most);
      publish_results(store, gather_study(store));
      code = 2;
    } catch (const StoreError& error) {
      const std::string text = error.what();
      code = text.find("results.h5: File too large") != std::string::npos ? 0 : 3;
    } catch (const std::exception&) {
      code = 4;
    }
    ::_exit(code);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "results.h5"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "results.h5.part"));
}
