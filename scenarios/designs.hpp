#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

// Where the points of a sweep lie: numbers between 0 and 1, one for each factor. Every number is found by its key
// (seed, address of the factor, point), never by a generator's state.
namespace tl {

/// A word of chance of a design: of `what` ("latin_hypercube"), for the thing named, at an index.
struct DesignDraw {
  double first, second;  ///< independent, uniform on (0, 1)
};
DesignDraw design_draw(std::uint64_t seed, std::string_view what, std::string_view name, std::uint32_t index);

/// One column of a Latin hypercube: `count` numbers on (0, 1), exactly one in each of the `count` equal parts, at a
/// random place within it, in random order. The order is that of a keyed draw for each index.
/// @source  McKay, Beckman & Conover, Technometrics 21 (1979) 239-245
std::vector<double> latin_column(std::uint64_t seed, std::string_view what, std::string_view name, std::uint32_t count);

/// Most factors of a Sobol design: the table of Joe & Kuo that Boost.Random carries.
inline constexpr std::uint32_t kMostSobolFactors = 3667;
/// Most points: coordinates have 32 bits.
inline constexpr std::uint64_t kMostSobolPoints = std::uint64_t{1} << 31;

/// Points of a Sobol sequence, scrambled: values[point * names.size() + factor] on (0, 1). More points leave the
/// earlier ones where they are. Each of the first 2^k points lies alone in its elementary interval, as in the sequence
/// itself, and each by itself is uniform.
///
/// @param names  of the factors, which key the scrambling: at least one, at most kMostSobolFactors
/// @param count  at most kMostSobolPoints
/// @source  Sobol, USSR Comput. Math. Math. Phys. 7 (1967) 86-112; Joe & Kuo, SIAM J. Sci. Comput. 30 (2008) 2635-2654
///          (direction numbers); Owen, Randomly permuted (t,m,s)-nets and (t,s)-sequences (1995), the scrambling, whose
///          permutation of each binary digit is a Philox draw keyed by the digits before it
std::vector<double> sobol_points(std::uint64_t seed, const std::vector<std::string_view>& names, std::uint32_t count);

/// The scrambling of one coordinate: every digit is kept or turned, as the digits before it decide.
std::uint32_t owen_scrambled(std::uint32_t coordinate, std::uint64_t seed, std::string_view name);

}  // namespace tl
