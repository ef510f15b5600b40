#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "analysis/store_error.hpp"

namespace tl {

/// "cannot create PATH: No space left on device", and what to do about it.
/// @param doing  as "create"; @param reason  an errno
StoreError refused_by_system(const char* doing, const std::filesystem::path& path, int reason);

/// Writes a file so that it appears whole or not at all: "NAME.part" is written and fsynced, renamed onto `path`, and
/// the folder fsynced. Two threads may publish different paths at the same time.
///
/// @throws StoreError  naming the path and the system's reason ("No space left on device"); the part file is gone then,
/// and
///                     what stood at `path` before still stands
void publish(const std::filesystem::path& path, std::span<const std::byte> bytes);

/// The whole of a file. @param most  bytes; a longer file is refused before anything is read
/// @throws StoreError  naming the path and the reason
std::vector<std::byte> read_whole_file(const std::filesystem::path& path, std::uint64_t most);

/// Makes the folder and those above it, and sees to it that they survive a power cut.
void make_folder(const std::filesystem::path& path);

}  // namespace tl
