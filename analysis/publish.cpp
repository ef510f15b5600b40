#include "analysis/publish.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

#include "analysis/store_error.hpp"

namespace tl {

StoreError refused_by_system(const char* doing, const std::filesystem::path& path, int reason) {
  std::string hint;
  if (reason == ENOSPC || reason == EDQUOT || reason == EFBIG)
    hint = ". Free some space (or raise the limit) and give the same command again: finished work is kept";
  else if (reason == EACCES || reason == EPERM || reason == EROFS)
    hint = ". Choose a folder you may write to with -o";
  else if (reason == EMFILE || reason == ENFILE)
    hint = ". Raise the limit of open files (ulimit -n 256) and give the same command again: finished work is kept";
  else if (reason == EIO)
    hint =
        ". The disk or its connection has a fault; when it is mended, the same command goes on: finished work is kept";
  return StoreError{std::string{"cannot "} + doing + " " + path.string() + ": " +
                    std::generic_category().message(reason) + hint};
}

namespace {

[[noreturn]] void fail(const char* doing, const std::filesystem::path& path, int reason) {
  throw refused_by_system(doing, path, reason);
}

int open_again(const char* path, int flags, mode_t mode = 0) {
  int number = -1;
  do number = ::open(path, flags | O_CLOEXEC, mode);
  while (number < 0 && errno == EINTR);
  return number;
}

/// A file-size limit sends SIGXFSZ, which would end the process: held back here, it becomes an ordinary EFBIG.
class FileSizeSignalHeld {
 public:
  FileSizeSignalHeld() {
    sigset_t pending;
    sigemptyset(&only_);
    sigaddset(&only_, SIGXFSZ);
    sigemptyset(&pending);
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGXFSZ) == 1;
    pthread_sigmask(SIG_BLOCK, &only_, &before_);
  }
  FileSizeSignalHeld(const FileSizeSignalHeld&) = delete;
  FileSizeSignalHeld& operator=(const FileSizeSignalHeld&) = delete;
  ~FileSizeSignalHeld() {
    sigset_t pending;
    sigemptyset(&pending);
    sigpending(&pending);
    int taken = 0;
    if (!was_pending_ && sigismember(&pending, SIGXFSZ) == 1) sigwait(&only_, &taken);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t only_{}, before_{};
  bool was_pending_ = false;
};

void sync_folder(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.empty() ? std::filesystem::path{"."} : path;
  const Descriptor file{open_again(folder.c_str(), O_RDONLY | O_DIRECTORY)};
  if (file.number() < 0) fail("open the folder", folder, errno);
  // Some file systems have no fsync for folders and say EINVAL; there the rename is all one can do.
  if (::fsync(file.number()) != 0 && errno != EINVAL && errno != EINTR) fail("write the folder", folder, errno);
}

/// @param write_some  given what is left, says how much of it was written, or a negative number
template <class WriteSome>
void write_all(std::span<const std::byte> bytes, const std::filesystem::path& path, const WriteSome& write_some) {
  const FileSizeSignalHeld held;
  while (!bytes.empty()) {
    const ssize_t written = write_some(bytes);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("write", path, errno);
    if (written == 0) fail("write", path, EIO);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

}  // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

int Descriptor::close() {
  const int result = ::close(std::exchange(number_, -1));
  return result == 0 || errno == EINTR ? 0 : errno;
}

PartFile::PartFile(const std::filesystem::path& path)
    : final_{path}, part_{path.string() + ".part"}, file_{open_again(part_.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0644)} {
  if (file_.number() < 0) fail("create", part_, errno);
}

PartFile::~PartFile() {
  if (!kept_) ::unlink(part_.c_str());
}

void PartFile::append(std::span<const std::byte> bytes) {
  write_all(bytes, final_, [&](auto left) { return ::write(file_.number(), left.data(), left.size()); });
}

void PartFile::write_at(std::uint64_t at, std::span<const std::byte> bytes) {
  const std::byte* begin = bytes.data();
  write_all(bytes, final_, [&](auto left) {
    return ::pwrite(file_.number(), left.data(), left.size(), static_cast<off_t>(at) + (left.data() - begin));
  });
}

void PartFile::read_at(std::uint64_t at, std::span<std::byte> into) const {
  const std::size_t got = tl::read_at(file_.number(), part_, at, into);
  std::fill(into.begin() + static_cast<std::ptrdiff_t>(got), into.end(), std::byte{0});
}

void PartFile::resize(std::uint64_t size) {
  const FileSizeSignalHeld held;
  int result = 0;
  do result = ::ftruncate(file_.number(), static_cast<off_t>(size));
  while (result != 0 && errno == EINTR);
  if (result != 0) fail("write", final_, errno);
}

void PartFile::keep() {
  int result = 0;
  do result = ::fsync(file_.number());
  while (result != 0 && errno == EINTR);
  if (result != 0) fail("write", final_, errno);
  if (const int reason = file_.close()) fail("write", final_, reason);
  do result = ::rename(part_.c_str(), final_.c_str());  // on network file systems a signal can cut it short
  while (result != 0 && errno == EINTR);
  if (result != 0) fail("rename onto", final_, errno);
  kept_ = true;
  sync_folder(final_.parent_path());
}

void publish(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  PartFile part{path};
  part.append(bytes);
  part.keep();
}

OpenFile open_to_read(const std::filesystem::path& path, std::uint64_t most) {
  Descriptor file{open_again(path.c_str(), O_RDONLY | O_NONBLOCK)};  // a FIFO must not hold us up
  if (file.number() < 0) fail("open", path, errno);
  struct stat about {};
  if (::fstat(file.number(), &about) != 0) fail("read", path, errno);
  if (!S_ISREG(about.st_mode)) throw StoreError{"cannot read " + path.string() + ": it is not a plain file"};
  const auto size = static_cast<std::uint64_t>(about.st_size);
  if (size > most)
    throw StoreError{"cannot read " + path.string() + ": it has " + std::to_string(size) +
                     " bytes, more than the limit of " + std::to_string(most)};
  return {std::move(file), size};
}

std::size_t read_at(int file, const std::filesystem::path& path, std::uint64_t at, std::span<std::byte> into) {
  std::size_t have = 0;
  while (have < into.size()) {
    const ssize_t got = ::pread(file, into.data() + have, into.size() - have, static_cast<off_t>(at + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("read", path, errno);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  return have;
}

std::vector<std::byte> read_whole_file(const std::filesystem::path& path, std::uint64_t most) {
  const OpenFile open = open_to_read(path, most);
  std::vector<std::byte> bytes(static_cast<std::size_t>(open.bytes));
  if (read_at(open.file.number(), path, 0, bytes) < bytes.size())
    throw StoreError{"cannot read " + path.string() + ": it became shorter while it was read"};
  return bytes;
}

void make_folder(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return;
  std::filesystem::create_directories(path, error);
  if (error) fail("make the folder", path, error.value());
  sync_folder(std::filesystem::absolute(path).lexically_normal().parent_path());
}

}  // namespace tl
