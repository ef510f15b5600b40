#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

#include "analysis/html.hpp"
#include "analysis/lane_map.hpp"
#include "sim/maths.hpp"

namespace tl {
namespace {

constexpr double kBoxWidth = kLabelRoom + 18.0, kChannel = 74.0, kPitch = kBoxWidth + kChannel, kGutter = 84.0,
                 kMargin = 12.0;
constexpr double kTop = 40.0, kLeastGap = 16.0, kMostGap = 72.0, kBandGap = 26.0;
constexpr double kLeastHeight = 48.0, kMostExtra = 44.0, kPortPitch = 5.0;
constexpr std::size_t kMostInColumn = 9, kMostArrows = 110;
constexpr double kLeftOutAtMost = 0.05;

using Column = std::vector<LaneBox>;

bool is_drawn(const SettingWords& setting) {
  return setting.kind != "line" && setting.kind != "pool";
}

std::vector<std::uint32_t> drawn_settings(const Catalogue& words, const std::vector<BoxNumbers>& numbers) {
  std::vector<bool> linked(words.settings.size(), false);
  for (const Link& link : words.links)
    if (link.from < linked.size() && link.to < linked.size()) linked[link.from] = linked[link.to] = true;
  std::vector<std::uint32_t> drawn;
  for (std::uint32_t row = 0; row < words.settings.size(); ++row) {
    const bool idle_outside = words.settings[row].id == "outside" && !linked[row] && !(numbers[row].census > 0.0);
    if (is_drawn(words.settings[row]) && !idle_outside) drawn.push_back(row);
  }
  return drawn;
}

/// The largest arrows, until so few moves are missing that they do not matter; each box keeps its largest.
class Choosing {
 public:
  Choosing(const Catalogue& words, const std::vector<std::uint32_t>& drawn) {
    std::vector<bool> is_box(words.settings.size(), false);
    for (const std::uint32_t row : drawn) is_box[row] = true;
    for (const Link& link : words.links)
      if (link.per_day > 0.0 && link.from != link.to && link.from < is_box.size() && link.to < is_box.size() &&
          is_box[link.from] && is_box[link.to])
        links_.push_back(link);
    std::stable_sort(links_.begin(), links_.end(), [](const Link& a, const Link& b) { return a.per_day > b.per_day; });
  }

  void into(LaneLayout& layout) const {
    double all = 0.0, drawn = 0.0, missing = 0.0;
    for (const Link& link : links_) all += link.per_day;
    std::map<std::uint32_t, bool> has_out, has_in;
    for (const Link& link : links_) {
      const bool enough = drawn >= (1.0 - kLeftOutAtMost) * all || layout.arrows.size() >= kMostArrows;
      const bool needed = !has_out[link.from] || !has_in[link.to];
      if (enough && !needed) {
        ++layout.left_out;
        missing += link.per_day;
        continue;
      }
      has_out[link.from] = has_in[link.to] = true;
      drawn += link.per_day;
      LaneArrow arrow;
      arrow.link = link;
      arrow.width = arrow_width(link.per_day, links_.front().per_day);
      layout.arrows.push_back(std::move(arrow));
    }
    layout.left_out_share = all > 0.0 ? missing / all : 0.0;
    layout.most_per_day = links_.empty() ? 0.0 : links_.front().per_day;
  }

 private:
  std::vector<Link> links_;
};

/// Boxes stand in columns, places above programs; arrows pass columns through the gaps between boxes.
class Layout {
 public:
  Layout(const Catalogue& words, const std::vector<BoxNumbers>& numbers) : words_{words}, numbers_{numbers} {
    const std::vector<std::uint32_t> drawn = drawn_settings(words, numbers);
    Choosing{words, drawn}.into(out_);
    make_columns(drawn);
    order_by_neighbours();
    for (int pass = 0; pass < 3; ++pass) {  // gaps are as wide as what passes through them, which depends on the gaps
      place();
      route();
    }
    finish();
  }
  LaneLayout take() { return std::move(out_); }

 private:
  struct Gap {
    double top = 0.0, bottom = 0.0;
    std::vector<std::pair<std::size_t, std::size_t>> through;  ///< arrow, stretch of its way
  };
  struct Port {
    double wish = 0.0;  ///< height of what it leads to
    double* y = nullptr;
  };

  bool is_program(std::uint32_t row) const { return words_.settings[row].kind == "program"; }

  double height_of(std::uint32_t row, double most) const {
    const SettingWords& words = words_.settings[row];
    const std::size_t lines = name_lines(words.name.empty() ? words.id : words.name).size();
    const double labels = static_cast<double>(lines) + (numbers_[row].note.empty() ? 1.0 : 2.0);
    double height = std::max(kLeastHeight, 6.0 + kLabelRow * labels);
    const double census = std::min(numbers_[row].census, most);  // an unlimited place must not dwarf all others
    if (census > 0.0 && most > 0.0) height += kMostExtra * square_root(census / most);
    std::size_t out = 0, in = 0;
    for (const LaneArrow& arrow : out_.arrows) {
      out += arrow.link.from == row ? 1 : 0;
      in += arrow.link.to == row ? 1 : 0;
    }
    return std::max(height, 14.0 + kPortPitch * static_cast<double>(std::max(out, in)));
  }

  void make_columns(const std::vector<std::uint32_t>& drawn) {
    double most = 0.0;
    for (const std::uint32_t row : drawn)
      if (is_program(row)) left_ = kMargin + kGutter;
    for (const std::uint32_t row : drawn)
      if (std::isfinite(words_.settings[row].capacity) && numbers_[row].census > most) most = numbers_[row].census;
    std::map<int, std::pair<Column, Column>> by_level;
    for (const std::uint32_t row : drawn) {
      auto& [places, programs] = by_level[words_.settings[row].level];
      (is_program(row) ? programs : places).push_back({row, 0.0, 0.0, kBoxWidth, height_of(row, most), 0});
    }
    double x = left_;
    for (auto& [level, both] : by_level) {
      auto& [places, programs] = both;
      const std::size_t longest = std::max(places.size(), programs.size());
      const std::size_t count = (longest + kMostInColumn - 1) / kMostInColumn;
      const double wide = static_cast<double>(count) * kPitch;
      out_.lanes.push_back({level, x, wide - kChannel});
      for (std::size_t i = 0; i < count; ++i) {
        places_.push_back(part(places, i, count));
        programs_.push_back(part(programs, i, count));
      }
      x += wide;
    }
    out_.width = std::max(x - kChannel + 46.0, left_ + kBoxWidth) + kMargin;
  }

  static Column part(const Column& all, std::size_t index, std::size_t count) {
    const auto cut = [&](std::size_t i) { return all.begin() + static_cast<std::ptrdiff_t>(all.size() * i / count); };
    return {cut(index), cut(index + 1)};
  }

  double gap_of(std::size_t column, std::size_t gap) const {
    if (column >= gaps_.size() || gap >= gaps_[column].size()) return kLeastGap;
    double needed = 8.0;
    for (const auto& [arrow, stretch] : gaps_[column][gap].through) needed += out_.arrows[arrow].width + 2.5;
    return std::clamp(needed, kLeastGap, kMostGap);
  }

  void place() {
    out_.places_y = kTop;
    double end = kTop;
    for (std::size_t c = 0; c < places_.size(); ++c) end = std::max(end, stack(places_[c], c, kTop, 0));
    bool any = false;
    for (const Column& column : programs_) any = any || !column.empty();
    out_.programs_y = any ? end + kBandGap : kTop;
    for (std::size_t c = 0; any && c < programs_.size(); ++c)
      end = std::max(end, stack(programs_[c], c, out_.programs_y, places_[c].size() + 1));
    out_.height = end + kMargin;
    find_gaps();
  }

  /// @return  where the next box could begin
  double stack(Column& boxes, std::size_t column, double y, std::size_t first_gap) const {
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      LaneBox& box = boxes[i];
      y += gap_of(column, first_gap + i);
      box.column = column;
      box.x = left_ + static_cast<double>(column) * kPitch;
      box.y = y;
      y += box.height;
    }
    return y + gap_of(column, first_gap + boxes.size());
  }

  /// In each column: above the first place, between places, below the last (to the programs' band); so for programs.
  void find_gaps() {
    gaps_.assign(places_.size(), {});
    const bool has_programs = out_.programs_y > out_.places_y;
    for (std::size_t c = 0; c < places_.size(); ++c) {
      open_gaps(places_[c], c, kTop, has_programs ? out_.programs_y - kBandGap : out_.height - kMargin);
      if (has_programs) open_gaps(programs_[c], c, out_.programs_y, out_.height - kMargin);
    }
  }
  void open_gaps(const Column& boxes, std::size_t column, double top, double end) {
    for (const LaneBox& box : boxes) {
      gaps_[column].push_back({top, box.y, {}});
      top = box.y + box.height;
    }
    gaps_[column].push_back({top, end, {}});
  }

  const LaneBox& box_of(std::uint32_t row) const { return *box_of_.at(row); }
  void index_boxes() {
    box_of_.clear();
    for (const auto* band : {&places_, &programs_})
      for (const Column& column : *band)
        for (const LaneBox& box : column) box_of_[box.setting] = &box;
  }

  /// A few sweeps: each box is pulled to the mean height of what it is linked with.
  void order_by_neighbours() {
    for (int sweep = 0; sweep < 8; ++sweep) {
      place();
      index_boxes();
      std::map<std::uint32_t, double> pull, weight, middle;
      for (const auto& [row, box] : box_of_) middle[row] = box->y + box->height / 2.0;
      for (const LaneArrow& arrow : out_.arrows) {
        const Link& link = arrow.link;
        const double pulls = square_root(link.per_day);
        pull[link.from] += pulls * middle[link.to];
        pull[link.to] += pulls * middle[link.from];
        weight[link.from] += pulls;
        weight[link.to] += pulls;
      }
      const auto wished = [&](const LaneBox& box) {
        return weight[box.setting] > 0.0 ? pull[box.setting] / weight[box.setting] : middle[box.setting];
      };
      for (auto* band : {&places_, &programs_})
        for (Column& column : *band)
          std::stable_sort(column.begin(), column.end(),
                           [&](const LaneBox& a, const LaneBox& b) { return wished(a) < wished(b); });
    }
  }

  /// Ports on boxes, and the gap by which each column on the way is passed: the one nearest to the straight line.
  void route() {
    index_boxes();
    for (std::size_t i = 0; i < out_.arrows.size(); ++i) choose_way(i);
    for (auto& column : gaps_)
      for (Gap& gap : column) share_out(gap);
    set_ports();
  }

  void choose_way(std::size_t index) {
    LaneArrow& arrow = out_.arrows[index];
    const LaneBox &a = box_of(arrow.link.from), &b = box_of(arrow.link.to);
    const double ay = a.y + a.height / 2.0, by = b.y + b.height / 2.0;
    const bool forward = b.column > a.column;
    const double a_edge = forward || a.column == b.column ? a.x + a.width : a.x;
    const double b_edge = forward ? b.x : b.x + b.width;
    arrow.way = {{a_edge, a_edge, ay}};
    double y = ay;
    const std::ptrdiff_t step = forward ? 1 : -1;
    for (auto c = static_cast<std::ptrdiff_t>(a.column) + step;
         a.column != b.column && c != static_cast<std::ptrdiff_t>(b.column); c += step) {
      const auto column = static_cast<std::size_t>(c);
      const double left = left_ + static_cast<double>(c) * kPitch, right = left + kBoxWidth;
      const double part = 1.0 / (std::abs(static_cast<double>(b.column) - static_cast<double>(c)) + 1.0);
      y += (by - y) * part;
      Gap& gap = nearest_gap(column, y);
      gap.through.emplace_back(index, arrow.way.size());
      y = std::clamp(y, gap.top + 4.0, std::max(gap.top + 4.0, gap.bottom - 4.0));
      arrow.way.push_back(forward ? Stretch{left, right, y} : Stretch{right, left, y});
    }
    arrow.way.push_back({b_edge, b_edge, by});
    arrow.bulge = a.column == b.column ? 20.0 + std::min(30.0, std::abs(by - ay) / 10.0) : 0.0;
  }

  Gap& nearest_gap(std::size_t column, double y) {
    const auto away = [y](const Gap& gap) { return std::max({gap.top + 4.0 - y, y - gap.bottom + 4.0, 0.0}); };
    return *std::min_element(gaps_[column].begin(), gaps_[column].end(),
                             [&](const Gap& a, const Gap& b) { return away(a) < away(b); });
  }

  /// Arrows in one gap run beside each other, in the order of where they come from and go to; the room left over
  /// stays outside the bundle.
  void share_out(Gap& gap) {
    const auto wish = [&](const std::pair<std::size_t, std::size_t>& one) {
      const auto& way = out_.arrows[one.first].way;
      return way[one.second - 1].y + way[one.second + 1].y;
    };
    std::stable_sort(gap.through.begin(), gap.through.end(),
                     [&](const auto& a, const auto& b) { return wish(a) < wish(b); });
    double needed = 0.0, middle = 0.0;
    for (const auto& one : gap.through) {
      needed += out_.arrows[one.first].width + 2.0;
      middle += out_.arrows[one.first].way[one.second].y;
    }
    if (gap.through.empty()) return;
    const double room = std::max(2.0, gap.bottom - gap.top - 6.0), fit = std::min(1.0, room / needed);
    middle /= static_cast<double>(gap.through.size());
    const double first = gap.top + 3.0, last = std::max(first, gap.top + 3.0 + room - needed * fit);
    double y = std::clamp(middle - needed * fit / 2.0, first, last);
    for (const auto& [arrow, stretch] : gap.through) {
      const double takes = (out_.arrows[arrow].width + 2.0) * fit;
      out_.arrows[arrow].way[stretch].y = y + takes / 2.0;
      y += takes;
    }
  }

  void set_ports() {
    std::map<std::pair<std::uint32_t, bool>, std::vector<Port>> sides;  // box, right side
    for (LaneArrow& arrow : out_.arrows) {
      const LaneBox &a = box_of(arrow.link.from), &b = box_of(arrow.link.to);
      auto& way = arrow.way;
      // An arc within a column ends a little off, so that the two directions nest instead of crossing.
      const double nudge = a.column != b.column ? 0.0 : way.front().y < way.back().y ? 0.25 : -0.25;
      sides[{a.setting, b.column >= a.column}].push_back({way[1].y + nudge, &way.front().y});
      sides[{b.setting, b.column <= a.column}].push_back({way[way.size() - 2].y + nudge, &way.back().y});
    }
    for (auto& [side, ports] : sides) {
      const LaneBox& box = box_of(side.first);
      std::stable_sort(ports.begin(), ports.end(), [](const Port& a, const Port& b) { return a.wish < b.wish; });
      const double room = box.height - 10.0, pitch = std::min(12.0, room / static_cast<double>(ports.size()));
      double y = box.y + box.height / 2.0 - pitch * (static_cast<double>(ports.size()) - 1.0) / 2.0;
      for (const Port& port : ports) {
        set_later_.emplace_back(port.y, y);
        y += pitch;
      }
    }
    for (const auto& [where, y] : set_later_) *where = y;
    set_later_.clear();
  }

  void finish() {
    for (const auto* band : {&places_, &programs_})
      for (const Column& column : *band) out_.boxes.insert(out_.boxes.end(), column.begin(), column.end());
  }

  const Catalogue& words_;
  const std::vector<BoxNumbers>& numbers_;
  LaneLayout out_;
  double left_ = kMargin;                  ///< of the first column: room for the bands' names where there are two
  std::vector<Column> places_, programs_;  ///< one a column
  std::vector<std::vector<Gap>> gaps_;     ///< of each column
  std::map<std::uint32_t, const LaneBox*> box_of_;
  std::vector<std::pair<double*, double>> set_later_;
};

}  // namespace

std::vector<std::string> name_lines(const std::string& name) {
  constexpr std::size_t kMostLines = 3;
  constexpr double kBold = kNameSize * 1.06;
  std::vector<std::string> lines;
  std::string_view rest{name};
  while (lines.size() + 1 < kMostLines && text_width(rest) * kBold > kLabelRoom) {
    std::size_t best = 0;
    for (std::size_t at = rest.find(' '); at != std::string_view::npos; at = rest.find(' ', at + 1))
      if (text_width(rest.substr(0, at)) * kBold <= kLabelRoom) best = at;
    if (best == 0) break;
    lines.emplace_back(rest.substr(0, best));
    rest.remove_prefix(best + 1);
  }
  lines.push_back(fitted(rest, kBold, kLabelRoom));
  return lines;
}

double arrow_width(double per_day, double most_per_day) {
  return most_per_day > 0.0 ? 0.9 + 7.1 * square_root(per_day / most_per_day) : 0.9;
}

LaneLayout lay_out(const Catalogue& words, const std::vector<BoxNumbers>& numbers) {
  return Layout{words, numbers}.take();
}

}  // namespace tl
