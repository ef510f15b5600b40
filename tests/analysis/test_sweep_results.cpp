#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "analysis/results_file.hpp"
#include "analysis/sensitivity.hpp"
#include "analysis/store.hpp"
#include "analysis/sweep_tables.hpp"
#include "analysis/tables.hpp"
#include "analysis/uncertainty.hpp"
#include "scenarios/plan.hpp"
#include "scenarios/runner.hpp"
#include "sim/maths.hpp"
#include "sim/random.hpp"
#include "tests/analysis/made_results.hpp"
#include "tests/catch.hpp"

using namespace tl;

namespace {

constexpr const char* kModel =
    "[model]\nhorizon = \"60 d\"\nwarmup = \"20 d\"\nreplications = 3\n"
    "[parameters]\n"
    "come = { value = 4, unit = \"/ d\", low = 2, high = 6, distribution = \"uniform\" }\n"
    "stay = { value = 2, unit = \"d\", low = 1, high = 4, distribution = \"uniform\" }\n"
    "[settings.clinic]\ncapacity = \"unlimited\"\nstay = { kind = \"exponential\", mean = \"stay\" }\n"
    "[[routes]]\nfrom = \"clinic\"\nto = \"leave:done\"\n"
    "[arrivals.come]\nrate = \"come\"\nto = \"clinic\"\n"
    "[metrics.there]\nmeasure = \"census_mean\"\nscope = \"setting\"\nsubject = \"clinic\"\ngood = \"lower\"\n";

/// A study of that model, run into a folder of results.
class Bench {
 public:
  explicit Bench(const std::string& name) : folder_{name} { put("model.toml", kModel); }

  void put(const std::string& name, const std::string& text) const { std::ofstream{folder_.path() / name} << text; }
  Plan plan(const std::string& more) const {
    put("study.toml", "[study]\nmodel = \"model.toml\"\n" + more);
    Problems problems;
    Plan made = read_plan(folder_.path() / "study.toml", {}, Limits{}, problems);
    INFO(to_text(problems));
    REQUIRE_FALSE(problems.has_errors());
    return made;
  }
  /// @returns runs carried out now
  std::uint64_t run_into(const std::string& name, const Plan& made, unsigned threads,
                         const std::function<bool()>& stop = {}) const {
    Store store{folder_.path() / name, made};
    RunOptions options;
    options.threads = threads;
    options.stop = stop;
    const RunOutcome outcome = run(made, store, options);
    store.finish();
    if (!outcome.stopped) publish_results(store, gather_study(store));
    return outcome.runs_done;
  }
  StudyResults results(const std::string& name) const { return load_results(folder_.path() / name); }
  std::map<std::string, std::string> bytes(const std::string& name) const {
    std::map<std::string, std::string> found;
    const std::filesystem::path root = folder_.path() / name;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{root}) {
      if (!entry.is_regular_file()) continue;
      std::stringstream text;
      text << std::ifstream{entry.path(), std::ios::binary}.rdbuf();
      found[entry.path().lexically_relative(root).string()] = text.str();
    }
    return found;
  }

 private:
  made::Folder folder_;
};

const std::string kSweep =
    "[scenarios.base]\n[sweep]\ndesign = \"sobol\"\npoints = 24\n[sweep.over]\n"
    "\"parameters.come\" = {}\n\"parameters.stay\" = { low = 1, high = 3 }\n";

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("a sweep gives the same bytes on any number of threads, and after a stop") {
  const Bench bench{"sweep-bytes"};
  const Plan plan = bench.plan(kSweep);
  CHECK(bench.run_into("one", plan, 1) == 3 + 24 * 3);
  bench.run_into("two", plan, 2);
  bench.run_into("three", plan, 3);
  CHECK(bench.bytes("one") == bench.bytes("two"));
  CHECK(bench.bytes("one") == bench.bytes("three"));
  int asked = 0;
  bench.run_into("stopped", plan, 1, [&] { return ++asked > 2000; });
  bench.run_into("stopped", plan, 2);
  CHECK(bench.bytes("one") == bench.bytes("stopped"));
}

TEST_CASE("another metric or more points of a sweep simulate nothing that is there") {
  const Bench bench{"sweep-more"};
  bench.run_into("out", bench.plan(kSweep), 2);
  REQUIRE(bench.results("out").sweep->metrics.size() == 1);
  const Plan with_metric = bench.plan("metrics = [\"admissions of clinic\", \"present_mean\"]\n" + kSweep);
  CHECK(bench.run_into("out", with_metric, 2) == 0);
  const StudyResults results = bench.results("out");
  REQUIRE(results.sweep->metrics.size() == 3);
  CHECK(results.sweep->metrics[1].metric.subject == "clinic");
  std::string more = kSweep;
  more.replace(more.find("points = 24"), 11, "points = 30");
  CHECK(bench.run_into("out", bench.plan(more), 2) == 6 * 3);
}

TEST_CASE("a sweep's values are those of the same points run as scenarios") {
  const Bench bench{"sweep-values"};
  bench.run_into("sweep",
                 bench.plan("[scenarios.base]\n[sweep]\ndesign = \"list\"\npoints = [ { \"parameters.stay\" = 3 }, { "
                            "\"parameters.come\" = 2.5 } ]\n"),
                 2);
  bench.run_into(
      "scenarios",
      bench.plan("[scenarios.base]\n[scenarios.a]\nset = { \"parameters.stay\" = 3 }\n[scenarios.b]\nset = { "
                 "\"parameters.come\" = 2.5 }\n"),
      2);
  const StudyResults sweep = bench.results("sweep"), scenarios = bench.results("scenarios");
  for (std::size_t point = 0; point < 2; ++point) {
    const auto expected = values_of(scenarios.scenarios[point + 1], scenarios.scenarios[0].words.metrics.front());
    for (std::size_t r = 0; r < 3; ++r)
      CHECK(sweep.sweep->metrics.front().value(point, 3, r) == Approx(*expected[r]).epsilon(1e-12));
  }
}

TEST_CASE("tables of a sweep: a row a point, the strongest factor first, and in plain words") {
  const Bench bench{"sweep-tables"};
  bench.run_into("out", bench.plan(kSweep), 2);
  const StudyResults results = bench.results("out");
  const WideTable sweep = make_wide_table(results, "sweep", {});
  REQUIRE(sweep.rows.size() == 24);
  CHECK(lines_of(to_csv(sweep)) == 25);
  CHECK_THAT(to_csv(sweep), Catch::StartsWith("point,parameters.come,parameters.stay,there,there_low,there_high,"
                                              "there_difference,there_difference_low,there_difference_high\r\n"));
  CHECK_THAT(to_json(sweep), Catch::Contains("\"kind\": \"throughline.sweep\""));
  for (std::size_t i = 1; i < 24; ++i)  // the least census is the best
    CHECK(*sweep.rows[i - 1][4].exact <= *sweep.rows[i][4].exact);
  const WideTable sensitivity = make_wide_table(results, "sensitivity", {});
  REQUIRE(sensitivity.rows.size() == 2);
  CHECK_THAT(to_csv(sensitivity), Catch::Contains("sweep,there,parameters.come,"));
  CHECK_THAT(to_csv(sensitivity), Catch::Contains("partial rank correlation"));
  const std::vector<std::string> sentences = sweep_sentences(results);
  REQUIRE(sentences.size() == 3);
  CHECK_THAT(sentences[0], Catch::StartsWith("Best: point "));
  CHECK_THAT(sentences[2], Catch::StartsWith("The factor that moves it most is parameters."));
  CHECK_THROWS_WITH(make_wide_table(results, "uncertainty", {}), Catch::Contains("Add [uncertain]"));
  CHECK_THROWS_WITH(make_wide_table(results, "sweep", {"queue_mean"}),
                    Catch::Contains("Kept are: there") && Catch::Contains("nothing is simulated anew"));
}

TEST_CASE("one at a time: each factor's swing") {
  const Bench bench{"sweep-oaat"};
  bench.run_into(
      "out",
      bench.plan("[sweep]\ndesign = \"one_at_a_time\"\n[sweep.over]\n\"parameters.come\" = { low = 3.9, high = "
                 "4.1 }\n\"parameters.stay\" = {}\n"),
      2);
  const StudyResults results = bench.results("out");
  const WideTable table = make_wide_table(results, "sensitivity", {});
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[0][2].text == "parameters.stay");
  // 4 a day for 1 d or 4 d: 12 more there, give or take what 60 days of chance leave of a paired difference
  CHECK(*table.rows[0][21].exact == Approx(12.0).epsilon(0.35));
}

TEST_CASE("chance and ignorance, against a closed form", "[statistical]") {
  // Unlimited places: the mean census is rate × stay, both uniform and independent, so what is not known of it has the
  // variance E(r²)E(s²) - (E r E s)². The draws' own rate × stay are known exactly, and so is their variance: the
  // estimate may be off by chance alone. Two-sided 1e-6; half the chance variance left in would be caught.
  const Bench bench{"uncertain"};
  bench.run_into("out", bench.plan("[uncertain]\ndraws = 40\nreplications = 6\n"), 2);
  const StudyResults results = bench.results("out");
  const UncertainResults& uncertain = *results.uncertain;
  REQUIRE(uncertain.parameters.size() == 2);
  CHECK(uncertain.parameters[0].stated);
  const ChanceAndIgnorance found = chance_and_ignorance(uncertain.metrics.front().values, 40, 6);
  double mean = 0.0, variance = 0.0;
  for (std::size_t d = 0; d < 40; ++d) mean += uncertain.value(d, 0) * uncertain.value(d, 1) / 40.0;
  for (std::size_t d = 0; d < 40; ++d) {
    const double off = uncertain.value(d, 0) * uncertain.value(d, 1) - mean;
    variance += off * off / 39.0;
  }
  const double noise = std::sqrt(found.chance_variance / 6.0), spread = std::sqrt(variance);
  CHECK(std::abs(found.ignorance_variance - variance) < 4.8916 * 2.0 * spread * noise / std::sqrt(40.0));
  CHECK(std::abs(found.mean.mean - mean) < 4.8916 * noise);
  const double closed = (16.0 + 16.0 / 12.0) * (6.25 + 9.0 / 12.0) - 100.0;
  CHECK(variance == Approx(closed).epsilon(0.5));
  CHECK(found.ignorance_share > 0.8);
  const WideTable table = make_wide_table(results, "uncertainty", {});
  REQUIRE(table.rows.size() == 1);
  CHECK_THAT(to_text(table), Catch::Contains("±") && Catch::Contains(" to "));
  CHECK_THAT(sweep_sentences(results).front(), Catch::Contains("chance ±") && Catch::Contains("ignorance "));
  CHECK(make_wide_table(results, "sensitivity", {}).rows.size() == 2);
}

TEST_CASE("the variance that is ignorance is estimated without bias, and chance intervals hold the truth",
          "[statistical]") {
  // y = a[draw] + b[replication] + e, normal, with variances 4, 1 and 2. 600 repetitions, fixed seed.
  constexpr std::size_t kDraws = 12, kRuns = 5, kTimes = 600;
  std::uint32_t ordinal = 0;
  const auto normal = [&] {
    const Block block = draw(run_key(17, 0), {1, ordinal++, 0}, Purpose::process, 0, 0);
    return normal_quantile(uniform53(block.w[0], block.w[1]));
  };
  double sum = 0.0, squares = 0.0;
  std::size_t held = 0;
  for (std::size_t time = 0; time < kTimes; ++time) {
    std::vector<double> a, b, values;
    for (std::size_t d = 0; d < kDraws; ++d) a.push_back(2.0 * normal());
    for (std::size_t r = 0; r < kRuns; ++r) b.push_back(normal());
    double truth = 0.0;
    for (std::size_t d = 0; d < kDraws; ++d) {
      truth += a[d] / kDraws;
      for (std::size_t r = 0; r < kRuns; ++r) values.push_back(a[d] + b[r] + std::sqrt(2.0) * normal());
    }
    const ChanceAndIgnorance found = chance_and_ignorance(values, kDraws, kRuns);
    sum += found.ignorance_variance;
    squares += found.ignorance_variance * found.ignorance_variance;
    if (*found.mean.low <= truth && truth <= *found.mean.high) ++held;
  }
  const double mean = sum / kTimes, error = std::sqrt((squares / kTimes - mean * mean) / kTimes);
  CHECK(std::abs(mean - 4.0) < 4.8916 * error);
  CHECK(std::abs(static_cast<double>(held) / kTimes - 0.95) < 4.8916 * std::sqrt(0.95 * 0.05 / kTimes));
}

TEST_CASE("without chance all is ignorance, without differences nothing is") {
  const std::array same{3.0, 3.0, 3.0, 3.0};
  const ChanceAndIgnorance none = chance_and_ignorance(same, 2, 2);
  CHECK(none.ignorance_variance == 0.0);
  CHECK(std::isnan(none.ignorance_share));
  const std::array apart{1.0, 1.0, 5.0, 5.0};
  const ChanceAndIgnorance all = chance_and_ignorance(apart, 2, 2);
  CHECK(all.ignorance_variance == Approx(8.0));
  CHECK(all.ignorance_share == 1.0);
  CHECK(all.low == Approx(1.2));
  CHECK(all.high == Approx(4.8));
}

TEST_CASE("effects of a straight line are the line's, and ranks share their places") {
  CHECK(ranks_of(std::array{5.0, 1.0, 5.0, 9.0}) == std::vector<double>{2.5, 1.0, 2.5, 4.0});
  std::vector<double> inputs, outputs;
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j) {
      inputs.insert(inputs.end(), {i / 5.0, j / 5.0});
      outputs.push_back(3.0 * i / 5.0 - 2.0 * j / 5.0 + 1.0);
    }
  const std::array spans{1.0, 1.0};
  const std::vector<Effect> effects = effects_of(inputs, spans, outputs);
  CHECK(effects[0].partial);
  CHECK(effects[0].over_range.mean == Approx(3.0));
  CHECK(effects[1].over_range.mean == Approx(-2.0));
  CHECK(effects[0].correlation.mean > 0.9);
  CHECK(effects[1].correlation.mean < -0.9);
  CHECK(effects[0].correlation.is_clear());
  const std::array few_inputs{0.0, 1.0, 2.0, 3.0}, few_outputs{0.0, 1.0, 4.0, 9.0};
  const std::array span{3.0};
  const std::vector<Effect> few = effects_of(few_inputs, span, few_outputs);
  CHECK_FALSE(few[0].partial);
  CHECK(few[0].correlation.mean == Approx(1.0));
  CHECK(few[0].over_range.mean == Approx(9.0));
}
