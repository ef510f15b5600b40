#include <algorithm>
#include <set>
#include <utility>

#include "models/calendar_dates.hpp"
#include "models/claims.hpp"
#include "models/compile_builder.hpp"
#include "models/flow.hpp"
#include "models/graph.hpp"
#include "models/population.hpp"
#include "sim/random.hpp"

namespace tl::compiling {

namespace {

void visit_number(const std::optional<VaryingNumber>& number, const std::function<void(const Condition&)>& visit) {
  if (!number) return;
  for (const Variation& variation : number->vary) visit(variation.when);
}

void visit_distribution(const Seldom<VaryingDistribution>& spec, const std::function<void(const Condition&)>& visit) {
  if (!spec) return;
  std::vector<const Condition*> conditions;
  add_conditions(*spec, conditions);
  for (const Condition* condition : conditions) visit(*condition);
}

void visit_handoff(const HandoffSpec& spec, const std::function<void(const Condition&)>& visit) {
  visit_distribution(spec.delay, visit);
  visit_number(spec.lost, visit);
}

void visit_actions(const std::vector<ActionSpec>& actions, const std::function<void(const Condition&)>& visit) {
  for (const ActionSpec& action : actions) visit(action.when);
}

void visit_route(const RouteSpec& route, const std::function<void(const Condition&)>& visit) {
  visit_number(route.share, visit);
  visit(route.when);
  visit_actions(route.actions, visit);
  visit_distribution(route.delay, visit);
  if (route.handoff) visit_handoff(*route.handoff, visit);
}

void visit_setting(const SettingSpec& setting, const std::function<void(const Condition&)>& visit) {
  visit_distribution(setting.stay, visit);
  visit_distribution(setting.turnaround, visit);
  visit_distribution(setting.time_to_start, visit);
  visit_actions(setting.on_entry, visit);
  for (const RouteSpec& route : setting.routes) visit_route(route, visit);
  for (const Condition& rule : setting.queue.priority) visit(rule);
  visit_number(setting.queue.limit, visit);
  visit_number(setting.queue.limit_in_place, visit);
  visit_distribution(setting.queue.patience, visit);
  for (const QueueSpec::ScoreRule& rule : setting.queue.score) visit_number(rule.points, visit);
  visit_number(setting.takes, visit);
  visit_distribution(setting.hold, visit);
  for (const WhileInSpec& rule : setting.while_in) visit(rule.when);
  if (setting.cut_to) visit_route(*setting.cut_to, visit);
  if (setting.queue.on_refuse) visit_route(*setting.queue.on_refuse, visit);
  if (setting.queue.on_renege) visit_route(*setting.queue.on_renege, visit);
}

}  // namespace

void for_each_condition(const Model& model, const std::function<void(const Condition&)>& visit) {
  for (const SettingSpec& setting : model.settings) visit_setting(setting, visit);
  for (const ArrivalSpec& arrival : model.arrivals)
    for (const RouteSpec& route : arrival.routes) visit_route(route, visit);
  for (const InitialSpec& group : model.initial) visit_actions(group.actions, visit);
  for (const EventSpec& event : model.events) {
    visit_number(event.rate, visit);
    visit(event.when);
    for (const RouteSpec& route : event.routes) visit_route(route, visit);
  }
  for (const RequestSpec& request : model.requests)
    if (request.not_from) visit(*request.not_from);
  for (const TimerSpec& timer : model.timers) {
    visit_distribution(timer.after, visit);
    visit(timer.holds);
    for (const RouteSpec& route : timer.routes) visit_route(route, visit);
  }
  for (const MilestoneSpec& milestone : model.milestones) visit_actions(milestone.actions, visit);
  for (const HandoffRow& row : model.handoffs) visit_handoff(row.handoff, visit);
  for (const PopulationSpec& population : model.populations)
    for (const MixRow& row : population.mix) visit(row.when);
}

Builder::Builder(const Model& model, const Limits& limits, Problems& problems)
    : model_{model}, limits_{limits}, problems_{problems} {}

void Builder::problem(const Owner& owner, Code what_kind, std::string what, std::string why, std::string hint) {
  sound_ = false;
  // One of a kind for each number: a wrong share is wrong in many combinations.
  if (!told_.emplace(owner.path, std::string{what_kind.text()}).second) return;
  problems_.error(owner.at, what_kind, owner.path, std::move(what), std::move(why), std::move(hint));
}

std::uint32_t Builder::id_of(const std::string& name) {
  if (const auto known = ids_.find(name); known != ids_.end()) return known->second;
  std::string tried = name;
  std::uint32_t id = draw_id(tried);
  while (!taken_.emplace(id, name).second) {
    tried += '#';  // two names met in one number: the later one moves on
    id = draw_id(tried);
  }
  ids_.emplace(name, id);
  return id;
}

/// Names get their numbers in alphabetical order, so that a collision is resolved alike wherever rows stand.
void Builder::names() {
  std::set<std::string> all;
  for (const SettingSpec& setting : model_.settings) all.insert(setting.words.id);
  for (const ArrivalSpec& arrival : model_.arrivals) all.insert("arrivals." + arrival.id);
  for (const InitialSpec& group : model_.initial) all.insert("initial." + group.id);
  if (!model_.census.empty()) all.insert("census");
  for (const EventSpec& event : model_.events) all.insert("events." + event.id);
  for (const TimerSpec& timer : model_.timers) all.insert("timers." + timer.id);
  for (const MilestoneSpec& milestone : model_.milestones) all.insert("milestones." + milestone.id);
  for (const PoolSpec& pool : model_.pools) all.insert("pools." + pool.id);
  for (const StaffSpec& staff : model_.staff) all.insert("staff." + staff.id);
  for (const TraitSpec& trait : model_.traits) all.insert("traits." + trait.id);
  for (const std::string& name : all) id_of(name);
}

/// The lines come after all settings: the first settings keep their rows.
void Builder::add_lines() {
  const auto community = std::find(model_.domains.begin(), model_.domains.end(), "community");
  const auto count = static_cast<std::uint32_t>(model_.settings.size());
  for (std::uint32_t row = 0; row < count; ++row) {
    const SettingSpec& spec = model_.settings[row];
    if (spec.is_program || !may_be_waited_for(spec)) continue;
    Setting line;
    line.kind = SettingKind::line;
    line.draw_id = id_of(spec.words.id + ".line");
    line.department = spec.department;
    // Who stands in the line of a jail is not in custody.
    line.domain = community == model_.domains.end() ? spec.domain
                                                    : static_cast<std::uint32_t>(community - model_.domains.begin());
    line.line_of = SettingId{row};
    out_.settings[row].line = SettingId{static_cast<std::uint32_t>(out_.settings.size())};
    out_.settings.push_back(line);
    SettingWords words;
    words.id = spec.words.id + ".line";
    words.name = "Line for " + (spec.words.name.empty() ? spec.words.id : spec.words.name);
    words.kind = "line";
    words.department = spec.words.department;
    words.domain = community == model_.domains.end() ? spec.words.domain : "community";
    words.capacity = std::numeric_limits<double>::infinity();
    words.line_of = spec.words.id;
    words_.settings.push_back(words);
  }
}

void Builder::copy_words() {
  words_.model_name = model_.name;
  words_.about = model_.about;
  words_.start_date = iso_date({model_.start_year, model_.start_month, model_.start_day});
  words_.departments = model_.departments;
  words_.department_names = model_.department_names;
  words_.domains = model_.domains;
  words_.reasons = model_.reasons;
  words_.outcomes = model_.outcomes;
  for (const EventSpec& event : model_.events) words_.events.push_back(event.id);
  for (const TimerSpec& timer : model_.timers) words_.events.push_back(timer.id);
  for (const MilestoneSpec& milestone : model_.milestones) words_.milestones.push_back(milestone.id);
  words_.parameters = model_.parameters;
  words_.metrics = model_.metrics;
  words_.ratios = model_.ratios;
}

bool Builder::build() {
  out_.start = SimTime::from_days(model_.warmup_days);
  out_.end = out_.start + SimTime::from_days(model_.horizon_days);
  out_.deadlock = model_.deadlock;
  out_.only_new_clients = model_.only_new_clients;
  copy_words();
  policy_cells_.resize(model_.policies.size());
  policy_units_.resize(model_.policies.size());
  policy_streams_.resize(model_.policies.size());
  policy_staff_.resize(model_.policies.size());
  names();
  lay_out_traits();
  if (!sound_) return false;
  for (const SettingSpec& spec : model_.settings) {
    Setting made;
    made.kind = spec.is_program ? SettingKind::program : SettingKind::place;
    made.draw_id = id_of(spec.words.id);
    made.department = spec.department;
    made.domain = spec.domain;
    made.level = static_cast<std::uint32_t>(std::max(spec.words.level, 0));
    out_.settings.push_back(made);
    SettingWords words = spec.words;
    words.kind = spec.is_program ? "program" : "place";
    words.capacity = spec.capacity ? dated_at(*spec.capacity, 0.0) : std::numeric_limits<double>::infinity();
    words_.settings.push_back(words);
  }
  add_pools();
  add_lines();
  out_.more.resize(out_.settings.size());
  has_return_ = has_return(model_);
  requests();
  tokens();
  for (std::uint32_t row = 0; row < model_.settings.size(); ++row) {
    const SettingSpec& spec = model_.settings[row];
    if (spec.capacity) out_.settings[row].capacity = capacity_of(*spec.capacity, spec.capacity_hours, row);
    setting(row);
    setting_hours(row);
  }
  department_handoffs();
  for (const ArrivalSpec& spec : model_.arrivals) arrival(spec);
  for (const InitialSpec& spec : model_.initial) initial(spec);
  census();
  for (const EventSpec& spec : model_.events) event(spec);
  for (const TimerSpec& spec : model_.timers) timer(spec);
  for (const MilestoneSpec& spec : model_.milestones) milestone(spec);
  need();
  staff();
  money();
  policies();
  budgets();
  business_days();
  groups();
  periods();
  observations();
  std::stable_sort(out_.patches.begin(), out_.patches.end(),
                   [](const Patch& a, const Patch& b) { return a.at < b.at; });
  out_.department_count = static_cast<std::uint32_t>(model_.departments.size());
  out_.domain_count = static_cast<std::uint32_t>(model_.domains.size());
  out_.reason_count = static_cast<std::uint32_t>(words_.reasons.size());
  out_.outcome_count = static_cast<std::uint32_t>(model_.outcomes.size());
  return sound_;
}

}  // namespace tl::compiling

namespace tl {

std::optional<Compiled> compile(const Model& model, const Limits& limits, Problems& problems, Flows flows) {
  std::optional<Model> part;
  if (model.population_scale != 1.0) part = part_of_population(model);
  compiling::Builder builder{part ? *part : model, limits, problems};
  if (!builder.build()) return std::nullopt;
  Compiled compiled = builder.take();
  compiled.words.population_scale = model.population_scale;
  const std::size_t errors_before = problems.error_count();
  Problems found;
  inspect(model, compiled, found);
  if (flows == Flows::worked_out) {
    const FlowReport flow = expected_flow(model, compiled);
    tell(flow, model, found);
    compiled.words.links = flow.links;
  }
  if (part) tell_small_capacities(model, *part, found);
  for (const Problem& problem : found.sorted()) {
    if (problem.severity == Severity::warning)
      compiled.words.findings.push_back((problem.field.empty() ? "" : problem.field + ": ") + problem.what +
                                        (problem.why.empty() ? "" : " (" + problem.why + ")"));
    problems.add(problem);
  }
  if (problems.error_count() > errors_before) return std::nullopt;
  return compiled;
}

}  // namespace tl
