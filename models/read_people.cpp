#include <algorithm>
#include <cmath>
#include <map>

#include "models/read_context.hpp"

namespace tl::reading {
namespace {

using Traits = std::vector<std::uint32_t>;

std::optional<Traits> read_mix_traits(Context& context, const RowView& row) {
  const Cell* cell = row.find("trait");
  if (cell == nullptr) {
    missing_field(context, row, "trait", "a row of a mix is about a trait");
    return std::nullopt;
  }
  Traits traits;
  if (!read_text(context, *cell, row.path("trait"))) return std::nullopt;
  for (const Cell& piece : pieces_of(*cell, '+')) {
    const auto trait = find_name(context, piece, row.path("trait"), context.traits);
    if (!trait) return std::nullopt;
    traits.push_back(*trait);
  }
  if (traits.empty()) return std::nullopt;
  return traits;
}

std::optional<Traits> read_mix_values(Context& context, const RowView& row, const Traits& traits) {
  const Cell* cell = row.find("value");
  if (cell == nullptr) {
    missing_field(context, row, "value", "a row of a mix gives the share of one value");
    return std::nullopt;
  }
  if (!read_text(context, *cell, row.path("value"))) return std::nullopt;
  const std::vector<Cell> pieces = pieces_of(*cell, '+');
  if (pieces.size() != traits.size()) {
    context.error(cell->at, code("list-length"), row.path("value"),
                  std::to_string(pieces.size()) + " values for " + std::to_string(traits.size()) + " traits",
                  "every trait that is drawn together has one value, joined by +");
    return std::nullopt;
  }
  Traits values;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const auto value = find_name(context, pieces[i], row.path("value"), context.trait_values[traits[i]]);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  return values;
}

Condition read_mix_condition(Context& context, const RowView& row) {
  Condition condition = read_when(context, row);
  for (const Clause& clause : condition.clauses)
    if (clause.subject != Subject::trait) {
      context.error(row.find("when")->at, code("condition-subject"), row.path("when"), "is about more than traits",
                    "a mix is drawn before a client is anywhere; it may depend on other traits only");
      return {};
    }
  return condition;
}

/// The rows of one population that draw the same traits together.
struct Group {
  Traits traits;
  std::vector<MixRow> rows;
  Place at;
};

std::string names_of(const Context& context, const Traits& traits) {
  std::string text;
  for (const std::uint32_t trait : traits) text += (text.empty() ? "" : "+") + context.traits.all()[trait];
  return text;
}

void add_row(Context& context, std::vector<Group>& groups, MixRow row, const RowView& view) {
  for (Group& group : groups) {
    if (group.traits == row.traits) {
      group.rows.push_back(std::move(row));
      return;
    }
    for (const std::uint32_t trait : row.traits)
      if (std::find(group.traits.begin(), group.traits.end(), trait) != group.traits.end()) {
        context.error(view.find("trait")->at, code("mix-overlap"), view.path("trait"),
                      "\"" + context.traits.all()[trait] + "\" is drawn with " + names_of(context, group.traits) +
                          " and with " + names_of(context, row.traits),
                      "a population draws each trait once, alone or together with the same others");
        return;
      }
  }
  const Place at = view.row.at;
  groups.push_back({row.traits, {std::move(row)}, at});
}

/// All combinations of the values of a group's traits that no row names, up to two.
std::vector<Traits> left_out(const Context& context, const Group& group) {
  std::vector<Traits> missing;
  Traits values(group.traits.size(), 0);
  while (missing.size() < 2) {
    const bool is_there =
        std::any_of(group.rows.begin(), group.rows.end(), [&](const MixRow& row) { return row.values == values; });
    if (!is_there) missing.push_back(values);
    std::size_t place = values.size();
    while (place > 0) {
      if (++values[place - 1] < context.trait_values[group.traits[place - 1]].all().size()) break;
      values[--place] = 0;
    }
    if (place == 0) break;
  }
  return missing;
}

/// Adds the row of the value left out, sorts by value, and checks the sum where no condition is involved.
void finish_group(Context& context, Group& group, const std::string& population) {
  const bool has_remainder =
      std::any_of(group.rows.begin(), group.rows.end(), [](const MixRow& row) { return !row.share; });
  const bool has_when =
      std::any_of(group.rows.begin(), group.rows.end(), [](const MixRow& row) { return !row.when.clauses.empty(); });
  double sum = 0.0;
  for (const MixRow& row : group.rows) sum += row.share.value_or(0.0);
  const std::vector<Traits> missing = left_out(context, group);
  const auto refuse = [&](std::string what, std::string why, std::string hint) {
    context.error(group.at, code("mix-shares"), "mix of " + population + ", " + names_of(context, group.traits),
                  std::move(what), std::move(why), std::move(hint));
  };
  if (!has_when && sum > 1.0 + 1e-9) refuse("the shares sum to " + shown(sum), "shares sum to at most 1", "");
  const auto remainders =
      std::count_if(group.rows.begin(), group.rows.end(), [](const MixRow& row) { return !row.share; });
  if (!has_when && remainders > 1)
    refuse(std::to_string(remainders) + " rows have no share", "one value takes the remainder",
           "Give all but one a share.");
  if (!has_remainder && missing.size() == 1)
    group.rows.push_back({group.traits, missing.front(), std::nullopt, {}, group.at});
  else if (!has_remainder && !has_when && sum < 1.0 - 1e-9)
    refuse("the shares sum to " + shown(sum),
           missing.empty() ? "all values have a share, and nobody takes the remainder"
                           : "several values are left out, and none is said to take the remainder",
           "Leave the share of one value empty.");
  std::stable_sort(group.rows.begin(), group.rows.end(),
                   [](const MixRow& a, const MixRow& b) { return a.values < b.values; });
}

/// Puts groups behind those their conditions read. In a circle, says so and keeps the rest in file order.
class DrawOrder {
 public:
  DrawOrder(Context& context, std::vector<Group>& groups) : context_{context}, groups_{groups} {
    marks_.resize(groups.size(), Mark::fresh);
  }
  std::vector<std::size_t> order() {
    for (std::size_t i = 0; i < groups_.size(); ++i) visit(i);
    return order_;
  }

 private:
  enum class Mark : std::uint8_t { fresh, open, done };

  void visit(std::size_t group) {
    if (marks_[group] == Mark::done) return;
    path_.push_back(group);
    if (marks_[group] == Mark::open) {
      refuse(group);
      path_.pop_back();
      return;
    }
    marks_[group] = Mark::open;
    for (const MixRow& row : groups_[group].rows)
      for (const Clause& clause : row.when.clauses)
        for (std::size_t other = 0; other < groups_.size(); ++other)
          if (std::find(groups_[other].traits.begin(), groups_[other].traits.end(), clause.trait) !=
              groups_[other].traits.end())
            visit(other);
    marks_[group] = Mark::done;
    order_.push_back(group);
    path_.pop_back();
  }

  void refuse(std::size_t group) {
    if (is_refused_) return;
    is_refused_ = true;
    std::string circle;
    const auto first = std::find(path_.begin(), path_.end(), group);
    for (auto at = first; at != path_.end(); ++at)
      circle += (circle.empty() ? "" : " -> ") + names_of(context_, groups_[*at].traits);
    context_.error(groups_[group].at, code("mix-cycle"), "mix", "traits depend on each other: " + circle,
                   "one must be drawn before the other", "Draw them together: trait = \"a+b\".");
  }

  Context& context_;
  std::vector<Group>& groups_;
  std::vector<Mark> marks_;
  std::vector<std::size_t> path_, order_;
  bool is_refused_ = false;
};

}  // namespace

void read_mix(Context& context) {
  Model& model = context.model;
  const Table* populations = context.table("populations");
  model.populations.resize(context.populations.all().size());
  if (populations != nullptr)
    for (const Row& row : populations->rows) {
      PopulationSpec& population = model.populations[*context.populations.find(row.id)];
      population.id = row.id;
      population.at = row.at;
    }
  const Table* table = context.table("mix");
  if (table == nullptr) return;
  std::vector<std::vector<Group>> groups(model.populations.size());
  std::vector<bool> is_broken(groups.size(), false);
  for (const Row& row : table->rows) {
    const RowView view{row, "mix." + row.id};
    std::optional<std::uint32_t> population;
    if (const Cell* cell = view.find("population"))
      population = find_name(context, *cell, view.path("population"), context.populations);
    else
      missing_field(context, view, "population", "a mix is a population's");
    const auto traits = read_mix_traits(context, view);
    const auto values = traits ? read_mix_values(context, view, *traits) : std::nullopt;
    MixRow made;
    const Cell* share = view.find("share");
    if (share != nullptr)
      made.share = read_fixed(context, *share, view.path("share"), {.dimension = kPlain, .range = Range::share()});
    made.when = read_mix_condition(context, view);
    made.at = row.at;
    const bool good = traits && values && (share == nullptr || made.share);
    if (!good && population) is_broken[*population] = true;
    if (!good || !population) continue;
    made.traits = *traits;
    made.values = *values;
    add_row(context, groups[*population], std::move(made), view);
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (is_broken[i]) continue;  // sums would be judged without the rows that could not be read
    for (Group& group : groups[i]) finish_group(context, group, model.populations[i].id);
    for (const std::size_t group : DrawOrder{context, groups[i]}.order())
      for (MixRow& row : groups[i][group].rows) model.populations[i].mix.push_back(std::move(row));
  }
}

}  // namespace tl::reading
