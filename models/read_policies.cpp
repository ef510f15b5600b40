#include <algorithm>
#include <array>

#include "models/read_context.hpp"
#include "models/suggest.hpp"

// Policies: rules that act on the state of the system (semantics 9).
namespace tl::reading {
namespace {

constexpr auto kMeasures = std::to_array<std::string_view>({"waiting", "boarding", "census", "occupancy", "free"});
constexpr auto kMeasureKinds =
    std::to_array<PolicyMeasure>({PolicyMeasure::waiting, PolicyMeasure::boarding, PolicyMeasure::census,
                                  PolicyMeasure::occupancy, PolicyMeasure::free_units});
constexpr auto kChangeKinds = std::to_array<std::string_view>({"set", "scale", "add"});
constexpr double kShortestReview = 1.0 / 1440.0;  ///< [day] a minute
constexpr double kMost = 1e9;                     ///< clients, requests or units
const char* const kExample = "Write changes = [ { path = \"settings.ID.capacity\", add = 20 } ].";

bool needs_units(PolicyMeasure measure) {
  return measure == PolicyMeasure::occupancy || measure == PolicyMeasure::free_units;
}

double read_length(Context& context, const RowView& row, const char* field, double otherwise, double least = 0.0) {
  const Cell* cell = row.find(field);
  if (cell == nullptr) return otherwise;
  return read_fixed(context, *cell, row.path(field),
                    {.dimension = kDuration, .range = Range::between(least, context.limits.horizon_days)})
      .value_or(otherwise);
}

/// Settings or pools by their ids; pools stand behind the settings.
std::vector<std::uint32_t> read_watched(Context& context, const RowView& row, const PolicySpec& policy) {
  std::vector<std::uint32_t> rows;
  const std::string field = row.path("when.settings");
  const Cell* cell = row.find("when.settings");
  if (cell == nullptr) {
    missing_field(context, row, "when.settings", "a policy looks at one setting or at several",
                  "Write when = { ..., settings = [\"ward\"] }.");
    return rows;
  }
  if (cell->is_table()) {
    read_text(context, *cell, field);
    return rows;
  }
  const auto count = static_cast<std::uint32_t>(context.settings.all().size());
  for (const Cell& item : pieces_of(*cell, '|')) {
    const auto pool = context.pools.find(item.text);
    const auto setting = pool ? std::optional{count + *pool} : find_name(context, item, field, context.settings);
    if (!setting) continue;
    if (std::find(rows.begin(), rows.end(), *setting) != rows.end()) {
      context.error(item.at, code("field-conflict"), field, '"' + item.text + "\" stands twice",
                    "each is counted once");
      continue;
    }
    const bool has_units =
        pool || (*setting < context.setting_facts.size() && !context.setting_facts[*setting].has_no_cap);
    if (needs_units(*policy.measure) ? !has_units : pool.has_value())
      context.error(item.at, code("policy-measure"), field,
                    pool ? "a pool has no queue and no clients of its own" : '"' + item.text + "\" is unlimited",
                    pool ? "of a pool a policy can look at occupancy and free units"
                         : "it is never full and always has free units",
                    pool ? "Name the settings that use it." : "Look at its census, or at another setting.");
    rows.push_back(*setting);
  }
  return rows;
}

std::optional<PolicyTriggerSpec> read_trigger(Context& context, const RowView& row, const std::string& group,
                                              const PolicySpec& policy) {
  const Cell *over = row.find(group + ".over"), *under = row.find(group + ".under");
  const Cell* threshold = over != nullptr ? over : under;
  if ((over == nullptr) == (under == nullptr)) {
    context.error(threshold == nullptr ? row.row.at : threshold->at, code("policy-trigger"), row.path(group),
                  threshold == nullptr ? "has neither `over` nor `under`" : "has `over` and `under`",
                  "it holds while the measure is above or below one value",
                  group == "when" ? "Write when = { measure = \"waiting\", settings = [\"ward\"], over = 50 }."
                                  : "Write until = { under = 30, for = \"14 d\" }.");
    return std::nullopt;
  }
  PolicyTriggerSpec made;
  made.over = over != nullptr;
  const std::string field = row.path(group + (made.over ? ".over" : ".under"));
  const Range range =
      policy.measure == PolicyMeasure::occupancy ? Range::between(0.0, 10.0) : Range::between(0.0, kMost);
  const auto value = read_fixed(context, *threshold, field, {.dimension = kPlain, .range = range});
  made.hold_days = read_length(context, row, (group + ".for").c_str(), 0.0);
  if (!value) return std::nullopt;
  made.threshold = *value;
  return made;
}

/// What closes it lies on the other side of what opens it.
void check_thresholds(Context& context, const RowView& row, const PolicySpec& policy) {
  const PolicyTriggerSpec &opens = *policy.opens, &closes = *policy.closes;
  const Cell* at = row.find("until");
  if (opens.over == closes.over) {
    context.error(at->at, code("policy-trigger"), row.path("until"),
                  opens.over ? "closes above a value, as it opens" : "closes below a value, as it opens",
                  "what opened it would close it", opens.over ? "Write until = { under = ... }." : "Write over = ...");
    return;
  }
  const double between =
      policy.measure == PolicyMeasure::occupancy ? 0.0 : 1.0;  // counts: none lies over 5 and under 6
  if (opens.over ? closes.threshold <= opens.threshold + between : closes.threshold >= opens.threshold - between)
    return;
  context.error(at->at, code("policy-trigger"), row.path("until"),
                "closes " + std::string{closes.over ? "above " : "below "} + shown(closes.threshold) + ", and opens " +
                    (opens.over ? "above " : "below ") + shown(opens.threshold),
                "between the two it would open and close all the time",
                opens.over ? "Let it close below " + shown(opens.threshold) + " or less."
                           : "Let it close above " + shown(opens.threshold) + " or more.");
}

void read_condition_of(Context& context, const RowView& row, PolicySpec& policy) {
  const Cell* measure = row.find("when.measure");
  if (measure == nullptr) {
    missing_field(context, row, "when.measure", "a policy looks at something",
                  "Write when = { measure = \"waiting\", ... }.");
    return;
  }
  const auto word = read_word(context, *measure, row.path("when.measure"), {kMeasures.begin(), kMeasures.end()});
  if (!word) return;
  policy.measure = kMeasureKinds[*word];
  if (const Cell* waited = row.find("when.waited_over")) {
    policy.waited_days = read_length(context, row, "when.waited_over", 0.0);
    if (policy.measure != PolicyMeasure::waiting)
      context.error(waited->at, code("policy-measure"), row.path("when.waited_over"), "has no effect",
                    "only those who wait have waited", "Write measure = \"waiting\".");
    policy.measure = PolicyMeasure::waiting_over;
  }
  policy.settings = read_watched(context, row, policy);
  policy.opens = read_trigger(context, row, "when", policy);
  const Cell* until = row.find("until");
  if (until == nullptr) {
    missing_field(context, row, "until", "nothing says when it closes again",
                  "Write until = { under = 30, for = \"14 d\" }, or until = \"never\".");
  } else if (!until->is_table()) {
    read_word(context, *until, row.path("until"), {"never"});
  } else {
    policy.closes = read_trigger(context, row, "until", policy);
    if (policy.opens && policy.closes) check_thresholds(context, row, policy);
  }
}

/// "11-15"
std::optional<DayOfYear> read_day_of_year(Context& context, const RowView& row, const char* field) {
  const Cell* cell = row.find(field);
  if (cell == nullptr) {
    missing_field(context, row, field, "a season has a first and a last day",
                  "Write season = { from = \"11-15\", to = \"03-31\" }.");
    return std::nullopt;
  }
  const auto text = read_text(context, *cell, row.path(field));
  if (!text) return std::nullopt;
  if (const auto made = day_of_year(*text)) return made;
  context.error(cell->at, code("policy-season"), row.path(field), "there is no day " + in_quotes(*text) + " in a year",
                "a day of any year is written month-day", "Write it like \"11-15\".");
  return std::nullopt;
}

void read_season(Context& context, const RowView& row, PolicySpec& policy) {
  if (row.find("season") == nullptr) return;
  const auto from = read_day_of_year(context, row, "season.from"), to = read_day_of_year(context, row, "season.to");
  if (from && to) policy.season = std::pair{*from, *to};
}

/// "settings.ward.capacity add 20" as a table says it.
std::optional<Cell> change_from_text(Context& context, const Cell& cell, const std::string& field) {
  std::vector<Cell> words = pieces_of(cell, ' ');
  const auto kind = words.size() < 3
                        ? kChangeKinds.end()
                        : std::find(kChangeKinds.begin(), kChangeKinds.end(), std::string_view{words[1].text});
  if (kind == kChangeKinds.end()) {
    context.error(cell.at, code("policy-changes"), field, "cannot read " + in_quotes(cell.text),
                  "a change is an address, one of set, scale and add, and a value",
                  "Write settings.ID.capacity add 20.");
    return std::nullopt;
  }
  const std::size_t value_at = cell.text.find(words[2].text, cell.text.find(words[1].text) + words[1].text.size());
  Cell made;
  made.kind = Cell::Kind::table;
  made.at = made.key_at = cell.at;
  std::size_t offset = value_at;
  const Cell value = piece_of(cell, value_at, trimmed(std::string_view{cell.text}.substr(value_at), offset));
  made.fields.emplace_back("path", words[0]);
  made.fields.emplace_back(std::string{*kind}, value);
  return made;
}

/// One change: a path, one of set, scale and add, and for shares `from`.
std::optional<LeverChange> read_policy_change(Context& context, const Cell& cell, const std::string& field) {
  if (!cell.is_table()) {
    if (cell.is_text()) {
      const auto written_out = change_from_text(context, cell, field);
      return written_out ? read_policy_change(context, *written_out, field) : std::nullopt;
    }
    context.error(cell.at, code("policy-changes"), field, "is no change", "a change is a table", kExample);
    return std::nullopt;
  }
  const Cell *path = nullptr, *from = nullptr, *value = nullptr;
  std::size_t kind = 0, values = 0;
  for (const auto& [name, item] : cell.fields) {
    const auto known = std::find(kChangeKinds.begin(), kChangeKinds.end(), std::string_view{name});
    if (known != kChangeKinds.end()) {
      value = &item;
      kind = static_cast<std::size_t>(known - kChangeKinds.begin());
      ++values;
    } else if (name == "path") {
      path = &item;
    } else if (name == "from") {
      from = &item;
    } else {
      context.error(item.key_at, code("field-unknown"), field + '.' + name, "unknown field \"" + name + '"',
                    "fields here are path, set, scale, add and from",
                    did_you_mean(name, {"path", "set", "scale", "add", "from"}));
      return std::nullopt;
    }
  }
  const std::size_t dot = path == nullptr ? std::string::npos : path->text.find('.');
  if (values != 1 || dot == std::string::npos || dot == 0 || dot + 1 == path->text.size()) {
    context.error(cell.at, code("policy-changes"), field,
                  values != 1 ? "has " + std::string{values == 0 ? "none" : "more than one"} + " of set, scale and add"
                              : "names no number",
                  "a change is the address of a number, and what is done to it", kExample);
    return std::nullopt;
  }
  for (const std::string_view table : {"policies.", "levers.", "model."})
    if (path->text.starts_with(table)) {
      context.error(path->at, code("policy-fixed"), field, "changes " + in_quotes(path->text),
                    "a policy changes numbers of settings, routes, arrivals, events and parameters", "");
      return std::nullopt;
    }
  // the parameters that its value is made of are used, whether the policy ever opens or not
  Problems told_later;
  if (const auto number = read_quantity(*value, field, context.parameters, told_later))
    context.parameters_used.insert(number->parameters.begin(), number->parameters.end());
  LeverChange made{{static_cast<Change::Kind>(kind), path->text, *value, path->at}, {}};
  if (from != nullptr) made.from = pieces_of(*from, '|');
  return made;
}

std::string in_words(const LeverChange& change) {
  const std::string value =
      change.change.value.text + (change.change.value.unit.empty() ? "" : ' ' + change.change.value.unit);
  switch (change.change.kind) {
    case Change::Kind::set:
      return change.change.path + " = " + value;
    case Change::Kind::scale:
      return change.change.path + " times " + value;
    default:
      return change.change.path + " plus " + value;
  }
}

std::vector<LeverChange> read_policy_changes(Context& context, const RowView& row, PolicySpec& policy) {
  std::vector<LeverChange> changes;
  const Cell* cell = row.find("changes");
  if (cell == nullptr) {
    missing_field(context, row, "changes", "a policy does something while it is open", kExample);
    return changes;
  }
  bool good = true;
  const std::vector<Cell> items = cell->is_table() ? std::vector<Cell>{*cell} : pieces_of(*cell, ';');
  for (const Cell& item : items) {
    auto change = read_policy_change(context, item, row.path("changes"));
    good = good && change.has_value();
    if (!change) continue;
    policy.changes.push_back(in_words(*change));
    changes.push_back(std::move(*change));
  }
  if (good && changes.empty())
    context.error(cell->at, code("policy-changes"), row.path("changes"), "is empty",
                  "a policy does something while it is open", kExample);
  return changes;
}

PolicySpec read_policy(Context& context, const RowView& row) {
  PolicySpec policy;
  policy.id = row.row.id;
  policy.at = row.row.at;
  policy.name = read_words(context, row, "name", row.row.id);
  policy.about = read_words(context, row, "about");
  if (const Cell* cell = row.find("on")) policy.is_on = read_yes(context, *cell, row.path("on")).value_or(true);
  const bool has_condition = row.find("when") != nullptr;
  if (has_condition && row.find("when")->is_table()) read_condition_of(context, row, policy);
  read_season(context, row, policy);
  if (!has_condition && row.find("season") == nullptr)
    context.error(row.row.at, code("policy-season"), row.address, "has neither `when` nor `season`",
                  "nothing says when it opens",
                  "Write when = { measure = \"waiting\", settings = [\"ward\"], over = 50 }.");
  policy.review_days = read_length(context, row, "review", 1.0, kShortestReview);
  policy.lead_days = read_length(context, row, "lead_time", 0.0);
  policy.closing_days = read_length(context, row, "closing_time", 0.0);
  if (!has_condition)
    for (const char* field : {"until", "review", "lead_time", "closing_time"})
      if (const Cell* cell = row.find(field))
        context.problems.warning(cell->at, code("policy-useless"), row.path(field), "has no effect",
                                 "without `when` the policy is open throughout its season");
  policy.provenance = read_provenance(context, row);
  context.policy_changes[*context.policies.find(row.row.id)] = read_policy_changes(context, row, policy);
  return policy;
}

}  // namespace

void read_policies(Context& context) {
  context.policy_changes.assign(context.policies.all().size(), {});
  read_rows(context, "policies", context.policies, context.model.policies,
            [](Context& in, const RowView& row) { return read_policy(in, row); });
}

}  // namespace tl::reading
