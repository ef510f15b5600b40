#include "models/flow_states.hpp"

#include <algorithm>
#include <cmath>

#include "sim/maths.hpp"

namespace tl::flow {
namespace {

constexpr std::size_t kMostTraitWords = 1024;
constexpr std::size_t kMostStates = 200'000;
constexpr int kDeepestProgram = 4;
constexpr int kQuantiles = 64;  ///< points of a stay's distribution, where it races with events

void add(std::vector<std::pair<std::uint32_t, double>>& chances, std::uint32_t row, double chance) {
  for (auto& [known, sum] : chances)
    if (known == row) {
      sum += chance;
      return;
    }
  if (chance > 0.0) chances.emplace_back(row, chance);
}

/// The client of a case in a setting.
State state_of(std::uint32_t setting, const Case& client, bool inside) {
  return {setting, client.traits, client.wanted, inside, client.terms, client.claim, client.tokens};
}

double share(const Choice& choice, bool last, double before) {
  return (last ? 1.0 : static_cast<double>(choice.below) * 0x1p-32) - before;
}

}  // namespace

States::States(const CompiledModel& model) : model_{model}, means_(model.distributions.size(), -1.0) {
  find_relevant();
  for (const Route& route : model.routes) has_return_ = has_return_ || route.kind == RouteKind::go_back;
  // One standing request is followed, and papers as if they lasted; what remains of a stay counts as a stay.
  for (const RequestTerms& terms : model.terms) exact_ = exact_ && terms.track == 0;
  exact_ = exact_ && model.requirements.empty() && !has_return_;
}

void States::mark(TableId table) {
  if (!table.exists()) return;
  const StateTable& t = model_.tables[table.index()];
  for (std::uint32_t d = 0; d < t.dimension_count; ++d) {
    const StateDimension& dimension = model_.dimensions[t.first_dimension + d];
    if (dimension.kind == DimensionKind::trait)
      relevant_ |= ((std::uint64_t{1} << dimension.bits) - 1) << dimension.shift;
    else if (dimension.kind == DimensionKind::mismatch)
      relevant_ |= ((std::uint64_t{1} << model_.need_bits) - 1) << model_.need_shift;
  }
}

/// The present place's level against the client's need: 0 fits, 1 above it, 2 below it.
std::uint32_t States::mismatch(std::uint32_t place, std::uint64_t traits) const {
  const std::uint64_t value = (traits >> model_.need_shift) & ((std::uint64_t{1} << model_.need_bits) - 1);
  if (value >= model_.need_levels.size()) return 0;
  const std::uint32_t need = model_.need_levels[value], level = model_.settings[place].level;
  return level == need ? 0 : level > need ? 1 : 2;
}

void States::find_relevant() {
  for (const Setting& setting : model_.settings) {
    mark(setting.stay);
    mark(setting.choices);
  }
  for (const SettingMore& more : model_.more) mark(more.takes);
  for (const RequestTerms& terms : model_.terms) mark(terms.away);
  for (const Route& route : model_.routes) mark(route.delay);
  for (const Handoff& handoff : model_.handoffs) {
    mark(handoff.delay);
    mark(handoff.lost);
  }
  for (const Action& action : model_.actions) mark(action.chance);
  for (const ArrivalStream& stream : model_.arrivals) mark(stream.choices);
  for (const EventType& event : model_.events) {
    mark(event.hazard);
    mark(event.choices);
  }
  for (const TimerType& timer : model_.timers) {
    mark(timer.after);
    mark(timer.holds);
    mark(timer.choices);
  }
}

std::uint32_t States::cell(TableId table, std::uint32_t place, std::uint64_t traits, std::uint32_t wanted) const {
  const StateTable& t = model_.tables[table.index()];
  std::uint32_t offset = 0;
  for (std::uint32_t d = 0; d < t.dimension_count; ++d) {
    const StateDimension& dimension = model_.dimensions[t.first_dimension + d];
    std::uint32_t value = 0;
    if (dimension.kind == DimensionKind::trait)
      value = static_cast<std::uint32_t>((traits >> dimension.shift) & ((std::uint64_t{1} << dimension.bits) - 1));
    else if (dimension.kind == DimensionKind::place_class)
      value = model_.place_classes[dimension.first + place];
    else if (dimension.kind == DimensionKind::waiting_for)
      value = dimension.first == wanted ? 1 : 0;
    else if (dimension.kind == DimensionKind::mismatch)
      value = mismatch(place, traits);
    offset = offset * dimension.count + std::min(value, dimension.count - 1);
  }
  return model_.cells[t.first_cell + offset];
}

double States::mean_of(std::uint32_t distribution) {
  double& known = means_[distribution];
  if (known < 0.0)
    known = std::max(0.0, mean(model_.distributions[distribution], model_.distributions, model_.distribution_tables));
  return known;
}

double States::least_gap(const ArrivalStream& stream) {
  const StateTable& t = model_.tables[stream.gap.index()];
  double least = mean_of(model_.cells[t.first_cell]);
  for (const Patch& patch : model_.patches)
    if (patch.kind == PatchKind::cell && patch.index == t.first_cell)
      least = std::min(least, mean_of(static_cast<std::uint32_t>(patch.value)));
  return least;
}

std::uint32_t States::state(const State& wanted) {
  State key = wanted;
  key.traits &= relevant_;
  const auto known = rows_.find(key);
  if (known != rows_.end()) return known->second;
  if (states_.size() >= kMostStates) {
    // Too many to tell apart: as the client of this setting that is known already.
    merged_ = true;
    for (std::uint32_t row = 0; row < states_.size(); ++row)
      if (states_[row].setting == key.setting) return row;
  }
  states_.push_back(key);
  rows_.emplace(key, static_cast<std::uint32_t>(states_.size() - 1));
  return static_cast<std::uint32_t>(states_.size() - 1);
}

std::vector<Case> States::draw_traits(std::uint64_t given, const TraitDrawList& draws) const {
  // Bits that routes or further draws depend on.
  std::uint64_t needed = relevant_;
  for (std::uint32_t i = 0; i < draws.count; ++i) {
    const StateTable& t = model_.tables[model_.trait_draws[draws.first + i].table.index()];
    for (std::uint32_t d = 0; d < t.dimension_count; ++d) {
      const StateDimension& dimension = model_.dimensions[t.first_dimension + d];
      if (dimension.kind == DimensionKind::trait)
        needed |= ((std::uint64_t{1} << dimension.bits) - 1) << dimension.shift;
    }
  }
  std::map<std::uint64_t, double> words{{given & needed, 1.0}};
  for (std::uint32_t i = 0; i < draws.count; ++i) {
    const TraitDraw& draw = model_.trait_draws[draws.first + i];
    std::map<std::uint64_t, double> drawn;
    for (const auto& [word, chance] : words) {
      const ChoiceList& list = model_.choice_lists[cell(draw.table, 0, word, kNothing)];
      double before = 0.0;
      for (std::uint32_t c = 0; c < list.count; ++c) {
        const Choice& choice = model_.choices[list.first + c];
        const double part = share(choice, c + 1 == list.count, before);
        before += part;
        const TraitPattern& pattern = model_.trait_patterns[choice.route.index()];
        drawn[((word & ~pattern.mask) | pattern.bits) & needed] += chance * part;
      }
    }
    words = std::move(drawn);
  }
  std::map<std::uint64_t, double> told_apart;
  for (const auto& [word, chance] : words) told_apart[word & relevant_] += chance;
  std::vector<Case> cases;
  for (const auto& [word, chance] : told_apart) cases.push_back({chance, word});
  return cases;
}

void States::begin_program(std::uint32_t program, std::vector<Case>& cases, std::size_t at, double chance,
                           double weight, Chances* begun, int depth) {
  const Case client = cases[at];
  if (begun != nullptr) add(*begun, state({program, client.traits}), client.chance * chance * weight);
  // What the program will ask for stands in the client's name.
  if (client.wanted != kNothing || depth >= kDeepestProgram) return;
  for (const Case& later : handed_on(program, client.traits, depth + 1)) {
    if (later.wanted == kNothing) continue;
    const double part = client.chance * chance * later.chance;
    Case asking = client;
    asking.chance = part;
    asking.wanted = later.wanted;
    asking.terms = later.terms;
    cases.push_back(asking);
    cases[at].chance -= part;
  }
}

/// The standing requests a stay in the program leads to.
std::vector<Case> States::handed_on(std::uint32_t program, std::uint64_t traits, int depth) {
  const Setting& setting = model_.settings[program];
  std::vector<Case> cases = act(setting.on_entry, 0, {{1.0, traits}}, 1.0, nullptr);
  if (!setting.choices.exists()) return cases;
  std::vector<Case> after;
  for (const Case& now : cases) {
    const ChoiceList& list = model_.choice_lists[cell(setting.choices, 0, now.traits, now.wanted)];
    double before = 0.0;
    for (std::uint32_t c = 0; c < list.count; ++c) {
      const Choice& choice = model_.choices[list.first + c];
      const double part = share(choice, c + 1 == list.count, before);
      before += part;
      const Route& route = model_.routes[choice.route.index()];
      Case one = now;
      one.chance *= part;
      std::vector<Case> then = act(route.actions, 0, {one}, 1.0, nullptr);
      if (route.kind == RouteKind::move && model_.settings[route.goal.index()].kind == SettingKind::program) {
        const std::size_t count = then.size();
        for (std::size_t i = 0; i < count; ++i) begin_program(route.goal.index(), then, i, 1.0, 1.0, nullptr, depth);
      }
      after.insert(after.end(), then.begin(), then.end());
    }
  }
  return after;
}

std::vector<Case> States::act(const ActionList& actions, std::uint32_t place, std::vector<Case> cases, double weight,
                              Chances* begun) {
  for (std::uint32_t a = 0; a < actions.count; ++a) {
    const Action& action = model_.actions[actions.first + a];
    const std::size_t count = cases.size();
    for (std::size_t i = 0; i < count; ++i) {
      Case& now = cases[i];
      const double chance =
          action.chance.exists() ? model_.numbers[cell(action.chance, place, now.traits, now.wanted)] : 1.0;
      if (!(chance > 0.0)) continue;
      Case then = now;
      then.chance *= chance;
      const std::uint32_t goal = action.setting.exists() ? action.setting.index() : kNothing;
      if (action.kind == ActionKind::set_trait) {
        const std::uint64_t bits = ((std::uint64_t{1} << action.bits) - 1) << action.shift;
        then.traits = ((then.traits & ~bits) | (static_cast<std::uint64_t>(action.value) << action.shift)) & relevant_;
      } else if (action.kind == ActionKind::drop_request && (goal == kNothing || goal == now.wanted)) {
        then.wanted = then.terms = kNothing;
      } else if (action.kind == ActionKind::request && model_.settings[goal].kind != SettingKind::program) {
        if (!(action.keep && now.wanted != kNothing)) {
          then.wanted = goal;
          then.terms = action.terms.exists() ? action.terms.index() : kNothing;
          fetch_papers(goal, then, then.chance * weight, begun);
        }
      } else if (action.kind == ActionKind::request || action.kind == ActionKind::enrol) {
        begin_program(goal, cases, i, chance, weight, begun, begun == nullptr ? kDeepestProgram : 0);
        continue;
      } else {
        continue;
      }
      if (then.traits == now.traits && then.wanted == now.wanted && then.terms == now.terms &&
          then.tokens == now.tokens)
        continue;
      now.chance -= then.chance;
      cases.push_back(then);
    }
    std::erase_if(cases, [](const Case& one) { return !(one.chance > 0.0); });
  }
  return cases;
}

std::vector<std::pair<std::uint32_t, double>> States::newcomers(const ArrivalStream& stream) {
  std::vector<Case> cases = draw_traits(stream.traits, stream.draws);
  if (cases.size() > kMostTraitWords) {
    merged_ = true;
    std::stable_sort(cases.begin(), cases.end(), [](const Case& a, const Case& b) { return a.chance > b.chance; });
    cases.resize(kMostTraitWords);
    double kept = 0.0;
    for (const Case& one : cases) kept += one.chance;
    for (Case& one : cases) one.chance /= kept;
  }
  Step entry;
  for (const Case& one : cases) {
    State before{0, one.traits};
    before.inside = true;
    take(before, one, stream.choices, one.chance, entry, false);
  }
  Chances entered = entry.next;
  entered.insert(entered.end(), entry.begun.begin(), entry.begun.end());
  return entered;
}

std::vector<std::pair<std::uint32_t, double>> States::starters(const InitialGroup& group) {
  Chances entered;
  for (const Case& one : draw_traits(group.traits, group.draws))
    for (const Case& then : act(group.actions, group.place.index(), {one}, 1.0, &entered))
      add(entered, state(state_of(group.place.index(), then, true)), then.chance);
  return entered;
}

void States::expand() {
  for (std::uint32_t row = static_cast<std::uint32_t>(steps_.size()); row < states_.size(); ++row) expand_one(row);
}

void States::expand_one(std::uint32_t row) {
  const State from = states_[row];
  const Setting& setting = model_.settings[from.setting];
  Step step;
  const bool program = setting.kind == SettingKind::program;
  Case entering{1.0, from.traits, from.wanted, from.terms, from.claim, from.tokens};
  if (from.wanted == from.setting) entering.wanted = entering.terms = kNothing;
  std::vector<Case> cases{entering};
  if (!from.inside) cases = act(setting.on_entry, program ? 0 : from.setting, std::move(cases), 1.0, &step.begun);
  for (const Case& now : cases) stay_in(from, now, step);
  step.units = units_in(from);
  steps_.push_back(std::move(step));
}

bool States::changes(const Route& route) const {
  if (route.kind != RouteKind::end) return true;
  for (std::uint32_t a = 0; a < route.actions.count; ++a) {
    const ActionKind kind = model_.actions[route.actions.first + a].kind;
    if (kind != ActionKind::count_outcome && kind != ActionKind::end_program) return true;
  }
  return false;
}

/// Share of the choices that change something for the client. Those that only count do not matter here.
double States::changing_share(TableId choices, const State& from, const Case& now) const {
  const ChoiceList& list = model_.choice_lists[cell(choices, from.setting, now.traits, now.wanted)];
  double before = 0.0, changing = 0.0;
  for (std::uint32_t c = 0; c < list.count; ++c) {
    const Choice& choice = model_.choices[list.first + c];
    const double part = share(choice, c + 1 == list.count, before);
    before += part;
    if (changes(model_.routes[choice.route.index()])) changing += part;
  }
  return changing;
}

/// Total rate of the events and timers that change something for the client [1/day].
double States::changing_rate(const State& from, const Case& now) {
  double changing = 0.0;
  for (const EventType& event : model_.events) {
    const double rate = model_.numbers[cell(event.hazard, from.setting, now.traits, now.wanted)];
    if (rate > 0.0) changing += rate * changing_share(event.choices, from, now);
  }
  for (const TimerType& timer : model_.timers) {
    const double rate = timer_rate(timer, from, now);
    if (rate > 0.0) changing += rate * changing_share(timer.choices, from, now);
  }
  return changing;
}

/// A timer as an event of the same mean [1/day]. One started by entering a place counts there, and where nothing else
/// ends the stay: whether it still runs elsewhere is not known here.
double States::timer_rate(const TimerType& timer, const State& from, const Case& now) {
  exact_ = false;
  const bool by_place =
      timer.from.kind == StartKind::setting && model_.settings[timer.from.subject].kind == SettingKind::place;
  if (by_place && timer.from.subject != from.setting && model_.settings[from.setting].stay.exists()) return 0.0;
  if (timer.holds.exists() && !(model_.numbers[cell(timer.holds, from.setting, now.traits, now.wanted)] > 0.0))
    return 0.0;
  constexpr double kShortest = 1e-6;  // [day]
  return 1.0 / std::max(mean_of(cell(timer.after, from.setting, now.traits, now.wanted)), kShortest);
}

/// How much longer a stay takes than it lasts, because the setting is closed at times.
double States::stretch(std::uint32_t setting) const {
  if (!model_.settings[setting].has_more || !model_.more[setting].serves.exists()) return 1.0;
  const Curve& curve = model_.curves[model_.more[setting].serves.index()];
  const CurveKnot& last = model_.knots[curve.first_knot + curve.knot_count - 1];
  const double open = last.cumulative + last.rate * (curve.repeat - last.at).days();
  return open > 0.0 ? curve.repeat.days() / open : 1.0;
}

const std::vector<double>& States::quantiles_of(std::uint32_t distribution) {
  std::vector<double>& all = quantiles_[distribution];
  if (all.empty())
    for (int i = 0; i < kQuantiles; ++i)
      all.push_back(std::max(0.0, quantile(model_.distributions[distribution], model_.distributions,
                                           model_.distribution_tables, (i + 0.5) / kQuantiles, 0.5)));
  return all;
}

/// Chance that the stay ends before any event; adds the time to the step.
double States::race(const State& from, const Case& now, double hazard, Step& step) {
  const Setting& setting = model_.settings[from.setting];
  if (!setting.stay.exists()) {
    step.days += now.chance / hazard;
    return 0.0;
  }
  const std::uint32_t row = cell(setting.stay, from.setting, now.traits, now.wanted);
  if (!(hazard > 0.0)) {
    step.days += now.chance * mean_of(row) * stretch(from.setting);
    return 1.0;
  }
  const Distribution& stay = model_.distributions[row];
  double first = 0.0;
  if (stay.kind == DistributionKind::exponential && stay.rounding == Rounding::none && stay.u_low == 0.0 &&
      stay.u_high == 1.0 && stay.shift == 0.0 && !(stay.floor > 0.0)) {
    first = 1.0 / (1.0 + hazard * stay.a * stretch(from.setting));
  } else {
    exact_ = exact_ && stay.kind == DistributionKind::constant;
    const double rate = -hazard * stretch(from.setting);
    for (const double length : quantiles_of(row)) first += exponential(rate * length) / kQuantiles;
  }
  step.days += now.chance * (1.0 - first) / hazard;
  return first;
}

void States::stay_in(const State& from, const Case& now, Step& step) {
  const Setting& setting = model_.settings[from.setting];
  if (setting.kind == SettingKind::program) {
    if (!setting.stay.exists()) return;
    step.days += now.chance * mean_of(cell(setting.stay, 0, now.traits, now.wanted)) * stretch(from.setting);
    take(from, now, setting.choices, now.chance, step, false);
    return;
  }
  if (!setting.stay.exists() && now.wanted != kNothing && !is_away(from, now)) {  // never full: granted at once
    Route grant;
    grant.kind = RouteKind::move;
    grant.goal = SettingId{now.wanted};
    grant.temporary = now.terms != kNothing && model_.terms[now.terms].temporary;
    Case then = now;
    then.chance = 1.0;
    then.wanted = then.terms = kNothing;
    move(from, grant, then, now.chance, step, false);
    return;
  }
  const double hazard = changing_rate(from, now);
  if (!setting.stay.exists() && !(hazard > 0.0)) {
    step.stays = true;
    return;
  }
  const double days_before = step.days;
  const double ended = race(from, now, hazard, step);
  if (ended > 0.0) take(from, now, setting.choices, now.chance * ended, step, false);
  if (!(hazard > 0.0)) return;
  const double days = step.days - days_before;
  for (const EventType& event : model_.events) {
    const double rate = model_.numbers[cell(event.hazard, from.setting, now.traits, now.wanted)];
    if (rate > 0.0) take(from, now, event.choices, rate * days, step, true);
  }
  for (const TimerType& timer : model_.timers) {
    const double rate = timer_rate(timer, from, now);
    if (rate > 0.0) take(from, now, timer.choices, rate * days, step, true);
  }
}

void States::take(const State& from, const Case& now, TableId choices, double chance, Step& step, bool by_event) {
  const std::uint32_t place = model_.settings[from.setting].kind == SettingKind::program ? 0 : from.setting;
  const ChoiceList& list = model_.choice_lists[cell(choices, place, now.traits, now.wanted)];
  double before = 0.0;
  for (std::uint32_t c = 0; c < list.count; ++c) {
    const Choice choice = model_.choices[list.first + c];
    const double part = share(choice, c + 1 == list.count, before);
    before += part;
    const Route& route = model_.routes[choice.route.index()];
    if (by_event && !changes(route)) continue;
    Case one = now;
    one.chance = part;
    for (const Case& then : act(route.actions, place, {one}, chance, &step.begun))
      follow(from, route, then, chance * then.chance, step, by_event);
  }
}

void States::follow(const State& from, const Route& route, const Case& then, double chance, Step& step, bool by_event) {
  const bool program = model_.settings[from.setting].kind == SettingKind::program;
  if (route.delay.exists()) step.days += chance * mean_of(cell(route.delay, from.setting, then.traits, then.wanted));
  switch (route.kind) {
    case RouteKind::leave:
      step.leaves += chance;
      return;
    case RouteKind::move: {
      const std::uint32_t goal = route.goal.index();
      if (model_.settings[goal].kind != SettingKind::program) {
        Case moved = then;
        fetch_papers(goal, moved, chance, &step.begun);
        move(from, route, moved, chance, step, by_event);
        return;
      }
      Case one_client = then;
      one_client.chance = 1.0;
      std::vector<Case> cases{one_client};
      begin_program(goal, cases, 0, 1.0, chance, &step.begun, 0);
      if (program) return;
      for (const Case& one : cases) add(step.next, state(state_of(from.setting, one, true)), chance * one.chance);
      return;
    }
    case RouteKind::go_back:
      go_back(from, route, then, chance, step, by_event);
      return;
    default:
      // The same stay goes on, or another one in the same place; a program's enrolment just ends.
      if (program && route.kind == RouteKind::end) return;
      add(step.next, state(state_of(from.setting, then, true)), chance);
  }
}

/// With a claim to where the stay goes on; without one as the model says, or to `outside`.
void States::go_back(const State& from, const Route& route, const Case& then, double chance, Step& step,
                     bool by_event) {
  Case back = then;
  back.claim = kNothing;
  if (then.claim != kNothing) {
    add(step.next, state(state_of(then.claim, back, true)), chance);
    if (then.claim != from.setting) add(step.returned, then.claim, chance);
  } else if (route.no_claim.exists()) {
    follow(from, model_.routes[route.no_claim.index()], then, chance, step, by_event);
  } else if (from.setting == 0) {
    add(step.next, state(state_of(0, back, true)), chance);
  } else {
    add(step.next, state(state_of(0, back, false)), chance);
  }
}

/// The programs asked for the papers a setting wants and the client lacks.
void States::fetch_papers(std::uint32_t goal, Case& client, double weight, Chances* begun) {
  if (!model_.settings[goal].has_more) return;
  const SettingMore more = model_.more[goal];
  for (std::uint32_t i = 0; i < more.requirement_count; ++i) {
    const Requirement& wanted = model_.requirements[more.first_requirement + i];
    if ((wanted.serves & client.tokens) != 0 || !wanted.ask.exists()) continue;
    const std::uint32_t program = wanted.ask.index();
    const SettingMore& giver = model_.more[program];
    for (std::uint32_t g = 0; g < giver.grant_count; ++g)
      client.tokens |= std::uint32_t{1} << model_.grants[giver.first_grant + g].token;
    fetch_papers(program, client, weight, begun);
    if (begun != nullptr) add(*begun, state({program, client.traits}), weight);
  }
}

/// Whether the client cannot take up what is asked for, and stays.
bool States::is_away(const State& from, const Case& now) const {
  if (now.terms == kNothing || !model_.terms[now.terms].away.exists()) return false;
  return model_.numbers[cell(model_.terms[now.terms].away, from.setting, now.traits, now.wanted)] > 0.0;
}

double States::units_in(const State& from) const {
  if (!model_.settings[from.setting].has_more || !model_.more[from.setting].takes.exists()) return 1.0;
  return model_.numbers[cell(model_.more[from.setting].takes, from.setting, from.traits, from.wanted)];
}

void States::move(const State& from, const Route& route, const Case& before, double chance, Step& step, bool by_event) {
  Case then = before;
  if (has_return_ && by_event && then.claim == kNothing && model_.settings[from.setting].has_more &&
      model_.more[from.setting].keeps_claim)
    then.claim = from.setting;
  else if (!by_event && !route.temporary)
    then.claim = kNothing;
  const std::uint32_t goal = route.goal.index();
  const Setting& here = model_.settings[from.setting];
  const Setting& there = model_.settings[goal];
  HandoffId handoff = route.handoff;
  // A newcomer comes from nowhere: there is no handoff between departments.
  if (!route.handoff_given && !model_.department_handoffs.empty() && from.setting != 0)
    handoff = model_.department_handoffs[here.department * model_.department_count + there.department];
  double arrives = chance;
  if (handoff.exists()) {
    const Handoff& friction = model_.handoffs[handoff.index()];
    if (friction.delay.exists()) {
      const double days = mean_of(cell(friction.delay, from.setting, then.traits, then.wanted));
      if (friction.during.exists())
        add(step.on_the_way, friction.during.index(), chance * days);
      else
        step.days += chance * days;
    }
    if (friction.lost.exists()) {
      const double lost = model_.numbers[cell(friction.lost, from.setting, then.traits, then.wanted)];
      arrives -= chance * lost;
      const Route& away = model_.routes[friction.lost_to.index()];
      if (lost > 0.0 && away.kind == RouteKind::move)
        add(step.next, state(state_of(away.goal.index(), then, false)), chance * lost);
      else
        step.leaves += chance * lost;
    }
  }
  if (then.wanted == goal) then.wanted = then.terms = kNothing;
  add(step.next, state(state_of(goal, then, false)), arrives);
}

}  // namespace tl::flow
