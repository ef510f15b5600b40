#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "analysis/hdf5.hpp"
#include "sim/model.hpp"
#include "sim/result.hpp"

// What a replication leaves behind, as HDF5 arrays: the same names, types and units in a shard and in results.h5.
namespace tl {

/// How many of each thing a result counts; with it the shape of every array is known before a file is read.
struct ResultSizes {
  std::uint32_t periods = 0, settings = 0, instants = 0, events = 0, reasons = 0, outcomes = 0, milestones = 0,
                staff = 0, staffing = 0, costs = 0, policies = 0, budgets = 0, groups = 0;
  friend bool operator==(const ResultSizes&, const ResultSizes&) = default;
};
ResultSizes sizes_of(const CompiledModel& model);
ResultSizes sizes_of(const ReplicationResult& result);

/// The arrays of one scenario, open for writing: the first dimension is the replication. Rows are written in order.
class ReplicationArrays {
 public:
  /// Creates the arrays in `group` for so many replications.
  ReplicationArrays(hid_t group, const ResultSizes& sizes, std::uint64_t replications);
  /// Adds replications. Each result has the sizes given.
  void add(std::span<const ReplicationResult> results);
  /// Adds the replications that lie in another group, as they are packed there: the same bytes as after add().
  /// @throws StoreError  when they are not arrays of these sizes
  void add_packed(hid_t group, std::uint64_t replications);
  /// Closes all, which is when the last of it is written.
  void close();

 private:
  ResultSizes sizes_;
  std::uint64_t replications_, next_ = 0;
  std::vector<h5::Handle> arrays_;
};

/// Which arrays are wanted. Lengths by bucket, times by census and what is kept by group are most of a replication's
/// bytes, and only quantiles, shares of time and tables by group ask for them.
enum class Arrays : std::uint8_t { sums, all };

/// The arrays of one scenario, open to be read.
class StoredReplications {
 public:
  /// @throws StoreError  when an array is missing or of another type or shape
  StoredReplications(hid_t group, const ResultSizes& sizes, std::uint64_t replications);
  /// Reads one replication; what is not wanted stays as it is, 0 where nothing was.
  void read(std::uint64_t replication, Arrays wanted, ReplicationResult& into) const;

 private:
  ResultSizes sizes_;
  std::vector<h5::Handle> arrays_;
};

/// All replications of a group. @throws StoreError  as StoredReplications
std::vector<ReplicationResult> read_replications(hid_t group, const ResultSizes& sizes, std::uint64_t replications);

}  // namespace tl
