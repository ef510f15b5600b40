#include <algorithm>
#include <optional>

#include "analysis/costs.hpp"
#include "analysis/measures.hpp"
#include "analysis/staff_measures.hpp"

// Of what measures are taken: settings and groups of them, and what else the model names.
namespace tl {
namespace {

bool belongs(const SettingWords& setting, std::string_view kind, const std::string& subject) {
  if (setting.kind == "line") return false;
  if (setting.kind == "pool") return kind == "setting" && setting.id == subject;  // its units are those settings' own
  if (kind == "model") return true;
  if (kind == "setting") return setting.id == subject;
  if (kind == "department") return setting.department == subject;
  if (kind == "domain") return setting.domain == subject;
  return setting.kind == "place" && std::to_string(setting.level) == subject;
}

ResultScope scope_over(const Catalogue& words, std::string_view kind, const std::string& subject, std::string name) {
  ResultScope scope{std::string{kind}, subject, name.empty() ? subject : std::move(name), {}, {}, {}};
  for (std::uint32_t row = 0; row < words.settings.size(); ++row)
    if (belongs(words.settings[row], kind, subject)) scope.rows.push_back(row);
  return scope;
}

/// All of a kind, or only the one with an id: making one is cheap, making all for one is not.
std::vector<ResultScope> made(const Catalogue& words, std::string_view kind, std::optional<std::string_view> only) {
  std::vector<ResultScope> found;
  const auto wanted = [&](const std::string& id) { return !only || id == *only; };
  const auto add_listed = [&](const std::vector<std::string>& ids) {
    for (std::uint32_t row = 0; row < ids.size(); ++row)
      if (wanted(ids[row])) found.push_back({std::string{kind}, ids[row], ids[row], {row}, {}, {}});
  };
  const auto add_rules = [&](const auto& rules) {
    for (std::uint32_t row = 0; row < rules.size(); ++row)
      if (wanted(rules[row].id)) found.push_back({std::string{kind}, rules[row].id, rules[row].name, {row}});
  };
  const auto add_group = [&](const std::string& id, std::string name) {
    if (wanted(id)) found.push_back(scope_over(words, kind, id, std::move(name)));
  };
  if (kind == "reason") add_listed(words.reasons);
  if (kind == "event") add_listed(words.events);
  if (kind == "outcome") add_listed(words.outcomes);
  if (kind == "milestone") add_listed(words.milestones);
  if (kind == "budget") add_rules(words.budgets);
  if (kind == "policy") add_rules(words.policies);
  if (kind == "role") found = staff::roles_of(words, only);
  if (kind == "staffing") found = staff::rows_of(words, only);
  if (kind == "model") add_group("", "whole system");
  if (kind == "setting")
    for (const SettingWords& setting : words.settings)
      if (setting.kind != "line") add_group(setting.id, setting.name);
  if (kind == "department")
    for (std::size_t i = 0; i < words.departments.size(); ++i)
      add_group(words.departments[i], i < words.department_names.size() ? words.department_names[i] : std::string{});
  if (kind == "domain")
    for (const std::string& domain : words.domains) add_group(domain, "");
  if (kind == "level")
    for (int level = 0; level <= 6; ++level) add_group(std::to_string(level), "level " + std::to_string(level));
  std::erase_if(found, [](const ResultScope& scope) { return scope.rows.empty(); });
  return found;
}

}  // namespace

std::vector<std::string_view> scope_kinds(const Measure& measure) {
  switch (measure.over) {
    case Over::settings:
    case Over::instant:
      return {"model", "setting", "department", "domain", "level"};
    case Over::cost:
      return {"model", "payer", "item", "department", "domain", "setting"};
    case Over::model:
      return {"model"};
    case Over::reason:
      return {"reason"};
    case Over::event:
      return {"event"};
    case Over::outcome:
      return {"outcome"};
    case Over::milestone:
      return {"milestone"};
    case Over::role:
      return {"role"};
    case Over::staffing:
      return {"staffing"};
    case Over::policy:
      return {"policy"};
    case Over::budget:
      return {"budget"};
  }
  return {};
}

std::vector<ResultScope> scopes_of(const Catalogue& words, std::string_view kind) {
  return made(words, kind, std::nullopt);
}
std::optional<ResultScope> find_scope(const Catalogue& words, std::string_view kind, std::string_view subject) {
  std::vector<ResultScope> found = made(words, kind, subject);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<ResultScope> scopes_of(const Catalogue& words, const Measure& measure, std::string_view kind,
                                   const CostFilter& only) {
  return measure.over == Over::cost ? cost_scopes_of(words, kind, only) : scopes_of(words, kind);
}
std::optional<ResultScope> find_scope(const Catalogue& words, const Measure& measure, std::string_view kind,
                                      std::string_view subject, const CostFilter& only) {
  // a setting without costs costs nothing: that is an answer too
  return measure.over == Over::cost ? find_cost_scope(words, kind, subject, only) : find_scope(words, kind, subject);
}

}  // namespace tl
