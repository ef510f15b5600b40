#include "analysis/html.hpp"

#include <cstdint>

#include "analysis/numbers.hpp"

namespace tl {
namespace {

/// Bytes of the code point at the start of `text`: 0 when it is no well-formed UTF-8 (RFC 3629).
std::size_t code_point_bytes(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(text[i])); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  if ((lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xED && byte(1) > 0x9F) || (lead == 0xF0 && byte(1) < 0x90) ||
      (lead == 0xF4 && byte(1) > 0x8F))
    return 0;
  return length;
}

std::string_view entity(char letter) {
  switch (letter) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

/// Marks that turn the direction of what follows could make a number or a verdict read otherwise than it is written.
bool is_control(std::string_view point) {
  const auto first = static_cast<unsigned char>(point.front());
  if (point.size() == 1) return (first < 0x20 && first != '\n' && first != '\t') || first == 0x7f;
  if (point.size() == 2) return first == 0xC2 && static_cast<unsigned char>(point[1]) < 0xA0;
  const std::uint32_t tail = static_cast<std::uint32_t>(static_cast<unsigned char>(point[2]));
  if (point.size() != 3 || first != 0xE2) return false;
  const auto middle = static_cast<unsigned char>(point[1]);
  return (middle == 0x80 && ((tail >= 0x8E && tail <= 0x8F) || (tail >= 0xA8 && tail <= 0xAE))) ||
         (middle == 0x81 && tail >= 0xA6 && tail <= 0xA9);
}

}  // namespace

std::string cleaned(std::string_view text) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  std::string result;
  while (!text.empty()) {
    const std::size_t length = code_point_bytes(text);
    const std::string_view point = text.substr(0, length == 0 ? 1 : length);
    result += length == 0 || is_control(point) ? kReplacement : point;
    text.remove_prefix(point.size());
  }
  return result;
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char letter : cleaned(text)) {
    const std::string_view named = entity(letter);
    named.empty() ? result += letter : result += named;
  }
  return result;
}

std::string html_number(std::string_view number) {
  std::string result;
  for (std::size_t i = 0; i < number.size(); ++i) {
    const bool is_sign = number[i] == '-' && (i == 0 || number[i - 1] == ' ' || number[i - 1] == '(');
    if (is_sign)
      result += "\xE2\x88\x92";
    else
      result += number[i];
  }
  return escaped(result);
}

std::string coordinate(double value) {
  std::string text = shown(value, 1);
  std::erase(text, ',');
  return text;
}

double text_width(std::string_view text) {
  double width = 0.0;
  while (!text.empty()) {
    const std::size_t length = code_point_bytes(text);
    const char first = text.front();
    if (length > 2)
      width += 1.05;
    else if (length != 1)
      width += 0.75;
    else if (std::string_view{"ijl.,:;'|!() "}.find(first) != std::string_view::npos)
      width += 0.36;
    else if ((first >= 'A' && first <= 'Z') || first == 'm' || first == 'w' || first == '@' || first == '%')
      width += first == 'W' || first == 'M' || first == '@' ? 1.0 : 0.78;
    else
      width += 0.6;
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return width;
}

std::string fitted(std::string_view text, double font_size, double room) {
  if (text_width(text) * font_size <= room) return std::string{text};
  std::string kept;
  while (!text.empty()) {
    const std::size_t length = code_point_bytes(text);
    const std::string_view point = text.substr(0, length == 0 ? 1 : length);
    if ((text_width(kept) + text_width(point) + 1.05) * font_size > room) break;
    kept += point;
    text.remove_prefix(point.size());
  }
  while (!kept.empty() && kept.back() == ' ') kept.pop_back();
  return kept + "\xE2\x80\xA6";
}

}  // namespace tl
