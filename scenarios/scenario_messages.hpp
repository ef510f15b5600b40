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
    {"lever-twice", "a study has a lever that its model has already"},
    {"change-form", "a change is not written as an address and a value"},
    {"sweep-design", "a sweep's design is missing or not known"},
    {"sweep-factor", "a factor of a sweep is no address with numbers"},
    {"sweep-range", "a factor of a sweep has no range, or none that it can have"},
    {"sweep-count", "a number of points, steps, draws or replications is missing, out of range or in excess"},
    {"sweep-list", "a list of points is missing, empty or written otherwise"},
    {"sweep-base", "a sweep's base is no scenario of the study"},
    {"uncertain-parameter", "a parameter cannot be drawn: unknown, computed, or without range and distribution"},
    {"precision-form", "what is asked of precision cannot be read, or contradicts replications"},
    {"precision-metric", "no metric or measure has the name that precision asks for"},
    {"precision-unit", "a half-width is not in the unit of its metric"},
    {"plan-runs", "a study has more runs than the limit, or none"},
    {"plan-disk", "the results would take too much of the free disk"},
    {"plan-memory", "the runs would take too much of the memory"},
});

}  // namespace tl
