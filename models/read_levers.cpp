#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "models/levers.hpp"
#include "models/read_context.hpp"
#include "models/suggest.hpp"

namespace tl {
namespace {

using namespace reading;

constexpr std::string_view kPrefix = "levers.";
constexpr auto kKinds = std::to_array<std::string_view>({"set", "scale", "add"});
const std::vector<std::string> kGrades{"A", "B", "C", "D"};

class LeverReader {
 public:
  LeverReader(const Document& document, const Limits& limits, Problems& problems)
      : rows_{document}, context_{rows_, limits, none_, problems} {}

  std::vector<LeverSpec> read() {
    if (const Table* table = context_.table("levers"))
      for (const Row& row : table->rows) read_lever(row);
    if (const Table* table = context_.table("lever_changes"))
      for (const Row& row : table->rows) read_change_row(row);
    for (const LeverSpec& lever : levers_)
      if (lever.changes.empty() && !broken_.contains(lever.id))
        context_.error(lever.at, code("lever-empty"), "levers." + lever.id, "changes nothing",
                       "a lever is a bundle of changes",
                       "Write set, scale or add = { \"settings.ID.capacity\" = ... }, or rows of lever_changes.");
    return std::move(levers_);
  }

 private:
  void read_lever(const Row& row) {
    if (by_id_.contains(row.id)) return;  // two of one id: noted where rows are read
    const RowView view{row, "levers." + row.id};
    if (!check_id(context_, row.id, id_place(row), view.address)) broken_.insert(row.id);
    LeverSpec lever;
    lever.id = row.id;
    lever.at = row.at;
    lever.name = read_words(context_, view, "name");
    lever.about = read_words(context_, view, "about");
    const Provenance provenance = read_provenance(context_, view);
    lever.source = provenance.source;
    lever.kind = provenance.kind;
    lever.note = provenance.note;
    lever.low = read_words(context_, view, "low");
    lever.high = read_words(context_, view, "high");
    if (const Cell* grade = view.find("grade"))
      if (const auto word = read_word(context_, *grade, view.path("grade"), kGrades)) lever.grade = kGrades[*word];
    if (const Cell* starts = view.find("starts")) lever.starts = *starts;
    if (const Cell* ramp = view.find("ramp")) lever.ramp = *ramp;
    if (lever.ramp && !lever.starts)
      context_.error(lever.ramp->at, code("lever-ramp"), view.path("ramp"), "has no beginning",
                     "a ramp goes from `starts` on", "Write starts = \"2021-07-01\", or a time since the start.");
    const std::vector<Cell> from =
        view.find("from") == nullptr ? std::vector<Cell>{} : pieces_of(*view.find("from"), '|');
    for (std::size_t kind = 0; kind < kKinds.size(); ++kind)
      if (const Cell* cell = view.find(kKinds[kind]))
        read_bundle(lever, view, *cell, static_cast<std::size_t>(kind), from);
    by_id_.emplace(lever.id, levers_.size());
    levers_.push_back(std::move(lever));
  }

  void read_bundle(LeverSpec& lever, const RowView& view, const Cell& cell, std::size_t kind,
                   const std::vector<Cell>& from) {
    const std::string field = view.path(kKinds[kind]);
    if (!cell.is_table()) {
      broken_.insert(lever.id);
      context_.error(cell.at, code("field-kind"), field, "is no table of changes", "a change is an address and a value",
                     "Write " + std::string{kKinds[kind]} + " = { \"settings.ID.capacity\" = 20 }.");
      return;
    }
    for (const auto& [address, value] : cell.fields)
      add(lever, {static_cast<Change::Kind>(kind), address, value, value.key_at},
          is_share(address) ? from : std::vector<Cell>{}, field);
  }

  void read_change_row(const Row& row) {
    const RowView view{row, "lever_changes." + row.id};
    const Cell* id = view.find("lever");
    const Cell* kind = view.find("change");
    const Cell* address = view.find("address");
    const Cell* value = view.find("value");
    for (const auto& [cell, name] : {std::pair{id, "lever"}, {kind, "change"}, {address, "address"}, {value, "value"}})
      if (cell == nullptr) missing_field(context_, view, name, "a change names its lever, how, what, and the value");
    if (id != nullptr && !by_id_.contains(id->text)) {
      std::vector<std::string> ids;
      for (const LeverSpec& lever : levers_) ids.push_back(lever.id);
      context_.error(id->at, code("lever-unknown"), view.path("lever"), "unknown lever \"" + id->text + '"',
                     "no row of levers has that id", did_you_mean(id->text, ids));
      return;
    }
    if (id == nullptr) return;
    LeverSpec& lever = levers_[by_id_.find(id->text)->second];
    broken_.insert(lever.id);  // until all of it is read
    if (kind == nullptr || address == nullptr || value == nullptr) return;
    const auto word = read_word(context_, *kind, view.path("change"), {kKinds.begin(), kKinds.end()});
    if (!word) return;
    Cell said = *value;
    if (*word == 1) said.unit.clear();  // a factor beside rows with units
    const std::vector<Cell> from =
        view.find("from") == nullptr ? std::vector<Cell>{} : pieces_of(*view.find("from"), '|');
    add(lever, {static_cast<Change::Kind>(*word), address->text, said, address->at}, from, view.path("address"));
  }

  static bool is_share(std::string_view address) {
    return address.rfind("routes.", 0) == 0 && address.ends_with(".share");
  }

  void add(LeverSpec& lever, Change change, std::vector<Cell> from, const std::string& field) {
    const std::size_t dot = change.path.find('.');
    if (dot == std::string::npos || dot == 0 || dot + 1 == change.path.size() || is_about_lever(change.path)) {
      broken_.insert(lever.id);
      context_.error(change.at, code("lever-address"), field,
                     is_about_lever(change.path) ? "changes a lever" : "\"" + change.path + "\" is no address",
                     is_about_lever(change.path) ? "a lever changes numbers of the model; a scenario combines levers"
                                                 : "a change names table.row.field or parameters.id",
                     is_about_lever(change.path) ? "" : "Write for instance \"settings.ID.capacity\" = 20.");
      return;
    }
    lever.changes.push_back({std::move(change), std::move(from)});
  }

  ParameterTable none_;
  ChangedRows rows_;
  Context context_;
  std::vector<LeverSpec> levers_;
  std::map<std::string, std::size_t, std::less<>> by_id_;
  std::set<std::string, std::less<>> broken_;  // a problem of theirs is noted already
};

/// The lever's id and, behind it, "starts", "ramp" or nothing.
std::pair<std::string, std::string> parts_of(std::string_view path) {
  path.remove_prefix(kPrefix.size());
  const std::size_t dot = std::min(path.find('.'), path.size());
  std::string field{path.substr(std::min(dot + 1, path.size()))};
  return {std::string{path.substr(0, dot)}, field == "strength" ? "" : field};
}

std::optional<double> strength_of(const Change& change, Problems& problems) {
  if (change.kind != Change::Kind::set) {
    problems.error(change.at, code("lever-strength"), change.path, "is scaled or added to",
                   "a scenario says a lever's strength", "Write levers = { ID = 0.5 }.");
    return std::nullopt;
  }
  const auto number = read_quantity(change.value, change.path, {}, problems);
  if (!number) return std::nullopt;
  if (number->dimension == kPlain && number->value >= 0.0 && number->value <= 1.0) return number->value;
  const bool percent = number->dimension == kPlain && number->value >= 2.0 && number->value <= 100.0;
  problems.error(change.value.at, code("lever-strength"), change.path,
                 "has the strength " + shown(number->value, number->dimension),
                 "a strength goes from 0 (as if there were no lever) to 1 (all of it)",
                 percent ? "Did you mean \"" + shown(number->value) + "%\"?" : "");
  return std::nullopt;
}

}  // namespace

bool is_about_lever(std::string_view path) {
  return path.starts_with(kPrefix);
}

std::vector<LeverSpec> read_levers(const Document& document, const Limits& limits, Problems& problems) {
  return LeverReader{document, limits, problems}.read();
}

std::vector<LeverInUse> levers_in_use(std::span<const LeverSpec> levers, std::span<const Change> changes,
                                      Problems& problems) {
  std::map<std::size_t, LeverInUse> used;
  std::map<std::size_t, std::pair<std::optional<Cell>, std::optional<Cell>>> dates;
  for (const Change& change : changes) {
    if (!is_about_lever(change.path)) continue;
    const auto [id, field] = parts_of(change.path);
    const auto found = std::find_if(levers.begin(), levers.end(), [&](const LeverSpec& one) { return one.id == id; });
    if (found == levers.end()) {
      std::vector<std::string> ids;
      for (const LeverSpec& lever : levers) ids.push_back(lever.id);
      std::string hint = did_you_mean(id, ids);
      if (hint.empty())
        hint = ids.empty() ? "There are none: [levers.ID] makes one." : "There are: " + listed(ids) + '.';
      problems.error(change.at, code("lever-unknown"), change.path, "unknown lever \"" + id + '"',
                     "neither the model nor the study has a lever of that id", std::move(hint));
      continue;
    }
    const auto row = static_cast<std::size_t>(found - levers.begin());
    if (field == "starts" || field == "ramp") {
      auto& [starts, ramp] = dates[row];
      (field == "starts" ? starts : ramp) = change.value;
    } else if (!field.empty()) {
      problems.error(change.at, code("lever-address"), change.path, "cannot be changed",
                     "of a lever a scenario says the strength, `starts` and `ramp`");
    } else if (const auto strength = strength_of(change, problems)) {
      LeverInUse& lever = used[row];
      lever.was_on = lever.was_on || lever.strength > 0.0;
      lever.lever = row;
      lever.strength = *strength;
      lever.at = change.at;
    }
  }
  std::vector<LeverInUse> all;
  for (auto& [row, lever] : used) {
    lever.starts = levers[row].starts;
    lever.ramp = levers[row].ramp;
    if (const auto said = dates.find(row); said != dates.end()) {
      if (said->second.first) lever.starts = said->second.first;
      if (said->second.second) lever.ramp = said->second.second;
    }
    all.push_back(std::move(lever));
  }
  return all;
}

}  // namespace tl
