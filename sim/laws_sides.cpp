#include <cmath>

#include "sim/simulation_inline.hpp"

// Further laws of the checking build: what is kept beside the clients is what the clients' own records say.
namespace tl {

/// The account kept of why requests wait is that of the requests that are.
void Simulation::check_causes() const {
  if (bars_.empty()) return;
  std::vector<std::array<std::int64_t, kWaitCauses>> found(bars_.size());
  for (std::uint32_t slot = 0; slot < clients_.size(); ++slot) {
    const Client& client = clients_[slot];
    if (client.number == 0) continue;
    for (std::uint32_t r = client.first_request; r != kNoSlot; r = requests_[r].next_of_client) {
      if (r == client.granted) continue;
      if (const std::optional<WaitCause> cause = cause_of(requests_[r].barred))
        ++found[requests_[r].goal][static_cast<std::size_t>(*cause)];
    }
  }
  for (std::uint32_t s = 0; s < bars_.size(); ++s) {
    if (!bars_[s].watched) continue;
    const auto now = causes_now(s, found[s]);
    std::int64_t sum = 0;
    for (std::size_t c = 0; c < kWaitCauses; ++c) {
      TL_EXPECTS(tally_.rare(s).causes[c].now() == now[c] && now[c] >= 0);
      sum += now[c];
    }
    TL_EXPECTS(sum <= tally_.setting(s).waiting.now());
  }
}

/// Held units, mismatches, timers, paused enrolments.
void Simulation::check_sides() const {
  struct Count {
    std::int64_t held = 0, above = 0, below = 0;
  };
  std::vector<Count> counts(places_.size());
  for (std::uint32_t slot = 0; slot < clients_.size(); ++slot) {
    const Client& client = clients_[slot];
    if (client.number == 0) continue;
    TL_EXPECTS(client.mismatch == mismatch_of(client));
    counts[client.place].above += client.mismatch == 1 ? 1 : 0;
    counts[client.place].below += client.mismatch == 2 ? 1 : 0;
    if (!claims_.empty()) {
      const Claim& claim = claims_[slot];
      TL_EXPECTS(claim.place != kNoSlot || (!claim.held && !claim.returning));
      TL_EXPECTS(claim.place != client.place || claim.place == kNoSlot);
      TL_EXPECTS(!claim.returning || (client.granted != kNoSlot && !claim.held));
      TL_EXPECTS(!claim.held || claim.ends > now_ || now_ == end_);
      if (claim.held) counts[claim.place].held += claim.units;
    }
    for (std::size_t t = 0; t < model_.timers.size(); ++t) {
      const Timer& timer = timers_[slot * model_.timers.size() + t];
      const TableId holds = model_.timers[t].holds;
      TL_EXPECTS(timer.due > now_ || now_ == end_);
      if (timer.due < kNever && holds.exists() && now_ != end_) TL_EXPECTS(number(holds, client) != 0.0);
    }
    for (std::uint32_t e = client.first_enrolment; e != kNoSlot; e = enrolments_[e].next_of_client) {
      const std::uint32_t program = enrolments_[e].program;
      if (!places_[program].has_more || !model_.more[program].while_in.exists()) continue;
      TL_EXPECTS(absences_[e].rule == cell(model_.more[program].while_in, client));
      TL_EXPECTS(!absences_[e].paused || enrolments_[e].due == kNever);
    }
  }
  for (std::uint32_t s = 0; s < places_.size(); ++s) {
    if (model_.settings[s].kind == SettingKind::pool) continue;
    TL_EXPECTS(tally_.setting(s).held.now() == counts[s].held);
    TL_EXPECTS(tally_.rare(s).above_need.now() == counts[s].above);
    TL_EXPECTS(tally_.rare(s).below_need.now() == counts[s].below);
  }
}

/// What was brought up to date only now is what it would have been, had every instant been paid for at once.
void Simulation::check_accounts() {
  Accounts lazy = accounts_;
  lazy.settle({tally_, roster_}, now_);
  eager_accounts_.settle({tally_, roster_}, now_);
  for (std::uint32_t item = 0; item < lazy.size(); ++item)
    TL_EXPECTS(std::abs(lazy.cost(item) - eager_accounts_.cost(item)) <= 1e-9 * (1.0 + std::abs(lazy.cost(item))));
  eager_accounts_.end_period({tally_, roster_}, now_);
}

}  // namespace tl
