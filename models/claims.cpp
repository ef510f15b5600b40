#include "models/claims.hpp"

#include <algorithm>

namespace tl {
namespace {

template <class Rows>
bool any_return(const Rows& rows) {
  return std::any_of(rows.begin(), rows.end(), [](const auto& row) {
    return std::any_of(row.routes.begin(), row.routes.end(),
                       [](const RouteSpec& route) { return route.to == Destination::go_back; });
  });
}

}  // namespace

bool has_return(const Model& model) {
  return any_return(model.settings) || any_return(model.events) || any_return(model.timers);
}

bool keeps_claim(const SettingSpec& setting) {
  return !setting.is_program && (setting.hold || !is_limited(setting));
}

}  // namespace tl
