#include "models/part_reader.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "models/lever_dates.hpp"

namespace tl::reading {
namespace {

/// Rows of `steps`.
std::set<std::size_t> rows_of(const std::set<const Step*>& felt, const std::vector<Step>& steps) {
  std::set<std::size_t> rows;
  for (const Step* step : felt) rows.insert(static_cast<std::size_t>(step - steps.data()));
  return rows;
}

bool same_entry(const NumberLog::Entry& a, const NumberLog::Entry& b) {
  return a.may_ramp == b.may_ramp && a.is_fixed == b.is_fixed && same_numbers(a.number, b.number);
}

}  // namespace

std::optional<Reading> read_whole(const Source& source, const std::vector<Step>& steps, NumberLog* log,
                                  Problems& problems) {
  const std::size_t errors_before = problems.error_count();
  std::set<const Step*> felt;
  std::optional<ChangedParameters> changed;
  const ParameterTable& parameters = change_parameters(source.parameters, steps, changed, felt, problems);
  ChangePlan plan = plan_changes(source.document, steps, parameters, problems);
  Context context{plan.rows, source.limits, parameters, problems};
  context.adjustments = std::move(plan.adjustments);
  context.felt = std::move(plan.felt);
  context.felt.merge(felt);
  context.log = log;
  read_all(context, plan.replaced);
  check_all(context);
  if (problems.error_count() > errors_before) return std::nullopt;
  take_names(context);
  return Reading{.model = std::move(context.model),
                 .ids = std::move(static_cast<KnownIds&>(context)),
                 .policy_changes = std::move(context.policy_changes),
                 .felt = rows_of(context.felt, steps)};
}

void set_strengths(std::vector<Step>& steps, const std::vector<double>& strengths) {
  for (Step& step : steps)
    if (step.dated) step.strength = strengths.empty() ? 0.0 : strengths[step.timing];
}

PartReader::PartReader(const Source& source, std::vector<Step> steps, Reading& whole,
                       const std::vector<NumberLog::Entry>& numbers)
    : source_{source},
      steps_{std::move(steps)},
      whole_{whole},
      numbers_{numbers},
      touched_{touched_rows(source.document, source.parameters, steps_)} {
  find_places();
}

/// Reads the part as the whole was read: its numbers must be those of the whole, each as often.
void PartReader::find_places() {
  std::vector<Step> steps = touched_.steps;
  std::erase_if(steps, [](const Step& step) { return step.policy != nullptr; });
  NumberLog log;
  Problems ignored;
  std::set<std::size_t> felt;
  is_part_ = read_rows(steps, log, felt, ignored);
  if (steps.size() != touched_.steps.size()) parameters_.reset();  // a policy changes others, too
  if (!is_part_) return;
  std::map<std::string_view, std::vector<std::size_t>> places;  // by path
  for (const NumberLog::Entry& entry : log.entries()) places[entry.number.path];
  for (std::size_t i = 0; i < numbers_.size(); ++i)
    if (const auto known = places.find(numbers_[i].number.path); known != places.end()) known->second.push_back(i);
  std::map<std::string_view, std::size_t> next;
  for (const NumberLog::Entry& entry : log.entries()) {
    const std::vector<std::size_t>& all = places[entry.number.path];
    std::size_t& at = next[entry.number.path];
    is_part_ = is_part_ && at < all.size() && same_entry(entry, numbers_[all[at]]);
    if (!is_part_) return;
    places_.push_back(all[at++]);
  }
  for (const auto& [path, count] : next) is_part_ = is_part_ && count == places[path].size();
}

const ParameterTable& PartReader::parameters_under(const std::vector<Step>& steps, std::set<const Step*>& felt,
                                                   Problems& problems) {
  std::vector<double> strengths;
  for (const Step& step : steps)
    if (is_about_parameter(step)) strengths.push_back(step.policy == nullptr ? step.strength : -1.0);
  if (strengths.empty()) return source_.parameters;
  if (!parameters_ || strengths != parameter_strengths_) {
    std::set<const Step*> changes;
    change_parameters(source_.parameters, steps, parameters_, changes, problems);
    parameter_strengths_ = std::move(strengths);
    parameters_felt_ = rows_of(changes, steps);
  }
  for (const std::size_t row : parameters_felt_) felt.insert(&steps[row]);
  return parameters_ ? parameters_->now() : source_.parameters;
}

bool PartReader::read_rows(const std::vector<Step>& steps, NumberLog& log, std::set<std::size_t>& felt,
                           Problems& problems) {
  const std::size_t errors_before = problems.error_count();
  std::set<const Step*> by_parameters;
  const ParameterTable& parameters = parameters_under(steps, by_parameters, problems);
  ChangePlan plan = plan_changes(touched_.rows, steps, parameters, problems);
  Context context{plan.rows, source_.limits, parameters, problems};
  static_cast<KnownIds&>(context) = std::move(whole_.ids);
  context.adjustments = std::move(plan.adjustments);
  context.felt = std::move(plan.felt);
  context.felt.merge(by_parameters);
  context.log = &log;
  for (SettingSpec& setting : settings_) setting.routes.clear();
  context.model.settings = std::move(settings_);
  read_part(context, whole_.model, plan.replaced);
  settings_ = std::move(context.model.settings);
  whole_.ids = std::move(static_cast<KnownIds&>(context));
  for (const std::size_t row : rows_of(context.felt, steps)) felt.insert(touched_.at[row]);
  return problems.error_count() == errors_before;
}

bool PartReader::is_the_part(const NumberLog& log) const {
  if (log.entries().size() != places_.size()) return false;
  for (std::size_t i = 0; i < places_.size(); ++i)
    if (log.entries()[i].number.path != numbers_[places_[i]].number.path) return false;
  return true;
}

std::optional<std::vector<NumberLog>> PartReader::read(const std::vector<std::vector<double>>& strengths,
                                                       std::set<std::size_t>& felt, Problems& problems) {
  std::vector<NumberLog> logs(strengths.size());
  for (std::size_t i = 0; is_part_ && i < strengths.size(); ++i) {
    Problems told_by_all_rows;
    felt.clear();
    set_strengths(touched_.steps, strengths[i]);
    is_part_ = read_rows(touched_.steps, logs[i], felt, told_by_all_rows) && is_the_part(logs[i]);
  }
  if (is_part_) return logs;
  for (std::size_t i = strengths.size(); i-- > 0;) {
    Problems found;
    logs[i] = {};
    set_strengths(steps_, strengths[i]);
    const auto reading = read_whole(source_, steps_, &logs[i], found);
    for (Problem& problem : found.sorted())
      if (problem.severity == Severity::error) problems.add(std::move(problem));
    if (!reading) return std::nullopt;
    if (i + 1 == strengths.size()) felt = reading->felt;
  }
  return logs;
}

std::vector<NumberLog::Entry> PartReader::in_whole(std::vector<NumberLog::Entry> whole,
                                                   std::vector<NumberLog::Entry> read) const {
  if (!is_part_) return read;
  for (std::size_t i = 0; i < read.size(); ++i) whole[places_[i]] = std::move(read[i]);
  return whole;
}

}  // namespace tl::reading
