#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace tl {

/// SHA-256 (FIPS 180-4) of bytes given piece by piece, by OpenSSL's libcrypto.
class Sha256 {
 public:
  Sha256();
  void add(std::span<const std::byte> bytes);
  /// 64 lower-case hexadecimal digits; nothing can be added afterwards.
  std::string hex();

 private:
  struct Free {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, Free> context_;
};

/// SHA-256 of all the bytes, as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::span<const std::byte> bytes);

}  // namespace tl
