#pragma once
#include <compare>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "models/compile.hpp"

// Inside of flow.cpp: the states clients pass through when nothing is ever full, and how they go on from each.
namespace tl::flow {

inline constexpr std::uint32_t kNothing = 0xffffffffU;

/// A client in a place, or an enrolment in a program, as far as what comes next depends on it.
struct State {
  std::uint32_t setting = 0;
  std::uint64_t traits = 0;         ///< only the bits anything depends on
  std::uint32_t wanted = kNothing;  ///< the place of the standing request
  bool inside = false;              ///< already in: no admission, no entry actions
  std::uint32_t terms = kNothing;   ///< of the standing request
  std::uint32_t claim = kNothing;   ///< the place the client may return to
  std::uint32_t tokens = 0;         ///< papers, as if they lasted
  friend auto operator<=>(const State&, const State&) = default;
};

/// What happens from a state, for one client who comes to it.
struct Step {
  std::vector<std::pair<std::uint32_t, double>> next;   ///< states the client goes on to, with chances
  std::vector<std::pair<std::uint32_t, double>> begun;  ///< program states begun meanwhile, with their expected number
  std::vector<std::pair<std::uint32_t, double>> on_the_way;  ///< places waited in during a handoff, days
  std::vector<std::pair<std::uint32_t, double>> returned;    ///< settings gone back to (states stand in `next`)
  double days = 0.0;                                         ///< mean time in the state
  double units = 1.0;                                        ///< taken meanwhile
  double leaves = 0.0;                                       ///< chance of leaving the model
  bool stays = false;                                        ///< some clients never go on
};

/// A client at a moment of choice, with a chance.
struct Case {
  double chance = 1.0;
  std::uint64_t traits = 0;
  std::uint32_t wanted = kNothing;
  std::uint32_t terms = kNothing;
  std::uint32_t claim = kNothing;
  std::uint32_t tokens = 0;
};

class States {
 public:
  explicit States(const CompiledModel& model);

  /// Adds one stream's or group's clients. @returns states entered and their chances
  std::vector<std::pair<std::uint32_t, double>> newcomers(const ArrivalStream& stream);
  std::vector<std::pair<std::uint32_t, double>> starters(const InitialGroup& group);
  /// Works out every state that can be reached from those added.
  void expand();

  const std::vector<State>& states() const { return states_; }
  const std::vector<Step>& steps() const { return steps_; }
  double mean_of(std::uint32_t distribution);
  /// Shortest mean of a stream's gap over its cells and dates [day].
  double least_gap(const ArrivalStream& stream);
  bool exact() const { return exact_; }
  bool merged() const { return merged_; }

 private:
  using Chances = std::vector<std::pair<std::uint32_t, double>>;

  std::uint32_t cell(TableId table, std::uint32_t place, std::uint64_t traits, std::uint32_t wanted) const;
  void find_relevant();
  void mark(TableId table);
  std::uint32_t state(const State& state);
  std::vector<Case> draw_traits(std::uint64_t given, const TraitDrawList& draws) const;
  std::vector<Case> act(const ActionList& actions, std::uint32_t place, std::vector<Case> cases, double weight,
                        Chances* begun);
  void begin_program(std::uint32_t program, std::vector<Case>& cases, std::size_t at, double chance, double weight,
                     Chances* begun, int depth);
  std::vector<Case> handed_on(std::uint32_t program, std::uint64_t traits, int depth);
  void expand_one(std::uint32_t row);
  void stay_in(const State& from, const Case& now, Step& step);
  /// Lengths at points evenly spread over the distribution [day].
  const std::vector<double>& quantiles_of(std::uint32_t distribution);
  double race(const State& from, const Case& now, double hazard, Step& step);
  void take(const State& from, const Case& now, TableId choices, double chance, Step& step, bool by_event);
  void follow(const State& from, const Route& route, const Case& then, double chance, Step& step, bool by_event);
  void move(const State& from, const Route& route, const Case& then, double chance, Step& step, bool by_event);
  void go_back(const State& from, const Route& route, const Case& then, double chance, Step& step, bool by_event);
  void fetch_papers(std::uint32_t goal, Case& client, double weight, Chances* begun);
  bool is_away(const State& from, const Case& now) const;
  double units_in(const State& from) const;
  double changing_share(TableId choices, const State& from, const Case& now) const;
  double changing_rate(const State& from, const Case& now);
  double timer_rate(const TimerType& timer, const State& from, const Case& now);
  double stretch(std::uint32_t setting) const;
  std::uint32_t mismatch(std::uint32_t place, std::uint64_t traits) const;
  bool changes(const Route& route) const;

  const CompiledModel& model_;
  std::vector<State> states_;
  std::vector<Step> steps_;
  std::map<State, std::uint32_t> rows_;
  std::vector<double> means_;  ///< of distributions; negative: not worked out yet
  std::uint64_t relevant_ = 0;
  std::map<std::uint32_t, std::vector<double>> quantiles_;  ///< by distribution, once asked for
  bool exact_ = true, merged_ = false, has_return_ = false;
};

}  // namespace tl::flow
