#include "analysis/plain_text.hpp"

#include <glib.h>

#include <memory>

#include "sim/expects.hpp"

namespace tl {
namespace {

/// Those that do not show but change how the rest reads.
bool is_hidden(gunichar letter) {
  switch (g_unichar_type(letter)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string plain_line(std::string_view text) {
  const std::unique_ptr<gchar, decltype(&g_free)> valid{
      g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())), &g_free};
  std::string line;
  for (const gchar* at = valid.get(); *at != '\0';) {
    const gchar* next = g_utf8_next_char(at);
    if (is_hidden(g_utf8_get_char(at)))
      line += ' ';
    else
      line.append(at, static_cast<std::size_t>(next - at));
    at = next;
  }
  return line;
}

std::string cut_text(std::string text, std::size_t most) {
  constexpr std::string_view kEllipsis = "\xE2\x80\xA6";
  TL_EXPECTS(most >= kEllipsis.size());
  if (text.size() <= most) return text;
  std::size_t end = most - kEllipsis.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  return text.append(kEllipsis);
}

}  // namespace tl
