#include "analysis/results_file.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <set>

#include "analysis/arrays.hpp"
#include "analysis/costs.hpp"
#include "analysis/gather_rows.hpp"
#include "analysis/hdf5.hpp"
#include "analysis/medium.hpp"
#include "analysis/publish.hpp"
#include "analysis/rows_file.hpp"
#include "analysis/store_error.hpp"
#include "analysis/version.hpp"
#include "analysis/words_file.hpp"
#include "sim/expects.hpp"
#include "sim/groups.hpp"
#include "sim/version.hpp"

namespace tl {
namespace {

/// A scenario's id where it can name a group, else its number.
std::string group_name(const std::string& id, std::size_t number) {
  const bool plain =
      !id.empty() &&
      id.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == std::string::npos;
  return plain ? id : "scenario." + std::to_string(number);  // no id that is taken as it is has a dot
}

void write_sums(hid_t file, const std::string& name, std::span<const SumInfo> sums) {
  const h5::Handle group = h5::create_group(file, name);
  std::vector<std::string> names, units, meanings;
  for (const SumInfo& sum : sums) {
    names.emplace_back(sum.name);
    units.emplace_back(sum.unit);
    meanings.emplace_back(sum.meaning);
  }
  h5::write_texts(group.id(), "name", names, {"", "name of the sum", {}});
  h5::write_texts(group.id(), "unit", units, {"", "its unit", {}});
  h5::write_texts(group.id(), "meaning", meanings, {"", "what it counts", {}});
}

ResultSizes sizes_of(const Catalogue& words) {
  const auto count = [](const auto& list) { return static_cast<std::uint32_t>(list.size()); };
  return {count(words.period_names), count(words.settings), count(words.observe_days), count(words.events),
          count(words.reasons),      count(words.outcomes), count(words.milestones),   count(words.staff),
          count(words.staffing),     count(words.costs),    count(words.policies),     count(words.budgets),
          count(words.groups)};
}

void write_scenario(hid_t parent, const std::string& name, const ScenarioResults& scenario) {
  const ResultSizes sizes = sizes_of(scenario.words);
  TL_EXPECTS(scenario.numbers.size() == scenario.replications.size());
  TL_EXPECTS(scenario.terms.standard_days.size() == scenario.words.settings.size());
  TL_EXPECTS(scenario.terms.return_days.size() == scenario.words.settings.size());
  const h5::Handle group = h5::create_group(parent, name);
  h5::write_attribute(group.id(), "id", scenario.id);
  h5::write_attribute(group.id(), "digest", scenario.digest);
  h5::write_text(group.id(), "name", scenario.name, {"", "name for people", {}});
  h5::write_text(group.id(), "about", scenario.about, {"", "what the scenario is for", {}});
  h5::write_texts(group.id(), "changes", scenario.changes, {"", "what differs from the model as written", {}});
  write_words(group.id(), scenario.words, scenario.terms);
  h5::write_list(group.id(), "replication_numbers", scenario.numbers, {"", "which replications these are", {}});
  ReplicationArrays arrays{group.id(), sizes, scenario.replications.size()};
  scenario.replications.copy_to(arrays);
  arrays.close();
}

/// A results.h5 that is open, with what its readers share.
struct OpenResults {
  h5::File file;
  ReadingBounds bounds;
  std::string named;  ///< before a fault's own words: which file it is of; and what to do, after them
  std::string hint;

  /// Carries out a part of the reading within its bounds; a fault says of which file it is.
  template <class Read>
  void within_bounds(const Read& read) const {
    if (bounds.before) bounds.before(file.surveyed());
    try {
      read();
    } catch (const StoreError& error) {
      tell(error);
    }
    if (bounds.after) bounds.after();
  }

 private:
  [[noreturn]] void tell(const StoreError& error) const {
    std::string reason = error.what();
    try {
      file.rethrow_fault();
    } catch (const StoreError& below) {
      reason = below.what();
    }
    throw StoreError{named + reason + hint};
  }
};

/// The replications of a scenario in results.h5.
class FileSource : public ReplicationSource {
 public:
  FileSource(std::shared_ptr<const OpenResults> results, hid_t group, const ResultSizes& sizes, std::size_t count)
      : results_{std::move(results)}, arrays_{group, sizes, count}, count_{count} {}
  std::size_t count() const override { return count_; }
  void each(Arrays wanted, const With& with) override {
    ReplicationResult room;
    results_->within_bounds([&] {
      for (std::size_t i = 0; i < count_; ++i) {
        arrays_.read(i, wanted, room);
        with(room);
      }
    });
  }
  ReplicationResult read(std::size_t index) override {
    ReplicationResult result;
    results_->within_bounds([&] { arrays_.read(index, Arrays::all, result); });
    return result;
  }

 private:
  std::shared_ptr<const OpenResults> results_;
  StoredReplications arrays_;
  std::size_t count_;
};

ScenarioResults read_scenario(const std::shared_ptr<const OpenResults>& results, hid_t parent,
                              const std::string& name) {
  ScenarioResults scenario;
  const h5::Handle group = h5::open_group(parent, name);
  scenario.id = h5::read_text_attribute(group.id(), "id");
  scenario.digest = h5::read_text_attribute(group.id(), "digest");
  scenario.name = h5::read_text(group.id(), "name");
  scenario.about = h5::read_text(group.id(), "about");
  scenario.changes = h5::read_texts(group.id(), "changes");
  scenario.words = read_words(group.id(), scenario.terms);
  scenario.numbers = h5::read_whole_numbers(group.id(), "replication_numbers");
  scenario.replications = Replications{
      std::make_shared<FileSource>(results, group.id(), sizes_of(scenario.words), scenario.numbers.size())};
  return scenario;
}

void write_study(hid_t file, const StudyResults& study) {
  h5::write_attribute(file, "format", kResultFormat);
  h5::write_attribute(file, "program", "throughline");
  h5::write_attribute(file, "program_version", study.program_version);
  h5::write_attribute(file, "engine_version", study.engine_version);
  h5::write_attribute(file, "study", study.study_name);
  h5::write_attribute(file, "seed", study.seed);
  h5::write_attribute(file, "planned_replications", std::uint64_t{study.planned_replications});
  h5::write_text(file, "about", study.about, {"", "what the study is for", {}});
  h5::write_text(file, "study_text", study.study_text, {"", "the study file as read", {}});
  h5::write_text(file, "model_text", study.model_text,
                 {"", "every file of the model, each under a line ==> name <==", {}});
  h5::write_texts(file, "notes", study.notes, {"", "what readers must know: warm-up found, precision reached", {}});
  write_sums(file, "setting_sums", kSettingSums);
  write_sums(file, "model_sums", kModelSums);
  write_sums(file, "milestone_sums", kMilestoneSums);
  const auto in_any = [&](const auto& is_there) {
    return std::any_of(study.scenarios.begin(), study.scenarios.end(), is_there);
  };
  if (in_any([](const ScenarioResults& one) { return !one.words.staff.empty(); })) {
    write_sums(file, "staff_sums", kStaffSums);
    write_sums(file, "staffing_sums", kStaffingSums);
  }
  if (in_any([](const ScenarioResults& one) { return !one.words.policies.empty(); }))
    write_sums(file, "policy_sums", kPolicySums);
  if (in_any([](const ScenarioResults& one) { return !one.words.budgets.empty(); }))
    write_sums(file, "budget_sums", kBudgetSums);
  if (in_any([](const ScenarioResults& one) { return !one.words.groups.empty(); })) {
    std::vector<SumInfo> group_sums;
    for (const SettingSum which : kGroupSums) group_sums.push_back(kSettingSums[static_cast<std::size_t>(which)]);
    write_sums(file, "group_sums", group_sums);
  }
  std::vector<double> bounds;
  for (std::size_t bucket = 0; bucket < kLengthBuckets; ++bucket) bounds.push_back(bucket_low_days(bucket));
  h5::write_list(file, "bucket_low_days", bounds, {"days", "least length in each bucket: dimension `bucket`", {}});
}

}  // namespace

SettingTerms terms_of(const CompiledModel& model) {
  SettingTerms terms;
  for (const Setting& setting : model.settings) {
    constexpr double kWeek = 7.0 / 5.0;  // days a business day
    terms.standard_days.push_back(setting.standard_business_days > 0 ? kWeek * setting.standard_business_days
                                                                     : setting.wait_standard.days());
    terms.return_days.push_back(setting.return_window.days());
  }
  return terms;
}

const ScenarioResults* find_scenario(const StudyResults& study, const std::string& id) {
  for (const ScenarioResults& scenario : study.scenarios)
    if (scenario.id == id) return &scenario;
  return nullptr;
}

std::vector<const Replications*> replications_of(const StudyResults& study) {
  std::vector<const Replications*> all;
  for (const ScenarioResults& scenario : study.scenarios) all.push_back(&scenario.replications);
  return all;
}

namespace {

std::unique_ptr<Medium> write_results_to(std::unique_ptr<Medium> medium, const StudyResults& study) {
  h5::File file = h5::File::create(std::move(medium));
  write_study(file.id(), study);
  std::vector<std::string> ids, groups;
  {
    const h5::Handle parent = h5::create_group(file.id(), "scenarios");
    for (const ScenarioResults& scenario : study.scenarios) {
      ids.push_back(scenario.id);
      groups.push_back(group_name(scenario.id, groups.size()));
      write_scenario(parent.id(), groups.back(), scenario);
      file.rethrow_fault();
    }
  }
  h5::write_texts(file.id(), "scenario_ids", ids, {"", "the scenarios in the study's order", {}});
  h5::write_texts(file.id(), "scenario_groups", groups, {"", "the group of each below /scenarios", {}});
  if (study.sweep) write_sweep(file.id(), *study.sweep);
  if (study.uncertain) write_uncertain(file.id(), *study.uncertain);
  return file.finish();
}

/// @param named, hint  what stands before and after the words of a fault
StudyResults read_results_from(std::unique_ptr<Medium> medium, const ReadingBounds& bounds, const std::string& named,
                               const std::string& hint) {
  std::shared_ptr<const OpenResults> results;
  try {
    results = std::make_shared<const OpenResults>(
        OpenResults{.file = h5::File::open(std::move(medium)), .bounds = bounds, .named = named, .hint = hint});
  } catch (const StoreError& error) {
    throw StoreError{named + error.what() + hint};
  }
  StudyResults study;
  results->within_bounds([&] {
    const hid_t file = results->file.id();
    if (h5::read_number_attribute(file, "format") != kResultFormat)
      throw StoreError{"the results are of another format than " + std::to_string(kResultFormat)};
    study.program_version = h5::read_text_attribute(file, "program_version");
    study.engine_version = h5::read_text_attribute(file, "engine_version");
    study.study_name = h5::read_text_attribute(file, "study");
    study.seed = h5::read_number_attribute(file, "seed");
    study.planned_replications = static_cast<std::uint32_t>(h5::read_number_attribute(file, "planned_replications"));
    study.about = h5::read_text(file, "about");
    study.study_text = h5::read_text(file, "study_text");
    study.model_text = h5::read_text(file, "model_text");
    study.notes = h5::read_texts(file, "notes");
    const h5::Handle parent = h5::open_group(file, "scenarios");
    std::set<std::string> seen;  // a short list of names could ask for one scenario without end
    for (const std::string& name : h5::read_texts(file, "scenario_groups")) {
      if (!seen.insert(name).second) throw StoreError{"the scenario \"" + name + "\" stands there twice"};
      study.scenarios.push_back(read_scenario(results, parent.id(), name));
    }
    study.sweep = read_sweep_results(file);
    study.uncertain = read_uncertain_results(file);
  });
  return study;
}

}  // namespace

std::vector<std::byte> write_results(const StudyResults& study) {
  const std::unique_ptr<Medium> medium = write_results_to(std::make_unique<InMemory>(), study);
  return static_cast<InMemory&>(*medium).take();
}

ScenarioResults gather_scenario(const Store& store, std::uint32_t row) {
  const ScenarioPlan& plan = store.plan().scenarios[row];
  Store::Row there = store.row(row);
  return {plan.id,
          plan.name,
          plan.about,
          store.digest(row),
          plan.changes,
          plan.compiled.words,
          terms_of(plan.compiled.model),
          std::move(there.numbers),
          std::move(there.replications)};
}

StudyResults gather_study(const Store& store) {
  const Plan& plan = store.plan();
  StudyResults study{std::string{kProgramVersion},
                     std::string{kEngineVersion},
                     plan.study_name,
                     plan.about,
                     plan.study_text,
                     plan.model_text,
                     plan.seed,
                     plan.replications,
                     {},
                     gather_sweep(store),
                     gather_uncertain(store),
                     plan.notes};
  for (std::uint32_t row = 0; row < plan.scenarios.size(); ++row)
    study.scenarios.push_back(gather_scenario(store, row));
  return study;
}

void publish_results(Store& store, const StudyResults& study) {
#ifdef TL_CHECKING
  for (const ScenarioResults& scenario : study.scenarios) TL_EXPECTS(costs_out_of_balance(scenario).empty());
#endif
  const std::unique_ptr<Medium> medium =
      write_results_to(std::make_unique<InTheMaking>(store.folder() / "results.h5"), study);
  store.note_results(static_cast<InTheMaking&>(*medium).keep());
}

StudyResults read_results(std::span<const std::byte> bytes, const ReadingBounds& bounds) {
  return read_results_from(std::make_unique<InMemory>(std::vector<std::byte>(bytes.begin(), bytes.end())), bounds, "",
                           "");
}

StudyResults load_results(const std::filesystem::path& folder, const ReadingBounds& bounds) {
  std::error_code ignored;
  const bool is_file = std::filesystem::is_regular_file(folder, ignored);
  const std::filesystem::path where = is_file ? folder.parent_path() : folder;
  const std::optional<Manifest> manifest = read_manifest(where);
  const std::string again = ". Run the study to its end (throughline run STUDY -o " + where.string() + ")";
  if (!manifest) throw StoreError{"there are no results in " + where.string() + ": it has no manifest.json" + again};
  if (!manifest->results)
    throw StoreError{"the study in " + where.string() + " is not finished: it has no results.h5" + again};
  const std::filesystem::path path = where / "results.h5";
  const std::string named = "cannot use " + path.string() + ": ";
  std::unique_ptr<Medium> medium;
  try {
    medium = open_known_file(path, *manifest->results);
  } catch (const StoreError& error) {
    throw StoreError{named + error.what() + again};
  }
  return read_results_from(std::move(medium), bounds, named, again);
}

}  // namespace tl
