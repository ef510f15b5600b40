#include <algorithm>

#include "models/read_context.hpp"

// What few settings have: how a cut is made, dated stays that reach those who are in, enrolments elsewhere.
namespace tl::reading {
namespace {

RouteSpec end_at(const Place& at) {
  RouteSpec route;
  route.to = Destination::end;
  route.at = at;
  return route;
}

/// Who is moved out of a program is no longer enrolled, and stays where they are.
std::optional<RouteSpec> read_program_exit(Context& context, const Cell& cell, const std::string& field) {
  if (!read_text(context, cell, field)) return std::nullopt;
  if (cell.text == "end") return end_at(cell.at);
  context.error(cell.at, code("destination-bad"), field, '"' + cell.text + "\" is not possible here",
                "the end of an enrolment moves nobody", "Write end.");
  return std::nullopt;
}

bool has_dates(const VaryingDistribution& spec) {
  for (const std::optional<VaryingNumber>* one :
       {&spec.value, &spec.mean, &spec.sd, &spec.median, &spec.cv, &spec.low, &spec.mode, &spec.high, &spec.scale,
        &spec.shape_parameter, &spec.mu, &spec.sigma, &spec.stages})
    if (*one && !(*one)->dated.empty()) return true;
  return std::any_of(spec.parts.begin(), spec.parts.end(),
                     [](const auto& part) { return has_dates(part.distribution); });
}

/// The clauses that may be told apart while a client is in a place; the others change without a move.
bool is_about_place_or_traits(const Clause& clause) {
  switch (clause.subject) {
    case Subject::trait:
    case Subject::population:
    case Subject::place:
    case Subject::domain:
    case Subject::department:
    case Subject::level:
      return true;
    default:
      return false;
  }
}

/// `pause when domain = custody`, `end after 90 d when place = jail`, `keep when ...`.
std::optional<WhileInSpec> read_while_in_rule(Context& context, const Cell& cell, const std::string& field) {
  if (!read_text(context, cell, field)) return std::nullopt;
  const std::size_t when = cell.text.find(" when ");
  if (when == std::string::npos) {
    context.error(cell.at, code("while-in-syntax"), field, "cannot read \"" + cell.text + '"',
                  "a rule is written: keep, pause, end, or end after 90 d, and then when CONDITION",
                  "Write pause when domain = custody.");
    return std::nullopt;
  }
  const std::string_view head = std::string_view{cell.text}.substr(0, when);
  const std::size_t after = head.find(" after ");
  const auto part = [&](std::size_t from, std::size_t to) {
    std::size_t offset = from;
    const std::string_view text = trimmed(std::string_view{cell.text}.substr(from, to - from), offset);
    return piece_of(cell, offset, text);
  };
  WhileInSpec rule;
  const auto word = read_word(context, part(0, std::min(after, when)), field, {"keep", "pause", "end"});
  if (word) rule.kind = static_cast<WhileIn>(*word);
  bool good = word.has_value();
  if (after != std::string::npos) {
    const auto days = read_scalar(context, part(after + 7, when), field,
                                  {.dimension = kDuration, .range = Range::between(0.0, context.limits.horizon_days)});
    rule.after_days = days.value_or(0.0);
    good = good && days;
    if (word && *word != 2)
      context.problems.warning(cell.at, code("field-useless"), field, "has an \"after\" that does nothing",
                               "only an end can come after a while; keep and pause begin at once");
  }
  const Cell condition_cell = part(when + 6, cell.text.size());
  auto condition = read_condition(context, condition_cell, field);
  if (!condition) return std::nullopt;
  for (const Clause& clause : condition->clauses)
    if (!is_about_place_or_traits(clause)) {
      context.error(condition_cell.at, code("condition-subject"), field,
                    "looks at something else than where the client is, and traits",
                    "an enrolment pauses or ends by where the client is",
                    "Use place, domain, department, level, population or a trait.");
      return std::nullopt;
    }
  if (!good) return std::nullopt;
  rule.when = std::move(*condition);
  return rule;
}

}  // namespace

void read_cut(Context& context, const RowView& row, SettingSpec& setting) {
  const Cell *on_cut = row.find("on_cut"), *cut_to = row.find("cut_to");
  std::optional<std::size_t> word;
  if (on_cut != nullptr) word = read_word(context, *on_cut, row.path("on_cut"), {"attrition", "discharge"});
  const bool discharges = word && *word == 1;
  std::optional<RouteSpec> exit;
  if (cut_to != nullptr)
    exit = setting.is_program ? read_program_exit(context, *cut_to, row.path("cut_to"))
                              : read_destination(context, *cut_to, row.path("cut_to"));
  if (cut_to != nullptr && !discharges && (on_cut == nullptr || word))
    context.problems.warning(cut_to->at, code("field-useless"), row.path("cut_to"), "has no effect",
                             "nobody is moved out when capacity falls", "Write on_cut = \"discharge\".");
  if (!discharges) return;
  if (cut_to == nullptr && setting.is_program) exit = end_at(on_cut->at);
  if (cut_to == nullptr && !setting.is_program)
    missing_field(context, row, "cut_to", "clients moved out when capacity falls go somewhere",
                  "Write cut_to = \"leave:closed\", or the name of a place.");
  const Cell* capacity = row.find("capacity");
  const bool has_none =
      !setting.staffed && (capacity == nullptr ? row.find("pool") != nullptr : capacity->text == "unlimited");
  if (has_none)
    context.problems.warning(on_cut->at, code("field-useless"), row.path("on_cut"), "has no effect",
                             "the setting has no capacity of its own that could fall");
  if (!exit) return;
  // Nobody may keep the unit that is taken away: who finds the next place full waits in its line.
  exit->wait = WaitIn::line;
  setting.cut_to = std::move(exit);
}

void read_to_running(Context& context, const RowView& row, SettingSpec& setting) {
  const Cell* cell = row.find("to_running");
  if (cell == nullptr) return;
  setting.to_running = read_flag(context, row, "to_running");
  if (setting.to_running && !(setting.stay && has_dates(*setting.stay)))
    context.problems.warning(cell->at, code("field-useless"), row.path("to_running"), "has no effect",
                             "the stay has no dated values that could reach those who are in");
}

void read_while_in(Context& context, const RowView& row, SettingSpec& setting) {
  const Cell* cell = row.find("while_in");
  if (cell == nullptr) return;
  const std::string field = row.path("while_in");
  if (!setting.is_program) {
    context.error(cell->at, code("field-useless"), field, "is given for a place",
                  "it says what an enrolment in a program does while the client is elsewhere",
                  "How long a place is kept says hold.");
    return;
  }
  if (cell->is_table()) {
    read_text(context, *cell, field);
    return;
  }
  for (const Cell& item : pieces_of(*cell, ';'))
    if (auto rule = read_while_in_rule(context, item, field)) setting.while_in.push_back(std::move(*rule));
}

}  // namespace tl::reading
