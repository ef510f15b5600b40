#include <algorithm>
#include <array>

#include "analysis/finding.hpp"
#include "analysis/why.hpp"
#include "analysis/workbook_parts.hpp"

namespace tl::workbook {
namespace {

using xlsx::Cell;
using xlsx::Chart;
using xlsx::Range;
using xlsx::Series;
using xlsx::Sheet;

/// Okabe & Ito's colours, which those with other colour vision can tell apart.
constexpr std::array<std::uint32_t, 6> kColours{0x0072B2, 0xE69F00, 0x009E73, 0xCC79A7, 0x56B4E9, 0x000000};
constexpr std::uint32_t kLimit = 0xD55E00;
constexpr std::size_t kMostScenarios = 6, kMostSettings = 3;

std::uint32_t colour_of(std::size_t i) {
  return kColours[i % kColours.size()];
}

/// The setting the study leads with, and those with the longest queues.
std::vector<std::string> charted_settings(const StudyResults& study, const CourseCells& course) {
  std::vector<std::string> settings;
  const auto add = [&](const std::string& id) {
    const bool is_new = std::find(settings.begin(), settings.end(), id) == settings.end();
    if (is_new && course.settings.contains(id) && settings.size() < kMostSettings) settings.push_back(id);
  };
  for (const MetricWords& metric : leading_metrics(study))
    if (metric.scope == "setting" && settings.empty()) add(metric.subject);
  const auto longest = made_together(replications_of(study), [&] { return longest_queues(study, kMostSettings); });
  for (const std::string& id : longest) add(id);
  return settings;
}

Series series_of(const CourseCells& course, const std::pair<Cell, Cell>& times, std::uint16_t column,
                 std::uint32_t colour) {
  const auto [first, last] = times;
  return {{first.row, course.name_column.column},
          {course.sheet, first, last},
          {course.sheet, {first.row, column}, {last.row, column}},
          colour,
          false};
}

Chart course_chart(const Making& making, const CourseCells& course, const std::string& setting, std::uint16_t column,
                   const std::string& what) {
  Chart chart;
  const std::string name = course.settings.at(setting);
  chart.title = what + ": " + name;
  chart.unit = "clients";
  std::size_t drawn = 0;
  for (std::size_t s = 0; s < making.names.size() && drawn < kMostScenarios; ++s) {
    const auto times = course.times.find({setting, s});
    if (times == course.times.end()) continue;
    chart.series.push_back(series_of(course, times->second, column, colour_of(drawn++)));
    const std::uint32_t count = times->second.second.row - times->second.first.row + 1;
    constexpr std::uint32_t kMostLabels = 12;
    chart.category_step =
        static_cast<std::uint16_t>(std::max<std::uint32_t>(1, (count + kMostLabels - 1) / kMostLabels));
  }
  chart.meaning = what + ", " + name +
                  ", average number in each period, one line a scenario. The numbers are on the sheet " + course.sheet +
                  ".";
  return chart;
}

/// The capacity of the first scenario, dashed; its name stands in the heading.
void add_capacity(const CourseCells& course, const std::string& setting, Chart& chart) {
  const auto times = course.times.find({setting, 0});
  if (times == course.times.end()) return;
  Series capacity = series_of(course, times->second, course.capacity, kLimit);
  capacity.name = {kFirstRow - 1, course.capacity};
  capacity.dashed = true;
  chart.series.push_back(capacity);
  chart.meaning += " The dashed line is the capacity in the first scenario.";
}

Chart block_chart(const BlockCells& block, const std::string& title, const std::string& unit) {
  Chart chart;
  chart.kind = Chart::Kind::columns;
  chart.title = title;
  chart.unit = unit;
  for (const auto& [name, column] : block.series) {
    if (chart.series.size() == kMostScenarios) break;
    chart.series.push_back({name,
                            {block.sheet, block.first, block.last},
                            {block.sheet, {block.first.row, column}, {block.last.row, column}},
                            colour_of(chart.series.size()),
                            false});
  }
  chart.meaning = title + ". The numbers and their intervals are on the sheet " + block.sheet + ".";
  return chart;
}

}  // namespace

void fill_charts(Making& making, Sheet& sheet, const CourseCells& course, const BlockCells& costs,
                 const BlockCells& staff) {
  std::vector<Chart> charts;
  for (const std::string& setting : charted_settings(making.study, course)) {
    const auto times = course.times.find({setting, 0});
    if (times == course.times.end() || times->second.first.row == times->second.second.row) continue;
    charts.push_back(course_chart(making, course, setting, course.census, "Clients there"));
    add_capacity(course, setting, charts.back());
    if (course.with_queue.contains(setting))
      charts.push_back(course_chart(making, course, setting, course.waiting, "Clients waiting"));
  }
  if (costs.is_there()) charts.push_back(block_chart(costs, "Cost by department, the whole time", "$"));
  if (staff.is_there()) charts.push_back(block_chart(staff, "Staff by role: " + making.names.front(), "FTE"));
  sheet.text({0, 0}, "Charts", xlsx::Look::title);
  sheet.paragraph(
      {1, 0}, 19,
      charts.empty()
          ? "Nothing to draw: results were kept for one period only, and the model has no costs or staff."
          : "Means over runs. Their intervals stand beside the numbers, on the sheet each chart is drawn from.",
      xlsx::Look::note);
  sheet.width(0, 0, 9.0);
  constexpr std::uint32_t kRowsOfAChart = 17;
  constexpr std::uint16_t kColumnsOfAChart = 10;
  for (std::size_t i = 0; i < charts.size(); ++i)
    sheet.chart(
        {3 + kRowsOfAChart * static_cast<std::uint32_t>(i / 2), static_cast<std::uint16_t>(i % 2 * kColumnsOfAChart)},
        charts[i]);
  sheet.freeze({2, 0});
  sheet.print(2, making.footer);
}

}  // namespace tl::workbook
