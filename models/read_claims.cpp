#include <algorithm>

#include "models/claims.hpp"
#include "models/read_context.hpp"

// Places kept for clients who are away, and the way back to them.
namespace tl::reading {

void read_claim(Context& context, const RowView& row, SettingSpec& setting, std::uint32_t index) {
  const Cell *hold = row.find("hold"), *on_return = row.find("on_return");
  if (hold != nullptr) setting.hold = read_distribution(context, *hold, row.path("hold"));
  if (on_return != nullptr)
    if (const auto word = read_word(context, *on_return, row.path("on_return"), {"resume", "resample", "run_on"}))
      setting.on_return = static_cast<OnReturn>(*word);
  setting.temporary = read_flag(context, row, "temporary");
  for (const auto& [cell, name] :
       {std::pair{hold, "hold"}, std::pair{on_return, "on_return"}, std::pair{row.find("temporary"), "temporary"}})
    if (cell != nullptr && setting.is_program)
      context.error(cell->at, code("field-useless"), row.path(name), "is given for a program",
                    "an enrolment goes on while a client is elsewhere; only places are left and kept",
                    "What happens meanwhile says while_in.");
  if (setting.is_program) return;
  const bool has_no_cap = context.setting_facts[index].has_no_cap;
  if (hold != nullptr && has_no_cap)
    context.problems.warning(hold->at, code("field-useless"), row.path("hold"), "has no effect",
                             "an unlimited place needs no unit kept: clients may always return to it");
  if (on_return != nullptr && hold == nullptr && !has_no_cap)
    context.problems.warning(on_return->at, code("field-useless"), row.path("on_return"), "has no effect",
                             "nobody returns to a place that is not kept", "Say how long with hold.");
}

void read_route_claim(Context& context, const RowView& row, RouteSpec& route, bool may_end) {
  if (const Cell* cell = row.find("no_claim")) {
    if (route.to != Destination::go_back) {
      context.problems.warning(cell->at, code("field-useless"), row.path("no_claim"), "has no effect",
                               "only to = \"return\" asks for a claim");
    } else if (const auto exit = read_destination(context, *cell, row.path("no_claim"))) {
      route.no_claim = exit->to;
      route.no_claim_setting = exit->setting;
      route.no_claim_reason = exit->reason;
    }
  }
  const Cell* cell = row.find("temporary");
  if (cell == nullptr) return;
  route.temporary = read_flag(context, row, "temporary");
  if (!may_end || route.to != Destination::setting)
    context.problems.warning(
        cell->at, code("field-useless"), row.path("temporary"), "has no effect",
        "a claim ends when a route or a request admits the client to another place; this is neither");
}

void check_claims(Context& context) {
  if (has_return(context.model)) return;
  const auto tell = [&](const char* table_name, const char* field) {
    const Table* table = context.table(table_name);
    if (table == nullptr) return;
    for (const Row& row : table->rows)
      if (const Cell* cell = row.find(field))
        context.problems.warning(cell->at, code("field-useless"), std::string{table_name} + '.' + row.id + '.' + field,
                                 "has no effect", "nobody goes back to a place: no route or event leads to return",
                                 "Add a route or an event with to = \"return\".");
  };
  tell("settings", "hold");
  tell("settings", "on_return");
  tell("settings", "temporary");
  tell("routes", "temporary");
  tell("requests", "temporary");
}

}  // namespace tl::reading
