#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "analysis/document.hpp"
#include "analysis/document_parts.hpp"
#include "analysis/finding.hpp"
#include "analysis/measures.hpp"
#include "analysis/numbers.hpp"
#include "analysis/page.hpp"
#include "analysis/table_text.hpp"
#include "analysis/tables.hpp"
#include "analysis/why.hpp"
#include "tests/analysis/made_results.hpp"
#include "tests/catch.hpp"

// Every number that the report page shows is what results.h5 holds, after the rounding that analysis/numbers.hpp
// states.
namespace {

using namespace tl;
using Json = nlohmann::ordered_json;

/// As it comes back from results.h5.
StudyResults stored_study() {
  return read_results(write_results(made::study(12)));
}

/// A number as text, rounded and without the commas that set off thousands.
std::string rounded(double value, int decimals) {
  std::string text = shown(value, decimals);
  std::erase(text, ',');
  return text;
}

void check_estimate(const Json& json, const Estimate& expected) {
  REQUIRE(json.is_array());
  CHECK(json[4] == expected.count);
  if (expected.count == 0) {
    CHECK(json[0].is_null());
    CHECK(json[5] == expected.why);
    return;
  }
  const int decimals = shown_decimals(expected.mean, expected.half_width());
  CHECK(json[3] == std::max(decimals, 0));
  CHECK(rounded(json[0], decimals) == rounded(expected.mean, decimals));
  CHECK(std::abs(json[0].get<double>() - expected.mean) <= 0.51 * std::pow(10.0, -decimals));
  if (!expected.has_interval()) {
    CHECK(json[1].is_null());
    CHECK(json[5] == expected.why);
    CHECK_FALSE(expected.why.empty());
    return;
  }
  CHECK(rounded(json[1], decimals) == rounded(*expected.low, decimals));
  CHECK(rounded(json[2], decimals) == rounded(*expected.high, decimals));
}

/// What the tables say, by measure, scope, subject and time.
using Rows = std::map<std::string, ResultRow>;
std::string key_of(const std::string& measure, const std::string& scope, const std::string& subject,
                   const std::string& of) {
  return measure + '|' + scope + '|' + subject + '|' + of;
}
Rows rows_of(const StudyResults& study, const std::string& table, const std::string& scenario,
             const std::string& versus) {
  TableQuery query;
  query.table = table;
  query.scenario = {scenario};
  query.versus = versus;
  Rows rows;
  for (const ResultRow& row : make_table(study, query).rows)
    rows.emplace(
        key_of(row.measure, row.scope, row.subject, subject_text(row) + (row.when.empty() ? "" : ", " + row.when)),
        row);
  return rows;
}

const Json& table_named(const Json& document, const std::string& id) {
  const auto& tables = document["tables"];
  const auto at = std::find_if(tables.begin(), tables.end(), [&](const Json& table) { return table["id"] == id; });
  REQUIRE(at != tables.end());
  return *at;
}

/// @return  how many numbers were compared
std::size_t check_table(const StudyResults& study, const Json& document, const std::string& id) {
  const std::vector<Rows> values{rows_of(study, id, "baseline", ""), rows_of(study, id, "more_beds", "")};
  const std::vector<Rows> changes{rows_of(study, id, "more_beds", "baseline"),
                                  rows_of(study, id, "baseline", "more_beds")};
  REQUIRE(document["pairs"] == Json::parse("[[1, 0], [0, 1]]"));
  std::size_t seen = 0;
  for (const Json& group : table_named(document, id)["groups"])
    for (const Json& row : group["rows"]) {
      const std::string key = key_of(group["measure"], group["scope"], row["id"], row["of"]);
      CAPTURE(id, key);
      for (std::size_t i = 0; i < 2; ++i) {
        REQUIRE(values[i].contains(key) == !row["values"][i].is_null());
        REQUIRE(changes[i].contains(key) == !row["changes"][i].is_null());
        if (const auto at = values[i].find(key); at != values[i].end()) {
          check_estimate(row["values"][i], at->second.value);
          CHECK(group["unit"] == at->second.unit);
          ++seen;
        }
        if (const auto at = changes[i].find(key); at != changes[i].end()) {
          check_estimate(row["changes"][i], at->second.value);
          CHECK(group["changeUnit"] == at->second.unit);
          CHECK(row["changes"][i][6] == report::reading_of(at->second));
          ++seen;
        }
      }
    }
  return seen;
}

const ScenarioResults& scenario_at(const StudyResults& study, std::size_t place) {
  return study.scenarios[place];
}

/// Quantiles of a period of a scenario, or between two, in the order of replications.
std::vector<double> course_quantiles(const StudyResults& study, const Measure& measure, const Json& scope,
                                     std::size_t period, std::size_t of, const std::size_t* versus) {
  const auto values_at = [&](std::size_t place) {
    const ScenarioResults& scenario = scenario_at(study, place);
    const auto found =
        find_scope(scenario.words, measure, scope["kind"].get<std::string>(), scope["id"].get<std::string>());
    REQUIRE(found);
    return values_of(scenario, measure, *found, {period, 1});
  };
  const auto own = values_at(of);
  std::vector<double> there;
  if (versus == nullptr) {
    for (const auto& value : own)
      if (value) there.push_back(*value);
  } else {
    const auto other = values_at(*versus);
    for (std::size_t i = 0; i < own.size(); ++i)
      if (own[i] && other[i]) there.push_back(*own[i] - *other[i]);
  }
  return quantiles_of(there, kBandShares);
}

/// The bands of one scenario, or between two, as the page's script reads them: [band][period], NaN where there is none.
std::vector<std::vector<double>> read_bands(const Json& bands, int decimals) {
  REQUIRE(bands.size() == std::size(kBandShares));
  std::vector<std::vector<double>> read;
  const double scale = std::pow(10.0, decimals);
  double before = 0.0;
  for (std::size_t b = 0; b < bands.size(); ++b) {
    read.emplace_back();
    for (std::size_t p = 0; p < bands[b].size(); ++p) {
      if (bands[b][p].is_null()) {
        read.back().push_back(std::nan(""));
        continue;
      }
      const double whole = bands[b][p].get<double>() + (b == 0 ? before : read[b - 1][p] * scale);
      if (b == 0) before = whole;
      read.back().push_back(whole / scale);
    }
  }
  return read;
}

/// @return  how many numbers were compared
std::size_t check_bands(const Json& bands, int decimals, std::size_t period, const std::vector<double>& expected) {
  const auto read = read_bands(bands, decimals);
  for (std::size_t b = 0; b < read.size(); ++b) {
    if (expected.empty())
      CHECK(std::isnan(read[b][period]));
    else
      CHECK(std::abs(read[b][period] - expected[b]) <= 0.5001 * std::pow(10.0, -decimals));
  }
  return expected.size();
}

std::string unpacked(const std::string& html) {
  const std::string open = "id=\"document\">";
  const std::size_t from = html.find(open) + open.size(), end = html.find('<', from);
  const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  for (std::size_t i = from; i < end && html[i] != '='; ++i) {
    bits = (bits << 6U) | static_cast<unsigned>(letters.find(html[i]));
    if ((count += 6) >= 8) {
      count -= 8;
      bytes += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
    }
  }
  std::string text(std::size_t{1} << 24, '\0');
  uLongf size = text.size();
  REQUIRE(uncompress(reinterpret_cast<Bytef*>(text.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
                     bytes.size()) == Z_OK);
  text.resize(size);
  return text;
}

constexpr PageAssets kAssets{"/* a script */", "body { margin: 0 }"};

}  // namespace

TEST_CASE("report: every number of its tables is the tables', rounded as stated") {
  const StudyResults study = stored_study();
  const Json document = report_document(study);
  std::size_t seen = 0;
  for (const std::string& id : result_tables_of(study))
    if (id != "why") seen += check_table(study, document, id);
  CHECK(seen > 300);
  const ResultRow lead = make_row(study.scenarios[1], &study.scenarios[0], lead_metric(study), 0.95);
  const Json& headline = table_named(document, "headline")["groups"][0];
  CHECK(headline["words"] == row_words(lead));
  CHECK(headline["target"] == 3.0);
  check_estimate(headline["rows"][0]["changes"][0], lead.value);
  CHECK(document["findings"][0]["text"] == findings_of(study, lead_metric(study))[0].sentence);
}

TEST_CASE("report: a number can be followed to the sums in results.h5") {
  const StudyResults study = stored_study();
  const Json document = report_document(study);
  std::vector<double> waiting;  // clients waiting for the ward: client-days over the days of both periods
  for (const ReplicationResult& run : study.scenarios[0].replications)
    waiting.push_back((run.sum(0, 1, SettingSum::waiting_days) + run.sum(1, 1, SettingSum::waiting_days)) / 62.0);
  check_estimate(table_named(document, "headline")["groups"][0]["rows"][0]["values"][0], estimate_of(waiting));
}

TEST_CASE("report: every point of the explorer is the quantile of what is stored") {
  const StudyResults study = stored_study();
  const Json courses = report_document(study)["courses"];
  CHECK(courses["every"] == "month");
  REQUIRE(courses["periods"] == Json::parse("[\"2020-07\", \"2020-08\"]"));
  std::size_t seen = 0;
  std::set<std::string> kinds;
  for (const Json& series : courses["series"]) {
    const Measure& measure =
        *find_measure(courses["measures"][series["m"].get<std::size_t>()]["id"].get<std::string>());
    const Json& scope = courses["scopes"][series["s"].get<std::size_t>()];
    kinds.insert(scope["kind"].get<std::string>());
    CAPTURE(measure.name, scope.dump());
    const std::size_t first = 0;
    for (std::size_t p = 0; p < 2; ++p) {
      if (!series.contains("v")) {  // said to be 0 always
        for (const std::size_t s : {0, 1})
          for (const double value : course_quantiles(study, measure, scope, p, s, nullptr)) CHECK(value == 0.0);
        continue;
      }
      REQUIRE(series["v"].size() == 2);
      REQUIRE(series["x"].size() == 1);
      for (const std::size_t s : {0, 1})
        seen += check_bands(series["v"][s], series["d"], p, course_quantiles(study, measure, scope, p, s, nullptr));
      seen += check_bands(series["x"][0], series["e"], p, course_quantiles(study, measure, scope, p, 1, &first));
    }
  }
  CHECK(seen > 5000);
  for (const char* kind : {"setting", "department", "domain", "level", "model", "reason", "event", "policy"})
    CHECK(kinds.contains(kind));
  const auto names = courses["measures"];
  for (const Measure& measure : measures())
    if (measure.by_period && measure.over == Over::settings)
      CHECK(std::any_of(names.begin(), names.end(), [&](const Json& one) { return one["id"] == measure.name; }));
}

TEST_CASE("report: time at or above an occupancy is counted from the time at each census") {
  StudyResults study = made::study(3);
  for (ScenarioResults& scenario : study.scenarios)
    for (ReplicationResult& run : scenario.replications) {
      for (std::size_t period = 0; period < 2; ++period)
        made::setting_sum(run, period, 1, SettingSum::capacity_days) = 46.0 * 31.0;
      std::fill(run.census_time.begin(), run.census_time.end(), 0.0);
      run.census_time[kCensusBins + 46] = 10.0;  // the ward full for 10 days, at 43 clients (93 %) for 30
      run.census_time[kCensusBins + 43] = 30.0;
    }
  const Json occupancy = report_document(study)["occupancy"];
  REQUIRE(occupancy["settings"].size() == 1);  // nothing else keeps its capacity
  CHECK(occupancy["settings"][0]["id"] == "ward");
  CHECK(occupancy["settings"][0]["scenarios"][0]["capacity"] == 46.0);
  std::map<int, double> share;
  const Json& points = occupancy["settings"][0]["scenarios"][0]["points"];
  for (std::size_t i = 0; i < points.size(); ++i) share[occupancy["steps"][i]] = points[i][0];
  CHECK(share.at(0) == 100.0);
  CHECK(share.at(93) == 100.0);  // 42.8 clients
  CHECK(share.at(94) == 25.0);   // 43.2 clients: 43 are fewer
  CHECK(share.at(100) == 25.0);
  CHECK(share.at(101) == 0.0);
  CHECK_FALSE(share.contains(102));  // nothing is told beyond
}

TEST_CASE("report: the map, the causes and the policies tell what the tables tell") {
  const StudyResults study = stored_study();
  const Json document = report_document(study);
  const auto value = [&](std::size_t s, const char* measure, const std::string& kind, const std::string& id,
                         PeriodRange periods) {
    const ScenarioResults& scenario = study.scenarios[s];
    return make_row(scenario, nullptr, *find_measure(measure), *find_scope(scenario.words, kind, id), periods, 0.95)
        .value;
  };
  REQUIRE(document["map"]["boxes"].size() == 4);
  for (const Json& box : document["map"]["boxes"])
    for (std::size_t s = 0; s < 2; ++s) {
      const std::string id = box["id"];
      CAPTURE(id, s);
      check_estimate(box["scenarios"][s]["census"], value(s, "census_mean", "setting", id, {0, 2}));
      check_estimate(box["scenarios"][s]["queue"], value(s, "queue_mean", "setting", id, {0, 2}));
      check_estimate(box["scenarios"][s]["returns"], value(s, "returns_share", "setting", id, {0, 2}));
    }
  for (const Json& arrow : document["map"]["arrows"])
    if (arrow["from"] == "flats") {
      CHECK(arrow["perYear"][0] == 182.6);  // 0.5 a day, with the four digits of a number without an interval
      CHECK(arrow["back"] == true);
    }
  REQUIRE(!document["why"].empty());
  for (const Json& setting : document["why"])
    for (const Json& part : setting["parts"])
      for (std::size_t s = 0; s < 2; ++s)
        check_estimate(part["values"][s],
                       value(s, part["measure"].get<std::string>().c_str(), "setting", setting["id"], {0, 2}));
  REQUIRE(document["policies"].size() == 1);
  const Json& policy = document["policies"][0];
  CHECK(policy["rule"] == "opens when waiting for a is over 5");
  CHECK(policy["opens"] == 5.0);
  CHECK(policy["closes"] == 2.0);
  for (std::size_t s = 0; s < 2; ++s)
    for (std::size_t p = 0; p < 2; ++p)
      CHECK(policy["open"][s][p] == Approx(value(s, "policy_open", "policy", "surge", {p, 1}).mean).margin(0.0501));
}

TEST_CASE("report: assumptions are told with value, range, source and grade, and the weak are marked") {
  const Json assumptions = report_document(stored_study())["assumptions"];
  CHECK(assumptions["weak"] == 1);
  REQUIRE(assumptions["rows"].size() == 2);
  const Json& sourced = assumptions["rows"][0];
  CHECK(sourced["value"] == "7");
  CHECK(sourced["range"] == "5 to 9");
  CHECK(sourced["unit"] == "d");
  CHECK(sourced["kind"] == "sourced");
  CHECK(sourced["source"] == "County report, table 3");
  CHECK(sourced["weak"] == false);
  CHECK(assumptions["rows"][1]["weak"] == true);
  CHECK(assumptions["rows"][1]["range"] == "");
}

TEST_CASE("report: parts that a study has no data for are null, and one scenario is compared with nothing") {
  StudyResults study = made::study(2);
  study.scenarios.resize(1);
  study.scenarios[0].words.policies.clear();
  for (ReplicationResult& run : study.scenarios[0].replications) {
    run.policy_count = 0;
    run.policies.clear();
  }
  const Json document = report_document(study);
  for (const char* part : {"policies", "equity", "sensitivity"}) CHECK(document[part].is_null());
  CHECK(document["pairs"].empty());
  for (const Json& group : table_named(document, "headline")["groups"])
    for (const Json& row : group["rows"]) CHECK(row["changes"].empty());
  CHECK(document["cautions"].size() == 1);
  for (const Json& series : document["courses"]["series"]) CHECK_FALSE(series.contains("x"));
}

TEST_CASE("report: of many scenarios each is compared with the first only, of few every two") {
  StudyResults study = made::study(2);
  CHECK(report::pairs_of(study).size() == 2);
  while (study.scenarios.size() < 5)
    study.scenarios.push_back(made::scenario("s" + std::to_string(study.scenarios.size()), 2));
  CHECK(report::pairs_of(study).size() == 20);
  study.scenarios.push_back(made::scenario("last", 2));
  CHECK(report::pairs_of(study).size() == 5);
}

TEST_CASE("report: one replication has no intervals, and says why") {
  const Json document = report_document(made::study(1));
  const Json& row = table_named(document, "headline")["groups"][0]["rows"][0];
  CHECK(row["values"][0][1].is_null());
  CHECK_THAT(row["values"][0][5].get<std::string>(), Catch::Contains("one replication"));
  CHECK(row["changes"][0][6] == "");
  CHECK_THAT(document["cautions"][0].get<std::string>(), Catch::Contains("This rests on 1 replication."));
}

TEST_CASE("report: the page carries the document, and is the same each time") {
  const StudyResults study = stored_study();
  const std::string html = results_page(study, kAssets);
  CHECK(html == results_page(study, kAssets));
  CHECK(html == results_page(made::study(12), kAssets));
  CHECK(Json::parse(unpacked(html)) == report_document(study));
  CHECK(html.find(" (95% interval ") != std::string::npos);  // the finding is there without a script
  // printf '/* a script */' | openssl dgst -sha256 -binary | base64
  CHECK(html.find("script-src 'sha256-yVsvVbuPCkeUAsy1CAxtnBZMKiybdhA6VTrqZibc758='") != std::string::npos);
  CHECK(html.find("default-src 'none'") != std::string::npos);
}
