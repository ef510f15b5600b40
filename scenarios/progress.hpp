#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace tl {

/// How far a study is. A run is one replication of one scenario.
struct Progress {
  std::uint64_t runs_total = 0;   ///< of this process: with `--shard I/N` only its part
  std::uint64_t runs_reused = 0;  ///< whole from an earlier run of the program
  std::uint64_t runs_done = 0;    ///< carried out by this one, failed ones included
  double events = 0.0;            ///< the engine's events of the runs done
  double elapsed_seconds = 0.0;

  /// From the mean pace of the runs done so far; none before the first.
  std::optional<double> seconds_left() const;
  /// Share of all runs that are there, 0 … 1; 1 when there are none to do.
  double share() const;
};

/// "48% 146/300 runs, 1 s left, 12.3 M events/s"; reused runs count among the first number.
std::string to_text(const Progress& progress);

/// A length of time on the clock for people: "1 s", "4 min 20 s", "2 h 5 min". @param seconds at least 0
std::string shown_seconds(double seconds);

}  // namespace tl
