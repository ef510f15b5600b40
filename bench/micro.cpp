// Micro-benchmarks: what the engine's inner steps cost.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <vector>

#include "models/compile.hpp"
#include "models/read_model.hpp"
#include "models/table_reader.hpp"
#include "sim/event_list.hpp"
#include "sim/maths.hpp"
#include "sim/random.hpp"
#include "sim/simulation.hpp"

namespace {

/// Take the next event and put one in, among `range` pending ones (the hold model of Jones, CACM 29, 1986).
void hold(benchmark::State& state) {
  tl::EventList list;
  const auto pending = static_cast<std::uint32_t>(state.range(0));
  std::uint32_t made = 0;
  const auto push = [&](std::int64_t now) {
    const tl::Block block = tl::draw({1, 2}, {0, made++, 0}, tl::Purpose::process, 0, 0);
    list.push(tl::Event::make(now + static_cast<std::int64_t>(block.w[0]), tl::Phase::stay_end, made & 0xffff,
                              tl::EventKind::client, 0));
  };
  for (std::uint32_t i = 0; i < pending; ++i) push(0);
  for (auto _ : state) push(list.pop().at);
}
BENCHMARK(hold)->Arg(2)->Arg(100)->Arg(1'000)->Arg(10'000)->Arg(100'000)->Arg(1'000'000);

void one_block(benchmark::State& state) {
  std::uint32_t ordinal = 0;
  for (auto _ : state) benchmark::DoNotOptimize(tl::draw({1, 2}, {7, ordinal++, 0}, tl::Purpose::visit, 3, 0));
}
BENCHMARK(one_block);

void logarithm(benchmark::State& state) {
  std::vector<double> values(1024);
  for (std::uint32_t i = 0; i < values.size(); ++i)
    values[i] = tl::uniform32(tl::draw({1, 2}, {7, i, 0}, tl::Purpose::visit, 3, 0).w[0]);
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(tl::natural_log(values[i++ & 1023]));
}
BENCHMARK(logarithm);

tl::Compiled compiled(const char* path) {
  tl::Problems problems;
  const auto model = tl::read_model(std::filesystem::path{TL_SOURCE_DIR} / path, {}, problems);
  return *tl::compile(*model, tl::Limits{}, problems);
}

/// A replication of no length: what starting one costs (20 settings).
void start_replication(benchmark::State& state) {
  tl::Compiled w3 = compiled("models/bench/w3");
  w3.model.end = tl::SimTime::from_days(1e-6);
  w3.model.period_ends = {w3.model.end};
  tl::Simulation simulation{w3.model};
  tl::ReplicationResult result;
  std::uint64_t replication = 0;
  for (auto _ : state) simulation.run(1, replication++, nullptr, result);
}
BENCHMARK(start_replication)->Unit(benchmark::kMicrosecond);

void compile_county(benchmark::State& state) {
  tl::Problems reading;
  const auto model = tl::read_model(std::filesystem::path{TL_SOURCE_DIR} / "models/la-county", {}, reading);
  for (auto _ : state) {
    tl::Problems problems;
    benchmark::DoNotOptimize(tl::compile(*model, tl::Limits{}, problems));
  }
}
BENCHMARK(compile_county)->Unit(benchmark::kMillisecond);

/// What a further scenario or point of a sweep costs before it runs: from the rows read to what the engine runs.
void county_scenario(benchmark::State& state) {
  tl::Problems reading;
  const tl::Document rows =
      tl::read_document(std::filesystem::path{TL_SOURCE_DIR} / "models/la-county", tl::Limits{}, reading);
  for (auto _ : state) {
    tl::Problems problems;
    const auto model = tl::build_model(rows, {}, {}, problems);
    benchmark::DoNotOptimize(tl::compile(*model, tl::Limits{}, problems));
  }
}
BENCHMARK(county_scenario)->Unit(benchmark::kMillisecond);
void county_build(benchmark::State& state) {
  tl::Problems reading;
  const tl::Document rows =
      tl::read_document(std::filesystem::path{TL_SOURCE_DIR} / "models/la-county", tl::Limits{}, reading);
  for (auto _ : state) {
    tl::Problems problems;
    benchmark::DoNotOptimize(tl::build_model(rows, {}, {}, problems));
  }
}
BENCHMARK(county_build)->Unit(benchmark::kMillisecond);

}  // namespace
