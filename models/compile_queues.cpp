#include <algorithm>
#include <limits>

#include "models/compile_builder.hpp"

// Queues: classes, points, limits, patience.
namespace tl::compiling {
namespace {

constexpr std::uint32_t kMostRanks = 64;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

/// Points that hang on the client are one table; those for time waited stand beside it.
void Builder::score(std::uint32_t row) {
  const SettingSpec& spec = model_.settings[row];
  const Owner owner{"settings." + spec.words.id + ".queue.score", spec.at};
  SettingMore& made = more(row);
  std::vector<const Condition*> conditions;
  for (const QueueSpec::ScoreRule& rule : spec.queue.score) add_conditions(rule.points, conditions);
  const Space space = space_of(conditions, {}, owner);
  for (const QueueSpec::ScoreRule& rule : spec.queue.score) refuse_switched(rule.points);
  made.score = table(space, {start_day()}, owner, [&](const Combination& combination, double) {
    double points = 0.0;
    for (const QueueSpec::ScoreRule& rule : spec.queue.score)
      if (rule.per_days <= 0.0 && rule.after_days <= 0.0)
        points += value_of(rule.points, space, combination, start_day());
    return number(points);
  });
  std::vector<ScoreStep> steps;
  for (const QueueSpec::ScoreRule& rule : spec.queue.score) {
    if (rule.per_days > 0.0) made.score_per_day = rule.points.base / rule.per_days;
    if (rule.after_days > 0.0) steps.push_back({SimTime::from_days(rule.after_days), rule.points.base});
  }
  std::stable_sort(steps.begin(), steps.end(),
                   [](const ScoreStep& a, const ScoreStep& b) { return a.after < b.after; });
  made.first_score_step = static_cast<std::uint32_t>(out_.score_steps.size());
  made.score_step_count = static_cast<std::uint32_t>(steps.size());
  out_.score_steps.insert(out_.score_steps.end(), steps.begin(), steps.end());
}

void Builder::preemption(std::uint32_t row) {
  const QueueSpec& from = model_.settings[row].queue;
  if (from.preempt == Preempt::never || from.priority.empty() || model_.settings[row].is_program) return;
  more(row).preempt = from.preempt;
  more(row).occupants_known = true;
  if (from.preempted_to) more(row).preempted_to = SettingId{*from.preempted_to};
}

void Builder::queue(std::uint32_t row) {
  const SettingSpec& spec = model_.settings[row];
  const QueueSpec& from = spec.queue;
  const std::string path = "settings." + spec.words.id + ".queue";
  const Owner owner{path + ".priority", spec.at};
  if (!from.priority.empty()) {
    const auto ranks = static_cast<std::uint32_t>(from.priority.size() + 1);
    if (ranks > kMostRanks)
      problem(owner, code("priority-many"), "has " + std::to_string(ranks) + " classes",
              "at most " + std::to_string(kMostRanks) + " are allowed");
    std::vector<const Condition*> conditions;
    for (const Condition& rule : from.priority) conditions.push_back(&rule);
    const Space space = space_of(conditions, {}, owner);
    out_.settings[row].rank = table(space, {start_day()}, owner, [&](const Combination& combination, double) {
      std::uint32_t rank = 0;
      while (rank < from.priority.size() && !holds(from.priority[rank], space, combination)) ++rank;
      return rank;
    });
    out_.settings[row].rank_count = ranks;
  }
  if (!from.score.empty()) score(row);
  if (from.least_wait_days > 0.0) more(row).least_wait = SimTime::from_days(from.least_wait_days);
  preemption(row);
  if (from.patience && from.patience_pauses_in_interim) more(row).patience_pauses_in_interim = true;
  if (from.patience && from.patience_pauses_away) more(row).patience_pauses_away = true;
  if (from.limit) out_.settings[row].limit = number_table(*from.limit, {}, 0.0, kInfinity);
  if (from.limit_in_place) out_.settings[row].limit_in_place = number_table(*from.limit_in_place, {}, 0.0, kInfinity);
  if (from.patience) out_.settings[row].patience = distribution_table(*from.patience, {});
  const bool program = spec.is_program;
  if (from.on_refuse) {
    out_.settings[row].on_refuse = route(*from.on_refuse, path + ".on_refuse", {}, false);
  } else if (!program && (from.limit || from.limit_in_place)) {
    out_.settings[row].on_refuse = leave_route(reason("refused").index());
  }
  if (from.on_renege) {
    out_.settings[row].on_renege = route(*from.on_renege, path + ".on_renege", {}, false);
  } else if (!program && from.patience) {
    out_.settings[row].on_renege = leave_route(reason("gave_up").index());
  }
  out_.settings[row].wait_standard = SimTime::from_days(from.standard_days);
  out_.settings[row].standard_business_days = from.standard_business_days;
}

}  // namespace tl::compiling
