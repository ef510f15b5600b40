#pragma once
#include <array>
#include <cstdint>
#include <string>

#include "models/compile.hpp"

namespace tl {

/// What is known of one variant of the model without holding it compiled.
struct RowFacts {
  std::array<std::uint8_t, 32> digest{};  ///< digest_of() the model, the seed and the engine's version
  std::uint64_t result_bytes = 0;         ///< of one replication
  std::uint64_t engine_bytes = 0;         ///< memory of an engine that runs it, an upper estimate
  double work = 0.0;                      ///< events to be expected of one replication, for ordering only
  std::uint32_t block_size = 1;

  /// The digest as 64 hexadecimal digits.
  std::string hex() const;
};
RowFacts facts_of(const Compiled& compiled, std::uint64_t seed);

/// Bytes of one replication's result as held in memory and, uncompressed, in a shard.
std::uint64_t result_bytes(const CompiledModel& model);

/// Bytes of memory of an engine with one replication's result, roughly and not under.
std::uint64_t engine_bytes(const CompiledModel& model);

/// Clients alive at once at most, roughly: those there at the start and a year's arrivals at the highest rate.
double clients_at_once(const CompiledModel& model);

/// Events to be expected of one replication, for ordering only: clients moved a day, times the days.
double expected_work(const Compiled& compiled);

/// Replications in a whole block: as many as fit in 8 MiB of results and in about 200,000 client-years of work (so that
/// a stop loses seconds, not minutes), at least 1 and at most 16. From the model alone, so that more replications,
/// scenarios or threads leave the earlier blocks as they are.
std::uint32_t block_size(const CompiledModel& model);

}  // namespace tl
