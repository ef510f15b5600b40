#include <algorithm>
#include <array>
#include <bit>

#include "sim/simulation_inline.hpp"

// Why requests wait, in constant time: what keeps the clients is counted when it changes, the rest follows from the
// setting's own state when an instant is over (semantics 11).
namespace tl {

/// The first of a request's bars that is a cause of its own.
std::optional<WaitCause> Simulation::cause_of(std::uint8_t barred) {
  if ((barred & bar::handoff) != 0) return WaitCause::in_handoff;
  if ((barred & bar::assessment) != 0) return WaitCause::for_assessment;
  if ((barred & bar::away) != 0) return WaitCause::away;
  if ((barred & bar::young) != 0) return WaitCause::policy;
  return std::nullopt;
}

/// A cause that is the client's, whatever the setting is like.
std::optional<WaitCause> Simulation::own_cause_of(const Request& request) const {
  if (bars_.empty() || !bars_[request.goal].watched) return std::nullopt;
  const std::optional<WaitCause> cause = cause_of(request.barred);
  return cause && *cause <= WaitCause::away ? cause : std::nullopt;
}

/// Settings where something else than the lack of a free place can keep a request waiting.
void Simulation::find_causes() {
  const std::size_t n = model_.settings.size();
  const bool handoffs = !model_.handoffs.empty();
  const auto may_be_away = [](const RequestTerms& terms) { return terms.away.exists(); };
  const bool away = std::any_of(model_.terms.begin(), model_.terms.end(), may_be_away);
  for (std::size_t s = 0; s < n; ++s) {
    const Setting& setting = model_.settings[s];
    if (setting.kind == SettingKind::line || setting.kind == SettingKind::pool) continue;
    bool caused = handoffs || away || setting.turnaround.exists();
    if (setting.has_more) {
      const SettingMore& more = model_.more[s];
      caused = caused || more.admits.exists() || more.hold.exists() || more.least_wait > SimTime{} ||
               more.requirement_count > 0 || more.pool.exists();
    }
    for (const StaffingRow& row : model_.staffing)
      caused = caused || row.setting == SettingId{static_cast<std::uint32_t>(s)};
    for (const SettingId stopped : model_.budgets.settings)
      caused = caused || stopped == SettingId{static_cast<std::uint32_t>(s)};
    if (!caused) continue;
    if (bars_.empty()) bars_.resize(n);
    bars_[s].watched = true;
  }
  unsettled_.assign(bars_.empty() ? 0 : n / 64 + 1, 0);
}

/// A request begins or ceases to wait, in the state it is in.
void Simulation::count_bars_kept(const Request& request, std::int64_t by) {
  Bars& bars = bars_[request.goal];
  if (!bars.watched) return;
  const std::optional<WaitCause> cause = cause_of(request.barred);
  if (cause) bars.requests[static_cast<std::size_t>(*cause)] += by;
  if (const auto own = groups_.kept() ? own_cause_of(request) : std::nullopt)
    groups_.each(clients_[request.client].traits, [&](Tally& tally) {
      tally.rare(request.goal).causes[static_cast<std::size_t>(*own)].change(by, now_);
    });
  if (cause || bars.counted || keeps_units(request.goal)) stir(request.goal);
}

/// Whether something about the setting may keep those waiting; mostly nothing does, and nothing is to be counted.
bool Simulation::keeps_units(std::uint32_t setting) const {
  const SettingTally& tally = tally_.setting(setting);
  return places_[setting].closed || tally.turnaround.now() != 0 || tally.held.now() + tally.reserved.now() != 0 ||
         pool_of(setting).exists() || (!roster_.empty() && units_without_staff(setting) > 0);
}

void Simulation::settle_causes() {
  for (std::size_t word = 0; word < unsettled_.size(); ++word)
    for (; unsettled_[word] != 0; unsettled_[word] &= unsettled_[word] - 1) {
      const auto setting =
          static_cast<std::uint32_t>(word * 64 + static_cast<std::size_t>(std::countr_zero(unsettled_[word])));
      if (!bars_[setting].watched) continue;
      const std::array<std::int64_t, kWaitCauses> now = causes_now(setting, bars_[setting].requests);
      std::array<Level, kWaitCauses>& levels = tally_.rare(setting).causes;
      bars_[setting].counted = false;
      for (std::size_t c = 0; c < kWaitCauses; ++c) {
        if (now[c] != levels[c].now()) levels[c].change(now[c] - levels[c].now(), now_);
        bars_[setting].counted = bars_[setting].counted || now[c] != 0;
      }
    }
}

/// Of those waiting, how many wait for which cause; the others wait for a free place.
std::array<std::int64_t, kWaitCauses> Simulation::causes_now(
    std::uint32_t setting, const std::array<std::int64_t, kWaitCauses>& barred) const {
  const auto at = [](WaitCause cause) { return static_cast<std::size_t>(cause); };
  std::array<std::int64_t, kWaitCauses> now{};
  const SettingTally& own = tally_.setting(setting);
  std::int64_t rest = own.waiting.now();
  const auto take = [&](WaitCause cause, std::int64_t most) {
    now[at(cause)] = std::clamp<std::int64_t>(most, 0, rest);
    rest -= now[at(cause)];
  };
  for (const WaitCause cause : {WaitCause::in_handoff, WaitCause::for_assessment, WaitCause::away})
    take(cause, barred[at(cause)]);
  take(WaitCause::closed, places_[setting].off_hours ? rest : 0);
  take(WaitCause::policy, places_[setting].budgets_spent > 0 ? rest : barred[at(WaitCause::policy)]);
  if (!roster_.empty()) take(WaitCause::staff, units_without_staff(setting));
  const SettingId pool = pool_of(setting);
  const SettingTally& units = pool.exists() ? tally_.setting(pool.index()) : own;
  take(WaitCause::turnaround, units.turnaround.now());
  take(WaitCause::held, units.held.now() + units.reserved.now());
  return now;
}

}  // namespace tl
