#include <algorithm>
#include <cmath>

#include "models/read_context.hpp"

namespace tl::reading {
namespace {

constexpr double kMostPerDay = 1e7;

std::vector<double> read_factors(Context& context, const RowView& row, const char* name, std::size_t due) {
  std::vector<double> factors;
  const Cell* cell = row.find(name);
  if (cell == nullptr) return factors;
  const std::string field = row.path(name);
  if (cell->is_table()) {
    read_text(context, *cell, field);
    return factors;
  }
  const std::vector<Cell> items = pieces_of(*cell, '|');
  if (items.size() != due)
    context.error(cell->at, code("list-length"), field, "has " + std::to_string(items.size()) + " factors",
                  std::to_string(due) + " are due, one for each");
  bool all_good = items.size() == due;
  for (const Cell& item : items) {
    const auto factor = read_scalar(context, item, field, {.dimension = kPlain, .range = Range::between(0.0, 1e6)});
    all_good = all_good && factor;
    factors.push_back(factor.value_or(0.0));
  }
  const bool is_zero = std::all_of(factors.begin(), factors.end(), [](double factor) { return factor == 0.0; });
  if (all_good && is_zero)
    context.error(cell->at, code("list-zero"), field, "all factors are 0", "then nobody would ever come");
  return factors;
}

/// A scale of the rate, and what levers with dates and policies make of it.
void read_layers(Context& context, const RowView& row, ArrivalSpec& arrival) {
  arrival.scale = take_layer_scale(context, row.path("rate"));
  if (context.log == nullptr) return;
  VaryingNumber scale;
  scale.base = arrival.scale;
  scale.path = row.path("rate");
  context.log->meet(scale, true);
  if (scale.dated.empty() && scale.switched.empty()) return;
  arrival.scale = 1.0;
  arrival.scale_over_time = std::move(scale);
}

void read_process(Context& context, const RowView& row, ArrivalSpec& arrival) {
  const Cell *rate = row.find("rate"), *gap = row.find("gap"), *dates = row.find("dates");
  const int given = (rate != nullptr ? 1 : 0) + (gap != nullptr ? 1 : 0) + (dates != nullptr ? 1 : 0);
  if (given != 1)
    context.error(row.row.at, code("arrival-process"), row.address,
                  given == 0 ? "has no rate, gap or dates" : "has more than one of rate, gap and dates",
                  "exactly one says when clients come", given == 0 ? "Write rate = \"7000 / y\"." : "");
  if (rate != nullptr) {
    read_layers(context, row, arrival);
    arrival.rate = read_varying(
        context, *rate, row.path("rate"),
        {.dimension = kRate, .range = Range::between(0.0, kMostPerDay), .may_vary = false, .may_ramp = true});
  }
  if (gap != nullptr) arrival.gap = read_distribution(context, *gap, row.path("gap"));
  if (dates != nullptr) {
    arrival.dates = read_instants(context, *dates, row.path("dates"));
    const auto outside = std::count_if(arrival.dates.begin(), arrival.dates.end(), [&](double days) {
      return days > context.model.horizon_days || days < -context.model.warmup_days;
    });
    if (outside > 0)
      context.problems.warning(
          dates->at, code("date-outside"), row.path("dates"),
          std::to_string(outside) + (outside == 1 ? " date lies" : " dates lie") + " outside the run",
          "nobody comes then");
  }
  if (const Cell* cell = row.find("growth"))
    arrival.growth_per_year =
        read_fixed(context, *cell, row.path("growth"), {.dimension = kPlain, .range = Range::between(-0.99, 10.0)})
            .value_or(0.0);
  arrival.months = read_factors(context, row, "months", 12);
  arrival.weekdays = read_factors(context, row, "weekdays", 7);
  arrival.hours = read_factors(context, row, "hours", 24);
  if (rate == nullptr)
    for (const char* name : {"growth", "months", "weekdays", "hours"})
      if (const Cell* cell = row.find(name))
        context.error(cell->at, code("field-useless"), row.path(name), "has no effect",
                      "it changes a rate, and there is none");
}

ArrivalSpec read_arrival(Context& context, const RowView& row) {
  ArrivalSpec arrival;
  arrival.id = row.row.id;
  arrival.at = row.row.at;
  if (const Cell* cell = row.find("population"))
    arrival.population = find_name(context, *cell, row.path("population"), context.populations);
  read_process(context, row, arrival);
  if (const Cell* cell = row.find("batch"))
    arrival.batch = read_distribution(context, *cell, row.path("batch"), kPlain);
  if (const Cell* cell = row.find("traits")) arrival.traits = read_fixed_traits(context, *cell, row.path("traits"));
  if (auto route = read_own_route(context, row, Origin::arrival)) arrival.routes.push_back(std::move(*route));
  arrival.provenance = read_provenance(context, row);
  return arrival;
}

EventSpec read_event(Context& context, const RowView& row) {
  EventSpec event;
  event.id = row.row.id;
  event.at = row.row.at;
  if (const Cell* rate = row.find("rate")) {
    auto number = read_varying(context, *rate, row.path("rate"),
                               {.dimension = kRate, .range = Range::between(0.0, kMostPerDay), .may_ramp = true});
    if (number) event.rate = std::move(*number);
  } else {
    missing_field(context, row, "rate", "an event happens at a rate per client", "Write rate = \"0.4 / y\".");
  }
  event.when = read_when(context, row);
  if (auto route = read_own_route(context, row, Origin::event)) event.routes.push_back(std::move(*route));
  event.provenance = read_provenance(context, row);
  return event;
}

void read_start(Context& context, const RowView& row, InitialSpec& initial) {
  const Cell* stay = row.find("stay");
  if (stay == nullptr) return;
  if (!stay->is_table()) {
    if (const auto word = read_word(context, *stay, row.path("stay"), {"residual", "fresh"}))
      initial.start = *word == 0 ? StartOfStay::residual : StartOfStay::fresh;
    return;
  }
  struct Way {
    const char* name;
    StartOfStay start;
  };
  int given = 0;
  for (const Way way : {Way{"elapsed", StartOfStay::elapsed}, Way{"remaining", StartOfStay::remaining},
                        Way{"share_of_stay", StartOfStay::share_of_stay}}) {
    const Cell* cell = stay->find(way.name);
    if (cell == nullptr) continue;
    ++given;
    initial.start = way.start;
    initial.start_value = read_distribution(context, *cell, row.path("stay") + '.' + way.name,
                                            way.start == StartOfStay::share_of_stay ? kPlain : kDuration);
  }
  if (given != 1)
    context.error(stay->at, code("field-conflict"), row.path("stay"),
                  given == 0 ? "says nothing" : "says more than one thing",
                  "it holds one of elapsed, remaining and share_of_stay");
  const Cell* least = stay->find("least");
  if (least == nullptr) return;
  if (initial.start != StartOfStay::share_of_stay)
    context.error(least->at, code("field-useless"), row.path("stay.least"), "has no effect",
                  "it belongs to share_of_stay");
  initial.least_days = read_scalar(context, *least, row.path("stay.least"),
                                   {.dimension = kDuration, .range = Range::between(0.0, context.limits.horizon_days)})
                           .value_or(0.0);
}

InitialSpec read_group(Context& context, const RowView& row) {
  InitialSpec initial;
  initial.id = row.row.id;
  initial.at = row.row.at;
  if (const Cell* cell = row.find("place"))
    initial.place = read_place(context, *cell, row.path("place"), false).value_or(0);
  else
    missing_field(context, row, "place", "clients are always somewhere", "Write place = \"outside\" for nowhere else.");
  if (const Cell* cell = row.find("count")) {
    const double most = std::min(static_cast<double>(context.limits.clients_alive), 4e9);
    const auto count = read_fixed(context, *cell, row.path("count"),
                                  {.dimension = kPlain, .range = Range::between(0.0, most), .whole = true});
    initial.count = static_cast<std::uint32_t>(count.value_or(0.0));
  } else {
    missing_field(context, row, "count", "it says how many are there at the start");
  }
  if (const Cell* cell = row.find("population"))
    initial.population = find_name(context, *cell, row.path("population"), context.populations);
  if (const Cell* cell = row.find("traits")) initial.traits = read_fixed_traits(context, *cell, row.path("traits"));
  read_start(context, row, initial);
  if (const Cell* cell = row.find("do")) initial.actions = read_actions(context, *cell, row.path("do"));
  if (const Cell* cell = row.find("waited"))
    initial.waited_days =
        read_fixed(context, *cell, row.path("waited"),
                   {.dimension = kDuration, .range = Range::between(0.0, context.limits.horizon_days)})
            .value_or(0.0);
  initial.provenance = read_provenance(context, row);
  return initial;
}

}  // namespace

void read_arrivals(Context& context) {
  read_rows(context, "arrivals", context.arrivals, context.model.arrivals,
            [](Context& in, const RowView& row) { return read_arrival(in, row); });
}

void read_events(Context& context) {
  read_rows(context, "events", context.events, context.model.events,
            [](Context& in, const RowView& row) { return read_event(in, row); });
}

void read_initial(Context& context) {
  const Table* table = context.table("initial");
  if (table == nullptr) return;
  for (const Row& row : table->rows) context.model.initial.push_back(read_group(context, {row, "initial." + row.id}));
  if (!table->rows.empty() && context.model.warmup_days > 0.0)
    context.error(table->at, code("initial-and-warmup"), "initial",
                  "clients are there at the start, and the model warms up",
                  "they would be there at the start of results, and the warm-up runs before it",
                  "Set warmup = \"0 d\", or drop the table initial.");
}

}  // namespace tl::reading
