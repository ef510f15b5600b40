#pragma once
#include <optional>
#include <string>
#include <vector>

namespace tl {

/// A table with columns of its own, for people and for machines. A column may be for one of them only: people read
/// "80.2 (78.1 to 82.3)" where a machine gets three numbers.
struct WideColumn {
  std::string name;     ///< for machines: "wait_low"; empty = not for them
  std::string heading;  ///< for people; empty = not for them
  bool number = false;
};
struct WideCell {
  std::string text;             ///< for people; for machines too where the column is no number
  std::optional<double> exact;  ///< for machines; none = empty
};
struct WideTable {
  std::string name;
  std::vector<WideColumn> columns;
  std::vector<std::vector<WideCell>> rows;
  std::vector<std::string> before, notes;  ///< lines for people above and below
  std::size_t most_shown = 0;              ///< rows for people, half of them from each end; 0 = all
};

std::string to_text(const WideTable& table);
std::string to_csv(const WideTable& table);
/// {"format": 1, "kind": "throughline.NAME", "rows": [{column: value}]}; null where there is no number.
std::string to_json(const WideTable& table);

}  // namespace tl
