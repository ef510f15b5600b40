#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "analysis/intervals.hpp"
#include "analysis/precision.hpp"
#include "scenarios/warmup.hpp"
#include "tests/analysis/queue_bank.hpp"
#include "tests/catch.hpp"

// How often our 95 % intervals hold the exact long-run value (row 17 of the reliability list, and section 4). The whole
// table: analysis_tests "[coverage-table]"; TL_STUDIES says how many studies (2,000). docs/methods.md has its figures.
namespace {

using tl::testing::QueueCase;
using tl::testing::QueueRun;

constexpr double kLoads[] = {0.5, 0.8, 0.9, 0.95};

/// Studies that were right, of how many.
struct Coverage {
  std::size_t right = 0, studies = 0;
  double runs = 0.0;  ///< used by all studies together
  void note(const tl::Estimate& estimate, double exact) {
    ++studies;
    runs += static_cast<double>(estimate.count);
    if (estimate.has_interval() && *estimate.low <= exact && exact <= *estimate.high) ++right;
  }
  double share() const { return static_cast<double>(right) / static_cast<double>(std::max<std::size_t>(studies, 1)); }
};

/// Studies of n runs each, one after another through the bank.
template <class Value>
Coverage fixed(const std::vector<QueueRun>& bank, std::size_t n, double exact, Value value) {
  Coverage coverage;
  for (std::size_t first = 0; first + n <= bank.size(); first += n) {
    std::vector<double> values;
    for (std::size_t i = first; i < first + n; ++i) values.push_back(value(bank[i]));
    coverage.note(tl::estimate_of(values), exact);
  }
  return coverage;
}

Coverage of_difference(const std::vector<QueueRun>& a, const std::vector<QueueRun>& b, std::size_t n, double exact) {
  Coverage coverage;
  for (std::size_t first = 0; first + n <= a.size(); first += n) {
    std::vector<double> x, y;
    for (std::size_t i = first; i < first + n; ++i) {
      x.push_back(a[i].wait_mean);
      y.push_back(b[i].wait_mean);
    }
    coverage.note(tl::paired_difference(x, y), exact);
  }
  return coverage;
}

/// Studies in rounds of 10, 20, … 640 runs until the half-width is within a share of the mean.
Coverage in_rounds(const std::vector<QueueRun>& bank, double share, double exact) {
  tl::PrecisionGoal goal;
  goal.most = 640;
  goal.aims.push_back({"", {share, true, "", ""}, {}});
  Coverage coverage;
  std::vector<double> values;
  for (std::size_t first = 0; first + goal.most <= bank.size(); first += values.size()) {
    tl::PrecisionLine line;
    const tl::Rounds rounds = tl::run_rounds(
        goal,
        [&](std::uint32_t, std::uint32_t wanted) {
          values.clear();
          for (std::size_t i = 0; i < wanted; ++i) values.push_back(bank[first + i].wait_mean);
          return true;
        },
        [&] {
          line.value = tl::estimate_of(values);
          line.reached = line.value.half_width() <= share * std::abs(line.value.mean);
          return std::vector{line};
        });
    coverage.note(rounds.lines.front().value, exact);
  }
  return coverage;
}

/// A pilot of the queue by itself, as a study makes it of a model.
tl::Warmup pilot_of(const QueueCase& queue, std::uint64_t seed) {
  const auto plan_of = [&](double days) {
    tl::Plan plan;
    plan.seed = seed;
    tl::ScenarioPlan scenario{.id = "queue", .name = "queue", .about = "", .changes = {}, .compiled = {}};
    scenario.compiled.model = tl::testing::queue_model(queue, 0.0, days);
    scenario.compiled.words.settings = {{"outside", "", "outside", "", "", 0, 0.0, ""},
                                        {"ward", "Ward", "place", "", "", 0, 1.0, ""},
                                        {"ward.line", "", "line", "", "", 0, 0.0, "ward"}};
    plan.scenarios.push_back(std::move(scenario));
    return tl::as_pilot(std::move(plan), days);
  };
  const auto run = [&](const tl::Plan& pilot, tl::PilotGather& into) {
    tl::Simulation simulation{pilot.scenarios.front().compiled.model};
    for (const tl::RunBlock& block : pilot.blocks) {
      std::vector<tl::ReplicationResult> results(block.count);
      for (std::uint32_t i = 0; i < block.count; ++i)
        simulation.run(pilot.seed, block.first_replication + i, nullptr, results[i]);
      into.take(block, results);
    }
  };
  return tl::settle(plan_of, queue.window_days(), 1e6, run);
}

/// What `warmup = "auto"` finds in many studies, and what it does to their intervals.
struct AutoWarmup {
  Coverage ten, thirty;
  std::size_t unsettled = 0;
  std::vector<double> days;
  double bias = 0.0;  ///< mean over the studies of their mean wait, against the exact one, as a share
};
AutoWarmup with_auto_warmup(const QueueCase& queue, std::size_t studies) {
  AutoWarmup result;
  const double exact = tl::testing::exact_queue(queue).wait_mean;
  for (std::size_t study = 0; study < studies; ++study) {
    const std::uint64_t seed = 1000 + study;
    const tl::Warmup warmup = pilot_of(queue, seed);
    if (!warmup.found) ++result.unsettled;
    result.days.push_back(warmup.days);
    std::vector<double> values;
    for (const QueueRun& run : tl::testing::queue_runs(queue, warmup.days, seed, 0, 30))
      values.push_back(run.wait_mean);
    const tl::Estimate thirty = tl::estimate_of(values);
    result.bias += (thirty.mean / exact - 1.0) / static_cast<double>(studies);
    result.thirty.note(thirty, exact);
    values.resize(10);
    result.ten.note(tl::estimate_of(values), exact);
  }
  std::sort(result.days.begin(), result.days.end());
  return result;
}

std::size_t studies_wanted() {
  const char* text = std::getenv("TL_STUDIES");
  return text == nullptr ? 2000 : static_cast<std::size_t>(std::max(20L, std::strtol(text, nullptr, 10)));
}

std::string percent(const Coverage& coverage) {
  char text[64];
  std::snprintf(text, sizeof text, "%.1f", 100.0 * coverage.share());
  return text;
}

double share_for(double load) {
  return load < 0.6 ? 0.02 : load < 0.85 ? 0.05 : load < 0.93 ? 0.10 : 0.15;
}

void print_banks(int units, double load, std::size_t studies, bool with_difference) {
  const QueueCase queue{units, load}, larger{units + 1, load * units / (units + 1)};
  const QueueRun exact = tl::testing::exact_queue(queue), exact_larger = tl::testing::exact_queue(larger);
  const auto mean = [](const QueueRun& run) { return run.wait_mean; };
  const auto waiting = [](const QueueRun& run) { return run.queue_mean; };
  const auto ninth = [](const QueueRun& run) { return run.wait_p90; };
  for (const bool warm : {false, true}) {
    const double warmup = warm ? queue.window_days() : 0.0;
    const auto bank = tl::testing::queue_runs(queue, warmup, 1, 0, 30 * studies);
    std::printf("| M/M/%d | %.2f | %s |", units, load, warm ? "2,000 clients" : "none");
    for (const std::size_t n : {std::size_t{10}, std::size_t{30}})
      std::printf(" %s | %s | %s |", percent(fixed(bank, n, exact.wait_mean, mean)).c_str(),
                  percent(fixed(bank, n, exact.queue_mean, waiting)).c_str(),
                  percent(fixed(bank, n, exact.wait_p90, ninth)).c_str());
    if (with_difference) {
      const auto other = tl::testing::queue_runs(larger, warmup, 1, 0, 30 * studies);
      for (const std::size_t n : {std::size_t{10}, std::size_t{30}})
        std::printf(" %s |", percent(of_difference(bank, other, n, exact.wait_mean - exact_larger.wait_mean)).c_str());
    } else {
      std::printf(" | |");
    }
    const Coverage rounds = in_rounds(bank, share_for(load), exact.wait_mean);
    std::printf(" %s (%.0f%%: %zu studies of %.0f runs) |\n", percent(rounds).c_str(), 100.0 * share_for(load),
                rounds.studies, rounds.runs / static_cast<double>(std::max<std::size_t>(rounds.studies, 1)));
    std::fflush(stdout);
  }
}

}  // namespace

TEST_CASE("intervals hold the exact value as often as they say where theory lets them", "[nightly]") {
  // 1,000 studies: the share must lie within 0.95 +- 4.8916 sqrt(0.0475 / 1000) = 0.034 (false alarm 1e-6). An interval
  // with a normal quantile in place of Student's covers 92 % with 10 runs and would be seen in two of three; one with n
  // in place of n - 1 squares and a normal quantile (90.5 %) with power 0.88.
  const QueueCase queue{1, 0.5};
  const QueueRun exact = tl::testing::exact_queue(queue);
  const auto bank = tl::testing::queue_runs(queue, queue.window_days(), 1, 0, 10'000);
  const Coverage waits = fixed(bank, 10, exact.wait_mean, [](const QueueRun& run) { return run.wait_mean; });
  const Coverage waiting = fixed(bank, 10, exact.queue_mean, [](const QueueRun& run) { return run.queue_mean; });
  CHECK(waits.studies == 1000);
  CHECK(std::abs(waits.share() - 0.95) <= 0.034);
  CHECK(std::abs(waiting.share() - 0.95) <= 0.034);
}

TEST_CASE("without warm-up intervals at load 0.9 fall short, as the page of methods says", "[nightly]") {
  const QueueCase queue{1, 0.9};
  const auto bank = tl::testing::queue_runs(queue, 0.0, 1, 0, 9'000);
  const Coverage thirty =
      fixed(bank, 30, tl::testing::exact_queue(queue).wait_mean, [](const QueueRun& run) { return run.wait_mean; });
  CHECK(thirty.studies == 300);
  CHECK(thirty.share() < 0.95 - 4.8916 * std::sqrt(0.0475 / 300.0));
  CHECK(thirty.share() > 0.6);
}

TEST_CASE("a found warm-up takes more than half of the bias of an empty start away", "[nightly]") {
  // The mean of 40 studies of 30 runs has a standard error near 1.3 % of the wait; without warm-up it is about 10 %
  // low.
  const QueueCase queue{1, 0.9};
  const double exact = tl::testing::exact_queue(queue).wait_mean;
  const AutoWarmup found = with_auto_warmup(queue, 40);
  double none = 0.0;
  for (std::uint64_t study = 0; study < 40; ++study)
    for (const QueueRun& run : tl::testing::queue_runs(queue, 0.0, 1000 + study, 0, 30))
      none += (run.wait_mean / exact - 1.0) / (40.0 * 30.0);
  CAPTURE(found.bias, none);
  CHECK(none < 0.0);
  CHECK(std::abs(found.bias) < 0.5 * std::abs(none));
  CHECK(found.unsettled == 0);
}

TEST_CASE("the whole table of coverage", "[.][coverage-table]") {
  const std::size_t studies = studies_wanted();
  std::printf("%zu studies of 30 runs, %zu of 10; percent of 95%% intervals that hold the exact value\n", studies,
              3 * studies);
  std::printf(
      "| queue | load | warm-up | wait, 10 | waiting, 10 | p90, 10 | wait, 30 | waiting, 30 | p90, 30 | difference, 10 "
      "| difference, 30 | rounds |\n");
  for (const double load : kLoads) print_banks(1, load, studies, true);
  for (const double load : kLoads) print_banks(4, load, studies, false);
  SUCCEED();
}

TEST_CASE("what a found warm-up does to coverage", "[.][coverage-auto]") {
  const std::size_t studies = studies_wanted() / 4;
  std::printf(
      "| queue | load | wait, 10 | wait, 30 | bias %% | warm-up: 5%% | median | 95%% [clients] | unsettled |\n");
  for (const int units : {1, 4})
    for (const double load : kLoads) {
      const QueueCase queue{units, load};
      const AutoWarmup found = with_auto_warmup(queue, studies);
      const auto clients = [&](double share) {
        return found.days[static_cast<std::size_t>(share * static_cast<double>(studies - 1))] *
               queue.arrivals_per_day();
      };
      std::printf("| M/M/%d | %.2f | %s | %s | %.1f | %.0f | %.0f | %.0f | %zu of %zu |\n", units, load,
                  percent(found.ten).c_str(), percent(found.thirty).c_str(), 100.0 * found.bias, clients(0.05),
                  clients(0.5), clients(0.95), found.unsettled, studies);
      std::fflush(stdout);
    }
  SUCCEED();
}
