#pragma once
#include <csignal>

namespace tl {

/// While it lives, Ctrl-C and SIGTERM only say that the program should stop; a second one ends it at once.
class InterruptWatch {
 public:
  InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;
  ~InterruptWatch();

  /// Somebody asked to stop. May be called from any thread.
  static bool asked();

 private:
  struct sigaction before_interrupt_ {
  }, before_terminate_{};
};

}  // namespace tl
