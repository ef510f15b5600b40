#pragma once
#include <cstdint>
#include <vector>

#include "sim/ids.hpp"
#include "sim/money.hpp"
#include "sim/sim_time.hpp"

// Money that may be spent in a period, and what stops once it is (semantics 10).
namespace tl {

/// A part of what a cost item comes to.
struct BudgetShare {
  std::uint32_t item = 0;  ///< row of Money::items
  double share = 1.0;
};
/// From `from` on, until the next period, so much may be spent.
struct BudgetPeriod {
  SimTime from;
  double amount = 0.0;  ///< [$]
};
struct BudgetRule {
  std::uint32_t first_share = 0, share_count = 0;      ///< in BudgetPart::shares
  std::uint32_t first_period = 0, period_count = 0;    ///< in BudgetPart::periods; the first begins with the run
  std::uint32_t first_setting = 0, setting_count = 0;  ///< to which nobody is admitted once it is spent
  std::uint32_t first_policy = 0, policy_count = 0;    ///< which do not open then
  SimTime first_review, review;                        ///< it is looked at first_review + k · review
};
/// One member of CompiledModel.
struct BudgetPart {
  std::vector<BudgetRule> rules;
  std::vector<BudgetShare> shares;
  std::vector<BudgetPeriod> periods;
  std::vector<SettingId> settings;
  std::vector<std::uint32_t> policies;  ///< rows of PolicyPart::rules
};

/// Sums kept for every budget in every reporting period.
enum class BudgetSum : std::uint8_t { granted, spent, left_at_end, times_spent, stopped_days, asked, count };

/// The budgets of one replication. They read the accounts on each of their reviews and where a period begins, and
/// nowhere else.
class Budgets {
 public:
  /// @param part  must outlive the replication
  void reset(const BudgetPart& part);
  bool empty() const { return states_.empty(); }
  std::uint32_t size() const { return static_cast<std::uint32_t>(states_.size()); }
  /// Looks at the accounts: a review, or the beginning of a period.
  /// @returns whether it is spent now and was not, or the other way round
  bool look(std::uint32_t budget, const Accounts& accounts, const CostSums& sums, std::int64_t now);
  /// When it is to be looked at next, after `now`.
  std::int64_t next_look(std::uint32_t budget, std::int64_t now) const;
  bool is_spent(std::uint32_t budget) const { return states_[budget].spent; }

  /// Warm-up ends.
  void start_results(const Accounts& accounts, const CostSums& sums, std::int64_t now);
  void end_period(const Accounts& accounts, const CostSums& sums, std::int64_t now);
  void finish(ReplicationResult& into);

 private:
  struct State {
    std::uint32_t period = 0;  ///< under way
    bool spent = false;
    double at_beginning = 0.0;    ///< spent since the run's start, when the period began
    double at_end_of_last = 0.0;  ///< likewise, when the last reporting period ended
    double granted = 0.0;         ///< in the reporting period
    std::uint64_t times = 0;      ///< spent, in the reporting period
    std::int64_t stopped = 0;     ///< time so far in the reporting period, until `since`
    std::int64_t since = 0;
    std::uint64_t asked = 0;  ///< likewise, until `asked_then` requests
    std::uint64_t asked_then = 0;
  };
  double spent(std::uint32_t budget, const Accounts& accounts, const CostSums& sums, std::int64_t now) const;
  std::uint64_t requests(std::uint32_t budget, const CostSums& sums) const;
  void settle(std::uint32_t budget, const CostSums& sums, std::int64_t now);

  const BudgetPart* part_ = nullptr;
  std::vector<State> states_;
  std::vector<double> periods_;
};

}  // namespace tl
