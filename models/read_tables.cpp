#include <algorithm>

#include "models/read_context.hpp"

// All tables of a model, each after those that it refers to.
namespace tl::reading {
namespace {

/// What a scenario set anew has no exceptions from the tables any more.
void drop_replaced(Context& context, const std::vector<std::string>& replaced) {
  for (const std::string& path : replaced)
    std::erase_if(context.outside_rows,
                  [&](const auto& rows) { return rows.first == path || rows.first.rfind(path + '.', 0) == 0; });
}

void check_all_shares(Context& context) {
  for (const SettingSpec& setting : context.model.settings)
    check_route_shares(context, setting.routes, setting.words.id, setting.at);
  for (const ArrivalSpec& arrival : context.model.arrivals)
    check_route_shares(context, arrival.routes, "arrivals." + arrival.id, arrival.at);
  for (const EventSpec& event : context.model.events)
    check_route_shares(context, event.routes, "events." + event.id, event.at);
  for (const TimerSpec& timer : context.model.timers)
    check_route_shares(context, timer.routes, "timers." + timer.id, timer.at);
}

/// Its short routes were refused: nothing more is to be said about where it leads.
bool has_next(const Context& context, std::string_view table, std::string_view id) {
  const Table* rows = context.table(table);
  const Row* row = rows == nullptr ? nullptr : rows->find(id);
  return row != nullptr && row->find("next") != nullptr;
}

void check_ways(Context& context) {
  for (const ArrivalSpec& arrival : context.model.arrivals)
    if (arrival.routes.empty() && !has_next(context, "arrivals", arrival.id))
      context.error(arrival.at, code("routes-missing"), "arrivals." + arrival.id, "leads nowhere",
                    "who arrives goes to a setting",
                    "Write to = \"...\", or routes from = \"arrivals." + arrival.id + "\".");
  for (const EventSpec& event : context.model.events)
    if (event.routes.empty() && !has_next(context, "events", event.id))
      context.error(event.at, code("routes-missing"), "events." + event.id, "does nothing",
                    "an event moves a client or does actions", "Write to = \"...\", or do = \"...\".");
  for (const TimerSpec& timer : context.model.timers)
    if (timer.routes.empty())
      context.error(timer.at, code("routes-missing"), "timers." + timer.id, "does nothing",
                    "a timer moves a client or does actions", "Write to = \"...\", or do = \"...\".");
  if (context.model.arrivals.empty() && context.model.initial.empty() && context.model.census.empty()) {
    const Table* settings = context.table("settings");
    if (settings != nullptr)
      context.problems.warning(settings->at, code("model-empty"), "arrivals", "nobody ever comes",
                               "the model has neither arrivals nor clients at the start");
  }
}

void read_tables(Context& context) {
  read_model_by(context);
  read_requests(context);
  read_calendars(context);
  read_pools(context);
  read_assessments(context);
  read_staff(context);
  read_settings(context);
  read_mix(context);
  read_arrivals(context);
  read_initial(context);
  read_census(context);
  read_events(context);
  read_timers(context);
  read_milestones(context);
  read_routes(context);
  read_handoffs(context);
  read_policies(context);
  read_metrics(context);
  read_money(context);
  read_budgets(context);
}

}  // namespace

void read_all(Context& context, const std::vector<std::string>& replaced) {
  read_head(context);
  gather_outside_rows(context);
  drop_replaced(context, replaced);
  collect_names(context);
  read_holidays(context);
  read_tables(context);
}

void read_part(Context& context, const Model& whole, const std::vector<std::string>& replaced) {
  Model& model = context.model;
  model.traits = whole.traits;
  model.need = whole.need;
  model.pools.resize(context.pools.all().size());
  model.requests.resize(context.requests.all().size());
  model.assessments.resize(context.assessments.all().size());
  read_head(context);
  gather_outside_rows(context);
  drop_replaced(context, replaced);
  read_tables(context);
  check_all_shares(context);
}

void check_all(Context& context) {
  check_settings(context);
  check_requests(context);
  check_pools(context);
  check_staff(context);
  check_assessments(context);
  check_claims(context);
  check_all_shares(context);
  check_ways(context);
  check_outside_rows(context);
  check_adjustments(context);
  check_sources(context);
}

void take_names(Context& context) {
  Model& model = context.model;
  model.departments = context.departments.all();
  model.domains = context.domains.all();
  model.reasons = context.reasons.all();
  model.outcomes = context.outcomes.all();
  take_payers(context);
  take_parameters(context);
}

}  // namespace tl::reading
