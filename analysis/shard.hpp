#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analysis/arrays.hpp"
#include "sim/result.hpp"

namespace tl {

/// The number in every file we write; a file of another number is refused.
inline constexpr std::uint64_t kResultFormat = 6;

/// What a shard holds: replications [first, first + count) of the scenario with this digest.
struct ShardKey {
  std::string digest;  ///< 64 hexadecimal digits: digest_of() in scenarios/digest.hpp
  std::uint32_t first = 0, count = 0;
  friend auto operator<=>(const ShardKey&, const ShardKey&) = default;
};

/// "shards/<first 12 digits>-<first>-<count>.h5", below the results' folder.
std::string shard_file(const ShardKey& key);

/// The file as bytes. The same key and results give the same bytes: no time, host or thread count is in it.
std::vector<std::byte> write_shard(const ShardKey& key, std::span<const ReplicationResult> results);

/// @param bytes  with a digest that was checked
/// @throws StoreError  when the file is of another format or key
h5::File open_shard(std::vector<std::byte> bytes, const ShardKey& key);

/// All its replications. @throws StoreError  also when they are of other sizes
std::vector<ReplicationResult> read_shard(std::vector<std::byte> bytes, const ShardKey& key, const ResultSizes& sizes);

}  // namespace tl
