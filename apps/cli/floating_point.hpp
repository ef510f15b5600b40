#pragma once
#include <cfenv>
#include <limits>
#include <string>

namespace tl {

/// Why this process's arithmetic would give other results than elsewhere; empty when it is as it should be. A library
/// loaded by force, or a program compiled with fast arithmetic, can leave such a state behind.
inline std::string floating_point_fault() {
  if (std::fegetround() != FE_TONEAREST) return "numbers are not rounded to nearest";
  const volatile double least = std::numeric_limits<double>::min();
  const volatile double half = least / 2.0;  // below the normal numbers: 0 where such results are flushed
  if (half == 0.0) return "very small numbers are flushed to zero";
  const volatile double subnormal = std::numeric_limits<double>::denorm_min();
  const volatile double times = subnormal * 4.0;  // 0 where such operands are taken for zero
  if (times == 0.0) return "very small numbers are taken for zero";
  return "";
}

}  // namespace tl
