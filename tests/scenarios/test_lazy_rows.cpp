#include <atomic>
#include <string>

#include "models/table_reader.hpp"
#include "scenarios/digest.hpp"
#include "scenarios/lazy_rows.hpp"
#include "scenarios/plan.hpp"
#include "scenarios/runner.hpp"
#include "sim/version.hpp"
#include "tests/catch.hpp"

namespace {

using namespace tl;

constexpr const char* kClinic =
    "[model]\nhorizon = \"30 d\"\n"
    "[parameters]\nbeds = { value = 10, low = 0, high = 1000 }\n"
    "[settings.clinic]\ncapacity = \"beds\"\nstay = { kind = \"exponential\", mean = \"2 d\" }\n"
    "[[routes]]\nfrom = \"clinic\"\nto = \"leave:done\"\n"
    "[arrivals.come]\nrate = \"1 / d\"\nto = \"clinic\"\n";

std::shared_ptr<const Document> clinic() {
  Problems problems;
  auto document = std::make_shared<const Document>(read_toml_text(kClinic, "clinic.toml", Limits{}, problems));
  REQUIRE_FALSE(problems.has_errors());
  return document;
}

Change beds(double number) {
  Change change{.kind = Change::Kind::set, .path = "parameters.beds", .value = {}, .at = {"study.toml", 3, 1}};
  change.value.kind = Cell::Kind::number;
  change.value.number = number;
  change.value.text = std::to_string(number);
  return change;
}

/// Row i has i + first beds.
RowSource rows_of_beds(std::uint32_t count, double first) {
  return {.count = count,
          .changes = [first](std::uint32_t row) { return std::vector<Change>{beds(first + row)}; },
          .name = [](std::uint32_t row) { return "point " + std::to_string(row + 1); }};
}

std::string digest_with(const Document& document, double number) {
  Problems problems;
  const std::vector<Change> changes{beds(number)};
  const auto model = build_model(document, changes, ReadOptions{}, problems);
  REQUIRE(model);
  const auto compiled = compile(*model, Limits{}, problems);
  REQUIRE(compiled);
  return digest_of(compiled->model, 5, kEngineVersion);
}

}  // namespace

TEST_CASE("rows compiled when asked for are what compiling each by itself gives, on any number of threads") {
  Problems problems;
  const auto document = clinic();
  const auto threads = GENERATE(1U, 3U);
  std::uint32_t last = 0;
  const auto progress = [&](const PlanningProgress& now) {
    CHECK(now.done == ++last);
    CHECK(now.total == 40);
  };
  const LazyRows rows{document, rows_of_beds(40, 1.0), 5, Limits{}, threads, progress, problems};
  CHECK_FALSE(problems.has_errors());
  CHECK(last == 40);
  for (const std::uint32_t row : {0U, 17U, 39U, 0U}) {
    CHECK(rows.facts(row).hex() == digest_with(*document, row + 1.0));
    const auto compiled = rows.compiled(row);
    CHECK(digest_of(compiled->model, 5, kEngineVersion) == rows.facts(row).hex());
    CHECK(rows.facts(row).block_size == block_size(compiled->model));
    CHECK(rows.facts(row).result_bytes == result_bytes(compiled->model));
  }
}

TEST_CASE("only the last few rows are held compiled") {
  Problems problems;
  const LazyRows rows{clinic(), rows_of_beds(200, 1.0), 5, Limits{}, 2, {}, problems};
  std::vector<std::weak_ptr<const Compiled>> seen;
  for (std::uint32_t row = 0; row < 200; ++row) seen.push_back(rows.compiled(row));
  CHECK(std::count_if(seen.begin(), seen.end(), [](const auto& one) { return !one.expired(); }) == 16);
  CHECK(seen.front().expired());
  CHECK(rows.compiled(199) == seen.back().lock());  // from the cache
}

TEST_CASE("a fault that many rows share is told once, with the first by name") {
  Problems problems;
  const LazyRows rows{clinic(), rows_of_beds(5, -3.0), 5, Limits{}, 2, {}, problems};
  REQUIRE(problems.has_errors());
  const std::string text = to_text(problems);
  INFO(text);
  CHECK_THAT(text, Catch::Contains("in point 1 and 2 others"));
  CHECK(problems.error_count() == 1);
}

TEST_CASE("a plan runs rows that it does not hold, as if each were a scenario") {
  Problems problems;
  const auto document = clinic();
  Plan plan;
  plan.seed = 5;
  plan.replications = 3;
  const auto model = build_model(*document, {}, ReadOptions{}, problems);
  REQUIRE(model);
  plan.scenarios.push_back({.id = "base", .name = "base", .about = "", .changes = {}, .compiled = {}});
  plan.scenarios.front().compiled = *compile(*model, Limits{}, problems);
  plan.more = std::make_shared<const LazyRows>(document, rows_of_beds(30, 1.0), 5, Limits{}, 1,
                                               std::function<void(const PlanningProgress&)>{}, problems);
  CHECK(plan.rows() == 31);
  CHECK(plan.row_name(0) == "base");
  CHECK(plan.row_name(3) == "point 3");
  CHECK(plan.facts(10).hex() == plan.facts(0).hex());  // ten beds, as written
  CHECK(plan.facts(11).hex() != plan.facts(0).hex());
  for (std::uint32_t row = 0; row < plan.rows(); ++row)
    plan.blocks.push_back({.scenario = row, .first_replication = 0, .count = 3});

  struct Kept : Sink {
    bool has(const RunBlock&) const override { return false; }
    void take(const RunBlock& block, std::span<const ReplicationResult> results) override {
      const std::lock_guard hold{guard};
      admissions[block.scenario] = results[0].sum(0, 1, SettingSum::census_days);
    }
    std::mutex guard;
    std::map<std::uint32_t, double> admissions;
  } one, three;
  RunOptions options;
  options.threads = 1;
  CHECK(run(plan, one, options).failures.empty());
  options.threads = 3;
  CHECK(run(plan, three, options).failures.empty());
  CHECK(one.admissions == three.admissions);
  CHECK(one.admissions.at(10) == one.admissions.at(0));
  CHECK(one.admissions.at(1) < one.admissions.at(3));
}
