// Cost an event of a model, as a multiple of the hand-coded kernel's on W3, both in this process, in turn.
// usage: tl_ratio MODEL [rounds] [own]    own: the kernel runs the same network (only for networks of stations)
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "bench/limit/from_model.hpp"
#include "models/compile.hpp"
#include "models/read_model.hpp"
#include "sim/simulation.hpp"

namespace {

double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

double peak_mebibytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// Events as the kernel counts them: arrivals, stays ended, requests given up. Warm-up is not used in benchmarks.
double useful_events(const tl::ReplicationResult& r) {
  double sum = 0.0;
  for (std::size_t p = 0; p < r.period_count; ++p) {
    sum += r.model[p * tl::kModelSums.size()];
    for (std::size_t s = 0; s < r.setting_count; ++s)
      sum += r.sum(p, s, tl::SettingSum::stays_ended) + r.sum(p, s, tl::SettingSum::reneged);
    for (std::size_t e = 0; e < r.event_count; ++e) sum += r.events[p * r.event_count + e];
  }
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: tl_ratio MODEL YARDSTICK_MODEL [rounds]\n");
    return 2;
  }
  const int rounds = argc > 3 ? std::atoi(argv[3]) : 7;
  tl::Problems problems;
  const auto model = tl::read_model(argv[1], {}, problems);
  const auto yardstick = tl::read_model(argv[2], {}, problems);
  const auto compiled = model ? tl::compile(*model, tl::Limits{}, problems) : std::nullopt;
  if (!compiled || !yardstick) {
    for (const tl::Problem& problem : problems.sorted()) std::fprintf(stderr, "%s\n", tl::to_text(problem).c_str());
    return 1;
  }
  const limit::Spec spec = limit::from_model(*yardstick);
  tl::Simulation simulation{compiled->model};
  std::vector<double> ours, theirs, ratios;
  tl::ReplicationResult result;
  double before_run = peak_mebibytes();
  for (int round = 0; round < rounds; ++round) {
    double start = cpu_seconds();
    limit::Network network{spec, static_cast<std::uint64_t>(round) + 1};
    const double their_events = static_cast<double>(network.run().events());
    theirs.push_back((cpu_seconds() - start) / their_events * 1e9);
    if (round == 0) before_run = peak_mebibytes();
    start = cpu_seconds();
    simulation.run(1, static_cast<std::uint64_t>(round), nullptr, result);
    ours.push_back((cpu_seconds() - start) / useful_events(result) * 1e9);
    ratios.push_back(ours.back() / theirs.back());
  }
  std::printf("%s: %.0f events, %.1f ns an event; kernel %.1f ns; ratio %.2f (%.2f to %.2f over %d rounds); "
              "%.0f clients present at most, %.0f bytes each\n",
              argv[1], useful_events(result), median(ours), median(theirs), median(ratios),
              *std::min_element(ratios.begin(), ratios.end()), *std::max_element(ratios.begin(), ratios.end()), rounds,
              result.peak_present, (peak_mebibytes() - before_run) * 1024.0 * 1024.0 / std::max(1.0, result.peak_present));
  return 0;
}
