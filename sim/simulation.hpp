#pragma once
#include <exception>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "sim/event_list.hpp"
#include "sim/model.hpp"
#include "sim/random.hpp"
#include "sim/records.hpp"
#include "sim/result.hpp"
#include "sim/tally.hpp"
#include "sim/waiting_list.hpp"

namespace tl {

/// The model did something that cannot go on, such as time that no longer passes. The message is for the planner.
struct ModelFault : std::runtime_error {
  ModelFault(const std::string& what, double at, std::vector<std::uint32_t> where = {})
      : std::runtime_error{what}, at_days{at}, settings{std::move(where)} {}
  double at_days;  ///< simulated days since the run's start
  std::vector<std::uint32_t>
      settings;  ///< rows of the compiled settings concerned, ascending; empty when none is known
};
/// The caller asked to stop.
struct Stopped : std::exception {
  const char* what() const noexcept override { return "stopped"; }
};

/// What a story tells. `subject` is a setting unless said otherwise.
enum class StoryKind : std::uint8_t {
  stay_ended,     ///< in the place `subject`
  delayed,        ///< a discharge delay of `length` begins
  boards,         ///< stays on in place, waiting for `subject`
  asked,          ///< for `subject`
  granted,        ///< `subject`; `length`: the wait
  refused,        ///< by `subject`
  gave_up,        ///< waiting for `subject`; `length`: the wait
  replaced,       ///< the request for `subject`
  dropped,        ///< the request for `subject`
  handoff_begun,  ///< to `subject`, of `length`
  lost,           ///< on the way to `subject`
  event,          ///< `subject`: row of events, timers behind them
  enrolled,       ///< in `subject`
  unenrolled,     ///< from `subject`; `length`: the time enrolled
  paused,         ///< the enrolment in `subject`
  resumed,        ///< the enrolment in `subject`
  outcome,        ///< `subject`: row of outcomes
  parked,         ///< the request for `subject`: the client cannot come now
  unparked,       ///< the request for `subject`
  preempted,      ///< from `subject`
  claim_made,     ///< on `subject`
  claim_ended,    ///< on `subject`
  came_back,      ///< to `subject` by a claim
  token_given,    ///< `subject`: the token
  token_lapsed,   ///< `subject`: the token
  milestone,      ///< `subject`: row of milestones; `length`: the time since its start
  swapped,        ///< into `subject`, to undo a deadlock
};
struct Story {
  std::uint32_t number = 0;  ///< of the client
  StoryKind kind{};
  std::uint32_t subject = 0;
  SimTime at, length;
};

/// Told of what happens to clients, for histories and tests; not called when absent.
struct Watcher {
  virtual ~Watcher() = default;
  virtual void entered(std::uint32_t /*number*/, const ClientKey&, SimTime) {}
  virtual void moved(std::uint32_t /*number*/, SettingId /*from*/, SettingId /*to*/, SimTime) {}
  virtual void left(std::uint32_t /*number*/, ReasonId, SimTime) {}
  virtual void told(const Story&) {}
};

/// Runs replications of one compiled model, one after another, in memory that it keeps.
class Simulation {
 public:
  /// @param model  must outlive the simulation
  explicit Simulation(const CompiledModel& model);

  /// One replication: the same seed and replication give the same result to the last bit, whatever ran before.
  /// @param stop  may be null; asked every 65,536 events
  /// @throws ModelFault, Stopped
  void run(std::uint64_t seed, std::uint64_t replication, const std::function<bool()>* stop, ReplicationResult& into);

  void watch(Watcher* watcher) { watcher_ = watcher; }

 private:
  /// What the engine reads of a setting on every move, in one place.
  struct Place {
    std::int64_t free = 0;  ///< units neither taken nor reserved nor in turnaround; negative after a cut
    std::int64_t capacity = 0;
    std::uint32_t queued = 0;  ///< requests that could be granted now
    std::uint32_t waiting_outside = 0, waiting_in_place = 0;
    bool closed = false;  ///< outside the hours of admission
    WaitingList waiting;  ///< those queued, and some who are parked
  };
  struct Stream {
    std::uint32_t arrival = 0;
    std::uint32_t next = 0;     ///< ordinal of the next candidate
    std::uint32_t clients = 0;  ///< ordinals given to clients so far
    std::uint8_t layer = 0;
    double reached = 0.0;     ///< integral of the rate at the candidate that is pending
    double acceptance = 0.0;  ///< its own uniform
    std::uint32_t entry_word = 0;
  };
  struct HazardClock {
    std::int64_t since = 0, due = kNever;
    std::int64_t pending = kNever;  ///< the earliest event that is in the list for this clock; `due` may be later
    std::uint64_t traits = 0;       ///< with place and flags: the state the rates were last read in
    std::uint32_t place = kNoSlot, flags = 0;
    std::uint32_t which = kNoSlot;  ///< the event type due; none: a rate changes by itself then
  };
  struct Hazard {
    double left = -1.0;  ///< of the unit-exponential threshold; negative: not drawn yet
    double rate = 0.0;   ///< [1/day] since the clock was last read
    std::uint32_t occurrence = 0;
  };

  /// What a move does about claims (semantics 6): those made by events leave one, admissions otherwise end it.
  enum class ClaimEffect : std::uint8_t { keep, make, end };

  /// A client refused, lost or moved on at once goes on within the move that led there: each such step is one call
  /// deeper.
  class Deeper {
   public:
    Deeper(Simulation& simulation, std::uint32_t slot, std::uint32_t goal);
    ~Deeper() { --simulation_.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    Simulation& simulation_;
  };

  // simulation.cpp: time
  void reset(std::uint64_t seed, std::uint64_t replication);
  void run_instant();
  void handle(const Event& event);
  void fetch_ahead() const;
  void fetch_client(std::uint32_t slot) const;
  void schedule(const Event& event);
  void sample(std::uint32_t index);
  void apply_patches();
  void set_capacity(std::uint32_t setting, std::int64_t capacity);
  [[noreturn]] void fault(const std::string& what, std::vector<std::uint32_t> settings = {}) const;
  std::vector<std::uint32_t> places_of(const std::vector<Event>& events) const;

  // tables.cpp: what numbers depend on
  std::uint32_t cell(TableId table, const Client& client) const {
    const StateTable& t = model_.tables[table.index()];
    return t.dimension_count == 0 ? cells_[t.first_cell] : cells_[t.first_cell + cell_offset(t, client)];
  }
  std::uint32_t cell_offset(const StateTable& table, const Client& client) const;
  std::uint32_t dimension_value(const StateDimension& dimension, const Client& client) const;
  double number(TableId table, const Client& client) const { return model_.numbers[cell(table, client)]; }
  std::int64_t length(DistributionId distribution, double u, double v) const;
  std::int64_t length(TableId table, const Client& client, double u, double v) const;
  const Choice& choose(TableId table, const Client& client, std::uint32_t word) const;
  bool enrolled(const Client& client, std::uint32_t program) const;
  bool waiting_for(const Client& client, std::uint32_t setting) const;
  std::int64_t next_step(const Client& client) const;

  // movement.cpp: where clients are
  std::uint32_t create_client(ClientKey key, std::uint64_t traits);
  void draw_traits(Client& client, const TraitDrawList& draws) const;
  std::uint32_t next_visit(Client& client, std::uint32_t setting);
  void put(std::uint32_t slot, std::uint32_t setting, std::uint32_t visit);
  void vacate(const Client& client, std::uint32_t from, std::uint32_t visit);
  void take_out(std::uint32_t slot);
  void begin_stay(std::uint32_t slot, bool again);
  void set_stay_due(std::uint32_t slot, std::int64_t due);
  void admit(std::uint32_t slot, std::uint32_t goal, std::uint32_t visit, ClaimEffect effect = ClaimEffect::keep);
  void free_unit(std::uint32_t setting);
  void stay_ended(std::uint32_t slot);
  /// Whether the client's waits and stays count.
  bool in_cohort(const Client& client) const {
    return !model_.only_new_clients || (client.number > initial_clients_ && client.entered >= model_.start.micros());
  }
  void count_wait(std::uint32_t goal, const Client& client, std::int64_t waited);
  void count_stay(std::uint32_t setting, const Client& client, std::int64_t length);
  void count_stay_ended(std::uint32_t setting, const Client& client, std::int64_t began);
  void take_route(std::uint32_t slot, RouteId route, std::uint32_t occurrence, bool by_event);
  void follow_route(std::uint32_t slot, RouteId route);
  void follow_actions_and_route(std::uint32_t slot, RouteId route);
  void leave_model(std::uint32_t slot, ReasonId reason);
  void leave_or_move(std::uint32_t slot, RouteId route);
  void set_boarding(std::uint32_t slot);
  void touch(std::uint32_t slot);
  void act(std::uint32_t slot, ActionList actions, std::uint32_t occurrence, std::int64_t asked);
  void act_one(std::uint32_t slot, const Action& action, std::int64_t asked);
  bool happens(const Action& action, const Client& client, std::uint32_t occurrence) const;

  // requests.cpp: queues
  /// A unit is free for one more, those ahead in the queue (who get theirs when the instant ends) counted.
  static bool has_unit_to_spare(const Place& place) {
    return place.free > static_cast<std::int64_t>(place.queued) && !place.closed;
  }
  void ask_transfer(std::uint32_t slot, RouteId route, std::uint32_t goal);
  void ask_standing(std::uint32_t slot, std::uint32_t goal, bool keep, std::int64_t asked);
  void ask_program(std::uint32_t slot, std::uint32_t program, std::int64_t asked);
  bool refused(const Client& client, std::uint32_t goal, bool outside_beds) const;
  std::uint32_t enqueue(std::uint32_t slot, std::uint32_t goal, std::uint32_t visit, RequestKind kind, RouteId route,
                        std::int64_t asked);
  void link(std::uint32_t request);
  void unlink(std::uint32_t request);
  void rerank(std::uint32_t slot);
  void park(std::uint32_t slot, bool parked);
  std::uint32_t first_in_line(Place& place);
  void close(std::uint32_t request, RequestEnd how);
  void close_if_any(std::uint32_t slot, RequestEnd how, bool transfers_only);
  std::uint32_t find_request(const Client& client, RequestKind kind, std::optional<std::uint32_t> goal) const;
  void grant(std::uint32_t request);
  bool hand_off(std::uint32_t slot, std::uint32_t goal, std::uint32_t visit, RouteId route, std::uint32_t origin,
                std::uint32_t request);
  const Handoff* handoff_between(RouteId route, std::uint32_t from, std::uint32_t to) const;
  void handoff_ended(std::uint32_t request);
  void give_up(std::uint32_t request);
  void run_admissions();
  void offer(std::uint32_t setting) { work_[setting >> 6] |= std::uint64_t{1} << (setting & 63U); }

  // claims.cpp: coming back to where an event took the client from
  /// Of an admission by a route's transfer, or (no route) by a standing request.
  ClaimEffect admission_effect(RouteId route, bool temporary) const;
  /// Of a move to where the client waits for an admission, or is during a handoff.
  ClaimEffect waiting_effect(RouteId route) const;

  // enrolments.cpp
  void enrol_now(std::uint32_t slot, std::uint32_t program);
  void enrol(std::uint32_t slot, std::uint32_t program, std::uint32_t visit);
  void begin_program_stay(std::uint32_t enrolment);
  void enrolment_ended(std::uint32_t enrolment);
  void end_enrolment(std::uint32_t slot, std::uint32_t program);
  void remove_enrolment(std::uint32_t enrolment);

  // arrivals.cpp
  void start_streams();
  void next_candidate(std::uint32_t stream);
  void arrive(std::uint32_t stream);
  void enter(ClientKey key, std::uint64_t traits, const TraitDrawList& draws, TableId choices, std::uint32_t word);
  void place_initial_clients();
  void begin_initial_stay(std::uint32_t slot, const InitialGroup& group, std::uint32_t ordinal);

  // hazards.cpp
  void refresh_hazards(std::uint32_t slot, bool changed);
  bool same_state(const Client& client, HazardClock& clock) const;
  bool clock_rang(std::uint32_t slot);
  void set_clock(std::uint32_t slot);
  void hazard_due(std::uint32_t slot);
  void draw_threshold(const Client& client, std::uint32_t type, Hazard& hazard) const;
  double factor_between(std::uint32_t type, std::int64_t from, std::int64_t to) const;
  std::int64_t time_of(std::uint32_t type, const Hazard& hazard) const;

  // laws.cpp: semantics 14, in the checking build
  void check_laws();
  void check_client(std::uint32_t slot) const;
  void check_every_client() const;
  void check_queue(std::uint32_t setting) const;
  void check_instant() const;
  void allow_over_full(std::uint32_t setting);

  const CompiledModel& model_;
  RunKey run_{};
  std::int64_t now_ = 0, end_ = 0;
  EventList events_;
  std::vector<Event> instant_, again_;  ///< of this instant: being carried out, made while carrying out
  bool in_instant_ = false, placing_initial_ = false;
  int depth_ = 0;  ///< routes and actions being followed that led to each other at once
  std::uint64_t events_done_ = 0;
  std::uint32_t last_number_ = 0;
  std::size_t next_patch_ = 0;
  std::int64_t peak_present_ = 0;

  std::vector<std::uint32_t> cells_;
  std::vector<Place> places_;
  std::vector<std::uint64_t> work_;          ///< bit set of settings with something to offer
  std::vector<bool> event_routes_;           ///< taken by events; empty when no claim is ever made
  std::vector<std::uint32_t> return_index_;  ///< setting -> column of last_left_, or none
  std::uint32_t return_count_ = 0;
  std::vector<std::int64_t> over_full_;  ///< checking: the least `free` that a cut or the start may have left

  Pool<Client> clients_;
  Pool<VisitBlock> visit_blocks_;
  Pool<Request> requests_;
  Pool<Enrolment> enrolments_;
  HugeVector<HazardClock> clocks_;       ///< by client slot; empty when nothing ever happens
  HugeVector<Hazard> hazards_;           ///< [client slot][event type]
  std::vector<std::int64_t> last_left_;  ///< [client slot][return column]
  std::vector<Stream> streams_;
  bool events_look_at_steps_ = false;
  std::vector<StateDimension>
      event_flags_;  ///< enrolled, waiting for, stay over, in handoff: those that events look at

  Tally tally_;
  std::uint64_t initial_clients_ = 0;
  Watcher* watcher_ = nullptr;
};

}  // namespace tl
