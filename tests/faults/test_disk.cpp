#include <sys/mount.h>
#include <sys/resource.h>

#include <iostream>

#include "tests/catch.hpp"
#include "tests/faults/launch.hpp"

// Reliability row 35: a disk that is really full, too small, or out of file entries; and files that may not grow.

using namespace tl::test;
using Catch::Contains;

namespace {

/// A disk of its own, in memory. Only root may make one.
class SmallDisk {
 public:
  SmallDisk(const std::string& at, const std::string& options) : at_{at} {
    fs::create_directories(at);
    mounted_ = ::mount("none", at.c_str(), "tmpfs", 0, options.c_str()) == 0;
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    if (mounted_) ::umount2(at_.c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }

 private:
  std::string at_;
  bool mounted_ = false;
};

/// No room left: whatever is written next fails.
void fill(const std::string& file) {
  std::ofstream out{file, std::ios::binary};
  const std::string block(4096, 'x');
  while (out.write(block.data(), 4096).flush()) {
  }
}

struct Tally {
  int refused = 0, failed = 0, done = 0;
};

void judge(const Fate& fate, const std::string& folder, const std::map<std::string, std::string>& reference,
           const char* reason, Tally& tally) {
  const auto now = files_in(folder);
  CHECK_FALSE(has_part(now));
  CHECK(not_whole(now, reference).empty());
  if (fate.code == 0) {
    CHECK(now == reference);
    ++tally.done;
    return;
  }
  CHECK(fate.code == 1);
  const bool told_before = fate.err.find("free on that disk") != std::string::npos;
  ++(told_before ? tally.refused : tally.failed);
  if (told_before) return;
  CHECK_THAT(fate.err, Contains(reason) && Contains(folder));
  CHECK_THAT(fate.err, Contains("Free some space"));
}

}  // namespace

TEST_CASE("files that may not grow end a run with a message, and nothing half written") {
  const SmallStudy study;
  REQUIRE(launch({.words = study.run("plain")}).code == 0);
  const auto reference = files_in(study.in("plain"));
  Tally tally;
  for (const rlim_t most : {0U, 1U, 4096U, 16384U, 32768U, 65536U, 131072U, 1048576U}) {
    const std::string at = study.in("at" + std::to_string(most));
    const Fate fate = launch({.words = study.run("at" + std::to_string(most)), .in_child = [&] {
                                // standard error is a file too, and its messages are wanted
                                const rlimit limit{most, RLIM_INFINITY};
                                ::setrlimit(RLIMIT_FSIZE, &limit);
                                int ends[2];
                                if (::pipe(ends) != 0) ::_exit(124);
                                const pid_t copier = ::fork();
                                if (copier == 0) {
                                  const rlimit none{RLIM_INFINITY, RLIM_INFINITY};
                                  ::setrlimit(RLIMIT_FSIZE, &none);
                                  ::close(ends[1]);
                                  char text[512];
                                  for (ssize_t got = 0; (got = ::read(ends[0], text, sizeof text)) > 0;)
                                    (void)!::write(STDERR_FILENO, text, static_cast<std::size_t>(got));
                                  ::_exit(0);
                                }
                                ::dup2(ends[1], STDERR_FILENO);
                                ::close(ends[0]);
                                ::close(ends[1]);
                                ::dup2(::open("/dev/null", O_WRONLY), STDOUT_FILENO);
                              }});
    CAPTURE(most, fate.code, fate.err);
    const auto now = files_in(at);
    CHECK_FALSE(has_part(now));
    CHECK(not_whole(now, reference).empty());
    CHECK(fate.code == (now == reference ? 0 : 1));
    ++(fate.code == 0 ? tally.done : tally.failed);
    CHECK(launch({.words = study.run("at" + std::to_string(most))}).code == 0);
    CHECK(files_in(at) == reference);
  }
  CHECK(tally.failed >= 4);
  CHECK(tally.done >= 1);
}

TEST_CASE("disks of 4 KiB and more, with few entries, or filled on the way", "[nightly]") {
  const SmallStudy study;
  REQUIRE(launch({.words = study.run("plain")}).code == 0);
  const auto reference = files_in(study.in("plain"));
  const std::string disk = study.in("disk");
  if (const SmallDisk probe{disk, "size=4k"}; !probe.mounted()) {
    WARN("a disk of one's own can be made by root only: the test of files that may not grow stands for this one");
    return;
  }
  Tally sizes, entries, filled;
  for (int kib = 4; sizes.done < 3; kib *= 2) {
    const SmallDisk small{disk, "size=" + std::to_string(kib) + "k"};
    CAPTURE(kib);
    judge(launch({.words = study.run("disk/r")}), disk + "/r", reference, "No space left on device", sizes);
  }
  for (int most = 2; entries.done < 3; ++most) {
    const SmallDisk small{disk, "nr_inodes=" + std::to_string(most)};
    const Fate fate = launch({.words = study.run("disk/r")});
    CAPTURE(most, fate.err);
    judge(fate, disk + "/r", reference, "No space left on device", entries);
  }
  // Room for all is promised and then taken: from the first shard on, and step by step given back.
  REQUIRE(launch({.words = {"run", test_file("long.toml"), "-o", study.in("long"), "--threads", "2"}}).code == 0);
  const auto long_reference = files_in(study.in("long"));
  const SmallDisk small{disk, "size=256m"};
  const std::vector<std::string> words{"run", test_file("long.toml"), "-o", disk + "/r", "--threads", "2"};
  {
    Program program{words};
    for (int i = 0; i < 6000 && !fs::exists(disk + "/r/manifest.json"); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    fill(disk + "/filler");
    const Ended ended = program.wait();
    CAPTURE(ended.err);
    const Fate fate{.code = ended.code, .out = ended.out, .err = ended.err};
    judge(fate, disk + "/r", long_reference, "No space left on device", filled);
    CHECK(filled.failed == 1);
  }
  fs::remove(disk + "/filler");
  const Fate again = launch({.words = words});
  CAPTURE(again.err);
  CHECK(again.code == 0);
  CHECK(files_in(disk + "/r") == long_reference);
  std::cout << "disks: " << sizes.refused << " sizes refused before the start, " << sizes.failed << " failed, "
            << sizes.done << " done; entries: " << entries.failed << " failed, " << entries.done
            << " done; filled on the way: " << filled.failed << " failed\n";
}
