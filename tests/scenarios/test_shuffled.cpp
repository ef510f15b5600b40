#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "models/compile.hpp"
#include "models/read_model.hpp"
#include "models/table_reader.hpp"
#include "sim/simulation.hpp"
#include "tests/catch.hpp"

// Reliability row 6: what a model means does not depend on the order in which its tables and rows stand.
namespace {

using namespace tl;

/// The order of the ways out of a setting, and of the rows of a mix, tells which of them a draw means; changes stand in
/// the order in which they act, exceptions in that in which the first that holds counts.
bool order_has_a_meaning(const std::string& table) {
  return table == "routes" || table == "mix" || table == "vary" || table == "dated" || table == "lever_changes";
}

/// Where a setting opens at an hour, many are admitted at one instant, and the first setting in file order grants first
/// (semantics 7).
bool admits_by_the_hour(const Document& rows) {
  const Table* settings = rows.find("settings");
  return settings != nullptr && std::any_of(settings->rows.begin(), settings->rows.end(),
                                            [](const Row& row) { return row.find("admits") != nullptr; });
}

Document shuffled(Document rows, std::mt19937& draw) {
  const bool keeps_settings = admits_by_the_hour(rows);
  std::shuffle(rows.tables.begin(), rows.tables.end(), draw);
  for (Table& table : rows.tables)
    if (!order_has_a_meaning(table.name) && !(keeps_settings && table.name == "settings"))
      std::shuffle(table.rows.begin(), table.rows.end(), draw);
  return rows;
}

using Sums = std::map<std::string, double>;

/// All sums of a replication by name.
Sums sums_of(const Document& rows) {
  Problems problems;
  const auto model = build_model(rows, {}, {}, problems);
  REQUIRE(model);
  const auto compiled = compile(*model, Limits{}, problems, Flows::left_out);
  REQUIRE(compiled);
  ReplicationResult run;
  Simulation{compiled->model}.run(11, 3, nullptr, run);
  Sums sums{{"events carried out", run.engine_events}, {"most present", run.peak_present}};
  const Catalogue& words = compiled->words;
  for (std::size_t p = 0; p < run.period_count; ++p) {
    const std::string period = std::to_string(p) + ' ';
    for (std::size_t s = 0; s < run.setting_count; ++s)
      for (std::size_t k = 0; k < kSettingSums.size(); ++k)
        sums[period + words.settings[s].id + ' ' + std::string{kSettingSums[k].name}] =
            run.sum(p, s, static_cast<SettingSum>(k));
    for (std::size_t k = 0; k < kModelSums.size(); ++k)
      sums[period + std::string{kModelSums[k].name}] = run.model[p * kModelSums.size() + k];
    for (std::size_t r = 0; r < run.reason_count; ++r)
      sums[period + "leave:" + words.reasons[r]] = run.reasons[p * run.reason_count + r];
    for (std::size_t o = 0; o < run.outcome_count; ++o)
      sums[period + "outcome " + words.outcomes[o]] = run.outcomes[p * run.outcome_count + o];
  }
  return sums;
}

int shuffles_that_differ(const std::filesystem::path& path, int how_many, int& compared) {
  Problems problems;
  const Document rows = read_document(path, Limits{}, problems);
  REQUIRE(problems.error_count() == 0);
  const Sums due = sums_of(rows);
  std::mt19937 draw{2026};
  int differ = 0;
  for (int i = 0; i < how_many; ++i) {
    const Sums found = sums_of(shuffled(rows, draw));
    ++compared;
    if (found == due) continue;
    ++differ;
    for (const auto& [name, value] : due)
      if (const auto at = found.find(name); at == found.end() || at->second != value) {
        UNSCOPED_INFO(path.filename().string() << ": " << name << " is " << value << ", shuffled "
                                               << (at == found.end() ? "not there" : std::to_string(at->second)));
        break;
      }
  }
  return differ;
}

}  // namespace

TEST_CASE("tables and rows in another order give the same results") {
  int compared = 0;
  for (const auto& entry : std::filesystem::directory_iterator{TL_SOURCE_DIR "/models/examples"})
    if (entry.path().extension() == ".toml") {
      INFO(entry.path().filename());
      CHECK(shuffles_that_differ(entry.path(), 5, compared) == 0);
    }
  CHECK(shuffles_that_differ(TL_SOURCE_DIR "/models/bench/w3", 5, compared) == 0);
  CHECK(compared >= 150);
}
