#pragma once
#include <filesystem>

namespace tl {

/// Keeps other processes out of a folder of results while it lives. The lock ends with the process, however that ends.
class FolderLock {
 public:
  /// For a process that writes: nobody else may write or read. @throws StoreError  when another process has it
  static FolderLock to_write(const std::filesystem::path& folder);
  /// For one that only reads: others may read too. A folder in which nobody ever worked needs no lock.
  /// @throws StoreError  when another process writes
  static FolderLock to_read(const std::filesystem::path& folder);

  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int file) : file_{file} {}
  int file_ = -1;
};

}  // namespace tl
