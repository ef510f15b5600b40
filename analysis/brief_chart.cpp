#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "analysis/brief_parts.hpp"
#include "analysis/numbers.hpp"
#include "analysis/why.hpp"

namespace tl::brief {
namespace {

using print::Align;
using print::kMargin;
using print::kTextWidth;
using print::Paper;
using print::Point;
using print::Style;

/// What is drawn of one scenario, period by period.
struct Panel {
  std::string name;
  std::vector<std::vector<double>> bands;  ///< at kBandShares; empty where no run has a value
  std::vector<double> limit;               ///< units; NaN = unlimited
};

std::vector<double> present(const Values& values) {
  std::vector<double> there;
  for (const auto& value : values)
    if (value) there.push_back(*value);
  return there;
}

/// Those there and those waiting, run by run.
Values need_of(const ScenarioResults& scenario, const ResultScope& scope, PeriodRange period) {
  Values sum = values_of(scenario, *find_measure("census_mean"), scope, period);
  const Values waiting = values_of(scenario, *find_measure("queue_mean"), scope, period);
  for (std::size_t i = 0; i < std::min(sum.size(), waiting.size()); ++i)
    if (sum[i] && waiting[i]) *sum[i] += *waiting[i];
  return sum;
}

Panel panel_of(const ScenarioResults& scenario, const std::string& name, const std::string& setting) {
  Panel panel{name, {}, {}};
  const std::optional<ResultScope> scope = find_scope(scenario.words, "setting", setting);
  if (!scope) return panel;
  for (std::size_t p = 0; p < scenario.words.period_days.size(); ++p) {
    panel.bands.push_back(quantiles_of(present(need_of(scenario, *scope, {p, 1})), kBandShares));
    const std::vector<double> limit = present(values_of(scenario, *find_measure("capacity_mean"), *scope, {p, 1}));
    panel.limit.push_back(limit.empty() ? std::nan("") : mean_of(limit));
  }
  return panel;
}

bool has_limit(const ScenarioResults& scenario, const std::string& setting) {
  const std::optional<ResultScope> scope = find_scope(scenario.words, "setting", setting);
  if (!scope) return false;
  return !present(values_of(scenario, *find_measure("capacity_mean"), *scope, all_periods(scenario))).empty();
}

/// The setting the study leads with, or the one with the longest queue; one that has a limit before one that has none.
std::optional<std::string> chart_setting(const Facts& facts) {
  constexpr std::size_t kMost = 5;
  std::vector<std::string> settings;
  for (const MetricWords& metric : facts.metrics)
    if (metric.scope == "setting") settings.push_back(metric.subject);
  for (const std::string& id : longest_queues(facts.study, kMost)) settings.push_back(id);
  const ScenarioResults& base = facts.study.scenarios.front();
  for (const std::string& id : settings)
    if (has_limit(base, id)) return id;
  return settings.empty() ? std::nullopt : std::optional{settings.front()};
}

/// A round number at or above the value, so that its half is round too.
double rounded_up(double value) {
  if (!(value > 0.0)) return 1.0;
  double power = std::pow(10.0, std::floor(std::log10(value)));
  for (const double factor : {1.0, 1.2, 1.6, 2.0, 2.4, 3.0, 4.0, 5.0, 6.0, 8.0})
    if (factor * power >= value) return factor * power;
  return 10.0 * power;
}

double top_of(const std::vector<Panel>& panels) {
  double top = 0.0;
  for (const Panel& panel : panels) {
    for (const auto& bands : panel.bands)
      if (!bands.empty()) top = std::max(top, bands.back());
    for (const double limit : panel.limit)
      if (!std::isnan(limit)) top = std::max(top, limit);
  }
  return rounded_up(1.08 * top);
}

/// Where a panel's axes lie.
struct Frame {
  double left, top, width, height, most;
  std::size_t count;
  double across(std::size_t i) const {
    return left + (count < 2 ? 0.5 : static_cast<double>(i) / static_cast<double>(count - 1)) * width;
  }
  double up(double value) const { return top + height * (1.0 - std::clamp(value / most, 0.0, 1.0)); }
};

void draw_axes(Paper& paper, const Frame& frame, const std::vector<std::string>& times) {
  for (const double share : {0.0, 0.5, 1.0}) {
    const double y = frame.up(frame.most * share);
    paper.line({{frame.left, y}, {frame.left + frame.width, y}}, share == 0.0 ? print::kSoft : print::kLine, 0.6);
    const double tick = frame.most * share;
    paper.text({.x = frame.left - 42.0, .y = y - 5.0, .width = 36.0, .most_lines = 1, .align = Align::right},
               shown(tick, tick == std::floor(tick) ? 0 : 1), Style::axis, "Span");
  }
  const double below = frame.top + frame.height + 4.0;
  paper.text({.x = frame.left - 4.0, .y = below, .width = 70.0, .most_lines = 1}, times.front(), Style::axis, "Span");
  paper.text({.x = frame.left + frame.width - 66.0, .y = below, .width = 70.0, .most_lines = 1, .align = Align::right},
             times.back(), Style::axis, "Span");
}

/// Stretches of periods that have values, as [first, last).
std::vector<std::pair<std::size_t, std::size_t>> stretches(const Panel& panel) {
  std::vector<std::pair<std::size_t, std::size_t>> found;
  for (std::size_t i = 0; i < panel.bands.size(); ++i) {
    if (panel.bands[i].empty()) continue;
    if (found.empty() || found.back().second != i) found.emplace_back(i, i);
    found.back().second = i + 1;
  }
  return found;
}

void draw_bands(Paper& paper, const Frame& frame, const Panel& panel) {
  for (const auto& [first, last] : stretches(panel)) {
    constexpr std::array<std::pair<std::size_t, std::size_t>, 2> kBands{std::pair{0, 4}, std::pair{1, 3}};
    for (const auto& [low, high] : kBands) {
      std::vector<Point> edge;
      for (std::size_t i = first; i < last; ++i) edge.push_back({frame.across(i), frame.up(panel.bands[i][low])});
      for (std::size_t i = last; i > first; --i)
        edge.push_back({frame.across(i - 1), frame.up(panel.bands[i - 1][high])});
      paper.area(edge, print::kSky, low == 0 ? 0.17 : 0.30);
    }
    std::vector<Point> middle;
    for (std::size_t i = first; i < last; ++i) middle.push_back({frame.across(i), frame.up(panel.bands[i][2])});
    paper.line(middle, print::kDeep, 1.4);
  }
}

/// A step where it changes. @returns whether there is one
bool draw_limit(Paper& paper, const Frame& frame, const Panel& panel) {
  std::vector<Point> steps;
  for (std::size_t i = 0; i < panel.limit.size(); ++i) {
    if (std::isnan(panel.limit[i])) continue;
    const double y = frame.up(panel.limit[i]);
    if (!steps.empty() && steps.back().y != y) steps.push_back({frame.across(i), steps.back().y});
    steps.push_back({frame.across(i), y});
  }
  paper.line(steps, print::kLimit, 1.2, true);
  return steps.size() > 1;
}

/// "limit at the end: 46 units"
void limit_label(Flow& flow, const Frame& frame, const ScenarioResults& scenario, const Panel& panel,
                 const std::string& setting, bool is_usable) {
  const std::size_t last = scenario.words.period_days.size() - 1;
  if (panel.limit.empty() || std::isnan(panel.limit[last])) return;
  const double limit = panel.limit[last];
  const std::string number = shown(limit, limit == std::floor(limit) ? 0 : 1);
  NumberSource from;
  from.scenario = scenario.id;
  from.measure = "capacity_mean";
  from.scope = "setting";
  from.subject = setting;
  from.period = last;
  note(flow, {{"", number, limit, from}});
  const double y = std::max(frame.up(panel.limit[last]) - 11.0, frame.top - 2.0);
  flow.paper.text(
      {.x = frame.left + frame.width - 120.0, .y = y, .width = 120.0, .most_lines = 1, .align = Align::right},
      (is_usable ? "usable: " : "funded: ") + number + " units", Style::axis, "Span", print::kLimit);
}

}  // namespace

NeedChart need_chart(Flow& flow, const Facts& facts, double height) {
  const auto setting = made_together(replications_of(facts.study), [&] { return chart_setting(facts); });
  const Catalogue& words = facts.words();
  if (!setting || words.period_names.size() < 2) return {};
  std::vector<std::size_t> scenarios{0};
  if (facts.compares()) scenarios.push_back(facts.chosen);
  std::vector<Panel> panels;
  for (const std::size_t s : scenarios) panels.push_back(panel_of(facts.study.scenarios[s], facts.names[s], *setting));
  const ResultScope scope = *find_scope(words, "setting", *setting);
  NeedChart chart;
  chart.title = "People in " + scope.name + ", and those waiting for it";
  chart.has_two = panels.size() > 1;
  chart.is_usable = !words.staff.empty() || !words.policies.empty();
  const double top = top_of(panels);
  flow.paper.begin("Figure");
  flow.y += flow.paper.text({.x = kMargin, .y = flow.y, .most_lines = 1}, chart.title + " (clients)", Style::cell,
                            "Caption") +
            6.0;
  constexpr double kAxis = 40.0, kBetween = 22.0;
  const double count = static_cast<double>(panels.size());
  const double width = (kTextWidth - kBetween * (count - 1.0)) / count - kAxis;
  for (std::size_t i = 0; i < panels.size(); ++i) {
    const double left = kMargin + kAxis + static_cast<double>(i) * (width + kAxis + kBetween);
    const Frame frame{left, flow.y + 18.0, width, height - 36.0, top, words.period_names.size()};
    flow.paper.text({.x = left, .y = flow.y, .width = width, .most_lines = 1}, panels[i].name, Style::label, "Span");
    draw_axes(flow.paper, frame, words.period_names);
    draw_bands(flow.paper, frame, panels[i]);
    chart.has_limit = draw_limit(flow.paper, frame, panels[i]) || chart.has_limit;
    limit_label(flow, frame, facts.study.scenarios[scenarios[i]], panels[i], *setting, chart.is_usable);
  }
  flow.paper.end("Figure");
  flow.y += height + 2.0;
  return chart;
}

}  // namespace tl::brief
