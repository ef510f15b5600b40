#pragma once
// The constants behind sim/maths.cpp; not for use elsewhere.

#include "sim/maths.hpp"

namespace tl::detail {

struct ExpRow {
  double high, low;
};
inline constexpr int kExpBits = 7;
extern const ExpRow kExpTable[1 << kExpBits];

struct GaussRow {
  double node, weight;
};
/// Half of a symmetric rule: use ±node.
extern const GaussRow kGaussTable[10];

/// Integral of f from low to high by Gauss-Legendre with 20 points.
template <class Function>
double gauss(double low, double high, const Function& f) {
  const double middle = 0.5 * (low + high);
  const double half = 0.5 * (high - low);
  double sum = 0.0;
  for (const GaussRow& row : kGaussTable)
    sum += row.weight * (f(middle - half * row.node) + f(middle + half * row.node));
  return sum * half;
}

/// x^a e^-x / Γ(a + 1), without loss at large a. @param a, x  above 0
double gamma_term(double a, double x);

}  // namespace tl::detail
