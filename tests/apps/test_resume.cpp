#include "tests/apps/published.hpp"
#include "tests/catch.hpp"

// What is computed when a study has grown or changed, counted.

using namespace tl::test;
using Catch::Contains;

namespace {

void write_study(const Folder& folder, const std::string& scenarios) {
  std::ofstream{folder / "study.toml"} << "[study]\nmodel = \"tiny.toml\"\nreplications = 10\n\n" << scenarios;
}

std::string said(const Folder& folder, const std::string& out, const std::string& replications = "10") {
  const Ended ended = run_program({"run", folder / "study.toml", "-o", out, "--replications", replications});
  CAPTURE(ended.err);
  CHECK(ended.code == 0);
  return ended.err;
}

constexpr const char* kTwo = "[scenarios.baseline]\n\n[scenarios.more]\nadd = { \"settings.crisis.capacity\" = 4 }\n\n";

}  // namespace

TEST_CASE("added replications reuse every one that is there, and the files are those of one run") {
  const Folder folder;
  fs::copy_file(test_file("tiny.toml"), folder / "tiny.toml");
  write_study(folder, kTwo);
  const std::string out = folder / "grown";
  CHECK_THAT(said(folder, out), Contains("20 runs done"));
  CHECK_THAT(said(folder, out, "16"), Contains("12 runs done") && Contains("20 were there already"));
  CHECK_THAT(said(folder, out, "21"), Contains("10 runs done") && Contains("32 were there already"));
  said(folder, folder / "at_once", "21");
  CHECK(published(out) == published(folder / "at_once"));
  // fewer again: all is there, in longer shards
  CHECK_THAT(said(folder, out, "10"), Contains("0 runs done") && Contains("20 were there already"));
  said(folder, folder / "fewer", "10");
  CHECK(published(out).at("results.h5") == published(folder / "fewer").at("results.h5"));
}

TEST_CASE("an added scenario leaves the others, and a changed one is computed anew") {
  const Folder folder;
  fs::copy_file(test_file("tiny.toml"), folder / "tiny.toml");
  write_study(folder, kTwo);
  const std::string out = folder / "out", most = "[scenarios.most]\nadd = { \"settings.crisis.capacity\" = 8 }\n";
  CHECK_THAT(said(folder, out), Contains("20 runs done"));
  write_study(folder, kTwo + most);
  CHECK_THAT(said(folder, out), Contains("10 runs done") && Contains("20 were there already"));
  std::string changed = kTwo + most;
  changed.replace(changed.find("= 4"), 3, "= 5");
  write_study(folder, changed);
  CHECK_THAT(said(folder, out), Contains("10 runs done") && Contains("20 were there already"));
  write_study(folder, kTwo + most);  // and back: nothing was thrown away
  CHECK_THAT(said(folder, out), Contains("0 runs done") && Contains("30 were there already"));
}
