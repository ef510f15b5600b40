#include "tests/scenarios/published.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>
#include <stdexcept>

#include "models/table_reader.hpp"
#include "scenarios/plan.hpp"
#include "sim/maths.hpp"
#include "tests/scenarios/run_watched.hpp"

namespace tl::testing {
namespace {

constexpr double kFalseAlarm = 1e-6;       // two-sided, of one figure
constexpr double kPowerQuantile = 3.0902;  // of the normal distribution at 0.999

std::string path_of(const std::string& file) {
  return std::string{TL_SOURCE_DIR} + "/" + file;
}

/// A table of the project's own. Lines that begin with # stand before the heading and tell what the columns are.
Table read_own_table(const std::string& file) {
  Problems problems;
  const Limits limits;
  std::string text = read_text_file(path_of(file), {}, limits.table_file_bytes, problems).value_or("");
  while (text.starts_with('#')) text.erase(0, text.find('\n') + 1);
  Table table = read_csv_text(text, "cases", file, limits, problems);
  if (problems.has_errors() || table.rows.empty()) throw std::runtime_error(file + ":\n" + to_text(problems));
  return table;
}

std::string text_in(const Row& row, const std::string& field) {
  const Cell* cell = row.find(field);
  if (cell == nullptr) throw std::runtime_error(row.at.file + ": a row lacks " + field);
  return cell->text;
}

double number_in(const Row& row, const std::string& field) {
  return std::stod(text_in(row, field));
}

/// The measured figures of one model or study: terms[figure][replication].
struct Gathered {
  std::vector<const PublishedCase*> figures;
  std::vector<std::vector<Terms>> terms;
  std::vector<bool> is_variance;
};

Plan plan_for(const std::string& file, const std::vector<const PublishedCase*>& figures, std::uint32_t replications,
              std::optional<std::uint64_t> seed) {
  PlanOptions options;
  options.replications = replications;
  options.seed = seed;
  for (const PublishedCase* figure : figures)
    if (std::find(options.only.begin(), options.only.end(), figure->scenario) == options.only.end())
      options.only.push_back(figure->scenario);
  Problems problems;
  Plan plan = read_plan(path_of(file), options, Limits{}, problems);
  if (problems.has_errors()) throw std::runtime_error(to_text(problems));
  return plan;
}

Gathered gather(const std::string& file, const std::vector<const PublishedCase*>& figures, std::uint32_t replications,
                std::optional<std::uint64_t> seed) {
  const Plan plan = plan_for(file, figures, replications, seed);
  Gathered gathered{.figures = figures, .terms = {}, .is_variance = {}};
  std::vector<Measure> measures;
  std::vector<std::size_t> scenarios;
  for (const PublishedCase* figure : figures) {
    const auto scenario = std::find_if(plan.scenarios.begin(), plan.scenarios.end(),
                                       [&](const ScenarioPlan& each) { return each.id == figure->scenario; });
    if (scenario == plan.scenarios.end()) throw std::runtime_error(file + " has no scenario " + figure->scenario);
    scenarios.push_back(static_cast<std::size_t>(scenario - plan.scenarios.begin()));
    measures.emplace_back(figure->measure, scenario->compiled);
    gathered.is_variance.push_back(measures.back().is_variance());
  }
  gathered.terms.assign(figures.size(), std::vector<Terms>(plan.replications));
  run_watched(plan, [&](std::uint32_t scenario, std::uint32_t replication, const ReplicationResult& result) {
    for (std::size_t f = 0; f < figures.size(); ++f)
      if (scenarios[f] == scenario) gathered.terms[f][replication] = measures[f].of(result);
  });
  return gathered;
}

/// Student's limit for a false alarm of one in a million, and the error it lets one see: that of the shifted t
/// distribution by its usual normal approximation (Abramowitz and Stegun 26.7.10).
Compared compare(const PublishedCase& figure, const Estimate& ours, double wanted) {
  Compared compared{.published = figure, .ours = ours, .wanted = wanted};
  const double error = std::hypot(ours.standard_error, figure.reference_se);
  const double degrees = static_cast<double>(ours.replications) - 1.0;
  compared.z = (ours.value - figure.reference) / error;
  compared.limit = student_t_quantile(1.0 - kFalseAlarm / 2.0, degrees);
  const double shift =
      compared.limit + kPowerQuantile * std::sqrt(1.0 + compared.limit * compared.limit / (2.0 * degrees));
  compared.catches = shift * error / std::abs(figure.reference);
  return compared;
}

std::string shown(double value, int digits) {
  std::ostringstream text;
  text.precision(digits);
  text << value;
  return text.str();
}

std::string fixed(double value, int decimals) {
  std::ostringstream text;
  text.setf(std::ios::fixed);
  text.precision(decimals);
  text << value;
  return text.str();
}

std::size_t count_beyond(const std::vector<Compared>& all, double z) {
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](const Compared& each) { return std::abs(each.z) > z; }));
}

std::string share_line(const std::vector<Compared>& all, double z) {
  const auto n = static_cast<double>(all.size());
  const std::size_t beyond = count_beyond(all, z);
  return "| " + shown(z, 1) + " | " + std::to_string(beyond) + " of " + std::to_string(all.size()) + " | " +
         fixed(100.0 * static_cast<double>(beyond) / n, 1) + " % | " + fixed(200.0 * normal_cdf(-z), 2) + " % |\n";
}

}  // namespace

std::vector<PublishedCase> read_published_cases() {
  std::vector<PublishedCase> cases;
  for (const Row& row : read_own_table("docs/validation_cases.csv").rows) {
    PublishedCase each{.id = text_in(row, "case"),
                       .file = text_in(row, "file"),
                       .scenario = text_in(row, "scenario"),
                       .quantity = text_in(row, "quantity"),
                       .measure = text_in(row, "measure"),
                       .reference = number_in(row, "reference"),
                       .reference_se = number_in(row, "reference_se"),
                       .catches = number_in(row, "catches"),
                       .quick_catches = std::nullopt};
    if (row.find("quick_catches") != nullptr) each.quick_catches = number_in(row, "quick_catches");
    cases.push_back(std::move(each));
  }
  return cases;
}

std::vector<PublishedRuns> read_published_runs() {
  std::vector<PublishedRuns> runs;
  for (const Row& row : read_own_table("tests/scenarios/validation_runs.csv").rows)
    runs.push_back({.file = text_in(row, "file"),
                    .quick = static_cast<std::uint32_t>(number_in(row, "quick")),
                    .nightly = static_cast<std::uint32_t>(number_in(row, "nightly"))});
  return runs;
}

std::string to_text(const Compared& compared) {
  return compared.published.id + " " + compared.published.quantity + " (" + compared.published.scenario +
         "): observed " + shown(compared.ours.value, 7) + ", expected " + shown(compared.published.reference, 8) +
         ", standard error " + shown(compared.ours.standard_error, 3) + ", z " + fixed(compared.z, 2) + " (limit " +
         fixed(compared.limit, 2) + "), " + std::to_string(compared.ours.replications) +
         " replications, sees an error of " + shown(100.0 * compared.catches, 3) +
         " % with power 0.999 (stated: " + shown(100.0 * compared.wanted, 3) + " %)";
}

std::vector<Compared> compare_published(Power power, std::optional<std::uint64_t> seed) {
  const std::vector<PublishedCase> cases = read_published_cases();
  std::map<const PublishedCase*, Compared> found;
  for (const PublishedRuns& runs : read_published_runs()) {
    const std::uint32_t replications = power == Power::quick ? runs.quick : runs.nightly;
    std::vector<const PublishedCase*> figures;
    for (const PublishedCase& each : cases)
      if (each.file == runs.file && (power == Power::full || each.quick_catches)) figures.push_back(&each);
    if (figures.empty() || replications == 0) continue;
    const Gathered gathered = gather(runs.file, figures, replications, seed);
    for (std::size_t f = 0; f < figures.size(); ++f) {
      const Estimate ours =
          gathered.is_variance[f] ? variance_estimate(gathered.terms[f]) : ratio_estimate(gathered.terms[f]);
      const double wanted = power == Power::quick ? *figures[f]->quick_catches : figures[f]->catches;
      found.emplace(figures[f], compare(*figures[f], ours, wanted));
    }
  }
  std::vector<Compared> all;
  for (const PublishedCase& each : cases)
    if (found.contains(&each)) all.push_back(found.at(&each));
  return all;
}

std::string validation_page(const std::vector<Compared>& all) {
  std::string page =
      "# Validation: published models reproduced\n\n"
      "Each model here was published by others, with its results; each was written in the model language from its "
      "published\n"
      "parameters alone and run like any other. Files: `models/validation`, `scenarios/validation`; references and the "
      "measures:\n"
      "[validation_cases.csv](validation_cases.csv).\n\n"
      "z = (ours - reference) / sqrt(SE of ours² + SE of the reference²). A reference without standard error is exact "
      "(a closed form or\n"
      "a solved Markov chain); a rounded one counts with the error of its rounding. n is the number of replications. "
      "*Sees* is the\n"
      "error, as a share of the reference, that this comparison would report with power 0.999 at a false alarm of one "
      "in a million.\n\n"
      "Every figure agrees where |z| stays below 4.89 (Student's quantile for few replications). How many should be "
      "larger than 2\n"
      "or 3 by chance, and how many are (figures of one model come from the same runs and move together):\n\n"
      "| \\|z\\| over | figures | share | share expected |\n| --- | --- | --- | --- |\n";
  page += share_line(all, 2.0) + share_line(all, 3.0);
  page +=
      "\n## How to repeat it\n\n"
      "```sh\n"
      "./dev nightly                                                        # all long tests, these among them\n"
      "build/release/tests/scenarios_tests \"published models at full power\"  # these alone\n"
      "TL_UPDATE_DOCS=1 build/release/tests/scenarios_tests \"published models at full power\"   # and this page "
      "written anew\n"
      "TL_SEED=7 build/release/tests/scenarios_tests \"published models at full power\"          # other draws\n"
      "```\n\n"
      "The seed is 1 and was not chosen; the same seed gives the figures below on every machine. One model by hand:\n"
      "`throughline run models/validation/v1_01_mm1.toml -o results/mm1`.\n\n"
      "## Figures\n\n"
      "| case | quantity | scenario | reference | ours | standard error | z | n | sees |\n"
      "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n";
  for (const Compared& each : all)
    page += "| " + each.published.id + " | " + each.published.quantity + " | " + each.published.scenario + " | " +
            shown(each.published.reference, 8) + " | " + shown(each.ours.value, 7) + " | " +
            shown(each.ours.standard_error, 2) + " | " + fixed(each.z, 2) + " | " +
            std::to_string(each.ours.replications) + " | " + shown(100.0 * each.catches, 2) + " % |\n";
  return page;
}

}  // namespace tl::testing
