#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Pages of a printed paper: text, lines and areas on US Letter, with the structure that reading aids need. Only
// brief_canvas.cpp sees Cairo and Pango.
namespace tl::print {

// In points (1/72 inch).
inline constexpr double kPageWidth = 612.0, kPageHeight = 792.0, kMargin = 54.0;
inline constexpr double kTextWidth = kPageWidth - 2.0 * kMargin;

inline constexpr std::uint32_t kInk = 0x1B1F24, kSoft = 0x4D555E, kDeep = 0x00558A, kSky = 0x0072B2, kLine = 0xD9DEE3,
                               kWash = 0xF1F6F9, kLimit = 0xC04A00, kWeak = 0x8A3B00;

enum class Style : std::uint8_t {
  eyebrow,  ///< the small line above a title
  headline,
  heading,
  lede,  ///< the first sentences
  body,
  caption,
  label,  ///< of a figure, a column
  cell,
  strong_cell,
  weak_cell,
  figure,       ///< a big number
  long_figure,  ///< one with many digits
  axis,
  footer,
};
enum class Align : std::uint8_t { left, right, centre };

/// Where a text stands and how much room it has.
struct Box {
  double x = 0.0, y = 0.0, width = kTextWidth;
  int most_lines = 0;  ///< what is more is cut with an ellipsis; 0 = all
  Align align = Align::left;
};
struct Point {
  double x = 0.0, y = 0.0;
};

/// What a text is to those who have it read to them: a tag of PDF's standard structure (H1, P, TD …).
using Tag = const char*;

struct About {
  std::string title, author, subject, keywords;
};

class Paper {
 public:
  explicit Paper(const About& about);
  ~Paper();
  Paper(const Paper&) = delete;
  Paper& operator=(const Paper&) = delete;

  /// Ends the page before it, if there is one. @param bookmark  how the outline names it
  void begin_page(const std::string& bookmark);
  std::size_t pages() const { return pages_; }
  /// The file. Nothing can be drawn afterwards. @throws StoreError
  std::string bytes();

  /// @returns the height it takes
  double text(const Box& box, std::string_view text, Style style, Tag tag = "P", std::uint32_t colour = kNoColour);
  double height_of(const Box& box, std::string_view text, Style style) const;
  double width_of(std::string_view text, Style style) const;

  void rectangle(Point at, double width, double height, std::uint32_t colour);
  void line(const std::vector<Point>& points, std::uint32_t colour, double width, bool dashed = false);
  void area(const std::vector<Point>& points, std::uint32_t colour, double opacity);

  /// Everything that is drawn until end() belongs to one element of the structure (Table, TR, Figure, L …).
  void begin(Tag tag);
  void end(Tag tag);

  /// A line of the outline that leads to this place on this page.
  void bookmark(const std::string& words, double y);

  /// What was set, page by page: running text (sentences), and all there is.
  struct Told {
    std::size_t page = 0;  ///< from 1
    Style style = Style::body;
    std::string text;
  };
  const std::vector<Told>& told() const { return told_; }
  /// Empty, or that the font is not there and which one is used for it.
  const std::string& warning() const { return warning_; }

  static constexpr std::uint32_t kNoColour = 0xFFFFFFFF;  ///< that of the style

 private:
  struct Drawing;
  std::unique_ptr<Drawing> drawing_;
  std::size_t pages_ = 0;
  std::vector<Told> told_;
  std::string warning_;
};

}  // namespace tl::print
