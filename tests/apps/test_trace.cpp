#include "tests/apps/program.hpp"
#include "tests/catch.hpp"

using namespace tl::test;
using Catch::Contains;

TEST_CASE("trace tells a story, says how it was chosen, and names others") {
  const Ended ended = run_program({"trace", test_file("tiny.toml")});
  CHECK(ended.code == 0);
  CHECK_THAT(ended.out,
             Contains(", who saw the most places among ") && Contains("scenario baseline, replication 0, seed 7"));
  CHECK_THAT(ended.out, Contains("went to Crisis unit") && Contains("In the model for "));
  CHECK_THAT(ended.err, Contains("Others with long stories: ") && Contains("Next: --client N"));
  CHECK(run_program({"trace", test_file("tiny.toml")}).out == ended.out);
  CHECK(run_program({"trace", test_file("tiny.toml"), "--replication", "1"}).out != ended.out);
}

TEST_CASE("trace of one client as a table") {
  const Ended ended = run_program({"trace", test_file("tiny.toml"), "--client", "12", "--format", "csv"});
  CHECK(ended.code == 0);
  CHECK_THAT(ended.out,
             Contains("time,day,kind,subject,length_days,words") && Contains(",moved,crisis,,went to Crisis unit"));
  CHECK(ended.err.empty());
}

TEST_CASE("trace takes a scenario of a study, and one that is not there is named with the nearest") {
  CHECK_THAT(run_program({"trace", test_file("long.toml"), "--scenario", "more_bed"}).err, Contains("more_beds"));
  const Ended ended = run_program({"trace", test_file("study.toml"), "--scenario", "more_beds", "--client", "3"});
  CHECK_THAT(ended.out, Contains("scenario more_beds"));
}

TEST_CASE("what cannot be traced is said with what there is") {
  const std::string tiny = test_file("tiny.toml");
  const Ended client = run_program({"trace", tiny, "--client", "999999"});
  CHECK(client.code == 2);
  CHECK_THAT(client.err, Contains("there is no client 999999") && Contains("numbered from 1 to "));
  const Ended setting = run_program({"trace", tiny, "--through", "crises"});
  CHECK(setting.code == 2);
  CHECK_THAT(setting.err, Contains("unknown setting \"crises\"") && Contains("Did you mean \"crisis\"?"));
  CHECK_THAT(run_program({"trace", tiny, "--client", "0"}).err, Contains("--client: \"0\" is no whole number from 1"));
  CHECK_THAT(run_program({"trace", tiny, "--client", "1", "--through", "crisis"}).err,
             Contains("leave one of them out"));
  CHECK_THAT(run_program({"trace", tiny, "--format", "json"}).err, Contains("There is: text, csv"));
  CHECK_THAT(run_program({"trace", tiny, "--set", "settings.crises.capacity=2"}).err, Contains("crisis"));
  CHECK(run_program({"trace", test_file("bad.toml")}).code == 1);
  const Ended endless = run_program({"trace", test_file("endless.toml"), "--client", "1"});
  CHECK(endless.code == 1);
  CHECK_THAT(endless.err, Contains("the replication failed on day "));
}
