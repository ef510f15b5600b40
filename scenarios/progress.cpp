#include "scenarios/progress.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace tl {
namespace {

/// Three significant digits with a prefix: "12.3 M", "950", "4.56 k".
std::string with_prefix(double value) {
  constexpr std::array<const char*, 4> kPrefixes{"", " k", " M", " G"};
  std::size_t prefix = 0;
  while (value >= 999.5 && prefix + 1 < kPrefixes.size()) {
    value /= 1000.0;
    ++prefix;
  }
  const int decimals = value >= 99.95 || prefix == 0 ? 0 : value >= 9.995 ? 1 : 2;
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f%s", decimals, value, kPrefixes[prefix]);
  return text.data();
}

}  // namespace

std::optional<double> Progress::seconds_left() const {
  const std::uint64_t there = runs_reused + runs_done;
  if (there >= runs_total) return 0.0;
  if (runs_done == 0) return std::nullopt;
  return elapsed_seconds / static_cast<double>(runs_done) * static_cast<double>(runs_total - there);
}

double Progress::share() const {
  if (runs_total == 0) return 1.0;
  return static_cast<double>(runs_reused + runs_done) / static_cast<double>(runs_total);
}

std::string to_text(const Progress& progress) {
  // Rounded down, so that 100% means all of them.
  const auto percent = static_cast<int>(progress.share() * 100.0);
  std::string text = std::to_string(percent) + "% " + std::to_string(progress.runs_reused + progress.runs_done) + '/' +
                     std::to_string(progress.runs_total) + (progress.runs_total == 1 ? " run" : " runs");
  if (const auto left = progress.seconds_left()) text += ", " + shown_seconds(*left) + " left";
  if (progress.elapsed_seconds > 0.0 && progress.events > 0.0)
    text += ", " + with_prefix(progress.events / progress.elapsed_seconds) + " events/s";
  return text;
}

std::string shown_seconds(double seconds) {
  if (!(seconds < 3.15e9)) return "over a century";
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  const std::uint64_t days = whole / 86'400, hours = whole / 3'600 % 24, minutes = whole / 60 % 60, rest = whole % 60;
  const auto pair = [](std::uint64_t large, const char* one, std::uint64_t small, const char* other) {
    std::string text = std::to_string(large) + one;
    return small == 0 ? text : text + ' ' + std::to_string(small) + other;
  };
  if (days > 0) return pair(days, " d", hours, " h");
  if (hours > 0) return pair(hours, " h", minutes, " min");
  if (minutes > 0) return pair(minutes, " min", rest, " s");
  return std::to_string(rest) + " s";
}

}  // namespace tl
