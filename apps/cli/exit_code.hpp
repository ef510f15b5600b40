#pragma once
#include <exception>
#include <new>
#include <stdexcept>
#include <string>

#include "analysis/store_error.hpp"
#include "analysis/tables.hpp"
#include "apps/cli/terminal.hpp"
#include "sim/expects.hpp"

namespace tl {

/// How the program ends; --help lists the same.
enum class ExitCode { good = 0, errors = 1, usage = 2, fault = 3 };

/// The command line cannot be understood. The text says what is wrong and what to try.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What an exception means to the person at the terminal.
struct Verdict {
  ExitCode code = ExitCode::fault;
  std::string message;
};

/// Turns what ended a command into words and an exit code. Whatever nobody expected is a fault of ours.
inline Verdict verdict_of(const std::exception_ptr& thrown) {
  constexpr const char* kReport =
      "\nThis is a fault of the program, not of your files. Please report it with the command and the files that led "
      "here.";
  try {
    std::rethrow_exception(thrown);
  } catch (const UsageError& error) {
    return {ExitCode::usage, error.what()};
  } catch (const QueryError& error) {
    return {ExitCode::usage, error.what()};
  } catch (const StoreError& error) {
    return {ExitCode::errors, error.what()};
  } catch (const OutputError& error) {
    return {ExitCode::errors, error.what()};
  } catch (const std::bad_alloc&) {
    return {ExitCode::errors, "there is not enough memory. Try --threads 1, fewer replications or a smaller model"};
  } catch (const BrokenPromise& fault) {
    return {ExitCode::fault, std::string{fault.what()} + kReport};
  } catch (const std::exception& fault) {
    return {ExitCode::fault, std::string{"internal fault: "} + fault.what() + kReport};
  } catch (...) {
    return {ExitCode::fault, std::string{"internal fault of an unknown kind"} + kReport};
  }
}

}  // namespace tl
