#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace tl {

/// A table of texts for the terminal or a spreadsheet.
struct Grid {
  struct Column {
    std::string name;
    bool right = false;    ///< numbers stand to the right
    std::size_t most = 0;  ///< characters shown to people, the rest is cut; 0 = all
  };
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;  ///< as many cells as columns
};

/// Aligned columns with one heading line. Control characters become spaces.
std::string to_text(const Grid& grid);
/// RFC 4180 with one heading line.
std::string to_csv(const Grid& grid);

/// "1 setting", "3 settings".
std::string counted(std::size_t count, const std::string& one, const std::string& many);
/// As a shell takes it for one word: in single quotes where that is needed.
std::string shell_word(const std::string& text);

}  // namespace tl
