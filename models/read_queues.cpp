#include <algorithm>

#include "models/read_context.hpp"

// Queues of settings: who is first, who waits how long, where those go who do not get in.
namespace tl::reading {
namespace {

constexpr double kMostUnits = 1e9;
constexpr double kMostPoints = 1e9;

// ---- scores

/// The words of a rule: `25`, `25 when smi = yes`, `2 per 30 d`, `10 after 90 d`.
struct ScoreText {
  Cell points;
  std::optional<Cell> when, per, after;
};

ScoreText split_score(const Cell& cell) {
  ScoreText parts;
  std::size_t end = cell.text.size();
  const auto take = [&](std::string_view word, std::optional<Cell>& into) {
    const std::size_t at = cell.text.find(word);
    if (at == std::string::npos || at >= end) return;
    std::size_t offset = at + word.size();
    const std::string_view text = trimmed(std::string_view{cell.text}.substr(offset, end - offset), offset);
    into = piece_of(cell, offset, text);
    end = at;
  };
  take(" when ", parts.when);
  take(" after ", parts.after);
  take(" per ", parts.per);
  std::size_t offset = 0;
  const std::string_view text = trimmed(std::string_view{cell.text}.substr(0, end), offset);
  parts.points = piece_of(cell, offset, text);
  return parts;
}

bool reads_waiting(const Condition& condition) {
  return std::any_of(condition.clauses.begin(), condition.clauses.end(),
                     [](const Clause& clause) { return clause.subject == Subject::since_request; });
}

std::optional<QueueSpec::ScoreRule> read_score_rule(Context& context, const Cell& cell, const std::string& field) {
  if (!read_text(context, cell, field)) return std::nullopt;
  const ScoreText parts = split_score(cell);
  const int extras = (parts.when ? 1 : 0) + (parts.per ? 1 : 0) + (parts.after ? 1 : 0);
  if (extras > 1) {
    context.error(cell.at, code("queue-rules"), field, "cannot read \"" + cell.text + '"',
                  "points are counted when a condition holds, or for time waited, not both",
                  "Write one of: 25, 25 when smi = yes, 2 per 30 d, 10 after 90 d.");
    return std::nullopt;
  }
  QueueSpec::ScoreRule rule;
  rule.points.path = field;
  rule.points.at = cell.at;
  const auto points = read_scalar(context, parts.points, field,
                                  {.dimension = kPlain, .range = Range::between(-kMostPoints, kMostPoints)});
  const NumberRule length{.dimension = kDuration, .range = Range::above_to(0.0, context.limits.horizon_days)};
  std::optional<double> days = 1.0;
  if (parts.per) days = read_scalar(context, *parts.per, field, length);
  if (parts.after) days = read_scalar(context, *parts.after, field, length);
  std::optional<Condition> when;
  if (parts.when) when = read_condition(context, *parts.when, field);
  if (when && reads_waiting(*when)) {
    context.error(parts.when->at, code("queue-rules"), field, "looks at the time waited in a condition",
                  "time waited enters a score as `per` or `after`", "Write 10 after 90 d.");
    return std::nullopt;
  }
  if (!points || !days || (parts.when && !when)) return std::nullopt;
  rule.points.base = when ? 0.0 : *points;
  if (when) rule.points.vary.push_back({std::move(*when), *points, std::nullopt, {}});
  if (parts.per) rule.per_days = *days;
  if (parts.after) rule.after_days = *days;
  return rule;
}

void read_score(Context& context, const RowView& row, bool is_wanted, QueueSpec& queue) {
  const Cell *score = row.find("queue.score"), *discipline = row.find("queue.discipline");
  const std::string field = row.path("queue.score");
  if (score == nullptr) {
    if (is_wanted)
      context.error(discipline->at, code("queue-rules"), row.path("queue.discipline"),
                    "is score, and no points are given", "the field queue.score says what counts how much",
                    "Write queue.score = [\"25 when smi = yes\", \"2 per 30 d\"].");
    return;
  }
  if (!is_wanted && (discipline != nullptr || row.find("queue.priority") != nullptr))
    context.error(score->at, code("queue-rules"), field,
                  "has points, and the discipline is " + (discipline == nullptr ? "priority" : discipline->text),
                  "points count only where queue.discipline is score");
  if (score->is_table()) {
    read_text(context, *score, field);
    return;
  }
  bool has_weight = false;
  for (const Cell& cell : pieces_of(*score, ';')) {
    auto rule = read_score_rule(context, cell, field);
    if (!rule) continue;
    if (rule->per_days > 0.0 && has_weight)
      context.error(cell.at, code("queue-rules"), field, "has a second weight of the time waited",
                    "one `per` counts for the whole queue, so that clients pass each other at known times",
                    "Add the two, or write steps: 10 after 90 d.");
    has_weight = has_weight || rule->per_days > 0.0;
    queue.score.push_back(std::move(*rule));
  }
}

// ---- disciplines

void read_discipline(Context& context, const RowView& row, QueueSpec& queue) {
  const Cell *discipline = row.find("queue.discipline"), *priority = row.find("queue.priority");
  const std::string field = row.path("queue.discipline");
  std::optional<std::size_t> word;
  if (discipline != nullptr) word = read_word(context, *discipline, field, {"fifo", "priority", "score"});
  read_score(context, row, word && *word == 2, queue);
  if (priority == nullptr) {
    if (word && *word == 1)
      context.error(discipline->at, code("queue-rules"), field, "is priority, and no rules are given",
                    "the field queue.priority says who is first", "Write queue.priority = [\"acuity = high\"].");
    return;
  }
  const std::string rules = row.path("queue.priority");
  if (word && *word != 1)
    context.error(priority->at, code("queue-rules"), rules, "has rules, and the discipline is " + discipline->text,
                  "rules count only where queue.discipline is priority");
  if (priority->is_table()) {
    read_text(context, *priority, rules);
    return;
  }
  const std::vector<Cell> cells = pieces_of(*priority, ';');
  if (cells.size() > 63)
    context.error(priority->at, code("queue-rules"), rules, "has " + std::to_string(cells.size()) + " rules",
                  "a queue has at most 64 classes, the last is for those whom no rule fits");
  for (const Cell& cell : cells)
    if (auto condition = read_condition(context, cell, rules)) queue.priority.push_back(std::move(*condition));
}

RouteSpec leave_by(Context& context, const std::string& reason, const Place& at) {
  RouteSpec route;
  route.to = Destination::leave;
  route.reason = context.reasons.add(reason);
  route.at = at;
  return route;
}

void read_exits(Context& context, const RowView& row, SettingSpec& setting, std::uint32_t index) {
  QueueSpec& queue = setting.queue;
  const auto read_exit = [&](const char* name, Seldom<RouteSpec>& route) {
    const Cell* cell = row.find(name);
    if (cell == nullptr) return;
    route = read_destination(context, *cell, row.path(name));
    if (route && route->to == Destination::setting && route->setting == index)
      context.error(cell->at, code("destination-self"), row.path(name), "leads back to the same queue",
                    "clients would come back at once, for ever");
    if (setting.is_program)
      context.error(cell->at, code("field-useless"), row.path(name), "is given for a program",
                    "who is refused by a program, or gives up, stays where they are");
  };
  read_exit("queue.on_refuse", queue.on_refuse);
  read_exit("queue.on_renege", queue.on_renege);
  if (context.setting_facts[index].is_unlimited || setting.is_program) return;
  if (!queue.on_refuse) queue.on_refuse = leave_by(context, "refused", row.row.at);
  if (!queue.on_renege) queue.on_renege = leave_by(context, "gave_up", row.row.at);
}

// ---- time

void read_waits(Context& context, const RowView& row, QueueSpec& queue) {
  if (const Cell* cell = row.find("queue.least_wait"))
    queue.least_wait_days =
        read_fixed(context, *cell, row.path("queue.least_wait"),
                   {.dimension = kDuration, .range = Range::between(0.0, context.limits.horizon_days)})
            .value_or(0.0);
  if (const Cell* cell = row.find("queue.fit")) {
    if (const auto word = read_word(context, *cell, row.path("queue.fit"), {"strict", "first_fit"}))
      queue.first_fit = *word == 1;
    if (row.find("takes") == nullptr)
      context.problems.warning(cell->at, code("field-useless"), row.path("queue.fit"), "has no effect",
                               "every client takes one unit, so each who is first fits",
                               "Say how many units clients take with takes.");
  }
  const Cell* pauses = row.find("queue.patience_pauses");
  if (pauses == nullptr) return;
  const std::string field = row.path("queue.patience_pauses");
  if (pauses->is_table()) {
    read_text(context, *pauses, field);
    return;
  }
  for (const Cell& item : pieces_of(*pauses, '|'))
    if (const auto word = read_word(context, item, field, {"interim", "away"}))
      (*word == 0 ? queue.patience_pauses_in_interim : queue.patience_pauses_away) = true;
  if (row.find("queue.patience") == nullptr)
    context.problems.warning(pauses->at, code("field-useless"), field, "has no effect",
                             "nobody gives up: queue.patience is not given");
}

void read_preemption(Context& context, const RowView& row, SettingSpec& setting) {
  QueueSpec& queue = setting.queue;
  const Cell *preempt = row.find("queue.preempt"), *to = row.find("queue.preempted_to");
  if (preempt != nullptr)
    if (const auto word = read_word(context, *preempt, row.path("queue.preempt"), {"resume", "resample", "restart"}))
      queue.preempt = static_cast<Preempt>(*word + 1);
  if (to != nullptr) queue.preempted_to = read_place(context, *to, row.path("queue.preempted_to"), true);
  const Cell* first = preempt != nullptr ? preempt : to;
  if (first == nullptr) return;
  const std::string field = row.path(preempt != nullptr ? "queue.preempt" : "queue.preempted_to");
  if (setting.is_program)
    context.error(first->at, code("field-useless"), field, "is given for a program",
                  "only a unit of a place can be taken from someone who is in it",
                  "End enrolments by actions, as do = \"end " + setting.words.id + "\".");
  else if (preempt == nullptr)
    context.problems.warning(to->at, code("field-useless"), field, "has no effect",
                             "nobody's unit is taken without queue.preempt");
  else if (queue.priority.empty())
    context.problems.warning(preempt->at, code("field-useless"), field, "has no effect",
                             "a unit is taken from someone of a worse class, and all are in one",
                             "Give queue.priority its rules.");
}

}  // namespace

void read_queue(Context& context, const RowView& row, SettingSpec& setting, std::uint32_t index) {
  QueueSpec& queue = setting.queue;
  read_discipline(context, row, queue);
  const NumberRule count{.dimension = kPlain, .range = Range::between(0.0, kMostUnits), .whole = true};
  if (const Cell* cell = row.find("queue.limit"))
    queue.limit = read_varying(context, *cell, row.path("queue.limit"), count);
  if (const Cell* cell = row.find("queue.limit_in_place"))
    queue.limit_in_place = read_varying(context, *cell, row.path("queue.limit_in_place"), count);
  if (const Cell* cell = row.find("queue.patience"))
    queue.patience = read_distribution(context, *cell, row.path("queue.patience"));
  if (const Cell* cell = row.find("queue.standard")) {
    const StandardSpec standard = read_standard(context, *cell, row.path("queue.standard"));
    queue.standard_days = standard.days;
    queue.standard_business_days = standard.business_days;
  }
  read_waits(context, row, queue);
  read_preemption(context, row, setting);
  read_exits(context, row, setting, index);
  const Cell* group = row.row.find("queue");
  if (group != nullptr && context.setting_facts[index].is_unlimited)
    context.problems.warning(
        group->is_table() && !group->fields.empty() ? group->fields.front().second.key_at : group->at,
        code("field-useless"), row.path("queue"), "has no effect", "nobody waits for an unlimited setting");
}

}  // namespace tl::reading
