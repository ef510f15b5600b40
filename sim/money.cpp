#include "sim/money.hpp"

#include "sim/expects.hpp"
#include "sim/result.hpp"
#include "sim/roster.hpp"
#include "sim/tally.hpp"

namespace tl {
namespace {

/// How many of the driver's own units make one of the price's.
double unit_of(CostDriver driver) {
  switch (driver) {
    case CostDriver::time:
    case CostDriver::client_days:
    case CostDriver::capacity_days:
      return static_cast<double>(kMicrosPerDay);
    case CostDriver::staff_days:
    case CostDriver::agency_days:
    case CostDriver::overtime_days:
      return static_cast<double>(kMicrosPerDay) * static_cast<double>(kMicrosPerFte);
    default:
      return 1.0;
  }
}

}  // namespace

Accounts::WideInt Accounts::driver_of(const CostItem& item, const CostSums& sums, std::int64_t now) {
  switch (item.driver) {
    case CostDriver::time:
      return now;
    case CostDriver::client_days:
      return sums.tally.setting(item.subject).census.area(now);
    case CostDriver::capacity_days:
      return sums.tally.setting(item.subject).capacity.area(now);
    case CostDriver::admissions:
      return static_cast<WideInt>(sums.tally.setting(item.subject).admissions);
    case CostDriver::event:
      return static_cast<WideInt>(sums.tally.events[item.subject]);
    case CostDriver::outcome:
      return static_cast<WideInt>(sums.tally.outcomes[item.subject]);
    case CostDriver::staff_days:
      return sums.roster.employed_area(item.subject, now);
    case CostDriver::agency_days:
      return sums.roster.agency_area(item.subject, now);
    case CostDriver::overtime_days:
      return sums.roster.overtime_area(item.subject, now);
    case CostDriver::once:
      return now > item.on.micros() ? 1 : 0;  // the instant itself belongs to the period that it begins
    case CostDriver::nothing:
      return 0;
  }
  TL_EXPECTS(false);
  return 0;
}

/// cost += price × (driver now − driver then): the difference is exact, whatever came before.
void Accounts::settle(Account& account, const CostSums& sums, std::int64_t now) {
  const WideInt driver = driver_of(account.item, sums, now);
  const auto grown = static_cast<double>(driver - account.driver);
  account.driver = driver;
  const double cost = account.item.price * (grown / unit_of(account.item.driver));
  account.cost += cost;
  account.total += cost;
}

void Accounts::reset(const Money& money) {
  accounts_.clear();
  periods_.clear();
  for (const CostItem& item : money.items) accounts_.push_back({item});
}

void Accounts::set_price(std::uint32_t item, double price, const CostSums& sums, std::int64_t now) {
  settle(accounts_[item], sums, now);
  accounts_[item].item.price = price;
}

void Accounts::start_results(const CostSums& sums, std::int64_t now) {
  for (Account& account : accounts_) {
    settle(account, sums, now);
    account.cost = 0.0;
  }
}

double Accounts::total(std::uint32_t item, const CostSums& sums, std::int64_t now) const {
  Account account = accounts_[item];
  settle(account, sums, now);
  return account.total;
}

void Accounts::settle(const CostSums& sums, std::int64_t now) {
  for (Account& account : accounts_) settle(account, sums, now);
}

void Accounts::end_period(const CostSums& sums, std::int64_t now) {
  for (Account& account : accounts_) {
    settle(account, sums, now);
    periods_.push_back(account.cost);
    account.cost = 0.0;
  }
}

void Accounts::finish(ReplicationResult& into) {
  into.cost_count = size();
  into.costs = periods_;
}

}  // namespace tl
