#include "analysis/shard.hpp"

#include "analysis/store_error.hpp"
#include "sim/expects.hpp"

namespace tl {

std::string shard_file(const ShardKey& key) {
  TL_EXPECTS(key.digest.size() == 64);
  return "shards/" + key.digest.substr(0, 12) + '-' + std::to_string(key.first) + '-' + std::to_string(key.count) +
         ".h5";
}

std::vector<std::byte> write_shard(const ShardKey& key, std::span<const ReplicationResult> results) {
  TL_EXPECTS(!results.empty() && results.size() == key.count);
  h5::File file = h5::File::create();
  h5::write_attribute(file.id(), "format", kResultFormat);
  h5::write_attribute(file.id(), "digest", key.digest);
  h5::write_attribute(file.id(), "first_replication", std::uint64_t{key.first});
  h5::write_attribute(file.id(), "replications", std::uint64_t{key.count});
  ReplicationArrays arrays{file.id(), sizes_of(results.front()), key.count};
  arrays.add(results);
  arrays.close();
  return static_cast<InMemory&>(*file.finish()).take();
}

h5::File open_shard(std::vector<std::byte> bytes, const ShardKey& key) {
  h5::File file = h5::File::open(std::make_unique<InMemory>(std::move(bytes)));
  if (h5::read_number_attribute(file.id(), "format") != kResultFormat)
    throw StoreError{"the shard is of another format than " + std::to_string(kResultFormat)};
  if (h5::read_text_attribute(file.id(), "digest") != key.digest ||
      h5::read_number_attribute(file.id(), "first_replication") != key.first ||
      h5::read_number_attribute(file.id(), "replications") != key.count)
    throw StoreError{"the shard holds other replications than its name says"};
  return file;
}

std::vector<ReplicationResult> read_shard(std::vector<std::byte> bytes, const ShardKey& key, const ResultSizes& sizes) {
  const h5::File file = open_shard(std::move(bytes), key);
  return read_replications(file.id(), sizes, key.count);
}

}  // namespace tl
