#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace tl {

/// One kind of message a planner can meet: a short stable code, and what it means in words.
struct MessageKind {
  std::string_view code;
  std::string_view meaning;
};

/// A code that stands in its room's table of messages. One that does not is refused by the compiler:
///
///     consteval Code code(std::string_view text) { return Code::in(kMyRoomMessages, text); }  // once per .cpp file
///     problems.error(cell.at, code("unit-missing"), field, what, why, hint);
///
/// Every room has one table in its own header (`carrier_messages.hpp` is the carriers'); a test joins the tables and
/// checks that each code has a case that triggers it.
class Code {
 public:
  template <std::size_t N>
  static consteval Code in(const std::array<MessageKind, N>& room, std::string_view text) {
    for (const MessageKind& kind : room)
      if (kind.code == text) return Code{kind.code};
    throw "this code is not in its room's table of messages";
  }

  constexpr std::string_view text() const { return text_; }
  friend constexpr bool operator==(Code a, Code b) { return a.text_ == b.text_; }

 private:
  constexpr explicit Code(std::string_view text) : text_{text} {}
  std::string_view text_;
};

}  // namespace tl
