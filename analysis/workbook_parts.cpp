#include "analysis/workbook_parts.hpp"

#include <algorithm>

#include "analysis/numbers.hpp"
#include "sim/expects.hpp"

namespace tl::workbook {

using xlsx::Cell;
using xlsx::Look;

const std::string& Making::name_of(const std::string& scenario) const {
  for (std::size_t i = 0; i < study.scenarios.size(); ++i)
    if (study.scenarios[i].id == scenario) return names[i];
  TL_EXPECTS(!names.empty());
  return names.front();
}

xlsx::Sheet& begin_table(Making& making, const std::string& name, const std::string& title, const std::string& remark,
                         const std::vector<Column>& columns, std::uint16_t fixed) {
  xlsx::Sheet& sheet = making.book.add(name);
  std::uint16_t c = 0;
  for (const Column& column : columns) {
    sheet.width(c, c, column.width);
    sheet.text({kFirstRow - 1, c}, column.title, column.is_number ? Look::number_heading : Look::heading);
    ++c;
  }
  sheet.text({0, 0}, title, Look::title);
  constexpr std::uint16_t kRemarkOver = 6;
  const auto last = static_cast<std::uint16_t>(std::min<std::size_t>(kRemarkOver, columns.size() - 1));
  if (last > 0)
    sheet.paragraph({1, 0}, last, remark, Look::note);
  else
    sheet.text({1, 0}, remark, Look::note);
  sheet.freeze({kFirstRow, fixed});
  sheet.print(kFirstRow, making.footer);
  return sheet;
}

void end_table(xlsx::Sheet& sheet, std::size_t rows, std::size_t columns) {
  if (rows == 0 || columns == 0) return;
  sheet.filter({kFirstRow - 1, 0},
               {kFirstRow - 1 + static_cast<std::uint32_t>(rows), static_cast<std::uint16_t>(columns - 1)});
}

void number(Making& making, xlsx::Sheet& sheet, Cell at, double value, int decimals, const std::string& unit,
            NumberSource from) {
  sheet.number(at, value, decimals, unit);
  making.numbers.push_back({sheet.name() + '!' + name_of(at), exact(value), value, std::move(from)});
}

int decimals_of(const Estimate& estimate) {
  return shown_decimals(estimate.mean, estimate.half_width());
}

void estimate(Making& making, xlsx::Sheet& sheet, Cell at, const Estimate& estimate, const std::string& unit,
              const NumberSource& from) {
  const int decimals = decimals_of(estimate);
  const auto put = [&](std::uint16_t offset, double value, NumberSource::What what) {
    NumberSource source = from;
    if (source.what != NumberSource::What::base_mean) source.what = what;
    const Cell cell{at.row, static_cast<std::uint16_t>(at.column + offset)};
    number(making, sheet, cell, value, decimals, unit, std::move(source));
  };
  if (estimate.count == 0) return sheet.text(at, "n/a");
  put(0, estimate.mean, NumberSource::What::mean);
  if (!estimate.has_interval()) return;
  put(1, *estimate.low, NumberSource::What::low);
  put(2, *estimate.high, NumberSource::What::high);
}

}  // namespace tl::workbook
