#include "scenarios/row_facts.hpp"

#include <algorithm>

#include "scenarios/digest.hpp"
#include "sim/result.hpp"
#include "sim/version.hpp"

namespace tl {
namespace {

constexpr std::uint64_t kBlockBytes = 8u << 20;
constexpr std::uint64_t kMostInBlock = 16;
constexpr double kClientYearsInBlock = 200'000.0;  // some seconds of work: what a stop may lose
/// A client with its visits, a request and its event: an allowance, rounded up from the engine's records.
constexpr double kBytesPerClient = 512.0;
/// An engine's tables and tallies that do not grow with its clients.
constexpr std::uint64_t kBytesPerEngine = 4u << 20;

std::uint8_t digit_value(char digit) {
  return static_cast<std::uint8_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

}  // namespace

std::string RowFacts::hex() const {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : digest) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

RowFacts facts_of(const Compiled& compiled, std::uint64_t seed) {
  RowFacts facts;
  const std::string hex = digest_of(compiled.model, seed, kEngineVersion);
  for (std::size_t i = 0; i < facts.digest.size(); ++i)
    facts.digest[i] = static_cast<std::uint8_t>(digit_value(hex[2 * i]) * 16 + digit_value(hex[2 * i + 1]));
  facts.result_bytes = result_bytes(compiled.model);
  facts.engine_bytes = engine_bytes(compiled.model);
  facts.work = expected_work(compiled);
  facts.block_size = block_size(compiled.model);
  return facts;
}

std::uint64_t result_bytes(const CompiledModel& model) {
  const std::uint64_t periods = model.period_ends.size(), settings = model.settings.size(),
                      instants = model.observe.size();
  const std::uint64_t sums = settings * kSettingSums.size() + kModelSums.size() + model.events.size() +
                             model.timers.size() + model.reason_count + model.outcome_count +
                             model.milestones.size() * kMilestoneSums.size();
  const std::uint64_t groups = group_count(model.by);
  const std::uint64_t of_groups =
      groups * (sizeof(double) * (periods * sums + 2 * instants * settings) +
                (settings + model.milestones.size()) * kLengthBuckets * sizeof(std::uint32_t));
  const std::uint64_t lengths = (settings * 2 + model.milestones.size()) * kLengthBuckets * sizeof(std::uint32_t);
  const std::uint64_t census = settings * (kCensusBins + 1);
  return lengths + of_groups + sizeof(double) * (periods * sums + 2 * instants * settings + census);
}

std::uint64_t engine_bytes(const CompiledModel& model) {
  const double bytes = clients_at_once(model) * kBytesPerClient;
  return kBytesPerEngine + result_bytes(model) + static_cast<std::uint64_t>(std::min(bytes, 1e15));
}

double clients_at_once(const CompiledModel& model) {
  double clients = 0.0;
  for (const InitialGroup& group : model.initial) clients += group.count;
  const double days = std::min(model.end.days(), 365.25);
  for (const ArrivalStream& stream : model.arrivals) {
    clients += stream.date_count;
    if (!stream.rate.exists()) continue;
    const Curve& curve = model.curves[stream.rate.index()];
    if (curve.knot_count == 0) continue;
    double highest = 0.0;
    for (std::uint32_t i = 0; i < curve.knot_count; ++i)
      highest = std::max(highest, model.knots[curve.first_knot + i].rate);
    // Of a stream whose layers are scaled only that part comes.
    if (stream.scale.exists()) highest *= model.knots[model.curves[stream.scale.index()].first_knot].rate;
    clients += highest * days;
  }
  return clients;
}

double expected_work(const Compiled& compiled) {
  double moves_a_day = 0.0;
  for (const Link& link : compiled.words.links) moves_a_day += link.per_day;
  return moves_a_day * compiled.model.end.days();
}

std::uint32_t block_size(const CompiledModel& model) {
  const std::uint64_t fit = kBlockBytes / std::max<std::uint64_t>(result_bytes(model), 1);
  const double client_years = clients_at_once(model) * std::max(model.end.days() / 365.25, 1e-3);
  const double worth =
      std::clamp(kClientYearsInBlock / std::max(client_years, 1.0), 1.0, static_cast<double>(kMostInBlock));
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(fit, 1, static_cast<std::uint64_t>(worth)));
}

}  // namespace tl
