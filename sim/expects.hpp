#pragma once
#include <stdexcept>
#include <string>

namespace tl {

/// A promise inside the program was broken: a bug, never bad input. `main` turns it into exit code 3.
struct BrokenPromise : std::logic_error {
  using std::logic_error::logic_error;
};

[[noreturn]] inline void broken(const char* condition, const char* file, int line) {
  throw BrokenPromise{std::string{"internal fault: "} + condition + " does not hold at " + file + ':' +
                      std::to_string(line)};
}

}  // namespace tl

/// Always on; never sees user input.
#define TL_EXPECTS(condition) ((condition) ? static_cast<void>(0) : ::tl::broken(#condition, __FILE__, __LINE__))
