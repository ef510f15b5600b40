#include "tests/apps/published.hpp"
#include "tests/catch.hpp"

// Reliability rows 2 and 39: ranks started by mpirun give the bytes of one process, and a rank that dies loses nothing.

using namespace tl::test;
using Catch::Contains;

namespace {

/// @returns false, and says so, when there is nothing to try
bool has_mpi() {
  if (std::system("command -v mpirun > /dev/null 2>&1") == 0 && std::string{TL_HAS_MPI} == "1") return true;
  WARN("skipped: built without MPI, or there is no mpirun");
  return false;
}

std::string quoted(const std::string& text) {
  return '\'' + text + '\'';
}

struct Ran {
  int code = -1;
  std::string text;
};

std::size_t times(const std::string& words, const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++count;
  return count;
}

/// As root, on fewer cores than ranks, and where there is no ssh; under sanitizers without a search for leaks, as
/// OpenMPI itself has some.
const std::string kMpirun =
    "ASAN_OPTIONS=detect_leaks=0 OMPI_MCA_plm_rsh_agent= mpirun --allow-run-as-root --oversubscribe -n ";

/// mpirun with the program.
Ran run_ranks(const Folder& folder, int ranks, const std::vector<std::string>& words) {
  std::string command = kMpirun + std::to_string(ranks) + ' ' + quoted(TL_PROGRAM);
  for (const std::string& word : words) command += ' ' + quoted(word);
  const std::string out = folder / "mpirun.out";
  const int status = std::system((command + " > " + quoted(out) + " 2>&1 < /dev/null").c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text_of_file(out)};
}

}  // namespace

TEST_CASE("one to four ranks with uneven work write the bytes of one process") {
  if (!has_mpi()) return;
  const Folder folder;
  // Blocks of 16 and of 2 replications, a scenario of five times the length of the other.
  const std::string study = folder / "study.toml";
  fs::copy_file(test_file("tiny.toml"), folder / "tiny.toml");
  std::ofstream{study} << "[study]\nmodel = \"tiny.toml\"\nreplications = 50\n\n[scenarios.baseline]\n\n"
                          "[scenarios.crowded]\nscale = { \"arrivals.street.rate\" = 5 }\n";
  REQUIRE(run_program({"run", study, "-o", folder / "alone", "--threads", "1"}).code == 0);
  const auto alone = published(folder / "alone");
  REQUIRE(alone.contains("results.h5"));
  for (int ranks = 1; ranks <= 4; ++ranks) {
    const std::string out = folder / std::to_string(ranks);
    const Ran ran = run_ranks(folder, ranks, {"run", study, "-o", out, "--threads", "1"});
    CAPTURE(ranks, ran.text);
    CHECK(ran.code == 0);
    CHECK(published(out) == alone);
    CHECK(ran.text.find("Next:") == ran.text.rfind("Next:"));  // only one of them speaks
  }
}

TEST_CASE("ranks that run until precise, with a warm-up that is found, write the bytes of one process") {
  if (!has_mpi()) return;
  const Folder folder;
  std::string model = text_of_file(test_file("tiny.toml"));
  model.replace(model.find("\"30 d\""), 6, "\"auto\"");
  model.replace(model.find("capacity = 8"), 12, "capacity = 14");
  std::ofstream{folder / "tiny.toml"} << model;
  const std::string study = folder / "study.toml";
  std::ofstream{study} << "[study]\nmodel = \"tiny.toml\"\n"
                          "precision = { within = \"10%\", metrics = [\"queue_mean\"], least = 6, most = 48 }\n"
                          "[scenarios.baseline]\n[scenarios.more_beds]\nadd = { \"settings.crisis.capacity\" = 4 }\n"
                          "[sweep]\ndesign = \"grid\"\nreplications = 3\n"
                          "[sweep.over]\n\"parameters.demand\" = [1, 1.5]\n";
  const Ended one = run_program({"run", study, "-o", folder / "alone", "--threads", "2"});
  CAPTURE(one.err);
  REQUIRE(one.code == 0);
  CHECK_THAT(one.err, Contains("Round 2 of at most"));
  const Ran three = run_ranks(folder, 3, {"run", study, "-o", folder / "three", "--threads", "1"});
  CAPTURE(three.text);
  CHECK(three.code == 0);
  CHECK(published(folder / "three") == published(folder / "alone"));
  // One rank makes the pilots, and only that one speaks of them.
  for (const char* words : {"Pilot for the warm-up: ", "Warm-up: ", "Round 2 of at most"}) {
    CAPTURE(words);
    CHECK(times(words, one.err) > 0);
    CHECK(times(words, three.text) == times(words, one.err));
  }
}

TEST_CASE("what goes wrong on any rank is told once, by rank 0") {
  if (!has_mpi()) return;
  const Folder folder;
  const Ran bad = run_ranks(folder, 2, {"run", test_file("bad.toml"), "-o", folder / "r"});
  CAPTURE(bad.text);
  CHECK(bad.code == 1);
  CHECK_THAT(bad.text, Contains("bad.toml:6:"));
  CHECK(bad.text.find("bad.toml:6:") == bad.text.rfind("bad.toml:6:"));
  const Ran failing = run_ranks(folder, 3, {"run", test_file("endless.toml"), "-o", folder / "e", "--seed", "5"});
  CAPTURE(failing.text);
  CHECK(failing.code == 1);
  CHECK_THAT(failing.text, Contains("baseline, replication 0 (seed 5), day "));
  CHECK_THAT(failing.text, Contains("baseline, replication 1 (seed 5), day "));
}

TEST_CASE("a rank that is killed loses nothing that was kept, and the study goes on with other ranks") {
  if (!has_mpi()) return;
  const Folder folder;
  const std::string study = test_file("long.toml"), out = folder / "cut";
  const std::string rank_script = folder / "rank.sh";
  std::ofstream{rank_script} << "#!/bin/sh\necho $$ > '" << (folder / "pid") << "'.$OMPI_COMM_WORLD_RANK\nexec '"
                             << TL_PROGRAM << "' \"$@\"\n";
  fs::permissions(rank_script, fs::perms::owner_all);
  std::thread mpirun{[&] {
    const std::string command = kMpirun + "3 " + quoted(rank_script) + " run " + quoted(study) + " -o " + quoted(out) +
                                " --threads 1 > " + quoted(folder / "log") + " 2>&1 < /dev/null";
    [[maybe_unused]] const int status = std::system(command.c_str());
  }};
  const bool began = wait_for_a_shard(out);
  const pid_t victim = std::atoi(text_of_file(folder / "pid.2").c_str());
  if (victim > 0) ::kill(victim, SIGKILL);
  mpirun.join();
  CAPTURE(text_of_file(folder / "log"));
  REQUIRE(began);
  REQUIRE(victim > 0);
  CHECK_FALSE(fs::exists(out + "/results.h5"));
  const Ran rest = run_ranks(folder, 2, {"run", study, "-o", out, "--threads", "1"});
  CAPTURE(rest.text);
  CHECK(rest.code == 0);
  REQUIRE(run_program({"run", study, "-o", folder / "whole", "--threads", "2"}).code == 0);
  CHECK(published(out) == published(folder / "whole"));
}
