#include <algorithm>
#include <cmath>

#include "models/compile_builder.hpp"

// Settings with their queues; routes with shares, actions and handoffs.
namespace tl::compiling {
namespace {

constexpr double kSlack = 1e-9;

RouteKind route_kind(Destination to) {
  switch (to) {
    case Destination::setting:
      return RouteKind::move;
    case Destination::leave:
      return RouteKind::leave;
    case Destination::stay:
      return RouteKind::stay_again;
    case Destination::go_back:
      return RouteKind::go_back;
    default:
      return RouteKind::end;
  }
}

ActionKind action_kind(Verb verb) {
  switch (verb) {
    case Verb::set:
      return ActionKind::set_trait;
    case Verb::count:
      return ActionKind::count_outcome;
    case Verb::end:
      return ActionKind::end_program;
    case Verb::drop:
      return ActionKind::drop_request;
    case Verb::enrol:
      return ActionKind::enrol;
    default:
      return ActionKind::request;
  }
}

}  // namespace

ReasonId Builder::reason(const std::string& name) {
  auto at = std::find(words_.reasons.begin(), words_.reasons.end(), name);
  if (at == words_.reasons.end()) at = words_.reasons.insert(at, name);
  return ReasonId{static_cast<std::uint32_t>(at - words_.reasons.begin())};
}

RouteId Builder::leave_route(std::uint32_t reason_row) {
  Route made;
  made.kind = RouteKind::leave;
  made.reason = ReasonId{reason_row};
  out_.routes.push_back(made);
  return RouteId{static_cast<std::uint32_t>(out_.routes.size() - 1)};
}

TableId Builder::chance(const ActionSpec& spec, const std::string& path, const Known& known) {
  if (spec.share >= 1.0 && spec.when.clauses.empty()) return TableId::none();
  const Owner owner{path, spec.at};
  if (!(spec.share >= 0.0 && spec.share <= 1.0))
    problem(owner, code("share-range"), "has a share of " + shown(spec.share), "must be from 0 to 1");
  const Space space = space_of({&spec.when}, known, owner);
  return table(space, {start_day()}, owner, [&](const Combination& combination, double) {
    return number(holds(spec.when, space, combination) ? spec.share : 0.0);
  });
}

ActionList Builder::actions(const std::vector<ActionSpec>& specs, const std::string& path, const Known& known) {
  std::vector<Action> made;
  Known here = known;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const ActionSpec& spec = specs[i];
    const std::string name = path + "#" + std::to_string(i + 1);
    Action action;
    action.kind = action_kind(spec.verb);
    action.keep = spec.keep;
    if (spec.verb == Verb::set) {
      action.shift = trait_bits(spec.trait).shift;
      action.bits = trait_bits(spec.trait).bits;
      action.value = spec.value;
    }
    if (spec.verb == Verb::count) action.outcome = OutcomeId{spec.outcome};
    if (spec.setting) action.setting = SettingId{*spec.setting};
    ask_for(spec, action);
    action.chance = chance(spec, name, here);
    action.draw_id = id_of(name);
    made.push_back(action);
    // What an earlier action may have changed is not known any more to a later one.
    here.newcomer = here.newcomer && (spec.verb == Verb::set || spec.verb == Verb::count);
    if (spec.verb == Verb::set)
      std::erase_if(here.traits, [&](const auto& given) { return given.first == spec.trait; });
  }
  const auto first = static_cast<std::uint32_t>(out_.actions.size());
  out_.actions.insert(out_.actions.end(), made.begin(), made.end());
  return {first, static_cast<std::uint32_t>(made.size())};
}

HandoffId Builder::handoff(const HandoffSpec& spec) {
  Handoff made;
  if (spec.delay) made.delay = distribution_table(*spec.delay, {});
  if (spec.lost &&
      !(spec.lost->base == 0.0 && spec.lost->vary.empty() && spec.lost->dated.empty() && spec.lost->switched.empty())) {
    made.lost = number_table(*spec.lost, {}, 0.0, 1.0);
    if (spec.lost_setting) {
      Route route;
      route.kind = RouteKind::move;
      route.goal = SettingId{*spec.lost_setting};
      out_.routes.push_back(route);
      made.lost_to = RouteId{static_cast<std::uint32_t>(out_.routes.size() - 1)};
    } else if (spec.lost_reason < model_.reasons.size()) {
      made.lost_to = leave_route(spec.lost_reason);
    } else {
      made.lost_to = leave_route(reason("lost").index());
    }
  }
  if (spec.during) made.during = SettingId{*spec.during};
  if (!made.delay.exists() && !made.lost.exists()) return HandoffId::none();
  out_.handoffs.push_back(made);
  return HandoffId{static_cast<std::uint32_t>(out_.handoffs.size() - 1)};
}

/// The most particular row wins: both departments named, then one named, then within or across, then any; of equals the
/// first.
void Builder::department_handoffs() {
  const auto count = static_cast<std::uint32_t>(model_.departments.size());
  if (model_.handoffs.empty()) return;
  std::vector<HandoffId> made;
  for (const HandoffRow& row : model_.handoffs) made.push_back(handoff(row.handoff));
  const auto weight = [](const HandoffRow& row) {
    return (row.from ? 2 : 0) + (row.to ? 2 : 0) + (row.between != HandoffRow::Between::any ? 1 : 0);
  };
  for (std::uint32_t from = 0; from < count; ++from)
    for (std::uint32_t to = 0; to < count; ++to) {
      int best = -1;
      HandoffId chosen;
      for (std::size_t i = 0; i < model_.handoffs.size(); ++i) {
        const HandoffRow& row = model_.handoffs[i];
        const bool fits =
            row.from.value_or(from) == from && row.to.value_or(to) == to &&
            (row.between == HandoffRow::Between::any || (row.between == HandoffRow::Between::within) == (from == to));
        if (!fits || weight(row) <= best) continue;
        best = weight(row);
        chosen = made[i];
      }
      out_.department_handoffs.push_back(chosen);
    }
}

RouteId Builder::route(const RouteSpec& spec, const std::string& path, const Known& known, bool from_outside) {
  Route made;
  made.kind = route_kind(spec.to);
  if (spec.to == Destination::setting) {
    made.goal = SettingId{spec.setting};
    made.waiting = spec.wait == WaitIn::place  ? Waiting::place
                   : spec.wait == WaitIn::line ? Waiting::line
                                               : Waiting::in_place;
    if (from_outside && made.waiting == Waiting::in_place) made.waiting = Waiting::line;  // a newcomer has no place yet
    if (spec.wait == WaitIn::place) made.wait_place = SettingId{spec.wait_place};
    if (spec.request) made.terms = TermsId{*spec.request};
  }
  if (spec.to == Destination::leave) made.reason = ReasonId{spec.reason};
  if (spec.to == Destination::go_back) go_back(spec, made);
  made.temporary = spec.temporary || (spec.to == Destination::setting && model_.settings[spec.setting].temporary);
  made.actions = actions(spec.actions, path + ".do", known);
  if (spec.delay) made.delay = distribution_table(*spec.delay, known);
  if (spec.handoff) {
    made.handoff = handoff(*spec.handoff);
    made.handoff_given = true;
  }
  out_.routes.push_back(made);
  return RouteId{static_cast<std::uint32_t>(out_.routes.size() - 1)};
}

/// A way back, and the way of those who have no claim any more.
void Builder::go_back(const RouteSpec& spec, Route& made) {
  made.waiting = spec.wait == WaitIn::place  ? Waiting::place
                 : spec.wait == WaitIn::line ? Waiting::line
                                             : Waiting::in_place;
  if (spec.wait == WaitIn::place) made.wait_place = SettingId{spec.wait_place};
  if (!spec.no_claim) return;
  if (*spec.no_claim == Destination::leave) {
    made.no_claim = leave_route(spec.no_claim_reason);
    return;
  }
  Route other;
  other.kind = RouteKind::move;
  other.goal = SettingId{spec.no_claim_setting};
  other.waiting = made.waiting;
  other.wait_place = made.wait_place;
  out_.routes.push_back(other);
  made.no_claim = RouteId{static_cast<std::uint32_t>(out_.routes.size() - 1)};
}

std::uint32_t Builder::store_choices(const std::vector<std::pair<double, RouteId>>& shares) {
  std::vector<Choice> made;
  double cumulative = 0.0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    cumulative += shares[i].first;
    const double below = std::floor(std::min(cumulative, 1.0) * 0x1p32 + 0.5);
    const bool last = i + 1 == shares.size();
    made.push_back({last ? 0xffffffffU : static_cast<std::uint32_t>(std::min(below, 0x1p32 - 1.0)), shares[i].second});
  }
  std::vector<std::uint64_t> key;
  for (const Choice& choice : made) key.insert(key.end(), {choice.below, choice.route.index()});
  const auto [at, is_new] = choice_rows_.emplace(std::move(key), static_cast<std::uint32_t>(out_.choice_lists.size()));
  if (!is_new) return at->second;
  out_.choice_lists.push_back(
      {static_cast<std::uint32_t>(out_.choices.size()), static_cast<std::uint32_t>(made.size())});
  out_.choices.insert(out_.choices.end(), made.begin(), made.end());
  return at->second;
}

std::uint32_t Builder::choice_list(const std::vector<RouteSpec>& specs, const std::vector<RouteId>& routes,
                                   const Owner& owner, const Space& space, const Combination& combination,
                                   double days) {
  std::vector<std::pair<double, RouteId>> shares;
  std::optional<std::size_t> remainder;
  double sum = 0.0;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const RouteSpec& spec = specs[i];
    if (!holds(spec.when, space, combination)) continue;
    if (!spec.share) {
      if (remainder && specs[*remainder].when.clauses.empty())
        problem({owner.path, spec.at}, code("otherwise-twice"), "has two routes that take the remainder",
                "the second is never taken", "Give one of them a share or a condition");
      if (remainder) continue;
      remainder = i;
      shares.emplace_back(-1.0, routes[i]);
      continue;
    }
    const double share = value_of(*spec.share, space, combination, days);
    if (!(share >= 0.0 && share <= 1.0))
      problem({owner.path, spec.at}, code("share-range"),
              "has a share of " + shown(share) + " for " + describe(space, combination), "must be from 0 to 1");
    sum += share;
    shares.emplace_back(share, routes[i]);
  }
  if (sum > 1.0 + kSlack)
    problem(owner, code("shares-over"), "has shares that sum to " + shown(sum) + " for " + describe(space, combination),
            "all clients are 1", "Lower the shares, or leave one empty: it takes the remainder");
  else if (sum < 1.0 - kSlack && !remainder)
    problem(owner, code("shares-under"),
            "has shares that sum to " + shown(sum) + " for " + describe(space, combination),
            "nothing says where the other " + shown(1.0 - sum) + " go", "Add a route with the share \"otherwise\"");
  for (auto& [share, id] : shares)
    if (share < 0.0) share = sum < 1.0 - kSlack ? 1.0 - sum : 0.0;
  std::erase_if(shares, [](const auto& one) { return !(one.first > 0.0); });
  return store_choices(shares);
}

/// @param guard  where it does not hold the choice is never made, and the shares need not sum to 1; may be null
TableId Builder::choice_table(const std::vector<RouteSpec>& specs, const Owner& owner, const Known& known,
                              bool from_outside, const Guard* guard) {
  if (specs.empty()) {
    problem(owner, code("routes-none"), "leads nowhere", "nothing says what happens", "Give it a destination");
    return TableId::none();
  }
  std::vector<RouteId> routes;
  std::vector<const Condition*> conditions;
  if (guard != nullptr) conditions = guard->conditions;
  Epochs epochs;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    routes.push_back(route(specs[i], owner.path + ".routes#" + std::to_string(i + 1), known, from_outside));
    conditions.push_back(&specs[i].when);
    if (!specs[i].share) continue;
    add_conditions(*specs[i].share, conditions);
    add_changes(*specs[i].share, epochs);
  }
  finish(epochs);
  const Space space = space_of(conditions, known, owner);
  return table(space, epochs, owner, [&](const Combination& combination, double days) {
    if (guard != nullptr && !guard->holds(space, combination)) return store_choices({{1.0, routes[0]}});
    return choice_list(specs, routes, owner, space, combination, days);
  });
}

void Builder::setting(std::uint32_t row) {
  const SettingSpec& spec = model_.settings[row];
  const std::string path = "settings." + spec.words.id;
  Known here;
  if (!spec.is_program) here.place = row;
  if (spec.stay) {
    out_.settings[row].stay = distribution_table(*spec.stay, here);
    if (spec.routes.empty())
      problem({path, spec.at}, code("routes-none"), "has a stay that ends, and no routes",
              "nothing says where clients go then", "Add a row to routes, or write stay = \"until_moved\"");
    else
      out_.settings[row].choices = choice_table(spec.routes, {path, spec.at}, here, false);
  }
  out_.settings[row].on_entry = actions(spec.on_entry, path + ".on_entry", here);
  queue(row);
  more_of(row, here);
  if (spec.turnaround) out_.settings[row].turnaround = distribution_table(*spec.turnaround, here);
  out_.settings[row].return_window = SimTime::from_days(spec.return_days);
}

}  // namespace tl::compiling
