#pragma once
#include <stdexcept>

namespace tl {

/// Results could not be kept or read back. The text names the path, the reason and what to try.
struct StoreError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace tl
