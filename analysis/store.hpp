#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "analysis/folder_lock.hpp"
#include "analysis/manifest.hpp"
#include "analysis/replications.hpp"
#include "scenarios/plan.hpp"
#include "scenarios/runner.hpp"

namespace tl {

/// A folder of results: keeps finished blocks as shards and knows which are whole, so that a study goes on where it
/// stopped.
///
/// One process at a time: a second one is refused. Results are keyed by digest_of(), so shards of other scenarios and
/// of an earlier form of a changed scenario stay where they are and do no harm.
class Store : public Sink {
 public:
  /// Opens the folder, making it when it is not there; checks size and SHA-256 of each shard the plan needs.
  /// @param plan  must outlive the store
  /// @throws StoreError  when another process has it, it was made with another format or seed, or cannot be written
  Store(std::filesystem::path folder, const Plan& plan);
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  ~Store() override;

  bool has(const RunBlock& block) const override;
  std::vector<bool> covered(const RunBlock& block) const override;
  void fill(const RunBlock& block, std::span<ReplicationResult> results) const override;
  /// Publishes the shard, then the manifest (when shards come fast, only now and then: finish() brings it up to date).
  /// Shards that the new one holds all of are removed.
  void take(const RunBlock& block, std::span<const ReplicationResult> results) override;

  /// The plan has grown: checks the shards that it needs besides.
  void plan_has_grown();
  /// Brings the manifest up to date.
  void finish();
  /// Takes over what the plan needs of the whole shards in another folder, which was made with the same seed.
  /// @return  how many were new here
  /// @throws StoreError  when it holds no results, or those of another seed or engine, or a damaged shard
  std::size_t adopt(const std::filesystem::path& other);

  /// The replications of a block that is there, read back and checked again.
  std::vector<ReplicationResult> read(const RunBlock& block) const;
  /// The replications of a row that are there, in the plan's order, and which they are. They are read block by block
  /// when they are looked at, for as long as the store is there.
  struct Row {
    std::vector<std::uint32_t> numbers;
    Replications replications;
  };
  Row row(std::uint32_t row) const;
  /// The same for who knows which blocks of the plan are the row's.
  Row row(std::uint32_t row, const std::vector<RunBlock>& blocks) const;
  /// Replications of the plan that are not there yet.
  std::uint64_t missing() const { return missing(plan_.blocks); }
  /// The same of some blocks of it.
  std::uint64_t missing(const std::vector<RunBlock>& blocks) const;
  /// Records that DIR/results.h5 was published.
  void note_results(KnownFile file);

  const std::filesystem::path& folder() const { return folder_; }
  const Plan& plan() const { return plan_; }
  const std::string& digest(std::uint32_t scenario) const { return digests_[scenario]; }
  /// What the user should know: damaged shards that will be computed again, a study of other scenarios found here.
  const std::vector<std::string>& notices() const { return notices_; }

 private:
  using Clock = std::chrono::steady_clock;

  ShardKey key_of(const RunBlock& block) const;
  std::vector<ShardKey> overlapping(const RunBlock& block) const;
  class RowSource;
  ResultSizes sizes_of_row(std::uint32_t row) const;
  /// Calls `with(group)` for what is in a shard that is there, with the turn to use HDF5. Its faults name the file.
  template <class With>
  void look_into(const ShardKey& key, const With& with) const;
  std::vector<ReplicationResult> read_checked(const ShardKey& key, std::uint32_t row) const;
  void remove_parts() const;
  void take_over_manifest(const Manifest& found);
  void check_wanted_shards();
  bool is_whole(const ShardKey& key);
  void note_shard(const ShardKey& key, KnownFile file);
  void publish_manifest_now();
  Manifest manifest() const;

  std::filesystem::path folder_;
  const Plan& plan_;
  std::vector<std::string> digests_;
  FolderLock lock_;
  std::map<ShardKey, KnownFile> shards_;
  std::optional<KnownFile> results_;
  std::vector<std::string> notices_;
  std::size_t not_in_manifest_ = 0;
  std::set<ShardKey> on_their_way_;   ///< being published: rows that are the same model share their shards
  std::vector<ShardKey> superseded_;  ///< to be removed once the manifest no longer names them
  Clock::time_point manifest_due_{};
  mutable std::mutex guard_;  ///< over the above
  std::mutex manifest_turn_;  ///< held while the manifest is written; taken before guard_
  mutable std::mutex hdf5_;   ///< one thread at a time is in HDF5
};

}  // namespace tl
