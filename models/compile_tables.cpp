#include <algorithm>
#include <bit>
#include <set>

#include "models/compile_builder.hpp"
#include "models/tokens.hpp"

// Conditions become dense tables: the axes a number depends on, the content of every cell, and then without the axes
// along which nothing changes.
namespace tl::compiling {
namespace {

constexpr std::uint32_t kMostSteps = 16;
constexpr std::uint64_t kMostWork = std::uint64_t{1} << 26;  ///< cells times epochs looked at for one number

bool looks_at_place(Subject subject) {
  return subject == Subject::place || subject == Subject::domain || subject == Subject::department ||
         subject == Subject::level;
}

bool in_values(const Clause& clause, std::uint32_t value) {
  return (std::find(clause.values.begin(), clause.values.end(), value) != clause.values.end()) != clause.negated;
}

bool yes_in(const Clause& clause, bool value) {
  return in_values(clause, value ? 1 : 0);
}

/// The stretch of time with that many steps passed lies within the clause's.
bool steps_hold(const Clause& clause, const std::vector<double>& cuts, std::uint32_t passed) {
  const double from = passed == 0 ? 0.0 : cuts[passed - 1];
  const double to = passed < cuts.size() ? cuts[passed] : std::numeric_limits<double>::infinity();
  return (from >= clause.least && to <= clause.below) != clause.negated;
}

/// Cells without the axis along which they are all equal, or nothing when some differ.
std::optional<std::vector<std::vector<std::uint32_t>>> without_axis(
    const std::vector<std::vector<std::uint32_t>>& cells, std::size_t count, std::size_t stride) {
  std::vector<std::vector<std::uint32_t>> fewer(cells.size());
  for (std::size_t epoch = 0; epoch < cells.size(); ++epoch) {
    const std::vector<std::uint32_t>& all = cells[epoch];
    fewer[epoch].reserve(all.size() / count);
    for (std::size_t outer = 0; outer < all.size(); outer += count * stride)
      for (std::size_t inner = 0; inner < stride; ++inner) {
        const std::uint32_t first = all[outer + inner];
        for (std::size_t k = 1; k < count; ++k)
          if (all[outer + k * stride + inner] != first) return std::nullopt;
        fewer[epoch].push_back(first);
      }
  }
  return fewer;
}

void next_combination(const Space& space, Combination& combination) {
  for (std::size_t a = space.axes.size(); a-- > 0;) {
    if (++combination[a] < space.axes[a].count) return;
    combination[a] = 0;
  }
}

std::optional<std::uint32_t> known_trait(const Known& known, std::uint32_t trait) {
  if (trait == kPopulationTrait) return known.population;
  for (const auto& [given, value] : known.traits)
    if (given == trait) return value;
  return std::nullopt;
}

}  // namespace

std::uint32_t Builder::trait_count(std::uint32_t trait) const {
  return trait == kPopulationTrait ? population_values_
                                   : static_cast<std::uint32_t>(model_.traits[trait].values.size());
}

TraitBits Builder::trait_bits(std::uint32_t trait) const {
  return trait == kPopulationTrait ? population_bits_ : trait_bits_[trait];
}

bool Builder::place_holds(const Clause& clause, std::uint32_t setting) const {
  const Setting& at = out_.settings[setting];
  switch (clause.subject) {
    case Subject::place:
      return in_values(clause, setting);
    case Subject::domain:
      return in_values(clause, at.domain);
    case Subject::department:
      return in_values(clause, at.department);
    default:
      return in_values(clause, at.level);
  }
}

namespace {

DimensionKind dimension_kind(Subject subject) {
  switch (subject) {
    case Subject::trait:
    case Subject::population:
      return DimensionKind::trait;
    case Subject::enrolled:
      return DimensionKind::enrolled;
    case Subject::waiting_for:
      return DimensionKind::waiting_for;
    case Subject::stay_over:
      return DimensionKind::stay_over;
    case Subject::in_handoff:
      return DimensionKind::in_handoff;
    case Subject::since_entry:
      return DimensionKind::since_entry;
    case Subject::since_place:
      return DimensionKind::since_place;
    case Subject::since_request:
      return DimensionKind::since_request;
    case Subject::since_enrolment:
      return DimensionKind::since_enrolment;
    case Subject::holds:
      return DimensionKind::holds;
    case Subject::mismatch:
      return DimensionKind::mismatch;
    default:
      return DimensionKind::place_class;
  }
}

bool is_since(DimensionKind kind) {
  return kind == DimensionKind::since_entry || kind == DimensionKind::since_place ||
         kind == DimensionKind::since_request || kind == DimensionKind::since_enrolment;
}

/// What the conditions look at, before anything is counted: kind and subject, times with their cuts, places apart.
struct Looks {
  std::set<std::pair<DimensionKind, std::uint32_t>> subjects;
  std::map<std::pair<DimensionKind, std::uint32_t>, std::set<double>> cuts;
  std::vector<const Clause*> places;
};

void look(const Clause& clause, const Known& known, Looks& looks) {
  const DimensionKind kind = dimension_kind(clause.subject);
  if (looks_at_place(clause.subject)) {
    if (!known.place) looks.places.push_back(&clause);
    return;
  }
  if (kind == DimensionKind::trait) {
    const std::uint32_t trait = clause.subject == Subject::population ? kPopulationTrait : clause.trait;
    if (!known_trait(known, trait)) looks.subjects.emplace(kind, trait);
    return;
  }
  if (kind == DimensionKind::mismatch) {
    looks.subjects.emplace(kind, 0);
    return;
  }
  if (known.newcomer) return;
  if (kind == DimensionKind::enrolled || kind == DimensionKind::waiting_for || kind == DimensionKind::holds) {
    for (const std::uint32_t subject : clause.values) looks.subjects.emplace(kind, subject);
    return;
  }
  looks.subjects.emplace(kind, clause.setting);
  if (!is_since(kind)) return;
  for (const double cut : {clause.least, clause.below})
    if (cut > 0.0 && cut < std::numeric_limits<double>::infinity()) looks.cuts[{kind, clause.setting}].insert(cut);
}

}  // namespace

Space Builder::space_of(const std::vector<const Condition*>& conditions, const Known& known, const Owner& owner) {
  Looks looks;
  for (const Condition* condition : conditions)
    for (const Clause& clause : condition->clauses) look(clause, known, looks);
  Space space;
  space.known = known;
  for (const auto& [kind, subject] : looks.subjects) {
    Axis axis{kind, subject, 2, {}, {}, {}};
    if (kind == DimensionKind::trait) axis.count = trait_count(subject);
    if (kind == DimensionKind::mismatch) axis.count = 3;
    if (const auto cuts = looks.cuts.find({kind, subject}); cuts != looks.cuts.end())
      axis.cuts.assign(cuts->second.begin(), cuts->second.end());
    if (is_since(kind)) axis.count = static_cast<std::uint32_t>(axis.cuts.size() + 1);
    if (!axis.cuts.empty() && axis.count > kMostSteps)
      problem(owner, code("steps-many"), "tells " + std::to_string(axis.count) + " steps of time apart",
              "at most " + std::to_string(kMostSteps) + " are allowed", "Use fewer different times in its conditions");
    space.axes.push_back(std::move(axis));
  }
  if (!looks.places.empty()) {
    Axis axis{DimensionKind::place_class, 0, 0, {}, {}, {}};
    std::map<std::vector<bool>, std::uint32_t> classes;
    for (std::uint32_t row = 0; row < out_.settings.size(); ++row) {
      std::vector<bool> truths;
      for (const Clause* clause : looks.places) truths.push_back(place_holds(*clause, row));
      const auto [at, is_new] = classes.emplace(std::move(truths), static_cast<std::uint32_t>(classes.size()));
      if (is_new) axis.examples.push_back(row);
      axis.classes.push_back(at->second);
    }
    axis.count = static_cast<std::uint32_t>(classes.size());
    space.axes.push_back(std::move(axis));
  }
  for (const Axis& axis : space.axes)
    space.size = std::min(space.size * std::max(axis.count, 1U), std::uint64_t{1} << 40);
  return space;
}

bool Builder::clause_holds(const Clause& clause, const Space& space, const Combination& combination) const {
  const Known& known = space.known;
  const DimensionKind kind = dimension_kind(clause.subject);
  if (looks_at_place(clause.subject) && known.place) return place_holds(clause, *known.place);
  if (kind == DimensionKind::trait) {
    const std::uint32_t trait = clause.subject == Subject::population ? kPopulationTrait : clause.trait;
    if (const auto value = known_trait(known, trait)) return in_values(clause, *value);
  }
  bool any = false;
  for (std::size_t a = 0; a < space.axes.size(); ++a) {
    const Axis& axis = space.axes[a];
    if (axis.kind != kind) continue;
    const std::uint32_t value = combination[a];
    switch (clause.subject) {
      case Subject::trait:
        if (axis.subject == clause.trait) return in_values(clause, value);
        break;
      case Subject::population:
        if (axis.subject == kPopulationTrait) return in_values(clause, value);
        break;
      case Subject::enrolled:
      case Subject::waiting_for:
      case Subject::holds:
        any = any || (value == 1 &&
                      std::find(clause.values.begin(), clause.values.end(), axis.subject) != clause.values.end());
        break;
      case Subject::stay_over:
      case Subject::in_handoff:
        return yes_in(clause, value == 1);
      case Subject::mismatch:
        return in_values(clause, value);
      case Subject::since_entry:
      case Subject::since_place:
      case Subject::since_request:
      case Subject::since_enrolment:
        if (axis.subject == clause.setting) return steps_hold(clause, axis.cuts, value);
        break;
      default:
        return place_holds(clause, axis.examples[value]);
    }
  }
  // What is left is enrolments and requests, or a newcomer's blank state.
  switch (clause.subject) {
    case Subject::since_entry:
    case Subject::since_place:
    case Subject::since_request:
    case Subject::since_enrolment:
      return (clause.least <= 0.0 && clause.below > 0.0) != clause.negated;
    case Subject::stay_over:
    case Subject::in_handoff:
      return yes_in(clause, false);
    default:
      return any != clause.negated;
  }
}

bool Builder::holds(const Condition& condition, const Space& space, const Combination& combination) const {
  return std::all_of(condition.clauses.begin(), condition.clauses.end(),
                     [&](const Clause& clause) { return clause_holds(clause, space, combination); });
}

namespace {

std::string axis_name(const Model& model, const Axis& axis) {
  switch (axis.kind) {
    case DimensionKind::trait:
      return axis.subject == kPopulationTrait ? "population" : model.traits[axis.subject].id;
    case DimensionKind::place_class:
      return "place";
    case DimensionKind::enrolled:
      return "enrolled " + model.settings[axis.subject].words.id;
    case DimensionKind::waiting_for:
      return "waiting_for " + model.settings[axis.subject].words.id;
    case DimensionKind::stay_over:
      return "stay_over";
    case DimensionKind::in_handoff:
      return "in_handoff";
    case DimensionKind::since_entry:
      return "since_entry";
    case DimensionKind::since_request:
      return "since_request." + model.settings[axis.subject].words.id;
    case DimensionKind::since_enrolment:
      return "since_enrolment." + model.settings[axis.subject].words.id;
    case DimensionKind::holds:
      return "holds " + model.assessments[axis.subject].id;
    case DimensionKind::mismatch:
      return "mismatch";
    default:
      return "since_place";
  }
}

std::string axis_value(const Model& model, const Axis& axis, std::uint32_t value) {
  switch (axis.kind) {
    case DimensionKind::trait:
      if (axis.subject == kPopulationTrait)
        return value < model.populations.size() ? model.populations[value].id : "none";
      return model.traits[axis.subject].values[value];
    case DimensionKind::place_class: {
      const std::uint32_t row = axis.examples[value];
      return row < model.settings.size() ? model.settings[row].words.id : "a line";
    }
    case DimensionKind::mismatch:
      return value == 0 ? "fits" : value == 1 ? "above" : "below";
    case DimensionKind::since_entry:
    case DimensionKind::since_place:
    case DimensionKind::since_request:
    case DimensionKind::since_enrolment:
      if (axis.cuts.empty()) return "any time";
      return value == 0 ? "under " + shown(axis.cuts[0]) + " d" : shown(axis.cuts[value - 1]) + " d or more";
    default:
      return value == 1 ? "yes" : "no";
  }
}

}  // namespace

std::string Builder::describe(const Space& space, const Combination& combination) const {
  std::string text;
  for (std::size_t a = 0; a < space.axes.size(); ++a)
    text += (text.empty() ? "" : " & ") + axis_name(model_, space.axes[a]) + " = " +
            axis_value(model_, space.axes[a], combination[a]);
  return text.empty() ? "every client" : text;
}

std::string Builder::describe(const Space& space) const {
  std::string text;
  for (const Axis& axis : space.axes)
    text += (text.empty() ? "" : ", ") + axis_name(model_, axis) + " (" + std::to_string(axis.count) + ")";
  return text;
}

TableId Builder::table(const Space& space, const Epochs& epochs, const Owner& owner, const CellMaker& make) {
  if (space.size > 16 * limits_.cells_per_number || space.size * epochs.size() > kMostWork) {
    problem(owner, code("table-large"), "depends on too many combinations: " + describe(space),
            "at most " + std::to_string(limits_.cells_per_number) + " are allowed for one number",
            "Take a subject out of its conditions");
    return TableId::none();
  }
  std::vector<std::vector<std::uint32_t>> cells;
  const auto fill = [&] {
    for (const double days : epochs) {
      std::vector<std::uint32_t>& row = cells.emplace_back(space.size);
      Combination combination(space.axes.size(), 0);
      for (std::size_t cell = 0; cell < space.size; ++cell, next_combination(space, combination))
        row[cell] = make(combination, days);
    }
  };
  policies_seen_.clear();
  fill();
  const std::vector<std::uint32_t> policies(policies_seen_.begin(), policies_seen_.end());
  for (const std::uint32_t policy : policies) {  // behind the others: the same epochs as each policy has them
    policy_ = policy;
    fill();
  }
  policy_.reset();
  std::vector<Axis> axes = space.axes;
  for (std::size_t a = axes.size(); a-- > 0;) {
    std::size_t stride = 1;
    for (std::size_t later = a + 1; later < axes.size(); ++later) stride *= axes[later].count;
    if (auto fewer = without_axis(cells, axes[a].count, stride)) {
      cells = std::move(*fewer);
      axes.erase(axes.begin() + static_cast<std::ptrdiff_t>(a));
    }
  }
  if (cells[0].size() > limits_.cells_per_number) {
    problem(owner, code("table-large"),
            "depends on " + std::to_string(cells[0].size()) + " combinations: " + describe(space),
            "at most " + std::to_string(limits_.cells_per_number) + " are allowed for one number",
            "Take a subject out of its conditions");
    return TableId::none();
  }
  return store_table(std::move(axes), cells, epochs, policies, owner);
}

StateDimension Builder::dimension(const Axis& axis) {
  StateDimension made{axis.kind, 0, 0, axis.count, axis.subject};
  if (axis.kind == DimensionKind::trait) {
    made.first = 0;
    made.shift = trait_bits(axis.subject).shift;
    made.bits = trait_bits(axis.subject).bits;
  } else if (axis.kind == DimensionKind::place_class) {
    const auto [at, is_new] =
        place_class_rows_.emplace(axis.classes, static_cast<std::uint32_t>(out_.place_classes.size()));
    if (is_new) out_.place_classes.insert(out_.place_classes.end(), axis.classes.begin(), axis.classes.end());
    made.first = at->second;
  } else if (!axis.cuts.empty()) {
    const auto [at, is_new] = step_rows_.emplace(axis.cuts, static_cast<std::uint32_t>(out_.steps.size()));
    if (is_new) out_.steps.insert(out_.steps.end(), axis.cuts.begin(), axis.cuts.end());
    made.first = at->second;
    made.subject = axis.subject;
  } else if (axis.kind == DimensionKind::holds) {
    made.first = token_mask(model_, axis.subject);
  }
  return made;
}

TableId Builder::store_table(std::vector<Axis> axes, const std::vector<std::vector<std::uint32_t>>& cells,
                             const Epochs& epochs, const std::vector<std::uint32_t>& policies, const Owner& owner) {
  std::vector<StateDimension> dimensions;
  std::vector<std::uint64_t> key{axes.size()};
  for (const Axis& axis : axes) {
    const StateDimension& made = dimensions.emplace_back(dimension(axis));
    key.insert(key.end(),
               {static_cast<std::uint64_t>(made.kind), made.shift, made.bits, made.count, made.first, made.subject});
  }
  for (const std::uint32_t cell : cells[0]) key.push_back(cell);
  for (std::size_t epoch = 1; epoch < epochs.size(); ++epoch) {
    if (cells[epoch] == cells[epoch - 1]) continue;
    key.push_back(std::bit_cast<std::uint64_t>(epochs[epoch]));
    for (const std::uint32_t cell : cells[epoch]) key.push_back(cell);
  }
  for (std::size_t i = 0; i < policies.size(); ++i) {
    key.push_back(policies[i]);
    for (std::size_t epoch = 0; epoch < epochs.size(); ++epoch) {
      key.push_back(std::bit_cast<std::uint64_t>(epochs[epoch]));
      for (const std::uint32_t cell : cells[epochs.size() * (i + 1) + epoch]) key.push_back(cell);
    }
  }
  const auto [at, is_new] =
      table_rows_.emplace(std::move(key), TableId{static_cast<std::uint32_t>(out_.tables.size())});
  if (!is_new) return at->second;
  if (out_.cells.size() + cells[0].size() > limits_.cells_in_all) {
    problem(owner, code("tables-large"),
            "takes the combinations of all numbers over " + std::to_string(limits_.cells_in_all),
            "that is the limit for a model", "Take subjects out of conditions here and elsewhere");
    return at->second;
  }
  const auto first_cell = static_cast<std::uint32_t>(out_.cells.size());
  out_.tables.push_back({static_cast<std::uint32_t>(out_.dimensions.size()),
                         static_cast<std::uint32_t>(dimensions.size()), first_cell,
                         static_cast<std::uint32_t>(cells[0].size())});
  out_.dimensions.insert(out_.dimensions.end(), dimensions.begin(), dimensions.end());
  out_.cells.insert(out_.cells.end(), cells[0].begin(), cells[0].end());
  if (!policies.empty()) switch_cells(first_cell, policies, cells, epochs, owner);
  for (std::size_t epoch = 1; epoch < epochs.size(); ++epoch)
    for (std::uint32_t cell = 0; cell < cells[epoch].size(); ++cell)
      if (cells[epoch][cell] != cells[epoch - 1][cell] && !switched_cells_.contains(first_cell + cell))
        add_patch(instant(epochs[epoch]), PatchKind::cell, first_cell + cell, cells[epoch][cell]);
  return at->second;
}

std::uint32_t Builder::number(double value) {
  const auto [at, is_new] =
      number_rows_.emplace(std::bit_cast<std::uint64_t>(value), static_cast<std::uint32_t>(out_.numbers.size()));
  if (is_new) out_.numbers.push_back(value);
  return at->second;
}

}  // namespace tl::compiling
