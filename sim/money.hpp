#pragma once
#include <cstdint>
#include <vector>

#include "sim/sim_time.hpp"

// Money in one replication. Nothing is done in the inner loop: the tally keeps the exact integral of all that costs can
// grow with, and a cost is brought up to date only when its price changes and when a period ends.
namespace tl {

class Tally;
class Roster;
struct ReplicationResult;

/// What a cost grows with, and the unit its price is of.
enum class CostDriver : std::uint8_t {
  time,           ///< [day]
  client_days,    ///< of the setting `subject` [client-day]
  capacity_days,  ///< of the setting `subject` [unit-day]; nothing where capacity is unlimited
  admissions,     ///< to the setting `subject`
  event,          ///< each time event `subject` (timers behind them) happens
  outcome,        ///< each time outcome `subject` is counted
  staff_days,     ///< of those employed in the staff pool `subject` [FTE-day]
  agency_days,    ///< of temporary people in its posts [FTE-day]
  overtime_days,  ///< that they work on top [FTE-day]
  once,           ///< at `on`; the price is the whole of it
  nothing,        ///< decided when results are gathered: incentives that look at a metric
};
struct CostItem {
  CostDriver driver{};
  std::uint32_t subject = 0;
  double price = 0.0;  ///< dollars for one unit of the driver, at the run's start; later changes are patches
  SimTime on;          ///< once
};

/// What a model pays. Who pays, and for whom it is done, is in Catalogue::costs: the engine need not know.
struct Money {
  std::vector<CostItem> items;
};

/// Where the sums are that costs grow with.
struct CostSums {
  const Tally& tally;
  const Roster& roster;
};

/// The accounts of one replication.
class Accounts {
 public:
  void reset(const Money& money);
  bool empty() const { return accounts_.empty(); }
  /// From now on the item costs this much.
  void set_price(std::uint32_t item, double price, const CostSums& sums, std::int64_t now);
  /// Warm-up ends: what came before is not paid for.
  void start_results(const CostSums& sums, std::int64_t now);
  void end_period(const CostSums& sums, std::int64_t now);
  /// Puts costs [period][item] into the result.
  void finish(ReplicationResult& into);
  /// Brings every cost up to date; it makes no difference to what comes out but for rounding.
  void settle(const CostSums& sums, std::int64_t now);
  /// Of the period under way, as of the last change.
  double cost(std::uint32_t item) const { return accounts_[item].cost; }
  /// Since the run's start, warm-up included. Nothing is brought up to date by asking.
  double total(std::uint32_t item, const CostSums& sums, std::int64_t now) const;
  std::uint32_t size() const { return static_cast<std::uint32_t>(accounts_.size()); }

 private:
  __extension__ using WideInt = __int128;
  struct Account {
    CostItem item;
    double cost = 0.0;   ///< of the period under way, until the driver stood at `driver`
    double total = 0.0;  ///< likewise, since the run's start
    WideInt driver = 0;  ///< µs (of staff: of millionths of an FTE) for days, else a count
  };
  static WideInt driver_of(const CostItem& item, const CostSums& sums, std::int64_t now);
  static void settle(Account& account, const CostSums& sums, std::int64_t now);

  std::vector<Account> accounts_;
  std::vector<double> periods_;
};

}  // namespace tl
