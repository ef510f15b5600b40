#include "analysis/guarded_json.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "analysis/store_error.hpp"

namespace tl {

nlohmann::ordered_json parse_guarded(const std::string& text) {
  using nlohmann::ordered_json;
  constexpr int kDeepest = 4;
  std::vector<std::set<std::string>> keys;
  const auto guard = [&keys](int depth, ordered_json::parse_event_t event, ordered_json& value) {
    using Event = ordered_json::parse_event_t;
    if (depth > kDeepest) throw StoreError{"it is nested too deeply"};
    if (event == Event::object_start) keys.emplace_back();
    if (event == Event::object_end) keys.pop_back();
    if (event == Event::key && !keys.back().insert(value.get<std::string>()).second)
      throw StoreError{"the name \"" + value.get<std::string>() + "\" stands twice"};
    return true;
  };
  return ordered_json::parse(text, guard);
}

}  // namespace tl
