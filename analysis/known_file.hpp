#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace tl {

/// A published file and how to know it again.
struct KnownFile {
  std::uint64_t bytes = 0;
  std::string sha256;
  friend bool operator==(const KnownFile&, const KnownFile&) = default;
};

/// No file of ours is longer.
inline constexpr std::uint64_t kLargestFile = std::uint64_t{64} << 30;

/// @throws DamagedFile  naming the path, when it is not what the manifest says
void require_length(const std::filesystem::path& path, std::uint64_t bytes, const KnownFile& known);
void require_digest(const std::filesystem::path& path, const std::string& sha256, const KnownFile& known);

/// The bytes of a file that the manifest knows, after checking their number and digest.
/// @throws StoreError  naming the path and what does not agree
std::vector<std::byte> read_known_file(const std::filesystem::path& path, const KnownFile& known);

}  // namespace tl
