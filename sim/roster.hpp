#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "sim/event_list.hpp"
#include "sim/model.hpp"
#include "sim/random.hpp"
#include "sim/records.hpp"
#include "sim/result.hpp"
#include "sim/tally.hpp"

namespace tl {

/// A level that also knows the most it stood at for any length of time.
class PeakLevel {
 public:
  void set(std::int64_t value, std::int64_t at) {
    if (value == now()) return;
    if (at > since_) most_ = most_ < now() ? now() : most_;
    since_ = at;
    level_.change(value - now(), at);
  }
  void add(std::int64_t by, std::int64_t at) { set(now() + by, at); }
  std::int64_t now() const { return level_.now(); }
  WideInt area(std::int64_t at) const { return level_.area(at); }
  /// The most since this was last asked, which it forgets.
  std::int64_t take_most(std::int64_t at) {
    const std::int64_t most = at > since_ && most_ < now() ? now() : most_;
    most_ = 0;
    since_ = at;
    return most;
  }

 private:
  Level level_;
  std::int64_t since_ = 0, most_ = 0;
};

/// The staff of one replication: who holds which post, what settings get of them, and the sums of both.
///
/// It knows neither clients nor queues. Persons leave and join one by one (`person_due`), and so do budgets, hours and
/// physical capacities change; what settings get is worked out anew only when `settle` is called, once for all that
/// changed at an instant (semantics 8).
class Roster {
 public:
  /// @param model, cells  must outlive the replication; cells: the engine's, with the patches applied
  void reset(const CompiledModel& model, const std::vector<std::uint32_t>& cells, RunKey run);
  bool empty() const { return pools_.empty(); }
  /// Whether the setting, or the pool of units, needs staff.
  bool carries(std::uint32_t setting) const { return !rows_of_.empty() && !rows_of_[setting].empty(); }

  /// Posts and vacancies of the run's start.
  void begin();
  /// The dated number of the pool's FTE; what open policies add comes on top.
  void set_budget(std::uint32_t pool, std::int64_t fte, std::int64_t now);
  void add_to_budget(std::uint32_t pool, std::int64_t fte, std::int64_t now);
  /// A temporary person may take the post, if it is still vacant.
  /// @returns false when that is not so any more
  bool agency_due(std::uint32_t pool, std::uint32_t post, std::int64_t now);
  /// The holder of the post leaves, or a new one comes.
  /// @returns false when that is not so any more
  bool person_due(std::uint32_t pool, std::uint32_t post, std::int64_t now);
  /// Whether a row's posts are on duty at this hour.
  void set_on_duty(std::uint32_t row, bool on_duty);
  /// Something that the setting's staffing depends on has changed.
  void stir(std::uint32_t setting);
  void stir_all();
  /// Units that the clients there take.
  void set_units_used(std::uint32_t setting, std::int64_t units, std::int64_t now);

  bool is_settled() const { return settled_; }
  void note_unsettled() { settled_ = false; }
  /// Gives settings their part of the staff.
  /// @param physical  capacity of every setting, kUnlimited included
  /// @returns the settings concerned, ascending
  const std::vector<std::uint32_t>& settle(const std::vector<std::int64_t>& physical, std::int64_t now);
  /// Units that the staff on duty can carry, as last settled; kUnlimited where none are asked for at this hour.
  std::int64_t carried(std::uint32_t setting) const { return carried_[setting]; }

  /// Events that are to come up, for the engine to take.
  std::vector<Event> coming;

  void start_results(std::int64_t at);
  void end_period(std::int64_t at);
  void finish(ReplicationResult& into);

  /// ∫ of those employed from the run's start to `at` [millionths of an FTE · µs].
  WideInt employed_area(std::uint32_t pool, std::int64_t at) const { return pools_[pool].employed.area(at); }
  WideInt agency_area(std::uint32_t pool, std::int64_t at) const { return pools_[pool].agency.area(at); }
  WideInt overtime_area(std::uint32_t pool, std::int64_t at) const { return pools_[pool].overtime.area(at); }

  /// Laws of the checking build.
  void check(std::int64_t now) const;
  std::int64_t units_used(std::uint32_t setting) const { return units_used_[setting]; }

 private:
  struct Post {
    bool active = false;  ///< in the budget
    bool filled = false;
    std::uint32_t holder = 0;           ///< how many have been sought for it: names the draws
    std::int64_t due = kNever;          ///< when the holder leaves, or the next one comes
    std::int64_t agency_from = kNever;  ///< of a vacant post: when a temporary person may take it
  };
  struct Pool {
    std::vector<Post> posts;             ///< all there ever were; the lowest are used first
    std::vector<std::uint32_t> waiting;  ///< vacant posts whose filling cannot begin yet, the oldest first
    std::uint32_t hiring = 0;            ///< vacancies in the course of being filled
    std::int64_t dated = 0, more = 0;    ///< of the budget: by date, and by policies
    std::int64_t budget = 0;
    std::vector<std::uint8_t> team_is_open;
    std::int64_t at_work = 0;        ///< those who can look after clients, temporary people included, without overtime
    std::int64_t most_overtime = 0;  ///< that they can work on top
    bool stirred = true;
    std::uint64_t hires = 0, leavers = 0, let_go = 0, openings = 0, closings = 0;
    PeakLevel employed, vacant, needed_physical, needed_census, needed_standard, agency, overtime;
    Level budgeted, assigned, used, forming, teams_open;
  };
  struct Row {
    bool on_duty = true;
    PeakLevel needed_physical, needed_census, needed_standard;
    Level assigned, used, physical, carried, bound, lost;
  };

  double number(TableId table) const;
  void seek(std::uint32_t pool, std::uint32_t post, std::int64_t now);
  void begin_hiring(std::uint32_t pool, std::uint32_t post, std::int64_t now);
  void hire_next(std::uint32_t pool, std::int64_t now);
  void joins(std::uint32_t pool, std::uint32_t post, std::int64_t now);
  void set_leaving(std::uint32_t pool, std::uint32_t post, std::int64_t now);
  void set_due(std::uint32_t pool, std::uint32_t post, std::int64_t due);
  void set_agency(std::uint32_t pool, std::uint32_t post, std::int64_t from, std::int64_t now);
  void take_away(std::uint32_t pool, bool filled, std::int64_t count, std::int64_t now);
  /// FTE of a pool's posts.
  struct Held {
    std::int64_t employed = 0;  ///< of those filled
    std::int64_t old = 0;       ///< of those vacant for so long that temporary people may take them
  };
  Held held(const Pool& pool, std::int64_t now) const;
  /// The last post in the budget, counted from 1 (0: none is), and what it holds.
  struct LastPost {
    std::size_t post = 0;
    std::int64_t fte = 0;
  };
  static LastPost last_post(const Pool& pool);
  void fit_to_budget(std::uint32_t pool, std::int64_t now);
  /// Of one team: posts filled, and FTE in them.
  struct Team {
    std::uint32_t filled = 0;
    std::int64_t employed = 0, temporary = 0;
  };
  /// @param temporary  people who are left for it; each holds a whole post
  static Team team(const StaffPool& spec, const Pool& pool, std::size_t number, std::int64_t& temporary,
                   std::int64_t now);
  static void review_teams(const StaffPool& spec, Pool& pool, std::int64_t now);
  static void check_teams(const StaffPool& spec, const Pool& pool, std::int64_t now);
  std::int64_t agency_fte(const StaffPool& spec, const Held& held) const;
  std::int64_t fte_for(const StaffingRow& row, std::int64_t units, double clients) const;
  std::int64_t units_for(const StaffingRow& row, std::int64_t fte) const;
  void share_out(std::uint32_t pool, const std::vector<std::int64_t>& physical, std::int64_t now);
  void carry(std::uint32_t setting, std::int64_t physical, std::int64_t now);
  void need_for_clients(std::uint32_t row, std::int64_t now);
  void work_overtime(Pool& pool, std::int64_t now) const;
  void count_people(std::uint32_t pool, std::int64_t now);
  void sums(std::int64_t at, std::vector<WideInt>& into) const;

  const CompiledModel* model_ = nullptr;
  const std::vector<std::uint32_t>* cells_ = nullptr;
  RunKey run_{};
  bool settled_ = true, begun_ = false;
  std::vector<Pool> pools_;
  std::vector<Row> rows_;
  std::vector<std::vector<std::uint32_t>> rows_of_;  ///< by setting; empty when no setting needs staff
  std::vector<std::int64_t> carried_, units_used_;   ///< by setting
  std::vector<std::uint32_t> settings_;              ///< those that need staff, ascending
  std::vector<std::uint32_t> concerned_;
  std::vector<WideInt> last_, now_sums_;
  std::vector<double> staff_results_, staffing_results_;
};

}  // namespace tl
