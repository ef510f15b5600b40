#pragma once
#include "sim/model.hpp"

// Compiled models built by hand, for tests of the engine alone.
namespace tl::testing {

class ModelBuilder {
 public:
  CompiledModel model;

  ModelBuilder() {
    add_setting(SettingKind::place, kUnlimited);  // outside
    model.department_count = 1;
    model.domain_count = 1;
    model.reason_count = 3;  // 0 done, 1 refused, 2 gave up
  }
  std::uint32_t add_setting(SettingKind kind, std::int64_t capacity) {
    Setting setting;
    setting.kind = kind;
    setting.capacity = capacity;
    setting.draw_id = 100 + static_cast<std::uint32_t>(model.settings.size());
    model.settings.push_back(setting);
    return static_cast<std::uint32_t>(model.settings.size() - 1);
  }
  DistributionId add(const Distribution& distribution) {
    model.distributions.push_back(distribution);
    return DistributionId{static_cast<std::uint32_t>(model.distributions.size() - 1)};
  }
  TableId table_of(std::uint32_t cell) {
    StateTable table;
    table.first_cell = static_cast<std::uint32_t>(model.cells.size());
    model.cells.push_back(cell);
    model.tables.push_back(table);
    return TableId{static_cast<std::uint32_t>(model.tables.size() - 1)};
  }
  TableId number(double value) {
    model.numbers.push_back(value);
    return table_of(static_cast<std::uint32_t>(model.numbers.size() - 1));
  }
  TableId stay(const Distribution& distribution) { return table_of(add(distribution).index()); }
  RouteId leave(std::uint32_t reason) {
    Route route;
    route.kind = RouteKind::leave;
    route.reason = ReasonId{reason};
    return add_route(route);
  }
  RouteId move(std::uint32_t goal, Waiting waiting) {
    Route route;
    route.kind = RouteKind::move;
    route.goal = SettingId{goal};
    route.waiting = waiting;
    return add_route(route);
  }
  RouteId add_route(const Route& route) {
    model.routes.push_back(route);
    return RouteId{static_cast<std::uint32_t>(model.routes.size() - 1)};
  }
  TableId choices(std::initializer_list<std::pair<RouteId, double>> shares) {
    ChoiceList list{static_cast<std::uint32_t>(model.choices.size()), static_cast<std::uint32_t>(shares.size())};
    double sum = 0.0;
    for (const auto& [route, share] : shares) {
      sum += share;
      Choice choice;
      choice.below = sum >= 1.0 ? 0xffffffffU : static_cast<std::uint32_t>(sum * 4294967296.0);
      choice.route = route;
      model.choices.push_back(choice);
    }
    model.choice_lists.push_back(list);
    return table_of(static_cast<std::uint32_t>(model.choice_lists.size() - 1));
  }
  void arrivals(std::uint32_t draw_id, double per_day, TableId to) {
    ArrivalStream stream;
    stream.draw_id = draw_id;
    stream.rate = CurveId{static_cast<std::uint32_t>(model.curves.size())};
    model.curves.push_back({static_cast<std::uint32_t>(model.knots.size()), 1, SimTime{}});
    model.knots.push_back({SimTime{}, 0.0, per_day, 0.0});
    stream.choices = to;
    model.arrivals.push_back(stream);
  }
  /// A finite place with its line, exponential stays, routes to be set by the caller.
  std::uint32_t add_station(std::int64_t units, double mean_stay_days) {
    const std::uint32_t place = add_setting(SettingKind::place, units);
    model.settings[place].stay = stay(exponential_by_mean(mean_stay_days));
    model.settings[place].on_refuse = leave(1);
    model.settings[place].on_renege = leave(2);
    return place;
  }
  void add_lines() {
    const auto places = static_cast<std::uint32_t>(model.settings.size());
    for (std::uint32_t s = 0; s < places; ++s) {
      if (model.settings[s].capacity == kUnlimited || model.settings[s].kind != SettingKind::place) continue;
      const std::uint32_t line = add_setting(SettingKind::line, kUnlimited);
      model.settings[line].line_of = SettingId{s};
      model.settings[s].line = SettingId{line};
    }
  }
  void horizon(double days) {
    model.end = SimTime::from_days(days);
    model.period_ends = {model.end};
  }
};

/// M/M/c: one station with a line of its own.
inline CompiledModel multi_server(double arrivals_per_day, double mean_stay_days, std::int64_t units,
                                  double horizon_days) {
  ModelBuilder builder;
  const std::uint32_t server = builder.add_station(units, mean_stay_days);
  builder.model.settings[server].choices = builder.choices({{builder.leave(0), 1.0}});
  builder.arrivals(7, arrivals_per_day, builder.choices({{builder.move(server, Waiting::line), 1.0}}));
  builder.add_lines();
  builder.horizon(horizon_days);
  return builder.model;
}

}  // namespace tl::testing
