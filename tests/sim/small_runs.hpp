#pragma once
#include <cmath>
#include <initializer_list>
#include <vector>

#include "sim/simulation.hpp"
#include "tests/sim/small_models.hpp"

// Running the models of small_models.hpp, and building what only some of them need.
namespace tl::testing {

inline double total(const ReplicationResult& r, std::uint32_t setting, SettingSum which) {
  double sum = 0.0;
  for (std::uint32_t p = 0; p < r.period_count; ++p) sum += r.sum(p, setting, which);
  return sum;
}
inline ReplicationResult run_once(const CompiledModel& model, std::uint64_t seed = 1, std::uint64_t replication = 0,
                                  Watcher* watcher = nullptr) {
  Simulation simulation{model};
  simulation.watch(watcher);
  ReplicationResult result;
  simulation.run(seed, replication, nullptr, result);
  return result;
}

/// Mean of a number over replications, with its standard error.
struct Estimate {
  double mean = 0.0, error = 0.0;
};
template <class Value>
Estimate estimate(const CompiledModel& model, int runs, Value value) {
  Simulation simulation{model};
  double sum = 0.0, squares = 0.0;
  for (int i = 0; i < runs; ++i) {
    ReplicationResult r;
    simulation.run(1, static_cast<std::uint64_t>(i), nullptr, r);
    const double x = value(r);
    sum += x;
    squares += x * x;
  }
  const double mean = sum / runs;
  return {mean, std::sqrt((squares / runs - mean * mean) / (runs - 1))};
}

/// What few settings have, of one setting of a model whose settings are all there.
inline SettingMore& more_of(CompiledModel& model, std::uint32_t setting) {
  model.more.resize(model.settings.size());
  model.settings[setting].has_more = true;
  return model.more[setting];
}

/// One client on each of these days.
inline void arrive_on(ModelBuilder& builder, std::uint32_t draw_id, std::initializer_list<double> days, TableId to) {
  ArrivalStream stream;
  stream.draw_id = draw_id;
  stream.first_date = static_cast<std::uint32_t>(builder.model.dates.size());
  stream.date_count = static_cast<std::uint32_t>(days.size());
  for (const double day : days) builder.model.dates.push_back(SimTime::from_days(day));
  stream.choices = to;
  builder.model.arrivals.push_back(stream);
}

/// A timer of a constant length.
inline TimerType& add_timer(ModelBuilder& builder, StartKind kind, std::uint32_t subject, double days, TableId to) {
  TimerType timer;
  timer.draw_id = 900 + static_cast<std::uint32_t>(builder.model.timers.size());
  timer.from = {kind, subject};
  timer.after = builder.stay(constant_value(days));
  timer.choices = to;
  builder.model.timers.push_back(timer);
  return builder.model.timers.back();
}

/// A table of numbers over one dimension: one number for each of its values.
inline TableId number_by(ModelBuilder& builder, const StateDimension& dimension, std::initializer_list<double> values) {
  CompiledModel& model = builder.model;
  StateTable table;
  table.first_dimension = static_cast<std::uint32_t>(model.dimensions.size());
  table.dimension_count = 1;
  table.first_cell = static_cast<std::uint32_t>(model.cells.size());
  table.cell_count = static_cast<std::uint32_t>(values.size());
  model.dimensions.push_back(dimension);
  for (const double value : values) {
    model.cells.push_back(static_cast<std::uint32_t>(model.numbers.size()));
    model.numbers.push_back(value);
  }
  model.tables.push_back(table);
  return TableId{static_cast<std::uint32_t>(model.tables.size() - 1)};
}

/// 1 in the given place, 0 elsewhere. All settings must be there.
inline StateDimension is_in(ModelBuilder& builder, std::uint32_t place) {
  StateDimension dimension;
  dimension.kind = DimensionKind::place_class;
  dimension.count = 2;
  dimension.first = static_cast<std::uint32_t>(builder.model.place_classes.size());
  for (std::uint32_t s = 0; s < builder.model.settings.size(); ++s)
    builder.model.place_classes.push_back(s == place ? 1 : 0);
  return dimension;
}

inline RouteId go_back(ModelBuilder& builder) {
  Route route;
  route.kind = RouteKind::go_back;
  return builder.add_route(route);
}

}  // namespace tl::testing
