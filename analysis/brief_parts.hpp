#pragma once
#include <string>
#include <vector>

#include "analysis/brief_canvas.hpp"
#include "analysis/brief_text.hpp"
#include "analysis/traced.hpp"

// How the parts of the brief are set on its pages.
namespace tl::brief {

/// A page in the making: what comes next stands at `y`.
struct Flow {
  print::Paper& paper;
  std::vector<TracedNumber>& numbers;
  double y = 0.0;

  double room() const;
  std::string place() const;
};

void heading(Flow& flow, const std::string& text);
void paragraph(Flow& flow, const std::string& text, print::Style style = print::Style::body);
/// A text, and the numbers in it; once it is printed they are noted.
struct Words {
  std::string text;
  std::vector<TracedNumber> numbers;
};
/// "80.2 (78.1 to 82.3)", or the mean and why there is no interval. The interval stays on one line; what is the same in
/// every run is "fixed".
/// @param unit  what is shown is divided by it: 1e6 for millions, which the heading has to say
Words told(const ResultRow& row, const std::string& versus, double unit = 1.0);
/// "(78.1 to 82.3)", which is not torn at the end of a line.
std::string in_brackets(const std::string& interval);
void note(Flow& flow, const std::vector<TracedNumber>& numbers);

struct Cell {
  std::string text;
  print::Style style = print::Style::cell;
  std::vector<TracedNumber> numbers = {};
};
Cell cell_of(Words words, print::Style style = print::Style::cell);
struct Column {
  std::string title;
  double share = 1.0;  ///< of the width, in parts
  print::Align align = print::Align::left;
};
struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
};
/// Draws as many rows as there is room for above `bottom`. @returns how many
std::size_t draw(Flow& flow, const Table& table, double bottom);
/// Height of its heading and rows.
double height_of(const print::Paper& paper, const Table& table);
/// How many of its rows stand within a height [points], below its heading.
std::size_t rows_within(const print::Paper& paper, const Table& table, double height);

/// The three figures, side by side.
void key_figures(Flow& flow, const Facts& facts);

/// Need against the funded limit of one setting, as it is and with the chosen plan; @returns what it shows in words,
/// empty where nothing can be drawn (results of one period only).
struct NeedChart {
  std::string title, note;
  bool has_limit = false, has_two = false;
  bool is_usable = false;  ///< the limit follows staff or rules: a mean over runs, not the funded number
};
NeedChart need_chart(Flow& flow, const Facts& facts, double height);

Table comparison_table(const Facts& facts);
/// The settings with the longest queues.
Table wait_table(const Facts& facts);
Table level_table(const Facts& facts);
Table cost_table(const Facts& facts, const std::string& kind);
Table staff_table(const Facts& facts);
Table equity_table(const Facts& facts);
Table assumptions_table(const Facts& facts);

}  // namespace tl::brief
