#include "models/graph.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
#include <set>

#include "models/claims.hpp"
#include "models/compile_messages.hpp"
#include "models/tokens.hpp"

namespace tl {
namespace {

consteval Code code(std::string_view text) {
  return Code::in(kCompileMessages, text);
}

using Rows = std::set<std::uint32_t>;
using Edges = std::vector<Rows>;  ///< [from row]

bool may_be_taken(const RouteSpec& route) {
  return !route.share || route.share->base > 0.0 || !route.share->vary.empty() || !route.share->dated.empty() ||
         !route.share->switched.empty();
}

bool clause_allows(const Clause& clause, const SettingSpec& setting, std::uint32_t row) {
  std::uint32_t value = row;
  switch (clause.subject) {
    case Subject::place:
      break;
    case Subject::domain:
      value = setting.domain;
      break;
    case Subject::department:
      value = setting.department;
      break;
    case Subject::level:
      value = static_cast<std::uint32_t>(std::max(setting.words.level, 0));
      break;
    default:
      return true;  // may hold for some client
  }
  return (std::find(clause.values.begin(), clause.values.end(), value) != clause.values.end()) != clause.negated;
}

bool may_happen_in(const Condition& when, const SettingSpec& setting, std::uint32_t row) {
  return std::all_of(when.clauses.begin(), when.clauses.end(),
                     [&](const Clause& clause) { return clause_allows(clause, setting, row); });
}

Rows reachable(const Edges& edges, Rows from) {
  std::vector<std::uint32_t> work(from.begin(), from.end());
  while (!work.empty()) {
    const std::uint32_t row = work.back();
    work.pop_back();
    for (const std::uint32_t next : edges[row])
      if (from.insert(next).second) work.push_back(next);
  }
  return from;
}

/// Strongly connected parts of two rows or more (or one that leads to itself, if asked), each ascending, by least row.
std::vector<std::vector<std::uint32_t>> cycles_of(const Edges& edges, bool own_loops) {
  boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS> graph(edges.size());
  for (std::uint32_t from = 0; from < edges.size(); ++from)
    for (const std::uint32_t to : edges[from]) boost::add_edge(from, to, graph);
  std::vector<std::uint32_t> part(edges.size());
  const auto count = boost::strong_components(
      graph, boost::make_iterator_property_map(part.begin(), boost::get(boost::vertex_index, graph)));
  std::vector<std::vector<std::uint32_t>> members(count);
  for (std::uint32_t row = 0; row < edges.size(); ++row) members[part[row]].push_back(row);
  std::erase_if(members, [&](const auto& rows) {
    return rows.size() < 2 && !(own_loops && !rows.empty() && edges[rows[0]].contains(rows[0]));
  });
  std::sort(members.begin(), members.end());
  return members;
}

/// What can happen between settings, before any capacity is looked at.
class Network {
 public:
  explicit Network(const Model& model)
      : model_{model},
        moves_(model.settings.size()),
        taken_away_(model.settings.size()),
        asked_from_(model.settings.size()),
        leaves_(model.settings.size()) {
    for (std::uint32_t row = 0; row < model.settings.size(); ++row) add_setting(row);
    for (const ArrivalSpec& arrival : model.arrivals)
      for (const RouteSpec& route : arrival.routes) add_entry(route);
    for (const InitialSpec& group : model.initial) {
      entries_.insert(group.place);
      add_actions(group.actions, {group.place});
    }
    for (const CensusRow& client : model.census) {
      entries_.insert(client.place);
      entries_.insert(client.enrolled.begin(), client.enrolled.end());
      if (client.waiting_for) add_actions({*client.waiting_for}, {client.place});
    }
    for (const EventSpec& event : model.events) add_happening(event.when, event.routes);
    for (const TimerSpec& timer : model.timers) add_happening(timer.holds, timer.routes);
    for (const MilestoneSpec& milestone : model.milestones)
      add_actions(milestone.actions, {milestone.settings.begin(), milestone.settings.end()});
    add_friction();
    add_returns();
    find_standing();
  }

  /// Routes, events and standing requests together, places only.
  Edges all() const {
    Edges edges = moves_;
    for (std::uint32_t row = 0; row < edges.size(); ++row)
      edges[row].insert(standing_[row].begin(), standing_[row].end());
    return edges;
  }
  bool leaves(std::uint32_t row) const { return leaves_[row]; }

  /// Settings some client may come to. Programs lead to what their actions ask for.
  Rows reached() const {
    Edges edges = all();
    for (std::uint32_t row = 0; row < edges.size(); ++row)
      edges[row].insert(asked_from_[row].begin(), asked_from_[row].end());
    return reachable(edges, entries_);
  }

  /// Places to which some client may come who was never taken out of a place by an event, and has no claim.
  Rows reached_without_claim() const {
    Edges edges = all();
    for (std::uint32_t row = 0; row < edges.size(); ++row)
      for (const std::uint32_t to : taken_away_[row])
        if (!standing_[row].contains(to) && !other_moves_.contains({row, to})) edges[row].erase(to);
    return reachable(edges, entries_);
  }

 private:
  bool is_program(std::uint32_t row) const { return model_.settings[row].is_program; }

  /// Everywhere a request may lead: goal, alternates and interims.
  Rows listings(std::uint32_t goal, const std::optional<std::uint32_t>& request) const {
    Rows all{goal};
    if (!request) return all;
    for (const AlternateSpec& one : model_.requests[*request].alternates) all.insert(one.setting);
    all.insert(model_.requests[*request].interims.begin(), model_.requests[*request].interims.end());
    return all;
  }

  /// @param takes_away  an event moves the client out of a place that is then claimed
  void add_move(std::uint32_t from, std::uint32_t to, bool takes_away) {
    moves_[from].insert(to);
    if (takes_away)
      taken_away_[from].insert(to);
    else
      other_moves_.emplace(from, to);
  }

  void add_actions(const std::vector<ActionSpec>& actions, const Rows& where) {
    for (const ActionSpec& action : actions) {
      if (action.verb != Verb::enrol && action.verb != Verb::request) continue;
      if (!action.setting || !(action.share > 0.0)) continue;
      for (const std::uint32_t row : where) asked_from_[row].merge(listings(*action.setting, action.request));
    }
  }

  void add_route(std::uint32_t from, const RouteSpec& route, bool takes_away) {
    if (!may_be_taken(route)) return;
    Rows there{from};
    if (route.to == Destination::leave) leaves_[from] = true;
    if (route.to == Destination::setting)
      for (const std::uint32_t to : listings(route.setting, route.request)) {
        add_move(from, to, takes_away);
        there.insert(to);
        if (route.wait == WaitIn::place) {
          add_move(from, route.wait_place, takes_away);
          add_move(route.wait_place, to, false);
        }
      }
    if (route.to == Destination::setting && route.request) add_onward(*route.request);
    if (route.to == Destination::go_back) add_way_back(from, route);
    add_actions(route.actions, there);
    if (route.handoff) add_handoff(from, *route.handoff);
  }

  /// A transfer stays open in its interims: from each of them the client goes on to the goal or an alternate.
  void add_onward(std::uint32_t request) {
    const RequestSpec& asked = model_.requests[request];
    for (const std::uint32_t interim : asked.interims) {
      add_move(interim, asked.goal, false);
      for (const AlternateSpec& one : asked.alternates) add_move(interim, one.setting, false);
    }
  }

  void add_way_back(std::uint32_t from, const RouteSpec& route) {
    returns_.insert(from);
    if (route.no_claim == Destination::leave) leaves_[from] = true;
    if (route.no_claim == Destination::setting) add_move(from, route.no_claim_setting, false);
    if (!route.no_claim && from != 0) add_move(from, 0, false);
  }

  /// Back to any place that an event takes clients out of; whom it took how far is not followed.
  void add_returns() {
    for (const std::uint32_t from : returns_)
      for (std::uint32_t to = 0; to < moves_.size(); ++to)
        if (to != from && !taken_away_[to].empty()) add_move(from, to, false);
  }

  void add_handoff(std::uint32_t from, const HandoffSpec& handoff) {
    if (handoff.lost_setting) moves_[from].insert(*handoff.lost_setting);
    if (handoff.during) moves_[from].insert(*handoff.during);
  }

  void add_setting(std::uint32_t row) {
    const SettingSpec& setting = model_.settings[row];
    if (setting.stay)
      for (const RouteSpec& route : setting.routes) add_route(row, route, false);
    add_actions(setting.on_entry, {row});
    if (setting.cut_to && setting.cut_to->to == Destination::setting) add_move(row, setting.cut_to->setting, false);
    if (setting.queue.preempt != Preempt::never && setting.queue.preempted_to) {
      add_move(row, *setting.queue.preempted_to, false);
      add_move(*setting.queue.preempted_to, row, false);
    }
    // Who asks for the setting is sent for its papers.
    for (const std::uint32_t assessment : setting.requires_tokens)
      if (const auto program = asked_program(model_, setting, assessment)) asked_from_[row].insert(*program);
  }

  void add_entry(const RouteSpec& route) {
    if (!may_be_taken(route)) return;
    Rows there;
    if (route.to == Destination::setting) {
      there = listings(route.setting, route.request);
      for (const std::uint32_t to : Rows{there}) {
        if (is_program(to)) there.insert(0);
        if (route.wait != WaitIn::place) continue;
        there.insert(route.wait_place);
        add_move(route.wait_place, to, false);
      }
      if (route.request) add_onward(*route.request);
    } else {
      there.insert(0);
    }
    entries_.insert(there.begin(), there.end());
    add_actions(route.actions, there);
  }

  /// An event or a timer: it finds the client wherever its condition allows.
  void add_happening(const Condition& when, const std::vector<RouteSpec>& routes) {
    for (std::uint32_t row = 0; row < model_.settings.size(); ++row) {
      if (is_program(row) || !may_happen_in(when, model_.settings[row], row)) continue;
      for (const RouteSpec& route : routes) add_route(row, route, keeps_claim(model_.settings[row]));
    }
  }

  /// Refused, given up, lost in a default handoff: wherever the request was made, the client may end up there.
  void add_friction() {
    const Edges routes = moves_;
    for (std::uint32_t row = 0; row < routes.size(); ++row)
      for (const std::uint32_t goal : routes[row]) {
        const QueueSpec& queue = model_.settings[goal].queue;
        for (const Seldom<RouteSpec>* route : {&queue.on_refuse, &queue.on_renege})
          if (*route && (*route)->to == Destination::setting) moves_[row].insert((*route)->setting);
      }
    for (const std::uint32_t goal : Rows{entries_}) {
      const QueueSpec& queue = model_.settings[goal].queue;
      for (const Seldom<RouteSpec>* route : {&queue.on_refuse, &queue.on_renege})
        if (*route && (*route)->to == Destination::setting) entries_.insert((*route)->setting);
    }
    for (const HandoffRow& row : model_.handoffs)
      for (std::uint32_t from = 0; from < moves_.size(); ++from)
        if (!is_program(from) && (!row.from || *row.from == model_.settings[from].department))
          add_handoff(from, row.handoff);
  }

  /// A request made in one place is still standing wherever the client goes from there.
  void find_standing() {
    standing_.resize(moves_.size());
    // A program's requests are made wherever its client is: in any place, as far as this picture can tell.
    for (std::uint32_t program = 0; program < moves_.size(); ++program) {
      if (!is_program(program)) continue;
      for (const std::uint32_t goal : asked_from_[program])
        if (!is_program(goal))
          for (std::uint32_t row = 0; row < moves_.size(); ++row)
            if (!is_program(row) && row != goal) standing_[row].insert(goal);
    }
    for (std::uint32_t goal = 0; goal < moves_.size(); ++goal) {
      if (is_program(goal)) continue;
      Rows made;
      for (std::uint32_t row = 0; row < moves_.size(); ++row)
        if (!is_program(row) && asked_from_[row].contains(goal)) made.insert(row);
      if (made.empty()) continue;
      for (const std::uint32_t row : reachable(moves_, made))
        if (row != goal && !is_program(row)) standing_[row].insert(goal);
    }
  }

  const Model& model_;
  Edges moves_;
  Edges taken_away_;  ///< moves by events out of places that are then claimed
  std::set<std::pair<std::uint32_t, std::uint32_t>> other_moves_;  ///< all but those
  Edges asked_from_, standing_;
  Rows returns_;  ///< places from which a way leads back
  std::vector<bool> leaves_;
  Rows entries_;
};

bool is_zero(const std::optional<VaryingNumber>& number) {
  return number && number->base == 0.0 && number->vary.empty() && number->dated.empty() && number->switched.empty();
}

/// A stay that is always 0.
bool takes_no_time(const SettingSpec& setting) {
  if (!setting.stay || setting.stay->floor.value_or(0.0) > 0.0 || setting.stay->shift.value_or(0.0) > 0.0) return false;
  return (setting.stay->shape == Shape::constant && is_zero(setting.stay->value)) ||
         (setting.stay->shape == Shape::exponential && is_zero(setting.stay->mean));
}

/// Certain and at once: an entry's request for an unlimited place.
bool asks_at_once(const Model& model, const ActionSpec& action) {
  return action.verb == Verb::request && action.setting && action.share >= 1.0 && action.when.clauses.empty() &&
         !model.settings[*action.setting].is_program && !may_be_waited_for(model.settings[*action.setting]) &&
         !(action.request && model.requests[*action.request].not_from);
}

struct ZeroTime {
  Edges edges;
  std::vector<bool> may_stop;  ///< some way out of the place goes elsewhere than along an edge
};

ZeroTime zero_time(const Model& model) {
  ZeroTime found{Edges(model.settings.size()), std::vector<bool>(model.settings.size(), false)};
  for (std::uint32_t row = 0; row < model.settings.size(); ++row) {
    const SettingSpec& setting = model.settings[row];
    bool certain = false;
    for (const ActionSpec& action : setting.on_entry)
      if (asks_at_once(model, action) && !setting.is_program) {
        found.edges[row].insert(*action.setting);
        certain = true;
      }
    if (certain) continue;
    if (!takes_no_time(setting)) {
      found.may_stop[row] = true;
      continue;
    }
    for (const RouteSpec& route : setting.routes) {
      if (!may_be_taken(route)) continue;
      if (route.to == Destination::stay)
        found.edges[row].insert(row);
      else if (route.to == Destination::setting && !route.delay)
        found.edges[row].insert(route.setting);
      else
        found.may_stop[row] = true;
    }
  }
  for (std::uint32_t row = 0; row < model.settings.size(); ++row)
    std::erase_if(found.edges[row], [&](std::uint32_t to) {
      if (!takes_no_time(model.settings[to]) && found.edges[to].empty()) {
        found.may_stop[row] = true;
        return true;
      }
      return false;
    });
  return found;
}

std::string list(const Model& model, const std::vector<std::uint32_t>& rows) {
  constexpr std::size_t most = 8;
  std::string text;
  for (std::size_t i = 0; i < rows.size() && i < most; ++i)
    text += (i == 0 ? "" : i + 1 == rows.size() ? " and " : ", ") + model.settings[rows[i]].words.id;
  return rows.size() > most ? text + " and " + std::to_string(rows.size() - most) + " more" : text;
}

std::string path_of(const SettingSpec& setting) {
  return "settings." + setting.words.id;
}

void tell_zero_time(const Model& model, const ZeroTime& zero, const std::vector<std::uint32_t>& cycle,
                    Problems& problems) {
  const SettingSpec& first = model.settings[cycle[0]];
  const auto stays_in = [&](std::uint32_t row) {
    return !zero.may_stop[row] && std::all_of(zero.edges[row].begin(), zero.edges[row].end(), [&](std::uint32_t to) {
      return std::binary_search(cycle.begin(), cycle.end(), to);
    });
  };
  const bool for_ever = model.handoffs.empty() && std::all_of(cycle.begin(), cycle.end(), stays_in);
  const std::string what = "clients can go round " + list(model, cycle) + " in no time";
  const std::string hint = "Give one of them a stay above 0";
  if (for_ever)
    problems.error(first.at, code("no-time-cycle"), path_of(first), what, "time would never pass", hint);
  else
    problems.warning(first.at, code("no-time-cycle"), path_of(first), what,
                     "a run stops after 1,000 rounds at one instant", hint);
}

/// Where those go whom a setting refuses, as long as the next can refuse them too: of clients outside beds, or in a
/// bed. An action on the way may change the client, so that the second refusal is not certain.
Edges refusals(const Model& model, std::optional<VaryingNumber> QueueSpec::*limit, bool in_bed) {
  const auto can_refuse = [&](const SettingSpec& setting) {
    return !setting.is_program && is_limited(setting) && setting.queue.*limit && setting.queue.on_refuse;
  };
  Edges edges(model.settings.size());
  for (std::uint32_t row = 0; row < model.settings.size(); ++row) {
    if (!can_refuse(model.settings[row])) continue;
    const RouteSpec& way = *model.settings[row].queue.on_refuse;
    if (way.to != Destination::setting || !way.actions.empty()) continue;
    if (in_bed && way.wait != WaitIn::in_place) continue;
    if (can_refuse(model.settings[way.setting])) edges[row].insert(way.setting);
  }
  return edges;
}

std::vector<std::vector<std::uint32_t>> refusal_cycles(const Model& model) {
  std::vector<std::vector<std::uint32_t>> cycles = cycles_of(refusals(model, &QueueSpec::limit, false), true);
  for (const auto& cycle : cycles_of(refusals(model, &QueueSpec::limit_in_place, true), true))
    if (std::find(cycles.begin(), cycles.end(), cycle) == cycles.end()) cycles.push_back(cycle);
  std::sort(cycles.begin(), cycles.end());
  return cycles;
}

void tell_refusals(const Model& model, const std::vector<std::uint32_t>& cycle, Problems& problems) {
  const SettingSpec& first = model.settings[cycle[0]];
  const Place& there = first.queue.on_refuse->at;
  problems.error(
      there.line > 0 ? there : first.at, code("refusal-cycle"), path_of(first) + ".queue.on_refuse",
      "those refused go round " + list(model, cycle) + " in a circle",
      "when all of them are full, each sends the client on to the next at once, without end",
      "Let one of them send those it refuses to a place without a limit, or out: on_refuse = \"leave:refused\"");
}

/// `return` where clients come who never had a claim.
void tell_unclaimed(const Model& model, const Network& network, Problems& problems) {
  if (!has_return(model)) return;
  const Rows reached = network.reached_without_claim();
  const auto look_at = [&](const RouteSpec& route, const std::string& field, std::uint32_t place) {
    if (route.to != Destination::go_back || route.no_claim || !may_be_taken(route)) return false;
    problems.warning(route.at, code("return-unclaimed"), field,
                     "may send clients back who were never taken out of a place by an event, as from " +
                         model.settings[place].words.id,
                     "they have no claim and go to outside", "Say where to with no_claim.");
    return true;
  };
  for (const std::uint32_t row : reached)
    for (const RouteSpec& route : model.settings[row].routes) look_at(route, path_of(model.settings[row]), row);
  const auto look_everywhere = [&](const Condition& when, const std::vector<RouteSpec>& routes,
                                   const std::string& field) {
    for (const RouteSpec& route : routes)
      for (const std::uint32_t row : reached)
        if (may_happen_in(when, model.settings[row], row) && look_at(route, field, row)) break;
  };
  for (const EventSpec& event : model.events) look_everywhere(event.when, event.routes, "events." + event.id);
  for (const TimerSpec& timer : model.timers) look_everywhere(timer.holds, timer.routes, "timers." + timer.id);
}

}  // namespace

GraphReport inspect(const Model& model, const Compiled& compiled, Problems& problems) {
  (void)compiled;
  GraphReport report;
  const Network network{model};
  const Edges edges = network.all();
  const Rows reached = network.reached();
  for (std::uint32_t row = 1; row < model.settings.size(); ++row)
    if (!reached.contains(row)) report.unreached.push_back(row);
  for (const std::uint32_t row : reached) {
    const bool elsewhere =
        std::any_of(edges[row].begin(), edges[row].end(), [&](std::uint32_t to) { return to != row; });
    if (!model.settings[row].is_program && !elsewhere && !network.leaves(row)) report.dead_ends.push_back(row);
  }
  Edges boarding(model.settings.size());
  for (std::uint32_t row = 0; row < model.settings.size(); ++row) {
    const SettingSpec& setting = model.settings[row];
    if (setting.is_program || !is_limited(setting) || !setting.stay) continue;
    for (const RouteSpec& route : setting.routes)
      if (route.to == Destination::setting && may_be_taken(route) && route.wait == WaitIn::in_place &&
          is_limited(model.settings[route.setting]) && !model.settings[route.setting].is_program)
        boarding[row].insert(route.setting);
  }
  const ZeroTime zero = zero_time(model);
  report.reentry_loops = cycles_of(edges, false);
  report.zero_time_cycles = cycles_of(zero.edges, true);
  report.refusal_cycles = refusal_cycles(model);
  report.boarding_cycles = cycles_of(boarding, false);

  for (const std::uint32_t row : report.unreached)
    problems.warning(model.settings[row].at, code("unreached"), path_of(model.settings[row]), "is reached by nobody",
                     "no arrival, initial client, route, event or action leads there",
                     "Is a route or a request missing?");
  for (const std::uint32_t row : report.dead_ends)
    if (is_limited(model.settings[row]))
      problems.error(model.settings[row].at, code("no-way-out"), path_of(model.settings[row]),
                     "has a limited capacity and no way out",
                     "no route, event or standing request leads out of it, so it fills for ever",
                     "Give it a stay with routes, or let an action request another place");
  for (const std::vector<std::uint32_t>& cycle : report.zero_time_cycles) tell_zero_time(model, zero, cycle, problems);
  for (const std::vector<std::uint32_t>& cycle : report.refusal_cycles) tell_refusals(model, cycle, problems);
  tell_unclaimed(model, network, problems);
  for (const std::vector<std::uint32_t>& cycle : report.boarding_cycles)
    problems.warning(model.settings[cycle[0]].at, code("boarding-cycle"), path_of(model.settings[cycle[0]]),
                     "when full, " + list(model, cycle) + " may wait for each other in a circle",
                     model.deadlock == Deadlock::swap
                         ? "clients keep their beds while they wait; when none of them can move, they exchange places"
                         : "clients keep their beds while they wait; when none of them can move, the run stops",
                     "Let them wait elsewhere with wait, if that is what happens");
  return report;
}

}  // namespace tl
