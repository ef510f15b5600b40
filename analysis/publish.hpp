#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "analysis/store_error.hpp"

namespace tl {

/// "cannot create PATH: No space left on device", and what to do about it.
/// @param doing  as "create"; @param reason  an errno
StoreError refused_by_system(const char* doing, const std::filesystem::path& path, int reason);

/// An open file, closed at the end.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_{number} {}
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor();
  int number() const { return number_; }
  /// 0, or the reason why closing failed: some file systems report a failed write only here.
  int close();

 private:
  int number_;
};

/// A file in the making: "NAME.part", removed again unless it is kept.
/// All throw StoreError, which names the path and the system's reason ("No space left on device").
class PartFile {
 public:
  explicit PartFile(const std::filesystem::path& path);
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;
  ~PartFile();
  /// Puts bytes to the end of what was appended.
  void append(std::span<const std::byte> bytes);
  void write_at(std::uint64_t at, std::span<const std::byte> bytes);
  /// What lies past the end reads as 0.
  void read_at(std::uint64_t at, std::span<std::byte> into) const;
  void resize(std::uint64_t size);
  /// Sees to it that its bytes survive a power cut, renames it, and sees to it that the name survives too.
  void keep();

 private:
  std::filesystem::path final_;
  std::string part_;
  Descriptor file_;
  bool kept_ = false;
};

/// Writes a file so that it appears whole or not at all: "NAME.part" is written and fsynced, renamed onto `path`, and
/// the folder fsynced. Two threads may publish different paths at the same time.
///
/// @throws StoreError  naming the path and the system's reason ("No space left on device"); the part file is gone then,
/// and
///                     what stood at `path` before still stands
void publish(const std::filesystem::path& path, std::span<const std::byte> bytes);

/// A plain file to read, and its length.
struct OpenFile {
  Descriptor file;
  std::uint64_t bytes = 0;
};
/// @param most  bytes; a longer file is refused
/// @throws StoreError  naming the path and the reason
OpenFile open_to_read(const std::filesystem::path& path, std::uint64_t most);
/// Reads as many bytes from there on as there is room for. @returns how many: fewer at the end of the file
std::size_t read_at(int file, const std::filesystem::path& path, std::uint64_t at, std::span<std::byte> into);

/// The whole of a file. @param most  bytes; a longer file is refused before anything is read
/// @throws StoreError  naming the path and the reason
std::vector<std::byte> read_whole_file(const std::filesystem::path& path, std::uint64_t most);

/// Makes the folder and those above it, and sees to it that they survive a power cut.
void make_folder(const std::filesystem::path& path);

}  // namespace tl
