#pragma once
#include <chrono>
#include <string>

#include "scenarios/progress.hpp"

namespace tl {

/// Shows how far a run is on standard error: a bar drawn over itself on a terminal, else a line every few seconds.
class RunProgress {
 public:
  RunProgress();
  RunProgress(const RunProgress&) = delete;
  RunProgress& operator=(const RunProgress&) = delete;
  ~RunProgress() { clear(); }

  /// Never called by two threads at once.
  void show(const Progress& progress);
  /// Takes the bar away, so that other messages stand on lines of their own.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  const bool on_terminal_, utf8_;
  bool drawn_ = false;
  Clock::time_point shown_at_;
};

/// "██████████████░░░░  48% 146/300 runs, 1 s left"; at most `columns` wide.
std::string bar_line(const Progress& progress, int columns, bool utf8);

}  // namespace tl
