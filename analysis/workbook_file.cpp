#include "analysis/workbook_file.hpp"

#include <xlsxwriter.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <system_error>

#include "analysis/plain_text.hpp"
#include "analysis/publish.hpp"
#include "sim/expects.hpp"

namespace tl::xlsx {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostOfACell = 32'000, kMostOfAName = 31;
/// The file says when it was made; so that equal results are equal bytes, always the same instant: 2000-01-01.
constexpr time_t kMadeAt = 946'684'800;
constexpr lxw_color_t kInk = 0x1B1F24, kSoft = 0x4D555E, kDeep = 0x00558A, kWash = 0xEEF4F8, kLine = 0xD9DEE3,
                      kWeak = 0x8A3B00, kInput = 0xFFF7DC;
constexpr std::uint32_t kMostRows = LXW_ROW_MAX;

void check(lxw_error error) {
  if (error != LXW_NO_ERROR) throw StoreError{std::string{"cannot write the workbook: "} + lxw_strerror(error)};
}

lxw_worksheet* sheet_of(void* sheet) {
  return static_cast<lxw_worksheet*>(sheet);
}
lxw_workbook* book_of(void* book) {
  return static_cast<lxw_workbook*>(book);
}

std::string number_format(int decimals, bool dollars) {
  std::string format = dollars ? "\"$\"#,##0" : "#,##0";
  if (decimals > 0) format += '.' + std::string(static_cast<std::size_t>(decimals), '0');
  return format;
}

bool is_dollars(std::string_view unit) {
  return unit.find('$') != std::string_view::npos;
}

/// In headers and footers & begins a code.
std::string footer_text(const std::string& text) {
  constexpr std::size_t kMost = 70;
  std::string safe;
  for (const char letter : cut_text(plain_line(text), kMost)) safe += letter == '&' ? "&&" : std::string(1, letter);
  return safe;
}

fs::path own_folder() {
  std::string name = (fs::temp_directory_path() / "throughline-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw refused_by_system("make a folder like", name, errno);
  return name;
}

}  // namespace

std::string name_of(Cell cell, bool fixed) {
  std::string letters;
  for (unsigned column = cell.column + 1U; column > 0; column = (column - 1U) / 26U)
    letters.insert(letters.begin(), static_cast<char>('A' + (column - 1U) % 26U));
  const std::string sign = fixed ? "$" : "";
  return sign + letters + sign + std::to_string(cell.row + 1);
}

std::string name_of(const Range& range) {
  return "'" + range.sheet + "'!" + name_of(range.first, true) + ':' + name_of(range.last, true);
}

/// Formats are shared: a workbook may hold some thousands only.
struct Book::Formats {
  std::map<std::pair<Look, std::string>, lxw_format*> made;

  lxw_format* of(lxw_workbook* book, Look look, const std::string& number = {}) {
    lxw_format*& format = made[{look, number}];
    if (format != nullptr) return format;
    format = workbook_add_format(book);
    TL_EXPECTS(format != nullptr);
    format_set_font_name(format, "Calibri");
    format_set_font_color(format, kInk);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    if (!number.empty()) format_set_num_format(format, number.c_str());
    dress(format, look);
    return format;
  }

  static void dress(lxw_format* format, Look look) {
    const bool stands_left = look == Look::plain || look == Look::wrapped || look == Look::weak ||
                             look == Look::strong || look == Look::heading;
    if (stands_left) format_set_indent(format, 1);  // off the numbers before it
    switch (look) {
      case Look::plain:
        break;
      case Look::figure:
        format_set_align(format, LXW_ALIGN_RIGHT);
        break;
      case Look::title:
        format_set_font_size(format, 18);
        format_set_bold(format);
        break;
      case Look::heading:
      case Look::number_heading:
        format_set_bold(format);
        format_set_font_color(format, kSoft);
        format_set_bg_color(format, kWash);
        format_set_bottom(format, LXW_BORDER_THIN);
        format_set_bottom_color(format, kLine);
        format_set_text_wrap(format);
        if (look == Look::number_heading) format_set_align(format, LXW_ALIGN_RIGHT);
        break;
      case Look::strong:
        format_set_bold(format);
        break;
      case Look::note:
        format_set_font_color(format, kSoft);
        format_set_font_size(format, 9);
        format_set_text_wrap(format);
        break;
      case Look::wrapped:
        format_set_text_wrap(format);
        break;
      case Look::finding:
        format_set_font_size(format, 12);
        format_set_text_wrap(format);
        format_set_bg_color(format, kWash);
        format_set_left(format, LXW_BORDER_THICK);
        format_set_left_color(format, kDeep);
        format_set_indent(format, 1);
        break;
      case Look::weak:
        format_set_font_color(format, kWeak);
        format_set_bold(format);
        break;
      case Look::input:
        format_set_bg_color(format, kInput);
        format_set_border(format, LXW_BORDER_THIN);
        format_set_border_color(format, kLine);
        break;
    }
  }
};

Book::Book(const std::string& title, const std::string& about, const std::string& program)
    : folder_{own_folder()}, formats_{std::make_unique<Formats>()} {
  std::string folder = folder_.string();
  lxw_workbook_options options{};
  options.tmpdir = folder.data();
  book_ = workbook_new_opt((folder_ / "workbook.xlsx").c_str(), &options);
  if (book_ == nullptr) throw StoreError{"cannot begin a workbook: there is not enough memory"};
  std::string shown_title = plain_line(title), shown_about = plain_line(about), made_by = plain_line(program);
  lxw_doc_properties properties{};
  properties.title = shown_title.data();
  properties.subject = shown_about.data();
  properties.author = made_by.data();
  properties.created = kMadeAt;
  check(workbook_set_properties(book_of(book_), &properties));
}

Book::~Book() {
  if (book_ != nullptr) lxw_workbook_free(book_of(book_));
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

Sheet& Book::add(const std::string& name) {
  std::string clean;
  for (const char letter : plain_line(name))
    clean += std::string_view{"[]:*?/\\'"}.find(letter) == std::string_view::npos ? letter : ' ';
  clean = cut_text(clean, kMostOfAName);
  const auto is_taken = [&](const std::string& one) {
    return std::any_of(sheets_.begin(), sheets_.end(), [&](const auto& sheet) { return sheet->name_ == one; });
  };
  if (clean.find_first_not_of(' ') == std::string::npos) clean = "Sheet";
  std::string unique = clean;
  for (int number = 2; is_taken(unique); ++number) {
    const std::string suffix = " " + std::to_string(number);
    unique = cut_text(clean, kMostOfAName - suffix.size()) + suffix;
  }
  lxw_worksheet* sheet = workbook_add_worksheet(book_of(book_), unique.c_str());
  TL_EXPECTS(sheet != nullptr);
  worksheet_gridlines(sheet, LXW_HIDE_ALL_GRIDLINES);
  sheets_.push_back(std::unique_ptr<Sheet>{new Sheet{*this, unique, sheet}});
  return *sheets_.back();
}

std::string Book::bytes() {
  lxw_workbook* book = book_of(book_);
  book_ = nullptr;  // closing frees it, also when it fails
  check(workbook_close(book));
  std::ifstream file{folder_ / "workbook.xlsx", std::ios::binary};
  std::string bytes{std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
  if (!file || bytes.empty()) throw StoreError{"cannot read the workbook back from " + folder_.string()};
  return bytes;
}

void Sheet::text(Cell at, std::string_view text, Look look) {
  TL_EXPECTS(at.row < kMostRows);
  const std::string shown = cut_text(plain_line(text), kMostOfACell);
  lxw_format* format = book_.formats_->of(book_of(book_.book_), look);
  if (shown.empty())
    check(worksheet_write_blank(sheet_of(sheet_), at.row, at.column, format));
  else
    check(worksheet_write_string(sheet_of(sheet_), at.row, at.column, shown.c_str(), format));
  constexpr double kTitleHeight = 28.0;
  if (look == Look::title) check(worksheet_set_row(sheet_of(sheet_), at.row, kTitleHeight, nullptr));
  if (look == Look::wrapped) make_room(at, at.column, shown, 11.0);
  constexpr double kBold = 12.5;  // as wide as so much of plain text
  if (look == Look::heading || look == Look::number_heading) make_room(at, at.column, shown, kBold);
}

/// A row's height is stated, as not every program makes room for more lines, and none does for merged cells.
void Sheet::make_room(Cell at, std::uint16_t last_column, const std::string& text, double size) {
  double room = 0.0;
  for (std::uint16_t column = at.column; column <= last_column; ++column) {
    constexpr double kUsualWidth = 8.43;
    room += column < widths_.size() && widths_[column] > 0.0 ? widths_[column] : kUsualWidth;
  }
  const double lines = std::ceil(static_cast<double>(text.size()) * (size / 11.0) * 1.08 / room);
  double& height = heights_[at.row];
  height = std::max(height, std::max(lines, 1.0) * size * 1.36 + 3.0);
  check(worksheet_set_row(sheet_of(sheet_), at.row, height, nullptr));
}

void Sheet::number(Cell at, double value, int decimals, std::string_view unit, Look look) {
  TL_EXPECTS(at.row < kMostRows);
  if (!std::isfinite(value)) return text(at, std::isnan(value) ? "n/a" : "unlimited", look);
  lxw_format* format = book_.formats_->of(book_of(book_.book_), look, number_format(decimals, is_dollars(unit)));
  check(worksheet_write_number(sheet_of(sheet_), at.row, at.column, value, format));
}

void Sheet::formula(Cell at, const std::string& formula, double result, int decimals, std::string_view unit) {
  lxw_format* format =
      book_.formats_->of(book_of(book_.book_), Look::figure, number_format(decimals, is_dollars(unit)));
  check(worksheet_write_formula_num(sheet_of(sheet_), at.row, at.column, formula.c_str(), format, result));
}

void Sheet::formula(Cell at, const std::string& formula, std::string_view result) {
  lxw_format* format = book_.formats_->of(book_of(book_.book_), Look::plain);
  check(worksheet_write_formula_str(sheet_of(sheet_), at.row, at.column, formula.c_str(), format,
                                    plain_line(result).c_str()));
}

void Sheet::paragraph(Cell at, std::uint16_t last_column, std::string_view text, Look look) {
  const std::string shown = cut_text(plain_line(text), kMostOfACell);
  lxw_format* format = book_.formats_->of(book_of(book_.book_), look);
  check(worksheet_merge_range(sheet_of(sheet_), at.row, at.column, at.row, last_column, shown.c_str(), format));
  make_room(at, last_column, shown, look == Look::finding ? 12.0 : look == Look::note ? 9.0 : 11.0);
}

void Sheet::link(Cell at, const std::string& sheet) {
  const std::string target = "internal:'" + sheet + "'!A1";
  check(worksheet_write_url_opt(sheet_of(sheet_), at.row, at.column, target.c_str(), nullptr, sheet.c_str(), nullptr));
}

void Sheet::choice(Cell at, const Range& from, const std::string& title, const std::string& hint) {
  std::string list = '=' + name_of(from), shown_title = title, shown_hint = hint;
  lxw_data_validation validation{};
  validation.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
  validation.value_formula = list.data();
  validation.input_title = shown_title.data();
  validation.input_message = shown_hint.data();
  check(worksheet_data_validation_cell(sheet_of(sheet_), at.row, at.column, &validation));
}

void Sheet::width(std::uint16_t first, std::uint16_t last, double characters) {
  check(worksheet_set_column(sheet_of(sheet_), first, last, characters, nullptr));
  if (widths_.size() <= last) widths_.resize(last + std::size_t{1});
  for (std::size_t column = first; column <= last; ++column) widths_[column] = characters;
}

void Sheet::freeze(Cell first_that_moves) {
  worksheet_freeze_panes(sheet_of(sheet_), first_that_moves.row, first_that_moves.column);
}

void Sheet::filter(Cell first, Cell last) {
  check(worksheet_autofilter(sheet_of(sheet_), first.row, first.column, last.row, last.column));
}

void Sheet::print(std::uint32_t repeated_rows, const std::string& footer) {
  constexpr std::uint8_t kLetter = 1;
  lxw_worksheet* sheet = sheet_of(sheet_);
  worksheet_set_paper(sheet, kLetter);
  worksheet_set_landscape(sheet);
  worksheet_fit_to_pages(sheet, 1, 0);
  worksheet_set_margins(sheet, 0.5, 0.5, 0.6, 0.7);
  if (repeated_rows > 0) check(worksheet_repeat_rows(sheet, 0, repeated_rows - 1));
  const std::string text = "&L&8" + footer_text(footer) + "&C&8&A&R&8Page &P of &N";
  check(worksheet_set_footer(sheet, text.c_str()));
}

namespace {

std::uint8_t kind_of(Chart::Kind kind) {
  switch (kind) {
    case Chart::Kind::line:
      return LXW_CHART_LINE;
    case Chart::Kind::columns:
      return LXW_CHART_COLUMN;
    case Chart::Kind::bars:
      break;
  }
  return LXW_CHART_BAR;
}

void add_series(lxw_chart* chart, const Series& series, bool is_line) {
  lxw_chart_series* added = chart_add_series(chart, nullptr, nullptr);
  TL_EXPECTS(added != nullptr);
  const auto cells = [](const Range& range) { return std::pair{range.first, range.last}; };
  const auto [c1, c2] = cells(series.categories);
  const auto [v1, v2] = cells(series.values);
  chart_series_set_categories(added, series.categories.sheet.c_str(), c1.row, c1.column, c2.row, c2.column);
  chart_series_set_values(added, series.values.sheet.c_str(), v1.row, v1.column, v2.row, v2.column);
  chart_series_set_name_range(added, series.values.sheet.c_str(), series.name.row, series.name.column);
  // the library copies what these hold
  if (is_line) {
    lxw_chart_line line{};
    line.color = series.colour;
    line.width = series.dashed ? 1.5F : 2.25F;
    if (series.dashed) line.dash_type = LXW_CHART_LINE_DASH_DASH;
    chart_series_set_line(added, &line);
  } else {
    lxw_chart_fill fill{};
    fill.color = series.colour;
    chart_series_set_fill(added, &fill);
  }
}

}  // namespace

void Sheet::chart(Cell at, const Chart& wanted) {
  lxw_chart* chart = workbook_add_chart(book_of(book_.book_), kind_of(wanted.kind));
  TL_EXPECTS(chart != nullptr);
  for (const Series& series : wanted.series) add_series(chart, series, wanted.kind == Chart::Kind::line);
  lxw_chart_font title{};
  title.size = 12;
  title.bold = LXW_TRUE;
  // A title that began with = would be taken for a reference.
  const std::string shown = cut_text(plain_line(wanted.title), 200);
  TL_EXPECTS(!shown.empty() && shown.front() != '=');
  chart_title_set_name(chart, shown.c_str());
  chart_title_set_name_font(chart, &title);
  chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
  chart_axis_set_min(chart->y_axis, 0.0);
  chart_axis_set_name(chart->y_axis, wanted.unit.c_str());
  chart_axis_set_num_format(chart->y_axis, "[>=2000000]#,##0.0,,\" million\";#,##0.##");
  lxw_chart_line grid{};
  grid.color = kLine;
  grid.width = 0.75F;
  chart_axis_major_gridlines_set_line(chart->y_axis, &grid);
  chart_axis_set_interval_unit(chart->x_axis, wanted.category_step);
  if (wanted.kind == Chart::Kind::bars) chart_axis_set_reverse(chart->x_axis);
  std::string meaning = cut_text(plain_line(wanted.meaning), 1000);
  lxw_chart_options options{};
  options.description = meaning.data();
  constexpr double kUsualWidth = 480.0, kUsualHeight = 288.0;
  options.x_scale = wanted.width / kUsualWidth;
  options.y_scale = wanted.height / kUsualHeight;
  check(worksheet_insert_chart_opt(sheet_of(sheet_), at.row, at.column, chart, &options));
}

}  // namespace tl::xlsx
