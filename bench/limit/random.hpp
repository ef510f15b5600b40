#pragma once
#include <array>
#include <cmath>
#include <cstdint>

namespace limit {

/// xoshiro256++ (Blackman & Vigna, ACM TOMS 47, 2021): the fastest generator tried, with state, unlike the product's.
class Xoshiro {
 public:
  explicit Xoshiro(std::uint64_t seed) {
    for (std::uint64_t& word : state_) {  // splitmix64
      std::uint64_t z = (seed += 0x9e3779b97f4a7c15ULL);
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
      z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
      word = z ^ (z >> 31);
    }
  }
  std::uint64_t operator()() {
    const std::uint64_t result = rotate(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotate(state_[3], 45);
    return result;
  }
  double uniform() { return static_cast<double>((*this)() >> 11) * 0x1p-53; }

 private:
  static std::uint64_t rotate(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
  std::array<std::uint64_t, 4> state_{};
};

/// Exponential of mean 1 by the ziggurat of Marsaglia & Tsang (J. Statistical Software 5, 2000), 256 layers.
class Ziggurat {
 public:
  Ziggurat() {
    x_[0] = kArea * std::exp(kTail);
    x_[1] = kTail;
    for (std::size_t i = 1; i < 255; ++i) x_[i + 1] = -std::log(std::exp(-x_[i]) + kArea / x_[i]);
    for (std::size_t i = 0; i < 257; ++i) density_[i] = std::exp(-x_[i]);
    for (std::size_t i = 0; i < 256; ++i) {
      width_[i] = x_[i] * 0x1p-53;
      inside_[i] = static_cast<std::uint64_t>(x_[i + 1] / x_[i] * 0x1p53);
    }
  }
  double operator()(Xoshiro& random) const {
    const std::uint64_t word = random();
    const auto layer = static_cast<std::size_t>(word & 255);
    const std::uint64_t across = word >> 11;
    return across < inside_[layer] ? static_cast<double>(across) * width_[layer] : slow(random, word);
  }

 private:
  static constexpr double kTail = 7.69711747013104972, kArea = 0.0039496598225815571993;

  double slow(Xoshiro& random, std::uint64_t word) const {
    for (double tail = 0.0;; word = random()) {
      const auto layer = static_cast<std::size_t>(word & 255);
      const std::uint64_t across = word >> 11;
      const double x = static_cast<double>(across) * width_[layer];
      if (across < inside_[layer]) return tail + x;
      if (layer == 0)
        tail += kTail;
      else if (density_[layer] + random.uniform() * (density_[layer + 1] - density_[layer]) < std::exp(-x))
        return tail + x;
    }
  }
  std::array<double, 257> x_{}, density_{};
  std::array<double, 256> width_{};
  std::array<std::uint64_t, 256> inside_{};
};

}  // namespace limit
