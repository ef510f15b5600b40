#include <iostream>
#include <map>

#include "sim/random.hpp"
#include "tests/apps/published.hpp"
#include "tests/catch.hpp"
#include "tests/scenarios/random_model.hpp"

// Reliability row 32: a study killed at any moment loses no shard that was published, leaves no unreadable file, and
// ends, once resumed, as if nothing had happened.

using namespace tl;
using tl::test::published;

namespace {

std::string write_study(const test::Folder& folder) {
  const std::string path = folder / "study.toml";
  std::ofstream{folder / "model.toml"} << random_model::text({5, 6});
  std::ofstream{path} << "[study]\nmodel = \"model.toml\"\nreplications = 96\nseed = 3\n\n[scenarios.baseline]\n\n"
                         "[scenarios.busier]\nscale = { \"arrivals.a0.rate\" = 1.2 }\n";
  return path;
}

struct Tally {
  int kills = 0, ended_before = 0;
  std::size_t shards_at_kill = 0, bad = 0, lost = 0, leftovers = 0;
};

class KilledStudy {
 public:
  KilledStudy() : study_{write_study(folder_)} {
    const auto began = std::chrono::steady_clock::now();
    const test::Ended ended = test::run_program(words("whole", 2));
    seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    INFO(ended.err);
    REQUIRE(ended.code == 0);
    whole_ = published(folder_ / "whole");
    REQUIRE(whole_.contains("results.h5"));
    REQUIRE(whole_.size() > 12);
  }

  void trial(std::uint32_t number, Tally& tally) {
    const std::string name = "trial" + std::to_string(number);
    const Block block = draw({0x6b696c6c, 0}, {1, number, 0}, Purpose::process, 1, 0);
    const unsigned kills = 1 + block.w[2] % 2;
    for (unsigned k = 0; k < kills; ++k) kill_once(name, 1 + (number + k) % 3, uniform32(block.w[k]), tally);
    const auto before = published(folder_ / name);
    const test::Ended ended = test::run_program(words(name, 1 + block.w[3] % 4));
    INFO("trial " << number << "\n" << ended.err);
    CHECK(ended.code == 0);
    CHECK(ended.err.find("damaged") == std::string::npos);
    const auto after = published(folder_ / name);
    CHECK(after == whole_);
    for (const auto& [file, digest] : before)
      if (is_shard(file) && (!after.contains(file) || after.at(file) != digest)) ++tally.lost;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder_ / name})
      if (entry.path().extension() == ".part") ++tally.leftovers;
    std::filesystem::remove_all(folder_ / name);
  }

 private:
  static bool is_shard(const std::string& file) { return file != "manifest.json" && file != "results.h5"; }

  std::vector<std::string> words(const std::string& name, unsigned threads) const {
    return {"run", study_, "-o", folder_ / name, "--threads", std::to_string(threads)};
  }

  void kill_once(const std::string& name, unsigned threads, double share, Tally& tally) {
    test::Program program{words(name, threads)};
    std::this_thread::sleep_for(std::chrono::duration<double>{share * seconds_});
    program.send(SIGKILL);
    const test::Ended ended = program.wait();
    ++(ended.code == -SIGKILL ? tally.kills : tally.ended_before);
    for (const auto& [file, digest] : published(folder_ / name)) {
      if (file == "manifest.json") continue;
      ++tally.shards_at_kill;
      // what stands under its final name is what an undisturbed study writes there, so it can be read and is right
      if (!whole_.contains(file) || whole_.at(file) != digest) ++tally.bad;
    }
  }

  test::Folder folder_;
  std::string study_;
  double seconds_ = 0.0;
  std::map<std::string, std::string> whole_;
};

void kill_at_many_moments(std::uint32_t trials) {
  KilledStudy study;
  Tally tally;
  for (std::uint32_t t = 0; t < trials; ++t) study.trial(t, tally);
  std::cout << "kill: " << trials << " studies, " << tally.kills << " kills (" << tally.ended_before
            << " came after the end), " << tally.shards_at_kill << " published files at the kills, " << tally.bad
            << " unreadable, " << tally.lost << " lost, " << tally.leftovers << " part files left after resuming\n";
  CHECK(tally.bad == 0);
  CHECK(tally.lost == 0);
  CHECK(tally.leftovers == 0);
  CHECK(tally.kills * 2 > static_cast<int>(trials));
}

}  // namespace

TEST_CASE("killed at many moments and resumed, a study loses nothing") {
  kill_at_many_moments(20);
}

TEST_CASE("killed at very many moments and resumed, a study loses nothing", "[nightly]") {
  kill_at_many_moments(500);
}
