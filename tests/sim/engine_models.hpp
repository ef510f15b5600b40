#pragma once
#include <initializer_list>
#include <utility>
#include <vector>

#include "sim/simulation.hpp"
#include "tests/sim/small_models.hpp"

// What tests of the engine's rarer parts share: arrivals on stated days, settings with more, and a diary of a run.
namespace tl::testing {

class EngineBuilder : public ModelBuilder {
 public:
  /// One client on each day, with these traits.
  void arrive_on(std::uint32_t draw_id, std::initializer_list<double> days, RouteId to, std::uint64_t traits = 0) {
    ArrivalStream stream;
    stream.draw_id = draw_id;
    stream.first_date = static_cast<std::uint32_t>(model.dates.size());
    stream.date_count = static_cast<std::uint32_t>(days.size());
    stream.traits = traits;
    for (const double day : days) model.dates.push_back(SimTime::from_days(day));
    stream.choices = choices({{to, 1.0}});
    model.arrivals.push_back(stream);
  }
  SettingMore& more(std::uint32_t setting) {
    model.more.resize(model.settings.size());
    model.settings[setting].has_more = true;
    return model.more[setting];
  }
  std::uint32_t add_place(std::int64_t capacity) { return add_setting(SettingKind::place, capacity); }
  /// Stays of exactly so long, then the route.
  void stays(std::uint32_t setting, double days, RouteId then) {
    model.settings[setting].stay = stay(constant_value(days));
    model.settings[setting].choices = choices({{then, 1.0}});
  }
  TermsId terms(RequestTerms made, std::initializer_list<std::pair<std::uint32_t, double>> alternates = {},
                std::initializer_list<std::uint32_t> interims = {}) {
    made.first_option = static_cast<std::uint32_t>(model.options.size());
    made.alternate_count = static_cast<std::uint32_t>(alternates.size());
    made.interim_count = static_cast<std::uint32_t>(interims.size());
    for (const auto& [setting, after] : alternates)
      model.options.push_back({SettingId{setting}, SimTime::from_days(after)});
    for (const std::uint32_t setting : interims) model.options.push_back({SettingId{setting}, SimTime{}});
    model.terms.push_back(made);
    return TermsId{static_cast<std::uint32_t>(model.terms.size() - 1)};
  }
  static Action request(std::uint32_t goal, TermsId terms = TermsId{}) {
    Action action;
    action.kind = ActionKind::request;
    action.setting = SettingId{goal};
    action.terms = terms;
    return action;
  }
  ActionList actions(std::initializer_list<Action> list) {
    const ActionList made{static_cast<std::uint32_t>(model.actions.size()), static_cast<std::uint32_t>(list.size())};
    model.actions.insert(model.actions.end(), list);
    return made;
  }
  /// To a place, with these actions on the way.
  RouteId move_with(std::uint32_t goal, Waiting waiting, std::initializer_list<Action> list) {
    Route route;
    route.kind = RouteKind::move;
    route.goal = SettingId{goal};
    route.waiting = waiting;
    route.actions = actions(list);
    return add_route(route);
  }
  /// Numbers by the lowest bits of the traits.
  TableId by_trait(std::uint8_t bits, std::initializer_list<double> values) {
    return over({DimensionKind::trait, 0, bits, 1U << bits, 0, 0}, values);
  }
  TableId over(const StateDimension& dimension, std::initializer_list<double> values) {
    const TableId table = table_over(dimension);
    for (const double value : values) {
      model.cells.push_back(static_cast<std::uint32_t>(model.numbers.size()));
      model.numbers.push_back(value);
    }
    return table;
  }
  /// A rank table: its cells are the classes themselves.
  TableId ranks(std::uint8_t bits, std::initializer_list<std::uint32_t> classes) {
    const TableId table = table_over({DimensionKind::trait, 0, bits, 1U << bits, 0, 0});
    model.cells.insert(model.cells.end(), classes);
    return table;
  }
  /// 1 in the one place, 0 elsewhere. Call when all settings are there.
  TableId where(std::uint32_t place) {
    const auto first = static_cast<std::uint32_t>(model.place_classes.size());
    for (std::uint32_t s = 0; s < model.settings.size(); ++s) model.place_classes.push_back(s == place ? 1 : 0);
    return over({DimensionKind::place_class, 0, 0, 2, first, 0}, {0.0, 1.0});
  }
  void capacity_from(double day, std::uint32_t setting, std::int64_t capacity) {
    model.patches.push_back({SimTime::from_days(day), PatchKind::capacity, setting, capacity});
  }

 private:
  TableId table_over(const StateDimension& dimension) {
    StateTable table;
    table.first_dimension = static_cast<std::uint32_t>(model.dimensions.size());
    table.dimension_count = 1;
    table.first_cell = static_cast<std::uint32_t>(model.cells.size());
    table.cell_count = dimension.count;
    model.dimensions.push_back(dimension);
    model.tables.push_back(table);
    return TableId{static_cast<std::uint32_t>(model.tables.size() - 1)};
  }
};

/// Everything a watcher is told.
class Diary : public Watcher {
 public:
  struct Move {
    std::uint32_t number, to;
    double day;
    friend bool operator==(const Move&, const Move&) = default;
  };
  void moved(std::uint32_t number, SettingId, SettingId to, SimTime at) override {
    moves.push_back({number, to.index(), at.days()});
  }
  void left(std::uint32_t number, ReasonId, SimTime at) override { leaves.emplace_back(number, at.days()); }
  void told(const Story& story) override { stories.push_back(story); }

  /// When the client came to the setting for the last time; -1 = never.
  double day_in(std::uint32_t number, std::uint32_t setting) const {
    double day = -1.0;
    for (const Move& move : moves)
      if (move.number == number && move.to == setting) day = move.day;
    return day;
  }
  std::size_t count(StoryKind kind) const {
    std::size_t found = 0;
    for (const Story& story : stories) found += story.kind == kind ? 1U : 0U;
    return found;
  }
  /// When it was told of the client for the last time; -1 = never.
  double day_of(std::uint32_t number, StoryKind kind) const {
    double day = -1.0;
    for (const Story& story : stories)
      if (story.number == number && story.kind == kind) day = story.at.days();
    return day;
  }
  std::vector<Move> moves;
  std::vector<std::pair<std::uint32_t, double>> leaves;
  std::vector<Story> stories;
};

struct Run {
  ReplicationResult result;
  Diary diary;
  double sum(std::uint32_t setting, SettingSum which) const {
    double all = 0.0;
    for (std::uint32_t p = 0; p < result.period_count; ++p) all += result.sum(p, setting, which);
    return all;
  }
};

inline Run run_watched(EngineBuilder& builder, double horizon_days, std::uint64_t seed = 1,
                       std::uint64_t replication = 0) {
  builder.model.more.resize(builder.model.settings.size());
  builder.horizon(horizon_days);
  Run run;
  Simulation simulation{builder.model};
  simulation.watch(&run.diary);
  simulation.run(seed, replication, nullptr, run.result);
  return run;
}

}  // namespace tl::testing
