#include <algorithm>
#include <cmath>
#include <map>

#include "models/read_context.hpp"
#include "models/suggest.hpp"

namespace tl::reading {
namespace {

/// Whose routes a row of the table adds to.
struct Owner {
  Origin origin = Origin::place;
  std::uint32_t index = 0;
};

/// The table of a kind of origin that is no setting, and the ids in it.
std::string_view table_of(Origin origin) {
  return origin == Origin::arrival ? "arrivals" : origin == Origin::event ? "events" : "timers";
}
const Names& names_of(const Context& context, Origin origin) {
  return origin == Origin::arrival ? context.arrivals : origin == Origin::event ? context.events : context.timers;
}

std::optional<Owner> read_owner(Context& context, const Cell& cell, const std::string& field) {
  const std::optional<std::string> text = read_text(context, cell, field);
  if (!text) return std::nullopt;
  const std::size_t dot = text->find('.');
  const std::string_view group = std::string_view{*text}.substr(0, std::min(dot, text->size()));
  for (const Origin origin : {Origin::arrival, Origin::event, Origin::timer}) {
    if (dot == std::string::npos || group != table_of(origin)) continue;
    const Cell id = piece_of(cell, dot + 1, std::string_view{*text}.substr(dot + 1));
    const auto index = find_name(context, id, field, names_of(context, origin));
    if (!index) return std::nullopt;
    return Owner{origin, *index};
  }
  const auto index = find_name(context, cell, field, context.settings);
  if (!index) return std::nullopt;
  return Owner{context.setting_facts[*index].is_program ? Origin::program : Origin::place, *index};
}

void refuse_destination(Context& context, const Cell& cell, const std::string& field, std::string why,
                        std::string hint) {
  context.error(cell.at, code("destination-bad"), field, '"' + cell.text + "\" is not possible here", std::move(why),
                std::move(hint));
}

/// The text of a destination, without the question what is possible where.
bool read_to(Context& context, const Cell& cell, const std::string& field, RouteSpec& route) {
  const std::optional<std::string> text = read_text(context, cell, field);
  if (!text) return false;
  if (text->rfind("leave", 0) == 0 && (text->size() == 5 || (*text)[5] == ':')) {
    const Cell reason = piece_of(cell, std::min<std::size_t>(6, text->size()),
                                 std::string_view{*text}.substr(std::min<std::size_t>(6, text->size())));
    if (reason.text.empty()) {
      refuse_destination(context, cell, field, "those who leave are counted by a reason", "Write leave:done.");
      return false;
    }
    if (!check_id(context, reason.text, reason.at, field)) return false;
    route.to = Destination::leave;
    route.reason = context.reasons.add(reason.text);
    return true;
  }
  if (*text == "stay" || *text == "end") {
    route.to = *text == "stay" ? Destination::stay : Destination::end;
    return true;
  }
  if (*text == "return") {
    route.to = Destination::go_back;
    return true;
  }
  if (*text == "otherwise") {
    refuse_destination(context, cell, field, "otherwise is a share, not a destination", "Write share = \"otherwise\".");
    return false;
  }
  const auto asked = find_asked(context, cell, field);
  if (!asked) return false;
  route.to = Destination::setting;
  route.setting = asked->setting;
  route.request = asked->request;
  return true;
}

/// Whether the destination is possible from there.
bool check_to(Context& context, const Cell& cell, const std::string& field, const RouteSpec& route, Origin origin) {
  const auto refuse = [&](std::string why, std::string hint) {
    refuse_destination(context, cell, field, std::move(why), std::move(hint));
    return false;
  };
  const bool is_program = route.to == Destination::setting && context.setting_facts[route.setting].is_program;
  const std::string id = cell.text;
  switch (origin) {
    case Origin::place:
      if (route.to == Destination::end)
        return refuse("a stay in a place ends by going somewhere", "Write leave:done, or stay.");
      if (is_program)
        return refuse("a client leaves a place for a place; a program runs beside it",
                      "Name a place, and write do = \"request " + id + "\".");
      return true;
    case Origin::program:
      if (route.to == Destination::leave || route.to == Destination::go_back)
        return refuse("the end of a program's stay moves nobody", "Write end; leave the model from a place.");
      if (route.to == Destination::setting && !is_program)
        return refuse("the end of a program's stay moves nobody", "Write end, and do = \"request " + id + "\".");
      return true;
    case Origin::arrival:
    case Origin::event:
    case Origin::timer:
      if (route.to == Destination::go_back && origin == Origin::arrival)
        return refuse("who arrives has been nowhere before", "Name a setting, leave:REASON or end.");
      if (route.to == Destination::stay) return refuse("no stay has ended", "Name a setting, leave:REASON or end.");
      if (is_program)
        return refuse("clients go to places; programs run beside them",
                      std::string{"Write to = "} + (origin == Origin::arrival ? "\"outside\"" : "\"end\"") +
                          " and do = \"request " + id + "\".");
      return true;
  }
  return true;
}

void read_wait(Context& context, const RowView& row, Origin origin, RouteSpec& route) {
  route.wait = origin == Origin::arrival ? WaitIn::line : WaitIn::in_place;
  const Cell* cell = row.find("wait");
  if (cell == nullptr) return;
  const std::string field = row.path("wait");
  if (!read_text(context, *cell, field)) return;
  if (origin == Origin::program || (origin == Origin::arrival && cell->text == "in_place")) {
    context.error(cell->at, code("wait-here"), field, "clients cannot wait \"" + cell->text + "\" here",
                  origin == Origin::program ? "a program's request waits beside whatever else the client does"
                                            : "someone who arrives is in no place yet",
                  origin == Origin::program ? "" : "Write line, or the name of an unlimited place.");
    return;
  }
  if (cell->text == "in_place" || cell->text == "line") {
    route.wait = cell->text == "line" ? WaitIn::line : WaitIn::in_place;
    return;
  }
  if (const auto place = read_place(context, *cell, field, true)) {
    route.wait = WaitIn::place;
    route.wait_place = *place;
  }
}

/// Stands for a share that could not be read, so that no sum is judged by it; the model is refused anyhow.
VaryingNumber unread_share() {
  VaryingNumber share;
  share.vary.emplace_back();
  return share;
}

void read_share(Context& context, const RowView& row, RouteSpec& route) {
  const Cell* cell = row.find("share");
  if (cell == nullptr || (cell->is_text() && cell->text == "otherwise")) return;
  route.share = read_varying(context, *cell, row.path("share"), {.dimension = kPlain, .range = Range::share()});
  if (!route.share) route.share = unread_share();
}

/// @param owner  nullopt when `from` could not be read: then only what does not depend on it is checked
std::optional<RouteSpec> read_route(Context& context, const RowView& row, const std::optional<Owner>& owner) {
  RouteSpec route;
  route.at = row.row.at;
  const Cell* to = row.find("to");
  bool good = to != nullptr;
  if (to == nullptr) {
    missing_field(context, row, "to", "a route leads somewhere", "Name a setting, leave:REASON, stay, end or return.");
  } else {
    good = read_to(context, *to, row.path("to"), route) &&
           (!owner || check_to(context, *to, row.path("to"), route, owner->origin));
    const bool is_setting = owner && (owner->origin == Origin::place || owner->origin == Origin::program);
    if (good && is_setting && route.to == Destination::setting && route.setting == owner->index)
      context.error(to->at, code("destination-self"), row.path("to"), "leads to where it comes from",
                    "a client cannot move to the place they are in", "Write stay for a new stay.");
  }
  read_share(context, row, route);
  if (const Cell* cell = row.find("when")) {
    auto when = read_condition(context, *cell, row.path("when"));
    good = good && when;
    if (when) route.when = std::move(*when);
  }
  if (const Cell* cell = row.find("do")) route.actions = read_actions(context, *cell, row.path("do"));
  if (owner) read_wait(context, row, owner->origin, route);
  if (owner) read_route_claim(context, row, route, owner->origin == Origin::place);
  if (const Cell* cell = row.find("delay")) {
    if (owner && owner->origin != Origin::place)
      context.error(cell->at, code("field-useless"), row.path("delay"), "has no unit to be served in",
                    "a discharge delay is spent in the place that is left");
    route.delay = read_distribution(context, *cell, row.path("delay"));
  }
  route.handoff = read_handoff(context, row, "handoff.");
  if (!good) return std::nullopt;
  return route;
}

std::vector<RouteSpec>* routes_of(Context& context, const Owner& owner) {
  switch (owner.origin) {
    case Origin::place:
    case Origin::program:
      return &context.model.settings[owner.index].routes;
    case Origin::arrival:
      return &context.model.arrivals[owner.index].routes;
    case Origin::event:
      return &context.model.events[owner.index].routes;
    case Origin::timer:
      return &context.model.timers[owner.index].routes;
  }
  return nullptr;
}

/// A second way out beside the row's own `to`.
bool check_own_route(Context& context, const Owner& owner, const Cell& from, const std::string& field) {
  if (owner.origin == Origin::place || owner.origin == Origin::program) return true;
  const Table* table = context.table(table_of(owner.origin));
  const Row* row = table == nullptr ? nullptr : table->find(names_of(context, owner.origin).all()[owner.index]);
  if (row == nullptr || (row->find("to") == nullptr && row->find("do") == nullptr && row->find("wait") == nullptr))
    return true;
  context.error(from.at, code("field-conflict"), field, "\"" + from.text + "\" has `to`, `do` or `wait` of its own",
                "it says these itself, or in routes, not both", "Move them to the table routes.");
  return false;
}

}  // namespace

std::optional<std::uint32_t> read_place(Context& context, const Cell& cell, const std::string& field,
                                        bool must_be_unlimited) {
  const auto place = find_name(context, cell, field, context.settings);
  if (!place) return std::nullopt;
  if (context.setting_facts[*place].is_program) {
    context.error(cell.at, code("setting-kind"), field, '"' + cell.text + "\" is a program", "a place is due here");
    return std::nullopt;
  }
  if (!must_be_unlimited || context.setting_facts[*place].is_unlimited) return place;
  context.error(cell.at, code("place-limited"), field,
                '"' + cell.text + "\" has " +
                    (context.setting_facts[*place].has_no_cap ? "conditions of admission" : "a capacity"),
                "clients are put there without asking, so it must be unlimited");
  return std::nullopt;
}

std::optional<RouteSpec> read_destination(Context& context, const Cell& cell, const std::string& field) {
  RouteSpec route;
  route.at = cell.at;
  if (!read_to(context, cell, field, route)) return std::nullopt;
  if (route.to == Destination::leave) return route;
  if (route.to != Destination::setting) {
    refuse_destination(context, cell, field, "a place or leave:REASON is due here", "");
    return std::nullopt;
  }
  if (route.request) {
    refuse_destination(context, cell, field, "a place or leave:REASON is due here, not a row of requests",
                       "Name the place itself: " + context.settings.all()[route.setting] + '.');
    return std::nullopt;
  }
  if (!read_place(context, cell, field, false)) return std::nullopt;
  return route;
}

std::optional<HandoffSpec> read_handoff(Context& context, const RowView& row, const std::string& prefix) {
  const Cell *delay = row.find(prefix + "delay"), *lost = row.find(prefix + "lost"),
             *lost_to = row.find(prefix + "lost_to"), *during = row.find(prefix + "during");
  if (delay == nullptr && lost == nullptr && lost_to == nullptr && during == nullptr) return std::nullopt;
  HandoffSpec handoff;
  handoff.at = row.row.at;
  if (delay != nullptr) handoff.delay = read_distribution(context, *delay, row.path(prefix + "delay"));
  if (lost != nullptr)
    handoff.lost =
        read_varying(context, *lost, row.path(prefix + "lost"), {.dimension = kPlain, .range = Range::share()});
  std::optional<RouteSpec> lost_route;
  if (lost_to != nullptr) lost_route = read_destination(context, *lost_to, row.path(prefix + "lost_to"));
  if (lost_route && lost_route->to == Destination::setting)
    handoff.lost_setting = lost_route->setting;
  else
    handoff.lost_reason = lost_route ? lost_route->reason : context.reasons.add("lost");
  if (during != nullptr && !(during->is_text() && during->text == "origin"))
    handoff.during = read_place(context, *during, row.path(prefix + "during"), true);
  return handoff;
}

std::optional<RouteSpec> read_own_route(Context& context, const RowView& row, Origin origin) {
  const Cell* to = row.find("to");
  const Cell* actions = row.find("do");
  if (to == nullptr && actions == nullptr) return std::nullopt;
  RouteSpec route;
  route.at = row.row.at;
  route.to = Destination::end;
  if (to != nullptr && read_to(context, *to, row.path("to"), route))
    check_to(context, *to, row.path("to"), route, origin);
  if (to == nullptr && origin == Origin::arrival)
    missing_field(context, row, "to", "who arrives goes somewhere", "Write to = \"outside\" for actions alone.");
  if (actions != nullptr) route.actions = read_actions(context, *actions, row.path("do"));
  read_wait(context, row, origin, route);
  read_route_claim(context, row, route, false);
  return route;
}

std::vector<std::string> route_ids(const Table& routes) {
  std::vector<std::string> ids;
  std::map<std::string, int> seen;
  for (const Row& row : routes.rows) {
    const Cell *id = row.find("id"), *from = row.find("from"), *to = row.find("to");
    const bool has_default = !row.id.empty() && row.id.rfind(routes.name + '#', 0) == 0;
    std::string name = row.id;
    if (id != nullptr)
      name = id->text;
    else if (has_default)
      name = (from == nullptr ? "" : from->text) + '>' + (to == nullptr ? "" : to->text);
    const int count = ++seen[name];
    ids.push_back(count == 1 ? name : name + '#' + std::to_string(count));
  }
  return ids;
}

void read_routes(Context& context) {
  const Table* table = context.table("routes");
  if (table == nullptr) return;
  if (table->rows.size() > context.limits.routes)
    context.error(table->at, code("model-large"), "routes", std::to_string(table->rows.size()) + " routes",
                  "at most " + std::to_string(context.limits.routes) + " are allowed");
  const std::vector<std::string> ids = route_ids(*table);
  for (std::size_t i = 0; i < table->rows.size(); ++i) {
    const Row& row = table->rows[i];
    const RowView view{row, "routes." + ids[i]};
    const Cell* from = view.find("from");
    std::optional<Owner> owner;
    if (from == nullptr)
      missing_field(context, view, "from", "a route comes from somewhere",
                    "Name a setting, arrivals.ID, events.ID or timers.ID.");
    else
      owner = read_owner(context, *from, view.path("from"));
    if (owner && !check_own_route(context, *owner, *from, view.path("from"))) continue;
    if (auto route = read_route(context, view, owner); owner) {
      // A route that could not be read still is one: its setting has a way out, and no second message is due.
      std::vector<RouteSpec>* routes = routes_of(context, *owner);
      RouteSpec unread;
      unread.at = row.at;
      unread.share = unread_share();
      routes->push_back(route ? std::move(*route) : std::move(unread));
    }
  }
}

void check_route_shares(Context& context, const std::vector<RouteSpec>& routes, const std::string& from,
                        const Place& at) {
  double sum = 0.0;
  std::size_t remainders = 0;
  const RouteSpec* second = nullptr;
  for (const RouteSpec& route : routes) {
    if (!route.when.clauses.empty()) return;  // which of them meet is known when conditions are combined
    if (!route.share) {
      if (++remainders == 2) second = &route;
      continue;
    }
    if (!route.share->vary.empty() || !route.share->dated.empty()) return;
    sum += route.share->base;
  }
  if (second != nullptr)
    context.error(second->at, code("remainder-twice"), "routes from " + from, "two routes take the remainder",
                  "one route of a setting may have no share", "Give all but one a share.");
  const bool is_over = sum > 1.0 + 1e-9, is_under = remainders == 0 && sum < 1.0 - 1e-9;
  if (!routes.empty() && (is_over || is_under))
    context.error(routes.front().at.line > 0 ? routes.front().at : at, code("shares-sum"), "routes from " + from,
                  "the shares sum to " + shown(std::round(sum * 1e9) / 1e9),
                  is_over ? "shares sum to at most 1"
                          : "nobody takes the remainder of " + shown(std::round((1.0 - sum) * 1e9) / 1e9),
                  is_over ? "" : "Leave one share empty, or write share = \"otherwise\".");
}

}  // namespace tl::reading
