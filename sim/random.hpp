#pragma once
// Random numbers as functions of what they mean. A draw is found by its key alone; no generator has a state that one
// draw could leave behind for the next, so adding a client, a setting or a purpose moves no other draw.

#include <Random123/philox.h>

#include <cstdint>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace tl {

/// Names the replication: all its draws are functions of this and of their own keys.
struct RunKey {
  std::uint32_t k0, k1;
  friend bool operator==(const RunKey&, const RunKey&) = default;
};

/// What a draw decides. Four bits of the counter; a new purpose goes at the end, so that it moves no other draw.
enum class Purpose : std::uint8_t {
  visit,
  visit_more,
  handoff,
  event,
  trait,
  arrival,
  batch,
  initial,
  action,
  process,
  parameter,
  patience_more,
  hold,
  staff,
};

/// A client is named by where it came from (arrival stream, layer of thinning, ordinal there): never by order of
/// arrival.
struct ClientKey {
  std::uint32_t stream;   // a draw_id
  std::uint32_t ordinal;  // within stream and layer
  std::uint8_t layer;
  friend bool operator==(const ClientKey&, const ClientKey&) = default;
};

/// 128 random bits: enough for all the draws of one key.
struct Block {
  std::uint32_t w[4];
  friend bool operator==(const Block&, const Block&) = default;
};

inline constexpr std::uint32_t kDrawIdMask = 0x0fffffff;      // 28 bits
inline constexpr std::uint32_t kOccurrenceMask = 0x00ffffff;  // 24 bits

namespace detail {

/// Philox4x32-10 of Salmon, Moraes, Dror & Shaw, Parallel Random Numbers: As Easy as 1, 2, 3 (SC 2011).
inline Block philox_plain(std::uint32_t c0, std::uint32_t c1, std::uint32_t c2, std::uint32_t c3, RunKey key) {
  const r123::Philox4x32::ctr_type counter = {{c0, c1, c2, c3}};
  const r123::Philox4x32::key_type words = {{key.k0, key.k1}};
  const r123::Philox4x32::ctr_type out = r123::Philox4x32{}(counter, words);
  return {{out.v[0], out.v[1], out.v[2], out.v[3]}};
}

#ifdef __SSE2__
/// The same bits in half the instructions: every round's two products are taken by one vector instruction. The even
/// 32-bit lanes hold the state, words 0 and 2 in `multiplied`, words 1 and 3 in `mixed`; the odd lanes hold leavings.
inline Block philox(std::uint32_t c0, std::uint32_t c1, std::uint32_t c2, std::uint32_t c3, RunKey key) {
  const auto lanes = [](std::uint32_t first, std::uint32_t second) {
    return _mm_set_epi32(0, static_cast<int>(second), 0, static_cast<int>(first));
  };
  const __m128i multipliers = lanes(PHILOX_M4x32_0, PHILOX_M4x32_1), steps = lanes(PHILOX_W32_0, PHILOX_W32_1);
  __m128i multiplied = lanes(c0, c2), mixed = lanes(c1, c3), keys = lanes(key.k0, key.k1);
  for (int round = 0; round < 10; ++round) {
    const __m128i products = _mm_mul_epu32(multiplied, multipliers);  // low 0, high 0, low 1, high 1
    const __m128i highs = _mm_shuffle_epi32(products, _MM_SHUFFLE(1, 1, 3, 3));
    multiplied = _mm_xor_si128(highs, _mm_xor_si128(mixed, keys));
    mixed = _mm_shuffle_epi32(products, _MM_SHUFFLE(0, 0, 2, 2));
    keys = _mm_add_epi32(keys, steps);
  }
  const __m128i even = _mm_and_si128(multiplied, _mm_set_epi32(0, -1, 0, -1));
  Block block;
  _mm_storeu_si128(reinterpret_cast<__m128i*>(block.w), _mm_or_si128(even, _mm_slli_epi64(mixed, 32)));
  return block;
}
#else
inline Block philox(std::uint32_t c0, std::uint32_t c1, std::uint32_t c2, std::uint32_t c3, RunKey key) {
  return philox_plain(c0, c1, c2, c3, key);
}
#endif

}  // namespace detail

/// The key of one replication of a study.
inline RunKey run_key(std::uint64_t seed, std::uint64_t replication) {
  constexpr std::uint32_t tag = 0x72756e6b;  // keeps these blocks apart from a run's own
  const RunKey seed_key{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)};
  const Block block = detail::philox(static_cast<std::uint32_t>(replication),
                                     static_cast<std::uint32_t>(replication >> 32), tag, 0, seed_key);
  return {block.w[0], block.w[1]};
}

/// The random bits of one key. Different keys (after masking) give independent blocks.
///
/// @param what        draw_id of the setting, event, trait … the draw is about; the low 28 bits count
/// @param occurrence  how often this client met this `what` before; the low 24 bits count (16.7 million)
inline Block draw(RunKey run, ClientKey client, Purpose purpose, std::uint32_t what, std::uint32_t occurrence) {
  return detail::philox(client.ordinal,
                        (static_cast<std::uint32_t>(client.layer) << 24) | (occurrence & kOccurrenceMask),
                        client.stream, (what & kDrawIdMask) | (static_cast<std::uint32_t>(purpose) << 28), run);
}

/// Uniform on the open interval (0, 1), 52 random bits; never 0 or 1, and 1 - u is exact.
inline double uniform53(std::uint32_t high, std::uint32_t low) {
  const std::uint64_t bits = ((static_cast<std::uint64_t>(high) << 32) | low) >> 12;
  return (static_cast<double>(bits) + 0.5) * 0x1p-52;
}

/// Uniform on the open interval (0, 1), 32 random bits: for choices, not for tails.
inline double uniform32(std::uint32_t w) {
  return (static_cast<double>(w) + 0.5) * 0x1p-32;
}

/// The number a name has in draw keys: 28 bits, the same on every machine and in every version.
/// Two names may meet in one number; the model compiler must check the names it uses.
/// @source  FNV-1a, 64 bits (Fowler, Noll & Vo), folded to 28
constexpr std::uint32_t draw_id(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char letter : name) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3;
  return static_cast<std::uint32_t>((hash >> 56) ^ (hash >> 28) ^ hash) & kDrawIdMask;
}

}  // namespace tl
