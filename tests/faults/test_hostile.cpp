#include <iostream>

#include "analysis/hdf5.hpp"
#include "analysis/manifest.hpp"
#include "analysis/publish.hpp"
#include "analysis/results_file.hpp"
#include "tests/catch.hpp"
#include "tests/faults/hostile.hpp"
#include "tests/faults/launch.hpp"

// Reliability row 38: results made to do harm, with a manifest that fits. Refused with a message, soon and in little
// memory, and by the survey wherever it can tell: bounds and crashes of the child are the second line.

using namespace tl;
using namespace tl::test;
using Catch::Contains;

namespace {

/// The manifest of the folder is made to fit what now stands there.
void fit_manifest(const std::string& folder) {
  const std::string text = text_of_file(folder + "/results.h5");
  Manifest manifest = *read_manifest(folder);
  manifest.results = KnownFile{text.size(), sha256_hex(std::as_bytes(std::span{text}))};
  publish_manifest(folder, manifest);
}

class Trial {
 public:
  Trial() {
    (void)h5::File::create();  // the library is started as the program does it, before the test touches it
    REQUIRE(launch({.words = study_.run("honest")}).code == 0);
  }

  void refuse(const Hostile& hostile) {
    const std::string at = study_.in("at");
    copy_folder(study_.in("honest"), at);
    hostile.make(at + "/results.h5");
    fit_manifest(at);
    for (const char* command : {"results", "report"}) {
      const Fate fate = launch({.words = {command, at}});
      CAPTURE(hostile.name, command, fate.code, fate.err, fate.seconds, fate.peak_bytes >> 20);
      CHECK(fate.code == 1);
      CHECK_FALSE(fate.hung);
      CHECK((fate.out.empty()));
      CHECK_THAT(fate.err, (Contains(at) && Contains("cannot use")) || Contains("cannot read"));
      CHECK_THAT(fate.err, !Contains("does not come to an end") && !Contains("signal"));
      // The file itself is held twice, as read and as HDF5's copy.
      if (!TL_SANITIZED) CHECK(fate.peak_bytes < 100'000'000 + 3 * fs::file_size(at + "/results.h5"));
      slowest = std::max(slowest, fate.seconds);
      largest = std::max(largest, fate.peak_bytes);
      largest_file = std::max<std::uint64_t>(largest_file, fs::file_size(at + "/results.h5"));
      ++refused;
    }
  }
  void tell(const char* what) const {
    std::cout << what << ": " << refused << " commands refused, the slowest in " << slowest << " s, the largest took "
              << (largest >> 20) << " MiB, the largest file has " << (largest_file >> 20) << " MiB\n";
  }

  double slowest = 0.0;
  std::uint64_t largest = 0, largest_file = 0;
  int refused = 0;

 private:
  SmallStudy study_;
};

}  // namespace

TEST_CASE("results made to do harm are refused, although their manifest fits") {
  if (TL_SANITIZED) {
    WARN(
        "the HDF5 library reads a vlen bomb beyond its memory: the child that reads is there for it, a sanitizer ends "
        "it first");
    return;
  }
  Trial trial;
  for (const Hostile& hostile : hostile_files()) trial.refuse(hostile);
  trial.tell("hostile files");
}

TEST_CASE("a shard made to do harm is refused by a run, which says what to do") {
  (void)h5::File::create();
  const SmallStudy study;
  REQUIRE(launch({.words = study.run("honest")}).code == 0);
  const auto reference = files_in(study.in("honest"));
  int tried = 0;
  for (const Hostile& hostile : hostile_files()) {
    if (hostile.name != "external link beside" && hostile.name != "root that contains itself" &&
        hostile.name != "user-defined link")
      continue;  // those that need no scenario in the file
    const std::string at = study.in("at");
    copy_folder(study.in("honest"), at);
    Manifest manifest = *read_manifest(at);
    const std::string shard = at + '/' + shard_file(manifest.shards.front().key);
    hostile.make(shard);
    const std::string text = text_of_file(shard);
    manifest.shards.front().file = KnownFile{text.size(), sha256_hex(std::as_bytes(std::span{text}))};
    manifest.results.reset();
    publish_manifest(at, manifest);
    fs::remove(at + "/results.h5");
    const Fate fate = launch({.words = study.run("at")});
    CAPTURE(hostile.name, fate.code, fate.err);
    CHECK(fate.code == 1);
    CHECK_THAT(fate.err, Contains(shard) && Contains("Remove it and give the same command again"));
    CHECK_FALSE(fs::exists(at + "/results.h5"));
    fs::remove(shard);
    CHECK(launch({.words = study.run("at")}).code == 0);
    CHECK(files_in(at) == reference);
    ++tried;
  }
  CHECK(tried == 3);
}

TEST_CASE("a million attributes or objects are refused", "[nightly]") {
  Trial trial;
  for (const Hostile& hostile : large_hostile_files()) trial.refuse(hostile);
  trial.tell("large hostile files");
}

TEST_CASE("what the survey finds of an honest file is what was written") {
  const SmallStudy study;
  REQUIRE(launch({.words = study.run("honest")}).code == 0);
  const std::string text = text_of_file(study.in("honest/results.h5"));
  h5::Survey found;
  ReadingBounds bounds;
  bounds.before = [&](const h5::Survey& survey) { found = survey; };
  const StudyResults results = read_results(std::as_bytes(std::span{text}), bounds);
  std::uint64_t numbers = 0, of_one = 0;
  for (const ScenarioResults& scenario : results.scenarios)
    for (const ReplicationResult& one : scenario.replications) {
      of_one = 8 * (one.settings.size() + one.model.size() + one.census_time.size()) +
               4 * (one.wait_lengths.size() + one.stay_lengths.size());
      numbers += of_one;
    }
  CHECK(found.declared_bytes > numbers);
  CHECK(found.declared_bytes < 2 * numbers);
  // Replications are read one by one: beside the words no more than one of each scenario is held.
  CHECK(found.held_bytes > results.scenarios.size() * of_one);
  CHECK(found.held_bytes < found.declared_bytes - numbers / 2);
}
