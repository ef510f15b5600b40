#include <algorithm>
#include <limits>
#include <map>

#include "models/read_context.hpp"
#include "models/suggest.hpp"

namespace tl::reading {
namespace {

constexpr double kNotGiven = std::numeric_limits<double>::quiet_NaN();

void read_lengths(Context& context, const RowView& head) {
  Model& model = context.model;
  const double most = context.limits.horizon_days;
  if (const Cell* cell = head.find("horizon"))
    model.horizon_days =
        read_scalar(context, *cell, head.path("horizon"), {.dimension = kDuration, .range = Range::above_to(0.0, most)})
            .value_or(model.horizon_days);
  // "auto" is found by pilot runs, before the runs of a study; where nothing is run it is none.
  if (const Cell* cell = head.find("warmup"); cell != nullptr && !(cell->is_text() && cell->text == "auto"))
    model.warmup_days =
        read_scalar(context, *cell, head.path("warmup"), {.dimension = kDuration, .range = Range::between(0.0, most)})
            .value_or(0.0);
  if (!(model.warmup_days + model.horizon_days <= most))
    context.error(head.find("horizon") != nullptr ? head.find("horizon")->at : head.row.at, code("horizon-long"),
                  head.path("horizon"),
                  "warm-up and horizon are " + shown_duration(model.warmup_days + model.horizon_days),
                  "at most " + shown_duration(most) + " are allowed");
}

void read_period(Context& context, const RowView& head) {
  const Cell* cell = head.find("every");
  if (cell == nullptr) return;
  const auto text = read_text(context, *cell, head.path("every"));
  if (!text) return;
  static const std::vector<std::string> words{"month", "quarter", "year"};
  const bool is_word = std::find(words.begin(), words.end(), *text) != words.end();
  if (!is_word && text->find_first_of("0123456789") == std::string::npos && context.parameters.find(*text) == nullptr &&
      !context.parameters.is_broken(*text)) {
    context.error(cell->at, code("word-unknown"), head.path("every"), "unknown period \"" + *text + '"',
                  "it is month, quarter, year, or a length", did_you_mean(*text, words));
    return;
  }
  if (!is_word) {
    // Periods shorter than an hour would fill memory with results nobody reads.
    const auto days =
        read_scalar(context, *cell, head.path("every"),
                    {.dimension = kDuration, .range = Range::between(1.0 / 24.0, context.limits.horizon_days)});
    context.model.every_days = days.value_or(0.0);
  }
  context.model.every = *text;
}

void read_counts(Context& context, const RowView& head) {
  Model& model = context.model;
  const double most_runs = std::min(static_cast<double>(context.limits.runs), 4e9);
  if (const Cell* cell = head.find("replications"))
    if (const auto count = read_scalar(context, *cell, head.path("replications"),
                                       {.dimension = kPlain, .range = Range::between(1.0, most_runs), .whole = true}))
      model.replications = static_cast<std::uint32_t>(*count);
  if (const Cell* cell = head.find("population_scale")) {
    model.population_at = cell->at;
    if (const auto part = read_scalar(context, *cell, head.path("population_scale"),
                                      {.dimension = kPlain, .range = Range::above_to(0.0, 1.0)}))
      model.population_scale = *part;
  }
  if (const Cell* cell = head.find("seed"))
    if (const auto seed =
            read_scalar(context, *cell, head.path("seed"),
                        {.dimension = kPlain, .range = Range::between(0.0, 9007199254740992.0), .whole = true}))
      model.seed = static_cast<std::uint64_t>(*seed);
}

void read_start(Context& context, const RowView& head) {
  const Cell* cell = head.find("start");
  if (cell == nullptr || !read_text(context, *cell, head.path("start"))) return;
  bool is_date = false;
  const auto date = read_date(context, *cell, head.path("start"), is_date);
  if (!is_date)
    context.error(cell->at, code("date-bad"), head.path("start"), "is no date: \"" + cell->text + '"',
                  "results start on a civil date", "Write it like \"2020-07-01\".");
  if (!date) return;
  context.model.start_year = date->year;
  context.model.start_month = date->month;
  context.model.start_day = date->day;
}

void read_rules(Context& context, const RowView& head) {
  if (const Cell* cell = head.find("cohort"))
    if (const auto word = read_word(context, *cell, head.path("cohort"), {"ended", "arrived_in_window"}))
      context.model.only_new_clients = *word == 1;
  if (const Cell* cell = head.find("deadlock"))
    if (const auto word = read_word(context, *cell, head.path("deadlock"), {"swap", "report"}))
      context.model.deadlock = *word == 1 ? Deadlock::report : Deadlock::swap;
}

void read_observed(Context& context, const RowView& head) {
  const Cell* cell = head.find("observe");
  if (cell == nullptr) return;
  const std::vector<double> all = read_instants(context, *cell, head.path("observe"));
  for (const double days : all)
    if (days >= 0.0 && days <= context.model.horizon_days) context.model.observe_days.push_back(days);
  const std::size_t dropped = all.size() - context.model.observe_days.size();
  if (dropped > 0)
    context.problems.warning(
        cell->at, code("date-outside"), head.path("observe"),
        std::to_string(dropped) + (dropped == 1 ? " instant lies" : " instants lie") + " outside the results",
        "results last " + shown_duration(context.model.horizon_days) + "; these are left out");
}

HandoffRow read_default_handoff(Context& context, const RowView& row) {
  HandoffRow made;
  const auto read_department = [&](const char* name, std::optional<std::uint32_t>& department) {
    const Cell* cell = row.find(name);
    if (cell == nullptr || cell->text == "any") return;
    department = find_name(context, *cell, row.path(name), context.departments);
  };
  read_department("from", made.from);
  read_department("to", made.to);
  if (const Cell* cell = row.find("between"))
    if (const auto word = read_word(context, *cell, row.path("between"), {"within", "across"}))
      made.between = *word == 0 ? HandoffRow::Between::within : HandoffRow::Between::across;
  if (auto handoff = read_handoff(context, row, ""))
    made.handoff = std::move(*handoff);
  else
    context.error(row.row.at, code("field-missing"), row.address, "has no delay and no loss",
                  "a handoff takes time or loses clients", "Write delay = \"2 d\" or lost = 0.1.");
  made.handoff.at = row.row.at;
  return made;
}

/// What a metric's scope takes its subject from.
const Names* subjects_of(const Context& context, const std::string& scope) {
  if (scope == "setting") return &context.settings;
  if (scope == "department") return &context.departments;
  if (scope == "domain") return &context.domains;
  if (scope == "event") return &context.events;
  if (scope == "outcome") return &context.outcomes;
  if (scope == "milestone") return &context.milestones;
  if (scope == "reason") return &context.reasons;
  return scope == "payer" ? &context.payers : nullptr;
}

void read_subject(Context& context, const RowView& row, const char* name, const std::string& scope,
                  std::string& subject) {
  const Cell* cell = row.find(name);
  const std::string field = row.path(name);
  if (scope == "model" || scope.empty()) {
    if (cell != nullptr && !scope.empty())
      context.error(cell->at, code("field-useless"), field, "has no meaning", "the scope is the whole model");
    return;
  }
  if (cell == nullptr) {
    missing_field(context, row, name, "it says which " + scope);
    return;
  }
  subject = cell->text;
  if (scope == "setting" && context.pools.find(cell->text)) return;
  if (scope == "event" && context.timers.find(cell->text)) return;
  if (const Names* names = subjects_of(context, scope))
    find_name(context, *cell, field, *names);
  else if (cell->text.size() != 1 || cell->text[0] < '0' || cell->text[0] > '6')
    context.error(cell->at, code("level-range"), field, "there is no level \"" + cell->text + '"',
                  "levels go from 0 (own home) to 6 (locked)");
}

const std::vector<std::string> kScopes{"setting", "department", "domain",    "level",  "model",
                                       "event",   "outcome",    "milestone", "reason", "payer"};

/// By what a ratio is divided; nothing where the metric is no ratio.
std::optional<RatioWords> read_ratio(Context& context, const RowView& row, const MetricWords& metric) {
  const Cell* per = row.find("per");
  if (per == nullptr) {
    for (const char* name : {"per_scope", "per_subject", "averted"})
      if (const Cell* cell = row.find(name))
        context.error(cell->at, code("field-useless"), row.path(name), "has no meaning without `per`",
                      "it is about the measure by which this one is divided");
    return std::nullopt;
  }
  RatioWords ratio{.top = metric, .measure = read_words(context, row, "per"), .scope = "model", .subject = ""};
  if (const Cell* cell = row.find("per_scope"))
    if (const auto word = read_word(context, *cell, row.path("per_scope"), kScopes)) ratio.scope = kScopes[*word];
  read_subject(context, row, "per_subject", ratio.scope, ratio.subject);
  ratio.averted = read_flag(context, row, "averted");
  return ratio;
}

MetricWords read_metric(Context& context, const RowView& row) {
  MetricWords metric;
  metric.id = row.row.id;
  check_id(context, row.row.id, id_place(row.row), row.address);
  metric.target = kNotGiven;
  const auto read_choice = [&](const char* name, std::string& into, const std::vector<std::string>& words) {
    if (const Cell* cell = row.find(name))
      if (const auto word = read_word(context, *cell, row.path(name), words)) into = words[*word];
  };
  metric.measure = read_words(context, row, "measure");
  if (row.find("measure") == nullptr) missing_field(context, row, "measure", "it says what is measured");
  if (row.find("scope") == nullptr) missing_field(context, row, "scope", "it says of what", "Write scope = \"model\".");
  read_choice("scope", metric.scope, kScopes);
  read_choice("good", metric.good, {"lower", "higher"});
  read_subject(context, row, "subject", metric.scope, metric.subject);
  if (const Cell* cell = row.find("target"))
    if (const auto target = read_quantity(*cell, row.path("target"), context.parameters, context.problems)) {
      metric.target = target->value;
      context.parameters_used.insert(target->parameters.begin(), target->parameters.end());
    }
  metric.words = read_words(context, row, "words");
  if (const Cell* cell = row.find("by"))
    for (const std::string& trait : read_by(context, *cell, row.path("by")))
      metric.by += (metric.by.empty() ? "" : "|") + trait;
  return metric;
}

bool is_sourced(const Row& row, std::string_view table) {
  const Cell* kind = row.find(table == "settings" ? "source_kind" : "kind");
  return row.find("source") != nullptr || (kind != nullptr && kind->text == "assumption");
}

}  // namespace

void read_head(Context& context) {
  const Cell* model = context.document.head().find("model");
  if (model == nullptr) return;
  Row row;
  row.id = "model";
  row.at = model->key_at;
  row.fields = model->fields;
  const RowView head{row, "model"};
  context.model.name = read_words(context, head, "name");
  context.model.about = read_words(context, head, "about");
  read_start(context, head);
  read_lengths(context, head);
  read_period(context, head);
  read_counts(context, head);
  read_rules(context, head);
  read_observed(context, head);
}

void read_handoffs(Context& context) {
  const Table* table = context.table("handoffs");
  if (table == nullptr) return;
  for (const Row& row : table->rows)
    context.model.handoffs.push_back(read_default_handoff(context, {row, "handoffs." + row.id}));
}

void read_metrics(Context& context) {
  const Table* table = context.table("metrics");
  if (table == nullptr) return;
  Names seen{"metric"};
  for (const Row& row : table->rows) {
    if (seen.find(row.id)) continue;  // a problem already: row-duplicate
    seen.add(row.id);
    const RowView view{row, "metrics." + row.id};
    MetricWords metric = read_metric(context, view);
    if (auto ratio = read_ratio(context, view, metric))
      context.model.ratios.push_back(std::move(*ratio));
    else
      context.model.metrics.push_back(std::move(metric));
  }
}

void take_parameters(Context& context) {
  const Table* table = context.table("parameters");
  const std::vector<bool> used = context.parameters.with_origins(context.parameters_used);
  std::map<std::string_view, const Row*> rows;
  if (table != nullptr)
    for (const Row& row : table->rows) rows.emplace(row.id, &row);
  for (std::size_t i = 0; i < used.size(); ++i) {
    const Parameter& parameter = context.parameters.all()[i];
    ParameterWords words;
    words.id = parameter.id;
    words.unit = parameter.unit;
    words.value = parameter.value / parameter.unit_scale;
    words.low = parameter.low ? *parameter.low / parameter.unit_scale : kNotGiven;
    words.high = parameter.high ? *parameter.high / parameter.unit_scale : kNotGiven;
    words.used = used[i];
    words.provenance = {parameter.source, parameter.kind, parameter.note};
    const auto row = rows.find(parameter.id);
    const Cell* value = row == rows.end() ? nullptr : row->second->find("value");
    if (value != nullptr) words.text = value->text;
    context.model.parameters.push_back(std::move(words));
  }
}

void check_sources(Context& context) {
  std::vector<std::string> without;
  Place first;
  bool has_any = false;
  for (const char* name : {"parameters", "mix", "settings", "routes", "arrivals", "initial", "events", "timers",
                           "handoffs", "pools", "staff", "staffing", "costs", "incentives"}) {
    const Table* table = context.table(name);
    if (table == nullptr) continue;
    for (const Row& row : table->rows) {
      has_any = has_any || row.find("source") != nullptr;
      if (is_sourced(row, name)) continue;
      if (without.empty()) first = row.at;
      const bool is_numbered = row.id.rfind(std::string{name} + '#', 0) == 0;
      without.push_back(is_numbered ? row.id : std::string{name} + '.' + row.id);
    }
  }
  if (!has_any || without.empty()) return;
  const std::size_t count = without.size();
  context.problems.warning(
      first, code("source-missing"), without.front(),
      std::to_string(count) + (count == 1 ? " row has" : " rows have") + " no source: " + listed(without, 5),
      "other rows of the model say where their numbers come from", "Write source = \"...\", or kind = \"assumption\".");
}

}  // namespace tl::reading
