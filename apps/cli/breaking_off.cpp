#include "apps/cli/breaking_off.hpp"

#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string_view>

#include "apps/cli/exit_code.hpp"

namespace tl {
namespace {

constexpr std::array kSignals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

// The handlers are given nothing to find this by.
std::atomic<bool> in_order{false};

/// Only what may be done in a signal handler: no memory, no stream.
[[noreturn]] void tell_and_end() {
  constexpr std::string_view kText =
      "\nerror: the program broke off, inside a library it uses or by a fault of its own. Results that were kept stay "
      "whole: "
      "give the same command again and it goes on from them. If memory is short, try --threads 1 or fewer "
      "replications; "
      "else please report it with the command and the files that led here.\n";
  [[maybe_unused]] const ssize_t nobody_to_tell = ::write(STDERR_FILENO, kText.data(), kText.size());
  ::_exit(static_cast<int>(ExitCode::fault));
}

extern "C" void note_signal(int) {
  tell_and_end();
}

extern "C" void note_exit() {
  if (!in_order) tell_and_end();
}

}  // namespace

void tell_breaking_off() {
  for (const int signal : kSignals) {
    struct sigaction before {};
    if (::sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_DFL) std::signal(signal, note_signal);
  }
  (void)std::atexit(note_exit);
}

void end_in_order() {
  in_order = true;
}

void leave_signals_to_parent() {
  for (const int signal : kSignals) {
    struct sigaction before {};
    if (::sigaction(signal, nullptr, &before) == 0 && before.sa_handler == note_signal) std::signal(signal, SIG_DFL);
  }
}

}  // namespace tl
