#include "scenarios/warmup.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <utility>

#include "models/units.hpp"
#include "scenarios/mser.hpp"
#include "sim/expects.hpp"
#include "sim/maths.hpp"

namespace tl {
namespace {

constexpr std::size_t kMostTold = 3;

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Whether two stretches of the series have different means by more than chance, run by run.
bool differ(const std::vector<std::vector<double>>& runs, std::pair<std::size_t, std::size_t> a,
            std::pair<std::size_t, std::size_t> b, double false_alarm) {
  std::vector<double> differences;
  for (const std::vector<double>& run : runs) {
    const std::span<const double> all{run};
    differences.push_back(mean_of(all.subspan(a.first, a.second - a.first)) -
                          mean_of(all.subspan(b.first, b.second - b.first)));
  }
  const double count = static_cast<double>(differences.size()), mean = mean_of(differences);
  if (count < 2.0) return mean != 0.0;
  double squares = 0.0;
  for (const double difference : differences) squares += (difference - mean) * (difference - mean);
  const double error = square_root(squares / (count - 1.0) / count);
  return std::abs(mean) > error * student_t_quantile(1.0 - false_alarm / 2.0, count - 1.0);
}

/// Three significant digits, for words; larger numbers whole.
std::string rounded(double value) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), std::abs(value) >= 999.5 ? "%.0f" : "%.3g", value);
  return text.data();
}

bool is_counted(const SettingWords& words) {
  return words.kind == "place" || words.kind == "program";
}

std::string name_of(const SettingWords& words) {
  return words.name.empty() ? words.id : words.name;
}

/// One series that decides, and where it stands.
struct Slowest {
  const PilotSeries* series = nullptr;
  SeriesCut cut;
  std::string scenario;
};

/// How far it still goes, against its own size.
double climb(const SeriesCut& cut) {
  return std::abs(cut.to - cut.from) / std::max(std::max(std::abs(cut.to), std::abs(cut.from)), 1e-9);
}

std::string pilot_words(double days) {
  return std::to_string(kPilotRuns) + " pilot runs of " + shown_duration(days);
}

std::string in_scenario(const Slowest& slowest, const Plan& pilot) {
  return pilot.scenarios.size() > 1 ? " in \"" + slowest.scenario + '"' : "";
}

Warmup settled(const Slowest& slowest, const Plan& pilot, double days) {
  Warmup warmup{.found = true, .days = 0.0, .pilot_days = days, .words = "", .subject = "", .course = {}};
  if (slowest.series == nullptr) {
    warmup.words = "Warm-up: none needed, by MSER-5 on " + pilot_words(days) +
                   ": no number of clients begins further from where it stays than chance explains";
    return warmup;
  }
  warmup.days = std::ceil(static_cast<double>(slowest.cut.cut) * days / static_cast<double>(kPilotBatches) - 1e-9);
  warmup.subject = slowest.series->subject;
  warmup.course = slowest.cut.mean;
  warmup.words = "Warm-up: " + shown(warmup.days) + " d, found by MSER-5 on " + pilot_words(days) +
                 "; the slowest is " + warmup.subject + in_scenario(slowest, pilot);
  return warmup;
}

Warmup unsettled(std::vector<Slowest> climbing, const Plan& pilot, double days) {
  std::stable_sort(climbing.begin(), climbing.end(),
                   [](const Slowest& a, const Slowest& b) { return climb(a.cut) > climb(b.cut); });
  std::string list;
  for (std::size_t i = 0; i < std::min(climbing.size(), kMostTold); ++i) {
    const SeriesCut& cut = climbing[i].cut;
    list += (i == 0 ? "" : "; ") + climbing[i].series->subject + in_scenario(climbing[i], pilot) + " still " +
            (cut.to > cut.from ? "climbs" : "falls") + ", from " + rounded(cut.from) + " in the third quarter to " +
            rounded(cut.to) + " in the last";
  }
  if (climbing.size() > kMostTold) list += "; and " + std::to_string(climbing.size() - kMostTold) + " more";
  return {.found = false,
          .days = 0.0,
          .pilot_days = days,
          .words = "Warm-up: none, as the system does not settle within " + shown_duration(days) + " (" +
                   std::to_string(kPilotRuns) + " pilot runs): " + list +
                   ". Report the trajectory (throughline results DIR --by-period year) instead of an average",
          .subject = climbing.front().series->subject,
          .course = climbing.front().cut.mean};
}

Warmup pilot_failed(std::size_t failed, double days) {
  return {.found = false,
          .days = 0.0,
          .pilot_days = days,
          .words = "Warm-up: none, as " + std::to_string(failed) + " pilot runs of " + shown_duration(days) +
                   " failed, so that nothing is known of how the system settles",
          .subject = "",
          .course = {}};
}

bool has_rows(const Document& document, std::string_view name) {
  const Table* table = document.find(name);
  return table != nullptr && !table->rows.empty();
}

Cell* warmup_cell(Document& document) {
  Cell* head = document.head.find("model");
  return head != nullptr && head->is_table() ? head->find("warmup") : nullptr;
}

void set_days(Document& document, double days) {
  Cell* cell = warmup_cell(document);
  TL_EXPECTS(cell != nullptr);
  cell->text = shown(days) + " d";
}

/// Results from the first day on, in batches; nothing else of the model changes.
void cut_to_pilot(CompiledModel& model, double days) {
  const std::int64_t micros = SimTime::from_days(days).micros();
  model.start = SimTime{};
  model.end = SimTime::from_micros(micros);
  model.only_new_clients = false;
  model.observe.clear();
  model.period_ends.clear();
  constexpr auto kBatches = static_cast<std::int64_t>(kPilotBatches);
  for (std::int64_t batch = 1; batch <= kBatches; ++batch)
    model.period_ends.push_back(SimTime::from_micros(micros / kBatches * batch + micros % kBatches * batch / kBatches));
}

}  // namespace

SeriesCut cut_of(const PilotSeries& series, double false_alarm) {
  SeriesCut result;
  if (series.runs.empty()) return result;
  const std::size_t length = series.runs.front().size(), half = length / 2, quarter = length / 4;
  result.mean.assign(length, 0.0);
  for (const std::vector<double>& run : series.runs)
    for (std::size_t i = 0; i < length; ++i) result.mean[i] += run[i] / static_cast<double>(series.runs.size());
  if (quarter == 0) return result;
  const std::span<const double> mean{result.mean};
  result.from = mean_of(mean.subspan(half, quarter));
  result.to = mean_of(mean.subspan(length - quarter));
  const bool climbs = differ(series.runs, {half, half + quarter}, {length - quarter, length}, false_alarm);
  const bool late = mser_cut(mean) > half && differ(series.runs, {0, half}, {half, length}, false_alarm);
  result.settles = !climbs && !late;
  const std::size_t cut = mser_cut(mean, half);
  // MSER finds some cut in any noise: it counts where the beginning is unlike what comes later.
  if (cut > 0 && differ(series.runs, {0, std::max<std::size_t>(length / 50, 1)}, {half, length}, kBeginningFalseAlarm))
    result.cut = cut;
  return result;
}

PilotGather::PilotGather(const Plan& pilot) : pilot_{pilot} {
  for (const ScenarioPlan& scenario : pilot.scenarios) {
    std::vector<PilotSeries>& all = series_.emplace_back();
    for (const SettingWords& setting : scenario.compiled.words.settings)
      if (is_counted(setting))
        for (const char* what : {"", " (waiting)"})
          all.push_back({name_of(setting) + what, std::vector<std::vector<double>>(kPilotRuns)});
  }
}

void PilotGather::take(const RunBlock& block, std::span<const ReplicationResult> results) {
  const Compiled& compiled = pilot_.scenarios[block.scenario].compiled;
  const std::lock_guard hold{guard_};
  came_ += block.count;
  std::size_t next = 0;
  for (std::size_t setting = 0; setting < compiled.words.settings.size(); ++setting) {
    if (!is_counted(compiled.words.settings[setting])) continue;
    for (const SettingSum which : {SettingSum::census_days, SettingSum::waiting_days}) {
      PilotSeries& series = series_[block.scenario][next++];
      for (std::uint32_t i = 0; i < block.count; ++i) {
        std::vector<double>& run = series.runs.at(block.first_replication - kFirstPilotRun + i);
        run.clear();
        for (std::size_t batch = 0; batch < kPilotBatches; ++batch) {
          const SimTime from = batch == 0 ? SimTime{} : compiled.model.period_ends[batch - 1];
          run.push_back(results[i].sum(batch, setting, which) / (compiled.model.period_ends[batch] - from).days());
        }
      }
    }
  }
}

std::size_t PilotGather::missing() const {
  const std::lock_guard hold{guard_};
  return pilot_.scenarios.size() * kPilotRuns - came_;
}

std::vector<std::vector<PilotSeries>> PilotGather::series() const {
  const std::lock_guard hold{guard_};
  std::vector<std::vector<PilotSeries>> whole = series_;
  for (std::vector<PilotSeries>& scenario : whole)
    std::erase_if(scenario, [](const PilotSeries& series) {  // nobody was ever there
      return std::all_of(series.runs.begin(), series.runs.end(), [](const std::vector<double>& run) {
        return std::all_of(run.begin(), run.end(), [](double value) { return value == 0.0; });
      });
    });
  return whole;
}

bool asks_for_warmup(const Document& document) {
  const Cell* head = document.head.find("model");
  const Cell* cell = head != nullptr && head->is_table() ? head->find("warmup") : nullptr;
  return cell != nullptr && cell->is_text() && cell->text == "auto";
}

bool needs_pilots(const Document& document) {
  return asks_for_warmup(document) && !has_rows(document, "initial") && !has_rows(document, "census");
}

Plan as_pilot(Plan plan, double days) {
  for (ScenarioPlan& scenario : plan.scenarios) cut_to_pilot(scenario.compiled.model, days);
  plan.replications = kPilotRuns;
  plan.blocks = lay_out_blocks(plan.scenarios, kPilotRuns);
  for (RunBlock& block : plan.blocks) block.first_replication += kFirstPilotRun;
  return plan;
}

Plan pilot_plan(const Study& study, const PlanOptions& options, double days, const Limits& limits, Problems& problems) {
  Study copy = study;
  copy.sweep.reset();  // points and draws have the warm-up of the scenarios
  copy.uncertain.reset();
  set_days(copy.document, days);
  PlanOptions pilot_options = options;
  pilot_options.replications = kPilotRuns;
  Plan pilot = make_plan(std::move(copy), pilot_options, limits, problems);
  if (problems.has_errors()) return pilot;
  return as_pilot(std::move(pilot), days);
}

Warmup settle(const std::function<Plan(double days)>& pilot_of, double first_days, double most_days,
              const RunPilot& run_pilot) {
  double days = first_days;
  for (int doubling = 0;; ++doubling, days *= 2.0) {
    const Plan pilot = pilot_of(days);
    PilotGather gather{pilot};
    run_pilot(pilot, gather);
    if (const std::size_t failed = gather.missing(); failed > 0) return pilot_failed(failed, days);
    const auto series = gather.series();
    std::size_t count = 0;
    for (const auto& scenario : series) count += scenario.size();
    // Each series is looked at twice.
    const double false_alarm = kPilotFalseAlarm / static_cast<double>(2 * std::max<std::size_t>(count, 1));
    Slowest slowest;
    std::vector<Slowest> climbing;
    for (std::size_t s = 0; s < series.size(); ++s)
      for (const PilotSeries& one : series[s]) {
        Slowest here{&one, cut_of(one, false_alarm), pilot.scenarios[s].name};
        if (!here.cut.settles) climbing.push_back(here);
        if (here.cut.cut > 0 && (slowest.series == nullptr || here.cut.cut > slowest.cut.cut))
          slowest = std::move(here);
      }
    if (climbing.empty()) return settled(slowest, pilot, days);
    if (doubling == kPilotDoublings || 2.0 * days > most_days) return unsettled(std::move(climbing), pilot, days);
  }
}

Warmup find_warmup(const Study& study, const PlanOptions& options, const Limits& limits, const RunPilot& run_pilot,
                   Problems& problems) {
  if (!needs_pilots(study.document))
    return {.found = true,
            .days = 0.0,
            .pilot_days = 0.0,
            .words =
                "Warm-up: none, as the model says who is there at the start. How the first months settle is seen "
                "with throughline results DIR --by-period month",
            .subject = "",
            .course = {}};
  Study scenarios = study;
  scenarios.sweep.reset();
  scenarios.uncertain.reset();
  const Plan as_written = make_plan(std::move(scenarios), options, limits, problems);  // "auto" stands for 0 d there
  if (problems.has_errors()) return {};
  const double horizon = as_written.scenarios.front().compiled.model.end.days();
  const auto pilot_of = [&](double days) {
    Problems told_already;
    Plan pilot = pilot_plan(study, options, days, limits, told_already);
    TL_EXPECTS(!told_already.has_errors());
    return pilot;
  };
  return settle(pilot_of, horizon, limits.horizon_days - horizon, run_pilot);
}

void ask_for_warmup(Study& study) {
  Cell* head = study.document.head.find("model");
  TL_EXPECTS(head != nullptr && head->is_table());  // it was read
  if (head->find("warmup") == nullptr) head->fields.emplace_back("warmup", Cell{});
  *head->find("warmup") = Cell{};
  head->find("warmup")->text = "auto";
}

void set_warmup(Study& study, const Warmup& warmup) {
  set_days(study.document, warmup.days);
}

}  // namespace tl
