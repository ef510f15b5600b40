#include "scenarios/estimate.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <thread>

#include "scenarios/scenario_messages.hpp"
#include "sim/model.hpp"

namespace tl {
namespace {

consteval Code code(std::string_view text) {
  return Code::in(kScenarioMessages, text);
}

constexpr double kShareOfResources = 0.8;

template <class T>
std::uint64_t bytes_of(const std::vector<T>& items) {
  return items.size() * sizeof(T);
}

std::uint64_t bytes_of(const CompiledModel& model) {
  return bytes_of(model.settings) + bytes_of(model.routes) + bytes_of(model.choices) + bytes_of(model.choice_lists) +
         bytes_of(model.actions) + bytes_of(model.dates) + bytes_of(model.tables) + bytes_of(model.cells) +
         bytes_of(model.numbers) + bytes_of(model.distributions) + bytes_of(model.knots) + bytes_of(model.patches);
}

std::string refusal_hint(const char* other) {
  return std::string{"Try fewer replications or scenarios, longer reporting periods (every), "} + other;
}

}  // namespace

RunNeeds estimate(const Plan& plan, unsigned threads) {
  RunNeeds needed;
  const std::uint64_t engines = threads > 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
  std::uint64_t largest_engine = 0, largest_block = 0, published = 0;
  std::vector<std::uint64_t> bytes_a_run(plan.rows());
  // The program with its libraries: 34 MiB on Debian 12, where nothing is run yet.
  constexpr std::uint64_t kProgram = std::uint64_t{40} << 20;
  needed.memory_bytes = kProgram;
  for (const ScenarioPlan& scenario : plan.scenarios) needed.memory_bytes += bytes_of(scenario.compiled.model);
  for (std::uint32_t row = 0; row < plan.rows(); ++row) {
    const bool is_scenario = row < plan.scenarios.size();
    largest_engine = std::max(
        largest_engine, is_scenario ? engine_bytes(plan.scenarios[row].compiled.model) : plan.facts(row).engine_bytes);
    bytes_a_run[row] = is_scenario ? result_bytes(plan.scenarios[row].compiled.model) : plan.facts(row).result_bytes;
  }
  for (const RunBlock& block : plan.blocks) {
    const std::uint64_t bytes = bytes_a_run[block.scenario] * block.count;
    needed.runs += block.count;
    needed.result_bytes += bytes;
    if (block.scenario < plan.scenarios.size()) published += bytes;
    largest_block = std::max(largest_block, bytes);
  }
  needed.blocks = plan.blocks.size();
  // A block is open while any thread is at it, and held twice while it is written.
  const std::uint64_t busy = std::min(engines, std::max<std::uint64_t>(needed.runs, 1));
  needed.memory_bytes += busy * (largest_engine + 2 * largest_block);
  // All shards, and the one file that is published from them at the end; of points and draws it keeps a few numbers.
  needed.result_bytes += published;
  return needed;
}

Resources resources_for(const std::filesystem::path& folder) {
  Resources there{.free_disk_bytes = std::numeric_limits<std::uint64_t>::max(),
                  .memory_bytes = std::numeric_limits<std::uint64_t>::max()};
  std::error_code fault;
  std::filesystem::path existing = std::filesystem::absolute(folder, fault);
  while (!existing.empty() && !std::filesystem::exists(existing, fault) && existing != existing.root_path())
    existing = existing.parent_path();
  const std::filesystem::space_info space = std::filesystem::space(existing, fault);
  // A file system without a size, as /proc, says nothing of room: that nothing can be written there is told on writing.
  if (!fault && space.capacity > 0) there.free_disk_bytes = space.available;
  const long pages = sysconf(_SC_PHYS_PAGES), page_bytes = sysconf(_SC_PAGESIZE);
  if (pages > 0 && page_bytes > 0)
    there.memory_bytes = static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_bytes);
  return there;
}

bool takes_too_much(std::uint64_t bytes, std::uint64_t available) {
  return static_cast<double>(bytes) > kShareOfResources * static_cast<double>(available);
}

void check_resources(const RunNeeds& needed, const Resources& there, const Limits& limits, Problems& problems) {
  if (needed.runs > limits.runs)
    problems.error({}, code("plan-runs"), "study.replications", std::to_string(needed.runs) + " runs",
                   "at most " + std::to_string(limits.runs) + " runs a study", "Try fewer replications or scenarios");
  if (takes_too_much(needed.result_bytes, there.free_disk_bytes))
    problems.error({}, code("plan-disk"), "study", "the results may take " + shown_bytes(needed.result_bytes),
                   "at most 80% of the " + shown_bytes(there.free_disk_bytes) + " free on that disk",
                   refusal_hint("or another disk"));
  if (takes_too_much(needed.memory_bytes, there.memory_bytes))
    problems.error({}, code("plan-memory"), "study",
                   "the runs may take " + shown_bytes(needed.memory_bytes) + " of memory",
                   "at most 80% of the machine's " + shown_bytes(there.memory_bytes), refusal_hint("or fewer threads"));
}

std::string shown_bytes(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> kUnits{"bytes", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1023.5 && unit + 1 < kUnits.size()) {
    value /= 1024.0;
    ++unit;
  }
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f %s", unit > 0 && value < 9.95 ? 1 : 0, value, kUnits[unit]);
  return text.data();
}

}  // namespace tl
