#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// A workbook for Excel and LibreOffice, as far as ours need one. Only workbook_file.cpp sees libxlsxwriter.
//
// Whatever comes from a model is written as text: no name can become a formula, a link or a code of a page's footer.
namespace tl::xlsx {

/// How a cell looks.
enum class Look : std::uint8_t {
  plain,
  figure,  ///< a number, to the right
  title,
  heading,         ///< of a column
  number_heading,  ///< the same, to the right
  strong,
  note,     ///< small and grey
  wrapped,  ///< in as many lines as it needs
  finding,  ///< a sentence to be read first
  weak,     ///< asks for attention
  input,    ///< the reader may type here
};

struct Cell {
  std::uint32_t row = 0;  ///< from 0, as columns
  std::uint16_t column = 0;
};
/// "D7"; with `fixed` "$D$7".
std::string name_of(Cell cell, bool fixed = false);

/// Cells of one column or row.
struct Range {
  std::string sheet;
  Cell first, last;
};
/// "'Key numbers'!$D$5:$D$9"
std::string name_of(const Range& range);

struct Series {
  Cell name;  ///< on the sheet of the values
  Range categories, values;
  std::uint32_t colour = 0;  ///< 0xRRGGBB
  bool dashed = false;
};
struct Chart {
  enum class Kind : std::uint8_t { line, columns, bars } kind = Kind::line;
  std::string title, unit;
  std::string meaning;  ///< for those who cannot see it
  std::vector<Series> series;
  std::uint16_t category_step = 1;          ///< every so many categories have a label
  std::uint32_t width = 620, height = 300;  ///< pixels
};

class Book;

/// One sheet. Cells are written in any order.
class Sheet {
 public:
  const std::string& name() const { return name_; }
  void text(Cell at, std::string_view text, Look look = Look::plain);
  /// NaN is "n/a", infinity "unlimited".
  /// @param decimals  shown; the cell holds the number itself  @param unit  dollars get their sign before the number
  void number(Cell at, double value, int decimals, std::string_view unit = {}, Look look = Look::figure);
  /// @param formula  of cell names and our own words only  @param result  what it comes to, for programs that do not
  /// calculate
  void formula(Cell at, const std::string& formula, double result, int decimals, std::string_view unit = {});
  void formula(Cell at, const std::string& formula, std::string_view result);
  /// A text over several columns, in as many lines as it needs.
  void paragraph(Cell at, std::uint16_t last_column, std::string_view text, Look look);
  /// Goes to the top of another sheet.
  void link(Cell at, const std::string& sheet);
  /// The cell is chosen from these.
  void choice(Cell at, const Range& from, const std::string& title, const std::string& hint);
  void width(std::uint16_t first, std::uint16_t last, double characters);
  void freeze(Cell first_that_moves);
  void filter(Cell first, Cell last);
  void chart(Cell at, const Chart& chart);
  /// Letter, landscape, one page wide. @param repeated  rows from the top that stand on every page
  void print(std::uint32_t repeated_rows, const std::string& footer);

 private:
  friend class Book;
  Sheet(Book& book, std::string name, void* sheet) : book_{book}, name_{std::move(name)}, sheet_{sheet} {}
  void make_room(Cell at, std::uint16_t last_column, const std::string& text, double size);

  Book& book_;
  std::string name_;
  void* sheet_;                              ///< lxw_worksheet
  std::map<std::uint32_t, double> heights_;  ///< of the rows that were given one [points]
  std::vector<double> widths_;               ///< of the columns that were given one [characters]; 0 = not given
};

class Book {
 public:
  /// @throws StoreError  when there is no room for the file in the making
  Book(const std::string& title, const std::string& about, const std::string& program);
  ~Book();
  Book(const Book&) = delete;
  Book& operator=(const Book&) = delete;

  /// @param name  cleaned of what a sheet's name must not hold, cut to 31 characters, and made different from others
  Sheet& add(const std::string& name);
  /// The file. Nothing can be written afterwards. @throws StoreError
  std::string bytes();

 private:
  friend class Sheet;
  struct Formats;
  std::filesystem::path folder_;  ///< of its own: the library writes a file, and others while it does
  void* book_ = nullptr;          ///< lxw_workbook
  std::unique_ptr<Formats> formats_;
  std::vector<std::unique_ptr<Sheet>> sheets_;
};

}  // namespace tl::xlsx
