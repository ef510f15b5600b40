#include <nlohmann/json.hpp>

#include <regex>

#include "tests/apps/program.hpp"
#include "tests/catch.hpp"

using namespace tl::test;
using Catch::Contains;

TEST_CASE("check tells a good model's expected flow") {
  const Ended ended = run_program({"check", test_file("tiny.toml")});
  CAPTURE(ended.out, ended.err);
  CHECK(ended.code == 0);
  CHECK_THAT(ended.out, Contains("crisis"));
  CHECK_THAT(ended.out, Contains("10"));    // expected census: 2 a day for 5 days
  CHECK_THAT(ended.out, Contains("125%"));  // of 8 beds
  CHECK_THAT(ended.out, Contains("0.8"));   // full at that multiple of the demand
  CHECK_THAT(ended.err, Contains("Next: throughline run"));
}

TEST_CASE("check names settings that are too small in one line, whatever the scenarios") {
  const Folder folder;
  const std::string model = folder / "two.toml", study = folder / "study.toml";
  std::ofstream{model} << text_of_file(test_file("tiny.toml")) +
                              "[settings.ward]\nkind = \"place\"\ncapacity = 1\nstay = \"10 d\"\n"
                              "[[routes]]\nfrom = \"ward\"\nto = \"leave:home\"\n"
                              "[arrivals.ambulance]\nrate = \"1 / d\"\nto = \"ward\"\n";
  std::ofstream{study} << "[study]\nmodel = \"two.toml\"\n[scenarios.baseline]\n[scenarios.busier]\n"
                          "set = { \"parameters.demand\" = 2.2 }\n";
  const Ended text = run_program({"check", study});
  CAPTURE(text.out, text.err);
  CHECK(text.code == 0);
  CHECK_THAT(text.out, Contains("2 settings are offered more clients than they have units: crisis, ward ("));
  const std::string words = "more clients than";
  CHECK(text.out.find(words) == text.out.rfind(words));
  const auto json = nlohmann::json::parse(run_program({"check", study, "--format", "json"}).out);
  CHECK(json.at("kind") == "throughline.check");
  std::size_t too_small = 0;
  for (const auto& problem : json.at("problems")) too_small += problem.at("code") == "traffic-over" ? 1 : 0;
  CHECK(too_small == 3);  // crisis differs between the scenarios, ward does not
}

TEST_CASE("check --strict counts warnings as errors") {
  CHECK(run_program({"check", test_file("tiny.toml")}).code == 0);  // warned: demand is above capacity
  CHECK(run_program({"check", test_file("tiny.toml"), "--strict"}).code == 1);
}

TEST_CASE("check tells all problems of a bad model in the order of the file") {
  const Ended ended = run_program({"check", test_file("bad.toml")});
  CAPTURE(ended.out, ended.err);
  CHECK(ended.code == 1);
  const std::size_t kind = ended.out.find("bad.toml:6:"), stay = ended.out.find("bad.toml:8:"),
                    route = ended.out.find("bad.toml:15:");
  REQUIRE(kind != std::string::npos);
  REQUIRE(stay != std::string::npos);
  REQUIRE(route != std::string::npos);
  CHECK(kind < stay);
  CHECK(stay < route);
  CHECK_THAT(ended.out, Contains("Did you mean \"place\"?"));
  CHECK_THAT(ended.out, Contains("Did you mean \"crisis\"?"));
}

TEST_CASE("check tells of metrics and incentives that nothing can be measured by") {
  Folder folder;
  const auto with = [&](const std::string& more) {
    std::ofstream{folder / "model.toml"} << text_of_file(test_file("tiny.toml")) << "\n[payers.state]\n" << more;
    Ended ended = run_program({"check", folder / "model.toml"});
    ended.out = std::regex_replace(ended.out, std::regex{"\\s+"}, " ");  // lines end where a window ends
    return ended;
  };
  const std::string waits = "[metrics.m]\nscope = \"setting\"\nsubject = \"crisis\"\nmeasure = ";
  const std::string bonus = "[incentives.i]\nmetric = \"m\"\namount = 5\npayer = \"state\"\n";
  Ended ended = with(waits + "\"wait_p90\"\ntarget = 3\n" + bonus);
  CAPTURE(ended.out, ended.err);
  CHECK(ended.code == 1);
  CHECK_THAT(ended.out, Contains("incentives.i.metric: cannot look at \"wait_p90\""));
  CHECK_THAT(ended.out, Contains("kept period by period"));
  ended = with(waits + "\"occupancy\"\ngood = \"lower\"\ntarget = 85\n" + bonus + "target = 90\n");
  CHECK(ended.code == 1);
  CHECK_THAT(ended.out, Contains("metrics.m.target: is 85, which is 8,500%"));
  CHECK_THAT(ended.out, Contains("Write \"85%\"."));
  CHECK_THAT(ended.out, Contains("incentives.i.target: is 90, which is 9,000%"));
  CHECK(with(waits + "\"occupancy\"\ntarget = \"85\"\n").code == 1);
  for (const char* fine : {"\"85%\"", "0.85", "1"}) {
    ended = with(waits + "\"occupancy\"\ngood = \"lower\"\ntarget = " + fine + "\n" + bonus);
    CAPTURE(fine, ended.out);
    CHECK(ended.code == 0);
  }
}

TEST_CASE("check as JSON can be read by programs") {
  const Ended good = run_program({"check", test_file("study.toml"), "--format", "json"});
  CHECK(good.code == 0);
  const auto json = nlohmann::json::parse(good.out);
  CHECK(json.at("good") == true);
  REQUIRE(json.at("scenarios").size() == 2);
  CHECK(json.at("scenarios")[1].at("id") == "more_beds");
  CHECK(json.at("scenarios")[1].at("settings")[0].at("capacity") == 12.0);
  const Ended bad = run_program({"check", test_file("bad.toml"), "--format", "json"});
  CHECK(bad.code == 1);
  const auto problems = nlohmann::json::parse(bad.out).at("problems");
  REQUIRE(problems.size() >= 3);
  CHECK(problems[0].at("line") == 6);
  CHECK(problems[0].at("severity") == "error");
}

TEST_CASE("check as CSV has a line for each setting of each scenario") {
  const Ended ended = run_program({"check", test_file("study.toml"), "--format", "csv"});
  CHECK(ended.code == 0);
  CHECK_THAT(ended.out, Contains("scenario,setting,name,flow_per_day"));
  CHECK_THAT(ended.out, Contains("more_beds,crisis,Crisis unit,"));
}

TEST_CASE("check tells what to expect of staff, and list what was written of them") {
  const std::string model = TL_SOURCE_DIR "/models/examples/staff.toml";
  const Ended checked = run_program({"check", model, "--format", "json"});
  REQUIRE(checked.code == 0);
  const auto staff = nlohmann::json::parse(checked.out)["scenarios"][0]["staff"];
  const double vacant = 0.5 * 95.0 / 365.25 / (1.0 + 0.5 * 95.0 / 365.25);
  CHECK(staff["pools"][0]["vacant_share"].get<double>() == Approx(vacant));
  CHECK(staff["pools"][0]["fte_employed"].get<double>() == Approx(24.0 * (1.0 - vacant)));
  CHECK(staff["rows"][0]["relief"].get<double>() == Approx(168.0 / 34.0));
  CHECK(staff["rows"][0]["fte_needed"].get<double>() == Approx(4.0 * 168.0 / 34.0));
  CHECK(staff["rows"][0]["limited_by"] == "capacity");
  const Ended listed = run_program({"list", model, "--table", "staffing", "--format", "csv"});
  CHECK(listed.code == 0);
  CHECK_THAT(listed.out, Catch::Contains("ward.ward_nurse,ward,ward_nurse,8,2,168,4.94"));
  const Ended without = run_program({"check", TL_SOURCE_DIR "/models/examples/pool.toml", "--format", "json"});
  CHECK_FALSE(nlohmann::json::parse(without.out)["scenarios"][0].contains("staff"));
}

TEST_CASE("what cannot be read is named") {
  const Ended missing = run_program({"check", "no/such/model.toml"});
  CHECK(missing.code == 1);
  CHECK_THAT(missing.out, Contains("no/such/model.toml"));
  const Folder folder;
  std::ofstream{folder / "locked.toml"} << "[model]\n";
  fs::permissions(folder / "locked.toml", fs::perms::none);
  if (::access((folder / "locked.toml").c_str(), R_OK) == 0) return;  // root reads everything
  CHECK(run_program({"check", folder / "locked.toml"}).code == 1);
}

TEST_CASE("list shows what can be turned") {
  const Ended text = run_program({"list", test_file("study.toml")});
  CHECK(text.code == 0);
  for (const char* word : {"crisis", "parameters.demand", "made up for tests", "assumption", "more_beds", "8 -> 12"})
    CHECK_THAT(text.out, Contains(word));
  const auto json = nlohmann::json::parse(run_program({"list", test_file("tiny.toml"), "--format", "json"}).out);
  CHECK(json.at("settings")[0].at("capacity") == 8);
  CHECK(json.at("parameters")[0].at("low") == 1);
  const Ended csv = run_program({"list", test_file("tiny.toml"), "--format", "csv", "--table", "parameters"});
  CHECK_THAT(csv.out, Contains("parameters.demand,2,"));
  CHECK(run_program({"list", test_file("tiny.toml"), "--format", "csv"}).code == 2);
  CHECK(run_program({"list", test_file("bad.toml")}).code == 1);
}

TEST_CASE("diff says in words what differs") {
  const Ended scenarios = run_program({"diff", test_file("study.toml"), "baseline", "more_beds"});
  CHECK(scenarios.code == 0);
  CHECK_THAT(scenarios.out, Contains("8 -> 12"));
  CHECK_THAT(run_program({"diff", test_file("tiny.toml"), test_file("tiny.toml")}).out, Contains("Nothing differs"));
  const Ended misspelt = run_program({"diff", test_file("study.toml"), "baseline", "more_bed"});
  CHECK(misspelt.code == 2);
  CHECK_THAT(misspelt.err, Contains("Did you mean \"more_beds\"?"));
}

TEST_CASE("show draws the network into a file") {
  const Folder folder;
  CHECK(run_program({"show", test_file("tiny.toml"), "--svg", folder / "map.svg"}).code == 0);
  const std::string svg = text_of_file(folder / "map.svg");
  CHECK_THAT(svg, Contains("xmlns=\"http://www.w3.org/2000/svg\""));
  CHECK_THAT(svg, Contains("Crisis unit"));
}
