#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "scenarios/sha256.hpp"
#include "tests/apps/program.hpp"

namespace tl::test {

/// Every file of a folder of results but the lock and unfinished parts: name and digest.
inline std::map<std::string, std::string> published(const std::string& folder) {
  std::map<std::string, std::string> found;
  if (!fs::exists(folder)) return found;
  for (const auto& entry : fs::recursive_directory_iterator{folder}) {
    if (!entry.is_regular_file() || entry.path().extension() == ".part") continue;
    const std::string text = text_of_file(entry.path());
    if (!text.empty())
      found[entry.path().lexically_relative(folder).string()] = sha256_hex(std::as_bytes(std::span{text}));
  }
  return found;
}

/// Waits until the run has kept its first shard, at most a minute. @returns false when it never did
inline bool wait_for_a_shard(const std::string& folder) {
  for (int i = 0; i < 6000; ++i) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator{folder + "/shards", ignored})
      if (entry.path().extension() == ".h5") return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  return false;
}

}  // namespace tl::test
