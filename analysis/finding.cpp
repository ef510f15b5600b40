#include "analysis/finding.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "analysis/numbers.hpp"
#include "analysis/table_text.hpp"

namespace tl {
namespace {

std::string with_unit(const std::string& number, const std::string& unit) {
  return unit == "%" ? number + "%" : number + ' ' + unit;
}
std::string value_unit(const ResultRow& row) {
  return row.unit == "% points" ? "%" : row.unit;
}
std::string interval_words(double confidence) {
  return shown(confidence * 100.0, 0) + "% interval ";
}
std::string runs(std::size_t count) {
  return count == 1 ? std::string{"one replication"} : std::to_string(count) + " replications";
}

std::string verdict(const ResultRow& row) {
  if (row.good != "lower" && row.good != "higher") return "";
  const bool better = (row.value.mean < 0.0) == (row.good == "lower");
  return better ? " This is an improvement." : " This is a worsening.";
}

/// Where the whole interval lies against the target.
std::string target_words(const ResultRow& row, const Estimate& estimate) {
  if (std::isnan(row.target) || !estimate.has_interval() || (row.good != "lower" && row.good != "higher")) return "";
  const std::string target = with_unit(shown(row.target, shown_decimals(row.target, 0.0)), value_unit(row));
  const bool lower = row.good == "lower";
  if (lower ? *estimate.high <= row.target : *estimate.low >= row.target)
    return " The target of " + target + " is met.";
  if (lower ? *estimate.low > row.target : *estimate.high < row.target)
    return " The target of " + target + " is not met.";
  return " Whether the target of " + target + " is met, these replications cannot tell.";
}

/// "8.1 to 16.5" of a difference without its sign: both ends are on one side of 0.
std::string size_interval(const Estimate& difference, int decimals) {
  const double a = std::abs(*difference.low), b = std::abs(*difference.high);
  return shown(std::min(a, b), decimals) + " to " + shown(std::max(a, b), decimals);
}

}  // namespace

std::string row_words(const ResultRow& row) {
  const Measure* measure = find_measure(row.measure);
  const bool own_words = !row.metric.empty() && (measure == nullptr || row.words != measure->words);
  if (own_words || row.scope == "model") return row.words;  // a metric's words name what it is of
  return row.words + ", " + subject_text(row);
}

MetricWords lead_metric(const StudyResults& study) {
  if (!study.scenarios.empty() && !study.scenarios.front().words.metrics.empty())
    return study.scenarios.front().words.metrics.front();
  return {"",
          "queue_mean",
          "model",
          "",
          "lower",
          "average number of clients waiting in the whole system",
          std::numeric_limits<double>::quiet_NaN()};
}

std::string headline_of(const ResultRow& difference) {
  const std::string subject = "\"" + difference.scenario_name + "\"", words = "the " + row_words(difference);
  if (!difference.value.has_interval()) return "What " + subject + " does to " + words + " cannot be told yet";
  if (*difference.value.low == 0.0 && *difference.value.high == 0.0) return subject + " leaves " + words + " as it was";
  if (!difference.value.is_clear()) return subject + " does not clearly change " + words;
  return subject + (difference.value.mean < 0.0 ? " lowers " : " raises ") + words;
}

std::string value_headline(const ResultRow& row) {
  if (row.value.count == 0) return "The " + row_words(row) + " has no value";
  return "The " + row_words(row) + " is " + with_unit(shown_mean(row.value), row.unit);
}

std::size_t leading_finding(const std::vector<Finding>& findings) {
  const auto is_better = [](const ResultRow& row) {
    return (row.good == "lower" && row.value.mean < 0.0) || (row.good == "higher" && row.value.mean > 0.0);
  };
  std::size_t best = 0;
  const auto rank = [&](const Finding& finding) {
    const int kind = !finding.clear ? 0 : is_better(finding.row) ? 2 : 1;
    return std::pair{kind, kind == 0 ? 0.0 : std::abs(finding.row.value.mean)};
  };
  for (std::size_t i = 1; i < findings.size(); ++i)
    if (rank(findings[i]) > rank(findings[best])) best = i;
  return best;
}

std::string reading_words(const ResultRow& row) {
  if (row.value.count == 0) return "no value";
  if (!row.value.has_interval()) return "too few replications";
  if (*row.value.low == 0.0 && *row.value.high == 0.0) return "the same";
  if (!row.value.is_clear()) return "no clear change";
  const std::string direction = row.value.mean < 0.0 ? "lower" : "higher";
  if (row.good != "lower" && row.good != "higher") return direction;
  return direction + (direction == row.good ? ": better" : ": worse");
}

std::vector<std::string> distinct_names(const StudyResults& study) {
  std::vector<std::string> names;
  for (const ScenarioResults& scenario : study.scenarios) {
    std::string name = scenario.name.empty() ? scenario.id : scenario.name;
    if (std::find(names.begin(), names.end(), name) != names.end()) name += " (" + scenario.id + ")";
    names.push_back(std::move(name));
  }
  return names;
}

std::vector<MetricWords> leading_metrics(const StudyResults& study) {
  constexpr std::size_t kEnough = 3;
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  std::vector<MetricWords> metrics;
  if (!study.scenarios.empty()) metrics = study.scenarios.front().words.metrics;
  if (metrics.size() >= kEnough) return metrics;
  if (metrics.empty()) metrics.push_back(lead_metric(study));
  std::vector<MetricWords> usual{
      {"", "queue_mean", "model", "", "lower", "", none},      {"", "present_mean", "model", "", "", "", none},
      {"", "boarding_mean", "model", "", "lower", "", none},   {"", "over_level_days", "model", "", "lower", "", none},
      {"", "lost_in_handoff", "model", "", "lower", "", none}, {"", "refusals", "model", "", "lower", "", none},
      {"", "reneges", "model", "", "lower", "", none}};
  if (!study.scenarios.empty() && !study.scenarios.front().words.costs.empty())
    usual.insert(usual.begin() + 1, {"", "cost_per_year", "model", "", "lower", "", none});
  for (MetricWords& metric : usual) {
    const bool is_there = std::any_of(metrics.begin(), metrics.end(), [&](const MetricWords& one) {
      return one.measure == metric.measure;  // of whatever: two of a kind would look like one too many
    });
    if (!is_there) metrics.push_back(std::move(metric));
  }
  return metrics;
}

std::string difference_sentence(const ResultRow& row, double confidence) {
  const std::string subject = "With \"" + row.scenario_name + "\", the " + row_words(row);
  const Estimate& difference = row.value;
  if (difference.count == 0) return subject + " cannot be compared: " + difference.why + '.';
  const int decimals = shown_decimals(difference.mean, difference.half_width());
  const std::string base = with_unit(shown_mean(row.base), value_unit(row));
  if (!difference.has_interval())
    return subject + " differs by " + with_unit(shown(difference.mean, decimals), row.unit) + " from " + base +
           " in one replication; that is too few to say whether this is more than chance.";
  if (*difference.low == 0.0 && *difference.high == 0.0)
    return subject + " is the same as before, " + base + ", in each of " + runs(difference.count) + '.';
  if (!difference.is_clear())
    return subject + " does not clearly change: the difference is " +
           with_unit(shown(difference.mean, decimals), row.unit) + " (" + interval_words(confidence) +
           shown(*difference.low, decimals) + " to " + shown(*difference.high, decimals) + ") from " + base +
           ", which may be chance (" + runs(difference.count) + ").";
  return subject + (difference.mean < 0.0 ? " falls by " : " rises by ") +
         with_unit(shown(std::abs(difference.mean), decimals), row.unit) + " (" + interval_words(confidence) +
         size_interval(difference, decimals) + ") from " + base + ", over " + runs(difference.count) + '.' +
         verdict(row);
}

std::string value_sentence(const ResultRow& row, double confidence) {
  const std::string subject = "With \"" + row.scenario_name + "\", the " + row_words(row);
  if (row.value.count == 0) return subject + " has no value: " + row.value.why + '.';
  std::string text = subject + " is " + with_unit(shown_mean(row.value), row.unit);
  if (row.value.has_interval())
    text += " (" + interval_words(confidence) + shown_interval(row.value) + "), over " + runs(row.value.count) + '.';
  else
    text += " in one replication; that is too few for an interval.";
  return text + target_words(row, row.value);
}

namespace {

std::vector<Finding> findings_there(const StudyResults& study, const MetricWords& metric, double confidence) {
  std::vector<Finding> findings;
  if (study.scenarios.empty()) return findings;
  const ScenarioResults& base = study.scenarios.front();
  if (study.scenarios.size() == 1) {
    ResultRow row = make_row(base, nullptr, metric, confidence);
    std::string sentence = value_sentence(row, confidence);
    findings.push_back({base.id, std::move(sentence), row.value.has_interval(), std::move(row)});
    return findings;
  }
  for (std::size_t i = 1; i < study.scenarios.size(); ++i) {
    ResultRow row = make_row(study.scenarios[i], &base, metric, confidence);
    std::string sentence = difference_sentence(row, confidence);
    const ResultRow own = make_row(study.scenarios[i], nullptr, metric, confidence);
    sentence += target_words(own, own.value);
    findings.push_back({study.scenarios[i].id, std::move(sentence), row.value.is_clear(), std::move(row)});
  }
  return findings;
}

}  // namespace

std::vector<Finding> findings_of(const StudyResults& study, const MetricWords& metric, double confidence) {
  return made_together(replications_of(study), [&] { return findings_there(study, metric, confidence); });
}

}  // namespace tl
