#pragma once
#include <string>
#include <string_view>

namespace tl {

/// A text from input as one line that is safe to set in print: what is no UTF-8 becomes the replacement sign, control
/// characters and marks that turn the direction of writing become blanks.
std::string plain_line(std::string_view text);

/// At most so many bytes, cut between characters with an ellipsis at the end.
/// @param text  UTF-8  @param most  at least 3
std::string cut_text(std::string text, std::size_t most);

}  // namespace tl
