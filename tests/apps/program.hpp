#pragma once
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

// The built program as a child process, with its output in files.
namespace tl::test {

namespace fs = std::filesystem;

inline std::string text_of_file(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A folder of its own for each test, gone afterwards.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "throughline-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

struct Ended {
  int code = -1;  ///< exit code; minus the signal's number when one ended it
  std::string out, err;
};

/// A started program. `stdout_to` may name a device.
class Program {
 public:
  explicit Program(const std::vector<std::string>& words, const std::string& stdout_to = "") {
    const std::string out = stdout_to.empty() ? folder_ / "out" : stdout_to, err = folder_ / "err";
    child_ = ::fork();
    if (child_ < 0) throw std::runtime_error{"cannot start a process"};
    if (child_ > 0) return;
    redirect(out, STDOUT_FILENO);
    redirect(err, STDERR_FILENO);
    ::setenv("NO_COLOR", "1", 1);
    std::vector<std::string> all{TL_PROGRAM};
    all.insert(all.end(), words.begin(), words.end());
    std::vector<char*> pointers;
    for (std::string& word : all) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    ::execv(TL_PROGRAM, pointers.data());
    ::_exit(127);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program() {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }

  void send(int signal) const { ::kill(child_, signal); }

  Ended wait() {
    int status = 0;
    ::waitpid(child_, &status, 0);
    child_ = -1;
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), text_of_file(folder_ / "out"),
            text_of_file(folder_ / "err")};
  }

 private:
  static void redirect(const std::string& path, int descriptor) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT, 0600);
    if (file < 0 || ::dup2(file, descriptor) < 0) ::_exit(126);
  }

  Folder folder_;
  pid_t child_ = -1;
};

inline Ended run_program(const std::vector<std::string>& words) {
  return Program{words}.wait();
}

/// A model or study of tests/apps/models.
inline std::string test_file(const std::string& name) {
  return std::string{TL_SOURCE_DIR "/tests/apps/models/"} + name;
}

}  // namespace tl::test
