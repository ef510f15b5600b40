#include "analysis/sweep_tables.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "analysis/numbers.hpp"
#include "analysis/sensitivity.hpp"
#include "analysis/tables.hpp"
#include "analysis/uncertainty.hpp"
#include "sim/maths.hpp"

namespace tl {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostPointsShown = 40;

// ---- small parts

std::string with_unit(const std::string& number, const std::string& unit) {
  return unit.empty() ? number : unit == "%" ? number + '%' : number + ' ' + unit;
}
std::string difference_unit(const std::string& unit) {
  return unit == "%" ? "% points" : unit;
}
WideCell text_cell(std::string text) {
  return {std::move(text), std::nullopt};
}
WideCell number_cell(double value) {
  return {std::isnan(value) ? "" : shown_short(value), std::isnan(value) ? std::nullopt : std::optional{value}};
}
WideCell exact_cell(std::optional<double> value) {
  return {"", value && std::isnan(*value) ? std::nullopt : value};
}
std::string words_of(const MetricValues& metric) {
  return metric.metric.words.empty() ? metric.metric.id : metric.metric.words;
}
std::string percent(double share) {
  return std::isnan(share) ? "n/a" : shown(100.0 * share, 0) + '%';
}

/// "metric_low": what a column of a machine's table is called.
std::string column_name(const MetricValues& metric, const std::string& part) {
  std::string name = metric.metric.id;
  for (char& letter : name)
    if (letter == ' ') letter = '_';
  return part.empty() ? name : name + '_' + part;
}

/// An estimate in four columns: for people in one, for machines in three.
void add_estimate_columns(WideTable& table, const std::string& name, const std::string& heading) {
  table.columns.push_back({"", heading, true});
  table.columns.push_back({name, "", true});
  table.columns.push_back({name + "_low", "", true});
  table.columns.push_back({name + "_high", "", true});
}
void add_estimate(std::vector<WideCell>& row, const Estimate& estimate) {
  row.push_back(text_cell(shown(estimate)));
  row.push_back(exact_cell(estimate.mean));
  row.push_back(exact_cell(estimate.low));
  row.push_back(exact_cell(estimate.high));
}

// ---- points

/// The values of a row that are there, and beside each that of the base in the same replication.
struct Paired {
  std::vector<double> own, own_with_base, base;
};

/// The base scenario's values by replication.
std::map<std::uint32_t, double> base_values(const StudyResults& study, const MetricValues& metric) {
  std::map<std::uint32_t, double> values;
  const ScenarioResults* base = find_scenario(study, study.sweep->base);
  if (base == nullptr) return values;
  const auto there = values_of(*base, metric.metric);
  for (std::size_t i = 0; i < there.size(); ++i)
    if (there[i]) values[base->numbers[i]] = *there[i];
  return values;
}

Paired paired_values(const SweepResults& sweep, const MetricValues& metric, std::size_t point,
                     const std::map<std::uint32_t, double>& base) {
  Paired values;
  for (std::uint32_t r = 0; r < sweep.replications; ++r) {
    const double value = metric.value(point, sweep.replications, r);
    if (std::isnan(value)) continue;
    values.own.push_back(value);
    const auto match = base.find(r);
    if (match == base.end()) continue;
    values.own_with_base.push_back(value);
    values.base.push_back(match->second);
  }
  return values;
}

/// A point's value and its difference from the base.
struct PointEstimates {
  Estimate value, difference;
};
std::vector<PointEstimates> estimates_of(const StudyResults& study, const MetricValues& metric, double confidence) {
  const auto base = base_values(study, metric);
  std::vector<PointEstimates> all;
  for (std::size_t point = 0; point < study.sweep->points; ++point) {
    const Paired values = paired_values(*study.sweep, metric, point, base);
    all.push_back(
        {estimate_of(values.own, confidence), paired_difference(values.own_with_base, values.base, confidence)});
  }
  return all;
}

/// Points from the best to the worst; without a direction from the least to the greatest; those without value last.
std::vector<std::size_t> best_first(const MetricValues& metric, const std::vector<PointEstimates>& estimates) {
  std::vector<std::size_t> order(estimates.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const bool higher = metric.metric.good == "higher";
  const auto key = [&](std::size_t i) {
    const double mean = estimates[i].value.mean;
    if (std::isnan(mean)) return std::numeric_limits<double>::infinity();
    return higher ? -mean : mean;
  };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  return order;
}

std::string point_values(const SweepResults& sweep, std::size_t point) {
  constexpr std::size_t kMost = 6;
  std::string text;
  std::size_t named = 0;
  for (std::size_t f = 0; f < sweep.factors.size(); ++f) {
    if (std::isnan(sweep.value(point, f))) continue;
    if (++named > kMost) return text + ", ...";
    text += (text.empty() ? "" : ", ") + sweep.factors[f].address + ' ' +
            with_unit(shown_short(sweep.value(point, f)), sweep.factors[f].unit);
  }
  return text.empty() ? "as in the base" : text;
}

WideTable sweep_table(const StudyResults& study, const std::vector<const MetricValues*>& metrics, double confidence) {
  const SweepResults& sweep = *study.sweep;
  WideTable table;
  table.name = "sweep";
  table.most_shown = kMostPointsShown;
  table.columns.push_back({"point", "point", true});
  if (!sweep.labels.empty()) table.columns.push_back({"label", "name", false});
  for (const SweptFactor& factor : sweep.factors)
    table.columns.push_back(
        {factor.address, factor.address + (factor.unit.empty() ? "" : " [" + factor.unit + ']'), true});
  std::vector<std::vector<PointEstimates>> estimates;
  for (const MetricValues* metric : metrics) {
    estimates.push_back(estimates_of(study, *metric, confidence));
    add_estimate_columns(table, column_name(*metric, ""), metric->metric.id + " [" + metric->unit + ']');
    add_estimate_columns(table, column_name(*metric, "difference"), "less base");
    table.notes.push_back(metric->metric.id + ": " + words_of(*metric));
  }
  for (const std::size_t point : best_first(*metrics.front(), estimates.front())) {
    std::vector<WideCell> row{{std::to_string(point + 1), static_cast<double>(point + 1)}};
    if (!sweep.labels.empty()) row.push_back(text_cell(sweep.labels[point]));
    for (std::size_t f = 0; f < sweep.factors.size(); ++f) row.push_back(number_cell(sweep.value(point, f)));
    for (const auto& metric : estimates) {
      add_estimate(row, metric[point].value);
      add_estimate(row, metric[point].difference);
    }
    table.rows.push_back(std::move(row));
  }
  const std::string order = metrics.front()->metric.good.empty() ? "least" : "best";
  table.before = {"Points of the sweep of " + study.study_name + ", the " + order + " in " +
                  metrics.front()->metric.id + " first. Differences are from \"" + sweep.base + "\", run by run; " +
                  shown(100.0 * confidence, 0) + "% intervals."};
  return table;
}

// ---- sensitivity

/// One line: how a factor moves a metric.
struct Sensitivity {
  std::string of;  ///< "sweep", or the scenario whose draws these are
  const MetricValues* metric = nullptr;
  std::string factor, unit, method;
  double low = kNone, high = kNone;
  Estimate correlation{kNone, {}, {}, 0, ""};
  Estimate at_low{kNone, {}, {}, 0, ""}, at_high{kNone, {}, {}, 0, ""};  ///< differences from the base
  Estimate swing{kNone, {}, {}, 0, ""};
  double size() const { return std::isnan(correlation.mean) ? std::abs(swing.mean) : std::abs(correlation.mean); }
};

/// The metric's values of a point in the replications that another has too.
Estimate between(const SweepResults& sweep, const MetricValues& metric, std::size_t from, std::size_t to,
                 double confidence) {
  std::vector<double> a, b;
  for (std::uint32_t r = 0; r < sweep.replications; ++r) {
    const double one = metric.value(to, sweep.replications, r), other = metric.value(from, sweep.replications, r);
    if (std::isnan(one) || std::isnan(other)) continue;
    a.push_back(one);
    b.push_back(other);
  }
  return paired_difference(a, b, confidence);
}

/// The points that turn one factor only, at its lowest and highest.
std::optional<std::pair<std::size_t, std::size_t>> ends_of(const SweepResults& sweep, std::size_t factor) {
  std::optional<std::size_t> low, high;
  for (std::size_t point = 0; point < sweep.points; ++point) {
    if (std::isnan(sweep.value(point, factor))) continue;
    if (!low || sweep.value(point, factor) < sweep.value(*low, factor)) low = point;
    if (!high || sweep.value(point, factor) > sweep.value(*high, factor)) high = point;
  }
  if (!low) return std::nullopt;
  return std::pair{*low, *high};
}

void add_one_at_a_time(const StudyResults& study, const MetricValues& metric, double confidence,
                       std::vector<Sensitivity>& lines) {
  const SweepResults& sweep = *study.sweep;
  const std::vector<PointEstimates> estimates = estimates_of(study, metric, confidence);
  for (std::size_t f = 0; f < sweep.factors.size(); ++f) {
    const auto ends = ends_of(sweep, f);
    if (!ends) continue;
    Sensitivity line;
    line.of = "sweep";
    line.metric = &metric;
    line.factor = sweep.factors[f].address;
    line.unit = sweep.factors[f].unit;
    line.method = "one at a time";
    line.low = sweep.value(ends->first, f);
    line.high = sweep.value(ends->second, f);
    line.at_low = estimates[ends->first].difference;
    line.at_high = estimates[ends->second].difference;
    line.swing = between(sweep, metric, ends->first, ends->second, confidence);
    lines.push_back(std::move(line));
  }
}

/// Points or draws with all their inputs and a mean.
struct Sample {
  std::vector<double> inputs, outputs;
};
void add_sampled(const std::string& of, const MetricValues& metric, const Sample& sample,
                 const std::vector<SweptFactor>& factors, double confidence, std::vector<Sensitivity>& lines) {
  std::vector<double> spans;
  for (const SweptFactor& factor : factors) spans.push_back(factor.high - factor.low);
  const std::vector<Effect> effects = effects_of(sample.inputs, spans, sample.outputs, confidence);
  for (std::size_t f = 0; f < factors.size(); ++f) {
    Sensitivity line;
    line.of = of;
    line.metric = &metric;
    line.factor = factors[f].address;
    line.unit = factors[f].unit;
    line.method = effects[f].partial ? "partial rank correlation" : "rank correlation";
    line.low = factors[f].low;
    line.high = factors[f].high;
    line.correlation = effects[f].correlation;
    line.swing = effects[f].over_range;
    lines.push_back(std::move(line));
  }
}

std::optional<double> mean_there(const MetricValues& metric, std::size_t row, std::size_t replications) {
  double sum = 0.0;
  std::size_t count = 0;
  for (std::size_t r = 0; r < replications; ++r) {
    const double value = metric.value(row, replications, r);
    if (std::isnan(value)) continue;
    sum += value;
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / static_cast<double>(count);
}

void add_sweep_lines(const StudyResults& study, const MetricValues& metric, double confidence,
                     std::vector<Sensitivity>& lines) {
  const SweepResults& sweep = *study.sweep;
  if (sweep.design == "one_at_a_time") return add_one_at_a_time(study, metric, confidence, lines);
  Sample sample;
  for (std::size_t point = 0; point < sweep.points; ++point) {
    const auto mean = mean_there(metric, point, sweep.replications);
    const auto begin = sweep.values.begin() + static_cast<std::ptrdiff_t>(point * sweep.factors.size());
    const auto end = begin + static_cast<std::ptrdiff_t>(sweep.factors.size());
    if (!mean || std::any_of(begin, end, [](double value) { return std::isnan(value); })) continue;
    sample.inputs.insert(sample.inputs.end(), begin, end);
    sample.outputs.push_back(*mean);
  }
  add_sampled("sweep", metric, sample, sweep.factors, confidence, lines);
}

void add_draw_lines(const UncertainResults& uncertain, const MetricValues& metric, double confidence,
                    std::vector<Sensitivity>& lines) {
  std::vector<SweptFactor> factors;
  for (std::size_t p = 0; p < uncertain.parameters.size(); ++p) {
    SweptFactor factor{"parameters." + uncertain.parameters[p].id, uncertain.parameters[p].unit,
                       std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
    for (std::size_t draw = 0; draw < uncertain.draws; ++draw) {
      factor.low = std::min(factor.low, uncertain.value(draw, p));
      factor.high = std::max(factor.high, uncertain.value(draw, p));
    }
    factors.push_back(std::move(factor));
  }
  for (std::size_t s = 0; s < uncertain.scenarios.size(); ++s) {
    Sample sample;
    for (std::size_t draw = 0; draw < uncertain.draws; ++draw) {
      const auto mean = mean_there(metric, s * uncertain.draws + draw, uncertain.replications);
      if (!mean) continue;
      for (std::size_t p = 0; p < factors.size(); ++p) sample.inputs.push_back(uncertain.value(draw, p));
      sample.outputs.push_back(*mean);
    }
    add_sampled(uncertain.scenarios[s], metric, sample, factors, confidence, lines);
  }
}

/// All lines of a metric, of each kind of rows the strongest first.
std::vector<Sensitivity> sensitivities(const StudyResults& study, const MetricValues& metric, bool of_draws,
                                       double confidence) {
  std::vector<Sensitivity> lines;
  of_draws ? add_draw_lines(*study.uncertain, metric, confidence, lines)
           : add_sweep_lines(study, metric, confidence, lines);
  std::vector<std::string> order;
  for (const Sensitivity& line : lines)
    if (std::find(order.begin(), order.end(), line.of) == order.end()) order.push_back(line.of);
  const auto place = [&](const Sensitivity& line) { return std::find(order.begin(), order.end(), line.of); };
  std::stable_sort(lines.begin(), lines.end(), [&](const Sensitivity& a, const Sensitivity& b) {
    if (place(a) != place(b)) return place(a) < place(b);
    const double one = std::isnan(a.size()) ? -1.0 : a.size(), other = std::isnan(b.size()) ? -1.0 : b.size();
    return one > other;
  });
  return lines;
}

void add_sensitivity_row(const Sensitivity& line, WideTable& table) {
  std::vector<WideCell> row{text_cell(line.of), text_cell(line.metric->metric.id), text_cell(line.factor)};
  row.push_back(
      text_cell(with_unit(shown_short(line.low), "") + " to " + with_unit(shown_short(line.high), line.unit)));
  row.push_back(text_cell(line.unit));
  row.push_back(exact_cell(line.low));
  row.push_back(exact_cell(line.high));
  row.push_back(text_cell(line.method));
  for (const Estimate* estimate : {&line.correlation, &line.at_low, &line.at_high, &line.swing}) {
    add_estimate(row, *estimate);
    if (std::isnan(estimate->mean)) row[row.size() - 4].text = "";
  }
  row.push_back(text_cell(difference_unit(line.metric->unit)));
  table.rows.push_back(std::move(row));
}

WideTable sensitivity_table(const StudyResults& study, const std::vector<const MetricValues*>& of_sweep,
                            const std::vector<const MetricValues*>& of_draws, double confidence) {
  WideTable table;
  table.name = "sensitivity";
  const bool one_at_a_time = study.sweep && study.sweep->design == "one_at_a_time";
  const bool correlates = (study.sweep && !one_at_a_time) || study.uncertain;
  table.columns = {{"of", "of", false},  {"metric", "metric", false}, {"factor", "factor", false},
                   {"", "range", false}, {"unit", "", false},         {"low", "", true},
                   {"high", "", true},   {"method", "", false}};
  add_estimate_columns(table, "correlation", correlates ? "rank correlation" : "");
  add_estimate_columns(table, "at_low", one_at_a_time ? "at low, less base" : "");
  add_estimate_columns(table, "at_high", one_at_a_time ? "at high, less base" : "");
  add_estimate_columns(table, "swing", one_at_a_time ? "from low to high" : "low to high, along a line");
  table.columns.push_back({"metric_unit", "unit", false});
  for (const MetricValues* metric : of_sweep)
    for (const Sensitivity& line : sensitivities(study, *metric, false, confidence)) add_sensitivity_row(line, table);
  for (const MetricValues* metric : of_draws)
    for (const Sensitivity& line : sensitivities(study, *metric, true, confidence)) add_sensitivity_row(line, table);
  table.before = {"What moves the metrics most, strongest first; " + shown(100.0 * confidence, 0) + "% intervals."};
  if (correlates)
    table.notes.push_back(
        "A rank correlation is 1 when the metric always rises with the factor, -1 when it always falls, 0 when it "
        "does not follow it. Where there are points enough, the other factors' part is taken out.");
  return table;
}

// ---- uncertainty

/// Values [draw][replication] of a scenario, or of its difference from the first; replications that some draw lacks
/// are left out.
struct Block2 {
  std::vector<double> values;
  std::size_t replications = 0;
};
Block2 block_of(const UncertainResults& uncertain, const MetricValues& metric, std::size_t scenario, bool difference) {
  const auto value = [&](std::size_t draw, std::size_t r) {
    const double own = metric.value(scenario * uncertain.draws + draw, uncertain.replications, r);
    return difference ? own - metric.value(draw, uncertain.replications, r) : own;
  };
  std::vector<std::size_t> whole;
  for (std::size_t r = 0; r < uncertain.replications; ++r) {
    bool there = true;
    for (std::size_t draw = 0; draw < uncertain.draws; ++draw) there = there && !std::isnan(value(draw, r));
    if (there) whole.push_back(r);
  }
  Block2 block{{}, whole.size()};
  for (std::size_t draw = 0; draw < uncertain.draws; ++draw)
    for (const std::size_t r : whole) block.values.push_back(value(draw, r));
  return block;
}

std::optional<ChanceAndIgnorance> apart(const UncertainResults& uncertain, const MetricValues& metric,
                                        std::size_t scenario, bool difference, double confidence) {
  const Block2 block = block_of(uncertain, metric, scenario, difference);
  if (block.replications == 0 || uncertain.draws == 0) return std::nullopt;
  return chance_and_ignorance(block.values, uncertain.draws, block.replications, confidence);
}

std::string band_text(const ChanceAndIgnorance& found) {
  if (std::isnan(found.low)) return "n/a";
  const int decimals = shown_decimals(found.high, (found.high - found.low) / 2.0);
  return shown(found.low, decimals) + " to " + shown(found.high, decimals);
}

void add_uncertainty_row(const UncertainResults& uncertain, const MetricValues& metric, std::size_t scenario,
                         bool difference, double confidence, WideTable& table) {
  const auto found = apart(uncertain, metric, scenario, difference, confidence);
  std::vector<WideCell> row{text_cell(metric.metric.id), text_cell(uncertain.scenarios[scenario]),
                            text_cell(difference ? uncertain.scenarios.front() : ""),
                            text_cell(difference ? difference_unit(metric.unit) : metric.unit)};
  if (!found) {
    for (std::size_t i = row.size(); i < table.columns.size(); ++i) row.push_back(text_cell("n/a"));
    table.rows.push_back(std::move(row));
    return;
  }
  const Estimate& mean = found->mean;
  row.push_back({shown_mean(mean), mean.mean});
  row.push_back(text_cell(
      mean.has_interval() ? "±" + shown(mean.half_width(), shown_decimals(mean.mean, mean.half_width())) : "n/a"));
  row.push_back(exact_cell(mean.low));
  row.push_back(exact_cell(mean.high));
  row.push_back(text_cell(band_text(*found)));
  row.push_back(exact_cell(found->low));
  row.push_back(exact_cell(found->high));
  row.push_back({percent(found->ignorance_share), exact_cell(found->ignorance_share).exact});
  row.push_back(exact_cell(square_root(found->ignorance_variance)));
  row.push_back(exact_cell(square_root(found->chance_variance)));
  table.rows.push_back(std::move(row));
}

WideTable uncertainty_table(const StudyResults& study, const std::vector<const MetricValues*>& metrics,
                            double confidence) {
  const UncertainResults& uncertain = *study.uncertain;
  WideTable table;
  table.name = "uncertainty";
  table.columns = {
      {"metric", "metric", false}, {"scenario", "scenario", false}, {"versus", "less", false},
      {"unit", "unit", false},     {"mean", "mean", true},          {"", "chance", true},
      {"chance_low", "", true},    {"chance_high", "", true},       {"", "ignorance (5 to 95%)", true},
      {"ignorance_low", "", true}, {"ignorance_high", "", true},    {"ignorance_share", "share ignorance", true},
      {"ignorance_sd", "", true},  {"chance_sd", "", true}};
  for (const MetricValues* metric : metrics) {
    for (std::size_t s = 0; s < uncertain.scenarios.size(); ++s)
      add_uncertainty_row(uncertain, *metric, s, false, confidence, table);
    for (std::size_t s = 1; s < uncertain.scenarios.size(); ++s)
      add_uncertainty_row(uncertain, *metric, s, true, confidence, table);
    table.notes.push_back(metric->metric.id + ": " + words_of(*metric));
  }
  table.before = {std::to_string(uncertain.draws) + " draws of " + std::to_string(uncertain.parameters.size()) +
                  " uncertain parameters, " + std::to_string(uncertain.replications) +
                  " replications of each. Chance: how far other luck would move the mean (" +
                  shown(100.0 * confidence, 0) +
                  "% interval). Ignorance: where the truth lies, as far as the "
                  "parameters' ranges say."};
  std::size_t assumed = 0;
  for (const DrawnResults& parameter : uncertain.parameters) assumed += parameter.stated ? 0 : 1;
  if (assumed > 0)
    table.notes.push_back(std::to_string(assumed) +
                          " of the parameters state no distribution: they were drawn as "
                          "triangular from low to high, likeliest at their value. That is an assumption.");
  return table;
}

// ---- choosing

std::string kept_names(const std::vector<MetricValues>& kept) {
  std::string text;
  for (const MetricValues& metric : kept) text += (text.empty() ? "" : ", ") + metric.metric.id;
  return text;
}

std::vector<const MetricValues*> chosen(const std::vector<MetricValues>& kept, const std::vector<std::string>& wanted) {
  std::vector<const MetricValues*> metrics;
  for (const MetricValues& metric : kept)
    if (wanted.empty() || std::find(wanted.begin(), wanted.end(), metric.metric.id) != wanted.end())
      metrics.push_back(&metric);
  for (const std::string& name : wanted)
    if (std::none_of(kept.begin(), kept.end(), [&](const MetricValues& metric) { return metric.metric.id == name; }))
      throw QueryError{"the metric \"" + name + "\" was not kept of the sweep's points. Kept are: " + kept_names(kept) +
                       ". Add it as [study] metrics = [\"" + name +
                       "\"] and give the run command again: nothing is simulated anew"};
  return metrics;
}

}  // namespace

std::vector<std::string> wide_table_names() {
  return {"sweep", "sensitivity", "uncertainty"};
}

WideTable make_wide_table(const StudyResults& study, const std::string& name, const std::vector<std::string>& metrics,
                          double confidence) {
  const bool wants_sweep = name == "sweep" || (name == "sensitivity" && study.sweep);
  if (name == "uncertainty" && !study.uncertain)
    throw QueryError{
        "the study draws no uncertain parameters. Add [uncertain] with draws = 50 to it, and run it again"};
  if (name == "sweep" && !study.sweep)
    throw QueryError{"the study has no sweep. Add [sweep] with a design and factors to it, and run it again"};
  if (name == "sensitivity" && !study.sweep && !study.uncertain)
    throw QueryError{"the study has neither a sweep nor uncertain parameters. Add [sweep] or [uncertain] to it"};
  const auto of_sweep = wants_sweep ? chosen(study.sweep->metrics, metrics) : std::vector<const MetricValues*>{};
  if (name == "sweep") return sweep_table(study, of_sweep, confidence);
  const auto of_draws =
      study.uncertain ? chosen(study.uncertain->metrics, metrics) : std::vector<const MetricValues*>{};
  if (name == "sensitivity") return sensitivity_table(study, of_sweep, of_draws, confidence);
  return uncertainty_table(study, of_draws, confidence);
}

namespace {

std::string point_sentence(const StudyResults& study, const MetricValues& metric, const char* which, std::size_t point,
                           const PointEstimates& estimates) {
  const SweepResults& sweep = *study.sweep;
  std::string text = std::string{which} + " point " + std::to_string(point + 1);
  if (!sweep.labels.empty() && !sweep.labels[point].empty()) text += " \"" + sweep.labels[point] + '"';
  text += " (" + point_values(sweep, point) + "): " + words_of(metric) + ' ' +
          with_unit(shown(estimates.value), metric.unit);
  if (estimates.difference.has_interval())
    text += "; against \"" + sweep.base + "\" " + with_unit(shown(estimates.difference), difference_unit(metric.unit));
  return text + '.';
}

std::string factor_sentence(const Sensitivity& line) {
  const bool clear = (std::isnan(line.correlation.mean) ? line.swing : line.correlation).is_clear();
  std::string text = clear ? "The factor that moves it most is " + line.factor
                           : "No factor clearly moves it; the strongest is " + line.factor;
  if (!std::isnan(line.swing.mean))
    text += ": from " + shown_short(line.low) + " to " + with_unit(shown_short(line.high), line.unit) +
            ", it changes by " + with_unit(shown(line.swing), difference_unit(line.metric->unit));
  return text + '.';
}

void add_sweep_sentences(const StudyResults& study, double confidence, std::vector<std::string>& sentences) {
  if (study.sweep->metrics.empty() || study.sweep->points == 0) return;
  const MetricValues& metric = study.sweep->metrics.front();
  const std::vector<PointEstimates> estimates = estimates_of(study, metric, confidence);
  const std::vector<std::size_t> order = best_first(metric, estimates);
  std::size_t last = order.size() - 1;
  while (last > 0 && std::isnan(estimates[order[last]].value.mean)) --last;
  if (std::isnan(estimates[order.front()].value.mean)) return;
  const bool directed = !metric.metric.good.empty();
  sentences.push_back(
      point_sentence(study, metric, directed ? "Best:" : "Least:", order.front(), estimates[order.front()]));
  sentences.push_back(
      point_sentence(study, metric, directed ? "Worst:" : "Greatest:", order[last], estimates[order[last]]));
  const std::vector<Sensitivity> lines = sensitivities(study, metric, false, confidence);
  if (!lines.empty() && !std::isnan(lines.front().size())) sentences.push_back(factor_sentence(lines.front()));
}

void add_uncertain_sentences(const StudyResults& study, double confidence, std::vector<std::string>& sentences) {
  const UncertainResults& uncertain = *study.uncertain;
  if (uncertain.metrics.empty()) return;
  const MetricValues& metric = uncertain.metrics.front();
  for (std::size_t s = 0; s < uncertain.scenarios.size(); ++s) {
    const auto found = apart(uncertain, metric, s, s > 0, confidence);
    if (!found) continue;
    std::string text = "With \"" + uncertain.scenarios[s] + "\"" +
                       (s > 0 ? ", less \"" + uncertain.scenarios.front() + "\"" : "") + ": " + words_of(metric) + ' ' +
                       with_unit(shown_mean(found->mean), s > 0 ? difference_unit(metric.unit) : metric.unit);
    if (found->mean.has_interval())
      text +=
          ", chance ±" + shown(found->mean.half_width(), shown_decimals(found->mean.mean, found->mean.half_width()));
    sentences.push_back(text + ", ignorance " + band_text(*found) + '.');
  }
  const std::vector<Sensitivity> lines = sensitivities(study, metric, true, confidence);
  if (!lines.empty() && !std::isnan(lines.front().size())) sentences.push_back(factor_sentence(lines.front()));
}

}  // namespace

std::vector<std::string> sweep_sentences(const StudyResults& study, double confidence) {
  std::vector<std::string> sentences;
  if (study.sweep) add_sweep_sentences(study, confidence, sentences);
  if (study.uncertain) add_uncertain_sentences(study, confidence, sentences);
  return sentences;
}

}  // namespace tl
