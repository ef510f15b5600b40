#include "tests/scenarios/example.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "models/read_model.hpp"
#include "scenarios/plan.hpp"
#include "sim/maths.hpp"
#include "tests/catch.hpp"
#include "tests/scenarios/measures.hpp"

namespace tl::testing {
namespace {

constexpr double kFalseAlarm = 1e-6;
constexpr double kPowerQuantile = 3.0902;  // of the normal distribution at 0.999

std::string edited(std::string text, const std::vector<Edit>& edits) {
  for (const Edit& edit : edits) {
    const std::size_t at = text.find(edit.from);
    if (at == std::string::npos || text.find(edit.from, at + 1) != std::string::npos)
      throw std::runtime_error("the example does not say once: " + edit.from);
    text.replace(at, edit.from.size(), edit.to);
  }
  return text;
}

Compiled compile_example(const std::string& name, const std::vector<Edit>& edits) {
  Problems problems;
  if (edits.empty()) {
    PlanOptions options;
    options.replications = 1;
    Plan plan = read_plan(example_path(name), options, Limits{}, problems);
    if (problems.has_errors()) throw std::runtime_error(to_text(problems));
    return std::move(plan.scenarios.front().compiled);
  }
  const std::string file = "models/examples/" + name + ".toml";
  const auto model = read_model_text(edited(text_of_source(file), edits), file, {}, problems);
  auto compiled = model ? compile(*model, Limits{}, problems) : std::nullopt;
  if (!compiled) throw std::runtime_error(to_text(problems));
  return std::move(*compiled);
}

std::size_t row_of(const std::vector<std::string>& names, const std::string& id) {
  const auto at = std::find(names.begin(), names.end(), id);
  if (at == names.end()) throw std::runtime_error("the example has no " + id);
  return static_cast<std::size_t>(at - names.begin());
}

std::size_t row_of(const std::vector<StaffWords>& staff, const std::string& id) {
  for (std::size_t i = 0; i < staff.size(); ++i)
    if (staff[i].id == id) return i;
  throw std::runtime_error("the example has no staff pool " + id);
}

std::size_t row_of(const std::vector<SettingWords>& settings, const std::string& id) {
  for (std::size_t i = 0; i < settings.size(); ++i)
    if (settings[i].id == id) return i;
  throw std::runtime_error("the example has no setting " + id);
}

std::size_t row_of(const std::vector<PolicyWords>& policies, const std::string& id) {
  for (std::size_t i = 0; i < policies.size(); ++i)
    if (policies[i].id == id) return i;
  throw std::runtime_error("the example has no policy " + id);
}

std::size_t row_of(const std::vector<BudgetWords>& budgets, const std::string& id) {
  for (std::size_t i = 0; i < budgets.size(); ++i)
    if (budgets[i].id == id) return i;
  throw std::runtime_error("the example has no budget " + id);
}

template <std::size_t size>
std::size_t sum_of(const std::array<SumInfo, size>& sums, const std::string& name) {
  for (std::size_t i = 0; i < size; ++i)
    if (sums[i].name == name) return i;
  throw std::runtime_error("no sum is called " + name);
}

double over_all(const std::vector<double>& values, std::size_t periods, std::size_t at) {
  const std::size_t width = values.size() / periods;
  double total = 0.0;
  for (std::size_t period = 0; period < periods; ++period) total += values[period * width + at];
  return total;
}

/// A number as the pages show it: three digits that count.
std::string shown(double value) {
  if (value >= 1000.0 && value < 1e9) {
    const double unit = std::pow(10.0, std::floor(std::log10(value)) - 2.0);
    return std::to_string(std::llround(std::round(value / unit) * unit));
  }
  std::ostringstream text;
  text.precision(3);
  text << value;
  return text.str();
}

std::string name_of(const Catalogue& words, SettingId setting) {
  if (!setting.exists()) return "";
  return setting.index() < words.settings.size() ? words.settings[setting.index()].id : "";
}

/// Writes each move as a line.
class MoveLines : public Watcher {
 public:
  MoveLines(const Compiled& compiled, std::vector<std::string>& lines) : compiled_{compiled}, lines_{lines} {}
  void entered(std::uint32_t number, const ClientKey&, SimTime) override { names_[number] = ++count_; }
  void moved(std::uint32_t number, SettingId from, SettingId to, SimTime at) override {
    add(number, name_of(compiled_.words, from) + ">" + name_of(compiled_.words, to), at);
    where_[number] = name_of(compiled_.words, to);
  }
  void left(std::uint32_t number, ReasonId reason, SimTime at) override {
    add(number, where_[number] + ">leave:" + compiled_.words.reasons[reason.index()], at);
  }

 private:
  void add(std::uint32_t number, const std::string& what, SimTime at) {
    std::ostringstream line;
    line << (at - compiled_.model.start).days() << ' ' << names_[number] << ' ' << what;
    lines_.push_back(line.str());
  }
  const Compiled& compiled_;
  std::vector<std::string>& lines_;
  std::map<std::uint32_t, int> names_;
  std::map<std::uint32_t, std::string> where_;
  int count_ = 0;
};

/// The line of a table's row that begins with these words: its beginning and its end in the page.
std::pair<std::size_t, std::size_t> row_in(const std::string& page, const std::string& words) {
  const std::size_t at = page.find("\n| " + words + " |");
  if (at == std::string::npos) return {at, at};
  return {at + 1, page.find('\n', at + 1)};
}

/// The cells of a table's row in a page that begins with these words; empty where there is none.
std::vector<std::string> page_row(const std::string& page, const std::string& words) {
  std::istringstream lines{page};
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> cells;
    std::istringstream row{line};
    for (std::string cell; std::getline(row, cell, '|');) {
      const std::size_t first = cell.find_first_not_of(' ');
      cells.push_back(first == std::string::npos ? "" : cell.substr(first, cell.find_last_not_of(' ') - first + 1));
    }
    if (cells.size() >= 4 && cells[0].empty() && cells[1] == words) return cells;
  }
  return {};
}

}  // namespace

std::string example_path(const std::string& name) {
  const std::string path = std::string{TL_SOURCE_DIR} + "/models/examples/" + name;
  return std::filesystem::is_directory(path) ? path : path + ".toml";
}

std::string text_of_source(const std::string& file) {
  std::ifstream in{std::string{TL_SOURCE_DIR} + "/" + file, std::ios::binary};
  if (!in) throw std::runtime_error("cannot read " + file);
  return {std::istreambuf_iterator<char>{in}, {}};
}

bool are_same(const std::vector<ReplicationResult>& a, const std::vector<ReplicationResult>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const ReplicationResult& x, const ReplicationResult& y) {
    return x.settings == y.settings && x.model == y.model && x.events == y.events && x.milestones == y.milestones &&
           x.reasons == y.reasons && x.outcomes == y.outcomes && x.costs == y.costs && x.policies == y.policies &&
           x.budgets == y.budgets && x.observed_census == y.observed_census &&
           x.observed_waiting == y.observed_waiting && x.wait_lengths == y.wait_lengths &&
           x.stay_lengths == y.stay_lengths && x.milestone_lengths == y.milestone_lengths &&
           x.census_time == y.census_time && x.peak_present == y.peak_present;
  });
}

Example::Example(const std::string& name, const std::vector<Edit>& edits)
    : name_{name}, compiled_{compile_example(name, edits)} {}

void Example::run(std::uint32_t replications) {
  Simulation simulation{compiled_.model};
  results_.resize(replications);
  for (std::uint32_t r = 0; r < replications; ++r) simulation.run(1, r, nullptr, results_[r]);
}

void Example::watch(Watcher& watcher) const {
  Simulation simulation{compiled_.model};
  simulation.watch(&watcher);
  ReplicationResult result;
  simulation.run(1, 0, nullptr, result);
}

std::vector<std::string> Example::moves() const {
  std::vector<std::string> lines;
  MoveLines watcher{compiled_, lines};
  watch(watcher);
  return lines;
}

double Example::term(const std::string& text, const ReplicationResult& result) const {
  if (text == "runs") return 1.0;
  if (text == "days") return (compiled_.model.end - compiled_.model.start).days();
  const std::size_t dot = text.find('.');
  if (dot == std::string::npos || text.find_first_not_of("0123456789.") == std::string::npos) return std::stod(text);
  const std::string head = text.substr(0, dot), tail = text.substr(dot + 1);
  const Catalogue& words = compiled_.words;
  if (head == "model") return over_all(result.model, result.period_count, sum_of(kModelSums, tail));
  if (head == "outcome") return over_all(result.outcomes, result.period_count, row_of(words.outcomes, tail));
  if (head == "cost") {
    for (std::size_t item = 0; item < words.costs.size(); ++item)
      if (words.costs[item].id == tail) return over_all(result.costs, result.period_count, item);
    throw std::runtime_error{"no cost is called " + tail};
  }
  if (head == "event") return over_all(result.events, result.period_count, row_of(words.events, tail));
  if (head == "reason") return over_all(result.reasons, result.period_count, row_of(words.reasons, tail));
  if (head == "milestone") {
    const std::size_t second = tail.find('.');
    const std::size_t row = row_of(words.milestones, tail.substr(0, second));
    return over_all(result.milestones, result.period_count,
                    row * kMilestoneSums.size() + sum_of(kMilestoneSums, tail.substr(second + 1)));
  }
  if (head == "staff") {
    const std::size_t second = tail.find('.');
    return over_all(
        result.staff, result.period_count,
        row_of(words.staff, tail.substr(0, second)) * kStaffSums.size() + sum_of(kStaffSums, tail.substr(second + 1)));
  }
  if (head == "policy") {
    const std::size_t second = tail.find('.');
    return over_all(result.policies, result.period_count,
                    row_of(words.policies, tail.substr(0, second)) * kPolicySums.size() +
                        sum_of(kPolicySums, tail.substr(second + 1)));
  }
  if (head == "budget") {
    const std::size_t second = tail.find('.');
    return over_all(result.budgets, result.period_count,
                    row_of(words.budgets, tail.substr(0, second)) * kBudgetSums.size() +
                        sum_of(kBudgetSums, tail.substr(second + 1)));
  }
  if (head == "observed") {
    const std::size_t second = tail.find('.');
    return result.observed_census[std::stoul(tail.substr(second + 1)) * result.setting_count +
                                  row_of(words.settings, tail.substr(0, second))];
  }
  const std::size_t last = text.rfind('.');  // the id of a line has a dot of its own
  return over_periods(result, row_of(words.settings, text.substr(0, last)),
                      static_cast<SettingSum>(sum_of(kSettingSums, text.substr(last + 1))));
}

double Example::value_of(const std::string& text, const ReplicationResult& result) const {
  std::istringstream parts{text};
  double total = 0.0, sign = 1.0;
  for (std::string part; parts >> part;) {
    if (part == "+" || part == "-")
      sign = part == "+" ? 1.0 : -1.0;
    else
      total += sign * term(part, result);
  }
  return total;
}

double Example::total(const std::string& text) const {
  double sum = 0.0;
  for (const ReplicationResult& result : results_) sum += value_of(text, result);
  return sum;
}

void Example::check(const std::string& words, const std::string& top, const std::string& bottom, double exact,
                    double catches) {
  std::vector<Terms> terms;
  for (const ReplicationResult& result : results_)
    terms.push_back({.top = value_of(top, result), .bottom = value_of(bottom, result)});
  const Estimate ours = ratio_estimate(terms);
  const double degrees = static_cast<double>(terms.size()) - 1.0;
  const double limit = student_t_quantile(1.0 - kFalseAlarm / 2.0, degrees);
  const double seen = (limit + kPowerQuantile * std::sqrt(1.0 + limit * limit / (2.0 * degrees))) *
                      ours.standard_error / std::abs(exact);
  INFO(name_ << ", " << words << ": observed " << ours.value << ", expected " << exact << ", standard error "
             << ours.standard_error << ", z " << (ours.value - exact) / ours.standard_error << " (limit " << limit
             << "), sees an error of " << 100.0 * seen << " % with power 0.999 (stated: " << 100.0 * catches << " %)");
  CHECK(std::abs(ours.value - exact) <= limit * ours.standard_error + 1e-12 * std::abs(exact));
  CHECK(seen <= catches);
  checked_.push_back({words, exact, ours.value, limit * ours.standard_error});
}

/// Rows that are there are replaced, others come at the end of the page's table of figures.
void Example::write_rows() const {
  const std::string file = "docs/guide/" + name_ + ".md", head = "| quantity | exact | in a run |\n";
  std::string page = text_of_source(file);
  for (const Checked& each : checked_) {
    const std::string row = "| " + each.words + " | " + shown(each.exact) + " | " + shown(each.ours) + " |";
    const auto [begin, end] = row_in(page, each.words);
    if (begin != std::string::npos) {
      page.replace(begin, end - begin, row);
      continue;
    }
    std::size_t at = page.find(head);
    if (at == std::string::npos) throw std::runtime_error(file + " has no table of figures");
    while (page[at] == '|') at = page.find('\n', at) + 1;
    page.insert(at, row + "\n");
  }
  std::ofstream{std::string{TL_SOURCE_DIR} + "/" + file, std::ios::binary} << page;
}

void Example::check_same(const std::string& words, const std::string& top, double exact) {
  for (const ReplicationResult& result : results_) {
    INFO(name_ << ", " << words);
    CHECK(value_of(top, result) == Approx(exact).epsilon(1e-9).margin(1e-9));
  }
  checked_.push_back({words, exact, exact, 0.0});
}

void Example::check_page() const {
  if (std::getenv("TL_UPDATE_DOCS") != nullptr) write_rows();
  const std::string page = text_of_source("docs/guide/" + name_ + ".md");
  for (const Checked& each : checked_) {
    const std::vector<std::string> cells = page_row(page, each.words);
    INFO("docs/guide/" << name_ << ".md should have the row\n| " << each.words << " | " << shown(each.exact) << " | "
                       << shown(each.ours) << " |");
    REQUIRE(cells.size() >= 4);
    CHECK(cells[2] == shown(each.exact));
    CHECK(std::abs(std::stod(cells[3]) - each.ours) <= each.allowed + 0.006 * std::abs(each.ours));
  }
}

}  // namespace tl::testing
