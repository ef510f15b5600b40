#include "scenarios/digest.hpp"

#include <array>
#include <bit>
#include <concepts>
#include <type_traits>
#include <vector>

#include "scenarios/sha256.hpp"

namespace tl {
namespace {

// Every struct is taken apart by structured bindings: a field added to it stops the build here, so none is forgotten.
class Writer {
 public:
  template <class... Parts>
  void all(const Parts&... parts) {
    (put(parts), ...);
  }
  std::string hex() {
    drain();
    return sum_.hex();
  }

  template <class Whole>
  requires(std::integral<Whole> || std::is_enum_v<Whole>) void put(Whole whole) {
    word(static_cast<std::uint64_t>(whole));
  }
  void put(double number) { word(std::bit_cast<std::uint64_t>(number)); }
  void put(SimTime time) { put(time.micros()); }
  template <class Tag>
  void put(Id<Tag> id) {
    put(id.index());
  }
  void put(std::string_view text) {
    put(text.size());
    for (const char letter : text) put(static_cast<unsigned char>(letter));
  }
  template <class Item>
  void put(const std::vector<Item>& list) {
    put(list.size());
    for (const Item& item : list) put(item);
  }
  template <class First, class Count>
  void range(First first, Count count) {
    all(first, count);
  }

  void put(const StateDimension& v) {
    const auto& [kind, shift, bits, count, first, subject] = v;
    all(kind, shift, bits, count, first, subject);
  }
  void put(const StateTable& v) {
    const auto& [first_dimension, dimension_count, first_cell, cell_count] = v;
    all(first_dimension, dimension_count, first_cell, cell_count);
  }
  void put(const Choice& v) {
    const auto& [below, route] = v;
    all(below, route);
  }
  void put(const ChoiceList& v) {
    const auto& [first, count] = v;
    range(first, count);
  }
  void put(const ActionList& v) {
    const auto& [first, count] = v;
    range(first, count);
  }
  void put(const TraitDrawList& v) {
    const auto& [first, count] = v;
    range(first, count);
  }
  void put(const Action& v) {
    const auto& [kind, keep, shift, bits, value, setting, track, terms, outcome, chance, draw_id] = v;
    all(kind, keep, shift, bits, value, setting, track, terms, outcome, chance, draw_id);
  }
  void put(const Route& v) {
    const auto& [kind, waiting, goal, wait_place, reason, actions, delay, handoff, handoff_given, temporary, no_claim,
                 terms] = v;
    all(kind, waiting, goal, wait_place, reason, actions, delay, handoff, handoff_given, temporary, no_claim, terms);
  }
  void put(const Handoff& v) {
    const auto& [delay, lost, lost_to, during] = v;
    all(delay, lost, lost_to, during);
  }
  void put(const Setting& v) {
    const auto& [kind, draw_id, department, domain, level, capacity, stay, choices, on_entry, rank, rank_count, limit,
                 limit_in_place, on_refuse, on_renege, patience, turnaround, line, line_of, return_window,
                 wait_standard, standard_business_days, has_more] = v;
    all(kind, draw_id, department, domain, level, capacity, stay, choices, on_entry, rank, rank_count, limit,
        limit_in_place, on_refuse, on_renege, patience, turnaround, line, line_of, return_window, wait_standard,
        has_more);
    if (standard_business_days > 0) put(standard_business_days);
  }
  void put(const CurveKnot& v) {
    const auto& [at, cumulative, rate, slope] = v;
    all(at, cumulative, rate, slope);
  }
  void put(const Curve& v) {
    const auto& [first, count, repeat] = v;
    all(first, count, repeat);
  }
  void put(const TraitDraw& v) {
    const auto& [draw, table] = v;
    all(draw, table);
  }
  void put(const TraitPattern& v) {
    const auto& [mask, bits] = v;
    all(mask, bits);
  }
  void put(const ArrivalStream& v) {
    const auto& [draw, rate, scale, layers, gap, first_date, date_count, batch, traits, draws, choices] = v;
    all(draw, rate, scale, layers, gap, first_date, date_count, batch, traits, draws, choices);
  }
  void put(const InitialGroup& v) {
    const auto& [draw_id, first_ordinal, count, place, start_stay, start_value, least_days, waited, traits, draws,
                 actions] = v;
    all(draw_id, first_ordinal, count, place, start_stay, start_value, least_days, waited, traits, draws, actions);
  }
  void put(const EventType& v) {
    const auto& [draw, hazard, factor, choices] = v;
    all(draw, hazard, factor, choices);
  }
  void put(const Patch& v) {
    const auto& [at, kind, index, value] = v;
    all(at, kind, index, value);
  }
  void put(const Distribution& v) {
    const auto& [kind, rounding, absolute, a, b, c, first, count, u_low, u_high, shift, floor] = v;
    all(kind, rounding, absolute, a, b, c, first, count, u_low, u_high, shift, floor);
  }
  void put(const DistributionTables& v) {
    const auto& [value, cumulative, component] = v;
    all(value, cumulative, component);
  }
  void put(const Option& v) {
    const auto& [setting, after] = v;
    all(setting, after);
  }
  void put(const RequestTerms& v) {
    const auto& [goal, track, closes, while_away, temporary, away, first_option, alternate_count, interim_count] = v;
    all(goal, track, closes, while_away, temporary, away, first_option, alternate_count, interim_count);
  }
  void put(const ScoreStep& v) {
    const auto& [after, add] = v;
    all(after, add);
  }
  void put(const Requirement& v) {
    const auto& [serves, ask] = v;
    all(serves, ask);
  }
  void put(const TokenGrant& v) {
    const auto& [token, on_completion, valid] = v;
    all(token, on_completion, valid);
  }
  void put(const WhileInRule& v) {
    const auto& [kind, after] = v;
    all(kind, after);
  }
  void put(const SettingMore& v) {
    const auto& [takes, pool, first_fit, least_wait, score, score_per_day, first_score_step, score_step_count, preempt,
                 preempted_to, patience_pauses_in_interim, patience_pauses_away, keeps_claim, hold, on_return, admits,
                 serves, cut_to, occupants_known, first_requirement, requirement_count, one_after_another, first_grant,
                 grant_count, while_in] = v;
    all(takes, pool, first_fit, least_wait, score, score_per_day, first_score_step, score_step_count, preempt,
        preempted_to, patience_pauses_in_interim, patience_pauses_away, keeps_claim, hold, on_return, admits, serves,
        cut_to, occupants_known, first_requirement, requirement_count, one_after_another, first_grant, grant_count,
        while_in);
  }
  void put(const Window& v) {
    const auto& [opens, closes] = v;
    all(opens, closes);
  }
  void put(const Calendar& v) {
    const auto& [first_window, window_count, repeat] = v;
    all(first_window, window_count, repeat);
  }
  void put(const StaffPool& v) {
    const auto& [draw_id, department, fte, turnover, time_to_hire, hires_at_once, vacant_at_start, vacancy_by_chance,
                 share, overtime, agency, agency_after, team_of, team_opens_at, team_closes_under, first_row,
                 row_count] = v;
    all(draw_id, department, fte, turnover, time_to_hire, hires_at_once, vacant_at_start, vacancy_by_chance, share,
        first_row, row_count);
    if (overtime.exists() || agency.exists()) all(overtime, agency, agency_after);
    if (team_of > 0) all(team_of, team_opens_at, team_closes_under);
  }
  void put(const StaffingRow& v) {
    const auto& [staff, setting, clients, posts, relief, hours, standard_clients, limits] = v;
    all(staff, setting, clients, posts, relief, hours, standard_clients, limits);
  }
  void put(const GroupTrait& v) {
    const auto& [shift, bits, first_group, value_count] = v;
    all(shift, bits, first_group, value_count);
  }
  void put(const StartPoint& v) {
    const auto& [kind, subject] = v;
    all(kind, subject);
  }
  void put(const TimerType& v) {
    const auto& [draw_id, from, after, repeat, holds, choices] = v;
    all(draw_id, from, after, repeat, holds, choices);
  }
  void put(const MilestoneType& v) {
    const auto& [draw_id, from, first_setting, setting_count, needed, standard, standard_business_days, actions] = v;
    all(draw_id, from, first_setting, setting_count, needed, standard, actions);
    if (standard_business_days > 0) put(standard_business_days);
  }
  void put(const PolicyTrigger& v) {
    const auto& [over, threshold, hold] = v;
    all(over, threshold, hold);
  }
  void put(const PolicyRule& v) {
    const auto& [measure, first_setting, setting_count, waited, has_trigger, ends, opens, closes, first_review, review,
                 lead, closing_lead, is_seasonal, first_season, season_count, first_cell, cell_count, first_units,
                 units_count, first_stream, stream_count, first_staff, staff_count, changes_rates] = v;
    all(measure, first_setting, setting_count, waited, has_trigger, ends, opens, closes, first_review, review, lead,
        closing_lead, is_seasonal, first_season, season_count, first_cell, cell_count, first_units, units_count,
        first_stream, stream_count, changes_rates);
    if (staff_count > 0) all(first_staff, staff_count);
  }
  void put(const PolicySeason& v) {
    const auto& [from, to] = v;
    all(from, to);
  }
  void put(const PolicyCell& v) {
    const auto& [cell, off, on] = v;
    all(cell, off, on);
  }
  void put(const PolicyUnits& v) {
    const auto& [setting, more] = v;
    all(setting, more);
  }
  void put(const PolicyStream& v) {
    const auto& [arrival, scale] = v;
    all(arrival, scale);
  }
  void put(const StartDelay& v) {
    const auto& [setting, delay] = v;
    all(setting, delay);
  }
  void put(const PolicyPart& v) {
    const auto& [rules, settings, seasons, cells, units, streams, staff, start_delays] = v;
    all(rules, settings, seasons, cells, units, streams, start_delays);
    if (!staff.empty()) put(staff);
  }
  void put(const PolicyStaff& v) {
    const auto& [pool, more] = v;
    all(pool, more);
  }
  void put(const BudgetShare& v) {
    const auto& [item, share] = v;
    all(item, share);
  }
  void put(const BudgetPeriod& v) {
    const auto& [from, amount] = v;
    all(from, amount);
  }
  void put(const BudgetRule& v) {
    const auto& [first_share, share_count, first_period, period_count, first_setting, setting_count, first_policy,
                 policy_count, first_review, review] = v;
    all(first_share, share_count, first_period, period_count, first_setting, setting_count, first_policy, policy_count,
        first_review, review);
  }
  void put(const BudgetPart& v) {
    const auto& [rules, shares, periods, settings, policies] = v;
    all(rules, shares, periods, settings, policies);
  }
  void put(const CostItem& v) {
    const auto& [driver, subject, price, on] = v;
    all(driver, subject, price, on);
  }
  void put(const Money& v) {
    const auto& [items] = v;
    all(items);
  }
  void put(const CompiledModel& v) {
    const auto& [start, end, period_ends, observe, settings, more, routes, choices, choice_lists, actions, handoffs,
                 department_handoffs, department_count, domain_count, reason_count, outcome_count, arrivals, dates,
                 initial, trait_draws, trait_patterns, events, timers, milestones, milestone_settings, terms, options,
                 score_steps, requirements, grants, token_count, while_in_rules, windows, calendars, staff, staffing,
                 deadlock, by, only_new_clients, need_shift, need_bits, need_levels, dimensions, place_classes, steps,
                 tables, cells, numbers, distributions, distribution_tables, curves, knots, patches, money, policies,
                 budgets, business_days] = v;
    all(start, end, period_ends, observe, settings, more, routes, choices, choice_lists, actions, handoffs,
        department_handoffs, department_count, domain_count, reason_count, outcome_count, arrivals, dates, initial,
        trait_draws, trait_patterns, events, timers, milestones, milestone_settings, terms, options, score_steps,
        requirements, grants, token_count, while_in_rules, windows, calendars, deadlock, only_new_clients, need_shift,
        need_bits, need_levels, dimensions, place_classes, steps, tables, cells, numbers, distributions,
        distribution_tables, curves, knots, patches);
    if (!staff.empty()) all(staff, staffing);  // a model without staff keeps the digest it had
    if (!money.items.empty()) put(money);      // likewise without costs
    if (!policies.rules.empty() || !policies.start_delays.empty()) all(policies);
    if (!budgets.rules.empty()) put(budgets);
    const auto& [origin, counted] = business_days;
    if (!counted.empty()) all(origin, counted);
    if (!by.empty()) all(by);  // likewise one without groups
  }

 private:
  void word(std::uint64_t bits) {
    for (int i = 0; i < 8; ++i) buffer_[used_++] = static_cast<std::byte>(bits >> (8 * i));
    if (used_ == buffer_.size()) drain();
  }
  void drain() {
    sum_.add({buffer_.data(), used_});
    used_ = 0;
  }

  std::array<std::byte, 1 << 13> buffer_{};
  std::size_t used_ = 0;
  Sha256 sum_;
};

}  // namespace

std::string digest_of(const CompiledModel& model, std::uint64_t seed, std::string_view engine_version) {
  Writer writer;
  writer.put(std::string_view{"throughline scenario 2"});
  writer.put(engine_version);
  writer.put(seed);
  writer.put(model);
  return writer.hex();
}

}  // namespace tl
