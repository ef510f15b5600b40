#include "analysis/store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <set>
#include <system_error>

#include "analysis/publish.hpp"
#include "analysis/store_error.hpp"
#include "scenarios/sha256.hpp"
#include "sim/version.hpp"

namespace tl {
namespace {

std::filesystem::path prepared(std::filesystem::path folder) {
  make_folder(folder / "shards");
  return folder;
}

std::vector<std::string> digests_of(const Plan& plan) {
  std::vector<std::string> digests;
  for (std::uint32_t row = 0; row < plan.rows(); ++row) digests.push_back(plan.facts(row).hex());
  return digests;
}

}  // namespace

Store::Lock::Lock(const std::filesystem::path& folder) {
  const std::string path = (folder / ".lock").string();
  do file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  while (file_ < 0 && errno == EINTR);
  if (file_ < 0) throw refused_by_system("create", path, errno);
  int result = 0;
  do result = ::flock(file_, LOCK_EX | LOCK_NB);
  while (result != 0 && errno == EINTR);
  if (result == 0) return;
  const int reason = errno;
  ::close(file_);
  if (reason == EWOULDBLOCK)
    throw StoreError{"another process is working on " + folder.string() +
                     ". Wait until it ends, or choose another folder with -o"};
  throw refused_by_system("lock", path, reason);
}
Store::Lock::~Lock() {
  ::close(file_);
}

Store::Store(std::filesystem::path folder, const Plan& plan)
    : folder_{prepared(std::move(folder))}, plan_{plan}, digests_{digests_of(plan)}, lock_{folder_} {
  remove_parts();
  if (const std::optional<Manifest> found = read_manifest(folder_)) take_over_manifest(*found);
  check_wanted_shards();
  finish();
}

Store::~Store() {
  try {
    if (not_in_manifest_ > 0) finish();
  } catch (
      const std::exception&) {  // the shards are there; a later run computes those again that are not in the manifest
  }
}

ShardKey Store::key_of(const RunBlock& block) const {
  return {digests_.at(block.scenario), block.first_replication, block.count};
}

/// What a killed process left half written. The lock is ours, so nobody is writing them.
void Store::remove_parts() const {
  std::error_code ignored;
  for (const std::filesystem::path& where : {folder_, folder_ / "shards"})
    for (const auto& entry : std::filesystem::directory_iterator{where, ignored})
      if (entry.path().extension() == ".part") std::filesystem::remove(entry.path(), ignored);
}

void Store::take_over_manifest(const Manifest& found) {
  if (found.seed != plan_.seed)
    throw StoreError{"the results in " + folder_.string() + " were made with seed " + std::to_string(found.seed) +
                     ", this study has seed " + std::to_string(plan_.seed) +
                     ". Give the same --seed, or choose another folder with -o"};
  for (const ShardEntry& shard : found.shards) shards_[shard.key] = shard.file;
  results_ = found.results;
  if (found.engine_version != kEngineVersion)
    notices_.push_back("the results in " + folder_.string() + " were made by engine version " + found.engine_version +
                       ", this is version " + std::string{kEngineVersion} + ": all is computed anew");
}

void Store::check_wanted_shards() {
  std::set<ShardKey> checked;  // two scenarios may be the same model
  for (const RunBlock& block : plan_.blocks) {
    const ShardKey key = key_of(block);
    const auto at = shards_.find(key);
    if (at == shards_.end() || !checked.insert(key).second) continue;
    try {
      read_known_file(folder_ / shard_file(key), at->second);
    } catch (const StoreError& error) {
      notices_.push_back(std::string{error.what()} + "; its replications are computed again");
      shards_.erase(at);
    }
  }
}

bool Store::has(const RunBlock& block) const {
  const std::scoped_lock hold{guard_};
  return shards_.contains(key_of(block));
}

void Store::take(const RunBlock& block, std::span<const ReplicationResult> results) {
  const ShardKey key = key_of(block);
  const std::scoped_lock hold{guard_};
  const std::vector<std::byte> bytes = write_shard(key, results);
  publish(folder_ / shard_file(key), bytes);
  shards_[key] = {bytes.size(), sha256_hex(bytes)};
  ++not_in_manifest_;
  // The manifest grows with the shards: written after each it would cost the square of their number.
  if (not_in_manifest_ > shards_.size() / 200) {
    publish_manifest(folder_, manifest());
    not_in_manifest_ = 0;
  }
}

void Store::finish() {
  const std::scoped_lock hold{guard_};
  publish_manifest(folder_, manifest());
  not_in_manifest_ = 0;
}

Manifest Store::manifest() const {
  Manifest manifest;
  manifest.seed = plan_.seed;
  manifest.engine_version = kEngineVersion;
  for (std::size_t i = 0; i < plan_.scenarios.size(); ++i)
    manifest.scenarios.push_back({plan_.scenarios[i].id, digests_[i]});
  for (const auto& [key, file] : shards_) manifest.shards.push_back({key, file});
  manifest.results = results_;
  return manifest;
}

std::size_t Store::adopt(const std::filesystem::path& other) {
  const std::optional<Manifest> found = read_manifest(other);
  if (!found) throw StoreError{other.string() + " holds no results: there is no manifest.json in it"};
  if (found->seed != plan_.seed)
    throw StoreError{"the results in " + other.string() + " were made with seed " + std::to_string(found->seed) +
                     ", this study has seed " + std::to_string(plan_.seed) + ". Merge only parts of one study"};
  std::size_t taken = 0;
  for (const ShardEntry& shard : found->shards) {
    const std::scoped_lock hold{guard_};
    if (shards_.contains(shard.key)) continue;
    const std::vector<std::byte> bytes = read_known_file(other / shard_file(shard.key), shard.file);
    publish(folder_ / shard_file(shard.key), bytes);
    shards_[shard.key] = shard.file;
    ++taken;
  }
  finish();
  return taken;
}

std::vector<ReplicationResult> Store::read(const RunBlock& block) const {
  const ShardKey key = key_of(block);
  const std::scoped_lock hold{guard_};
  const auto at = shards_.find(key);
  if (at == shards_.end()) throw StoreError{"there is no shard for " + shard_file(key) + " in " + folder_.string()};
  const std::filesystem::path path = folder_ / shard_file(key);
  const std::vector<std::byte> bytes = read_known_file(path, at->second);
  try {
    return read_shard(bytes, key, sizes_of(plan_.compiled(block.scenario)->model));
  } catch (const StoreError& error) {
    throw StoreError{"cannot use " + path.string() + ": " + error.what() +
                     ". Remove it and give the same command again"};
  }
}

std::uint64_t Store::missing() const {
  std::uint64_t count = 0;
  for (const RunBlock& block : plan_.blocks)
    if (!has(block)) count += block.count;
  return count;
}

void Store::note_results(std::span<const std::byte> bytes) {
  results_ = KnownFile{bytes.size(), sha256_hex(bytes)};
  finish();
}

}  // namespace tl
