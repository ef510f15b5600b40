#pragma once

#include <array>
#include <string_view>

namespace tl {

/// A construct of the language that this version does not have: refused by name, never ignored.
struct LaterConstruct {
  std::string_view table;    ///< where it would stand; "*" = in any table; empty = it is itself a table
  std::string_view name;     ///< the field's last name, the table's name or the word
  std::string_view meaning;  ///< what it would do
};

/// Fields and tables.
inline constexpr auto kLaterConstructs = std::to_array<LaterConstruct>({
    {"*", "score", "queues ordered by a score"},
    {"*", "preempt", "taking a unit from a client already there"},
    {"*", "preempted_to", "taking a unit from a client already there"},
    {"*", "hold", "a place kept for a client who is away"},
    {"*", "claim", "a place kept for a client who is away"},
    {"*", "on_return", "going back to a place that was kept"},
    {"*", "no_claim", "going back to a place that was kept"},
    {"*", "temporary", "moves that leave a claim alone"},
    {"*", "takes", "clients who need several units"},
    {"*", "pool", "settings that share their units"},
    {"*", "least_wait", "no grant before a request is this old"},
    {"*", "fit", "clients who need several units"},
    {"*", "deadlock", "another rule for clients who wait for each other's places"},
    {"*", "on_cut", "moving clients out when capacity falls"},
    {"*", "cut_to", "moving clients out when capacity falls"},
    {"*", "while_in", "what an enrolment does while the client is elsewhere"},
    {"*", "requires", "assessments before admission"},
    {"*", "require", "assessments before admission"},
    {"*", "accepts", "assessments of other departments"},
    {"*", "grants", "assessments a program gives"},
    {"*", "staff", "staff"},
    {"*", "staffing", "staff"},
    {"*", "cost", "money"},
    {"*", "costs", "money"},
    {"*", "split", "money"},
    {"*", "by", "shares and results by group"},
    {"*", "cohort", "results of those who arrived in a window"},
    {"*", "patience_pauses", "patience that stands still"},
    {"*", "to_running", "dated changes of stays already running"},
    {"*", "initial_at", "clients there at the warm-up's start"},
    {"*", "population_scale", "running a part of the population"},
    {"*", "since", "a census with one row a client"},
    {"*", "waiting_since", "a census with one row a client"},
    {"", "staff", "staff"},
    {"", "costs", "money"},
    {"", "policies", "rules that act on the state of the system"},
    {"", "levers", "named bundles of changes with a strength"},
    {"", "incentives", "money paid for results"},
    {"", "assessments", "papers that are needed before admission"},
    {"", "pools", "settings that share their units"},
    {"", "census", "a census with one row a client"},
});

}  // namespace tl
