#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <clocale>
#include <cstring>
#include <iostream>

#include "tests/catch.hpp"
#include "tests/faults/launch.hpp"

// Reliability rows 5 and 40: what surrounds the program (locale, time zone, folder, addresses, memory, clock,
// descriptors, streams) changes no byte of the results, or is told.

using namespace tl::test;
using Catch::Contains;

namespace {

/// Runs the small study on two threads and compares with what an undisturbed run wrote.
class Surroundings {
 public:
  Surroundings() {
    REQUIRE(launch({.words = study_.run("plain", "2")}).code == 0);
    reference_ = files_in(study_.in("plain"));
    REQUIRE(reference_.contains("results.h5"));
  }

  Fate start(Launch how) {
    fs::remove_all(study_.in("at"));
    how.words = study_.run("at", "2");
    return launch(how);
  }
  /// @returns what happened when it ended well
  void same_bytes(const std::string& what, const Launch& how) {
    const Fate fate = start(how);
    CAPTURE(what, fate.code, fate.err);
    CHECK(fate.code == 0);
    CHECK(files_in(study_.in("at")) == reference_);
    ++tried;
  }
  std::map<std::string, std::string> now() const { return files_in(study_.in("at")); }
  const std::map<std::string, std::string>& reference() const { return reference_; }
  const SmallStudy& study() const { return study_; }
  int tried = 0;

 private:
  SmallStudy study_;
  std::map<std::string, std::string> reference_;
};

/// In a child, so that this process's own locale stays: how 1.5 is written there.
std::string one_and_a_half_in(const std::string& locale, const std::string& locpath) {
  int ends[2];
  if (::pipe(ends) != 0) return "";
  const pid_t child = ::fork();
  if (child == 0) {
    ::setenv("LOCPATH", locpath.c_str(), 1);
    char text[16] = "no such locale";
    if (std::setlocale(LC_ALL, locale.c_str()) != nullptr) std::snprintf(text, sizeof text, "%.1f", 1.5);
    ::_exit(::write(ends[1], text, std::strlen(text)) > 0 ? 0 : 1);
  }
  ::waitpid(child, nullptr, 0);
  char text[16] = "";
  const ssize_t got = ::read(ends[0], text, sizeof text);
  ::close(ends[0]);
  ::close(ends[1]);
  return {text, static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
}

}  // namespace

TEST_CASE("names of locales, time zones, folders and memory patterns change no byte") {
  Surroundings at;
  for (const char* locale : {"C", "POSIX", "C.utf8", "de_DE.UTF-8", "no_such.locale"})
    at.same_bytes(locale, {.set = {{"LC_ALL", locale}, {"LANG", locale}}});
  for (const char* zone : {"UTC", "Pacific/Apia", "America/Los_Angeles", ":/no/such/file"})
    at.same_bytes(zone, {.set = {{"TZ", zone}}});
  at.same_bytes("another folder", {.in_child = [] { (void)!::chdir("/"); }});
  at.same_bytes("no HOME, no TERM", {.in_child = [] {
                  ::unsetenv("HOME");
                  ::unsetenv("TERM");
                }});
  at.same_bytes("no terminal at all", {.in_child = [] { ::setsid(); }});
  at.same_bytes("a home that cannot be written",
                {.set = {{"HOME", "/proc"}, {"TMPDIR", "/proc"}, {"XDG_CACHE_HOME", "/proc"}}});
  at.same_bytes("freed memory overwritten", {.set = {{"MALLOC_PERTURB_", "165"}}});
  at.same_bytes("strict file modes", {.in_child = [] { ::umask(0077); }});
  std::cout << "surroundings: " << at.tried << " ways, the same bytes\n";
}

TEST_CASE("a decimal comma, fixed addresses and a masked processor change no byte", "[nightly]") {
  Surroundings at;
  const Folder folder;
  const std::string locale = "de_DE.UTF-8";
  const std::string make = "localedef -f UTF-8 -i de_DE '" + (folder / locale) + "' 2>/dev/null";
  if (std::system(make.c_str()) != 0) FAIL("localedef cannot make de_DE: apt-get install locales");
  REQUIRE(one_and_a_half_in(locale, folder / "") == "1,5");
  at.same_bytes("a decimal comma", {.set = {{"LOCPATH", folder / ""}, {"LC_ALL", locale}, {"LANG", locale}}});
  at.same_bytes("fixed addresses", {.wrapper = {"setarch", "-R"}});
  for (const char* pattern : {"1", "85", "255"}) at.same_bytes(pattern, {.set = {{"MALLOC_PERTURB_", pattern}}});
  at.same_bytes("one arena", {.set = {{"MALLOC_ARENA_MAX", "1"}}});
  at.same_bytes("every allocation mapped", {.set = {{"MALLOC_MMAP_THRESHOLD_", "1"}}});
  for (const char* locale_more : {"LC_NUMERIC", "LC_TIME", "LC_CTYPE"})
    at.same_bytes(locale_more, {.set = {{"LOCPATH", folder / ""}, {locale_more, locale}}});
  std::cout << "surroundings, nightly: " << at.tried << " ways, the same bytes\n";
}

TEST_CASE("a preloaded library that flushes small numbers to zero is refused at the start") {
  Surroundings at;
  const Fate fate = at.start({.set = preloaded(TL_SHIM_FAST)});
  CAPTURE(fate.code, fate.err);
  if (fate.code == 0) {  // the compiler's fast arithmetic leaves the process alone
    CHECK(at.now() == at.reference());
    return;
  }
  CHECK(fate.code == 1);
  CHECK_THAT(fate.err, Contains("very small numbers") && Contains("LD_PRELOAD"));
  CHECK(at.now().empty());
}

TEST_CASE("a clock that runs backwards changes no byte") {
  Surroundings at;
  at.same_bytes("clock", {.set = preloaded(TL_SHIM_FILES, {{"TL_CLOCK_BACK", "1"}})});
}

TEST_CASE("with missing standard streams nothing of the messages gets into a result") {
  Surroundings at;
  for (const std::vector<int>& missing : std::vector<std::vector<int>>{{0}, {1}, {2}, {0, 1}, {1, 2}, {0, 1, 2}}) {
    std::string name = "missing";
    for (const int stream : missing) name += ' ' + std::to_string(stream);
    at.same_bytes(name, {.in_child = [&] {
                    for (const int stream : missing) ::close(stream);
                  }});
    CHECK(text_of_file(at.study().in("at") + "/.lock").empty());
  }
  // Of a table that nobody can read nothing is left to complain of either.
  for (const int stream : {0, 1, 2})
    CHECK(launch({.words = {"results", at.study().in("plain")}, .in_child = [&] { ::close(stream); }}).code == 0);
}

TEST_CASE("a reader who goes away is no error, a full device is") {
  Surroundings at;
  const std::vector<std::string> words{"results", at.study().in("plain"), "--format", "csv"};
  const Fate gone = launch({.words = words, .in_child = [] {
                              int ends[2];
                              if (::pipe(ends) != 0) ::_exit(124);
                              ::close(ends[0]);
                              ::dup2(ends[1], STDOUT_FILENO);
                            }});
  CHECK(gone.code == 0);
  const auto to_full = [](int stream) { return [stream] { ::dup2(::open("/dev/full", O_WRONLY), stream); }; };
  const Fate full = launch({.words = words, .in_child = to_full(STDOUT_FILENO)});
  CAPTURE(full.err);
  CHECK(full.code == 1);
  CHECK_THAT(full.err, Contains("standard output: No space left on device"));
  CHECK(launch({.words = words, .in_child = to_full(STDERR_FILENO)}).code == 0);

  // The results of a run are kept in any case.
  const Fate run = at.start({.in_child = to_full(STDOUT_FILENO)});
  CHECK(run.code == 1);
  CHECK_THAT(run.err, Contains("standard output: No space left on device"));
  CHECK(at.now() == at.reference());
}

TEST_CASE("with few descriptors a command ends in a message or with the right bytes") {
  Surroundings at;
  int refused = 0, done = 0;
  for (rlim_t most = 3; most <= 24; most += most < 10 ? 1 : 7) {
    const Fate fate = at.start({.in_child = [&] {
      for (int file = 3; file < 64; ++file) ::close(file);
      const rlimit few{most, most};
      ::setrlimit(RLIMIT_NOFILE, &few);
    }});
    CAPTURE(most, fate.code, fate.err);
    CHECK_FALSE(fate.hung);
    CHECK_FALSE(has_part(at.now()));
    CHECK(not_whole(at.now(), at.reference()).empty());
    if (fate.code == 0) {
      CHECK(at.now() == at.reference());
      ++done;
    } else {
      CHECK((fate.code == 1 || fate.code == 127));  // 127: the loader has no descriptor for the libraries
      CHECK_THAT(fate.err, Contains("Too many open files") || Contains("open shared object file"));
      ++refused;
    }
  }
  CHECK(refused > 0);
  CHECK(done > 0);
  std::cout << "descriptors 3 to 24: " << refused << " refused, " << done << " done\n";
}

TEST_CASE("results that vanish during a run end it with a message, and the same command begins anew") {
  const Folder folder;
  const std::string results = folder / "r";
  const std::vector<std::string> words{"run", test_file("long.toml"), "-o", results, "--threads", "2"};
  Program program{words};
  for (int i = 0; i < 6000 && !fs::exists(results + "/manifest.json"); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  fs::rename(results, folder / "elsewhere");
  const Ended ended = program.wait();
  CAPTURE(ended.err);
  CHECK(ended.code == 1);
  CHECK_THAT(ended.err, Contains(results) && Contains("No such file or directory"));
  CHECK_FALSE(fs::exists(results));
}
