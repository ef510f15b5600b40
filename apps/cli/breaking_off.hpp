#pragma once

namespace tl {

/// From here on, when a library ends the process (by a signal such as a bad memory access or an abort, or by exit()), a
/// message says what that means for the user's work, and the exit code is that of a fault of the program. With no
/// memory left, HDF5 and oneTBB are known to do so. Where a sanitizer or debugger already listens for the signals, it
/// goes on.
void tell_breaking_off();

/// The end is ours: from here on exit() is taken for what it should be.
void end_in_order();

/// A child that reads what may do harm: its parent tells of the signal.
void leave_signals_to_parent();

}  // namespace tl
