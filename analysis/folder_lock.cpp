#include "analysis/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "analysis/publish.hpp"
#include "analysis/store_error.hpp"

namespace tl {
namespace {

int open_again(const std::string& path, int flags) {
  int file = -1;
  do file = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
  while (file < 0 && errno == EINTR);
  return file;
}

/// @returns 0, or why the lock cannot be had
int lock_now(int file, int kind) {
  int result = 0;
  do result = ::flock(file, kind | LOCK_NB);
  while (result != 0 && errno == EINTR);
  return result == 0 ? 0 : errno;
}

}  // namespace

FolderLock FolderLock::to_write(const std::filesystem::path& folder) {
  const std::string path = (folder / ".lock").string();
  FolderLock lock{open_again(path, O_RDWR | O_CREAT)};
  if (lock.file_ < 0) throw refused_by_system("create", path, errno);
  const int reason = lock_now(lock.file_, LOCK_EX);
  if (reason == 0) return lock;
  if (reason == EWOULDBLOCK)
    throw StoreError{"another process is working on " + folder.string() +
                     ". Wait until it ends, or choose another folder with -o"};
  throw refused_by_system("lock", path, reason);
}

FolderLock FolderLock::to_read(const std::filesystem::path& folder) {
  const std::string path = (folder / ".lock").string();
  FolderLock lock{open_again(path, O_RDONLY)};
  if (lock.file_ < 0 && errno == ENOENT) return lock;
  if (lock.file_ < 0) throw refused_by_system("open", path, errno);
  const int reason = lock_now(lock.file_, LOCK_SH);
  if (reason == 0) return lock;
  if (reason == EWOULDBLOCK)
    throw StoreError{"another process is still working on " + folder.string() + ". Wait until it ends"};
  throw refused_by_system("lock", path, reason);
}

FolderLock::FolderLock(FolderLock&& other) noexcept : file_{std::exchange(other.file_, -1)} {}

FolderLock::~FolderLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace tl
