#pragma once
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <optional>
#include <vector>

#include "models/compile.hpp"
#include "models/read_model.hpp"

// What the benchmarks measure with.
namespace bench {

inline double seconds(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}
inline double cpu_seconds() {
  return seconds(CLOCK_THREAD_CPUTIME_ID);
}
inline double wall_seconds() {
  return seconds(CLOCK_MONOTONIC);
}

inline double peak_mebibytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

inline void show(const tl::Problems& problems) {
  for (const tl::Problem& problem : problems.sorted()) std::fprintf(stderr, "%s\n", tl::to_text(problem).c_str());
}

inline std::optional<tl::Compiled> compiled(const char* path) {
  tl::Problems problems;
  const auto model = tl::read_model(path, {}, problems);
  auto result = model ? tl::compile(*model, tl::Limits{}, problems) : std::nullopt;
  if (!result) show(problems);
  return result;
}

}  // namespace bench
