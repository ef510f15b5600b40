#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/estimate.hpp"
#include "scenarios/plan.hpp"
#include "scenarios/scenario_messages.hpp"
#include "scenarios/study.hpp"
#include "tests/catch.hpp"

namespace {

namespace fs = std::filesystem;

std::string problems_of(const std::string& text) {
  tl::Problems problems;
  const auto study = tl::read_study_text(text, "s.toml", {}, problems);
  CHECK(study.has_value() == !problems.has_errors());
  return tl::to_text(problems);
}

/// A folder of this test's own, gone when it ends.
class Folder {
 public:
  Folder() : path_{fs::temp_directory_path() / ("tl_study_" + std::to_string(getpid()))} {
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  fs::path write(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream{path_ / name} << text;
    return path_ / name;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

constexpr const char* kModel = R"([model]
name = "One ward"
horizon = "1 y"
replications = 4
seed = 11
[settings.ward]
name = "Ward"
kind = "place"
department = "health"
domain = "treatment"
level = 4
capacity = 10
stay = { kind = "exponential", mean = "5 d" }
[departments.health]
name = "Health"
[arrivals.street]
rate = "1 / d"
to = "ward"
[[routes]]
from = "ward"
to = "leave:home"
)";

}  // namespace

TEST_CASE("each fault of a study is told where it stands, with what to try") {
  const auto [text, message] = GENERATE(table<std::string, std::string>({
      {"[study]\nmodel = 3\n", "s.toml:2:9: study.model: is no text (text stands in quotes). Write \"3\"\n"},
      {"[study]\nmodel = \"\"\n",
       "s.toml:2:9: study.model: is empty (a study is about one model). Write a path from this file's folder\n"},
      {"[study]\nseed = 3\n",
       "s.toml:1:2: study.model: is missing (a study is about one model). Write model = \"FOLDER\", a path from this "
       "file's folder\n"},
      {"[scenarios.a]\n",
       "s.toml:1:1: study: there is no [study] with fields (it says which model is studied and how long). Write "
       "[study] and below it model = \"FOLDER\"\n"},
      {"[study]\nmodel = \"m\"\nhorizn = \"5 y\"\n",
       "s.toml:3:1: study.horizn: unknown name (a study has nothing of that name here). Did you mean \"horizon\"?\n"},
      {"[study]\nmodel = \"m\"\nxyzzy = 1\n",
       "s.toml:3:1: study.xyzzy: unknown name (a study has nothing of that name here). Known here: model, about, "
       "horizon, warmup, every, replications, precision, seed, observe, population_scale, metrics\n"},
      {"[study]\nmodel = \"m\"\n[senarios.x]\n",
       "s.toml:3:2: senarios: unknown name (a study has nothing of that name here). Did you mean \"scenarios\"?\n"},
      {"[study]\nmodel = \"m\"\n[settings.x]\ncapacity = 3\n",
       "s.toml:3:2: settings: is a table of a model (a study changes its model by scenarios only). Move it to the "
       "model, or write the change as set = { \"table.row.field\" = value }\n"},
      {"[study]\nmodel = \"m\"\n[scenarios.\"a b\"]\n",
       "s.toml:3:12: scenarios.a b: \"a b\" is no plain name (a scenario's id is made of letters, digits, _ and -; it "
       "also names files). Write [scenarios.some_name], and the words as name = \"...\"\n"},
      {"[study]\nmodel = \"m\"\n[scenarios.a]\nnmae = \"A\"\n",
       "s.toml:4:1: scenarios.a.nmae: unknown name (a study has nothing of that name here). Did you mean \"name\"?\n"},
      {"[study]\nmodel = \"m\"\n[scenarios.a]\nlevers = \"beds\"\n",
       "s.toml:4:10: scenarios.a.levers: is no table of levers and no list (a scenario says which levers it uses, and "
       "how much of each). Write levers = { ID = 0.5 }, or levers = [\"ID\"]\n"},
      {"[study]\nmodel = \"m\"\n[scenarios.a]\nlevers = [3]\n",
       "s.toml:4:11: scenarios.a.levers: holds something that is no lever's id (a list names levers, all of each). "
       "Write "
       "levers = { ID = 0.5 } to say how much of it\n"},
      {"[study]\nmodel = \"m\"\n[scenarios.base]\n[scenarios.a]\nbase = \"bsae\"\n",
       "s.toml:5:8: scenarios.a.base: unknown scenario \"bsae\" (a base is another scenario of this study). Did you "
       "mean \"base\"?\n"},
      {"[study]\nmodel = \"m\"\n[scenarios.a]\nbase = \"c\"\n[scenarios.b]\nbase = \"a\"\n[scenarios.c]\nbase = "
       "\"b\"\n",
       "s.toml:4:8: scenarios.a.base: goes in a circle: a -> c -> b -> a (a base's changes come first, so one must be "
       "first). Take the base out of one of them\n"},
      {"[study]\nmodel = \"m\"\n[scenarios.a]\nbase = \"a\"\n[scenarios.b]\nbase = \"a\"\n",
       "s.toml:4:8: scenarios.a.base: goes in a circle: a -> a (a base's changes come first, so one must be first). "
       "Take the base out of one of them\n"},
      {"[study]\nmodel = \"m\"\n[scenarios.a]\nset = { settings.crt.capacity = 134 }\n",
       "s.toml:4:9: scenarios.a.set: \"settings\" is no address (a change names table.row.field or parameters.id). Put "
       "the address in quotes: \"settings.crt.capacity\" = ...\n"},
      {"[study]\nmodel = \"m\"\n[scenarios.a]\nadd = { \"capacity\" = 1 }\n",
       "s.toml:4:9: scenarios.a.add: \"capacity\" is no address (a change names table.row.field or parameters.id). "
       "Write for instance \"settings.ID.capacity\" = 20\n"},
      {"[study]\nmodel = \"m\"\n[scenarios.a]\nscale = 3\n",
       "s.toml:4:9: scenarios.a.scale: is no table of changes (a change is an address and a value). Write scale = { "
       "\"settings.ID.capacity\" = 20 }\n"},
  }));
  CHECK(problems_of(text) == message);
}

TEST_CASE("a scenario's changes are its bases' first, then set, scale and add") {
  tl::Problems problems;
  const auto study = tl::read_study_text(R"([study]
model = "m"
about = "Beds or not"
[scenarios.c]
base = "b"
add = { "settings.c.capacity" = 1 }
scale = { "settings.b.capacity" = 2 }
set = { "settings.a.capacity" = "3" }
[scenarios.a]
name = "The first"
about = "why"
set = { "parameters.x" = 1 }
[scenarios.b]
base = "a"
)",
                                         "dir/beds.toml", {}, problems);
  REQUIRE(tl::to_text(problems).empty());
  CHECK(study->name == "beds");
  CHECK(study->about == "Beds or not");
  REQUIRE(study->scenarios.size() == 3);
  CHECK(study->scenarios[1].name == "The first");
  CHECK(study->scenarios[1].about == "why");
  CHECK(study->scenarios[2].changes.size() == 1);
  const auto& changes = study->scenarios[0].changes;
  REQUIRE(changes.size() == 4);
  CHECK(changes[0].path == "parameters.x");
  CHECK(changes[0].at.line == 12);
  CHECK(changes[1].kind == tl::Change::Kind::set);
  CHECK(changes[1].value.text == "3");
  CHECK(changes[2].kind == tl::Change::Kind::scale);
  CHECK(changes[3].kind == tl::Change::Kind::add);
}

TEST_CASE("a study without scenarios has the baseline") {
  tl::Problems problems;
  const auto study = tl::read_study_text("[study]\nmodel = \"m\"\n", "s.toml", {}, problems);
  REQUIRE(study);
  REQUIRE(study->scenarios.size() == 1);
  CHECK(study->scenarios[0].id == "baseline");
  CHECK(study->scenarios[0].changes.empty());
}

TEST_CASE("a change typed on the command line") {
  tl::Problems problems;
  const auto read = [&](const std::string& text) { return tl::change_from_text(text, "--set", {}, problems); };
  CHECK(read("settings.a.capacity=12")->value.number == 12.0);
  CHECK(read("settings.a.capacity=12")->value.is_number());
  CHECK(read("settings.a.stay=14 d")->value.text == "14 d");
  CHECK(read("settings.a.stay=\"14 d\"")->value.text == "14 d");
  CHECK(read("settings.a.stay={ kind = \"constant\", value = \"1 d\" }")->value.is_table());
  CHECK(read("x.y.z=true")->value.is_boolean());
  CHECK(problems.empty());
  for (const char* text : {"capacity", "capacity=3", "settings.a.capacity=", ".a=3", "a..b=3", ""}) {
    tl::Problems found;
    CHECK_FALSE(tl::change_from_text(text, "--set", {}, found));
    CHECK_THAT(tl::to_text(found), Catch::Contains("a change is PATH=VALUE"));
  }
}

TEST_CASE("a study reads its model from its own folder and replaces the model's length and seed") {
  const Folder folder;
  folder.write("models/ward/model.toml", kModel);
  folder.write("models/ward/notes.txt", "not read");
  const fs::path file = folder.write("studies/beds.toml", R"([study]
model = "../models/ward"
horizon = "2 y"
seed = 5
[scenarios.baseline]
)");
  tl::Problems problems;
  const auto study = tl::read_study(file, {}, problems);
  REQUIRE(tl::to_text(problems).empty());
  const tl::Cell* model = study->document.head.find("model");
  REQUIRE(model != nullptr);
  CHECK(model->find("horizon")->text == "2 y");
  CHECK(model->find("horizon")->at.file == file.generic_string());
  CHECK(model->find("seed")->number == 5.0);
  CHECK(model->find("replications")->number == 4.0);
  CHECK(study->model_text == std::string{"==> model.toml <==\n"} + kModel);
  CHECK_THAT(study->study_text, Catch::StartsWith("[study]"));
}

TEST_CASE("a study's model that is missing or itself a study is refused") {
  const Folder folder;
  const fs::path missing = folder.write("missing.toml", "[study]\nmodel = \"nowhere\"\n");
  const fs::path circular = folder.write("circular.toml", "[study]\nmodel = \"missing.toml\"\n");
  tl::Problems first, second;
  CHECK_FALSE(tl::read_study(missing, {}, first));
  CHECK_THAT(tl::to_text(first), Catch::Contains("missing.toml:2:9: study.model: there is no "));
  CHECK_FALSE(tl::read_study(circular, {}, second));
  CHECK_THAT(tl::to_text(second),
             Catch::Contains("circular.toml:2:9: study.model: ") && Catch::Contains("is itself a study"));
}

TEST_CASE("a model given for a study runs as its baseline") {
  const Folder folder;
  const fs::path file = folder.write("ward.toml", kModel);
  tl::Problems problems;
  const tl::Plan plan = tl::read_plan(file, {}, {}, problems);
  CHECK(tl::to_text(problems) == "");
  REQUIRE(plan.scenarios.size() == 1);
  REQUIRE(plan.scenarios[0].compiled.model.settings.size() > 1);
  CHECK(plan.scenarios[0].id == "baseline");
  CHECK(plan.scenarios[0].changes.empty());
  CHECK(plan.study_name == "ward");
  CHECK(plan.study_text.empty());
  CHECK(plan.replications == 4);
  CHECK(plan.seed == 11);
  CHECK(plan.blocks == std::vector<tl::RunBlock>{{.scenario = 0, .first_replication = 0, .count = 4}});
}

TEST_CASE("a plan follows the command line, and compiles the changes") {
  const Folder folder;
  folder.write("ward.toml", kModel);
  const fs::path file = folder.write("beds.toml", R"([study]
model = "ward.toml"
replications = 3
[scenarios.baseline]
[scenarios.beds]
name = "Ten more beds"
add = { "settings.ward.capacity" = 10 }
)");
  tl::Problems problems;
  const tl::Plan plan = tl::read_plan(file, {}, {}, problems);
  CHECK(tl::to_text(problems) == "");
  REQUIRE(plan.scenarios.size() == 2);
  CHECK(plan.replications == 3);
  CHECK(plan.scenarios[1].name == "Ten more beds");
  CHECK(plan.scenarios[1].changes == std::vector<std::string>{"Capacity of Ward (settings.ward.capacity): 10 -> 20"});
  REQUIRE(plan.scenarios[0].compiled.model.settings.size() > 1);
  CHECK(plan.scenarios[0].compiled.model.settings[1].capacity == 10);
  CHECK(plan.scenarios[1].compiled.model.settings[1].capacity == 20);

  tl::PlanOptions options;
  options.replications = 7;
  options.seed = 99;
  options.only = {"beds"};
  options.set = {"settings.ward.capacity=50"};
  const tl::Plan typed = tl::read_plan(file, options, {}, problems);
  CHECK(tl::to_text(problems) == "");
  REQUIRE(typed.scenarios.size() == 1);
  CHECK(typed.replications == 7);
  CHECK(typed.seed == 99);
  CHECK(typed.scenarios[0].compiled.model.settings[1].capacity == 60);  // set first, the scenario's add on top of it
}

TEST_CASE("a plan that cannot be run has no blocks") {
  const Folder folder;
  const fs::path file = folder.write("ward.toml", kModel);
  tl::PlanOptions options;
  tl::Limits limits;
  std::string message;
  SECTION("unknown scenario") {
    options.only = {"basline"};
    message = "--scenario: basline: unknown scenario (the study has none of that name). Did you mean \"baseline\"?";
  }
  SECTION("too many runs") {
    limits.runs = 10;
    options.replications = 11;
    message = "11 runs (1 scenario, 11 replications each) (at most 10 runs a study)";
  }
  SECTION("no run") {
    options.replications = 0;
    message = "a study has at least one replication";
  }
  SECTION("an address that is none") {
    options.set = {"settings.wrad.capacity=3"};
    message = "ward";
  }
  tl::Problems problems;
  const tl::Plan plan = tl::read_plan(file, options, limits, problems);
  CHECK(problems.has_errors());
  CHECK(plan.blocks.empty());
  CHECK_THAT(tl::to_text(problems), Catch::Contains(message));
}

TEST_CASE("scenarios stack levers of the model and of the study; a derived one changes their strength") {
  const Folder folder;
  folder.write("m.toml", kModel + std::string{"[levers.beds]\nadd = { \"settings.ward.capacity\" = 10 }\n"});
  const fs::path file = folder.write("s.toml", R"([study]
model = "m.toml"
[levers.more]
add = { "settings.ward.capacity" = 4 }
[scenarios.none]
[scenarios.all]
levers = ["beds", "more"]
[scenarios.some]
base = "all"
levers = { beds = 0.5 }
[scenarios.only_more]
base = "all"
levers = { beds = 0 }
)");
  const auto capacities = [&](const tl::PlanOptions& options) {
    tl::Problems problems;
    const tl::Plan plan = tl::read_plan(file, options, {}, problems);
    INFO(tl::to_text(problems));
    CHECK(problems.empty());
    std::vector<double> units;
    for (const tl::ScenarioPlan& scenario : plan.scenarios)
      units.push_back(static_cast<double>(scenario.compiled.model.settings[1].capacity));
    return units;
  };
  CHECK(capacities({}) == std::vector<double>{10, 24, 19, 14});
  tl::PlanOptions typed;
  typed.set = {"levers.more=0.5"};
  CHECK(capacities(typed) == std::vector<double>{12, 22, 17, 12});
}

TEST_CASE("every message of studies, scenarios and plans has a case that triggers it") {
  const auto codes_of = [](const tl::Problems& problems) {
    std::set<std::string> codes;
    for (const tl::Problem& problem : problems.sorted()) codes.emplace(problem.code.text());
    return codes;
  };
  const std::string head = "[study]\nmodel = \"m\"\n";
  const std::vector<std::pair<std::string, std::string>> texts{
      {"study-field", head + "horizn = \"5 y\"\n"},
      {"study-later", head + "histories = 3\n"},
      {"study-kind", "[study]\nmodel = 3\n"},
      {"study-model", "[study]\nseed = 3\n"},
      {"precision-form", head + "precision = \"two\"\n"},
      {"scenario-id", head + "[scenarios.\"a b\"]\n"},
      {"scenario-base", head + "[scenarios.a]\nbase = \"b\"\n"},
      {"scenario-cycle", head + "[scenarios.a]\nbase = \"a\"\n"},
      {"change-form", head + "[scenarios.a]\nadd = { \"capacity\" = 1 }\n"},
      {"sweep-design", head + "[sweep]\nover = { \"a.b\" = [1] }\n"},
      {"sweep-factor", head + "[sweep]\ndesign = \"grid\"\n"},
      {"sweep-count", head + "[sweep]\ndesign = \"sobol\"\nover = { \"a.b\" = { low = 1, high = 2 } }\n"},
      {"sweep-list", head + "[sweep]\ndesign = \"list\"\n"},
  };
  std::set<std::string> triggered;
  for (const auto& [code, text] : texts) {
    tl::Problems problems;
    CHECK_FALSE(tl::read_study_text(text, "s.toml", {}, problems));
    CHECK(codes_of(problems) == std::set<std::string>{code});
    triggered.insert(code);
  }
  const Folder folder;
  {
    const std::string lever = "[levers.beds]\nadd = { \"settings.ward.capacity\" = 1 }\n";
    folder.write("m.toml", kModel + lever);
    tl::Problems problems;
    CHECK_FALSE(tl::read_study(folder.write("twice.toml", "[study]\nmodel = \"m.toml\"\n" + lever), {}, problems));
    CHECK(codes_of(problems) == std::set<std::string>{"lever-twice"});
    triggered.insert("lever-twice");
  }
  const fs::path file = folder.write("ward.toml", kModel);
  const auto plan_codes = [&](const tl::PlanOptions& options, std::uint64_t most_runs) {
    tl::Problems problems;
    tl::Limits limits;
    limits.runs = most_runs;
    tl::read_plan(file, options, limits, problems);
    return codes_of(problems);
  };
  tl::PlanOptions options;
  options.only = {"nosuch"};
  CHECK(plan_codes(options, 100) == std::set<std::string>{"scenario-unknown"});
  options = {};
  options.replications = 7;
  CHECK(plan_codes(options, 8).empty());
  CHECK(plan_codes(options, 7).empty());
  CHECK(plan_codes(options, 6) == std::set<std::string>{"plan-runs"});
  options.replications = 0;
  CHECK(plan_codes(options, 6) == std::set<std::string>{"plan-runs"});
  tl::Problems room;
  tl::check_resources({.runs = 1, .blocks = 1, .result_bytes = 9, .memory_bytes = 9},
                      {.free_disk_bytes = 10, .memory_bytes = 10}, {}, room);
  CHECK(codes_of(room) == std::set<std::string>{"plan-disk", "plan-memory"});
  triggered.insert({"scenario-unknown", "plan-runs", "plan-disk", "plan-memory"});
  triggered.insert({"sweep-range", "sweep-base", "uncertain-parameter"});  // need a model: test_sweep.cpp
  triggered.insert({"precision-metric", "precision-unit"});  // triggered in tests/analysis/test_precision.cpp
  for (const tl::MessageKind& kind : tl::kScenarioMessages) {
    INFO(kind.code);
    CHECK(triggered.contains(std::string{kind.code}));
  }
}
