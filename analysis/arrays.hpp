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
  std::uint32_t periods = 0, settings = 0, instants = 0, events = 0, reasons = 0, outcomes = 0, milestones = 0;
  friend bool operator==(const ResultSizes&, const ResultSizes&) = default;
};
ResultSizes sizes_of(const CompiledModel& model);
ResultSizes sizes_of(const ReplicationResult& result);

/// The arrays of one scenario, open for writing: the first dimension is the replication.
class ReplicationArrays {
 public:
  /// Creates the arrays in `group` for so many replications.
  ReplicationArrays(hid_t group, const ResultSizes& sizes, std::uint64_t replications);
  /// Writes rows first, first + 1 … Each result has the sizes given.
  void write(std::uint64_t first, std::span<const ReplicationResult> results);
  /// Closes all, which is when the last of it is written.
  void close();

 private:
  ResultSizes sizes_;
  std::vector<h5::Handle> arrays_;
};

/// All replications of a group. @throws StoreError  when an array is missing or of another type or shape
std::vector<ReplicationResult> read_replications(hid_t group, const ResultSizes& sizes, std::uint64_t replications);

}  // namespace tl
