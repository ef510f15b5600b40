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

/// The county's levers, all at half strength; those with dates act over the whole run unless `dated`.
std::vector<tl::Change> ten_levers(tl::Document& rows, bool dated) {
  std::vector<tl::Change> changes;
  for (tl::Row& row : rows.find("levers")->rows) {
    if (!dated)
      std::erase_if(row.fields, [](const auto& field) { return field.first == "starts" || field.first == "ramp"; });
    tl::Change change{.kind = tl::Change::Kind::set, .path = "levers." + row.id, .value = {}, .at = {}};
    change.value.text = "0.5";
    changes.push_back(change);
  }
  return changes;
}

/// What a further scenario or point of a sweep costs before it runs: from the rows read to what the engine runs.
/// First argument: 0 the model as written, 1 its ten levers over the whole run, 2 with their dates and ramps; second:
/// 1 with the flows to be expected, as a scenario has them and a point of a sweep has not.
void county_scenario(benchmark::State& state) {
  tl::Problems reading;
  tl::Document rows =
      tl::read_document(std::filesystem::path{TL_SOURCE_DIR} / "models/la-county", tl::Limits{}, reading);
  std::vector<tl::Change> changes;
  if (state.range(0) > 0) changes = ten_levers(rows, state.range(0) == 2);
  const tl::ReadyModel ready{rows, {}, reading};
  for (auto _ : state) {
    tl::Problems problems;
    const auto model = ready.build(changes, problems);
    benchmark::DoNotOptimize(
        tl::compile(*model, tl::Limits{}, problems, state.range(1) > 0 ? tl::Flows::worked_out : tl::Flows::left_out));
  }
}
BENCHMARK(county_scenario)->ArgsProduct({{0, 1, 2}, {0, 1}})->Unit(benchmark::kMillisecond);

/// What is done once for all scenarios of the county.
void county_ready(benchmark::State& state) {
  tl::Problems reading;
  const tl::Document rows =
      tl::read_document(std::filesystem::path{TL_SOURCE_DIR} / "models/la-county", tl::Limits{}, reading);
  for (auto _ : state) {
    tl::Problems problems;
    const tl::ReadyModel ready{rows, {}, problems};
    benchmark::DoNotOptimize(&ready);
  }
}
BENCHMARK(county_ready)->Unit(benchmark::kMillisecond);

}  // namespace
