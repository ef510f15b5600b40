#include "models/read_model.hpp"

#include <algorithm>

#include "models/population.hpp"
#include "models/read_context.hpp"
#include "models/schema.hpp"
#include "models/short_routes.hpp"
#include "models/table_reader.hpp"

namespace tl {
namespace {

using namespace reading;

/// Tables that hold nothing, or values where rows are due, come as fields of the head.
Document with_all_tables(const Document& document, Problems& problems) {
  Document all = document;
  const std::vector<std::string> known = table_names();
  std::erase_if(all.head.fields, [&](const auto& field) {
    const auto& [name, cell] = field;
    if (name == "model" || std::find(known.begin(), known.end(), name) == known.end()) return false;
    all.tables.push_back(table_from_cell(name, cell, problems));
    return true;
  });
  return all;
}

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

void read_all(Context& context, const std::vector<std::string>& replaced) {
  read_head(context);
  gather_outside_rows(context);
  drop_replaced(context, replaced);
  collect_names(context);
  read_requests(context);
  read_calendars(context);
  read_pools(context);
  read_assessments(context);
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
  read_metrics(context);
}

void check_all(Context& context) {
  check_settings(context);
  check_requests(context);
  check_pools(context);
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
  take_parameters(context);
}

/// What a scenario leaves alone is rounded as it is without it.
void settle_part(const Document& document, std::span<const Change> changes, const ReadOptions& options,
                 Context& context) {
  if (changes.empty()) return settle_rounding(context.model, context.model);
  Problems already_told;
  const std::optional<Model> as_written = build_model(document, {}, options, already_told);
  settle_rounding(context.model, as_written ? *as_written : context.model);
  if (as_written) tell_hidden_changes(context.model, *as_written, changes, context.problems);
}

/// After such a problem rows are missing, and everything that refers to them would be a problem too.
bool rows_are_missing(const Problems& problems) {
  const std::vector<Problem> all = problems.sorted();
  return std::any_of(all.begin(), all.end(), [](const Problem& problem) {
    const std::string_view text = problem.code.text();
    return problem.severity == Severity::error &&
           (text.rfind("file-", 0) == 0 || text.rfind("text-", 0) == 0 || text == "toml-syntax" ||
            text == "csv-quote" || text == "csv-heading" || text == "table-rows" || text == "table-columns");
  });
}

std::optional<Model> build_read(const Document& document, const ReadOptions& options, Problems& problems,
                                std::size_t errors_before) {
  if (problems.error_count() > errors_before && rows_are_missing(problems)) return std::nullopt;
  std::optional<Model> model = build_model(document, {}, options, problems);
  if (problems.error_count() > errors_before) return std::nullopt;
  return model;
}

}  // namespace

std::optional<Model> build_model(const Document& document, std::span<const Change> changes, const ReadOptions& options,
                                 Problems& problems) {
  const std::size_t errors_before = problems.error_count();
  Document all = with_all_tables(document, problems);
  check_fields(all, problems);
  write_out_short_routes(all, problems);
  const ParameterTable as_written = read_parameters(all.find("parameters"), options.limits, problems);
  const ParameterTable parameters = change_parameters(as_written, changes, problems);
  ChangePlan plan = plan_changes(all, changes, parameters, problems);
  Context context{plan.document, options.limits, parameters, problems};
  context.adjustments = std::move(plan.adjustments);
  read_all(context, plan.replaced);
  check_all(context);
  if (problems.error_count() > errors_before) return std::nullopt;
  take_names(context);
  if (context.model.population_scale != 1.0) settle_part(document, changes, options, context);
  return std::move(context.model);
}

std::optional<Model> read_model(const std::filesystem::path& path, const ReadOptions& options, Problems& problems) {
  const std::size_t errors_before = problems.error_count();
  const Document document = read_document(path, options.limits, problems);
  return build_read(document, options, problems, errors_before);
}

std::optional<Model> read_model_text(std::string_view toml, std::string file_name, const ReadOptions& options,
                                     Problems& problems) {
  const std::size_t errors_before = problems.error_count();
  const Document document = read_toml_text(toml, file_name, options.limits, problems);
  return build_read(document, options, problems, errors_before);
}

}  // namespace tl
