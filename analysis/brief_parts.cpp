#include "analysis/brief_parts.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/numbers.hpp"

namespace tl::brief {

using print::Align;
using print::Box;
using print::kMargin;
using print::kTextWidth;
using print::Paper;
using print::Style;

namespace {

/// Above the footer.
constexpr double kBottom = print::kPageHeight - 62.0;
constexpr double kGap = 10.0, kCellGap = 8.0, kRowPad = 3.2;

}  // namespace

double Flow::room() const {
  return kBottom - y;
}
std::string Flow::place() const {
  return "page " + std::to_string(paper.pages());
}

void heading(Flow& flow, const std::string& text) {
  flow.y += flow.y > kMargin + 1.0 ? 14.0 : 0.0;
  flow.paper.line({{kMargin, flow.y}, {kMargin + kTextWidth, flow.y}}, print::kLine, 0.8);
  flow.y += 9.0;
  flow.y += flow.paper.text({.x = kMargin, .y = flow.y}, text, Style::heading, "H2") + 4.0;
}

void paragraph(Flow& flow, const std::string& text, Style style) {
  flow.y += flow.paper.text({.x = kMargin, .y = flow.y}, text, style) + (style == Style::lede ? 5.0 : 4.0);
}

void note(Flow& flow, const std::vector<TracedNumber>& numbers) {
  for (const TracedNumber& number : numbers) {
    flow.numbers.push_back(number);
    flow.numbers.back().place = flow.place();
  }
}

std::string in_brackets(const std::string& interval) {
  constexpr std::string_view kNoBreak = "\xC2\xA0";
  std::string text = "(";
  for (const char c : interval) c == ' ' ? text.append(kNoBreak) : text += c;
  return text + ')';
}

Words told(const ResultRow& row, const std::string& versus, double unit) {
  using What = NumberSource::What;
  if (row.value.count == 0) return {"n/a", {}};
  const int decimals = shown_decimals(row.value.mean / unit, row.value.half_width() / unit);
  Words words;
  const auto number = [&](double value, What what) {
    words.numbers.push_back({"", shown(value / unit, decimals), value, source_of(row, versus, what), unit});
    return words.numbers.back().text;
  };
  words.text = number(row.value.mean, What::mean);
  if (!row.value.has_interval()) {
    words.text += " (one run: no interval)";
    return words;
  }
  if (row.value.is_fixed()) {
    words.text += " (fixed)";
    return words;
  }
  const std::string low = number(*row.value.low, What::low);
  words.text += ' ' + in_brackets(low + " to " + number(*row.value.high, What::high));
  return words;
}

Cell cell_of(Words words, Style style) {
  return {std::move(words.text), style, std::move(words.numbers)};
}

namespace {

std::vector<double> widths_of(const Table& table) {
  double shares = 0.0;
  for (const Column& column : table.columns) shares += column.share;
  std::vector<double> widths;
  const double gaps = kCellGap * static_cast<double>(table.columns.size() - 1);
  for (const Column& column : table.columns) widths.push_back((kTextWidth - gaps) * column.share / shares);
  return widths;
}

double row_height(const Paper& paper, const std::vector<Cell>& row, const std::vector<double>& widths) {
  constexpr int kMostLines = 3;
  double height = 0.0;
  for (std::size_t c = 0; c < row.size(); ++c)
    height =
        std::max(height, paper.height_of({.width = widths[c], .most_lines = kMostLines}, row[c].text, row[c].style));
  return height + 2.0 * kRowPad;
}

void draw_row(Flow& flow, const Table& table, const std::vector<Cell>& row, const std::vector<double>& widths,
              const char* tag) {
  constexpr int kMostLines = 3;
  double x = kMargin;
  flow.paper.begin("TR");
  for (std::size_t c = 0; c < row.size(); ++c) {
    const Box box{x, flow.y + kRowPad, widths[c], kMostLines, table.columns[c].align};
    flow.paper.text(box, row[c].text, row[c].style, c == 0 && tag[1] == 'D' ? "TH" : tag);
    note(flow, row[c].numbers);
    x += widths[c] + kCellGap;
  }
  flow.paper.end("TR");
  flow.y += row_height(flow.paper, row, widths);
  flow.paper.line({{kMargin, flow.y}, {kMargin + kTextWidth, flow.y}}, print::kLine, 0.5);
}

std::vector<Cell> heading_row(const Table& table) {
  std::vector<Cell> row;
  for (const Column& column : table.columns) row.push_back({column.title, Style::label, {}});
  return row;
}

}  // namespace

double height_of(const Paper& paper, const Table& table) {
  const std::vector<double> widths = widths_of(table);
  double height = row_height(paper, heading_row(table), widths) + kGap;
  for (const auto& row : table.rows) height += row_height(paper, row, widths);
  return height;
}

std::size_t rows_within(const Paper& paper, const Table& table, double height) {
  const std::vector<double> widths = widths_of(table);
  double left = height - row_height(paper, heading_row(table), widths) - kGap;
  std::size_t count = 0;
  while (count < table.rows.size() && (left -= row_height(paper, table.rows[count], widths)) >= 0.0) ++count;
  return count;
}

std::size_t draw(Flow& flow, const Table& table, double bottom) {
  const std::vector<double> widths = widths_of(table);
  flow.paper.begin("Table");
  draw_row(flow, table, heading_row(table), widths, "TH");
  std::size_t drawn = 0;
  for (const auto& row : table.rows) {
    if (flow.y + row_height(flow.paper, row, widths) > bottom) break;
    draw_row(flow, table, row, widths, "TD");
    ++drawn;
  }
  flow.paper.end("Table");
  flow.y += kGap;
  return drawn;
}

namespace {

/// A number with its unit beside it: "77.4 clients", "41%".
std::string unit_text(const ResultRow& row) {
  return row.unit == "% points" ? "% points" : row.unit;
}

void key_figure(Flow& flow, const Facts& facts, std::size_t metric, double x, double width, double height) {
  Paper& paper = flow.paper;
  const ResultRow& now = facts.rows[metric][facts.chosen];
  paper.rectangle({x, flow.y}, width, height, print::kWash);
  paper.rectangle({x, flow.y}, width, 2.5, print::kSky);
  const double inner = width - 20.0;
  double y = flow.y + 11.0;
  paper.begin("Sect");
  const std::string number = now.value.count == 0 ? "n/a" : shown_mean(now.value);
  const Words whole = told(now, "");
  note(flow, whole.numbers);
  const double unit_room = std::min(paper.width_of(unit_text(now), Style::label), 60.0) + 5.0;
  const bool is_short = paper.width_of(number, Style::figure) + unit_room <= inner;
  const Style size = is_short ? Style::figure : Style::long_figure;
  paper.text({.x = x + 10.0, .y = y, .width = inner, .most_lines = 1}, number, size);
  const double used = paper.width_of(number, size);
  const bool has_room = used + unit_room <= inner;
  if (has_room)
    paper.text({.x = x + 10.0 + used + 5.0, .y = y + 14.5, .width = inner - used - 5.0, .most_lines = 1},
               unit_text(now), Style::label);
  y += 33.0;
  y += paper.text({.x = x + 10.0, .y = y, .width = inner, .most_lines = 4},
                  row_words(now) + (has_room ? "" : ", " + unit_text(now)), Style::cell) +
       5.0;
  const auto line = [&](const std::string& text, Style style) {
    y += paper.text({.x = x + 10.0, .y = y, .width = inner, .most_lines = 2}, text, style) + 2.0;
  };
  if (now.value.has_interval()) {
    line(shown(facts.confidence * 100.0, 0) + "% interval " + shown_interval(now.value), Style::label);
  } else {
    line(now.value.count == 0 ? now.value.why : "one run: no interval", Style::label);
  }
  if (facts.compares()) {
    const ResultRow& change = facts.changes[metric][facts.chosen - 1];
    const Words before = told(facts.rows[metric].front(), ""), by = told(change, facts.study.scenarios.front().id);
    line("before: " + before.text, Style::label);
    line("change: " + by.text, Style::label);
    note(flow, before.numbers);
    note(flow, by.numbers);
    line(reading_words(change), change.value.is_clear() ? Style::strong_cell : Style::cell);
  }
  paper.end("Sect");
}

}  // namespace

void key_figures(Flow& flow, const Facts& facts) {
  constexpr std::size_t kMost = 3;
  std::vector<std::size_t> metrics;  // those of which there is something
  for (std::size_t m = 0; m < facts.metrics.size() && metrics.size() < kMost; ++m) {
    const auto is_something = [](const ResultRow& row) { return row.value.count > 0 && row.value.mean != 0.0; };
    if (m == 0 || std::any_of(facts.rows[m].begin(), facts.rows[m].end(), is_something)) metrics.push_back(m);
  }
  constexpr double kBetween = 12.0;
  const double width = (kTextWidth - kBetween * static_cast<double>(kMost - 1)) / static_cast<double>(kMost);
  const double height = facts.compares() ? 168.0 : 118.0;
  for (std::size_t i = 0; i < metrics.size(); ++i)
    key_figure(flow, facts, metrics[i], kMargin + (width + kBetween) * static_cast<double>(i), width, height);
  flow.y += height + 12.0;
}

}  // namespace tl::brief
