#pragma once
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/budgets.hpp"
#include "sim/event_list.hpp"
#include "sim/group_tallies.hpp"
#include "sim/model.hpp"
#include "sim/model_fault.hpp"
#include "sim/occupants.hpp"
#include "sim/random.hpp"
#include "sim/records.hpp"
#include "sim/result.hpp"
#include "sim/roster.hpp"
#include "sim/simulation_state.hpp"
#include "sim/tally.hpp"
#include "sim/waiting_list.hpp"
#include "sim/watcher.hpp"

namespace tl {

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
  using Place = engine::Place;
  using Candidate = engine::Candidate;
  using Stream = engine::Stream;
  using TableReader = engine::TableReader;
  using PlainRoute = engine::PlainRoute;
  using HazardClock = engine::HazardClock;
  using Hazard = engine::Hazard;
  using Timer = engine::Timer;
  using Milestone = engine::Milestone;
  using Claim = engine::Claim;
  using Absence = engine::Absence;
  using Bars = engine::Bars;
  using PolicyStage = engine::PolicyStage;
  using PolicyState = engine::PolicyState;
  using Coming = engine::Coming;
  using Growth = engine::Growth;
  using Grant = engine::Grant;
  using Interrupted = engine::Interrupted;

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
  void handle_enrolments(Event event);
  void handle(Event event);
  void fetch_ahead() const;
  void fetch_client(std::uint32_t slot) const;
  void fetch_place(std::uint32_t slot) const;
  void schedule(Event event);
  void sample(std::uint32_t index);
  void apply_patches();
  /// Of usable units; what a model, its dates or a policy change is the physical capacity: see staff.cpp.
  void set_capacity(std::uint32_t setting, std::int64_t capacity);
  void set_price(std::uint32_t item, double price);
  /// For histories; `length` in µs.
  void tell(StoryKind kind, std::uint32_t slot, std::uint32_t subject, std::int64_t length = 0) const {
    if (watcher_ != nullptr)
      watcher_->told({clients_[slot].number, kind, subject, SimTime::from_micros(now_), SimTime::from_micros(length)});
  }
  [[noreturn]] void too_deep(std::uint32_t slot, std::uint32_t goal) const;
  [[noreturn]] void fault(const std::string& what, std::vector<std::uint32_t> settings = {}) const;
  std::vector<std::uint32_t> places_of(const std::vector<Event>& events) const;

  // tables.cpp: what numbers depend on
  std::uint32_t cell(TableId table, const Client& client) const {
    const TableReader& reader = table_readers_[table.index()];
    const std::uint32_t offset = reader.general
                                     ? cell_offset(model_.tables[table.index()], client)
                                     : static_cast<std::uint32_t>(client.traits >> reader.shift) & reader.mask;
    return cells_[reader.first_cell + offset];
  }
  void make_table_readers();
  std::uint32_t cell_offset(const StateTable& table, const Client& client) const;
  std::uint32_t dimension_value(const StateDimension& dimension, const Client& client) const;
  double number(TableId table, const Client& client) const { return model_.numbers[cell(table, client)]; }
  std::int64_t length(DistributionId distribution, double u, double v) const;
  std::int64_t length(TableId table, const Client& client, double u, double v) const;
  const Choice& choose(TableId table, const Client& client, std::uint32_t word) const;
  bool enrolled(const Client& client, std::uint32_t program) const;
  bool waiting_for(const Client& client, std::uint32_t setting) const;
  std::optional<std::int64_t> start_of(const StateDimension& dimension, const Client& client) const;
  std::int64_t next_step(const Client& client) const;
  std::int64_t next_step(TableId table, const Client& client) const;
  bool looks_at_steps(TableId table) const;
  std::uint32_t slot_of(const Client& client) const { return static_cast<std::uint32_t>(&client - &clients_[0]); }

  // movement.cpp: where clients are
  std::uint32_t create_client(ClientKey key, std::uint64_t traits);
  void create_beside(std::uint32_t slot);
  void draw_traits(Client& client, const TraitDrawList& draws) const;
  std::uint32_t next_visit(Client& client, std::uint32_t setting);
  void put(std::uint32_t slot, std::uint32_t setting, std::uint32_t visit);
  void begin_visit(Client& client, std::uint32_t setting, std::uint32_t visit);
  void give_back_visits(const Client& client);
  void vacate(const Client& client, std::uint32_t from, std::uint32_t visit, std::int64_t units);
  void vacate_later(const Client& client, std::uint32_t from, std::uint32_t visit, std::int64_t units);
  void take_out(std::uint32_t slot, bool leaves_claim = false);
  void end_states(std::uint32_t slot);
  void begin_stay(std::uint32_t slot, bool again);
  Block visit_block(const Client& client, std::uint32_t setting, std::uint32_t visit) const {
    return draw(run_, client.key, Purpose::visit, model_.settings[setting].draw_id, visit);
  }
  void draw_stay(std::uint32_t slot);
  void set_stay(std::uint32_t slot, const Block& block);
  void set_stay_due(std::uint32_t slot, std::int64_t due);
  void admit(std::uint32_t slot, std::uint32_t goal, std::uint32_t visit, ClaimEffect effect = ClaimEffect::keep);
  void leave_for(std::uint32_t slot, std::uint32_t goal, bool leaves_claim);
  void begin(std::uint32_t slot, std::uint32_t goal, std::uint32_t visit);
  void move_in(std::uint32_t slot, std::uint32_t from, std::uint32_t goal, std::uint32_t visit);
  void stay_ended(std::uint32_t slot);
  /// Whether the client's waits and stays count.
  bool in_cohort(const Client& client) const {
    return !model_.only_new_clients || (client.number > initial_clients_ && client.entered >= model_.start.micros());
  }
  /// Does to the sums of the whole, and to those of the groups the client is of.
  template <class Do>
  void count(const Client& client, Do what) {
    what(tally_);
    if (groups_.kept()) groups_.each(client.traits, what);
  }
  /// Of the place the client is in.
  void count_level(std::uint32_t slot, Level SettingTally::*which, std::int64_t change) {
    const Client& client = clients_[slot];
    count(client, [&](Tally& tally) { (tally.setting(client.place).*which).change(change, now_); });
  }
  void count_request(const Client& client, std::uint32_t setting) {
    count(client, [&](Tally& tally) { ++tally.setting(setting).requests; });
  }
  void count_refused(const Client& client, std::uint32_t setting) {
    count(client, [&](Tally& tally) { ++tally.setting(setting).refused; });
  }
  void count_waiting(const Client& client, std::uint32_t setting, std::int64_t change) {
    count(client, [&](Tally& tally) { tally.setting(setting).waiting.change(change, now_); });
  }
  bool is_within_standard(std::uint32_t goal, std::int64_t waited) const;
  void count_wait(std::uint32_t goal, const Client& client, std::int64_t waited);
  void count_wait_more(std::uint32_t goal, const Client& client, std::int64_t waited);
  void count_stay(std::uint32_t setting, const Client& client, std::int64_t length);
  void count_stay_more(std::uint32_t setting, const Client& client, std::int64_t length);
  void count_stay_ended(std::uint32_t setting, const Client& client, std::int64_t began);
  void take_route(std::uint32_t slot, RouteId route, std::uint32_t occurrence, bool by_event);
  void follow_route(std::uint32_t slot, RouteId route);
  void follow_actions_and_route(std::uint32_t slot, RouteId route);
  void leave_model(std::uint32_t slot, ReasonId reason);
  void leave_or_move(std::uint32_t slot, RouteId route);
  void set_boarding(std::uint32_t slot);
  void touch(std::uint32_t slot);
  void touch_more(std::uint32_t slot);
  void entered(std::uint32_t slot, std::uint32_t setting, ActionList actions, std::uint32_t visit);
  void entered_more(std::uint32_t slot, std::uint32_t setting, ActionList actions, std::uint32_t visit);
  void act(std::uint32_t slot, ActionList actions, std::uint32_t occurrence, std::int64_t asked);
  void act_one(std::uint32_t slot, const Action& action, std::int64_t asked);
  bool happens(const Action& action, const Client& client, std::uint32_t occurrence) const;

  // plain.cpp: the moves that nearly all clients make
  void find_plain_moves();
  bool may_go_plainly(const Client& client, RouteId route) const;
  bool go_plainly(std::uint32_t slot, RouteId route);
  void ask_plainly(std::uint32_t slot, RouteId id, const Route& route);
  void wait_plainly(std::uint32_t slot, RouteId route, std::uint32_t goal, std::uint32_t visit);
  bool may_grant_plainly(std::uint32_t request) const;
  bool grant_plainly(std::uint32_t request);
  void move_out_plainly(Client& client);
  void move_in_plainly(Client& client, std::uint32_t setting, std::uint32_t visit);
  void stay_plainly(std::uint32_t slot, const Block& block);
  void leave_plainly(std::uint32_t slot, ReasonId reason);

  // asking.cpp
  /// A unit is free for one more, those ahead in the queue (who get theirs when the instant ends) counted.
  static bool has_unit_to_spare(const Place& place) {
    return place.free > static_cast<std::int64_t>(place.queued) && !place.closed;
  }
  bool can_take(std::uint32_t setting, const Client& client) const {
    return places_[setting].has_more ? can_take_more(setting, client) : has_unit_to_spare(places_[setting]);
  }
  void ask_transfer(std::uint32_t slot, RouteId route, std::uint32_t goal);
  void ask_standing(std::uint32_t slot, std::uint32_t goal, bool keep, std::int64_t asked, TermsId terms);
  void ask_program(std::uint32_t slot, std::uint32_t program, std::int64_t asked, TermsId terms = TermsId{});
  bool refused(const Client& client, std::uint32_t goal, bool outside_beds) const;
  bool grant_at_once(const Grant& grant);
  bool grant_alternate_at_once(Grant grant);
  std::optional<std::uint32_t> alternate_now(TermsId terms, const Client& client) const;
  std::optional<std::uint32_t> interim_now(TermsId terms, const Client& client) const;

  // requests.cpp: queues
  static constexpr std::uint8_t kAnyTrack = 0xff;
  std::uint32_t make_request(const Grant& grant, std::int64_t asked);
  std::uint32_t enqueue(const Grant& grant, std::int64_t asked);
  void set_patience(std::uint32_t request, std::int64_t asked, const Block& block);
  void join_queues(std::uint32_t request);
  void link(std::uint32_t request);
  void unlink(std::uint32_t request);
  double order_of(const Request& request) const;
  void reorder(std::uint32_t request);
  void review(std::uint32_t slot);
  void set_bars(std::uint32_t request, std::uint8_t bars);
  void park(std::uint32_t slot, bool parked);
  std::uint32_t first_in_line(Place& place);
  void stop_waiting(std::uint32_t request);
  void count_end(std::uint32_t setting, const Client& client, RequestEnd how);
  void close(std::uint32_t request, RequestEnd how);
  void close_if_any(std::uint32_t slot, RequestEnd how, bool transfers_only);
  std::uint32_t find_request(const Client& client, RequestKind kind, std::optional<std::uint32_t> goal,
                             std::uint8_t track) const;
  void drop_requests(std::uint32_t slot, std::optional<std::uint32_t> goal, std::uint8_t track);
  void give_up(std::uint32_t request);
  void offer(std::uint32_t setting) {
    work_[setting >> 6] |= std::uint64_t{1} << (setting & 63U);
    has_offers_ = true;
  }
  bool is_offered(std::uint32_t setting) const { return (work_[setting >> 6] >> (setting & 63U) & 1U) != 0; }
  void run_admissions();
  void admit_those_waiting();

  // grants.cpp
  void grant(std::uint32_t request);
  void grant_interim(std::uint32_t listing);
  void carry_out(const Grant& grant);
  void close_others(const Grant& grant);
  bool hand_off(const Grant& grant);
  bool hand_over(const Grant& grant, const Handoff* handoff);
  const Handoff* handoff_between(RouteId route, std::uint32_t from, std::uint32_t to) const;
  void handoff_ended(std::uint32_t request);
  void grant_failed(std::uint32_t request);
  ClaimEffect effect_of(RouteId route, TermsId terms) const;
  /// Whom the setting takes next, now; none when nobody who could come fits.
  std::uint32_t next_in_line(std::uint32_t setting) {
    Place& place = places_[setting];
    if (place.queued == 0) return kNoSlot;
    if (places_[setting].has_more) return next_in_line_more(setting);
    return place.free > 0 ? first_in_line(place) : kNoSlot;
  }
  std::uint32_t next_in_line_more(std::uint32_t setting);

  // listings.cpp: requests that say more than their goal, or ask for a setting that wants more than a free unit
  static TermsId terms_of(const Request& request) {
    return request.terms == kNoSlot ? TermsId{} : TermsId{request.terms};
  }
  bool is_more(const Request& request) const { return request.terms != kNoSlot || places_[request.goal].has_more; }
  /// The goal it was made for, where it is counted; an alternate may have been granted.
  std::uint32_t counted_at(const Request& request) const {
    return request.terms == kNoSlot ? request.goal : model_.terms[request.terms].goal.index();
  }
  bool is_away(TermsId terms, const Client& client) const { return terms.exists() && holds_away(terms, client); }
  bool holds_away(TermsId terms, const Client& client) const;
  bool is_in(const Client& client, std::uint32_t setting) const;
  bool is_interim(const Request& listing) const;
  void make_listings(std::uint32_t request);
  void drop_listings(std::uint32_t request);
  std::uint32_t listing_of(std::uint32_t request, std::uint32_t option) const;
  double score_order(const Request& request) const;
  std::uint32_t present_interim(const Request& main) const;
  std::uint8_t bars_of(const Request& request) const;
  void review_one(std::uint32_t request);
  void review_more(std::uint32_t slot);
  void stop_patience(std::uint32_t request);
  void review_patience(std::uint32_t request);
  void schedule_wake(std::uint32_t request);
  void wake(std::uint32_t request);

  // units.cpp: units and pools of them
  std::uint16_t units_of(std::uint32_t setting, const Client& client) const {
    return places_[setting].has_more ? units_more(setting, client) : std::uint16_t{1};
  }
  std::uint16_t units_more(std::uint32_t setting, const Client& client) const;
  SettingId pool_of(std::uint32_t setting) const {
    return places_[setting].has_more ? model_.more[setting].pool : SettingId{};
  }
  void take_units(std::uint32_t setting, std::int64_t units) {
    places_[setting].free -= units;
    if (places_[setting].has_more) take_from_pool(setting, units);
  }
  void take_from_pool(std::uint32_t setting, std::int64_t units);
  void free_units(std::uint32_t setting, std::int64_t units) {
    Place& place = places_[setting];
    place.free += units;
    if (place.queued > 0) offer(setting);  // whoever joins an empty queue offers the unit then
    if (place.has_more) free_in_pool(setting, units);
  }
  void free_in_pool(std::uint32_t setting, std::int64_t units);
  void offer_pool(std::uint32_t pool);
  /// Changes a level of the setting, and of the pool it takes its units from.
  void count_units(std::uint32_t setting, Level SettingTally::*which, std::int64_t units);
  void reserve(std::uint32_t setting, std::int64_t units);
  void release_reserved(std::uint32_t setting, std::int64_t units);
  std::int64_t units_left(std::uint32_t setting) const;
  bool fits(std::uint32_t setting, std::int64_t units) const { return units <= units_left(setting); }
  void count_pool(const Client& client, std::uint32_t pool, std::int64_t units);
  void moved_in(std::uint32_t slot, std::uint32_t setting);
  void moved_out(std::uint32_t slot, std::uint32_t setting);
  void enrolled_in(std::uint32_t enrolment);
  void enrolment_left(std::uint32_t enrolment);
  std::int64_t units_held(std::uint32_t slot) const;
  std::int64_t left_behind_queue(std::uint32_t setting, std::int64_t& pool_left) const;
  bool can_take_more(std::uint32_t setting, const Client& client) const;

  // preemption.cpp
  void note_admission(std::uint32_t slot, std::uint32_t goal, std::int64_t since, std::uint16_t units);
  void note_request_time(std::uint32_t slot, std::int64_t since);
  std::vector<std::uint32_t> preemptible(std::uint32_t setting, double rank) const;
  bool could_preempt(std::uint32_t setting, const Client& client) const;
  bool preempt_for(std::uint32_t setting, std::uint32_t request);
  void evict(std::uint32_t slot);
  bool go_on_with_stay(std::uint32_t slot);
  void forget_interrupted(std::uint32_t slot);

  // deadlock.cpp
  bool is_stuck(const Client& client) const;
  bool may_be_dead(std::uint32_t setting) const;
  std::vector<std::uint32_t> dead_places() const;
  std::vector<std::uint32_t> earliest_cycle(const std::vector<std::uint32_t>& dead) const;
  void exchange(const std::vector<std::uint32_t>& cycle);
  bool undo_deadlocks();

  // assessments.cpp
  bool holds(const Client& client, std::uint32_t tokens) const;
  bool lacks_assessment(std::uint32_t setting, const Client& client) const;
  void give_tokens(std::uint32_t slot, std::uint32_t program, bool on_completion);
  void tokens_lapse(std::uint32_t slot);
  void ask_missing(std::uint32_t slot);

  // calendars.cpp: hours
  bool admits_at(const Calendar& calendar, std::int64_t at, bool or_instant) const;
  std::int64_t next_turn(const Calendar& calendar, std::int64_t at) const;
  void open_calendars();
  void calendar_turned(std::uint32_t setting);
  void set_off_hours(std::uint32_t setting, bool off_hours);
  void close_instants();
  std::int64_t due_after(std::uint32_t setting, std::int64_t length) const;
  std::int64_t due_in_hours(std::uint32_t setting, std::int64_t length) const;
  std::int64_t open_between(std::uint32_t setting, std::int64_t from, std::int64_t to) const;
  std::int64_t hours_between(std::uint32_t setting, std::int64_t from, std::int64_t to) const;
  std::int64_t began_for(std::uint32_t setting, std::int64_t served) const;

  // staff.cpp
  void set_physical_capacity(std::uint32_t setting, std::int64_t capacity);
  void start_staff();
  void stir_staff();
  void schedule_staff();
  void staff_hours_turned(std::uint32_t row);
  bool staff_event(Event event);
  void settle_staff();
  void stir_carried(std::uint32_t setting);
  void staff_census(std::uint32_t setting);
  std::int64_t units_of_clients(std::uint32_t setting) const;
  std::int64_t units_without_staff(std::uint32_t setting) const;
  void check_staff() const;

  // timers.cpp, milestones.cpp
  void find_starts();
  void start_timers(std::uint32_t slot, StartKind kind, std::uint32_t subject);
  void start_timer(std::uint32_t slot, std::uint32_t type);
  void watch_timers(std::uint32_t slot);
  bool timer_rang(std::uint32_t slot);
  void happened(std::uint32_t slot, std::uint32_t row, TableId choices, std::uint32_t word, std::uint32_t occurrence);
  void start_milestones(std::uint32_t slot, StartKind kind, std::uint32_t subject);
  void further_milestones(std::uint32_t slot, std::uint32_t setting);

  // need.cpp
  std::uint8_t mismatch_of(const Client& client) const;
  void set_mismatch(std::uint32_t slot, std::uint8_t mismatch);

  // while_in.cpp
  void watch_enrolments(std::uint32_t slot);
  bool review_enrolment(std::uint32_t enrolment);
  void absence_ended(std::uint32_t enrolment);
  void rescale_stays(std::uint32_t setting, double factor);
  void discharge_surplus(std::uint32_t setting);

  // causes.cpp: why requests wait
  void find_causes();
  static std::optional<WaitCause> cause_of(std::uint8_t barred);
  std::optional<WaitCause> own_cause_of(const Request& request) const;
  void count_bars(const Request& request, std::int64_t by) {
    if (!bars_.empty()) count_bars_kept(request, by);
  }
  void count_bars_kept(const Request& request, std::int64_t by);
  bool keeps_units(std::uint32_t setting) const;
  /// Something that causes depend on has changed.
  void stir(std::uint32_t setting) {
    if (!unsettled_.empty()) unsettled_[setting >> 6] |= std::uint64_t{1} << (setting & 63U);
  }
  void settle_causes();
  std::array<std::int64_t, kWaitCauses> causes_now(std::uint32_t setting,
                                                   const std::array<std::int64_t, kWaitCauses>& barred) const;
  void check_causes() const;

  // policies.cpp
  void reset_policies();
  void start_policies();
  void policy_rang(std::uint32_t handle);
  void turn_season(std::uint32_t policy);
  bool is_met(const PolicyTrigger& trigger, double measured, PolicyState& state) const;
  void review_policy(std::uint32_t policy);
  void decide(std::uint32_t policy, SimTime lead);
  std::int64_t count_waiting_over(const PolicyRule& rule) const;
  double measure_for(const PolicyRule& rule) const;
  bool is_in_force(std::uint32_t policy) const {
    return policies_[policy].stage == PolicyStage::open || policies_[policy].stage == PolicyStage::closing;
  }
  void switch_policy(std::uint32_t policy, bool open);
  void read_rates_again();
  void patch_policy(const Patch& patch);
  void settle_capacity(std::uint32_t setting);
  std::int64_t start_delay(std::uint32_t setting) const;
  void units_start(std::uint32_t setting);
  void use_units(std::uint32_t setting);
  void check_policies() const;

  // budgets.cpp
  void start_budgets();
  void look_at_budget(std::uint32_t budget);
  void stop_admissions(std::uint32_t setting, int by);
  void check_budgets() const;

  // claims.cpp: coming back to where an event took the client from
  /// Of an admission by a route's transfer, or (no route) by a standing request.
  ClaimEffect admission_effect(RouteId route, bool temporary) const;
  /// Of a move to where the client waits for an admission, or is during a handoff.
  ClaimEffect waiting_effect(RouteId route) const;
  void find_event_routes();
  bool comes_back(std::uint32_t slot, std::uint32_t goal) const;
  bool settle_claim(std::uint32_t slot, std::uint32_t goal, ClaimEffect effect);
  bool make_claim(std::uint32_t slot);
  void hold_units(std::uint32_t slot, std::int64_t units);
  void end_claim(std::uint32_t slot);
  void hold_ended(std::uint32_t slot);
  void go_back(std::uint32_t slot, RouteId route);
  void hold_again(std::uint32_t slot);
  void go_on_after_return(std::uint32_t slot);

  // groups.cpp: sums by trait
  void join_group(const Client& client);
  void in_groups(const Client& client, std::uint32_t setting, std::int64_t change);
  void change_group(std::uint32_t slot, std::uint64_t before);

  // enrolments.cpp
  void enrol_now(std::uint32_t slot, std::uint32_t program);
  void enrol(std::uint32_t slot, std::uint32_t program, std::uint32_t visit, std::uint16_t units);
  void begin_program_stay(std::uint32_t enrolment);
  void set_enrolment_due(std::uint32_t enrolment, std::int64_t due);
  void enrolment_ended(std::uint32_t enrolment);
  void follow_program_route(std::uint32_t enrolment, RouteId route, bool completed);
  void end_enrolment(std::uint32_t slot, std::uint32_t program);
  void remove_enrolment(std::uint32_t enrolment);

  // arrivals.cpp
  void start_streams();
  Candidate draw_candidate(const Stream& stream, const ArrivalStream& arrival);
  void draw_ahead(Stream& stream, const ArrivalStream& arrival) const;
  void next_candidate(std::uint32_t stream);
  void arrive(std::uint32_t stream);
  void enter(ClientKey key, const ArrivalStream& arrival, std::uint32_t word);
  void place_initial_clients();
  double served_before(std::uint32_t setting, double days) const;
  void begin_initial_stay(std::uint32_t slot, const InitialGroup& group, std::uint32_t ordinal);

  // hazards.cpp
  void refresh_hazards(std::uint32_t slot, bool changed);
  bool same_state(const Client& client, HazardClock& clock) const;
  bool clock_rang(std::uint32_t slot);
  void set_clock(std::uint32_t slot);
  void hazard_due(std::uint32_t slot);
  double rate_of(const Hazard& hazard) const { return hazard.rate == kNoSlot ? 0.0 : model_.numbers[hazard.rate]; }
  void draw_threshold(const Client& client, std::uint32_t type, Hazard& hazard) const;
  double factor_between(std::uint32_t type, std::int64_t from, std::int64_t to) const;
  std::int64_t time_of(std::uint32_t type, const Hazard& hazard) const;

  // laws.cpp: semantics 14, in the checking build
  void check_laws();
  void check_client(std::uint32_t slot) const;
  void check_every_client() const;
  void check_queue(std::uint32_t setting) const;
  void check_instant() const;
  void check_sides() const;
  void check_accounts();
  void allow_over_full(std::uint32_t setting);

  const CompiledModel& model_;
  RunKey run_{};
  std::int64_t now_ = 0, end_ = 0;
  EventList events_;
  std::vector<Event> instant_, again_;  ///< of this instant: being carried out, made while carrying out
  bool in_instant_ = false, placing_initial_ = false;
  // what the model uses, folded for the steps of every move
  bool moves_more_ = false;     ///< claims, preemption or a watcher: a move may be more than an admission
  bool moves_plainly_ = false;  ///< whether there are plain moves at all: nothing looks at every move
  bool touches_more_ = false;   ///< enrolments, timers or the need depend on a client's state
  bool has_events_ = false;
  bool notes_entries_ = false;    ///< timers or milestones look at entries
  bool counts_more_ = false;      ///< of waits and stays: a cohort, or groups
  bool clients_more_ = false;     ///< something is kept beside every client
  std::uint8_t closed_here_ = 0;  ///< tracks closed by a grant at once within the list of actions under way
  int depth_ = 0;                 ///< routes and actions being followed that led to each other at once
  std::uint64_t events_done_ = 0;
  std::uint32_t last_number_ = 0;
  std::size_t next_patch_ = 0;
  std::int64_t peak_present_ = 0;

  std::vector<TableReader> table_readers_;  ///< by table
  std::vector<PlainRoute> plain_routes_;    ///< by route
  std::vector<bool> plain_settings_;
  std::vector<std::uint32_t> cells_;
  std::vector<Place> places_;
  std::vector<std::int64_t> physical_;       ///< capacity of every setting, staff or not; kUnlimited included
  Roster roster_;                            ///< empty in a model without staff
  std::vector<std::uint64_t> work_;          ///< bit set of settings with something to offer
  bool has_offers_ = false;                  ///< some may be in it
  std::vector<bool> event_routes_;           ///< taken by events; empty when no claim is ever made
  std::vector<std::uint32_t> return_index_;  ///< setting -> column of last_left_, or none
  std::uint32_t return_count_ = 0;
  std::vector<std::int64_t> over_full_;  ///< checking: the least `free` that a cut or the start may have left

  Pool<Client> clients_;
  Pool<VisitBlock> visit_blocks_;
  Pool<Request> requests_;
  Pool<Enrolment> enrolments_;
  HugeTable<HazardClock> clocks_;          ///< by client slot; empty when nothing ever happens
  HugeTable<Hazard> hazards_;              ///< [client slot][event type]
  std::vector<std::int64_t> last_left_;    ///< [client slot][return column]
  std::vector<Timer> timers_;              ///< [client slot][timer]
  std::vector<std::int64_t> timer_looks_;  ///< [client slot]: when a timer's condition is looked at again
  std::vector<Milestone> milestones_;      ///< [client slot][milestone]
  std::vector<bool> noted_entries_;        ///< settings that timers or milestones look at; empty when there are none
  std::vector<Claim> claims_;              ///< by client slot
  std::vector<Absence> absences_;          ///< by enrolment slot
  std::vector<Bars> bars_;                 ///< by setting
  std::vector<std::uint64_t> unsettled_;   ///< bit set of settings whose causes of waiting may be others now
  std::vector<std::uint32_t> open_for_instant_;
  bool uses_while_in_ = false, timers_look_at_steps_ = false;
  // by client slot, filled where a model uses them
  std::vector<std::uint16_t> client_units_;  ///< units held in the present place
  std::vector<std::int64_t> tokens_until_;   ///< [client slot][token]; 0 = not held
  std::vector<std::int64_t> requested_;      ///< when the present place was asked for, where places preempt
  std::vector<Interrupted> interrupted_;
  Occupants occupants_, members_;        ///< clients in places, enrolments in programs, where they must be known
  std::vector<std::uint32_t> suspects_;  ///< clients whose waiting in place may have closed a deadlock
  std::uint16_t units_coming_ = 0;       ///< units granted to the client who moves in next; 0 = as the setting says
  bool units_pass_on_ = false;           ///< from client to client, without a turnaround
  bool has_preemption_ = false;
  std::vector<Stream> streams_;
  bool events_look_at_steps_ = false;
  std::vector<StateDimension>
      event_flags_;  ///< enrolled, waiting for, stay over, in handoff: those that events look at

  std::vector<PolicyState> policies_;
  std::vector<PolicyCell> policy_cells_;
  std::vector<PolicyUnits> policy_units_;
  std::vector<PolicyStaff> policy_staff_;
  std::vector<CurveId> stream_scales_;  ///< by arrival; empty when no policy changes one
  std::vector<Growth> growths_;         ///< by setting; empty when every capacity is its dated value

  Tally tally_;
  Accounts accounts_;
  Budgets budgets_;
  Accounts eager_accounts_;  ///< checking: brought up to date at every instant
  GroupTallies groups_;
  std::uint64_t initial_clients_ = 0;
  Watcher* watcher_ = nullptr;
};

}  // namespace tl
