#include "models/read_context.hpp"

// Units: how many a client takes, pools that several settings draw from.
namespace tl::reading {
namespace {

constexpr double kMostUnits = 1e9;

PoolSpec read_pool(Context& context, const RowView& row) {
  PoolSpec pool;
  pool.id = row.row.id;
  pool.at = row.row.at;
  pool.name = read_words(context, row, "name", row.row.id);
  pool.department = *context.departments.find("none");
  if (const Cell* cell = row.find("department"))
    pool.department = find_name(context, *cell, row.path("department"), context.departments).value_or(pool.department);
  const Cell* capacity = row.find("capacity");
  if (capacity == nullptr)
    missing_field(context, row, "capacity", "a pool has a number of units", "Write capacity = 40.");
  else if (capacity->is_text() && capacity->text == "unlimited")
    context.error(capacity->at, code("field-kind"), row.path("capacity"), "is unlimited",
                  "settings share a pool because its units may run out",
                  "Give a number, or drop the pool and write capacity = \"unlimited\" in its settings.");
  else
    pool.capacity = read_varying(
        context, *capacity, row.path("capacity"),
        {.dimension = kPlain, .range = Range::between(0.0, kMostUnits), .may_vary = false, .may_ramp = true});
  if (const Cell* cell = row.find("capacity_hours"))
    pool.capacity_hours = read_capacity_hours(context, *cell, row.path("capacity_hours"));
  pool.provenance = read_provenance(context, row);
  return pool;
}

}  // namespace

void read_pools(Context& context) {
  const Table* table = context.table("pools");
  if (table == nullptr) return;
  context.model.pools.resize(context.pools.all().size());
  std::vector<bool> is_read(context.model.pools.size(), false);
  for (const Row& row : table->rows) {
    const std::uint32_t index = *context.pools.find(row.id);
    if (is_read[index]) continue;  // a problem already: row-duplicate
    is_read[index] = true;
    context.model.pools[index] = read_pool(context, {row, "pools." + row.id});
  }
}

void check_pools(Context& context) {
  for (std::uint32_t row = 0; row < context.model.pools.size(); ++row) {
    bool is_used = false;
    for (const SettingSpec& setting : context.model.settings) is_used = is_used || setting.pool == row;
    if (!is_used)
      context.problems.warning(context.model.pools[row].at, code("field-useless"),
                               "pools." + context.model.pools[row].id, "is used by no setting",
                               "units of a pool are those that settings draw from it",
                               "Write pool = \"" + context.model.pools[row].id + "\" in settings.");
  }
}

void read_units(Context& context, const RowView& row, SettingSpec& setting, std::uint32_t index) {
  if (const Cell* cell = row.find("pool")) setting.pool = find_name(context, *cell, row.path("pool"), context.pools);
  const Cell* cell = row.find("takes");
  if (cell == nullptr) return;
  setting.takes = read_varying(context, *cell, row.path("takes"),
                               {.dimension = kPlain, .range = Range::between(1.0, kMostUnits), .whole = true});
  if (context.setting_facts[index].has_no_cap)
    context.problems.warning(cell->at, code("field-useless"), row.path("takes"), "has no effect",
                             "an unlimited setting has units for all");
}

}  // namespace tl::reading
