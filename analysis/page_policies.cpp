#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "analysis/html.hpp"
#include "analysis/intervals.hpp"
#include "analysis/measures.hpp"
#include "analysis/numbers.hpp"
#include "analysis/page_parts.hpp"

// Policies over time: what each looks at, with its thresholds, and in how many of the replications it is open.
namespace tl::page {
namespace {

constexpr double kLeft = 64.0, kWidth = 600.0, kTop = 16.0, kHigh = 130.0, kGap = 18.0, kLow = 44.0;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// One reporting period.
struct Point {
  double mean = kNone, low = kNone, high = kNone;  ///< of what it looks at, over replications
  double open = 0.0;                               ///< share of the replications' time [%]
};

std::vector<double> there(const std::vector<std::optional<double>>& values) {
  std::vector<double> found;
  for (const std::optional<double>& value : values)
    if (value) found.push_back(*value);
  return found;
}
std::vector<Point> course_of(const ScenarioResults& scenario, const ResultScope& scope, const Measure& measured) {
  std::vector<Point> course;
  for (std::size_t period = 0; period < scenario.words.period_days.size(); ++period) {
    Point point;
    const std::vector<double> values = there(values_of(scenario, measured, scope, {period, 1}));
    if (!values.empty()) {
      const std::vector<double> band = quantiles_of(values, std::vector<double>{kBandShares[0], kBandShares[4]});
      point = {mean_of(values), band[0], band[1], 0.0};
    }
    point.open = mean_of(there(values_of(scenario, *find_measure("policy_open"), scope, {period, 1})));
    course.push_back(point);
  }
  return course;
}

std::string text_at(double x, double y, const char* anchor, const std::string& text) {
  return "<text x=\"" + coordinate(x) + "\" y=\"" + coordinate(y) + "\" font-size=\"11\" fill=\"#555\" text-anchor=\"" +
         anchor + "\">" + escaped(text) + "</text>";
}

class Drawing {
 public:
  Drawing(const Catalogue& words, const PolicyWords& policy, const std::vector<Point>& course, double factor)
      : words_{words}, policy_{policy}, course_{course}, factor_{factor} {
    for (const Point& point : course)
      if (!std::isnan(point.high)) top_ = std::max(top_, point.high);
    for (const double threshold : {policy.opens, policy.closes})
      if (!std::isnan(threshold)) top_ = std::max(top_, threshold * factor);
    top_ *= 1.08;
  }

  std::string svg() const {
    const double high = policy_.measure.empty() ? 0.0 : kHigh + kGap;
    std::string text = "<svg class=\"fans\" role=\"img\" viewBox=\"0 0 720 " + coordinate(kTop + high + kLow + 24.0) +
                       "\" xmlns=\"http://www.w3.org/2000/svg\" font-family=\"inherit\">\n<title>" +
                       escaped(policy_.name + " over time") + "</title>\n";
    if (!policy_.measure.empty()) text += measured();
    return text + openness(kTop + high) + "</svg>\n";
  }

 private:
  double across(double period) const {
    return kLeft + kWidth * period / static_cast<double>(std::max<std::size_t>(course_.size(), 1));
  }
  double up(double value) const { return kTop + kHigh * (1.0 - value / top_); }

  std::string measured() const {
    std::string text;
    for (const double share : {0.0, 0.5, 1.0}) {
      text += "<path d=\"M" + coordinate(kLeft) + ' ' + coordinate(up(top_ * share)) + " h" + coordinate(kWidth) +
              "\" stroke=\"" + (share == 0.0 ? "#888" : "#ddd") + "\"/>";
      text += text_at(kLeft - 6.0, up(top_ * share) + 3.5, "end", shown_short(top_ * share));
    }
    std::string line, above, below;
    for (std::size_t i = 0; i < course_.size(); ++i) {
      const Point& point = course_[i];
      if (std::isnan(point.mean)) continue;
      const std::string x = coordinate(across(static_cast<double>(i) + 0.5));
      line += (line.empty() ? "" : " ") + x + ',' + coordinate(up(point.mean));
      above += (above.empty() ? "" : " ") + x + ',' + coordinate(up(point.high));
      below = x + ',' + coordinate(up(point.low)) + (below.empty() ? "" : " ") + below;
    }
    text += "<polygon fill=\"#0072B2\" fill-opacity=\"0.18\" points=\"" + above + ' ' + below + "\"/>";
    text += "<polyline fill=\"none\" stroke=\"#00558a\" stroke-width=\"1.8\" points=\"" + line + "\"/>";
    return text + threshold(policy_.opens, "#D55E00", "opens") + threshold(policy_.closes, "#009E73", "closes") + '\n';
  }

  std::string threshold(double value, const char* colour, const char* words) const {
    if (std::isnan(value)) return "";
    const double y = up(value * factor_);
    return "<path d=\"M" + coordinate(kLeft) + ' ' + coordinate(y) + " h" + coordinate(kWidth) + "\" stroke=\"" +
           colour + "\" stroke-width=\"1.4\" stroke-dasharray=\"6 4\"/>" +
           text_at(kLeft + kWidth + 6.0, y + 3.5, "start", words);
  }

  std::string openness(double y) const {
    std::string text = "<path d=\"M" + coordinate(kLeft) + ' ' + coordinate(y + kLow) + " h" + coordinate(kWidth) +
                       "\" stroke=\"#888\"/>" + text_at(kLeft - 6.0, y + 8.0, "end", "100%") +
                       text_at(kLeft - 6.0, y + kLow + 3.5, "end", "0%") +
                       text_at(kLeft + kWidth + 6.0, y + kLow / 2.0, "start", "open");
    for (std::size_t i = 0; i < course_.size(); ++i) {
      const double height = std::isnan(course_[i].open) ? 0.0 : kLow * course_[i].open / 100.0;
      text += "<rect x=\"" + coordinate(across(static_cast<double>(i))) + "\" y=\"" + coordinate(y + kLow - height) +
              "\" width=\"" + coordinate(across(1.0) - across(0.0)) + "\" height=\"" + coordinate(height) +
              "\" fill=\"#E69F00\"/>";
    }
    if (!words_.period_names.empty()) {
      text += text_at(kLeft, y + kLow + 16.0, "start", words_.period_names.front());
      text += text_at(kLeft + kWidth, y + kLow + 16.0, "end", words_.period_names.back());
    }
    return text + '\n';
  }

  const Catalogue& words_;
  const PolicyWords& policy_;
  const std::vector<Point>& course_;
  double factor_;  ///< of thresholds: shares are drawn in per cent
  double top_ = 1e-9;
};

std::string figure(const ScenarioResults& scenario, std::size_t row) {
  const PolicyWords& policy = scenario.words.policies[row];
  const bool occupancy = policy.unit == "share";
  const ResultScope scope{"policy", policy.id, policy.name, {static_cast<std::uint32_t>(row)}};
  const Measure& measured = *find_measure(occupancy ? "policy_occupancy" : "policy_measured");
  const std::vector<Point> course = course_of(scenario, scope, measured);
  const std::string name = scenario.name.empty() ? scenario.id : scenario.name;
  std::string words = policy.measure.empty() ? "" : policy.measure + (occupancy ? ", %" : ", " + policy.unit) + ". ";
  return "<figure>" + Drawing{scenario.words, policy, course, occupancy ? 100.0 : 1.0}.svg() + "<figcaption>" +
         escaped(name + ": " + words) +
         (policy.measure.empty() ? ""
                                 : "Line: mean over replications of what it saw at its reviews; band: nine in ten "
                                   "replications; dashed: the thresholds. ") +
         "Bars: share of the time and of the replications in which it is open.</figcaption></figure>\n";
}

}  // namespace

std::string policies_part(const StudyResults& study) {
  std::string html;
  for (const ScenarioResults& scenario : study.scenarios)
    for (std::size_t row = 0; row < scenario.words.policies.size(); ++row) {
      const PolicyWords& policy = scenario.words.policies[row];
      html += "<h3>" + escaped(policy.name) + "</h3>\n<p>" + escaped(policy.about.empty() ? "" : policy.about + ' ') +
              escaped("It " + policy.rule + ". While it is open: " + policy.changes + '.') + "</p>\n" +
              figure(scenario, row);
    }
  return html.empty() ? "" : "<section><h2>Policies over time</h2>\n" + html + "</section>\n";
}

}  // namespace tl::page
