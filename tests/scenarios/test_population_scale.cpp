#include <algorithm>
#include <cmath>

#include "models/table_reader.hpp"
#include "scenarios/plan.hpp"
#include "tests/catch.hpp"
#include "tests/scenarios/run_watched.hpp"

// Systems whose divided-back results are known: M/M/inf, where a part is as good as the whole, and M/M/c with many
// servers, whose queue is that of the smaller system (queues are not scale-free).
namespace {

using namespace tl;

constexpr double kAllowed = 4.8916;  // two-sided false alarm of 1e-6
constexpr double kDays = 100.0;

/// Per replication: clients there on average, waiting on average, arrivals a day; of the whole population.
struct Seen {
  std::vector<double> census, waiting, arrived;
};

Plan plan_of(const std::string& head, const std::string& scenarios, const std::string& model) {
  Problems problems;
  const Limits limits;
  auto study = read_study_text("[study]\nmodel = \"m\"\n" + head + scenarios, "study.toml", limits, problems);
  REQUIRE(study);
  study->document =
      read_toml_text("[model]\nhorizon = \"100 d\"\nwarmup = \"60 d\"\nevery = \"100 d\"\n" + head + model,
                     "model.toml", limits, problems);
  Plan plan = make_plan(std::move(*study), {}, limits, problems);
  INFO(to_text(problems));
  REQUIRE_FALSE(problems.has_errors());
  return plan;
}

std::vector<Seen> run_all(const Plan& plan) {
  std::vector<Seen> seen(plan.scenarios.size());
  for (Seen& one : seen)
    for (auto* list : {&one.census, &one.waiting, &one.arrived}) list->resize(plan.replications);
  testing::run_watched(plan, [&](std::uint32_t scenario, std::uint32_t replication, const ReplicationResult& result) {
    const double scale = plan.scenarios[scenario].compiled.words.population_scale;
    seen[scenario].census[replication] = result.sum(0, 1, SettingSum::census_days) / kDays / scale;
    seen[scenario].waiting[replication] = result.sum(0, 1, SettingSum::waiting_days) / kDays / scale;
    seen[scenario].arrived[replication] = result.model[static_cast<std::size_t>(ModelSum::arrived)] / kDays / scale;
  });
  return seen;
}

struct Estimate {
  double mean = 0.0, error = 0.0;
};
Estimate estimate(const std::vector<double>& values) {
  Estimate made;
  for (const double value : values) made.mean += value / static_cast<double>(values.size());
  double squares = 0.0;
  for (const double value : values) squares += (value - made.mean) * (value - made.mean);
  made.error = std::sqrt(squares / static_cast<double>(values.size() * (values.size() - 1)));
  return made;
}
bool agree(const Estimate& a, const Estimate& b) {
  return std::abs(a.mean - b.mean) <= kAllowed * std::hypot(a.error, b.error);
}
bool agree(const Estimate& a, double b) {
  return std::abs(a.mean - b) <= kAllowed * a.error;
}

/// Mean number waiting in M/M/c, by Erlang's formulas.
double mean_waiting(double load, int servers) {
  double blocked = 1.0;
  for (int c = 1; c <= servers; ++c) blocked = load * blocked / (c + load * blocked);
  const double use = load / servers, waits = blocked / (1.0 - use * (1.0 - blocked));
  return waits * use / (1.0 - use);
}

}  // namespace

// 500 clients, a mean stay of 5 d, 100 d, 32 replications: the mean census has a standard error of 1.3 in the whole and
// 4 in the tenth, so that a tenth that is 5 % off would be found.
TEST_CASE("M/M/inf in a tenth: divided back it agrees with the whole and with theory", "[statistical]") {
  const Plan plan =
      plan_of("replications = 32\nseed = 11\n",
              "[scenarios.whole]\n[scenarios.tenth]\nset = { \"model.population_scale\" = 0.1 }\n",
              "[settings.a]\ncapacity = \"unlimited\"\nstay = { kind = \"exponential\", mean = \"5 d\" }\n"
              "next = \"leave:done\"\n[arrivals.door]\nrate = \"100 / d\"\nto = \"a\"\n");
  const std::vector<Seen> seen = run_all(plan);
  const Estimate whole = estimate(seen[0].census), tenth = estimate(seen[1].census);
  CHECK(tenth.error > whole.error);  // fewer clients, more noise
  CHECK(tenth.error < 6.0);
  CHECK(agree(whole, tenth));
  CHECK(agree(tenth, 500.0));
  CHECK(agree(estimate(seen[1].arrived), 100.0));
}

// 400 servers at 90 %: 0.2 wait on average, and of a tenth with its 40 servers 3.7. The standard error of the divided
// number waiting is about 4 of 37, so that the queue of the whole in its place would be found.
TEST_CASE("M/M/c in a tenth: clients in service agree, and the queue is that of a tenth of the servers",
          "[statistical]") {
  const Plan plan = plan_of("replications = 32\nseed = 12\n",
                            "[scenarios.whole]\n[scenarios.tenth]\nset = { \"model.population_scale\" = 0.1 }\n",
                            "[settings.a]\ncapacity = 400\nstay = { kind = \"exponential\", mean = \"2 d\" }\n"
                            "next = \"leave:done\"\n[arrivals.door]\nrate = \"180 / d\"\nto = \"a\"\n");
  CHECK(plan.scenarios[1].compiled.model.settings[1].capacity == 40);
  const std::vector<Seen> seen = run_all(plan);
  CHECK(agree(estimate(seen[0].census), estimate(seen[1].census)));
  CHECK(agree(estimate(seen[1].census), 360.0));
  const double whole = mean_waiting(360.0, 400), tenth = mean_waiting(36.0, 40);
  CHECK(agree(estimate(seen[1].waiting), tenth * 10.0));
  CHECK_FALSE(agree(estimate(seen[1].waiting), whole));
}

TEST_CASE("at one scale scenarios meet the same clients") {
  const std::string model =
      "[settings.a]\ncapacity = \"unlimited\"\nstay = { kind = \"exponential\", mean = \"5 d\" }\n"
      "next = \"leave:done\"\n[arrivals.door]\nrate = \"100 / d\"\nto = \"a\"\n";
  const Plan plan = plan_of("replications = 8\npopulation_scale = 0.2\n",
                            "[scenarios.base]\n[scenarios.longer]\nscale = { \"settings.a.stay\" = 2 }\n"
                            "[scenarios.more]\nscale = { \"arrivals.door.rate\" = 1.5 }\n",
                            model);
  const std::vector<Seen> seen = run_all(plan);
  CHECK(seen[1].arrived == seen[0].arrived);
  for (std::size_t i = 0; i < 8; ++i) {
    CHECK(seen[1].census[i] > 1.8 * seen[0].census[i]);  // the same stays, twice as long
    CHECK(seen[2].arrived[i] > seen[0].arrived[i]);      // all of those, and some more
    CHECK(seen[2].census[i] > seen[0].census[i]);
  }
}
