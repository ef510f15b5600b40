#pragma once

#include <array>

#include "models/messages.hpp"

namespace tl {

/// What can be wrong with studies, scenarios and plans.
inline constexpr auto kScenarioMessages = std::to_array<MessageKind>({
    {"study-field", "a field or table of a study is not known"},
    {"study-later", "a field or table of a study is not in this version"},
    {"study-kind", "a study's field holds the wrong kind of value"},
    {"study-model", "a study names no model, or one that is itself a study"},
    {"scenario-id", "a scenario's id is no plain name"},
    {"scenario-unknown", "no scenario has that id"},
    {"scenario-base", "a scenario's base is not known"},
    {"scenario-cycle", "scenarios are each other's base"},
    {"change-form", "a change is not written as an address and a value"},
    {"plan-runs", "a study has more runs than the limit, or none"},
    {"plan-disk", "the results would take too much of the free disk"},
    {"plan-memory", "the runs would take too much of the memory"},
});

}  // namespace tl
