#include "tests/apps/program.hpp"
#include "tests/catch.hpp"

// Studies that ask for a precision or a warm-up, through the program.
using namespace tl::test;
using Catch::Contains;

namespace {

/// A crisis unit with a queue of some clients, and studies of it.
class Unit {
 public:
  Unit() {
    write("unit.toml",
          "[model]\nname = \"Unit\"\nhorizon = \"200 d\"\nwarmup = \"30 d\"\nreplications = 4\nseed = 7\n"
          "[settings.crisis]\nname = \"Crisis unit\"\ncapacity = 4\nstay = { kind = \"exponential\", mean = \"3 d\" }\n"
          "[[routes]]\nfrom = \"crisis\"\nto = \"leave:home\"\n[arrivals.all]\nrate = \"1 / d\"\nto = \"crisis\"\n");
  }
  void write(const std::string& name, const std::string& text) const { std::ofstream{folder_ / name} << text; }
  std::string study(const std::string& precision) const {
    write("study.toml", "[study]\nmodel = \"unit.toml\"\nprecision = " + precision +
                            "\n[scenarios.baseline]\n[scenarios.more]\nadd = { \"settings.crisis.capacity\" = 1 }\n");
    return folder_ / "study.toml";
  }
  std::string operator/(const std::string& name) const { return folder_ / name; }

 private:
  Folder folder_;
};

}  // namespace

TEST_CASE("a study runs round by round until it is precise, and says so in its results") {
  const Unit unit;
  const std::string study = unit.study("{ within = \"1 client\", least = 4, most = 64 }");
  const Ended run = run_program({"run", study, "-o", unit / "one", "--threads", "1"});
  CAPTURE(run.out, run.err);
  REQUIRE(run.code == 0);
  CHECK_THAT(run.err, Contains("4 to 64 replications each, until precise"));
  CHECK_THAT(run.err, Contains("Round 1 of at most 5: to 4 replications of each scenario."));
  CHECK_THAT(run.err, Contains("Precision reached after"));
  CHECK_THAT(run_program({"results", unit / "one"}).out, Contains("note: Precision reached after"));
  REQUIRE(run_program({"report", unit / "one"}).code == 0);
  CHECK_THAT(text_of_file(unit / "one/report.html"), Contains("Precision reached after"));

  // The same on other threads, after an earlier run of one scenario only and of fewer replications.
  REQUIRE(run_program({"run", study, "-o", unit / "two", "--replications", "3", "--scenario", "more"}).code == 0);
  REQUIRE(run_program({"run", study, "-o", unit / "two", "--threads", "3"}).code == 0);
  CHECK(text_of_file(unit / "one/results.h5") == text_of_file(unit / "two/results.h5"));
  const Ended again = run_program({"run", study, "-o", unit / "one"});
  CHECK_THAT(again.err, Contains("0 runs done"));
  CHECK(text_of_file(unit / "one/results.h5") == text_of_file(unit / "two/results.h5"));
}

TEST_CASE("precision is of the scenarios; a sweep beside them has the replications it asks for") {
  const Unit unit;
  const std::string study = unit.study("{ within = \"1 client\", least = 4, most = 64 }");
  const std::string plain = text_of_file(study);
  REQUIRE(run_program({"run", study, "-o", unit / "plain", "--threads", "1"}).code == 0);
  std::ofstream{study, std::ios::app} << "[sweep]\ndesign = \"grid\"\nreplications = 3\n"
                                         "metrics = [\"queue_mean of crisis\"]\n[sweep.over]\n"
                                         "\"settings.crisis.capacity\" = [4, 5, 6]\n";
  const Ended run = run_program({"run", study, "-o", unit / "one", "--threads", "1"});
  CAPTURE(run.err);
  REQUIRE(run.code == 0);
  CHECK_THAT(run.err, Contains("3 points of a sweep") && Contains("Precision reached after 4 replications"));
  // The scenarios are as precise as without the sweep, and the sweep is what it is without precision.
  const auto scenarios = [&](const std::string& folder) {
    return run_program({"results", unit / folder, "--versus", "baseline", "--format", "csv"}).out;
  };
  CHECK(scenarios("one") == scenarios("plain"));
  const auto points = [&](const std::string& folder) {
    return run_program({"results", unit / folder, "--table", "sweep", "--format", "csv"}).out;
  };
  const std::string swept = text_of_file(study);
  unit.write("fixed.toml",
             std::string{swept}.replace(swept.find("precision = "),
                                        plain.find('\n', plain.find("precision")) - plain.find("precision"),
                                        "replications = 4"));
  REQUIRE(run_program({"run", unit / "fixed.toml", "-o", unit / "fixed"}).code == 0);
  CHECK_THAT(points("one"), Contains("4") && Contains("6"));
  CHECK(points("one") == points("fixed"));
  // The same bytes on other threads, and from a folder that has a part of it.
  REQUIRE(run_program({"run", study, "-o", unit / "two", "--replications", "2"}).code == 0);
  REQUIRE(run_program({"run", study, "-o", unit / "two", "--threads", "3"}).code == 0);
  CHECK(text_of_file(unit / "one/results.h5") == text_of_file(unit / "two/results.h5"));
  CHECK_THAT(run_program({"run", study, "-o", unit / "one"}).err, Contains("0 runs done"));
}

TEST_CASE("a dry run counts the pilots") {
  const Unit unit;
  std::string model = text_of_file(unit / "unit.toml");
  model.replace(model.find("\"30 d\""), 6, "\"auto\"");
  unit.write("unit.toml", model);
  const std::string study = unit.study("\"500 %\"");
  const Ended dry = run_program({"run", study, "--dry-run"});
  CAPTURE(dry.out, dry.err);
  CHECK(dry.code == 0);
  CHECK_THAT(dry.out, Contains("Pilots: 20 runs for the warm-up") && Contains("Time of the pilots: "));
  unit.write("there.toml", model + "[initial.now]\nplace = \"crisis\"\ncount = 4\n");
  CHECK_THAT(run_program({"run", unit / "there.toml", "--dry-run"}).out, !Contains("ilots"));
}

TEST_CASE("a study that does not get precise says what was reached and what it would take") {
  const Unit unit;
  const std::string study = unit.study("{ within = \"0.1%\", least = 4, most = 12, metrics = [\"wait_mean\"] }");
  const Ended run = run_program({"run", study, "-o", unit / "out"});
  CAPTURE(run.out, run.err);
  REQUIRE(run.code == 0);
  CHECK_THAT(run.err, Contains("Round 3 of at most 3: to 12 replications") && Contains("still wider than asked"));
  CHECK_THAT(run.err, Contains("Precision not reached after 12 replications: 2 of 2 half-widths") &&
                          Contains("replications would do"));
  const Ended typed = run_program({"run", study, "-o", unit / "out", "--precision", "500 d"});
  CHECK_THAT(typed.err, Contains("Precision reached after 4 replications"));
  const Ended plain = run_program({"run", study, "-o", unit / "out", "--replications", "5"});
  CHECK_THAT(plain.err, Contains("5 replications each") && !Contains("Round"));
  const Ended dry = run_program({"run", study, "--dry-run"});
  CHECK_THAT(dry.out, Contains("Runs: at most 24"));
}

TEST_CASE("what cannot be meant with precision is refused before anything runs") {
  const Unit unit;
  const std::string study = unit.study("{ within = \"2%\", metrics = [\"wait_maen\"] }");
  for (const std::string& command : {std::string{"run"}, std::string{"check"}}) {
    const Ended wrong =
        command == "run" ? run_program({"run", study, "-o", unit / "out"}) : run_program({"check", study});
    CAPTURE(command, wrong.out, wrong.err);
    CHECK(wrong.code == 1);
    CHECK_THAT(wrong.out + wrong.err, Contains("unknown metric") && Contains("wait_mean"));
  }
  const Ended both = run_program({"run", study, "-o", unit / "out", "--precision", "2%", "--replications", "3"});
  CHECK(both.code == 2);
  CHECK_THAT(both.err, Contains("--replications and --precision say two things"));
  const Ended typed = run_program({"run", unit / "unit.toml", "-o", unit / "out", "--precision", "two"});
  CHECK(typed.code == 2);
  CHECK_THAT(typed.err, Contains("is no half-width"));
  const Ended part = run_program({"run", unit.study("\"500 %\""), "-o", unit / "out", "--shard", "1/2"});
  CHECK(part.code == 2);
  CHECK_THAT(part.err, Contains("--shard cannot be given for a study that asks for a precision"));
  CHECK(run_program({"check", study, "--svg", unit / "a.svg"}).code == 2);
}

TEST_CASE("a warm-up is found, told, kept with the results, and drawn") {
  const Unit unit;
  std::string model = text_of_file(unit / "unit.toml");
  model.replace(model.find("\"30 d\""), 6, "\"auto\"");
  unit.write("auto.toml", model);
  const Ended run = run_program({"run", unit / "auto.toml", "-o", unit / "out", "--threads", "2"});
  CAPTURE(run.out, run.err);
  REQUIRE(run.code == 0);
  CHECK_THAT(run.err, Contains("Pilot for the warm-up: 10 runs of 1 scenario, ") && Contains("Warm-up: "));
  const std::string table = run_program({"results", unit / "out"}).out;
  CHECK_THAT(table, Contains("note: Warm-up: "));
  CHECK_THAT(table, Contains("with fewer than 10, intervals are rough"));
  const Ended again = run_program({"run", unit / "auto.toml", "-o", unit / "out"});
  CHECK_THAT(again.err, Contains("0 runs done, 4 were there already"));

  model.replace(model.find("\"1 / d\""), 7, "\"3 / d\"");  // more than four beds can serve
  unit.write("full.toml", model);
  const Ended full = run_program({"check", unit / "full.toml", "--warmup", "--svg", unit / "full.svg"});
  CAPTURE(full.out);
  CHECK(full.code == 0);
  CHECK_THAT(full.out, Contains("does not settle") && Contains("Crisis unit (waiting) still climbs") &&
                           Contains("Report the trajectory"));
  CHECK_THAT(text_of_file(unit / "full.svg"), Contains("<svg") && Contains("does not settle"));
  const Ended story = run_program({"trace", unit / "full.toml", "--client", "5"});
  CHECK(story.code == 0);
}
