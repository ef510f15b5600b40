#include "scenarios/lever_change.hpp"

namespace tl {

Change full_strength(const LeverSpec& lever) {
  Change change{.kind = Change::Kind::set, .path = "levers." + lever.id, .value = {}, .at = lever.at};
  change.value.kind = Cell::Kind::number;
  change.value.number = 1.0;
  change.value.text = "1";
  change.value.at = change.value.key_at = lever.at;
  return change;
}

}  // namespace tl
