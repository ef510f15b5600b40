#include <nlohmann/json.hpp>

#include "tests/apps/published.hpp"
#include "tests/catch.hpp"

using namespace tl::test;
using Catch::Contains;

TEST_CASE("a study is run, its results are shown and reported from what is stored") {
  const Folder folder;
  const std::string results = folder / "results";
  const Ended run = run_program({"run", test_file("study.toml"), "-o", results, "--threads", "2"});
  CAPTURE(run.out, run.err);
  REQUIRE(run.code == 0);
  CHECK_THAT(run.out, Contains("results.h5"));
  CHECK_THAT(run.out, Contains("With \"four more beds\""));
  CHECK_THAT(run.err, Contains("seed 7"));
  CHECK_THAT(run.err, Contains("Next: throughline results"));

  const Ended again = run_program({"run", test_file("study.toml"), "-o", results});
  CHECK(again.code == 0);
  CHECK_THAT(again.err, Contains("0 runs done, 40 were there already"));

  const Ended table = run_program({"results", results});
  CHECK(table.code == 0);
  CHECK_THAT(table.out, Contains("difference from baseline"));
  const Ended of_one = run_program({"results", results, "--setting", "crisis"});
  CHECK_THAT(of_one.out, Contains("waits and census, difference") && Contains("average number waiting"));
  const auto json =
      nlohmann::json::parse(run_program({"results", results, "--format", "json", "--table", "waits"}).out);
  CHECK(json.at("rows").size() > 1);
  CHECK_THAT(run_program({"results", results, "--format", "csv"}).out, Contains("scenario,metric,measure"));
  for (const auto& [option, value, hint] :
       std::vector<std::array<std::string, 3>>{{"--setting", "crysis", "crisis"},
                                               {"--versus", "baselin", "baseline"},
                                               {"--scenario", "more_bed", "more_beds"},
                                               {"--table", "wait", "waits"},
                                               {"--by-period", "quater", "quarter"}}) {
    const Ended misspelt = run_program({"results", results, option, value});
    CAPTURE(option, misspelt.err);
    CHECK(misspelt.code == 2);
    CHECK_THAT(misspelt.err, Contains("Did you mean \"" + hint + "\"?"));
  }
  const Ended metric = run_program({"results", results, "--metric", "wait_maen"});
  CHECK(metric.code == 2);
  CHECK_THAT(metric.err, Contains("Did you mean \"wait_mean\"?"));

  fs::remove_all(results + "/shards");  // a report needs the results file alone
  CHECK(run_program({"report", results}).code == 0);
  const std::string page = text_of_file(results + "/report.html");
  CHECK_THAT(page, Contains("four more beds"));
  CHECK(page.size() < 3'000'000);
  CHECK(run_program({"report", results, "--html", folder / "again.html"}).code == 0);
  CHECK(page == text_of_file(folder / "again.html"));
  CHECK_THAT(text_of_file(results + "/comparison.csv"), Contains("more_beds"));
  CHECK(run_program({"report", results, "--csv", folder / "tables"}).code == 0);
  CHECK(fs::exists(folder / "tables/waits.csv"));
}

TEST_CASE("an interrupted run goes on and gives the same bytes as one that was not") {
  const int signal = GENERATE(SIGINT, SIGTERM);
  const Folder folder;
  const std::string cut = folder / "cut", whole = folder / "whole", study = test_file("long.toml");
  const std::vector<std::string> words{"run", study, "-o", cut, "--threads", "2"};
  {
    Program program{words};
    REQUIRE(wait_for_a_shard(cut));
    program.send(signal);
    const Ended stopped = program.wait();
    CAPTURE(signal, stopped.out, stopped.err);
    REQUIRE(stopped.code == 1);
    CHECK_THAT(stopped.err, Contains("Stopped."));
    CHECK_THAT(stopped.err, Contains("goes on where it stopped"));
    CHECK_FALSE(fs::exists(cut + "/results.h5"));
  }
  CHECK(run_program({"results", cut}).code == 1);
  const Ended rest = run_program(words);
  CAPTURE(rest.err);
  REQUIRE(rest.code == 0);
  CHECK_THAT(rest.err, Contains("there already"));
  REQUIRE(run_program({"run", study, "-o", whole, "--threads", "1"}).code == 0);
  CHECK(text_of_file(cut + "/results.h5") == text_of_file(whole + "/results.h5"));
}

TEST_CASE("a folder serves one process at a time") {
  const Folder folder;
  Program first{{"run", test_file("long.toml"), "-o", folder / "results", "--threads", "1"}};
  REQUIRE(wait_for_a_shard(folder / "results"));
  const Ended second = run_program({"run", test_file("long.toml"), "-o", folder / "results"});
  CHECK(second.code == 1);
  CHECK_THAT(second.err, Contains("another process is working on"));
  first.send(SIGTERM);
  CHECK(first.wait().code == 1);
}

TEST_CASE("a dry run says what would be done and does nothing") {
  const Folder folder;
  const Ended ended = run_program({"run", test_file("study.toml"), "-o", folder / "results", "--dry-run"});
  CHECK(ended.code == 0);
  CHECK_THAT(ended.out, Contains("Runs: 40"));
  CHECK_THAT(ended.out, Contains("8 -> 12"));
  CHECK_FALSE(fs::exists(folder / "results"));
}

TEST_CASE("options --set, --scenario, --seed and --replications say over the study") {
  const Folder folder;
  const Ended ended = run_program({"run", test_file("study.toml"), "-o", folder / "results", "--replications", "3",
                                   "--seed", "11", "--scenario", "more_beds", "--set", "settings.crisis.capacity=15"});
  CAPTURE(ended.err);
  REQUIRE(ended.code == 0);
  const Ended table = run_program({"results", folder / "results", "--format", "json"});
  const auto json = nlohmann::json::parse(table.out);
  CHECK(json.at("seed") == 11);
  CHECK(json.at("rows")[0].at("replications") == 3);
  CHECK(json.at("rows")[0].at("scenario") == "more_beds");
}

TEST_CASE("what --set and --scenario name must exist") {
  const Folder folder;
  const Ended path =
      run_program({"run", test_file("study.toml"), "-o", folder / "r", "--set", "settings.crysis.capacity=15"});
  CAPTURE(path.err);
  CHECK(path.code == 2);
  CHECK_THAT(path.err, Contains("crisis"));
  const Ended scenario = run_program({"run", test_file("study.toml"), "-o", folder / "r", "--scenario", "more_bed"});
  CHECK(scenario.code == 2);
  CHECK_THAT(scenario.err, Contains("Did you mean \"more_beds\"?"));
  CHECK_FALSE(fs::exists(folder / "r"));
}

TEST_CASE("a bad model is not run") {
  const Folder folder;
  const Ended ended = run_program({"run", test_file("bad.toml"), "-o", folder / "r"});
  CHECK(ended.code == 1);
  CHECK_THAT(ended.err, Contains("bad.toml:6:"));
  CHECK_FALSE(fs::exists(folder / "r"));
}

TEST_CASE("a replication that fails is named with its seed, its day and the settings") {
  const Folder folder;
  const Ended ended = run_program({"run", test_file("endless.toml"), "-o", folder / "r", "--seed", "5"});
  CAPTURE(ended.err);
  CHECK(ended.code == 1);
  CHECK_THAT(ended.err, Contains("baseline, replication 0 (seed 5), day "));
  CHECK_THAT(ended.err, Contains("baseline, replication 1 (seed 5), day "));
  CHECK_THAT(ended.err, Contains("time does not pass"));
  CHECK_THAT(ended.err, Contains("here, there"));
  CHECK_FALSE(fs::exists(folder / "r/results.h5"));
}

TEST_CASE("a folder that cannot be made is named with the reason") {
  const Folder folder;
  std::ofstream{folder / "file"} << "in the way";
  const Ended ended = run_program({"run", test_file("tiny.toml"), "-o", folder / "file/results"});
  CAPTURE(ended.err);
  CHECK(ended.code == 1);
  CHECK_THAT(ended.err, Contains(folder / "file"));
  const Ended nowhere =
      run_program({"run", test_file("tiny.toml"), "-o", "/proc/no-such-results"});  // has no size: not full
  CHECK(nowhere.code == 1);
  CHECK_THAT(nowhere.err, Contains("cannot make the folder /proc/no-such-results"));
  CHECK(run_program({"results", folder / "nothing"}).code == 1);
  CHECK(run_program({"report", folder / "nothing"}).code == 1);
}

TEST_CASE("another seed in the same folder is refused") {
  const Folder folder;
  REQUIRE(run_program({"run", test_file("tiny.toml"), "-o", folder / "r"}).code == 0);
  const Ended ended = run_program({"run", test_file("tiny.toml"), "-o", folder / "r", "--seed", "8"});
  CHECK(ended.code == 1);
  CHECK_THAT(ended.err, Contains("seed 7"));
}
