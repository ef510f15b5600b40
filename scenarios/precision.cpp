#include "scenarios/precision.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "models/suggest.hpp"
#include "models/units.hpp"
#include "scenarios/scenario_messages.hpp"

namespace tl {
namespace {

consteval Code code(std::string_view text) {
  return Code::in(kScenarioMessages, text);
}

constexpr const char* kField = "study.precision";
constexpr const char* kExample =
    "Write precision = \"2%\", or { within = \"2%\", metrics = [\"ID\"], least = 10, most = 500 }";

void refuse(const Place& at, const std::string& field, std::string what, std::string why, std::string hint,
            Problems& problems) {
  problems.error(at, code("precision-form"), field, std::move(what), std::move(why), std::move(hint));
}

std::string trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(' ');
  if (from == std::string_view::npos) return "";
  return std::string{text.substr(from, text.find_last_not_of(' ') - from + 1)};
}

/// The unit as measures name it, and how many of it the written one is.
std::pair<std::string, double> measure_unit(const std::string& word) {
  if (word == "points" || word == "point" || word == "% points" || word == "percentage points") return {"%", 1.0};
  const auto unit = parse_unit(word);
  if (const Unit* known = std::get_if<Unit>(&unit); known != nullptr && known->dimension == kDuration)
    return {"days", known->scale / known->divisor};
  constexpr std::array kCounted{"client", "unit", "request", "claim", "move", "event", "time"};
  for (const char* one : kCounted)
    if (word == one) return {word + 's', 1.0};
  return {word, 1.0};
}

/// Reads the fields of the table.
class GoalReader {
 public:
  GoalReader(const Cell& cell, const Limits& limits, Problems& problems)
      : cell_{cell}, limits_{limits}, problems_{problems} {}

  PrecisionGoal read() {
    goal_.at = cell_.at;
    goal_.most = static_cast<std::uint32_t>(std::min<std::uint64_t>(goal_.most, limits_.runs));
    const std::vector<std::string> known{"within", "metrics", "of", "confidence", "least", "most"};
    for (const auto& [name, value] : cell_.fields)
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        const std::string hint = did_you_mean(name, known);
        refuse(value.key_at, path(name), "unknown name", "precision has nothing of that name",
               hint.empty() ? "Known here: within, metrics, of, confidence, least, most" : hint, problems_);
      }
    if (const Cell* of = cell_.find("of")) read_of(*of);
    if (const auto percent = number("confidence", 50.0, 99.9)) goal_.confidence = *percent / 100.0;
    const double most_runs = static_cast<double>(std::min<std::uint64_t>(limits_.runs, 1'000'000));
    if (const auto least = number("least", 2.0, most_runs, true)) goal_.least = static_cast<std::uint32_t>(*least);
    if (const auto most = number("most", 2.0, most_runs, true)) goal_.most = static_cast<std::uint32_t>(*most);
    const bool said_most = cell_.find("most") != nullptr;
    if (goal_.least > goal_.most && said_most)
      refuse(cell_.find("most")->at, path("most"), "is below least", "the first round has least, the last most",
             "Raise most, or lower least", problems_);
    goal_.most = std::max(goal_.most, goal_.least);
    read_aims();
    return std::move(goal_);
  }

 private:
  static std::string path(std::string_view name) { return std::string{kField} + '.' + std::string{name}; }

  void read_of(const Cell& cell) {
    if (cell.is_text() && (cell.text == "values" || cell.text == "differences")) {
      goal_.differences = cell.text == "differences";
      return;
    }
    refuse(cell.at, path("of"), "is neither \"values\" nor \"differences\"",
           "values are each scenario's own; differences are from the first scenario",
           cell.is_text() ? did_you_mean(cell.text, {"values", "differences"}) : "Write of = \"differences\"",
           problems_);
  }

  std::optional<double> number(const char* name, double least, double most, bool whole = false) {
    const Cell* cell = cell_.find(name);
    if (cell == nullptr) return std::nullopt;
    if (cell->is_number() && cell->number >= least && cell->number <= most &&
        (!whole || cell->number == std::floor(cell->number)))
      return cell->number;
    refuse(cell->at, path(name), "is no " + std::string{whole ? "whole " : ""} + "number that can be meant",
           "it is from " + shown(least) + " to " + shown(most),
           std::string{"Write for instance "} + name + " = " + (whole ? "20" : "95"), problems_);
    return std::nullopt;
  }

  void read_aims() {
    std::optional<Within> common;
    if (const Cell* within = cell_.find("within")) {
      if (!within->is_text())
        return refuse(within->at, path("within"), "is no text", "a half-width carries its unit",
                      "Write within = \"2%\" or \"5 d\"", problems_);
      common = read_within(within->text, within->at, path("within"), problems_);
      if (!common) return;
    }
    const Cell* metrics = cell_.find("metrics");
    if (metrics == nullptr) {
      if (common) return goal_.aims.push_back({"", *common, cell_.find("within")->at});
      return refuse(cell_.at, kField, "says nothing of how precise", "within is missing", kExample, problems_);
    }
    if (metrics->is_table()) return read_each(*metrics);
    if (!metrics->is_list() || metrics->items.empty())
      return refuse(metrics->at, path("metrics"), "is no list of metrics", "it names those that must be precise",
                    "Write metrics = [\"ID\"] or metrics = { ID = \"5 d\" }", problems_);
    if (!common)
      return refuse(metrics->at, path("metrics"), "has metrics but no half-width", "within is missing", kExample,
                    problems_);
    for (const Cell& item : metrics->items)
      if (item.is_text())
        goal_.aims.push_back({item.text, *common, item.at});
      else
        refuse(item.at, path("metrics"), "is no text", "a metric is named in quotes", "", problems_);
  }

  void read_each(const Cell& metrics) {
    for (const auto& [id, value] : metrics.fields) {
      const std::string field = path("metrics") + '.' + id;
      if (!value.is_text()) {
        refuse(value.at, field, "is no text", "a half-width carries its unit", "Write " + id + " = \"5 d\" or \"2%\"",
               problems_);
        continue;
      }
      if (const auto within = read_within(value.text, value.at, field, problems_))
        goal_.aims.push_back({id, *within, value.at});
    }
  }

  const Cell& cell_;
  const Limits& limits_;
  Problems& problems_;
  PrecisionGoal goal_;
};

}  // namespace

std::optional<Within> read_within(const std::string& text, const Place& at, const std::string& field,
                                  Problems& problems) {
  const std::string whole = trimmed(text);
  const std::size_t end = whole.find_first_not_of("0123456789.");
  const auto number = parse_number(std::string_view{whole}.substr(0, end));
  const std::string unit = end == std::string::npos ? "" : trimmed(std::string_view{whole}.substr(end));
  const double* amount = std::get_if<double>(&number);
  if (amount == nullptr || !(*amount > 0.0) || unit.empty()) {
    refuse(at, field, in_quotes(text) + " is no half-width", "it is a number above 0 with % or a unit",
           "Write for instance \"2%\" (of the mean), \"5 d\", \"3 clients\", or \"1 point\" of a measure in percent",
           problems);
    return std::nullopt;
  }
  if (unit == "%") return Within{*amount / 100.0, true, "", whole};
  const auto [name, scale] = measure_unit(unit);
  return Within{*amount * scale, false, name, whole};
}

std::optional<PrecisionGoal> read_precision(const Cell& cell, const Limits& limits, Problems& problems) {
  const std::size_t errors = problems.error_count();
  PrecisionGoal goal;
  goal.at = cell.at;
  if (cell.is_text()) {
    if (const auto within = read_within(cell.text, cell.at, kField, problems))
      goal.aims.push_back({"", *within, cell.at});
  } else if (cell.is_table()) {
    goal = GoalReader{cell, limits, problems}.read();
  } else {
    refuse(cell.at, kField, "is neither text nor table", "it says how wide an interval may be", kExample, problems);
  }
  if (problems.error_count() > errors) return std::nullopt;
  return goal;
}

std::optional<std::uint32_t> next_round(const PrecisionGoal& goal, std::uint32_t now) {
  if (now == 0) return goal.least;
  if (now >= goal.most) return std::nullopt;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(std::uint64_t{now} * 2, goal.most));
}

std::uint32_t most_rounds(const PrecisionGoal& goal) {
  std::uint32_t rounds = 0;
  for (auto now = next_round(goal, 0); now; now = next_round(goal, *now)) ++rounds;
  return rounds;
}

}  // namespace tl
