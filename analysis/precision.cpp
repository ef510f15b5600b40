#include "analysis/precision.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/finding.hpp"
#include "analysis/measures.hpp"
#include "analysis/numbers.hpp"
#include "analysis/tables.hpp"
#include "models/suggest.hpp"
#include "scenarios/scenario_messages.hpp"

namespace tl {
namespace {

constexpr double kMostNeeded = 1e9;
constexpr std::size_t kMostTold = 8;

std::vector<MetricWords> leading_metrics(const Catalogue& words) {
  if (!words.metrics.empty()) return words.metrics;
  StudyResults none;
  return {lead_metric(none)};
}

std::string unit_of(const MetricWords& metric) {
  const Measure* measure = find_measure(metric.measure);
  return measure == nullptr ? "" : std::string{measure->unit};
}

/// A measure that has a value of the whole model.
bool is_of_model(const Measure& measure) {
  return measure.over == Over::settings || measure.over == Over::model || measure.over == Over::cost;
}

/// The metric of that name, or the measure of the whole model.
std::optional<MetricWords> find_metric(const Catalogue& words, const std::string& name) {
  for (const MetricWords& metric : words.metrics)
    if (metric.id == name) return metric;
  const Measure* measure = find_measure(name);
  if (measure == nullptr || !is_of_model(*measure)) return std::nullopt;
  return MetricWords{"", name, "model", "", "", "", std::nan("")};
}

/// What an aim is about: its metric, or all leading ones; of an absolute width those in its unit.
std::vector<MetricWords> metrics_of(const PrecisionAim& aim, const Catalogue& words) {
  std::vector<MetricWords> metrics;
  if (aim.metric.empty())
    metrics = leading_metrics(words);
  else if (const auto found = find_metric(words, aim.metric))
    metrics = {*found};
  if (!aim.within.relative)
    std::erase_if(metrics, [&](const MetricWords& metric) { return unit_of(metric) != aim.within.unit; });
  return metrics;
}

/// Own aims of a metric come before those meant for all.
bool has_own_aim(const PrecisionGoal& goal, const MetricWords& metric) {
  return std::any_of(goal.aims.begin(), goal.aims.end(), [&](const PrecisionAim& aim) {
    return !aim.metric.empty() && (aim.metric == metric.id || (metric.id.empty() && aim.metric == metric.measure));
  });
}

double size_of_mean(const Estimate& estimate) {
  return estimate.count == 0 ? 0.0 : std::abs(estimate.mean);
}

PrecisionLine line_of(const PrecisionGoal& goal, const PrecisionAim& aim, const MetricWords& metric,
                      const ScenarioResults& scenario, const ScenarioResults* base) {
  const ResultRow row = make_row(scenario, base, metric, goal.confidence);
  PrecisionLine line{.scenario = scenario.id,
                     .scenario_name = row.scenario_name,
                     .metric = metric.id.empty() ? metric.measure : metric.id,
                     .words = row_words(row),
                     .unit = row.unit,
                     .value = row.value,
                     .wanted = aim.within.amount,
                     .asked = aim.within.text,
                     .reached = false,
                     .needed = std::nullopt};
  if (aim.within.relative) line.wanted = aim.within.amount * size_of_mean(base != nullptr ? row.base : row.value);
  if (!row.value.has_interval()) return line;
  const double half = row.value.half_width();
  line.reached = half <= line.wanted;
  if (line.reached || !(line.wanted > 0.0)) return line;
  const double ratio = half / line.wanted, needed = std::ceil(static_cast<double>(row.value.count) * ratio * ratio);
  if (needed < kMostNeeded) line.needed = static_cast<std::uint64_t>(needed);
  return line;
}

std::string with_unit(double value, double half, const std::string& unit) {
  const std::string number = shown(value, shown_decimals(value, half));
  return unit == "%" ? number + '%' : number + ' ' + unit;
}

std::string half_words(const PrecisionLine& line) {
  if (!line.value.has_interval()) return "no interval (" + line.value.why + ')';
  return "±" + with_unit(line.value.half_width(), line.value.half_width(), line.unit);
}

/// "the average number waiting with "Two more beds": 4.1 clients, ±0.3 clients, asked 2% (±0.08 clients)"
std::string line_words(const PrecisionLine& line) {
  std::string text = line.words + " with \"" + line.scenario_name + "\": ";
  if (line.value.count > 0) text += with_unit(line.value.mean, line.value.half_width(), line.unit) + ' ';
  text += half_words(line) + ", asked ±" + line.asked;
  if (line.wanted > 0.0 && line.asked.ends_with('%'))
    text += " (±" + with_unit(line.wanted, line.wanted, line.unit) + ')';
  if (line.reached) return text;
  if (line.needed) return text + "; about " + shown(static_cast<double>(*line.needed), 0) + " replications would do";
  if (line.value.has_interval())
    return text + "; it is too near 0 for a share of it, so ask for an absolute half-width such as \"" +
           (line.unit == "days" ? "1 d" : "1 " + (line.unit.starts_with('%') ? std::string{"point"} : line.unit)) + '"';
  return text;
}

std::string confidence_words(const PrecisionGoal& goal) {
  return shown(goal.confidence * 100.0, goal.confidence * 1000.0 == std::floor(goal.confidence * 1000.0) &&
                                                std::floor(goal.confidence * 100.0) != goal.confidence * 100.0
                                            ? 1
                                            : 0) +
         "% interval";
}

}  // namespace

void check_precision(const PrecisionGoal& goal, const Catalogue& words, Problems& problems) {
  constexpr Code kMetric = Code::in(kScenarioMessages, "precision-metric");
  constexpr Code kUnit = Code::in(kScenarioMessages, "precision-unit");
  for (const PrecisionAim& aim : goal.aims) {
    const auto named = aim.metric.empty() ? std::nullopt : find_metric(words, aim.metric);
    if (!aim.metric.empty() && !named) {
      std::vector<std::string> known;
      for (const MetricWords& metric : words.metrics) known.push_back(metric.id);
      for (const Measure& measure : measures())
        if (is_of_model(measure)) known.emplace_back(measure.name);
      const std::string hint = did_you_mean(aim.metric, known);
      problems.error(aim.at, kMetric, "study.precision", "unknown metric " + in_quotes(aim.metric),
                     "it is a metric of the model, or a measure of the model as a whole",
                     hint.empty() ? "throughline list MODEL --table metrics shows them" : hint);
      continue;
    }
    if (!metrics_of(aim, words).empty()) continue;
    const std::string unit = named ? unit_of(*named) : "";
    problems.error(aim.at, kUnit, "study.precision",
                   in_quotes(aim.within.text) +
                       (named ? " is not in the unit of " + aim.metric : " is in the unit of no metric of the model"),
                   named ? "it is measured in " + (unit == "%" ? std::string{"percent"} : unit)
                         : "an absolute half-width has the unit of its metric",
                   "Write a share of the mean, as \"2%\"" +
                       (named ? ", or a number of " + (unit == "%" ? std::string{"points"} : unit)
                              : std::string{", or name the metrics"}));
  }
}

std::vector<PrecisionLine> judge_precision(const PrecisionGoal& goal,
                                           const std::function<ScenarioResults(std::size_t)>& scenario,
                                           std::size_t count) {
  std::vector<ScenarioResults> scenarios;
  std::vector<const Replications*> replications;
  for (std::size_t i = 0; i < count; ++i) scenarios.push_back(scenario(i));
  for (const ScenarioResults& one : scenarios) replications.push_back(&one.replications);
  const bool compares = goal.differences && count > 1;
  return made_together(replications, [&] {
    std::vector<PrecisionLine> lines;
    for (std::size_t i = compares ? 1 : 0; i < count; ++i)
      for (const PrecisionAim& aim : goal.aims)
        for (const MetricWords& metric : metrics_of(aim, scenarios[i].words))
          if (!aim.metric.empty() || !has_own_aim(goal, metric))
            lines.push_back(line_of(goal, aim, metric, scenarios[i], compares ? &scenarios.front() : nullptr));
    return lines;
  });
}

bool all_reached(const std::vector<PrecisionLine>& lines) {
  return std::all_of(lines.begin(), lines.end(), [](const PrecisionLine& line) { return line.reached; });
}

std::vector<std::string> precision_words(const PrecisionGoal& goal, const std::vector<PrecisionLine>& lines,
                                         std::uint32_t replications) {
  std::vector<std::string> words;
  std::vector<PrecisionLine> short_of, widest;
  for (const PrecisionLine& line : lines) (line.reached ? widest : short_of).push_back(line);
  const std::string of = goal.differences ? "differences from the first scenario" : "values";
  if (short_of.empty()) {
    words.push_back("Precision reached after " + std::to_string(replications) + " replications: half of every " +
                    confidence_words(goal) + " (" + of + ") is within what was asked");
    // The one that came nearest to its limit speaks for all.
    const auto tightest = std::max_element(widest.begin(), widest.end(), [](const auto& a, const auto& b) {
      const auto use = [](const PrecisionLine& line) {
        return line.wanted > 0.0 ? line.value.half_width() / line.wanted : 0.0;
      };
      return use(a) < use(b);
    });
    if (tightest != widest.end()) words.back() += ". The widest: " + line_words(*tightest);
    return words;
  }
  words.push_back("Precision not reached after " + std::to_string(replications) +
                  " replications: " + std::to_string(short_of.size()) + " of " + std::to_string(lines.size()) +
                  " half-widths (" + confidence_words(goal) + ", " + of + ") are wider than asked");
  for (std::size_t i = 0; i < std::min(short_of.size(), kMostTold); ++i) words.push_back(line_words(short_of[i]));
  if (short_of.size() > kMostTold) words.push_back("and " + std::to_string(short_of.size() - kMostTold) + " more");
  return words;
}

Rounds run_rounds(const PrecisionGoal& goal, const RunRound& run_round, const JudgeRound& judge) {
  Rounds done;
  for (auto wanted = next_round(goal, 0); wanted; wanted = next_round(goal, *wanted)) {
    done.replications = *wanted;
    done.broken_off = !run_round(++done.rounds, *wanted);
    if (done.broken_off) {
      done.lines.clear();  // what an earlier round said is not about these
      return done;
    }
    done.lines = judge();
    done.reached = all_reached(done.lines);
    if (done.reached) break;
  }
  return done;
}

}  // namespace tl
