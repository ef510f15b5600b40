#pragma once
// A digest of what must be the same on every machine: the elementary and special functions over many arguments, and
// draws of every sample distribution. Used by the tests and by tests/sim/same_bits.sh, which compiles it in several
// ways.

#include <bit>
#include <cstdint>

#include "sim/maths.hpp"
#include "sim/random.hpp"
#include "tests/sim/sample_distributions.hpp"

namespace same_bits {

/// FNV-1a over the bits of doubles.
class Digest {
 public:
  void add(double x) {
    for (auto bits = std::bit_cast<std::uint64_t>(x), i = std::uint64_t{0}; i < 8; ++i, bits >>= 8)
      hash_ = (hash_ ^ (bits & 0xff)) * 0x100000001b3;
  }
  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

inline double uniform_at(std::uint32_t i, std::uint32_t purpose = 0) {
  const tl::Block b = tl::draw({1, 2}, {3, i, 0}, tl::Purpose::process, purpose, 0);
  return tl::uniform53(b.w[0], b.w[1]);
}

/// Values spread over all magnitudes.
inline double wide_at(std::uint32_t i) {
  const tl::Block b = tl::draw({1, 2}, {3, i, 1}, tl::Purpose::process, 0, 0);
  const std::uint64_t bits = (std::uint64_t{b.w[0]} << 32 | b.w[1]) & 0x7fffffffffffffff;
  return bits < 0x7ff0000000000000 ? std::bit_cast<double>(bits) : 1.0;
}

inline std::uint64_t log_digest(std::uint32_t n) {
  Digest d;
  for (std::uint32_t i = 0; i < n; ++i) {
    d.add(tl::natural_log(uniform_at(i)));
    d.add(tl::natural_log(wide_at(i)));
    d.add(tl::log_one_plus(4.0 * uniform_at(i) - 1.0));
  }
  return d.value();
}

inline std::uint64_t exp_digest(std::uint32_t n) {
  Digest d;
  for (std::uint32_t i = 0; i < n; ++i) {
    d.add(tl::exponential(1460.0 * uniform_at(i) - 750.0));
    d.add(tl::exponential(4.0 * uniform_at(i, 1) - 2.0));
    d.add(tl::exponential_minus_one(4.0 * uniform_at(i) - 2.0));
  }
  return d.value();
}

inline std::uint64_t power_digest(std::uint32_t n) {
  Digest d;
  for (std::uint32_t i = 0; i < n; ++i) {
    d.add(tl::power(wide_at(i), 2.0 * uniform_at(i) - 1.0));
    d.add(tl::power(uniform_at(i), 40.0 * uniform_at(i, 1) - 20.0));
  }
  return d.value();
}

inline std::uint64_t special_digest(std::uint32_t n) {
  Digest d;
  for (std::uint32_t i = 0; i < n; ++i) {
    const double u = uniform_at(i);
    const double shape = tl::exponential(12.0 * uniform_at(i, 1) - 3.0);
    d.add(tl::normal_quantile(u));
    d.add(tl::normal_cdf(20.0 * u - 15.0));
    d.add(tl::log_gamma(shape));
    d.add(tl::regularised_gamma_p(shape, shape * (0.5 + u)));
    d.add(tl::gamma_quantile(shape, u));
    d.add(tl::student_t_quantile(u, shape + 0.5));
  }
  return d.value();
}

inline std::uint64_t distribution_digest(std::uint32_t n) {
  Digest d;
  const SampleDistributions samples = sample_distributions();
  for (const Sample& s : samples.list) {
    for (std::uint32_t i = 0; i < n; ++i)
      d.add(tl::quantile(s.distribution, samples.all, samples.tables, uniform_at(i), uniform_at(i, 1)));
    d.add(tl::mean(s.distribution, samples.all, samples.tables));
    d.add(tl::variance(s.distribution, samples.all, samples.tables));
    for (std::uint32_t i = 0; i < 20; ++i) {
      const double u = uniform_at(i, 2);
      d.add(tl::residual_quantile(s.distribution, samples.all, samples.tables, u, uniform_at(i, 3)));
      d.add(tl::remaining_quantile(s.distribution, samples.all, samples.tables, 3.0, u));
      d.add(tl::cdf(s.distribution, samples.all, samples.tables, 30.0 * u));
    }
  }
  return d.value();
}

/// All of the above in one number.
inline std::uint64_t digest() {
  std::uint64_t all = log_digest(200'000);
  for (const std::uint64_t next :
       {exp_digest(200'000), power_digest(100'000), special_digest(3'000), distribution_digest(500)})
    all = (all ^ next) * 0x9e3779b97f4a7c15;
  return all;
}

}  // namespace same_bits
