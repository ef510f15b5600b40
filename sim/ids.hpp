#pragma once
#include <compare>
#include <cstdint>

namespace tl {

/// A whole number that names one kind of thing; two kinds cannot be mixed up. `none()` is for packed tables only.
template <class Tag>
class Id {
 public:
  constexpr Id() = default;
  constexpr explicit Id(std::uint32_t index) : index_{index} {}
  static constexpr Id none() { return Id{}; }
  constexpr std::uint32_t index() const { return index_; }
  constexpr bool exists() const { return index_ != kNone; }
  friend constexpr auto operator<=>(Id, Id) = default;

 private:
  static constexpr std::uint32_t kNone = 0xffffffffU;
  std::uint32_t index_ = kNone;
};

using SettingId = Id<struct SettingTag>;            ///< a place, a program, or the line before one
using DistributionId = Id<struct DistributionTag>;  ///< row of CompiledModel::distributions
using TableId = Id<struct TableTag>;                ///< row of CompiledModel::tables
using RouteId = Id<struct RouteTag>;                ///< row of CompiledModel::routes
using HandoffId = Id<struct HandoffTag>;            ///< row of CompiledModel::handoffs
using ReasonId = Id<struct ReasonTag>;              ///< a reason for leaving the model
using OutcomeId = Id<struct OutcomeTag>;            ///< something counted by an action
using EventTypeId = Id<struct EventTypeTag>;        ///< row of CompiledModel::events
using CurveId = Id<struct CurveTag>;                ///< row of CompiledModel::curves
using TermsId = Id<struct TermsTag>;                ///< row of CompiledModel::terms
using CalendarId = Id<struct CalendarTag>;          ///< row of CompiledModel::calendars

}  // namespace tl
