#include "apps/cli/terminal.hpp"

#include <fcntl.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace tl {
namespace {

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

/// A pipe whose reader has gone, or no standard output at all, is no fault of the results.
void refuse_unless_closed(int reason) {
  if (reason == EPIPE || reason == EBADF) return;
  throw OutputError{"cannot write the results to standard output: " + std::generic_category().message(reason)};
}

/// The first files opened would take the places of missing streams, and messages would be written into results.
/// Opened for reading, a stand-in for an output stream still refuses what is written to it.
void fill_missing_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(stream, F_GETFD) < 0 && errno == EBADF) (void)::open("/dev/null", O_RDONLY);
}

}  // namespace

void set_up_terminal() {
  fill_missing_streams();
  std::signal(SIGPIPE, SIG_IGN);
  const auto mode = is_set("NO_COLOR") ? spdlog::color_mode::never : spdlog::color_mode::automatic;
  auto logger = spdlog::stderr_color_st("throughline", mode);
  logger->set_pattern("%v");
  logger->set_error_handler([](const std::string&) {});  // a closed standard error leaves nobody to tell
  logger->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(logger));
}

void print(std::string_view text) {
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) < text.size()) refuse_unless_closed(errno);
}

void finish_output() {
  errno = 0;
  if (std::fflush(stdout) != 0) refuse_unless_closed(errno);
}

void tell(std::string_view text) {
  spdlog::info("{}", text);
}

void tell_warning(std::string_view text) {
  spdlog::default_logger()->set_pattern("%^warning:%$ %v");
  spdlog::warn("{}", text);
  spdlog::default_logger()->set_pattern("%v");
}

void tell_error(std::string_view text) {
  spdlog::default_logger()->set_pattern("%^error:%$ %v");
  spdlog::error("{}", text);
  spdlog::default_logger()->set_pattern("%v");
}

void tell_next(std::string_view command) {
  finish_output();  // so that it is the last line also where both streams go to one place
  spdlog::info("Next: {}", command);
}

bool messages_on_terminal() {
  const char* kind = std::getenv("TERM");
  const bool is_dumb = kind != nullptr && std::string_view{kind} == "dumb";
  return isatty(STDERR_FILENO) == 1 && !is_dumb;
}

bool colours_wanted() {
  return isatty(STDOUT_FILENO) == 1 && !is_set("NO_COLOR");
}

bool terminal_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (!is_set(name)) continue;
    const std::string_view value = std::getenv(name);
    return value.find("UTF-8") != std::string_view::npos || value.find("utf8") != std::string_view::npos;
  }
  return false;
}

int terminal_columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace tl
