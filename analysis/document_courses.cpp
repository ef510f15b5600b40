#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>

#include "analysis/document_parts.hpp"
#include "analysis/measures.hpp"
#include "analysis/numbers.hpp"

// Everything that is kept by period, over time, as quantiles between replications: what the page's explorer draws.
namespace tl::report {
namespace {

/// A measure of a scope.
struct Series {
  std::uint32_t measure = 0, scope = 0;  ///< rows of the lists below
};

/// What can be drawn, and by which periods.
struct Outline {
  std::vector<const Measure*> measures;
  std::vector<ResultScope> scopes;
  std::vector<Series> series;
  std::vector<NamedPeriods> periods;
  std::string every;
};

bool same(const ResultScope& a, const ResultScope& b) {
  return a.kind == b.kind && a.subject == b.subject && a.costs.empty() == b.costs.empty();
}

/// All scopes of a measure in any scenario: a policy, say, may be there in one only.
void add_measure(const StudyResults& study, const Measure& measure, Outline& outline) {
  const auto row = static_cast<std::uint32_t>(outline.measures.size());
  std::set<std::uint32_t> there;
  for (const std::string_view kind : scope_kinds(measure))
    for (const ScenarioResults& scenario : study.scenarios)
      for (ResultScope& scope : scopes_of(scenario.words, measure, kind)) {
        const auto at = std::find_if(outline.scopes.begin(), outline.scopes.end(),
                                     [&](const ResultScope& other) { return same(scope, other); });
        const auto place = static_cast<std::uint32_t>(at - outline.scopes.begin());
        if (at == outline.scopes.end()) outline.scopes.push_back(std::move(scope));
        if (there.insert(place).second) outline.series.push_back({row, place});
      }
  if (!there.empty()) outline.measures.push_back(&measure);
}

Outline outline_of(const StudyResults& study) {
  Outline outline;
  for (const Measure& measure : measures())
    if (measure.by_period) add_measure(study, measure, outline);
  return outline;
}

/// [series][period][scenario][replication]; NaN where there is none.
class Values {
 public:
  Values(const StudyResults& study, std::size_t series, std::size_t periods) : periods_{periods} {
    for (const ScenarioResults& scenario : study.scenarios) {
      starts_.push_back(width_);
      width_ += scenario.replications.size();
    }
    starts_.push_back(width_);
    values_.assign(series * periods * width_, std::nan(""));
  }
  double& at(std::size_t series, std::size_t period, std::size_t scenario, std::size_t replication) {
    return values_[(series * periods_ + period) * width_ + starts_[scenario] + replication];
  }
  std::span<const double> of(std::size_t series, std::size_t period, std::size_t scenario) const {
    return {values_.data() + (series * periods_ + period) * width_ + starts_[scenario],
            starts_[scenario + 1] - starts_[scenario]};
  }

 private:
  std::size_t periods_, width_ = 0;
  std::vector<std::size_t> starts_;
  std::vector<double> values_;
};

/// The same in a scenario whose model may have other settings. What costs is of is found by the items it has.
std::optional<ResultScope> same_scope(const Catalogue& words, const ResultScope& scope) {
  const Measure& any = *find_measure(scope.costs.empty() ? "queue_mean" : "cost");
  return find_scope(words, any, scope.kind, scope.subject);
}

/// One pass over the replications for these series.
Values read_values(const StudyResults& study, const Outline& outline, std::span<const Series> series) {
  Values values{study, series.size(), outline.periods.size()};
  for (std::size_t s = 0; s < study.scenarios.size(); ++s) {
    const ScenarioResults& scenario = study.scenarios[s];
    std::vector<std::optional<ResultScope>> scopes;
    for (const ResultScope& scope : outline.scopes) scopes.push_back(same_scope(scenario.words, scope));
    std::size_t replication = 0;
    scenario.replications.each(Arrays::sums, [&](const ReplicationResult& run) {
      for (std::size_t i = 0; i < series.size(); ++i) {
        const std::optional<ResultScope>& scope = scopes[series[i].scope];
        for (std::size_t p = 0; scope && p < outline.periods.size(); ++p)
          if (const auto value =
                  value_of(*outline.measures[series[i].measure], {scenario, run, *scope, outline.periods[p].periods}))
            values.at(i, p, s, replication) = *value;
      }
      ++replication;
    });
  }
  return values;
}

/// Differences in the replications that both scenarios have.
std::vector<double> differences(const StudyResults& study, const Pair& pair, std::span<const double> of,
                                std::span<const double> versus) {
  const auto &a = study.scenarios[pair.of].numbers, &b = study.scenarios[pair.versus].numbers;
  std::vector<double> found;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] < b[j]) {
      ++i;
    } else if (b[j] < a[i]) {
      ++j;
    } else {
      if (!std::isnan(of[i]) && !std::isnan(versus[j])) found.push_back(of[i] - versus[j]);
      ++i;
      ++j;
    }
  }
  return found;
}

/// Quantiles of each period; empty where nothing has a value.
using ByPeriodQuantiles = std::vector<std::vector<double>>;

/// Decimals that show a thousandth of the span between the least and the greatest number; negative: tens, hundreds …
int decimals_for(const std::vector<ByPeriodQuantiles>& told) {
  double low = INFINITY, high = -INFINITY;
  for (const ByPeriodQuantiles& one : told)
    for (const std::vector<double>& quantiles : one)
      for (const double value : quantiles) {
        low = std::min(low, value);
        high = std::max(high, value);
      }
  double span = high > low ? high - low : std::abs(high);
  int decimals = 0;
  for (; span > 0.0 && span < 100.0 && decimals < 6; span *= 10.0) ++decimals;
  for (; std::isfinite(span) && span >= 1000.0 && decimals > -9; span /= 10.0) --decimals;
  return decimals;
}

/// Whole numbers of the last decimal, told so that they are small: the lowest band as steps from period to period, each
/// further band as what it is above the one below.
Json bands(const ByPeriodQuantiles& by_period, int decimals) {
  const double scale = std::pow(10.0, decimals);
  Json all = Json::array();
  std::int64_t before = 0;
  for (std::size_t band = 0; band < std::size(kBandShares); ++band) {
    Json one = Json::array();
    for (const std::vector<double>& quantiles : by_period) {
      if (quantiles.empty()) {
        one.push_back(nullptr);
        continue;
      }
      const auto whole = [&](std::size_t b) { return static_cast<std::int64_t>(std::llround(quantiles[b] * scale)); };
      one.push_back(whole(band) - (band == 0 ? before : whole(band - 1)));
      if (band == 0) before = whole(0);
    }
    all.push_back(std::move(one));
  }
  return all;
}

/// Each two scenarios one way round; the other way it is the same with the other sign.
std::vector<Pair> pairs_once(const StudyResults& study) {
  std::vector<Pair> pairs = pairs_of(study);
  std::erase_if(pairs, [](const Pair& pair) { return pair.of < pair.versus; });
  return pairs;
}

/// One series in all scenarios and between them; null where nothing of it ever has a value.
Json series_json(const StudyResults& study, const Series& series, const Values& values, std::size_t row,
                 std::size_t periods) {
  std::vector<ByPeriodQuantiles> told, between;
  bool any = false, any_other_than_0 = false;
  for (std::size_t s = 0; s < study.scenarios.size(); ++s) {
    told.emplace_back();
    for (std::size_t p = 0; p < periods; ++p) {
      std::vector<double> there;
      for (const double value : values.of(row, p, s))
        if (!std::isnan(value)) there.push_back(value);
      any = any || !there.empty();
      for (const double value : there) any_other_than_0 = any_other_than_0 || value != 0.0;
      told.back().push_back(quantiles_of(there, kBandShares));
    }
  }
  if (!any) return {};
  if (!any_other_than_0) return {{"m", series.measure}, {"s", series.scope}};
  for (const Pair& pair : pairs_once(study)) {
    between.emplace_back();
    for (std::size_t p = 0; p < periods; ++p)
      between.back().push_back(quantiles_of(
          differences(study, pair, values.of(row, p, pair.of), values.of(row, p, pair.versus)), kBandShares));
  }
  Json json{{"m", series.measure}, {"s", series.scope}, {"d", decimals_for(told)}, {"v", Json::array()}};
  for (const ByPeriodQuantiles& one : told) json["v"].push_back(bands(one, json["d"]));
  if (between.empty()) return json;
  json["e"] = decimals_for(between);
  json["x"] = Json::array();
  for (const ByPeriodQuantiles& one : between) json["x"].push_back(bands(one, json["e"]));
  return json;
}

/// Values held at one time: 128 MiB of them.
constexpr std::size_t kMostHeld = (std::size_t{128} << 20) / sizeof(double);
/// Numbers that the page may carry for this: some 3 MB before they are compressed.
constexpr std::size_t kMostNumbers = 2'000'000;

/// How many of the series have a value other than 0, which is what takes room on the page.
std::size_t count_of_told(const StudyResults& study, const Values& values, std::size_t series, std::size_t periods) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < series; ++i) {
    bool is_told = false;
    for (std::size_t s = 0; s < study.scenarios.size() && !is_told; ++s)
      for (std::size_t p = 0; p < periods && !is_told; ++p)
        for (const double value : values.of(i, p, s)) is_told = is_told || (!std::isnan(value) && value != 0.0);
    count += is_told ? 1 : 0;
  }
  return count;
}

/// All of them, or null where they are more than `most` numbers.
Json all_series(const StudyResults& study, const Outline& outline, std::size_t most) {
  std::size_t replications = 0;
  for (const ScenarioResults& scenario : study.scenarios) replications += scenario.replications.size();
  const std::size_t periods = outline.periods.size(), scenarios = study.scenarios.size();
  const std::size_t numbers = std::size(kBandShares) * periods * (scenarios + pairs_once(study).size());
  const std::size_t each = std::max<std::size_t>(replications * periods, 1);
  const std::size_t at_once = std::max<std::size_t>(kMostHeld / each, 1);
  Json all = Json::array();
  std::size_t told = 0;
  for (std::size_t first = 0; first < outline.series.size(); first += at_once) {
    const std::size_t count = std::min(at_once, outline.series.size() - first);
    const std::span<const Series> some{outline.series.data() + first, count};
    const Values values = read_values(study, outline, some);
    told += count_of_told(study, values, count, periods);
    if (told * numbers > most) return {};
    for (std::size_t i = 0; i < count; ++i)
      if (Json one = series_json(study, some[i], values, i, periods); !one.is_null()) all.push_back(std::move(one));
  }
  return all;
}

/// As finely as results were kept, if that is no finer than months; coarser where there would be too many points.
Json fine_enough(const StudyResults& study, Outline& outline) {
  constexpr std::size_t kMostPeriods = 130;
  const Catalogue& words = study.scenarios.front().words;
  constexpr std::array kSteps{std::pair{ByPeriod::month, "month"}, std::pair{ByPeriod::quarter, "quarter"},
                              std::pair{ByPeriod::year, "year"}};
  for (const auto& [by, name] : kSteps) {
    try {
      outline.periods = grouped_periods(words, by);
    } catch (const QueryError&) {
      continue;  // kept by nothing so fine
    }
    outline.every = name;
    if (outline.periods.size() > kMostPeriods && by != ByPeriod::year) continue;
    Json series = all_series(study, outline, by == ByPeriod::year ? SIZE_MAX : kMostNumbers);
    if (!series.is_null()) return series;
  }
  return {};
}

/// The line that a course is held against.
std::string limit_of(const Measure& measure) {
  if (measure.name == "census_mean" || measure.name == "census_at_end") return "capacity_mean";
  if (measure.name == "setting_units_carried") return "setting_units_physical";
  if (measure.name == "fte_employed") return "fte_budgeted";
  if (measure.name == "occupancy") return "full";
  if (measure.name == "wait_mean") return "standard";
  return "";
}

Json measure_json(const Measure& measure, const Catalogue& words) {
  const std::string unit = unit_of(measure, words);
  return {{"id", measure.name},   {"words", measure.words},
          {"unit", unit},         {"changeUnit", unit == "%" ? "% points" : unit},
          {"good", measure.good}, {"limit", limit_of(measure)}};
}

Json scope_json(const ResultScope& scope, const ScenarioResults& scenario) {
  Json json{{"kind", scope.kind}, {"id", scope.subject}, {"name", scope.name}};
  const auto setting = find_scope(scenario.words, "setting", scope.subject);
  if (scope.kind != "setting" || !setting) return json;
  const double standard = scenario.terms.standard_days[setting->rows.front()];
  if (standard > 0.0) json["standard"] = number(standard);
  return json;
}

Json targets_json(const StudyResults& study, const Outline& outline) {
  const Catalogue& words = study.scenarios.front().words;
  Json targets = Json::array();
  for (const MetricWords& metric : words.metrics) {
    if (std::isnan(metric.target)) continue;
    const std::optional<ResultScope> of = scope_of(words, metric);
    for (std::size_t m = 0; of && m < outline.measures.size(); ++m)
      for (std::size_t s = 0; s < outline.scopes.size(); ++s)
        if (outline.measures[m]->name == metric.measure && outline.scopes[s].kind == of->kind &&
            outline.scopes[s].subject == of->subject)
          targets.push_back(
              {{"m", m}, {"s", s}, {"value", number(target_in_unit(*outline.measures[m], metric.target))}});
  }
  return targets;
}

/// What the explorer shows first: the metric that the results lead with.
Json first_shown(const StudyResults& study, const Outline& outline) {
  const MetricWords lead = report_metrics(study).front();
  const std::optional<ResultScope> of = scope_of(study.scenarios.front().words, lead);
  Json first{{"m", "census_mean"}, {"kind", "model"}, {"id", ""}};
  for (const Measure* measure : outline.measures)
    if (of && measure->name == lead.measure) first = {{"m", measure->name}, {"kind", of->kind}, {"id", of->subject}};
  return first;
}

}  // namespace

Json courses_part(const StudyResults& study) {
  Outline outline = outline_of(study);
  Json series = fine_enough(study, outline);
  if (series.empty() || outline.periods.size() < 2) return {};
  Json json{
      {"every", outline.every}, {"periods", Json::array()}, {"measures", Json::array()}, {"scopes", Json::array()}};
  for (const NamedPeriods& period : outline.periods) json["periods"].push_back(period.name);
  for (const Measure* measure : outline.measures)
    json["measures"].push_back(measure_json(*measure, study.scenarios.front().words));
  for (const ResultScope& scope : outline.scopes) json["scopes"].push_back(scope_json(scope, study.scenarios.front()));
  json["targets"] = targets_json(study, outline);
  json["first"] = first_shown(study, outline);
  json["series"] = std::move(series);
  return json;
}

}  // namespace tl::report
