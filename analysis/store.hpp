#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "analysis/manifest.hpp"
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
  /// Publishes the shard, then the manifest (with many shards, only now and then: finish() brings it up to date).
  void take(const RunBlock& block, std::span<const ReplicationResult> results) override;

  /// Brings the manifest up to date.
  void finish();
  /// Takes over the whole shards of another folder that was made with the same seed, whatever their scenario.
  /// @return  how many were new here
  std::size_t adopt(const std::filesystem::path& other);

  /// The replications of a block that is there, read back and checked again.
  std::vector<ReplicationResult> read(const RunBlock& block) const;
  /// Replications of the plan that are not there yet.
  std::uint64_t missing() const;
  /// Records that DIR/results.h5 was published with these bytes.
  void note_results(std::span<const std::byte> bytes);

  const std::filesystem::path& folder() const { return folder_; }
  const Plan& plan() const { return plan_; }
  const std::string& digest(std::uint32_t scenario) const { return digests_[scenario]; }
  /// What the user should know: damaged shards that will be computed again, a study of other scenarios found here.
  const std::vector<std::string>& notices() const { return notices_; }

 private:
  class Lock {
   public:
    explicit Lock(const std::filesystem::path& folder);
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    ~Lock();

   private:
    int file_;
  };

  ShardKey key_of(const RunBlock& block) const;
  void remove_parts() const;
  void take_over_manifest(const Manifest& found);
  void check_wanted_shards();
  Manifest manifest() const;

  std::filesystem::path folder_;
  const Plan& plan_;
  std::vector<std::string> digests_;
  Lock lock_;
  std::map<ShardKey, KnownFile> shards_;
  std::optional<KnownFile> results_;
  std::vector<std::string> notices_;
  std::size_t not_in_manifest_ = 0;
  mutable std::mutex guard_;  ///< over all that changes, and over HDF5
};

}  // namespace tl
