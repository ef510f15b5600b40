#include "apps/cli/command_line.hpp"
#include "apps/cli/exit_code.hpp"
#include "apps/cli/floating_point.hpp"
#include "apps/cli/terminal.hpp"

namespace {

/// Only here do exceptions become messages and exit codes.
tl::ExitCode guarded(int count, char** words) {
  try {
    if (const std::string fault = tl::floating_point_fault(); !fault.empty()) {
      tl::tell_error("this process does arithmetic differently: " + fault +
                     ", so results would differ from those of other machines. Start the program without preloaded "
                     "libraries (LD_PRELOAD)");
      return tl::ExitCode::errors;
    }
    const tl::ExitCode code = tl::run_command_line(count, words);
    tl::finish_output();
    return code;
  } catch (...) {
    const tl::Verdict verdict = tl::verdict_of(std::current_exception());
    tl::tell_error(verdict.message);
    return verdict.code;
  }
}

}  // namespace

int main(int count, char** words) {
  tl::set_up_terminal();
  return static_cast<int>(guarded(count, words));
}
