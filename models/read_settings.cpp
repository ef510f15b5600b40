#include <algorithm>
#include <cmath>
#include <limits>

#include "models/read_context.hpp"
#include "models/suggest.hpp"

namespace tl::reading {
namespace {

constexpr double kMostUnits = 1e9;

void read_where(Context& context, const RowView& row, SettingSpec& setting) {
  setting.department = *context.departments.find("none");
  setting.domain = *context.domains.find("community");
  if (const Cell* cell = row.find("department"))
    setting.department =
        find_name(context, *cell, row.path("department"), context.departments).value_or(setting.department);
  if (const Cell* cell = row.find("domain"))
    setting.domain = find_name(context, *cell, row.path("domain"), context.domains).value_or(setting.domain);
  setting.words.department = context.departments.all()[setting.department];
  setting.words.domain = context.domains.all()[setting.domain];
  if (const Cell* cell = row.find("level")) {
    const auto level = read_scalar(context, *cell, row.path("level"),
                                   {.dimension = kPlain, .range = Range::between(0.0, 6.0), .whole = true});
    if (level) setting.words.level = static_cast<int>(*level);
  }
}

/// At the start of results: the last dated value until then, or the base.
double at_start(const VaryingNumber& number) {
  double value = number.base;
  for (const DatedValue& dated : number.dated)
    if (dated.days <= 0.0) value = dated.value;
  return value;
}

void read_capacity(Context& context, const RowView& row, SettingSpec& setting) {
  const std::string field = row.path("capacity");
  setting.words.capacity = std::numeric_limits<double>::infinity();
  const Cell* cell = row.find("capacity");
  if (cell == nullptr) {
    if (row.find("pool") != nullptr) return;  // as many as the pool has
    missing_field(context, row, "capacity", "a setting has a number of units, or as many as needed",
                  "Write capacity = 40, or capacity = \"unlimited\".");
    return;
  }
  if (cell->is_text() && cell->text == "unlimited") {
    if (const auto steps = context.adjustments.find(field); steps != context.adjustments.end()) {
      for (const Step* step : steps->second)
        context.error(step->change.at, code("change-unlimited"), field, "is unlimited",
                      step->change.kind == Change::Kind::set
                          ? "there is no number to go a part of the way from, or at a date, or back to"
                          : "there is no number to scale or add to",
                      step->policy != nullptr                  ? "Give it a large capacity."
                      : step->change.kind == Change::Kind::set ? "Use the lever at strength 1 and without `starts`."
                                                               : "Set it instead.");
      context.adjusted.insert(field);
    }
    return;
  }
  const std::string near = nearest_name(cell->text, {"unlimited", "infinity", "infinite", "inf", "none", "unbounded"});
  if (cell->is_text() && !near.empty() && context.parameters.find(cell->text) == nullptr) {
    context.error(cell->at, code("field-kind"), field, "is " + in_quotes(cell->text),
                  "a capacity is a number, or as many as needed", "Write \"unlimited\".");
    return;
  }
  setting.capacity = read_varying(
      context, *cell, field,
      {.dimension = kPlain, .range = Range::between(0.0, kMostUnits), .may_vary = false, .may_ramp = true});
  if (setting.capacity) setting.words.capacity = std::floor(at_start(*setting.capacity));
}

void read_stay(Context& context, const RowView& row, SettingSpec& setting) {
  const Cell* cell = row.find("stay");
  if (cell == nullptr)
    missing_field(context, row, "stay", "nothing says how long clients stay",
                  "Write stay = { kind = \"exponential\", mean = \"14 d\" }, or stay = \"until_moved\".");
  else if (!(cell->is_text() && cell->text == "until_moved"))
    setting.stay = read_distribution(context, *cell, row.path("stay"));
}

SettingSpec read_setting(Context& context, const RowView& row, std::uint32_t index) {
  SettingSpec setting;
  setting.at = row.row.at;
  setting.words.id = row.row.id;
  setting.words.name = read_words(context, row, "name", row.row.id);
  setting.words.kind = "place";
  if (const Cell* kind = row.find("kind"))
    if (const auto word = read_word(context, *kind, row.path("kind"), {"place", "program"})) {
      setting.is_program = *word == 1;
      setting.words.kind = setting.is_program ? "program" : "place";
    }
  setting.staffed = context.setting_facts[index].is_staffed;
  setting.stopped = context.setting_facts[index].is_stopped;
  read_where(context, row, setting);
  read_capacity(context, row, setting);
  read_stay(context, row, setting);
  read_queue(context, row, setting, index);
  read_units(context, row, setting, index);
  read_claim(context, row, setting, index);
  read_cut(context, row, setting);
  read_to_running(context, row, setting);
  read_while_in(context, row, setting);
  read_requirements(context, row, setting);
  if (const Cell* cell = row.find("turnaround"))
    setting.turnaround = read_distribution(context, *cell, row.path("turnaround"));
  if (const Cell* cell = row.find("time_to_start"))
    setting.time_to_start = read_distribution(context, *cell, row.path("time_to_start"));
  if (const Cell* cell = row.find("on_entry")) setting.on_entry = read_actions(context, *cell, row.path("on_entry"));
  if (const Cell* cell = row.find("returns"))
    setting.return_days =
        read_fixed(context, *cell, row.path("returns"),
                   {.dimension = kDuration, .range = Range::between(0.0, context.limits.horizon_days)})
            .value_or(0.0);
  read_setting_hours(context, row, setting);
  setting.provenance = read_provenance(context, row, true);
  return setting;
}

SettingSpec outside(Context& context) {
  SettingSpec setting;
  setting.words = {.id = "outside",
                   .name = "Outside",
                   .kind = "place",
                   .department = "none",
                   .domain = "community",
                   .level = 0,
                   .capacity = std::numeric_limits<double>::infinity(),
                   .line_of = ""};
  setting.department = *context.departments.find("none");
  setting.domain = *context.domains.find("community");
  return setting;
}

}  // namespace

void read_settings(Context& context) {
  const Table* table = context.table("settings");
  context.model.settings.resize(context.settings.all().size());
  context.model.settings[0] = outside(context);
  if (table == nullptr) return;
  if (table->rows.size() > context.limits.settings)
    context.error(table->at, code("model-large"), "settings", std::to_string(table->rows.size()) + " settings",
                  "at most " + std::to_string(context.limits.settings) + " are allowed");
  std::vector<bool> is_read(context.model.settings.size(), false);
  for (const Row& row : table->rows) {
    const auto index = context.settings.find(row.id);
    if (!index || *index == 0 || is_read[*index]) continue;
    is_read[*index] = true;
    context.model.settings[*index] = read_setting(context, {row, "settings." + row.id}, *index);
  }
}

void check_settings(Context& context) {
  const Table* table = context.table("settings");
  if (table == nullptr || table->rows.empty()) {
    const Place at = table != nullptr ? table->at : Place{context.document.head().at.file, 0, 0};
    context.error(at, code("model-empty"), "settings", "the model has no settings",
                  "a model is about places and programs", "Write [settings.clinic] with capacity and stay.");
    return;
  }
  for (const Row& row : table->rows) {
    const auto index = context.settings.find(row.id);
    const Cell* stay = row.find("stay");
    if (!index || *index == 0 || stay == nullptr) continue;
    const SettingSpec& setting = context.model.settings[*index];
    const std::string field = "settings." + row.id + ".stay";
    const bool ends = !(stay->is_text() && stay->text == "until_moved");
    if (ends && setting.routes.empty() && setting.at == row.at && row.find("next") == nullptr)
      context.error(stay->at, code("routes-missing"), field, "ends, and no route says what then",
                    "a client whose stay is over goes on somewhere",
                    setting.is_program ? "Add a route from = \"" + row.id + "\", to = \"end\"."
                                       : "Add a route from = \"" + row.id + "\", to = \"leave:done\".");
    if (!ends && !setting.routes.empty())
      context.error(stay->at, code("routes-useless"), field, "never ends, and routes lead out of \"" + row.id + '"',
                    "routes are taken when a stay ends; until_moved ends only by a granted request or an event",
                    "Give a length of stay, or drop the routes.");
  }
}

}  // namespace tl::reading
