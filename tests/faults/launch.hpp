#pragma once
#include <sys/resource.h>

#include <functional>
#include <map>

#include "scenarios/sha256.hpp"
#include "tests/apps/program.hpp"

// The built program started under bad conditions, and its folder of results looked at afterwards.
namespace tl::test {

/// How the program is started.
struct Launch {
  std::vector<std::string> words = {};          ///< after the program's name
  std::vector<std::string> wrapper = {};        ///< words before the program, as strace and its options
  std::map<std::string, std::string> set = {};  ///< environment
  std::function<void()> in_child = [] {};       ///< limits, descriptors: just before the program starts
  int patience_seconds = 120;                   ///< then it hangs: it is killed, and `hung` is true
};

struct Fate {
  int code = -1;  ///< exit code; minus the signal's number when one ended it
  bool hung = false;
  double seconds = 0.0;
  std::uint64_t peak_bytes = 0;  ///< most memory resident in it or a child it waited for
  std::string out, err;
};

inline void into_file(const std::string& path, int descriptor) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (file < 0 || ::dup2(file, descriptor) < 0) ::_exit(126);
  ::close(file);
}

[[noreturn]] inline void become(const Launch& how, const Folder& folder) {
  into_file(folder / "out", STDOUT_FILENO);
  into_file(folder / "err", STDERR_FILENO);
  ::setenv("NO_COLOR", "1", 1);
  for (const auto& [name, value] : how.set) ::setenv(name.c_str(), value.c_str(), 1);
  std::vector<std::string> all = how.wrapper;
  all.emplace_back(TL_PROGRAM);
  all.insert(all.end(), how.words.begin(), how.words.end());
  std::vector<char*> pointers;
  for (std::string& word : all) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  how.in_child();
  ::execvp(pointers[0], pointers.data());
  ::_exit(125);
}

inline Fate launch(const Launch& how) {
  const Folder folder;
  const auto began = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error{"cannot start a process"};
  if (child == 0) become(how, folder);
  Fate fate;
  int status = 0;
  rusage used{};
  const auto end = began + std::chrono::seconds{how.patience_seconds};
  while (::wait4(child, &status, WNOHANG, &used) == 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
    if (std::chrono::steady_clock::now() < end || fate.hung) continue;
    fate.hung = true;
    ::kill(child, SIGKILL);
  }
  fate.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  fate.peak_bytes = static_cast<std::uint64_t>(used.ru_maxrss) * 1024;
  fate.code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  fate.out = text_of_file(folder / "out");
  fate.err = text_of_file(folder / "err");
  return fate;
}

/// A library preloaded. A sanitizer wants to be first, and is told that it need not.
inline std::map<std::string, std::string> preloaded(const char* library, std::map<std::string, std::string> more = {}) {
  more["LD_PRELOAD"] = library;
  more["ASAN_OPTIONS"] = "verify_asan_link_order=0:detect_leaks=0";
  return more;
}

/// Every file below a folder but the lock: name and digest.
inline std::map<std::string, std::string> files_in(const std::string& folder) {
  std::map<std::string, std::string> found;
  if (!fs::exists(folder)) return found;
  for (const auto& entry : fs::recursive_directory_iterator{folder}) {
    if (!entry.is_regular_file() || entry.path().filename() == ".lock") continue;
    const std::string text = text_of_file(entry.path());
    found[entry.path().lexically_relative(folder).string()] = sha256_hex(std::as_bytes(std::span{text}));
  }
  return found;
}

inline bool has_part(const std::map<std::string, std::string>& files) {
  for (const auto& [name, digest] : files)
    if (name.ends_with(".part")) return true;
  return false;
}

/// What stands under a final name in `files` is what the undisturbed study wrote there. The manifest may be an earlier
/// one.
inline std::string not_whole(const std::map<std::string, std::string>& files,
                             const std::map<std::string, std::string>& reference,
                             const std::map<std::string, std::string>& before = {}) {
  for (const auto& [name, digest] : files) {
    if (name == "manifest.json" || name.ends_with(".part")) continue;
    if (before.contains(name) && before.at(name) == digest) continue;
    if (!reference.contains(name) || reference.at(name) != digest) return name;
  }
  return "";
}

inline void copy_folder(const std::string& from, const std::string& to) {
  fs::remove_all(to);
  fs::copy(from, to, fs::copy_options::recursive);
}

inline void write_text(const std::string& path, const std::string& text) {
  std::ofstream{path, std::ios::binary | std::ios::trunc} << text;
}

/// A study of three scenarios of the tiny model: three shards, some hundredths of a second.
class SmallStudy {
 public:
  SmallStudy() {
    fs::copy_file(test_file("tiny.toml"), folder_ / "tiny.toml");
    write_text(path(),
               "[study]\nmodel = \"tiny.toml\"\nreplications = 2\nseed = 7\n\n[scenarios.baseline]\n\n"
               "[scenarios.more]\nset = { \"settings.crisis.capacity\" = 12 }\n\n"
               "[scenarios.fewer]\nset = { \"settings.crisis.capacity\" = 6 }\n");
  }
  std::string path() const { return folder_ / "study.toml"; }
  std::string in(const std::string& name) const { return folder_ / name; }
  std::vector<std::string> run(const std::string& name, const std::string& threads = "1") const {
    return {"run", path(), "-o", in(name), "--threads", threads};
  }

 private:
  Folder folder_;
};

}  // namespace tl::test
