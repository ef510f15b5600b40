#include "analysis/store.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

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

Store::Store(std::filesystem::path folder, const Plan& plan)
    : folder_{prepared(std::move(folder))},
      plan_{plan},
      digests_{digests_of(plan)},
      lock_{FolderLock::to_write(folder_)} {
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
    if (!checked.insert(key).second) continue;
    if (shards_.contains(key) && is_whole(key)) continue;
    for (const ShardKey& other : overlapping(block))
      if (checked.insert(other).second) is_whole(other);
  }
}

/// @returns false, and forgets the shard, when it is not what the manifest says
bool Store::is_whole(const ShardKey& key) {
  const auto at = shards_.find(key);
  try {
    read_known_file(folder_ / shard_file(key), at->second);
    return true;
  } catch (const StoreError& error) {
    notices_.push_back(std::string{error.what()} + "; its replications are computed again");
    shards_.erase(at);
    return false;
  }
}

void Store::plan_has_grown() {
  const std::scoped_lock hold{guard_};
  check_wanted_shards();
}

bool Store::has(const RunBlock& block) const {
  const std::scoped_lock hold{guard_};
  return shards_.contains(key_of(block));
}

/// Other shards of the block's scenario that share replications with it.
std::vector<ShardKey> Store::overlapping(const RunBlock& block) const {
  const ShardKey key = key_of(block);
  std::vector<ShardKey> found;
  const std::uint64_t end = std::uint64_t{key.first} + key.count;
  for (auto at = shards_.lower_bound({key.digest, 0, 0}); at != shards_.end() && at->first.digest == key.digest; ++at)
    if (at->first != key && at->first.first < end && std::uint64_t{at->first.first} + at->first.count > key.first)
      found.push_back(at->first);
  return found;
}

namespace {

/// Calls `with(replication's place in the block, its place in the shard)` for each that both hold.
template <class With>
void for_each_shared(const RunBlock& block, const ShardKey& shard, const With& with) {
  const std::uint32_t first = std::max(block.first_replication, shard.first);
  const std::uint32_t end = std::min(block.first_replication + block.count, shard.first + shard.count);
  for (std::uint32_t replication = first; replication < end; ++replication)
    with(replication - block.first_replication, replication - shard.first);
}

}  // namespace

std::vector<bool> Store::covered(const RunBlock& block) const {
  const std::scoped_lock hold{guard_};
  std::vector<bool> there(block.count, false);
  for (const ShardKey& shard : overlapping(block))
    for_each_shared(block, shard, [&](std::uint32_t slot, std::uint32_t) { there[slot] = true; });
  return there;
}

void Store::fill(const RunBlock& block, std::span<ReplicationResult> results) const {
  std::vector<ShardKey> shards;
  {
    const std::scoped_lock hold{guard_};
    shards = overlapping(block);
  }
  for (const ShardKey& shard : shards) {
    std::vector<ReplicationResult> there = read_checked(shard, block.scenario);
    for_each_shared(block, shard,
                    [&](std::uint32_t slot, std::uint32_t place) { results[slot] = std::move(there[place]); });
  }
}

void Store::take(const RunBlock& block, std::span<const ReplicationResult> results) {
  const ShardKey key = key_of(block);
  {
    const std::scoped_lock hold{guard_};
    if (shards_.contains(key) || !on_their_way_.insert(key).second) return;
  }
  std::vector<std::byte> bytes;
  {
    const std::scoped_lock one_at_a_time{hdf5_};
    bytes = write_shard(key, results);
  }
  // Compressing holds the others up; waiting for the disk does not.
  publish(folder_ / shard_file(key), bytes);
  note_shard(key, {bytes.size(), sha256_hex(bytes)});
  const std::unique_lock turn{manifest_turn_, std::try_to_lock};
  if (turn && Clock::now() >= manifest_due_) publish_manifest_now();
}

void Store::note_shard(const ShardKey& key, KnownFile file) {
  const std::scoped_lock hold{guard_};
  const std::uint64_t end = std::uint64_t{key.first} + key.count;
  for (auto at = shards_.lower_bound({key.digest, key.first, 0});
       at != shards_.end() && at->first.digest == key.digest && at->first.first < end;) {
    const bool is_within = at->first != key && std::uint64_t{at->first.first} + at->first.count <= end;
    if (is_within) superseded_.push_back(at->first);
    at = is_within ? shards_.erase(at) : std::next(at);
  }
  shards_[key] = std::move(file);
  on_their_way_.erase(key);
  ++not_in_manifest_;
}

/// To be called with the turn to write it.
void Store::publish_manifest_now() {
  // It grows with the shards: written after each of very many it would cost the square of their number.
  constexpr int kRestPerWork = 9;
  const Clock::time_point began = Clock::now();
  Manifest now;
  std::vector<ShardKey> superseded;
  std::size_t noted = 0;
  {
    const std::scoped_lock hold{guard_};
    now = manifest();
    superseded = std::exchange(superseded_, {});
    noted = not_in_manifest_;
  }
  publish_manifest(folder_, now);
  std::error_code ignored;
  for (const ShardKey& key : superseded) std::filesystem::remove(folder_ / shard_file(key), ignored);
  const std::scoped_lock hold{guard_};
  not_in_manifest_ -= noted;
  manifest_due_ = Clock::now() + kRestPerWork * (Clock::now() - began);
}

void Store::finish() {
  const std::scoped_lock turn{manifest_turn_};
  publish_manifest_now();
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
  if (found->engine_version != kEngineVersion)
    throw StoreError{"the results in " + other.string() + " were made by engine version " + found->engine_version +
                     ", this is version " + std::string{kEngineVersion} +
                     ". Merge with the program that made them, or give the part's command again"};
  for (const ScenarioEntry& entry : found->scenarios)
    for (std::uint32_t row = 0; row < plan_.scenarios.size(); ++row)
      if (plan_.scenarios[row].id == entry.id && digests_[row] != entry.digest)
        throw ForeignResults{"the results in " + other.string() + " are of another model: the scenario " + entry.id +
                             " is not what the study says now"};
  std::set<ShardKey> wanted;
  for (const RunBlock& block : plan_.blocks) wanted.insert(key_of(block));
  std::size_t taken = 0;
  for (const ShardEntry& shard : found->shards) {
    if (!wanted.contains(shard.key) || shards_.contains(shard.key)) continue;
    const std::vector<std::byte> bytes = read_known_file(other / shard_file(shard.key), shard.file);
    publish(folder_ / shard_file(shard.key), bytes);
    note_shard(shard.key, shard.file);
    ++taken;
  }
  finish();
  return taken;
}

std::vector<ReplicationResult> Store::read(const RunBlock& block) const {
  return read_checked(key_of(block), block.scenario);
}

ResultSizes Store::sizes_of_row(std::uint32_t row) const {
  return sizes_of(plan_.compiled(row)->model);
}

template <class With>
void Store::look_into(const ShardKey& key, const With& with) const {
  KnownFile known;
  {
    const std::scoped_lock hold{guard_};
    const auto at = shards_.find(key);
    if (at == shards_.end()) throw StoreError{"there is no shard for " + shard_file(key) + " in " + folder_.string()};
    known = at->second;
  }
  const std::filesystem::path path = folder_ / shard_file(key);
  std::vector<std::byte> bytes = read_known_file(path, known);
  try {
    const std::scoped_lock one_at_a_time{hdf5_};
    const h5::File file = open_shard(std::move(bytes), key);
    with(file.id());
  } catch (const StoreError& error) {
    throw StoreError{"cannot use " + path.string() + ": " + error.what() +
                     ". Remove it and give the same command again"};
  }
}

std::vector<ReplicationResult> Store::read_checked(const ShardKey& key, std::uint32_t row) const {
  const ResultSizes sizes = sizes_of_row(row);
  std::vector<ReplicationResult> results;
  look_into(key, [&](hid_t group) { results = read_replications(group, sizes, key.count); });
  return results;
}

/// The shards of a row, one after another.
class Store::RowSource : public ReplicationSource {
 public:
  RowSource(const Store& store, std::uint32_t row) : store_{store}, sizes_{store.sizes_of_row(row)} {}

  void add(const ShardKey& key) {
    ends_.push_back(count() + key.count);
    keys_.push_back(key);
  }
  std::size_t count() const override { return ends_.empty() ? 0 : ends_.back(); }

  void each(Arrays wanted, const With& with) override {
    ReplicationResult room;
    for (const ShardKey& key : keys_)
      store_.look_into(key, [&](hid_t group) {
        const StoredReplications stored{group, sizes_, key.count};
        for (std::uint32_t i = 0; i < key.count; ++i) {
          stored.read(i, wanted, room);
          with(room);
        }
      });
  }

  ReplicationResult read(std::size_t index) override {
    const auto block = static_cast<std::size_t>(std::upper_bound(ends_.begin(), ends_.end(), index) - ends_.begin());
    const ShardKey& key = keys_[block];
    ReplicationResult result;
    store_.look_into(key, [&](hid_t group) {
      StoredReplications{group, sizes_, key.count}.read(index - (ends_[block] - key.count), Arrays::all, result);
    });
    return result;
  }

  void copy_to(ReplicationArrays& arrays) override {
    for (const ShardKey& key : keys_) store_.look_into(key, [&](hid_t group) { arrays.add_packed(group, key.count); });
  }

 private:
  const Store& store_;
  ResultSizes sizes_;
  std::vector<ShardKey> keys_;
  std::vector<std::size_t> ends_;  ///< of each, the number of replications up to its end
};

Store::Row Store::row(std::uint32_t row) const {
  std::vector<RunBlock> blocks;
  for (const RunBlock& block : plan_.blocks)
    if (block.scenario == row) blocks.push_back(block);
  return this->row(row, blocks);
}

Store::Row Store::row(std::uint32_t row, const std::vector<RunBlock>& blocks) const {
  Row found;
  auto source = std::make_shared<RowSource>(*this, row);
  for (const RunBlock& block : blocks) {
    if (!has(block)) continue;
    source->add(key_of(block));
    for (std::uint32_t i = 0; i < block.count; ++i) found.numbers.push_back(block.first_replication + i);
  }
  found.replications = Replications{std::move(source)};
  return found;
}

std::uint64_t Store::missing(const std::vector<RunBlock>& blocks) const {
  std::uint64_t count = 0;
  for (const RunBlock& block : blocks)
    if (!has(block)) count += block.count;
  return count;
}

void Store::note_results(KnownFile file) {
  {
    const std::scoped_lock hold{guard_};
    results_ = std::move(file);
  }
  finish();
}

}  // namespace tl
