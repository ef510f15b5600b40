// Wall time of a study on one thread and on two, and of the hand-coded kernel's as many replications on two, in turn.
// usage: tl_threads STUDY YARDSTICK_MODEL DAYS [rounds]   DAYS: the study's horizon, for the kernel
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>

#include <cstdlib>

#include "bench/limit/from_model.hpp"
#include "bench/measure.hpp"
#include "scenarios/runner.hpp"

namespace {

struct Nowhere final : tl::Sink {
  bool has(const tl::RunBlock&) const override { return false; }
  void take(const tl::RunBlock&, std::span<const tl::ReplicationResult>) override {}
};

double ours(const tl::Plan& plan, unsigned threads) {
  Nowhere sink;
  tl::RunOptions options;
  options.threads = threads;
  const double start = bench::wall_seconds();
  tl::run(plan, sink, options);
  return bench::wall_seconds() - start;
}

double kernel(const limit::Spec& spec, std::uint32_t replications) {
  const tbb::global_control two{tbb::global_control::max_allowed_parallelism, 2};
  const double start = bench::wall_seconds();
  tbb::parallel_for(std::uint32_t{0}, replications, [&](std::uint32_t i) {
    limit::Network network{spec, i + 1};
    network.run();
  });
  return bench::wall_seconds() - start;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: tl_threads STUDY YARDSTICK_MODEL DAYS [rounds]\n");
    return 2;
  }
  const int rounds = argc > 4 ? std::atoi(argv[4]) : 7;
  tl::Problems problems;
  const tl::Plan plan = tl::read_plan(argv[1], {}, tl::Limits{}, problems);
  const auto yardstick = tl::read_model(argv[2], {}, problems);
  if (plan.blocks.empty() || !yardstick) {
    bench::show(problems);
    return 1;
  }
  limit::Spec spec = limit::from_model(*yardstick);
  spec.horizon = std::atof(argv[3]);
  std::vector<double> one, two, ratios, gains;
  for (int round = 0; round < rounds; ++round) {
    const double theirs = kernel(spec, plan.replications);
    two.push_back(ours(plan, 2));
    one.push_back(ours(plan, 1));
    ratios.push_back(two.back() / theirs);
    gains.push_back(one.back() / two.back());
  }
  std::printf(
      "%s: %.3f s on two threads, ratio to the kernel %.2f (%.2f to %.2f over %d rounds); one thread %.3f s, gain "
      "by the second %.2f (%.2f to %.2f)\n",
      argv[1], bench::median(two), bench::median(ratios), *std::min_element(ratios.begin(), ratios.end()),
      *std::max_element(ratios.begin(), ratios.end()), rounds, bench::median(one), bench::median(gains),
      *std::min_element(gains.begin(), gains.end()), *std::max_element(gains.begin(), gains.end()));
  return 0;
}
