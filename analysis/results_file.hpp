#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/many_rows.hpp"
#include "analysis/store.hpp"
#include "analysis/words_file.hpp"
#include "models/catalogue.hpp"
#include "sim/result.hpp"

namespace tl {

/// One scenario as results.h5 holds it.
struct ScenarioResults {
  std::string id, name, about, digest;
  std::vector<std::string> changes;  ///< in words, against the model as written
  Catalogue words;
  SettingTerms terms;
  std::vector<std::uint32_t> numbers;           ///< which replications are there: 0 …, ascending
  std::vector<ReplicationResult> replications;  ///< in that order
};

/// All that results.h5 holds: enough for every table and report, without the model or the study.
struct StudyResults {
  std::string program_version, engine_version, study_name, about, study_text, model_text;
  std::uint64_t seed = 0;
  std::uint32_t planned_replications = 0;
  std::vector<ScenarioResults> scenarios;
  std::optional<SweepResults> sweep;
  std::optional<UncertainResults> uncertain;
  std::vector<std::string> notes;  ///< what readers must know: the warm-up found, the precision reached
};

/// What a compiled model says of its settings' standards.
SettingTerms terms_of(const CompiledModel& model);

/// The scenario of that id, or null.
const ScenarioResults* find_scenario(const StudyResults& study, const std::string& id);

/// A scenario of the plan with the replications that are there.
/// @throws StoreError  when a shard was damaged meanwhile
ScenarioResults gather_scenario(const Store& store, std::uint32_t row);

/// Reads the shards in plan order and publishes DIR/results.h5. Replications that are missing (they failed) are left
/// out; `numbers` says which are there.
/// @throws StoreError  when a shard was damaged meanwhile, or the file cannot be written
void publish_results(Store& store);

/// The file as bytes; `replications(i)` is asked once for each scenario, in order, and only its results are used.
std::vector<std::byte> write_results(const StudyResults& words,
                                     const std::function<ScenarioResults(std::size_t)>& scenario, std::size_t count);
std::vector<std::byte> write_results(const StudyResults& study);

/// Told how many bytes of memory the numbers and texts of a file need, after it was surveyed and before they are read.
using BeforeReading = std::function<void(std::uint64_t bytes)>;

/// @param bytes  with a digest that was checked
StudyResults read_results(std::span<const std::byte> bytes, const BeforeReading& before = {});

/// The results of a folder, or of the folder a given results.h5 is in.
/// @throws StoreError  when there are none, or the file is not the one its manifest knows
StudyResults load_results(const std::filesystem::path& folder, const BeforeReading& before = {});

}  // namespace tl
