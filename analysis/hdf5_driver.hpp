#pragma once
#include <hdf5.h>

#include <exception>
#include <memory>

#include "analysis/medium.hpp"

// How the HDF5 library comes to the bytes of a file: not by itself, but through a Medium of ours, so that every failure
// has a reason and the library meets none while it writes.
namespace tl::h5 {

/// A medium, and what went wrong with it.
struct Backing {
  std::unique_ptr<Medium> medium;
  /// The first fault. The library does not live through a failed write everywhere, so from then on writes are taken for
  /// done and dropped, and whoever made the file asks here at the end.
  std::exception_ptr fault;

  void rethrow_fault() const {
    if (fault) std::rethrow_exception(fault);
  }
};

/// Makes a file access list open what lies in `backing`, whatever name is given. The file keeps a share of it.
/// @returns negative when the library refuses
herr_t set_backing(hid_t file_access, const std::shared_ptr<Backing>& backing);

}  // namespace tl::h5
