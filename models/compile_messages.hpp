#pragma once

#include <array>

#include "models/messages.hpp"

namespace tl {

/// What can be wrong when a model is compiled, and what the findings of the whole are.
inline constexpr auto kCompileMessages = std::to_array<MessageKind>({
    {"table-large", "a number depends on more combinations than the limit"},
    {"tables-large", "all numbers together depend on more combinations than the limit"},
    {"steps-many", "a number tells more than 16 steps of time apart"},
    {"trait-bits", "the traits have more values together than a client can carry"},
    {"trait-values", "a trait has no values"},
    {"distribution-parameters", "the numbers of a distribution do not fit each other"},
    {"varies-here", "a number varies by condition where it cannot"},
    {"linear-here", "a number that is no rate or capacity changes along a line"},
    {"dates-many", "the dated values make more changes than the limit"},
    {"shares-over", "shares sum to more than 1"},
    {"shares-under", "shares leave a remainder and no route takes it"},
    {"share-range", "a share is outside 0 … 1"},
    {"otherwise-twice", "two routes take the remainder"},
    {"routes-none", "a stay ends and no route says where to"},
    {"priority-many", "a queue has more than 64 classes"},
    {"event-dated-value", "an event's rate is dated and has exceptions with a value of their own"},
    {"policy-twice", "two policies change one number"},
    {"policy-unswitched", "a policy changes a number that the engine knows once for the whole run"},
    {"policy-dates", "a policy changes an event's rate that has dates of its own"},
    {"budget-nothing", "nothing counts against a budget"},
    {"start-hours", "a capacity takes time to start and is open in part by the hours of the week"},
    {"rate-negative", "a rate or capacity is below 0"},
    {"observe-outside", "an instant to observe lies outside the horizon"},
    {"initial-warmup", "clients are there at the start and the model has a warm-up"},
    {"no-way-out", "a place with limited capacity has no way out"},
    {"no-time-cycle", "clients can go round in a circle without time passing"},
    {"refusal-cycle", "those refused can be sent round a circle of full settings"},
    {"units-few", "one client needs more units than a setting has"},
    {"return-unclaimed", "clients who never had a claim may be sent back to nowhere"},
    {"unreached", "no client reaches a setting"},
    {"traffic-over", "more clients are expected than a setting can serve"},
    {"boarding-cycle", "full settings may wait for each other in a circle"},
    {"scale-small", "a part of the population leaves settings with few units"},
    {"clients-stay", "clients keep arriving and never leave"},
});

}  // namespace tl
