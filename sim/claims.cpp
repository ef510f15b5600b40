#include "sim/simulation.hpp"

// Claims: a client whom an event took away may come back to where they were (semantics 6).
namespace tl {

Simulation::ClaimEffect Simulation::admission_effect(RouteId route, bool temporary) const {
  if (event_routes_.empty()) return ClaimEffect::keep;
  if (!route.exists()) return temporary ? ClaimEffect::keep : ClaimEffect::end;
  if (event_routes_[route.index()]) return ClaimEffect::make;
  return temporary || model_.routes[route.index()].temporary ? ClaimEffect::keep : ClaimEffect::end;
}

Simulation::ClaimEffect Simulation::waiting_effect(RouteId route) const {
  const bool by_event = !event_routes_.empty() && route.exists() && event_routes_[route.index()];
  return by_event ? ClaimEffect::make : ClaimEffect::keep;
}

}  // namespace tl
