#include "models/digest_text.hpp"

#include <bit>
#include <charconv>
#include <string_view>
#include <type_traits>

namespace tl {
namespace {

/// Writes records field by field. A field added to a record of sim/model.hpp has to be added here: the structured
/// bindings below name all of them, so that forgetting one does not compile.
class Text {
 public:
  std::string take() { return std::move(text_); }

  template <class... Fields>
  void record(std::string_view kind, const Fields&... fields) {
    text_ += kind;
    (field(fields), ...);
    text_ += '\n';
  }
  template <class Row, class Write>
  void list(std::string_view kind, const std::vector<Row>& rows, Write write) {
    record(kind, rows.size());
    for (const Row& row : rows) write(row);
  }
  template <class Row>
  void plain(std::string_view kind, const std::vector<Row>& rows) {
    text_ += kind;
    field(rows.size());
    for (const Row& row : rows) field(row);
    text_ += '\n';
  }

 private:
  template <class Field>
  void field(const Field& value) {
    char digits[32];
    std::to_chars_result end{};
    if constexpr (std::is_same_v<Field, double>) {
      end = std::to_chars(digits, digits + sizeof digits, std::bit_cast<std::uint64_t>(value), 16);
    } else if constexpr (std::is_same_v<Field, bool>) {
      end = std::to_chars(digits, digits + sizeof digits, value ? 1 : 0);
    } else if constexpr (std::is_enum_v<Field>) {
      end = std::to_chars(digits, digits + sizeof digits, static_cast<int>(value));
    } else if constexpr (std::is_same_v<Field, SimTime>) {
      end = std::to_chars(digits, digits + sizeof digits, value.micros());
    } else if constexpr (std::is_integral_v<Field>) {
      end = std::to_chars(digits, digits + sizeof digits, value);
    } else if constexpr (requires { value.index(); }) {
      end = std::to_chars(digits, digits + sizeof digits, value.index());
    } else {
      const auto& [first, count] = value;  // a list: where it begins, how many
      field(first);
      field(count);
      return;
    }
    text_ += ' ';
    text_.append(digits, end.ptr);
  }

  std::string text_;
};

void write_network(const CompiledModel& model, Text& text) {
  text.list("settings", model.settings, [&](const Setting& row) {
    const auto& [kind, draw_id, department, domain, level, capacity, stay, choices, on_entry, rank, rank_count, limit,
                 limit_in_place, on_refuse, on_renege, patience, turnaround, line, line_of, return_window,
                 wait_standard] = row;
    text.record("setting", kind, draw_id, department, domain, level, capacity, stay, choices, on_entry, rank,
                rank_count, limit, limit_in_place, on_refuse, on_renege, patience, turnaround, line, line_of,
                return_window, wait_standard);
  });
  text.list("routes", model.routes, [&](const Route& row) {
    const auto& [kind, waiting, goal, wait_place, reason, actions, delay, handoff, handoff_given] = row;
    text.record("route", kind, waiting, goal, wait_place, reason, actions, delay, handoff, handoff_given);
  });
  text.list("choices", model.choices, [&](const Choice& row) {
    const auto& [below, route] = row;
    text.record("choice", below, route);
  });
  text.plain("choice_lists", model.choice_lists);
  text.list("actions", model.actions, [&](const Action& row) {
    const auto& [kind, keep, shift, bits, value, setting, outcome, chance, draw_id] = row;
    text.record("action", kind, keep, shift, bits, value, setting, outcome, chance, draw_id);
  });
  text.list("handoffs", model.handoffs, [&](const Handoff& row) {
    const auto& [delay, lost, lost_to, during] = row;
    text.record("handoff", delay, lost, lost_to, during);
  });
  text.plain("department_handoffs", model.department_handoffs);
}

void write_clients(const CompiledModel& model, Text& text) {
  text.list("arrivals", model.arrivals, [&](const ArrivalStream& row) {
    const auto& [draw_id, rate, scale, layers, gap, first_date, date_count, batch, traits, draws, choices] = row;
    text.record("arrival", draw_id, rate, scale, layers, gap, first_date, date_count, batch, traits, draws, choices);
  });
  text.plain("dates", model.dates);
  text.list("initial", model.initial, [&](const InitialGroup& row) {
    const auto& [draw_id, count, place, start_stay, start_value, least_days, waited, traits, draws, actions] = row;
    text.record("group", draw_id, count, place, start_stay, start_value, least_days, waited, traits, draws, actions);
  });
  text.list("trait_draws", model.trait_draws, [&](const TraitDraw& row) {
    const auto& [draw_id, table] = row;
    text.record("trait_draw", draw_id, table);
  });
  text.list("trait_patterns", model.trait_patterns, [&](const TraitPattern& row) {
    const auto& [mask, bits] = row;
    text.record("pattern", mask, bits);
  });
  text.list("events", model.events, [&](const EventType& row) {
    const auto& [draw_id, hazard, factor, choices] = row;
    text.record("event", draw_id, hazard, factor, choices);
  });
}

void write_tables(const CompiledModel& model, Text& text) {
  text.list("dimensions", model.dimensions, [&](const StateDimension& row) {
    const auto& [kind, shift, bits, count, first] = row;
    text.record("dimension", kind, shift, bits, count, first);
  });
  text.plain("place_classes", model.place_classes);
  text.plain("steps", model.steps);
  text.list("tables", model.tables, [&](const StateTable& row) {
    const auto& [first_dimension, dimension_count, first_cell, cell_count] = row;
    text.record("table", first_dimension, dimension_count, first_cell, cell_count);
  });
  text.plain("cells", model.cells);
  text.plain("numbers", model.numbers);
  text.list("distributions", model.distributions, [&](const Distribution& row) {
    const auto& [kind, rounding, absolute, a, b, c, first, count, u_low, u_high, shift, floor] = row;
    text.record("distribution", kind, rounding, absolute, a, b, c, first, count, u_low, u_high, shift, floor);
  });
  const auto& [value, cumulative, component] = model.distribution_tables;
  text.plain("values", value);
  text.plain("cumulative", cumulative);
  text.plain("components", component);
  text.list("curves", model.curves, [&](const Curve& row) {
    const auto& [first_knot, knot_count, repeat] = row;
    text.record("curve", first_knot, knot_count, repeat);
  });
  text.list("knots", model.knots, [&](const CurveKnot& row) {
    const auto& [at, cumulative_to, rate, slope] = row;
    text.record("knot", at, cumulative_to, rate, slope);
  });
  text.list("patches", model.patches, [&](const Patch& row) {
    const auto& [at, kind, index, content] = row;
    text.record("patch", at, kind, index, content);
  });
}

}  // namespace

std::string digest_text(const CompiledModel& model) {
  Text text;
  text.record("model", model.start, model.end, model.department_count, model.domain_count, model.reason_count,
              model.outcome_count);
  text.plain("period_ends", model.period_ends);
  text.plain("observe", model.observe);
  write_network(model, text);
  write_clients(model, text);
  write_tables(model, text);
  return text.take();
}

}  // namespace tl
