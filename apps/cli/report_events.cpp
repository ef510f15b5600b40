#include "apps/cli/report_events.hpp"

#include <tbb/parallel_for.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <regex>
#include <vector>

#include "analysis/event_log.hpp"
#include "analysis/origin.hpp"
#include "apps/cli/interrupt.hpp"
#include "apps/cli/pilot.hpp"
#include "apps/cli/problem_text.hpp"
#include "apps/cli/run_progress.hpp"
#include "apps/cli/study_command.hpp"
#include "scenarios/digest.hpp"
#include "sim/version.hpp"

namespace tl {
namespace {

namespace fs = std::filesystem;

/// A folder of its own, gone afterwards.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (fs::temp_directory_path() / "throughline-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw StoreError{"cannot make a temporary folder " + name};
    path_ = name;
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

void write_text(const fs::path& path, const std::string& text) {
  std::ofstream file{path, std::ios::binary};
  file << text;
  if (!file.flush()) throw StoreError{"cannot write " + path.string()};
}

/// The files of a model, each under a line "==> name <==". @returns the only one, or their folder
/// @throws QueryError  for names that lead elsewhere: results can come from anywhere
fs::path write_model(const std::string& text, const fs::path& folder) {
  constexpr std::string_view kBegins = "==> ", kEnds = " <==\n";
  fs::create_directory(folder);
  std::vector<fs::path> files;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t name_end = text.find(kEnds, at);
    if (text.compare(at, kBegins.size(), kBegins) != 0 || name_end == std::string::npos)
      throw QueryError{"the model's text in the results cannot be read"};
    const std::string name = text.substr(at + kBegins.size(), name_end - at - kBegins.size());
    if (name.empty() || name.front() == '.' || name.find_first_of("/\\\n") != std::string::npos)
      throw QueryError{"the results name a file of the model that cannot be one: \"" + name + '"'};
    const std::size_t begin = name_end + kEnds.size();
    std::size_t end = text.find("\n==> ", begin > 0 ? begin - 1 : 0);
    end = end == std::string::npos ? text.size() : end + 1;
    write_text(folder / name, text.substr(begin, end - begin));
    files.push_back(folder / name);
    at = end;
  }
  if (files.empty()) throw QueryError{"the results do not hold the model's text"};
  return files.size() == 1 && files.front().filename() != "model.toml" ? files.front() : folder;
}

/// The study as stored, with its model where that now lies.
fs::path write_study(const StudyResults& study, const fs::path& folder) {
  const fs::path model = write_model(study.model_text, folder / "model");
  if (study.study_text.empty()) return model;
  static const std::regex names_model{"(^|\n)([ \t]*model[ \t]*=[ \t]*)(\"[^\"\n]*\"|'[^'\n]*')"};
  const std::string text = std::regex_replace(study.study_text, names_model, "$1$2\"" + model.string() + "\"",
                                              std::regex_constants::format_first_only);
  write_text(folder / "study.toml", text);
  return folder / "study.toml";
}

Plan plan_again(const StudyResults& study, const std::string& results, const fs::path& path) {
  PlanOptions options;
  if (const std::optional<Origin> origin = read_origin(results)) options = origin->options;
  options.seed = study.seed;
  const Limits limits;
  Problems problems;
  Plan plan = read_checked_plan(path.string(), options, by_pilots(options, 0, limits), limits, problems);
  if (problems.has_errors())
    throw QueryError{"the model stored in the results cannot be read again by this version: " +
                     to_text(problems.sorted().front())};
  return plan;
}

const ScenarioPlan& same_scenario(const Plan& plan, const ScenarioResults& scenario) {
  for (const ScenarioPlan& one : plan.scenarios)
    if (one.id == scenario.id && digest_of(one.compiled.model, plan.seed, kEngineVersion) == scenario.digest)
      return one;
  throw QueryError{
      "scenario " + scenario.id +
      " cannot be made again as it was: this version of the program, or what the command line of run said, "
      "is another. Run the study again into a new folder"};
}

/// A replication with somebody watching. @throws QueryError  when it cannot come to its end
void watch(const Compiled& compiled, std::uint64_t seed, std::uint32_t replication, Watcher& watcher) {
  const std::function<bool()> stop = InterruptWatch::asked;
  Simulation simulation{compiled.model};
  simulation.watch(&watcher);
  ReplicationResult result;
  try {
    simulation.run(seed, replication, &stop, result);
  } catch (const ModelFault& fault) {
    throw QueryError{std::string{"the replication failed again: "} + fault.what()};
  }
}

/// Shows how many of the replications are done: each scenario's is made twice, to count its clients and to follow some.
class FollowingProgress {
 public:
  explicit FollowingProgress(std::size_t scenarios) : total_{2 * scenarios}, start_{std::chrono::steady_clock::now()} {}
  void one_more() {
    const std::scoped_lock lock{one_at_a_time_};
    const std::chrono::duration<double> since = std::chrono::steady_clock::now() - start_;
    bar_.show({.runs_total = total_, .runs_done = ++done_, .elapsed_seconds = since.count()});
  }

 private:
  std::uint64_t total_, done_ = 0;
  std::chrono::steady_clock::time_point start_;
  RunProgress bar_;
  std::mutex one_at_a_time_;
};

std::vector<LogCase> cases_of(const ScenarioPlan& scenario, std::uint64_t seed, std::uint32_t replication,
                              std::uint32_t most, FollowingProgress& progress) {
  const Compiled& compiled = scenario.compiled;
  StoryCounter counter{compiled.model, {}};
  watch(compiled, seed, replication, counter);
  progress.one_more();
  SampleKeeper keeper{compiled.model, sample_of(counter.clients(), most)};
  watch(compiled, seed, replication, keeper);
  progress.one_more();
  std::vector<LogCase> cases;
  for (const auto& [number, records] : keeper.records()) {
    const bool was_there = records.front().what == StoryRecord::What::came && !records.front().new_client;
    cases.push_back({scenario.id, replication, number, was_there, &compiled, log_events(records, compiled)});
  }
  return cases;
}

}  // namespace

std::string event_log(const StudyResults& study, const std::string& folder, std::uint32_t clients,
                      const std::string& path) {
  const ScratchFolder scratch;
  const InterruptWatch interrupt;
  const Plan plan = plan_again(study, folder, write_study(study, scratch.path()));
  std::vector<std::vector<LogCase>> by_scenario(study.scenarios.size());
  FollowingProgress progress{study.scenarios.size()};
  tbb::parallel_for(std::size_t{0}, study.scenarios.size(), [&](std::size_t s) {
    const ScenarioResults& scenario = study.scenarios[s];
    if (!scenario.numbers.empty())
      by_scenario[s] = cases_of(same_scenario(plan, scenario), plan.seed, scenario.numbers.front(), clients, progress);
  });
  std::vector<LogCase> cases;
  for (std::vector<LogCase>& of_one : by_scenario)
    cases.insert(cases.end(), std::make_move_iterator(of_one.begin()), std::make_move_iterator(of_one.end()));
  return fs::path{path}.extension() == ".xes" ? to_xes(cases, study.study_name) : to_csv(cases);
}

}  // namespace tl
