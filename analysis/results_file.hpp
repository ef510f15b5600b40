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
#include "analysis/replications.hpp"
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
  std::vector<std::uint32_t> numbers;  ///< which replications are there: 0 …, ascending
  Replications replications;           ///< in that order
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

/// The replications of some scenarios, for Together.
std::vector<const Replications*> replications_of(const StudyResults& study);

/// A scenario of the plan with the replications that are there, which the store reads when they are looked at.
ScenarioResults gather_scenario(const Store& store, std::uint32_t row);

/// What results.h5 says of the study, from its plan and shards. Replications that are missing (they failed) are left
/// out; `numbers` says which are there. They are read from the store when they are looked at.
/// @throws StoreError  when a shard was damaged meanwhile
StudyResults gather_study(const Store& store);

/// Publishes DIR/results.h5, shard by shard in plan order.
/// @throws StoreError  when a shard was damaged meanwhile, or the file cannot be written
void publish_results(Store& store, const StudyResults& study);

/// The file as bytes.
std::vector<std::byte> write_results(const StudyResults& study);

/// What reading a file may take, told before it is done.
struct ReadingBounds {
  /// Told what the survey found of the file, before its words are read and each time its numbers are gone through.
  std::function<void(const h5::Survey&)> before;
  std::function<void()> after;  ///< told when that was done
};

/// @param bytes  with a digest that was checked
StudyResults read_results(std::span<const std::byte> bytes, const ReadingBounds& bounds = {});

/// The results of a folder, or of the folder a given results.h5 is in. The file stays open: replications are read when
/// they are looked at.
/// @throws StoreError  when there are none, or the file is not the one its manifest knows
StudyResults load_results(const std::filesystem::path& folder, const ReadingBounds& bounds = {});

}  // namespace tl
