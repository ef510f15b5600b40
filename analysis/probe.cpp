#include "analysis/probe.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "analysis/manifest.hpp"
#include "analysis/shard.hpp"
#include "sim/simulation.hpp"

namespace tl {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kMostScenarios = 8, kMostPoints = 8;

double seconds_since(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

struct RowLeft {
  std::uint32_t row = 0;
  RowFacts facts;
  std::uint64_t runs = 0, blocks = 0;  ///< left
};

std::vector<RowLeft> rows_of(const Plan& plan, const std::vector<RunBlock>& blocks) {
  std::map<std::uint32_t, RowLeft> by_row;
  for (const RunBlock& block : blocks) {
    RowLeft& row = by_row[block.scenario];
    row.runs += block.count;
    ++row.blocks;
  }
  std::vector<RowLeft> rows;
  for (auto& [number, row] : by_row) {
    row.row = number;
    row.facts = plan.facts(number);
    rows.push_back(row);
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const RowLeft& a, const RowLeft& b) { return a.facts.work > b.facts.work; });
  return rows;
}

/// The longest scenarios, then rows spread over the rest by the work expected of them. @param rows  longest first
std::vector<const RowLeft*> sample_of(const std::vector<RowLeft>& rows, std::size_t scenarios) {
  std::vector<const RowLeft*> sample, points;
  for (const RowLeft& row : rows) (row.row < scenarios ? sample : points).push_back(&row);
  if (sample.size() > kMostScenarios) sample.resize(kMostScenarios);
  const std::size_t count = std::min(points.size(), kMostPoints);
  for (std::size_t i = 0; i < count; ++i)
    sample.push_back(points[count == 1 ? 0 : i * (points.size() - 1) / (count - 1)]);
  return sample;
}

/// What a run took, for the work and the size of results that were to be expected.
struct Tried {
  double seconds = 0.0;
  double first_bytes = 0.0, further_bytes = 0.0;  ///< of a shard's first replication, and of each further one
};

Tried try_out(const Plan& plan, const RowLeft& row, const std::function<bool()>& stop) {
  const std::shared_ptr<const Compiled> compiled = plan.compiled(row.row);
  Simulation simulation{compiled->model};
  std::vector<ReplicationResult> results(1);
  const Clock::time_point began = Clock::now();
  simulation.run(plan.seed, 0, &stop, results.front());
  Tried tried{.seconds = seconds_since(began), .first_bytes = 0.0, .further_bytes = 0.0};
  const std::string digest = row.facts.hex();
  tried.first_bytes = static_cast<double>(write_shard({digest, 0, 1}, results).size());
  results.push_back(results.front());
  tried.further_bytes = static_cast<double>(write_shard({digest, 0, 2}, results).size()) - tried.first_bytes;
  return tried;
}

/// Carries what was found over to all that is left.
void carry_over(const std::vector<RowLeft>& rows, const std::map<std::uint32_t, Tried>& tried, std::size_t scenarios,
                Probe& probe) {
  double work = 0.0, size = 0.0, seconds = 0.0, first = 0.0, further = 0.0;
  for (const RowLeft& row : rows) {
    const auto at = tried.find(row.row);
    if (at == tried.end()) continue;
    work += row.facts.work;
    size += static_cast<double>(row.facts.result_bytes);
    seconds += at->second.seconds;
    first += at->second.first_bytes;
    further += at->second.further_bytes;
  }
  const auto of = [](double part, double whole, double base) { return base > 0.0 ? whole * part / base : 0.0; };
  const double each = seconds / static_cast<double>(tried.size());
  double bytes = 0.0;
  for (const RowLeft& row : rows) {
    const auto at = tried.find(row.row);
    const auto own = static_cast<double>(row.facts.result_bytes);
    const double a_run = at != tried.end() ? at->second.seconds : work > 0.0 ? of(row.facts.work, seconds, work) : each;
    const double of_first = at != tried.end() ? at->second.first_bytes : of(own, first, size);
    const double of_further = at != tried.end() ? at->second.further_bytes : of(own, further, size);
    const auto runs = static_cast<double>(row.runs), blocks = static_cast<double>(row.blocks);
    const double shards = of_first * blocks + of_further * (runs - blocks);
    probe.seconds += a_run * runs;
    probe.longest_seconds = std::max(probe.longest_seconds, a_run);
    bytes += shards;
    if (row.row < scenarios) bytes += of_first + of_further * (runs - 1.0);  // once more, in results.h5
  }
  // Words and texts in results.h5, which do not grow with the runs: what they take, rounded up.
  constexpr double kWordsOfScenario = 128.0 * 1024.0;
  probe.bytes = static_cast<std::uint64_t>(bytes + kWordsOfScenario * static_cast<double>(scenarios));
}

}  // namespace

Probe probe(const Plan& plan, const std::vector<RunBlock>& blocks, double limit_seconds,
            const std::function<bool()>& stop) {
  Probe probe;
  const std::vector<RowLeft> rows = rows_of(plan, blocks);
  const Clock::time_point began = Clock::now();
  const std::function<bool()> give_up = [&] { return stop() || seconds_since(began) > limit_seconds; };
  std::map<std::uint32_t, Tried> tried;
  try {
    for (const RowLeft* row : sample_of(rows, plan.scenarios.size())) {
      if (!tried.empty() && give_up()) break;
      tried[row->row] = try_out(plan, *row, give_up);
    }
  } catch (const Stopped&) {
  } catch (const ModelFault& fault) {
    probe.fault = std::string{"the first replication fails: "} + fault.what();
    return probe;
  }
  for (const auto& [row, one] : tried) probe.tried_seconds += one.seconds;
  probe.tried = static_cast<std::uint32_t>(tried.size());
  probe.too_long = tried.empty() && !rows.empty();
  if (probe.too_long) probe.fault = "one replication takes longer than the probe may";
  if (!tried.empty()) carry_over(rows, tried, plan.scenarios.size(), probe);
  return probe;
}

std::vector<RunBlock> not_there(const std::filesystem::path& folder, const Plan& plan,
                                const std::vector<RunBlock>& blocks) {
  const std::optional<Manifest> manifest = folder.empty() ? std::nullopt : read_manifest(folder);
  std::map<std::string, std::vector<const ShardKey*>> shards;
  if (manifest && manifest->seed == plan.seed)
    for (const ShardEntry& shard : manifest->shards) shards[shard.key.digest].push_back(&shard.key);
  std::vector<RunBlock> left;
  std::uint32_t last = 0;
  std::set<std::pair<std::string, std::uint32_t>> seen;  // rows that are the same model share their shards
  std::string digest = blocks.empty() ? "" : plan.facts(last = blocks.front().scenario).hex();
  for (const RunBlock& block : blocks) {
    if (block.scenario != last) digest = plan.facts(last = block.scenario).hex();
    if (!seen.emplace(digest, block.first_replication).second) continue;
    std::set<std::uint32_t> there;
    for (const ShardKey* shard : shards[digest])
      for (std::uint32_t i = 0; i < block.count; ++i)
        if (block.first_replication + i >= shard->first && block.first_replication + i - shard->first < shard->count)
          there.insert(i);
    if (there.size() == block.count) continue;
    left.push_back({block.scenario, block.first_replication, block.count - static_cast<std::uint32_t>(there.size())});
  }
  return left;
}

}  // namespace tl
