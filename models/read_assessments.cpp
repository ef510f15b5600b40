#include <algorithm>

#include "models/read_context.hpp"
#include "models/tokens.hpp"

// Assessments: papers that programs give and settings ask for.
namespace tl::reading {
namespace {

constexpr std::size_t kMostTokens = 32;

std::optional<std::uint32_t> read_giver(Context& context, const Cell& cell, const std::string& field) {
  const auto program = find_name(context, cell, field, context.settings);
  if (!program || context.setting_facts[*program].is_program) return program;
  context.error(cell.at, code("setting-kind"), field, '"' + cell.text + "\" is a place",
                "assessments are given by programs", "Make it a program, or add one that gives the assessment.");
  return std::nullopt;
}

AssessmentSpec read_assessment(Context& context, const RowView& row) {
  AssessmentSpec made;
  made.id = row.row.id;
  made.at = row.row.at;
  made.name = read_words(context, row, "name", row.row.id);
  const Cell* given_by = row.find("given_by");
  if (given_by == nullptr)
    missing_field(context, row, "given_by", "an assessment is given by programs", "Write given_by = \"intake_unit\".");
  else if (given_by->is_table())
    read_text(context, *given_by, row.path("given_by"));
  else
    for (const Cell& item : pieces_of(*given_by, '|'))
      if (const auto program = read_giver(context, item, row.path("given_by")))
        if (std::find(made.given_by.begin(), made.given_by.end(), *program) == made.given_by.end())
          made.given_by.push_back(*program);
  if (const Cell* cell = row.find("on"))
    if (const auto word = read_word(context, *cell, row.path("on"), {"admission", "completion"}))
      made.on_completion = *word == 1;
  if (const Cell* cell = row.find("valid"))
    made.valid_days = read_fixed(context, *cell, row.path("valid"),
                                 {.dimension = kDuration, .range = Range::above_to(0.0, context.limits.horizon_days)})
                          .value_or(0.0);
  return made;
}

}  // namespace

void read_assessments(Context& context) {
  const Table* table = context.table("assessments");
  if (table == nullptr) return;
  context.model.assessments.resize(context.assessments.all().size());
  std::vector<bool> is_read(context.model.assessments.size(), false);
  for (const Row& row : table->rows) {
    const std::uint32_t index = *context.assessments.find(row.id);
    if (is_read[index]) continue;  // a problem already: row-duplicate
    is_read[index] = true;
    context.model.assessments[index] = read_assessment(context, {row, "assessments." + row.id});
  }
}

void read_requirements(Context& context, const RowView& row, SettingSpec& setting) {
  const Cell *requires_cell = row.find("requires"), *accepts = row.find("accepts"), *order = row.find("requires_order");
  const auto read_names = [&](const Cell& cell, const char* name, const Names& names,
                              std::vector<std::uint32_t>& into) {
    if (cell.is_table()) {
      read_text(context, cell, row.path(name));
      return;
    }
    for (const Cell& item : pieces_of(cell, '|'))
      if (const auto found = find_name(context, item, row.path(name), names))
        if (std::find(into.begin(), into.end(), *found) == into.end()) into.push_back(*found);
  };
  if (requires_cell != nullptr) read_names(*requires_cell, "requires", context.assessments, setting.requires_tokens);
  if (accepts != nullptr) read_names(*accepts, "accepts", context.departments, setting.accepts);
  if (order != nullptr)
    if (const auto word = read_word(context, *order, row.path("requires_order"), {"together", "serial"}))
      setting.one_after_another = *word == 1;
  for (const auto& [cell, name] : {std::pair{accepts, "accepts"}, std::pair{order, "requires_order"}})
    if (cell != nullptr && requires_cell == nullptr)
      context.problems.warning(cell->at, code("field-useless"), row.path(name), "has no effect",
                               "the setting asks for no assessment", "Write requires = \"...\".");
}

void check_assessments(Context& context) {
  const Model& model = context.model;
  const std::vector<TokenKind> kinds = token_kinds(model);
  if (kinds.size() > kMostTokens)
    context.error(model.assessments[kinds[kMostTokens].assessment].at, code("model-large"),
                  "assessments." + model.assessments[kinds[kMostTokens].assessment].id,
                  "is the " + std::to_string(kMostTokens + 1) + "th kind of paper: an assessment by a department",
                  "at most 32 are allowed", "Let fewer departments give the same assessment.");
  for (const SettingSpec& setting : model.settings)
    for (const std::uint32_t row : setting.requires_tokens) {
      const AssessmentSpec& assessment = model.assessments[row];
      const std::string field = "settings." + setting.words.id + ".requires";
      const bool is_served = std::any_of(assessment.given_by.begin(), assessment.given_by.end(), [&](std::uint32_t by) {
        return accepts_from(setting, model.settings[by].department);
      });
      if (!is_served && !assessment.given_by.empty())
        context.error(setting.at, code("assessment-unserved"), field,
                      "asks for \"" + assessment.id + "\", which no department it accepts gives",
                      "who lacks it would wait for ever",
                      "Add the department to accepts, or let a program of one give it.");
    }
  const std::vector<std::uint32_t> circle = circle_of_requirements(model);
  if (circle.empty()) return;
  std::vector<std::string> names;
  for (const std::uint32_t row : circle) names.push_back(model.settings[row].words.id);
  const SettingSpec& first = model.settings[circle.front()];
  context.error(
      first.at, code("assessment-circle"), "settings." + first.words.id + ".requires",
      names.size() == 1 ? "asks for a paper that it gives itself" : "asks for papers in a circle: " + listed(names),
      "who has none of them could enter none of these programs",
      "Let one of them admit without, or let another program give the paper.");
}

}  // namespace tl::reading
