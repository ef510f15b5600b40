#pragma once
#include <string>
#include <string_view>

namespace tl {

/// Text with a replacement sign for control characters, marks that turn the reading direction and bytes that are no
/// UTF-8.
std::string cleaned(std::string_view text);

/// The same as HTML or SVG content or a quoted attribute: & < > " ' become entities.
std::string escaped(std::string_view text);

/// A number made by shown(), with a true minus sign: "-4.0 to 1.6" becomes "−4.0 to 1.6".
std::string html_number(std::string_view shown);

/// A coordinate, to a tenth.
std::string coordinate(double value);

/// Room a text takes at a font size of 1, about: generous, so that what fits by this rule fits in any common
/// sans-serif.
double text_width(std::string_view text);

/// The text, cut with "…" where it would be wider than `room` at the font size.
std::string fitted(std::string_view text, double font_size, double room);

}  // namespace tl
