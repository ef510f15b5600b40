// Cost an event of one model as a multiple of another's, both ours, in turn: how cost grows with clients or settings.
// usage: tl_size MODEL OTHER [rounds]
#include <cstdlib>

#include "bench/measure.hpp"
#include "sim/simulation.hpp"

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: tl_size MODEL OTHER [rounds]\n");
    return 2;
  }
  const int rounds = argc > 3 ? std::atoi(argv[3]) : 7;
  const auto model = bench::compiled(argv[1]), other = bench::compiled(argv[2]);
  if (!model || !other) return 1;
  tl::Simulation small{model->model}, large{other->model};
  tl::ReplicationResult result;
  const auto cost = [&](tl::Simulation& simulation, int replication) {
    const double start = bench::cpu_seconds();
    simulation.run(1, static_cast<std::uint64_t>(replication), nullptr, result);
    return (bench::cpu_seconds() - start) / result.engine_events * 1e9;
  };
  std::vector<double> smalls, larges, ratios;
  for (int round = 0; round < rounds; ++round) {
    smalls.push_back(cost(small, round));
    larges.push_back(cost(large, round));
    ratios.push_back(larges.back() / smalls.back());
  }
  std::printf(
      "%s against %s: %.1f and %.1f ns an event; ratio %.2f (%.2f to %.2f over %d rounds); %.0f present at most\n",
      argv[2], argv[1], bench::median(larges), bench::median(smalls), bench::median(ratios),
      *std::min_element(ratios.begin(), ratios.end()), *std::max_element(ratios.begin(), ratios.end()), rounds,
      result.peak_present);
  return 0;
}
