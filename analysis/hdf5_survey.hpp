#pragma once
#include <hdf5.h>

#include <cstdint>

namespace tl::h5 {

/// What a file says it holds.
struct Survey {
  std::uint64_t objects = 0;         ///< groups and arrays below the root
  std::uint64_t declared_bytes = 0;  ///< all arrays unpacked
  std::uint64_t held_bytes = 0;      ///< the same, but only one replication of what scenarios have by replication
};

/// Looks at every object of an opened file before any number of it is read, and allocates nothing by what the file
/// declares. A manifest that fits says only that the file was not changed since; it may have been made to do harm.
///
/// @throws StoreError  naming the object: a link to another file or by name, an object found twice or nested deeper
/// than
///                     we ever write, more objects or attributes than we write, an array of another kind, with numbers
///                     kept elsewhere or packed by other filters, or that declares more than its storage can hold
Survey survey(hid_t file);

}  // namespace tl::h5
