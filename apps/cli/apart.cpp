#include "apps/cli/apart.hpp"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <new>
#include <system_error>

#include "apps/cli/breaking_off.hpp"
#include "apps/cli/terminal.hpp"
#include "scenarios/estimate.hpp"

namespace tl {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20;
/// What reading takes beside the files: the library's caches, tables of objects.
constexpr std::uint64_t kRoomToRead = 64 * kMebibyte;
/// Far slower than any machine reads, so that only work without end meets it.
constexpr std::uint64_t kBytesASecond = 4 * kMebibyte;
constexpr std::uint64_t kSecondsToRead = 10;

/// A page that both processes see: whether the child is at the file.
class SharedFlag {
 public:
  SharedFlag()
      : page_{::mmap(nullptr, sizeof(std::atomic<bool>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)} {
    if (page_ == MAP_FAILED) throw std::bad_alloc{};
    flag_ = new (page_) std::atomic<bool>{false};
  }
  SharedFlag(const SharedFlag&) = delete;
  SharedFlag& operator=(const SharedFlag&) = delete;
  ~SharedFlag() { ::munmap(page_, sizeof(std::atomic<bool>)); }
  std::atomic<bool>& flag() { return *flag_; }

 private:
  void* page_;
  std::atomic<bool>* flag_ = nullptr;
};

/// Only the soft limit, so that it can be lifted again.
void limit(decltype(RLIMIT_AS) what, std::uint64_t most) {
  rlimit now{};
  if (::getrlimit(what, &now) != 0) return;
  now.rlim_cur = std::min<rlim_t>(most, now.rlim_max);
  ::setrlimit(what, &now);
}
void lift(decltype(RLIMIT_AS) what) {
  limit(what, RLIM_INFINITY);
}

std::uint64_t address_space_used() {
  std::uint64_t pages = 0;
  std::ifstream{"/proc/self/statm"} >> pages;
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t seconds_used() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return static_cast<std::uint64_t>(used.ru_utime.tv_sec + used.ru_stime.tv_sec);
}

/// From here on so much memory and work more.
void allow(std::uint64_t memory, std::uint64_t bytes_to_work_on) {
  constexpr std::uint64_t kOfASanitizer = std::uint64_t{1} << 40;  // it reserves addresses by the tebibyte
  const std::uint64_t used = address_space_used();
  if (used > 0 && used < kOfASanitizer) limit(RLIMIT_AS, used + kRoomToRead + memory);
  limit(RLIMIT_CPU, seconds_used() + kSecondsToRead + bytes_to_work_on / kBytesASecond);
}

std::uint64_t size_of_file(const fs::path& path) {
  std::error_code fault;
  const std::uintmax_t size = fs::file_size(path, fault);
  return fault ? 0 : size;
}

constexpr const char* kMade =
    ". It is damaged, or was made to do harm, although it fits its manifest. Do not use it; run the study again";

/// The folder of a results.h5, however it was named.
fs::path folder_of(const fs::path& folder) {
  return fs::is_directory(folder) ? folder : folder.parent_path();
}

/// Bounds whatever is read of the file, and notes in `reading` when it is.
ReadingBounds bounds_for(const fs::path& where, std::atomic<bool>& reading) {
  const std::uint64_t results = size_of_file(where / "results.h5");
  ReadingBounds bounds;
  bounds.before = [=, &reading](const h5::Survey& found) {
    const std::uint64_t there = resources_for(where).memory_bytes;
    if (found.held_bytes > there / 10 * 8)
      throw StoreError{"reading it takes " + shown_bytes(found.held_bytes) +
                       " of memory, more than 80% of the machine's " + shown_bytes(there)};
    allow(8 * found.held_bytes + 3 * results, found.declared_bytes + results);
    reading = true;
  };
  bounds.after = [&reading] {
    lift(RLIMIT_AS);
    lift(RLIMIT_CPU);
    reading = false;
  };
  return bounds;
}

/// Everything in the child: reads the results and uses them, which reads the rest.
ExitCode use_within_bounds(const fs::path& folder, std::atomic<bool>& reading,
                           const std::function<ExitCode(const StudyResults& study)>& use) {
  const fs::path where = folder_of(folder);
  const std::uint64_t manifest = size_of_file(where / "manifest.json"), results = size_of_file(where / "results.h5");
  // JSON in memory takes some 20 times its text.
  allow(24 * manifest + 3 * results, manifest + results);
  reading = true;
  try {
    return use(load_results(folder, bounds_for(where, reading)));
  } catch (const std::bad_alloc&) {
    if (!reading) throw;
    lift(RLIMIT_AS);  // the message needs room too
    throw StoreError{"cannot read " + (where / "results.h5").string() +
                     ": it takes more memory than a file of its size has use for" + kMade};
  }
}

int status_of(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

/// The user stopped the command, not the file.
void end_likewise(int signal) {
  std::signal(signal, SIG_DFL);
  ::raise(signal);
}

ExitCode outcome_of(pid_t child, const fs::path& folder, const std::atomic<bool>& reading) {
  const int status = status_of(child);
  if (WIFEXITED(status)) return static_cast<ExitCode>(WEXITSTATUS(status));
  const int signal = WTERMSIG(status);
  if (signal == SIGINT || signal == SIGTERM || signal == SIGHUP || signal == SIGQUIT) end_likewise(signal);
  if (!reading) throw std::runtime_error{std::string{"ended by signal "} + ::strsignal(signal)};
  if (signal == SIGXCPU)
    throw StoreError{"reading the results in " + folder.string() + " does not come to an end" + kMade};
  throw StoreError{"reading the results in " + folder.string() + " was ended by the signal \"" + ::strsignal(signal) +
                   "\"" + kMade};
}

}  // namespace

ExitCode with_results(const fs::path& folder, const std::function<ExitCode(const StudyResults& study)>& use) {
  finish_output();  // else both would write what is buffered
  SharedFlag reading;
  const pid_t parent = ::getpid(), child = ::fork();
  if (child < 0)
    throw StoreError{"cannot start a process to read " + folder.string() + ": " +
                     std::generic_category().message(errno) + ". End other programs and try again"};
  if (child > 0) return outcome_of(child, folder, reading.flag());
  leave_signals_to_parent();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(static_cast<int>(ExitCode::errors));  // the parent was ended meanwhile
  return use_within_bounds(folder, reading.flag(), use);
}

}  // namespace tl
