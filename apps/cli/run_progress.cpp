#include "apps/cli/run_progress.hpp"

#include <algorithm>
#include <cstdio>

#include "apps/cli/terminal.hpp"

namespace tl {
namespace {

constexpr int kBarColumns = 28;
constexpr auto kBetweenBars = std::chrono::milliseconds{100};
constexpr auto kBetweenLines = std::chrono::seconds{5};

}  // namespace

std::string bar_line(const Progress& progress, int columns, bool utf8) {
  const std::string words = to_text(progress);
  const int room = columns - 1 - static_cast<int>(words.size()) - 2;  // the last column would wrap
  const int width = std::clamp(room, 0, kBarColumns);
  if (width < 5) return words.substr(0, static_cast<std::size_t>(std::max(columns - 1, 0)));
  const int filled = static_cast<int>(progress.share() * width);
  std::string line;
  for (int i = 0; i < width; ++i) line += utf8 ? (i < filled ? "█" : "░") : (i < filled ? "#" : ".");
  // "5%" and "48%" end at the same column, so that the words do not jump.
  return line + (words.find('%') < 2 ? "   " : words.find('%') < 3 ? "  " : " ") + words;
}

RunProgress::RunProgress() : on_terminal_{messages_on_terminal()}, utf8_{terminal_is_utf8()}, shown_at_{Clock::now()} {}

void RunProgress::show(const Progress& progress) {
  const Clock::time_point now = Clock::now();
  const bool due = on_terminal_ ? !drawn_ || now - shown_at_ >= kBetweenBars : now - shown_at_ >= kBetweenLines;
  const bool last = progress.runs_done + progress.runs_reused >= progress.runs_total;
  if (!due && !(last && on_terminal_)) return;
  shown_at_ = now;
  if (!on_terminal_) return tell(to_text(progress));
  const std::string line = "\r\x1b[K" + bar_line(progress, terminal_columns(), utf8_);
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fflush(stderr);
  drawn_ = true;
}

void RunProgress::clear() {
  if (!drawn_) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace tl
