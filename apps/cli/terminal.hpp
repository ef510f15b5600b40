#pragma once
#include <stdexcept>
#include <string>
#include <string_view>

namespace tl {

/// Results could not be written to standard output.
struct OutputError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Results, to standard output. A reader who has had enough (`| head`) is no error: the rest is dropped.
void print(std::string_view text);
/// Hands over what is buffered. @throws OutputError  when the system refuses it, as on a full disk
void finish_output();

/// Messages, to standard error: one line or several, ending in a newline of their own.
void tell(std::string_view text);
void tell_warning(std::string_view text);
void tell_error(std::string_view text);
/// What to do next: the last line of a command.
void tell_next(std::string_view command);

/// Makes a closed pipe an error of writing instead of the program's end, and sets up the messages. Called once, first.
void set_up_terminal();

/// Standard error is a terminal on which a bar can be drawn over itself.
bool messages_on_terminal();
/// Standard output is a terminal, and nobody asked for no colours (NO_COLOR).
bool colours_wanted();
/// The characters of a bar can be shown.
bool terminal_is_utf8();
/// Columns of the terminal of standard error; 80 where it does not say.
int terminal_columns();

}  // namespace tl
