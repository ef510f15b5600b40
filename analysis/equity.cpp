#include "analysis/equity.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "analysis/group_measures.hpp"
#include "models/suggest.hpp"
#include "sim/expects.hpp"
#include "sim/groups.hpp"

namespace tl {
namespace {

constexpr std::size_t kFewReplications = 10;

/// A trait by whose values the results are told: rows of Catalogue::groups.
struct Trait {
  std::string id;
  std::uint32_t first = 0, count = 0;
};

std::vector<Trait> traits_of(const Catalogue& words) {
  std::vector<Trait> traits;
  for (std::uint32_t g = 0; g < words.groups.size(); ++g) {
    if (traits.empty() || traits.back().id != words.groups[g].trait) traits.push_back({words.groups[g].trait, g, 0});
    ++traits.back().count;
  }
  return traits;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::vector<Trait> wanted_traits(const Catalogue& words, const EquityQuery& query) {
  const std::vector<Trait> all = traits_of(words);
  if (all.empty())
    throw QueryError{
        "these results are not kept by group. Name the traits in the model, [model] by = [\"race_ethnicity\"], and run "
        "the study again"};
  if (query.by.empty()) return all;
  std::vector<Trait> wanted;
  std::vector<std::string> known;
  for (const Trait& trait : all) known.push_back(trait.id);
  for (const std::string& name : query.by) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const Trait& trait) { return trait.id == name; });
    if (found == all.end()) {
      const std::string hint = did_you_mean(name, known);
      throw QueryError{"these results are not kept by \"" + name + "\". " +
                       (hint.empty() ? "They are kept by: " + listed(known) : hint) +
                       ". Another trait is named in the model's `by`, and the study run again"};
    }
    wanted.push_back(*found);
  }
  return wanted;
}

/// The traits a line is told by: those asked for; else those its metric names; else those the model names.
bool is_told_by(const TableLine& line, const Trait& trait, const Catalogue& words, const EquityQuery& query) {
  if (!query.by.empty()) return true;
  if (line.metric != nullptr && !line.metric->by.empty())
    return ('|' + line.metric->by + '|').find('|' + trait.id + '|') != std::string::npos;
  return words.by.empty() || std::find(words.by.begin(), words.by.end(), trait.id) != words.by.end();
}

/// The rows of a scope kind, as another scenario numbers them.
std::vector<std::string> row_names(const Catalogue& words, Over over) {
  switch (over) {
    case Over::reason:
      return words.reasons;
    case Over::event:
      return words.events;
    case Over::outcome:
      return words.outcomes;
    case Over::milestone:
      return words.milestones;
    case Over::model:
      return {""};
    default: {
      std::vector<std::string> ids;
      for (const SettingWords& setting : words.settings) ids.push_back(setting.id);
      return ids;
    }
  }
}

/// Mean counts of one kind in one scenario: [group][period][row], of the whole population.
using Counts = std::vector<double>;

/// One line, trait or everybody, time: a value of each replication, as it is and as it is compared.
struct Told {
  Values plain, compared;
};

/// All that is read of one scenario, in one pass over its replications.
class Reading {
 public:
  Reading(const ScenarioResults& scenario, const std::vector<TableLine>& lines,
          const std::vector<std::vector<NamedPeriods>>& times, const std::set<const CountKind*>& kinds)
      : scenario_{scenario}, lines_{lines}, times_{times} {
    const std::size_t groups = scenario.words.groups.size();
    for (const TableLine& line : lines)
      scopes_.push_back(find_scope(scenario.words, line.scope.kind, line.scope.subject));
    told_.resize(lines.size());
    for (std::size_t l = 0; l < lines.size(); ++l) told_[l].assign(times[l].size() * (groups + 1), Told{});
    for (const CountKind* kind : kinds)
      counts_[kind].assign(groups * steps_of(*kind) * row_names(scenario.words, kind->over).size(), 0.0);
    scenario.replications.each(Arrays::all, [&](const ReplicationResult& run) { take(run); });
  }

  const ScenarioResults& scenario() const { return scenario_; }
  bool has(std::size_t line) const { return scopes_[line].has_value(); }
  /// @param group  row of Catalogue::groups, or their number for everybody
  const Told& told(std::size_t line, std::size_t time, std::size_t group) const {
    return told_[line][time * (scenario_.words.groups.size() + 1) + group];
  }
  std::size_t steps_of(const CountKind& kind) const {
    return kind.over == Over::instant ? scenario_.words.observe_days.size() : scenario_.words.period_days.size();
  }
  double count(const CountKind& kind, std::size_t group, std::size_t step, std::size_t row) const {
    const Counts& counts = counts_.at(&kind);
    return counts[(group * steps_of(kind) + step) * row_names_size(kind) + row];
  }

 private:
  std::size_t row_names_size(const CountKind& kind) const {
    return counts_.at(&kind).size() / std::max<std::size_t>(1, scenario_.words.groups.size() * steps_of(kind));
  }

  void take(const ReplicationResult& run) {
    const auto groups = static_cast<std::uint32_t>(scenario_.words.groups.size());
    for (std::uint32_t g = 0; g < groups; ++g) {
      const ReplicationResult view = group_view(run, g);
      take_values(view, g);
      take_counts(view, g);
    }
    take_values(run, groups);
  }
  void take_values(const ReplicationResult& run, std::size_t group) {
    for (std::size_t l = 0; l < lines_.size(); ++l) {
      if (!scopes_[l]) continue;
      for (std::size_t t = 0; t < times_[l].size(); ++t) {
        const MeasureInput input{scenario_, run, *scopes_[l], times_[l][t].periods};
        Told& told = told_[l][t * (scenario_.words.groups.size() + 1) + group];
        told.plain.push_back(value_of(*lines_[l].measure, input));
        told.compared.push_back(compared_value(*lines_[l].measure, input));
      }
    }
  }
  void take_counts(const ReplicationResult& run, std::size_t group) {
    const double share = 1.0 / (static_cast<double>(scenario_.replications.size()) * scenario_.words.population_scale);
    for (auto& [kind, counts] : counts_) {
      const std::size_t rows = row_names_size(*kind), steps = steps_of(*kind);
      for (std::size_t step = 0; step < steps; ++step)
        for (std::uint32_t row = 0; row < rows; ++row)
          counts[(group * steps + step) * rows + row] += share * kind->of(scenario_, run, step, row);
    }
  }

  const ScenarioResults& scenario_;
  const std::vector<TableLine>& lines_;
  const std::vector<std::vector<NamedPeriods>>& times_;
  std::vector<std::optional<ResultScope>> scopes_;
  std::vector<std::vector<Told>> told_;
  std::map<const CountKind*, Counts> counts_;
};

/// People at a time of whom fewer are found where clients only pass through: no cell of 1 to 10, however divided.
constexpr double kPassage = 1.0;

/// What is kept back of one kind of count and one trait.
class Withheld {
 public:
  Withheld(const std::vector<Reading>& readings, const CountKind& kind, const Trait& trait, ByPeriod by)
      : groups_{trait.count} {
    const Catalogue& words = readings.front().scenario().words;
    table_.rows = row_names(words, kind.over).size();
    table_.groups = trait.count;
    table_.nobody = kind.is_of_moment ? kPassage : 0.0;
    find_scopes(words, kind);
    add_layers(readings, kind, trait, {});
    shown_ = suppressed(table_);
    // What a coarser table hides stays hidden in a finer one, whose sums would tell it.
    for (const ByPeriod grid : {ByPeriod::year, ByPeriod::quarter, ByPeriod::month}) {
      if (by == ByPeriod::whole || grid < by || kind.over == Over::instant) continue;  // year, quarter, month: falling
      add_layers(readings, kind, trait, grouped_periods(words, grid));
      shown_ = suppressed(table_, shown_);
    }
  }

  Shown of(const std::string& scope_kind, const std::string& subject, std::size_t group) const {
    const auto found = names_.find({scope_kind, subject});
    if (found != names_.end()) return shown_[found->second * groups_ + group];
    return has_departments_ && is_nobodys(scope_kind, subject) ? Shown::protects : Shown::shown;
  }

 private:
  /// What no department runs is no department: as a sum it would only cost settings that people ask about.
  static bool is_nobodys(const std::string& scope_kind, const std::string& subject) {
    return scope_kind == "department" && subject == "none";
  }
  bool is_never_shown(const Catalogue& words, const std::string& scope_kind, const std::string& subject) {
    has_departments_ = words.departments.size() > 1;
    return has_departments_ && is_nobodys(scope_kind, subject);
  }

  void find_scopes(const Catalogue& words, const CountKind& kind) {
    const auto add = [&](const std::string& scope, const std::string& subject, std::vector<std::uint32_t> rows) {
      names_.emplace(std::pair{scope, subject}, table_.scopes.size());
      table_.scopes.push_back(std::move(rows));
    };
    if (kind.over == Over::settings || kind.over == Over::instant) {
      for (const char* scope : {"setting", "department", "domain", "level", "model"})
        for (ResultScope& there : scopes_of(words, scope))
          if (!is_never_shown(words, scope, there.subject)) add(scope, there.subject, std::move(there.rows));
      return;
    }
    std::vector<std::uint32_t> all;
    const char* scope = kind.over == Over::model     ? "model"
                        : kind.over == Over::reason  ? "reason"
                        : kind.over == Over::event   ? "event"
                        : kind.over == Over::outcome ? "outcome"
                                                     : "milestone";
    const std::vector<std::string> names = row_names(words, kind.over);
    for (std::uint32_t row = 0; row < names.size(); ++row) {
      add(scope, names[row], {row});
      all.push_back(row);
    }
    if (kind.over == Over::reason && names.size() > 1) add("model", "", std::move(all));  // those who left
  }

  /// For each scenario the mean over all reporting periods; or, of a grid, each of its periods.
  void add_layers(const std::vector<Reading>& readings, const CountKind& kind, const Trait& trait,
                  const std::vector<NamedPeriods>& grid) {
    const std::vector<std::string> names = row_names(readings.front().scenario().words, kind.over);
    for (const Reading& reading : readings) {
      const std::vector<std::string> there = row_names(reading.scenario().words, kind.over);
      const std::size_t steps = reading.steps_of(kind);
      if (steps == 0) continue;
      const auto layer = [&](PeriodRange range, bool is_mean) {
        std::vector<double> counts(table_.rows * table_.groups, 0.0);
        for (std::size_t row = 0; row < names.size(); ++row)
          for (std::size_t g = 0; g < table_.groups; ++g)
            counts[row * table_.groups + g] =
                counted(readings, reading, kind, trait, there, names, row, g, range, is_mean);
        table_.layers.push_back(std::move(counts));
      };
      if (kind.over == Over::instant)
        for (std::size_t step = 0; step < steps; ++step) layer({step, 1}, true);
      else if (grid.empty())
        layer({0, steps}, true);
      for (const NamedPeriods& part : grid) layer(part.periods, kind.is_of_moment);
    }
  }

  static double counted(const std::vector<Reading>& readings, const Reading& reading, const CountKind& kind,
                        const Trait& trait, const std::vector<std::string>& there,
                        const std::vector<std::string>& names, std::size_t row, std::size_t g, PeriodRange range,
                        bool is_mean) {
    const Reading* from = &reading;
    auto found = std::find(there.begin(), there.end(), names[row]);
    std::size_t at = static_cast<std::size_t>(found - there.begin());
    std::optional<std::size_t> group = same_group(readings.front(), reading, trait.first + g);
    if (found == there.end() || !group) {  // this scenario has no such thing: it tells nothing of it
      from = &readings.front();
      at = row;
      group = trait.first + g;
    }
    const std::vector<double>& days = from->scenario().words.period_days;
    double sum = 0.0, weight = 0.0;
    for (std::size_t p = range.first; p < range.first + range.count; ++p) {
      const double by = kind.is_of_moment && kind.over != Over::instant ? days[p] : 1.0;
      sum += by * from->count(kind, *group, p, at);
      weight += by;
    }
    return is_mean ? sum / weight : sum;
  }

 public:
  static std::optional<std::size_t> same_group(const Reading& one, const Reading& other, std::size_t group) {
    const GroupWords& wanted = one.scenario().words.groups[group];
    const std::vector<GroupWords>& all = other.scenario().words.groups;
    for (std::size_t g = 0; g < all.size(); ++g)
      if (all[g].trait == wanted.trait && all[g].value == wanted.value) return g;
    return std::nullopt;
  }

 private:
  std::size_t groups_;
  bool has_departments_ = false;
  CountTable table_;
  std::map<std::pair<std::string, std::string>, std::size_t> names_;
  std::vector<Shown> shown_;
};

/// Values of several things in the replications that have all of them.
std::vector<std::vector<double>> together(const std::vector<const Values*>& all) {
  std::vector<std::vector<double>> there(all.size());
  const std::size_t runs = all.front()->size();
  for (std::size_t i = 0; i < runs; ++i) {
    if (!std::all_of(all.begin(), all.end(), [&](const Values* values) { return i < values->size() && (*values)[i]; }))
      continue;
    for (std::size_t v = 0; v < all.size(); ++v) there[v].push_back(*(*all[v])[i]);
  }
  return there;
}

std::vector<double> less(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> differences;
  for (std::size_t i = 0; i < a.size(); ++i) differences.push_back(a[i] - b[i]);
  return differences;
}

class Maker {
 public:
  Maker(const StudyResults& study, const EquityQuery& query) : study_{study}, query_{query} {
    const Catalogue& words = study.scenarios.front().words;
    traits_ = wanted_traits(words, query);
    for (const std::string& id : query.rows.scenario)
      if (find_scenario(study, id) == nullptr) unknown_scenario(id);
    if (!query.rows.versus.empty() && find_scenario(study, query.rows.versus) == nullptr)
      unknown_scenario(query.rows.versus);
    for (TableLine& line : table_lines(study, query.rows)) {
      const bool is_of_clients = line.ratio == nullptr && group_use(*line.measure) != GroupUse::none;
      if (is_of_clients)
        lines_.push_back(std::move(line));
      else if (!query.rows.metric.empty())
        throw QueryError{"\"" + (line.ratio ? line.ratio->top.id : std::string{line.measure->name}) +
                         "\" is not kept by group: it is about units or about the setting, not about clients"};
    }
    for (const TableLine& line : lines_) times_.push_back(times_of(line, words, query.rows.by_period));
    std::set<const CountKind*> kinds{find_count("present"), find_count("reason")};
    for (const TableLine& line : lines_)
      for (const CountKind* kind : counts_behind(*line.measure)) kinds.insert(kind);
    for (const ScenarioResults& scenario : study.scenarios) readings_.emplace_back(scenario, lines_, times_, kinds);
    for (const Trait& trait : traits_) {
      references_.push_back(reference_of(trait));
      for (const CountKind* kind : kinds)
        withheld_.emplace(std::pair{trait.first, kind}, Withheld{readings_, *kind, trait, query.rows.by_period});
    }
    check_reference();
  }

  EquityTable make() {
    EquityTable table;
    table.confidence = query_.rows.confidence;
    table.internal = query_.internal;
    table.seed = study_.seed;
    table.program_version = study_.program_version;
    table.engine_version = study_.engine_version;
    const Catalogue& words = study_.scenarios.front().words;
    for (std::size_t i = 0; i < traits_.size(); ++i)
      table.references.emplace_back(traits_[i].id, words.groups[references_[i]].value);
    if (const ScenarioResults* versus = find_scenario(study_, query_.rows.versus)) {
      table.versus = versus->id;
      table.versus_name = versus->name.empty() ? versus->id : versus->name;
    }
    for (std::size_t l = 0; l < lines_.size(); ++l)
      for (std::size_t i = 0; i < traits_.size(); ++i) {
        if (!is_told_by(lines_[l], traits_[i], words, query_)) continue;
        for (std::size_t t = 0; t < times_[l].size(); ++t)
          for (const Reading& reading : readings_) add_block(table, l, i, t, reading);
      }
    add_notes(table);
    return table;
  }

 private:
  [[noreturn]] void unknown_scenario(const std::string& id) const {
    std::vector<std::string> known;
    for (const ScenarioResults& scenario : study_.scenarios) known.push_back(scenario.id);
    const std::string hint = did_you_mean(id, known);
    throw QueryError{"unknown scenario \"" + id + "\". " + (hint.empty() ? "There are: " + listed(known) : hint)};
  }

  /// The group with most people in the first scenario, so that the choice does not depend on what is compared.
  std::uint32_t reference_of(const Trait& trait) const {
    const std::vector<GroupWords>& groups = study_.scenarios.front().words.groups;
    for (std::uint32_t g = trait.first; g < trait.first + trait.count; ++g)
      if (groups[g].value == query_.reference) return g;
    const Reading& reading = readings_.front();
    const CountKind& present = *find_count("present");
    std::uint32_t largest = trait.first;
    double most = -1.0;
    for (std::uint32_t g = trait.first; g < trait.first + trait.count; ++g) {
      double people = 0.0;
      for (std::size_t p = 0; p < reading.steps_of(present); ++p)
        people += reading.count(present, g, p, 0) * reading.scenario().words.period_days[p];
      if (people > most) {
        most = people;
        largest = g;
      }
    }
    return largest;
  }
  void check_reference() const {
    if (query_.reference.empty()) return;
    const std::vector<GroupWords>& groups = study_.scenarios.front().words.groups;
    std::vector<std::string> known;
    for (const Trait& trait : traits_)
      for (std::uint32_t g = trait.first; g < trait.first + trait.count; ++g) known.push_back(groups[g].value);
    if (std::find(known.begin(), known.end(), query_.reference) != known.end()) return;
    const std::string hint = did_you_mean(query_.reference, known);
    throw QueryError{"no group is called \"" + query_.reference + "\". " +
                     (hint.empty() ? "There are: " + listed(known) : hint)};
  }

  Shown shown_of(const TableLine& line, std::size_t trait, std::size_t group_in_trait) const {
    if (query_.internal) return Shown::shown;
    Shown worst = Shown::shown;
    const auto note = [&](Shown shown) {
      if (shown == Shown::small || worst == Shown::shown) worst = shown;
    };
    for (const CountKind* kind : counts_behind(*line.measure)) {
      const Withheld& withheld = withheld_.at({traits_[trait].first, kind});
      note(kind->by_subject ? withheld.of(line.scope.kind, line.scope.subject, group_in_trait)
                            : withheld.of("model", "", group_in_trait));
      // Those who left are the sum of the reasons they left for.
      if (kind->name == "left")
        note(withheld_.at({traits_[trait].first, find_count("reason")}).of("model", "", group_in_trait));
    }
    return worst;
  }

  void add_block(EquityTable& table, std::size_t l, std::size_t trait, std::size_t time, const Reading& reading) {
    const ScenarioResults& scenario = reading.scenario();
    const std::vector<std::string>& only = query_.rows.scenario;
    if (!only.empty() && std::find(only.begin(), only.end(), scenario.id) == only.end()) return;
    const Reading* versus = nullptr;
    for (const Reading& other : readings_)
      if (!query_.rows.versus.empty() && other.scenario().id == query_.rows.versus) versus = &other;
    if (!reading.has(l) || versus == &reading || (versus != nullptr && !versus->has(l))) return;
    const TableLine& line = lines_[l];
    EquityRow row;
    row.scenario = scenario.id;
    row.scenario_name = scenario.name.empty() ? scenario.id : scenario.name;
    row.measure = line.measure->name;
    row.words = line.measure->words;
    row.good = line.measure->good;
    row.unit = line.measure->unit;
    row.compared_unit = group_unit(*line.measure);
    row.scope = line.scope.kind;
    row.subject = line.scope.subject;
    row.subject_name = line.scope.name;
    row.when = times_[l][time].name;
    row.trait = traits_[trait].id;
    if (line.metric != nullptr) {
      row.metric = line.metric->id;
      if (!line.metric->words.empty()) row.words = line.metric->words;
      if (!line.metric->good.empty()) row.good = line.metric->good;
    }
    row.difference = row.ratio = Estimate{std::numeric_limits<double>::quiet_NaN(), {}, {}, 0, ""};
    const std::size_t everybody = scenario.words.groups.size();
    fill(row, l, time, reading, everybody, versus, versus != nullptr ? versus->scenario().words.groups.size() : 0);
    if (line.metric == nullptr && reading_is_empty(row)) return;
    table.rows.push_back(row);
    for (std::uint32_t g = 0; g < traits_[trait].count; ++g) add_group(table, row, l, trait, time, g, reading, versus);
  }

  /// Nothing was ever there, for anybody.
  static bool reading_is_empty(const EquityRow& row) {
    return row.value.count == 0 || (row.scope == "setting" && row.subject == "outside" && row.value.mean == 0.0);
  }

  void fill(EquityRow& row, std::size_t l, std::size_t time, const Reading& reading, std::size_t group,
            const Reading* versus, std::size_t there) const {
    const double confidence = query_.rows.confidence;
    const Told& own = reading.told(l, time, group);
    if (versus == nullptr) {
      row.value = estimate_of(together({&own.plain}).front(), confidence);
      row.compared = estimate_of(together({&own.compared}).front(), confidence);
      return;
    }
    const Told& base = versus->told(l, time, there);
    const auto plain = together({&own.plain, &base.plain}), compared = together({&own.compared, &base.compared});
    row.value = paired_difference(plain[0], plain[1], confidence);
    row.compared = paired_difference(compared[0], compared[1], confidence);
  }

  void add_group(EquityTable& table, const EquityRow& all, std::size_t l, std::size_t trait, std::size_t time,
                 std::uint32_t g, const Reading& reading, const Reading* versus) const {
    const double confidence = query_.rows.confidence;
    const std::uint32_t group = traits_[trait].first + g, reference = references_[trait];
    const auto own = Withheld::same_group(readings_.front(), reading, group);
    const auto other = Withheld::same_group(readings_.front(), reading, reference);
    if (!own || !other) return;
    EquityRow row = all;
    row.group = study_.scenarios.front().words.groups[group].value;
    row.is_reference = group == reference;
    row.value = row.compared = Estimate{std::numeric_limits<double>::quiet_NaN(), {}, {}, 0, ""};
    row.difference = row.ratio = row.value;
    row.shown = shown_of(lines_[l], trait, g);
    if (row.shown != Shown::shown) {
      row.value.why = row.compared.why = row.difference.why = row.ratio.why = "suppressed";
      table.rows.push_back(std::move(row));
      return;
    }
    const auto own_there = versus != nullptr ? Withheld::same_group(readings_.front(), *versus, group) : own;
    const auto other_there = versus != nullptr ? Withheld::same_group(readings_.front(), *versus, reference) : other;
    if (!own_there || !other_there) return;
    fill(row, l, time, reading, *own, versus, *own_there);
    const bool compares = group_use(*lines_[l].measure) != GroupUse::counted && !row.is_reference &&
                          shown_of(lines_[l], trait, reference - traits_[trait].first) == Shown::shown;
    if (compares && versus == nullptr) {
      const auto pair = together({&reading.told(l, time, *own).compared, &reading.told(l, time, *other).compared});
      row.difference = paired_difference(pair[0], pair[1], confidence);
      row.ratio = paired_log_ratio({pair[0]}, {pair[1]}, confidence);
    } else if (compares) {
      const auto four =
          together({&reading.told(l, time, *own).compared, &reading.told(l, time, *other).compared,
                    &versus->told(l, time, *own_there).compared, &versus->told(l, time, *other_there).compared});
      row.difference = paired_difference(less(four[0], four[1]), less(four[2], four[3]), confidence);
      row.ratio = paired_log_ratio({four[0], four[3]}, {four[1], four[2]}, confidence);
    }
    table.rows.push_back(std::move(row));
  }

  void add_notes(EquityTable& table) const {
    if (table.internal)
      table.notes.emplace_back("INTERNAL: small counts are shown. Not to be given to the public");
    else
      table.notes.emplace_back(
          "suppressed: the number rests on a mean count under 11 in a reporting period, or together with the others "
          "it would tell such a count. For use inside the county: --internal");
    table.notes.emplace_back(
        "groups differ here only as the model makes them differ; a trait that no number depends on shows chance alone");
    std::size_t assumed = 0, used = 0;
    for (const ParameterWords& parameter : study_.scenarios.front().words.parameters) {
      if (!parameter.used) continue;
      ++used;
      assumed += parameter.provenance.kind == "assumption" ? 1 : 0;
    }
    if (assumed > 0)
      table.notes.push_back("assumptions: " + std::to_string(assumed) + " of the " + std::to_string(used) +
                            " parameters these numbers rest on are assumptions (throughline show: which)");
    for (const std::string& note : study_.notes) table.notes.push_back(note);
    if (const std::string note = scale_note(study_); !note.empty()) table.notes.push_back(note);
    std::size_t fewest = study_.planned_replications;
    for (const ScenarioResults& scenario : study_.scenarios) fewest = std::min(fewest, scenario.numbers.size());
    if (fewest < kFewReplications)
      table.notes.push_back(std::to_string(fewest) + " replications: with fewer than " +
                            std::to_string(kFewReplications) + ", intervals are rough");
  }

  const StudyResults& study_;
  const EquityQuery& query_;
  std::vector<Trait> traits_;
  std::vector<std::uint32_t> references_;
  std::vector<TableLine> lines_;
  std::vector<std::vector<NamedPeriods>> times_;
  std::vector<Reading> readings_;
  std::map<std::pair<std::uint32_t, const CountKind*>, Withheld> withheld_;
};

}  // namespace

EquityTable make_equity_table(const StudyResults& study, const EquityQuery& query) {
  return Maker{study, query}.make();
}

}  // namespace tl
