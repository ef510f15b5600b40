#include <algorithm>

#include "models/read_context.hpp"

// `by`: the traits by whose values results are kept too.
namespace tl::reading {
namespace {

/// What a list may name: the traits, and the populations as a whole as if they were one.
Names names_of_by(const Context& context) {
  Names names{"trait"};
  for (const std::string& trait : context.traits.all()) names.add(trait);
  if (!context.populations.all().empty()) names.add("population");
  return names;
}

std::uint32_t values_of(const Context& context, std::uint32_t trait) {
  const bool is_population = trait == kByPopulation;
  const std::size_t count = is_population ? context.populations.all().size() + 1  // and those of no population
                                          : context.trait_values[trait].all().size();
  return static_cast<std::uint32_t>(count);
}

void check_count(Context& context, const Cell& cell, const std::string& field) {
  std::uint64_t groups = 0;
  for (const std::uint32_t trait : context.model.kept_by) groups += values_of(context, trait);
  if (groups > context.limits.groups)
    context.error(cell.at, code("by-many"), field, "makes " + std::to_string(groups) + " groups",
                  "results are kept for " + std::to_string(context.limits.groups) + " groups at most: one for each " +
                      "value of each trait named",
                  "Name fewer traits, or traits with fewer values.");
}

}  // namespace

std::vector<std::string> read_by(Context& context, const Cell& cell, const std::string& field) {
  const Names known = names_of_by(context);
  std::vector<std::string> traits;
  for (const Cell& item : pieces_of(cell, '|')) {
    const std::optional<std::uint32_t> row = find_name(context, item, field, known);
    if (!row) continue;
    const std::string& name = known.all()[*row];
    if (std::find(traits.begin(), traits.end(), name) != traits.end()) {
      context.error(item.at, code("by-twice"), field, "names \"" + name + "\" twice",
                    "each trait is taken by itself, once");
      continue;
    }
    traits.push_back(name);
    const std::uint32_t trait = context.traits.find(name).value_or(kByPopulation);
    std::vector<std::uint32_t>& kept = context.model.kept_by;
    if (std::find(kept.begin(), kept.end(), trait) == kept.end()) kept.push_back(trait);
  }
  check_count(context, cell, field);
  return traits;
}

void read_model_by(Context& context) {
  const Cell* model = context.document.head().find("model");
  if (model == nullptr || !model->is_table()) return;
  if (const Cell* cell = model->find("by")) context.model.by = read_by(context, *cell, "model.by");
}

}  // namespace tl::reading
