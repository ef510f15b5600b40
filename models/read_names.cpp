#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "models/read_context.hpp"

namespace tl::reading {
namespace {

constexpr auto kDomains = std::to_array<std::string_view>(
    {"prevention", "outreach", "crisis", "treatment", "housing", "custody", "community"});
/// Words that stand where a setting's id may stand.
constexpr auto kSettingWords =
    std::to_array<std::string_view>({"outside", "stay", "end", "all", "any", "unlimited", "in_place", "line",
                                     "otherwise", "leave", "return", "origin", "arrival"});
constexpr auto kTraitWords = std::to_array<std::string_view>({"since_request", "since_enrolment"});

template <class Words>
bool holds(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

void refuse_reserved(Context& context, const Row& row, const std::string& field) {
  context.error(id_place(row), code("id-reserved"), field, '"' + row.id + "\" is a word of the language",
                "a row cannot be called so", "Choose another id; what people read is the field `name`.");
}

/// Ids of a table, in file order. A second row of an id is a problem already (row-duplicate); all readers skip it.
void collect(Context& context, std::string_view table_name, Names& names) {
  const Table* table = context.table(table_name);
  if (table == nullptr) return;
  for (const Row& row : table->rows) {
    const std::string field = std::string{table_name} + '.' + row.id;
    if (!names.find(row.id)) check_id(context, row.id, id_place(row), field);
    names.add(row.id);  // a bad id is known all the same, so that its uses are not problems too
  }
}

/// The settings that rows of `staffing` are about.
std::set<std::string_view> staffed_settings(const Context& context) {
  std::set<std::string_view> staffed;
  if (const Table* table = context.table("staffing"))
    for (const Row& row : table->rows)
      if (const Cell* cell = row.find("setting")) staffed.insert(cell->text);
  return staffed;
}

/// Whether a budget names it among those whose admissions it stops.
bool is_stopped(const Context& context, const std::string& id) {
  const Table* table = context.table("budgets");
  if (table == nullptr) return false;
  for (const Row& row : table->rows)
    if (const Cell* cell = row.find("stops_admissions"); cell != nullptr && !cell->is_table())
      for (const Cell& item : pieces_of(*cell, '|'))
        if (item.text == id) return true;
  return false;
}

void collect_settings(Context& context) {
  context.settings.add("outside");
  const Table* table = context.table("settings");
  if (table != nullptr)
    for (const Row& row : table->rows) {
      const std::string field = "settings." + row.id;
      if (holds(kSettingWords, row.id)) {
        refuse_reserved(context, row, field);
        continue;
      }
      if (!context.settings.find(row.id)) check_id(context, row.id, id_place(row), field);
      context.settings.add(row.id);
    }
  context.setting_facts.assign(context.settings.all().size(), {});
  context.setting_facts[0] = {.has_no_cap = true, .is_unlimited = true};
  if (table == nullptr) return;
  const std::set<std::string_view> staffed_ones = staffed_settings(context);
  for (const Row& row : table->rows) {
    const auto setting = context.settings.find(row.id);
    if (!setting || *setting == 0) continue;
    const Cell *kind = row.find("kind"), *capacity = row.find("capacity");
    const bool staffed = staffed_ones.contains(row.id);
    const bool has_no_cap =
        capacity != nullptr && capacity->text == "unlimited" && row.find("pool") == nullptr && !staffed;
    const bool stopped = is_stopped(context, row.id);
    const bool has_terms = row.find("requires") != nullptr || cell_at(row, "queue.least_wait") != nullptr || stopped;
    context.setting_facts[*setting] = {.is_program = kind != nullptr && kind->text == "program",
                                       .has_no_cap = has_no_cap,
                                       .has_capacity = capacity != nullptr && capacity->text != "unlimited",
                                       .is_unlimited = has_no_cap && !has_terms,
                                       .is_staffed = staffed,
                                       .is_stopped = stopped};
  }
}

std::vector<Cell> value_cells(Context& context, const Cell& cell, const std::string& field) {
  if (!cell.is_table()) return pieces_of(cell, '|');
  read_text(context, cell, field);
  return {};
}

/// Bits that tell `count` values apart.
int bits_of(std::size_t count) {
  int bits = 0;
  while (count > (std::size_t{1} << bits)) ++bits;
  return bits;
}

TraitSpec read_trait(Context& context, const Row& row, Names& values) {
  const RowView view{row, "traits." + row.id};
  TraitSpec trait{.id = row.id, .values = {}, .at = row.at};
  const Cell* cell = view.find("values");
  if (cell == nullptr) {
    missing_field(context, view, "values", "a trait is known by its values", "Write values = [\"no\", \"yes\"].");
    return trait;
  }
  for (const Cell& item : value_cells(context, *cell, view.path("values"))) {
    const auto text = read_text(context, item, view.path("values"));
    if (!text || !check_id(context, *text, item.at, view.path("values"))) {
      if (text) values.add(*text);
      continue;
    }
    if (values.find(*text))
      context.error(item.at, code("trait-list"), view.path("values"), "value \"" + *text + "\" stands twice",
                    "a trait's values differ");
    values.add(*text);
  }
  if (values.all().empty())
    context.error(cell->at, code("trait-list"), view.path("values"), "has no values",
                  "clients have the first value unless told otherwise");
  trait.values = values.all();
  return trait;
}

/// The values of `need` are levels, the least first.
void check_need(Context& context, const Row& row, const std::vector<std::string>& values) {
  const auto is_level = [](const std::string& value) {
    return value.size() == 1 && value[0] >= '0' && value[0] <= '6';
  };
  const bool rises = std::is_sorted(values.begin(), values.end());
  if (std::all_of(values.begin(), values.end(), is_level) && rises) return;
  const Cell* cell = row.find("values");
  context.error(cell == nullptr ? row.at : cell->at, code("need-levels"), "traits.need.values",
                rises ? "are no levels" : "do not rise", "a need is the level of care that fits a client: 0 to 6",
                "Write values = [\"0\", \"3\", \"5\"].");
}

void collect_traits(Context& context) {
  collect(context, "traits", context.traits);
  const Table* table = context.table("traits");
  for (std::size_t i = 0; i < context.traits.all().size(); ++i)
    context.trait_values.emplace_back("value of " + context.traits.all()[i]);
  context.model.traits.resize(context.traits.all().size());
  if (table == nullptr) return;
  int bits = 0;
  for (const Row& row : table->rows) {
    if (holds(condition_subjects(), row.id) || holds(kTraitWords, row.id))
      refuse_reserved(context, row, "traits." + row.id);
    const std::uint32_t trait = *context.traits.find(row.id);
    if (!context.trait_values[trait].all().empty()) continue;
    context.model.traits[trait] = read_trait(context, row, context.trait_values[trait]);
    if (row.id == "need") {
      context.model.need = trait;
      check_need(context, row, context.model.traits[trait].values);
    }
    bits += bits_of(context.trait_values[trait].all().size());
  }
  // The population is kept in the same word where conditions read it.
  const int population_bits = bits_of(context.populations.all().size());
  if (bits + population_bits > 64)
    context.error(table->at, code("traits-wide"), "traits",
                  "need " + std::to_string(bits) + " bits, and the populations " + std::to_string(population_bits),
                  "a client carries at most 64 bits", "Give traits fewer values, or drop a trait.");
}

void collect_departments(Context& context) {
  collect(context, "departments", context.departments);
  const Table* table = context.table("departments");
  context.model.department_names = context.departments.all();
  if (table != nullptr)
    for (const Row& row : table->rows) {
      std::string& name = context.model.department_names[*context.departments.find(row.id)];
      name = read_words(context, {row, "departments." + row.id}, "name", name);
    }
  // Who runs `outside` and what names no department; comes last, so that the planner's keep their order.
  if (!context.departments.find("none")) context.model.department_names.emplace_back("No department");
  context.departments.add("none");
}

void collect_pools(Context& context) {
  const Table* table = context.table("pools");
  if (table == nullptr) return;
  for (const Row& row : table->rows) {
    if (!context.pools.find(row.id)) check_shared_id(context, row, "pools");
    context.pools.add(row.id);
  }
}

}  // namespace

void check_shared_id(Context& context, const Row& row, std::string_view table) {
  const std::string field = std::string{table} + '.' + row.id;
  if (holds(kSettingWords, row.id)) {
    refuse_reserved(context, row, field);
    return;
  }
  const bool is_setting = context.settings.find(row.id).has_value();
  if (is_setting || (table != "pools" && context.pools.find(row.id)))
    context.error(id_place(row), code("id-taken"), field,
                  '"' + row.id + "\" is a " + (is_setting ? "setting" : "pool") + " already",
                  "settings, pools and requests are called by their ids in the same places",
                  "Choose another id, as \"" + row.id + (table == "pools" ? "_units" : "_request") + "\".");
  else
    check_id(context, row.id, id_place(row), field);
}

void collect_names(Context& context) {
  for (const std::string_view domain : kDomains) context.domains.add(std::string{domain});
  collect_departments(context);
  collect(context, "populations", context.populations);
  collect_traits(context);
  collect(context, "outcomes", context.outcomes);
  collect(context, "arrivals", context.arrivals);
  collect(context, "events", context.events);
  collect(context, "assessments", context.assessments);
  collect(context, "timers", context.timers);
  collect(context, "milestones", context.milestones);
  collect(context, "calendars", context.calendars);
  collect(context, "staff", context.staff);
  collect(context, "payers", context.payers);
  collect(context, "policies", context.policies);
  collect(context, "budgets", context.budgets);
  collect_settings(context);
  collect_pools(context);
  collect_requests(context);
}

}  // namespace tl::reading
