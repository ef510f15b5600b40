#pragma once
#include <stdexcept>

namespace tl {

/// Results could not be kept or read back. The text names the path, the reason and what to try.
struct StoreError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A folder holds results of another study, or of another form of this one.
struct ForeignResults : StoreError {
  using StoreError::StoreError;
};

/// A file is not what the manifest says of it.
struct DamagedFile : StoreError {
  using StoreError::StoreError;
};

}  // namespace tl
