#include "analysis/rows_file.hpp"

#include <array>
#include <string>

#include "analysis/measures.hpp"
#include "analysis/store_error.hpp"

namespace tl {
namespace {

/// A column of texts taken from a list of anything.
template <class Rows, class Text>
void texts(hid_t group, const std::string& name, const Rows& rows, Text text, const char* meaning) {
  std::vector<std::string> values;
  for (const auto& row : rows) values.push_back(text(row));
  h5::write_texts(group, name, values, {"", meaning, {}});
}
template <class Rows, class Number>
void numbers(hid_t group, const std::string& name, const Rows& rows, Number number, const char* meaning) {
  std::vector<double> values;
  for (const auto& row : rows) values.push_back(number(row));
  h5::write_list(group, name, values, {"", meaning, {}});
}

void write_matrix(hid_t group, const std::string& name, const std::vector<double>& values,
                  std::span<const std::uint64_t> shape, const h5::Words& words) {
  h5::Handle array = h5::create_array(group, name, h5::Element::f64, shape, words);
  if (!values.empty()) h5::write_rows(array, h5::Element::f64, 0, shape[0], values.data());
  array.close("writing a results file");
}
std::vector<double> read_matrix(hid_t group, const std::string& name, std::span<const std::uint64_t> shape) {
  h5::read_rows(group, name, h5::Element::f64, shape, 0, 0, nullptr);  // the shape, before memory is asked for
  std::uint64_t count = 1;
  for (const std::uint64_t size : shape) count *= size;
  std::vector<double> values(count);
  if (count > 0) h5::read_rows(group, name, h5::Element::f64, shape, 0, shape[0], values.data());
  return values;
}

template <class... Lists>
void require_same_length(std::size_t length, const Lists&... lists) {
  if (((lists.size() != length) || ...)) throw StoreError{"lists of the sweep that go together differ in length"};
}

std::string array_name(std::size_t metric) {
  return "metric_" + std::to_string(metric);
}

void write_metrics(hid_t parent, const std::vector<MetricValues>& metrics, std::span<const std::uint64_t> shape,
                   std::span<const std::string_view> dimensions) {
  const h5::Handle group = h5::create_group(parent, "metrics");
  const hid_t at = group.id();
  texts(
      at, "id", metrics, [](const MetricValues& m) { return m.metric.id; }, "the metric's name");
  texts(
      at, "measure", metrics, [](const MetricValues& m) { return m.metric.measure; }, "what is measured");
  texts(
      at, "scope", metrics, [](const MetricValues& m) { return m.metric.scope; }, "kind of what it is measured of");
  texts(
      at, "subject", metrics, [](const MetricValues& m) { return m.metric.subject; }, "what it is measured of");
  texts(
      at, "good", metrics, [](const MetricValues& m) { return m.metric.good; }, "lower, higher or empty");
  texts(
      at, "words", metrics, [](const MetricValues& m) { return m.metric.words; }, "in plain words");
  texts(
      at, "unit", metrics, [](const MetricValues& m) { return m.unit; }, "its unit");
  numbers(
      at, "target", metrics,
      [](const MetricValues& m) {
        const Measure* measure = find_measure(m.metric.measure);
        return measure == nullptr ? m.metric.target : target_in_unit(*measure, m.metric.target);
      },
      "NaN where there is none");
  for (std::size_t i = 0; i < metrics.size(); ++i)
    write_matrix(at, array_name(i), metrics[i].values, shape, {metrics[i].unit, metrics[i].metric.words, dimensions});
}

std::vector<MetricValues> read_metrics(hid_t parent, std::span<const std::uint64_t> shape) {
  const h5::Handle group = h5::open_group(parent, "metrics");
  const hid_t at = group.id();
  const auto ids = h5::read_texts(at, "id"), measures = h5::read_texts(at, "measure"),
             scopes = h5::read_texts(at, "scope"), subjects = h5::read_texts(at, "subject"),
             good = h5::read_texts(at, "good"), words = h5::read_texts(at, "words"), units = h5::read_texts(at, "unit");
  const std::vector<double> targets = h5::read_doubles(at, "target");
  require_same_length(ids.size(), measures, scopes, subjects, good, words, units, targets);
  std::vector<MetricValues> metrics;
  for (std::size_t i = 0; i < ids.size(); ++i)
    metrics.push_back({{ids[i], measures[i], scopes[i], subjects[i], good[i], words[i], targets[i]},
                       units[i],
                       read_matrix(at, array_name(i), shape)});
  return metrics;
}

}  // namespace

void write_sweep(hid_t file, const SweepResults& sweep) {
  const h5::Handle group = h5::create_group(file, "sweep");
  const hid_t at = group.id();
  h5::write_attribute(at, "design", sweep.design);
  h5::write_attribute(at, "base", sweep.base);
  h5::write_attribute(at, "points", std::uint64_t{sweep.points});
  h5::write_attribute(at, "replications", std::uint64_t{sweep.replications});
  texts(
      at, "factor_addresses", sweep.factors, [](const SweptFactor& f) { return f.address; }, "what is turned");
  texts(
      at, "factor_units", sweep.factors, [](const SweptFactor& f) { return f.unit; }, "unit of its values");
  numbers(
      at, "factor_low", sweep.factors, [](const SweptFactor& f) { return f.low; }, "least value of the range");
  numbers(
      at, "factor_high", sweep.factors, [](const SweptFactor& f) { return f.high; }, "greatest value");
  h5::write_texts(at, "point_labels", sweep.labels, {"", "names of the points of a list; else empty", {}});
  constexpr std::array<std::string_view, 2> kDesign{"point", "factor"}, kValues{"point", "replication"};
  write_matrix(at, "values", sweep.values, std::array<std::uint64_t, 2>{sweep.points, sweep.factors.size()},
               {"", "value of each factor; NaN = as in the base", kDesign});
  write_metrics(at, sweep.metrics, std::array<std::uint64_t, 2>{sweep.points, sweep.replications}, kValues);
}

std::optional<SweepResults> read_sweep_results(hid_t file) {
  if (!h5::has_group(file, "sweep")) return std::nullopt;
  const h5::Handle group = h5::open_group(file, "sweep");
  const hid_t at = group.id();
  SweepResults sweep;
  sweep.design = h5::read_text_attribute(at, "design");
  sweep.base = h5::read_text_attribute(at, "base");
  sweep.points = static_cast<std::uint32_t>(h5::read_number_attribute(at, "points"));
  sweep.replications = static_cast<std::uint32_t>(h5::read_number_attribute(at, "replications"));
  const auto addresses = h5::read_texts(at, "factor_addresses"), units = h5::read_texts(at, "factor_units");
  const auto lows = h5::read_doubles(at, "factor_low"), highs = h5::read_doubles(at, "factor_high");
  require_same_length(addresses.size(), units, lows, highs);
  for (std::size_t i = 0; i < addresses.size(); ++i)
    sweep.factors.push_back({addresses[i], units[i], lows[i], highs[i]});
  sweep.labels = h5::read_texts(at, "point_labels");
  if (!sweep.labels.empty()) require_same_length(sweep.points, sweep.labels);
  sweep.values = read_matrix(at, "values", std::array<std::uint64_t, 2>{sweep.points, sweep.factors.size()});
  sweep.metrics = read_metrics(at, std::array<std::uint64_t, 2>{sweep.points, sweep.replications});
  return sweep;
}

void write_uncertain(hid_t file, const UncertainResults& uncertain) {
  const h5::Handle group = h5::create_group(file, "uncertain");
  const hid_t at = group.id();
  h5::write_attribute(at, "draws", std::uint64_t{uncertain.draws});
  h5::write_attribute(at, "replications", std::uint64_t{uncertain.replications});
  h5::write_texts(at, "scenario_ids", uncertain.scenarios, {"", "the scenarios in order", {}});
  const auto& parameters = uncertain.parameters;
  texts(
      at, "parameter_ids", parameters, [](const DrawnResults& p) { return p.id; }, "what is drawn");
  texts(
      at, "parameter_units", parameters, [](const DrawnResults& p) { return p.unit; }, "unit of its values");
  texts(
      at, "parameter_distributions", parameters, [](const DrawnResults& p) { return p.words; }, "drawn from");
  numbers(
      at, "parameter_stated", parameters, [](const DrawnResults& p) { return p.stated ? 1.0 : 0.0; },
      "1 = the model states the distribution, 0 = made of low and high");
  constexpr std::array<std::string_view, 2> kDraws{"draw", "parameter"};
  constexpr std::array<std::string_view, 3> kValues{"scenario", "draw", "replication"};
  write_matrix(at, "values", uncertain.values, std::array<std::uint64_t, 2>{uncertain.draws, parameters.size()},
               {"", "value of each parameter, the same for every scenario", kDraws});
  write_metrics(at, uncertain.metrics,
                std::array<std::uint64_t, 3>{uncertain.scenarios.size(), uncertain.draws, uncertain.replications},
                kValues);
}

std::optional<UncertainResults> read_uncertain_results(hid_t file) {
  if (!h5::has_group(file, "uncertain")) return std::nullopt;
  const h5::Handle group = h5::open_group(file, "uncertain");
  const hid_t at = group.id();
  UncertainResults uncertain;
  uncertain.draws = static_cast<std::uint32_t>(h5::read_number_attribute(at, "draws"));
  uncertain.replications = static_cast<std::uint32_t>(h5::read_number_attribute(at, "replications"));
  uncertain.scenarios = h5::read_texts(at, "scenario_ids");
  const auto ids = h5::read_texts(at, "parameter_ids"), units = h5::read_texts(at, "parameter_units"),
             words = h5::read_texts(at, "parameter_distributions");
  const std::vector<double> stated = h5::read_doubles(at, "parameter_stated");
  require_same_length(ids.size(), units, words, stated);
  for (std::size_t i = 0; i < ids.size(); ++i)
    uncertain.parameters.push_back({ids[i], units[i], words[i], stated[i] != 0.0});
  uncertain.values = read_matrix(at, "values", std::array<std::uint64_t, 2>{uncertain.draws, ids.size()});
  uncertain.metrics = read_metrics(
      at, std::array<std::uint64_t, 3>{uncertain.scenarios.size(), uncertain.draws, uncertain.replications});
  return uncertain;
}

}  // namespace tl
