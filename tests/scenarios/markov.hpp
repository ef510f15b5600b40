#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <map>
#include <utility>
#include <vector>

// Small Markov chains in continuous time, solved: what the examples are held against.
namespace tl::testing {

/// A chain with few states, found by walking from one of them.
/// @tparam State  ordered by <
template <class State>
class Chain {
 public:
  /// Where a state goes, and at what rate [1/day].
  using Moves = std::vector<std::pair<State, double>>;
  using Rule = std::function<Moves(const State&)>;

  Chain(const State& first, const Rule& moves_of) {
    find(first);
    for (std::size_t at = 0; at < states_.size(); ++at) {
      const State from = states_[at];
      for (const auto& [to, rate] : moves_of(from))
        if (rate > 0.0 && find(to) != at) moves_.push_back({at, find(to), rate});
    }
  }

  /// The long run's share of time of each state, by elimination without subtraction (Grassmann, Taksar, Heyman 1985).
  std::vector<double> steady() const {
    const std::size_t n = states_.size();
    std::vector<std::vector<double>> rate(n, std::vector<double>(n, 0.0));
    for (const Move& move : moves_) rate[move.from][move.to] += move.rate;
    for (std::size_t k = n - 1; k > 0; --k) {
      double out = 0.0;
      for (std::size_t j = 0; j < k; ++j) out += rate[k][j];
      for (std::size_t i = 0; i < k; ++i) {
        rate[i][k] /= out;
        if (rate[i][k] > 0.0)
          for (std::size_t j = 0; j < k; ++j) rate[i][j] += rate[i][k] * rate[k][j];
      }
    }
    std::vector<double> share(n, 0.0);
    share[0] = 1.0;
    double total = 1.0;
    for (std::size_t k = 1; k < n; ++k) {
      for (std::size_t i = 0; i < k; ++i) share[k] += share[i] * rate[i][k];
      total += share[k];
    }
    for (double& each : share) each /= total;
    return share;
  }

  /// Expected share of the time [0, days] in each state, from the first one on: Runge and Kutta's fourth order in steps
  /// of a tenth of the shortest mean time, and trapezia (relative error below 1e-3 of what the start adds).
  std::vector<double> shares_until(double days) const {
    double fastest = 0.0;
    std::vector<double> out(states_.size(), 0.0);
    for (const Move& move : moves_) fastest = std::max(fastest, out[move.from] += move.rate);
    const auto steps = static_cast<std::size_t>(std::ceil(days * fastest * 10.0));
    const double h = days / static_cast<double>(steps);
    std::vector<double> now(states_.size(), 0.0), sum(states_.size(), 0.0);
    now[0] = 1.0;
    for (std::size_t step = 0; step < steps; ++step) {
      const auto a = slope(now), b = slope(moved(now, a, h / 2.0)), c = slope(moved(now, b, h / 2.0)),
                 d = slope(moved(now, c, h));
      for (std::size_t i = 0; i < now.size(); ++i) {
        const double next = now[i] + h / 6.0 * (a[i] + 2.0 * b[i] + 2.0 * c[i] + d[i]);
        sum[i] += h * (now[i] + next) / 2.0;
        now[i] = next;
      }
    }
    for (double& each : sum) each /= days;
    return sum;
  }

  /// Mean of a function of the state under the shares of steady() or shares_until().
  template <class Function>
  double mean(const std::vector<double>& shares, Function value) const {
    double total = 0.0;
    for (std::size_t i = 0; i < states_.size(); ++i) total += shares[i] * value(states_[i]);
    return total;
  }
  std::size_t size() const { return states_.size(); }

 private:
  struct Move {
    std::size_t from, to;
    double rate;
  };
  std::size_t find(const State& state) {
    const auto [at, is_new] = number_.emplace(state, states_.size());
    if (is_new) states_.push_back(state);
    return at->second;
  }
  std::vector<double> slope(const std::vector<double>& share) const {
    std::vector<double> change(share.size(), 0.0);
    for (const Move& move : moves_) {
      change[move.from] -= share[move.from] * move.rate;
      change[move.to] += share[move.from] * move.rate;
    }
    return change;
  }
  static std::vector<double> moved(std::vector<double> share, const std::vector<double>& change, double h) {
    for (std::size_t i = 0; i < share.size(); ++i) share[i] += h * change[i];
    return share;
  }

  std::map<State, std::size_t> number_;
  std::vector<State> states_;
  std::vector<Move> moves_;
};

/// Long-run shares of the numbers 0 … top of a birth and death process [births and deaths per day].
inline std::vector<double> birth_and_death(int top, const std::function<double(int)>& birth,
                                           const std::function<double(int)>& death) {
  std::vector<double> share{1.0};
  double total = 1.0;
  for (int n = 1; n <= top; ++n) {
    share.push_back(share.back() * birth(n - 1) / death(n));
    total += share.back();
  }
  for (double& each : share) each /= total;
  return share;
}

/// Mean of a function of the number.
template <class Function>
double mean_over(const std::vector<double>& shares, Function value) {
  double total = 0.0;
  for (std::size_t n = 0; n < shares.size(); ++n) total += shares[n] * value(static_cast<double>(n));
  return total;
}

/// Share of those turned away from `units` units by an offered load, whatever the shape of the stays (Erlang 1917).
inline double erlang_b(int units, double load) {
  double blocked = 1.0;
  for (int c = 1; c <= units; ++c) blocked = load * blocked / (c + load * blocked);
  return blocked;
}

}  // namespace tl::testing
