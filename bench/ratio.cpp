// Cost an event of a model, as a multiple of the hand-coded kernel's, both in this process, in turn. An event is an
// arrival, a stay that ends, a request given up, and so on: what is carried out, not what is passed over.
// usage: tl_ratio MODEL YARDSTICK_MODEL [rounds] [times]   times: the yardstick has that many times its clients
#include <cstdlib>

#include "bench/limit/from_model.hpp"
#include "bench/measure.hpp"
#include "sim/simulation.hpp"

namespace {

using bench::cpu_seconds, bench::median, bench::peak_mebibytes;

/// The yardstick with more clients: arrivals and units times `times`, long enough to fill and settle.
limit::Spec enlarged(limit::Spec spec, double times) {
  if (times <= 1.0) return spec;
  for (double& rate : spec.arrivals_per_day) rate *= times;
  for (std::int32_t& units : spec.units) units = static_cast<std::int32_t>(units * times);
  spec.horizon = 300.0;
  return spec;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: tl_ratio MODEL YARDSTICK_MODEL [rounds] [times]\n");
    return 2;
  }
  const int rounds = argc > 3 ? std::atoi(argv[3]) : 7;
  tl::Problems problems;
  const auto model = tl::read_model(argv[1], {}, problems);
  const auto yardstick = tl::read_model(argv[2], {}, problems);
  const auto compiled = model ? tl::compile(*model, tl::Limits{}, problems) : std::nullopt;
  if (!compiled || !yardstick) {
    bench::show(problems);
    return 1;
  }
  const limit::Spec spec = enlarged(limit::from_model(*yardstick), argc > 4 ? std::atof(argv[4]) : 1.0);
  tl::Simulation simulation{compiled->model};
  std::vector<double> ours, theirs, ratios;
  tl::ReplicationResult result;
  const double at_start = peak_mebibytes();
  double before_run = at_start, kernel_clients = 1.0;
  for (int round = 0; round < rounds; ++round) {
    double start = cpu_seconds();
    limit::Network network{spec, static_cast<std::uint64_t>(round) + 1};
    const limit::Result their_result = network.run();
    const auto their_events = static_cast<double>(their_result.events());
    kernel_clients = their_result.peak_clients;
    theirs.push_back((cpu_seconds() - start) / their_events * 1e9);
    if (round == 0) before_run = peak_mebibytes();  // the kernel's memory is held while ours is asked for
    start = cpu_seconds();
    simulation.run(1, static_cast<std::uint64_t>(round), nullptr, result);
    ours.push_back((cpu_seconds() - start) / result.engine_events * 1e9);
    ratios.push_back(ours.back() / theirs.back());
  }
  // Only where there are many clients do they outweigh what a process needs anyway.
  const double mebibyte = 1024.0 * 1024.0, peak = peak_mebibytes();
  std::printf("%s: %.0f events, %.1f ns an event; kernel %.1f ns; ratio %.2f (%.2f to %.2f over %d rounds)\n", argv[1],
              result.engine_events, median(ours), median(theirs), median(ratios),
              *std::min_element(ratios.begin(), ratios.end()), *std::max_element(ratios.begin(), ratios.end()), rounds);
  if (result.peak_present > 1e5)
    std::printf("  memory: %.0f clients present at most, %.0f bytes each; kernel %.0f, %.0f bytes each\n",
                result.peak_present, (peak - before_run) * mebibyte / result.peak_present, kernel_clients,
                (before_run - at_start) * mebibyte / kernel_clients);
  return 0;
}
