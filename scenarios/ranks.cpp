#include "scenarios/ranks.hpp"

#include <sched.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>

namespace tl {
namespace {

Bytes bytes_of(const std::string& text) {
  Bytes bytes(text.size());
  if (!text.empty()) std::memcpy(bytes.data(), text.data(), text.size());
  return bytes;
}

std::string text_of(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Letter waited_for(Ranks& ranks) {
  Pause pause;
  for (;;) {
    if (auto letter = ranks.receive()) return std::move(*letter);
    pause.after(false);
  }
}

}  // namespace

void Pause::after(bool something_came) {
  micros_ = something_came ? kShortest : std::min(micros_ * 2, kLongest);
  std::this_thread::sleep_for(std::chrono::microseconds{micros_});
}

unsigned usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) == 0) return static_cast<unsigned>(std::max(CPU_COUNT(&set), 1));
  return std::max(1U, std::thread::hardware_concurrency());
}

std::vector<std::string> gathered(Ranks& ranks, const std::string& text) {
  if (ranks.index() != 0) {
    ranks.send(0, bytes_of(text));
    return {};
  }
  std::vector<std::string> all(static_cast<std::size_t>(ranks.count()));
  all[0] = text;
  for (int others = 1; others < ranks.count(); ++others) {
    const Letter letter = waited_for(ranks);
    all[static_cast<std::size_t>(letter.from)] = text_of(letter.text);
  }
  return all;
}

std::string told_to_all(Ranks& ranks, const std::string& text) {
  if (ranks.index() != 0) return text_of(waited_for(ranks).text);
  for (int rank = 1; rank < ranks.count(); ++rank) ranks.send(rank, bytes_of(text));
  return text;
}

}  // namespace tl
