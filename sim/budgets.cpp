#include "sim/budgets.hpp"

#include <algorithm>

#include "sim/result.hpp"
#include "sim/simulation_inline.hpp"

namespace tl {
namespace {

constexpr double kSlack = 1e-9;  // a sum computed two ways is one sum

}  // namespace

void Budgets::reset(const BudgetPart& part) {
  part_ = &part;
  states_.assign(part.rules.size(), State{});
  periods_.clear();
  for (std::uint32_t b = 0; b < size(); ++b) states_[b].granted = part.periods[part.rules[b].first_period].amount;
}

/// Since the run's start [$].
double Budgets::spent(std::uint32_t b, const Accounts& accounts, const CostSums& sums, std::int64_t now) const {
  const BudgetRule& rule = part_->rules[b];
  double sum = 0.0;
  for (std::uint32_t i = rule.first_share; i < rule.first_share + rule.share_count; ++i)
    sum += part_->shares[i].share * accounts.total(part_->shares[i].item, sums, now);
  return sum;
}

/// Made so far for the settings that it stops.
std::uint64_t Budgets::requests(std::uint32_t b, const CostSums& sums) const {
  const BudgetRule& rule = part_->rules[b];
  std::uint64_t sum = 0;
  for (std::uint32_t i = rule.first_setting; i < rule.first_setting + rule.setting_count; ++i)
    sum += sums.tally.setting(part_->settings[i].index()).requests;
  return sum;
}

/// The time and the requests until now are counted as the budget has stood.
void Budgets::settle(std::uint32_t b, const CostSums& sums, std::int64_t now) {
  State& state = states_[b];
  const std::uint64_t asked = requests(b, sums);
  if (state.spent) {
    state.stopped += now - state.since;
    state.asked += asked - state.asked_then;
  }
  state.since = now;
  state.asked_then = asked;
}

std::int64_t Budgets::next_look(std::uint32_t b, std::int64_t now) const {
  const BudgetRule& rule = part_->rules[b];
  const std::int64_t first = rule.first_review.micros(), every = rule.review.micros();
  const std::int64_t review = now < first ? first : first + ((now - first) / every + 1) * every;
  const std::uint32_t next = states_[b].period + 1;
  return next < rule.period_count ? std::min(review, part_->periods[rule.first_period + next].from.micros()) : review;
}

bool Budgets::look(std::uint32_t b, const Accounts& accounts, const CostSums& sums, std::int64_t now) {
  const BudgetRule& rule = part_->rules[b];
  State& state = states_[b];
  const double so_far = spent(b, accounts, sums, now);
  const BudgetPeriod* period = &part_->periods[rule.first_period + state.period];
  if (state.period + 1 < rule.period_count && (period + 1)->from.micros() <= now) {
    ++state.period;
    ++period;
    state.at_beginning = so_far;
    state.granted += period->amount;
  }
  const double used = so_far - state.at_beginning;
  const bool is_spent = used >= period->amount - kSlack * (1.0 + period->amount);
  if (is_spent == state.spent) return false;
  settle(b, sums, now);
  state.spent = is_spent;
  state.times += is_spent ? 1 : 0;
  return true;
}

void Budgets::start_results(const Accounts& accounts, const CostSums& sums, std::int64_t now) {
  for (std::uint32_t b = 0; b < size(); ++b) {
    settle(b, sums, now);
    State& state = states_[b];
    state.at_end_of_last = spent(b, accounts, sums, now);
    // what was left of the period under way is there for the results
    const double amount = part_->periods[part_->rules[b].first_period + state.period].amount;
    state.granted = amount - (state.at_end_of_last - state.at_beginning);
    state.times = 0;
    state.stopped = 0;
    state.asked = 0;
  }
}

void Budgets::end_period(const Accounts& accounts, const CostSums& sums, std::int64_t now) {
  for (std::uint32_t b = 0; b < size(); ++b) {
    settle(b, sums, now);
    State& state = states_[b];
    const double so_far = spent(b, accounts, sums, now);
    const double amount = part_->periods[part_->rules[b].first_period + state.period].amount;
    const std::size_t first = periods_.size();
    periods_.resize(first + static_cast<std::size_t>(BudgetSum::count));
    const auto put = [&](BudgetSum which, double value) { periods_[first + static_cast<std::size_t>(which)] = value; };
    put(BudgetSum::granted, state.granted);
    put(BudgetSum::spent, so_far - state.at_end_of_last);
    put(BudgetSum::left_at_end, amount - (so_far - state.at_beginning));
    put(BudgetSum::times_spent, static_cast<double>(state.times));
    put(BudgetSum::stopped_days, SimTime::from_micros(state.stopped).days());
    put(BudgetSum::asked, static_cast<double>(state.asked));
    state.at_end_of_last = so_far;
    state.granted = 0.0;
    state.times = 0;
    state.stopped = 0;
    state.asked = 0;
  }
}

void Budgets::finish(ReplicationResult& into) {
  into.budget_count = size();
  into.budgets = periods_;
}

// ---- what the engine does when one is spent, and when there is money again

void Simulation::start_budgets() {
  for (std::uint32_t b = 0; b < budgets_.size(); ++b) look_at_budget(b);
}

/// Reviews come before those of policies, which may then not open.
void Simulation::look_at_budget(std::uint32_t b) {
  const BudgetRule& rule = model_.budgets.rules[b];
  if (budgets_.look(b, accounts_, {tally_, roster_}, now_)) {
    const int by = budgets_.is_spent(b) ? 1 : -1;
    for (std::uint32_t i = rule.first_setting; i < rule.first_setting + rule.setting_count; ++i)
      stop_admissions(model_.budgets.settings[i].index(), by);
    for (std::uint32_t i = rule.first_policy; i < rule.first_policy + rule.policy_count; ++i)
      policies_[model_.budgets.policies[i]].budgets_spent += by;
  }
  schedule(Event::make(budgets_.next_look(b, now_), Phase::policy, 0, EventKind::setting, b));
}

/// One more (or one fewer) budget stops admissions there.
void Simulation::stop_admissions(std::uint32_t setting, int by) {
  Place& place = places_[setting];
  const bool was_closed = place.closed;
  place.budgets_spent = static_cast<std::uint8_t>(place.budgets_spent + by);
  place.closed = place.off_hours || place.budgets_spent > 0;
  if (was_closed && !place.closed) offer(setting);
  stir(setting);
}

/// What budgets have stopped is what those say that are spent.
void Simulation::check_budgets() const {
  std::vector<int> settings(places_.size(), 0), policies(policies_.size(), 0);
  for (std::uint32_t b = 0; b < budgets_.size(); ++b) {
    const BudgetRule& rule = model_.budgets.rules[b];
    if (!budgets_.is_spent(b)) continue;
    for (std::uint32_t i = 0; i < rule.setting_count; ++i)
      ++settings[model_.budgets.settings[rule.first_setting + i].index()];
    for (std::uint32_t i = 0; i < rule.policy_count; ++i) ++policies[model_.budgets.policies[rule.first_policy + i]];
  }
  for (std::uint32_t s = 0; s < places_.size(); ++s) {
    TL_EXPECTS(places_[s].budgets_spent == settings[s]);
    TL_EXPECTS(places_[s].closed == (places_[s].off_hours || settings[s] > 0));
  }
  for (std::uint32_t p = 0; p < policies_.size(); ++p) TL_EXPECTS(policies_[p].budgets_spent == policies[p]);
}

}  // namespace tl
