#include "scenarios/designs.hpp"

#include <algorithm>
#include <boost/random/sobol.hpp>
#include <numeric>

#include "sim/expects.hpp"
#include "sim/random.hpp"

namespace tl {
namespace {

/// Apart from the keys of all replications, whose numbers are far smaller.
RunKey design_key(std::uint64_t seed) {
  return run_key(seed, ~std::uint64_t{0});
}

using Sobol32 = boost::random::sobol_engine<std::uint32_t, 32U>;

}  // namespace

DesignDraw design_draw(std::uint64_t seed, std::string_view what, std::string_view name, std::uint32_t index) {
  const Block block = draw(design_key(seed), {.stream = draw_id(name), .ordinal = index, .layer = 0},
                           Purpose::parameter, draw_id(what), 0);
  return {uniform53(block.w[0], block.w[1]), uniform53(block.w[2], block.w[3])};
}

std::vector<double> latin_column(std::uint64_t seed, std::string_view what, std::string_view name,
                                 std::uint32_t count) {
  std::vector<DesignDraw> draws;
  for (std::uint32_t i = 0; i < count; ++i) draws.push_back(design_draw(seed, what, name, i));
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return draws[a].first < draws[b].first; });
  std::vector<double> column(count);
  for (std::uint32_t rank = 0; rank < count; ++rank) column[order[rank]] = (rank + draws[order[rank]].second) / count;
  return column;
}

std::uint32_t owen_scrambled(std::uint32_t coordinate, std::uint64_t seed, std::string_view name) {
  const RunKey key = design_key(seed);
  const std::uint32_t stream = draw_id(name);
  constexpr std::uint32_t what = draw_id("sobol");
  std::uint32_t scrambled = coordinate;
  for (std::uint32_t digit = 0; digit < 32; ++digit) {
    const std::uint32_t before = digit == 0 ? 0 : coordinate >> (32 - digit);
    const Block block = draw(key, {.stream = stream, .ordinal = before, .layer = static_cast<std::uint8_t>(digit)},
                             Purpose::parameter, what, 0);
    scrambled ^= (block.w[0] >> 31) << (31 - digit);
  }
  return scrambled;
}

std::vector<double> sobol_points(std::uint64_t seed, const std::vector<std::string_view>& names, std::uint32_t count) {
  TL_EXPECTS(!names.empty() && names.size() <= kMostSobolFactors && count <= kMostSobolPoints);
  Sobol32 sequence{names.size()};
  std::vector<double> values;
  values.reserve(std::size_t{count} * names.size());
  for (std::uint32_t point = 0; point < count; ++point)
    for (const std::string_view name : names) {
      // The library leaves out the first point, the origin; the sequence's balance needs it.
      const std::uint32_t coordinate = point == 0 ? 0 : static_cast<std::uint32_t>(sequence());
      values.push_back(uniform32(owen_scrambled(coordinate, seed, name)));
    }
  return values;
}

}  // namespace tl
