#include <algorithm>
#include <array>

#include "models/read_context.hpp"
#include "models/suggest.hpp"

namespace tl::reading {
namespace {

struct SubjectWord {
  std::string_view word;
  Subject subject;
};
constexpr auto kSubjects = std::to_array<SubjectWord>({{"population", Subject::population},
                                                       {"place", Subject::place},
                                                       {"domain", Subject::domain},
                                                       {"department", Subject::department},
                                                       {"level", Subject::level},
                                                       {"enrolled", Subject::enrolled},
                                                       {"waiting_for", Subject::waiting_for},
                                                       {"stay_over", Subject::stay_over},
                                                       {"in_handoff", Subject::in_handoff},
                                                       {"since_entry", Subject::since_entry},
                                                       {"since_place", Subject::since_place},
                                                       {"holds", Subject::holds},
                                                       {"mismatch", Subject::mismatch}});
/// Times since something with one setting: since_request.psh.
constexpr auto kSinceSubjects = std::to_array<SubjectWord>(
    {{"since_request", Subject::since_request}, {"since_enrolment", Subject::since_enrolment}});
constexpr auto kOperators = std::to_array<std::string_view>({"!=", ">=", "<=", "==", "=", "<", ">"});

/// A clause split at its operator.
struct ClauseText {
  Cell subject, values;
  std::string_view op;
  std::size_t op_at = 0;
};

std::optional<ClauseText> split(Context& context, const Cell& clause, const std::string& field) {
  const std::size_t at = clause.text.find_first_of("!<>=");
  if (at != std::string::npos)
    for (const std::string_view op : kOperators) {
      if (clause.text.compare(at, op.size(), op) != 0) continue;
      ClauseText parts;
      std::size_t subject_at = 0, values_at = at + op.size();
      const std::string_view all = clause.text;
      const std::string_view subject = trimmed(all.substr(0, at), subject_at);
      const std::string_view values = trimmed(all.substr(values_at), values_at);
      if (subject.empty() || values.empty()) break;
      parts.subject = piece_of(clause, subject_at, subject);
      parts.values = piece_of(clause, values_at, values);
      parts.op = op;
      parts.op_at = at;
      return parts;
    }
  context.error(clause.at, code("condition-syntax"), field, "cannot read \"" + clause.text + '"',
                "a clause is `subject = a | b`, `subject != a`, or for times `subject >= 30 d`, `subject < 90 d`",
                clause.text.find(" and ") != std::string::npos ? "Join clauses by &." : "");
  return std::nullopt;
}

std::optional<std::uint32_t> read_level(Context& context, const Cell& cell, const std::string& field) {
  if (cell.text.size() == 1 && cell.text[0] >= '0' && cell.text[0] <= '6')
    return static_cast<std::uint32_t>(cell.text[0] - '0');
  context.error(cell.at, code("level-range"), field, "there is no level \"" + cell.text + '"',
                "levels go from 0 (own home) to 6 (locked)");
  return std::nullopt;
}

std::optional<std::uint32_t> read_setting_value(Context& context, const Cell& cell, const std::string& field,
                                                Subject subject) {
  const auto setting = find_name(context, cell, field, context.settings);
  if (!setting || subject == Subject::waiting_for) return setting;
  const bool wants_program = subject == Subject::enrolled;
  if (context.setting_facts[*setting].is_program == wants_program) return setting;
  context.error(cell.at, code("setting-kind"), field,
                '"' + cell.text + "\" is a " + (wants_program ? "place" : "program"),
                wants_program ? "clients are enrolled in programs" : "clients are in places",
                wants_program ? "Write place = " + cell.text + '.' : "Write enrolled = " + cell.text + '.');
  return std::nullopt;
}

std::optional<std::uint32_t> read_value(Context& context, const Cell& cell, const std::string& field,
                                        const Clause& clause) {
  switch (clause.subject) {
    case Subject::trait:
      return find_name(context, cell, field, context.trait_values[clause.trait]);
    case Subject::population:
      return find_name(context, cell, field, context.populations);
    case Subject::domain:
      return find_name(context, cell, field, context.domains);
    case Subject::department:
      return find_name(context, cell, field, context.departments);
    case Subject::level:
      return read_level(context, cell, field);
    case Subject::place:
    case Subject::enrolled:
    case Subject::waiting_for:
      return read_setting_value(context, cell, field, clause.subject);
    case Subject::holds:
      return find_name(context, cell, field, context.assessments);
    case Subject::mismatch: {
      const auto word = read_word(context, cell, field, {"fits", "above", "below"});
      if (!word) return std::nullopt;
      return static_cast<std::uint32_t>(*word);
    }
    default:
      break;
  }
  const auto word = read_word(context, cell, field, {"no", "yes"});
  if (!word) return std::nullopt;
  return static_cast<std::uint32_t>(*word);
}

bool is_time(Subject subject) {
  return subject == Subject::since_entry || subject == Subject::since_place || subject == Subject::since_request ||
         subject == Subject::since_enrolment;
}

/// `since_request.SETTING`, `since_enrolment.PROGRAM`. @returns whether the text is one of these, right or wrong
bool read_since(Context& context, const Cell& cell, const std::string& field, Clause& clause, bool& good) {
  const std::size_t dot = std::min(cell.text.find('.'), cell.text.size());
  for (const SubjectWord& word : kSinceSubjects) {
    if (std::string_view{cell.text}.substr(0, dot) != word.word) continue;
    clause.subject = word.subject;
    good = dot < cell.text.size();
    if (!good) {
      context.error(cell.at, code("condition-subject"), field, "does not say since which " + cell.text.substr(6),
                    "the time runs from one request or enrolment", "Write " + cell.text + ".SETTING >= 30 d.");
      return true;
    }
    const Cell id = piece_of(cell, dot + 1, std::string_view{cell.text}.substr(dot + 1));
    const Subject kind = word.subject == Subject::since_enrolment ? Subject::enrolled : Subject::waiting_for;
    const auto setting = read_setting_value(context, id, field, kind);
    good = setting.has_value();
    clause.setting = setting.value_or(0);
    return true;
  }
  return false;
}

bool read_subject(Context& context, const Cell& cell, const std::string& field, Clause& clause) {
  for (const SubjectWord& word : kSubjects)
    if (word.word == cell.text) {
      clause.subject = word.subject;
      if (word.subject != Subject::mismatch || context.model.need) return true;
      context.error(cell.at, code("condition-subject"), field, "no client has a need",
                    "mismatch compares a place's level with the trait called need",
                    "Add a trait: [traits.need] with values = [\"0\", \"3\", \"5\"].");
      return false;
    }
  bool good = true;
  if (read_since(context, cell, field, clause, good)) return good;
  if (const auto trait = context.traits.find(cell.text)) {
    clause.subject = Subject::trait;
    clause.trait = *trait;
    return true;
  }
  std::vector<std::string> known = condition_subjects();
  for (const SubjectWord& word : kSinceSubjects) known.emplace_back(word.word);
  known.insert(known.end(), context.traits.all().begin(), context.traits.all().end());
  std::string hint = did_you_mean(cell.text, known);
  if (hint.empty()) hint = "Known: " + listed(known, 20) + '.';
  context.error(cell.at, code("condition-subject"), field, "unknown trait \"" + cell.text + '"',
                "a clause is about a trait or one of the words of conditions", std::move(hint));
  return false;
}

std::optional<Clause> read_clause(Context& context, const Cell& text, const std::string& field) {
  const std::optional<ClauseText> parts = split(context, text, field);
  if (!parts) return std::nullopt;
  Clause clause;
  if (!read_subject(context, parts->subject, field, clause)) return std::nullopt;
  const auto refuse_operator = [&](std::string why, std::string hint) {
    context.error(place_in(text, parts->op_at), code("condition-operator"), field,
                  '"' + parts->subject.text + ' ' + std::string{parts->op} + "\" is not possible", std::move(why),
                  std::move(hint));
  };
  if (is_time(clause.subject)) {
    if (parts->op != ">=" && parts->op != "<") {
      refuse_operator("times are compared with >= and <", "Write " + parts->subject.text + " >= 30 d.");
      return std::nullopt;
    }
    const auto days = read_scalar(context, parts->values, field,
                                  {.dimension = kDuration, .range = Range::between(0.0, context.limits.horizon_days)});
    if (!days) return std::nullopt;
    (parts->op == "<" ? clause.below : clause.least) = *days;
    return clause;
  }
  if (parts->op != "=" && parts->op != "!=") {
    refuse_operator("only times are compared; all else is = or !=",
                    parts->op == "==" ? "Write a single =." : "List the values: level = 4 | 5 | 6.");
    return std::nullopt;
  }
  clause.negated = parts->op == "!=";
  bool good = true;
  for (const Cell& value : pieces_of(parts->values, '|')) {
    const auto index = read_value(context, value, field, clause);
    good = good && index;
    if (index) clause.values.push_back(*index);
  }
  if (!good || clause.values.empty()) return std::nullopt;
  return clause;
}

}  // namespace

const std::vector<std::string>& condition_subjects() {
  static const std::vector<std::string> words = [] {
    std::vector<std::string> list;
    for (const SubjectWord& word : kSubjects) list.emplace_back(word.word);
    return list;
  }();
  return words;
}

std::optional<Condition> read_condition(Context& context, const Cell& cell, const std::string& field) {
  if (!read_text(context, cell, field)) return std::nullopt;
  Condition condition;
  condition.at = cell.at;
  bool good = true;
  for (const Cell& text : pieces_of(cell, '&')) {
    auto clause = read_clause(context, text, field);
    good = good && clause;
    if (clause) condition.clauses.push_back(std::move(*clause));
  }
  if (!good) return std::nullopt;
  return condition;
}

Condition read_when(Context& context, const RowView& row, std::string_view field) {
  const Cell* cell = row.find(field);
  if (cell == nullptr) return {};
  return read_condition(context, *cell, row.path(field)).value_or(Condition{});
}

}  // namespace tl::reading
