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
};

/// One box, placed.
struct LaneBox {
  std::uint32_t setting = 0;  ///< row of Catalogue::settings
  double x = 0.0, y = 0.0, width = 0.0, height = 0.0;
};
struct LaneLayout {
  std::vector<LaneBox> boxes;
  std::vector<int> levels;  ///< one a column
  double column_pitch = 0.0, width = 0.0, height = 0.0;
};

/// Columns by level of care, boxes in a column ordered by the middle of their neighbours (barycentre), the file's order
/// between equals. Boxes never touch.
LaneLayout lay_out(const Catalogue& words, const std::vector<BoxNumbers>& numbers);

/// The care network as an SVG element with title and description: colour and name by department, boxes the taller the
/// more clients are in them, arrows the wider the more clients are expected to move. Labels stay inside their boxes.
/// @param numbers  one for each row of Catalogue::settings
std::string lane_map_svg(const Catalogue& words, const std::vector<BoxNumbers>& numbers);

/// The colour of the department in row `index` (Okabe & Ito 2008; then greys).
std::string department_colour(std::size_t index);

}  // namespace tl
