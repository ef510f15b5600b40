#pragma once
#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// What ends a replication before its time.
namespace tl {

/// The model did something that cannot go on, such as time that no longer passes. The message is for the planner.
struct ModelFault : std::runtime_error {
  ModelFault(const std::string& what, double at, std::vector<std::uint32_t> where = {})
      : std::runtime_error{what}, at_days{at}, settings{std::move(where)} {}
  double at_days;  ///< simulated days since the run's start
  std::vector<std::uint32_t>
      settings;  ///< rows of the compiled settings concerned, ascending; empty when none is known
};
/// The caller asked to stop.
struct Stopped : std::exception {
  const char* what() const noexcept override { return "stopped"; }
};

}  // namespace tl
