#include <algorithm>
#include <bit>
#include <cmath>

#include "models/claims.hpp"
#include "models/compile_builder.hpp"
#include "models/tokens.hpp"

// What few settings have (SettingMore): units, pools, claims, cuts, papers, enrolments elsewhere.
namespace tl::compiling {
namespace {

constexpr double kSame = 1e-9;  ///< relative: factors this close are one
constexpr double kMostUnits = 1e9;

bool is_always_one(const VaryingNumber& number) {
  return number.base == 1.0 && number.vary.empty() && number.dated.empty() && number.switched.empty();
}

}  // namespace

/// The pools come between the file's settings and the lines, so that a pool's row is known from its own.
void Builder::add_pools() {
  const auto community = std::find(model_.domains.begin(), model_.domains.end(), "community");
  for (const PoolSpec& spec : model_.pools) {
    const auto row = static_cast<std::uint32_t>(out_.settings.size());
    Setting pool;
    pool.kind = SettingKind::pool;
    pool.draw_id = id_of("pools." + spec.id);
    pool.department = spec.department;
    if (community != model_.domains.end()) pool.domain = static_cast<std::uint32_t>(community - model_.domains.begin());
    out_.settings.push_back(pool);
    if (spec.capacity) out_.settings[row].capacity = capacity_of(*spec.capacity, spec.capacity_hours, row);
    SettingWords words;
    words.id = spec.id;
    words.name = spec.name.empty() ? spec.id : spec.name;
    words.kind = "pool";
    words.department = spec.department < model_.departments.size() ? model_.departments[spec.department] : "";
    words.domain = "community";
    words.capacity = spec.capacity ? dated_at(*spec.capacity, 0.0) : std::numeric_limits<double>::infinity();
    words_.settings.push_back(words);
  }
}

void Builder::units(std::uint32_t row) {
  const SettingSpec& spec = model_.settings[row];
  if (spec.pool) more(row).pool = SettingId{static_cast<std::uint32_t>(model_.settings.size()) + *spec.pool};
  if (!spec.takes || !is_limited(spec) || is_always_one(*spec.takes)) return;
  more(row).takes = number_table(*spec.takes, {}, 1.0, kMostUnits);
  more(row).first_fit = spec.queue.first_fit;
  double units = kMostUnits;
  if (spec.capacity)
    units = dated_at(*spec.capacity, 0.0);
  else if (spec.pool && model_.pools[*spec.pool].capacity)
    units = dated_at(*model_.pools[*spec.pool].capacity, 0.0);
  const bool may_grow =
      (spec.capacity && !(spec.capacity->dated.empty() && spec.capacity->switched.empty())) ||
      (spec.pool && model_.pools[*spec.pool].capacity && !model_.pools[*spec.pool].capacity->dated.empty());
  if (spec.takes->base > units && !may_grow)
    problems_.warning(spec.takes->at, code("units-few"), spec.takes->path,
                      "is " + shown(spec.takes->base) + ", and there are " + shown(units) + " units",
                      "who needs more than there are waits for ever", "Is it the number one client needs?");
}

void Builder::claim(std::uint32_t row, const Known& here) {
  const SettingSpec& spec = model_.settings[row];
  if (!has_return_ || !keeps_claim(spec)) return;
  more(row).keeps_claim = true;
  more(row).on_return = spec.on_return;
  if (spec.hold && is_limited(spec)) more(row).hold = distribution_table(*spec.hold, here);
}

void Builder::cut(std::uint32_t row, const Known& here) {
  const SettingSpec& spec = model_.settings[row];
  if (!spec.cut_to || !(spec.capacity || spec.staffed)) return;
  const RouteId made = route(*spec.cut_to, "settings." + spec.words.id + ".cut_to", here, false);
  more(row).cut_to = made;
  more(row).occupants_known = true;
}

/// A dated change of the stay reaches those who are in by one factor: the new mean over the old one.
void Builder::rescale_running(std::uint32_t row) {
  const SettingSpec& spec = model_.settings[row];
  if (!spec.to_running || !out_.settings[row].stay.exists()) return;
  const StateTable table = out_.tables[out_.settings[row].stay.index()];
  const auto mean_in = [&](std::uint32_t distribution) {
    return mean(out_.distributions[distribution], out_.distributions, out_.distribution_tables);
  };
  for (std::uint32_t cell = table.first_cell; cell < table.first_cell + table.cell_count; ++cell)
    if (switched_cells_.contains(cell)) {
      problem({"settings." + spec.words.id + ".to_running", spec.at}, code("policy-unswitched"),
              "cannot rescale the stays that run", "a policy changes the stay, and may do so at any time",
              "Let it change only the stays that begin later: leave to_running out");
      return;
    }
  std::vector<std::uint32_t> cells(out_.cells.begin() + table.first_cell,
                                   out_.cells.begin() + table.first_cell + table.cell_count);
  std::map<SimTime, std::vector<std::pair<std::uint32_t, std::uint32_t>>> changes;
  for (const Patch& patch : out_.patches)
    if (patch.kind == PatchKind::cell && patch.index >= table.first_cell &&
        patch.index < table.first_cell + table.cell_count)
      changes[patch.at].emplace_back(patch.index - table.first_cell, static_cast<std::uint32_t>(patch.value));
  for (const auto& [at, changed] : changes) {
    const std::vector<std::uint32_t> before = cells;
    for (const auto& [cell, content] : changed) cells[cell] = content;
    double factor = 0.0;
    for (std::size_t cell = 0; cell < cells.size(); ++cell) {
      const double was = mean_in(before[cell]);
      const double now = was > 0.0 ? mean_in(cells[cell]) / was : 1.0;
      if (cell > 0 && std::abs(now - factor) > kSame * std::max(now, factor)) {
        problem({"settings." + spec.words.id + ".to_running", spec.at}, code("varies-here"),
                "cannot rescale the stays that run",
                "a dated change of this stay is " + shown(factor) + " times for some clients and " + shown(now) +
                    " times for others",
                "Write the stay's exceptions as scale, or leave running stays alone");
        return;
      }
      if (cell == 0) factor = now;
    }
    if (std::abs(factor - 1.0) <= kSame) continue;
    add_patch(at, PatchKind::stay_scale, row, std::bit_cast<std::int64_t>(factor));
    more(row).occupants_known = true;
  }
}

void Builder::while_in(std::uint32_t row) {
  const SettingSpec& spec = model_.settings[row];
  if (spec.while_in.empty()) return;
  const Owner owner{"settings." + spec.words.id + ".while_in", spec.at};
  const auto first = static_cast<std::uint32_t>(out_.while_in_rules.size());
  out_.while_in_rules.push_back({});  // where no rule holds the enrolment goes on
  std::vector<const Condition*> conditions;
  for (const WhileInSpec& rule : spec.while_in) {
    out_.while_in_rules.push_back({rule.kind, SimTime::from_days(rule.after_days)});
    conditions.push_back(&rule.when);
  }
  const Space space = space_of(conditions, {}, owner);
  const TableId made = table(space, {start_day()}, owner, [&](const Combination& combination, double) {
    for (std::uint32_t i = 0; i < spec.while_in.size(); ++i)
      if (holds(spec.while_in[i].when, space, combination)) return first + 1 + i;
    return first;
  });
  more(row).while_in = made;
}

void Builder::requirements(std::uint32_t row) {
  const SettingSpec& spec = model_.settings[row];
  if (spec.requires_tokens.empty()) return;
  more(row).first_requirement = static_cast<std::uint32_t>(out_.requirements.size());
  more(row).requirement_count = static_cast<std::uint32_t>(spec.requires_tokens.size());
  more(row).one_after_another = spec.one_after_another;
  for (const std::uint32_t assessment : spec.requires_tokens) {
    Requirement made;
    made.serves = accepted_tokens(model_, spec, assessment);
    if (const auto program = asked_program(model_, spec, assessment)) made.ask = SettingId{*program};
    out_.requirements.push_back(made);
  }
}

/// The tokens that programs give, and what they are called.
void Builder::tokens() {
  const std::vector<TokenKind> kinds = token_kinds(model_);
  out_.token_count = static_cast<std::uint32_t>(kinds.size());
  for (const TokenKind& kind : kinds)
    words_.tokens.push_back(model_.assessments[kind.assessment].id + '.' + model_.departments[kind.department]);
  for (std::uint32_t row = 0; row < model_.settings.size(); ++row) {
    const auto first = static_cast<std::uint32_t>(out_.grants.size());
    for (std::uint32_t bit = 0; bit < kinds.size(); ++bit) {
      const AssessmentSpec& assessment = model_.assessments[kinds[bit].assessment];
      const bool gives =
          model_.settings[row].department == kinds[bit].department &&
          std::find(assessment.given_by.begin(), assessment.given_by.end(), row) != assessment.given_by.end();
      if (gives)
        out_.grants.push_back(
            {static_cast<std::uint8_t>(bit), assessment.on_completion, SimTime::from_days(assessment.valid_days)});
    }
    const auto count = static_cast<std::uint32_t>(out_.grants.size()) - first;
    if (count == 0) continue;
    more(row).first_grant = first;
    more(row).grant_count = count;
  }
}

void Builder::more_of(std::uint32_t row, const Known& here) {
  units(row);
  claim(row, here);
  cut(row, here);
  rescale_running(row);
  time_to_start(row);
  while_in(row);
  requirements(row);
}

}  // namespace tl::compiling
