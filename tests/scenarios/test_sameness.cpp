#include <map>
#include <tuple>

#include "models/compile.hpp"
#include "models/read_model.hpp"
#include "sim/simulation.hpp"
#include "tests/catch.hpp"
#include "tests/scenarios/random_model.hpp"

// Reliability row 8: one more client, setting, trait or event leaves every other client's history as it was. Paired
// runs.

using namespace tl;
using random_model::Extra;
using random_model::Recipe;

namespace {

struct Step {
  std::int64_t at = 0;
  std::string from, to;
  friend bool operator==(const Step&, const Step&) = default;
};
using Key = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;  ///< stream, ordinal, layer
using Histories = std::map<Key, std::vector<Step>>;

/// What happened to each client, by names: numbers of settings may differ between the two models of a pair.
class Recorder : public Watcher {
 public:
  explicit Recorder(const Catalogue& words) : words_{words} {}
  void entered(std::uint32_t number, const ClientKey& key, SimTime at) override {
    std::vector<Step>& steps = histories[{key.stream, key.ordinal, key.layer}];
    REQUIRE(steps.empty());
    steps.push_back({at.micros(), "", "entered"});
    present_[number] = &steps;
  }
  void moved(std::uint32_t number, SettingId from, SettingId to, SimTime at) override {
    present_.at(number)->push_back({at.micros(), from.exists() ? name(from) : "", name(to)});
  }
  void left(std::uint32_t number, ReasonId reason, SimTime at) override {
    present_.at(number)->push_back({at.micros(), "", "leave:" + words_.reasons[reason.index()]});
  }
  Histories histories;

 private:
  std::string name(SettingId id) const { return words_.settings[id.index()].id; }
  const Catalogue& words_;
  std::map<std::uint32_t, std::vector<Step>*> present_;
};

std::optional<Compiled> compiled_of(const std::string& text) {
  Problems problems;
  const auto model = read_model_text(text, "random.toml", ReadOptions{}, problems);
  auto made = model ? compile(*model, Limits{}, problems) : std::nullopt;
  INFO(to_text(problems));
  if (problems.has_errors()) made.reset();
  return made;
}

Histories run_once(const Compiled& compiled, std::uint64_t seed) {
  Recorder recorder{compiled.words};
  Simulation simulation{compiled.model};
  simulation.watch(&recorder);
  ReplicationResult result;
  simulation.run(seed, 0, nullptr, result);
  return std::move(recorder.histories);
}

struct Pairs {
  int models = 0;
  std::size_t clients = 0, differing = 0, added = 0;
};

/// Compares each model with itself plus something more.
Pairs compare(Extra extra, std::uint32_t features, int how_many) {
  Pairs pairs;
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(how_many); ++i) {
    const Recipe recipe{1000 + i, static_cast<std::uint32_t>(1 + i % 20), features};
    const auto plain = compiled_of(random_model::text(recipe)),
               more = compiled_of(random_model::text_with(recipe, extra));
    if (!plain || !more) continue;
    ++pairs.models;
    const Histories before = run_once(*plain, i), after = run_once(*more, i);
    REQUIRE(before.size() <= after.size());
    for (const auto& [key, steps] : before) {
      ++pairs.clients;
      const auto there = after.find(key);
      if (there == after.end() || there->second != steps) ++pairs.differing;
    }
    pairs.added += after.size() - before.size();
  }
  return pairs;
}

/// A run that is watched makes every move by the general path; one that is not makes plain moves where it can.
ReplicationResult result_of(const Compiled& compiled, Watcher* watcher) {
  Simulation simulation{compiled.model};
  if (watcher != nullptr) simulation.watch(watcher);
  ReplicationResult result;
  simulation.run(7, 0, nullptr, result);
  return result;
}

void check_same_watched(const Compiled& compiled) {
  Watcher watcher;
  const ReplicationResult plain = result_of(compiled, nullptr), general = result_of(compiled, &watcher);
  CHECK(plain.engine_events == general.engine_events);
  CHECK(plain.settings == general.settings);
  CHECK(plain.model == general.model);
  CHECK(plain.reasons == general.reasons);
  CHECK(plain.wait_lengths == general.wait_lengths);
  CHECK(plain.stay_lengths == general.stay_lengths);
  CHECK(plain.census_time == general.census_time);
}

constexpr std::uint32_t kWithoutLimits = random_model::kEverything & ~static_cast<std::uint32_t>(random_model::kLimits);

}  // namespace

TEST_CASE("more clients change no other client's history where nothing is limited") {
  const Pairs pairs = compare(Extra::stream, kWithoutLimits, 40);
  CHECK(pairs.models >= 36);
  CHECK(pairs.clients > 2'000);
  CHECK(pairs.added > 1'000);
  CHECK(pairs.differing == 0);
}

TEST_CASE("more clients do change histories where beds are limited, so that the comparison can fail") {
  CHECK(compare(Extra::stream, random_model::kEverything, 10).differing > 0);
}

TEST_CASE("a setting nobody reaches, a trait nothing looks at, an event that never happens change no history") {
  const auto extra = GENERATE(Extra::setting, Extra::trait, Extra::event);
  const auto features = GENERATE(kWithoutLimits, random_model::kEverything);
  const Pairs pairs = compare(extra, features, 40);
  CHECK(pairs.models >= 36);
  CHECK(pairs.clients > 2'000);
  CHECK(pairs.added == 0);
  CHECK(pairs.differing == 0);
}

TEST_CASE("plain moves give what general moves give, to the last bit") {
  for (std::uint64_t i = 0; i < 20; ++i) {
    const auto compiled = compiled_of(random_model::text({1000 + i, 12, random_model::kEverything}));
    if (compiled) check_same_watched(*compiled);
  }
  const auto* path = GENERATE("models/validation/v1_07_mm10_m.toml", "models/validation/v1_10_priority.toml",
                              "models/validation/v1_13_jackson.toml", "models/validation/v1_16_kaufman_roberts.toml");
  Problems problems;
  const auto model = read_model(path, ReadOptions{}, problems);
  REQUIRE(model);
  const auto compiled = compile(*model, Limits{}, problems);
  REQUIRE(compiled);
  check_same_watched(*compiled);
}
