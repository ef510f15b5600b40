#include "analysis/charts.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "analysis/html.hpp"
#include "analysis/numbers.hpp"

namespace tl {
namespace {

constexpr double kPlotWidth = 250.0, kPlotHeight = 120.0, kLeft = 56.0, kTop = 30.0, kPitchX = 330.0, kPitchY = 186.0;
constexpr std::size_t kAcross = 3;

/// A round number at or above the value: 1, 2, 2.5, 5 or 10 times a power of ten.
double rounded_up(double value) {
  if (!(value > 0.0)) return 1.0;
  double power = 1.0;
  while (power * 10.0 <= value) power *= 10.0;
  while (power > value) power /= 10.0;
  for (const double factor : {1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0})
    if (factor * power >= value) return factor * power;
  return 10.0 * power;
}

double top_of(const std::vector<Fan>& fans, double target) {
  double top = std::isnan(target) ? 0.0 : target;
  for (const Fan& fan : fans)
    for (const FanPoint& point : fan.points)
      if (!point.bands.empty()) top = std::max(top, point.bands.back());
  return rounded_up(top);
}

class Plot {
 public:
  Plot(double x, double y, double top, std::size_t count) : x_{x + kLeft}, y_{y + kTop}, top_{top}, count_{count} {}
  double across(std::size_t i) const {
    return x_ + (count_ < 2 ? 0.5 : static_cast<double>(i) / static_cast<double>(count_ - 1)) * kPlotWidth;
  }
  double up(double value) const { return y_ + kPlotHeight * (1.0 - std::clamp(value / top_, 0.0, 1.0)); }
  double left() const { return x_; }

 private:
  double x_, y_, top_;
  std::size_t count_;
};

/// Bands and lines break where a period has no value.
std::vector<std::pair<std::size_t, std::size_t>> stretches(const Fan& fan) {
  std::vector<std::pair<std::size_t, std::size_t>> found;
  for (std::size_t i = 0; i < fan.points.size(); ++i) {
    if (fan.points[i].bands.empty()) continue;
    if (found.empty() || found.back().second != i) found.push_back({i, i});
    found.back().second = i + 1;
  }
  return found;
}

std::string line_points(const Fan& fan, const Plot& plot, std::size_t band, std::size_t first, std::size_t last,
                        bool back) {
  std::string text;
  for (std::size_t k = first; k < last; ++k) {
    const std::size_t i = back ? last - 1 - (k - first) : k;
    text +=
        (text.empty() ? "" : " ") + coordinate(plot.across(i)) + ',' + coordinate(plot.up(fan.points[i].bands[band]));
  }
  return text;
}

std::string label(double x, double y, const char* anchor, const std::string& text) {
  return "<text x=\"" + coordinate(x) + "\" y=\"" + coordinate(y) + "\" font-size=\"10\" fill=\"#555\" text-anchor=\"" +
         anchor + "\">" + escaped(text) + "</text>";
}

/// As many decimals as the tick has: "7.5", "1,500".
std::string tick_text(double value) {
  int decimals = 0;
  for (double scaled = value; decimals < 4 && scaled != std::floor(scaled); scaled *= 10.0) ++decimals;
  return shown(value, decimals);
}

std::string axes_svg(const Fan& fan, const Plot& plot, double top) {
  std::string svg;
  for (const double share : {0.0, 0.5, 1.0}) {
    const double y = plot.up(top * share);
    svg += "<path d=\"M" + coordinate(plot.left()) + ' ' + coordinate(y) + " h" + coordinate(kPlotWidth) +
           "\" stroke=\"" + (share == 0.0 ? "#888" : "#ddd") + "\"/>";
    svg += label(plot.left() - 6.0, y + 3.5, "end", tick_text(top * share));
  }
  if (!fan.points.empty()) {
    svg += label(plot.left(), plot.up(0.0) + 15.0, "start", fan.points.front().when);
    if (fan.points.size() > 1)
      svg += label(plot.left() + kPlotWidth, plot.up(0.0) + 15.0, "end", fan.points.back().when);
  }
  return svg;
}

std::string fan_svg(const Fan& fan, const Plot& plot, double top, double target) {
  std::string svg = "<g><text x=\"" + coordinate(plot.left()) + "\" y=\"" + coordinate(plot.up(top) - 12.0) +
                    "\" font-size=\"12\" font-weight=\"600\">" + escaped(fitted(fan.title, 12.0, kPlotWidth)) +
                    "</text>" + axes_svg(fan, plot, top);
  for (const auto& [first, last] : stretches(fan)) {
    for (const auto& [low, high, opacity] : {std::tuple{0, 4, "0.18"}, std::tuple{1, 3, "0.30"}})
      svg += "<polygon fill=\"#0072B2\" fill-opacity=\"" + std::string{opacity} + "\" points=\"" +
             line_points(fan, plot, static_cast<std::size_t>(low), first, last, false) + ' ' +
             line_points(fan, plot, static_cast<std::size_t>(high), first, last, true) + "\"/>";
    svg += "<polyline fill=\"none\" stroke=\"#00558a\" stroke-width=\"1.8\" points=\"" +
           line_points(fan, plot, 2, first, last, false) + "\"/>";
  }
  if (!std::isnan(target))
    svg += "<path d=\"M" + coordinate(plot.left()) + ' ' + coordinate(plot.up(target)) + " h" + coordinate(kPlotWidth) +
           "\" stroke=\"#D55E00\" stroke-width=\"1.4\" stroke-dasharray=\"6 4\"/>";
  return svg + "</g>\n";
}

}  // namespace

std::string fan_charts_svg(const std::vector<Fan>& fans, const std::string& unit, double target) {
  const double top = top_of(fans, target);
  const std::size_t across = std::min(fans.size(), kAcross), down = (fans.size() + kAcross - 1) / kAcross;
  std::string svg =
      "<svg class=\"fans\" role=\"img\" aria-labelledby=\"fan-title\" viewBox=\"0 0 " +
      coordinate(kPitchX * static_cast<double>(std::max<std::size_t>(across, 2))) + ' ' +
      coordinate(kPitchY * static_cast<double>(down)) +
      "\" xmlns=\"http://www.w3.org/2000/svg\" font-family=\"inherit\">\n<title id=\"fan-title\">Course over "
      "time, " +
      escaped(unit) + ", one panel a scenario</title>\n";
  for (std::size_t i = 0; i < fans.size(); ++i) {
    const Plot plot{kPitchX * static_cast<double>(i % kAcross), kPitchY * static_cast<double>(i / kAcross), top,
                    fans[i].points.size()};
    svg += fan_svg(fans[i], plot, top, target);
  }
  return svg + "</svg>\n";
}

std::string settling_svg(const std::string& subject, const std::vector<double>& course, double length_days,
                         double cut_days, bool settles) {
  constexpr double kWidth = 620.0, kHeight = 220.0, kMarginX = 60.0, kMarginY = 36.0;
  double top = 0.0;
  for (const double value : course) top = std::max(top, value);
  top = rounded_up(top);
  const auto across = [&](double share) { return coordinate(kMarginX + share * kWidth); };
  const auto up = [&](double value) { return coordinate(kMarginY + kHeight * (1.0 - value / top)); };
  std::string points;
  const double count = static_cast<double>(course.size());
  for (std::size_t i = 0; i < course.size(); ++i)
    points += (i == 0 ? "" : " ") + across((static_cast<double>(i) + 0.5) / count) + ',' + up(course[i]);
  const std::string words = settles ? "cut at " + shown(cut_days, 0) + " d" : "does not settle";
  std::string svg =
      "<svg role=\"img\" aria-labelledby=\"settling-title\" viewBox=\"0 0 720 310\" "
      "xmlns=\"http://www.w3.org/2000/svg\" font-family=\"sans-serif\">\n<title id=\"settling-title\">" +
      escaped(subject + ", mean of the pilot runs: " + words) + "</title>\n";
  svg += "<text x=\"60\" y=\"20\" font-size=\"13\" font-weight=\"600\">" + escaped(fitted(subject, 13.0, kWidth)) +
         "</text>\n";
  for (const double share : {0.0, 0.5, 1.0}) {
    svg += "<path d=\"M60 " + up(top * share) + " h620\" stroke=\"" + (share == 0.0 ? "#888" : "#ddd") + "\"/>";
    svg += label(kMarginX - 6.0, kMarginY + kHeight * (1.0 - share) + 3.5, "end", tick_text(top * share));
    svg += label(kMarginX + share * kWidth, kMarginY + kHeight + 16.0, "middle", shown(length_days * share, 0) + " d");
  }
  svg += "\n<polyline fill=\"none\" stroke=\"#00558a\" stroke-width=\"1.6\" points=\"" + points + "\"/>\n";
  if (settles) {
    const std::string x = across(cut_days / length_days);
    svg += "<path d=\"M" + x + ' ' + up(top) + " V" + up(0.0) +
           "\" stroke=\"#D55E00\" stroke-width=\"1.6\" stroke-dasharray=\"6 4\"/>";
  }
  return svg + label(kMarginX + kWidth, 20.0, "end", words) + "\n</svg>\n";
}

std::string whisker_svg(const Estimate& difference, double reach) {
  constexpr double kWidth = 150.0, kMiddle = kWidth / 2.0, kRoom = kMiddle - 6.0;
  const auto at = [&](double value) {
    return coordinate(kMiddle + (reach > 0.0 ? std::clamp(value / reach, -1.0, 1.0) * kRoom : 0.0));
  };
  const char* colour = difference.is_clear() ? "#00558a" : "#777777";
  std::string svg =
      "<svg class=\"whisker\" aria-hidden=\"true\" width=\"150\" height=\"18\" viewBox=\"0 0 150 18\"><path "
      "d=\"M75 1 V17\" stroke=\"#999\" stroke-dasharray=\"2 2\"/>";
  if (difference.has_interval())
    svg += "<path d=\"M" + at(*difference.low) + " 9 H" + at(*difference.high) + "\" stroke=\"" + colour +
           "\" stroke-width=\"2.4\" stroke-linecap=\"round\"/>";
  if (difference.count > 0)
    svg += "<circle cx=\"" + at(difference.mean) + "\" cy=\"9\" r=\"4\" fill=\"" + colour + "\"/>";
  return svg + "</svg>";
}

}  // namespace tl
