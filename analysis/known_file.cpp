#include "analysis/known_file.hpp"

#include "analysis/publish.hpp"
#include "analysis/store_error.hpp"
#include "scenarios/sha256.hpp"

namespace tl {

void require_length(const std::filesystem::path& path, std::uint64_t bytes, const KnownFile& known) {
  if (bytes != known.bytes)
    throw DamagedFile{path.string() + " is damaged: it has " + std::to_string(bytes) + " bytes, not " +
                      std::to_string(known.bytes) + " as the manifest says"};
}

void require_digest(const std::filesystem::path& path, const std::string& sha256, const KnownFile& known) {
  if (sha256 != known.sha256)
    throw DamagedFile{path.string() + " is damaged: its SHA-256 is not the one in the manifest"};
}

std::vector<std::byte> read_known_file(const std::filesystem::path& path, const KnownFile& known) {
  std::vector<std::byte> bytes = read_whole_file(path, kLargestFile);
  require_length(path, bytes.size(), known);
  require_digest(path, sha256_hex(bytes), known);
  return bytes;
}

}  // namespace tl
