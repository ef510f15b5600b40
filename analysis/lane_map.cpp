#include "analysis/lane_map.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "analysis/html.hpp"
#include "analysis/numbers.hpp"
#include "sim/maths.hpp"

namespace tl {
namespace {

constexpr double kBoxWidth = 142.0, kColumnPitch = 204.0, kGap = 20.0, kTop = 44.0, kMargin = 10.0;
constexpr double kLeastHeight = 50.0, kMostExtra = 46.0, kNameSize = 11.5, kLabelSize = 10.5;
constexpr std::size_t kMostArrows = 80;

std::size_t department_row(const Catalogue& words, const SettingWords& setting) {
  const auto at = std::find(words.departments.begin(), words.departments.end(), setting.department);
  return static_cast<std::size_t>(at - words.departments.begin());
}

std::vector<std::uint32_t> drawn_settings(const Catalogue& words, const std::vector<BoxNumbers>& numbers) {
  std::vector<bool> linked(words.settings.size(), false);
  for (const Link& link : words.links)
    if (link.from < linked.size() && link.to < linked.size()) linked[link.from] = linked[link.to] = true;
  std::vector<std::uint32_t> drawn;
  for (std::uint32_t row = 0; row < words.settings.size(); ++row) {
    const bool line = words.settings[row].kind == "line";
    const bool idle_outside = words.settings[row].id == "outside" && !linked[row] && !(numbers[row].census > 0.0);
    if (!line && !idle_outside) drawn.push_back(row);
  }
  return drawn;
}

double height_of(double census, double most) {
  if (!(census > 0.0) || !(most > 0.0)) return kLeastHeight;
  return kLeastHeight + kMostExtra * square_root(census / most);
}

using Columns = std::vector<std::vector<LaneBox>>;

void place(Columns& columns) {
  for (std::size_t c = 0; c < columns.size(); ++c) {
    double y = kTop;
    for (LaneBox& box : columns[c]) {
      box.x = kMargin + static_cast<double>(c) * kColumnPitch;
      box.y = y;
      y += box.height + kGap;
    }
  }
}

/// A few sweeps: each box is pulled to the mean height of what it is linked with.
void order_by_neighbours(const Catalogue& words, Columns& columns) {
  for (int sweep = 0; sweep < 6; ++sweep) {
    place(columns);
    std::map<std::uint32_t, double> middle;
    for (const auto& column : columns)
      for (const LaneBox& box : column) middle[box.setting] = box.y + box.height / 2.0;
    std::map<std::uint32_t, double> pull, weight;
    for (const Link& link : words.links) {
      if (!middle.contains(link.from) || !middle.contains(link.to) || !(link.per_day > 0.0)) continue;
      const double pulls = square_root(link.per_day);
      pull[link.from] += pulls * middle[link.to];
      pull[link.to] += pulls * middle[link.from];
      weight[link.from] += pulls;
      weight[link.to] += pulls;
    }
    const auto wished = [&](const LaneBox& box) {
      return weight[box.setting] > 0.0 ? pull[box.setting] / weight[box.setting] : middle[box.setting];
    };
    for (auto& column : columns)
      std::stable_sort(column.begin(), column.end(),
                       [&](const LaneBox& a, const LaneBox& b) { return wished(a) < wished(b); });
  }
  place(columns);
}

struct Arrow {
  const LaneBox* from;
  const LaneBox* to;
  const Link* link;
};

std::vector<Arrow> arrows_of(const Catalogue& words, const LaneLayout& layout) {
  std::map<std::uint32_t, const LaneBox*> boxes;
  for (const LaneBox& box : layout.boxes) boxes[box.setting] = &box;
  std::vector<Arrow> arrows;
  for (const Link& link : words.links)
    if (link.per_day > 0.0 && link.from != link.to && boxes.contains(link.from) && boxes.contains(link.to))
      arrows.push_back({boxes[link.from], boxes[link.to], &link});
  std::stable_sort(arrows.begin(), arrows.end(),
                   [](const Arrow& a, const Arrow& b) { return a.link->per_day > b.link->per_day; });
  if (arrows.size() > kMostArrows) arrows.resize(kMostArrows);
  return arrows;
}

std::string point(double x, double y) {
  return coordinate(x) + ' ' + coordinate(y);
}

/// Forwards through the gap between columns; back and within a column in an arc on the boxes' other side.
std::string path_of(const Arrow& arrow) {
  const LaneBox &a = *arrow.from, &b = *arrow.to;
  const double ay = a.y + a.height * 0.5, by = b.y + b.height * 0.5, lift = (kColumnPitch - kBoxWidth) * 0.85;
  if (b.x > a.x) {
    const double x1 = a.x + a.width, x2 = b.x - 5.0;
    return "M" + point(x1, ay) + " C" + point(x1 + lift, ay) + ' ' + point(x2 - lift, by) + ' ' + point(x2, by);
  }
  if (b.x < a.x) {
    const double x1 = a.x, x2 = b.x + b.width + 5.0, down = 14.0;
    return "M" + point(x1, ay + down) + " C" + point(x1 - lift, ay + down) + ' ' + point(x2 + lift, by + down) + ' ' +
           point(x2, by + down);
  }
  const double x = a.x + a.width, out = x + 16.0 + std::min(30.0, std::abs(by - ay) / 8.0);
  return "M" + point(x, ay + 6.0) + " C" + point(out, ay + 6.0) + ' ' + point(out, by - 6.0) + ' ' +
         point(x + 5.0, by - 6.0);
}

std::string arrow_svg(const Catalogue& words, const Arrow& arrow, double most) {
  const SettingWords &from = words.settings[arrow.link->from], &to = words.settings[arrow.link->to];
  const std::string colour = department_colour(department_row(words, from));
  const double width = 0.8 + 6.2 * square_root(arrow.link->per_day / most);
  const double opacity = 0.22 + 0.38 * square_root(arrow.link->per_day / most);
  const double per_year = arrow.link->per_day * 365.25;
  return "<path d=\"" + path_of(arrow) + "\" stroke=\"" + colour + "\" stroke-width=\"" + coordinate(width) +
         "\" stroke-opacity=\"" + shown(opacity, 2) + "\" marker-end=\"url(#tip)\"><title>" + escaped(from.name) +
         " to " + escaped(to.name) + ": " + shown(per_year, shown_decimals(per_year, 0.0)) +
         " a year expected</title></path>\n";
}

/// At most two lines that fit the box; breaks at a space where there is one.
std::vector<std::string> name_lines(const std::string& name, double room) {
  if (text_width(name) * kNameSize <= room) return {name};
  std::size_t best = 0;
  for (std::size_t at = name.find(' '); at != std::string::npos; at = name.find(' ', at + 1))
    if (text_width(std::string_view{name}.substr(0, at)) * kNameSize <= room) best = at;
  if (best == 0) return {fitted(name, kNameSize, room)};
  return {name.substr(0, best), fitted(std::string_view{name}.substr(best + 1), kNameSize, room)};
}

std::string text_svg(double x, double y, double size, const std::string& style, const std::string& text) {
  return "<text x=\"" + coordinate(x) + "\" y=\"" + coordinate(y) + "\" font-size=\"" + coordinate(size) + "\"" +
         style + ">" + escaped(text) + "</text>";
}

/// The number in full, set smaller where it must be: a number that is cut reads as another one. The department beside
/// it only where it fits; the colour tells it too.
std::string label_svg(double x, double y, double room, const std::string& number, const std::string& department) {
  const std::string both = number + (department.empty() || number.empty() ? "" : " \xC2\xB7 ") + department;
  std::string kept = text_width(both) * kLabelSize <= room ? both : number;
  if (number.empty()) kept = fitted(department, kLabelSize, room);
  const double size = std::min(kLabelSize, std::floor(room / text_width(kept + ' ') * 10.0) / 10.0);
  return text_svg(x, y, size, " fill=\"#444\"", kept);
}

std::string box_svg(const Catalogue& words, const LaneBox& box, const BoxNumbers& numbers) {
  const SettingWords& setting = words.settings[box.setting];
  const std::string colour = department_colour(department_row(words, setting));
  const double room = box.width - 18.0, x = box.x + 11.0;
  const bool program = setting.kind == "program";
  const std::string name = setting.name.empty() ? setting.id : setting.name;
  std::string svg = "<g><title>" + escaped(name) + " (" + escaped(setting.department) + "): " + escaped(numbers.label) +
                    "</title><rect x=\"" + coordinate(box.x) + "\" y=\"" + coordinate(box.y) + "\" width=\"" +
                    coordinate(box.width) + "\" height=\"" + coordinate(box.height) + "\" rx=\"" +
                    (program ? "12" : "3") + "\" fill=\"#fff\" stroke=\"" + colour + "\" stroke-width=\"1.4\"" +
                    (program ? " stroke-dasharray=\"5 3\"" : "") + "/><rect x=\"" + coordinate(box.x) + "\" y=\"" +
                    coordinate(box.y + (program ? 12.0 : 0.0)) + "\" width=\"5\" height=\"" +
                    coordinate(box.height - (program ? 24.0 : 0.0)) + "\" fill=\"" + colour + "\"/>";
  const std::vector<std::string> lines = name_lines(name, room);
  double y = box.y + (box.height - 14.0 * static_cast<double>(lines.size() + 1)) / 2.0 + 11.0;
  for (const std::string& line : lines) {
    svg += text_svg(x, y, kNameSize, " font-weight=\"600\"", line);
    y += 14.0;
  }
  svg += label_svg(x, y, room, numbers.label, setting.department);
  return svg + "</g>\n";
}

std::string heading_svg(const LaneLayout& layout) {
  std::string svg;
  for (std::size_t c = 0; c < layout.levels.size(); ++c) {
    const int level = layout.levels[c];
    const std::string words = level == 0 ? ": own home" : level == 6 ? ": locked" : "";
    const double x = kMargin + static_cast<double>(c) * layout.column_pitch;
    svg += text_svg(x, 18.0, 12.0, " font-weight=\"600\" fill=\"#555\"", "Level " + std::to_string(level) + words);
    svg +=
        "<path d=\"M" + point(x, 26.0) + " H" + coordinate(x + kBoxWidth) + "\" stroke=\"#bbb\" stroke-width=\"1\"/>\n";
  }
  return svg;
}

/// No larger than drawn: a map of two columns would otherwise fill the page.
std::string shown_size(double width) {
  return coordinate(width) + "px";
}

}  // namespace

std::string department_colour(std::size_t index) {
  constexpr std::array<const char*, 10> colours{"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00",
                                                "#56B4E9", "#8A7A00", "#333333", "#777777", "#AAAAAA"};
  return colours[std::min(index, colours.size() - 1)];
}

LaneLayout lay_out(const Catalogue& words, const std::vector<BoxNumbers>& numbers) {
  LaneLayout layout;
  double most = 0.0;
  const std::vector<std::uint32_t> drawn = drawn_settings(words, numbers);
  std::map<int, std::vector<LaneBox>> by_level;
  for (const std::uint32_t row : drawn)
    if (std::isfinite(words.settings[row].capacity) && numbers[row].census > most) most = numbers[row].census;
  for (const std::uint32_t row : drawn) {
    const double census = std::min(numbers[row].census, most);  // an unlimited place must not dwarf all others
    by_level[words.settings[row].level].push_back({row, 0.0, 0.0, kBoxWidth, height_of(census, most)});
  }
  Columns columns;
  for (auto& [level, boxes] : by_level) {
    layout.levels.push_back(level);
    columns.push_back(std::move(boxes));
  }
  order_by_neighbours(words, columns);
  for (const auto& column : columns)
    for (const LaneBox& box : column) {
      layout.boxes.push_back(box);
      layout.height = std::max(layout.height, box.y + box.height + kMargin);
    }
  layout.column_pitch = kColumnPitch;
  layout.width = columns.empty()
                     ? 2.0 * kMargin
                     : kMargin * 2.0 + kBoxWidth + kColumnPitch * static_cast<double>(columns.size() - 1) + 40.0;
  return layout;
}

std::string lane_map_svg(const Catalogue& words, const std::vector<BoxNumbers>& numbers) {
  const LaneLayout layout = lay_out(words, numbers);
  const std::vector<Arrow> arrows = arrows_of(words, layout);
  std::string svg =
      "<svg class=\"map\" style=\"max-width:" + shown_size(layout.width) +
      "\" role=\"img\" aria-labelledby=\"map-title map-about\" viewBox=\"0 0 " + coordinate(layout.width) + ' ' +
      coordinate(layout.height) +
      "\" xmlns=\"http://www.w3.org/2000/svg\" font-family=\"inherit\">\n<title id=\"map-title\">The care "
      "network</title>\n<desc id=\"map-about\">Settings in columns by level of care, from own home on the left "
      "to locked on the right. Arrows show the expected moves of clients; the tables of this page hold the "
      "numbers.</desc>\n<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"6\" refY=\"4\" markerWidth=\"7\" "
      "markerHeight=\"7\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0 L8 4 L0 8 z\" "
      "fill=\"#555\"/></marker></defs>\n" +
      heading_svg(layout) + "<g fill=\"none\">\n";
  for (const Arrow& arrow : arrows) svg += arrow_svg(words, arrow, arrows.front().link->per_day);
  svg += "</g>\n";
  for (const LaneBox& box : layout.boxes) svg += box_svg(words, box, numbers[box.setting]);
  return svg + "</svg>\n";
}

}  // namespace tl
