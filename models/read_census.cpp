#include <algorithm>

#include "models/read_context.hpp"

// The table `census`: one row a client who is there at the start of results.
namespace tl::reading {
namespace {

/// A date before the start of results, or a time ago [day ago].
std::optional<double> read_ago(Context& context, const RowView& row, std::string_view name) {
  const Cell* cell = row.find(name);
  if (cell == nullptr) return std::nullopt;
  const std::string field = row.path(name);
  bool is_date = false;
  if (const std::optional<CivilDate> date = read_date(context, *cell, field, is_date)) {
    const Model& model = context.model;
    const CivilDate start{model.start_year, model.start_month, model.start_day};
    const auto days = static_cast<double>(days_from_civil(start) - days_from_civil(*date));
    if (days >= 0.0 && days <= context.limits.horizon_days) return days;
    context.error(cell->at, code("census-date"), field,
                  '"' + cell->text + (days < 0.0 ? "\" lies after the start of results" : "\" is too long ago"),
                  "a census tells how things stand at the start, " + iso_date(start),
                  days < 0.0 ? "Who comes later stands in arrivals, with dates." : "");
    return std::nullopt;
  }
  if (is_date) return std::nullopt;
  return read_scalar(context, *cell, field,
                     {.dimension = kDuration, .range = Range::between(0.0, context.limits.horizon_days)});
}

void read_waiting(Context& context, const RowView& row, CensusRow& client) {
  const Cell *goal = row.find("waiting_for"), *since = row.find("waiting_since");
  if (goal == nullptr) {
    if (since != nullptr)
      context.problems.warning(since->at, code("field-useless"), row.path("waiting_since"), "has no effect",
                               "the client waits for nothing: waiting_for is empty");
    return;
  }
  const auto asked = find_asked(context, *goal, row.path("waiting_for"));
  client.waited_days = read_ago(context, row, "waiting_since").value_or(0.0);
  if (!asked) return;
  if (asked->setting == client.place) {
    context.error(goal->at, code("destination-self"), row.path("waiting_for"), "is where the client already is",
                  "nobody waits for the place they are in");
    return;
  }
  ActionSpec request;
  request.verb = Verb::request;
  request.setting = asked->setting;
  request.request = asked->request;
  request.at = goal->at;
  client.waiting_for = std::move(request);
}

void read_enrolled(Context& context, const RowView& row, CensusRow& client) {
  const Cell* cell = row.find("enrolled");
  if (cell == nullptr) return;
  const std::string field = row.path("enrolled");
  if (cell->is_table()) {
    read_text(context, *cell, field);
    return;
  }
  for (const Cell& item : pieces_of(*cell, '|')) {
    const auto program = find_name(context, item, field, context.settings);
    if (!program) continue;
    if (!context.setting_facts[*program].is_program)
      context.error(item.at, code("setting-kind"), field, '"' + item.text + "\" is a place",
                    "clients are enrolled in programs", "The place they are in stands in the column place.");
    else
      client.enrolled.push_back(*program);
  }
}

/// The field `traits`, and one column each as `trait.ID`.
void read_traits(Context& context, const RowView& row, CensusRow& client) {
  if (const Cell* cell = row.find("traits")) client.traits = read_fixed_traits(context, *cell, row.path("traits"));
  const Cell* columns = row.find("trait");
  if (columns == nullptr) return;
  if (!columns->is_table()) {
    context.error(columns->at, code("field-kind"), row.path("trait"), "is no table",
                  "a trait has a column of its own: trait.ID", "Write several in one as traits: smi=yes; sud=no.");
    return;
  }
  for (const auto& [trait, value] : read_fixed_traits(context, *columns, row.path("trait"))) {
    const bool is_twice = std::any_of(client.traits.begin(), client.traits.end(),
                                      [&, given = trait](const auto& other) { return other.first == given; });
    if (is_twice)
      context.error(columns->at, code("field-conflict"), row.path("trait"),
                    "trait \"" + context.traits.all()[trait] + "\" is given twice",
                    "a client has one value of a trait");
    else
      client.traits.emplace_back(trait, value);
  }
}

CensusRow read_client(Context& context, const RowView& row) {
  CensusRow client;
  client.at = row.row.at;
  if (const Cell* cell = row.find("place"))
    client.place = read_place(context, *cell, row.path("place"), false).value_or(0);
  else
    missing_field(context, row, "place", "clients are always somewhere", "Write outside for nowhere else.");
  client.elapsed_days = read_ago(context, row, "since");
  if (const Cell* cell = row.find("population"))
    client.population = find_name(context, *cell, row.path("population"), context.populations);
  read_traits(context, row, client);
  read_waiting(context, row, client);
  read_enrolled(context, row, client);
  return client;
}

}  // namespace

void read_census(Context& context) {
  const Table* table = context.table("census");
  if (table == nullptr || table->rows.empty()) return;
  if (table->rows.size() > context.limits.clients_alive)
    context.error(table->at, code("model-large"), "census", std::to_string(table->rows.size()) + " clients",
                  "at most " + std::to_string(context.limits.clients_alive) + " are allowed");
  context.model.census.reserve(table->rows.size());
  for (const Row& row : table->rows) context.model.census.push_back(read_client(context, {row, "census." + row.id}));
  if (context.model.warmup_days > 0.0)
    context.error(table->at, code("initial-and-warmup"), "census",
                  "clients are there at the start, and the model warms up",
                  "a census is one at the start of results, and the warm-up runs before it",
                  "Set warmup = \"0 d\", or drop the table census.");
}

}  // namespace tl::reading
