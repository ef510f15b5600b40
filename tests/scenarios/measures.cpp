#include "tests/scenarios/measures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string_view>

namespace tl::testing {
namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw std::runtime_error(what);
}

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return "";
  return std::string{text.substr(first, text.find_last_not_of(' ') - first + 1)};
}

std::vector<std::string> parts_of(std::string_view text, char between) {
  std::vector<std::string> parts;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t to = std::min(text.find(between, from), text.size());
    parts.push_back(trimmed(text.substr(from, to - from)));
    from = to + 1;
  }
  return parts;
}

template <std::size_t size>
std::vector<std::size_t> sums_named(const std::string& text, const std::array<SumInfo, size>& known) {
  std::vector<std::size_t> found;
  for (const std::string& name : parts_of(text, '+')) {
    const auto at = std::find_if(known.begin(), known.end(), [&](const SumInfo& sum) { return sum.name == name; });
    if (at == known.end()) refuse("no sum is called " + name);
    found.push_back(static_cast<std::size_t>(at - known.begin()));
  }
  return found;
}

std::size_t setting_named(const std::string& id, const Catalogue& words) {
  for (std::size_t s = 0; s < words.settings.size(); ++s)
    if (words.settings[s].id == id) return s;
  refuse("no setting is called " + id);
}

std::size_t staff_named(const std::string& id, const Catalogue& words) {
  for (std::size_t s = 0; s < words.staff.size(); ++s)
    if (words.staff[s].id == id) return s;
  refuse("no staff pool is called " + id);
}

/// A time written as in the models: "63 d" or "1 y".
double days_of(const std::string& text) {
  return std::stod(text) * (text.back() == 'y' ? 365.25 : 1.0);
}

std::size_t instant_at(const std::string& text, const Catalogue& words) {
  const double days = days_of(text);
  for (std::size_t i = 0; i < words.observe_days.size(); ++i)
    if (std::abs(words.observe_days[i] - days) < 1e-6) return i;
  refuse("nothing is observed at " + text);
}

std::vector<std::size_t> places_of(const Catalogue& words) {
  std::vector<std::size_t> places;
  for (std::size_t s = 0; s < words.settings.size(); ++s)
    if (words.settings[s].kind == "place" && words.settings[s].id != "outside") places.push_back(s);
  return places;
}

double model_sum(const ReplicationResult& result, const std::vector<std::size_t>& sums) {
  double total = 0.0;
  for (std::size_t period = 0; period < result.period_count; ++period)
    for (const std::size_t sum : sums) total += result.model[period * kModelSums.size() + sum];
  return total;
}

}  // namespace

double over_periods(const ReplicationResult& result, std::size_t setting, SettingSum which) {
  double total = 0.0;
  for (std::size_t period = 0; period < result.period_count; ++period) total += result.sum(period, setting, which);
  return total;
}

Measure::Measure(const std::string& text, const Compiled& compiled) {
  constexpr std::array<std::string_view, 13> kNames{
      "per_day",    "per_day_from", "ratio",         "model_per_day", "model_ratio",  "census_p",  "erlang_delay",
      "time_share", "visit_share",  "staff_per_day", "observed_mean", "observed_var", "observed_p"};
  constexpr std::array<std::size_t, 13> kArguments{2, 4, 3, 1, 2, 2, 2, 1, 1, 2, 2, 2, 3};
  const std::size_t open = text.find('(');
  if (open == std::string::npos || text.back() != ')') refuse(text + " is no measure: write name(argument, …)");
  const auto name = std::find(kNames.begin(), kNames.end(), text.substr(0, open));
  if (name == kNames.end()) refuse("no measure is called " + text.substr(0, open));
  const auto which = static_cast<std::size_t>(name - kNames.begin());
  const auto arguments = parts_of(std::string_view{text}.substr(open + 1, text.size() - open - 2), ',');
  if (arguments.size() != kArguments[which]) refuse(text + " has a wrong number of arguments");
  kind_ = static_cast<Kind>(which);
  days_ = (compiled.model.end - compiled.model.start).days();
  places_ = places_of(compiled.words);
  if (kind_ == Kind::model_per_day || kind_ == Kind::model_ratio) {
    top_ = sums_named(arguments[0], kModelSums);
    if (kind_ == Kind::model_ratio) bottom_ = sums_named(arguments[1], kModelSums);
    return;
  }
  if (kind_ == Kind::staff_per_day) {
    pool_ = staff_named(arguments[0], compiled.words);
    top_ = sums_named(arguments[1], kStaffSums);
    return;
  }
  setting_ = setting_named(arguments[0], compiled.words);
  if (kind_ == Kind::per_day_from) {
    from_ = days_of(arguments[2]);
    to_ = days_of(arguments[3]);
    for (const SimTime end : compiled.model.period_ends) period_ends_.push_back((end - compiled.model.start).days());
  }
  if (kind_ == Kind::per_day || kind_ == Kind::per_day_from || kind_ == Kind::ratio)
    top_ = sums_named(arguments[1], kSettingSums);
  if (kind_ == Kind::ratio) bottom_ = sums_named(arguments[2], kSettingSums);
  if (kind_ >= Kind::observed_mean) instant_ = instant_at(arguments[1], compiled.words);
  if (kind_ == Kind::census_p || kind_ == Kind::erlang_delay || kind_ == Kind::observed_p)
    count_ = std::stoul(arguments.back());
}

double Measure::setting_sum(const ReplicationResult& result, const std::vector<std::size_t>& sums) const {
  double total = 0.0;
  for (const std::size_t sum : sums) total += over_periods(result, setting_, static_cast<SettingSum>(sum));
  return total;
}

/// The reporting periods that lie within the window.
Terms Measure::window_terms(const ReplicationResult& result) const {
  Terms terms{.top = 0.0, .bottom = 0.0};
  for (std::size_t p = 0; p < period_ends_.size(); ++p) {
    const double begins = p == 0 ? 0.0 : period_ends_[p - 1];
    if (begins < from_ - 1e-6 || period_ends_[p] > to_ + 1e-6) continue;
    for (const std::size_t sum : top_) terms.top += result.sum(p, setting_, static_cast<SettingSum>(sum));
    terms.bottom += period_ends_[p] - begins;
  }
  if (!(terms.bottom > 0.0)) refuse("no reporting period lies within the window");
  return terms;
}

double Measure::observed(const ReplicationResult& result) const {
  return result.observed_census[instant_ * result.setting_count + setting_];
}

Terms Measure::census_terms(const ReplicationResult& result) const {
  if (result.census_width[setting_] != 1.0) refuse("the census has grown beyond the bins of width 1");
  const std::span<const double> bins = std::span{result.census_time}.subspan(setting_ * kCensusBins, kCensusBins);
  if (count_ >= kCensusBins) refuse("no census is kept at so many clients");
  double below = 0.0;
  const std::size_t end = kind_ == Kind::census_p ? kCensusBins : count_ + 1;
  for (std::size_t n = 0; n < end; ++n) below += bins[n];
  return {.top = bins[count_], .bottom = below};
}

Terms Measure::staff_terms(const ReplicationResult& result) const {
  Terms terms{.top = 0.0, .bottom = days_};
  for (std::size_t period = 0; period < result.period_count; ++period)
    for (const std::size_t sum : top_)
      terms.top += result.staff[(period * result.staff_count + pool_) * kStaffSums.size() + sum];
  return terms;
}

Terms Measure::visit_terms(const ReplicationResult& result) const {
  Terms terms{.top = over_periods(result, setting_, SettingSum::admissions), .bottom = 0.0};
  for (const std::size_t place : places_) terms.bottom += over_periods(result, place, SettingSum::admissions);
  return terms;
}

Terms Measure::of(const ReplicationResult& result) const {
  switch (kind_) {
    case Kind::per_day:
      return {.top = setting_sum(result, top_) / days_};
    case Kind::per_day_from:
      return window_terms(result);
    case Kind::ratio:
      return {.top = setting_sum(result, top_), .bottom = setting_sum(result, bottom_)};
    case Kind::model_per_day:
      return {.top = model_sum(result, top_) / days_};
    case Kind::model_ratio:
      return {.top = model_sum(result, top_), .bottom = model_sum(result, bottom_)};
    case Kind::census_p:
    case Kind::erlang_delay:
      return census_terms(result);
    case Kind::time_share:
      return {.top = over_periods(result, setting_, SettingSum::census_days),
              .bottom = model_sum(result, {static_cast<std::size_t>(ModelSum::present_days)})};
    case Kind::visit_share:
      return visit_terms(result);
    case Kind::staff_per_day:
      return staff_terms(result);
    case Kind::observed_mean:
    case Kind::observed_var:
      return {.top = observed(result)};
    case Kind::observed_p:
      return {.top = observed(result) == static_cast<double>(count_) ? 1.0 : 0.0};
  }
  refuse("a measure without rule");
}

Estimate ratio_estimate(std::span<const Terms> terms) {
  const auto n = static_cast<double>(terms.size());
  double top = 0.0, bottom = 0.0, squares = 0.0;
  for (const Terms& each : terms) {
    top += each.top;
    bottom += each.bottom;
  }
  const double value = top / bottom;
  for (const Terms& each : terms) squares += (each.top - value * each.bottom) * (each.top - value * each.bottom);
  return {.value = value,
          .standard_error = std::sqrt(squares / (n * (n - 1.0))) / (bottom / n),
          .replications = terms.size()};
}

Estimate variance_estimate(std::span<const Terms> terms) {
  const auto n = static_cast<double>(terms.size());
  double mean = 0.0, second = 0.0, fourth = 0.0;
  for (const Terms& each : terms) mean += each.top / n;
  for (const Terms& each : terms) {
    const double square = (each.top - mean) * (each.top - mean);
    second += square;
    fourth += square * square;
  }
  const double variance = second / (n - 1.0);
  return {.value = variance,
          .standard_error = std::sqrt((fourth / n - variance * variance) / n),
          .replications = terms.size()};
}

}  // namespace tl::testing
