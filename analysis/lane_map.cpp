#include "analysis/lane_map.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/html.hpp"
#include "analysis/numbers.hpp"

namespace tl {
namespace {

constexpr double kLabelSize = 10.5, kHeadingSize = 12.0, kTitleSize = 17.0, kNoteSize = 11.0;
constexpr double kMargin = 12.0, kLeastFileWidth = 600.0;

std::size_t department_row(const Catalogue& words, const SettingWords& setting) {
  const auto at = std::find(words.departments.begin(), words.departments.end(), setting.department);
  return static_cast<std::size_t>(at - words.departments.begin());
}

std::string name_of(const SettingWords& setting) {
  return setting.name.empty() ? setting.id : setting.name;
}

std::string point(double x, double y) {
  return coordinate(x) + ' ' + coordinate(y);
}

std::string a_year(double per_day) {
  const double per_year = per_day * 365.25;
  return shown(per_year, shown_decimals(per_year, 0.0));
}

double head_length(const LaneArrow& arrow) {
  return 5.0 + arrow.width * 0.8;
}

/// From the box's edge through the gaps to the foot of the arrow's head.
std::string path_of(const LaneArrow& arrow) {
  const Stretch &first = arrow.way.front(), &last = arrow.way.back();
  if (arrow.bulge > 0.0) {
    const double out = first.x_to + arrow.bulge * 1.3 + head_length(arrow);
    return "M" + point(first.x_to, first.y) + " C" + point(out, first.y) + ' ' + point(out, last.y) + ' ' +
           point(last.x_from + head_length(arrow), last.y);
  }
  const double towards = last.x_from > first.x_to ? 1.0 : -1.0;
  std::string path = "M" + point(first.x_to, first.y);
  for (std::size_t i = 1; i < arrow.way.size(); ++i) {
    const Stretch &from = arrow.way[i - 1], &to = arrow.way[i];
    const bool ends = i + 1 == arrow.way.size();
    const double x = ends ? to.x_from - towards * head_length(arrow) : to.x_from, lift = (x - from.x_to) * 0.5;
    path += " C" + point(from.x_to + lift, from.y) + ' ' + point(x - lift, to.y) + ' ' + point(x, to.y);
    if (!ends) path += " H" + coordinate(to.x_to);
  }
  return path;
}

std::string head_of(const LaneArrow& arrow) {
  const Stretch& last = arrow.way.back();
  const double from_right = arrow.bulge > 0.0 || last.x_from < arrow.way.front().x_to ? 1.0 : -1.0;
  const double half = 2.6 + arrow.width * 0.62, x = last.x_from + from_right * head_length(arrow);
  return "M" + point(last.x_from + from_right * 0.8, last.y) + " L" + point(x, last.y - half) + " L" +
         point(x, last.y + half) + " z";
}

std::string arrow_svg(const Catalogue& words, const LaneArrow& arrow) {
  const SettingWords &from = words.settings[arrow.link.from], &to = words.settings[arrow.link.to];
  const std::string colour = department_colour(department_row(words, from));
  return "<g opacity=\"0.62\"><title>" + escaped(name_of(from)) + " to " + escaped(name_of(to)) + ": " +
         a_year(arrow.link.per_day) + " a year expected</title><path d=\"" + path_of(arrow) +
         "\" fill=\"none\" stroke=\"" + colour + "\" stroke-width=\"" + coordinate(arrow.width) + "\"/><path d=\"" +
         head_of(arrow) + "\" fill=\"" + colour + "\"/></g>\n";
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

std::string frame_svg(const LaneBox& box, bool program, const std::string& colour) {
  return "<rect x=\"" + coordinate(box.x) + "\" y=\"" + coordinate(box.y) + "\" width=\"" + coordinate(box.width) +
         "\" height=\"" + coordinate(box.height) + "\" rx=\"" + (program ? "12" : "3") + "\" fill=\"#fff\" stroke=\"" +
         colour + "\" stroke-width=\"1.4\"" + (program ? " stroke-dasharray=\"5 3\"" : "") + "/>";
}

std::string box_svg(const Catalogue& words, const LaneBox& box, const BoxNumbers& numbers) {
  const SettingWords& setting = words.settings[box.setting];
  const std::string colour = department_colour(department_row(words, setting)), name = name_of(setting);
  const double room = kLabelRoom, x = box.x + 11.0;
  const bool program = setting.kind == "program";
  std::string svg = "<g><title>" + escaped(name) + " (" + escaped(setting.department) + "): " + escaped(numbers.label) +
                    (numbers.note.empty() ? "" : "; " + escaped(numbers.note)) + "</title>" +
                    frame_svg(box, program, colour) + "<rect x=\"" + coordinate(box.x) + "\" y=\"" +
                    coordinate(box.y + (program ? 12.0 : 0.0)) + "\" width=\"5\" height=\"" +
                    coordinate(box.height - (program ? 24.0 : 0.0)) + "\" fill=\"" + colour + "\"/>";
  const std::vector<std::string> lines = name_lines(name);
  const double rows = static_cast<double>(lines.size() + (numbers.note.empty() ? 1 : 2));
  double y = box.y + (box.height - kLabelRow * rows) / 2.0 + 11.0;
  for (const std::string& line : lines) {
    svg += text_svg(x, y, kNameSize, " font-weight=\"600\"", line);
    y += kLabelRow;
  }
  svg += label_svg(x, y, room, numbers.label, setting.department);
  if (!numbers.note.empty())
    svg += text_svg(x, y + kLabelRow, kLabelSize, " fill=\"#444\" font-style=\"italic\"",
                    fitted(numbers.note, kLabelSize, room));
  return svg + "</g>\n";
}

std::string lanes_svg(const LaneLayout& layout, double end) {
  std::string svg;
  for (const Lane& lane : layout.lanes) {
    const std::string words = lane.level == 0 ? ": own home" : lane.level == 6 ? ": locked" : "";
    svg += "<rect x=\"" + coordinate(lane.x - 8.0) + "\" y=\"" + coordinate(layout.places_y - 34.0) + "\" width=\"" +
           coordinate(lane.width + 16.0) + "\" height=\"" + coordinate(end - layout.places_y + 34.0) +
           "\" rx=\"4\" fill=\"#f3f3f3\"/>" +
           text_svg(lane.x, layout.places_y - 16.0, kHeadingSize, " font-weight=\"600\" fill=\"#555\"",
                    "Level " + std::to_string(lane.level) + words) +
           '\n';
  }
  if (layout.programs_y <= layout.places_y) return svg;
  const double line = layout.programs_y - 13.0;
  const std::string style = " font-weight=\"600\" fill=\"#555\"";
  return svg + "<path d=\"M" + point(kMargin, line) + " H" + coordinate(layout.width - kMargin) +
         "\" stroke=\"#999\" stroke-width=\"1\" stroke-dasharray=\"2 4\"/>" +
         text_svg(kMargin, layout.places_y + 14.0, kHeadingSize, style, "Places") +
         text_svg(kMargin, layout.programs_y + 14.0, kHeadingSize, style, "Programs") + '\n';
}

std::string map_svg(const Catalogue& words, const std::vector<BoxNumbers>& numbers, const LaneLayout& layout,
                    double end) {
  std::string svg = lanes_svg(layout, end);
  for (const LaneArrow& arrow : layout.arrows) svg += arrow_svg(words, arrow);
  for (const LaneBox& box : layout.boxes) svg += box_svg(words, box, numbers[box.setting]);
  return svg;
}

void move_down(LaneLayout& layout, double by) {
  for (LaneBox& box : layout.boxes) box.y += by;
  for (LaneArrow& arrow : layout.arrows)
    for (Stretch& stretch : arrow.way) stretch.y += by;
  layout.places_y += by;
  layout.programs_y += by;
  layout.height += by;
}

/// Items beside each other, and in a further row where there is no room.
class Legend {
 public:
  Legend(double y, double width) : y_{y}, width_{width} {}

  /// @param mark  draws what is explained at (x, middle) in `mark_width`
  template <class Mark>
  void add(const std::string& text, double mark_width, const Mark& mark) {
    const std::string kept = fitted(text, kNoteSize, width_ - 2.0 * kMargin - mark_width - 8.0);
    const double takes = mark_width + 8.0 + text_width(kept) * kNoteSize + 18.0;
    if (x_ > kMargin && x_ + takes > width_ - kMargin) next_row();
    svg_ += mark(x_, y_ - 4.0) + text_svg(x_ + mark_width + 8.0, y_, kNoteSize, "", kept) + '\n';
    x_ += takes;
  }
  void next_row() {
    if (x_ > kMargin) y_ += 20.0;
    x_ = kMargin;
  }
  double y() const { return y_; }
  const std::string& svg() const { return svg_; }

 private:
  double y_, width_, x_ = kMargin;
  std::string svg_;
};

/// 1, 2 or 5 times a power of ten, not above the value.
double round_number_below(double value) {
  double power = 1e-6;
  while (power * 10.0 <= value) power *= 10.0;
  return power * (value >= 5.0 * power ? 5.0 : value >= 2.0 * power ? 2.0 : 1.0);
}

void add_widths(Legend& legend, double most_per_day) {
  const double most = round_number_below(most_per_day * 365.25);
  for (const double part : {1.0, 0.1, 0.01}) {
    const double width = arrow_width(most * part / 365.25, most_per_day);
    const double value = most * part;
    legend.add(shown(value, shown_decimals(value, 0.0)) + " a year", 40.0, [&](double x, double y) {
      const LaneArrow sample{{}, width, {{x, x, y}, {x + 40.0, x + 40.0, y}}, 0.0};
      return "<path d=\"" + path_of(sample) + "\" fill=\"none\" stroke=\"#666\" stroke-width=\"" + coordinate(width) +
             "\"/><path d=\"" + head_of(sample) + "\" fill=\"#666\"/>";
    });
  }
}

/// Departments that have a box; a department that is only named would have no meaning here.
void add_departments(Legend& legend, const Catalogue& words, const LaneLayout& layout) {
  std::vector<bool> has_box(words.departments.size() + 1, false);
  for (const LaneBox& box : layout.boxes) has_box[department_row(words, words.settings[box.setting])] = true;
  for (std::size_t i = 0; i < words.departments.size(); ++i) {
    if (!has_box[i]) continue;
    const bool named = i < words.department_names.size() && !words.department_names[i].empty() &&
                       words.department_names[i] != words.departments[i];
    legend.add(words.departments[i] + (named ? ": " + words.department_names[i] : ""), 12.0, [&](double x, double y) {
      return "<rect x=\"" + coordinate(x) + "\" y=\"" + coordinate(y - 6.0) +
             "\" width=\"12\" height=\"12\" rx=\"2\" fill=\"" + department_colour(i) + "\"/>";
    });
  }
}

void add_kinds(Legend& legend, const LaneLayout& layout) {
  const auto sample = [](bool program) {
    return [program](double x, double y) { return frame_svg({0, x, y - 6.0, 28.0, 12.0, 0}, program, "#666"); };
  };
  if (layout.programs_y <= layout.places_y) return;
  legend.add("place: a client is in one at a time", 28.0, sample(false));
  legend.add("program: beside the place", 28.0, sample(true));
}

std::string left_out_words(const LaneLayout& layout) {
  if (layout.left_out == 0) return "";
  const double share = layout.left_out_share * 100.0;
  return std::to_string(layout.left_out) +
         (layout.left_out == 1 ? " arrow is too small to be drawn: " : " arrows are too small to be drawn: ") +
         (share < 0.1 ? "under 0.1" : shown(share, 1)) + " % of all moves.";
}

std::vector<std::string> wrapped(const std::string& text, double size, double room) {
  std::vector<std::string> lines{""};
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = fitted(text.substr(at, end - at), size, room);
    const std::string longer = lines.back().empty() ? word : lines.back() + ' ' + word;
    if (text_width(longer) * size <= room || lines.back().empty())
      lines.back() = longer;
    else
      lines.push_back(word);
    at = end + 1;
  }
  return lines;
}

/// The network in words, for those who do not see it.
std::string told_network(const Catalogue& words, const std::vector<BoxNumbers>& numbers, const LaneLayout& layout) {
  std::string text;
  for (const Lane& lane : layout.lanes) {
    text += " Level " + std::to_string(lane.level) + ": ";
    std::string list;
    for (const LaneBox& box : layout.boxes) {
      const SettingWords& setting = words.settings[box.setting];
      if (setting.level != lane.level) continue;
      const std::string& label = numbers[box.setting].label;
      list += (list.empty() ? "" : "; ") + name_of(setting) + (setting.kind == "program" ? ", a program" : "") +
              (setting.department.empty() ? "" : ", " + setting.department) + (label.empty() ? "" : ", " + label);
    }
    text += list + '.';
  }
  constexpr std::size_t kMostTold = 12;
  if (!layout.arrows.empty()) text += " Largest flows: ";
  for (std::size_t i = 0; i < std::min(kMostTold, layout.arrows.size()); ++i) {
    const Link& link = layout.arrows[i].link;
    text += (i > 0 ? "; " : "") + name_of(words.settings[link.from]) + " to " + name_of(words.settings[link.to]) + ' ' +
            a_year(link.per_day) + " a year";
  }
  return layout.arrows.empty() ? text : text + '.';
}

std::string opening(double width, double height, const std::string& font, const std::string& title,
                    const std::string& about) {
  return "<svg class=\"map\" style=\"max-width:" + coordinate(width) +
         "px\" role=\"img\" aria-labelledby=\"map-title map-about\" viewBox=\"0 0 " + point(width, height) +
         "\" xmlns=\"http://www.w3.org/2000/svg\" font-family=\"" + font + "\">\n<title id=\"map-title\">" +
         escaped(title) + "</title>\n<desc id=\"map-about\">" + escaped(about) + "</desc>\n";
}

constexpr const char* kAbout =
    "Settings in lanes by level of care, from own home on the left to locked on the right. Arrows show the expected "
    "moves of clients.";

}  // namespace

std::string department_colour(std::size_t index) {
  constexpr std::array<const char*, 10> colours{"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00",
                                                "#56B4E9", "#8A7A00", "#333333", "#777777", "#AAAAAA"};
  return colours[std::min(index, colours.size() - 1)];
}

std::string lane_map_svg(const Catalogue& words, const std::vector<BoxNumbers>& numbers) {
  const LaneLayout layout = lay_out(words, numbers);
  Legend legend{layout.height + 14.0, layout.width};
  if (!layout.arrows.empty()) add_widths(legend, layout.most_per_day);
  const double height = layout.arrows.empty() ? layout.height : legend.y() + kMargin;
  return opening(layout.width, height, "inherit", "The care network",
                 std::string{kAbout} + " The tables of this page hold the numbers.") +
         map_svg(words, numbers, layout, layout.height) + legend.svg() + "</svg>\n";
}

std::string lane_map_file(const Catalogue& words, const std::vector<BoxNumbers>& numbers,
                          const std::vector<std::string>& notes) {
  LaneLayout layout = lay_out(words, numbers);
  const double width = std::max(layout.width, kLeastFileWidth), room = width - 2.0 * kMargin;
  move_down(layout, 34.0);
  const std::string title = words.model_name.empty() ? "The care network" : words.model_name + ": the care network";
  std::string below;
  Legend legend{layout.height + 20.0, width};
  add_departments(legend, words, layout);
  legend.next_row();
  add_kinds(legend, layout);
  if (!layout.arrows.empty()) add_widths(legend, layout.most_per_day);
  legend.next_row();
  double y = legend.y() + 4.0;
  std::vector<std::string> all = notes;
  all.insert(all.begin(), "An arrow has the colour of the department that clients leave." +
                              (layout.left_out > 0 ? ' ' + left_out_words(layout) : ""));
  for (const std::string& note : all)
    for (const std::string& line : wrapped(note, kNoteSize, room)) {
      below += text_svg(kMargin, y, kNoteSize, " fill=\"#444\"", line) + '\n';
      y += 15.0;
    }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" +
         opening(width, y, "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif", title,
                 kAbout + told_network(words, numbers, layout)) +
         "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n" +
         text_svg(kMargin, 24.0, kTitleSize, " font-weight=\"600\"", fitted(title, kTitleSize, room)) + '\n' +
         map_svg(words, numbers, layout, layout.height) + legend.svg() + below + "</svg>\n";
}

}  // namespace tl
