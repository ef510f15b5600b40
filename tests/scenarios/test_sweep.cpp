#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "models/read_model.hpp"
#include "models/table_reader.hpp"
#include "scenarios/plan.hpp"
#include "scenarios/read_sweep.hpp"
#include "tests/catch.hpp"

using namespace tl;

namespace {

constexpr const char* kModel =
    "[model]\nhorizon = \"30 d\"\nreplications = 2\n"
    "[parameters]\n"
    "beds = { value = 10, low = 4, high = 20 }\n"
    "stay = { value = \"2 d\", low = \"1 d\", high = \"4 d\" }\n"
    "come = { value = 1, unit = \"/ d\", low = 0.5, high = 2 }\n"
    "twice = { value = \"2 * beds\" }\n"
    "plain = { value = 3 }\n"
    "[settings.clinic]\ncapacity = \"beds\"\nstay = { kind = \"exponential\", mean = \"stay\" }\n"
    "[settings.ward]\ncapacity = 6\nstay = { kind = \"exponential\", mean = \"3 d\" }\n"
    "[[routes]]\nfrom = \"clinic\"\nto = \"ward\"\nshare = 0.5\n"
    "[[routes]]\nfrom = \"clinic\"\nto = \"leave:done\"\nshare = \"otherwise\"\n"
    "[[routes]]\nfrom = \"ward\"\nto = \"leave:done\"\n"
    "[arrivals.come]\nrate = \"come\"\nto = \"clinic\"\n"
    "[arrivals.more]\nrate = \"twice * come / 100\"\nto = \"clinic\"\n";

/// A folder with the model, for studies in it.
class Desk {
 public:
  Desk() : path_{std::filesystem::temp_directory_path() / ("tl-sweep-" + std::to_string(::getpid()))} {
    std::filesystem::create_directories(path_);
    put("model.toml", kModel);
  }
  ~Desk() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;
  void put(const std::string& name, const std::string& text) const { std::ofstream{path_ / name} << text; }
  Plan plan(const std::string& more, Problems& problems, PlanOptions options = {}) const {
    put("study.toml", "[study]\nmodel = \"model.toml\"\n" + more);
    options.threads = 2;
    return read_plan(path_ / "study.toml", options, Limits{}, problems);
  }
  /// Without problems.
  Plan good(const std::string& more, PlanOptions options = {}) const {
    Problems problems;
    Plan made = plan(more, problems, std::move(options));
    INFO(to_text(problems));
    REQUIRE_FALSE(problems.has_errors());
    return made;
  }
  std::string refusal(const std::string& more) const {
    Problems problems;
    const Plan made = plan(more, problems);
    CHECK(made.blocks.empty());
    std::string codes;
    for (const Problem& problem : problems.sorted()) codes += '[' + std::string{problem.code.text()} + "] ";
    return codes + to_text(problems);
  }

 private:
  std::filesystem::path path_;
};

std::vector<double> column(const Sweep& sweep, std::size_t factor) {
  std::vector<double> values;
  for (std::uint32_t point = 0; point < sweep.points; ++point) values.push_back(sweep.value(point, factor));
  return values;
}

}  // namespace

TEST_CASE("designs lay out the points they promise") {
  const Desk desk;
  const Plan grid = desk.good(
      "[sweep]\ndesign = \"grid\"\nreplications = 3\n[sweep.over]\n"
      "\"settings.ward.capacity\" = { low = 4, high = 10, steps = 3 }\n"
      "\"parameters.stay\" = [\"1 d\", \"3 d\"]\n");
  CHECK(column(*grid.sweep, 0) == std::vector<double>{4, 4, 7, 7, 10, 10});
  CHECK(column(*grid.sweep, 1) == std::vector<double>{1, 3, 1, 3, 1, 3});
  CHECK(grid.sweep->replications == 3);
  CHECK(grid.rows() == 7);
  CHECK(grid.row_name(grid.point_row(3)) == "sweep point 4 (settings.ward.capacity = 7, parameters.stay = 3 d)");
  std::uint32_t runs = 0;
  for (const RunBlock& block : grid.blocks) runs += block.count;
  CHECK(runs == 2 + 6 * 3);

  const Plan one = desk.good(
      "[sweep]\ndesign = \"one_at_a_time\"\n[sweep.over]\n\"parameters.beds\" = {}\n\"parameters.come\" = { steps = 3 "
      "}\n");
  const auto as_in_base = [](double value) { return std::isnan(value); };
  CHECK(one.sweep->points == 5);
  CHECK(one.sweep->value(0, 0) == 4.0);
  CHECK(one.sweep->value(1, 0) == 20.0);
  CHECK(as_in_base(one.sweep->value(0, 1)));
  CHECK(as_in_base(one.sweep->value(2, 0)));
  CHECK(one.sweep->value(3, 1) == 1.25);
  CHECK(one.sweep->factors[1].unit == "/ d");

  const Plan log = desk.good(
      "[sweep]\ndesign = \"grid\"\n[sweep.over]\n\"arrivals.come.rate\" = { low = \"0.5 / d\", high = \"2 / d\", steps "
      "= 3, "
      "scale = \"log\" }\n");
  CHECK(log.sweep->value(1, 0) == Approx(1.0));
  CHECK(log.sweep->factors[0].unit == "/ d");
}

TEST_CASE("sampled designs fill the ranges, and count in whole numbers where a field does") {
  const Desk desk;
  const std::string design = GENERATE("sobol", "latin_hypercube");
  const Plan plan = desk.good("[sweep]\ndesign = \"" + design +
                              "\"\npoints = 64\n[sweep.over]\n\"settings.ward.capacity\" = { low = 3, high = 10 }\n"
                              "\"parameters.come\" = {}\n");
  REQUIRE(plan.sweep->points == 64);
  std::vector<int> each(8, 0);
  for (const double beds : column(*plan.sweep, 0)) {
    CHECK(beds == std::floor(beds));
    REQUIRE((beds >= 3.0 && beds <= 10.0));
    ++each[static_cast<std::size_t>(beds) - 3];
  }
  for (const int count : each) CHECK(count == 8);
  for (const double rate : column(*plan.sweep, 1)) CHECK((rate >= 0.5 && rate <= 2.0));
}

TEST_CASE("a list is read from the study or from a file beside it") {
  const Desk desk;
  desk.put("points.csv",
           "name;settings.ward.capacity;parameters.stay [d];parameters.come\r\nfew;4;1;0.5\r\nmany;9;3;\r\n");
  const Plan file = desk.good("[sweep]\ndesign = \"list\"\nfile = \"points.csv\"\n");
  const Plan text = desk.good(
      "[sweep]\ndesign = \"list\"\npoints = [\n"
      "  { name = \"few\", \"settings.ward.capacity\" = 4, \"parameters.stay\" = \"1 d\", \"parameters.come\" = 0.5 "
      "},\n"
      "  { name = \"many\", \"settings.ward.capacity\" = 9, \"parameters.stay\" = \"3 d\" } ]\n");
  for (const Plan* plan : {&file, &text}) {
    CHECK(plan->sweep->points == 2);
    CHECK(plan->sweep->labels == std::vector<std::string>{"few", "many"});
    CHECK(column(*plan->sweep, 0) == std::vector<double>{4, 9});
    CHECK(column(*plan->sweep, 1) == std::vector<double>{1, 3});
    CHECK(std::isnan(plan->sweep->value(1, 2)));
  }
  for (std::uint32_t point = 0; point < 2; ++point)
    CHECK(file.facts(file.point_row(point)).hex() == text.facts(text.point_row(point)).hex());
  CHECK_THAT(file.study_text, Catch::Contains("==> points.csv <=="));
}

TEST_CASE("a point is what the same changes written as a scenario are") {
  const Desk desk;
  const Plan points = desk.good(
      "every = \"30 d\"\n[scenarios.base]\n[scenarios.better]\nadd = { \"settings.ward.capacity\" = 2 }\n"
      "[sweep]\nbase = \"better\"\ndesign = \"list\"\npoints = [ { \"parameters.stay\" = \"3 d\", \"parameters.beds\" "
      "= 7 } ]\n");
  const Plan scenarios = desk.good(
      "every = \"30 d\"\n[scenarios.base]\n[scenarios.better]\nadd = { \"settings.ward.capacity\" = 2 }\n"
      "[scenarios.point]\nbase = \"better\"\nset = { \"parameters.stay\" = \"3 d\", \"parameters.beds\" = 7 }\n");
  CHECK(points.facts(points.point_row(0)).hex() == scenarios.facts(2).hex());
  CHECK(points.base_row() == 1);
  CHECK(points.facts(1).hex() == scenarios.facts(1).hex());
}

TEST_CASE("more points of a Sobol sweep keep the shards of the earlier ones") {
  const Desk desk;
  const auto with = [&](int count) {
    return desk.good("[sweep]\ndesign = \"sobol\"\npoints = " + std::to_string(count) +
                     "\n[sweep.over]\n\"parameters.beds\" = {}\n\"parameters.come\" = {}\n");
  };
  const Plan few = with(10), many = with(30);
  for (std::uint32_t point = 0; point < 10; ++point)
    CHECK(few.facts(few.point_row(point)).hex() == many.facts(many.point_row(point)).hex());
}

TEST_CASE("points keep one reporting period unless the sweep says otherwise") {
  const Desk desk;
  const std::string sweep = "[sweep]\ndesign = \"grid\"\n";
  const std::string over = "[sweep.over]\n\"parameters.beds\" = [5]\n";
  const Plan whole = desk.good("every = \"10 d\"\n" + sweep + over);
  CHECK(whole.compiled(0)->model.period_ends.size() == 3);
  CHECK(whole.compiled(1)->model.period_ends.size() == 1);
  const Plan parts = desk.good(sweep + "every = \"15 d\"\n" + over);
  CHECK(parts.compiled(1)->model.period_ends.size() == 2);
}

TEST_CASE("what is planned of a point takes little, however many there are") {
  CHECK(sizeof(RowFacts) <= 72);
  CHECK(sizeof(RunBlock) <= 16);
}

TEST_CASE("without its base a sweep is not run") {
  const Desk desk;
  PlanOptions options;
  options.only = {"other"};
  const Plan plan = desk.good(
      "[scenarios.base]\n[scenarios.other]\n[sweep]\ndesign = \"grid\"\n[sweep.over]\n\"parameters.beds\" = [5, 6]\n",
      options);
  CHECK(plan.rows() == 1);
}

TEST_CASE("every fault of a sweep is told where it stands") {
  const Desk desk;
  const auto refused = [&](const std::string& sweep) { return desk.refusal("[sweep]\n" + sweep); };
  const std::string over = "[sweep.over]\n\"parameters.beds\" = {}\n";
  using Catch::Contains;
  CHECK_THAT(refused(over), Contains("[sweep-design]"));
  CHECK_THAT(refused("design = \"sobl\"\npoints = 4\n" + over), Contains("Did you mean \"sobol\""));
  CHECK_THAT(refused("design = \"sobol\"\n" + over), Contains("[sweep-count]"));
  CHECK_THAT(refused("design = \"grid\"\npoints = 4\n" + over), Contains("follows from the factors"));
  CHECK_THAT(refused("design = \"grid\"\nreplications = 0\n" + over), Contains("[sweep-count]"));
  CHECK_THAT(refused("design = \"grid\"\n"), Contains("[sweep-factor]"));
  CHECK_THAT(refused("design = \"grid\"\nover = 3\n"), Contains("[study-kind]"));
  CHECK_THAT(refused("design = \"grid\"\nbase = \"nobody\"\n" + over), Contains("[sweep-base]"));
  CHECK_THAT(refused("design = \"grid\"\nfile = \"x.csv\"\n" + over), Contains("[sweep-list]"));
  CHECK_THAT(refused("design = \"list\"\n"), Contains("[sweep-list]"));
  CHECK_THAT(refused("design = \"list\"\npoints = []\n"), Contains("turns nothing"));
  CHECK_THAT(refused("design = \"list\"\nfile = \"none.csv\"\n"), Contains("none.csv"));
  CHECK_THAT(refused("design = \"grid\"\nsteps = 3\n" + over), Contains("[study-field]"));
  const auto factor = [&](const std::string& text) {
    return desk.refusal("[sweep]\ndesign = \"grid\"\n[sweep.over]\n" + text + "\n");
  };
  CHECK_THAT(factor("beds = { low = 1, high = 2 }"), Contains("[sweep-factor]") && Contains("is no address"));
  CHECK_THAT(factor("\"parameters.plain\" = {}"), Contains("[sweep-range]") && Contains("has no range"));
  CHECK_THAT(factor("\"parameters.beds\" = { low = 5, high = 5 }"), Contains("goes from 5 to 5"));
  CHECK_THAT(factor("\"parameters.beds\" = { low = 0, high = 5, scale = \"log\" }"), Contains("above 0"));
  CHECK_THAT(factor("\"parameters.beds\" = { low = 1, high = 5, scale = \"logs\" }"), Contains("unknown scale"));
  CHECK_THAT(factor("\"parameters.beds\" = { low = 1, high = 5, steps = 1 }"), Contains("is 1"));
  CHECK_THAT(factor("\"parameters.beds\" = { hi = 5 }"),
             Contains("Did you mean \"high\"") || Contains("[study-field]"));
  CHECK_THAT(factor("\"parameters.stay\" = { low = \"1 d\", high = \"2 w\" }"), Contains("has two units"));
  CHECK_THAT(factor("\"parameters.stay\" = { low = \"1 day of\", high = \"2 d\" }"), Contains("unit"));
  CHECK_THAT(factor("\"parameters.beds\" = 3"), Contains("is no range"));
  CHECK_THAT(factor("\"parameters.bed\" = [1, 2]"),
             Contains("unknown parameter \"bed\"") && Contains("Did you mean \"beds\"") && Contains("and 1 other"));
  CHECK_THAT(factor("\"settings.ward.capacity\" = { low = -3, high = 5, steps = 5 }"),
             Contains("in sweep point 1 (settings.ward.capacity = -3)"));
}

TEST_CASE("uncertain parameters are drawn once for all scenarios, each within its distribution") {
  const Desk desk;
  const Plan plan = desk.good(
      "[scenarios.base]\n[scenarios.more]\nscale = { \"parameters.beds\" = 2 }\n[uncertain]\ndraws = 20\nreplications "
      "= 1\n");
  REQUIRE(plan.uncertain);
  CHECK(plan.uncertain->parameters.size() == 3);  // twice is computed, plain has no range
  CHECK(plan.rows() == 2 + 2 * 20);
  CHECK(plan.row_name(plan.draw_row(1, 4)) == "draw 5 of more");
  std::set<int> fifths;
  for (std::uint32_t draw = 0; draw < 20; ++draw) {
    const double beds = plan.uncertain->value(draw, 0);
    CHECK((beds >= 4.0 && beds <= 20.0));
    // triangular 4, 10, 20
    const double share =
        beds <= 10.0 ? (beds - 4.0) * (beds - 4.0) / (16.0 * 6.0) : 1.0 - (20.0 - beds) * (20.0 - beds) / (16.0 * 10.0);
    fifths.insert(static_cast<int>(share * 20.0));
  }
  CHECK(fifths.size() == 20);
  CHECK_FALSE(plan.uncertain->parameters[0].stated);
  // The scenario's own change acts on the drawn value; what is computed from it follows.
  const auto find = [&](std::uint32_t row, const std::string& id) {
    for (const ParameterWords& parameter : plan.compiled(row)->words.parameters)
      if (parameter.id == id) return parameter.value;
    return 0.0;
  };
  for (const std::uint32_t draw : {0U, 7U}) {
    CHECK(find(plan.draw_row(0, draw), "beds") == Approx(plan.uncertain->value(draw, 0)));
    CHECK(find(plan.draw_row(1, draw), "beds") == Approx(2.0 * plan.uncertain->value(draw, 0)));
    CHECK(find(plan.draw_row(1, draw), "twice") == Approx(4.0 * plan.uncertain->value(draw, 0)));
  }
}

TEST_CASE("a distribution that a parameter states is the one it is drawn from") {
  const Desk desk;
  desk.put("model.toml", std::string{kModel} + "[parameters.spare]\nvalue = 5\n");
  std::string model = kModel;
  const std::string old = "come = { value = 1, unit = \"/ d\", low = 0.5, high = 2 }";
  const auto with = [&](const std::string& distribution) {
    std::string text = model;
    text.replace(text.find(old), old.size(),
                 "come = { value = 1, unit = \"/ d\", low = 0.5, high = 2, distribution = " + distribution + " }");
    desk.put("model.toml", text);
  };
  with("{ kind = \"normal\", mean = 1.2, sd = 0.1 }");
  const Plan normal = desk.good("[uncertain]\ndraws = 400\nparameters = [\"come\"]\nreplications = 1\n");
  REQUIRE(normal.uncertain->parameters.front().stated);
  double sum = 0.0, squares = 0.0;
  for (const double value : normal.uncertain->values) {
    sum += value;
    squares += (value - 1.2) * (value - 1.2);
  }
  CHECK(sum / 400.0 == Approx(1.2).epsilon(1e-3));  // stratified: far nearer than 0.1 / 20
  CHECK(std::sqrt(squares / 400.0) == Approx(0.1).epsilon(0.02));
  with("\"uniform\"");
  const Plan uniform = desk.good("[uncertain]\ndraws = 3\nparameters = [\"parameters.come\"]\nreplications = 1\n");
  std::vector<double> values = uniform.uncertain->values;
  std::sort(values.begin(), values.end());
  for (int i = 0; i < 3; ++i) CHECK((values[i] >= 0.5 + 0.5 * i && values[i] <= 1.0 + 0.5 * i));
  with("\"unifrom\"");
  CHECK_THAT(desk.refusal("[uncertain]\nparameters = [\"come\"]\n"), Catch::Contains("[distribution-kind]"));
}

TEST_CASE("every fault of uncertain parameters is told where it stands") {
  const Desk desk;
  const auto refused = [&](const std::string& text) { return desk.refusal("[uncertain]\n" + text); };
  using Catch::Contains;
  CHECK_THAT(refused("draws = 0\n"), Contains("[sweep-count]"));
  CHECK_THAT(refused("draw = 3\n"), Contains("[study-field]"));
  CHECK_THAT(refused("parameters = [\"bed\"]\n"),
             Contains("[uncertain-parameter]") && Contains("Did you mean \"beds\""));
  CHECK_THAT(refused("parameters = [\"twice\"]\n"), Contains("Draw \"beds\" instead"));
  CHECK_THAT(refused("parameters = [\"plain\"]\n"), Contains("neither low and high nor a distribution"));
  CHECK_THAT(desk.refusal("uncertain = 3\n"), Contains("[study-"));
  // a value that the model cannot have is told with its draw
  std::string model = kModel;
  model.replace(model.find("low = 4, high = 20"), 18, "low = -40, high = 20");
  desk.put("model.toml", model);
  CHECK_THAT(refused("draws = 10\nparameters = [\"beds\"]\n"), Contains("of baseline") && Contains("in draw "));
}

TEST_CASE("the messages of sweeps, each by its code") {
  const Desk desk;
  const auto [code, study] = GENERATE(table<std::string, std::string>({
      {"sweep-design", "[sweep]\npoints = 3\n[sweep.over]\n\"parameters.beds\" = {}\n"},
      {"sweep-factor", "[sweep]\ndesign = \"grid\"\n"},
      {"sweep-range", "[sweep]\ndesign = \"grid\"\n[sweep.over]\n\"parameters.plain\" = {}\n"},
      {"sweep-count", "[sweep]\ndesign = \"sobol\"\n[sweep.over]\n\"parameters.beds\" = {}\n"},
      {"sweep-list", "[sweep]\ndesign = \"list\"\n"},
      {"sweep-base", "[sweep]\ndesign = \"grid\"\nbase = \"x\"\n[sweep.over]\n\"parameters.beds\" = {}\n"},
      {"uncertain-parameter", "[uncertain]\nparameters = [\"plain\"]\n"},
  }));
  CHECK_THAT(desk.refusal(study), Catch::Contains('[' + code + ']'));
}

TEST_CASE("twenty thousand points take no more memory than a thousand, but for some hundred bytes each", "[nightly]") {
  const Desk desk;
  const auto resident = [] {
    std::ifstream file{"/proc/self/statm"};
    std::size_t pages = 0, held = 0;
    file >> pages >> held;
    return held * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  };
  const auto planned = [&](int points) {
    return desk.good("[sweep]\ndesign = \"latin_hypercube\"\nreplications = 1\npoints = " + std::to_string(points) +
                     "\n[sweep.over]\n\"parameters.beds\" = {}\n\"parameters.come\" = {}\n");
  };
  const Plan few = planned(1000);
  const std::size_t before = resident();
  const Plan many = planned(20'000);
  const std::size_t after = resident();
  CHECK(many.rows() == 20'001);
  // A compiled clinic takes some 20 KiB: were they kept, this would be 400 MB.
  CHECK(after - std::min(before, after) < 20'000 * 400 + (8U << 20));
}
