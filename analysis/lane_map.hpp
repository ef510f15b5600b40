#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "models/catalogue.hpp"

namespace tl {

/// What a box of the map says beside its name.
struct BoxNumbers {
  double census = 0.0;  ///< mean; NaN = not known (a model that was not run)
  std::string label;    ///< "43.2 of 46"
  std::string note{};   ///< a line of its own, such as the pool whose units it uses; empty = none
};

/// One box, placed.
struct LaneBox {
  std::uint32_t setting = 0;  ///< row of Catalogue::settings
  double x = 0.0, y = 0.0, width = 0.0, height = 0.0;
  std::size_t column = 0;
};
/// A level of care: one column of boxes, or several where there are many.
struct Lane {
  int level = 0;
  double x = 0.0, width = 0.0;
};
/// A stretch on which an arrow runs level; between two stretches it swings from the end of one to the start of the
/// next.
struct Stretch {
  double x_from = 0.0, x_to = 0.0, y = 0.0;
};
struct LaneArrow {
  Link link;
  double width = 0.0;
  std::vector<Stretch> way;  ///< from box to box; none of it lies behind another box
  double bulge = 0.0;        ///< within a column: how far the arc swings out to the right; else 0
};
struct LaneLayout {
  std::vector<LaneBox> boxes;               ///< places first, programs in their own band below
  std::vector<Lane> lanes;                  ///< by level
  std::vector<LaneArrow> arrows;            ///< widest first
  std::size_t left_out = 0;                 ///< arrows too small to be drawn
  double left_out_share = 0.0;              ///< of all moves
  double most_per_day = 0.0;                ///< what the widest arrow stands for
  double places_y = 0.0, programs_y = 0.0;  ///< top of the bands; equal where there are no programs
  double width = 0.0, height = 0.0;
};

/// Lanes by level of care; in a lane the boxes are ordered by the middle of their neighbours (barycentre), the file's
/// order between equals; programs stand in a band of their own below the places. Boxes never touch, and arrows run
/// through the gaps between them. Lines and pools have no box. The smallest arrows, 5 % of all moves at most, are left
/// out unless they are the largest of a box.
/// @param numbers  one for each row of Catalogue::settings
LaneLayout lay_out(const Catalogue& words, const std::vector<BoxNumbers>& numbers);

inline constexpr double kNameSize = 11.5, kLabelRow = 14.0;
inline constexpr double kLabelRoom = 130.0;  ///< width of a box left to its labels
/// A setting's name in at most three lines that fit its box; broken at a space where there is one, cut where it is too
/// long.
std::vector<std::string> name_lines(const std::string& name);

/// Width of an arrow of the map [px].
double arrow_width(double per_day, double most_per_day);

/// The care network as an SVG element with title and description: colour and name by department, boxes the taller the
/// more clients are in them, arrows the wider the more clients are expected to move. Labels never overlap.
std::string lane_map_svg(const Catalogue& words, const std::vector<BoxNumbers>& numbers);

/// The same as a file of its own, with heading, legend and `notes` below. Its description tells the network in words.
std::string lane_map_file(const Catalogue& words, const std::vector<BoxNumbers>& numbers,
                          const std::vector<std::string>& notes);

/// The colour of the department in row `index` (Okabe & Ito 2008; then greys).
std::string department_colour(std::size_t index);

}  // namespace tl
