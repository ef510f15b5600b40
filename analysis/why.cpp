#include "analysis/why.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include "analysis/finding.hpp"
#include "analysis/measures.hpp"
#include "analysis/numbers.hpp"
#include "analysis/table_text.hpp"

namespace tl {
namespace {

/// A part of those waiting: its measure, and why it waits.
struct Cause {
  std::string_view mean, days, words;
};
constexpr std::array kCauses{
    Cause{"queue_no_place", "waiting_no_place_days", "for want of a free place"},
    Cause{"queue_staff", "waiting_staff_days", "for a place that has no staff"},
    Cause{"queue_turnaround", "waiting_turnaround_days", "for a place that is being made ready"},
    Cause{"queue_held", "waiting_held_days", "for a place that is kept for another"},
    Cause{"queue_closed", "waiting_closed_days", "outside the hours of admission"},
    Cause{"queue_policy", "waiting_policy_days", "because of a rule"},
    Cause{"queue_away", "waiting_away_days", "because they cannot come now"},
    Cause{"queue_for_assessment", "waiting_for_assessment_days", "for an assessment"},
    Cause{"queue_in_handoff", "waiting_in_handoff_days", "because they are on the way somewhere else"},
};
/// What explains a queue that grows.
struct Flow {
  std::string_view measure, one;
};
constexpr std::array kFlows{Flow{"requests", "requests"},
                            Flow{"admissions", "admissions"},
                            Flow{"reneges", "gave up"},
                            Flow{"refusals", "refused"},
                            Flow{"departures", "departures"},
                            Flow{"capacity_mean", "places on average"},
                            Flow{"stay_mean", "days a stay on average"}};

/// Rows of one setting, scenario and period.
using Group = std::vector<const ResultRow*>;

const ResultRow* find(const Group& group, std::string_view measure) {
  const auto found =
      std::find_if(group.begin(), group.end(), [&](const ResultRow* row) { return row->measure == measure; });
  return found == group.end() ? nullptr : *found;
}

std::vector<Group> groups_of(const ResultTable& table) {
  std::vector<Group> groups;
  for (const ResultRow& row : table.rows) {
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& group) {
      const ResultRow& first = *group.front();
      return first.subject == row.subject && first.scenario == row.scenario && first.when == row.when;
    });
    if (same == groups.end())
      groups.push_back({&row});
    else
      same->push_back(&row);
  }
  return groups;
}

std::string number(double value) {
  return shown(value, std::abs(value) >= 100.0 ? 0 : std::abs(value) >= 10.0 ? 1 : 2);
}

std::string signed_number(double value) {
  return (value < 0.0 ? "-" : "+") + number(std::abs(value));
}

/// The parts that matter, the greatest first. What is a thousandth of the whole or less goes unsaid.
std::string parts_text(const Group& group, bool compares, double whole) {
  std::vector<std::pair<double, std::string_view>> parts;
  for (const Cause& cause : kCauses)
    if (const ResultRow* row = find(group, cause.mean); row != nullptr && row->value.count > 0)
      parts.emplace_back(row->value.mean, cause.words);
  std::stable_sort(parts.begin(), parts.end(),
                   [](const auto& a, const auto& b) { return std::abs(a.first) > std::abs(b.first); });
  double largest = std::abs(whole);
  for (const auto& part : parts) largest = std::max(largest, std::abs(part.first));
  std::string text;
  for (const auto& [value, words] : parts)
    if (std::abs(value) > 0.001 * largest)
      text += (text.empty() ? "" : "; ") + (compares ? signed_number(value) : number(value)) + ' ' + std::string{words};
  return text;
}

std::string flows_text(const Group& group, bool compares) {
  std::string text;
  for (const Flow& flow : kFlows) {
    const ResultRow* row = find(group, flow.measure);
    if (row == nullptr || row->value.count == 0) continue;
    if (!compares && row->value.mean == 0.0) continue;
    if (compares && row->value.mean == 0.0 && row->base.mean == 0.0) continue;
    const std::string what{flow.one};
    text += (text.empty() ? "" : ", ");
    text += compares ? signed_number(row->value.mean) + ' ' + what + " (from " + number(row->base.mean) + ')'
                     : number(row->value.mean) + ' ' + what;
  }
  return text;
}

std::string paragraph(const Group& group, const ResultTable& table) {
  const ResultRow* all = find(group, "queue_mean");
  if (all == nullptr) return "";
  const bool compares = !table.versus.empty();
  std::string text = subject_text(*all) + (all->when.empty() ? "" : ", " + all->when) + ", with \"" +
                     all->scenario_name + "\"" + (compares ? " against \"" + table.versus_name + "\"" : "") + ": ";
  const Estimate& value = all->value;
  if (compares) {
    const double before = all->base.mean, after = before + value.mean;
    text += number(after) + " people wait on average, " + signed_number(value.mean) + " from " + number(before);
    if (value.has_interval()) text += " (" + shown_interval(value) + (value.is_clear() ? ")" : "; this may be chance)");
  } else {
    text += number(value.mean) + " people wait on average";
    if (value.has_interval()) text += " (" + shown_interval(value) + ")";
  }
  const std::string parts = parts_text(group, compares, value.mean);
  text += parts.empty() ? "." : compares ? ". Of the change: " + parts + "." : ". Of these: " + parts + ".";
  const std::string flows = flows_text(group, compares);
  return text + (flows.empty() ? "" : " Meanwhile: " + flows + ".") + '\n';
}

}  // namespace

std::vector<std::string> why_measures() {
  std::vector<std::string> names{"queue_mean"};
  for (const Cause& cause : kCauses) names.emplace_back(cause.mean);
  names.emplace_back("waiting_days");
  for (const Cause& cause : kCauses) names.emplace_back(cause.days);
  for (const Flow& flow : kFlows) names.emplace_back(flow.measure);
  return names;
}

std::vector<WaitingPart> waiting_parts() {
  std::vector<WaitingPart> parts;
  for (const Cause& cause : kCauses) parts.push_back({cause.mean, cause.words});
  return parts;
}

std::vector<std::string> longest_queues(const StudyResults& study, std::size_t most) {
  std::vector<std::pair<double, std::string>> queues;
  for (const ResultScope& scope : scopes_of(study.scenarios.front().words, "setting")) {
    double longest = 0.0;
    for (const ScenarioResults& scenario : study.scenarios)
      if (const auto there = find_scope(scenario.words, "setting", scope.subject))
        longest = std::max(
            longest,
            make_row(scenario, nullptr, *find_measure("queue_mean"), *there, all_periods(scenario), 0.95).value.mean);
    if (longest > 0.0) queues.emplace_back(longest, scope.subject);
  }
  std::stable_sort(queues.begin(), queues.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(most, queues.size()); ++i) names.push_back(queues[i].second);
  return names;
}

std::string why_text(const ResultTable& table) {
  std::string text;
  for (const Group& group : groups_of(table)) text += paragraph(group, table);
  return text.empty() ? "Nobody waits.\n" : text;
}

}  // namespace tl
