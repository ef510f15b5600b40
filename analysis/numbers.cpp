#include "analysis/numbers.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace tl {
namespace {

std::string fixed_text(double value, int decimals) {
  std::array<char, 512> room{};
  const auto end = std::to_chars(room.data(), room.data() + room.size(), value, std::chars_format::fixed, decimals);
  std::string text;
  text.assign(room.data(), end.ptr);
  return text;
}

std::string with_commas(const std::string& text) {
  const std::size_t start = text.starts_with('-') ? 1 : 0, point = std::min(text.find('.'), text.size());
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > start && i < point && (point - i) % 3 == 0) result += ',';
    result += text[i];
  }
  return result;
}

}  // namespace

int shown_decimals(double value, double half_width) {
  constexpr int kMost = 6, kLeast = -9;
  int decimals = 0;
  // an interval of no width says nothing about the digits
  if (half_width <= kNoWidth * std::abs(value)) half_width = 0.0;
  double size = half_width > 0.0 ? half_width : std::abs(value);
  const double enough = half_width > 0.0 ? 10.0 : 1000.0;
  if (!(size > 0.0) || !std::isfinite(size)) return 0;
  if (!(half_width > 0.0) && value == std::floor(value)) return 0;
  for (; size < enough && decimals < kMost; size *= 10.0) ++decimals;
  if (half_width > 0.0)
    for (; size >= 100.0 && decimals > kLeast; size /= 10.0) --decimals;
  return decimals;
}

std::string shown(double value, int decimals) {
  if (std::isnan(value)) return "n/a";
  if (std::isinf(value)) return value > 0.0 ? "unlimited" : "-unlimited";
  double unit = 1.0;
  for (int i = decimals; i < 0; ++i) unit *= 10.0;
  const double rounded = decimals < 0 ? std::floor(value / unit + 0.5) * unit : value;
  std::string text = fixed_text(rounded, std::max(decimals, 0));
  if (text.find_first_not_of("-0.") == std::string::npos && text.starts_with('-'))
    text = text.substr(1);  // no minus zero
  return with_commas(text);
}

std::string shown_short(double value) {
  if (!std::isfinite(value)) return shown(value, 0);
  const double size = std::abs(value);
  int decimals = 0;
  if (size < 1000.0 && size != std::floor(size))
    for (double scaled = size; scaled < 99.95 && decimals < 6; scaled *= 10.0) ++decimals;
  for (double scaled = size; scaled >= 9999.5; scaled /= 10.0) --decimals;
  return shown(value, decimals);
}

std::string shown_mean(const Estimate& estimate) {
  return shown(estimate.mean, shown_decimals(estimate.mean, estimate.half_width()));
}
std::string shown_interval(const Estimate& estimate) {
  if (!estimate.has_interval()) return "";
  const int decimals = shown_decimals(estimate.mean, estimate.half_width());
  return shown(*estimate.low, decimals) + " to " + shown(*estimate.high, decimals);
}
std::string shown(const Estimate& estimate) {
  const std::string interval = shown_interval(estimate);
  return interval.empty() ? shown_mean(estimate) : shown_mean(estimate) + " (" + interval + ")";
}

std::string exact(double value) {
  if (!std::isfinite(value)) return "";
  std::array<char, 64> room{};
  const auto end = std::to_chars(room.data(), room.data() + room.size(), value);
  return {room.data(), end.ptr};
}

}  // namespace tl
