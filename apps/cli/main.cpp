#include <unistd.h>

#include <new>
#include <string_view>

#include "apps/cli/breaking_off.hpp"
#include "apps/cli/command_line.hpp"
#include "apps/cli/exit_code.hpp"
#include "apps/cli/floating_point.hpp"
#include "apps/cli/terminal.hpp"

namespace {

/// With no memory left there is none to make a message of: these bytes are there from the start.
tl::ExitCode tell_no_memory() {
  constexpr std::string_view kText =
      "error: there is not enough memory. Try --threads 1, fewer replications or a smaller model; what is done is "
      "kept\n";
  [[maybe_unused]] const ssize_t nobody_to_tell = ::write(STDERR_FILENO, kText.data(), kText.size());
  return tl::ExitCode::errors;
}

tl::ExitCode tell_end(const std::exception_ptr& thrown) {
  try {
    const tl::Verdict verdict = tl::verdict_of(thrown);
    tl::tell_error(verdict.message);
    return verdict.code;
  } catch (const std::bad_alloc&) {
    return tell_no_memory();
  }
}

/// Only here do exceptions become messages and exit codes.
tl::ExitCode guarded(int count, char** words) {
  try {
    tl::set_up_terminal();
    if (const std::string fault = tl::floating_point_fault(); !fault.empty()) {
      tl::tell_error("this process does arithmetic differently: " + fault +
                     ", so results would differ from those of other machines. Start the program without preloaded "
                     "libraries (LD_PRELOAD)");
      return tl::ExitCode::errors;
    }
    const tl::ExitCode code = tl::run_command_line(count, words);
    tl::finish_output();
    return code;
  } catch (const std::bad_alloc&) {
    return tell_no_memory();
  } catch (...) {
    return tell_end(std::current_exception());
  }
}

}  // namespace

int main(int count, char** words) {
  tl::tell_breaking_off();
  const tl::ExitCode code = guarded(count, words);
  tl::end_in_order();
  return static_cast<int>(code);
}
