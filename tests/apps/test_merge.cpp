#include "tests/apps/published.hpp"
#include "tests/catch.hpp"

// Parts of a study that were run apart, and what merge says of them.

using namespace tl::test;
using Catch::Contains;

namespace {

/// The study of tests/apps/models with enough replications for seven blocks, so that parts are of unequal size.
std::vector<std::string> words(const std::string& study, const std::string& folder, const std::string& shard = "") {
  std::vector<std::string> all{"run", study, "-o", folder, "--replications", "50", "--threads", "1"};
  if (!shard.empty()) all.insert(all.end(), {"--shard", shard});
  return all;
}

void run_well(const std::vector<std::string>& words) {
  const Ended ended = run_program(words);
  CAPTURE(ended.err);
  REQUIRE(ended.code == 0);
}

/// A study and its model in a folder of their own, so that a test may change them.
std::string own_study(const Folder& folder) {
  fs::copy_file(test_file("tiny.toml"), folder / "tiny.toml");
  fs::copy_file(test_file("study.toml"), folder / "study.toml");
  return folder / "study.toml";
}

void change(const std::string& path, const std::string& from, const std::string& to) {
  std::string text = text_of_file(path);
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  std::ofstream{path} << text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("parts run apart are merged to the bytes of one run, in any order and again") {
  const Folder folder;
  const std::string study = test_file("study.toml"), out = folder / "out";
  run_well(words(study, folder / "whole"));
  const auto whole = published(folder / "whole");
  REQUIRE(whole.contains("results.h5"));
  std::size_t shards = 0;
  for (const std::string part : {"1", "2", "3"}) {
    const Ended ended = run_program(words(study, folder / part, part + "/3"));
    REQUIRE(ended.code == 0);
    CHECK_THAT(ended.err, Contains("part " + part + " of 3") && Contains("throughline merge"));
    CHECK_FALSE(fs::exists(folder / (part + "/results.h5")));
    shards += published(folder / part).size() - 2;  // the manifest and study.json are no shards
  }
  CHECK(shards == whole.size() - 3);
  for (int time = 0; time < 2; ++time) {
    const Ended merged = run_program({"merge", folder / "3", folder / "1", folder / "2", "-o", out});
    CAPTURE(merged.err);
    CHECK(merged.code == 0);
    CHECK_THAT(merged.out, Contains("With \"four more beds\""));
    CHECK(published(out) == whole);
  }
  // into one of the parts, and with a part named twice
  const Ended into = run_program({"merge", folder / "1", folder / "2", folder / "3", folder / "2", "-o", folder / "1"});
  CHECK(into.code == 0);
  CHECK(published(folder / "1") == whole);
}

TEST_CASE("a merge that was cut short goes on") {
  const Folder folder;
  const std::string study = test_file("study.toml");
  run_well(words(study, folder / "whole"));
  run_well(words(study, folder / "1", "1/2"));
  run_well(words(study, folder / "2", "2/2"));
  const Ended first = run_program({"merge", folder / "1", "-o", folder / "out"});
  CHECK(first.code == 1);
  std::ofstream{folder / "out/shards/aaaaaaaaaaaa-0-2.h5.part"} << "half";  // as a killed one leaves behind
  run_well({"merge", folder / "1", folder / "2", "-o", folder / "out"});
  CHECK(published(folder / "out") == published(folder / "whole"));
  CHECK_FALSE(fs::exists(folder / "out/shards/aaaaaaaaaaaa-0-2.h5.part"));
}

TEST_CASE("a part that is missing or unfinished is named with its command") {
  const Folder folder;
  const std::string study = test_file("study.toml"), out = folder / "out";
  run_well(words(study, folder / "1", "1/3"));
  run_well(words(study, folder / "2", "2/3"));
  const Ended not_given = run_program({"merge", folder / "1", folder / "2", "-o", out});
  CAPTURE(not_given.err);
  CHECK(not_given.code == 1);
  CHECK_THAT(not_given.err, Contains("part 3 of 3 was not given: ") && Contains(" runs are missing"));
  CHECK_THAT(not_given.err, Contains("run " + study + " --replications 50 --shard 3/3 -o FOLDER"));
  CHECK_FALSE(fs::exists(out + "/results.h5"));

  fs::create_directories(folder / "3");  // began, and was killed before its first block
  run_well(words(study, folder / "3", "3/3"));
  std::string victim;
  for (const auto& entry : fs::directory_iterator{folder / "3/shards"}) victim = entry.path();
  const std::string name = fs::path{victim}.filename();
  fs::remove(victim);
  const Ended lost = run_program({"merge", folder / "1", folder / "2", folder / "3", "-o", out});
  CAPTURE(lost.err);
  CHECK(lost.code == 1);
  CHECK_THAT(lost.err, Contains(name));
  run_well(words(study, folder / "3", "3/3"));
  run_well({"merge", folder / "1", folder / "2", folder / "3", "-o", out});
}

TEST_CASE("merge refuses a damaged part and says how to mend it") {
  const Folder folder;
  const std::string study = test_file("study.toml");
  run_well(words(study, folder / "1", "1/2"));
  run_well(words(study, folder / "2", "2/2"));
  for (const auto& entry : fs::directory_iterator{folder / "2/shards"}) {
    std::fstream file{entry.path(), std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(100);
    file.put('\x55');
  }
  const Ended damaged = run_program({"merge", folder / "1", folder / "2", "-o", folder / "out"});
  CAPTURE(damaged.err);
  CHECK(damaged.code == 1);
  CHECK_THAT(damaged.err, Contains("is damaged") && Contains("part 2 of 2") && Contains("--shard 2/2 -o"));
  run_well(words(study, folder / "2", "2/2"));
  run_well({"merge", folder / "1", folder / "2", "-o", folder / "out"});
}

TEST_CASE("merge refuses parts of another seed, other options, another study and no results at all") {
  const Folder folder;
  const std::string study = own_study(folder);
  run_well(words(study, folder / "1", "1/2"));
  auto other_seed = words(study, folder / "seed", "2/2");
  other_seed.insert(other_seed.end(), {"--seed", "8"});
  run_well(other_seed);
  const Ended seed = run_program({"merge", folder / "1", folder / "seed", "-o", folder / "out"});
  CHECK(seed.code == 1);
  CHECK_THAT(seed.err, Contains("are not parts of one study") && Contains("--seed: what the study says there, 8 here"));

  run_well(words(study, folder / "of_three", "2/3"));
  CHECK_THAT(run_program({"merge", folder / "1", folder / "of_three", "-o", folder / "out"}).err,
             Contains("one of 2 parts there, one of 3 here"));
  CHECK_THAT(run_program({"merge", folder / "nowhere", "-o", folder / "out"}).err, Contains("there is no folder"));
  fs::create_directories(folder / "empty");
  CHECK_THAT(run_program({"merge", folder / "empty", "-o", folder / "out"}).err, Contains("it has no study.json"));
  CHECK(run_program({"merge", folder / "1"}).code == 2);

  // The study itself says another seed now.
  std::ofstream{folder / "tiny.toml", std::ios::app} << "";
  change(folder / "tiny.toml", "seed = 7", "seed = 9");
  CHECK_THAT(run_program({"merge", folder / "1", "-o", folder / "out"}).err,
             Contains("were made with seed 7, this study has seed 9"));
}

TEST_CASE("a model that changed after a part was run is told, and the old study can be named") {
  const Folder folder;
  const std::string study = own_study(folder);
  run_well(words(study, folder / "whole"));
  run_well(words(study, folder / "1", "1/2"));
  run_well(words(study, folder / "2", "2/2"));
  fs::create_directories(folder / "old");
  fs::copy_file(study, folder / "old/study.toml");
  fs::copy_file(folder / "tiny.toml", folder / "old/tiny.toml");
  change(folder / "tiny.toml", "capacity = 8", "capacity = 9");
  const Ended changed = run_program({"merge", folder / "1", folder / "2", "-o", folder / "out"});
  CAPTURE(changed.err);
  CHECK(changed.code == 1);
  CHECK_THAT(changed.err, Contains("are of another model: the scenario baseline") && Contains("--study FILE"));
  run_well({"merge", folder / "1", folder / "2", "-o", folder / "out", "--study", folder / "old/study.toml"});
  auto merged = published(folder / "out"), whole = published(folder / "whole");
  for (const char* names_the_place : {"study.json", "results.h5", "manifest.json"}) {
    merged.erase(names_the_place);
    whole.erase(names_the_place);
  }
  CHECK(merged == whole);
  fs::remove(study);
  CHECK_THAT(run_program({"merge", folder / "1", folder / "2", "-o", folder / "out"}).err,
             Contains("the study is no longer at") && Contains("--study FILE"));
}

TEST_CASE("parts of studies with other sweep points are refused, and the points are named") {
  const Folder folder;
  const std::string study = own_study(folder);
  std::ofstream{study, std::ios::app} << "\n[sweep]\ndesign = \"grid\"\nreplications = 2\n[sweep.over]\n"
                                         "\"parameters.demand\" = [1, 1.5, 2.5]\n";
  fs::copy_file(study, folder / "old.toml");
  run_well(words(study, folder / "1", "1/2"));
  change(study, "[1, 1.5, 2.5]", "[1, 1.25, 2.5]");
  run_well(words(study, folder / "2", "2/2"));
  const auto part_1 = published(folder / "1"), part_2 = published(folder / "2");

  const Ended refused = run_program({"merge", folder / "1", folder / "2", "-o", folder / "out"});
  CAPTURE(refused.err);
  CHECK(refused.code == 1);
  CHECK_THAT(
      refused.err,
      Contains("the results in " + folder / "1" +
               " are of other points or draws than the study says now: sweep point 2 (parameters.demand = 1.25). "
               "The study or its model changed after that part was run"));
  CHECK_THAT(refused.err, Contains("--study FILE") && Contains("--shard 1/2 -o " + folder / "1") &&
                              !Contains("the results in " + folder / "2"));
  CHECK_FALSE(fs::exists(folder / "out"));
  CHECK(published(folder / "1") == part_1);
  CHECK(run_program({"merge", folder / "1", folder / "2", "-o", folder / "1"}).code == 1);  // nor into one of them
  CHECK(published(folder / "1") == part_1);

  change(study, "[1, 1.25, 2.5]", "[1, 1.25]");
  CHECK_THAT(run_program({"merge", folder / "2", "-o", folder / "out"}).err,
             Contains("says now: there are 3 points and draws there, the study now has 2"));

  // The part that was run before the change is run again, and is one with the other.
  change(study, "[1, 1.25]", "[1, 1.25, 2.5]");
  run_well(words(study, folder / "1", "1/2"));
  run_well({"merge", folder / "1", folder / "2", "-o", folder / "out"});
  run_well(words(study, folder / "whole"));
  CHECK(published(folder / "out") == published(folder / "whole"));
  CHECK(published(folder / "2") == part_2);

  // The old study can be named, for parts that were run with it.
  run_well(words(folder / "old.toml", folder / "old_1", "1/2"));
  run_well(words(folder / "old.toml", folder / "old_2", "2/2"));
  CHECK(run_program({"merge", folder / "old_1", folder / "old_2", "-o", folder / "old", "--study", study}).code == 1);
  run_well({"merge", folder / "old_1", folder / "old_2", "-o", folder / "old"});
}

TEST_CASE("a part that is still running is not merged") {
  const Folder folder;
  Program running{{"run", test_file("long.toml"), "-o", folder / "1", "--threads", "1", "--shard", "1/2"}};
  REQUIRE(wait_for_a_shard(folder / "1"));
  const Ended ended = run_program({"merge", folder / "1", "-o", folder / "out"});
  CHECK(ended.code == 1);
  CHECK_THAT(ended.err, Contains("another process is still working on"));
  running.send(SIGTERM);
  const Ended stopped = running.wait();
  CHECK(stopped.code == 1);
  CHECK_THAT(stopped.err, Contains(" runs are kept in ") && !Contains("of 128 runs"));
  const Ended unfinished = run_program({"merge", folder / "1", "-o", folder / "out"});
  CHECK(unfinished.code == 1);
  CHECK_THAT(unfinished.err, Contains("part 1 of 2 (" + folder / "1") && Contains("is not finished"));
}

TEST_CASE("a part that is none is refused") {
  for (const std::string shard : {"0/2", "3/2", "1", "1/", "/2", "a/b", "1/0", "-1/2"}) {
    const Ended ended = run_program({"run", test_file("study.toml"), "-o", "unused", "--shard", shard});
    CAPTURE(shard, ended.err);
    CHECK(ended.code == 2);
    CHECK_THAT(ended.err, Contains("--shard"));
  }
}
