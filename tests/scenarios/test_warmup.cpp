#include "scenarios/warmup.hpp"

#include <cmath>

#include "models/table_reader.hpp"
#include "scenarios/mser.hpp"
#include "sim/random.hpp"
#include "sim/simulation.hpp"
#include "tests/catch.hpp"

using namespace tl;
using Catch::Contains;

namespace {

/// Noise of mean 0 that any machine draws alike, between -1 and 1.
double noise(std::uint32_t run, std::uint32_t batch) {
  const Block block = draw(run_key(5, run), {1, batch, 0}, Purpose::visit, 1, 0);
  return 2.0 * (static_cast<double>(block.w[0]) + 0.5) / 4294967296.0 - 1.0;
}

/// Ten runs of 200 batches.
template <class Value>
PilotSeries series_of(Value value) {
  PilotSeries series{"ward", {}};
  for (std::uint32_t run = 0; run < kPilotRuns; ++run) {
    series.runs.emplace_back();
    for (std::uint32_t batch = 0; batch < kPilotBatches; ++batch)
      series.runs.back().push_back(value(batch) + noise(run, batch));
  }
  return series;
}

/// A queue with one server, stays of a day, as a planner writes it.
std::string queue_text(const std::string& rate, const std::string& more) {
  return "[model]\nhorizon = \"400 d\"\nwarmup = \"auto\"\n" + more +
         "\n[settings.ward]\nname = \"Ward\"\ncapacity = 1\nstay = { kind = \"exponential\", mean = \"1 d\" }\n"
         "[[routes]]\nfrom = \"ward\"\nto = \"leave:done\"\n[arrivals.all]\nrate = \"" +
         rate + "\"\nto = \"ward\"\n";
}

Study study_of(const std::string& text) {
  Problems problems;
  Study study;
  study.name = "queue";
  study.document = read_toml_text(text, "m.toml", Limits{}, problems);
  study.scenarios.push_back({.id = "baseline", .name = "", .about = "", .changes = {}, .at = {}});
  INFO(to_text(problems));
  REQUIRE_FALSE(problems.has_errors());
  return study;
}

void run_here(const Plan& pilot, PilotGather& into) {
  for (const RunBlock& block : pilot.blocks) {
    std::vector<ReplicationResult> results(block.count);
    for (std::uint32_t i = 0; i < block.count; ++i)
      Simulation{pilot.scenarios[block.scenario].compiled.model}.run(pilot.seed, block.first_replication + i, nullptr,
                                                                     results[i]);
    into.take(block, results);
  }
}

Warmup found_for(const Study& study, const RunPilot& run = run_here) {
  Problems problems;
  const Warmup warmup = find_warmup(study, {}, Limits{}, run, problems);
  INFO(to_text(problems));
  REQUIRE_FALSE(problems.has_errors());
  return warmup;
}

}  // namespace

TEST_CASE("MSER's statistic and cut of a series worked out by hand") {
  // Kept from d on: squares about their mean, over the square of how many there are.
  const std::vector<double> series{10, 4, 1, 3, 1, 3, 1, 3};
  const std::vector<double> statistic = mser_statistic(series);
  REQUIRE(statistic.size() == 4);                               // at least five are kept
  CHECK(statistic[3] == Approx(4.8 / 25.0));                    // 3 1 3 1 3: mean 2.2
  CHECK(statistic[2] == Approx(6.0 / 36.0));                    // 1 3 1 3 1 3: mean 2
  CHECK(statistic[1] == Approx((46.0 - 256.0 / 7.0) / 49.0));   // sum 16, squares 46
  CHECK(statistic[0] == Approx((146.0 - 676.0 / 8.0) / 64.0));  // sum 26, squares 146
  CHECK(mser_cut(series) == 2);
  CHECK(mser_cut(series, 1) == 1);
  CHECK(mser_cut(std::vector<double>{5, 4, 3, 2, 2, 2, 2, 2, 2}) == 3);
  CHECK(mser_cut(std::vector<double>(9, 4.0)) == 0);
  CHECK(mser_cut(std::vector<double>{1, 2, 3}) == 0);
  CHECK(mser_cut({}) == 0);
  CHECK(batch_means(std::vector<double>{1, 2, 3, 4, 5, 6, 7}, 3) == std::vector<double>{2, 5});
}

TEST_CASE("MSER on a straight climb cuts as late as it may, which says that the series is too short") {
  std::vector<double> climb;
  for (int i = 0; i < 100; ++i) climb.push_back(i);
  CHECK(mser_cut(climb) == 95);
  // As Franklin & White found: an exponential approach is cut after some of its time constants (20 here), not at once.
  std::vector<double> approach;
  for (int i = 0; i < 1000; ++i)
    approach.push_back(1.0 - std::exp(-i / 20.0) + 0.1 * noise(0, static_cast<std::uint32_t>(i)));
  CHECK(mser_cut(approach) > 40);
  CHECK(mser_cut(approach) < 200);
}

TEST_CASE("a series is cut where its beginning differs, not where chance happens to look so") {
  const SeriesCut flat = cut_of(series_of([](std::uint32_t) { return 10.0; }), 1e-4);
  CHECK(flat.settles);
  const SeriesCut settling = cut_of(series_of([](std::uint32_t i) { return 10.0 - 9.0 * std::exp(-0.1 * i); }), 1e-4);
  CHECK(settling.settles);
  CHECK(settling.cut >= 15);  // the bias of the mean left after 15 is 9 e^-1.5 x 10 / 185, a hundredth of it
  CHECK(settling.cut <= 60);
  const SeriesCut climbing = cut_of(series_of([](std::uint32_t i) { return 0.1 * i; }), 1e-4);
  CHECK_FALSE(climbing.settles);
  CHECK(climbing.from == Approx(12.5).margin(0.3));  // batches 100 … 149
  CHECK(climbing.to == Approx(17.5).margin(0.3));
  const SeriesCut late = cut_of(series_of([](std::uint32_t i) { return i < 130 ? 0.0 : 5.0; }), 1e-4);
  CHECK_FALSE(late.settles);
  CHECK(cut_of({"nothing", {}}, 1e-4).settles);
}

TEST_CASE("a queue from empty at load 0.9 gets a warm-up, the same each time") {
  const Study study = study_of(queue_text("0.9 / d", ""));
  const Warmup warmup = found_for(study);
  CAPTURE(warmup.words);
  CHECK(warmup.found);
  CHECK_THAT(warmup.words, Contains("found by MSER-5 on 10 pilot runs of") && Contains("the slowest is Ward"));
  // Relaxation time 1/(1 - sqrt(0.9))^2 = 380 d: a cut under a twentieth of it would leave most of the climb in.
  CHECK(warmup.days >= 19.0);
  CHECK(warmup.days <= 0.5 * warmup.pilot_days);
  CHECK(warmup.days == std::floor(warmup.days));
  CHECK(warmup.course.size() == kPilotBatches);
  CHECK(found_for(study).words == warmup.words);

  Study fixed = study;
  set_warmup(fixed, warmup);
  CHECK_FALSE(asks_for_warmup(fixed.document));
  Problems problems;
  const Plan plan = make_plan(fixed, {}, Limits{}, problems);
  CHECK(plan.scenarios.front().compiled.model.start.days() == warmup.days);
  ask_for_warmup(fixed);
  CHECK(asks_for_warmup(fixed.document));
}

TEST_CASE("a queue at load 1.05 is said never to settle, and what still climbs") {
  const Warmup warmup = found_for(study_of(queue_text("5.25 / d",
                                                      "[settings.other]\ncapacity = 5\n"
                                                      "stay = \"1 d\"\n[[routes]]\nfrom = \"other\"\n"
                                                      "to = \"leave:done\"\n[arrivals.others]\n"
                                                      "rate = \"2 / d\"\nto = \"other\"\n")));
  CAPTURE(warmup.words);
  CHECK_FALSE(warmup.found);
  CHECK(warmup.days == 0.0);
  CHECK_THAT(warmup.words, Contains("the system does not settle") && Contains("Ward (waiting) still climbs, from") &&
                               Contains("Report the trajectory"));
}

TEST_CASE("the load of 1.05 climbs slowly, and is told from chance too") {
  // 1.05 clients a day for one bed over 8 x 400 d: the queue grows by 40 from the third quarter to the last, in each
  // run with a standard deviation near 35; in ten runs t is near 3.6, so the seed's own noise decides little.
  const Warmup warmup = found_for(study_of(queue_text("1.2 / d", "")));
  CAPTURE(warmup.words);
  CHECK_FALSE(warmup.found);
}

TEST_CASE("where nothing has to settle, and where somebody is there at the start, no warm-up is found") {
  const Warmup instant =
      found_for(study_of("[model]\nhorizon = \"400 d\"\nwarmup = \"auto\"\n[settings.ward]\ncapacity = "
                         "\"unlimited\"\nstay = \"1 h\"\n[[routes]]\nfrom = \"ward\"\n"
                         "to = \"leave:done\"\n[arrivals.all]\nrate = \"50 / d\"\nto = \"ward\"\n"));
  CAPTURE(instant.words);
  CHECK(instant.found);
  CHECK(instant.days <= 20.0);  // clients stay an hour: a cut is chance, in one series of twenty
  const Warmup with_initial = found_for(study_of(queue_text("0.9 / d", "[initial.first]\nat = \"ward\"\ncount = 1\n")));
  CHECK(with_initial.pilot_days == 0.0);
  CHECK_THAT(with_initial.words, Contains("the model says who is there at the start"));
}

TEST_CASE("pilot runs have numbers of their own, and one that fails leaves no warm-up") {
  const Study study = study_of(queue_text("0.5 / d", ""));
  Problems problems;
  const Plan pilot = pilot_plan(study, {}, 100.0, Limits{}, problems);
  REQUIRE_FALSE(problems.has_errors());
  std::uint32_t runs = 0;
  for (const RunBlock& block : pilot.blocks) {
    CHECK(block.first_replication >= kFirstPilotRun);
    runs += block.count;
  }
  CHECK(runs == kPilotRuns);
  CHECK(pilot.scenarios[0].compiled.model.end.days() == 100.0);
  CHECK(pilot.scenarios[0].compiled.model.start.micros() == 0);
  CHECK(pilot.scenarios[0].compiled.model.period_ends.size() == kPilotBatches);
  CHECK(pilot.scenarios[0].compiled.model.period_ends.back() == pilot.scenarios[0].compiled.model.end);
  const Warmup failed = found_for(study, [](const Plan&, PilotGather&) {});
  CHECK_FALSE(failed.found);
  CHECK_THAT(failed.words, Contains("10 pilot runs of") && Contains("failed"));
}

TEST_CASE("the slowest scenario decides for all, and is named") {
  Study study = study_of(queue_text("0.2 / d", ""));
  Problems problems;
  auto more = change_from_text("arrivals.all.rate=0.93 / d", "--set", Limits{}, problems);
  REQUIRE(more);
  study.scenarios.push_back({.id = "busy", .name = "Busier", .about = "", .changes = {*more}, .at = {}});
  const Warmup warmup = found_for(study);
  CAPTURE(warmup.words);
  CHECK_THAT(warmup.words, Contains("in \"Busier\""));
}
