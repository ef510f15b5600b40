#include "models/flow.hpp"

#include <algorithm>
#include <array>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>

#include "models/compile_messages.hpp"
#include "models/flow_states.hpp"
#include "models/staff_report.hpp"
#include "sim/maths.hpp"

namespace tl {
namespace {

using flow::State;
using flow::States;
using flow::Step;

consteval Code code(std::string_view text) {
  return Code::in(kCompileMessages, text);
}

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kDenseAtMost = 300;  ///< states solved by elimination; more by iteration
constexpr int kMostRounds = 20'000;
constexpr double kPrecision = 1e-13;

/// Sources first; states that lead to each other are one part.
std::vector<std::vector<std::uint32_t>> parts_in_order(const std::vector<Step>& steps) {
  boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS> graph(steps.size());
  for (std::uint32_t from = 0; from < steps.size(); ++from) {
    for (const auto& [to, chance] : steps[from].next) boost::add_edge(from, to, graph);
    for (const auto& [to, number] : steps[from].begun) boost::add_edge(from, to, graph);
  }
  std::vector<std::uint32_t> part(steps.size());
  const auto count = boost::strong_components(
      graph, boost::make_iterator_property_map(part.begin(), boost::get(boost::vertex_index, graph)));
  std::vector<std::vector<std::uint32_t>> members(count);
  for (std::uint32_t row = 0; row < steps.size(); ++row) members[count - 1 - part[row]].push_back(row);
  return members;
}

/// Solves x = rhs + Pᵀx within one part by Gaussian elimination with pivoting.
std::vector<double> eliminate(std::vector<std::vector<double>> a, std::vector<double> rhs) {
  const std::size_t n = rhs.size();
  std::vector<std::size_t> columns;  // few clients go from one place to each other: most numbers are 0
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k + 1; i < n; ++i)
      if (std::abs(a[i][k]) > std::abs(a[pivot][k])) pivot = i;
    std::swap(a[k], a[pivot]);
    std::swap(rhs[k], rhs[pivot]);
    columns.clear();
    for (std::size_t j = k; j < n; ++j)
      if (a[k][j] != 0.0) columns.push_back(j);
    for (std::size_t i = k + 1; i < n; ++i) {
      const double factor = a[i][k] / a[k][k];
      if (factor == 0.0) continue;
      for (const std::size_t j : columns) a[i][j] -= factor * a[k][j];
      rhs[i] -= factor * rhs[k];
    }
  }
  for (std::size_t k = n; k-- > 0;) {
    for (std::size_t j = k + 1; j < n; ++j) rhs[k] -= a[k][j] * rhs[j];
    rhs[k] /= a[k][k];
  }
  return rhs;
}

/// The traffic equations of all states, part by part.
class Traffic {
 public:
  Traffic(const std::vector<Step>& steps) : steps_{steps}, parts_{parts_in_order(steps)}, position_(steps.size(), 0) {}

  /// Visits a day for arrivals a day. In a part that is never left, visits are those of `circulating`.
  std::vector<double> solve(const std::vector<double>& arrivals, const std::vector<double>& circulating) {
    std::vector<double> visits = arrivals;
    converged_ = true;
    for (const std::vector<std::uint32_t>& part : parts_) {
      if (never_left(part)) {
        for (const std::uint32_t row : part)
          visits[row] = circulating.empty() ? visits[row] : visits[row] + circulating[row];
      } else {
        within(part, visits);
      }
      pass_on(part, visits);
    }
    return visits;
  }

  /// Visits a day of clients who go round in parts that are never left, by how many came into each part.
  std::vector<double> circulate(const std::vector<double>& came) {
    std::vector<double> visits(steps_.size(), 0.0);
    for (const std::vector<std::uint32_t>& part : parts_) {
      if (!never_left(part)) continue;
      double clients = 0.0;
      for (const std::uint32_t row : part) clients += came[row];
      if (clients > 0.0) round_trip(part, clients, visits);
    }
    return visits;
  }

  /// Whether clients who come into the part stay in it for ever.
  bool never_left(const std::vector<std::uint32_t>& part) const {
    bool any_place = false;
    for (const std::uint32_t row : part) {
      double inside = 0.0;
      for (const auto& [to, chance] : steps_[row].next)
        if (std::binary_search(part.begin(), part.end(), to)) inside += chance;
      if (steps_[row].stays && part.size() == 1) return true;
      if (inside < 1.0 - 1e-9) return false;
      any_place = true;
    }
    return any_place;
  }
  const std::vector<std::vector<std::uint32_t>>& parts() const { return parts_; }
  bool converged() const { return converged_; }

 private:
  double factor(std::uint32_t from, std::uint32_t to) const {
    double sum = 0.0;
    for (const auto& [row, chance] : steps_[from].next) sum += row == to ? chance : 0.0;
    for (const auto& [row, number] : steps_[from].begun) sum += row == to ? number : 0.0;
    return sum;
  }

  void within(const std::vector<std::uint32_t>& part, std::vector<double>& visits) {
    if (part.size() == 1) {
      visits[part[0]] /= 1.0 - factor(part[0], part[0]);
      return;
    }
    for (std::uint32_t i = 0; i < part.size(); ++i) position_[part[i]] = i;
    if (part.size() > kDenseAtMost) {
      iterate(part, visits);
      return;
    }
    std::vector<std::vector<double>> a(part.size(), std::vector<double>(part.size(), 0.0));
    std::vector<double> rhs;
    for (std::size_t i = 0; i < part.size(); ++i) {
      a[i][i] += 1.0;
      rhs.push_back(visits[part[i]]);
      for (const auto* list : {&steps_[part[i]].next, &steps_[part[i]].begun})
        for (const auto& [to, chance] : *list)
          if (std::binary_search(part.begin(), part.end(), to)) a[position_[to]][i] -= chance;
    }
    const std::vector<double> solved = eliminate(std::move(a), std::move(rhs));
    for (std::size_t i = 0; i < part.size(); ++i) visits[part[i]] = solved[i];
  }

  void iterate(const std::vector<std::uint32_t>& part, std::vector<double>& visits) {
    const std::vector<double> came = visits;
    std::vector<std::vector<std::pair<std::uint32_t, double>>> from(part.size());
    for (const std::uint32_t row : part)
      for (const auto* list : {&steps_[row].next, &steps_[row].begun})
        for (const auto& [to, chance] : *list)
          if (std::binary_search(part.begin(), part.end(), to)) from[position_[to]].emplace_back(row, chance);
    for (int round = 0; round < kMostRounds; ++round) {
      double moved = 0.0, most = 0.0;
      for (std::size_t i = 0; i < part.size(); ++i) {
        double sum = came[part[i]];
        for (const auto& [row, chance] : from[i]) sum += visits[row] * chance;
        moved = std::max(moved, std::abs(sum - visits[part[i]]));
        most = std::max(most, std::abs(sum));
        visits[part[i]] = sum;
      }
      if (moved <= kPrecision * most) return;
    }
    converged_ = false;
  }

  void pass_on(const std::vector<std::uint32_t>& part, std::vector<double>& visits) const {
    for (const std::uint32_t row : part)
      for (const auto* list : {&steps_[row].next, &steps_[row].begun})
        for (const auto& [to, chance] : *list)
          if (!std::binary_search(part.begin(), part.end(), to)) visits[to] += visits[row] * chance;
  }

  /// Stationary visits of a closed part: its first state is visited once, the others accordingly; then by clients.
  void round_trip(const std::vector<std::uint32_t>& part, double clients, std::vector<double>& visits) {
    if (part.size() == 1) return;
    const std::vector<std::uint32_t> others(part.begin() + 1, part.end());
    std::vector<double> once(steps_.size(), 0.0);
    once[part[0]] = 1.0;
    for (const auto& [to, chance] : steps_[part[0]].next)
      if (to != part[0]) once[to] += chance;
    within_rest(others, once);
    double days = 0.0;
    for (const std::uint32_t row : part) days += once[row] * steps_[row].days;
    if (!(days > 0.0)) return;
    for (const std::uint32_t row : part) visits[row] = once[row] * clients / days;
  }

  /// The same equations for a part without its first state.
  void within_rest(const std::vector<std::uint32_t>& rows, std::vector<double>& visits) {
    for (std::uint32_t i = 0; i < rows.size(); ++i) position_[rows[i]] = i;
    if (rows.size() == 1)
      visits[rows[0]] /= 1.0 - factor(rows[0], rows[0]);
    else
      within(rows, visits);
  }

  const std::vector<Step>& steps_;
  std::vector<std::vector<std::uint32_t>> parts_;
  std::vector<std::uint32_t> position_;
  bool converged_ = true;
};

/// Highest value of the rate's dates with its growth, profiles aside [1/day].
double busiest_rate(const Model& model, const ArrivalSpec& spec) {
  if (!spec.rate) return 0.0;
  const VaryingNumber& rate = *spec.rate;
  const double years = model.horizon_days / 365.25;
  const double growth = spec.growth_per_year > 0.0 ? power(1.0 + spec.growth_per_year, years) : 1.0;
  double most = rate.dated.empty() || (rate.every_days <= 0.0 && rate.dated.front().days > 0.0) ? rate.base : 0.0;
  for (const DatedValue& one : rate.dated)
    if (one.days <= model.horizon_days) most = std::max(most, one.value);
  return most * growth;
}

double arrivals_a_day(const Model& model, const Compiled& compiled, std::size_t row, States& states) {
  const ArrivalSpec& spec = model.arrivals[row];
  const ArrivalStream& stream = compiled.model.arrivals[row];
  double rate = busiest_rate(model, spec);
  if (stream.gap.exists()) rate = 1.0 / std::max(states.least_gap(stream), 1e-9);
  // The stream is that of the part of the population that is run; the model's rate is that of all.
  if (stream.gap.exists()) rate /= compiled.words.population_scale;
  rate += static_cast<double>(stream.date_count) / compiled.words.population_scale /
          std::max(model.horizon_days + model.warmup_days, 1e-9);
  if (stream.batch.exists()) rate *= states.mean_of(stream.batch.index());
  double scale = spec.scale;
  if (spec.scale_over_time)
    for (const DatedValue& one : spec.scale_over_time->dated) scale = std::max(scale, spec.scale * one.value);
  return rate * std::max(scale, 0.0);
}

void add_rows(const Model& model, const Compiled& compiled, const StaffReport& staff, FlowReport& report) {
  for (std::uint32_t row = 0; row < model.settings.size(); ++row) {
    FlowReport::Row made;
    made.setting = row;
    made.capacity = usable_capacity(compiled, staff, row);
    report.rows.push_back(made);
  }
}

void add_links(const std::vector<State>& states, const std::vector<Step>& steps, const std::vector<double>& visits,
               FlowReport& report) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, double> links;
  for (std::uint32_t row = 0; row < states.size(); ++row)
    for (const auto* list : {&steps[row].next, &steps[row].begun})
      for (const auto& [to, chance] : *list)
        if (!states[to].inside && visits[row] * chance > 0.0)
          links[{states[row].setting, states[to].setting}] += visits[row] * chance;
  for (std::uint32_t row = 0; row < states.size(); ++row)
    for (const auto& [setting, chance] : steps[row].returned)
      if (visits[row] * chance > 0.0) links[{states[row].setting, setting}] += visits[row] * chance;
  for (const auto& [ends, per_day] : links) report.links.push_back({ends.first, ends.second, per_day});
}

void add_visits(const States& states, const std::vector<double>& visits, FlowReport& report) {
  for (std::uint32_t row = 0; row < visits.size(); ++row) {
    const State& state = states.states()[row];
    const Step& step = states.steps()[row];
    FlowReport::Row& to = report.rows[state.setting];
    if (!(visits[row] > 0.0)) continue;  // a mean may be infinite, and nobody times for ever is nothing
    if (!state.inside) to.flow_per_day += visits[row];
    to.offered_load += visits[row] * step.days;
    to.offered_units += visits[row] * step.days * step.units;
    for (const auto& [place, days] : step.on_the_way) {
      report.rows[place].offered_load += visits[row] * days;
      report.rows[place].offered_units += visits[row] * days;
    }
  }
}

/// Parts that are never left: a number of clients that came with the start stays; those who arrive gather.
void add_gathered(const Traffic& traffic, const States& states, const std::vector<double>& visits,
                  const std::vector<double>& circulating, const std::vector<double>& came, FlowReport& report) {
  std::vector<bool> told(report.rows.size(), false);
  for (const std::vector<std::uint32_t>& part : traffic.parts()) {
    if (!traffic.never_left(part)) continue;
    double inflow = 0.0;
    for (const std::uint32_t row : part) inflow += visits[row] - circulating[row];
    if (part.size() == 1 && states.steps()[part[0]].stays) {
      const std::uint32_t setting = states.states()[part[0]].setting;
      report.rows[setting].offered_load += came[part[0]];
      report.rows[setting].offered_units += came[part[0]] * states.steps()[part[0]].units;
    }
    if (!(inflow > 1e-12)) continue;
    for (const std::uint32_t row : part) {
      const std::uint32_t setting = states.states()[row].setting;
      report.rows[setting].offered_load = report.rows[setting].offered_units = kInfinity;
      if (!told[setting]) report.never_left.push_back(setting);
      told[setting] = true;
    }
  }
  std::sort(report.never_left.begin(), report.never_left.end());
}

/// What the settings of a pool take together.
void add_pools(const Model& model, const Compiled& compiled, const StaffReport& staff, FlowReport& report) {
  for (std::uint32_t pool = 0; pool < model.pools.size(); ++pool) {
    FlowReport::Row made;
    made.setting = static_cast<std::uint32_t>(model.settings.size()) + pool;
    made.capacity = usable_capacity(compiled, staff, made.setting);
    for (std::uint32_t row = 0; row < model.settings.size(); ++row) {
      if (model.settings[row].pool != pool) continue;
      made.flow_per_day += report.rows[row].flow_per_day;
      made.offered_load += report.rows[row].offered_load;
      made.offered_units += report.rows[row].offered_units;
    }
    made.mean_stay_days = made.flow_per_day > 0.0 ? made.offered_load / made.flow_per_day : 0.0;
    made.utilisation = made.offered_units == 0.0 ? 0.0 : made.offered_units / made.capacity;
    made.saturates_at = made.offered_units > 0.0 ? made.capacity / made.offered_units : kInfinity;
    report.pools.push_back(made);
  }
}

void finish(FlowReport& report) {
  for (FlowReport::Row& row : report.rows) {
    row.mean_stay_days = row.flow_per_day > 0.0 ? row.offered_load / row.flow_per_day : 0.0;
    const bool limited = std::isfinite(row.capacity);
    row.utilisation = !limited || row.offered_units == 0.0 ? 0.0 : row.offered_units / row.capacity;
    row.saturates_at = limited && row.offered_units > 0.0 ? row.capacity / row.offered_units : kInfinity;
    if (limited) report.first_to_fill.push_back(row.setting);
  }
  std::stable_sort(report.first_to_fill.begin(), report.first_to_fill.end(), [&](std::uint32_t a, std::uint32_t b) {
    return report.rows[a].saturates_at < report.rows[b].saturates_at;
  });
}

void add_remarks(const Model& model, const States& states, bool converged, FlowReport& report) {
  report.remarks.push_back("Arrivals count at their highest dated rate within the horizon.");
  if (!model.timers.empty())
    report.remarks.push_back("A timer counts as an event that comes after the same time on average.");
  if (!model.events.empty() || !states.exact())
    report.remarks.push_back(
        "Time that has passed since entry, enrolments and waiting count as at the beginning of a stay.");
  if (states.merged())
    report.remarks.push_back(
        "Clients come in too many kinds to follow each: the rarest are counted as the commoner ones.");
  if (!converged) report.remarks.push_back("The flows go round so long that they are not exact.");
  report.exact = states.exact() && !states.merged() && converged;
}

}  // namespace

FlowReport expected_flow(const Model& model, const Compiled& compiled) {
  FlowReport report;
  const StaffReport staff = expected_staff(model, compiled);
  add_rows(model, compiled, staff, report);
  States states{compiled.model};
  std::vector<std::pair<std::uint32_t, double>> arriving, starting;
  for (std::size_t row = 0; row < compiled.model.arrivals.size(); ++row) {
    const double rate = arrivals_a_day(model, compiled, row, states);
    for (const auto& [state, chance] : states.newcomers(compiled.model.arrivals[row]))
      arriving.emplace_back(state, rate * chance);
  }
  // A census has a group for each of its rows, and many rows are alike.
  std::map<std::array<std::uint64_t, 6>, std::pair<const InitialGroup*, double>> alike;
  for (const InitialGroup& group : compiled.model.initial) {
    const auto at = alike.try_emplace({group.place.index(), group.traits, group.draws.first, group.draws.count,
                                       group.actions.first, group.actions.count},
                                      &group, 0.0);
    at.first->second.second += group.count;
  }
  for (const auto& [key, group] : alike)
    for (const auto& [state, chance] : states.starters(*group.first))
      starting.emplace_back(state, group.second * chance / compiled.words.population_scale);
  states.expand();
  std::vector<double> arrivals(states.states().size(), 0.0), start = arrivals;
  for (const auto& [state, rate] : arriving) arrivals[state] += rate;
  for (const auto& [state, count] : starting) start[state] += count;

  Traffic traffic{states.steps()};
  const std::vector<double> came = traffic.solve(start, {});
  const std::vector<double> circulating = traffic.circulate(came);
  const std::vector<double> visits = traffic.solve(arrivals, circulating);
  add_visits(states, visits, report);
  add_links(states.states(), states.steps(), visits, report);
  add_gathered(traffic, states, visits, circulating, came, report);
  add_remarks(model, states, traffic.converged(), report);
  finish(report);
  add_pools(model, compiled, staff, report);
  return report;
}

namespace {

std::string shown(double value) {
  char text[32];
  std::snprintf(text, sizeof text, value >= 1000.0 ? "%.0f" : "%.4g", value);
  return text;
}

}  // namespace

void tell(const FlowReport& report, const Model& model, Problems& problems) {
  for (const FlowReport::Row& row : report.rows) {
    const SettingSpec& setting = model.settings[row.setting];
    if (!(row.utilisation > 1.0 + 1e-9) || std::isinf(row.offered_load)) continue;
    problems.warning(setting.at, code("traffic-over"), "settings." + setting.words.id,
                     "is offered " + shown(row.offered_units) +
                         (row.offered_units == row.offered_load ? " clients" : " clients' units") +
                         " at a time and has " + shown(row.capacity) + (row.capacity == 1.0 ? " unit" : " units") +
                         " at the start" + (setting.staffed ? ", with the staff to be expected" : ""),
                     "about " + shown(row.flow_per_day) + " admissions a day of " + shown(row.mean_stay_days) +
                         " days each would be needed, at the busiest dates",
                     "For as long as that lasts its queue grows, unless clients give up or are refused");
  }
  for (std::size_t pool = 0; pool < report.pools.size(); ++pool) {
    const FlowReport::Row& row = report.pools[pool];
    if (!(row.utilisation > 1.0 + 1e-9) || std::isinf(row.offered_units)) continue;
    problems.warning(model.pools[pool].at, code("traffic-over"), "pools." + model.pools[pool].id,
                     "is asked for " + shown(row.offered_units) + " units at a time and has " + shown(row.capacity) +
                         " at the start",
                     "all its settings draw on it", "For as long as that lasts their queues grow");
  }
  for (const std::uint32_t row : report.never_left) {
    if (row == 0) continue;
    const SettingSpec& setting = model.settings[row];
    problems.warning(setting.at, code("clients-stay"), "settings." + setting.words.id,
                     "is reached by clients who never leave",
                     "nothing leads from there out of the model, so their number grows for ever",
                     "Add a route to leave:REASON, or an event that does");
  }
}

}  // namespace tl
